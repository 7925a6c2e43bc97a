"""Functions that take several inputs to one output: gates and maxima. Jacobians are J[..., i, j] = da_i/dx_j."""

from __future__ import annotations

from typing import SupportsFloat

import numpy as np
from numpy.typing import ArrayLike

from .inputs import Floats, count, rows
from .self_gated import SiLU
from .sigmoids import Sigmoid


class GLU:
    """Gated linear unit: of a row in two halves u and v, u_i σ(v_i)."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function, in the shape (..., n/2)."""
        U, V = _halves(X)
        return U * Sigmoid()(V)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the Jacobian, σ(v_i) by u_i and u_i σ'(v_i) by v_i, in the shape (..., n/2, n)."""
        U, V = _halves(X)
        return _two_diagonals(Sigmoid()(V), U * Sigmoid().gradient(V))


class SwiGLU:
    """Gated unit of transformers: of a row in two halves u and v, silu(u_i) v_i."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function, in the shape (..., n/2)."""
        U, V = _halves(X)
        return SiLU()(U) * V

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the Jacobian, silu'(u_i) v_i by u_i and silu(u_i) by v_i, in the shape (..., n/2, n)."""
        U, V = _halves(X)
        return _two_diagonals(SiLU().gradient(U) * V, SiLU()(U))


class Maxout:
    """The largest of each group of neighbours.

    Parameters
    ----------
    pieces : int, default 2
        How many neighbours form a group. A whole number from 1 to 16.
    """

    def __init__(self, pieces: SupportsFloat = 2) -> None:
        self.pieces = count("pieces", pieces, 16)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function, in the shape (..., n/pieces)."""
        largest: Floats = self._groups(X).max(axis=-1)
        return largest

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the Jacobian, 1 at the largest of a group (of equals the first), in the shape (..., n/pieces, n)."""
        G = self._groups(X)
        m = G.shape[-2]
        chosen = np.zeros_like(G)
        np.put_along_axis(chosen, np.argmax(G, axis=-1)[..., None], 1, axis=-1)
        J = np.eye(m, dtype=G.dtype)[:, :, None] * chosen[..., None, :, :]
        return J.reshape(*J.shape[:-2], m * self.pieces)

    def _groups(self, X: ArrayLike) -> Floats:
        X = rows(X)
        m, rest = divmod(X.shape[-1], self.pieces)
        if rest:
            raise ValueError(f"the width of a row must be a multiple of pieces = {self.pieces}, got {X.shape[-1]}")
        return X.reshape(*X.shape[:-1], m, self.pieces)


def _halves(X: ArrayLike) -> tuple[Floats, Floats]:
    X = rows(X)
    m, rest = divmod(X.shape[-1], 2)
    if rest:
        raise ValueError(f"the width of a row must be even, got {X.shape[-1]}")
    return X[..., :m], X[..., m:]


def _two_diagonals(left: Floats, right: Floats) -> Floats:
    m = left.shape[-1]
    i = np.arange(m)
    J = np.zeros((*left.shape, 2 * m), dtype=left.dtype)
    J[..., i, i] = left
    J[..., i, m + i] = right
    return J
