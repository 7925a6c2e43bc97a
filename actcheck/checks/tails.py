"""Entries that float64 differences cannot tell, decided by other means where the functor allows.

A *doubt* is an entry that passed only because the differences there are too blunt, or that they left unresolved. Its
derivative is measured again: over a stretch
of x on which rounding would show (`numeric.smooth`), in ``numpy.longdouble``, and at
other places that an identity of the function connects it with. The sharpest of these counts.

What the gradient is held to has two zones. Above the rounding of any faithful evaluation (`_floor`) it has to be near
the derivative. Below it nothing is asked of a gradient that is 0, granular or constant there: ``s * (1 - s)`` is right
though its rounding is 100 % in the tail. But one that varies smoothly, as the derivative does, is free of that
rounding, and may not be off by half its size: a wrong sign, a factor of two. In a full Jacobian that has to be one
factor throughout a row: a product of Jacobians may lose one of its terms to rounding, as softmax loses ``1 - p`` where
p is 1, and what is left varies as smoothly as the derivative, but is off by another share in every column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from actcheck.checks.calibration import Calibration
from actcheck.checks.calls import Subject, quietly
from actcheck.checks.tally import Tally
from actcheck.dataclass import dataclass
from actcheck.model import CheckResult, Entry, Means, Outcome, Rows, Verdict, place
from actcheck.numeric import extended, identities, smooth
from actcheck.numeric.identities import Identity, Kind
from actcheck.numeric.lines import FloatArray, IndexArray
from actcheck.rows.generated import directions, random_rows

DIFFERENCES = "differences over a smooth stretch"
LONGDOUBLE = "differences in numpy.longdouble"
PLACES = (14.0, 16.0, 18.0, 23.0, 26.0, 33.0, 36.0, 40.0, 50.0, 70.0, 150.0, 500.0)
"""Where tails are looked at besides the edge rows, on both sides."""

_ROWS = 24
_SCALES = (1.0, 3.0)
_SUMMED = 64
_RESOLVED = 8.0
_SAFETY = 4.0
_ULPS = 8.0
_DIRECTION = 4.0
_HALF = 0.5
_NEAR = 1e-3
_STEP = 2.0**-6
_PACE = 2.0**-4
_KEPT = 0.75
_SMALLEST = 1e-290

# A derivative that moves the value by so many roundings must show.
_ROUNDINGS = 8.0


def rows(subject: Subject, doubts: Sequence[Entry]) -> Rows | None:
    """Give rows with places of the domain in the tails on the sides that are in doubt, None where none is."""
    signs = sorted({float(np.sign(each.x)) for each in doubts if abs(each.x) >= 1.0}, reverse=True)
    places = np.array([sign * size for size in PLACES for sign in signs])
    values = places[~subject.domain.outside(places)].tolist()
    if not values:
        return None
    count = -(-len(values) // subject.inputs)
    whole = np.resize(np.array(values), (count, subject.inputs))
    whole.setflags(write=False)
    return Rows(whole, "tail", range(count))


@dataclass(frozen=True)
class _Estimates:
    """Derivatives of doubts by one means: arrays of shape (K,); an unknown bound is infinite."""

    means: str
    value: FloatArray
    bound: FloatArray


@dataclass(frozen=True)
class Examiner:
    """Decides doubts.

    Parameters
    ----------
    subject : Subject
    calibration : Calibration
    ordinary : ndarray of shape (batch, n)
        Rows on which identities are looked for, besides some of its own.
    seed : int
    """

    subject: Subject
    calibration: Calibration
    ordinary: FloatArray
    seed: int

    def examine(self, doubts: Sequence[Entry]) -> list[Entry]:
        """Give those of the doubts that were told, with the verdict on each and the means behind it."""
        doubts = self.worth_a_look(doubts)
        if not doubts:
            return []
        known = self._measured(doubts)
        best = np.argmin([each.bound for each in known], axis=0)
        at = np.arange(len(doubts))
        value = np.array([each.value for each in known])[best, at]
        bound = np.array([each.bound for each in known])[best, at]
        contradicted = self._contradicted(doubts, value, bound)
        floor = self._floor(doubts)
        even, scatter = self._evenness(doubts)
        told, below = [], []
        for k, entry in enumerate(doubts):
            verdict = _decide(entry, float(value[k]), float(bound[k]), float(floor[k] + scatter[k]), even[k])
            if verdict is not None and not contradicted[k]:
                told.append(_told(entry, verdict, float(value[k]), float(bound[k]), known[best[k]].means))
                below.append(verdict is Verdict.WRONG and abs(entry.analytic - value[k]) <= floor[k] + scatter[k])
        small = [each for each, is_below in zip(told, below, strict=True) if is_below]
        same = self._keep_pace(small)
        if not self.subject.diagonal:
            resolved = np.abs(value) > np.maximum(_RESOLVED * bound, _SMALLEST)
            seen = [
                (each.row, each.analytic / v, b / abs(v))
                for each, v, b, is_resolved in zip(
                    doubts, value.tolist(), bound.tolist(), resolved.tolist(), strict=True
                )
                if is_resolved
            ]
            same = [pace and _is_one_factor(each.row, seen) for pace, each in zip(same, small, strict=True)]
        kept = iter(same)
        return [each for each, is_below in zip(told, below, strict=True) if not is_below or next(kept)]

    def _contradicted(self, doubts: Sequence[Entry], value: FloatArray, bound: FloatArray) -> NDArray[np.bool_]:
        """Tell where a derivative is not what float64 shows of the function, which then is none that means apply to.

        Differences have seen another slope, as beside a kink; or the function stays where it is over a distance on
        which that derivative would move it by several roundings: a step of a quantiser, no tail.
        """
        numeric, known = (np.array([getattr(each, name) for each in doubts]) for name in ("numeric", "bound"))
        X, inputs, outputs = _places(doubts)
        at = np.arange(len(doubts))
        centre = self.subject.forward(X)[at, outputs]
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            other = np.isfinite(known) & (np.abs(numeric - value) > known + bound)
            size = np.maximum(np.abs(centre), self.calibration.tolerance.value)
            step = _ROUNDINGS * float(np.finfo(np.float64).eps) * size / np.abs(value)
        step = np.maximum(step, _ROUNDINGS * np.spacing(np.abs(X[at, inputs])))
        still = np.isfinite(step) & (step < 1.0)
        for way in (step, -step):
            moved = X.copy()
            moved[at, inputs] += np.where(still, way, 0.0)
            still &= self.subject.forward(moved)[at, outputs] == centre
        contradicted: NDArray[np.bool_] = other | still
        return contradicted

    def _keep_pace(self, wrong: Sequence[Entry]) -> list[bool]:
        """Tell which gradients change by as large a share as the derivative does.

        One that is kept from 0 falls more slowly: ``s * (1 - s) + 1e-20`` is as right as ``s * (1 - s)``. So does one
        that is a step of a staircase times something smooth, ``x * (1 + erf(x))``.
        """
        if not wrong:
            return []
        X, inputs, outputs = _places(wrong)
        at = np.arange(len(wrong))
        X[at, inputs] += _PACE
        known = self._measured([replace(each, values=tuple(row)) for each, row in zip(wrong, X.tolist(), strict=True)])
        by_means = {each.means: each.value for each in known}
        unknown = np.full(len(wrong), np.nan)
        value = np.array([by_means.get(each.means, unknown)[k] for k, each in enumerate(wrong)])
        gradient = self.subject.gradient(X)
        moved = gradient[at, inputs] if self.subject.diagonal else gradient[at, outputs, inputs]
        with np.errstate(invalid="ignore", divide="ignore"):
            pace = np.abs(np.log(np.abs(moved / [each.analytic for each in wrong])))
            due = np.abs(np.log(np.abs(value / [each.numeric for each in wrong])))
        return list(pace >= _KEPT * due)

    def worth_a_look(self, doubts: Sequence[Entry]) -> list[Entry]:
        """Leave out entries of 0 where the function does not change for a long way around: it is flat there."""
        if not doubts:
            return []
        X, inputs, outputs = _places(doubts)
        at = np.arange(len(doubts))
        around = []
        for moved_to in (X[at, inputs] + 1.0, X[at, inputs] - 1.0, X[at, inputs] / 2):
            moved = X.copy()
            moved[at, inputs] = moved_to
            around.append(self.subject.forward(moved)[at, outputs])
        flat = (around[0] == around[1]) & (around[1] == around[2])
        return [each for each, level in zip(doubts, flat, strict=True) if each.analytic != 0 or not level]

    # ------------------------------------------------------------------------------------ the means

    def _measured(self, doubts: Sequence[Entry]) -> list[_Estimates]:
        X, inputs, outputs = _places(doubts)
        value, bound = smooth.derivatives(self.subject.forward, X, inputs)
        at = np.arange(len(doubts))
        known = [_Estimates(DIFFERENCES, value[at, outputs], bound[at, outputs])]
        known += self._in_longdouble(X, inputs, outputs)
        for identity in identities.find(self.subject.forward, self._ordinary(), self.subject.diagonal):
            known += self._carried(identity, X, inputs, outputs, (value, bound))
        return known

    def _in_longdouble(self, X: FloatArray, inputs: IndexArray, outputs: IndexArray) -> list[_Estimates]:
        function = self.subject.functor
        if not self.subject.domain.is_line:
            # Its steps are as long beside a border as elsewhere, and nothing is asked outside.
            return []
        ordinary = self._ordinary()
        towards = directions(self.seed, 6, ordinary.shape)

        def wide(Z: NDArray[np.longdouble]) -> object:
            return quietly(function, Z)

        try:
            values = self.subject.forward(ordinary)
            if not extended.is_computed_in(wide, ordinary, values, towards):
                return []
            usual = self.calibration.tolerance.value
            value, bound = extended.derivatives(wide, X, inputs, outputs, self.subject.outputs, usual)
        except Exception:
            # Whatever it raises on numbers of a type that it was not made for: this means is not at hand.
            return []
        return [_Estimates(LONGDOUBLE, value, bound)]

    def _carried(
        self,
        identity: Identity,
        X: FloatArray,
        inputs: IndexArray,
        outputs: IndexArray,
        own: tuple[FloatArray, FloatArray],
    ) -> list[_Estimates]:
        at = np.arange(len(X))
        holds = self._holds_around(identity, X, inputs)
        holds = holds[:, 0] if identity.kind is Kind.TOTAL else holds[at, outputs]
        if not holds.any():
            return []
        if identity.kind is Kind.TOTAL:
            value, bound = _rest(own[0], outputs), _rest(own[1], outputs)
            return [_Estimates(identity.text, -value, np.where(holds, bound, np.inf))]
        if identity.kind is Kind.SHIFT:
            return self._by_row_sums(identity, X, inputs, outputs, holds)
        mirrored, bounds = smooth.derivatives(self.subject.forward, -X, inputs)
        sign = 1.0 if identity.kind is Kind.POINT else -1.0
        return [_Estimates(identity.text, sign * mirrored[at, outputs], np.where(holds, bounds[at, outputs], np.inf))]

    def _by_row_sums(
        self, identity: Identity, X: FloatArray, inputs: IndexArray, outputs: IndexArray, holds: NDArray[np.bool_]
    ) -> list[_Estimates]:
        n = X.shape[1]
        if n > _SUMMED:
            return []
        tall, each = np.repeat(X, n, axis=0), np.tile(np.arange(n), len(X))
        value, bound = smooth.derivatives(self.subject.forward, tall, each)
        of_output = np.repeat(outputs, n)
        at = np.arange(len(tall))
        whole, bounds = value[at, of_output].reshape(-1, n), bound[at, of_output].reshape(-1, n)
        return [_Estimates(identity.text, -_rest(whole, inputs), np.where(holds, _rest(bounds, inputs), np.inf))]

    def _holds_around(self, identity: Identity, X: FloatArray, inputs: IndexArray) -> NDArray[np.bool_]:
        at = np.arange(len(X))
        found = identity.holds(self.subject.forward, X)
        for step in (0.5, -0.5):
            moved = X.copy()
            moved[at, inputs] += step
            found = found & identity.holds(self.subject.forward, moved)
        return found

    def _ordinary(self) -> FloatArray:
        n = self.subject.inputs
        more = [random_rows(self.seed + 11 + k, _ROWS // 2, n, scale) for k, scale in enumerate(_SCALES)]
        return np.concatenate([self.ordinary, *more])

    # ------------------------------------------------------------------------------------ what it is held to

    def _floor(self, doubts: Sequence[Entry]) -> FloatArray:
        """Give what a faithful evaluation of a formula may be off by.

        Its terms may be of the size of the largest values and slopes on ordinary rows, the latter times x.
        """
        X = self._ordinary()
        step = 2.0**-13 * directions(self.seed, 7, X.shape)
        values, ahead, behind = (self.subject.forward(Z) for Z in (X, X + step, X - step))
        with np.errstate(invalid="ignore", over="ignore"):
            slopes = (ahead - behind) / 2.0**-12
            # Not |f| itself: a constant that is added to a function adds nothing to its gradient's rounding.
            known = values[np.isfinite(values).all(axis=1)]
            value = float(np.max(np.ptp(known, axis=0))) if len(known) else 0.0
            slope = float(np.max(np.abs(slopes), initial=0.0, where=np.isfinite(slopes)))
        terms = value + _DIRECTION * slope * np.maximum(1.0, np.abs([each.x for each in doubts]))
        return np.array([each.allowed for each in doubts]) + _ULPS * self.calibration.tolerance.eps * terms

    def _evenness(self, doubts: Sequence[Entry]) -> tuple[NDArray[np.bool_], FloatArray]:
        """Tell where the gradient varies without a trace of rounding, and how much it scatters where it does not."""
        X, inputs, outputs = _places(doubts)
        seen = smooth.stretch(self.subject.gradient, X, inputs, _STEP)
        at = np.arange(len(X))
        values = seen.values[:, at, inputs] if self.subject.diagonal else seen.values[:, at, outputs, inputs]
        along = smooth.Stretch(values)
        even = along.is_even
        with np.errstate(invalid="ignore"):
            scatter = np.minimum(np.nan_to_num(along.rough, nan=np.inf), np.nan_to_num(np.abs(values).max(axis=0)))
        return even, np.where(even, 0.0, scatter)


def _decide(entry: Entry, value: float, bound: float, floor: float, even: bool) -> Verdict | None:
    """Give the verdict on a doubt; None where it stays one."""
    off = abs(entry.analytic - value)
    if not np.isfinite(off) or not bound < np.inf:
        return None
    if entry.verdict is Verdict.UNRESOLVED and off <= entry.allowed and bound <= entry.allowed:
        return Verdict.AGREE
    if not abs(value) > max(_RESOLVED * bound, _SMALLEST):
        return None
    # Less than this share would be a finer question than the one in doubt, and finer than what the means were made for.
    if off > max(floor, _NEAR * abs(value)) + _SAFETY * bound:
        return Verdict.WRONG
    if even and off > _HALF * max(abs(entry.analytic), abs(value)) + _SAFETY * bound:
        return Verdict.WRONG
    near = off <= _NEAR * abs(value) + bound
    return Verdict.AGREE if near and entry.verdict is Verdict.AGREE else None


def _is_one_factor(row: str, seen: Sequence[tuple[str, float, float]]) -> bool:
    """Tell whether the gradient is the derivative times one factor wherever it is not right, in a row.

    Parameters
    ----------
    row : str
    seen : sequence of (str, float, float)
        Rows, the gradient's share of the derivative in them, and what that may be off by.
    """
    off = [(share, _NEAR + _SAFETY * error) for of, share, error in seen if of == row]
    off = [(share, error) for share, error in off if abs(share - 1.0) > error]
    return all(abs(share - off[0][0]) <= (error + off[0][1]) * max(1.0, abs(share)) for share, error in off)


def _told(entry: Entry, verdict: Verdict, value: float, bound: float, means: str) -> Entry:
    reason = f"told by {means}" if verdict is Verdict.WRONG else ""
    return replace(entry, verdict=verdict, numeric=value, bound=bound, means=means, reason=reason)


def _places(doubts: Sequence[Entry]) -> tuple[FloatArray, IndexArray, IndexArray]:
    X = np.array([each.values for each in doubts], dtype=np.float64)
    return X, np.array([each.input for each in doubts]), np.array([each.output for each in doubts])


def _rest(values: FloatArray, but: IndexArray) -> FloatArray:
    """Give the sum of each row but for one of its values."""
    others = values.copy()
    others[np.arange(len(values)), but] = 0.0
    total: FloatArray = others.sum(axis=1)
    return total


# ------------------------------------------------------------------------------------------ into the report


def correct(tally: Tally, before: Sequence[Entry], told: Sequence[Entry]) -> None:
    """Enter what was told into the totals that the doubts are counted in."""
    old = {_key(each): each.verdict for each in before}
    for each in told:
        was = old[_key(each)]
        if was is each.verdict:
            continue
        tally.counts[was] -= 1
        tally.counts[each.verdict] += 1
        tally.unresolved = [other for other in tally.unresolved if _key(other) != _key(each)]
        tally.keep(each)


def means(told: Sequence[Entry]) -> tuple[Means, ...]:
    """Count what was told by each means, in the order in which they were met."""
    wrong = Counter(each.means for each in told if each.verdict is Verdict.WRONG)
    every = Counter(each.means for each in told)
    return tuple(Means(name, count - wrong[name], wrong[name]) for name, count in every.items())


def result(told: Sequence[Entry], subject: Subject) -> CheckResult:
    """Sum up what was told."""
    wrong = [each for each in told if each.verdict is Verdict.WRONG]
    summary = f"{len(wrong)} wrong, by other means" if wrong else "ok, by other means"
    outcome = Outcome.FAILED if wrong else Outcome.PASSED
    if not wrong:
        return CheckResult("tails", outcome, len(told), summary)
    first = max(wrong, key=lambda each: abs(each.analytic - each.numeric))
    where = f"{first.row}, {place(first.output, first.input, subject.claim, subject.layout)}"
    error = abs(first.analytic - first.numeric)
    return CheckResult("tails", outcome, len(told), summary, error, min(first.allowed, error), where)


def _key(entry: Entry) -> tuple[str, int, int]:
    return entry.row, entry.output, entry.input
