"""The gradients of a layer, entry by entry: through the functor's own, against differences of the whole layer.

Each of X, W and b in turn is one long row of which the loss is a function, so that every entry of dL/dX, dL/dW and
dL/db is decided by the rule that decides the entries of a Jacobian.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck.checks.calibration import Calibration, calibrate
from actcheck.checks.calls import Subject
from actcheck.checks.chain import PARAMETERS, Instance
from actcheck.checks.decided import Decided
from actcheck.checks.gradient import GradientCheck
from actcheck.checks.judge import CODES, REASONS
from actcheck.checks.tally import Tally
from actcheck.dataclass import dataclass
from actcheck.errors import DataError
from actcheck.model import Claim, Entry, LayerGradient, Layout, Rows, Verdict, layer_place
from actcheck.numeric import kinks, noise
from actcheck.numeric.differences import Pass, central
from actcheck.numeric.lines import FloatArray, IndexArray, Lines
from actcheck.numeric.rounding import rounding
from actcheck.rows.generated import directions

WORK = 1 << 25
"""Entries times numbers in Z that one check may come to: every entry takes some evaluations of the whole layer."""

THOROUGH = 1 << 18
"""Up to so much of it every entry goes up the ladder; beyond, those do that one cheap pass leaves open.

The bounds of the cheap pass are what the pilot has learned from a sample, and entries of a layer differ more than those
of a functor do: it may be off by more, though never by more than the tolerance where it agrees.
"""

# So many entries are looked at together: the look around a kink needs memory that grows with their square.
_BLOCK = 512
_CHUNK = 1 << 17
_SIGNS = 8


def at_kinks(subject: Subject, Z: FloatArray, seed: int) -> NDArray[np.bool_]:
    """Tell which rows of pre-activations lie at a kink of the functor.

    Returns
    -------
    ndarray of shape (batch,)
    """
    sigma, coarse = noise.measure(subject.forward, Z, directions(seed, 2, Z.shape), subject.domain)
    scatter = rounding(subject.forward(Z)) + 3 * np.maximum(sigma, coarse)
    signs = directions(seed, 6, (_SIGNS, subject.inputs))
    found = [
        kinks.creased(subject.forward, z, each, signs, subject.domain).any() for z, each in zip(Z, scatter, strict=True)
    ]
    return np.array(found, dtype=np.bool_)


def refuse_too_large(batch: int, inputs: int, outputs: int) -> None:
    """Refuse a layer whose check would take minutes.

    Raises
    ------
    DataError
    """
    entries = batch * inputs + inputs * outputs + outputs
    if entries * batch * outputs > WORK:
        raise DataError(
            f"a layer of {inputs} × {outputs} with a batch of {batch} is too large: {entries:,} entries, each against "
            "differences of the whole layer",
            fix="Use a smaller --inputs, --outputs or --batch; the functor's own gradient is checked by verify.",
        )


@dataclass(frozen=True)
class Judged:
    """What was found of the gradient with respect to one parameter."""

    gradient: LayerGradient
    tally: Tally


def judge(instance: Instance, rtol: float, atol: float, seed: int) -> list[Judged]:
    """Hold every entry of the gradients with respect to X, W and b against differences of the whole layer.

    Parameters
    ----------
    instance : Instance
    rtol, atol : float
    seed : int
        Of the directions in which noise is measured.
    """
    entries = sum(instance.parameter(name).size for name in PARAMETERS)
    thorough = entries * instance.hidden.size <= THOROUGH
    rule = _Rule(rtol, atol, seed, thorough, _trembling(instance, rtol, atol, seed))
    return [_judge(instance, name, slopes, rule) for name, slopes in instance.gradients().items()]


@dataclass(frozen=True)
class _Rule:
    """What all entries are judged by.

    Parameters
    ----------
    rtol, atol : float
    seed : int
    thorough : bool
        Whether all entries go up the ladder.
    trembling : ndarray of shape (batch, n)
        What the functor's arithmetic in its type may shift the pre-activations by; 0 in float64.
    """

    rtol: float
    atol: float
    seed: int
    thorough: bool
    trembling: FloatArray


def _trembling(instance: Instance, rtol: float, atol: float, seed: int) -> FloatArray:
    subject, Z = instance.subject, instance.hidden
    if subject.dtype == "float64":
        return np.zeros(Z.shape)
    shift = calibrate(subject, Z, rtol, atol, seed).tolerance.shift
    if shift == 0:
        return np.zeros(Z.shape)
    eps = float(np.finfo(subject.dtype).eps)
    trembling: FloatArray = 4 * (shift + eps * np.abs(Z)) * directions(seed, 18, Z.shape)
    return trembling


def _judge(instance: Instance, name: str, slopes: FloatArray, rule: _Rule) -> Judged:
    point = instance.parameter(name)
    found, tally = [], Tally()
    for start in range(0, point.size, _BLOCK):
        index = np.arange(start, min(start + _BLOCK, point.size))
        part = _Functional(instance, name, index, slopes.ravel()[index])
        seen, usual = _decide(part, rule)
        found.append(seen)
        tally = tally.join(_count(part, seen, rule, usual))
    return Judged(_gradient(f"dL/d{name}", slopes, found), tally)


@dataclass(frozen=True)
class _Functional:
    """The loss as a functor of some entries of a parameter.

    Parameters
    ----------
    instance : Instance
    name : str
    index : ndarray of shape (n,)
        The entries, in the order of the parameter's memory.
    slopes : ndarray of shape (n,)
        The functor's own gradient in them, at the instance's numbers.
    """

    instance: Instance
    name: str
    index: IndexArray
    slopes: FloatArray

    @property
    def subject(self) -> Subject:
        """The loss as what a check of a Jacobian of one line is about."""
        return Subject(self, self.index.size, 1, Claim.JACOBIAN, Layout.OUT_IN, self.instance.subject.dtype)

    @property
    def rows(self) -> Rows:
        """The entries as the one row to check."""
        return Rows(self.instance.parameter(self.name).reshape(1, -1)[:, self.index], self.name, (0,))

    def of(self, which: IndexArray) -> _Functional:
        """Give the loss as a functor of some of the entries."""
        return replace(self, index=self.index[which], slopes=self.slopes[which])

    def __call__(self, P: NDArray[np.floating[Any]]) -> FloatArray:
        """Evaluate the loss, with the functor in the type of the argument; (K, n) to (K, 1)."""
        step = max(1, _CHUNK // max(self.instance.cotangent.size, self.instance.hidden.size))
        return np.concatenate([self._losses(P[at : at + step]) for at in range(0, len(P), step)])[:, None]

    def gradient(self, P: NDArray[np.floating[Any]]) -> FloatArray:
        """Give the slopes, which are known at the instance's own numbers, the only place that is asked about."""
        return np.broadcast_to(self.slopes, (len(P), 1, self.slopes.size))

    def _losses(self, P: NDArray[np.floating[Any]]) -> FloatArray:
        point = self.instance.parameter(self.name)
        values = np.repeat(point.reshape(1, -1), len(P), axis=0)
        values[:, self.index] = P
        return self.instance.losses(self.name, values.reshape(-1, *point.shape), P.dtype != np.float64)


@dataclass(frozen=True)
class _Seen:
    """What was found of some entries; arrays of shape (n,).

    Parameters
    ----------
    value, bound, allowed : ndarray
    verdicts : ndarray of int8
        Indices into `CODES`.
    ladder : Decided or None
        The entries that did not agree at once, on the ladder.
    climbed : ndarray
        Which these are.
    """

    value: FloatArray
    bound: FloatArray
    allowed: FloatArray
    verdicts: NDArray[np.int8]
    ladder: Decided | None
    climbed: IndexArray


def _decide(part: _Functional, rule: _Rule) -> tuple[_Seen, float]:
    """Decide entries, and tell the usual slope: those that a cheap pass leaves open, or all, on the ladder."""
    subject, rows = part.subject, part.rows
    calibration = calibrate(subject, rows.values, rule.rtol, rule.atol, rule.seed)
    tolerance = replace(calibration.tolerance, atol=rule.atol + _unsteady(part, calibration, rule.trembling))
    calibration = replace(calibration, tolerance=tolerance)
    seen = _unseen(part.index.size) if rule.thorough else _at_once(part, calibration)
    climbed = seen.climbed
    if not climbed.size:
        return seen, tolerance.slope
    some = part.of(climbed)
    decided = GradientCheck(some.subject, calibration, rule.seed).matrix(some.rows)
    seen.value[climbed], seen.bound[climbed] = decided.seen.value[:, 0], decided.seen.bound[:, 0]
    seen.allowed[climbed], seen.verdicts[climbed] = decided.allowed[:, 0], decided.verdicts[:, 0]
    return replace(seen, ladder=decided), tolerance.slope


def _unseen(size: int) -> _Seen:
    value, bound, allowed = np.empty((3, size))
    return _Seen(value, bound, allowed, np.empty(size, np.int8), None, np.arange(size))


def _at_once(part: _Functional, calibration: Calibration) -> _Seen:
    """Compare entries with one cheap pass; which of them it leaves open is told by `climbed`."""
    cheap, tolerance = _cheap(part, calibration), calibration.tolerance
    value, bound = cheap.estimate.value, cheap.estimate.bound
    steepest = np.max(np.abs(value), initial=0.0, where=np.isfinite(value))
    with np.errstate(invalid="ignore", over="ignore"):
        allowed = tolerance.allowed(value, part.rows.values.T, np.full(value.shape, steepest), cheap.bend)
        agrees = np.abs(part.slopes[:, None] - value) <= allowed
        agrees &= (bound <= np.maximum(allowed, tolerance.telling)) & ~cheap.bent
    verdicts = np.full(part.index.size, CODES.index(Verdict.AGREE), np.int8)
    return _Seen(value[:, 0], bound[:, 0], allowed[:, 0], verdicts, None, np.flatnonzero(~agrees[:, 0]))


def _cheap(part: _Functional, calibration: Calibration) -> Pass:
    lines = Lines(part.subject.forward, part.rows.values, 1, diagonal=False)
    index = np.arange(part.index.size)
    return central(lines, index, lines.centre(index), calibration.plan)


def _unsteady(part: _Functional, calibration: Calibration, trembling: FloatArray) -> float:
    """Give what slopes may change by when the pre-activations tremble."""
    if not trembling.any():
        return 0.0
    still = _cheap(part, calibration).estimate.value
    other = _cheap(replace(part, instance=replace(part.instance, shift=trembling)), calibration).estimate.value
    with np.errstate(invalid="ignore"):
        change = np.abs(other - still)
    return float(np.max(change, initial=0.0, where=np.isfinite(change)))


# ------------------------------------------------------------------------------------------ for the report


def _count(part: _Functional, seen: _Seen, rule: _Rule, usual: float) -> Tally:
    tally = Tally()
    for code, count in zip(*np.unique(seen.verdicts, return_counts=True), strict=True):
        tally.counts[CODES[code]] += int(count)
    agree = seen.verdicts == CODES.index(Verdict.AGREE)
    for at in np.flatnonzero(~agree[seen.climbed]):
        tally.keep(_entry(part, seen, int(at)))
    agrees = np.flatnonzero(agree)
    if agrees.size:
        size, allowed = np.abs(seen.value[agrees]), seen.allowed[agrees]
        with np.errstate(invalid="ignore", divide="ignore"):
            told = (allowed + seen.bound[agrees]) / np.where(size > 0, size, usual)
        tally.weigh(told, int(np.count_nonzero(allowed > 2 * rule.rtol * size)), rule.rtol)
        off = np.abs(part.slopes[agrees] - seen.value[agrees])
        tally.exceed(off, seen.bound[agrees], allowed, rule.rtol * size + rule.atol)
        nearest = int(np.argmax(off / np.where(allowed > 0, allowed, 1.0)))
        where = layer_place(f"dL/d{part.name}", *_place(part, int(agrees[nearest])))
        bound = float(seen.bound[agrees[nearest]])
        tally.nearest(float(off[nearest]), float(allowed[nearest]), where, bound)
    return tally


def _place(part: _Functional, at: int) -> tuple[int, int]:
    columns = int(part.instance.parameter(part.name).shape[1])
    return divmod(int(part.index[at]), columns)


def _entry(part: _Functional, seen: _Seen, at: int) -> Entry:
    assert seen.ladder is not None
    ladder, place = seen.ladder.seen, int(seen.climbed[at])
    line, column = _place(part, place)
    verdict = CODES[seen.verdicts[place]]
    reason = REASONS[seen.ladder.reasons[at, 0]] if verdict is Verdict.UNRESOLVED else ""
    return Entry(
        row=f"dL/d{part.name}",
        output=line,
        input=column,
        x=float(part.instance.parameter(part.name)[line, column]),
        values=(),
        verdict=verdict,
        analytic=float(part.slopes[place]),
        numeric=float(seen.value[place]),
        bound=float(seen.bound[place]),
        allowed=float(seen.allowed[place]),
        slopes=(float(ladder.low[at, 0]), float(ladder.high[at, 0])) if ladder.kinky[at, 0] else (),
        reason=seen.ladder.texts.get((at, 0), reason),
    )


def _gradient(name: str, analytic: FloatArray, found: list[_Seen]) -> LayerGradient:
    def whole(pieces: list[FloatArray]) -> FloatArray:
        values = np.concatenate(pieces).reshape(analytic.shape)
        values.setflags(write=False)
        return values

    verdicts = np.concatenate([seen.verdicts for seen in found]).reshape(analytic.shape)
    return LayerGradient(
        name=name,
        analytic=whole([analytic.ravel()]),
        numeric=whole([seen.value for seen in found]),
        bound=whole([seen.bound for seen in found]),
        allowed=whole([seen.allowed for seen in found]),
        verdicts=tuple(tuple(CODES[code] for code in line) for line in verdicts),
    )
