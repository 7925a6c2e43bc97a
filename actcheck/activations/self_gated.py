"""Units that gate themselves: x times something between 0 and 1 that depends on x."""

from __future__ import annotations

import math
from typing import SupportsFloat

import numpy as np
from numpy.typing import ArrayLike

from .inputs import Floats, floats, scaled, within
from .piecewise import HardSigmoid
from .sigmoids import Sigmoid


class SiLU:
    """Sigmoid linear unit, also known as swish, x σ(β x).

    Parameters
    ----------
    beta : float, default 1
        The factor β: 0 gives x/2, a large one nearly ReLU. In [-1000, 1000].
    """

    def __init__(self, beta: SupportsFloat = 1) -> None:
        self.beta = within("beta", beta, -1000, 1000)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        return X * Sigmoid()(scaled(self.beta, X))

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative, σ(βx) (1 + βx σ(-βx))."""
        B = scaled(self.beta, floats(X))
        return _gated_slope(B, B)


class GELU:
    """Gaussian error linear unit, x Φ(x), with Φ the normal distribution function."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        return X * _normal_distribution(X)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative, Φ(x) + x φ(x), with φ = Φ' the normal density."""
        X = floats(X)
        # Beyond 40 the density is 0 in every type, while x² could overflow.
        C: Floats = np.clip(X, -40, 40)
        density: Floats = np.exp(-0.5 * C * C) * (1 / math.sqrt(2 * math.pi))
        return _normal_distribution(X) + C * density


class GELUTanh:
    """GELU by its usual approximation, x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2."""

    # (1 + tanh(z)) / 2 is σ(2z), which keeps the left tail; 2z = linear · x + cubic · x³.
    linear = 2 * math.sqrt(2 / math.pi)
    cubic = 0.044715 * linear

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        return X * Sigmoid()(self._inner(self._clipped(X)))

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative, σ(2z) (1 + x 2z' σ(-2z)), with z what tanh is taken of."""
        C = self._clipped(floats(X))
        return _gated_slope(self._inner(C), C * (self.linear + 3 * self.cubic * C * C))

    def _inner(self, C: Floats) -> Floats:
        return C * (self.linear + self.cubic * C * C)

    def _clipped(self, X: Floats) -> Floats:
        # Beyond 40 the gate is 0 or 1 in every type, while x³ could overflow.
        return np.clip(X, -40, 40)


class Mish:
    """Self-regularised unit, x tanh(log(1 + exp(x)))."""

    # With e = exp(x) and h = 1 + e + e²/2, t = tanh(log(1 + e)) is e (1 + e/2) / h, and t' is e (1 + e) / h²: sums of
    # positive terms. For x > 0 the fractions are expanded by e⁻² and e⁻⁴, so that only exp(-x) is needed.

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        E: Floats = np.exp(-np.abs(X))
        right = 0.5 + E
        left = E * (1 + 0.5 * E)
        return X * (np.where(X >= 0, right, left) / self._below(X, E))

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative, t + x t' with t = tanh(log(1 + exp(x)))."""
        X = floats(X)
        E: Floats = np.exp(-np.abs(X))
        H = self._below(X, E)
        right = (0.5 + E) * H + X * (E * E * (1 + E))
        left = E * ((1 + 0.5 * E) * H + X * (1 + E))
        return np.where(X >= 0, right, left) / (H * H)

    def _below(self, X: Floats, E: Floats) -> Floats:
        return np.where(X >= 0, 0.5 + E + E * E, 1 + E + 0.5 * E * E)


class HardSwish:
    """Swish with a straight-lined sigmoid, x min(max(x + 3, 0), 6) / 6."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        return X * HardSigmoid()(X)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative: 0 for x < -3, x/3 + 1/2 for -3 <= x < 3, else 1."""
        X = floats(X)
        return np.where((X >= -3) & (X < 3), X / 3 + 0.5, X >= 3)


def _gated_slope(Z: Floats, W: Floats) -> Floats:
    """Give σ(z) (1 + w σ(-z)), the derivative of x σ(z) where w = x z'."""
    # Over one denominator: σ(z) + w σ'(z) would round the tail's exponential twice.
    E: Floats = np.exp(-np.abs(Z))
    right = Z >= 0
    return np.where(right, 1, E) * (1 + E + W * np.where(right, E, 1)) / (1 + E) ** 2


def _normal_distribution(X: Floats) -> Floats:
    # (1 + erf(x / √2)) / 2 would lose the left tail; erfc is the tail.
    erfc = np.vectorize(math.erfc, otypes=[X.dtype])
    tail: Floats = erfc(X * -math.sqrt(0.5))
    return 0.5 * tail
