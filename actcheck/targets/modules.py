"""Imports the module that a target names, and tells one that is missing from one that breaks."""

from __future__ import annotations

import importlib
import importlib.util
import os
import pkgutil
import sys
from dataclasses import replace

from actcheck.targets.breakage import broken_import
from actcheck.targets.failures import TargetMissingError
from actcheck.targets.files import load_file
from actcheck.targets.found import ABSENT, peek
from actcheck.targets.names import Reference
from actcheck.targets.spelling import alike
from actcheck.targets.trace import absent_module


def load(reference: Reference) -> object:
    """Import what a reference names before its colon.

    Raises
    ------
    TargetMissingError
        If there is no such module or file, or it is not one that can be imported.
    TargetBrokenError
        If its code raises, or something that it imports is missing.
    """
    return load_file(reference.place, reference.text) if reference.is_file else _load_module(reference)


def own_file_first(reference: Reference) -> Reference:
    """Read ``random`` as ``random.py`` where that lies in the current folder: Python would find its own module."""
    own = f"{reference.place}.py"
    is_hidden = reference.place in sys.stdlib_module_names and os.path.isfile(own)
    return replace(reference, place=own) if is_hidden else reference


def is_module(name: str) -> bool:
    """Tell whether a single word is the name of a module that functors may be in; nothing is imported."""
    if not name.isidentifier():
        return False
    if os.path.isfile(f"{name}.py"):
        return True
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    return spec is not None and spec.has_location and name not in sys.stdlib_module_names


def _load_module(reference: Reference) -> object:
    name = reference.place
    if not all(part.strip() for part in name.split(".")):
        fix = "Write the whole name, from the outermost package: pkg.mod:NAME."
        raise TargetMissingError(f"`{name}` is not the name of a module", where=reference.text, fix=fix)
    importlib.invalidate_caches()
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        absent = absent_module(name, error)
        if not absent:
            raise broken_import(error, reference.text) from error
    raise _no_module(absent, reference)


def _no_module(absent: str, reference: Reference) -> TargetMissingError:
    parent, _, leaf = absent.rpartition(".")
    package = sys.modules.get(parent)
    below = reference.place[len(absent) :]
    if package is not None and peek(package, leaf) is not ABSENT:
        attribute = f":{leaf}{below}.{reference.attribute}".rstrip(".")
        fix = f"Did you mean {parent}{attribute}?"
    elif near := alike(leaf, _modules_in(package)):
        dot = "." if parent else ""
        fix = f"Did you mean {parent}{dot}{near[0]}{below}:{reference.attribute or 'NAME'}?"
    else:
        fix = "Modules are looked for in the current folder and among the installed packages."
    return TargetMissingError(f"there is no module `{absent}`", where=reference.text, fix=fix)


def _modules_in(package: object) -> list[str]:
    folders = (os.getcwd(),) if package is None else getattr(package, "__path__", ())
    return [module.name for module in pkgutil.iter_modules(folders)]
