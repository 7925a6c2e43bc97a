"""A package of a hundred functors, found and checked with one command: what each of them costs.

The lower bound is the check of the same functors one after the other in a process where all is loaded already.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import actcheck

from .functors import Sigmoid
from .harness import Line, alternate, compare, duration

LIMIT = 2.5
ROUNDS = 3
MODULES, EACH = 10, 10

FUNCTOR = """

class Sigmoid{number}:
    def __call__(self, X):
        return 1 / (1 + np.exp(-(1 + {number} / 1000) * X))

    def gradient(self, X):
        Y = self(X)
        return (1 + {number} / 1000) * Y * (1 - Y)
"""


def measure() -> Iterator[Line]:
    """Compare one command for all of a package with the checks alone."""
    with tempfile.TemporaryDirectory() as folder:
        write_package(Path(folder) / "hundred")
        functors = MODULES * EACH
        jobs = {
            "command": lambda: _verify(folder),
            "checks": lambda: [actcheck.check(Sigmoid()) for _ in range(functors)],
        }
        seconds = alternate(jobs, ROUNDS, clock=_processor)
    what = f"a package of {functors} functors in {MODULES} modules: one command / their checks alone"
    yield compare(what, seconds, "command", "checks", LIMIT)
    per_functor = sorted(seconds["command"])[ROUNDS // 2] / functors
    yield Line("the same, for each functor", duration(per_functor))


def write_package(folder: Path) -> None:
    """Write a package of as many modules and functors as are measured."""
    folder.mkdir()
    (folder / "__init__.py").write_text("", encoding="utf-8")
    for module in range(MODULES):
        functors = [FUNCTOR.format(number=module * EACH + number) for number in range(EACH)]
        text = "import numpy as np\n" + "".join(functors)
        (folder / f"module{module}.py").write_text(text, encoding="utf-8")


def _processor() -> float:
    """Give the processor time of this process and of all that it has waited for."""
    return sum(os.times()[:4])


def _verify(folder: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "actcheck", "verify", "hundred"], cwd=folder, capture_output=True, text=True, check=True
    )
    expected = f"{MODULES * EACH} targets in {MODULES + 1} files: {MODULES * EACH} ok"
    assert done.stdout.splitlines()[-1] == expected, done.stdout
