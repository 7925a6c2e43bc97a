"""Functions of the whole row that compare its entries: softmax and its kin. Jacobians are J[..., i, j] = da_i/dx_j."""

from __future__ import annotations

from typing import SupportsFloat

import numpy as np
from numpy.typing import ArrayLike

from .inputs import Floats, nonzero, rows


class Softmax:
    """Softmax over the last axis, exp(s x_i) / Σ_k exp(s x_k).

    Parameters
    ----------
    stretch : float, default 1
        The factor s: the larger, the more the largest entry takes. Finite and not 0.
    """

    def __init__(self, stretch: SupportsFloat = 1) -> None:
        self.stretch = nonzero("stretch", stretch)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = rows(X)
        peak: Floats = (np.max if self.stretch > 0 else np.min)(X, axis=-1, keepdims=True)
        # Measured from the peak no exponential overflows; a distance that does is -∞, and its exponential rightly 0.
        with np.errstate(over="ignore"):
            E: Floats = np.exp(self.stretch * (X - peak))
        total: Floats = E.sum(axis=-1, keepdims=True)
        return E / total

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the Jacobian, s a_i (δ_ij - a_j)."""
        A = self(X)
        return _with_zero_row_sums(-self.stretch * A[..., :, None] * A[..., None, :])


class Softmin(Softmax):
    """Softmax that favours the smallest entry, exp(-x_i) / Σ_k exp(-x_k)."""

    def __init__(self) -> None:
        super().__init__(stretch=-1)


class LogSoftmax:
    """Logarithm of softmax, x_i - log Σ_k exp(x_k)."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = rows(X)
        peak, excess = _log_sum_exp(X)
        return X - peak - excess

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the Jacobian, δ_ij - softmax_j."""
        A = Softmax()(X)
        return _with_zero_row_sums(np.repeat(-A[..., None, :], A.shape[-1], axis=-2))


class LogSumExp:
    """Smooth maximum, log Σ_k exp(x_k); one output per row."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function, in the shape (..., 1)."""
        peak, excess = _log_sum_exp(rows(X))
        return peak + excess

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the Jacobian, softmax_j, in the shape (..., 1, n)."""
        return Softmax()(X)[..., None, :]


class Sparsemax:
    """Projection of the row on the probability simplex, max(x_i - τ, 0) with τ such that the row sums to 1."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = rows(X)
        # An entry more than 1 below the largest is 0 whatever its size: cut there, it cannot overflow a sum.
        with np.errstate(over="ignore"):
            Z: Floats = np.maximum(X - np.max(X, axis=-1, keepdims=True), -1)
        falling: Floats = -np.sort(-Z, axis=-1)
        counts = np.arange(1, X.shape[-1] + 1, dtype=X.dtype)
        # τ is right for the entries above it; counting any other number of largest entries gives a smaller one.
        tau: Floats = np.max((np.cumsum(falling, axis=-1) - 1) / counts, axis=-1, keepdims=True)
        return np.maximum(Z - tau, 0)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the Jacobian, δ_ij - 1/k between the k entries above τ, else 0; an entry at τ counts as below."""
        A = self(X)
        inside = (A > 0).astype(A.dtype)
        both = inside[..., :, None] * inside[..., None, :]
        count: Floats = inside.sum(axis=-1)[..., None, None]
        return both * np.eye(A.shape[-1], dtype=A.dtype) - both / count


def _log_sum_exp(X: Floats) -> tuple[Floats, Floats]:
    """Give the largest entry of each row, and how much log Σ_k exp(x_k) is above it."""
    peak: Floats = np.max(X, axis=-1, keepdims=True)
    with np.errstate(over="ignore"):
        others: Floats = np.exp(X - peak)
    # The peak's own 1 is left to log1p: added to the others it would swallow them.
    np.put_along_axis(others, np.argmax(X, axis=-1)[..., None], 0, axis=-1)
    return peak, np.log1p(others.sum(axis=-1, keepdims=True))


def _with_zero_row_sums(J: Floats) -> Floats:
    """Set the diagonal of square matrices, in place, so that every row sums to 0.

    Where a_i is close to 1, the diagonal a_i (1 - a_i) loses all its digits in 1 - a_i, but none in the sum of the
    other entries.
    """
    i = np.arange(J.shape[-1])
    J[..., i, i] = 0
    J[..., i, i] = -J.sum(axis=-1)
    return J
