"""Makes folders importable while a target loads, and keeps the modules of one folder out of another's way.

Course work and experiments often have an ``activations.py`` with a ``utils.py`` beside it in every folder. Python keeps
modules by name, so that the second ``utils`` would silently be the first one: a verdict on the wrong code.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_homes: dict[str, str] = {}
"""Of the top-level modules that came with targets, the folder that each was found in."""


@contextmanager
def importable(folders: tuple[str, ...]) -> Iterator[None]:
    """Put folders before all else that is importable; the current folder, by convention the last of them, stays so.

    It stays at the very end, where a functor that imports as late as when it is called finds it, but where no file in
    it hides a module of ours.
    """
    _forget_namesakes(folders)
    before = set(sys.modules)
    sys.path[:0] = folders
    try:
        yield
    finally:
        _remember_homes(folders, before)
        for folder in folders:
            with contextlib.suppress(ValueError):
                sys.path.remove(folder)
        if not {"", folders[-1]} & set(sys.path):
            sys.path.append(folders[-1])


def folder_of(name: str) -> str | None:
    """Give the folder that a loaded top-level module was found in, None where it is no file."""
    spec = getattr(sys.modules.get(name), "__spec__", None)
    inside = list(getattr(spec, "submodule_search_locations", None) or ())
    file = inside[0] if inside else getattr(spec, "origin", None)
    return os.path.dirname(os.path.abspath(file)) if file and os.path.isabs(file) else None


def _forget_namesakes(folders: tuple[str, ...]) -> None:
    for name, home in list(_homes.items()):
        nearest = next((folder for folder in folders if _provides(folder, name)), home)
        if nearest != home:
            _forget(name)


def _forget(name: str) -> None:
    del _homes[name]
    for loaded in [other for other in sys.modules if other == name or other.startswith(f"{name}.")]:
        del sys.modules[loaded]


def _provides(folder: str, name: str) -> bool:
    return os.path.isfile(os.path.join(folder, f"{name}.py")) or os.path.isdir(os.path.join(folder, name))


def _remember_homes(folders: tuple[str, ...], before: set[str]) -> None:
    for name in set(sys.modules) - before:
        home = folder_of(name) if "." not in name else None
        if home in folders:
            _homes[name] = home
