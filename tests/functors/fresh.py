"""Right and wrong functors that were written apart from the rest of the zoo, and that no rule was tuned on.

Most are put together from two functions, value and slope; a wrong one keeps the value and takes another slope.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from .case import EVEN, FROM_THREE, FROM_TWO, Array, Case

UP_TO_EIGHT = tuple(range(1, 9))


@dataclass(frozen=True)
class Joined:
    """A functor put together from two functions."""

    value: Callable[[Array], Any]
    slope: Callable[[Array], Any]

    def __call__(self, X: Array) -> Any:
        return self.value(X)

    def gradient(self, X: Array) -> Any:
        return self.slope(X)


def one_hot(index: Array, n: int) -> Array:
    return (index[..., None] == np.arange(n)).astype(float)


# ---------------------------------------------------------------- losses, element by element


def huber(X: Array, delta: float = 1.5) -> Array:
    size = np.abs(X)
    return np.where(size <= delta, 0.5 * X * X, delta * (size - 0.5 * delta))


def huber_slope(X: Array, delta: float = 1.5) -> Array:
    return np.clip(X, -delta, delta)


def pinball(X: Array) -> Array:
    return np.maximum(0.3 * X, -0.7 * X)


def pinball_slope(X: Array) -> Array:
    return 0.3 - (X < 0)


def pinball_slope_with_sides_swapped(X: Array) -> Array:
    return np.where(X > 0, 0.7, -0.3)


def log_cosh(X: Array) -> Array:
    return np.abs(X) + np.log1p(np.exp(-2 * np.abs(X))) - math.log(2)


def log_cosh_slope_guarded(X: Array) -> Array:
    """Guards against an overflow that cannot happen."""
    return np.tanh(X) * (np.abs(X) <= 20)


def pseudo_huber(X: Array) -> Array:
    return 4 * (np.sqrt(1 + (X / 2) ** 2) - 1)


def pseudo_huber_slope(X: Array) -> Array:
    return X / np.sqrt(1 + (X / 2) ** 2)


# ---------------------------------------------------------------- piecewise and periodic, element by element


def triangle_wave(X: Array) -> Array:
    half = X / 2
    return 2 * np.abs(half - np.floor(half + 0.5))


def triangle_wave_slope(X: Array) -> Array:
    return 1.0 - 2.0 * (np.mod(X, 2) >= 1)


def triangle_wave_slope_by_fmod(X: Array) -> Array:
    """The remainder keeps the sign of x."""
    return 1.0 - 2.0 * (np.fmod(X, 2) >= 1)


def b_spline(X: Array) -> Array:
    """The cubic one, on [-2, 2]."""
    r = np.abs(X)
    inner = 2 / 3 - r**2 + 0.5 * r**3
    outer = np.maximum(2 - r, 0) ** 3 / 6
    return np.where(r < 1, inner, outer)


def b_spline_slope(X: Array, outer_factor: float = 0.5) -> Array:
    r = np.abs(X)
    inner = -2 * r + 1.5 * r**2
    outer = -outer_factor * np.maximum(2 - r, 0) ** 2
    return np.sign(X) * np.where(r < 1, inner, outer)


KNOTS = np.array([-4.0, -2.5, -1.0, 0.0, 0.5, 1.0, 3.0, 6.0])
LEVELS = np.array([-1.0, -0.25, -0.4, 0.0, 0.6, 0.5, 2.0, 2.25])


def table(X: Array) -> Array:
    return np.interp(X, KNOTS, LEVELS)


def table_slope(X: Array, shift: int = 0) -> Array:
    """Of the piece that begins at or before x; flat outside the table."""
    slopes = np.concatenate([[0.0], np.diff(LEVELS) / np.diff(KNOTS), [0.0]])
    piece = np.searchsorted(KNOTS, X, side="right") + shift
    return slopes[np.clip(piece, 0, len(slopes) - 1)]


class HermiteTable:
    """The softplus of twice x from a table with slopes, cubic in between, straight outside."""

    grid = np.arange(-3.0, 3.5, 0.5)

    def __init__(self, forget_the_spacing: bool = False) -> None:
        self.y = np.logaddexp(0, 2 * self.grid)
        self.s = 2 / (1 + np.exp(-2 * self.grid))
        self.divisor = 1.0 if forget_the_spacing else 0.5

    def corners(self, X: Array) -> tuple[Array, ...]:
        k = np.clip(np.floor((X - self.grid[0]) / 0.5).astype(int), 0, len(self.grid) - 2)
        t = (X - self.grid[k]) / 0.5
        return t, self.y[k], self.y[k + 1], 0.5 * self.s[k], 0.5 * self.s[k + 1]

    def __call__(self, X: Array) -> Array:
        t, y0, y1, s0, s1 = self.corners(np.clip(X, -3, 3))
        inside = y0 + t * (s0 + t * (3 * (y1 - y0) - 2 * s0 - s1 + t * (s0 + s1 - 2 * (y1 - y0))))
        return inside + self.s[0] * np.minimum(X + 3, 0) + self.s[-1] * np.maximum(X - 3, 0)

    def gradient(self, X: Array) -> Array:
        t, y0, y1, s0, s1 = self.corners(np.clip(X, -3, 3))
        by_t = s0 + t * (2 * (3 * (y1 - y0) - 2 * s0 - s1) + 3 * t * (s0 + s1 - 2 * (y1 - y0)))
        return np.select([X <= -3, X >= 3], [self.s[0], self.s[-1]], by_t / self.divisor)


def smooth_step(X: Array) -> Array:
    t = np.clip((X + 1) / 2, 0, 1)
    return t * t * (3 - 2 * t)


def smooth_step_slope(X: Array, inner: float = 0.5) -> Array:
    t = np.clip((X + 1) / 2, 0, 1)
    return inner * 6 * t * (1 - t)


def quarters(X: Array) -> Array:
    return np.rint(4 * X) / 4


def squared_relu(X: Array) -> Array:
    return np.square(np.maximum(X, 0))


def softplus_with_threshold(X: Array) -> Array:
    """Straight above 10, where the curve has come within 1e-9."""
    return np.where(2 * X > 20, X, np.log1p(np.exp(np.minimum(2 * X, 20))) / 2)


def softplus_with_threshold_slope(X: Array) -> Array:
    return np.where(2 * X > 20, 1.0, 1 / (1 + np.exp(-2 * X)))


# ---------------------------------------------------------------- smooth, element by element


def squareplus(X: Array) -> Array:
    return (X + np.sqrt(X**2 + 4)) / 2


def squareplus_slope(X: Array, b: float = 4.0) -> Array:
    return 0.5 + X / (2 * np.sqrt(X**2 + b))


def isru(X: Array) -> Array:
    return X / np.sqrt(1 + 0.5 * X**2)


def isru_slope(X: Array, power: float = -1.5) -> Array:
    return (1 + 0.5 * X**2) ** power


def cloglog(X: Array) -> Array:
    return -np.expm1(-np.exp(X))


def cloglog_slope(X: Array) -> Array:
    return np.exp(X - np.exp(X))


def chebyshev(X: Array) -> Array:
    """The fifth polynomial by its recurrence."""
    before, now = np.ones_like(X), X
    for _ in range(4):
        before, now = now, 2 * X * now - before
    return now


def chebyshev_slope(X: Array, degree: int = 5) -> Array:
    """The degree times the fourth polynomial of the second kind."""
    return degree * ((16 * X**2 - 12) * X**2 + 1)


def sine_quotient(X: Array) -> Array:
    return np.sinc(X / np.pi)


def sine_quotient_slope(X: Array) -> Array:
    far = np.where(np.abs(X) < 0.1, 1.0, X)
    near = X * (-1 / 3 + X**2 * (1 / 30 + X**2 * (-1 / 840 + X**2 / 45360)))
    return np.where(np.abs(X) < 0.1, near, (np.cos(far) - np.sin(far) / far) / far)


class ImplicitCubic:
    """The y with y + y^3 = x, by Newton's method."""

    def __init__(self, inverted: bool = True) -> None:
        self.inverted = inverted

    def __call__(self, X: Array) -> Array:
        Y = X / np.cbrt(1 + np.abs(X)) ** 2
        for _ in range(9):
            Y2 = Y * Y
            Y = (2 * Y2 * Y + X) / (1 + 3 * Y2)
        return Y

    def gradient(self, X: Array) -> Array:
        slope = 1 + 3 * self(X) ** 2
        return 1 / slope if self.inverted else slope


class GeluWithDigits:
    """The tanh form; its gradient may know the constants to fewer digits."""

    def __init__(self, root: float = math.sqrt(2 / math.pi), cube: float = 0.044715, clip: float = math.inf) -> None:
        self.root, self.cube, self.clip = root, cube, clip

    def __call__(self, X: Array) -> Array:
        return 0.5 * X * (1 + np.tanh(math.sqrt(2 / math.pi) * (X + 0.044715 * X**3)))

    def gradient(self, X: Array) -> Array:
        X = np.clip(X, -self.clip, self.clip)
        u = self.root * (X + self.cube * X**3)
        return 0.5 * (1 + np.tanh(u)) + 0.5 * X / np.cosh(u) ** 2 * self.root * (1 + 3 * self.cube * X**2)


def arcsinh_slope_straight_far_out(X: Array) -> Array:
    """1 / |x| for |x| > 20, which is off by 1e-3 there."""
    return np.where(np.abs(X) > 20, 1 / np.maximum(np.abs(X), 1), 1 / np.sqrt(1 + X**2))


def softsign_in_single(X: Array) -> Array:
    Y = X.astype(np.float32)
    return Y / (1 + np.abs(Y))


def softsign_slope(X: Array) -> Array:
    return (1 + np.abs(X)) ** -2.0


def scaled_sine(factor: float, slope_factor: float) -> Joined:
    return Joined(lambda X: factor * np.sin(X), lambda X: slope_factor * np.cos(X))


def warped_root(X: Array) -> Array:
    return np.sign(X) * (np.sqrt(np.abs(X) + 1) - 1) + 0.1 * X


def warped_root_slope(X: Array) -> Array:
    return 0.5 / np.sqrt(np.abs(X) + 1) + 0.1


def warped_root_slope_with_sign(X: Array) -> Array:
    return 0.5 * np.sign(X) / np.sqrt(np.abs(X) + 1) + 0.1


# ---------------------------------------------------------------- kinds of softmax


def spherical_softmax(X: Array) -> Array:
    return X**2 / (np.sum(X**2, axis=1, keepdims=True) + 1e-3)


def spherical_softmax_slope(X: Array, cross: float = 2.0) -> Array:
    total = np.sum(X**2, axis=1)[:, None, None] + 1e-3
    Y = spherical_softmax(X)
    return (2 * X[:, :, None] * np.eye(X.shape[1]) - cross * Y[:, :, None] * X[:, None, :]) / total


def taylor_softmax(X: Array) -> Array:
    Z = 1 + X + 0.5 * X**2
    return Z / Z.sum(axis=1, keepdims=True)


def taylor_softmax_slope(X: Array) -> Array:
    total = (1 + X + 0.5 * X**2).sum(axis=1)[:, None, None]
    D = (1 + X)[:, None, :]
    return D * (np.eye(X.shape[1]) - taylor_softmax(X)[:, :, None]) / total


def taylor_softmax_slope_of_softmax(X: Array) -> Array:
    Y = taylor_softmax(X)
    return Y[:, :, None] * (np.eye(X.shape[1]) - Y[:, None, :])


def entmax(X: Array) -> Array:
    """The sparse softmax of order 1.5."""
    Z = (X - X.max(axis=1, keepdims=True)) / 2
    k = np.arange(1, X.shape[1] + 1)
    down = -np.sort(-Z, axis=1)
    mean = np.cumsum(down, axis=1) / k
    scatter = np.cumsum(down**2, axis=1) - k * mean**2
    tau = mean - np.sqrt(np.maximum((1 - scatter) / k, 0))
    size = np.sum(tau <= down, axis=1, keepdims=True)
    return np.maximum(Z - np.take_along_axis(tau, size - 1, axis=1), 0) ** 2


def entmax_slope(X: Array, power: float = 0.5) -> Array:
    S = entmax(X) ** power
    return S[:, :, None] * (np.eye(X.shape[1]) - (S / S.sum(axis=1, keepdims=True))[:, None, :])


def masked_softmax(X: Array) -> Array:
    """Every other entry is masked out."""
    open_ = np.arange(X.shape[1]) % 2 == 0
    top = np.max(X[:, open_], axis=1, keepdims=True)
    E = np.where(open_, np.exp(np.minimum(X - top, 0)), 0)
    return E / E.sum(axis=1, keepdims=True)


def masked_softmax_slope(X: Array) -> Array:
    P = masked_softmax(X)
    return np.einsum("bi,ij->bij", P, np.eye(X.shape[1])) - np.einsum("bi,bj->bij", P, P)


def masked_softmax_slope_without_mask(X: Array) -> Array:
    E = np.exp(X - X.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return np.einsum("bi,ij->bij", P, np.eye(X.shape[1])) - np.einsum("bi,bj->bij", P, P)


class SoftmaxOfPairs:
    """Two by two, as in a choice between neighbours."""

    def __init__(self, cross: float = -1.0) -> None:
        self.cross = cross

    def __call__(self, X: Array) -> Array:
        out = np.empty(X.shape, dtype=X.dtype)
        for a, b in self.pairs(X):
            out[:, a] = 1 / (1 + np.exp(X[:, b] - X[:, a]))
            out[:, b] = 1 / (1 + np.exp(X[:, a] - X[:, b]))
        return out

    def pairs(self, X: Array) -> list[tuple[int, int]]:
        return [(k, k + 1) for k in range(0, X.shape[1], 2)]

    def gradient(self, X: Array) -> Array:
        J = np.zeros((*X.shape, X.shape[1]))
        Y = self(X)
        for a, b in self.pairs(X):
            slope = Y[:, a] * Y[:, b]
            J[:, a, a] = J[:, b, b] = slope
            J[:, a, b] = J[:, b, a] = self.cross * slope
        return J


class StickBreaking:
    """One output more than inputs: what each takes of the rest, and what is left."""

    def __init__(self, upto: int = 0, left: float = 1.0) -> None:
        self.upto, self.left = upto, left

    def shares(self, X: Array) -> tuple[Array, Array]:
        return 1 / (1 + np.exp(-X)), 1 / (1 + np.exp(X))

    def __call__(self, X: Array) -> Array:
        take, leave = self.shares(X)
        rest = np.cumprod(leave, axis=1)
        before = np.hstack([np.ones((len(X), 1)), rest])
        return np.hstack([take * before[:, :-1], rest[:, -1:]])

    def gradient(self, X: Array) -> Array:
        take, leave = self.shares(X)
        Y = self(X)
        n = X.shape[1]
        J = np.zeros((len(X), n + 1, n))
        for k in range(n + 1):
            for j in range(min(k + self.upto, n)):
                J[:, k, j] = -Y[:, k] * take[:, j]
            if k < n and self.upto == 0:
                J[:, k, k] = Y[:, k] * leave[:, k]
        J[:, n] *= self.left
        return J


def entropy(X: Array) -> Array:
    """Of the softmax, one number a row."""
    Z = X - X.max(axis=1, keepdims=True)
    log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    return -np.sum(np.exp(log_p) * log_p, axis=1, keepdims=True)


def entropy_slope(X: Array) -> Array:
    Z = X - X.max(axis=1, keepdims=True)
    log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    return (-np.exp(log_p) * (log_p + entropy(X)))[:, None, :]


def entropy_slope_by_logarithm_of_p(X: Array) -> Array:
    """0 times the logarithm of 0 where a probability vanishes."""
    E = np.exp(X - X.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return (-P * (np.log(P) + entropy(X)))[:, None, :]


def label_loss(X: Array, smoothing: float = 0.1) -> Array:
    """The cross-entropy with the first entry's label, which is smoothed."""
    top = X.max(axis=1, keepdims=True)
    normaliser = top + np.log(np.exp(X - top).sum(axis=1, keepdims=True))
    return normaliser - (1 - smoothing) * X[:, :1] - smoothing * X.mean(axis=1, keepdims=True)


def label_loss_slope(X: Array, smoothing: float = 0.1) -> Array:
    E = np.exp(X - X.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    label = (1 - smoothing) * (np.arange(X.shape[1]) == 0) + smoothing / X.shape[1]
    return (P - label)[:, None, :]


# ---------------------------------------------------------------- norms and statistics of a row


def centred_slope(X: Array, divisor: Callable[[int], float] = float) -> Array:
    n = X.shape[1]
    return np.tile(np.eye(n) - 1 / divisor(n), (len(X), 1, 1))


def l1_norm(X: Array) -> Array:
    return np.abs(X).sum(axis=1, keepdims=True)


def largest_size(X: Array) -> Array:
    return np.abs(X).max(axis=1, keepdims=True)


def largest_size_slope(X: Array) -> Array:
    J = np.zeros((len(X), 1, X.shape[1]))
    for row, x in zip(J, X, strict=True):
        k = np.abs(x).argmax()
        row[0, k] = np.sign(x[k])
    return J


def euclidean_norm(X: Array) -> Array:
    return np.sqrt(np.einsum("bi,bi->b", X, X))[:, None]


def euclidean_norm_slope(X: Array) -> Array:
    r = euclidean_norm(X)
    return np.divide(X, r, out=np.zeros_like(X), where=r > 0)[:, None, :]


def block_shrink(X: Array) -> Array:
    """The whole row shrinks by a length of 1, down to zero."""
    r = np.sqrt((X**2).sum(axis=1, keepdims=True))
    return X * np.maximum(1 - 1 / np.maximum(r, 0.1), 0)


def block_shrink_slope(X: Array, projection: float = 1.0) -> Array:
    r = np.sqrt((X**2).sum(axis=1))[:, None, None]
    safe = np.maximum(r, 0.1)
    U = X / safe[:, :, 0]
    J = (1 - 1 / safe) * np.eye(X.shape[1]) + projection * U[:, :, None] * U[:, None, :] / safe
    return np.where(r > 1, J, 0.0)


def cosine_with_ramp(X: Array) -> Array:
    w = np.linspace(1, 2, X.shape[1])
    return (X @ w / np.sqrt((X**2).sum(axis=1) + 1e-2))[:, None]


def cosine_with_ramp_slope(X: Array, projection: float = 1.0) -> Array:
    w = np.linspace(1, 2, X.shape[1])
    r = np.sqrt((X**2).sum(axis=1) + 1e-2)[:, None]
    return (w / r - projection * (X @ w)[:, None] * X / r**3)[:, None, :]


def to_unit_range(X: Array) -> Array:
    low, high = X.min(axis=1, keepdims=True), X.max(axis=1, keepdims=True)
    return (X - low) / (high - low + 0.1)


def to_unit_range_slope(X: Array, with_range: bool = True) -> Array:
    n = X.shape[1]
    low, high = one_hot(X.argmin(axis=1), n), one_hot(X.argmax(axis=1), n)
    width = np.ptp(X, axis=1)[:, None, None] + 0.1
    J = (np.eye(n) - low[:, None, :]) / width
    if with_range:
        J = J - to_unit_range(X)[:, :, None] * (high - low)[:, None, :] / width
    return J


def standard_score(X: Array) -> Array:
    return (X - X.mean(axis=1, keepdims=True)) / (X.std(axis=1, keepdims=True) + 0.1)


def standard_score_slope(X: Array, inside: bool = False) -> Array:
    """With 0.1 added to the deviation; inside the root it belongs to another function."""
    n = X.shape[1]
    C = X - X.mean(axis=1, keepdims=True)
    s = X.std(axis=1)[:, None, None]
    t = np.sqrt(s**2 + 0.01) if inside else s + 0.1
    by_s = C[:, None, :] / (n * np.maximum(t if inside else s, 1e-300))
    return (np.eye(n) - 1 / n) / t - C[:, :, None] * by_s / t**2


# ---------------------------------------------------------------- order


def cumulative_maximum(X: Array) -> Array:
    return np.maximum.accumulate(X, axis=1)


def cumulative_maximum_slope(X: Array) -> Array:
    n = X.shape[1]
    reached = np.where(cumulative_maximum(X) == X, np.arange(n), 0)
    return one_hot(np.maximum.accumulate(reached, axis=1), n)


def top_three(X: Array) -> Array:
    return -np.sort(-X, axis=1)[:, :3]


def top_three_slope(X: Array) -> Array:
    return one_hot(np.argsort(-X, axis=1, kind="stable")[:, :3], X.shape[1])


def top_three_slope_ascending(X: Array) -> Array:
    return top_three_slope(X)[:, ::-1]


def mean_of_top_two(X: Array) -> Array:
    return np.sort(X, axis=1)[:, -2:].mean(axis=1, keepdims=True)


def mean_of_top_two_slope(X: Array, share: float = 0.5) -> Array:
    chosen = np.argpartition(X, -2, axis=1)[:, -2:]
    J = np.zeros_like(X)
    np.put_along_axis(J, chosen, share, axis=1)
    return J[:, None]


def spread(X: Array) -> Array:
    return np.ptp(X, axis=1, keepdims=True)


def spread_slope(X: Array, low: float = -1.0) -> Array:
    n = X.shape[1]
    return (one_hot(X.argmax(axis=1), n) + low * one_hot(X.argmin(axis=1), n))[:, None, :]


def trimmed_mean(X: Array) -> Array:
    return np.sort(X, axis=1)[:, 1:-1].mean(axis=1, keepdims=True)


def trimmed_mean_slope(X: Array, by_all: bool = False) -> Array:
    order = np.argsort(X, axis=1)
    J = np.full(X.shape, 1 / (X.shape[1] if by_all else X.shape[1] - 2))
    for row, o in zip(J, order, strict=True):
        row[[o[0], o[-1]]] = 0
    return J[:, None]


class LargerOfHalves:
    """The first half against the second, entry by entry."""

    def __init__(self, strict: bool = False) -> None:
        self.strict = strict

    def __call__(self, X: Array) -> Array:
        a, b = np.hsplit(X, 2)
        return np.fmax(a, b)

    def gradient(self, X: Array) -> Array:
        a, b = np.hsplit(X, 2)
        first = (a > b) if self.strict else (a >= b)
        eye = np.eye(a.shape[1])
        return np.concatenate([first[:, :, None] * eye, (b > a)[:, :, None] * eye], axis=2)


# ---------------------------------------------------------------- along the row


def cumulative_product(X: Array) -> Array:
    return np.cumprod(X, axis=1)


def cumulative_product_slope(X: Array) -> Array:
    n = X.shape[1]
    J = np.zeros((*X.shape, n))
    for j in range(n):
        others = X.copy()
        others[:, j] = 1
        J[:, j:, j] = np.cumprod(others, axis=1)[:, j:]
    return J


def cumulative_product_slope_by_division(X: Array) -> Array:
    n = X.shape[1]
    return cumulative_product(X)[:, :, None] / X[:, None, :] * np.tri(n)


class SmoothMaximumOfNeighbours:
    """One output less than inputs."""

    def __init__(self, swapped: bool = False) -> None:
        self.swapped = swapped

    def __call__(self, X: Array) -> Array:
        return np.logaddexp(X[:, :-1], X[:, 1:])

    def gradient(self, X: Array) -> Array:
        J = np.zeros((len(X), X.shape[1] - 1, X.shape[1]))
        for i, (left, right) in enumerate(pairwise(X.T)):
            step = left - right if self.swapped else right - left
            J[:, i, i] = 1 / (1 + np.exp(step))
            J[:, i, i + 1] = 1 / (1 + np.exp(-step))
        return J


def smoothing_matrix(n: int) -> Array:
    """A kernel of 0.2, 0.5, 0.3 that ends at the borders."""
    return 0.5 * np.eye(n) + 0.2 * np.eye(n, k=-1) + 0.3 * np.eye(n, k=1)


def convolution(X: Array) -> Array:
    return X @ smoothing_matrix(X.shape[1]).T


def convolution_slope(X: Array) -> Array:
    return np.stack([smoothing_matrix(X.shape[1])] * len(X))


def convolution_slope_with_kernel_flipped(X: Array) -> Array:
    return np.stack([smoothing_matrix(X.shape[1]).T] * len(X))


def steps(X: Array) -> Array:
    return np.diff(X, axis=1)


def steps_slope(X: Array) -> Array:
    n = X.shape[1]
    return np.repeat((np.eye(n - 1, n, k=1) - np.eye(n - 1, n))[None], len(X), axis=0)


def steps_slope_with_last_flipped(X: Array) -> Array:
    J = steps_slope(X)
    J[:, -1] = -J[:, -1]
    return J


def products_of_pairs(X: Array) -> Array:
    i, j = np.triu_indices(X.shape[1])
    return X[:, i] * X[:, j]


def products_of_pairs_slope(X: Array) -> Array:
    n = X.shape[1]
    i, j = np.triu_indices(n)
    eye = np.eye(n)
    return X[:, i, None] * eye[j] + X[:, j, None] * eye[i]


def products_of_pairs_slope_with_squares_once(X: Array) -> Array:
    n = X.shape[1]
    i, j = np.triu_indices(n)
    eye = np.eye(n)
    return X[:, i, None] * eye[j] + X[:, j, None] * eye[i] * (i != j)[:, None]


# ---------------------------------------------------------------- gates and features


def tanh_gate(X: Array) -> Array:
    a, b = np.array_split(X, 2, axis=1)
    return np.tanh(a) * (0.5 + 0.5 * np.tanh(b / 2))


def tanh_gate_slope(X: Array, swapped: bool = False) -> Array:
    a, b = np.array_split(X, 2, axis=1)
    eye = np.eye(a.shape[1])
    by_a = (1 / np.cosh(a) ** 2 * (0.5 + 0.5 * np.tanh(b / 2)))[:, :, None] * eye
    by_b = (np.tanh(a) * 0.25 / np.cosh(b / 2) ** 2)[:, :, None] * eye
    return np.dstack([by_b, by_a] if swapped else [by_a, by_b])


def fourier_features(X: Array) -> Array:
    return np.hstack([np.sin(X), np.cos(2 * X)])


def fourier_features_slope(X: Array, sign: float = -1.0) -> Array:
    n = X.shape[1]
    J = np.zeros((len(X), 2 * n, n))
    J[:, range(n), range(n)] = np.cos(X)
    J[:, range(n, 2 * n), range(n)] = sign * 2 * np.sin(2 * X)
    return J


class Attention:
    """Each entry looks at all: keys and queries are tanh(x), values are x."""

    def __init__(self, as_query: bool = True) -> None:
        self.as_query = as_query

    def weights(self, X: Array) -> Array:
        K = np.tanh(X)
        L = K[:, :, None] * K[:, None, :]
        E = np.exp(L - L.max(axis=2, keepdims=True))
        return E / E.sum(axis=2, keepdims=True)

    def __call__(self, X: Array) -> Array:
        return np.einsum("bij,bj->bi", self.weights(X), X)

    def gradient(self, X: Array) -> Array:
        K, slope = np.tanh(X), 1 / np.cosh(X) ** 2
        P = self.weights(X)
        out = np.einsum("bij,bj->bi", P, X)
        from_mean = X[:, None, :] - out[:, :, None]
        J = P + K[:, :, None] * slope[:, None, :] * P * from_mean
        if self.as_query:
            J = J + np.eye(X.shape[1]) * (slope * np.einsum("bij,bij,bj->bi", P, from_mean, K))[:, :, None]
        return J


# ---------------------------------------------------------------- wrong by how arrays are handled


class SigmoidIntoIntegers:
    """The gradient is stored where only whole numbers fit."""

    def __call__(self, X: Array) -> Array:
        return 4 / (1 + np.exp(-X))

    def gradient(self, X: Array) -> Array:
        e = np.exp(-np.abs(X))
        G = np.zeros(X.shape, dtype=np.int32)
        G[:] = 4 * e / (1 + e) ** 2
        return G


class ArctanScalingItsInput:
    def __call__(self, X: Array) -> Array:
        return np.arctan(3 * X)

    def gradient(self, X: Array) -> Array:
        X *= 3
        return 3 / (1 + X * X)


class TanhThatShiftsAndShiftsBack:
    """What was added is taken off again, and the last bits are gone."""

    def __call__(self, X: Array) -> Array:
        X += 1
        A = np.tanh(X)
        X -= 1
        return A

    def gradient(self, X: Array) -> Array:
        return 1 / np.cosh(X + 1) ** 2


class IsruOfTheLastForward:
    """The root is kept from the last forward of that shape."""

    def __init__(self) -> None:
        self.root: Array | None = None

    def __call__(self, X: Array) -> Array:
        self.root = np.sqrt(1 + X**2)
        return X / self.root

    def gradient(self, X: Array) -> Array:
        root = self.root if self.root is not None and self.root.shape == X.shape else np.sqrt(1 + X**2)
        return root**-3.0


class SineWritingIntoItsOutput:
    """The gradient is worked out in the array that the forward has handed out."""

    def __init__(self) -> None:
        self.out: Array | None = None

    def __call__(self, X: Array) -> Array:
        self.out = np.sin(X)
        return self.out

    def gradient(self, X: Array) -> Array:
        if self.out is None or self.out.shape != X.shape:
            self.out = np.empty(X.shape)
        np.cos(X, out=self.out)
        return self.out.copy()


class GradientInASlice:
    """One large array for all gradients; each call hands out its beginning."""

    def __init__(self) -> None:
        self.pool = np.zeros(1 << 16)

    def __call__(self, X: Array) -> Array:
        return X**3 / 3

    def gradient(self, X: Array) -> Array:
        if X.size > self.pool.size:
            self.pool = np.zeros(X.size)
        G = self.pool[: X.size].reshape(X.shape)
        G[:] = X**2
        return G


class TanhHalvedInLargeBatches:
    def __call__(self, X: Array) -> Array:
        return np.tanh(X)

    def gradient(self, X: Array) -> Array:
        G = 1 / np.cosh(X) ** 2
        return G / 2 if len(X) > 4 else G


class SoftsignWithLastRowForgotten:
    def __call__(self, X: Array) -> Array:
        return X / (1 + np.abs(X))

    def gradient(self, X: Array) -> Array:
        G = np.zeros(X.shape)
        for b in range(len(X) - 1):
            G[b] = softsign_slope(X[b])
        return G


class ArctanWithFaintNoiseInItsSlope:
    def __init__(self) -> None:
        self.rng = np.random.default_rng(7)

    def __call__(self, X: Array) -> Array:
        return np.arctan(X)

    def gradient(self, X: Array) -> Array:
        return (1 + 1e-7 * self.rng.standard_normal(X.shape)) / (1 + X**2)


class MonteCarloSmoothing:
    """The mean over perturbed inputs, drawn anew at each call."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(8)

    def __call__(self, X: Array) -> Array:
        draws = 0.1 * self.rng.standard_normal((16, *X.shape))
        return np.maximum(X + draws, 0).mean(axis=0)

    def gradient(self, X: Array) -> Array:
        return np.heaviside(X, 0.5)


class TanhWithAGlimpseOfTheRowAbove:
    def __call__(self, X: Array) -> Array:
        return np.tanh(X) + 1e-3 * np.tanh(np.roll(X, 1, axis=0))

    def gradient(self, X: Array) -> Array:
        return 1 / np.cosh(X) ** 2


class TanhWithFaintCoupling:
    """Every output leans on the whole row with a weight of 1e-10."""

    def __call__(self, X: Array) -> Array:
        return np.tanh(X) + 1e-10 * X.sum(axis=1, keepdims=True)

    def gradient(self, X: Array) -> Array:
        return 1 / np.cosh(X) ** 2 + 1e-10


class SwayedByItsMean:
    """The diagonal is right, mean and all, and the rest is not nought."""

    def __call__(self, X: Array) -> Array:
        return X * (1 + 0.1 * np.tanh(X - X.mean(axis=1, keepdims=True)))

    def gradient(self, X: Array) -> Array:
        C = X - X.mean(axis=1, keepdims=True)
        return 1 + 0.1 * np.tanh(C) + 0.1 * X / np.cosh(C) ** 2 * (1 - 1 / X.shape[1])


# ---------------------------------------------------------------- the lists


def tanh_slope(X: Array) -> Array:
    return 1 / np.cosh(X) ** 2


def column_mean_of_tanh_slope(X: Array) -> Array:
    return np.broadcast_to(tanh_slope(X).mean(axis=1, keepdims=True), X.shape)


def tanh_slope_in_single(X: Array) -> Array:
    return tanh_slope(X).astype(np.float32)


def root_of_size_slope(X: Array) -> Array:
    return 0.5 * np.sign(X) / np.sqrt(np.abs(X))


FRESH_RIGHT: tuple[Case, ...] = (
    Case("huber", partial(Joined, huber, huber_slope), "loss"),
    Case("pinball", partial(Joined, pinball, pinball_slope), "loss"),
    Case("log-cosh", partial(Joined, log_cosh, np.tanh), "loss"),
    Case("pseudo-huber", partial(Joined, pseudo_huber, pseudo_huber_slope), "loss"),
    Case("triangle-wave", partial(Joined, triangle_wave, triangle_wave_slope), "kink"),
    Case("b-spline", partial(Joined, b_spline, b_spline_slope), "smooth"),
    Case("table", partial(Joined, table, table_slope), "kink"),
    Case("hermite-table", HermiteTable, "smooth"),
    Case("smooth-step", partial(Joined, smooth_step, smooth_step_slope), "smooth"),
    Case("quarters", partial(Joined, quarters, np.zeros_like), "jump"),
    Case("squared-relu", partial(Joined, squared_relu, lambda X: 2 * np.maximum(X, 0)), "smooth"),
    Case(
        "softplus-with-threshold",
        partial(Joined, softplus_with_threshold, softplus_with_threshold_slope),
        "jump",
        note="a jump of 1e-9 at 10",
    ),
    Case("squareplus", partial(Joined, squareplus, squareplus_slope), "smooth"),
    Case("isru", partial(Joined, isru, isru_slope), "smooth"),
    Case("cloglog", partial(Joined, cloglog, cloglog_slope), "smooth"),
    Case("chebyshev", partial(Joined, chebyshev, chebyshev_slope), "smooth"),
    Case("sine-quotient", partial(Joined, sine_quotient, sine_quotient_slope), "smooth"),
    Case("implicit-cubic", ImplicitCubic, "smooth"),
    Case("gelu-with-digits", GeluWithDigits, "smooth"),
    Case("softsign-in-single", partial(Joined, softsign_in_single, softsign_slope), "precision"),
    Case("vanishing-sine", partial(scaled_sine, 1e-200, 1e-200), "scale"),
    Case("enormous-sine", partial(scaled_sine, 1e200, 1e200), "scale", note="its square overflows"),
    Case("warped-root", partial(Joined, warped_root, warped_root_slope), "smooth"),
    Case("spherical-softmax", partial(Joined, spherical_softmax, spherical_softmax_slope), "dependent"),
    Case("taylor-softmax", partial(Joined, taylor_softmax, taylor_softmax_slope), "dependent"),
    Case("entmax", partial(Joined, entmax, entmax_slope), "dependent"),
    Case("masked-softmax", partial(Joined, masked_softmax, masked_softmax_slope), "dependent"),
    Case("softmax-of-pairs", SoftmaxOfPairs, "dependent", widths=EVEN),
    Case("stick-breaking", StickBreaking, "dependent"),
    Case("entropy", partial(Joined, entropy, entropy_slope), "dependent"),
    Case("label-loss", partial(Joined, label_loss, label_loss_slope), "dependent", widths=FROM_TWO),
    Case("centred", partial(Joined, lambda X: X - X.mean(axis=1, keepdims=True), centred_slope), "dependent"),
    Case("l1-norm", partial(Joined, l1_norm, lambda X: np.sign(X)[:, None]), "kink"),
    Case("largest-size", partial(Joined, largest_size, largest_size_slope), "tie"),
    Case("euclidean-norm", partial(Joined, euclidean_norm, euclidean_norm_slope), "kink", note="a cone at the origin"),
    Case("block-shrink", partial(Joined, block_shrink, block_shrink_slope), "kink"),
    Case("cosine-with-ramp", partial(Joined, cosine_with_ramp, cosine_with_ramp_slope), "dependent"),
    Case("to-unit-range", partial(Joined, to_unit_range, to_unit_range_slope), "tie"),
    Case("standard-score", partial(Joined, standard_score, standard_score_slope), "dependent"),
    Case("cumulative-maximum", partial(Joined, cumulative_maximum, cumulative_maximum_slope), "tie"),
    Case("top-three", partial(Joined, top_three, top_three_slope), "tie"),
    Case("mean-of-top-two", partial(Joined, mean_of_top_two, mean_of_top_two_slope), "tie", widths=FROM_TWO),
    Case("spread", partial(Joined, spread, spread_slope), "tie"),
    Case("trimmed-mean", partial(Joined, trimmed_mean, trimmed_mean_slope), "tie", widths=FROM_THREE),
    Case("larger-of-halves", LargerOfHalves, "tie", widths=EVEN),
    Case("cumulative-product", partial(Joined, cumulative_product, cumulative_product_slope), "dependent"),
    Case("smooth-maximum-of-neighbours", SmoothMaximumOfNeighbours, "dependent", widths=FROM_TWO),
    Case("convolution", partial(Joined, convolution, convolution_slope), "dependent"),
    Case("steps", partial(Joined, steps, steps_slope), "dependent", widths=FROM_TWO),
    Case(
        "products-of-pairs", partial(Joined, products_of_pairs, products_of_pairs_slope), "dependent", "", UP_TO_EIGHT
    ),
    Case("tanh-gate", partial(Joined, tanh_gate, tanh_gate_slope), "dependent", widths=EVEN),
    Case("fourier-features", partial(Joined, fourier_features, fourier_features_slope), "dependent"),
    Case("attention", Attention, "dependent"),
)

G = "gradient"
C = "contract"
F = "finite"
S = "structure"

FRESH_WRONG: tuple[Case, ...] = (
    Case("huber-clipped-at-one", partial(Joined, huber, partial(huber_slope, delta=1.0)), "band", G),
    Case("pinball-with-sides-swapped", partial(Joined, pinball, pinball_slope_with_sides_swapped), "side", G),
    Case("log-cosh-guarded", partial(Joined, log_cosh, log_cosh_slope_guarded), "tail", G, note="only beyond 20"),
    Case("pseudo-huber-of-huber", partial(Joined, pseudo_huber, partial(huber_slope, delta=2.0)), "other-function", G),
    Case("triangle-wave-by-fmod", partial(Joined, triangle_wave, triangle_wave_slope_by_fmod), "side", G),
    Case("b-spline-without-half", partial(Joined, b_spline, partial(b_spline_slope, outer_factor=1.0)), "band", G),
    Case("table-off-by-one", partial(Joined, table, partial(table_slope, shift=-1)), "index", G),
    Case("hermite-table-without-spacing", partial(HermiteTable, forget_the_spacing=True), "chain", G),
    Case("smooth-step-without-half", partial(Joined, smooth_step, partial(smooth_step_slope, inner=1.0)), "chain", G),
    Case("quarters-straight-through", partial(Joined, quarters, np.ones_like), "other-function", G),
    Case("squared-relu-without-two", partial(Joined, squared_relu, lambda X: np.maximum(X, 0)), "factor", G),
    Case("squareplus-with-two", partial(Joined, squareplus, partial(squareplus_slope, b=2.0)), "constant", G),
    Case("isru-with-half-power", partial(Joined, isru, partial(isru_slope, power=-0.5)), "chain", G),
    Case("cloglog-without-inner", partial(Joined, cloglog, lambda X: np.exp(-np.exp(X))), "chain", G),
    Case("chebyshev-of-degree-four", partial(Joined, chebyshev, partial(chebyshev_slope, degree=4)), "index", G),
    Case(
        "sine-quotient-nan-at-zero",
        partial(Joined, sine_quotient, lambda X: (np.cos(X) - np.sin(X) / X) / X),
        "zero",
        F,
    ),
    Case("implicit-cubic-not-inverted", partial(ImplicitCubic, inverted=False), "chain", G),
    Case("gelu-with-0.0447", partial(GeluWithDigits, cube=0.0447), "constant", G),
    Case("gelu-with-0.7979", partial(GeluWithDigits, root=0.7979), "constant", G),
    Case("gelu-clipped-at-three", partial(GeluWithDigits, clip=3.0), "tail", G),
    Case("arcsinh-straight-far-out", partial(Joined, np.arcsinh, arcsinh_slope_straight_far_out), "tail", G),
    Case(
        "softsign-in-single-doubled", partial(Joined, softsign_in_single, lambda X: 2 * softsign_slope(X)), "factor", G
    ),
    Case("vanishing-sine-doubled", partial(scaled_sine, 1e-200, 2e-200), "scale", G),
    Case("enormous-sine-halved", partial(scaled_sine, 1e200, 5e199), "scale", G),
    Case("warped-root-with-sign", partial(Joined, warped_root, warped_root_slope_with_sign), "side", G),
    Case(
        "tanh-one-in-a-hundred-thousand-too-large",
        partial(Joined, np.tanh, lambda X: (1 + 1e-5) * tanh_slope(X)),
        "factor",
        G,
    ),
    Case("tanh-slope-in-single", partial(Joined, np.tanh, tanh_slope_in_single), "precision", G, note="off by 3e-8"),
    Case("tanh-slope-averaged-over-columns", partial(Joined, np.tanh, column_mean_of_tanh_slope), "mean", G, FROM_TWO),
    Case("root-of-size-nan-at-zero", partial(Joined, lambda X: np.sqrt(np.abs(X)), root_of_size_slope), "zero", F),
    Case(
        "spherical-softmax-without-two",
        partial(Joined, spherical_softmax, partial(spherical_softmax_slope, cross=1.0)),
        "term",
        G,
    ),
    Case(
        "taylor-softmax-as-softmax",
        partial(Joined, taylor_softmax, taylor_softmax_slope_of_softmax),
        "term",
        G,
        FROM_TWO,
    ),
    Case("entmax-as-softmax", partial(Joined, entmax, partial(entmax_slope, power=1.0)), "term", G, FROM_TWO),
    Case(
        "masked-softmax-without-mask",
        partial(Joined, masked_softmax, masked_softmax_slope_without_mask),
        "term",
        G,
        FROM_TWO,
    ),
    Case("softmax-of-pairs-with-plus", partial(SoftmaxOfPairs, cross=1.0), "sign", G, EVEN),
    Case("stick-breaking-off-by-one", partial(StickBreaking, upto=1), "index", G),
    Case("stick-breaking-with-rest-flipped", partial(StickBreaking, left=-1.0), "entry", G),
    Case("entropy-nan-far-out", partial(Joined, entropy, entropy_slope_by_logarithm_of_p), "not-finite", F, FROM_TWO),
    Case(
        "label-loss-not-smoothed",
        partial(Joined, label_loss, partial(label_loss_slope, smoothing=0.0)),
        "term",
        G,
        FROM_TWO,
    ),
    Case(
        "centred-as-if-mean-were-constant",
        partial(Joined, lambda X: X - X.mean(axis=1, keepdims=True), np.ones_like),
        "diagonal-only",
        S,
        FROM_TWO,
    ),
    Case(
        "centred-by-one-less",
        partial(
            Joined,
            lambda X: X - X.mean(axis=1, keepdims=True),
            partial(centred_slope, divisor=lambda n: n - 1.0),
        ),
        "constant",
        G,
        FROM_TWO,
    ),
    Case("l1-norm-one-sided", partial(Joined, l1_norm, lambda X: (X > 0)[:, None] * 1.0), "side", G),
    Case(
        "largest-size-without-sign",
        partial(Joined, largest_size, lambda X: one_hot(np.abs(X).argmax(axis=1), X.shape[1])[:, None]),
        "sign",
        G,
    ),
    Case(
        "euclidean-norm-guarded",
        partial(Joined, euclidean_norm, lambda X: (X / (euclidean_norm(X) + 1e-3))[:, None, :]),
        "constant",
        G,
    ),
    Case(
        "block-shrink-without-projection",
        partial(Joined, block_shrink, partial(block_shrink_slope, projection=0.0)),
        "term",
        G,
    ),
    Case(
        "cosine-without-projection",
        partial(Joined, cosine_with_ramp, partial(cosine_with_ramp_slope, projection=0.0)),
        "term",
        G,
    ),
    Case(
        "to-unit-range-with-range-constant",
        partial(Joined, to_unit_range, partial(to_unit_range_slope, with_range=False)),
        "term",
        G,
        FROM_TWO,
    ),
    Case(
        "standard-score-with-eps-inside",
        partial(Joined, standard_score, partial(standard_score_slope, inside=True)),
        "constant",
        G,
        FROM_TWO,
    ),
    Case(
        "cumulative-maximum-as-identity",
        partial(Joined, cumulative_maximum, lambda X: np.tile(np.eye(X.shape[1]), (len(X), 1, 1))),
        "index",
        G,
        FROM_TWO,
    ),
    Case("top-three-ascending", partial(Joined, top_three, top_three_slope_ascending), "index", G, FROM_TWO),
    Case(
        "mean-of-top-two-as-sum",
        partial(Joined, mean_of_top_two, partial(mean_of_top_two_slope, share=1.0)),
        "mean",
        G,
        FROM_TWO,
    ),
    Case("spread-with-plus", partial(Joined, spread, partial(spread_slope, low=1.0)), "sign", G),
    Case(
        "trimmed-mean-by-all",
        partial(Joined, trimmed_mean, partial(trimmed_mean_slope, by_all=True)),
        "mean",
        G,
        FROM_THREE,
    ),
    Case("larger-of-halves-zero-at-ties", partial(LargerOfHalves, strict=True), "tie", G, EVEN),
    Case(
        "cumulative-product-by-division",
        partial(Joined, cumulative_product, cumulative_product_slope_by_division),
        "zero",
        F,
    ),
    Case(
        "smooth-maximum-with-neighbours-swapped", partial(SmoothMaximumOfNeighbours, swapped=True), "index", G, FROM_TWO
    ),
    Case(
        "convolution-with-kernel-flipped",
        partial(Joined, convolution, convolution_slope_with_kernel_flipped),
        "transposed",
        G,
        FROM_TWO,
    ),
    Case("steps-with-last-flipped", partial(Joined, steps, steps_slope_with_last_flipped), "entry", G, FROM_TWO),
    Case(
        "products-of-pairs-with-squares-once",
        partial(Joined, products_of_pairs, products_of_pairs_slope_with_squares_once),
        "entry",
        G,
        UP_TO_EIGHT,
    ),
    Case(
        "products-of-pairs-transposed",
        partial(Joined, products_of_pairs, lambda X: products_of_pairs_slope(X).transpose(0, 2, 1)),
        "transposed",
        C,
        UP_TO_EIGHT[1:],
    ),
    Case(
        "tanh-gate-with-blocks-swapped",
        partial(Joined, tanh_gate, partial(tanh_gate_slope, swapped=True)),
        "index",
        G,
        EVEN,
    ),
    Case(
        "fourier-features-with-plus",
        partial(Joined, fourier_features, partial(fourier_features_slope, sign=1.0)),
        "sign",
        G,
    ),
    Case("attention-without-query", partial(Attention, as_query=False), "term", G, FROM_TWO),
    Case("sigmoid-into-integers", SigmoidIntoIntegers, "truncation", G, note="right at zero only"),
    Case("arctan-scaling-its-input", ArctanScalingItsInput, "mutation", C),
    Case("tanh-that-shifts-and-shifts-back", TanhThatShiftsAndShiftsBack, "mutation", C, note="by roundings"),
    Case("isru-of-the-last-forward", IsruOfTheLastForward, "cache", C),
    Case("sine-writing-into-its-output", SineWritingIntoItsOutput, "buffer", C),
    Case("gradient-in-a-slice", GradientInASlice, "buffer", C),
    Case("tanh-halved-in-large-batches", TanhHalvedInLargeBatches, "batch", C),
    Case("softsign-with-last-row-forgotten", SoftsignWithLastRowForgotten, "rows", C),
    Case("arctan-with-faint-noise-in-its-slope", ArctanWithFaintNoiseInItsSlope, "noise", C, note="1e-7"),
    Case("monte-carlo-smoothing", MonteCarloSmoothing, "noise", C),
    Case("tanh-with-a-glimpse-of-the-row-above", TanhWithAGlimpseOfTheRowAbove, "coupled", C),
    Case("tanh-with-faint-coupling", TanhWithFaintCoupling, "hidden", S, FROM_TWO, note="1e-10"),
    Case("swayed-by-its-mean", SwayedByItsMean, "hidden", S, FROM_TWO),
)
