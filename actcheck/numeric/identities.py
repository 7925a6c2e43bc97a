"""Identities of a function, found by measurement: what holds on ordinary rows to rounding is taken to hold.

An identity carries a derivative to where differences are blunt: 1 / (1 + exp(-x)) is 1 to the last bit for x > 37,
but f(x) + f(-x) = 1, and at -x the function is small, and its differences are sharp.
"""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.numeric.lines import FloatArray, Forward

_ULPS = 64.0
_SHIFTS = (0.75, -1.25)
_FLAT = 1e-3


class Kind(Enum):
    """A family of identities; the value is what it says."""

    EVEN = "f(-x) = f(x)"
    POINT = "f(x) + f(-x) = c"
    SHIFT = "f(x + t) = f(x)"
    TOTAL = "a constant sum of the outputs"


@dataclass(frozen=True)
class Identity:
    """An identity that a function was seen to have.

    Parameters
    ----------
    kind : Kind
    constant : ndarray of shape (m,)
        The c of `POINT`, the sum of `TOTAL`; zeros otherwise.
    usual : ndarray of shape (m,)
        The usual |f| of each output.
    """

    kind: Kind
    constant: FloatArray
    usual: FloatArray

    @property
    def text(self) -> str:
        """Say what it is, with its constant where that is one number."""
        if self.kind is not Kind.POINT or not self.constant.size:
            return str(self.kind.value)
        first = float(self.constant[0])
        if not (np.abs(self.constant - first) <= _tolerance(self.usual)).all():
            return str(self.kind.value)
        if abs(first) <= _tolerance(self.usual).max():
            return "f(-x) = -f(x)"
        return f"f(x) + f(-x) = {first:.6g}"

    def holds(self, forward: Forward, X: FloatArray) -> NDArray[np.bool_]:
        """Tell on which rows it holds, to rounding.

        Parameters
        ----------
        forward : callable
        X : ndarray of shape (K, n)

        Returns
        -------
        ndarray of bool of shape (K, m), or of shape (K, 1) for `TOTAL`
        """
        values = forward(X)
        with np.errstate(invalid="ignore", over="ignore"):
            if self.kind is Kind.TOTAL:
                off = np.abs(values.sum(axis=1, keepdims=True) - self.constant[0])
                return np.asarray(off <= _tolerance(np.abs(values).sum(axis=1, keepdims=True)))
            other = forward(X + _SHIFTS[0]) if self.kind is Kind.SHIFT else forward(-X)
            off = np.abs(values + other - self.constant if self.kind is Kind.POINT else values - other)
            return np.asarray(off <= _tolerance(np.maximum(np.abs(values), np.abs(other)) + self.usual))


def find(forward: Forward, X: FloatArray, diagonal: bool) -> tuple[Identity, ...]:
    """Find the identities that hold on all of some ordinary rows.

    Parameters
    ----------
    forward : callable
        (K, n) -> (K, m).
    X : ndarray of shape (batch, n)
        Two rows at least; with fewer anything would hold.
    diagonal : bool
        Whether the function is element-wise: then there is nothing to sum.
    """
    plus, minus = forward(X), forward(-X)
    known = np.isfinite(plus).all(axis=1) & np.isfinite(minus).all(axis=1)
    X, plus, minus = X[known], plus[known], minus[known]
    if len(X) < 2 or _is_flat(plus):
        return ()
    usual: FloatArray = np.median(np.abs(plus), axis=0)
    zeros = np.zeros(plus.shape[1])
    total = plus.sum(axis=1)
    candidates = [Identity(Kind.EVEN, zeros, usual), Identity(Kind.POINT, np.median(plus + minus, axis=0), usual)]
    if not diagonal:
        candidates += [
            Identity(Kind.SHIFT, zeros, usual),
            Identity(Kind.TOTAL, np.array([float(np.median(total))]), usual),
        ]
    return tuple(each for each in candidates if each.holds(forward, X).all())


def _is_flat(values: FloatArray) -> bool:
    """Tell whether hardly anything varies, so that everything seems to hold."""
    spread = np.ptp(values, axis=0)
    return bool((spread <= _FLAT * np.abs(values).max(axis=0)).any())


def _tolerance(size: FloatArray) -> FloatArray:
    return _ULPS * float(np.finfo(np.float64).eps) * size
