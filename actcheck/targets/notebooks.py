"""Reads a Jupyter notebook as the script of its code cells."""

from __future__ import annotations

import json
import linecache
import os
import re
import sys
import zlib
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from actcheck.dataclass import dataclass
from actcheck.errors import TargetError
from actcheck.model import Failure
from actcheck.targets.breakage import broken_import
from actcheck.targets.failures import TargetBrokenError

_MAGIC = re.compile(r"\s*(%|!|\?)|\s*[\w.]+\?\??\s*$|[^'\"#]*=\s*[%!]\s*\w")
_OF_PYTHON = ("%%time", "%%timeit", "%%capture", "%%prun", "%%python", "%%python3", "%%memit", "%%px")
"""Magics of a whole cell whose cell is Python all the same."""


@dataclass(frozen=True)
class Notebook:
    """A notebook that was run.

    Parameters
    ----------
    module : module
        What its cells have defined.
    sources : tuple of str
        The code of its cells, without what is no Python.
    problems : tuple of Failure
        A cell each that could not be read or raised; those behind it were run all the same.
    notes : tuple of str
        What was skipped.
    """

    module: ModuleType
    sources: tuple[str, ...]
    problems: tuple[Failure, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Cell:
    """A code cell: its number among those, from 1, its code, and how many lines of it are no Python."""

    number: int
    code: str
    skipped: int


_read: dict[str, Notebook] = {}


def read(file: str) -> Notebook:
    """Run the code cells of a notebook one after the other; once, however often it is asked for.

    Raises
    ------
    TargetBrokenError
        If it is no notebook, or one of another language.
    """
    path = os.path.abspath(file)
    if path not in _read:
        _read[path] = _run(path, file)
    return _read[path]


def forget(file: str) -> None:
    """Run it anew when it is next asked for."""
    _read.pop(os.path.abspath(file), None)


def _run(path: str, where: str) -> Notebook:
    cells = list(_cells(_loaded(path, where)))
    module = ModuleType(f"{_stem(path)}_{zlib.crc32(os.fsencode(path)):08x}")
    module.__file__ = path
    # Notebooks have it as a builtin; a script has nobody to show anything to.
    vars(module)["display"] = _shown_nowhere
    sys.modules[module.__name__] = module
    problems = []
    for cell in cells:
        name = f"{path}[cell {cell.number}]"
        linecache.cache[name] = (len(cell.code), None, cell.code.splitlines(keepends=True), name)
        try:
            exec(compile(cell.code, name, "exec"), vars(module))
        except (Exception, SystemExit) as error:
            told = broken_import(error, where)
            problems.append(_problem(told, cell.number, where))
    skipped = [(cell.number, cell.skipped) for cell in cells if cell.skipped]
    return Notebook(module, tuple(cell.code for cell in cells), tuple(problems), _notes(skipped))


def _shown_nowhere(*_: object, **__: object) -> None:
    """Stand in for IPython's `display`."""


def _problem(told: TargetError, number: int, where: str) -> Failure:
    place = told.where if "[cell" in told.where else f"{where}[cell {number}]"
    what = told.what.replace("importing it raised", "running it raised").replace("while it is imported", "when it runs")
    return Failure(told.kind, what, place, told.fix, told.trace)


def _notes(skipped: list[tuple[int, int]]) -> tuple[str, ...]:
    if not skipped:
        return ()
    total = sum(lines for _, lines in skipped)
    cells = ", ".join(str(number) for number, _ in skipped)
    lines = "1 line" if total == 1 else f"{total} lines"
    return (f"{lines} of magics and shell commands skipped, in cell{'s' if len(skipped) > 1 else ''} {cells}",)


# ------------------------------------------------------------------------------------------ the file


def _loaded(path: str, where: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as file:
            whole = json.load(file)
    except (ValueError, RecursionError) as error:
        raise TargetBrokenError(f"it is no notebook: {error}", where=where, fix="Save it anew in Jupyter.") from None
    if not isinstance(whole, dict) or not isinstance(_listed(whole), list):
        raise TargetBrokenError("it is no notebook: it has no cells", where=where, fix="Save it anew in Jupyter.")
    language = _language(whole)
    if language not in ("python", ""):
        raise TargetBrokenError(f"its code is {language}, not Python", where=where)
    return whole


def _listed(whole: dict[str, Any]) -> Any:
    if "cells" in whole:
        return whole["cells"]
    # The layout of notebooks before version 4.
    sheets = whole.get("worksheets")
    return sheets[0].get("cells") if isinstance(sheets, list) and sheets and isinstance(sheets[0], dict) else None


def _language(whole: dict[str, Any]) -> str:
    metadata = whole.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    for holder, key in (("language_info", "name"), ("kernelspec", "language")):
        table = metadata.get(holder)
        if isinstance(table, dict) and isinstance(table.get(key), str):
            return str(table[key]).lower()
    return ""


def _cells(whole: dict[str, Any]) -> Iterator[_Cell]:
    code = [cell for cell in _listed(whole) if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    for number, cell in enumerate(code, 1):
        source = cell.get("source", cell.get("input", ""))
        text = "".join(source) if isinstance(source, list) else str(source)
        yield _Cell(number, *_python(text))


def _python(text: str) -> tuple[str, int]:
    """Give the Python of a cell, each line in its place, and how many lines are left out of it."""
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%") and not first.startswith(_OF_PYTHON):
        return "", len(lines)
    if not first.startswith("%%") and _compiles(text):
        # What looks like a magic may be the second line of a sum, or a text.
        return text, 0
    kept = ["" if _MAGIC.match(line) and not _compiles(line.strip()) else line for line in lines]
    kept = [_as_pass(line, before) if line != before else line for line, before in zip(kept, lines, strict=True)]
    skipped = sum(line != before for line, before in zip(kept, lines, strict=True))
    return "\n".join(kept) + "\n", skipped


def _as_pass(_: str, before: str) -> str:
    """Leave something in the place of a magic: it may be all that a block has."""
    return before[: len(before) - len(before.lstrip())] + "pass"


def _compiles(text: str) -> bool:
    try:
        compile(text, "<cell>", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _stem(path: str) -> str:
    name = os.path.splitext(os.path.basename(path))[0]
    return re.sub(r"\W", "_", name) or "notebook"
