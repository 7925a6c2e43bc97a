"""Functors that are wrong, each in one way, as people get them wrong.

Most keep a right forward of ``right`` and spoil its gradient; the others break what is asked of any functor.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from .case import EVEN, FROM_FOUR, FROM_THREE, FROM_TWO, ODD, Array, Case
from .right import (
    Absolute,
    Arctan,
    CumulativeSum,
    Elu,
    ExpOfFive,
    FastSine,
    Gaussian,
    GeluByErf,
    GeluByTanh,
    Glu,
    HardSigmoid,
    HardTanh,
    HugeQuintic,
    L2Normalise,
    LayerNorm,
    LayerNormWithWeights,
    LeakyRelu,
    LogSigmoid,
    LogSoftmax,
    LogSumExp,
    MaxoutFirst,
    MaxoutShared,
    Median,
    Mish,
    PreluPerColumn,
    QuickGelu,
    Reciprocal,
    Relu6,
    ReluByMask,
    ReluByMaximum,
    ReluByWhere,
    RmsNorm,
    RowMaximum,
    ScaledTanh,
    Selu,
    Sigmoid,
    Silu,
    Sine,
    SineFarOut,
    Snake,
    Softmax,
    SoftmaxVectorised,
    Softmin,
    Softplus,
    SoftplusWithSeam,
    SoftShrink,
    Softsign,
    Sort,
    Square,
    SteepTanh,
    SwiGlu,
    Tanh,
    TanhOfLinear,
    TanhOnHundredMillion,
    TinyTanh,
)

# ---------------------------------------------------------------- sign


class SineWithMinusCosine(Sine):
    def gradient(self, X: Array) -> Array:
        return -np.cos(X)


class GaussianWithoutMinus(Gaussian):
    def gradient(self, X: Array) -> Array:
        return 2 * X * np.exp(-(X**2))


class SoftminWithSoftmaxSign(Softmin):
    def gradient(self, X: Array) -> Array:
        return -super().gradient(X)


class LogSigmoidNegated(LogSigmoid):
    def gradient(self, X: Array) -> Array:
        return -1 / (1 + np.exp(X))


class ReciprocalWithoutMinus(Reciprocal):
    def gradient(self, X: Array) -> Array:
        return 1 / X**2


# ---------------------------------------------------------------- factor


class SigmoidHalved(Sigmoid):
    def gradient(self, X: Array) -> Array:
        return 0.5 * super().gradient(X)


class TanhDoubled(Tanh):
    def gradient(self, X: Array) -> Array:
        return 2 * (1 - np.tanh(X) ** 2)


class SiluOnePerMilleTooLarge(Silu):
    def gradient(self, X: Array) -> Array:
        return (1 + 1e-3) * super().gradient(X)


class SoftplusOnePerMillionTooLarge(Softplus):
    def gradient(self, X: Array) -> Array:
        return (1 + 1e-6) * super().gradient(X)


class LayerNormOnePerMillionTooLarge(LayerNorm):
    def gradient(self, X: Array) -> Array:
        return (1 + 1e-6) * super().gradient(X)


class SoftmaxWithoutStretch(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        P = self(X)
        return P[:, :, None] * (np.eye(X.shape[1]) - P[:, None, :])


class SoftmaxWithStretchSquared(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        return self.stretch * super().gradient(X)


class SoftmaxDividedByStretch(Softmax):
    def single_jacobian(self, y: Array) -> Array:
        return (np.diag(y) - np.outer(y, y)) / self.stretch


class SquareWithoutTwo(Square):
    def gradient(self, X: Array) -> Array:
        return X


class ScaledTanhWithoutInnerSlope(ScaledTanh):
    def gradient(self, X: Array) -> Array:
        return 1.7159 * (1 - np.tanh(2 / 3 * X) ** 2)


class DecimalLogarithmWithNaturalDerivative:
    def __call__(self, X: Array) -> Array:
        return np.log10(1 + X**2)

    def gradient(self, X: Array) -> Array:
        return 2 * X / (1 + X**2)


# ---------------------------------------------------------------- one entry, one column


class SoftmaxWithOneEntryTooLarge(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        J = super().gradient(X)
        J[:, 0, 1] *= 1.05
        return J


class SoftmaxWithLastCornerZero(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        J = super().gradient(X)
        J[:, -1, -1] = 0
        return J


class CumulativeSumWithoutFirstStep(CumulativeSum):
    def gradient(self, X: Array) -> Array:
        J = np.array(super().gradient(X))
        J[:, 1, 0] = 0
        return J


class LogSoftmaxWithCornerFlipped(LogSoftmax):
    def gradient(self, X: Array) -> Array:
        J = super().gradient(X)
        J[:, 0, -1] *= -1
        return J


class TanhOfLinearWithOneEntryOff(TanhOfLinear):
    def gradient(self, X: Array) -> Array:
        J = super().gradient(X)
        J[:, -1, 0] *= 1 + 1e-4
        return J


class TanhWithLastColumnOff(Tanh):
    def gradient(self, X: Array) -> Array:
        G = super().gradient(X)
        G[:, -1] *= 1.01
        return G


class SigmoidWithFirstColumnZero(Sigmoid):
    def gradient(self, X: Array) -> Array:
        G = super().gradient(X)
        G[:, 0] = 0
        return G


class SoftplusWithOddColumnsDoubled(Softplus):
    def gradient(self, X: Array) -> Array:
        G = super().gradient(X)
        G[:, 1::2] *= 2
        return G


class SoftmaxWithFirstColumnNegated(Softmax):
    def gradient(self, X: Array) -> Array:
        J = super().gradient(X)
        J[:, :, 0] = -J[:, :, 0]
        return J


class PreluWithSlopesOffByOne(PreluPerColumn):
    def gradient(self, X: Array) -> Array:
        slopes = np.roll(np.linspace(0.05, 0.5, X.shape[1]), 1)
        return np.where(X >= 0, 1.0, slopes)


class GluWithGatesShifted(Glu):
    """The gate's columns are off by one."""

    def gradient(self, X: Array) -> Array:
        J = super().gradient(X)
        m = X.shape[1] // 2
        J[:, :, m:] = np.roll(J[:, :, m:], 1, axis=2)
        return J


# ---------------------------------------------------------------- one side


class EluWithoutAlpha(Elu):
    def gradient(self, X: Array) -> Array:
        return np.where(X > 0, 1.0, np.exp(X))


class LeakyReluWithTenthForHundredth(LeakyRelu):
    def gradient(self, X: Array) -> Array:
        return np.where(X > 0, 1.0, 0.1)


class SeluWithoutScaleBelowZero(Selu):
    def gradient(self, X: Array) -> Array:
        return np.where(X > 0, self.scale, self.alpha * np.exp(np.minimum(X, 0)))


class AbsoluteWithSlopeOne(Absolute):
    def gradient(self, X: Array) -> Array:
        return np.ones_like(X)


class SoftsignNotSquaredBelowZero(Softsign):
    def gradient(self, X: Array) -> Array:
        d = 1 + np.abs(X)
        return np.where(X >= 0, 1 / d**2, 1 / d)


class SigmoidConstantAboveZero(Sigmoid):
    def gradient(self, X: Array) -> Array:
        return np.where(X > 0, 0.25, super().gradient(X))


class EluNegatedBelowZero(Elu):
    def gradient(self, X: Array) -> Array:
        return np.where(X > 0, 1.0, -self.alpha * np.exp(X))


# ---------------------------------------------------------------- a band


class SigmoidOffBetweenNineTenthsAndOne(Sigmoid):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X) * np.where((X > 0.9) & (X < 1.0), 1.01, 1.0)


class TanhOffInNarrowBand(Tanh):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X) * np.where((X > 2.5) & (X < 2.52), 1.001, 1.0)


class GeluZeroInNarrowBand(GeluByTanh):
    def gradient(self, X: Array) -> Array:
        return np.where((X > -3.37) & (X < -3.35), 0.0, super().gradient(X))


class SineFlippedInNarrowBand(Sine):
    def gradient(self, X: Array) -> Array:
        return np.where((X > 5.5) & (X < 5.53), -np.cos(X), np.cos(X))


class HardSigmoidWithEarlyCorners(HardSigmoid):
    def gradient(self, X: Array) -> Array:
        return np.where(np.abs(X) < 2.5, 1 / 6, 0.0)


class Relu6ClippedAtFive(Relu6):
    def gradient(self, X: Array) -> Array:
        return np.where((X > 0) & (X < 5), 1.0, 0.0)


class SoftShrinkWithOtherLambda(SoftShrink):
    def gradient(self, X: Array) -> Array:
        return np.where(np.abs(X) > 0.45, 1.0, 0.0)


class MishJustBelowZero(Mish):
    def gradient(self, X: Array) -> Array:
        return np.where((X > -0.02) & (X < 0), 1.0, super().gradient(X))


class SoftplusByTable(Softplus):
    """A gradient looked up to two digits."""

    def gradient(self, X: Array) -> Array:
        return super().gradient(np.round(X, 2))


class SiluOffAboveFour(Silu):
    def gradient(self, X: Array) -> Array:
        return np.where((X > 4.0) & (X < 4.03), 1.0, super().gradient(X))


# ---------------------------------------------------------------- ties


class RowMaximumAllOnesAtTies(RowMaximum):
    def gradient(self, X: Array) -> Array:
        return (self(X) == X).astype(float)[:, None, :]


class RowMaximumZeroAtTies(RowMaximum):
    def gradient(self, X: Array) -> Array:
        top = self(X) == X
        alone = top.sum(axis=1, keepdims=True) == 1
        return (top & alone).astype(float)[:, None, :]


class RowMaximumHalvesAtTies(RowMaximum):
    """A half for each of two, and also for each of three."""

    def gradient(self, X: Array) -> Array:
        top = (self(X) == X).astype(float)
        return np.where(top.sum(axis=1, keepdims=True) > 1, 0.5 * top, top)[:, None, :]


class MaxoutOnesAtTies(MaxoutFirst):
    def gradient(self, X: Array) -> Array:
        J = super().gradient(X)
        b, k = np.nonzero(X[:, ::2] == X[:, 1::2])
        J[b, k, 2 * k] = J[b, k, 2 * k + 1] = 1
        return J


class MaxoutZerosAtTies(MaxoutShared):
    def gradient(self, X: Array) -> Array:
        J = super().gradient(X)
        J[J == 0.5] = 0
        return J


class SortWithOnesAtTies(Sort):
    def gradient(self, X: Array) -> Array:
        return (self(X)[:, :, None] == X[:, None, :]).astype(float)


class SortOvershootingAtTies(Sort):
    """At a tie (2, -1) instead of (1, 0): the sum of the row is right."""

    def gradient(self, X: Array) -> Array:
        J = super().gradient(X)
        order = np.argsort(X, axis=1, kind="stable")
        b, i = np.nonzero(np.diff(self(X), axis=1) == 0)
        J[b, i, order[b, i]] += 1
        J[b, i, order[b, i + 1]] -= 1
        return J


class MedianAllOnesAtTies(Median):
    def gradient(self, X: Array) -> Array:
        return (self(X) == X).astype(float)[:, None, :]


class MedianAveragedOverTheRow(Median):
    """The mean's gradient where some entries are tied: at an even width that can be a sub-gradient."""

    def gradient(self, X: Array) -> Array:
        J = super().gradient(X)
        ordered = np.sort(X, axis=1)
        tied = np.any(np.diff(ordered, axis=1) == 0, axis=1) & (ordered[:, 0] != ordered[:, -1])
        J[tied] = 1 / X.shape[1]
        return J


# ---------------------------------------------------------------- at zero


class ReluWithTwoAtZero(ReluByMaximum):
    def gradient(self, X: Array) -> Array:
        return np.where(X == 0, 2.0, super().gradient(X))


class ReluWithMinusOneAtZero(ReluByWhere):
    def gradient(self, X: Array) -> Array:
        return np.where(X == 0, -1, super().gradient(X))


class ReluNanAtZero(ReluByMaximum):
    """The output divided by the input."""

    def gradient(self, X: Array) -> Array:
        return np.maximum(X, 0) / X


class LogSigmoidZeroAtZero(LogSigmoid):
    def gradient(self, X: Array) -> Array:
        return np.where(X == 0, 0.0, super().gradient(X))


class CardinalSineOneAtZero:
    def __call__(self, X: Array) -> Array:
        return np.sinc(X / np.pi)

    def gradient(self, X: Array) -> Array:
        safe = np.where(np.abs(X) < 1e-3, 1.0, X)
        far = np.cos(safe) / safe - np.sin(safe) / safe**2
        return np.where(X == 0, 1.0, np.where(np.abs(X) < 1e-3, -X / 3 + X**3 / 30, far))


class LeakyReluZeroAtZero(LeakyRelu):
    def gradient(self, X: Array) -> Array:
        G = np.zeros_like(X)
        G[X > 0] = 1
        G[X < 0] = self.negative_slope
        return G


class EluZeroAtZero(Elu):
    def gradient(self, X: Array) -> Array:
        return (X > 0) * 1.0 + (X < 0) * self.alpha * np.exp(np.minimum(X, 0))


class SiluZeroAtZero(Silu):
    def gradient(self, X: Array) -> Array:
        return np.where(X != 0, super().gradient(X), 0)


class AbsoluteNanAtZero(Absolute):
    def gradient(self, X: Array) -> Array:
        return X / np.abs(X)


class HardTanhThreeAtCorners(HardTanh):
    def gradient(self, X: Array) -> Array:
        return np.where(np.abs(X) == 1, 3.0, super().gradient(X))


class TanhZeroNearZero(Tanh):
    """A guard that is too wide: also off at 1e-9."""

    def gradient(self, X: Array) -> Array:
        return np.where(np.abs(X) < 1e-6, 0.0, super().gradient(X))


# ---------------------------------------------------------------- far out


class SigmoidFlippedBeyondTwelve(Sigmoid):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X) * np.where(np.abs(X) > 12, -1, 1)


class TanhZeroBeyondFive(Tanh):
    def gradient(self, X: Array) -> Array:
        return np.where(np.abs(X) > 5, 0.0, super().gradient(X))


class SoftsignZeroBeyondHundred(Softsign):
    def gradient(self, X: Array) -> Array:
        return np.where(np.abs(X) > 100, 0.0, super().gradient(X))


class GeluOneAboveThree(GeluByErf):
    def gradient(self, X: Array) -> Array:
        return np.where(X > 3, 1.0, super().gradient(X))


class SiluOneAboveTen(Silu):
    def gradient(self, X: Array) -> Array:
        return np.where(X > 10, 1.0, super().gradient(X))


class ArctanZeroBeyondFifty(Arctan):
    def gradient(self, X: Array) -> Array:
        return np.where(np.abs(X) > 50, 0.0, super().gradient(X))


class CauchyLogZeroBeyondThreeHundred:
    def __call__(self, X: Array) -> Array:
        return np.log1p(X**2)

    def gradient(self, X: Array) -> Array:
        return np.where(np.abs(X) >= 300, 0.0, 2 * X / (1 + X**2))


class SnakeClipped(Snake):
    """The input is clipped to [-10, 10] in the gradient only."""

    def gradient(self, X: Array) -> Array:
        return super().gradient(np.clip(X, -10, 10))


# ---------------------------------------------------------------- rows


class TanhWithRowsReversed(Tanh):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X)[::-1]


class SigmoidWithRowsShifted(Sigmoid):
    def gradient(self, X: Array) -> Array:
        return np.roll(super().gradient(X), 1, axis=0)


class SoftmaxWithFirstRowForAll(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        J = super().gradient(X)
        J[:] = J[0]
        return J


class SoftmaxLoopSkippingLastRow(Softmax):
    def gradient(self, X: Array) -> Array:
        Y = self(X)
        out = np.zeros((*Y.shape, Y.shape[1]))
        for i in range(len(Y) - 1):
            out[i] = self.single_jacobian(Y[i])
        return out


# ---------------------------------------------------------------- the batch in the gradient


class SigmoidAveragedOverBatch(Sigmoid):
    def gradient(self, X: Array) -> Array:
        return np.broadcast_to(super().gradient(X).mean(axis=0), X.shape)


class TanhDividedByBatch(Tanh):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X) / X.shape[0]


class SoftmaxDividedByBatch(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X) / len(X)


class SoftmaxSummedOverBatch(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X).sum(axis=0)


# ---------------------------------------------------------------- transposed


class SquareTanhOfLinearTransposed(TanhOfLinear):
    def __init__(self) -> None:
        super().__init__(more=0)

    def gradient(self, X: Array) -> Array:
        return super().gradient(X).transpose(0, 2, 1)


class TanhOfLinearTransposed(TanhOfLinear):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X).transpose(0, 2, 1)


class TanhOfLinearWithWeightsTransposed(TanhOfLinear):
    """W for its transpose: the factor of the output stands on the right side."""

    def __init__(self) -> None:
        super().__init__(more=0)

    def gradient(self, X: Array) -> Array:
        W = self.w(X.shape[1])
        return (1 - np.tanh(X @ W) ** 2)[:, :, None] * W


class WeightedLayerNormTransposed(LayerNormWithWeights):
    def gradient(self, X: Array) -> Array:
        return np.swapaxes(super().gradient(X), 1, 2)


class GluTransposed(Glu):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X).transpose(0, 2, 1)


class CumulativeSumTransposed(CumulativeSum):
    def gradient(self, X: Array) -> Array:
        return np.swapaxes(super().gradient(X), 1, 2)


class SortWithInversePermutation(Sort):
    def gradient(self, X: Array) -> Array:
        rank = np.argsort(np.argsort(X, axis=1, kind="stable"), axis=1)
        return np.eye(X.shape[1])[rank]


class LogSoftmaxTransposed(LogSoftmax):
    def gradient(self, X: Array) -> Array:
        P = np.exp(self(X))
        return np.eye(X.shape[1]) - P[:, :, None]


# ---------------------------------------------------------------- only the diagonal, or terms lost


class SoftmaxDiagonalOnly(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        P = self(X)
        return P * (1 - P)


class LogSoftmaxDiagonalOnly(LogSoftmax):
    def gradient(self, X: Array) -> Array:
        return 1 - np.exp(self(X))


class LayerNormAsIfStatisticsWereConstant(LayerNorm):
    def gradient(self, X: Array) -> Array:
        return np.ones_like(X) / np.sqrt(X.var(axis=1, keepdims=True) + self.eps)


class L2NormaliseAsIfLengthWereConstant(L2Normalise):
    def gradient(self, X: Array) -> Array:
        return np.broadcast_to(1 / np.sqrt((X * X).sum(axis=1, keepdims=True) + 1e-4), X.shape)


class SoftmaxDiagonalAsJacobian(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        P = self(X)
        return (P * (1 - P))[:, :, None] * np.eye(X.shape[1])


class SwiGluWithoutGateTerm(SwiGlu):
    def gradient(self, X: Array) -> Array:
        J = super().gradient(X)
        J[:, :, : X.shape[1] // 2] = 0
        return J


class SoftmaxWithPlusOffDiagonal(Softmax):
    """As in a piecewise formula that has lost its minus sign."""

    def single_jacobian(self, y: Array) -> Array:
        J = np.outer(y, y)
        np.fill_diagonal(J, y * (1 - y))
        return self.stretch * J


class SoftmaxLoopWithPlus(Softmax):
    def gradient(self, X: Array) -> Array:
        P = self(X)
        batch, n = P.shape
        J = np.empty((batch, n, n))
        for b in range(batch):
            for i in range(n):
                for j in range(n):
                    J[b, i, j] = P[b, i] * (1 - P[b, i]) if i == j else P[b, i] * P[b, j]
        return self.stretch * J


class SoftmaxWithoutDelta(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        P = self(X)
        return -P[:, :, None] * P[:, None, :]


class SoftmaxWithIdentityForDiagonal(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        P = self(X)
        return np.eye(X.shape[1]) - P[:, :, None] * P[:, None, :]


class LayerNormWithoutMeanTerm(LayerNorm):
    def gradient(self, X: Array) -> Array:
        n = X.shape[1]
        H = self(X)
        return (np.eye(n) - H[:, :, None] * H[:, None, :] / n) / self.sigma(X)

    def sigma(self, X: Array) -> Array:
        return np.sqrt(X.var(axis=1) + self.eps)[:, None, None]


class LayerNormWithoutProjectionTerm(LayerNorm):
    def gradient(self, X: Array) -> Array:
        n = X.shape[1]
        return (np.eye(n) - 1 / n) / np.sqrt(X.var(axis=1) + self.eps)[:, None, None]


class LayerNormWithUnbiasedVariance(LayerNorm):
    def gradient(self, X: Array) -> Array:
        n = X.shape[1]
        sigma = np.sqrt(X.var(axis=1, ddof=1) + self.eps)[:, None, None]
        C = X - X.mean(axis=1, keepdims=True)
        return (np.eye(n) - 1 / n - C[:, :, None] * C[:, None, :] / (n * sigma**2)) / sigma


class RmsNormWithoutWidth(RmsNorm):
    def gradient(self, X: Array) -> Array:
        r = np.sqrt(np.mean(X**2, axis=1) + 1e-6)[:, None, None]
        return np.eye(X.shape[1]) / r - X[:, :, None] * X[:, None, :] / r**3


class L2NormaliseWithPlusProjection(L2Normalise):
    def gradient(self, X: Array) -> Array:
        U = self(X)
        length = np.sqrt((X * X).sum(axis=1) + 1e-4)
        return (np.eye(X.shape[1]) + np.einsum("bi,bj->bij", U, U)) / length[:, None, None]


# ---------------------------------------------------------------- shapes


class TanhSummedToOneRow(Tanh):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X).sum(axis=0)


class SigmoidOneNumberPerRow(Sigmoid):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X).sum(axis=1)


class TanhAsColumns(Tanh):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X)[:, :, None]


class SigmoidOneMatrixForTheBatch(Sigmoid):
    def gradient(self, X: Array) -> Array:
        return np.diag(super().gradient(X)[0])


class SoftplusFlattened(Softplus):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X).ravel()


class SiluWithOneColumnTooMany(Silu):
    def gradient(self, X: Array) -> Array:
        return np.pad(super().gradient(X), ((0, 0), (0, 1)))


class TanhWithOneRowTooFew(Tanh):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X)[1:]


class SigmoidForwardTransposed(Sigmoid):
    def __call__(self, X: Array) -> Array:
        return super().__call__(X).T

    def gradient(self, X: Array) -> Array:
        s = super().__call__(X)
        return s * (1 - s)


class LogSumExpWithoutItsAxis(LogSumExp):
    def __call__(self, X: Array) -> Array:
        return super().__call__(X)[:, 0]

    def gradient(self, X: Array) -> Array:
        return np.exp(X - super().__call__(X))[:, None, :]


class LogSumExpWithGradientLikeInput(LogSumExp):
    """One output a row, and a gradient that looks like a diagonal."""

    def gradient(self, X: Array) -> Array:
        return np.exp(X - self(X))


class SoftmaxJacobianFlattened(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X).reshape(X.shape[0], -1)


class SumOfTheWholeBatch:
    def __call__(self, X: Array) -> Any:
        return np.sum(np.tanh(X))

    def gradient(self, X: Array) -> Array:
        return 1 - np.tanh(X) ** 2


# ---------------------------------------------------------------- types


class TanhWithoutReturn(Tanh):
    def gradient(self, X: Array) -> None:  # type: ignore[override]
        1 - np.tanh(X) ** 2


class SigmoidAsList(Sigmoid):
    def gradient(self, X: Array) -> list[list[float]]:  # type: ignore[override]
        G: list[list[float]] = super().gradient(X).tolist()
        return G


class TanhAsObjects(Tanh):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X).astype(object)


class SineAsComplex(Sine):
    def gradient(self, X: Array) -> Array:
        return np.cos(X + 0j)


class SoftplusAsStrings(Softplus):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X).astype(str)


class ForwardWithoutReturn(Tanh):
    def __call__(self, X: Array) -> None:  # type: ignore[override]
        self.out = np.tanh(X)


class ForwardAsList(Sigmoid):
    def __call__(self, X: Array) -> list[list[float]]:  # type: ignore[override]
        return [[1 / (1 + math.exp(-max(x, -700.0))) for x in row] for row in X]

    def gradient(self, X: Array) -> Array:
        return np.exp(-np.abs(X)) / (1 + np.exp(-np.abs(X))) ** 2


class GradientWithOutputInTuple(Tanh):
    def gradient(self, X: Array) -> tuple[Array, Array]:  # type: ignore[override]
        A = np.tanh(X)
        return 1 - A**2, A


class ForwardAsComplex(Sine):
    def __call__(self, X: Array) -> Array:
        return np.exp(1j * X)


class LeakyReluWithScalarGradient(LeakyRelu):
    """A scalar is a fine gradient, but the slope is not one number."""

    def gradient(self, X: Array) -> float:  # type: ignore[override]
        return 1.0


# ---------------------------------------------------------------- not finite


class SiluGradientOverflowing(Silu):
    def gradient(self, X: Array) -> Array:
        e = np.exp(X)
        return e * (1 + e + X) / (1 + e) ** 2


class TanhGradientByRatio(Tanh):
    def gradient(self, X: Array) -> Array:
        a, b = np.exp(X), np.exp(-X)
        return 1 - ((a - b) / (a + b)) ** 2


class SoftmaxGradientWithoutShift(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        e = np.exp(X)
        P = e / e.sum(axis=1, keepdims=True)
        return P[:, :, None] * (np.eye(X.shape[1]) - P[:, None, :])


class SigmoidGradientByQuotientRule(Sigmoid):
    def gradient(self, X: Array) -> Array:
        e = np.exp(-X)
        return e / (1 + e) ** 2


class SoftplusGradientByRatio(SoftplusWithSeam):
    def gradient(self, X: Array) -> Array:
        return np.exp(X) / (1 + np.exp(X))


class RowLengthNanAtOrigin:
    def __call__(self, X: Array) -> Array:
        return np.sqrt((X**2).sum(axis=1, keepdims=True))

    def gradient(self, X: Array) -> Array:
        return (X / self(X))[:, None, :]


class LayerNormGradientWithoutEps(LayerNorm):
    """NaN where a row is constant, and slightly off elsewhere."""

    def gradient(self, X: Array) -> Array:
        n = X.shape[1]
        sigma = X.std(axis=1)[:, None, None]
        H = (X - X.mean(axis=1, keepdims=True)) / sigma[:, :, 0]
        return (np.eye(n) - 1 / n - H[:, :, None] * H[:, None, :] / n) / sigma


class TanhForwardByRatio(Tanh):
    """It is the forward that gives NaN, beyond 710."""

    def __call__(self, X: Array) -> Array:
        return (np.exp(X) - np.exp(-X)) / (np.exp(X) + np.exp(-X))


class SoftmaxForwardWithoutShift(SoftmaxVectorised):
    def __call__(self, X: Array) -> Array:
        e = np.exp(X)
        return e / e.sum(axis=1, keepdims=True)


class SigmoidInfiniteFarOut(Sigmoid):
    def gradient(self, X: Array) -> Array:
        return np.where(np.abs(X) > 500, np.inf, super().gradient(X))


# ---------------------------------------------------------------- changed inputs


class ReluInPlace(ReluByMaximum):
    def __call__(self, X: Array) -> Array:
        X[X < 0] = 0
        return X


class ReluGradientInPlace(ReluByMaximum):
    def gradient(self, X: Array) -> Array:
        X[X <= 0] = 0
        X[X > 0] = 1
        return X


class SoftmaxShiftingItsInput(SoftmaxVectorised):
    def __call__(self, X: Array) -> Array:
        X -= X.max(axis=1, keepdims=True)
        e = np.exp(X)
        return e / e.sum(axis=1, keepdims=True)


class SigmoidGradientClippingItsInput(Sigmoid):
    def gradient(self, X: Array) -> Array:
        np.clip(X, -2, 2, out=X)
        return super().gradient(X)


# ---------------------------------------------------------------- noise


class TanhWithFaintNoise(Tanh):
    def __init__(self) -> None:
        self.rng = np.random.default_rng(1)

    def __call__(self, X: Array) -> Array:
        return np.tanh(X) + 1e-9 * self.rng.standard_normal(X.shape)


class SigmoidWithLoudNoise(Sigmoid):
    def __init__(self) -> None:
        self.rng = np.random.default_rng(2)

    def __call__(self, X: Array) -> Array:
        return super().__call__(X) + 1e-3 * self.rng.random(X.shape)

    def gradient(self, X: Array) -> Array:
        s = super().__call__(X)
        return s * (1 - s)


class SineWithNoisyGradient(Sine):
    def __init__(self) -> None:
        self.rng = np.random.default_rng(3)

    def gradient(self, X: Array) -> Array:
        return np.cos(X) * (1 + 1e-4 * self.rng.standard_normal(X.shape))


class ReluWithDropout(ReluByMaximum):
    """A fresh mask in the forward, and none in the gradient."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(4)

    def __call__(self, X: Array) -> Array:
        return np.maximum(X, 0) * (self.rng.random(X.shape) < 0.8) / 0.8


class RandomisedLeakyRelu:
    def __init__(self) -> None:
        self.rng = np.random.default_rng(5)

    def __call__(self, X: Array) -> Array:
        return np.where(X > 0, X, self.rng.uniform(1 / 8, 1 / 3, X.shape) * X)

    def gradient(self, X: Array) -> Array:
        return np.where(X > 0, 1.0, self.rng.uniform(1 / 8, 1 / 3, X.shape))


# ---------------------------------------------------------------- coupled rows


class BatchNorm:
    """The gradient takes mean and variance for constants."""

    def __call__(self, X: Array) -> Array:
        return (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + 1e-5)

    def gradient(self, X: Array) -> Array:
        return np.ones_like(X) / np.sqrt(X.var(axis=0) + 1e-5)


class SoftmaxOverTheWholeBatch:
    def __call__(self, X: Array) -> Array:
        e = np.exp(X - X.max())
        return e / e.sum()

    def gradient(self, X: Array) -> Array:
        P = self(X)
        return P[:, :, None] * (np.eye(X.shape[1]) - P[:, None, :])


class SoftmaxOverTheWrongAxis:
    def __call__(self, X: Array) -> Array:
        e = np.exp(X - X.max(axis=0))
        return e / e.sum(axis=0)

    def gradient(self, X: Array) -> Array:
        P = self(X)
        return P * (1 - P)


class TanhScaledByLargestOfBatch:
    def __call__(self, X: Array) -> Array:
        return np.tanh(X / (1 + np.abs(X).max()))

    def gradient(self, X: Array) -> Array:
        s = 1 + np.abs(X).max()
        return (1 - np.tanh(X / s) ** 2) / s


# ---------------------------------------------------------------- caches and buffers


class SigmoidGradientOfLastOutput(Sigmoid):
    """The gradient does not look at its argument once there was a forward."""

    def __init__(self) -> None:
        self.out: Array | None = None

    def __call__(self, X: Array) -> Array:
        self.out = 1 / (1 + np.exp(-X))
        return self.out.copy()

    def gradient(self, X: Array) -> Array:
        if self.out is None:
            self(X)
        assert self.out is not None
        return self.out * (1 - self.out)


class TanhGradientOfLastInput(Tanh):
    def __init__(self) -> None:
        self.X: Array | None = None

    def __call__(self, X: Array) -> Array:
        self.X = X.copy()
        return np.tanh(X)

    def gradient(self, X: Array) -> Array:
        if self.X is None or self.X.shape != X.shape:
            self.X = X.copy()
        return 1 - np.tanh(self.X) ** 2


class TanhCachedByShape(Tanh):
    def __init__(self) -> None:
        self.memory: dict[tuple[int, ...], Array] = {}

    def __call__(self, X: Array) -> Array:
        if X.shape not in self.memory:
            self.memory[X.shape] = np.tanh(X)
        return self.memory[X.shape].copy()


class SoftmaxJacobianCachedByShape(SoftmaxVectorised):
    def __init__(self) -> None:
        super().__init__()
        self.memory: dict[tuple[int, ...], Array] = {}

    def gradient(self, X: Array) -> Array:
        return self.memory.setdefault(X.shape, super().gradient(X)).copy()


class SoftplusCachedByIdentity(Softplus):
    """An array's id is used again as soon as the array is gone."""

    def __init__(self) -> None:
        self.memory: dict[int, Array] = {}

    def __call__(self, X: Array) -> Array:
        if id(X) not in self.memory:
            self.memory[id(X)] = np.logaddexp(0, X)
        return self.memory[id(X)].copy()


class SineCachedByFirstEntry(Sine):
    def __init__(self) -> None:
        self.memory: dict[tuple[tuple[int, ...], float], Array] = {}

    def __call__(self, X: Array) -> Array:
        return self.memory.setdefault((X.shape, float(X.flat[0])), np.sin(X)).copy()


class TanhInOneBuffer(Tanh):
    """Every call of a shape writes to the same array and returns it."""

    def __init__(self) -> None:
        self.buffers: dict[tuple[int, ...], Array] = {}

    def __call__(self, X: Array) -> Array:
        return np.tanh(X, out=self.buffers.setdefault(X.shape, np.empty(X.shape)))


class SoftmaxJacobianInOneBuffer(SoftmaxVectorised):
    def __init__(self) -> None:
        super().__init__()
        self.buffers: dict[tuple[int, ...], Array] = {}

    def gradient(self, X: Array) -> Array:
        J = self.buffers.setdefault(X.shape, np.empty((*X.shape, X.shape[1])))
        J[...] = super().gradient(X)
        return J


class SigmoidAccumulatingItsGradient(Sigmoid):
    def __init__(self) -> None:
        self.total: dict[tuple[int, ...], Array] = {}

    def gradient(self, X: Array) -> Array:
        self.total[X.shape] = self.total.get(X.shape, 0) + super().gradient(X)
        return self.total[X.shape].copy()


class GradientOnlyOnce(Tanh):
    """It frees what it has kept, so that a second call gives zeros."""

    def __init__(self) -> None:
        self.fresh = True

    def gradient(self, X: Array) -> Array:
        G = super().gradient(X) if self.fresh else np.zeros_like(X)
        self.fresh = False
        return G


# ---------------------------------------------------------------- gradients that raise


class ReluRaisingAtZero(ReluByMask):
    def gradient(self, X: Array) -> Array:
        if np.any(X == 0):
            raise ZeroDivisionError("relu has no derivative at 0")
        return (X > 0) * 1.0


class SoftmaxRaisingForOneRow(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        P = np.squeeze(self(X))
        batch, n = P.shape
        return P[:, :, None] * (np.eye(n) - P.reshape(batch, 1, n))


class SigmoidRaisingFarOut(Sigmoid):
    _derivative = staticmethod(np.vectorize(lambda x: math.exp(-x) / (1 + math.exp(-x)) ** 2, otypes=[float]))

    def gradient(self, X: Array) -> Array:
        return self._derivative(X)


class TanhRaisingWithoutForward(Tanh):
    """The gradient knows only the shape of the last forward."""

    def __init__(self) -> None:
        self.shape: tuple[int, ...] = ()

    def __call__(self, X: Array) -> Array:
        self.shape = X.shape
        return np.tanh(X)

    def gradient(self, X: Array) -> Array:
        if X.shape != self.shape:
            raise RuntimeError("call forward first")
        return 1 - np.tanh(X) ** 2


# ---------------------------------------------------------------- constants


class GeluWithShortConstant(GeluByTanh):
    def gradient(self, X: Array) -> Array:
        t = np.tanh(self.c * (X + 0.0447 * X**3))
        return 0.5 * (1 + t) + 0.5 * X * (1 - t**2) * self.c * (1 + 3 * 0.0447 * X**2)


class GeluWithRoundedRoot(GeluByTanh):
    def gradient(self, X: Array) -> Array:
        c = 0.7979
        t = np.tanh(c * (X + 0.044715 * X**3))
        return 0.5 * (1 + t) + 0.5 * X * (1 - t**2) * c * (1 + 3 * 0.044715 * X**2)


class SeluWithShortConstants(Selu):
    def gradient(self, X: Array) -> Array:
        return 1.0507 * np.where(X > 0, 1, 1.67326 * np.exp(np.minimum(X, 0)))


class TanhRoundedToHalf(Tanh):
    def gradient(self, X: Array) -> Array:
        return super().gradient(X).astype(np.float16).astype(float)


class QuickGeluWithRoundedConstant(QuickGelu):
    def gradient(self, X: Array) -> Array:
        s = 1 / (1 + np.exp(-1.7 * X))
        return s + 1.7 * X * s * (1 - s)


class BinaryLogarithmWithRoundedConstant:
    def __call__(self, X: Array) -> Array:
        return np.log2(1 + X**2)

    def gradient(self, X: Array) -> Array:
        return 2 * X / (1 + X**2) / 0.6931


# ---------------------------------------------------------------- the derivative of another function


class GeluTanhWithErfGradient(GeluByTanh):
    def gradient(self, X: Array) -> Array:
        return GeluByErf().gradient(X)


class GeluErfWithTanhGradient(GeluByErf):
    def gradient(self, X: Array) -> Array:
        return GeluByTanh().gradient(X)


class SigmoidWithHardGradient(Sigmoid):
    def gradient(self, X: Array) -> Array:
        return np.where(np.abs(X) < 3, 1 / 6, 0.0)


class MishWithSiluGradient(Mish):
    def gradient(self, X: Array) -> Array:
        return Silu().gradient(X)


class HardTanhWithTanhGradient(HardTanh):
    def gradient(self, X: Array) -> Array:
        return 1 - np.tanh(X) ** 2


class ReluWithSoftplusGradient(ReluByMaximum):
    def gradient(self, X: Array) -> Array:
        return 1 / (1 + np.exp(-X))


class SoftplusWithReluGradient(Softplus):
    def gradient(self, X: Array) -> Array:
        return (X > 0).astype(float)


class CeluWithEluGradient:
    alpha = 2.0

    def __call__(self, X: Array) -> Array:
        return np.maximum(X, 0) + np.minimum(0, self.alpha * np.expm1(X / self.alpha))

    def gradient(self, X: Array) -> Array:
        return np.where(X > 0, 1, self.alpha * np.exp(X))


class StraightThroughSign:
    """Trains networks, but is not the derivative."""

    def __call__(self, X: Array) -> Array:
        return np.sign(X)

    def gradient(self, X: Array) -> Array:
        return (np.abs(X) <= 1).astype(float)


# ---------------------------------------------------------------- output taken for input, and the other way round


class TanhGradientOfItsInput(Tanh):
    def gradient(self, X: Array) -> Array:
        return 1 - X**2


class SigmoidGradientOfItsInput(Sigmoid):
    def gradient(self, X: Array) -> Array:
        return X * (1 - X)


class TanhAppliedTwice(Tanh):
    def gradient(self, X: Array) -> Array:
        A = self(X)
        return 1 - np.tanh(A) ** 2


class SoftmaxJacobianOfLogits(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        return X[:, :, None] * (np.eye(X.shape[1]) - X[:, None, :])


class SoftmaxAppliedTwice(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        return super().gradient(self(X))


# ---------------------------------------------------------------- the value for the slope


class GaussianReturningItsValue(Gaussian):
    def gradient(self, X: Array) -> Array:
        return self(X)


class TanhReturningItsValue(Tanh):
    def gradient(self, X: Array) -> Array:
        return np.tanh(X)


class ReluReturningItsValue(ReluByMaximum):
    def gradient(self, X: Array) -> Array:
        return np.maximum(X, 0)


class SigmoidReturningItsInput(Sigmoid):
    def gradient(self, X: Array) -> Array:
        return X


# ---------------------------------------------------------------- lost by the chain or the product rule


class FastSineWithoutThirty(FastSine):
    def gradient(self, X: Array) -> Array:
        return np.cos(30 * X)


class SteepTanhWithoutTwoHundred(SteepTanh):
    def gradient(self, X: Array) -> Array:
        return 1 - np.tanh(200 * X) ** 2


class SiluWithoutSecondTerm(Silu):
    def gradient(self, X: Array) -> Array:
        return 1 / (1 + np.exp(-X))


class MishWithoutInnerSigmoid(Mish):
    def gradient(self, X: Array) -> Array:
        t = np.tanh(np.logaddexp(0, X))
        return t + X * (1 - t * t)


class GaussianWithoutInnerDerivative(Gaussian):
    def gradient(self, X: Array) -> Array:
        return -np.exp(-(X**2))


class GeluWithoutDensity(GeluByErf):
    def gradient(self, X: Array) -> Array:
        return 0.5 * (1 + self._erf(X / math.sqrt(2)))


class TanhOfLinearWithoutOuterSlope(TanhOfLinear):
    def gradient(self, X: Array) -> Array:
        return np.broadcast_to(self.w(X.shape[1]).T, (len(X), X.shape[1] + self.more, X.shape[1]))


# ---------------------------------------------------------------- doubled, at every scale


class FastSineDoubled(FastSine):
    def gradient(self, X: Array) -> Array:
        return 2 * super().gradient(X)


class SineFarOutDoubled(SineFarOut):
    def gradient(self, X: Array) -> Array:
        return 2 * super().gradient(X)


class ExpOfFiveDoubled(ExpOfFive):
    def gradient(self, X: Array) -> Array:
        return 10 * np.exp(5 * X)


class SteepTanhDoubled(SteepTanh):
    def gradient(self, X: Array) -> Array:
        return 2 * super().gradient(X)


class TanhOnHundredMillionDoubled(TanhOnHundredMillion):
    def gradient(self, X: Array) -> Array:
        return 2 * super().gradient(X)


class TinyTanhDoubled(TinyTanh):
    def gradient(self, X: Array) -> Array:
        return 2 * super().gradient(X)


class HugeQuinticDoubled(HugeQuintic):
    def gradient(self, X: Array) -> Array:
        return 1e7 * X**4


class SharpSoftmaxDoubled(SoftmaxVectorised):
    def gradient(self, X: Array) -> Array:
        return 2 * super().gradient(X)


# ---------------------------------------------------------------- hidden dependence


class TanhWithMeanAdded:
    def __init__(self, strength: float = 1.0) -> None:
        self.strength = strength

    def __call__(self, X: Array) -> Array:
        return np.tanh(X) + self.strength * X.mean(axis=1, keepdims=True)

    def gradient(self, X: Array) -> Array:
        return 1 - np.tanh(X) ** 2 + self.strength / X.shape[1]


class SigmoidWithNeighbour:
    def __call__(self, X: Array) -> Array:
        return 1 / (1 + np.exp(-X)) + 1e-3 * np.sin(np.roll(X, 1, axis=1))

    def gradient(self, X: Array) -> Array:
        s = 1 / (1 + np.exp(-X))
        return s * (1 - s)


class TanhWhereFirstIsLarge:
    """All other outputs lean on the first input, but only above 2."""

    def __call__(self, X: Array) -> Array:
        A = np.tanh(X)
        A[:, 1:] += 0.1 * np.maximum(X[:, :1] - 2, 0)
        return A

    def gradient(self, X: Array) -> Array:
        return 1 - np.tanh(X) ** 2


class LastOutputFromFirstInput:
    def __call__(self, X: Array) -> Array:
        A = np.arctan(X)
        A[:, -1] += 0.01 * np.cos(X[:, 0])
        return A

    def gradient(self, X: Array) -> Array:
        return 1 / (1 + X**2)


# ---------------------------------------------------------------- position and count


class SigmoidWithFirstRowDoubled(Sigmoid):
    def __call__(self, X: Array) -> Array:
        A = super().__call__(X)
        A[0] *= 2
        return A


class TanhGradientSkippingEveryOtherRow(Tanh):
    def gradient(self, X: Array) -> Array:
        G = super().gradient(X)
        G[1::2] = 0
        return G


class SoftplusWithRowNumber(Softplus):
    def __call__(self, X: Array) -> Array:
        return super().__call__(X) + 1e-3 * np.arange(len(X))[:, None]


class TanhDecayingWithCalls(Tanh):
    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, X: Array) -> Array:
        self.calls += 1
        return np.tanh(X) * 0.999**self.calls


class SigmoidGradientEverySecondCall(Sigmoid):
    def __init__(self) -> None:
        self.calls = 0

    def gradient(self, X: Array) -> Array:
        self.calls += 1
        return super().gradient(X) * (1 if self.calls % 2 else 0.5)


class TanhWithRunningMean(Tanh):
    """A running mean, as of normalisation layers in training."""

    def __init__(self) -> None:
        self.mean = 0.0

    def __call__(self, X: Array) -> Array:
        self.mean = 0.9 * self.mean + 0.1 * float(np.tanh(X).mean())
        return np.tanh(X) - self.mean


# ---------------------------------------------------------------- relu, as it was printed


class ReluWithGradientOneEverywhere(ReluByMask):
    def gradient(self, X: Array) -> Array:
        Y = self(X)
        Y[Y >= 0] = 1
        return Y


class ReluWithoutThreshold(ReluByMaximum):
    def gradient(self, X: Array) -> Array:
        return np.ones(X.shape)


class ReluWithSidesSwapped(ReluByWhere):
    def gradient(self, X: Array) -> Array:
        return np.where(X > 0, 0, 1)


G = "gradient"
C = "contract"
F = "finite"
S = "structure"

WRONG: tuple[Case, ...] = (
    Case("sine-with-minus-cosine", SineWithMinusCosine, "sign", G),
    Case("gaussian-without-minus", GaussianWithoutMinus, "sign", G),
    Case("softmin-with-softmax-sign", SoftminWithSoftmaxSign, "sign", G, FROM_TWO),
    Case("log-sigmoid-negated", LogSigmoidNegated, "sign", G),
    Case("reciprocal-without-minus", ReciprocalWithoutMinus, "sign", G),
    Case("sigmoid-halved", SigmoidHalved, "factor", G),
    Case("tanh-doubled", TanhDoubled, "factor", G),
    Case("silu-one-per-mille-too-large", SiluOnePerMilleTooLarge, "factor", G),
    Case("softplus-one-per-million-too-large", SoftplusOnePerMillionTooLarge, "factor", G),
    Case("layer-norm-one-per-million-too-large", LayerNormOnePerMillionTooLarge, "factor", G, FROM_THREE),
    Case("softmax-without-stretch", partial(SoftmaxWithoutStretch, 2.0), "factor", G, FROM_TWO),
    Case("softmax-with-stretch-squared", partial(SoftmaxWithStretchSquared, 2.0), "factor", G, FROM_TWO),
    Case("softmax-divided-by-stretch", partial(SoftmaxDividedByStretch, 2.0), "factor", G, FROM_TWO),
    Case("square-without-two", SquareWithoutTwo, "factor", G),
    Case("scaled-tanh-without-inner-slope", ScaledTanhWithoutInnerSlope, "factor", G),
    Case("decimal-logarithm-with-natural-derivative", DecimalLogarithmWithNaturalDerivative, "factor", G),
    Case("softmax-with-one-entry-too-large", SoftmaxWithOneEntryTooLarge, "entry", G, FROM_TWO),
    Case("softmax-with-last-corner-zero", SoftmaxWithLastCornerZero, "entry", G, FROM_TWO),
    Case("cumulative-sum-without-first-step", CumulativeSumWithoutFirstStep, "entry", G, FROM_TWO),
    Case("log-softmax-with-corner-flipped", LogSoftmaxWithCornerFlipped, "entry", G, FROM_TWO),
    Case("tanh-of-linear-with-one-entry-off", TanhOfLinearWithOneEntryOff, "entry", G),
    Case("tanh-with-last-column-off", TanhWithLastColumnOff, "column", G),
    Case("sigmoid-with-first-column-zero", SigmoidWithFirstColumnZero, "column", G),
    Case("softplus-with-odd-columns-doubled", SoftplusWithOddColumnsDoubled, "column", G, FROM_TWO),
    Case("softmax-with-first-column-negated", SoftmaxWithFirstColumnNegated, "column", G, FROM_TWO),
    Case("prelu-with-slopes-off-by-one", PreluWithSlopesOffByOne, "column", G, FROM_TWO),
    Case("glu-with-gates-shifted", GluWithGatesShifted, "column", G, EVEN[1:]),
    Case("elu-without-alpha", partial(EluWithoutAlpha, 0.5), "side", G),
    Case("leaky-relu-with-tenth-for-hundredth", LeakyReluWithTenthForHundredth, "side", G),
    Case("selu-without-scale-below-zero", SeluWithoutScaleBelowZero, "side", G),
    Case("absolute-with-slope-one", AbsoluteWithSlopeOne, "side", G),
    Case("softsign-not-squared-below-zero", SoftsignNotSquaredBelowZero, "side", G),
    Case("sigmoid-constant-above-zero", SigmoidConstantAboveZero, "side", G),
    Case("elu-negated-below-zero", EluNegatedBelowZero, "side", G),
    Case("sigmoid-off-between-nine-tenths-and-one", SigmoidOffBetweenNineTenthsAndOne, "band", G),
    Case("tanh-off-in-narrow-band", TanhOffInNarrowBand, "band", G, note="0.02 wide, by 1e-3"),
    Case("gelu-zero-in-narrow-band", GeluZeroInNarrowBand, "band", G, note="0.02 wide"),
    Case("sine-flipped-in-narrow-band", SineFlippedInNarrowBand, "band", G),
    Case("hard-sigmoid-with-early-corners", HardSigmoidWithEarlyCorners, "band", G),
    Case("relu6-clipped-at-five", Relu6ClippedAtFive, "band", G),
    Case("soft-shrink-with-other-lambda", SoftShrinkWithOtherLambda, "band", G),
    Case("mish-just-below-zero", MishJustBelowZero, "band", G, note="0.02 wide, and at the edge rows' -1e-9"),
    Case("softplus-by-table", SoftplusByTable, "band", G, note="right at whole numbers"),
    Case("silu-off-above-four", SiluOffAboveFour, "band", G, note="0.03 wide"),
    Case("row-maximum-all-ones-at-ties", RowMaximumAllOnesAtTies, "tie", G, FROM_TWO),
    Case("row-maximum-zero-at-ties", RowMaximumZeroAtTies, "tie", G, FROM_TWO),
    Case("row-maximum-halves-at-ties", RowMaximumHalvesAtTies, "tie", G, FROM_THREE),
    Case("maxout-ones-at-ties", MaxoutOnesAtTies, "tie", G, EVEN),
    Case("maxout-zeros-at-ties", MaxoutZerosAtTies, "tie", G, EVEN),
    Case("sort-with-ones-at-ties", SortWithOnesAtTies, "tie", G, FROM_TWO),
    Case("sort-overshooting-at-ties", SortOvershootingAtTies, "tie", G, FROM_TWO),
    Case("median-all-ones-at-ties", MedianAllOnesAtTies, "tie", G, ODD),
    Case("median-averaged-over-the-row", MedianAveragedOverTheRow, "tie", G, ODD),
    Case("relu-with-two-at-zero", ReluWithTwoAtZero, "zero", G),
    Case("relu-with-minus-one-at-zero", ReluWithMinusOneAtZero, "zero", G),
    Case("relu-nan-at-zero", ReluNanAtZero, "zero", F),
    Case("log-sigmoid-zero-at-zero", LogSigmoidZeroAtZero, "zero", G),
    Case("cardinal-sine-one-at-zero", CardinalSineOneAtZero, "zero", G),
    Case("leaky-relu-zero-at-zero", LeakyReluZeroAtZero, "zero", G, note="outside [0.01, 1] by 0.01"),
    Case("elu-zero-at-zero", EluZeroAtZero, "zero", G),
    Case("silu-zero-at-zero", SiluZeroAtZero, "zero", G),
    Case("absolute-nan-at-zero", AbsoluteNanAtZero, "zero", F),
    Case("hard-tanh-three-at-corners", HardTanhThreeAtCorners, "zero", G),
    Case("tanh-zero-near-zero", TanhZeroNearZero, "zero", G),
    Case("sigmoid-flipped-beyond-twelve", SigmoidFlippedBeyondTwelve, "tail", G),
    Case("tanh-zero-beyond-five", TanhZeroBeyondFive, "tail", G),
    Case("softsign-zero-beyond-hundred", SoftsignZeroBeyondHundred, "tail", G),
    Case("gelu-one-above-three", GeluOneAboveThree, "tail", G),
    Case("silu-one-above-ten", SiluOneAboveTen, "tail", G, note="7e-5 off at 12, 4e-8 at 20"),
    Case("arctan-zero-beyond-fifty", ArctanZeroBeyondFifty, "tail", G),
    Case("cauchy-log-zero-beyond-three-hundred", CauchyLogZeroBeyondThreeHundred, "tail", G),
    Case("snake-clipped", SnakeClipped, "tail", G),
    Case("tanh-with-rows-reversed", TanhWithRowsReversed, "rows", C),
    Case("sigmoid-with-rows-shifted", SigmoidWithRowsShifted, "rows", C),
    Case("softmax-with-first-row-for-all", SoftmaxWithFirstRowForAll, "rows", C, FROM_TWO),
    Case("softmax-loop-skipping-last-row", SoftmaxLoopSkippingLastRow, "rows", C, FROM_TWO),
    Case("sigmoid-averaged-over-batch", SigmoidAveragedOverBatch, "batch", C),
    Case("tanh-divided-by-batch", TanhDividedByBatch, "batch", C),
    Case("softmax-divided-by-batch", SoftmaxDividedByBatch, "batch", C, FROM_TWO),
    Case("softmax-summed-over-batch", SoftmaxSummedOverBatch, "batch", C),
    Case("square-tanh-of-linear-transposed", SquareTanhOfLinearTransposed, "transposed", G, FROM_TWO),
    Case("tanh-of-linear-transposed", TanhOfLinearTransposed, "transposed", C),
    Case("tanh-of-linear-with-weights-transposed", TanhOfLinearWithWeightsTransposed, "transposed", G, FROM_TWO),
    Case("weighted-layer-norm-transposed", WeightedLayerNormTransposed, "transposed", G, FROM_THREE),
    Case("glu-transposed", GluTransposed, "transposed", C, EVEN),
    Case("cumulative-sum-transposed", CumulativeSumTransposed, "transposed", G, FROM_TWO),
    Case("sort-with-inverse-permutation", SortWithInversePermutation, "transposed", G, FROM_FOUR),
    Case("log-softmax-transposed", LogSoftmaxTransposed, "transposed", G, FROM_TWO),
    Case("softmax-diagonal-only", SoftmaxDiagonalOnly, "diagonal-only", S, FROM_TWO),
    Case("log-softmax-diagonal-only", LogSoftmaxDiagonalOnly, "diagonal-only", S, FROM_TWO),
    Case(
        "layer-norm-as-if-statistics-were-constant", LayerNormAsIfStatisticsWereConstant, "diagonal-only", S, FROM_TWO
    ),
    Case("l2-normalise-as-if-length-were-constant", L2NormaliseAsIfLengthWereConstant, "diagonal-only", S, FROM_TWO),
    Case("softmax-diagonal-as-jacobian", SoftmaxDiagonalAsJacobian, "diagonal-only", G, FROM_TWO),
    Case("swiglu-without-gate-term", SwiGluWithoutGateTerm, "term", G, EVEN),
    Case("softmax-with-plus-off-diagonal", SoftmaxWithPlusOffDiagonal, "term", G, FROM_TWO),
    Case("softmax-loop-with-plus", partial(SoftmaxLoopWithPlus, 2.0), "term", G, FROM_TWO),
    Case("softmax-without-delta", SoftmaxWithoutDelta, "term", G),
    Case("softmax-with-identity-for-diagonal", SoftmaxWithIdentityForDiagonal, "term", G, FROM_TWO),
    Case("layer-norm-without-mean-term", LayerNormWithoutMeanTerm, "term", G),
    Case("layer-norm-without-projection-term", LayerNormWithoutProjectionTerm, "term", G, FROM_TWO),
    Case("layer-norm-with-unbiased-variance", LayerNormWithUnbiasedVariance, "term", G, FROM_TWO),
    Case("rms-norm-without-width", RmsNormWithoutWidth, "term", G, FROM_TWO),
    Case("l2-normalise-with-plus-projection", L2NormaliseWithPlusProjection, "term", G),
    Case("tanh-summed-to-one-row", TanhSummedToOneRow, "shape", C),
    Case("sigmoid-one-number-per-row", SigmoidOneNumberPerRow, "shape", C),
    Case("tanh-as-columns", TanhAsColumns, "shape", C, FROM_TWO),
    Case("sigmoid-one-matrix-for-the-batch", SigmoidOneMatrixForTheBatch, "shape", C),
    Case("softplus-flattened", SoftplusFlattened, "shape", C),
    Case("silu-with-one-column-too-many", SiluWithOneColumnTooMany, "shape", C),
    Case("tanh-with-one-row-too-few", TanhWithOneRowTooFew, "shape", C),
    Case("sigmoid-forward-transposed", SigmoidForwardTransposed, "shape", C),
    Case("log-sum-exp-without-its-axis", LogSumExpWithoutItsAxis, "shape", C),
    Case("log-sum-exp-with-gradient-like-input", LogSumExpWithGradientLikeInput, "shape", C, FROM_TWO),
    Case("softmax-jacobian-flattened", SoftmaxJacobianFlattened, "shape", C, FROM_TWO),
    Case("sum-of-the-whole-batch", SumOfTheWholeBatch, "shape", C),
    Case("tanh-without-return", TanhWithoutReturn, "type", C),
    Case("sigmoid-as-list", SigmoidAsList, "type", C),
    Case("tanh-as-objects", TanhAsObjects, "type", C),
    Case("sine-as-complex", SineAsComplex, "type", C),
    Case("softplus-as-strings", SoftplusAsStrings, "type", C),
    Case("forward-without-return", ForwardWithoutReturn, "type", C),
    Case("forward-as-list", ForwardAsList, "type", C),
    Case("gradient-with-output-in-tuple", GradientWithOutputInTuple, "type", C),
    Case("forward-as-complex", ForwardAsComplex, "type", C),
    Case("leaky-relu-with-scalar-gradient", LeakyReluWithScalarGradient, "side", G),
    Case("silu-gradient-overflowing", SiluGradientOverflowing, "not-finite", F),
    Case("tanh-gradient-by-ratio", TanhGradientByRatio, "not-finite", F),
    Case("softmax-gradient-without-shift", SoftmaxGradientWithoutShift, "not-finite", F),
    Case("sigmoid-gradient-by-quotient-rule", SigmoidGradientByQuotientRule, "not-finite", F),
    Case("softplus-gradient-by-ratio", SoftplusGradientByRatio, "not-finite", F),
    Case("row-length-nan-at-origin", RowLengthNanAtOrigin, "not-finite", F),
    Case("layer-norm-gradient-without-eps", LayerNormGradientWithoutEps, "not-finite", F),
    Case("tanh-forward-by-ratio", TanhForwardByRatio, "not-finite", F, note="the forward is NaN beyond 710"),
    Case("softmax-forward-without-shift", SoftmaxForwardWithoutShift, "not-finite", F, note="the forward's NaN"),
    Case("sigmoid-infinite-far-out", SigmoidInfiniteFarOut, "not-finite", F),
    Case("relu-in-place", ReluInPlace, "mutation", C),
    Case("relu-gradient-in-place", ReluGradientInPlace, "mutation", C),
    Case("softmax-shifting-its-input", SoftmaxShiftingItsInput, "mutation", C),
    Case("sigmoid-gradient-clipping-its-input", SigmoidGradientClippingItsInput, "mutation", C),
    Case("tanh-with-faint-noise", TanhWithFaintNoise, "noise", C, note="1e-9"),
    Case("sigmoid-with-loud-noise", SigmoidWithLoudNoise, "noise", C, note="1e-3"),
    Case("sine-with-noisy-gradient", SineWithNoisyGradient, "noise", C),
    Case("relu-with-dropout", ReluWithDropout, "noise", C),
    Case("randomised-leaky-relu", RandomisedLeakyRelu, "noise", C),
    Case("batch-norm", BatchNorm, "coupled", C),
    Case("softmax-over-the-whole-batch", SoftmaxOverTheWholeBatch, "coupled", C),
    Case("softmax-over-the-wrong-axis", SoftmaxOverTheWrongAxis, "coupled", C),
    Case("tanh-scaled-by-largest-of-batch", TanhScaledByLargestOfBatch, "coupled", C),
    Case("sigmoid-gradient-of-last-output", SigmoidGradientOfLastOutput, "cache", C),
    Case("tanh-gradient-of-last-input", TanhGradientOfLastInput, "cache", C),
    Case("tanh-cached-by-shape", TanhCachedByShape, "cache", C),
    Case("softmax-jacobian-cached-by-shape", SoftmaxJacobianCachedByShape, "cache", C, FROM_TWO),
    Case("softplus-cached-by-identity", SoftplusCachedByIdentity, "cache", C, note="seen where an id is used again"),
    Case("sine-cached-by-first-entry", SineCachedByFirstEntry, "cache", C, FROM_TWO),
    Case("tanh-in-one-buffer", TanhInOneBuffer, "buffer", C),
    Case("softmax-jacobian-in-one-buffer", SoftmaxJacobianInOneBuffer, "buffer", C, FROM_TWO),
    Case("sigmoid-accumulating-its-gradient", SigmoidAccumulatingItsGradient, "buffer", C),
    Case("gradient-only-once", GradientOnlyOnce, "buffer", C),
    Case("relu-raising-at-zero", ReluRaisingAtZero, "raises", C),
    Case("softmax-raising-for-one-row", SoftmaxRaisingForOneRow, "raises", C, FROM_TWO),
    Case("sigmoid-raising-far-out", SigmoidRaisingFarOut, "raises", C),
    Case("tanh-raising-without-forward", TanhRaisingWithoutForward, "raises", C),
    Case("gelu-with-short-constant", GeluWithShortConstant, "constant", G),
    Case("gelu-with-rounded-root", GeluWithRoundedRoot, "constant", G),
    Case("selu-with-short-constants", SeluWithShortConstants, "constant", G),
    Case("tanh-rounded-to-half", TanhRoundedToHalf, "constant", G),
    Case("quick-gelu-with-rounded-constant", QuickGeluWithRoundedConstant, "constant", G),
    Case("binary-logarithm-with-rounded-constant", BinaryLogarithmWithRoundedConstant, "constant", G),
    Case("gelu-tanh-with-erf-gradient", GeluTanhWithErfGradient, "other-function", G),
    Case("gelu-erf-with-tanh-gradient", GeluErfWithTanhGradient, "other-function", G),
    Case("sigmoid-with-hard-gradient", SigmoidWithHardGradient, "other-function", G),
    Case("mish-with-silu-gradient", MishWithSiluGradient, "other-function", G),
    Case("hard-tanh-with-tanh-gradient", HardTanhWithTanhGradient, "other-function", G),
    Case("relu-with-softplus-gradient", ReluWithSoftplusGradient, "other-function", G),
    Case("softplus-with-relu-gradient", SoftplusWithReluGradient, "other-function", G),
    Case("celu-with-elu-gradient", CeluWithEluGradient, "other-function", G),
    Case("straight-through-sign", StraightThroughSign, "other-function", G),
    Case("tanh-gradient-of-its-input", TanhGradientOfItsInput, "output-for-input", G),
    Case("sigmoid-gradient-of-its-input", SigmoidGradientOfItsInput, "output-for-input", G),
    Case("tanh-applied-twice", TanhAppliedTwice, "output-for-input", G),
    Case("softmax-jacobian-of-logits", SoftmaxJacobianOfLogits, "output-for-input", G),
    Case("softmax-applied-twice", SoftmaxAppliedTwice, "output-for-input", G, FROM_TWO),
    Case("gaussian-returning-its-value", GaussianReturningItsValue, "value", G),
    Case("tanh-returning-its-value", TanhReturningItsValue, "value", G),
    Case("relu-returning-its-value", ReluReturningItsValue, "value", G),
    Case("sigmoid-returning-its-input", SigmoidReturningItsInput, "value", G),
    Case("sine-of-thirty-without-thirty", FastSineWithoutThirty, "chain", G),
    Case("steep-tanh-without-two-hundred", SteepTanhWithoutTwoHundred, "chain", G),
    Case("silu-without-second-term", SiluWithoutSecondTerm, "chain", G),
    Case("mish-without-inner-sigmoid", MishWithoutInnerSigmoid, "chain", G),
    Case("gaussian-without-inner-derivative", GaussianWithoutInnerDerivative, "chain", G),
    Case("gelu-without-density", GeluWithoutDensity, "chain", G),
    Case("tanh-of-linear-without-outer-slope", TanhOfLinearWithoutOuterSlope, "chain", G),
    Case("sine-of-thirty-doubled", FastSineDoubled, "scale", G),
    Case("sine-far-out-doubled", SineFarOutDoubled, "scale", G),
    Case("exp-of-five-doubled", ExpOfFiveDoubled, "scale", G),
    Case("steep-tanh-doubled", SteepTanhDoubled, "scale", G),
    Case("tanh-on-hundred-million-doubled", TanhOnHundredMillionDoubled, "scale", G),
    Case("tiny-tanh-doubled", TinyTanhDoubled, "scale", G),
    Case("huge-quintic-doubled", HugeQuinticDoubled, "scale", G),
    Case("sharp-softmax-doubled", partial(SharpSoftmaxDoubled, 50.0), "scale", G, FROM_TWO),
    Case("tanh-with-mean-added", TanhWithMeanAdded, "hidden", S, FROM_TWO),
    Case("tanh-with-millionth-of-mean", partial(TanhWithMeanAdded, 1e-6), "hidden", S, FROM_TWO),
    Case("sigmoid-with-neighbour", SigmoidWithNeighbour, "hidden", S, FROM_TWO),
    Case("tanh-where-first-is-large", TanhWhereFirstIsLarge, "hidden", S, FROM_TWO),
    Case("last-output-from-first-input", LastOutputFromFirstInput, "hidden", S, FROM_TWO),
    Case("sigmoid-with-first-row-doubled", SigmoidWithFirstRowDoubled, "position", C),
    Case("tanh-gradient-skipping-every-other-row", TanhGradientSkippingEveryOtherRow, "position", C),
    Case("softplus-with-row-number", SoftplusWithRowNumber, "position", C),
    Case("tanh-decaying-with-calls", TanhDecayingWithCalls, "counter", C),
    Case("sigmoid-gradient-every-second-call", SigmoidGradientEverySecondCall, "counter", C),
    Case("tanh-with-running-mean", TanhWithRunningMean, "counter", C),
    Case("relu-with-gradient-one-everywhere", ReluWithGradientOneEverywhere, "relu", G),
    Case("relu-without-threshold", ReluWithoutThreshold, "relu", G),
    Case("relu-with-sides-swapped", ReluWithSidesSwapped, "relu", G),
)
