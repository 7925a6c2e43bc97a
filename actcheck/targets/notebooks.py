"""Reads a Jupyter notebook as the script of its code cells."""

from __future__ import annotations

import ast
import builtins
import importlib.util
import inspect
import json
import linecache
import os
import re
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from actcheck.dataclass import dataclass
from actcheck.model import Failure
from actcheck.targets.breakage import broken_import
from actcheck.targets.failures import TargetBrokenError
from actcheck.targets.magics import Cell, cell_of
from actcheck.targets.trace import user_frames

_IPYTHON = ("IPython", "IPython.display", "IPython.core", "IPython.core.display", "IPython.core.interactiveshell")

_MEANT = re.compile(r"\. Did you mean: '(display|get_ipython)'\?")
"""What Python 3.12 makes of a misspelt name that is close to a stand-in for IPython's: no name of the user's."""


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
    # Notebooks have them as builtins; a script has nobody to show anything to, and no shell. In the module itself they
    # would be told of as what the notebook defines.
    vars(module)["__builtins__"] = {**vars(builtins), "display": _shown_nowhere, "get_ipython": _Nothing}
    sys.modules[module.__name__] = module
    problems = []
    with _without_ipython():
        for cell in cells:
            name = f"{path}[cell {cell.number}]"
            linecache.cache[name] = (len(cell.code), None, cell.code.splitlines(keepends=True), name)
            try:
                _run_cell(cell.code, name, vars(module))
            except (Exception, SystemExit) as error:
                problems.append(_problem(error, cell.number, where))
    return Notebook(module, tuple(cell.code for cell in cells), tuple(problems), _notes(cells))


def _run_cell(code: str, name: str, namespace: dict[str, Any]) -> None:
    compiled = compile(code, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    awaited = eval(compiled, namespace)
    if inspect.iscoroutine(awaited):
        import asyncio

        asyncio.run(awaited)


def _shown_nowhere(*_: object, **__: object) -> None:
    """Stand in for IPython's `display`."""


class _Nothing:
    """Stands in for IPython's shell, and for all that it shows: it can be asked for anything, and does nothing."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def __call__(self, *_: object, **__: object) -> None: ...

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()


@contextmanager
def _without_ipython() -> Iterator[None]:
    """Let a notebook import IPython where that is not installed: it is what notebooks have, and all of it is show."""
    made = () if "IPython" in sys.modules or importlib.util.find_spec("IPython") else _IPYTHON
    for name in made:
        module = ModuleType(name)
        module.__path__ = []
        vars(module).update(display=_shown_nowhere, get_ipython=_Nothing, __getattr__=lambda _: _Nothing)
        sys.modules[name] = module
    try:
        yield
    finally:
        for name in made:
            sys.modules.pop(name, None)


def _problem(error: BaseException, number: int, where: str) -> Failure:
    told = broken_import(error, where)
    what = told.what.replace("importing it raised", "running it raised").replace("while it is imported", "when it runs")
    place = told.where
    if "[cell" not in place:
        lines = [frame.lineno for frame in user_frames(error) if "[cell " in frame.filename]
        place = f"{where}[cell {number}]" + (f":{lines[0]}" if lines else "")
    return Failure(told.kind, _MEANT.sub("", what), place, told.fix, _MEANT.sub("", told.trace))


def _notes(cells: Iterable[Cell]) -> tuple[str, ...]:
    others = tuple(f"cell {cell.number} is not run: it is one of {cell.other}" for cell in cells if cell.other)
    skipped = [cell for cell in cells if cell.skipped]
    if not skipped:
        return others
    total = sum(cell.skipped for cell in skipped)
    lines = "1 line" if total == 1 else f"{total} lines"
    named = ", ".join(str(cell.number) for cell in skipped)
    where = f"in cell{'s' if len(skipped) > 1 else ''} {named}"
    return (f"{lines} of magics and shell commands skipped, {where}", *others)


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


def _cells(whole: dict[str, Any]) -> Iterator[Cell]:
    code = [cell for cell in _listed(whole) if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    for number, cell in enumerate(code, 1):
        source = cell.get("source", cell.get("input", ""))
        text = "".join(source) if isinstance(source, list) else str(source)
        yield cell_of(number, text)


def _stem(path: str) -> str:
    name = os.path.splitext(os.path.basename(path))[0]
    return re.sub(r"\W", "_", name) or "notebook"
