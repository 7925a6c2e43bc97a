"""Derivatives from differences in ``numpy.longdouble``, where that has more than 53 bits and the function uses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck.numeric import ladder
from actcheck.numeric.lines import CHUNK, FloatArray, IndexArray

Extended = NDArray[np.longdouble]
Evaluate = Callable[[Extended], Any]

LEVELS = 24
_SPACING = 2.0**-20
_FOURTH = (1.0, -4.0, 6.0, -4.0, 1.0)
_ALIKE = 1e-9

# float64 rounds to 2^-53: what scatters by more than this share of the value was rounded to it somewhere.
_FINE = 2.0**-58
_ULPS = 4.0
_TERMS = 2.0


def wider() -> bool:
    """Tell whether this machine's longdouble has more bits than float64."""
    return bool(np.finfo(np.longdouble).nmant > np.finfo(np.float64).nmant)


def evaluate(function: Evaluate, X: Extended, outputs: int) -> Extended | None:
    """Evaluate a function in longdouble; None where it gives something else, such as float64."""
    raw = np.asarray(function(X))
    return raw if raw.dtype == np.longdouble and raw.shape == (len(X), outputs) else None


def is_computed_in(function: Evaluate, X: FloatArray, values: FloatArray, direction: FloatArray) -> bool:
    """Tell whether a function really computes in longdouble when it is given that.

    Parameters
    ----------
    function : callable
        (K, n) -> (K, m) in longdouble, if it can.
    X : ndarray of shape (batch, n)
        Ordinary rows.
    values : ndarray of shape (batch, m)
        Its float64 values there.
    direction : ndarray of shape (batch, n)
        Signed magnitudes along which rounding is measured.

    Returns
    -------
    bool
        False where the type that comes out is another, where the values are others, and where they scatter as float64
        does: then a part of the function was cast back in silence.
    """
    if not wider():
        return False
    steps = [evaluate(function, X.astype(np.longdouble) + k * _SPACING * direction, values.shape[1]) for k in range(5)]
    told = [step for step in steps if step is not None]
    if len(told) < len(steps):
        return False
    with np.errstate(all="ignore"):
        size = np.abs(told[0]) + np.median(np.abs(values), axis=0)
        alike = np.abs(told[0] - values) <= _ALIKE * size
        fourth = sum(c * step for c, step in zip(_FOURTH, told, strict=True))
        fine = np.abs(fourth) <= 16 * _FINE * size
    known = np.isfinite(values)
    return bool(known.any() and alike[known].all() and np.mean(fine[known]) > 0.9)


def derivatives(
    function: Evaluate, X: FloatArray, inputs: IndexArray, outputs: IndexArray, width: int, usual: float
) -> tuple[FloatArray, FloatArray]:
    """Give one derivative of each row.

    Parameters
    ----------
    function : callable
    X : ndarray of shape (K, n)
    inputs, outputs : ndarray of shape (K,)
        Which output by which input.
    width : int
        Outputs of the function, m.
    usual : float
        The usual |f|: what is left of terms that cancel is rounded at this size.

    Returns
    -------
    value, bound : ndarray of shape (K,)
        The bound is infinite where nothing can be told.
    """
    count, n = X.shape
    x = X[np.arange(count), inputs]
    step = 2.0 ** -np.arange(1, LEVELS + 1)[:, None] * ladder.scale(x)
    wide = x.astype(np.longdouble)
    positions = np.concatenate([wide + step, wide - step, wide[None]])
    values = np.full(positions.shape, np.nan, np.longdouble)
    rows = max(1, CHUNK // (n * len(positions)))
    for at in range(0, count, rows):
        some = slice(at, at + rows)
        tall = np.repeat(X[some].astype(np.longdouble)[None], len(positions), axis=0)
        tall[:, np.arange(tall.shape[1]), inputs[some]] = positions[:, some]
        told = evaluate(function, tall.reshape(-1, n), width)
        if told is not None:
            picked = np.arange(tall.shape[1])
            values[:, some] = told.reshape(len(positions), -1, width)[:, picked, outputs[some]]
    taken = positions[:-1].reshape(2, LEVELS, count)
    told_of: Any = values[:, :, None]
    tableau = ladder.Tableau(
        x=x[:, None],
        centre=told_of[-1],
        above=told_of[:LEVELS],
        below=told_of[LEVELS:-1],
        ahead=(taken[0] - wide)[:, :, None],
        behind=(wide - taken[1])[:, :, None],
        unit=ladder.scale(x)[:, None],
        gain=np.ones_like(x)[:, None],
    )
    eps = float(np.finfo(np.longdouble).eps)
    with np.errstate(invalid="ignore", over="ignore"):
        # Saturated values are flat to the bit, and show none of the rounding of the terms that they are made of.
        noise = eps * (_ULPS * np.abs(values[-1]) + _TERMS * usual * np.maximum(1, np.abs(x)))[:, None]
        value, bound = ladder.climb(tableau, noise)
    return value[:, 0].astype(np.float64), bound[:, 0].astype(np.float64)
