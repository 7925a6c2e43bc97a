"""From a target that names no functor to the files and modules to look into. Nothing is imported."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from actcheck.activations import catalogue
from actcheck.survey import Unit
from actcheck.targets.failures import TargetMissingError
from actcheck.targets.names import Reference, parse

NOTEBOOK = ".ipynb"

_GLOB = frozenset("*?[")
_NO_CODE = frozenset(("__pycache__", "venv", "env", "node_modules", "build", "dist", "site-packages"))
_TESTS = "a test file: name it to have it read"
_SKIPPED = {
    "setup.py": "an installer, not a module: name it to have it read",
    "conftest.py": _TESTS,
    "__main__.py": "a program, not a module: name it to have it read",
}


def is_open(target: str) -> bool:
    """Tell whether a target names a place, or a pattern, rather than one functor."""
    try:
        reference = parse(target)
    except TargetMissingError:
        return False
    if reference.attribute:
        return bool(_GLOB & set(reference.attribute))
    return not reference.is_bare or (catalogue.find(reference.place) is None and _is_place(reference.place))


def units(target: str) -> tuple[Unit, ...]:
    """Give what an open target stands for: a file, a module, or all those of a folder or package, in order of name.

    Raises
    ------
    TargetMissingError
        If it is no name of a target.
    """
    reference = parse(target)
    pattern = reference.attribute or "*"
    place = reference.place
    if reference.is_file or _is_folder_only(place):
        return tuple(_of_path(place, pattern))
    return tuple(_of_module(reference, pattern))


def _is_place(word: str) -> bool:
    # The word may still be a misspelt activation, for which there is a message of its own.
    return os.path.isdir(word) or _located(word) is not None


def _is_folder_only(place: str) -> bool:
    return os.path.isdir(place) and not os.path.isfile(os.path.join(place, "__init__.py"))


# ------------------------------------------------------------------------------------------ paths


def _of_path(path: str, pattern: str) -> Iterator[Unit]:
    if not os.path.isdir(path):
        yield Unit(path, pattern)
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if _holds_code(folder, name))
        for name in sorted(files):
            if name.lower().endswith((".py", NOTEBOOK)) and not name.startswith("."):
                yield Unit(os.path.join(folder, name), pattern, _why_skipped(name))


def _holds_code(folder: str, name: str) -> bool:
    if name.startswith(".") or name in _NO_CODE or name.endswith(".egg-info"):
        return False
    return not os.path.isfile(os.path.join(folder, name, "pyvenv.cfg"))


def _why_skipped(name: str) -> str:
    stem = name.rpartition(".")[0]
    if stem.startswith("test_") or stem.endswith("_test"):
        return _TESTS
    return _SKIPPED.get(name, "")


# ------------------------------------------------------------------------------------------ modules


def _of_module(reference: Reference, pattern: str) -> Iterator[Unit]:
    folder = _located(reference.place)
    if folder is None or not os.path.isdir(folder):
        yield Unit(reference.place, pattern)
        return
    for unit in _of_path(folder, pattern):
        parts = os.path.relpath(unit.place, folder).split(os.sep)
        if unit.place.endswith(NOTEBOOK):
            yield Unit(os.path.relpath(unit.place) if _is_below(unit.place) else unit.place, pattern)
            continue
        inner = [part for part in (*parts[:-1], parts[-1].removesuffix(".py")) if part != "__init__"]
        # A module whose name cannot be written in an import is a script.
        if all(part.isidentifier() for part in inner):
            yield Unit(".".join((reference.place, *inner)), pattern, unit.skipped)


def _is_below(path: str) -> bool:
    return os.path.abspath(path).startswith(os.path.join(os.getcwd(), ""))


def _located(dotted: str) -> str | None:
    """Give the file or folder of a module, by the folders that imports look in; None where it is none of files."""
    top, *inner = dotted.split(".")
    if top in sys.stdlib_module_names and not os.path.isfile(f"{top}.py"):
        return None
    for root in (os.getcwd(), *sys.path):
        found = os.path.join(root, top, *inner)
        if os.path.isfile(f"{found}.py"):
            return f"{found}.py"
        if os.path.isfile(os.path.join(found, "__init__.py")):
            return found
    return None
