"""The catalogue of activation functions, by name. Nothing here imports NumPy until an entry's class is loaded."""

from __future__ import annotations

import difflib
import importlib

from .entries_dependent import DEPENDENT
from .entries_elementwise import ELEMENTWISE
from .entry import Entry, Parameter

__all__ = ["ENTRIES", "Entry", "Parameter", "find", "load", "nearest"]

ENTRIES: tuple[Entry, ...] = ELEMENTWISE + DEPENDENT


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "").replace("-", "")


_BY_NAME = {_plain(name): entry for entry in ENTRIES for name in (entry.name, *entry.aliases)}


def find(name: str) -> Entry | None:
    """Give the entry of that name or alias, None if there is none; case, ``_`` and ``-`` do not matter."""
    return _BY_NAME.get(_plain(name))


def nearest(name: str) -> str | None:
    """Give the catalogue's name that a misspelt one is likely to mean, None if nothing is close."""
    close = difflib.get_close_matches(_plain(name), _BY_NAME, n=1)
    return _BY_NAME[close[0]].name if close else None


def load(entry: Entry) -> type:
    """Give the entry's class; this is what imports NumPy."""
    loaded: type = getattr(importlib.import_module(entry.module), entry.attribute)
    return loaded
