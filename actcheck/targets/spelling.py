"""Which names a misspelt one may mean."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def alike(word: str, names: Iterable[str], limit: int = 1) -> tuple[str, ...]:
    """Give the names spelt like a word, nearest first; case and ``_`` do not matter."""
    plain = {name: _plain(name) for name in names}
    near = difflib.get_close_matches(_plain(word), set(plain.values()), n=limit)
    return tuple(sorted((name for name in plain if plain[name] in near), key=lambda name: near.index(plain[name])))


def _plain(name: str) -> str:
    return name.lower().replace("_", "")
