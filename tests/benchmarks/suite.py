"""A suite of a hundred checks, as a whole process: one at a time, and two."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from .harness import Line, alternate, compare

ROUNDS = 3
CHECKS = 100
CONFIG = """\
[[checks]]
target = "softmax"
seed = {seeds}
dim = {dims}

[[checks]]
target = "gelu"
seed = {seeds}
dim = {dims}
"""
"""Two targets, ten seeds and five widths: a hundred checks."""


def measure() -> Iterator[Line]:
    """Compare two jobs at a time with one."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        jobs = {str(count): lambda count=count: run(Path(folder), count) for count in (1, 2)}
        seconds = alternate(jobs, ROUNDS, clock=time.perf_counter)
        yield compare(f"actcheck run, {CHECKS} checks: --jobs 2 / --jobs 1", seconds, "2", "1")


def write(folder: Path) -> None:
    """Write the configuration."""
    text = CONFIG.format(seeds=list(range(10)), dims=[2, 3, 4, 5, 8])
    (folder / "actcheck.toml").write_text(text, encoding="utf-8")


def run(folder: Path, jobs: int) -> bytes:
    """Run the suite, and give its JSON."""
    command = [sys.executable, "-m", "actcheck", "run", "--json", "--jobs", str(jobs)]
    return subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout
