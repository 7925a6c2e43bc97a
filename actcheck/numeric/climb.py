"""The ladder with measured noise: derivatives along some lines under an optimistic and a pessimistic model of noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.numeric import ladder, noise
from actcheck.numeric.lines import FloatArray, IndexArray, Lines, distinct_rows
from actcheck.numeric.rounding import rounding

# Steps between 2^-10 and 2^-18 of x's scale: long enough for a second difference to rise above the noise.
_BENDING = slice(9, 18)

# A shorter type inside shows at more than this share of ordinary entries.
_GRAINY = 0.25
_GRAIN_SAFETY = 4.0

# What is left of cancelled terms of the usual size: library functions are a few ulps off.
_USUAL_ULPS = 4.0

# Rounding errors are spread evenly rather than normally: hardly one is more than three standard deviations off.
_SIGMAS = 3.0

_ALL = slice(None)


@dataclass(frozen=True)
class Usual:
    """What is usual of a function, from which the least plausible noise follows.

    Parameters
    ----------
    value : float
        Median of |f|: an output that is flat at 0 may still be one that was rounded at this size.
    slope : float
        Upper quartile of |f'|: terms that cancel may be of the size of this times x.
    noise : float
        Median standard deviation of one evaluation. What is measured at one point is ten numbers' worth.
    shift : float
        What the function's own arithmetic may shift its argument by. sin(1e4 + x) is, to the last bit, an exact sine
        at a slightly wrong place; differences at any step agree on its slope there.
    grain : float
        Relative rounding of a function that computes in a shorter type inside, else 0. Where such a function is flat
        no measurement shows it.
    """

    value: float = 0.0
    slope: float = 0.0
    noise: float = 0.0
    shift: float = 0.0
    grain: float = 0.0

    def terms(self, x: FloatArray) -> FloatArray:
        """Give the size of terms that may have cancelled at x: of f's own size, or of x times the usual slope."""
        size: FloatArray = np.minimum(self.value * np.maximum(1.0, np.abs(x)), self.value + self.slope * np.abs(x))
        return size


@dataclass(frozen=True)
class Climb:
    """What the ladder saw along lines.

    Parameters
    ----------
    index : ndarray of shape (K,)
        The lines.
    tableau : Tableau
    sigma : ndarray of shape (K, width)
        Standard deviation of one evaluation, as measured.
    noise : ndarray of shape (K, width)
        What one evaluation may be off by, under the pessimistic model.
    value, bound : ndarray of shape (K, width)
        The derivative under the pessimistic model, and what it may be off by.
    bold_value, bold_bound : ndarray of shape (K, width)
        The same under the optimistic model.
    bend : ndarray of shape (K, width)
        |f''|, about; 0 where it cannot be told.
    grain : ndarray of shape (K, width)
        Relative rounding of a shorter type inside, where it shows.
    """

    index: IndexArray
    tableau: ladder.Tableau
    sigma: FloatArray
    noise: FloatArray
    value: FloatArray
    bound: FloatArray
    bold_value: FloatArray
    bold_bound: FloatArray
    bend: FloatArray
    grain: FloatArray


def climb(
    lines: Lines, index: IndexArray, direction: FloatArray, usual: Usual, asked: NDArray[np.bool_] | None = None
) -> Climb:
    """Climb the ladder.

    Parameters
    ----------
    lines : Lines
    index : ndarray of shape (K,)
        Lines, ascending.
    direction : ndarray of shape (batch, n)
        Signed magnitudes in [1/2, 1], along which noise is measured.
    usual : Usual
    asked : ndarray of shape (K, width), optional
        The values to climb for; the result then has shape (N, 1), N being their number, in row-major order.
    """
    tableau = ladder.evaluate(lines, index)
    sigma, coarse = _scatter(lines, index, direction)
    if asked is not None and not asked.all():
        tableau = tableau.pick(asked)
        sigma, coarse = sigma[asked][:, None], coarse[asked][:, None]
    sigma = np.maximum(sigma, coarse)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        bold = rounding(tableau.centre) + _SIGMAS * sigma + usual.grain * np.abs(tableau.centre)
        grain = np.nan_to_num(coarse / np.abs(tableau.centre), posinf=0.0)
    bold_value, bold_bound = ladder.climb(tableau, bold)
    bend = _bending(tableau)
    shy, value, bound = _shy(tableau, sigma, bold_value, bend, usual)
    bold_bound = bold_bound + _shift(tableau, usual) * bend
    return Climb(index, tableau, sigma, shy, value, bound, bold_value, bold_bound, bend, grain)


def again(seen: Climb, usual: Usual) -> Climb:
    """Decide what was seen anew, with what has been learned from it: terms that cancel, rounding of the argument."""
    noise, value, bound = _shy(seen.tableau, seen.sigma, seen.bold_value, seen.bend, usual)
    return replace(seen, noise=noise, value=value, bound=bound)


def _shy(
    tableau: ladder.Tableau, sigma: FloatArray, bold_value: FloatArray, bend: FloatArray, usual: Usual
) -> tuple[FloatArray, FloatArray, FloatArray]:
    with np.errstate(invalid="ignore", over="ignore"):
        turned = tableau.x * np.nan_to_num(bold_value)
        if usual.grain > 0:
            turned = np.maximum(np.abs(turned), np.abs(tableau.x) * _coarse_slope(tableau, usual.grain))
        # A saturated function is flat to the bit, and shows no noise though it is the result of several roundings.
        shy = 2 * rounding(tableau.centre) + rounding(turned) + _USUAL_ULPS * rounding(usual.terms(tableau.x))
        shy += _SIGMAS * np.maximum(sigma, usual.noise)
        shy += usual.grain * (np.abs(tableau.centre) + np.abs(turned) + usual.value)
    value, bound = ladder.climb(tableau, shy)
    return shy, value, bound + _shift(tableau, usual) * bend


def _coarse_slope(tableau: ladder.Tableau, grain: float) -> FloatArray:
    """Give the size of the slope at steps that a shorter type's x takes: it stays where it is at finer ones.

    What is 0 at x, as terms cancel there, shows no rounding of its own.
    """
    half = (tableau.ahead + tableau.behind) / 2
    taken = half >= grain * np.maximum(np.abs(tableau.x), tableau.unit)
    slopes = np.where(taken, np.abs(tableau.central), 0.0)
    slope: FloatArray = np.nan_to_num(np.max(slopes, axis=0), posinf=0.0)
    return slope


def _shift(tableau: ladder.Tableau, usual: Usual) -> FloatArray:
    """Give what the function's arithmetic may shift x by; close to a border at 0, in proportion to x itself."""
    near: FloatArray = np.where(tableau.unit < 1, np.minimum(np.abs(tableau.x) + tableau.unit, 1.0), 1.0)
    return usual.shift * near


def usual(seen: Climb, groups: Sequence[IndexArray | slice] = (_ALL,)) -> Usual:
    """Learn what is usual from a sample of lines.

    Parameters
    ----------
    seen : Climb
    groups : sequence of indices into the lines
        Rows of different scales are looked at apart, and the largest counts: a median over all would be that of
        neither.
    """
    each = [_usual(seen, group) for group in groups]
    return Usual(*(max(getattr(one, field.name) for one in each) for field in fields(Usual)))


def _usual(seen: Climb, group: IndexArray | slice) -> Usual:
    bound = seen.bound[group]
    known = np.isfinite(bound)
    if not known.any():
        return Usual()
    size = float(np.median(np.abs(np.broadcast_to(seen.tableau.centre[group], known.shape)[known])))
    grains = seen.grain[group]
    grains = grains[grains > 0]
    grain = _GRAIN_SAFETY * float(np.quantile(grains, 0.9)) if grains.size > _GRAINY * bound.size else 0.0
    sigma = float(np.median(seen.sigma[group][known]))
    slope, scatter = np.abs(seen.value[group][known]), seen.noise[group][known]
    steep = slope > 0
    if not steep.any():
        return Usual(size, noise=sigma, grain=grain)
    steep &= slope >= np.median(slope[steep])
    shift = float(np.median(scatter[steep] / slope[steep]))
    return Usual(size, float(np.median(slope[steep])), sigma, shift, grain)


def _scatter(lines: Lines, index: IndexArray, direction: FloatArray) -> tuple[FloatArray, FloatArray]:
    n = lines.X.shape[1]
    rows, at = distinct_rows(index, n)
    measured = noise.measure(lines.forward, lines.X[rows], direction[rows], lines.domain)
    if lines.diagonal:
        return measured[0][at, index % n][:, None], measured[1][at, index % n][:, None]
    return measured[0][at], measured[1][at]


def _bending(tableau: ladder.Tableau) -> FloatArray:
    half = (tableau.ahead[_BENDING] + tableau.behind[_BENDING]) / 2
    bending: FloatArray = np.median(np.abs(tableau.gap[_BENDING]) / half, axis=0)
    return np.nan_to_num(bending, nan=0.0, posinf=0.0)
