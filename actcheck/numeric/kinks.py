"""The look around a point where several inputs meet in a kink: the slopes of all pieces that come together there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.numeric.domain import LINE, Domain
from actcheck.numeric.lines import CHUNK, FloatArray, Forward, IndexArray

RATIO = 16
"""The outer ring's radius over the inner's."""

_STEPS = 256
_ADDITIVE = (2.0**-16, 2.0**-20)
_CLOSER = (2.0**-24, 2.0**-28, 2.0**-32, 2.0**-36)
_LEFT = 1e-3
_FINEST = 2.0**-22
_WIDEST = 2.0**-14
_CREASE = 5e-3


@dataclass(frozen=True)
class Around:
    """Partial derivatives at neighbours of a point.

    Parameters
    ----------
    inner, outer : ndarray of shape (K, m, c)
        At K neighbours in either ring, for c inputs; NaN where a crease passes through the neighbour itself.
    slack : ndarray of shape (m,)
        What those of the inner ring may be off by for noise.
    """

    inner: FloatArray
    outer: FloatArray
    slack: FloatArray


def neighbours(count: int) -> int:
    """Give the number of neighbours that shows the pieces where this many inputs meet."""
    return max(48, 8 * count)


def creased(
    forward: Forward, x: FloatArray, noise: FloatArray, directions: FloatArray, domain: Domain = LINE
) -> NDArray[np.bool_]:
    """Tell which outputs have a kink at x along some direction, whether or not it shows along a single input.

    Parameters
    ----------
    forward : callable
    x : ndarray of shape (n,)
    noise : ndarray of shape (m,)
        Of one evaluation.
    directions : ndarray of shape (S, n)
        Signed magnitudes in [1/2, 1].
    domain : Domain

    Returns
    -------
    ndarray of shape (m,)
    """
    smooth = np.zeros(noise.shape, bool)
    wider, first = None, np.zeros(noise.shape)
    for h in (*_ADDITIVE, *_CLOSER):
        step = h * directions * domain.unit(x)
        other = np.roll(step, 1, axis=0)
        values = forward(np.concatenate([x[None], x + step, x - step, x + step + other]))
        centre, (ahead, back, both) = values[0], np.split(values[1:], 3)
        with np.errstate(invalid="ignore", over="ignore"):
            # A median of equal numbers is odd around them: no gap shows, but it is not linear.
            gap = np.abs(ahead + back - 2 * centre)
            bend = np.abs(both - ahead - np.roll(ahead, 1, axis=0) + centre)
            steep = np.max(np.maximum(gap, bend), axis=0) / h
            # As far down as noise allows, every step tells: what is narrow and round looks like a kink from afar.
            told = steep > 16 * noise / h
            if wider is not None:
                shrinks = steep <= 0.3 * wider
                # What is round shrinks with every step, down to the last bits; fewer inputs that meet than from afar
                # may shrink it once.
                still = told & (steep > _LEFT * first)
                smooth = np.where(still, shrinks, smooth) if h < _ADDITIVE[1] else ~told | shrinks
        first = steep if wider is None else first
        wider = steep
    return ~smooth


def additive(
    forward: Forward,
    x: FloatArray,
    columns: IndexArray,
    noise: FloatArray,
    signs: FloatArray,
    domain: Domain = LINE,
) -> NDArray[np.bool_]:
    """Tell which outputs are, close around x, a sum of functions of one input each.

    There the kinks of different inputs have nothing to do with each other, and each input's sub-gradient may be
    chosen freely.

    Parameters
    ----------
    forward : callable
    x : ndarray of shape (n,)
    columns : ndarray of shape (c,)
    noise : ndarray of shape (m,)
        Of one evaluation.
    signs : ndarray of shape (S, c)
        Signed magnitudes in [1/2, 1].
    domain : Domain

    Returns
    -------
    ndarray of shape (m,)
    """
    steps = signs * domain.unit(x[columns])
    wide, narrow = (_defect(forward, x, columns, h * steps) / h for h in _ADDITIVE)
    blunt = 4 * (len(columns) + 2) * noise / _ADDITIVE[1]
    with np.errstate(invalid="ignore"):
        separate: NDArray[np.bool_] = (narrow <= blunt) | (narrow <= 0.3 * wide)
    return separate


def _defect(forward: Forward, x: FloatArray, columns: IndexArray, step: FloatArray) -> FloatArray:
    count = len(columns)
    together = np.repeat(x[None], len(step), axis=0)
    together[:, columns] += step
    alone = np.repeat(x[None], step.size, axis=0)
    alone[np.arange(step.size), np.tile(columns, len(step))] += step.ravel()
    values = forward(np.concatenate([x[None], together, alone]))
    with np.errstate(invalid="ignore", over="ignore"):
        centre, joint = values[0], values[1 : len(step) + 1]
        parts = (values[len(step) + 1 :] - centre).reshape(len(step), count, -1).sum(axis=1)
        defect: FloatArray = np.max(np.abs(joint - centre - parts), axis=0)
    return defect


def around(
    forward: Forward,
    x: FloatArray,
    columns: IndexArray,
    noise: FloatArray,
    wanted: FloatArray,
    directions: FloatArray,
    domain: Domain = LINE,
) -> Around:
    """Give the partial derivatives at random neighbours in two rings.

    Parameters
    ----------
    forward : callable
    x : ndarray of shape (n,)
    columns : ndarray of shape (c,)
        The inputs that meet in the kink; only they move.
    noise : ndarray of shape (m,)
        Of one evaluation.
    wanted : ndarray of shape (m,)
        The difference of slopes that has to be told, 0 where none; the rings are as narrow as noise allows for it.
    directions : ndarray of shape (K, c)
        Towards the neighbours.
    domain : Domain
    """
    asked = np.isfinite(noise) & (wanted > 0)
    need = float(np.max(8 * _STEPS * noise[asked] / wanted[asked], initial=0.0))
    radius = min(max(_FINEST, need), _WIDEST)
    unit = domain.unit(x[columns])
    inner = _slopes(forward, x, columns, noise, radius, directions, unit)
    outer = _slopes(forward, x, columns, noise, radius * RATIO, directions, unit)
    return Around(inner, outer, 2 * noise * _STEPS / radius)


def _slopes(
    forward: Forward,
    x: FloatArray,
    columns: IndexArray,
    noise: FloatArray,
    radius: float,
    directions: FloatArray,
    unit: FloatArray,
) -> FloatArray:
    at = np.repeat(x[None], len(directions), axis=0)
    at[:, columns] += radius * directions * unit
    count = len(columns)
    step = radius / _STEPS * unit
    tall = np.repeat(at, 2 * count, axis=0).reshape(len(directions), 2, count, -1)
    place = np.arange(count)
    tall[:, 0, place, columns] += step
    tall[:, 1, place, columns] -= step
    ahead = tall[:, 0, place, columns] - at[:, columns]
    behind = at[:, columns] - tall[:, 1, place, columns]
    values = _in_blocks(forward, tall.reshape(-1, len(x))).reshape(len(directions), 2, count, -1)
    centre = _in_blocks(forward, at)[:, None]
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        forth = (values[:, 0] - centre) / ahead[:, :, None]
        back = (centre - values[:, 1]) / behind[:, :, None]
        slopes: FloatArray = np.swapaxes((forth + back) / 2, 1, 2)
        gap = np.max(np.abs(forth - back), axis=1)
        spread = np.max(np.fmax.reduce(slopes, axis=0) - np.fmin.reduce(slopes, axis=0), axis=-1)
    slopes[gap > _CREASE * spread + 4 * noise * _STEPS / radius] = np.nan
    return slopes


def _in_blocks(forward: Forward, X: FloatArray) -> FloatArray:
    block = max(1, CHUNK // X.shape[1])
    return np.concatenate([forward(X[k : k + block]) for k in range(0, len(X), block)])
