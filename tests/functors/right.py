"""Functors whose gradients are right, as people write them.

At kinks and ties the gradient is a sub-gradient: the output's row lies in the convex hull of the slopes around.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from .case import EVEN, Array, Case

# ---------------------------------------------------------------- element-wise, smooth


class Linear:
    def __call__(self, X: Array) -> Array:
        return X

    def gradient(self, X: Array) -> Array:
        return np.ones(X.shape, dtype=float)


class IdentityWithScalarGradient:
    def __call__(self, X: Array) -> Array:
        return X[...]

    def gradient(self, X: Array) -> int:
        return 1


class Sigmoid:
    def __call__(self, X: Array) -> Array:
        return 1.0 / (1.0 + np.exp(-X))

    def gradient(self, X: Array) -> Array:
        Q = self(X)
        return Q * (1 - Q)


class SigmoidInTwoBranches:
    def __call__(self, X: Array) -> Array:
        out = np.empty(X.shape)
        positive = X >= 0
        out[positive] = 1 / (1 + np.exp(-X[positive]))
        e = np.exp(X[~positive])
        out[~positive] = e / (1 + e)
        return out

    def gradient(self, X: Array) -> Array:
        e = np.exp(-np.abs(X))
        return e / (1 + e) ** 2


class Tanh:
    def __call__(self, X: Array) -> Array:
        return np.tanh(X)

    def gradient(self, X: Array) -> Array:
        return 1 - np.tanh(X) ** 2


class ScaledTanh:
    """LeCun's 1.7159 tanh(2x/3)."""

    def __call__(self, X: Array) -> Array:
        return 1.7159 * np.tanh(2 / 3 * X)

    def gradient(self, X: Array) -> Array:
        return 1.7159 * 2 / 3 * (1 - np.tanh(2 / 3 * X) ** 2)


class LogOnePlusExp:
    def __call__(self, X: Array) -> Array:
        return np.log(1 + np.exp(X))

    def gradient(self, X: Array) -> Array:
        return 1 / (1 + np.exp(-X))


class Softplus:
    def __call__(self, X: Array) -> Array:
        return np.logaddexp(0, X)

    def gradient(self, X: Array) -> Array:
        return 1 / (1 + np.exp(-X))


class SoftplusWithSeam:
    """Stable through a maximum; the seam at zero is no kink."""

    def __call__(self, X: Array) -> Array:
        return np.maximum(X, 0) + np.log1p(np.exp(-np.abs(X)))

    def gradient(self, X: Array) -> Array:
        e = np.exp(-np.abs(X))
        return np.where(X >= 0, 1 / (1 + e), e / (1 + e))


class LogSigmoid:
    def __call__(self, X: Array) -> Array:
        return -np.logaddexp(0, -X)

    def gradient(self, X: Array) -> Array:
        return 1 / (1 + np.exp(X))


class GeluByErf:
    _erf = staticmethod(np.vectorize(math.erf, otypes=[float]))

    def __call__(self, X: Array) -> Array:
        return 0.5 * X * (1 + self._erf(X / math.sqrt(2)))

    def gradient(self, X: Array) -> Array:
        cdf = 0.5 * (1 + self._erf(X / math.sqrt(2)))
        pdf = np.exp(-0.5 * X**2) / math.sqrt(2 * math.pi)
        return cdf + X * pdf


class GeluByTanh:
    c = math.sqrt(2 / math.pi)

    def __call__(self, X: Array) -> Array:
        return 0.5 * X * (1 + np.tanh(self.c * (X + 0.044715 * X**3)))

    def gradient(self, X: Array) -> Array:
        t = np.tanh(self.c * (X + 0.044715 * X**3))
        return 0.5 * (1 + t) + 0.5 * X * (1 - t**2) * self.c * (1 + 3 * 0.044715 * X**2)


class QuickGelu:
    def __call__(self, X: Array) -> Array:
        return X / (1 + np.exp(-1.702 * X))

    def gradient(self, X: Array) -> Array:
        s = 1 / (1 + np.exp(-1.702 * X))
        return s + 1.702 * X * s * (1 - s)


class Silu:
    def __call__(self, X: Array) -> Array:
        return X / (1 + np.exp(-X))

    def gradient(self, X: Array) -> Array:
        s = 1 / (1 + np.exp(-X))
        return s * (1 + X * (1 - s))


class Mish:
    def __call__(self, X: Array) -> Array:
        return X * np.tanh(np.logaddexp(0, X))

    def gradient(self, X: Array) -> Array:
        t = np.tanh(np.logaddexp(0, X))
        s = np.exp(-np.logaddexp(0, -X))
        return t + X * s * (1 - t * t)


class Softsign:
    def __call__(self, X: Array) -> Array:
        return X / (1 + np.abs(X))

    def gradient(self, X: Array) -> Array:
        return 1 / np.square(1 + np.abs(X))


class Arctan:
    def __call__(self, X: Array) -> Array:
        return np.arctan(X)

    def gradient(self, X: Array) -> Array:
        return 1 / (1 + X * X)


class Gaussian:
    def __call__(self, X: Array) -> Array:
        return np.exp(-(X**2))

    def gradient(self, X: Array) -> Array:
        return -2 * X * np.exp(-(X**2))


class Sine:
    def __call__(self, X: Array) -> Array:
        return np.sin(X)

    def gradient(self, X: Array) -> Array:
        return np.cos(X)


class FastSine:
    def __init__(self, omega: float = 30.0) -> None:
        self.omega = omega

    def __call__(self, X: Array) -> Array:
        return np.sin(self.omega * X)

    def gradient(self, X: Array) -> Array:
        return self.omega * np.cos(self.omega * X)


class SineFarOut:
    """The argument itself is rounded to 2e-12."""

    def __call__(self, X: Array) -> Array:
        return np.sin(1e4 + X)

    def gradient(self, X: Array) -> Array:
        return np.cos(1e4 + X)


class ExpOfFive:
    def __call__(self, X: Array) -> Array:
        return np.exp(5 * X)

    def gradient(self, X: Array) -> Array:
        return 5 * np.exp(5 * X)


class SteepTanh:
    def __call__(self, X: Array) -> Array:
        return np.tanh(200 * X)

    def gradient(self, X: Array) -> Array:
        return 200 * (1 - np.tanh(200 * X) ** 2)


class TanhOnHundredMillion:
    def __call__(self, X: Array) -> Array:
        return 1e8 + np.tanh(X)

    def gradient(self, X: Array) -> Array:
        return 1 - np.tanh(X) ** 2


class TinyTanh:
    def __call__(self, X: Array) -> Array:
        return 1e-8 * np.tanh(X)

    def gradient(self, X: Array) -> Array:
        return 1e-8 / np.cosh(X) ** 2


class HugeQuintic:
    def __call__(self, X: Array) -> Array:
        return 1e6 * X**5

    def gradient(self, X: Array) -> Array:
        return 5e6 * X**4


class Square:
    def __call__(self, X: Array) -> Array:
        return X * X

    def gradient(self, X: Array) -> Array:
        return X + X


class Cubic:
    """A polynomial by Horner's rule."""

    def __call__(self, X: Array) -> Array:
        return ((0.5 * X - 0.25) * X - 1.0) * X + 2.0

    def gradient(self, X: Array) -> Array:
        return np.polyval([1.5, -0.5, -1.0], X)


class Rational:
    def __call__(self, X: Array) -> Array:
        return (X**2 + X) / (X**2 + X + 2)

    def gradient(self, X: Array) -> Array:
        return 2 * (2 * X + 1) / (X**2 + X + 2) ** 2


class Snake:
    def __call__(self, X: Array) -> Array:
        return X + np.sin(X) ** 2

    def gradient(self, X: Array) -> Array:
        return 1 + np.sin(2 * X)


class BentIdentity:
    def __call__(self, X: Array) -> Array:
        return (np.sqrt(X**2 + 1) - 1) / 2 + X

    def gradient(self, X: Array) -> Array:
        return X / (2 * np.sqrt(X**2 + 1)) + 1


# ---------------------------------------------------------------- element-wise, with kinks


class ReluByMask:
    """Chooses 1 at zero."""

    def __call__(self, X: Array) -> Array:
        Y = np.zeros(X.shape, dtype=float)
        Y[X > 0] = X[X > 0]
        return Y

    def gradient(self, X: Array) -> Array:
        Y = np.zeros(X.shape, dtype=float)
        Y[X >= 0] = 1
        return Y


class ReluByMaximum:
    def __call__(self, X: Array) -> Array:
        return np.maximum(X, 0)

    def gradient(self, X: Array) -> Array:
        return (X > 0).astype(float)


class ReluByWhere:
    """The gradient is an array of integers."""

    def __call__(self, X: Array) -> Array:
        return np.where(X > 0, X, 0)

    def gradient(self, X: Array) -> Array:
        return np.where(X > 0, 1, 0)


class ReluByHeaviside:
    """Chooses a half at zero."""

    def __call__(self, X: Array) -> Array:
        return X * np.heaviside(X, 0.5)

    def gradient(self, X: Array) -> Array:
        return np.heaviside(X, 0.5)


class ReluWithBooleanGradient:
    def __call__(self, X: Array) -> Array:
        return X * (X > 0)

    def gradient(self, X: Array) -> Array:
        return X >= 0


class ReluByAbs:
    def __call__(self, X: Array) -> Array:
        return (X + np.abs(X)) / 2

    def gradient(self, X: Array) -> Array:
        return (1 + np.sign(X)) / 2


@dataclass(frozen=True)
class LeakyRelu:
    negative_slope: float = 0.01

    def __call__(self, X: Array) -> Array:
        return np.where(X > 0, X, self.negative_slope * X)

    def gradient(self, X: Array) -> Array:
        return np.where(X > 0, 1.0, self.negative_slope)


class Relu6:
    def __call__(self, X: Array) -> Array:
        return np.clip(X, 0, 6)

    def gradient(self, X: Array) -> Array:
        return ((X > 0) & (X < 6)).astype(np.int64)


class Elu:
    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def __call__(self, X: Array) -> Array:
        return np.where(X > 0, X, self.alpha * np.expm1(X))

    def gradient(self, X: Array) -> Array:
        return np.where(X > 0, 1.0, self.alpha * np.exp(X))


class Selu:
    scale = 1.0507009873554804934193349852946
    alpha = 1.6732632423543772848170429916717

    def __call__(self, X: Array) -> Array:
        return self.scale * np.where(X > 0, X, self.alpha * (np.exp(np.minimum(X, 0)) - 1))

    def gradient(self, X: Array) -> Array:
        return self.scale * np.where(X > 0, 1, self.alpha * np.exp(np.minimum(X, 0)))


class HardTanh:
    def __call__(self, X: Array) -> Array:
        return np.maximum(-1, np.minimum(1, X))

    def gradient(self, X: Array) -> Array:
        return np.where(np.abs(X) <= 1, 1.0, 0.0)


class HardSigmoid:
    def __call__(self, X: Array) -> Array:
        return np.clip((X + 3) / 6, 0, 1)

    def gradient(self, X: Array) -> Array:
        G = np.zeros_like(X)
        G[np.logical_and(X > -3, X < 3)] = 1 / 6
        return G


class HardSwish:
    def __call__(self, X: Array) -> Array:
        return X * np.clip(X + 3, 0, 6) / 6

    def gradient(self, X: Array) -> Array:
        return np.select([X <= -3, X >= 3], [0.0, 1.0], (2 * X + 3) / 6)


class SoftShrink:
    def __call__(self, X: Array) -> Array:
        return np.sign(X) * np.maximum(np.abs(X) - 0.5, 0)

    def gradient(self, X: Array) -> Array:
        return np.where(np.abs(X) > 0.5, 1.0, 0.0)


class Absolute:
    def __call__(self, X: Array) -> Array:
        return np.abs(X)

    def gradient(self, X: Array) -> Array:
        return np.sign(X)


class PreluPerColumn:
    def __call__(self, X: Array) -> Array:
        return np.maximum(X, 0) + np.linspace(0.05, 0.5, X.shape[1]) * np.minimum(X, 0)

    def gradient(self, X: Array) -> Array:
        return np.where(X >= 0, 1.0, np.linspace(0.05, 0.5, X.shape[1]))


# ---------------------------------------------------------------- element-wise, with jumps


class HardShrink:
    def __call__(self, X: Array) -> Array:
        return X * (np.abs(X) > 0.5)

    def gradient(self, X: Array) -> Array:
        return (np.abs(X) > 0.5) * 1.0


class Threshold:
    def __call__(self, X: Array) -> Array:
        return np.where(X > 1.0, X, -0.25)

    def gradient(self, X: Array) -> Array:
        return np.where(X > 1.0, 1.0, 0.0)


class Step:
    def __call__(self, X: Array) -> Array:
        return np.heaviside(X, 1.0)

    def gradient(self, X: Array) -> Array:
        return np.zeros_like(X)


class Floor:
    def __call__(self, X: Array) -> Array:
        return np.floor(X)

    def gradient(self, X: Array) -> Array:
        return np.zeros(X.shape)


class Sign:
    def __call__(self, X: Array) -> Array:
        return np.sign(X)

    def gradient(self, X: Array) -> Array:
        return 0 * X


class Sawtooth:
    def __call__(self, X: Array) -> Array:
        return X - np.floor(X)

    def gradient(self, X: Array) -> Array:
        return np.ones_like(X)


# ---------------------------------------------------------------- element-wise, with a domain or an infinite slope


class CubeRoot:
    """Its slope at zero is infinite, and the gradient says so."""

    def __call__(self, X: Array) -> Array:
        return np.cbrt(X)

    def gradient(self, X: Array) -> Array:
        return 1 / (3 * np.cbrt(X) ** 2)


class SquareRoot:
    def __call__(self, X: Array) -> Array:
        return np.sqrt(X)

    def gradient(self, X: Array) -> Array:
        return 0.5 * np.power(X, -0.5)


class Logarithm:
    def __call__(self, X: Array) -> Array:
        return np.log(X)

    def gradient(self, X: Array) -> Array:
        return np.where(X >= 0, 1 / X, np.nan)


class Reciprocal:
    def __call__(self, X: Array) -> Array:
        return 1 / X

    def gradient(self, X: Array) -> Array:
        return -1 / X**2


class Exponential:
    def __call__(self, X: Array) -> Array:
        return np.exp(X)

    def gradient(self, X: Array) -> Array:
        return self(X)


# ---------------------------------------------------------------- dependent, smooth


class Softmax:
    """One row at a time."""

    def __init__(self, stretch: float = 1.0) -> None:
        self.stretch = stretch

    def __call__(self, X: Array) -> Array:
        X_ = np.atleast_2d(X) * self.stretch
        Y = np.exp(X_ - np.expand_dims(np.max(X_, axis=-1), axis=-1))
        Y /= np.expand_dims(np.sum(Y, axis=-1), axis=-1)
        return Y.flatten() if X.ndim == 1 else Y

    def single_jacobian(self, y: Array) -> Array:
        column = y.reshape(-1, 1)
        return self.stretch * (np.diagflat(column) - np.dot(column, column.T))

    def gradient(self, X: Array) -> Array:
        Y = self(X)
        out_shape = (*Y.shape, Y.shape[-1])
        Y = Y.reshape(-1, Y.shape[-1])
        out = np.zeros((*Y.shape, Y.shape[-1]), dtype=float)
        for i in range(Y.shape[0]):
            out[i] = self.single_jacobian(Y[i])
        return out.reshape(out_shape)


class SoftmaxVectorised:
    def __init__(self, stretch: float = 1.0) -> None:
        self.stretch = stretch

    def __call__(self, X: Array) -> Array:
        e = np.exp(self.stretch * (X - X.max(axis=1, keepdims=True)))
        return e / e.sum(axis=1, keepdims=True)

    def gradient(self, X: Array) -> Array:
        P = self(X)
        return self.stretch * (P[:, :, None] * np.eye(X.shape[1]) - np.einsum("bi,bj->bij", P, P))


class Softmin(SoftmaxVectorised):
    def __init__(self) -> None:
        super().__init__(stretch=-1.0)

    def __call__(self, X: Array) -> Array:
        e = np.exp(X.min(axis=1, keepdims=True) - X)
        return e / e.sum(axis=1, keepdims=True)


class LogSoftmax:
    def __call__(self, X: Array) -> Array:
        Z = X - X.max(axis=-1, keepdims=True)
        return Z - np.log(np.exp(Z).sum(axis=-1, keepdims=True))

    def gradient(self, X: Array) -> Array:
        P = np.exp(self(X))
        return np.eye(X.shape[1]) - P[:, None, :]


class LogSumExp:
    def __call__(self, X: Array) -> Array:
        top = X.max(axis=1, keepdims=True)
        return top + np.log(np.exp(X - top).sum(axis=1, keepdims=True))

    def gradient(self, X: Array) -> Array:
        return np.exp(X - self(X))[:, None, :]


class LayerNorm:
    eps = 1e-5

    def __call__(self, X: Array) -> Array:
        centred = X - X.mean(axis=1, keepdims=True)
        return centred / np.sqrt(X.var(axis=1, keepdims=True) + self.eps)

    def gradient(self, X: Array) -> Array:
        n = X.shape[1]
        sigma = np.sqrt(X.var(axis=1) + self.eps)[:, None, None]
        H = self(X)
        return (np.eye(n) - 1 / n - H[:, :, None] * H[:, None, :] / n) / sigma


class LayerNormWithWeights(LayerNorm):
    def __call__(self, X: Array) -> Array:
        n = X.shape[1]
        return super().__call__(X) * np.linspace(0.5, 2, n) + np.linspace(-1, 1, n)

    def gradient(self, X: Array) -> Array:
        n = X.shape[1]
        H = LayerNorm.__call__(self, X)
        sigma = np.sqrt(X.var(axis=1) + self.eps)[:, None, None]
        J = (np.eye(n) - 1 / n - H[:, :, None] * H[:, None, :] / n) / sigma
        return np.linspace(0.5, 2, n)[:, None] * J


class RmsNorm:
    def __call__(self, X: Array) -> Array:
        return X / np.sqrt(np.mean(X**2, axis=1, keepdims=True) + 1e-6)

    def gradient(self, X: Array) -> Array:
        n = X.shape[1]
        r = np.sqrt(np.mean(X**2, axis=1) + 1e-6)[:, None, None]
        return np.eye(n) / r - X[:, :, None] * X[:, None, :] / (n * r**3)


class L2Normalise:
    def __call__(self, X: Array) -> Array:
        return X / np.sqrt(np.sum(X * X, axis=1, keepdims=True) + 1e-4)

    def gradient(self, X: Array) -> Array:
        U = self(X)
        length = np.sqrt((X * X).sum(axis=1) + 1e-4)
        return (np.eye(X.shape[1]) - np.einsum("bi,bj->bij", U, U)) / length[:, None, None]


class Glu:
    def __call__(self, X: Array) -> Array:
        a, b = np.split(X, 2, axis=1)
        return a / (1 + np.exp(-b))

    def gradient(self, X: Array) -> Array:
        a, b = np.split(X, 2, axis=1)
        s = 1 / (1 + np.exp(-b))
        m = a.shape[1]
        J = np.zeros((X.shape[0], m, 2 * m))
        k = np.arange(m)
        J[:, k, k] = s
        J[:, k, m + k] = a * s * (1 - s)
        return J


class SwiGlu:
    def __call__(self, X: Array) -> Array:
        m = X.shape[1] // 2
        gate, value = X[:, :m], X[:, m:]
        return gate / (1 + np.exp(-gate)) * value

    def gradient(self, X: Array) -> Array:
        m = X.shape[1] // 2
        gate, value = X[:, :m], X[:, m:]
        s = 1 / (1 + np.exp(-gate))
        by_gate = value * (s + gate * s * (1 - s))
        by_value = gate * s
        eye = np.eye(m)
        return np.concatenate([by_gate[:, :, None] * eye, by_value[:, :, None] * eye], axis=2)


class TanhOfLinear:
    """A fixed layer, with two more outputs than inputs unless told otherwise."""

    def __init__(self, more: int = 2) -> None:
        self.more = more
        self.weights: dict[int, Array] = {}

    def w(self, n: int) -> Array:
        if n not in self.weights:
            m = n + self.more
            self.weights[n] = np.sin(1.0 + np.arange(n * m)).reshape(n, m) / math.sqrt(n)
        return self.weights[n]

    def __call__(self, X: Array) -> Array:
        return np.tanh(X @ self.w(X.shape[1]))

    def gradient(self, X: Array) -> Array:
        W = self.w(X.shape[1])
        A = np.tanh(X @ W)
        return (1 - A**2)[:, :, None] * W.T


class CumulativeSum:
    """The Jacobian is one matrix, broadcast over the batch and read-only."""

    def __call__(self, X: Array) -> Array:
        return np.cumsum(X, axis=1)

    def gradient(self, X: Array) -> Array:
        n = X.shape[1]
        return np.broadcast_to(np.tril(np.ones((n, n))), (X.shape[0], n, n))


class SumOfSquares:
    def __call__(self, X: Array) -> Array:
        return (X**2).sum(axis=1, keepdims=True)

    def gradient(self, X: Array) -> Array:
        return 2 * X[:, np.newaxis]


class ConcatenatedRelu:
    """relu(x) and relu(-x) side by side: twice as many outputs as inputs."""

    def __call__(self, X: Array) -> Array:
        return np.hstack([np.maximum(X, 0), np.maximum(-X, 0)])

    def gradient(self, X: Array) -> Array:
        eye = np.eye(X.shape[1])
        return np.concatenate([(X > 0)[:, :, None] * eye, (X < 0)[:, :, None] * -eye], axis=1)


# ---------------------------------------------------------------- dependent, with ties


class MaxoutFirst:
    def __call__(self, X: Array) -> Array:
        return X.reshape(X.shape[0], -1, 2).max(axis=2)

    def gradient(self, X: Array) -> Array:
        batch, n = X.shape
        winner = X.reshape(batch, -1, 2).argmax(axis=2) + np.arange(0, n, 2)
        J = np.zeros((batch, n // 2, n))
        J[np.arange(batch)[:, None], np.arange(n // 2), winner] = 1
        return J


class MaxoutShared:
    """Shares the slope equally at a tie."""

    def __call__(self, X: Array) -> Array:
        return np.maximum(X[:, ::2], X[:, 1::2])

    def gradient(self, X: Array) -> Array:
        batch, n = X.shape
        left = np.heaviside(X[:, ::2] - X[:, 1::2], 0.5)
        J = np.zeros((batch, n // 2, n))
        k = np.arange(n // 2)
        J[:, k, 2 * k] = left
        J[:, k, 2 * k + 1] = 1 - left
        return J


class RowMaximum:
    def __call__(self, X: Array) -> Array:
        return X.max(axis=1, keepdims=True)

    def gradient(self, X: Array) -> Array:
        return np.eye(X.shape[1])[X.argmax(axis=1)][:, None, :]


class RowMaximumShared:
    def __call__(self, X: Array) -> Array:
        return np.amax(X, axis=-1, keepdims=True)

    def gradient(self, X: Array) -> Array:
        top = (self(X) == X).astype(float)
        return (top / top.sum(axis=1, keepdims=True))[:, None]


class Sort:
    def __call__(self, X: Array) -> Array:
        return np.sort(X, axis=1)

    def gradient(self, X: Array) -> Array:
        order = np.argsort(X, axis=1, kind="stable")
        return np.eye(X.shape[1])[order]


class Median:
    def __call__(self, X: Array) -> Array:
        return np.median(X, axis=1, keepdims=True)

    def gradient(self, X: Array) -> Array:
        batch, n = X.shape
        order = np.argsort(X, axis=1)
        J = np.zeros((batch, 1, n))
        rows = np.arange(batch)
        J[rows, 0, order[:, (n - 1) // 2]] += 0.5
        J[rows, 0, order[:, n // 2]] += 0.5
        return J


class Sparsemax:
    def support(self, X: Array) -> tuple[Array, Array]:
        Z = X - X.max(axis=1, keepdims=True)
        ordered = -np.sort(-Z, axis=1)
        sums = np.cumsum(ordered, axis=1)
        k = np.arange(1, X.shape[1] + 1)
        size = np.sum(1 + k * ordered > sums, axis=1, keepdims=True)
        tau = (np.take_along_axis(sums, size - 1, axis=1) - 1) / size
        return Z, tau

    def __call__(self, X: Array) -> Array:
        Z, tau = self.support(X)
        return np.maximum(Z - tau, 0)

    def gradient(self, X: Array) -> Array:
        inside = (self(X) > 0).astype(float)
        outer = inside[:, :, None] * inside[:, None, :]
        return inside[:, :, None] * np.eye(X.shape[1]) - outer / inside.sum(axis=1)[:, None, None]


# ---------------------------------------------------------------- how the arrays are made


class TanhInSinglePrecision:
    """The forward is honest, but works in float32 inside."""

    def __call__(self, X: Array) -> Array:
        return np.tanh(X.astype(np.float32)).astype(float)

    def gradient(self, X: Array) -> Array:
        return 1 - np.tanh(X) ** 2


class SoftplusInFortranOrder:
    def __call__(self, X: Array) -> Array:
        return np.asfortranarray(np.logaddexp(0, X))

    def gradient(self, X: Array) -> Array:
        return np.asfortranarray(1 / (1 + np.exp(-X)))


class SoftmaxInFortranOrder(SoftmaxVectorised):
    def __call__(self, X: Array) -> Array:
        return np.asfortranarray(super().__call__(X))

    def gradient(self, X: Array) -> Array:
        P = super().__call__(X)
        return np.asfortranarray(P[:, :, None] * (np.eye(X.shape[1]) - P[:, None, :]))


class SineAndCosineInterleaved:
    """Every other column of a larger array."""

    def both(self, X: Array) -> Array:
        out = np.empty((X.shape[0], 2 * X.shape[1]))
        out[:, 0::2] = np.sin(X)
        out[:, 1::2] = np.cos(X)
        return out

    def __call__(self, X: Array) -> Array:
        return self.both(X)[:, 0::2]

    def gradient(self, X: Array) -> Array:
        return self.both(X)[:, 1::2]


class ReadOnlyTanh:
    def frozen(self, A: Array) -> Array:
        A.setflags(write=False)
        return A

    def __call__(self, X: Array) -> Array:
        return self.frozen(np.tanh(X))

    def gradient(self, X: Array) -> Array:
        return self.frozen(1 - np.tanh(X) ** 2)


class SigmoidWithHonestCache:
    """Remembers the last output together with a copy of its input."""

    def __init__(self) -> None:
        self.seen: Array | None = None
        self.out: Array | None = None

    def __call__(self, X: Array) -> Array:
        if self.seen is None or self.out is None or not self.is_the_same(self.seen, X):
            self.seen = X.copy()
            self.out = 1 / (1 + np.exp(-X))
        return self.out.copy()

    @staticmethod
    def is_the_same(a: Array, b: Array) -> bool:
        return a.dtype == b.dtype and np.array_equal(a, b)

    def gradient(self, X: Array) -> Array:
        s = self(X)
        return s * (1 - s)


class SoftmaxKeyedOnBytes:
    """Remembers Jacobians by what the input holds."""

    def __init__(self) -> None:
        self.memory: dict[tuple[object, ...], Array] = {}
        self.inner = SoftmaxVectorised()

    def __call__(self, X: Array) -> Array:
        return self.inner(X)

    def gradient(self, X: Array) -> Array:
        key = (X.shape, X.dtype, X.tobytes())
        if key not in self.memory:
            if len(self.memory) > 16:
                self.memory.clear()
            self.memory[key] = self.inner.gradient(X)
        return self.memory[key].copy()


class TanhInPlaceOnACopy:
    def __call__(self, X: Array) -> Array:
        Y = np.array(X)
        np.tanh(Y, out=Y)
        return Y

    def gradient(self, X: Array) -> Array:
        Y = self(X)
        Y *= Y
        np.subtract(1, Y, out=Y)
        return Y


RIGHT: tuple[Case, ...] = (
    Case("linear", Linear, "smooth", note="returns its input itself"),
    Case("identity-with-scalar-gradient", IdentityWithScalarGradient, "smooth", note="returns a view"),
    Case("sigmoid", Sigmoid, "smooth"),
    Case("sigmoid-in-two-branches", SigmoidInTwoBranches, "smooth"),
    Case("tanh", Tanh, "smooth"),
    Case("scaled-tanh", ScaledTanh, "smooth"),
    Case("log-one-plus-exp", LogOnePlusExp, "overflow", note="an avoidable overflow at 710"),
    Case("softplus", Softplus, "smooth"),
    Case("softplus-with-seam", SoftplusWithSeam, "smooth"),
    Case("log-sigmoid", LogSigmoid, "smooth"),
    Case("gelu-by-erf", GeluByErf, "smooth"),
    Case("gelu-by-tanh", GeluByTanh, "smooth"),
    Case("quick-gelu", QuickGelu, "smooth"),
    Case("silu", Silu, "smooth"),
    Case("mish", Mish, "smooth"),
    Case("softsign", Softsign, "smooth"),
    Case("arctan", Arctan, "smooth"),
    Case("gaussian", Gaussian, "smooth"),
    Case("sine", Sine, "smooth"),
    Case("sine-of-thirty", FastSine, "scale"),
    Case("sine-far-out", SineFarOut, "scale"),
    Case("exp-of-five", ExpOfFive, "scale", note="a true overflow at 142"),
    Case("steep-tanh", SteepTanh, "scale"),
    Case("tanh-on-hundred-million", TanhOnHundredMillion, "scale"),
    Case("tiny-tanh", TinyTanh, "scale"),
    Case("huge-quintic", HugeQuintic, "scale"),
    Case("square", Square, "smooth"),
    Case("cubic", Cubic, "smooth"),
    Case("rational", Rational, "smooth"),
    Case("snake", Snake, "smooth"),
    Case("bent-identity", BentIdentity, "smooth"),
    Case("relu-by-mask", ReluByMask, "kink"),
    Case("relu-by-maximum", ReluByMaximum, "kink"),
    Case("relu-by-where", ReluByWhere, "kink"),
    Case("relu-by-heaviside", ReluByHeaviside, "kink"),
    Case("relu-with-boolean-gradient", ReluWithBooleanGradient, "kink"),
    Case("relu-by-abs", ReluByAbs, "kink"),
    Case("leaky-relu", LeakyRelu, "kink"),
    Case("relu6", Relu6, "kink"),
    Case("elu", Elu, "kink"),
    Case("elu-with-half-alpha", partial(Elu, 0.5), "kink"),
    Case("selu", Selu, "kink"),
    Case("hard-tanh", HardTanh, "kink"),
    Case("hard-sigmoid", HardSigmoid, "kink"),
    Case("hard-swish", HardSwish, "kink"),
    Case("soft-shrink", SoftShrink, "kink"),
    Case("absolute", Absolute, "kink"),
    Case("prelu-per-column", PreluPerColumn, "kink"),
    Case("hard-shrink", HardShrink, "jump"),
    Case("threshold", Threshold, "jump"),
    Case("step", Step, "jump"),
    Case("floor", Floor, "jump"),
    Case("sign", Sign, "jump"),
    Case("sawtooth", Sawtooth, "jump"),
    Case("cube-root", CubeRoot, "domain", note="an infinite slope at zero"),
    Case("square-root", SquareRoot, "domain", note="NaN for x < 0, an infinite slope at zero"),
    Case("logarithm", Logarithm, "domain", note="NaN for x < 0, a pole at zero"),
    Case("reciprocal", Reciprocal, "domain", note="a pole at zero"),
    Case("exponential", Exponential, "overflow", note="a true overflow at 710"),
    Case("softmax", Softmax, "dependent"),
    Case("softmax-vectorised", SoftmaxVectorised, "dependent"),
    Case("softmax-stretch-2", partial(Softmax, 2.0), "dependent"),
    Case("softmax-stretch-50", partial(SoftmaxVectorised, 50.0), "dependent"),
    Case("softmax-stretch-hundredth", partial(SoftmaxVectorised, 0.01), "dependent"),
    Case("softmin", Softmin, "dependent"),
    Case("log-softmax", LogSoftmax, "dependent"),
    Case("log-sum-exp", LogSumExp, "dependent"),
    Case("layer-norm", LayerNorm, "dependent"),
    Case("layer-norm-with-weights", LayerNormWithWeights, "dependent"),
    Case("rms-norm", RmsNorm, "dependent"),
    Case("l2-normalise", L2Normalise, "dependent"),
    Case("glu", Glu, "dependent", widths=EVEN),
    Case("swiglu", SwiGlu, "dependent", widths=EVEN),
    Case("tanh-of-linear", TanhOfLinear, "dependent"),
    Case("cumulative-sum", CumulativeSum, "dependent"),
    Case("sum-of-squares", SumOfSquares, "dependent"),
    Case("concatenated-relu", ConcatenatedRelu, "dependent"),
    Case("maxout-first", MaxoutFirst, "tie", widths=EVEN),
    Case("maxout-shared", MaxoutShared, "tie", widths=EVEN),
    Case("row-maximum", RowMaximum, "tie"),
    Case("row-maximum-shared", RowMaximumShared, "tie"),
    Case("sort", Sort, "tie"),
    Case("median", Median, "tie"),
    Case("sparsemax", Sparsemax, "tie"),
    Case("tanh-in-single-precision", TanhInSinglePrecision, "precision", note="noise of 6e-8 in the value"),
    Case("softplus-in-fortran-order", SoftplusInFortranOrder, "memory"),
    Case("softmax-in-fortran-order", SoftmaxInFortranOrder, "memory"),
    Case("sine-and-cosine-interleaved", SineAndCosineInterleaved, "memory"),
    Case("read-only-tanh", ReadOnlyTanh, "memory"),
    Case("sigmoid-with-honest-cache", SigmoidWithHonestCache, "memory"),
    Case("softmax-keyed-on-bytes", SoftmaxKeyedOnBytes, "memory"),
    Case("tanh-in-place-on-a-copy", TanhInPlaceOnACopy, "memory"),
)
