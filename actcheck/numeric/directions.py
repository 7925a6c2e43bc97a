"""Differences along random directions: what a whole Jacobian does to a vector, in a handful of evaluations.

The product of a right Jacobian with a direction is the slope of the function along it, output by output. A product
that is off is traced to the entries behind it by splitting the direction itself: what it is off by is the sum of what
its two halves are off by, where fresh directions for each half could cancel what they look for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.numeric.lines import CHUNK, FloatArray, Forward, IndexArray

LEVELS = range(5, 23)
"""Steps 2^-5 ... 2^-22 along a direction are tried."""

QUANTILE = 0.999
SAFETY = 4.0
"""A slope along a direction may be off by so many times what all but one in a thousand of them change by."""

MOST = 8
"""So many entries behind one output are followed at a time."""

_ROUNDS = 4


@dataclass(frozen=True)
class Slopes:
    """Slopes along directions.

    Parameters
    ----------
    value : ndarray of shape (K, batch, m)
        By differences of order 4.
    change : ndarray of shape (K, batch, m)
        What they change by at half the step: more than either truncation or rounding is off by.
    """

    value: FloatArray
    change: FloatArray


@dataclass(frozen=True)
class Step:
    """The step that was found to be best, and what slopes change by there at half the step.

    Parameters
    ----------
    level : int
        It is 2^-level.
    usual : float
        The usual size that rounding is in proportion to; an output that is flat at 0 may be what is left of it.
    own, common : float
        The change of all but one in a thousand slopes, in proportion to the size of their own output, and to that and
        the usual size together. Of both bounds the smaller one holds.
    """

    level: int
    usual: float
    own: float
    common: float


def choose(forward: Forward, X: FloatArray, directions: FloatArray) -> Step:
    """Find the step at which slopes along directions change least.

    Parameters
    ----------
    forward : callable
    X : ndarray of shape (batch, n)
        Ordinary rows.
    directions : ndarray of shape (K, n)
    """
    quotients = _central(forward, X, directions, LEVELS)
    size_at = _Size.of(X, forward(X))
    best = Step(LEVELS[1], 0.0, np.inf, np.inf)
    with np.errstate(invalid="ignore", over="ignore"):
        fine = _extrapolate(quotients[1:], quotients[:-1])
        value, change = fine[:-1], np.abs(fine[:-1] - fine[1:])
        for level, along, off in zip(LEVELS[1:-1], value, change, strict=True):
            size = size_at(along)
            usual = _median(size[np.isfinite(size)])
            common = _share(off, size + usual)
            if common < best.common:
                best = Step(level, usual, _share(off, size), common)
    return best


def slopes(forward: Forward, X: FloatArray, directions: FloatArray, level: int) -> Slopes:
    """Give the slopes of every row along every direction, with what they change by.

    Parameters
    ----------
    forward : callable
    X : ndarray of shape (batch, n)
    directions : ndarray of shape (K, n)
    level : int
        The step is 2^-level; six evaluations of the batch for each direction.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        coarse, middle, fine = _central(forward, X, directions, range(level - 1, level + 2))
        value = _extrapolate(middle, coarse)
        return Slopes(value, np.abs(value - _extrapolate(fine, middle)))


def bound(seen: Slopes, X: FloatArray, values: FloatArray, step: Step) -> FloatArray:
    """Give what the slopes of each output may be off by, of shape (batch, m).

    Parameters
    ----------
    seen : Slopes
    X : ndarray of shape (batch, n)
    values : ndarray of shape (batch, m)
    step : Step
        A row whose own slopes change by more than what is usual is held to that.
    """
    size = _Size.of(X, values)(seen.value)
    own = np.maximum(step.own, _shares(seen.change, size))
    common = np.maximum(step.common, _shares(seen.change, size + step.usual))
    least: FloatArray = np.minimum(own[:, None] * size, common[:, None] * (size + step.usual))
    return SAFETY * least


@dataclass(frozen=True)
class _Size:
    """The size that the rounding of slopes is in proportion to: of f, and of x times f'.

    Parameters
    ----------
    values : ndarray of shape (batch, m)
        |f|.
    turned : ndarray of shape (batch, 1)
        The size of x in each row.
    """

    values: FloatArray
    turned: FloatArray

    @classmethod
    def of(cls, X: FloatArray, values: FloatArray) -> _Size:
        """Prepare for rows."""
        return cls(np.abs(values), root_mean_square(X, 1)[:, None])

    def __call__(self, along: FloatArray) -> FloatArray:
        """Give it for slopes of shape (K, batch, m), as an array of shape (batch, m)."""
        size: FloatArray = self.turned * root_mean_square(along, 0)
        size += self.values
        return size


def _median(values: FloatArray) -> float:
    """Give the median of finite values, 0 of none; `np.median` takes three times as long, to rule out NaN."""
    if not values.size:
        return 0.0
    middle = [(values.size - 1) // 2, values.size // 2]
    low, high = np.partition(values, middle)[middle]
    return float((low + high) / 2)


def root_mean_square(values: FloatArray, axis: int) -> FloatArray:
    """Give the root mean square over an axis."""
    root: FloatArray = np.sqrt(np.mean(np.square(values), axis=axis))
    return root


def _shares(change: FloatArray, size: FloatArray) -> FloatArray:
    """Give `_share` for each row of changes of shape (K, batch, m)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.swapaxes(change / size, 0, 1).reshape(len(size), -1)
    if not np.isfinite(ratio).all():
        return np.array([_share(change[:, row], size[row]) for row in range(len(size))])
    at = _rank(ratio.shape[1])
    shares: FloatArray = np.partition(ratio, at, axis=1)[:, at]
    return shares


def _share(change: FloatArray, size: FloatArray) -> float:
    known = np.isfinite(size)
    if not known.all():
        change, size = change[..., known], size[known]
    if not change.size:
        return 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = (change / size).ravel()
    if not np.isfinite(ratio).all():
        ratio[np.isnan(ratio)] = np.inf
        ratio[change.ravel() == 0] = 0.0
    at = _rank(ratio.size)
    return float(np.partition(ratio, at)[at])


def _rank(count: int) -> int:
    return math.ceil(QUANTILE * (count - 1))


def _extrapolate(fine: FloatArray, coarse: FloatArray) -> FloatArray:
    value: FloatArray = fine * (4 / 3) - coarse * (1 / 3)
    return value


def _central(forward: Forward, X: FloatArray, directions: FloatArray, levels: range) -> FloatArray:
    """Give central differences at steps 2^-level, of shape (levels, K, batch, m)."""
    steps = 2.0 ** -np.array(levels)
    by = np.multiply.outer(np.stack([steps, -steps], axis=1), np.ones(len(directions))).reshape(-1, 1)
    size = max(1, CHUNK // X.size)
    values = []
    for at in range(0, len(by), size):
        some = np.arange(at, min(at + size, len(by)))
        moved = (by[some] * directions[some % len(directions)])[:, None] + X
        values.append(evaluate(forward, moved.reshape(-1, X.shape[1])))
    pairs = np.concatenate(values).reshape(len(steps), 2, len(directions), len(X), -1)
    with np.errstate(invalid="ignore", over="ignore"):
        quotients: FloatArray = pairs[:, 0] - pairs[:, 1]
        quotients /= 2 * steps[:, None, None, None]
    return quotients


def evaluate(forward: Forward, X: FloatArray) -> FloatArray:
    """Evaluate a function on many rows, in batches that stay within a cache."""
    size = max(1, CHUNK // X.shape[1])
    if len(X) <= size:
        return forward(X)
    return np.concatenate([forward(X[at : at + size]) for at in range(0, len(X), size)])


# ------------------------------------------------------------------------------------------ bisection


@dataclass(frozen=True)
class Doubt:
    """An output of a row whose product with some direction is off.

    Parameters
    ----------
    x : ndarray of shape (n,)
    output : int
    analytic : ndarray of shape (n,)
        The row of the Jacobian: the output's slopes along each input, as claimed.
    allowed : float
        What a product may be off by.
    """

    x: FloatArray
    output: int
    analytic: FloatArray
    allowed: float


@dataclass(frozen=True)
class Trace:
    """The inputs that a doubt was traced to.

    Parameters
    ----------
    inputs : tuple of int
    explained : bool
        Whether no direction is off any more once they are left out of it.
    """

    inputs: tuple[int, ...]
    explained: bool


def trace(
    forward: Forward, doubt: Doubt, directions: FloatArray, level: int, known: IndexArray | tuple[int, ...] = ()
) -> Trace:
    """Trace an output that is off to its inputs.

    Parameters
    ----------
    forward : callable
    doubt : Doubt
    directions : ndarray of shape (K, n)
    level : int
        The step is 2^-level.
    known : sequence of int
        Inputs that the same output was traced to in another row: they are tried first.
    """
    guilty = [int(each) for each in known]
    left = directions.copy()
    for _ in range(_ROUNDS):
        left[:, guilty] = 0.0
        off = _off(forward, doubt, left, level)
        if np.all(off <= doubt.allowed):
            return Trace(tuple(sorted(guilty)), explained=True)
        found = set(_split(forward, doubt, left[int(np.argmax(off))], level)) - set(guilty)
        guilty += found
        if not found or len(guilty) >= MOST:
            break
    return Trace(tuple(sorted(guilty)), explained=False)


def _split(forward: Forward, doubt: Doubt, direction: FloatArray, level: int) -> Iterator[int]:
    """Give the inputs that are left when a direction is halved again and again, keeping the halves that are off."""
    parts = [np.flatnonzero(direction)]
    while parts:
        yield from (int(part[0]) for part in parts if len(part) == 1)
        halves = [half for part in parts if len(part) > 1 for half in np.array_split(part, 2)]
        if not halves:
            return
        off = _off(forward, doubt, np.array([_only(direction, half) for half in halves]), level)
        # Where a part was off and neither half is, by a hair, the larger one is followed.
        kept = (off > doubt.allowed) | (off >= np.maximum(off, off[np.arange(len(off)) ^ 1]))
        first = np.argsort(-off, kind="stable")[:MOST]
        parts = [halves[at] for at in sorted(first) if kept[at]]


def _only(direction: FloatArray, part: IndexArray) -> FloatArray:
    kept = np.zeros_like(direction)
    kept[part] = direction[part]
    return kept


def _off(forward: Forward, doubt: Doubt, directions: FloatArray, level: int) -> NDArray[np.float64]:
    """Give what the products of an output's row with directions are off by; what is not finite is off without limit."""
    coarse, fine = _central(forward, doubt.x[None], directions, range(level - 1, level + 1))
    with np.errstate(invalid="ignore", over="ignore"):
        off = np.abs(directions @ doubt.analytic - _extrapolate(fine, coarse)[:, 0, doubt.output])
    return np.nan_to_num(off, nan=np.inf)
