"""NumPy code as people write it. ``NAMES`` says what is to come of each: proved, refuted, or why it is not replayed."""

# ruff: noqa: E731

from __future__ import annotations

import abc
import functools
import math
from dataclasses import dataclass, field
from math import erf

import numpy as np
from numpy import exp, maximum
from scipy import special
from scipy.stats import norm

from . import helpers
from .helpers import Gate

_CONSTANT = np.sqrt(2 / np.pi)
_erf = np.vectorize(math.erf)


class OneLiner:
    __call__ = lambda self, X: 1 / (1 + np.exp(-X))
    gradient = lambda self, X: self(X) * (1 - self(X))


class FromImports:
    def __call__(self, X):
        return maximum(X, 0) + np.log1p(exp(-abs(X)))

    def gradient(self, X):
        return 1 / (1 + exp(-X))


class MasksInPlace:
    def __call__(self, X):
        Y = np.zeros(X.shape, dtype=float)
        Y[X > 0] = X[X > 0]
        Y[X <= 0] = 0.1 * X[X <= 0]
        return Y

    def gradient(self, X):
        G = np.ones_like(X)
        G[X <= 0] *= 0.1
        return G


class StableByMasks:
    def __call__(self, X):
        out = np.empty_like(X)
        positive = X >= 0
        out[positive] = 1 / (1 + np.exp(-X[positive]))
        grown = np.exp(X[~positive])
        out[~positive] = grown / (1 + grown)
        return out

    def gradient(self, X):
        S = self(X)
        S *= 1 - S
        return S


class Piecewise:
    def __call__(self, X):
        return np.piecewise(X, [X < -1, X > 1], [-1.0, 1.0, lambda x: 1.5 * x - 0.5 * x**3])

    def gradient(self, X):
        return np.select([X < -1, X <= 1], [np.zeros_like(X), 1.5 * (1 - X**2)], default=0.0)


class MathLoops:
    def __call__(self, X):
        out = np.zeros_like(X)
        for index, x in np.ndenumerate(X):
            out[index] = 0.5 * x * (1 + math.erf(x / math.sqrt(2)))
        return out

    def gradient(self, X):
        return np.array([[self._slope(float(x)) for x in row] for row in X])

    def _slope(self, x):
        return 0.5 * (1 + erf(x / math.sqrt(2))) + x * math.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)


class Vectorized:
    def __call__(self, X):
        return 0.5 * X * (1 + _erf(X / np.sqrt(2)))

    def gradient(self, X):
        return np.vectorize(self._slope)(X)

    def _slope(self, x):
        if x < -20:
            return 0.0
        return 0.5 * math.erfc(-x / math.sqrt(2)) + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


class Scipy:
    def __call__(self, X):
        return X * special.expit(X)

    def gradient(self, X):
        S = special.expit(X)
        return S + X * S * (1 - S)


class ScipyNormal:
    def __call__(self, X):
        return X * norm.cdf(X)

    def gradient(self, X):
        return norm.cdf(X) + X * norm.pdf(X)


class TanhGelu:
    def __call__(self, X):
        return 0.5 * X * (1 + np.tanh(_CONSTANT * (X + 0.044715 * np.power(X, 3))))

    def gradient(self, X):
        T = np.tanh(_CONSTANT * (X + 0.044715 * X**3))
        return 0.5 * (1 + T) + 0.5 * X * (1 - np.square(T)) * _CONSTANT * (1 + 3 * 0.044715 * X * X)


class Activation(abc.ABC):
    @abc.abstractmethod
    def __call__(self, X): ...

    def gradient(self, X):
        return self.slope(np.asarray(X))


class Inherits(Activation):
    def __call__(self, X):
        return np.arctan(X)

    def slope(self, X):
        return np.reciprocal(1 + X**2)


class Deeper(Inherits):
    def __call__(self, X):
        return super().__call__(2 * X)

    def slope(self, X):
        return 2 * super().slope(2 * X)


@dataclass(frozen=True)
class Data:
    beta: float = 1.5
    gate: Gate = field(default_factory=Gate)

    def __call__(self, X):
        return X * self.gate(self.beta * X)

    def gradient(self, X):
        S = helpers.logistic(self.beta * X)
        return S + self.beta * X * S * (1 - S)


class Slotted:
    __slots__ = ("alpha",)

    def __init__(self):
        self.alpha = np.float64(0.3)

    def __call__(self, X):
        return np.where(X >= 0, X, self.alpha * np.expm1(np.clip(X, None, 0)))

    def gradient(self, X):
        return np.where(X >= 0, 1, self.alpha * np.exp(np.clip(X, None, 0)))


def _closure(power):
    shift = 1.0

    def value(X):
        return np.logaddexp(power * X, 0 * X) / power + shift

    return value


class Closures:
    def __init__(self):
        self.value = _closure(3)
        self.slope = functools.partial(special.expit)

    def __call__(self, X):
        return self.value(X)

    def gradient(self, X):
        return self.slope(3 * X)


@functools.lru_cache
def _coefficients():
    return np.array([0.0, 1.0, -0.5, 0.25])


class Horner:
    def __call__(self, X):
        total = np.zeros_like(X)
        for coefficient in _coefficients()[::-1]:
            total = total * X + coefficient
        return total

    def gradient(self, X):
        return np.polyval([0.75, -1.0, 1.0], X)


class Out:
    def __call__(self, X):
        Y = np.empty(X.shape)
        np.multiply(X, X, out=Y)
        Y += 1
        np.sqrt(Y, out=Y)
        return Y - 1

    def gradient(self, X):
        return X / np.hypot(X, 1)


class IfPerEntry:
    def __call__(self, X):
        flat = [self._one(x) for x in X.ravel()]
        return np.reshape(flat, X.shape)

    def gradient(self, X):
        return np.reshape([1.0 if x > 1 else (0.5 if x > -1 else 0.0) for x in X.ravel()], X.shape)

    def _one(self, x):
        if x > 1:
            return x
        if x > -1:
            return (x + 1) / 2
        return 0 * x


class Heaviside:
    def __call__(self, X):
        return np.abs(X) * np.heaviside(X, 0.5) + np.minimum(X, 0) * 0.2

    def gradient(self, X):
        return np.heaviside(X, 0.5) + 0.2 * (np.sign(X) < 0)


_W = np.array([[1.0, 0.5, -0.25, 0.0], [0.1, 2.0, 0.3, -1.0]])


class Products:
    """einsum, matmul, dot, norm, stack and concatenate."""

    def __call__(self, X):
        A, B, C = np.einsum("bi,ji->bj", X, _W), X @ _W.T, np.dot(X, _W.T)
        last = np.stack([A[:, 0], np.linalg.norm(X, axis=1)], axis=1)
        return np.concatenate([np.tanh(A), B * C, last], axis=1)

    def gradient(self, X):
        A = X @ _W.T
        a, b = (1 - np.tanh(A) ** 2)[:, :, None] * _W, 2 * A[:, :, None] * _W
        length = np.sqrt(np.sum(X * X, axis=1, keepdims=True))
        return np.concatenate([a, b, np.stack([np.broadcast_to(_W[0], X.shape), X / length], axis=1)], axis=1)


class Parts:
    """split, sort, cumsum, mean, var, argmin and assignment by index."""

    def __call__(self, X):
        U, V = np.split(X, 2, axis=-1)
        ends = [np.sort(X, axis=-1)[:, :1], np.cumsum(X, axis=1)[:, -1:], X.mean(axis=1, keepdims=True)]
        return np.hstack([U * V, *ends, X.var(axis=-1)[:, None]])

    def gradient(self, X):
        batch, n = X.shape
        m = n // 2
        J = np.zeros((batch, m + 4, n))
        for i in range(m):
            J[:, i, i], J[:, i, m + i] = X[:, m + i], X[:, i]
        J[np.arange(batch), m, np.argmin(X, axis=1)] = 1
        J[:, m + 1], J[:, m + 2] = 1, 1 / n
        J[:, m + 3] = 2 * (X - X.mean(axis=1, keepdims=True)) / n
        return J


class PartsWithoutMean(Parts):
    def gradient(self, X):
        J = super().gradient(X)
        J[:, -1] = 2 * X / X.shape[1]
        return J


class Decimals:
    def __call__(self, X):
        return np.round(X, 2)

    def gradient(self, X):
        return np.zeros_like(X)


class Interpolates:
    def __call__(self, X):
        return np.interp(X, [-100.0, 0.0, 100.0], [0.0, 0.0, 100.0])

    def gradient(self, X):
        return (X > 0) * 1.0


class Hashes:
    table: dict = {}  # noqa: RUF012

    def __call__(self, X):
        return np.array([[self.table.get(x, 2 * x) for x in row] for row in X])

    def gradient(self, X):
        return np.full(X.shape, 2.0)


class Forgets:
    """Falls back to something else where the value cannot be had, which the replay must not take for its way."""

    def __call__(self, X):
        return X**2

    def gradient(self, X):
        try:
            return np.array([[2.5 * float(f"{x:.17g}") for x in row] for row in X])
        except Exception:
            return 2 * X


class WrongSilu:
    def __call__(self, X):
        return X * special.expit(X)

    def gradient(self, X):
        S = special.expit(X)
        return S + X * S * S


PROVED = (
    *(OneLiner, FromImports, MasksInPlace, StableByMasks, Piecewise, MathLoops, Vectorized, Scipy, ScipyNormal),
    *(TanhGelu, Inherits, Deeper, Data, Slotted, Closures, Horner, Out, IfPerEntry, Heaviside),
)
REFUTED = (WrongSilu,)
ROWS = {Products: True, Parts: True, PartsWithoutMean: False}
"""Functions of the whole row, and whether they are right."""
EXPLAINED = {
    Decimals: ("np.round(X, 2)", "it rounds to decimals"),
    Interpolates: ("np.interp(X", "it calls interp, which has no replay"),
    Hashes: ("self.table.get(x", "it looks a value up by itself, in a set or a dictionary"),
    Forgets: ("float(f", "it writes a value as text"),
}
