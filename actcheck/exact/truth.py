"""The true value and derivatives at a point, to as many bits as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb

from actcheck.dataclass import dataclass
from actcheck.exact.balls import BITS, exact, middle, precision, sign, within
from actcheck.exact.evaluation import Split
from actcheck.exact.replay import Replay, TooManyForksError
from actcheck.exact.taylor import Piece

MORE_BITS = (BITS, 480, 1300, 2600)
"""Tried in turn: what is left of a number by cancellation may begin a thousand bits behind its first."""

_TERMS = 3
_GUARD = 2**10
_AT_ONCE = 256
_SETTLED = 100
_SMALL = 1e-300


@dataclass(frozen=True)
class Truth:
    """An output and its slopes at a point.

    Parameters
    ----------
    value : arb
    left, right : arb
        The slopes on both sides; the same but at a kink.
    bend : arb
        The second derivative.
    claimed : arb
        The slope that the functor's gradient has there in real arithmetic.
    """

    value: Any
    left: Any
    right: Any
    bend: Any
    claimed: Any

    @property
    def is_smooth(self) -> bool:
        """Whether both slopes may be the same."""
        return bool(self.left.overlaps(self.right))


def at(replay: Replay, point: Any, bits: int = BITS) -> list[Truth] | None:
    """Give the truth of all outputs at a rational number; None where open comparisons are too many.

    Raises
    ------
    ReplayError
        If the functor's code cannot be replayed.
    """
    try:
        here = replay.over(Piece(point, point), _TERMS, bits)
        before = after = here
        if here.touched:
            before, after = (replay.over(Piece(point, point, side), _TERMS, bits) for side in (-1, 1))
    except (Split, TooManyForksError):
        return None
    found = []
    with precision(bits, _TERMS):
        for one, left, right in zip(here.outputs, before.outputs, after.outputs, strict=True):
            slopes = right.derivative()
            found.append(Truth(one.value[0], left.derivative()[0], slopes[0], slopes[1], one.slope[0]))
    return found


def settled(replay: Replay, point: Any) -> list[Truth] | None:
    """Give the truth of all outputs at a rational number, to some forty digits where that can be had.

    Raises
    ------
    ReplayError
        If the functor's code cannot be replayed.
    """
    found = None
    for bits in MORE_BITS:
        found = at(replay, point, bits)
        if found is None or all(_is_settled(each.right) and _is_settled(each.left) for each in found):
            break
    return found


def _is_settled(ball: Any) -> bool:
    return bool(ball.is_finite()) and within(ball.rad(), (abs(ball.mid()) + _SMALL) * arb(2) ** -_SETTLED)


def sharp(replay: Replay, x: float, unit: float, least: float) -> tuple[Truth, int] | None:
    """Give the truth of the first output at a float, known far beyond the float's type, and with how many bits.

    Parameters
    ----------
    replay : Replay
        Along the line x = t.
    x : float
        Finite.
    unit : float
        The relative rounding error of the type in question.
    least : float
        Its least positive number.

    Returns
    -------
    (Truth, int) or None
        None where it stays unknown.

    Raises
    ------
    ReplayError
        If the functor's code cannot be replayed.
    """
    for bits in MORE_BITS:
        found = at(replay, exact(x), bits)
        if found is None:
            return None
        with precision(bits, _TERMS):
            if all(_is_sharp(each, unit, least) for each in (found[0].value, found[0].left, found[0].right)):
                return found[0], bits
    return None


def many(replay: Replay, xs: Sequence[float], unit: float, least: float) -> list[tuple[Truth, int] | None]:
    """Give what `sharp` gives, for many floats."""
    found: list[tuple[Truth, int] | None] = []
    for start in range(0, len(xs), _AT_ONCE):
        found += _some(replay, xs[start : start + _AT_ONCE], unit, least)
    return found


def _some(replay: Replay, xs: Sequence[float], unit: float, least: float) -> list[tuple[Truth, int] | None]:
    points = [exact(x) for x in xs]
    together = replay.at(points, _TERMS, BITS)
    if together is None:
        return [sharp(replay, x, unit, least) for x in xs]
    outputs, touched = together
    found: list[tuple[Truth, int] | None] = []
    with precision(BITS, _TERMS):
        for x, point, output in zip(xs, points, outputs, strict=True):
            slope, bend = output.derivative()
            is_plain = point not in touched and all(_is_sharp(each, unit, least) for each in (output.value[0], slope))
            if is_plain:
                found.append((Truth(output.value[0], slope, slope, bend, output.slope[0]), BITS))
            else:
                found.append(sharp(replay, x, unit, least))
    return found


def _is_sharp(ball: Any, unit: float, least: float) -> bool:
    if not ball.is_finite():
        return False
    size = abs(ball.mid()) * arb(unit)
    return within(ball.rad(), size.max(arb(least)) / _GUARD)


def error(computed: float, true: Any) -> float:
    """Give |computed - true| as a float, for finite numbers."""
    apart = arb(exact(computed)) - true
    return 0.0 if sign(apart) == 0 else abs(middle(apart))
