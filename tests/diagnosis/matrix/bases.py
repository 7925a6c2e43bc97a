"""Functors of the tests' own that the matrix plants mistakes in, besides the catalogue's."""

from __future__ import annotations

import numpy as np

from .kind import Array, Base, of, several


class SteepSigmoid:
    def __init__(self, k: float = 2.0) -> None:
        self.k = k

    def __call__(self, X: Array) -> Array:
        return 1 / (1 + np.exp(-np.clip(self.k * X, -700, 700)))

    def gradient(self, X: Array) -> Array:
        S = self(X)
        return self.k * S * (1 - S)


class ScaledTanh:
    """LeCun's tanh, a tanh(b x)."""

    def __init__(self, a: float = 1.7159, b: float = 2 / 3) -> None:
        self.a, self.b = a, b

    def __call__(self, X: Array) -> Array:
        return self.a * np.tanh(self.b * X)

    def gradient(self, X: Array) -> Array:
        return self.a * self.b * (1 - np.tanh(self.b * X) ** 2)


class SharpSoftplus:
    def __init__(self, beta: float = 3.0) -> None:
        self.beta = beta

    def __call__(self, X: Array) -> Array:
        return np.logaddexp(0, self.beta * X) / self.beta

    def gradient(self, X: Array) -> Array:
        return np.exp(-np.logaddexp(0, -self.beta * X))


class Arctan:
    def __init__(self, k: float = 1.0) -> None:
        self.k = k

    def __call__(self, X: Array) -> Array:
        return np.arctan(self.k * X)

    def gradient(self, X: Array) -> Array:
        return self.k / (1 + (self.k * X) ** 2)


class TanhOfLinear:
    """tanh(X W), with a W that is not symmetric; m differs from n."""

    def __init__(self) -> None:
        self.W = np.sin(1.0 + np.arange(24.0)).reshape(6, 4)

    def __call__(self, X: Array) -> Array:
        return np.tanh(X @ self.W)

    def gradient(self, X: Array) -> Array:
        return (1 - self(X) ** 2)[:, :, None] * self.W.T


class SquareTanhOfLinear(TanhOfLinear):
    """The same with a square W."""

    def __init__(self) -> None:
        self.W = np.cos(1.0 + np.arange(36.0) ** 2).reshape(6, 6)


def steep(k: float) -> Base:
    return Base("steep-sigmoid", SteepSigmoid, (("k", k),))


def lecun(a: float, b: float) -> Base:
    return Base("scaled-tanh", ScaledTanh, (("a", a), ("b", b)))


def sharp(beta: float) -> Base:
    return Base("sharp-softplus", SharpSoftplus, (("beta", beta),))


def arctan(k: float) -> Base:
    return Base("arctan", Arctan, (("k", k),))


LINEAR = Base("tanh-of-linear", TanhOfLinear, (), 6)
SQUARE = Base("square-tanh-of-linear", SquareTanhOfLinear, (), 6)

SMOOTH = (
    *several("sigmoid", "tanh", "softplus", "silu", "gelu", "gelu-tanh", "mish", "gaussian", "sine", "softsign"),
    *several("log-sigmoid", "tanh-shrink", "squareplus"),
    steep(3.0),
    lecun(1.7159, 2 / 3),
    arctan(2.0),
)
PIECEWISE = several("relu", "leaky-relu", "elu", "selu", "hard-swish", "hard-sigmoid", "relu6", "celu")
ROWWISE = (
    *several("softmax", "log-softmax", "layer-norm", "rms-norm", "glu", "swiglu", "l2-normalize", "squash"),
    of("softmax", stretch=2.5),
    SQUARE,
)
