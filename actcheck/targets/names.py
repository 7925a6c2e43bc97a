"""Reads how a target is named: a catalogue's name, ``pkg.mod:attr`` or ``path/to/file.py:attr``. Nothing is loaded."""

from __future__ import annotations

import re

from actcheck.dataclass import dataclass
from actcheck.targets.failures import TargetMissingError

HOW_TO_NAME = "Name an activation of the catalogue (see `actcheck list`), or pkg.mod:NAME, or path/to/file.py:NAME."

_SLASHES = re.compile(r"[/\\]")
_KEY = re.compile(r"\[(['\"])([\w+@-]+)\1\]")
"""What stands under a key, as Python writes it; without the quotes it is a pattern."""

_DRIVE = re.compile(r"[A-Za-z]:(?=[/\\])")


@dataclass(frozen=True)
class Reference:
    """A target's name, taken apart.

    Parameters
    ----------
    text : str
        As typed, without spaces around it.
    place : str
        The module, the file, or the name in the catalogue.
    attribute : str
        What is named in it, dotted; empty where nothing is.
    """

    text: str
    place: str
    attribute: str

    @property
    def is_file(self) -> bool:
        """Whether the place is a path."""
        return self.place.lower().endswith((".py", ".ipynb")) or bool(_SLASHES.search(self.place))

    @property
    def is_bare(self) -> bool:
        """Whether it is a single word, such as those of the catalogue."""
        return self.text == self.place and not self.is_file


def parse(target: str) -> Reference:
    """Take a target's name apart.

    Raises
    ------
    TargetMissingError
        If there is no name, none before the colon, or more than one colon.
    """
    text = target.strip()
    if not text:
        raise TargetMissingError("no target is named", fix=HOW_TO_NAME)
    drive = _DRIVE.match(text)
    start = drive.end() if drive else 0
    place, *attributes = (part.strip() for part in text[start:].split(":"))
    if len(attributes) > 1:
        fix = _with_one_colon(text[:start] + place, attributes)
        raise TargetMissingError("it has more than one ':'", where=text, fix=fix)
    if not place:
        raise TargetMissingError("it names no module or file before the ':'", where=text, fix=HOW_TO_NAME)
    attribute = _KEY.sub(r".\2", "".join(attributes))
    return Reference(text, text[:start] + place, attribute)


def _with_one_colon(place: str, attributes: list[str]) -> str:
    named = [attribute for attribute in attributes if attribute]
    return f"Did you mean {place}:{'.'.join(named)}?" if place and named else HOW_TO_NAME
