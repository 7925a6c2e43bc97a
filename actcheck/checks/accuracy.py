"""How good value and gradient are in floating point, against the truth that the replay gives."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from actcheck.accuracy_model import Accuracy, Band, Error, Loss, Sample
from actcheck.checks.calls import Subject
from actcheck.checks.proof import unreplayable
from actcheck.dataclass import dataclass
from actcheck.model import CheckResult, Finding, Outcome

if TYPE_CHECKING:
    from actcheck.exact.truth import Truth

EDGES = (1e-300, 1e-100, 1e-16, 1e-6, 1e-2, 0.1, 1.0, 3.0, 10.0, 30.0, 100.0, 1e3, 1e6, 1e16, 1e100)
"""Magnitudes that part the bands; the type's own least and largest numbers are their ends."""

_PER_BAND = 16
_EXHAUSTIVE = "float16"
_WRONG = "wrong formula"
_NAN = "not a number"
_NOT_FINITE = ("overflow", _NAN)
_LOST_ULPS = 64.0
_LOST_UNITS = 64.0
_SHOWN = 6
_GAP = 3
_NEAR = 4
_ZERO = Error(0.0, 0.0)
_LOST = Error(math.inf, math.inf)


def line_of(found: Accuracy) -> CheckResult:
    """Sum it up for the report; a loss is a warning, since the formula may be right all the same."""
    outcome = Outcome.WARNED if found.losses else Outcome.PASSED
    if found.unknown * 2 > found.points:
        outcome = Outcome.UNRESOLVED
    summary = f"{len(found.losses)} lost" if found.losses else "ok"
    return CheckResult("accuracy", outcome, found.points, summary)


def findings(found: Accuracy) -> list[Finding]:
    """Give what machines and a suite are told: each loss."""
    return [
        Finding("accuracy", Outcome.WARNED, loss.kind, f"the {loss.quantity}: {described(loss)}", f"x = {loss.start!r}")
        for loss in found.losses
    ]


def described(loss: Loss) -> str:
    """Describe a loss in a clause."""
    text = f"{loss.kind} from x = {loss.start:.6g}"
    if loss.kind == _WRONG:
        text += "; see actcheck verify"
    elif loss.zero == loss.zero and loss.kind not in _NOT_FINITE:
        text += f", exactly 0 from {loss.zero:.4g}"
    elif loss.total == loss.total and loss.kind not in _NOT_FINITE:
        text += f", no digit right from {loss.total:.4g}"
    return text


def measure(subject: Subject, target: str) -> Accuracy:
    """Measure an element-wise functor over the whole range of its type.

    Raises
    ------
    TargetError
        If its code cannot be replayed, with the line that stopped it.
    """
    from actcheck.exact.replay import ReplayError

    meter = _Meter(subject)
    xs = _points(subject.dtype)
    try:
        taken = meter.all(xs)
        losses = _losses(taken, meter)
    except ReplayError as error:
        raise unreplayable(error, target) from error
    samples = [sample for pair in taken for sample in pair.samples]
    return Accuracy(
        dtype=subject.dtype,
        points=len(xs),
        unknown=sum(pair.unknown for pair in taken),
        kinks=sum(pair.kink for pair in taken),
        bands=_bands(taken, subject.dtype),
        worst=_worst(samples),
        losses=losses,
        curve=tuple((pair.x, pair.ulps("value"), pair.ulps("gradient")) for pair in taken),
    )


# ------------------------------------------------------------------------------------------ one point


@dataclass(frozen=True)
class _Taken:
    """What is measured at a point."""

    x: float
    samples: tuple[Sample, ...]
    unknown: bool = False
    kink: bool = False

    def ulps(self, quantity: str) -> float:
        found = self.sample(quantity)
        return found.error.ulps if found else math.nan

    def sample(self, quantity: str) -> Sample | None:
        return next((each for each in self.samples if each.quantity == quantity), None)


class _Meter:
    """Computes and replays at a point."""

    def __init__(self, subject: Subject) -> None:
        from actcheck.exact.balls import exact
        from actcheck.exact.replay import Line, Replay

        self.subject = subject
        type_ = np.finfo(subject.dtype)
        self.unit = float(type_.eps) / 2
        self.least = float(type_.smallest_subnormal)
        self.normal, self.largest = float(type_.tiny), float(type_.max)
        n = subject.inputs
        line = Line((exact(0.0),) * n, (exact(1.0),) * n)
        self._replay = Replay(subject.functor, line, subject.outputs, diagonal=True)

    def all(self, xs: Sequence[float]) -> list[_Taken]:
        """Measure at all points."""
        from actcheck.exact import truth

        rows = np.repeat(np.array(xs)[:, None], self.subject.inputs, axis=1)
        values, slopes = self.subject.forward_in_type(rows)[:, 0], self.subject.gradient(rows)[:, 0]
        truths = truth.many(self._replay, xs, self.unit, self.least)
        numbers = zip(xs, values.tolist(), slopes.tolist(), truths, strict=True)
        return [self._taken(x, value, slope, found) for x, value, slope, found in numbers]

    def at(self, x: float) -> _Taken:
        """Measure at a point."""
        return self.all([x])[0]

    def _taken(self, x: float, value: float, slope: float, found: tuple[Truth, int] | None) -> _Taken:
        from actcheck.exact.balls import precision

        if found is None:
            return _Taken(x, (), unknown=True)
        true, bits = found
        with precision(bits, 3):
            samples = [self._sample(x, "value", value, true.value, true.right, true.value)]
            if true.is_smooth:
                samples.append(self._sample(x, "gradient", slope, true.right, true.bend, true.claimed))
        return _Taken(x, tuple(samples), kink=not true.is_smooth)

    def _sample(self, x: float, quantity: str, computed: float, true: Any, slope: Any, claimed: Any) -> Sample:
        from actcheck.exact.balls import middle

        size = middle(true)
        spread = middle(abs(slope)) if slope.is_finite() else math.inf
        error = self._error(x, computed, true, spread)
        kind = ""
        if not _is_small(error):
            # Surely wrong before anything is rounded: what the arithmetic then adds is not the point.
            is_wrong = not _is_small(self._in_units(x, size, spread, _surely_apart(claimed, true)))
            kind = _WRONG if is_wrong else self._kind(computed, size)
        return Sample(x, quantity, computed, size, error, kind)

    def _error(self, x: float, computed: float, true: Any, spread: float) -> Error:
        from actcheck.exact import truth
        from actcheck.exact.balls import middle

        size = middle(true)
        if not math.isfinite(computed):
            beyond = not abs(size) <= self.largest
            return _ZERO if beyond and math.isinf(computed) else _LOST
        if math.isinf(size):
            return _LOST
        return self._in_units(x, size, spread, truth.error(computed, true))

    def _in_units(self, x: float, size: float, spread: float, apart: float) -> Error:
        place = max(math.ulp(size) * self.unit * 2**53, self.least) if self.unit > 2**-53 else math.ulp(size)
        # Rounding of the result and of the input: nobody can do better than a few of these.
        unit = self.unit * (abs(size) + abs(x) * spread) + self.least
        return Error(apart / place, apart / unit)

    def _kind(self, computed: float, true: float) -> str:
        """Name a loss that is the arithmetic's."""
        if math.isnan(computed):
            return _NAN
        if math.isinf(computed) or math.isinf(true):
            return "overflow"
        return "underflow" if abs(true) < _NEAR * self.normal else "cancellation"


def _is_small(error: Error) -> bool:
    """Tell whether rounding of the result and of the input explains it, all but."""
    return error.ulps <= _LOST_ULPS or error.units <= _LOST_UNITS


def _surely_apart(claimed: Any, true: Any) -> float:
    """Give how far two enclosed numbers are apart at the least; 0 where one of them is not known."""
    apart = claimed - true
    return float(apart.abs_lower()) if apart.is_finite() else 0.0


# ------------------------------------------------------------------------------------------ all points


def _points(dtype: str) -> list[float]:
    """Give inputs of all magnitudes and both signs, in rising order; for float16 all there are."""
    if dtype == _EXHAUSTIVE:
        every = np.arange(2**16, dtype=np.uint16).view(np.float16).astype(np.float64)
        return sorted({float(x) + 0.0 for x in every[np.isfinite(every)]})
    type_ = np.finfo(dtype)
    positive: list[float] = []
    for low, high in _spans(dtype):
        steps = (np.arange(_PER_BAND) + 0.5) / _PER_BAND
        logs = math.log(low) + (math.log(high) - math.log(low)) * steps
        positive += [float(np.dtype(dtype).type(math.exp(each))) for each in logs]
    positive += [float(type_.smallest_subnormal), float(type_.tiny), float(type_.max)]
    kept = sorted({x for x in positive if 0 < x < math.inf})
    return [-x for x in reversed(kept)] + [0.0] + kept


def _spans(dtype: str) -> list[tuple[float, float]]:
    type_ = np.finfo(dtype)
    least, tiny, most = float(type_.smallest_subnormal), float(type_.tiny), float(type_.max)
    edges = [least, tiny, *(edge for edge in EDGES if tiny < edge < most), most]
    return list(pairwise(edges))


def _bands(taken: Sequence[_Taken], dtype: str) -> tuple[Band, ...]:
    spans = _spans(dtype)
    signed = [(-high, -low) for low, high in reversed(spans)] + [(0.0, 0.0)] + spans
    bands = []
    for low, high in signed:
        inside = [each for each in taken if _is_within(each.x, low, high)]
        if inside:
            kinds = {sample.kind for each in inside for sample in each.samples if sample.kind}
            worst = (_worst_error(inside, "value"), _worst_error(inside, "gradient"))
            bands.append(Band(low, high, len(inside), *worst, tuple(sorted(kinds))))
    return tuple(bands)


def _is_within(x: float, low: float, high: float) -> bool:
    if low == high:
        return x == low
    return (
        low <= x < high or (x == high and abs(high) >= abs(low)) if low >= 0 and x != 0 else low < x <= high and x != 0
    )


def _worst_error(inside: Iterable[_Taken], quantity: str) -> Error:
    errors = [sample.error for each in inside if (sample := each.sample(quantity)) is not None]
    if not errors:
        return Error(math.nan, math.nan)
    return Error(max(error.ulps for error in errors), max(error.units for error in errors))


def _worst(samples: Iterable[Sample]) -> tuple[Sample, ...]:
    """Give the worst places: first losses, by size, then the rest."""
    ordered = sorted(samples, key=lambda sample: (-sample.error.units, -sample.error.ulps, abs(sample.x)))
    return tuple(ordered[:_SHOWN])


# ------------------------------------------------------------------------------------------ losses


def _losses(taken: Sequence[_Taken], meter: _Meter) -> tuple[Loss, ...]:
    found: list[Loss] = []
    for quantity in ("value", "gradient"):
        for outward in ([each for each in taken if each.x >= 0], [each for each in reversed(taken) if each.x <= 0]):
            found += _runs(quantity, outward, meter)
    return tuple(found)


def _runs(quantity: str, outward: Sequence[_Taken], meter: _Meter) -> list[Loss]:
    """Give the runs of one sort of loss, from 0 outwards; what is not known parts no run."""
    samples = [sample for each in outward if (sample := each.sample(quantity)) is not None]
    groups = [(sort, list(group)) for sort, group in groupby(samples, key=_sort)]
    found = []
    before: Sample | None = None
    while groups:
        sort, run = groups.pop(0)
        while sort and (more := _continued(sort, groups)):
            for _, group in groups[:more]:
                run = run + group
            del groups[:more]
        if sort:
            found.append(_loss(quantity, before, run, meter))
        before = run[-1]
    return found


def _sort(sample: Sample) -> str:
    """Give what parts runs: digits are lost by cancellation, and then to underflow, in one."""
    return "digits" if sample.kind in ("cancellation", "underflow") else sample.kind


def _continued(sort: str, groups: Sequence[tuple[str, list[Sample]]]) -> int:
    """Give how many of the groups that follow belong to a run: a few that are good by chance part none."""
    if groups and sort == _WRONG and groups[0][0] == "digits":
        # What a wrong formula loses further out is no other matter.
        return 1
    is_gap = len(groups) > 1 and not groups[0][0] and len(groups[0][1]) <= _GAP
    return 2 if is_gap and groups[1][0] == sort else 0


def _loss(quantity: str, before: Sample | None, run: list[Sample], meter: _Meter) -> Loss:
    worst = max(run, key=lambda sample: (sample.error.units, abs(sample.x)))
    sorts = {_sort(sample) for sample in run}

    def first(is_so: Callable[[Sample], bool]) -> float:
        return _first(quantity, before, run, lambda sample: _sort(sample) in sorts and is_so(sample), meter)

    start, total, zero = (first(is_so) for is_so in (_is_lost, _is_nothing, _is_zero))
    return Loss(quantity, worst.kind, start, run[-1].x, worst, total, zero)


def _is_lost(sample: Sample) -> bool:
    return bool(sample.kind)


def _is_zero(sample: Sample) -> bool:
    """Tell whether it is exactly 0, and should not be."""
    return bool(sample.kind) and sample.computed == 0


def _is_nothing(sample: Sample) -> bool:
    """Tell whether not one digit is right."""
    return bool(sample.kind) and not abs(sample.computed - sample.true) < abs(sample.true) * 0.5


def _first(
    quantity: str, before: Sample | None, run: list[Sample], is_so: Callable[[Sample], bool], meter: _Meter
) -> float:
    """Find the first input of a run of which something holds, between two that were measured."""
    index = next((index for index, sample in enumerate(run) if is_so(sample)), None)
    if index is None:
        return math.nan
    good = before.x if index == 0 and before is not None else run[index - 1].x if index else run[0].x
    bad = run[index].x
    for _ in range(60):
        middle = _between(good, bad)
        if middle in (good, bad) or abs(bad - good) <= 1e-4 * abs(bad):
            break
        sample = meter.at(middle).sample(quantity)
        if sample is not None and is_so(sample):
            bad = middle
        else:
            good = middle
    return bad


def _between(good: float, bad: float) -> float:
    sign = -1.0 if bad < 0 or good < 0 else 1.0
    low, high = abs(good), abs(bad)
    if low > 0 and high / low > 4:
        return sign * math.exp((math.log(low) + math.log(high)) / 2)
    return sign * (low + (high - low) / 2)
