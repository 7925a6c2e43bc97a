"""How far a functor is from the truth, in units of u, half the distance from 1 to the next number of the type.

The error of f, an output or an entry of the gradient, is told in multiples of u (|f| + Σ_k |x_k ∂f/∂x_k|): of what a
relative change by u of every input, and of the result, can do together.
"""

from __future__ import annotations

from dataclasses import dataclass

import mpmath as mp
import numpy as np

from .jets import row


@dataclass(frozen=True)
class Truth:
    """Values and gradients of one row, with the unit that the error of each is measured in (without u)."""

    value: list
    value_unit: list
    gradient: list
    gradient_unit: list


def digits(x, dtype) -> int:
    """How many digits the textbook formulas need so that 40 are left after the worst cancellation."""
    sizes = [abs(float(v)) for v in x if v != 0] or [1.0]
    low, high = np.log10(min(sizes)), np.log10(max(sizes))
    lost = max(-3 * low, 2 * (high - low), 20 * min(max(sizes), 100))
    # What cancels further than this is below the smallest number of the type.
    return int(80 + min(lost, -2.2 * np.log10(float(np.finfo(dtype).smallest_subnormal))))


def truth_of(function, x, dtype) -> Truth:
    """Evaluate a truth function at the row `x`, whose entries are exact numbers of the type."""
    with mp.workdps(digits(x, dtype)):
        return _with_units(function(row(x)), x, dtype)


def _with_units(jets, x, dtype) -> Truth:
    # Below the smallest normal number an input, too, is only known to a multiple of the smallest subnormal.
    size = np.array([mp.mpf(max(abs(float(v)), 2 * float(np.finfo(dtype).tiny))) for v in x])
    # What is 0 in exact arithmetic comes out as the noise of mpmath, and its unit as well.
    noise = mp.mpf(10) ** (40 - mp.mp.dps)
    value_units = [abs(a.v) + np.dot(size, np.abs(a.g)) + noise * max(size) for a in jets]
    gradient_units = [np.abs(a.g) + np.abs(a.h) @ size + noise * max(abs(a.v) / max(size), 1) for a in jets]
    return Truth([a.v for a in jets], value_units, [a.g for a in jets], gradient_units)


def error(computed, truth, unit, x, dtype) -> float:
    """Give the error of one number, of the row `x`, in units of u.

    What is below the smallest normal number may be out by a few of the smallest subnormal, and by that times the
    entries of the row: a factor that has lost digits to underflow is multiplied by them.
    """
    info = np.finfo(dtype)
    with mp.workdps(40):
        missed = abs(mp.mpf(float(computed)) - truth)
        if abs(truth) < float(info.tiny):
            missed -= 4 * float(info.smallest_subnormal) * min(1 + max(abs(float(v)) for v in x), 1000) ** 2
        return float(missed / (unit * float(info.eps) / 2)) if missed > 0 else 0.0


def is_representable(truth: Truth, dtype) -> bool:
    """Whether all true values and slopes are within the type's range."""
    largest = float(np.finfo(dtype).max)
    return all(abs(v) <= largest for v in [*truth.value, *(v for line in truth.gradient for v in line)])


def sweep(dtype, count: int, seed: int = 0) -> np.ndarray:
    """Give numbers over the whole range of a type: log-spaced, dense around 1, its ends, and thresholds' neighbours."""
    info = np.finfo(dtype)
    rng = np.random.default_rng(seed)
    low, high = float(info.smallest_subnormal), float(info.max)
    over_all = np.exp(rng.uniform(np.log(low), np.log(high), count))
    around_one = np.exp(rng.uniform(np.log(1e-3), np.log(1e3), count))
    plain = rng.uniform(0, 20, count)
    ends = [low, 2 * low, float(info.tiny), 1.5 * float(info.tiny), high, high / 2, high / 7, 0.0]
    places = [0.125, 0.25, 0.5, 0.75, 1, 2, 3, 4, 5, 6, 8, 10, 30, 40, 100, 800]
    positive = np.concatenate([over_all, around_one, plain, ends, places]).astype(dtype)
    around = np.array(places, dtype)
    positive = np.concatenate([positive, np.nextafter(around, dtype(0)), np.nextafter(around, dtype(high))])
    return np.unique(np.concatenate([positive, -positive]))


def odd_rows(dtype, n: int) -> list[np.ndarray]:
    """Give rows of width `n` that are hard: ties, one huge entry, far from 0, denormal, next to overflow."""
    info = np.finfo(dtype)
    ramp = np.linspace(-1, 1, n) if n > 1 else np.ones(1)
    first = (np.arange(n) == 0).astype(float)
    shapes = [ramp, first, -first, np.ones(n), ramp + 1e3, ramp**3 + 0.1, np.resize([1.0, -1.0], n), first - ramp]
    sizes = [1e-9, 0.7, 6, 30, 100]
    ends = [float(info.smallest_subnormal) * 3, float(info.tiny), float(info.max) / 8, float(info.max)]
    rows = [s * shape for shape in shapes for s in sizes] + [s * shape for shape in shapes[:4] for s in ends]
    return [r.astype(dtype) for r in [*rows, np.zeros(n)]]


def random_rows(dtype, n: int, count: int, seed: int = 0) -> list[np.ndarray]:
    """Give random rows of several sizes."""
    rng = np.random.default_rng(seed)
    sizes = np.exp(rng.uniform(np.log(0.01), np.log(100), count))
    return [(rng.standard_normal(n) * s).astype(dtype) for s in sizes]
