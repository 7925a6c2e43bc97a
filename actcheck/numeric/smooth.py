"""Derivatives where a function varies smoothly, however small it is, and nothing where it shows a trace of rounding.

The error bounds of the ladder allow for terms of the usual size that may have cancelled. In a tail that is the whole
value. Here the bound is measured alone, over a stretch that is long enough for rounding to show: nine points, whose
fourth differences are those of a smooth function only if rounding is smaller. What is flat, or straight to the bit, is
not told: 1 + erf(x) is a staircase for x < -6, and each of its steps is flat.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.numeric.lines import CHUNK, FloatArray, Forward, IndexArray

POINTS = 9
STEPS = (2.0**-4, 2.0**-7, 2.0**-10)
SMOOTH = 1 / 64
_FOURTH = np.array([1.0, -4.0, 6.0, -4.0, 1.0])
_CURVED = 64.0
_SAFETY = 4.0
_ULPS = 8.0
_FINER = 6.854102

# In steps; no simple fractions, at which waves could be met again, and nor is the ratio of a finer step.
_BETWEEN = (0.381966, -1.618034)


@dataclass(frozen=True)
class Stretch:
    """Nine values along lines, in even steps around x.

    Parameters
    ----------
    values : ndarray of shape (9, ...)
    """

    values: FloatArray

    @property
    def rough(self) -> FloatArray:
        """The largest fourth difference."""
        with np.errstate(invalid="ignore", over="ignore"):
            fourth = [np.tensordot(_FOURTH, self.values[k : k + 5], 1) for k in range(POINTS - 4)]
        return np.asarray(np.max(np.abs(fourth), axis=0))

    @property
    def is_even(self) -> NDArray[np.bool_]:
        """Where the values move at every step, and the fourth differences are small beside them."""
        moving = (np.diff(self.values, axis=0) != 0).all(axis=0)
        return np.asarray(moving & (self.rough <= SMOOTH * np.abs(self.values).min(axis=0)))


def stretch(function: Forward, X: FloatArray, inputs: IndexArray, step: float) -> Stretch:
    """Evaluate a function at nine points around each row, along one of its inputs.

    Parameters
    ----------
    function : callable
        (K, n) -> (K, ...).
    X : ndarray of shape (K, n)
    inputs : ndarray of shape (K,)
    step : float

    Returns
    -------
    Stretch
        Of values of shape (9, K, ...).
    """
    count, n = X.shape
    pieces = []
    rows = max(1, CHUNK // (POINTS * n))
    for at in range(0, count, rows):
        some, along = X[at : at + rows], inputs[at : at + rows]
        tall = np.repeat(some[None], POINTS, axis=0)
        tall[:, np.arange(len(some)), along] += step * (np.arange(POINTS) - POINTS // 2)[:, None]
        values = function(tall.reshape(-1, n))
        pieces.append(values.reshape(POINTS, len(some), *values.shape[1:]))
    return Stretch(np.concatenate(pieces, axis=1))


def derivatives(forward: Forward, X: FloatArray, inputs: IndexArray) -> tuple[FloatArray, FloatArray]:
    """Give the derivatives of all outputs of each row by one input.

    Returns
    -------
    value, bound : ndarray of shape (K, m)
        The bound is infinite where the function is not seen to vary smoothly.
    """
    value = best = np.zeros(0)
    for step in STEPS:
        seen = stretch(forward, X, inputs, step)
        slope, bound = _central(seen, step)
        if np.isfinite(bound).any():
            holds = _holds_between(forward, X, inputs, seen, step) & _shrinks(forward, X, inputs, seen, step)
            bound = np.where(holds, bound, np.inf)
        if not value.size:
            value, best = slope, bound
        better = bound < best
        value, best = np.where(better, slope, value), np.where(better, bound, best)
    return value, best


def _holds_between(
    forward: Forward, X: FloatArray, inputs: IndexArray, seen: Stretch, step: float
) -> NDArray[np.bool_]:
    """Tell where values between the points are those of a polynomial through them.

    A wave that is faster than the steps may look as smooth as anything at even ones.
    """
    at = np.arange(len(X))
    middle = seen.values[POINTS // 2 - 2 : POINTS // 2 + 3]
    holds = np.ones(middle.shape[1:], bool)
    for place in _BETWEEN:
        moved = X.copy()
        moved[at, inputs] += place * step
        with np.errstate(invalid="ignore", over="ignore"):
            expected = np.tensordot(_interpolated(place), middle, 1)
            size = np.abs(middle).max(axis=0)
            allowed = _SAFETY * (seen.rough + _ULPS * np.finfo(np.float64).eps * size)
            holds &= np.abs(forward(moved) - expected) <= allowed
    return holds


def _shrinks(forward: Forward, X: FloatArray, inputs: IndexArray, seen: Stretch, step: float) -> NDArray[np.bool_]:
    """Tell where fourth differences at a finer step are far smaller, or rounding: else they hide a fast, small wave."""
    finer = stretch(forward, X, inputs, step / _FINER)
    with np.errstate(invalid="ignore", over="ignore"):
        rounding = _CURVED * float(np.finfo(np.float64).eps) * np.abs(seen.values).max(axis=0)
        found: NDArray[np.bool_] = finer.rough <= np.maximum(seen.rough / _FINER, rounding)
    return found


def _interpolated(place: float) -> FloatArray:
    """Give the weights of values at -2, -1, 0, 1, 2 in that of the polynomial through them."""
    nodes = np.arange(-2.0, 3.0)
    return np.array([np.prod((place - others) / (node - others)) for node, others in _others(nodes)])


def _others(nodes: FloatArray) -> list[tuple[float, FloatArray]]:
    return [(float(node), nodes[nodes != node]) for node in nodes]


def _central(seen: Stretch, step: float) -> tuple[FloatArray, FloatArray]:
    f, middle = seen.values, POINTS // 2
    eps = float(np.finfo(np.float64).eps)
    with np.errstate(invalid="ignore", over="ignore"):
        slope = (8 * (f[middle + 1] - f[middle - 1]) - (f[middle + 2] - f[middle - 2])) / (12 * step)
        size = np.abs(f).max(axis=0)
        bound = _SAFETY * (seen.rough + eps * size) / step
        told = seen.is_even & (seen.rough >= _CURVED * eps * size) & np.isfinite(slope)
    return slope, np.where(told, bound, np.inf)
