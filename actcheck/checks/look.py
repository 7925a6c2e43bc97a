"""The look around a row where several inputs meet in a kink, to tell whether the output's row is a sub-gradient.

Entry by entry would be wrong both ways: it passes (1, 1) for a tied maximum, and refuses right choices elsewhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from actcheck.checks.calls import Subject
from actcheck.dataclass import dataclass
from actcheck.model import Verdict
from actcheck.numeric import hull, kinks
from actcheck.numeric.lines import FloatArray, IndexArray
from actcheck.rows.generated import directions

WORK = 1 << 26
"""Elements that the look around one row may evaluate."""

_SIGNS = 8
_SHARE = 1e-3
_SEEN_OFTEN = 3
_MORE = 4

# So far is the hull known, in proportion to its size: a sub-gradient is held to no more.
_HULL_SHARE = 1e-6

TOO_WIDE = "too many inputs meet in a kink to look at all pieces"
UNSEEN = "not all pieces that meet in the kink were seen"
ON_BORDER = "x lies on the border of the domain, and a kink there cannot be ruled out"
TOO_BLUNT = "rounding hides the slopes around the kink"
OUTSIDE = "the row is no average of the slopes around the kink"


@dataclass(frozen=True)
class Place:
    """A row of the batch with entries in doubt, as arrays of shape (n, m).

    Parameters
    ----------
    x : ndarray of shape (n,)
    analytic : ndarray
        The functor's gradient, input first.
    allowed : ndarray
        The tolerance.
    low, high : ndarray
        The least and greatest slope along each input, NaN where nobody looked.
    kinky, wrong : ndarray of bool
        Entries with a kink along their input, and those that the ladder excludes.
    noise : ndarray of shape (m,)
        Of one evaluation.
    """

    x: FloatArray
    analytic: FloatArray
    allowed: FloatArray
    low: FloatArray
    high: FloatArray
    kinky: NDArray[np.bool_]
    wrong: NDArray[np.bool_]
    noise: FloatArray


@dataclass(frozen=True)
class Finding:
    """The verdict on an output's row, at the inputs that meet in the kink."""

    output: int
    inputs: IndexArray
    verdict: Verdict
    reason: str


def look(subject: Subject, place: Place, seed: int) -> list[Finding]:
    """Decide the outputs of a row in which several inputs meet in a kink.

    It need not show along any single input: the second largest of equal numbers is flat along each of them.

    Returns
    -------
    list of Finding
        None for outputs that are smooth there, or sums of functions of one input each: those are left to the rule for
        single entries.
    """
    doubtful = (place.kinky | place.wrong).any(axis=0)
    n = len(place.x)
    if subject.domain.on_border(place.x).any():
        # Half of the neighbours lie outside: of a maximum tied there, each input alone shows one slope only.
        return [_all(place, int(output), Verdict.UNRESOLVED, ON_BORDER) for output in np.flatnonzero(doubtful)]
    creased = kinks.creased(subject.forward, place.x, place.noise, directions(seed, 6, (_SIGNS, n)), subject.domain)
    if not np.any(doubtful & creased):
        return []
    signs = directions(seed, 4, (_SIGNS, n))
    separate = kinks.additive(subject.forward, place.x, np.arange(n), place.noise, signs, subject.domain)
    joint = np.flatnonzero(doubtful & creased & ~separate)
    if not joint.size:
        return []
    columns = _affordable(place, joint)
    if not columns.size:
        return [_all(place, int(output), Verdict.UNRESOLVED, TOO_WIDE) for output in joint]
    first = _decided(
        subject, place, columns, joint, directions(seed, 5, (kinks.neighbours(len(columns)), len(columns)))
    )
    # A piece that few neighbours lie on may have been missed by all: before an output is refused, more are asked.
    doubts = np.array([found.output for found in first if found.reason in (OUTSIDE, UNSEEN)], dtype=np.intp)
    more = _MORE * kinks.neighbours(len(columns))
    if not doubts.size or _cost(place, more, len(columns)) > WORK:
        return first
    again = _decided(subject, place, columns, doubts, directions(seed, 7, (more, len(columns))))
    return [found for found in first if found.output not in doubts] + again


def _decided(
    subject: Subject, place: Place, columns: IndexArray, outputs: IndexArray, towards: FloatArray
) -> list[Finding]:
    wanted = _wanted(place, outputs)
    around = kinks.around(subject.forward, place.x, columns, place.noise, wanted, towards, subject.domain)
    return [_decide(place, columns, int(output), around) for output in outputs]


def _affordable(place: Place, joint: IndexArray) -> IndexArray:
    """Give all inputs, or those in doubt, or none, as the cost of looking at their pieces allows."""
    doubtful = np.flatnonzero((place.kinky | place.wrong)[:, joint].any(axis=1))
    for columns in (np.arange(len(place.x)), doubtful):
        if _cost(place, kinks.neighbours(len(columns)), len(columns)) <= WORK:
            return columns
    return np.array([], dtype=np.intp)


def _cost(place: Place, neighbours: int, columns: int) -> int:
    """Give the elements that two rings evaluate."""
    return 4 * neighbours * columns * max(len(place.x), len(place.noise))


def _wanted(place: Place, joint: IndexArray) -> FloatArray:
    """Give the difference of slopes that has to be told of each output."""
    gaps = np.where(place.kinky, place.high - place.low, 0.0)
    sizes = np.where(place.wrong, np.abs(place.analytic), gaps)
    wanted = np.zeros(sizes.shape[1])
    wanted[joint] = _SHARE * np.max(np.where(np.isfinite(sizes), sizes, 0.0), axis=0)[joint]
    return wanted


def _decide(place: Place, columns: IndexArray, output: int, around: kinks.Around) -> Finding:
    target = place.analytic[columns, output]
    inner, outer = (_finite(ring[:, output]) for ring in (around.inner, around.outer))
    if not np.isfinite(target).all():
        # A NaN is wrong by the rule for single entries already.
        return Finding(output, columns[:0], Verdict.WRONG, "")
    if not len(inner) or not len(outer):
        return _all(place, output, Verdict.UNRESOLVED, TOO_BLUNT)
    slack = float(around.slack[output])
    varying = np.ptp(inner, axis=0) > 4 * slack + 1e-3 * float(np.max(np.ptp(inner, axis=0)))
    if len(columns) < len(place.x) and (place.wrong[columns, output] & ~varying).any():
        # Pieces that differ along inputs which nobody could afford to move are not known to be none.
        return _all(place, output, Verdict.UNRESOLVED, TOO_WIDE)
    if not varying.any():
        return Finding(output, columns[:0], Verdict.UNRESOLVED, TOO_BLUNT)
    inputs = columns[varying]
    inner, outer, target = inner[:, varying], outer[:, varying], target[varying]
    allowed = float(np.nanmax(place.allowed[:, output]))
    verdict, reason = _of_hull(inner, outer, target, slack, allowed)
    if reason == OUTSIDE and len(columns) < len(place.x):
        return _all(place, output, Verdict.UNRESOLVED, TOO_WIDE)
    if reason == OUTSIDE and not (_exhausted(inner, place, inputs, output, slack) or _far_outside(inner, target)):
        # What has not been seen may lie along inputs on which the pieces seen agree.
        doubtful = varying | (place.kinky | place.wrong)[columns, output]
        return Finding(output, columns[doubtful], Verdict.UNRESOLVED, UNSEEN)
    return Finding(output, inputs, verdict, reason)


def _of_hull(
    inner: FloatArray, outer: FloatArray, target: FloatArray, slack: float, allowed: float
) -> tuple[Verdict, str]:
    size = float(np.max(np.ptp(inner, axis=0)))
    if not slack <= size / 4:
        return Verdict.UNRESOLVED, TOO_BLUNT
    near, far = hull.distance(inner, target), hull.distance(outer, target)
    # The pieces' own curvature moves their slopes in proportion to the ring's radius: on to radius 0.
    distance = max(near - (far - near) / (kinks.RATIO - 1), 0.0)
    curvature = abs(far - near)
    allowed += _HULL_SHARE * size
    if distance <= allowed + slack + curvature / 8:
        return Verdict.KINK_ACCEPTED, ""
    if distance <= allowed + 4 * slack + curvature / 2:
        return Verdict.UNRESOLVED, TOO_BLUNT
    return Verdict.KINK_REFUSED, OUTSIDE


def _all(place: Place, output: int, verdict: Verdict, reason: str) -> Finding:
    return Finding(output, np.flatnonzero((place.kinky | place.wrong)[:, output]), verdict, reason)


def _exhausted(pieces: FloatArray, place: Place, at: IndexArray, output: int, slack: float) -> bool:
    within = 5e-3 * float(np.max(np.ptp(pieces, axis=0), initial=0.0)) + 4 * slack
    _, counts = hull.distinct(pieces, within)
    low, high = place.low[at, output], place.high[at, output]
    with np.errstate(invalid="ignore"):
        missed = (low < pieces.min(axis=0) - within) | (high > pieces.max(axis=0) + within)
    return bool(counts.min() >= _SEEN_OFTEN and not missed.any())


def _far_outside(pieces: FloatArray, target: FloatArray) -> bool:
    """Tell whether an entry is farther from all slopes seen than half their range: no unseen piece excuses that."""
    low, high = pieces.min(axis=0), pieces.max(axis=0)
    margin = (high - low) / 2
    return bool(np.any((target < low - margin) | (target > high + margin)))


def _finite(points: FloatArray) -> FloatArray:
    kept: FloatArray = points[np.isfinite(points).all(axis=1)]
    return kept
