"""The ladder: central differences at forty halving steps, Richardson columns, and a bound that no finer step breaks.

Sources: L. F. Richardson, "The approximate arithmetical solution by finite differences of physical problems", Phil.
Trans. A 210 (1911); C. J. F. Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", Adv. Eng. Software 4 (1982),
whose error estimate (the smallest change in the tableau) is replaced by one that every finer step has to confirm.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.numeric.domain import LINE
from actcheck.numeric.lines import FloatArray, IndexArray, Lines

LEVELS = 40
_BORDER = 8

BENT = 2.0**-5
"""Where the slopes on both sides of x differ by more than this share of the slope, a kink may be near."""

_HALVINGS = 6

# Weights of (4 f(x + h) - 3 f(x) - f(x + 2h)) / 2h, against those of a central difference.
_ONE_SIDED = 4.0
COLUMNS = 4
_SLOWEST = 0.9
_FINEST, _SETTLED = 5, 1e-2
_STEADY, _FIRST_WHOLE = 0.75, 3


class Local(IntEnum):
    """What a function does at a point, seen from the steps that still rise above the noise."""

    SMOOTH = 0
    KINK = 1
    STEEP = 2
    JUMP = 3
    CLIFF = 4
    """A jump or a steep place close to x, at which the function is smooth."""


@dataclass(frozen=True)
class Tableau:
    """Values of the function along lines at x, x + h and x - h, for all steps h.

    Parameters
    ----------
    x : ndarray of shape (K, 1)
    centre : ndarray of shape (K, width)
    above, below : ndarray of shape (L, K, width)
        f(x + h) and f(x - h).
    ahead, behind : ndarray of shape (L, K, 1)
        The steps really taken, (x + h) - x and x - (x - h).
    unit : ndarray of shape (K, 1)
        What steps are scaled with.
    gain : ndarray of shape (K, width)
        By how much noise counts more in differences that lead to one side only.
    """

    x: FloatArray
    centre: FloatArray
    above: FloatArray
    below: FloatArray
    ahead: FloatArray
    behind: FloatArray
    unit: FloatArray
    gain: FloatArray

    def pick(self, asked: NDArray[np.bool_]) -> Tableau:
        """Give some of the values only, each as a line of width 1.

        Parameters
        ----------
        asked : ndarray of shape (K, width)
        """
        line = np.nonzero(asked)[0]
        return Tableau(
            x=self.x[line],
            centre=self.centre[asked][:, None],
            above=self.above[:, asked][:, :, None],
            below=self.below[:, asked][:, :, None],
            ahead=self.ahead[:, line],
            behind=self.behind[:, line],
            unit=self.unit[line],
            gain=self.gain[asked][:, None],
        )

    @property
    def central(self) -> FloatArray:
        """Central differences, shape (L, K, width)."""
        with np.errstate(invalid="ignore", over="ignore"):
            return (self.above - self.below) / (self.ahead + self.behind)

    @property
    def gap(self) -> FloatArray:
        """Forward minus backward difference, shape (L, K, width)."""
        with np.errstate(invalid="ignore", over="ignore"):
            return (self.above - self.centre) / self.ahead - (self.centre - self.below) / self.behind


def scale(x: FloatArray) -> FloatArray:
    """Give the largest power of two up to max(1, abs x): steps scaled with it are exact."""
    return LINE.unit(x)


def evaluate(lines: Lines, index: IndexArray, levels: int = LEVELS) -> Tableau:
    """Evaluate the function at x and at steps 2^-1 ... 2^-levels times the unit of x, both ways."""
    x = lines.coordinate(index)
    unit = lines.domain.unit(x)
    step = 2.0 ** -np.arange(1, levels + 1)[:, None] * unit
    plus, minus = x + step, x - step
    values = lines.values(index, np.concatenate([plus, minus]))
    centre = lines.centre(index)
    above, below, gain = _reflect(centre, values[:levels], values[levels:])
    return Tableau(
        x=x[:, None],
        centre=centre,
        above=above,
        below=below,
        ahead=(plus - x)[:, :, None],
        behind=(x - minus)[:, :, None],
        unit=unit[:, None],
        gain=gain,
    )


def unscaled(tableau: Tableau) -> Tableau:
    """Give the tableau by steps 2^-1, 2^-2 ... themselves, not times the unit of x.

    The finest repeat for large x; near a border of the domain the longest, which are not taken there, are NaN.
    """
    last = len(tableau.above) - 1
    shift = np.log2(tableau.unit[:, 0]).astype(np.intp)
    asked = np.arange(last + 1)[:, None] + shift
    at = np.clip(asked, 0, last)[:, :, None]
    taken = np.where(asked < 0, np.nan, 1.0)[:, :, None]
    return Tableau(
        x=tableau.x,
        centre=tableau.centre,
        above=np.take_along_axis(tableau.above, at, 0) * taken,
        below=np.take_along_axis(tableau.below, at, 0) * taken,
        ahead=np.take_along_axis(tableau.ahead, at, 0),
        behind=np.take_along_axis(tableau.behind, at, 0),
        unit=np.ones_like(tableau.unit),
        gain=tableau.gain,
    )


def _reflect(centre: FloatArray, above: FloatArray, below: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """At the border of the domain, continue the function as a parabola, so that one side tells its slope."""
    up, down = (np.isfinite(side[-_BORDER:]).all(axis=0) for side in (above, below))
    no_up, no_down = (~np.isfinite(side[-_BORDER:]).any(axis=0) for side in (above, below))
    if not np.any(up & no_down | down & no_up):
        return above, below, np.ones_like(centre)
    return (
        np.where(down & no_up, _continued(centre, below), above),
        np.where(up & no_down, _continued(centre, above), below),
        np.where(up & no_down | down & no_up, _ONE_SIDED, 1.0),
    )


def _continued(centre: FloatArray, side: FloatArray) -> FloatArray:
    """Give f(x - h) of the parabola through f(x), f(x + h) and f(x + 2h); the longest step has no double."""
    with np.errstate(invalid="ignore", over="ignore"):
        double = np.concatenate([2 * side[:1] - centre, side[:-1]])
        continued: FloatArray = 3 * (centre - side) + double
    return continued


def climb(tableau: Tableau, noise: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Give the derivative at the level of the ladder with the least error bound.

    Parameters
    ----------
    tableau : Tableau
    noise : ndarray of shape (K, width)
        What one evaluation may be off by.

    Returns
    -------
    value, bound : ndarray of shape (K, width)
        A value's bound is its change along row and column of the Richardson tableau plus its noise, and at least its
        distance from what any finer level allows; infinite where nothing finite was seen.
    """
    half = (tableau.ahead + tableau.behind) / 2
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        column = tableau.central
        scatter = noise * tableau.gain / half
        value = column[0]
        best = np.full(value.shape, np.inf)
        previous = column
        for k in range(COLUMNS):
            if k:
                factor = 4.0**k
                previous = column[1:]
                shorter = scatter
                column = column[1:] + (column[1:] - column[:-1]) / (factor - 1)
                scatter = (factor * shorter[1:] + shorter[:-1]) / (factor - 1)
            value, best = _least(column, _bound(column, previous, scatter, k), value, best)
    return value, best


def _bound(column: FloatArray, previous: FloatArray, scatter: FloatArray, k: int) -> FloatArray:
    change = np.empty_like(column)
    change[1:] = np.abs(column[1:] - column[:-1])
    change[0] = np.inf
    if k:
        np.maximum(change, np.abs(column - previous), out=change)
    rest = _rest(change, scatter)
    # A change far smaller than the one before may be chance: where f''' crosses 0 two steps agree by accident.
    change[2:] = np.maximum(change[2:], change[1:-1] / 4.0 ** (k + 2))
    np.maximum(change[2:], rest, out=change[2:])
    # From fine to coarse: the lowest top and the highest bottom, its sign flipped, of all finer levels. A finer level
    # that is not finite leaves a NaN here, which makes every coarser bound infinite.
    ends = np.stack([column + scatter, scatter - column], axis=1)
    for level in range(len(column) - 2, -1, -1):
        np.minimum(ends[level], ends[level + 1], out=ends[level])
    bound = change + scatter
    beyond = np.maximum(column[:-1] - ends[1:, 0], -ends[1:, 1] - column[:-1])
    np.maximum(bound[:-1], beyond, out=bound[:-1])
    bound[~np.isfinite(bound)] = np.inf
    return bound


def _rest(change: FloatArray, scatter: FloatArray) -> FloatArray:
    """Give what is still to come of changes that hardly shrink, from the third on; 0 of those that do.

    The slope of |x|^1.5 is 0 at 0, and differences there are h^0.5: of such a series more is to come than has been.
    Its last changes above the noise count for the next two as well, which rounding may hide.
    """
    shrinks = change[2:] / change[1:-1]
    slow = (shrinks > 0.5) & (shrinks < 1.1) & (change[2:] > scatter[2:] / 4)
    np.minimum(shrinks, _SLOWEST, out=shrinks)
    rest = np.where(slow, 2 * change[2:] * shrinks / (1 - shrinks), 0.0)
    rest[1:] = np.maximum(rest[1:], rest[:-1] / 2)
    rest[2:] = np.maximum(rest[2:], rest[:-2] / 4)
    return rest


def _least(column: FloatArray, bound: FloatArray, value: FloatArray, best: FloatArray) -> tuple[FloatArray, FloatArray]:
    at = np.argmin(bound, axis=0)[None]
    candidate = np.take_along_axis(bound, at, 0)[0]
    better = candidate < best
    return np.where(better, np.take_along_axis(column, at, 0)[0], value), np.where(better, candidate, best)


def local(tableau: Tableau, noise: FloatArray) -> NDArray[np.int8]:
    """Tell kinks, jumps and infinite slopes at x itself from curvature.

    The gap between forward and backward difference, seen at the finest step that rises above the noise and six
    halvings before it: curvature shrinks it 64 times, a kink leaves it, an infinite slope lets it grow up to 64
    times, a jump 64 times. The same is asked of the central difference, for what is odd around x.

    Returns
    -------
    ndarray of shape (K, width)
        Values of `Local`.
    """
    half = (tableau.ahead + tableau.behind) / 2
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        scatter = 4 * noise * tableau.gain / half
        gap = np.abs(tableau.gap)
        central = np.abs(tableau.central)
        gap_growth, gap_even = _growth(gap, scatter)
        growth, even = _growth(central, scatter)
    what = np.full(growth.shape, Local.SMOOTH, np.int8)
    what[gap_growth > 0.3] = Local.KINK
    # Noise that was measured too small grows with 1/h as well, but never by the same factor at each halving.
    what[gap_even & (gap_growth > 1.5) | even & (growth > 1.5)] = Local.STEEP
    jumps = gap_even & (gap_growth > 50) | even & (growth > 50)
    what[jumps] = Local.JUMP
    what[jumps & _settles(tableau)] = Local.CLIFF
    return what


def _settles(tableau: Tableau) -> NDArray[np.bool_]:
    """Tell where the finest steps, below what passes for noise, agree on a slope: a jump at x itself has none."""
    with np.errstate(invalid="ignore", over="ignore"):
        finest = tableau.central[-_FINEST:]
        size = np.abs(finest).min(axis=0)
        settles: NDArray[np.bool_] = (size > 0) & (np.ptp(finest, axis=0) <= _SETTLED * size)
    return settles


def endless(tableau: Tableau, noise: FloatArray) -> NDArray[np.bool_]:
    """Tell where the slope grows by as much at each halving as at the one before, as that of x log x does at 0.

    Seen at the finest step at which the growth itself rises above the noise, and six halvings before it.

    Returns
    -------
    ndarray of shape (K, width)
    """
    half = (tableau.ahead + tableau.behind) / 2
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        central = tableau.central
        growth = np.abs(central[1:]) - np.abs(central[:-1])
        scatter = noise * tableau.gain / half[1:]
        clear = growth > 32 * scatter
        at = len(growth) - 1 - np.argmax(clear[::-1], axis=0)
        seen: NDArray[np.bool_] = clear.any(axis=0) & (at >= 2 * _HALVINGS)
        at = np.maximum(at, _HALVINGS)
        path = np.array([_pick(growth, at - k) for k in range(_HALVINGS + 1)])
        seen &= (path > 0).all(axis=0) & (path[:-1] >= 0.9 * path[1:]).all(axis=0)
    return seen


@dataclass(frozen=True)
class Sides:
    """The least and the greatest slope close around x, on either side of it.

    Parameters
    ----------
    low, high : ndarray of shape (K, width)
    low_bound, high_bound : ndarray of shape (K, width)
        What they may be off by.
    steady : ndarray of bool
        Whether they are about as far apart at the step before: what curvature makes of them halves with the step.
    """

    low: FloatArray
    high: FloatArray
    low_bound: FloatArray
    high_bound: FloatArray
    steady: NDArray[np.bool_]

    @property
    def apart(self) -> NDArray[np.bool_]:
        """Where the two differ by more than they may be off."""
        with np.errstate(invalid="ignore"):
            wide: NDArray[np.bool_] = self.high - self.low > 2 * (self.low_bound + self.high_bound)
        return wide


def sides(tableau: Tableau, noise: FloatArray) -> Sides:
    """Give the slopes on both sides of x, so close to it that no finer step changes them.

    At each step h the slopes of six segments are looked at: from x to x + h, to 2h and to 4h, and back. The least and
    the greatest of them are followed down the ladder as a derivative is in `climb`.
    """
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        slopes = [
            *_segments(tableau.above, tableau.centre, tableau.ahead),
            *(-slope for slope in _segments(tableau.below, tableau.centre, tableau.behind)),
        ]
        scatter = 2 * noise * tableau.gain / ((tableau.ahead + tableau.behind) / 2)
        low, high = np.minimum.reduce(slopes), np.maximum.reduce(slopes)
        unknown = np.full(noise.shape, np.inf)
        low_bounds, high_bounds = _bound(low, low, scatter, 0), _bound(high, high, scatter, 0)
        low_value, low_bound = _least(low, low_bounds, low[0], unknown)
        high_value, high_bound = _least(high, high_bounds, high[0], unknown)
        # The longest steps have no segments further out.
        at = np.maximum(np.argmin(low_bounds + high_bounds, axis=0), _FIRST_WHOLE)
        steady = _pick(high - low, at) >= _STEADY * _pick(high - low, at - 1)
    # Close to a border the longest steps are short, and few rise above the noise: curvature must not pass for a kink.
    doubt = np.where(tableau.unit < 1, 2.0, 1.0)
    return Sides(low_value, high_value, doubt * low_bound, doubt * high_bound, steady)


def _segments(values: FloatArray, centre: FloatArray, step: FloatArray) -> list[FloatArray]:
    first = (values - centre) / step
    between = np.concatenate([first[:1], (values[:-1] - values[1:]) / (step[:-1] - step[1:])])
    return [first, between, np.concatenate([first[:1], between[:-1]])]


def _growth(values: FloatArray, scatter: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Give the growth of values over six halvings, to the finest above the scatter, and whether each had its share."""
    above_noise = values > 8 * scatter
    at = len(values) - 1 - np.argmax(above_noise[::-1], axis=0)
    seen = above_noise.any(axis=0) & (at >= _HALVINGS)
    at = np.maximum(at, _HALVINGS)
    path = np.array([_pick(values, at - k) for k in range(_HALVINGS + 1)])
    ratio: FloatArray = np.nan_to_num(path[0] / path[-1], nan=0.0, posinf=0.0)
    factors = path[:-1] / path[1:]
    even: NDArray[np.bool_] = factors.max(axis=0) < 1.25 * factors.min(axis=0)
    return np.where(seen, ratio, 0.0), even & seen


def _pick(values: FloatArray, at: IndexArray) -> FloatArray:
    picked: FloatArray = np.take_along_axis(values, at[None], 0)[0]
    return picked
