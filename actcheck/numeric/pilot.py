"""The pilot: a ladder on a sample of lines, from which it learns the step, the order and the errors of one cheap pass.

Errors of the cheap pass cannot be seen where only one step is taken. They are learned on the sample, against the
ladder there: the worst truncation outright and the worst in proportion to |f'| + |f''|, of which the smaller holds for
an entry. It stays a claim about the sample; an entry that disagrees is for the ladder to decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.numeric import ladder
from actcheck.numeric.climb import Climb, again, usual
from actcheck.numeric.lines import FloatArray, IndexArray
from actcheck.numeric.rounding import model

ORDERS = (2, 4, 6)
_LEVELS = range(7, 24)
_SAFETY = 3.5
# A quick pass pays where it spares more than half of the lines the evaluations of a higher order.
_WORTHWHILE = 0.5
_ALL = slice(None)
Groups = Sequence[IndexArray | slice]

# Weights of f(x + h k) - f(x - h k) over 2 h k, k = 1, 2, 4: what Richardson's columns come to.
WEIGHTS = {2: (1.0,), 4: (4 / 3, -1 / 3), 6: (64 / 45, -20 / 45, 1 / 45)}


@dataclass(frozen=True)
class Plan:
    """How the cheap pass is taken, and what it may be off by.

    Parameters
    ----------
    order : int
        2, 4 or 6.
    level : int
        The step is 2^-level whatever x is: one that grows with x is too long where x is large.
    worst, share : float
        Truncation error: at most `worst`, and at most `share` times |f'| + |f''|.
    noise_worst, noise_share : float
        Noise of one evaluation: at most `noise_worst`, and at most `noise_share` times the modelled rounding.
    slope, value : float
        The usual |f'| and |f| on the sample (medians of those that are not 0).
    """

    order: int
    level: int
    worst: float
    share: float
    noise_worst: float
    noise_share: float
    slope: float
    value: float


def plans(
    seen: Climb, rtol: float, floor: float, groups: Groups = (_ALL,), quick: bool = False
) -> tuple[Plan, Plan | None]:
    """Choose the lowest order whose bound is under a quarter of the tolerance on nine tenths of the sample.

    Parameters
    ----------
    seen : Climb
        The ladder on a sample of lines none of which lies beyond 16.
    rtol, floor : float
        The tolerance of an entry is ``rtol * |f'| + floor``; the floor that scales with the functor comes on top.
    groups : sequence of indices into the lines
        Rows of different scales; see `actcheck.numeric.climb.usual`.
    quick : bool
        Whether a quicker one is wanted, too.

    Returns
    -------
    Plan
    Plan or None
        The quicker one, of order 2, where the first is of a higher order and the errors of this one, as they are rather
        than as they may be, are within half the tolerance on more than half of the sample: what agrees by it needs no
        more.
    """
    seen = replace(again(seen, usual(seen, groups)), noise=seen.noise)
    seen = replace(seen, tableau=ladder.unscaled(seen.tableau))
    known = np.isfinite(seen.bound) & np.isfinite(seen.noise)
    slope, size = (max(_usual(of[each][known[each]]) for each in groups) for of in (seen.value, seen.tableau.centre))
    tolerance = rtol * np.abs(seen.value) + floor + 64 * np.finfo(float).eps * slope
    modelled = model(seen.tableau.centre, seen.tableau.x * seen.value, size)
    noise_worst, noise_share = _worst_and_share(seen.noise[known], modelled[known])
    best = None
    for order in ORDERS:
        for level in _LEVELS:
            candidate = _judge(seen, known, order, level, tolerance)
            if best is None or candidate[0] < best[0]:
                best = candidate
        if best is not None and best[0] <= 0.25:
            break
    assert best is not None

    def planned(order: int, level: int, worst: float, share: float) -> Plan:
        return Plan(order, level, _SAFETY * worst, _SAFETY * share, noise_worst, noise_share, slope, size)

    _, order, level, worst, share = best
    fast = _quickest(seen, known, tolerance) if quick and order > ORDERS[0] else None
    faster = None if fast is None else planned(*_judge(seen, known, ORDERS[0], fast, tolerance)[1:])
    return planned(order, level, worst, share), faster


def _quickest(seen: Climb, known: np.ndarray, tolerance: FloatArray) -> int | None:
    """Give the level at which order 2 is right on most of the sample; None where that is less than half of it."""

    def right(level: int) -> float:
        error = np.abs(seen.tableau.central[level - 1] - seen.value)[known]
        return float(np.mean(error <= tolerance[known] / 2))

    best = max(_LEVELS, key=right)
    return best if right(best) > _WORTHWHILE else None


def _judge(
    seen: Climb, known: np.ndarray, order: int, level: int, tolerance: FloatArray
) -> tuple[float, int, int, float, float]:
    tableau, at = seen.tableau, level - 1
    half = (tableau.ahead[at] + tableau.behind[at]) / 2
    with np.errstate(invalid="ignore", over="ignore"):
        taken = sum(w * tableau.central[at - k] for k, w in enumerate(WEIGHTS[order]))
        bend = np.abs(tableau.gap[at]) / half
        weight = np.abs(seen.value) + bend
        error = np.abs(taken - seen.value)
        rest = np.maximum(error - noise_gain(order) * seen.noise / half, 0.0)
    # Where the differences bend too much the entry is the ladder's anyway: see `differences.central`.
    allowed = ladder.BENT * (np.abs(seen.value) + _usual(seen.value[known]))
    tame = known & np.isfinite(error) & (bend * half <= allowed)
    if not tame.any():
        return np.inf, order, level, np.inf, np.inf
    worst, share = _worst_and_share(rest[tame], weight[tame])
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        bound = np.fmin(worst, share * weight) + noise_gain(order) * seen.noise / half
        ratio = np.where(tame, bound / tolerance, np.inf)[known]
    return float(np.quantile(ratio, 0.9, method="higher")), order, level, worst, share


@lru_cache(maxsize=len(ORDERS))
def noise_gain(order: int) -> float:
    """Give the factor by which a difference of this order multiplies noise / step."""
    return float(sum(abs(w) / 2**k for k, w in enumerate(WEIGHTS[order])))


def _worst_and_share(error: FloatArray, weight: FloatArray) -> tuple[float, float]:
    worst = float(np.max(error, initial=0.0))
    share = float(np.max(error[weight > 0] / weight[weight > 0], initial=0.0))
    if np.any(error[weight == 0] > 0):
        share = np.inf
    return worst, share


def _usual(values: FloatArray) -> float:
    """Give the median size of what is not 0: half of a rectifier is flat."""
    size = np.abs(values)
    size = size[size > 0]
    return float(np.median(size)) if size.size else 0.0
