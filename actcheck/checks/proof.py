"""The proof: which paths are gone along, and what the prover's results say of the gradient."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from actcheck.checks.calls import Subject
from actcheck.errors import TargetError
from actcheck.model import CheckResult, CheckSpec, Claim, Finding, Layout, Outcome
from actcheck.proof_model import Bend, Enclosure, Path, Proof, Refutation, Stretch
from actcheck.splitmix import uniform
from actcheck.targets.trace import cut_traceback, shown_place, user_frames

if TYPE_CHECKING:
    from actcheck.exact.prover import Result
    from actcheck.exact.replay import Replay, ReplayError

TOLERANCE = 1e-9
"""Of the largest derivative, where none is asked for."""

RESOLUTION = 1e-12
"""Of the length of the interval, where none is asked for."""

LINES = 8
"""Random lines through the box of a function of the whole row, where no number is asked for."""

_COMPARED = 31
_ALIKE = 1e-6
_FEW_TERMS = 4
_NO_VALUE = "it has no value there"
_STREAM = 40
_SHORT = 2**10


def prove(subject: Subject, spec: CheckSpec, target: str) -> Proof:
    """Prove or refute a gradient over an interval.

    Parameters
    ----------
    subject : Subject
    spec : CheckSpec
        With an interval.
    target : str
        What errors call the functor.

    Raises
    ------
    TargetError
        If its code cannot be replayed, with the line that stopped it.
    """
    from actcheck.exact import prover
    from actcheck.exact.balls import exact
    from actcheck.exact.replay import Line, Replay, ReplayError

    tolerance = spec.tolerance if spec.tolerance is not None else TOLERANCE
    half = spec.interval[1] / 2 - spec.interval[0] / 2
    resolution = spec.resolution if spec.resolution is not None else 2 * RESOLUTION * half
    parts = []
    for name, base, direction, start, stop in _paths(subject, spec):
        line = Line(tuple(map(exact, base)), tuple(map(exact, direction)))
        replay = Replay(subject.functor, line, subject.outputs, subject.diagonal, _inputs_first(subject), strict=True)
        try:
            _same_as_numpy(subject, replay, (base, direction, start, stop), target)
            result = prover.prove(replay, start, stop, exact(tolerance), exact(resolution))
        except ReplayError as error:
            raise unreplayable(error, target) from error
        parts.append(_Told(name, base, direction, start, stop, result))
    refuted = sorted((each for part in parts for each in part.refuted()), key=lambda each: each.low - each.high)
    return Proof(
        float(spec.interval[0]),
        float(spec.interval[1]),
        tolerance,
        resolution,
        tuple(part.path() for part in parts),
        tuple(each for part in parts for each in part.stretches()),
        tuple(refuted),
        tuple(each for part in parts for each in part.bends()),
    )


def _same_as_numpy(
    subject: Subject, replay: Replay, path: tuple[tuple[float, ...], tuple[float, ...], Any, Any], target: str
) -> None:
    """Compare the replay with NumPy at some points.

    Rounding parts them here and there; where they differ at most points, the code means something else to the replay.

    Raises
    ------
    TargetError
        If the slopes differ at most of the points, or are not finite.
    ReplayError
        If the code cannot be replayed.
    """
    from actcheck.exact.balls import exact, middle
    from actcheck.exact.replay import TooManyForksError
    from actcheck.exact.taylor import Piece

    base, direction, start, stop = path
    shares = (np.arange(_COMPARED) + 0.5) / _COMPARED
    places = _float(start) * (1 - shares) + _float(stop) * shares
    X = np.array(base) + places[:, None] * np.array(direction)
    gradient = subject.gradient(X)
    slopes = gradient * np.array(direction) if subject.diagonal else gradient @ np.array(direction)
    replayed = np.full(slopes.shape, np.nan)
    for index, at in enumerate(places.tolist()):
        try:
            outputs = replay.over(Piece(exact(at), exact(at)), _FEW_TERMS).outputs
        except TooManyForksError:
            continue
        replayed[index] = [middle(each.slope[0]) for each in outputs]
    known = np.isfinite(replayed)
    if 2 * np.count_nonzero(known) < known.size:
        raise TargetError(
            f"it has no value, or no gradient, at most points of [{_float(start):.6g}, {_float(stop):.6g}]",
            where=target,
            fix="Give an interval inside its domain; actcheck verify says where NaN begins.",
        )
    told = known & np.isfinite(slopes)
    apart = np.abs(slopes - replayed)[told] > _ALIKE * np.abs(replayed[told]).max(initial=0.0)
    if np.count_nonzero(apart) * 2 > apart.size:
        row, output = np.argwhere(told)[int(np.argmax(apart))]
        raise TargetError(
            "its code does something else when it is replayed",
            where=target,
            fix=f"At x = {X[row, 0]:.6g} NumPy gives {slopes[row, output]:.6g} for the gradient, the replay "
            f"{replayed[row, output]:.6g}: a proof would be of another function. Code that asks what kind of number it "
            "is given cannot be replayed.",
        )


def unreplayable(error: ReplayError, target: str) -> TargetError:
    """Give the error for code that cannot be replayed: which line stopped it, and why."""
    frames = user_frames(error.cause)
    where = shown_place(frames[-1].filename, frames[-1].lineno) if frames else target
    line = f": {frames[-1].line}" if frames and frames[-1].line else ""
    return TargetError(
        f"it cannot be replayed{line}",
        where=where,
        fix=f"The replay stopped there: {error.why}.",
        trace=cut_traceback(error.cause) if frames and not _is_ours(error.cause) else "",
    )


def _is_ours(error: BaseException) -> bool:
    return type(error).__module__.startswith("actcheck.")


def line_of(proof: Proof) -> CheckResult:
    """Sum a proof up for the report."""
    # An element-wise functor is wrong in every column where it is in one: that is one place.
    wrong, left = len({(each.path, each.low, each.high) for each in proof.refuted}), len(proof.left)
    outcome = Outcome.FAILED if wrong else Outcome.UNRESOLVED if left else Outcome.PASSED
    parts = [f"{wrong} refuted" if wrong else "", f"{left} left over" if left else ""]
    worst = max((path.worst for path in proof.paths), default=0.0)
    allowed = max((path.allowed for path in proof.paths), default=0.0)
    entries = sum(path.replays for path in proof.paths)
    summary = ", ".join(filter(None, parts)) or "proved"
    return CheckResult("proof", outcome, entries, summary, worst, allowed)


def findings(proof: Proof) -> list[Finding]:
    """Give what machines and a suite are told: the widest place that is refuted, and what is left over."""
    found = []
    for each in proof.refuted[:1]:
        gap = f"{each.analytic.low:.9g} where the derivative is {each.derivative.low:.9g}"
        at = f"x = {each.at!r}" if each.path == "x" else f"t = {each.at!r} of {each.path}"
        message = f"refuted at {at}: it is {gap}"
        where = f"[{each.low!r}, {each.high!r}]" if each.low != each.high else ""
        found.append(Finding("proof", Outcome.FAILED, "refuted", message, where, each.x))
    for stretch in proof.left[:1]:
        message = f"left over: {stretch.reason}"
        if stretch.reason.startswith(_NO_VALUE):
            message += "; give an --interval that lies inside the domain"
        where = f"{stretch.path} in [{stretch.low!r}, {stretch.high!r}]"
        found.append(Finding("proof", Outcome.UNRESOLVED, "left-over", message, where))
    return found


def _inputs_first(subject: Subject) -> bool:
    return subject.claim is Claim.JACOBIAN and subject.layout is Layout.IN_OUT


# ------------------------------------------------------------------------------------------ paths


def _paths(subject: Subject, spec: CheckSpec) -> list[tuple[str, tuple[float, ...], tuple[float, ...], Any, Any]]:
    """Give name, base, direction and the ends of t of every path."""
    from actcheck.exact.balls import exact

    n = subject.inputs
    low, high = spec.interval
    if subject.diagonal:
        return [("x", (0.0,) * n, (1.0,) * n, exact(low), exact(high))]
    lines = LINES if spec.lines is None else spec.lines
    points = uniform(spec.seed, _STREAM, (lines + 1) * n).reshape(lines + 1, n)
    turns = uniform(spec.seed, _STREAM + 1, lines * n).reshape(lines, n)
    found = []
    for index in range(lines):
        base = tuple(_short(low * (1 - each) + high * each) for each in points[index])
        direction = tuple(_short(2 * each - 1) or 1.0 for each in turns[index])
        found.append((f"line {index}", base, direction, *_inside(base, direction, low, high)))
    base = tuple(_short(low * (1 - each) + high * each) for each in points[lines])
    for axis in range(n):
        direction = tuple(float(index == axis) for index in range(n))
        found.append((f"axis {axis}", base, direction, *_inside(base, direction, low, high)))
    return found


def _short(value: float) -> float:
    """Give a number of few bits near another, so that its multiples are exact for long."""
    size = 2.0 ** max(0, math.frexp(value)[1])
    return round(value / size * _SHORT) / _SHORT * size


def _inside(base: tuple[float, ...], direction: tuple[float, ...], low: float, high: float) -> tuple[Any, Any]:
    """Give the values of t between which a line stays in the box."""
    from actcheck.exact.balls import exact

    starts, stops = [], []
    for position, slope in zip(map(exact, base), map(exact, direction), strict=True):
        if slope == 0:
            continue
        ends = sorted(((exact(low) - position) / slope, (exact(high) - position) / slope))
        starts.append(ends[0])
        stops.append(ends[1])
    return max(starts), min(stops)


# ------------------------------------------------------------------------------------------ what is told


class _Told:
    """The prover's result along a path, as floats."""

    def __init__(
        self, name: str, base: tuple[float, ...], direction: tuple[float, ...], start: Any, stop: Any, result: Result
    ) -> None:
        self.name, self.base, self.direction = name, base, direction
        self.start, self.stop, self.result = start, stop, result

    def path(self) -> Path:
        from actcheck.exact.balls import ends, middle

        result = self.result
        worst = ends(result.worst)[1] if result.worst is not None else 0.0
        ends_of_t = _float(self.start), _float(self.stop)
        allowed, scale = middle(result.allowed), middle(result.scale)
        return Path(self.name, self.base, self.direction, *ends_of_t, allowed, scale, max(worst, 0.0), result.replays)

    def stretches(self) -> list[Stretch]:
        result = self.result
        parts = [(low, high, "proved", "") for low, high in result.proved]
        parts += [(each.low, each.high, "wrong", "") for each in result.wrong]
        parts += [(each.low, each.high, "left over", each.reason) for each in result.left]
        parts.sort(key=lambda part: (part[0], part[1]))
        told = [Stretch(self.name, _float(low), _float(high), verdict, why) for low, high, verdict, why in parts]
        # What is wrong in several outputs is one place.
        return _joined(list(dict.fromkeys(told)))

    def refuted(self) -> list[Refutation]:
        return [
            Refutation(
                self.name,
                _float(each.low),
                _float(each.high),
                _float(each.at),
                each.output,
                _enclosure(each.slope),
                _enclosure(each.derivative),
                tuple(base + _float(each.at) * slope for base, slope in zip(self.base, self.direction, strict=True)),
            )
            for each in self.result.wrong
        ]

    def bends(self) -> list[Bend]:
        return [
            Bend(
                self.name,
                _float(each.low),
                _float(each.high),
                each.output,
                _enclosure(each.left),
                _enclosure(each.right),
                _enclosure(each.slope),
                each.jump,
            )
            for each in sorted(self.result.bends, key=lambda bend: (bend.low, bend.output))
        ]


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Join neighbours that are left over for the same reason; a point of them goes with what is next to it."""
    joined: list[Stretch] = []
    for each in stretches:
        last = joined[-1] if joined else None
        if last is None or not _belong_together(last, each):
            joined.append(each)
        else:
            reason = each.reason if last.low == last.high else last.reason
            joined[-1] = replace(last, high=each.high, reason=reason)
    return joined


def _belong_together(first: Stretch, second: Stretch) -> bool:
    if not first.verdict == second.verdict == "left over" or first.high != second.low:
        return False
    return first.reason == second.reason or first.low == first.high or second.low == second.high


def _float(number: Any) -> float:
    return int(number.p) / int(number.q)


def _enclosure(ball: Any) -> Enclosure:
    from actcheck.exact.balls import ends

    return Enclosure(*ends(ball))
