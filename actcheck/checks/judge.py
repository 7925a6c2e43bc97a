"""The rule that decides an entry which the cheap pass did not."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.model import Verdict
from actcheck.numeric.climb import Climb
from actcheck.numeric.ladder import Local, endless, local, sides
from actcheck.numeric.lines import FloatArray

CODES = tuple(Verdict)
"""Verdicts stand in arrays as their index here."""

BLUNT = "rounding hides the difference"
ENDLESS = "the slope grows without limit, but the gradient is finite"
EDGE = "the function is not finite next to x"
VAGUE = "the slopes around the kink are too uncertain"
FAR = "at this x the finest step is wider than the function's features"
COSTLY = "skipped: too many entries disagree to look at each"
STAIRS = "the values are a staircase here, and its steps hide the slope"
CLIFF = "close to x the function is too steep to tell its slope"
REASONS = ("", BLUNT, ENDLESS, EDGE, VAGUE, FAR, COSTLY, STAIRS, CLIFF)


def code(verdict: Verdict) -> int:
    """Give the code of a verdict."""
    return CODES.index(verdict)


@dataclass(frozen=True)
class Seen:
    """What the ladder saw of some lines, as arrays of shape (K, width).

    Parameters
    ----------
    value, bound : ndarray
        Under the pessimistic model of noise.
    bold_value, bold_bound : ndarray
        Under the optimistic one.
    noise : ndarray
        Of one evaluation.
    bend : ndarray
        |f''|, about, as far as it can be told.
    what : ndarray of int8
        Values of `Local`.
    endless : ndarray of bool
        Where the slope grows at every halving, however slowly; see `actcheck.numeric.ladder.endless`.
    low, high, low_bound, high_bound, apart, steady : ndarray
        The least and greatest slope around x; see `actcheck.numeric.ladder.Sides`.
    """

    value: FloatArray
    bound: FloatArray
    bold_value: FloatArray
    bold_bound: FloatArray
    noise: FloatArray
    bend: FloatArray
    what: NDArray[np.int8]
    endless: NDArray[np.bool_]
    low: FloatArray
    high: FloatArray
    low_bound: FloatArray
    high_bound: FloatArray
    apart: NDArray[np.bool_]
    steady: NDArray[np.bool_]

    @property
    def kinky(self) -> NDArray[np.bool_]:
        """Where slopes of different pieces meet."""
        kinky: NDArray[np.bool_] = self.apart & ~np.isin(self.what, (Local.STEEP, Local.JUMP, Local.CLIFF))
        return kinky


def seen(climbed: Climb) -> Seen:
    """Look at a point's surroundings on the ladder."""
    around = sides(climbed.tableau, climbed.noise)
    return Seen(
        value=climbed.value,
        bound=climbed.bound,
        bold_value=climbed.bold_value,
        bold_bound=climbed.bold_bound,
        noise=climbed.noise,
        bend=climbed.bend,
        what=local(climbed.tableau, climbed.noise),
        endless=endless(climbed.tableau, climbed.noise),
        low=around.low,
        high=around.high,
        low_bound=around.low_bound,
        high_bound=around.high_bound,
        apart=around.apart,
        steady=around.steady,
    )


def spread(seen: Seen, asked: NDArray[np.bool_]) -> Seen:
    """Put what was seen of single values into arrays of all, with nothing known of the others.

    Parameters
    ----------
    seen : Seen
        Arrays of shape (N, 1), or of the shape of `asked` if all were asked for.
    asked : ndarray of shape (K, width)
    """
    if asked.all():
        return seen
    filled = {}
    for each in fields(Seen):
        values = getattr(seen, each.name)
        whole = np.full(asked.shape, _UNSEEN.get(each.name, 0), values.dtype)
        whole[asked] = values[:, 0]
        filled[each.name] = whole
    return Seen(**filled)


_UNSEEN = dict.fromkeys(("bound", "bold_bound", "low_bound", "high_bound"), np.inf)


def gather(parts: list[Seen]) -> Seen:
    """Put together what was seen of some lines after another."""
    if len(parts) == 1:
        return parts[0]
    return Seen(**{each.name: np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Seen)})


def judge(
    analytic: FloatArray, seen: Seen, allowed: FloatArray, telling: float
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Decide entries, each by itself.

    Parameters
    ----------
    analytic : ndarray of shape (K, width)
    seen : Seen
    allowed : ndarray of shape (K, width)
    telling : float
        The largest bound with which an estimate tells something, where `allowed` is smaller.

    Returns
    -------
    verdict : ndarray of shape (K, width)
        Codes of `Verdict`. Where several inputs meet in a kink this is only right if each input's sub-gradient may be
        chosen freely; see `look`.
    reason : ndarray of shape (K, width)
        Indices into `REASONS`.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        enough = np.maximum(allowed, telling)
        off, bold_off = np.abs(analytic - seen.value), np.abs(analytic - seen.bold_value)
        excluded = (off > allowed + seen.bound) & (bold_off > allowed + seen.bold_bound)
        kink = _kink(analytic, seen, allowed)
        # A jump or a steep place near x, but not at it, leaves the slopes on both sides of x well defined.
        odd = ~((seen.bound <= enough) & (seen.low_bound <= enough) & (seen.high_bound <= enough))
    verdict = np.full(analytic.shape, code(Verdict.UNRESOLVED), np.int8)
    reason = np.full(analytic.shape, REASONS.index(BLUNT), np.int8)
    reason[~np.isfinite(seen.bound)] = REASONS.index(EDGE)
    verdict[agrees(analytic, seen, allowed, telling)] = code(Verdict.AGREE)
    verdict[excluded] = code(Verdict.WRONG)
    verdict[seen.kinky] = kink[seen.kinky]
    reason[seen.kinky] = REASONS.index(VAGUE)
    steep = odd & (seen.what == Local.STEEP)
    verdict[steep] = code(Verdict.UNRESOLVED)
    reason[steep] = REASONS.index(ENDLESS)
    cliff = odd & (seen.what == Local.CLIFF)
    verdict[cliff] = code(Verdict.UNRESOLVED)
    reason[cliff] = REASONS.index(CLIFF)
    infinite = np.isinf(analytic) & (np.sign(analytic) == np.sign(seen.value)) & (steep | seen.endless)
    verdict[~np.isfinite(analytic)] = code(Verdict.WRONG)
    verdict[infinite] = code(Verdict.INFINITE_SLOPE)
    verdict[odd & (seen.what == Local.JUMP) & ~np.isnan(analytic)] = code(Verdict.JUMP)
    return verdict, reason


def agrees(analytic: FloatArray, seen: Seen, allowed: FloatArray, telling: float) -> NDArray[np.bool_]:
    """Tell which entries agree with a derivative that is known well enough, under either model of noise."""
    with np.errstate(invalid="ignore", over="ignore"):
        enough = np.maximum(allowed, telling)
        shy = (np.abs(analytic - seen.value) <= allowed) & (seen.bound <= enough)
        bold = (np.abs(analytic - seen.bold_value) <= allowed) & (seen.bold_bound <= enough)
    return shy | bold


def lift(verdict: NDArray[np.int8], reason: NDArray[np.int8], entries: NDArray[np.bool_]) -> None:
    """Take back, in place, what was called a fault at places too far out for differences to tell.

    sin(1e300) turns 1e299 times between x and the next step of the ladder: the steps see some other function.
    """
    faults = entries & ((verdict == code(Verdict.WRONG)) | (verdict == code(Verdict.KINK_REFUSED)))
    verdict[faults] = code(Verdict.UNRESOLVED)
    reason[faults] = REASONS.index(FAR)


def _kink(analytic: FloatArray, seen: Seen, allowed: FloatArray) -> NDArray[np.int8]:
    width = seen.high - seen.low
    clear = (seen.low_bound <= width / 4) & (seen.high_bound <= width / 4)
    inside = (analytic >= seen.low - seen.low_bound - allowed) & (analytic <= seen.high + seen.high_bound + allowed)
    below = analytic < seen.low - 2 * seen.low_bound - allowed
    above = analytic > seen.high + 2 * seen.high_bound + allowed
    verdict = np.full(analytic.shape, code(Verdict.UNRESOLVED), np.int8)
    verdict[clear & inside & seen.steady] = code(Verdict.KINK_ACCEPTED)
    verdict[below | above] = code(Verdict.KINK_REFUSED)
    return verdict
