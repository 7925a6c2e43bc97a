"""How samples are handed over: a batch as rows or as columns, a sample at a time, or a number at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Call = Callable[..., Any]
Array = NDArray[Any]


class Handing(Protocol):
    """Turns a batch of rows into what a function takes, and what it returns back; calls may take a cotangent too."""

    @property
    def note(self) -> str:
        """How samples are handed over, in words; empty where it is the usual way."""

    def value(self, call: Call, X: Array) -> Any:
        """Give values for (batch, n)."""

    def slope(self, call: Call, X: Array) -> Any:
        """Give derivatives as (batch, n) or (batch, m, n)."""

    def pull(self, call: Call, X: Array, C: Array) -> Any:
        """Give the products (batch, n) of cotangents (batch, m) with the Jacobian."""


class Rows:
    """The whole batch, as it is."""

    note = ""

    def value(self, call: Call, X: Array) -> Any:
        """Give what is returned."""
        return call(X)

    def slope(self, call: Call, X: Array) -> Any:
        """Give what is returned."""
        return call(X)

    def pull(self, call: Call, X: Array, C: Array) -> Any:
        """Give what is returned."""
        return call(X, C)


class Columns:
    """The whole batch as (n, batch)."""

    def __init__(self) -> None:
        # Of Jacobians, told by the first batch that is as large as no width.
        self._is_last: bool | None = None

    note = "a batch is handed over as columns: (n, batch)"

    def value(self, call: Call, X: Array) -> Any:
        """Turn what is returned."""
        return _turned(call(X.T))

    def slope(self, call: Call, X: Array) -> Any:
        """Turn what is returned, a diagonal or Jacobians whose last axis may be the batch's."""
        raw = call(X.T)
        if not isinstance(raw, np.ndarray) or raw.ndim != 3:
            return _turned(raw)
        if (raw.shape[0] == len(X)) != (raw.shape[-1] == len(X)) and self._is_last is None:
            self._is_last = raw.shape[-1] == len(X)
        return np.moveaxis(raw, -1, 0) if self._is_last else raw

    def pull(self, call: Call, X: Array, C: Array) -> Any:
        """Turn what is returned."""
        return _turned(call(X.T, C.T))


class Single:
    """A sample at a time, as (n,)."""

    note = "samples are handed over one at a time, as (n,)"

    def value(self, call: Call, X: Array) -> Any:
        """Stack what is returned, numbers or vectors."""
        return _stacked([np.atleast_1d(np.asarray(call(x))) for x in X])

    def slope(self, call: Call, X: Array) -> Any:
        """Stack what is returned."""
        return _stacked([np.asarray(call(x)) for x in X])

    def pull(self, call: Call, X: Array, C: Array) -> Any:
        """Stack what is returned."""
        return _stacked([np.asarray(call(x, c)) for x, c in zip(X, C, strict=True)])


class Column:
    """A sample at a time, as a column (n, 1)."""

    note = "samples are handed over one at a time, as columns (n, 1)"

    def value(self, call: Call, X: Array) -> Any:
        """Stack the columns that are returned."""
        return _stacked([_flat(call(x[:, None])) for x in X])

    def slope(self, call: Call, X: Array) -> Any:
        """Stack what is returned, columns or matrices."""
        return _stacked([_flat(call(x[:, None])) for x in X])

    def pull(self, call: Call, X: Array, C: Array) -> Any:
        """Stack the columns that are returned."""
        return _stacked([_flat(call(x[:, None], c[:, None])) for x, c in zip(X, C, strict=True)])


class Alone:
    """A sample at a time, as a batch of one (1, n)."""

    note = "samples are handed over one at a time, as rows (1, n)"

    def value(self, call: Call, X: Array) -> Any:
        """Stack the rows that are returned."""
        return _stacked([_first(call(x[None])) for x in X])

    def slope(self, call: Call, X: Array) -> Any:
        """Stack what is returned, rows or matrices."""
        return _stacked([_first(call(x[None])) for x in X])

    def pull(self, call: Call, X: Array, C: Array) -> Any:
        """Stack the rows that are returned."""
        return _stacked([_first(call(x[None], c[None])) for x, c in zip(X, C, strict=True)])


class Numbers:
    """A number at a time, as a Python float.

    Parameters
    ----------
    is_loud : bool
        Whether ``math`` raises where NumPy gives infinity; else that is what is taken for it.
    """

    def __init__(self, is_loud: bool = False) -> None:
        self._hushed: tuple[type[Exception], ...] = () if is_loud else (OverflowError,)

    note = "numbers are handed over one at a time"

    def value(self, call: Call, X: Array) -> Any:
        """Arrange what is returned like the numbers; ``math`` raises where NumPy gives infinity."""
        return np.array([[self._or(math.inf, call, number) for number in row] for row in X.tolist()])

    def slope(self, call: Call, X: Array) -> Any:
        """Arrange what is returned like the numbers."""
        return np.array([[self._or(math.nan, call, number) for number in row] for row in X.tolist()])

    def pull(self, call: Call, X: Array, C: Array) -> Any:
        """Arrange what is returned like the numbers."""
        pairs = (zip(row, cotangents, strict=True) for row, cotangents in zip(X.tolist(), C.tolist(), strict=True))
        return np.array([[self._or(math.nan, call, *pair) for pair in row] for row in pairs])

    def _or(self, beyond: float, call: Call, *numbers: float) -> Any:
        try:
            return call(*numbers)
        except self._hushed:
            return beyond


def _turned(raw: Any) -> Any:
    return raw.T if isinstance(raw, np.ndarray) and raw.ndim == 2 else raw


def _flat(raw: Any) -> Any:
    """Take a column for a vector."""
    array = np.asarray(raw)
    return array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array


def _first(raw: Any) -> Any:
    """Take a batch of one for what is in it."""
    array = np.asarray(raw)
    return array[0] if array.ndim > 1 and array.shape[0] == 1 else array


def _stacked(each: list[Array]) -> Any:
    return np.stack(each) if len({one.shape for one in each}) == 1 else each
