"""What does not depend on what, in O(log n) evaluations: index-bit masks, and bisection to name the guilty pair.

Every ordered pair of places (i, j) is parted by some bit of their indices, so that changing all places whose index has
bit k set, then all where it is clear, for each bit, changes j without i at least once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.numeric.lines import FloatArray

ULPS = 4
"""A change up to this many ulps of the largest value around it is no dependence."""


@dataclass(frozen=True)
class Pair:
    """Place `output` depends on place `input`; `change` is how much it changed."""

    output: int
    input: int
    change: float


def masks(count: int) -> Iterator[NDArray[np.bool_]]:
    """Give the index-bit masks of some places, and their complements."""
    index = np.arange(count)
    for bit in range(max(count - 1, 0).bit_length()):
        mask = (index >> bit & 1).astype(bool)
        yield mask
        yield ~mask


def dependence(changed: Callable[[NDArray[np.bool_]], FloatArray], count: int) -> Pair | None:
    """Find a place that depends on another.

    Parameters
    ----------
    changed : callable
        From a mask of the places to change to how much each place's value changed, 0 where by rounding only; an
        array of shape (count,).
    count : int
        Number of places.
    """
    for mask in masks(count):
        found = changed(mask)
        found[mask] = 0.0
        if np.any(found > 0):
            guilty = int(np.argmax(found))
            return _name(changed, guilty, mask, float(found[guilty]))
    return None


def _name(
    changed: Callable[[NDArray[np.bool_]], FloatArray], guilty: int, mask: NDArray[np.bool_], change: float
) -> Pair:
    suspects = np.flatnonzero(mask)
    while len(suspects) > 1:
        half = suspects[: len(suspects) // 2]
        trial = np.zeros_like(mask)
        trial[half] = True
        seen = float(changed(trial)[guilty])
        if seen > 0:
            suspects, change = half, seen
        else:
            suspects = suspects[len(suspects) // 2 :]
    return Pair(guilty, int(suspects[0]), change)


def column_changes(
    forward: Callable[[FloatArray], FloatArray], X: FloatArray, other: FloatArray
) -> Callable[[NDArray[np.bool_]], FloatArray]:
    """Watch outputs while inputs of every row are replaced by those of `other`; the outputs are as many as inputs.

    Parameters
    ----------
    forward : callable
    X, other : ndarray of shape (batch, n)
    """
    before = forward(X)

    def changed(mask: NDArray[np.bool_]) -> FloatArray:
        after = forward(np.where(mask, other, X))
        change = _beyond_rounding(before, after, axis=1)
        # A row that has no value at all, such as one the function raises on, tells nothing of single outputs.
        change[np.isnan(before).all(axis=1) | np.isnan(after).all(axis=1)] = 0.0
        worst: FloatArray = np.max(change, axis=0)
        return worst

    return changed


def row_changes(
    forward: Callable[[FloatArray], FloatArray], X: FloatArray, other: FloatArray, ulps: float
) -> Callable[[NDArray[np.bool_]], FloatArray]:
    """Watch rows while others are replaced by those of `other`.

    Parameters
    ----------
    forward : callable
        May give any number of axes after the batch.
    X, other : ndarray of shape (batch, n)
    ulps : float
        What rounding may change, in ulps of the row's largest value.
    """
    before = forward(X).reshape(len(X), -1)

    def changed(mask: NDArray[np.bool_]) -> FloatArray:
        after = forward(np.where(mask[:, None], other, X)).reshape(len(X), -1)
        worst: FloatArray = np.zeros(len(X))
        rows = np.flatnonzero(~mask & (before != after).any(axis=1))
        if rows.size:
            worst[rows] = np.max(_beyond_rounding(before[rows], after[rows], axis=1, ulps=ulps), axis=1)
        return worst

    return changed


def _beyond_rounding(before: FloatArray, after: FloatArray, axis: int, ulps: float = ULPS) -> FloatArray:
    with np.errstate(invalid="ignore", over="ignore"):
        change = np.abs(after - before)
        size = np.maximum(np.abs(before), np.abs(after))
    size = np.where(np.isfinite(size), size, 0.0)
    same = (before == after) | (np.isnan(before) & np.isnan(after))
    change = np.where(same, 0.0, change)
    # A value that is no longer finite, or is so only now, has changed without measure.
    change[np.isnan(change)] = np.inf
    allowed = ulps * np.finfo(np.float64).eps * size.max(axis=axis, keepdims=True)
    return np.where(change > allowed, change, 0.0)
