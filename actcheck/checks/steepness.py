"""How steep a functor gets where its value is no larger than usual: what the rounding of its gradient is measured by.

Where sigmoid(60 x) has saturated its slope is 1e-20, but every implementation works with numbers near 1 there, and is
off by so much of the slope at 0. A median over random rows, most of which have saturated, does not know of that slope.
"""

from __future__ import annotations

import numpy as np

from actcheck.checks.calls import Subject
from actcheck.numeric.lines import FloatArray, Lines
from actcheck.numeric.rounding import model

_LEVEL = 16
_REACH = 8.0
_PLACES = (16, 256)
_ELEMENTS = 4096
_HALVINGS = 8
_COLUMNS = 8
_ULPS = 16.0


def steepest(subject: Subject, X: FloatArray, value: float, noise_share: float, noise_worst: float) -> float:
    """Give the largest slope among places where the value is usual, as far as it stands out of the rounding.

    Parameters
    ----------
    subject : Subject
    X : ndarray of shape (batch, n)
        Ordinary rows.
    value : float
        The largest value that is usual: x^3 gets steep only where it gets large.
    noise_share, noise_worst : float
        Noise of one evaluation: in proportion to the modelled rounding, and at the most. Where values cancel to almost
        nothing, their noise is any multiple of their own rounding.
    """
    rows = _rows(subject, X)
    lines = Lines(subject.forward, rows, subject.outputs, subject.diagonal)
    n = rows.shape[1]
    columns = np.arange(n) if subject.diagonal else np.unique(np.linspace(0, n - 1, min(n, _COLUMNS)).astype(int))
    index = (np.arange(len(rows))[:, None] * n + columns).reshape(-1)
    x, step = lines.coordinate(index), 2.0**-_LEVEL
    above, below = lines.values(index, np.stack([x + step, x - step]))
    with np.errstate(invalid="ignore", over="ignore"):
        size, slope = np.maximum(np.abs(above), np.abs(below)), np.abs(above - below) / (2 * step)
        modelled = model(size, x[:, None] * slope, value)
        slope -= np.maximum(np.fmin(noise_share * modelled, noise_worst), _ULPS * modelled) / step
        known = np.isfinite(slope) & (size <= value)
    return float(np.max(slope[known], initial=0.0))


def _rows(subject: Subject, X: FloatArray) -> FloatArray:
    """Give one of the rows, and the same nearer and nearer to 0; for an element-wise functor all of a grid besides."""
    near = X[:1] * 2.0 ** -np.arange(_HALVINGS)[:, None]
    if not subject.diagonal:
        return near
    least, most = _PLACES
    count = int(np.clip(_ELEMENTS // X.shape[1], least, most))
    grid = np.linspace(-_REACH, _REACH, count + 1)[:, None]
    if (X >= 0).all():
        grid = np.abs(grid)
    return np.concatenate([near, np.broadcast_to(grid, (count + 1, X.shape[1]))])
