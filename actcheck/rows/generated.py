"""Random rows: seeded short decimals, the same on any version of NumPy."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from actcheck.splitmix import bits, uniform

if TYPE_CHECKING:
    from actcheck.model import FloatArray

_UNIFORMS = 12
_EXACT_PLACES = 22


def decimals(seed: int, stream: int, count: int) -> FloatArray:
    """Give about normal numbers of variance 1, rounded to 4 decimals, none of them 0.

    Each is the sum of twelve uniform numbers less 6 (Irwin-Hall): NumPy's normal deviates may change from one version
    to the next.

    Parameters
    ----------
    seed, stream : int
    count : int

    Returns
    -------
    ndarray of shape (count,)
    """
    sums = uniform(seed, stream, count * _UNIFORMS).reshape(count, _UNIFORMS).sum(axis=1)
    values: FloatArray = np.round(sums - 6.0, 4)
    values[values == 0.0] = 0.0001
    return values


def random_rows(seed: int, batch: int, dim: int, scale: float) -> FloatArray:
    """Give random rows of shape (batch, dim): the first half at `scale`, the rest at 3 times `scale`."""
    values = decimals(seed, 0, batch * dim).reshape(batch, dim)
    scales = np.where(np.arange(batch) < (batch + 1) // 2, scale, 3 * scale)
    return shorten(values * scales[:, None], scale)


def shorten(values: FloatArray, scale: float) -> FloatArray:
    """Round to 4 decimals of numbers of this scale, so that a row can be read and typed in again."""
    places = 4 - math.floor(math.log10(scale))
    if not 0 <= places <= _EXACT_PLACES:
        return np.array([float(f"{value:.4e}") for value in values.flat]).reshape(values.shape)
    # A whole number over a power of ten, correctly rounded, is the decimal itself.
    short: FloatArray = np.rint(values * 10.0**places) / 10.0**places
    return short


def directions(seed: int, stream: int, shape: tuple[int, ...]) -> FloatArray:
    """Give signed magnitudes in [1/2, 1]: directions in which no two inputs can cancel each other exactly."""
    raw = bits(seed, stream, int(np.prod(shape)))
    magnitude = 0.5 + 0.5 * (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53
    signed: FloatArray = np.where(raw & np.uint64(1), magnitude, -magnitude).reshape(shape)
    return signed
