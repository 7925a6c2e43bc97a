"""Sigmoids and their kin: smooth, and flat or straight far from 0."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .inputs import Floats, floats


class Sigmoid:
    """Logistic sigmoid, σ(x) = 1 / (1 + exp(-x))."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        # exp(-|x|) cannot overflow, and for x < 0 it is the tail itself.
        E: Floats = np.exp(-np.abs(X))
        return np.where(X >= 0, 1, E) / (1 + E)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative, σ(x) σ(-x)."""
        # σ (1 - σ) would be 0 for x > 37, where σ rounds to 1; this form keeps both tails.
        E: Floats = np.exp(-np.abs(floats(X)))
        return E / (1 + E) ** 2


class LogSigmoid:
    """Logarithm of the logistic sigmoid, -log(1 + exp(-x))."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        # log(σ(x)) is -∞ where σ underflows, and 0 where it rounds to 1.
        return np.minimum(X, 0) - np.log1p(np.exp(-np.abs(X)))

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative, σ(-x)."""
        return Sigmoid()(-floats(X))


class Tanh:
    """Hyperbolic tangent."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        return np.tanh(floats(X))

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative, 1 / cosh²(x)."""
        # 1 - tanh² is 0 for |x| > 19, where tanh rounds to ±1; cosh would overflow.
        E: Floats = np.exp(-np.abs(floats(X)))
        return (2 * E / (1 + E * E)) ** 2


class TanhShrink:
    """What tanh takes away, x - tanh(x)."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        # Near 0 the difference cancels. There Lambert's tanh(x) = x / (1 + r), r = x²/(3 + x²/(5 + x²/(7 + ...))),
        # gives it as x r / (1 + r), without a subtraction.
        C: Floats = np.clip(X, -1, 1)
        R: Floats = np.zeros_like(C)
        for odd in range(19, 1, -2):
            R = C * C / (odd + R)
        return np.where(np.abs(X) < 1, C * R / (1 + R), X - np.tanh(X))

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative, tanh²(x)."""
        T: Floats = np.tanh(floats(X))
        return T * T


class Softsign:
    """Sigmoid with slow tails, x / (1 + |x|)."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        D: Floats = 1 + np.abs(X)
        return X / D

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative, 1 / (1 + |x|)²."""
        # The square is taken last: that of 1 + |x| overflows.
        return (1 / (1 + np.abs(floats(X)))) ** 2
