"""A rough look at slopes, to choose between two ways of reading; it is never a verdict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BATCH = 7
"""Rows to ask with: a number that no usual width is equal to."""

_STEP = 1e-5
_RTOL = 1e-3
_SHARE = 0.75
_ROUNDINGS = 16


def rows(width: int, shift: float = 0.0) -> Floats:
    """Give ordinary rows of a width, between -2 and 2, always the same."""
    numbers: Floats = np.arange(1.0, BATCH * width + 1) * 0.6180339887498949 + shift
    return np.round(4 * (numbers % 1.0) - 2, 3).reshape(BATCH, width) + 0.0005


def cotangent(shape: tuple[int, ...], shift: float = 0.0) -> Floats:
    """Give ordinary numbers of a shape, always the same."""
    numbers: Floats = np.arange(1.0, np.prod(shape) + 1) * 0.6180339887498949 + shift
    return (4 * (numbers % 1.0) - 2).reshape(shape)


def rows_within(width: int, stretch: tuple[float, float]) -> Floats:
    """Give rows of a width inside an interval, none of them on its border."""
    low, high = stretch
    share = (rows(width) + 2.25) / 4.5
    if np.isfinite(low) and np.isfinite(high):
        return low + (high - low) * share
    return low + 4 * share if np.isfinite(low) else high - 4 * share


def change(function: Callable[[Any], Any], X: Floats, V: Floats) -> Floats:
    """Give how fast a function changes along V, of shape (batch, m)."""
    ahead, behind = np.asarray(function(X + _STEP * V)), np.asarray(function(X - _STEP * V))
    change: Floats = (ahead - behind) / (2 * _STEP)
    return change


def fits_slopes(raw: Any, changed: Floats, V: Floats) -> bool:
    """Tell whether a diagonal or Jacobians, in either layout, account for a change along V."""
    given = np.asarray(raw, dtype=float)
    if given.shape in (V.shape, ()) and V.shape == changed.shape:
        return _alike(given * V, changed)
    batch, n = V.shape
    m = changed.shape[1]
    if given.shape == (batch, m, n) and _alike(np.einsum("bij,bj->bi", given, V), changed):
        return True
    return given.shape == (batch, n, m) and _alike(np.einsum("bji,bj->bi", given, V), changed)


def share_of_slopes(raw: Any, function: Callable[[Any], Any], X: Floats) -> float:
    """Give the share of the entries of a diagonal or of Jacobians that are about what differences give."""
    given = np.asarray(raw, dtype=float)
    units = np.eye(X.shape[1])
    wanted = np.stack([change(function, X, np.broadcast_to(unit, X.shape)) for unit in units], axis=-1)
    if given.shape == X.shape == wanted.shape[:2]:
        wanted = np.diagonal(wanted, axis1=1, axis2=2)
    return float(np.mean(_near(given, wanted))) if given.shape == wanted.shape else 0.0


def fits_pull(raw: Any, C: Floats, changed: Floats, V: Floats) -> bool:
    """Tell whether products with cotangents C account for a change along V."""
    given = np.asarray(raw, dtype=float)
    if given.shape != V.shape:
        return False
    return _alike((given * V).sum(axis=1), (C * changed).sum(axis=1))


def same(first: Any, second: Any) -> bool:
    """Tell whether two results are the same but for rounding."""
    types = [np.asarray(each).dtype for each in (first, second)]
    rounding = max(float(np.finfo(each).eps) if each.kind == "f" else 0.0 for each in types)
    one, other = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if one.shape != other.shape:
        return False
    size = float(np.max(np.abs(one), initial=0.0)) + float(np.max(np.abs(other), initial=0.0))
    return bool(np.max(np.abs(one - other), initial=0.0) <= max(1e-9, _ROUNDINGS * rounding) * size)


def _alike(given: Floats, wanted: Floats) -> bool:
    return bool(np.mean(_near(given, wanted)) >= _SHARE)


def _near(given: Floats, wanted: Floats) -> NDArray[np.bool_]:
    size = np.abs(wanted) + 1e-3 * float(np.max(np.abs(wanted), initial=0.0)) + 1e-12
    return np.asarray(np.abs(given - wanted) <= _RTOL * size)
