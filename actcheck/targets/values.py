"""Reads the value of a keyword as it is typed: ``2``, ``-0.5``, ``inf``, ``true``, ``none``, or text."""

from __future__ import annotations

from collections.abc import Callable

_WORDS: dict[str, object] = {"true": True, "false": False, "none": None}
_NUMBERS: tuple[Callable[[str], object], ...] = (int, float)


def parse_value(text: str) -> object:
    """Read one typed value: an integer, a number, a boolean or None where it looks like one, else the text itself."""
    word = text.strip().lower()
    if word in _WORDS:
        return _WORDS[word]
    # Python's own spelling 1_000 is far more likely to be a name here.
    for number in _NUMBERS if "_" not in text else ():
        try:
            return number(text)
        except ValueError:
            continue
    return text
