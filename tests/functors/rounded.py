"""Right and wrong functors whose values are not as smooth as their gradients say: stairs, ripples, narrow features.

The right ones may be beyond what differences can tell; the wrong ones are off by so much that they are not.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from .case import FROM_TWO, Array, Case
from .fresh import Joined


def logistic(X: Array, beta: float) -> Array:
    """Give the logistic function in its tanh form, whose tail is a staircase of the last bits of 1."""
    return 0.5 * (1 + np.tanh(0.5 * beta * X))


def logistic_slope(X: Array, beta: float, factor: float = 1.0) -> Array:
    S = logistic(X, beta)
    return factor * beta * S * (1 - S)


def swish(X: Array, beta: float) -> Array:
    return X * logistic(X, beta)


def swish_slope(X: Array, beta: float, factor: float = 1.0) -> Array:
    return logistic(X, beta) + factor * X * logistic_slope(X, beta)


def offset_sine(X: Array) -> Array:
    """Give a sine in float32 on top of 10,000: steps of a thousandth."""
    return (np.float32(1e4) + np.sin(X.astype(np.float32))).astype(float)


def half_tanh(X: Array) -> Array:
    return np.tanh(X.astype(np.float16)).astype(float)


def tanh_slope(X: Array, factor: float = 1.0) -> Array:
    return factor * (1 - np.tanh(X) ** 2)


def quantiser(X: Array, steps: float) -> Array:
    return np.round(X * steps) / steps


def sine_of_power(X: Array, power: int) -> Array:
    return np.sin(X**power)


def sine_of_power_slope(X: Array, power: int, factor: float = 1.0) -> Array:
    return factor * power * X ** (power - 1) * np.cos(X**power)


def ripple(X: Array) -> Array:
    return X + 1e-6 * np.sin(1e6 * X)


def ripple_slope(X: Array) -> Array:
    return 1 + np.cos(1e6 * X)


def chirp(X: Array) -> Array:
    safe = np.where(X == 0, 1, X)
    return np.where(X == 0, 0, safe**2 * np.sin(1 / safe))


def chirp_slope(X: Array, factor: float = 1.0) -> Array:
    safe = np.where(X == 0, 1, X)
    return np.where(X == 0, 0, 2 * factor * safe * np.sin(1 / safe) - np.cos(1 / safe))


def entropy(X: Array) -> Array:
    return X * np.log(np.abs(np.where(X == 0, 1, X)))


def entropy_slope(X: Array) -> Array:
    return np.log(np.abs(X)) + 1


def entropy_slope_guarded(X: Array) -> Array:
    return np.log(np.abs(np.where(X == 0, 1, X)))


EPSILON = 1e-12


def normalised(X: Array) -> Array:
    return (X - X.mean(-1, keepdims=True)) / np.sqrt(X.var(-1, keepdims=True) + EPSILON)


def normalised_jacobian(X: Array, spread: float = 1.0) -> Array:
    n = X.shape[1]
    Y = normalised(X)
    scale = np.sqrt(X.var(-1) + EPSILON)[:, None, None]
    return (np.eye(n) - 1 / n - spread * Y[:, :, None] * Y[:, None, :] / n) / scale


def case(
    name: str, value: object, slope: object, family: str, fault: str = "", widths: tuple[int, ...] | None = None
) -> Case:
    return Case(name, partial(Joined, value, slope), family, fault, widths)


ROUNDED_RIGHT: tuple[Case, ...] = (
    *(
        case(
            f"logistic-in-tanh-form-{beta}", partial(logistic, beta=beta), partial(logistic_slope, beta=beta), "stairs"
        )
        for beta in (40, 60, 100, 300)
    ),
    case("swish-in-tanh-form-300", partial(swish, beta=300), partial(swish_slope, beta=300), "stairs"),
    case("offset-sine-in-float32", offset_sine, np.cos, "stairs"),
    case("tanh-in-float16", half_tanh, tanh_slope, "stairs"),
    case("quantiser-256", partial(quantiser, steps=256), np.zeros_like, "stairs"),
    case("quantiser-65536", partial(quantiser, steps=65536), np.zeros_like, "stairs"),
    case("quantiser-decimal", partial(np.round, decimals=6), np.zeros_like, "stairs"),
    *(
        case(
            f"sine-of-power-{power}",
            partial(sine_of_power, power=power),
            partial(sine_of_power_slope, power=power),
            "fast",
        )
        for power in (3, 5, 7)
    ),
    case("ripple", ripple, ripple_slope, "fast"),
    case("square-times-chirp", chirp, chirp_slope, "fast"),
    case("x-log-x", entropy, entropy_slope, "infinite"),
    case("normalised-with-tiny-epsilon", normalised, normalised_jacobian, "narrow", "", FROM_TWO),
)

G = "gradient"

ROUNDED_WRONG: tuple[Case, ...] = (
    *(
        case(
            f"logistic-in-tanh-form-{beta}-doubled",
            partial(logistic, beta=beta),
            partial(logistic_slope, beta=beta, factor=2.0),
            "stairs",
            G,
        )
        for beta in (60, 300)
    ),
    case(
        "swish-in-tanh-form-300-doubled",
        partial(swish, beta=300),
        partial(swish_slope, beta=300, factor=2.0),
        "stairs",
        G,
    ),
    case("offset-sine-in-float32-doubled", offset_sine, lambda X: 2 * np.cos(X), "stairs", G),
    case("tanh-in-float16-doubled", half_tanh, partial(tanh_slope, factor=2.0), "stairs", G),
    case("quantiser-4-straight-through", partial(quantiser, steps=4), np.ones_like, "stairs", G),
    case(
        "sine-of-power-3-a-tenth-more",
        partial(sine_of_power, power=3),
        partial(sine_of_power_slope, power=3, factor=1.1),
        "fast",
        G,
    ),
    case("ripple-without-its-waves", ripple, np.ones_like, "fast", G),
    case("square-times-chirp-doubled-term", chirp, partial(chirp_slope, factor=2.0), "fast", G),
    case("x-log-x-without-one", entropy, entropy_slope_guarded, "infinite", G),
    case(
        "normalised-without-spread",
        normalised,
        partial(normalised_jacobian, spread=0.0),
        "narrow",
        G,
        tuple(range(3, 33)),
    ),
)
