"""Where a function has values at all, found by calling it: one number first, then how far it goes on from there."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

Interval = tuple[float, float]
Takes = Callable[[float], bool]

BROKEN = (
    *(AttributeError, NameError, TypeError, LookupError, ImportError, OSError),
    *(NotImplementedError, RecursionError, MemoryError),
)
"""What code raises that is broken, or has not been written: no way to refuse an input."""

_NEAR = 8
_HALVES = 128
_FAR = 1e6
_FIRST_STEP = 2.0**-6
_HALVINGS = 100


def stretch(takes: Takes) -> Interval | None:
    """Find an interval of numbers that a function takes.

    Parameters
    ----------
    takes : callable
        Tells it of one number.

    Returns
    -------
    (float, float) or None
        Its borders to the last bit; infinite where none was met. None where it takes no number, or where no border was
        met on either side.
    """
    start = next((number for number in _starts() if takes(number)), None)
    if start is None:
        return None
    low, high = _border(takes, start, -1.0), _border(takes, start, 1.0)
    return (low, high) if low < high and not (math.isinf(low) and math.isinf(high)) else None


def simplest(inside: float, outside: float) -> float:
    """Give the shortest decimal between two numbers: a border that somebody has written down."""
    low, high = sorted((inside, outside))
    if low <= 0.0 <= high:
        return 0.0
    for digits in range(1, 18):
        for number in (inside, outside):
            text = float(f"{number:.{digits}g}")
            if low <= text <= high:
                return text
    return inside


def _starts() -> Iterator[float]:
    """Give numbers to begin with: most domains hold one close to 0, in the middle between two whole ones."""
    sizes = [k + 0.5 for k in range(_NEAR)]
    sizes += [k / 8 for k in range(1, 8 * _NEAR)]
    sizes += [k + 0.5 for k in range(_NEAR, _HALVES)]
    sizes += [lead * 10.0**power for power in (-2, -3, -4, -5, -6, 2, 3, 4, 5) for lead in (1.0, 2.0, 5.0)]
    for size in dict.fromkeys(sizes):
        yield from (size, -size)


def _border(takes: Takes, inside: float, sign: float) -> float:
    step = _FIRST_STEP * max(1.0, abs(inside))
    while abs(inside) < _FAR:
        ahead = inside + sign * step
        if not takes(ahead):
            return _halved(takes, inside, ahead)
        inside, step = ahead, 2 * step
    return sign * math.inf


def _halved(takes: Takes, inside: float, outside: float) -> float:
    for _ in range(_HALVINGS):
        middle = inside / 2 + outside / 2
        if middle in (inside, outside):
            break
        inside, outside = (middle, outside) if takes(middle) else (inside, middle)
    return simplest(inside, outside)
