"""Bounds of a smooth function over a piece, from its expansion at the middle and over all of the piece."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from flint import arb

from actcheck.dataclass import dataclass
from actcheck.exact.balls import spanning


@dataclass(frozen=True)
class Piece:
    """An open interval between rational numbers, or a point with the side from which it is looked at.

    Parameters
    ----------
    low, high : fmpq
        Equal for a point.
    side : int
        Of a point: -1 and 1 for its neighbours to the left and right, however near; 0 for itself.
    """

    low: Any
    high: Any
    side: int = 0

    @property
    def is_point(self) -> bool:
        """Whether it is a single point."""
        return bool(self.low == self.high)

    @cached_property
    def middle(self) -> Any:
        """The rational number in the middle."""
        return (self.low + self.high) / 2

    @property
    def width(self) -> Any:
        """The distance between the ends."""
        return self.high - self.low

    @cached_property
    def ball(self) -> Any:
        """A ball that holds the closed interval."""
        return arb(self.low) if self.is_point else spanning(self.low, self.high)

    @cached_property
    def steps(self) -> Any:
        """A ball that holds all distances from the middle."""
        half = self.width / 2
        return spanning(-half, half)

    def powers(self, count: int) -> list[Any]:
        """Give balls that hold the powers of all distances from the middle."""
        found = self._powers
        half = arb(self.width / 2)
        while len(found) < count:
            order = len(found)
            size = half**order
            found.append(size.union(arb(0)) if order % 2 == 0 else size.union(-size))
        return found[:count]

    @cached_property
    def _powers(self) -> list[Any]:
        return [arb(1)]


def bounds(at: Sequence[Any], over: Sequence[Any], piece: Piece) -> Any:
    """Give a ball that holds all values over a piece.

    Parameters
    ----------
    at, over : sequence of arb
        Taylor coefficients at the middle, and enclosures of those at every point of the piece; of one length.
    piece : Piece

    Notes
    -----
    By Taylor's theorem with Lagrange's remainder, for every order: the last coefficient over the piece bounds the rest.
    """
    last = len(at) - 1
    best = over[0]
    for order in dict.fromkeys((last, last // 3, 1)):
        if order < 1 or not over[order].is_finite():
            continue
        powers = piece.powers(order + 1)
        total = over[order] * powers[order]
        for index in range(order):
            total += at[index] * powers[index]
        if not best.is_finite():
            best = total
        elif total.is_finite() and best.overlaps(total):
            best = best.intersection(total)
    return best
