"""Balls, and the one way to compare them: negative, zero, positive or unknown.

For a ball around 0 both ``a < 0`` and ``a >= 0`` of python-flint are False, so that code takes a branch that nothing
has decided. No module that handles balls uses those operators; a test reads the code for them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import flint
from flint import arb, fmpq

BITS = 160
"""Bits of the balls' midpoints."""


@contextmanager
def precision(bits: int, terms: int) -> Iterator[None]:
    """Compute with so many bits, and series of so many terms: python-flint would silently cut them at 10."""
    kept = flint.ctx.prec, flint.ctx.cap
    flint.ctx.prec, flint.ctx.cap = bits, terms
    try:
        yield
    finally:
        flint.ctx.prec, flint.ctx.cap = kept


def sign(ball: Any) -> int | None:
    """Give -1, 0 or 1 where every number of a ball has that sign, else None."""
    if not ball.is_finite():
        return None
    if ball.is_zero():
        return 0
    if ball.contains(0):
        return None
    mantissa, _ = ball.mid().man_exp()
    return -1 if str(mantissa).startswith("-") else 1


def sign_of(number: Any) -> int:
    """Give the sign of an exact rational number or an integer."""
    return int(number > 0) - int(number < 0)


def within(ball: Any, limit: Any) -> bool:
    """Tell whether all of a ball is certainly at most `limit` in size."""
    return sign(limit - ball.abs_upper()) in (0, 1)


def beyond(ball: Any, limit: Any) -> bool:
    """Tell whether all of a ball is certainly more than `limit` in size."""
    return ball.is_finite() and sign(ball.abs_lower() - limit) == 1


def exact(number: float) -> Any:
    """Give a finite float as the rational number that it is."""
    return fmpq(*number.as_integer_ratio())


def spanning(low: Any, high: Any) -> Any:
    """Give a ball that holds the whole interval between two rational numbers."""
    return arb(low).union(arb(high))


def hull(balls: Iterable[Any]) -> Any:
    """Give a ball that holds all of some balls."""
    found = None
    for ball in balls:
        found = ball if found is None else found.union(ball)
    return found


def ends(ball: Any) -> tuple[float, float]:
    """Give floats below and above all of a ball, infinite where it has no bound."""
    if not ball.is_finite():
        return -math.inf, math.inf
    low, high = float(ball.lower()), float(ball.upper())
    # Conversion rounds to nearest.
    if not math.isfinite(low) or sign(ball.lower() - arb(low)) not in (0, 1):
        low = math.nextafter(low, -math.inf)
    if not math.isfinite(high) or sign(arb(high) - ball.upper()) not in (0, 1):
        high = math.nextafter(high, math.inf)
    return low, high


def middle(ball: Any) -> float:
    """Give the float nearest to a ball's midpoint."""
    return float(ball.mid())
