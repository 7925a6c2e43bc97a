"""From a functor and the rows it was checked on to the evidence: at most 64 rows, those with wrong entries first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, Protocol, Self

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.diagnosis.evidence import BATCH, WIDTH, BoolArray, Evidence, own_numbers
from actcheck.diagnosis.meter import Meter
from actcheck.model import Claim, Entry, Layout
from actcheck.numeric import climb, ladder
from actcheck.numeric.differences import central
from actcheck.numeric.lines import FloatArray, Forward, IndexArray, Lines
from actcheck.numeric.pilot import Plan, noise_gain
from actcheck.numeric.rounding import rounding

MOST_ROWS = 64
"""So many rows are looked at."""

MOST_LINES = 320
"""So many lines are climbed, where one cheap pass does not tell."""

MOST_ENTRIES = 1 << 16
"""So many entries of Jacobians are looked at: of wide functors, fewer rows."""

_SURELY = 4.0
_FINER = 4
_FEW = 128
_ELSEWHERE = 32
_AWAY = 1.375


class Subject(Protocol):
    """What is needed of the functor under test: functions on float64 arrays."""

    @property
    def functor(self) -> Any:
        """The functor itself."""

    @property
    def inputs(self) -> int:
        """Width n."""

    @property
    def outputs(self) -> int:
        """Width m."""

    @property
    def claim(self) -> Claim:
        """What the shape of the gradient claims."""

    @property
    def layout(self) -> Layout:
        """Which axis is the output's."""

    @property
    def diagonal(self) -> bool:
        """Whether gradients are diagonals."""

    @property
    def raised(self) -> Sequence[tuple[FloatArray, BaseException]]:
        """A row, if any, on which the gradient raised."""

    def forward(self, X: FloatArray, /) -> FloatArray:
        """Evaluate the function."""

    def gradient(self, X: FloatArray, /) -> FloatArray:
        """Evaluate the gradient."""

    def another(self, functor: Any, inputs: int, outputs: int) -> Self:
        """Give another functor, or the same one of another width, in the same words."""


class Tolerance(Protocol):
    """How far an entry may be off."""

    @property
    def rtol(self) -> float:
        """The relative tolerance."""

    @property
    def telling(self) -> float:
        """The largest bound with which an estimate still tells something."""

    def allowed(self, numeric: FloatArray, x: FloatArray, row_slope: FloatArray, bend: FloatArray, /) -> FloatArray:
        """Give the tolerance of entries."""


class Calibration(Protocol):
    """What was learned of the functor on ordinary rows."""

    @property
    def plan(self) -> Plan:
        """The cheap pass."""

    @property
    def usual(self) -> climb.Usual:
        """What the ladder needs to know."""

    @property
    def tolerance(self) -> Tolerance:
        """The tolerance."""


def observe(
    subject: Subject,
    calibration: Calibration,
    rows: Sequence[FloatArray],
    faults: Sequence[Entry] = (),
    parameters: Mapping[str, Any] | None = None,
    make: Callable[[Mapping[str, float]], Any] | None = None,
    name: str = "",
    vary: Callable[[str, float], Any] | None = None,
) -> Evidence:
    """Look at some of the rows again, and put together what hypotheses need.

    Parameters
    ----------
    subject : Subject
    calibration : Calibration
    rows : sequence of ndarray of shape (batch, n)
        What was checked, ordinary rows first, and ordinary rows in any case.
    faults : sequence of Entry
        Entries that the check called wrong; their rows are always among those looked at.
    parameters : Mapping, optional
        Keywords that the functor was constructed with.
    make : callable, optional
        Gives the functor for other values of them.
    vary : callable, optional
        Gives the functor with another value of any of its numbers, made anew or not; raises where it cannot.
    name : str
    """
    bench = _Bench(subject, calibration)
    X = bench.choose(rows, faults)
    seen = bench.look(X)
    _add_faults(seen, X, faults, subject.diagonal)
    numbers = own_numbers(subject.functor, parameters or {})
    evidence = bench.evidence(X, seen, numbers)
    if make is not None:
        again = make
        evidence = replace(evidence, make=lambda values: bench.of(again(values)).subject.forward)
    return replace(evidence, name=name, elsewhere=_Elsewhere(bench, X, numbers, vary))


@dataclass
class _Look:
    """Arrays in the shape of the entries, while they are put together."""

    analytic: FloatArray
    numeric: FloatArray
    bound: FloatArray
    allowed: FloatArray
    wrong: BoolArray
    kinks: BoolArray
    known: BoolArray


@dataclass(frozen=True)
class _Elsewhere:
    """Looks at the same functor by another value of one of its numbers, each once."""

    bench: _Bench
    X: FloatArray
    numbers: Mapping[str, float]
    vary: Callable[[str, float], Any] | None
    seen: dict[str, Evidence | None] = field(default_factory=dict)

    def __call__(self, owner: str) -> Evidence | None:
        if owner not in self.seen:
            try:
                self.seen[owner] = self._look(owner)
            except Exception:  # Whatever the user's code makes of a width or a value that nobody asked for.
                self.seen[owner] = None
        return self.seen[owner]

    def _look(self, owner: str) -> Evidence | None:
        X, bench, numbers = self.X[:_ELSEWHERE], self.bench, dict(self.numbers)
        if owner == BATCH:
            X = X[: max(1, len(X) // 2)]
        elif owner == WIDTH:
            # By two, since there are functions that halve a row.
            X = np.hstack([X, np.roll(X, 1, axis=0), np.roll(X, 2, axis=0)])[:, : X.shape[1] + 2]
            functor = bench.subject.functor
            bench = bench.of(functor, X.shape[1], np.shape(functor(X.copy()))[1])
        elif self.vary is None:
            return None
        else:
            number = numbers[owner]
            numbers[owner] = number + 1 if number == int(number) else _AWAY * number
            bench = bench.of(self.vary(owner, numbers[owner]))
        seen = bench.look(X)
        return bench.evidence(X, seen, numbers)


@dataclass(frozen=True)
class _Bench:
    """A subject with what differences of it take."""

    subject: Subject
    calibration: Calibration

    def of(self, functor: Any, inputs: int = 0, outputs: int = 0) -> _Bench:
        """Give the bench of another functor, or of another width."""
        subject = self.subject
        other = subject.another(functor, inputs or subject.inputs, outputs or subject.outputs)
        return replace(self, subject=other)

    def evidence(self, X: FloatArray, seen: _Look, numbers: Mapping[str, float]) -> Evidence:
        """Put together what was seen."""
        subject = self.subject
        with np.errstate(all="ignore"):
            value = subject.forward(X)
        return Evidence(
            X=X,
            value=value,
            analytic=seen.analytic,
            numeric=seen.numeric,
            bound=seen.bound,
            allowed=seen.allowed,
            wrong=seen.wrong,
            kinks=seen.kinks,
            known=seen.known,
            forward=subject.forward,
            gradient=subject.gradient,
            slopes=lambda Y: self.slopes(subject.forward, Y),
            slopes_of=self.slopes,
            claim=subject.claim,
            layout=subject.layout,
            parameters=numbers,
            rtol=self.calibration.tolerance.rtol,
            raises=self._raises,
        )

    def _raises(self, row: FloatArray) -> bool:
        functor = self.subject.functor
        # What hides its exceptions is known by its own class.
        alone = self.of(functor.functor if isinstance(functor, Meter) else functor).subject
        return bool(np.isnan(alone.gradient(row[None])).any() and alone.raised)

    def slopes(self, function: Forward, X: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Take one cheap pass; the bound is infinite where it cannot tell."""
        value, bound, _, bent = self._pass(function, X)
        tolerance = self.calibration.tolerance
        with np.errstate(invalid="ignore"):
            blunt = bent | ~(bound <= tolerance.rtol * np.abs(value) + tolerance.telling)
        return value, np.where(blunt, np.inf, bound)

    def look(self, X: FloatArray) -> _Look:
        """Compare gradient and differences, on the ladder where one pass does not tell."""
        subject, tolerance = self.subject, self.calibration.tolerance
        analytic = subject.gradient(X)
        numeric, bound, bend, bent = self._pass(subject.forward, X)
        kinks = np.zeros(numeric.shape, bool)
        with np.errstate(all="ignore"):
            rough = bent | ~(bound <= tolerance.rtol * np.abs(numeric) + tolerance.telling)
            finite = self._spread(np.isfinite(subject.forward(X)))
            # Where there are few wrong entries, each is worth a sharper look.
            wrong = ~(np.abs(analytic - numeric) <= self._allowed(numeric, X, bend) + bound) & finite
            if np.count_nonzero(wrong) <= _FEW:
                rough |= wrong
        outside = np.zeros(numeric.shape, bool)
        climbed = self._climb(X, rough & finite, analytic, (numeric, bound, bend, kinks, outside))
        allowed = self._allowed(numeric, X, bend)
        with np.errstate(all="ignore"):
            # What bends and was not looked at may be a kink.
            known = finite & ~kinks & (climbed | ~bent) & (bound <= np.maximum(allowed, tolerance.telling))
            off = np.abs(analytic - numeric)
            wrong = known & ~(off <= allowed + bound)
        if not subject.diagonal:
            # Where inputs meet in a kink single entries tell nothing: those faults are for the check to name.
            tied = _tied(X, kinks)
            kinks, known = kinks | (tied & wrong), known & ~(tied & wrong)
            wrong, outside = wrong & ~tied, np.zeros_like(outside)
        return _Look(analytic, numeric, bound, allowed, wrong | (outside & finite), kinks, known)

    def choose(self, rows: Sequence[FloatArray], faults: Sequence[Entry]) -> FloatArray:
        """Choose rows: those of known faults, some ordinary ones, and where the gradient is wrong or next to it."""
        n = self.subject.inputs
        per_row = n if self.subject.diagonal else n * self.subject.outputs
        most = int(np.clip(MOST_ENTRIES // per_row, 4, MOST_ROWS))
        named = np.array([entry.values for entry in faults if len(entry.values) == n]).reshape(-1, n)
        pool = np.concatenate([np.atleast_2d(group)[: 4 * MOST_ROWS * 8] for group in rows])
        if len(pool) + len(named) > most:
            pool = pool[self._telling_rows(pool, len(rows[0]), max(most - len(named), most // 2))]
        chosen = np.concatenate([named[: most // 2], pool])
        return np.unique(chosen, axis=0)[_shuffled(len(np.unique(chosen, axis=0)))]

    def _telling_rows(self, pool: FloatArray, ordinary: int, most: int) -> IndexArray:
        if not self.subject.diagonal and pool.size * self.subject.outputs > 4 * MOST_ENTRIES:
            return _evenly(np.arange(len(pool)), most)
        numeric, bound, bend, _ = self._pass(self.subject.forward, pool)
        with np.errstate(all="ignore"):
            allowed = self._allowed(numeric, pool, bend)
            off = ~(np.abs(self.subject.gradient(pool) - numeric) <= _SURELY * (allowed + bound))
        wrong = np.flatnonzero((off & np.isfinite(numeric)).reshape(len(pool), -1).any(axis=1))
        bad = _evenly(wrong, most // 2)
        near = np.clip(np.concatenate([bad - 1, bad + 1]), 0, len(pool) - 1)
        near = _evenly(np.setdiff1d(near, wrong), most // 8)
        kept = np.unique(np.concatenate([bad, near]))
        first = _evenly(np.setdiff1d(np.arange(min(ordinary, len(pool))), kept), most // 4)
        kept = np.union1d(kept, first)
        rest = np.setdiff1d(np.arange(len(pool)), kept)
        return np.union1d(kept, _evenly(rest, most - len(kept)))

    def _pass(self, function: Forward, X: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, BoolArray]:
        lines = Lines(function, X, self.subject.outputs, self.subject.diagonal)
        index = np.arange(X.size)
        plan = self.calibration.plan
        with np.errstate(all="ignore"):
            centre = lines.centre(index)
            seen = central(lines, index, centre, plan)
            finer = central(lines, index, centre, replace(plan, level=plan.level + _FINER)).estimate
            # The bound is what was learned on ordinary rows: a finer step must not contradict it.
            change = np.abs(seen.estimate.value - finer.value)
            apart = ~(change <= seen.estimate.bound + finer.bound)
            # Nor may it be less than rounding of the value is at the least, where that is large.
            least = rounding(centre) * noise_gain(plan.order) * 2.0**plan.level
            bound = np.fmax(seen.estimate.bound, np.fmax(change, least))
        shaped = [self._shaped(each, X) for each in (seen.estimate.value, bound, seen.bend)]
        return shaped[0], shaped[1], shaped[2], self._shaped((seen.bent | apart).astype(float), X) > 0

    def _climb(
        self,
        X: FloatArray,
        rough: BoolArray,
        analytic: FloatArray,
        into: tuple[FloatArray, FloatArray, FloatArray, BoolArray, BoolArray],
    ) -> BoolArray:
        """Replace what the cheap pass says of some entries by what the ladder says, and tell of which."""
        wanted = rough if self.subject.diagonal else rough.any(axis=1)
        index = _evenly(np.flatnonzero(wanted.ravel()), MOST_LINES)
        climbed = np.zeros(rough.shape, bool)
        if not index.size:
            return climbed
        lines = Lines(self.subject.forward, X, self.subject.outputs, self.subject.diagonal)
        direction = np.where((np.arange(X.size) * 7919) % 5 < 2, -0.75, 0.625).reshape(X.shape)
        with np.errstate(all="ignore"):
            seen = climb.climb(lines, index, direction, self.calibration.usual)
            around = ladder.sides(seen.tableau, seen.noise)
            odd = ladder.local(seen.tableau, seen.noise) >= ladder.Local.STEEP
            at = divmod(index, X.shape[1])
            given = analytic[at][:, None] if self.subject.diagonal else analytic[at[0], :, at[1]]
            kinky = around.apart & ~odd
            beyond = (given < around.low - 2 * around.low_bound) | (given > around.high + 2 * around.high_bound)
        numeric, bound, bend, kinks, outside = into
        found = (
            (numeric, seen.value),
            (bound, np.where(odd, np.inf, seen.bound)),
            (bend, seen.bend),
            (kinks, kinky),
            (outside, kinky & (beyond | ~np.isfinite(given))),
            (climbed, np.ones(kinky.shape, bool)),
        )
        for target, values in found:
            if self.subject.diagonal:
                target[at] = values[:, 0]
            else:
                target[at[0], :, at[1]] = values
        return climbed

    def _allowed(self, numeric: FloatArray, X: FloatArray, bend: FloatArray) -> FloatArray:
        tolerance = self.calibration.tolerance
        size = np.where(np.isfinite(numeric), np.abs(numeric), 0.0)
        with np.errstate(all="ignore"):
            if self.subject.diagonal:
                return tolerance.allowed(numeric, X, size, bend)
            return tolerance.allowed(numeric, X[:, None, :], size.max(axis=2, keepdims=True), bend)

    def _shaped(self, values: FloatArray, X: FloatArray) -> FloatArray:
        if self.subject.diagonal:
            return values.reshape(X.shape)
        return np.ascontiguousarray(np.swapaxes(values.reshape(*X.shape, -1), 1, 2))

    def _spread(self, finite: BoolArray) -> BoolArray:
        if self.subject.diagonal:
            return finite
        return np.repeat(finite[:, :, None], self.subject.inputs, axis=2)


def _tied(X: FloatArray, kinks: BoolArray) -> BoolArray:
    """Give the rows with a kink, and those with equal inputs of a function that has kinks, as (batch, 1, 1)."""
    here = np.logical_or.reduce(kinks, axis=(1, 2))
    equal = np.logical_or.reduce(np.diff(np.sort(X, axis=1), axis=1) == 0, axis=1)
    return np.asarray(here | (equal & bool(kinks.any())))[:, None, None]


def _add_faults(seen: _Look, X: FloatArray, faults: Sequence[Entry], diagonal: bool) -> None:
    """Take over what the check found by looking closer than is done here: faults at ties and kinks."""
    for entry in faults:
        if len(entry.values) != X.shape[1]:
            continue
        rows = np.flatnonzero((np.array(entry.values) == X).all(axis=1))
        at: Any = (rows, entry.input) if diagonal else (rows, entry.output, entry.input)
        seen.wrong[at] = True
        seen.kinks[at] |= not seen.known[at].all()


def _evenly(index: IndexArray, most: int) -> IndexArray:
    if len(index) <= most:
        return index
    if most <= 0:
        return index[:0]
    return np.asarray(index[np.unique(np.linspace(0, len(index) - 1, most).round().astype(int))])


def _shuffled(count: int) -> IndexArray:
    """Give an order in which neighbours are unlike each other, so that mistakes of rows show."""
    step = next(step for step in (13, 11, 7, 5, 3, 1) if step == 1 or (count % step and count > step))
    return np.asarray((np.arange(count) * step + count // 3) % max(count, 1))
