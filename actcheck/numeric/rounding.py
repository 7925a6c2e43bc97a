"""The rounding that a correctly rounded result has at the least: half a unit in the last place."""

from __future__ import annotations

import numpy as np

from actcheck.numeric.lines import FloatArray

UNIT = float(np.finfo(np.float64).eps) / 2
_LEAST = float(np.finfo(np.float64).smallest_subnormal)


def rounding(values: FloatArray) -> FloatArray:
    """Bound the rounding of `values`: eps/2 of their size, and at least the smallest denormal."""
    size: FloatArray = np.abs(values)
    size *= UNIT
    size += _LEAST
    return size


def model(values: FloatArray, turned: FloatArray, usual: float) -> FloatArray:
    """Model the noise of one evaluation.

    Parameters
    ----------
    values : ndarray
        f.
    turned : ndarray
        x * f', by which a rounding of the argument reaches the value.
    usual : float
        The usual size of f, which an output that is flat at 0 may have been rounded at.
    """
    size = np.abs(turned)
    size += np.abs(values)
    size += usual
    size *= UNIT
    size += 2 * _LEAST
    return size
