"""Progress of long checks, on stderr and only where it is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from actcheck.model import CheckSpec

_WIPED = "\r\x1b[K"


@contextmanager
def progress_of(spec: CheckSpec) -> Iterator[Callable[[int, int], None] | None]:
    """Give what shows the progress of a check, None where there is nothing to show or nobody to see it.

    The line is wiped when the context ends, however it ends: what is told next begins on an empty one.
    """
    if not spec.csv or sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    try:
        yield lambda done, total: _write(f"\r{done:,} of {total:,} rows")
    finally:
        _write(_WIPED)


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
