"""Twenty smooth functions of one number, with their exact derivatives, to hold error bounds against.

``df`` differentiates the mathematical function, not its rounding: ``x`` is the float as given, and a constant of the
NumPy code is the float it is there. It answers with 50 digits, whatever the caller's precision.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import mpmath as mp
import numpy as np

from .case import Array

Derivative = Callable[[Any], Any]

DIGITS = 50


@dataclass(frozen=True)
class Smooth:
    """A function on NumPy arrays and its exact derivative, to be compared on ``[low, high]``."""

    name: str
    f: Callable[[Array], Array]
    df: Derivative
    low: float
    high: float


def exact(df: Derivative) -> Derivative:
    """``df`` at 50 digits, of a float or of a number of mpmath's."""

    @wraps(df)
    def at_fifty_digits(x: Any) -> Any:
        with mp.workdps(DIGITS):
            return df(mp.mpf(x))

    return at_fifty_digits


GELU_ROOT = math.sqrt(2 / math.pi)
GELU_CUBE = 0.044715


def gelu_by_tanh(x: Array) -> Array:
    return 0.5 * x * (1 + np.tanh(GELU_ROOT * (x + GELU_CUBE * x**3)))


def gelu_by_tanh_slope(x: Any) -> Any:
    root, cube = mp.mpf(GELU_ROOT), mp.mpf(GELU_CUBE)
    u = root * (x + cube * x**3)
    return (1 + mp.tanh(u)) / 2 + x / 2 * mp.sech(u) ** 2 * root * (1 + 3 * cube * x**2)


def sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


SMOOTH: tuple[Smooth, ...] = (
    Smooth("sigmoid", lambda x: 1 / (1 + np.exp(-x)), exact(lambda x: sigmoid(x) * sigmoid(-x)), -20, 20),
    Smooth("tanh", np.tanh, exact(lambda x: mp.sech(x) ** 2), -8, 8),
    Smooth("gelu-by-tanh", gelu_by_tanh, exact(gelu_by_tanh_slope), -6, 6),
    Smooth("softplus-naive", lambda x: np.log(1 + np.exp(x)), exact(sigmoid), -20, 20),
    Smooth("softplus-stable", lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), exact(sigmoid), -20, 20),
    Smooth("sine-of-thirty", lambda x: np.sin(30 * x), exact(lambda x: 30 * mp.cos(30 * x)), -3, 3),
    Smooth("sine-far-out", lambda x: np.sin(1e4 + x), exact(lambda x: mp.cos(10_000 + x)), -8, 8),
    Smooth("exp-of-five", lambda x: np.exp(5 * x), exact(lambda x: 5 * mp.exp(5 * x)), -4, 4),
    Smooth("steep-tanh", lambda x: np.tanh(200 * x), exact(lambda x: 200 * mp.sech(200 * x) ** 2), -0.05, 0.05),
    Smooth("tanh-on-hundred-million", lambda x: 1e8 + np.tanh(x), exact(lambda x: mp.sech(x) ** 2), -4, 4),
    Smooth("tiny-tanh", lambda x: 1e-8 * np.tanh(x), exact(lambda x: mp.mpf(1e-8) * mp.sech(x) ** 2), -8, 8),
    Smooth("huge-quintic", lambda x: 1e6 * x**5, exact(lambda x: 5_000_000 * x**4), -6, 6),
    Smooth("cubic", lambda x: x**3 - x, exact(lambda x: 3 * x**2 - 1), -3, 3),
    Smooth("log-of-square", lambda x: np.log(1 + x**2), exact(lambda x: 2 * x / (1 + x**2)), -30, 30),
    Smooth("runge", lambda x: 1 / (1 + 25 * x**2), exact(lambda x: -50 * x / (1 + 25 * x**2) ** 2), -3, 3),
    Smooth(
        "silu",
        lambda x: x * (1 / (1 + np.exp(-x))),
        exact(lambda x: sigmoid(x) * (1 + x * sigmoid(-x))),
        -12,
        12,
    ),
    Smooth("gaussian", lambda x: np.exp(-(x**2)), exact(lambda x: -2 * x * mp.exp(-(x**2))), -5, 5),
    Smooth("steep-arctan", lambda x: np.arctan(50 * x), exact(lambda x: 50 / (1 + 2500 * x**2)), -1, 1),
    Smooth("tanh-by-ratio", lambda x: np.sinh(x) / np.cosh(x), exact(lambda x: mp.sech(x) ** 2), -8, 8),
    Smooth("tiny-parabola", lambda x: 1e-300 * x**2, exact(lambda x: 2 * mp.mpf(1e-300) * x), -30, 30),
)
