"""Functors with tails: right ones as people write them, and ones that are wrong only far out.

The figures of `WRONG_TAILS` are where it begins; what lies there is far below the rounding of ordinary entries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .case import Array

Function = Callable[[Array], Array]


@dataclass(frozen=True)
class Tail:
    """A functor made of its value and its gradient."""

    name: str
    value: Function
    slope: Function

    def __call__(self, X: Array) -> Array:
        return self.value(X)

    def gradient(self, X: Array) -> Array:
        return self.slope(X)


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def stable(x: Array) -> Array:
    """Give the derivative of the sigmoid without cancellation."""
    return np.exp(-abs(x)) / (1 + np.exp(-abs(x))) ** 2


def product(x: Array) -> Array:
    """Give the same as people write it."""
    return sigmoid(x) * (1 - sigmoid(x))


def sech2(x: Array) -> Array:
    return 4 * np.exp(-2 * abs(x)) / (1 + np.exp(-2 * abs(x))) ** 2


def softplus(x: Array) -> Array:
    return np.logaddexp(0, x)


def elu(x: Array) -> Array:
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def elu_slope(x: Array) -> Array:
    return np.where(x > 0, 1.0, np.exp(np.minimum(x, 0)))


def swish(x: Array) -> Array:
    return x * sigmoid(x)


def swish_slope(x: Array) -> Array:
    return sigmoid(x) + x * stable(x)


def naive_mish(x: Array) -> Array:
    return x * np.tanh(np.log1p(np.exp(np.minimum(x, 700))))


def naive_mish_slope(x: Array) -> Array:
    t = np.tanh(np.log(1 + np.exp(np.minimum(x, 700))))
    return t + x * (1 - t**2) * sigmoid(x)


def bell(x: Array) -> Array:
    return np.exp(-x * x / 2)


def softmax(X: Array) -> Array:
    E = np.exp(X - X.max(1, keepdims=True))
    return E / E.sum(1, keepdims=True)


def softmax_jacobian(X: Array) -> Array:
    p = softmax(X)
    return p[:, :, None] * np.eye(X.shape[1]) - p[:, :, None] * p[:, None, :]


def tiny(below: float, factor: float) -> Function:
    """Give the softmax Jacobian with its smallest entries wrong."""

    def jacobian(X: Array) -> Array:
        J = softmax_jacobian(X)
        return np.where(abs(J) < below, factor * J, J)

    return jacobian


def beyond(where: Callable[[Array], Array], factor: float, slope: Function) -> Function:
    """Give a slope that is wrong by a factor in a region."""
    return lambda x: np.where(where(x), factor, 1.0) * slope(x)


RIGHT_TAILS = (
    Tail("product", sigmoid, product),
    Tail("stable", sigmoid, stable),
    Tail("tanh", np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    Tail("tanh-by-sigmoid", lambda x: 2 * sigmoid(2 * x) - 1, lambda x: 4 * sigmoid(2 * x) * (1 - sigmoid(2 * x))),
    Tail("naive-softplus", lambda x: np.where(x > 700, x, np.log(1 + np.exp(np.minimum(x, 700)))), sigmoid),
    Tail("naive-mish", naive_mish, naive_mish_slope),
    Tail("mish-naive-in-the-gradient-only", lambda x: x * np.tanh(softplus(x)), naive_mish_slope),
    Tail("clipped", lambda x: sigmoid(np.clip(x, -50, 50)), lambda x: stable(np.clip(x, -50, 50)) * (abs(x) <= 50)),
    Tail("clipped-in-the-gradient-only", sigmoid, lambda x: stable(np.clip(x, -40, 40))),
    Tail("not-clipped-in-the-gradient", lambda x: sigmoid(np.clip(x, -50, 50)), stable),
    Tail("cut-off-below-rounding", sigmoid, lambda x: np.where(abs(x) > 40, 0.0, stable(x))),
    Tail("kept-from-zero", sigmoid, lambda x: stable(x) + 1e-20),
    Tail("floored", sigmoid, lambda x: np.maximum(stable(x), 1e-16)),
    Tail("swish-one-minus", swish, lambda x: sigmoid(x) * (1 + x * (1 - sigmoid(x)))),
    Tail("swish-by-value", swish, lambda x: swish(x) + sigmoid(x) * (1 - swish(x))),
    Tail("bell", bell, lambda x: -x * bell(x)),
    Tail("high-tanh", lambda x: 1e8 + np.tanh(x), lambda x: 1 - np.tanh(x) ** 2),
    Tail("high-sigmoid", lambda x: 1e6 + sigmoid(x), product),
    Tail(
        "elu-by-value",
        lambda x: np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1),
        lambda x: np.where(x > 0, 1.0, np.exp(np.minimum(x, 0)) - 1 + 1),
    ),
    Tail("log-sigmoid", lambda x: -softplus(-x), lambda x: 1 - sigmoid(x)),
    Tail("root", lambda x: x / np.sqrt(1 + x * x), lambda x: 1 / np.sqrt(1 + x * x) - x * x / np.sqrt(1 + x * x) ** 3),
    Tail("softmax", softmax, softmax_jacobian),
)

WRONG_TAILS = (
    Tail("sigmoid-sign-12", sigmoid, beyond(lambda x: abs(x) > 12, -1, product)),
    Tail("sigmoid-zero-20", sigmoid, beyond(lambda x: x > 20, 0, product)),
    Tail("sigmoid-zero-24", sigmoid, beyond(lambda x: abs(x) > 24, 0, product)),
    Tail("sigmoid-zero-25-right", sigmoid, beyond(lambda x: x > 25, 0, stable)),
    Tail("sigmoid-zero-25-left", sigmoid, beyond(lambda x: x < -25, 0, stable)),
    Tail("sigmoid-sign-31", sigmoid, beyond(lambda x: x > 31, -1, stable)),
    Tail("sigmoid-sign-45-right", sigmoid, beyond(lambda x: x > 45, -1, stable)),
    Tail("sigmoid-sign-45-left", sigmoid, beyond(lambda x: x < -45, -1, stable)),
    Tail("sigmoid-twice-34", sigmoid, beyond(lambda x: x < -34, 2.5, stable)),
    Tail("sigmoid-rate-30", sigmoid, lambda x: np.where(abs(x) > 30, np.exp(-2 * abs(x)), stable(x))),
    Tail("sigmoid-squared-16", sigmoid, lambda x: np.where(x > 16, stable(x) ** 2, stable(x))),
    Tail("sigmoid-times-x-35", sigmoid, lambda x: np.where(abs(x) > 35, x, 1) * stable(x)),
    Tail("tanh-zero-15", np.tanh, beyond(lambda x: abs(x) > 15, 0, sech2)),
    Tail("tanh-zero-12", np.tanh, beyond(lambda x: abs(x) > 12, 0, sech2)),
    Tail("tanh-root-18", np.tanh, lambda x: np.where(abs(x) > 18, np.sqrt(sech2(x)), sech2(x))),
    Tail("softplus-sign-40", softplus, beyond(lambda x: x < -40, -1, lambda x: np.exp(-softplus(-x)))),
    Tail("softplus-zero-28", softplus, beyond(lambda x: x < -28, 0, lambda x: np.exp(-softplus(-x)))),
    Tail("softplus-squared-36", softplus, lambda x: np.exp(np.where(x < -36, -2, -1) * softplus(-x))),
    Tail("elu-zero-25", elu, beyond(lambda x: x < -25, 0, elu_slope)),
    Tail("elu-sign-26", elu, beyond(lambda x: x < -26, -1, elu_slope)),
    Tail("swish-no-x-40", swish, lambda x: np.where(x < -40, stable(x), swish_slope(x))),
    Tail("swish-sign-36", swish, beyond(lambda x: x < -36, -1, swish_slope)),
    Tail("bell-sign-8.5", bell, beyond(lambda x: abs(x) > 8.5, -1, lambda x: -x * bell(x))),
    Tail("bell-no-x-9", bell, lambda x: -np.where(abs(x) > 9, np.sign(x), x) * bell(x)),
    Tail("high-sigmoid-zero-14", lambda x: 1e6 + sigmoid(x), beyond(lambda x: abs(x) > 14, 0, stable)),
    Tail("exp-sign-37", np.exp, beyond(lambda x: x < -37, -1, np.exp)),
    Tail("arctan-half-90", np.arctan, beyond(lambda x: abs(x) > 90, 0.5, lambda x: 1 / (1 + x * x))),
    Tail("log-sigmoid-sign-40", lambda x: -softplus(-x), beyond(lambda x: x > 40, -1, lambda x: np.exp(-softplus(x)))),
    Tail("log-sigmoid-zero-22", lambda x: -softplus(-x), beyond(lambda x: x > 22, 0, lambda x: np.exp(-softplus(x)))),
    Tail("softmax-sign-tiny", softmax, tiny(1e-17, -1)),
    Tail("softmax-twice-tiny", softmax, tiny(1e-20, 2.5)),
)

UNTOLD_TAILS = (
    Tail("tanh-sign-22", np.tanh, beyond(lambda x: abs(x) > 22, -1, sech2)),
    Tail("elu-sign-38", elu, beyond(lambda x: x < -38, -1, elu_slope)),
)
"""Wrong ones that no means here can tell: the value is saturated on every side that an identity leads to."""
