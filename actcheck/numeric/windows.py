"""The second look at one line: irregular points in windows around x, each with its own fit and its own noise.

The ladder's steps are powers of two and its noise is measured in three places. What both overlook shows here: steps of
a staircase, which is flat between any two neighbours; ripples finer than the noise was looked for; features so narrow
that no window shows a curve. A window's slope is that of a cubic, its bound what the largest residual can do to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.numeric.ladder import LEVELS
from actcheck.numeric.lines import CHUNK, FloatArray, IndexArray, Lines
from actcheck.numeric.rounding import rounding
from actcheck.splitmix import uniform

POINTS = 64

_WIDEST = -1

_JITTER = 0.7
_NARROWEST = 4
_CUBIC = 4
_PARABOLA = 3

# A residual of the largest size at every point at once is the worst case; the points may have missed the largest.
_SAFETY = 2.0

# Of a staircase: so many risers, of which the fourth largest is so many times what a tread adds.
_RISERS = 4
_HIGHER = 32.0
_BETWEEN = 8.0
_FEW = 0.1
_TREADS = 0.5
_FLAT = 0.25
_WHOLE = 0.02
_MANY = 2.0**20

# A fit whose residuals are less than this share of the values' range shows a curve.
_CURVE = 0.125

# So many times half an ulp of x.
_LAST_BITS = 2.0


@dataclass(frozen=True)
class Windows:
    """Fits in windows of half-width 2 ... 2^-40 times the unit of x; arrays of shape (L, N), widest first.

    Parameters
    ----------
    slope, bound : ndarray
        Of the cubic at x, and what it may be off by.
    gap, gap_bound : ndarray
        The slope at x from above less that from below, each of a parabola of its own.
    residual, size : ndarray
        The largest residual of the cubic, and the largest absolute value.
    rest : ndarray
        The largest residual of the parabolas on both sides of x.
    stepped : ndarray of bool
        Whether the values form a staircase of at least five treads.
    tread, riser : ndarray
        Its slope between the steps, and the height of one of the larger steps.
    curved : ndarray of bool
        Whether the cubic explains the values: not where they are noise, or features narrower than the window.
    blunt : ndarray
        What an error of 1 in the values makes of the slope.
    bend : ndarray
        |f''| of the cubic.
    x : ndarray of shape (N,)
    """

    slope: FloatArray
    bound: FloatArray
    gap: FloatArray
    gap_bound: FloatArray
    residual: FloatArray
    size: FloatArray
    rest: FloatArray
    stepped: NDArray[np.bool_]
    tread: FloatArray
    riser: FloatArray
    curved: NDArray[np.bool_]
    blunt: FloatArray
    bend: FloatArray
    x: FloatArray

    def trusted(self, stairs: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Give the windows whose slope is the function's: of a staircase those that are wide enough to show steps.

        Parameters
        ----------
        stairs : ndarray of shape (N,)
            Where the steps are rounding, so that what is seen between them is not the function.
        """
        level = np.arange(len(self.slope))[:, None]
        last = np.where(
            stairs & self.stepped.any(axis=0), len(level) - 1 - np.argmax(self.stepped[::-1], axis=0), len(level)
        )
        return np.isfinite(self.bound) & (level <= last)

    def rounded(self, noise: FloatArray) -> Windows:
        """Give the same with values that may be off by so much more, shape (N,)."""
        return replace(self, bound=self.bound + noise * self.blunt)

    def excludes(self, value: FloatArray, within: FloatArray, trusted: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell where a slope is excluded by a window that shows a curve, and that no narrower one contradicts.

        Parameters
        ----------
        value, within : ndarray of shape (N,)
            The slope, and how far from it still counts as it.
        trusted : ndarray of shape (L, N)
        """
        low, high = _narrower(self.slope, self.bound, trusted)
        with np.errstate(invalid="ignore"):
            held = trusted & (self.slope + self.bound >= low) & (self.slope - self.bound <= high)
            off = np.abs(self.slope - value) > self.bound + within
        excluded: NDArray[np.bool_] = np.any(held & off & self.curved, axis=0)
        return excluded

    def contradicts(self, value: FloatArray, within: FloatArray) -> NDArray[np.bool_]:
        """Tell where some window's slope, whose fit is good, is not within that of a value."""
        with np.errstate(invalid="ignore"):
            off = np.abs(self.slope - value) > self.bound + within
        against: NDArray[np.bool_] = np.any(off & self.curved & self.excluding(), axis=0)
        return against

    def excluding(self) -> NDArray[np.bool_]:
        """Give the windows whose slope no narrower one contradicts."""
        known = np.isfinite(self.bound)
        low, high = _narrower(self.slope, self.bound, known)
        with np.errstate(invalid="ignore"):
            held: NDArray[np.bool_] = known & (self.slope + self.bound >= low) & (self.slope - self.bound <= high)
        return held

    @property
    def creased(self) -> NDArray[np.bool_]:
        """Where a window shows two slopes at x, and no narrower one contradicts."""
        known = np.isfinite(self.gap_bound)
        low, high = _narrower(self.gap, self.gap_bound, known)
        with np.errstate(invalid="ignore"):
            held = known & (self.gap + self.gap_bound >= low) & (self.gap - self.gap_bound <= high)
            clear = np.abs(self.gap) > self.gap_bound
        found: NDArray[np.bool_] = np.any(held & clear, axis=0)
        return found

    @property
    def lost(self) -> FloatArray:
        """What the last bits of x, lost within the functor's own arithmetic, make of its gradient, shape (N,).

        The gradient of sin(x**7) far out is no better than that, however it is written.
        """
        widest = np.argmax(self.curved, axis=0)[None]
        bend = np.take_along_axis(self.bend, widest, 0)[0]
        with np.errstate(over="ignore", invalid="ignore"):
            lost: FloatArray = _LAST_BITS * float(np.finfo(np.float64).eps) * np.abs(self.x) * bend
        return np.where(self.curved.any(axis=0), np.nan_to_num(lost, nan=0.0, posinf=0.0), 0.0)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where the function is finite on both sides of x, so that windows tell anything."""
        finite: NDArray[np.bool_] = np.logical_and.reduce(np.isfinite(self.bound[-2 * _NARROWEST :]))
        return finite

    @property
    def unresolved(self) -> NDArray[np.bool_]:
        """Where even the narrowest windows show no curve, and what they show is as large as the function itself."""
        with np.errstate(invalid="ignore"):
            wild = ~self.curved & (self.rest > self.size / 8)
        narrowest: NDArray[np.bool_] = np.all(wild[-_NARROWEST:], axis=0)
        return narrowest

    @property
    def noise(self) -> FloatArray:
        """What the narrowest windows scatter by, shape (N,)."""
        scatter: FloatArray = np.nan_to_num(np.median(self.residual[-2 * _NARROWEST :], axis=0), nan=np.inf)
        return scatter


def _narrower(slope: FloatArray, bound: FloatArray, trusted: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
    """Give for every window the range that all narrower ones allow: the greatest bottom and the least top."""
    top = np.where(trusted, slope + bound, np.inf)
    bottom = np.where(trusted, slope - bound, -np.inf)
    # The window itself is between its own ends.
    return np.maximum.accumulate(bottom[::-1])[::-1], np.minimum.accumulate(top[::-1])[::-1]


def look(
    lines: Lines, index: IndexArray, output: IndexArray, levels: Sequence[int] = range(_WIDEST, LEVELS + 1)
) -> Windows:
    """Look at values along lines.

    Parameters
    ----------
    lines : Lines
    index : ndarray of shape (N,)
        Lines; one that is named several times is evaluated once.
    output : ndarray of shape (N,)
        Which value to look at on each.
    levels : sequence of int
        The windows' half-widths are 2^-level times the unit of x; what is told of the narrowest needs all of them.
    """
    own, place = np.unique(index, return_inverse=True)
    own_x = lines.coordinate(own)
    own_unit = lines.domain.unit(own_x)
    x, unit = own_x[place], own_unit[place]
    centre = lines.centre(own)[place, output]
    size = max(1, CHUNK // (POINTS * index.size))
    seen = []
    for at in range(0, len(levels), size):
        widths = [2.0**-level for level in levels[at : at + size]]
        values = [lines.values(own, _positions(own_x, width * own_unit))[:, place, output] for width in widths]
        step = [_positions(x, width * unit) - x for width in widths]
        width = np.concatenate([width * unit for width in widths])
        found = _window(
            np.concatenate(values, axis=1), np.tile(centre, len(widths)), np.concatenate(step, axis=1), width
        )
        seen.append([each.reshape(len(widths), index.size) for each in found])
    return Windows(*(*map(np.concatenate, zip(*seen, strict=True)), x))


def _positions(x: FloatArray, width: FloatArray) -> FloatArray:
    positions: FloatArray = x + _design().at[:, None] * width
    return positions


def _window(values: FloatArray, centre: FloatArray, step: FloatArray, width: FloatArray) -> tuple[NDArray[Any], ...]:
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        rise = values - centre
        run = np.diff(step, axis=0)
        change = np.diff(values, axis=0)
        tread = _median(change / run)
        # x + step is rounded: so much of the values belongs to where the points are rather than to the fit.
        level = rise - tread * (step - _design().at[:, None] * width)
        cubic = _design().cubic @ level
        residual = np.max(np.abs(level - _design().powers[:, :_CUBIC] @ cubic), axis=0)
        size = np.max(np.abs(values), axis=0)
        least = rounding(size)
        bound = (_SAFETY * residual + least) * _design().worst / width
        gap, gap_bound, rest = _gap(level, least, width)
        stepped, riser = _staircase(change, change - tread * run, least)
        bend = 2 * np.abs(cubic[2]) / width / width
        curved = residual <= _CURVE * np.ptp(values, axis=0)
    return (
        cubic[1] / width,
        bound,
        gap,
        gap_bound,
        residual,
        size,
        rest,
        stepped,
        tread,
        riser,
        curved,
        _design().worst / width,
        bend,
    )


def _median(values: FloatArray) -> FloatArray:
    """Give the median of an odd number of rows; NaN where one is, which sorts last."""
    middle, last = len(values) // 2, len(values) - 1
    sorted_there = np.partition(values, (middle, last), axis=0)
    return np.where(np.isnan(sorted_there[last]), np.nan, sorted_there[middle])


def _gap(level: FloatArray, least: FloatArray, width: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    half = POINTS // 2
    slopes, bound, rest = [], np.zeros_like(least), np.zeros_like(least)
    for side, fit in ((slice(0, half), _design().below), (slice(half, POINTS), _design().above)):
        parabola = fit @ level[side]
        residual = np.max(np.abs(level[side] - _design().powers[side, :_PARABOLA] @ parabola), axis=0)
        bound = bound + (_SAFETY * residual + least) * np.abs(fit[1]).sum() / width
        rest = np.maximum(rest, residual)
        slopes.append(parabola[1] / width)
    return slopes[1] - slopes[0], bound, rest


def _staircase(change: FloatArray, jump: FloatArray, least: FloatArray) -> tuple[NDArray[np.bool_], FloatArray]:
    """Tell a staircase, with level treads or with sloping ones, and give the height of a step.

    Parameters
    ----------
    change : ndarray of shape (P, N)
        From one point to the next.
    jump : ndarray of shape (P, N)
        The same less the slope that is usual between neighbours.
    least : ndarray of shape (N,)
        The rounding of one value.
    """
    height = np.abs(jump)
    riser = np.partition(height, -_RISERS, axis=0)[-_RISERS]
    tread = height * _HIGHER <= riser
    # Between a dead zone and a slope there is one border; treads come many times.
    begun = tread & ~np.concatenate([np.zeros_like(tread[:1]), tread[:-1]])
    between = ~tread & (height * _BETWEEN <= riser)
    sloping = (tread.mean(axis=0) >= _TREADS) & (begun.sum(axis=0) >= _RISERS) & (riser > 0)
    # A curve has changes of every size, stairs have two.
    sloping &= between.mean(axis=0) <= _FEW
    moved = np.abs(change)
    one = np.min(np.where(moved > 0, moved, np.inf), axis=0)
    steps = moved / one
    whole = np.all((np.abs(steps - np.rint(steps)) <= _WHOLE) & (steps <= _MANY), axis=0) & np.isfinite(one)
    several = ((moved > 0).sum(axis=0) >= _RISERS) & ((moved == 0).mean(axis=0) >= _FLAT)
    level = whole & several
    return sloping | level, np.where(level, one, riser)


@dataclass(frozen=True)
class _Design:
    """The points of a window of half-width 1, and the fits to values there."""

    at: FloatArray
    powers: FloatArray
    cubic: FloatArray
    below: FloatArray
    above: FloatArray
    worst: float


@cache
def _design() -> _Design:
    # Made when it is needed: a check that passes has no use for it.
    jitter = _JITTER * (uniform(1, 0, POINTS) - 0.5)
    at = (np.arange(POINTS) + 0.5 + jitter) * 2 / POINTS - 1
    powers = at[:, None] ** np.arange(_CUBIC)
    half = POINTS // 2
    cubic = _least_squares(powers)
    return _Design(
        at=at,
        powers=powers,
        cubic=cubic,
        below=_least_squares(powers[:half, :_PARABOLA]),
        above=_least_squares(powers[half:, :_PARABOLA]),
        worst=float(np.abs(cubic[1]).sum()),
    )


def _least_squares(powers: FloatArray) -> FloatArray:
    weights: FloatArray = np.linalg.pinv(powers).astype(np.float64)
    return weights
