"""The functors of the document that the tool grew from, as printed there; constructors are given bodies.

The document writes Jacobians with the input first, ``J[b, j, i]``. Softmax is its only function with a full Jacobian,
and that one is symmetric: both layouts read it alike.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from .case import FROM_TWO, Array, Case


class Sigmoid:
    def __init__(self) -> None:
        pass

    def __call__(self, X: Array) -> Array:
        return 1.0 / (1.0 + np.exp(-X))

    def gradient(self, X: Array) -> Array:
        Q = self(X)
        return Q * (1 - Q)


class Tanh:
    def __init__(self) -> None:
        pass

    def __call__(self, X: Array) -> Array:
        return np.tanh(X)

    def gradient(self, X: Array) -> Array:
        return 1 - np.tanh(X) ** 2


class Linear:
    def __init__(self) -> None:
        pass

    def __call__(self, X: Array) -> Array:
        return X

    def gradient(self, X: Array) -> Array:
        return np.ones(X.shape, dtype=float)


class ReLU:
    """Sets what is zero to 1 as well, and that is all of x < 0."""

    def __init__(self) -> None:
        pass

    def __call__(self, X: Array) -> Array:
        Y = np.zeros(X.shape, dtype=float)
        Y[X > 0] = X[X > 0]
        return Y

    def gradient(self, X: Array) -> Array:
        Y = self(X)
        Y[Y >= 0] = 1
        return Y


class Softplus:
    """The approximation of ReLU: ln(1 + e^x), with the last line of its derivation as gradient."""

    def __init__(self) -> None:
        pass

    def __call__(self, X: Array) -> Array:
        return np.log(1 + np.exp(X))

    def gradient(self, X: Array) -> Array:
        return 1 / (1 + np.exp(-X))


class Softmax:
    """The functor, with a Jacobian of one row that is handed in: the printed one has lost its outer product."""

    def __init__(self, single_jacobian: Callable[[Array, float], Array], stretch: float = 1.0) -> None:
        self.single_jacobian = single_jacobian
        self.stretch = stretch

    def __call__(self, X: Array) -> Array:
        axis = -1
        X_ = np.atleast_2d(X) * self.stretch
        Y = np.exp(X_ - np.expand_dims(np.max(X_, axis=axis), axis=axis))
        Y /= np.expand_dims(np.sum(Y, axis=axis), axis=axis)

        if len(X.shape) == 1:
            Y = Y.flatten()
        return Y

    def gradient(self, X: Array) -> Array:
        Y = self(X)
        out_shape = (*Y.shape, Y.shape[-1])
        Y = np.atleast_2d(Y)

        Y = Y.reshape(-1, Y.shape[-1])
        out = np.zeros((*Y.shape, Y.shape[-1]), dtype=float)

        # process each softmax vector
        for i in range(Y.shape[0]):
            out[i] = self.single_jacobian(Y[i], self.stretch)
        return out.reshape(out_shape)


def by_outer_product(Y: Array, s: float) -> Array:
    Y_ = Y.reshape(-1, 1)  # make 2D
    return s * (np.diagflat(Y_) - np.dot(Y_, Y_.T))


def by_kronecker_delta(Y: Array, s: float) -> Array:
    """s * softmax_i * (delta_ij - softmax_j), entry by entry."""
    n = len(Y)
    J = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            delta = 1 if i == j else 0
            J[i, j] = s * Y[i] * (delta - Y[j])
    return J


def by_cases_as_printed(Y: Array, s: float) -> Array:
    """The piecewise expression, whose second line has lost its minus sign."""
    n = len(Y)
    J = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            J[i, j] = s * Y[i] * (1 - Y[i]) if i == j else s * Y[i] * Y[j]
    return J


def without_stretch(Y: Array, s: float) -> Array:
    Y_ = Y.reshape(-1, 1)
    return np.diagflat(Y_) - np.dot(Y_, Y_.T)


SEED_RIGHT: tuple[Case, ...] = (
    Case("seed-sigmoid", Sigmoid, "seed"),
    Case("seed-tanh", Tanh, "seed"),
    Case("seed-linear", Linear, "seed", note="returns its input itself"),
    Case("seed-softplus", Softplus, "seed", note="an avoidable overflow at 710"),
    Case("seed-softmax-by-outer-product", partial(Softmax, by_outer_product), "seed"),
    Case("seed-softmax-by-kronecker-delta", partial(Softmax, by_kronecker_delta), "seed"),
    Case("seed-softmax-stretch-2", partial(Softmax, by_kronecker_delta, stretch=2.0), "seed"),
)

SEED_WRONG: tuple[Case, ...] = (
    Case("seed-relu", ReLU, "seed", "gradient", note="1 everywhere"),
    Case("seed-softmax-by-cases", partial(Softmax, by_cases_as_printed), "seed", "gradient", FROM_TWO),
    Case(
        "seed-softmax-by-cases-stretch-2",
        partial(Softmax, by_cases_as_printed, stretch=2.0),
        "seed",
        "gradient",
        FROM_TWO,
    ),
    Case("seed-softmax-without-stretch", partial(Softmax, without_stretch, stretch=2.0), "seed", "gradient", FROM_TWO),
)
