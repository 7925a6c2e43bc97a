"""The lower bounds: the least that any check by central differences does, with no error bound and no second look.

Two evaluations of the function for every entry that is moved, one of the gradient, and one pass to compare; in chunks
that stay within an L2 cache. They count the entries that disagree, so that no part of the work can be left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .functors import Array

CHUNK = 1 << 15
_STEP = 2.0**-17
_TOLERANCE = 1e-6


def full_jacobian(functor: Any, X: Array) -> int:
    """Count the wrong entries of a Jacobian (batch, m, n), with one tall batch of moved rows per chunk."""
    batch, n = X.shape
    gradient = functor.gradient(X)
    wrong = 0
    size = max(1, CHUNK // n)
    for start in range(0, batch * n, size):
        row, column = np.divmod(np.arange(start, min(start + size, batch * n)), n)
        line = np.arange(row.size)
        tall = X[row]
        tall[line, column] += _STEP
        ahead = functor(tall)
        tall[line, column] -= 2 * _STEP
        wrong += _disagree((ahead - functor(tall)) / (2 * _STEP), gradient[row, :, column])
    return wrong


def diagonal(functor: Any, X: Array) -> int:
    """Count the wrong entries of a diagonal gradient (batch, n), all inputs of a row moved at once."""
    wrong = 0
    size = max(1, CHUNK // X.shape[1])
    for start in range(0, len(X), size):
        part = X[start : start + size]
        numeric = (functor(part + _STEP) - functor(part - _STEP)) / (2 * _STEP)
        wrong += _disagree(numeric, functor.gradient(part))
    return wrong


def _disagree(numeric: Array, analytic: Array) -> int:
    return int(np.count_nonzero(~(np.abs(numeric - analytic) <= _TOLERANCE * (np.abs(analytic) + 1e-3))))
