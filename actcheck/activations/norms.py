"""Functions that give every row a standard size. Jacobians are J[..., i, j] = da_i/dx_j.

Squares overflow long before their row does, so rows are brought to a size of 1 before they are squared.
"""

from __future__ import annotations

from typing import SupportsFloat

import numpy as np
from numpy.typing import ArrayLike

from .inputs import Floats, rows, within


class LayerNorm:
    """Layer normalisation without an affine map, (x_i - mean) / √(variance + eps).

    Parameters
    ----------
    eps : float, default 1e-5
        Added to the variance, in [1e-12, 1].
    """

    def __init__(self, eps: SupportsFloat = 1e-5) -> None:
        self.eps = within("eps", eps, 1e-12, 1)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        A, _ = self._standardised(rows(X))
        return A

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the Jacobian, (δ_ij - 1/n - a_i a_j / n) / √(variance + eps)."""
        A, deviation = self._standardised(rows(X))
        n = A.shape[-1]
        unit = np.eye(n, dtype=A.dtype)
        # 1 - 1/n - a_i²/n cancels where x_i is apart from the others, the more so the closer they are to each other.
        # What is left is their spread and eps; D_ij is how far x_j is from the mean of all but x_i, in deviations.
        D = (A[..., None, :] - _sum_of_others(A)[..., :, None] / max(n - 1, 1)) * (1 - unit)
        spread: Floats = (self.eps**0.5 / deviation) ** 2 + np.mean(D * D, axis=-1)
        J: Floats = ((n * unit - 1) * spread[..., :, None] - A[..., :, None] * D) / n
        # The matrix is symmetric: of J_ij and J_ji, the one in the row with less spread has cancelled less. Where rows
        # have the same, one is as good as the other, but it has to be the same one.
        own, other = spread[..., :, None], spread[..., None, :]
        J = np.where((own < other) | ((own == other) & (np.tri(n) > 0)), J, np.swapaxes(J, -1, -2))
        return J / deviation[..., None]

    def _standardised(self, X: Floats) -> tuple[Floats, Floats]:
        size: Floats = np.maximum(_largest(X), 1)
        C = X / size
        # Twice: what rounding of the first mean leaves is large beside the deviations of a row far from 0.
        for _ in range(2):
            mean: Floats = np.mean(C, axis=-1, keepdims=True)
            C = C - mean
        deviation: Floats = np.hypot(size * _root_mean_square(C), self.eps**0.5)
        relative: Floats = deviation / size
        return C / relative, deviation


class RMSNorm:
    """Root-mean-square normalisation without a gain, x_i / √(mean of squares + eps).

    Parameters
    ----------
    eps : float, default 1e-6
        Added to the mean of squares, in [1e-12, 1].
    """

    def __init__(self, eps: SupportsFloat = 1e-6) -> None:
        self.eps = within("eps", eps, 1e-12, 1)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = rows(X)
        return X / self._divisor(X)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the Jacobian, (δ_ij - a_i a_j / n) / √(mean of squares + eps)."""
        X = rows(X)
        divisor = self._divisor(X)
        A = X / divisor
        n = A.shape[-1]
        # 1 - a_i²/n cancels where one entry outweighs the others; what is left is eps and the others.
        diagonal = (self.eps**0.5 / divisor) ** 2 + _sum_of_others(A * A) / n
        J = -A[..., :, None] * A[..., None, :] / n
        return _with_diagonal(J, diagonal) / divisor[..., None]

    def _divisor(self, X: Floats) -> Floats:
        size = np.maximum(_largest(X), 1)
        divisor: Floats = np.hypot(size * _root_mean_square(X / size), self.eps**0.5)
        return divisor


class L2Normalize:
    """Row of length 1, x_i / max(‖x‖, eps).

    Parameters
    ----------
    eps : float, default 1e-12
        Shorter rows are divided by this. Finite and greater than 0; the type's smallest normal number if that is more.
    """

    def __init__(self, eps: SupportsFloat = 1e-12) -> None:
        self.eps = within("eps", eps, 1e-12, 1)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        _, Z, length, least = self._parts(rows(X))
        return Z / np.maximum(length, least)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the Jacobian, (δ_ij - a_i a_j) / ‖x‖; δ_ij / eps where ‖x‖ <= eps."""
        size, Z, length, least = self._parts(rows(X))
        divisor = np.maximum(length, least)
        A = Z / divisor
        # 1 - a_i² cancels where one entry outweighs the others; what is left is the others.
        tangent = _with_diagonal(-A[..., :, None] * A[..., None, :], _sum_of_others(A * A))
        short = (length <= least)[..., None]
        return np.where(short, np.eye(A.shape[-1], dtype=A.dtype), tangent) / divisor[..., None] / size[..., None]

    def _parts(self, X: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        eps = max(self.eps, float(np.finfo(X.dtype).tiny))
        size = np.maximum(_largest(X), eps)
        Z = X / size
        return size, Z, _length(Z), eps / size


class Squash:
    """Capsules' squashing, x_i ‖x‖ / (1 + ‖x‖²): the direction stays, the length goes to [0, 1)."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        U, N, Q = self._polar(rows(X))
        return U * np.where(N <= 1, Q * Q, 1) / (1 + Q * Q)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the Jacobian, g (δ_ij - u_i u_j) + r u_i u_j.

        With N = ‖x‖ and u = x / N, g = N / (1 + N²) is the slope across u, and r = 2N / (1 + N²)² that along it.
        """
        U, N, Q = self._polar(rows(X))
        across = Q / (1 + Q * Q)
        along = 2 * across * np.where(N <= 1, 1, Q * Q) / (1 + Q * Q)
        excess = across * np.where(N <= 1, 1 - Q, Q - 1) * (1 + Q) / (1 + Q * Q)
        J = excess[..., None] * U[..., :, None] * U[..., None, :]
        # g + (r - g) u_i² cancels for a long row with one entry that outweighs the others.
        return _with_diagonal(J, across * _sum_of_others(U * U) + along * U * U)

    def _polar(self, X: Floats) -> tuple[Floats, Floats, Floats]:
        """Give the direction u, the length N, and of N and 1/N the one that is at most 1."""
        size = _largest(X)
        Z = X / np.where(size > 0, size, 1)
        # At least 1 but for a row of zeros, whose direction is then 0.
        length = np.maximum(_length(Z), 1)
        with np.errstate(over="ignore"):
            N = size * length
        inverse = 1 / length
        return Z / length, N, np.minimum(N, inverse / np.maximum(size, inverse))


def _largest(X: Floats) -> Floats:
    largest: Floats = np.max(np.abs(X), axis=-1, keepdims=True)
    return largest


def _root_mean_square(X: Floats) -> Floats:
    squares: Floats = np.mean(X * X, axis=-1, keepdims=True)
    return np.sqrt(squares)


def _length(X: Floats) -> Floats:
    square: Floats = np.sum(X * X, axis=-1, keepdims=True)
    return np.sqrt(square)


def _sum_of_others(S: Floats) -> Floats:
    """Give, for each entry of a row, the sum of the others."""
    n = S.shape[-1]
    return S @ (1 - np.eye(n, dtype=S.dtype))


def _with_diagonal(J: Floats, diagonal: Floats) -> Floats:
    i = np.arange(J.shape[-1])
    J[..., i, i] = diagonal
    return J
