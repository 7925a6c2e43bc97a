"""What is usual of a functor, learned on ordinary rows: step and order of the cheap pass, tolerance, rounding."""

from __future__ import annotations

import numpy as np

from actcheck.checks.calls import Subject
from actcheck.checks.steepness import steepest
from actcheck.checks.tolerance import Tolerance
from actcheck.dataclass import dataclass
from actcheck.numeric import climb, pilot
from actcheck.numeric.lines import FloatArray, IndexArray, Lines
from actcheck.rows.generated import directions

ENTRIES = 256
COLUMNS = 24
LEAST_COLUMNS = 2
ELEMENTS = 512
_REACH = 16.0
_MOST_ELEMENTS = 1 << 16
_LARGE = 1 << 12

# Values up to this quantile of the largest of each row are no larger than usual.
_USUALLY = 0.75


@dataclass(frozen=True)
class Calibration:
    """What the pilot learned.

    Parameters
    ----------
    plan : Plan
        The cheap pass.
    quick : Plan or None
        One that is taken before it, of a Jacobian so large that it pays.
    usual : Usual
        What the ladder needs to know of the functor.
    tolerance : Tolerance
    """

    plan: pilot.Plan
    usual: climb.Usual
    tolerance: Tolerance
    quick: pilot.Plan | None = None


def calibrate(
    subject: Subject, X: FloatArray, rtol: float, atol: float, seed: int, others: FloatArray | None = None
) -> Calibration:
    """Climb the ladder on a sample of the entries of ordinary rows.

    Parameters
    ----------
    subject : Subject
    X : ndarray of shape (batch, n)
        Ordinary rows; a sample of their lines within [-16, 16] is taken.
    rtol, atol : float
    seed : int
        Of the directions in which noise is measured.
    others : ndarray of shape (batch, n), optional
        Ordinary rows of another scale; what is usual is the larger of what it is on either.
    """
    eps = float(np.finfo(subject.dtype).eps)
    samples = [_sample(subject, X)]
    if others is not None:
        samples.append(_sample(subject, others) + X.size)
        X = np.concatenate([X, others])
    lines = Lines(subject.forward, X, subject.outputs, subject.diagonal, subject.domain)
    index = np.concatenate(samples)
    groups = np.split(np.arange(index.size), [samples[0].size])[: len(samples)]
    if not index.size:
        nothing = pilot.Plan(2, 16, np.inf, np.inf, np.inf, np.inf, 0.0, 0.0)
        return Calibration(nothing, climb.Usual(), Tolerance(rtol, atol, eps, 0.0, 0.0, 0.0))
    seen = climb.climb(lines, index, directions(seed, 2, X.shape), climb.Usual())
    # However few inputs of an element-wise function are left over, all of their rows are evaluated.
    pays = not subject.diagonal and subject.gradient_size >= _LARGE
    plan, quick = pilot.plans(seen, rtol, atol, groups, pays)
    shift = 0.0 if subject.dtype == "float64" else _shift_in_type(subject, X, seen)
    large = float(np.quantile(np.max(np.abs(seen.tableau.centre), axis=1), _USUALLY))
    steep = steepest(subject, X, large, plan.noise_share, plan.noise_worst)
    least = float(np.finfo(subject.dtype).smallest_subnormal)
    tolerance = Tolerance(rtol, atol, eps, plan.slope, plan.value, shift, subject.domain, steep, least)
    return Calibration(plan, climb.usual(seen, groups), tolerance, quick)


def _sample(subject: Subject, X: FloatArray) -> IndexArray:
    usable = np.asarray(np.isfinite(subject.forward(X)), dtype=bool)
    if not subject.diagonal:
        usable = np.repeat(np.logical_and.reduce(usable, axis=1)[:, None], X.shape[1], axis=1)
    index: IndexArray = np.flatnonzero(usable & (np.abs(X) <= _REACH))
    if subject.diagonal and X.size > _MOST_ELEMENTS:
        # Each row costs its whole width at every step: two of wide rows, at both of the scales, are enough.
        index = index[(index < X.shape[1]) | (index >= X.size - X.shape[1])]
    most = ENTRIES if subject.diagonal else max(LEAST_COLUMNS, min(COLUMNS, ELEMENTS // subject.outputs))
    if index.size <= most:
        return index
    spread: IndexArray = np.unique(np.linspace(0, index.size - 1, most).round().astype(int))
    return np.take(index, spread)


def _shift_in_type(subject: Subject, X: FloatArray, seen: climb.Climb) -> float:
    """Give what the rounding of the functor in its type comes to, as a shift of its argument (backward error)."""
    off: FloatArray = np.abs(subject.forward_in_type(X) - subject.forward(X))
    rows, columns = np.divmod(seen.index, X.shape[1])
    error = off[rows, columns][:, None] if subject.diagonal else off[rows]
    slope: FloatArray = np.abs(seen.value)
    error = np.broadcast_to(error, slope.shape).ravel()
    slope = slope.ravel()
    steep: IndexArray = np.flatnonzero(np.isfinite(error) & (slope > 0))
    if not steep.size:
        return 0.0
    shifts = error[steep] / slope[steep]
    return float(np.quantile(shifts[slope[steep] >= np.median(slope[steep])], 0.9))
