"""Functions made of straight pieces.

At a kink the gradient is the slope to the right of it; at a jump, that of the piece which the value there is of.
"""

# ruff: noqa: SIM300 - X is the array that is compared, no constant

from __future__ import annotations

from typing import SupportsFloat

import numpy as np
from numpy.typing import ArrayLike

from .inputs import Floats, floats, within, zero_or_within


class Linear:
    """The identity, x."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        # A copy: a later change of the output in place must not change the input.
        return floats(X).copy()

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative, 1."""
        return np.ones_like(floats(X))


class ReLU:
    """Rectified linear unit, max(x, 0).

    Parameters
    ----------
    at_zero : float, default 1
        The gradient at x = 0; any number in [0, 1] is a sub-gradient.
    """

    def __init__(self, at_zero: SupportsFloat = 1) -> None:
        self.at_zero = within("at_zero", at_zero, 0, 1)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        return np.maximum(floats(X), 0)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative: 0 for x < 0, `at_zero` at 0, 1 for x > 0."""
        return np.heaviside(floats(X), self.at_zero)


class LeakyReLU:
    """Rectified linear unit that lets a little through: x for x >= 0, else `negative_slope` · x.

    Parameters
    ----------
    negative_slope : float, default 0.01
        The slope for x < 0, in [-1000, 1000].
    """

    def __init__(self, negative_slope: SupportsFloat = 0.01) -> None:
        self.negative_slope = within("negative_slope", negative_slope, -1000, 1000)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        return np.maximum(X, 0) + self.negative_slope * np.minimum(X, 0)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative: 1 for x >= 0, else `negative_slope`."""
        X = floats(X)
        return np.where(X >= 0, np.ones_like(X), self.negative_slope)


class PReLU:
    """Leaky rectifier whose slope is learned; here it stands still: x for x >= 0, else `slope` · x.

    Parameters
    ----------
    slope : float, default 0.25
        The slope for x < 0, in [-1000, 1000].
    """

    def __init__(self, slope: SupportsFloat = 0.25) -> None:
        self.slope = within("slope", slope, -1000, 1000)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        return LeakyReLU(self.slope)(X)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative: 1 for x >= 0, else `slope`."""
        return LeakyReLU(self.slope).gradient(X)


class ReLU6:
    """Rectified linear unit that stops at 6, min(max(x, 0), 6)."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        return np.minimum(np.maximum(floats(X), 0), 6)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative: 1 for 0 <= x < 6, else 0."""
        X = floats(X)
        return ((X >= 0) & (X < 6)).astype(X.dtype)


class HardTanh:
    """Straight-lined tanh, min(max(x, `min_val`), `max_val`).

    Parameters
    ----------
    min_val, max_val : float, default -1 and 1
        Where it stops. Finite, `min_val` less than `max_val`.
    """

    def __init__(self, min_val: SupportsFloat = -1, max_val: SupportsFloat = 1) -> None:
        self.min_val = within("min_val", min_val, -1000, 1000)
        self.max_val = within("max_val", max_val, -1000, 1000)
        if self.min_val >= self.max_val:
            raise ValueError(f"min_val must be less than max_val, got {min_val} and {max_val}")

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        return np.minimum(np.maximum(floats(X), self.min_val), self.max_val)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative: 1 for `min_val` <= x < `max_val`, else 0."""
        X = floats(X)
        return ((X >= self.min_val) & (X < self.max_val)).astype(X.dtype)


class HardSigmoid:
    """Straight-lined sigmoid, min(max(x + 3, 0), 6) / 6."""

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        return ReLU6()(floats(X) + 3) / 6

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative: 1/6 for -3 <= x < 3, else 0."""
        X = floats(X)
        return ((X >= -3) & (X < 3)) / np.full_like(X, 6)


class Threshold:
    """A gate with a step: x for x > `threshold`, else `value`.

    Parameters
    ----------
    threshold : float, default 1
        Where it opens, in [-1000, 1000].
    value : float, default 0
        What it gives while closed, in [-1000, 1000].
    """

    def __init__(self, threshold: SupportsFloat = 1, value: SupportsFloat = 0) -> None:
        self.threshold = within("threshold", threshold, -1000, 1000)
        self.value = within("value", value, -1000, 1000)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        return np.where(X > self.threshold, X, self.value)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative: 1 for x > `threshold`, else 0."""
        X = floats(X)
        return (X > self.threshold).astype(X.dtype)


class SoftShrink:
    """Shrinks towards 0 by `threshold`: x - min(max(x, -`threshold`), `threshold`).

    Parameters
    ----------
    threshold : float, default 0.5
        Half the width of the flat piece around 0. 0, or in [0.001, 1000].
    """

    def __init__(self, threshold: SupportsFloat = 0.5) -> None:
        self.threshold = zero_or_within("threshold", threshold, 0.001, 1000)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        return X - np.minimum(np.maximum(X, -self.threshold), self.threshold)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative: 0 for -`threshold` <= x < `threshold`, else 1."""
        X = floats(X)
        return ((X < -self.threshold) | (X >= self.threshold)).astype(X.dtype)


class HardShrink:
    """Cuts what is small: x for |x| > `threshold`, else 0.

    Parameters
    ----------
    threshold : float, default 0.5
        Half the width of the flat piece around 0. In [0.001, 1000].
    """

    def __init__(self, threshold: SupportsFloat = 0.5) -> None:
        self.threshold = within("threshold", threshold, 0.001, 1000)

    def __call__(self, X: ArrayLike) -> Floats:
        """Evaluate the function."""
        X = floats(X)
        return np.where(np.abs(X) > self.threshold, X, 0)

    def gradient(self, X: ArrayLike) -> Floats:
        """Evaluate the derivative: 1 for |x| > `threshold`, else 0."""
        X = floats(X)
        return (np.abs(X) > self.threshold).astype(X.dtype)
