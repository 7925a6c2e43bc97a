"""Wrong gradients, planted: in narrow bands, in late digits, at one point, beyond a threshold, at seams, in forks.

The list was written before the prover. Every one is wrong by more than its tolerance somewhere in [-4, 4].
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .proving import Made

LOW, HIGH = -4.0, 4.0


def sigmoid(X):
    return 1 / (1 + np.exp(-X))


def softplus(X):
    return np.maximum(X, 0) + np.log1p(np.exp(-np.abs(X)))


def elu(X):
    return np.where(X > 0, X, np.expm1(np.minimum(X, 0)))


BASES = {
    "sigmoid": (sigmoid, lambda X: sigmoid(X) * (1 - sigmoid(X))),
    "tanh": (np.tanh, lambda X: 1 - np.tanh(X) ** 2),
    "softplus": (softplus, sigmoid),
    "silu": (lambda X: X * sigmoid(X), lambda X: sigmoid(X) * (1 + X * (1 - sigmoid(X)))),
    "elu": (elu, lambda X: np.where(X > 0, 1.0, np.exp(np.minimum(X, 0)))),
    "relu": (lambda X: np.maximum(X, 0), lambda X: (X > 0).astype(float)),
    "sine": (np.sin, np.cos),
    "gauss": (lambda X: np.exp(-(X**2)), lambda X: -2 * X * np.exp(-(X**2))),
    "cube": (lambda X: X**3 / 10, lambda X: 3 * X**2 / 10),
    "softsign": (lambda X: X / (1 + np.abs(X)), lambda X: 1 / (1 + np.abs(X)) ** 2),
}


@dataclass(frozen=True)
class Planted:
    name: str
    functor: Made
    tolerance: float = 1e-9


def bands() -> Iterator[Planted]:
    pick = random.Random(1)
    for name, (value, slope) in BASES.items():
        for width in (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6):
            start = pick.uniform(-3.9, 3.8)

            def wrong(X, slope=slope, start=start, width=width):
                return slope(X) + 1e-3 * ((start < X) & (start + width > X))

            yield Planted(f"{name} in a band of {width:g}", Made(value, wrong))


def digits() -> Iterator[Planted]:
    for name, (value, slope) in BASES.items():
        for digit in range(5, 13):
            factor = 1 + 10.0**-digit

            def wrong(X, slope=slope, factor=factor):
                return slope(X) * factor

            yield Planted(f"{name}, digit {digit}", Made(value, wrong), 10.0 ** -(digit + 2))


def points() -> Iterator[Planted]:
    pick = random.Random(2)
    for name, (value, slope) in BASES.items():
        for point in (0.5, -1.0, 0.3, pick.uniform(-4, 4), pick.uniform(-4, 4)):

            def wrong(X, slope=slope, point=point):
                return np.where(point == X, slope(X) + 1.5, slope(X))

            yield Planted(f"{name} at {point!r}", Made(value, wrong))


def thresholds() -> Iterator[Planted]:
    for name, (value, slope) in BASES.items():
        for threshold in (3.9, 3.999999, -3.99, 2.0):

            def wrong(X, slope=slope, threshold=threshold):
                G = slope(X)
                beyond = threshold < X if threshold > 0 else threshold > X
                G = np.array(G)
                G[beyond] = G[beyond] + 1e-4
                return G

            yield Planted(f"{name} beyond {threshold}", Made(value, wrong))


def seams() -> Iterator[Planted]:
    """The gradient changes branch beside the place where the function does."""
    for off in (1e-1, 1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-13, -1e-1, -1e-3, -1e-6, -1e-9):
        yield Planted(
            f"leaky relu, off by {off:g}",
            Made(lambda X: np.where(X > 0, X, 0.1 * X), lambda X, off=off: np.where(off < X, 1.0, 0.1)),
        )
        yield Planted(
            f"hard tanh, off by {off:g}",
            Made(
                lambda X: np.clip(X, -1, 1),
                lambda X, off=off: np.where((-1 + off < X) & (X < 1), 1.0, 0.0),
            ),
        )
    for at in (2.0, -0.5, 1.0001, 7.0):
        yield Planted(
            f"relu that chose {at} at 0",
            Made(lambda X: np.maximum(X, 0), lambda X, at=at: np.heaviside(X, at if not 0 <= at <= 1 else 3.0)),
        )
    for at in (0.0, 0.5, 1.5, 4.0):
        yield Planted(
            f"2x, {at} at 0 in both",
            Made(lambda X: np.where(X == 0, 0 * X, 2 * X), lambda X, at=at: np.where(X == 0, at, 2.0)),
        )


def forks() -> Iterator[Planted]:
    """Wrong only where a condition holds that is not a plain threshold."""
    conditions = {
        "exp(x) > 2": lambda X: np.exp(X) > 2,
        "sin(x) > 0.999": lambda X: np.sin(X) > 0.999,
        "|exp(x) - 2| < 1e-6": lambda X: np.abs(np.exp(X) - 2) < 1e-6,
        "x² < 1e-6": lambda X: X**2 < 1e-6,
        "x³ > 60": lambda X: X**3 > 60,
        "1/4 < σ < 0.2501": lambda X: (sigmoid(X) > 0.25) & (sigmoid(X) < 0.2501),
        "x² = 0": lambda X: X * X == 0,
        "exp(x) = 1": lambda X: np.exp(X) == 1,
    }
    for name, (value, slope) in BASES.items():
        for words, condition in conditions.items():

            def wrong(X, slope=slope, condition=condition):
                return np.where(condition(X), slope(X) + 2e-3, slope(X)) + 0

            def steered(X, slope=slope, condition=condition):
                G = np.array(slope(X) + 0.0 * X)
                mask = condition(X)
                G[mask] = 1.25 * G[mask] + 3.0
                return G

            yield Planted(f"{name} where {words}", Made(value, wrong))
            if name in ("sigmoid", "cube", "sine"):
                yield Planted(f"{name} where {words}, by a mask", Made(value, steered))


def slips() -> Iterator[Planted]:
    for name, (value, slope) in BASES.items():
        yield Planted(f"{name}, sign", Made(value, lambda X, slope=slope: -slope(X)))
        yield Planted(f"{name}, zero", Made(value, lambda X, slope=slope: 0 * slope(X)))
        yield Planted(f"{name}, shifted", Made(value, lambda X, slope=slope: slope(X) + 1e-6))
        yield Planted(f"{name}, at |x|", Made(value, lambda X, slope=slope: slope(np.abs(X)) + 1e-5 * (X < -1)))


FAMILIES = (bands, digits, points, thresholds, seams, forks, slips)
