"""Takes out of a notebook's cell what is IPython's, no Python: a line is a magic only where a statement may begin."""

from __future__ import annotations

import re

from actcheck.dataclass import dataclass

_OF_PYTHON = ("%%time", "%%timeit", "%%capture", "%%prun", "%%python", "%%python3", "%%memit", "%%px")
"""Magics of a whole cell whose cell is Python all the same."""

_MAGIC = re.compile(r"\s*[%!?]|\s*[\w.]+\?\??\s*$|\s*(pip|conda)\s+install\b")
_ASSIGNED = re.compile(r"(\s*[\w.,\s]+=\s*)([%!])\s*\w")
_RUN = re.compile(r"(\s*)%(?:time|prun)\s+(?![-\s])(.*\S)\s*$")
"""A magic of a line that runs the statement behind it among the others."""

_STRING = re.compile(r"'''|\"\"\"|'|\"")
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


@dataclass(frozen=True)
class Cell:
    """A code cell.

    Parameters
    ----------
    number : int
        Its place among the code cells, from 1.
    code : str
        Its Python, each line in its place.
    skipped : int
        How many lines of it are no Python.
    other : str
        The first line of a cell that is all of another language, or is written elsewhere; empty of Python.
    """

    number: int
    code: str
    skipped: int = 0
    other: str = ""


def cell_of(number: int, text: str) -> Cell:
    """Read the text of a cell."""
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "").strip()
    if first.startswith("%%") and first.split()[0] not in _OF_PYTHON:
        return Cell(number, "", other=first)
    scan, kept, skipped = _Scan(), [], 0
    is_continued = False
    for line in lines:
        is_magic = is_continued or (scan.may_begin and _is_magic(line))
        if is_magic:
            kept.append("" if is_continued else _in_its_place(line))
            skipped += 1
            is_continued = line.rstrip().endswith("\\")
        else:
            kept.append(line)
        scan.feed(kept[-1])
    return Cell(number, "\n".join(kept) + "\n" if kept else "", skipped)


def _is_magic(line: str) -> bool:
    return _MAGIC.match(line) is not None or _ASSIGNED.match(line) is not None


def _in_its_place(line: str) -> str:
    """Leave something in the place of a magic: it may be all that a block has, or give a name its value."""
    run = _RUN.fullmatch(line)
    if run is not None:
        return run[1] + run[2]
    assigned = _ASSIGNED.match(line)
    if assigned is not None:
        # What a command prints comes as a list of lines.
        return assigned[1] + ("[]" if assigned[2] == "!" else "None")
    return line[: len(line) - len(line.lstrip())] + "pass"


class _Scan:
    """Follows Python from line to line, as far as it takes to tell where a statement may begin."""

    def __init__(self) -> None:
        self._quote = ""
        self._depth = 0
        self._is_joined = False

    @property
    def may_begin(self) -> bool:
        """Whether the next line is in no string, in no bracket, and not joined to the last."""
        return not (self._quote or self._depth or self._is_joined)

    def feed(self, line: str) -> None:
        at = 0
        self._is_joined = False
        while at < len(line):
            at = self._in_string(line, at) if self._quote else self._in_code(line, at)
        if len(self._quote) == 1 and not self._is_joined:
            # A string that is never closed: the compiler will tell.
            self._quote = ""

    def _in_string(self, line: str, at: int) -> int:
        if line[at] == "\\":
            self._is_joined = at + 1 == len(line)
            return at + 2
        if line.startswith(self._quote, at):
            at += len(self._quote)
            self._quote = ""
            return at
        return at + 1

    def _in_code(self, line: str, at: int) -> int:
        if line[at] == "#":
            return len(line)
        if line[at] == "\\" and at + 1 == len(line):
            self._is_joined = True
        opened = _STRING.match(line, at)
        if opened:
            self._quote = opened[0]
            return opened.end()
        self._depth = max(0, self._depth + _BRACKETS.get(line[at], 0))
        return at + 1
