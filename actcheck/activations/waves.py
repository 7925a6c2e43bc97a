"""Bells and waves: activations that are not monotone by design."""

from __future__ import annotations

from typing import SupportsFloat

import numpy as np
from numpy.typing import ArrayLike

from .inputs import Floats, floats, scaled, within


class Gaussian:
    """Bell, exp(-x²)."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        # Beyond 40 it is 0 in every type, while x² could overflow.
        C: Floats = np.clip(floats(X), -40, 40)
        return np.exp(-C * C)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative, -2x exp(-x²)."""
        C: Floats = np.clip(floats(X), -40, 40)
        return -2 * C * np.exp(-C * C)


class Sine:
    """Sine, sin(ω x).

    Parameters
    ----------
    omega : float, default 1
        The frequency ω; SIREN's first layer has 30. In [-1000, 1000].
    """

    def __init__(self, omega: SupportsFloat = 1) -> None:
        self.omega = within("omega", omega, -1000, 1000)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        return np.sin(scaled(self.omega, floats(X)))

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative, ω cos(ω x)."""
        return self.omega * np.cos(scaled(self.omega, floats(X)))


class Snake:
    """A slope with a wave on it, x + sin²(a x) / a.

    Parameters
    ----------
    a : float, default 1
        The frequency, in [0.001, 1000].
    """

    def __init__(self, a: SupportsFloat = 1) -> None:
        self.a = within("a", a, 0.001, 1000)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        S: Floats = np.sin(scaled(self.a, X))
        return X + S * S / self.a

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative, 1 + sin(2 a x) = (sin(a x) + cos(a x))²."""
        # The square keeps its digits around its zeros, where 1 + sin cancels.
        A = scaled(self.a, floats(X))
        return (np.sin(A) + np.cos(A)) ** 2
