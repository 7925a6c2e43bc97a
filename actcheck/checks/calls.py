"""Calls of the functor under test: what it raises, returns and warns of is turned into plain arrays or a finding."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable
from dataclasses import field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.model import Claim, Finding, Layout, Outcome
from actcheck.numeric.domain import LINE, Domain
from actcheck.numeric.lines import FloatArray, Make
from actcheck.numeric.scratch import Scratch
from actcheck.targets.reading.functors import raised_by
from actcheck.targets.reading.stretch import BROKEN
from actcheck.targets.trace import cut_traceback

BLOCK_BYTES = 1 << 26
"""Gradients are asked for in blocks of rows of at most 64 MiB."""


_ALONE = 64
"""Of rows up to this width, on which an element-wise function raises, each number is asked for alone."""

_BESIDE = 2.0**-20
"""How far from a number at which a gradient divides by zero its sign is looked for, times its size or 1."""

_HIDDEN = 16
"""So many entries without a gradient are looked into, at most."""


class BrokenContract(Exception):  # noqa: N818 - it is a finding on its way, no error of this program
    """The functor gave something that no check can go on with."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


@dataclass(frozen=True)
class Subject:
    """The functor under test as functions on float64 arrays.

    Parameters
    ----------
    functor : object
        With ``__call__`` and ``gradient``.
    inputs, outputs : int
        Widths n and m.
    claim : Claim
    layout : Layout
    dtype : str
        Type that the gradient, and where asked for the value, is computed in.
    spread : bool
        Whether a diagonal is looked at as the full Jacobian that it claims.
    domain : Domain
        Where inputs may lie; the functor is called with no others.
    raised : list of (ndarray, exception)
        The first row, if any, on which the gradient raised though the value does not.
    divided : list of (ndarray, exception)
        The same of numbers at which it divides by zero, and infinity stands for its value.
    scratch : Scratch
        Room for what is computed of it, check after check.
    """

    functor: Any
    inputs: int
    outputs: int
    claim: Claim
    layout: Layout
    dtype: str
    spread: bool = False
    domain: Domain = LINE
    raised: list[tuple[FloatArray, BaseException]] = field(default_factory=list, repr=False, compare=False)
    divided: list[tuple[FloatArray, BaseException]] = field(default_factory=list, repr=False, compare=False)
    scratch: Scratch = field(default_factory=Scratch, repr=False, compare=False)

    @property
    def diagonal(self) -> bool:
        """Whether gradients are diagonals in the shape of X."""
        return self.claim is Claim.DIAGONAL and not self.spread

    @property
    def gradient_size(self) -> int:
        """How many entries the gradient of a row has."""
        return self.inputs if self.diagonal else self.inputs * self.outputs

    @property
    def block(self) -> int:
        """How many rows a gradient is asked for at a time."""
        return max(1, BLOCK_BYTES // (8 * self.gradient_size))

    def another(self, functor: Any, inputs: int, outputs: int) -> Subject:
        """Give another functor, or the same one of another width, that is looked at in the same way."""
        return replace(self, functor=functor, inputs=inputs, outputs=outputs, raised=[], divided=[])

    def forward(self, X: FloatArray) -> FloatArray:
        """Evaluate the function in float64.

        Parameters
        ----------
        X : ndarray of shape (K, n)

        Returns
        -------
        ndarray of shape (K, m)
            NaN in rows on which the functor raises, and of inputs outside the domain.

        Raises
        ------
        BrokenContract
            If the shape of what it returns is another than before.
        """
        return self._value(X, "float64")

    def forward_made(self, make: Make) -> FloatArray:
        """Evaluate the function in float64 on rows that are made for it, and that it may keep; see `forward`."""
        if not self.domain.is_line:
            return self.forward(make())
        return self._rows(self.functor, make(), "float64", (self.outputs,), make)

    def forward_in_type(self, X: FloatArray) -> FloatArray:
        """Evaluate the function in `dtype`."""
        return self._value(X, self.dtype)

    def gradient(self, X: FloatArray, lent: bool = False) -> FloatArray:
        """Evaluate the gradient in `dtype`.

        Parameters
        ----------
        X : ndarray of shape (K, n)
        lent : bool
            Whether it will do until the next call only, so that nothing large has to be copied.

        Returns
        -------
        ndarray of shape (K, n), or (K, m, n) in layout ``out-in``
            NaN in rows on which the functor raises.
        """
        values = self._inside(self.functor.gradient, X, self.dtype, self.gradient_tail, lent)
        if values.shape == X.shape and not self.raised and np.isnan(values).any():
            self._look_for_hidden(X, values)
        if self.spread and self.claim is Claim.DIAGONAL:
            full = np.zeros((len(X), self.inputs, self.inputs))
            full[:, np.arange(self.inputs), np.arange(self.inputs)] = values
            return full
        if self.claim is Claim.JACOBIAN and self.layout is Layout.IN_OUT:
            return np.ascontiguousarray(np.swapaxes(values, 1, 2))
        return values

    @property
    def gradient_tail(self) -> tuple[int, ...]:
        """Shape of the functor's own gradient for one row."""
        if self.claim is Claim.DIAGONAL:
            return (self.inputs,)
        full = (self.outputs, self.inputs)
        return full[::-1] if self.layout is Layout.IN_OUT else full

    def _look_for_hidden(self, X: FloatArray, values: FloatArray) -> None:
        """Note what the gradient of a function of single numbers raises where NaN stands for it, and a value is."""
        for row, place in np.argwhere(np.isnan(values) & np.isfinite(X))[:_HIDDEN]:
            error = raised_by(self.functor, float(X[row, place]), by_gradient=True)
            if error is None:
                return
            if np.isfinite(self.forward(X[row : row + 1])[0, place]):
                self.raised.append((X[row].copy(), error))
                return

    def _value(self, X: FloatArray, dtype: str) -> FloatArray:
        values = self._inside(self.functor, X, dtype, (self.outputs,))
        if not self.domain.is_line:
            self._open_borders(X, values)
        return values

    def _open_borders(self, X: FloatArray, values: FloatArray) -> None:
        """Take a border where the value is not finite out of the domain, in place."""
        border = self.domain.on_border(X)
        if border.any():
            at = border if self.diagonal else border.any(axis=1, keepdims=True)
            values[at & ~np.isfinite(values)] = np.nan

    def _inside(
        self, function: Callable[[Any], Any], X: FloatArray, dtype: str, tail: tuple[int, ...], lent: bool = False
    ) -> FloatArray:
        """Call a function with what lies in the domain only; the rest is NaN."""
        outside = None if self.domain.is_line else self.domain.outside(X)
        if outside is None or not outside.any():
            return self._rows(function, X, dtype, tail, lent=lent)
        if self.diagonal:
            values = self._rows(function, np.where(outside, self.domain.middle, X), dtype, tail)
            values[outside] = np.nan
            return values
        left = ~outside.any(axis=1)
        values = np.full((len(X), *tail), np.nan)
        if left.any():
            values[left] = self._rows(function, X[left], dtype, tail)
        return values

    def _rows(
        self,
        function: Callable[[Any], Any],
        X: FloatArray,
        dtype: str,
        tail: tuple[int, ...],
        make: Make | None = None,
        lent: bool = False,
    ) -> FloatArray:
        # The functor gets a copy, so that one that writes into its input spoils nothing.
        failure = None
        try:
            given = [quietly(function, X if make is not None else X.astype(dtype))]
        except Exception as error:
            failure = error
        # Outside the handler, or each half's exception would drag the whole's along as its context.
        if failure is not None:
            return self._halves(function, X if make is None else make(), dtype, tail, failure)
        lent = lent or _is_let_go(given)
        return as_numbers(given[0], (len(X), *tail), lent)

    def _halves(
        self, function: Callable[[Any], Any], X: FloatArray, dtype: str, tail: tuple[int, ...], error: Exception
    ) -> FloatArray:
        if len(X) <= 1:
            if self.diagonal and len(X) and X.shape[1] <= _ALONE and not _is_one_number(X):
                return self._one_by_one(function, X[0], dtype, tail)
            if function is self.functor and isinstance(error, BROKEN):
                raise BrokenContract(_breaks(X[0], error))
            if function is not self.functor and isinstance(error, ZeroDivisionError):
                sign = self._sign_beside(function, X, dtype, tail)
                if sign and np.isfinite(self.forward(X)).any():
                    self.divided[:] = self.divided or [(X[0].copy(), error)]
                    return np.full((len(X), *tail), sign * np.inf)
            if function is not self.functor and not self.raised and np.isfinite(self.forward(X)).any():
                self.raised.append((X[0].copy(), error))
            return np.full((len(X), *tail), np.nan)
        middle = len(X) // 2
        return np.concatenate(
            [self._rows(function, X[:middle], dtype, tail), self._rows(function, X[middle:], dtype, tail)]
        )

    def _sign_beside(self, function: Callable[[Any], Any], X: FloatArray, dtype: str, tail: tuple[int, ...]) -> float:
        """Give the sign of a slope close by, 0 where there are two: Python raises where NumPy divides to infinity."""
        if not self.diagonal or not len(X):
            return 0.0
        signs = set()
        for step in (-_BESIDE, _BESIDE):
            beside = X + step * np.maximum(np.abs(X), 1.0)
            try:
                slopes = as_numbers(quietly(function, beside.astype(dtype)), (1, *tail))
            except (ArithmeticError, ValueError, BrokenContract):
                continue
            signs |= set(np.sign(slopes[np.isfinite(slopes)]).tolist())
        return signs.pop() if len(signs) == 1 else 0.0

    def _one_by_one(
        self, function: Callable[[Any], Any], row: FloatArray, dtype: str, tail: tuple[int, ...]
    ) -> FloatArray:
        """Ask an element-wise function with each number of a row alone: one that is refused says nothing of others."""
        rows = np.repeat(row[:, None], len(row), axis=1)
        return np.array([[self._rows(function, rows[j : j + 1], dtype, tail)[0, j] for j in range(len(row))]])


def _is_one_number(X: FloatArray) -> bool:
    """Tell whether a row is the same number everywhere, be that NaN."""
    return np.array_equal(X, np.broadcast_to(X[:, :1], X.shape), equal_nan=True)


def refusal(functor: Any, X: NDArray[Any]) -> str:
    """Say how a functor refuses rows: its value raises on them, but not since its code is broken, or is not finite.

    Parameters
    ----------
    functor : object
    X : ndarray of shape (batch, n)

    Returns
    -------
    str
        What the value does, empty where it takes them.
    """
    try:
        value = np.asarray(quietly(functor, X.copy()))
    except BROKEN:
        return ""
    except Exception as error:
        return f"raises {named(error)}"
    is_number = value.dtype.kind in "biuf"
    return "is not finite" if is_number and not np.isfinite(value).all() else ""


def _breaks(row: FloatArray, error: Exception) -> Finding:
    message = f"the value raises {named(error)}; what refuses an input raises a ValueError, or gives NaN"
    values, trace = tuple(map(float, row)), cut_traceback(error)
    return Finding("contract", Outcome.FAILED, "raises", message, values=values, trace=trace)


def quietly(function: Callable[[Any], Any], X: NDArray[Any]) -> Any:
    """Call a function of the user's with NumPy's floating-point warnings silenced."""
    with np.errstate(all="ignore"):
        try:
            return function(X)
        except SystemExit as error:
            raise RuntimeError(f"it called sys.exit({error.code!r})").with_traceback(error.__traceback__) from None


def as_numbers(raw: Any, shape: tuple[int, ...], lent: bool = False) -> FloatArray:
    """Turn what a functor returned into a float64 array.

    Parameters
    ----------
    raw : object
    shape : tuple of int
    lent : bool
        Whether it is used up before the functor is called again: one that writes into the same array each time would
        change it under the comparison.

    Raises
    ------
    BrokenContract
        If it is no array of real numbers of this shape; a scalar stands for an array of it.
    """
    values = np.asarray(raw)
    if values.shape != shape and values.shape != ():
        message = f"the shape is {shape_text(values.shape)} for a batch of {shape[0]}, {shape_text(shape)} is expected"
        raise BrokenContract(Finding("contract", Outcome.FAILED, "shape", message))
    if values.dtype.kind not in "biuf":
        message = f"the values are {values.dtype} for a batch of {shape[0]}, real numbers are expected"
        raise BrokenContract(Finding("contract", Outcome.FAILED, "type", message))
    if values.shape == shape:
        return values.astype(np.float64, copy=not lent)
    return np.full(shape, float(values))


def _is_let_go(given: list[Any]) -> bool:
    """Tell whether nobody but a list of one holds an array, so that no functor can write into it again.

    It is known by its references, which only CPython counts; elsewhere, and of a view, nothing is known.
    """
    if type(given[0]) is not np.ndarray or weakref.getweakrefcount(given[0]):
        return False
    if not given[0].flags.owndata or not given[0].flags.writeable:
        return False
    return _references(given) == _HELD_ONCE


def _references(given: list[Any]) -> int:
    count = getattr(sys, "getrefcount", None)
    return 0 if count is None else int(count(given[0]))


_HELD_ONCE = max(1, _references([np.empty(0)]))
"""What is counted of an array that only a list holds."""


def shape_text(shape: tuple[int, ...]) -> str:
    """Write a shape as NumPy does."""
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def named(error: BaseException) -> str:
    """Name an exception of the user's code, on one line."""
    try:
        text = " ".join(str(error).split())
    except Exception:
        text = "(its message cannot be shown)"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
