"""Reads what a functor is given: arrays into floating point, constructor arguments into checked numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, SupportsFloat, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.floating[Any]]


def floats(X: ArrayLike) -> Floats:
    """Give `X` as an array of its own floating type; integers and booleans become float64."""
    array = np.asarray(X)
    return array.astype(np.float64) if array.dtype.kind in "biu" else array


def rows(X: ArrayLike) -> Floats:
    """Give `X` as `floats` does, provided that it has a last axis to be the row.

    Raises
    ------
    ValueError
        For a scalar: the functions of a whole row have no value there.
    """
    array = floats(X)
    if array.ndim == 0:
        raise ValueError("a function of the whole row needs one: give an array of shape (n,) or (..., n), not a scalar")
    return array


def scaled(factor: float, X: Floats) -> Floats:
    """Give `factor` times `X`, with the type's largest number where that would overflow."""
    with np.errstate(over="ignore"):
        product: Floats = np.nan_to_num(factor * X, nan=np.nan)
    return product


def within(name: str, value: SupportsFloat, low: float, high: float) -> float:
    """Give `value` as a float, or raise ValueError unless it is in [`low`, `high`]."""
    return _allowed(name, value, f"in [{low:g}, {high:g}]", lambda number: low <= number <= high)


def zero_or_within(name: str, value: SupportsFloat, low: float, high: float) -> float:
    """Give `value` as a float, or raise ValueError unless it is 0 or in [`low`, `high`]."""
    return _allowed(name, value, f"0 or in [{low:g}, {high:g}]", lambda number: number == 0 or low <= number <= high)


def nonzero(name: str, value: SupportsFloat) -> float:
    """Give `value` as a float, or raise ValueError unless it is finite and not 0."""
    return _allowed(name, value, "finite and not 0", lambda number: number != 0)


def count(name: str, value: SupportsFloat, high: int) -> int:
    """Give `value` as an int, or raise ValueError unless it is a whole number from 1 to `high`."""
    bounds = f"a whole number from 1 to {high}"
    return int(_allowed(name, value, bounds, lambda number: number.is_integer() and 1 <= number <= high))


def _allowed(name: str, value: SupportsFloat, bounds: str, is_allowed: Callable[[float], bool]) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if math.isfinite(number) and is_allowed(number):
        return number
    raise ValueError(f"{name} must be {bounds}, got {value}")
