"""A folder of its own for every test, with nothing left behind of what was imported from it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from actcheck.targets import paths

Write = Callable[[str, str], Path]

SWISH = dedent(
    """
    import numpy as np

    class Swish:
        def __init__(self, beta=1.0, *, shift=0.0):
            self.beta, self.shift = beta, shift

        def __call__(self, X):
            return X / (1 + np.exp(-self.beta * X))

        def gradient(self, X):
            return X
    """
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in an empty folder, and forget at the end what was imported from it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry != ""])
    monkeypatch.setattr(paths, "_homes", {})
    yield tmp_path
    for name in [name for name, module in sys.modules.items() if _is_below(tmp_path, module)]:
        del sys.modules[name]


def _is_below(folder: Path, module: object) -> bool:
    spec = getattr(module, "__spec__", None)
    inside = list(getattr(spec, "submodule_search_locations", None) or ())
    return any(str(file).startswith(f"{folder}{os.sep}") for file in (getattr(spec, "origin", None), *inside))


@pytest.fixture
def write(folder: Path) -> Write:
    """Write a file of Python code below the folder, with the folders that it needs."""

    def _write(name: str, code: str) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(code), encoding="utf-8")
        return path

    return _write


@pytest.fixture
def swish(write: Write) -> Path:
    """Write a file with the class of a right-looking functor."""
    return write("acts.py", SWISH)
