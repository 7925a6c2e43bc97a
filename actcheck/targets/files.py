"""Loads a file of Python code that a target names by its path."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import zlib
from importlib.machinery import ModuleSpec, SourceFileLoader

from actcheck.targets.breakage import broken_import
from actcheck.targets.failures import TargetMissingError
from actcheck.targets.names import HOW_TO_NAME
from actcheck.targets.spelling import alike
from actcheck.targets.trace import absent_module

_NOTEBOOK = ".ipynb"


def load_file(file: str, where: str) -> object:
    """Load a file as the module that it is in its package, or on its own.

    The module stays in `sys.modules`, as pickling, dataclasses and type hints need it, and is loaded once.

    Raises
    ------
    TargetMissingError
        If there is no such file, it is not one of Python code, or it cannot be read.
    TargetBrokenError
        If its code raises, or something that it imports is missing.
    """
    _ask_for_file(file, where)
    path = os.path.abspath(file)
    if path.lower().endswith(_NOTEBOOK):
        from actcheck.targets import notebooks

        return notebooks.read(file).module
    try:
        module = _load_in_package(path)
        return _load_alone(_name_alone(path), path) if module is None else module
    except (Exception, SystemExit) as error:
        raise broken_import(error, where) from error


def folders_of(file: str) -> tuple[str, ...]:
    """Give the folders to be importable while a file loads: the one that its outermost package is in, and its own."""
    path = os.path.abspath(file)
    _, root = _name_in_package(path)
    return tuple(dict.fromkeys((root, os.path.dirname(path))))


def folder_error(folder: str, where: str) -> TargetMissingError:
    """Give the error that says that what is named is a folder."""
    files = [name for name in _python_files(folder) if not name.startswith("_")]
    fix = f"Name a file in it, such as {os.path.join(folder, files[0])}:NAME." if files else HOW_TO_NAME
    return TargetMissingError(f"`{folder}` is a folder, not a file", where=where, fix=fix)


def _ask_for_file(file: str, where: str) -> None:
    if os.path.isdir(file):
        raise folder_error(file, where)
    if not os.path.exists(file):
        raise TargetMissingError(f"there is no file `{file}`", where=where, fix=_nearest_file(file))
    if not file.lower().endswith((".py", _NOTEBOOK)):
        fix = "Functors are read from files of Python code, and notebooks: path/to/file.py:NAME."
        raise TargetMissingError(f"`{file}` is not a .py file", where=where, fix=fix)
    try:
        with open(file, "rb"):
            return
    except OSError as error:
        what = f"`{file}` cannot be read: {error.strerror}"
        raise TargetMissingError(what, where=where, fix="Make it readable.") from None


def _nearest_file(file: str) -> str:
    folder, name = os.path.split(file)
    if not os.path.isdir(folder or "."):
        return f"Nor is there a folder `{folder}`."
    near = alike(name, _python_files(folder or "."))
    return f"Did you mean {os.path.join(folder, near[0])}?" if near else "Relative paths start at the current folder."


def _python_files(folder: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(".py"))
    except OSError:
        return []


def _name_in_package(path: str) -> tuple[str, str]:
    # The file's dotted name in the packages that it lies in, and the folder that the outermost of them is in.
    folder, name = os.path.split(path)
    parts = [] if name == "__init__.py" else [os.path.splitext(name)[0]]
    while os.path.isfile(os.path.join(folder, "__init__.py")) and os.path.basename(folder).isidentifier():
        folder, package = os.path.split(folder)
        parts.insert(0, package)
    return ".".join(parts), folder


def _load_in_package(path: str) -> object | None:
    name, root = _name_in_package(path)
    if root == os.path.dirname(path):
        return None
    importlib.invalidate_caches()
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        # An installed package of the same name may hide this one: the file can still be read on its own.
        if absent_module(name, error):
            return None
        raise
    return module if _is_from(module, path) else None


def _name_alone(path: str) -> str:
    stem = os.path.splitext(os.path.basename(path))[0]
    if _is_from(sys.modules.get(stem), path) or (stem.isidentifier() and _is_free(stem, path)):
        return stem
    # The number keeps two files of one name apart, and a file named as an installed module out of that one's way.
    return f"{stem.replace('.', '_')}_{zlib.crc32(os.fsencode(path)):08x}"


def _is_free(name: str, path: str) -> bool:
    if name in sys.modules or name in sys.stdlib_module_names:
        return False
    spec = importlib.util.find_spec(name)
    return spec is None or _is_same_file(spec.origin, path)


def _load_alone(name: str, path: str) -> object:
    if _is_from(sys.modules.get(name), path):
        return sys.modules[name]
    loader = SourceFileLoader(name, path)
    spec = ModuleSpec(name, loader, origin=path)
    spec.has_location = True
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    # As import does it: a module may put something else in its own place.
    return sys.modules.get(name, module)


def _is_from(module: object, path: str) -> bool:
    return _is_same_file(getattr(module, "__file__", None), path)


def _is_same_file(file: str | None, path: str) -> bool:
    return file is not None and os.path.realpath(file) == os.path.realpath(path)
