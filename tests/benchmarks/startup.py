"""How long the command line takes as a whole process, and what it imports."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .harness import Line, alternate, compare

LIMIT = 1.15
ROUNDS = 15

APP = """\
import typer

app = typer.Typer()


@app.command()
def main(name: str) -> None:
    import numpy as np
    from rich.console import Console
    from rich.table import Table

    table = Table("name", "entries")
    table.add_row(name, str(np.zeros(3).size))
    Console().print(table)


app()
"""
"""The least that a command like ours does: Typer, one argument, NumPy, one Rich table."""

NAME_IMPORTS = """\
import atexit, sys
from actcheck.cli import main
sys.argv[0] = "actcheck"
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
main()
"""


def measure() -> Iterator[Line]:
    """Compare `actcheck verify relu` with the least Typer application, and look at what --help imports."""
    with _environment() as (folder, environ):
        app = folder / "app.py"
        app.write_text(APP, encoding="utf-8")
        jobs = {
            "ours": lambda: _run([*_actcheck(), "verify", "relu"], environ),
            "app": lambda: _run([sys.executable, str(app), "relu"], environ),
        }
        yield compare(
            "verify relu, whole process / a Typer app with NumPy and one Rich table",
            alternate(jobs, ROUNDS, clock=time.perf_counter),
            "ours",
            "app",
            LIMIT,
        )
        loaded = sum(name.partition(".")[0] == "numpy" for name in _imported(["--help"], environ))
        yield Line("modules of NumPy that --help imports", str(loaded), ratio=loaded, limit=0)


@contextmanager
def _environment() -> Iterator[tuple[Path, dict[str, str]]]:
    """Give a folder, and an environment in which Python keeps compiled modules there: nothing is compiled twice."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        yield Path(folder), environ | {"PYTHONPYCACHEPREFIX": str(Path(folder) / "compiled")}


def _actcheck() -> list[str]:
    script = Path(sys.executable).with_name("actcheck")
    return [str(script)] if script.exists() else [sys.executable, "-m", "actcheck"]


def _run(command: Sequence[str], environ: dict[str, str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environ).stderr


def _imported(argv: Sequence[str], environ: dict[str, str]) -> list[str]:
    return _run([sys.executable, "-c", NAME_IMPORTS, *argv], environ).splitlines()[-1].split()
