"""Rectifiers with a bend instead of a kink, or with a tail that levels off."""

from __future__ import annotations

from typing import SupportsFloat

import numpy as np
from numpy.typing import ArrayLike

from .inputs import Floats, floats, within
from .sigmoids import Sigmoid


class Softplus:
    """Smooth rectifier, log(1 + exp(x))."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        # log(1 + exp(x)) overflows for large x, and is 0 where exp(x) is lost beside 1.
        return np.maximum(X, 0) + np.log1p(np.exp(-np.abs(X)))

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative, σ(x)."""
        return Sigmoid()(X)


class Squareplus:
    """Smooth rectifier without exponentials, (x + √(x² + b)) / 2.

    Parameters
    ----------
    b : float, default 4
        How wide the bend is, in [1e-6, 10000].
    """

    def __init__(self, b: SupportsFloat = 4) -> None:
        self.b = within("b", b, 1e-6, 1e4)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        H: Floats = np.hypot(X, self.b**0.5)
        larger: Floats = 0.5 * np.abs(X) + 0.5 * H
        # For x < 0 the sum cancels; the two roots of y² - x y = b/4 have the product -b/4.
        return np.where(X >= 0, larger, self.b / 4 / larger)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative, (1 + x / √(x² + b)) / 2 = f(x) / √(x² + b)."""
        X = floats(X)
        H: Floats = np.hypot(X, self.b**0.5)
        return self(X) / H


class ELU:
    """Exponential linear unit: x for x > 0, else α (exp(x) - 1).

    Parameters
    ----------
    alpha : float, default 1
        The depth α of the left tail, in [0, 1000]. Unless it is 1, there is a kink at 0.
    """

    def __init__(self, alpha: SupportsFloat = 1) -> None:
        self.alpha = within("alpha", alpha, 0, 1000)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        # Both branches are evaluated everywhere: without the minimum the exponential of a large x would overflow.
        return np.where(X >= 0, X, self.alpha * np.expm1(np.minimum(X, 0)))

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative: 1 for x >= 0, else α exp(x)."""
        X = floats(X)
        return np.where(X >= 0, 1, self.alpha * np.exp(np.minimum(X, 0)))


class SELU:
    """Scaled exponential linear unit, which keeps mean 0 and variance 1 through the layers: λ ELU(x; α)."""

    alpha = 1.6732632423543772
    scale = 1.0507009873554805

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        return self.scale * ELU(self.alpha)(X)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative: λ for x >= 0, else λ α exp(x)."""
        return self.scale * ELU(self.alpha).gradient(X)


class CELU:
    """Continuously differentiable exponential linear unit: x for x > 0, else α (exp(x / α) - 1).

    Parameters
    ----------
    alpha : float, default 1
        The depth α of the left tail, in [0.001, 10].
    """

    def __init__(self, alpha: SupportsFloat = 1) -> None:
        self.alpha = within("alpha", alpha, 0.001, 10)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        return np.where(X >= 0, X, self.alpha * np.expm1(self._left(X)))

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative: 1 for x >= 0, else exp(x / α)."""
        return np.exp(self._left(floats(X)))

    def _left(self, X: Floats) -> Floats:
        # A quotient that overflows is -∞, and its exponential rightly 0.
        with np.errstate(over="ignore"):
            return np.minimum(X, 0) / self.alpha
