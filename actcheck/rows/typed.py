"""Rows typed on the command line."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from actcheck.errors import DataError


def parse(texts: Sequence[str]) -> tuple[tuple[float, ...], ...]:
    """Read rows such as ``0,-1,2``, numbers parted by commas or spaces.

    Returns
    -------
    tuple of tuples of float
        All of one width.

    Raises
    ------
    DataError
        For whatever is not a finite number, an empty row, or rows of different width: all of them at once.
    """
    rows = []
    faults = []
    for number, text in enumerate(texts, 1):
        row, wrong = _row(text)
        rows.append(row)
        faults += [f"--x number {number}: {fault}" for fault in wrong]
    widths = sorted({len(row) for row in rows if row})
    if not faults and len(widths) > 1:
        faults.append(f"the rows have different widths: {', '.join(map(str, widths))}")
    if faults:
        raise DataError("; ".join(faults), where="--x", fix='Give each row as numbers, e.g. --x "0,-1,2.5".')
    return tuple(rows)


def _row(text: str) -> tuple[tuple[float, ...], list[str]]:
    cells = re.split(r"\s*,\s*|\s+", text.strip())
    if cells == [""]:
        return (), ["the row is empty"]
    row, faults = [], []
    for place, cell in enumerate(cells, 1):
        try:
            value = float(cell)
        except ValueError:
            faults.append(f"{cell!r} in place {place} is not a number" if cell else f"place {place} is empty")
            continue
        if not math.isfinite(value):
            faults.append(f"{cell} in place {place} is not finite")
        row.append(value)
    return tuple(row), faults
