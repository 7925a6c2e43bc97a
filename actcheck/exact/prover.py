"""Bounds the error of a gradient over all of an interval: proved, refuted, or left over with the reason.

A piece is proved where the functor's slope and the derivative differ by at most the tolerance for every way in which
open comparisons may be decided, each slope against each derivative. Where comparisons change, the point itself is
examined from both sides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import Any

from flint import arb, fmpq

from actcheck.dataclass import dataclass
from actcheck.exact.balls import BITS, beyond, hull, precision, sign, within
from actcheck.exact.evaluation import Split
from actcheck.exact.replay import TERMS, Expansion, Outcome, Replay, TooManyForksError
from actcheck.exact.taylor import Piece, bounds

FIRST_PIECES = 16
MOST_PIECES = 20_000
_SAMPLES = 33
MOST_FOLLOWED = 3
_COARSE = 1024
_LARGER = 4
_RESCALED = 64
_POINT_TERMS = 4
_NEIGHBOURS = 4

OPEN = "a comparison that nothing decides"
MANY = "more comparisons are open than can be followed"
REFUTED = "not looked at closer: the gradient is refuted"
WIDE = "its bound stays above the tolerance"
BUDGET = f"not looked at: {MOST_PIECES:,} pieces were"


@dataclass(frozen=True)
class Wrong:
    """Where the gradient is certainly wrong.

    Parameters
    ----------
    low, high : fmpq
        A piece all of which is wrong, or a point.
    at : fmpq
        A point of it.
    output : int
    slope, derivative : arb
        The functor's and the true one there.
    """

    low: Any
    high: Any
    at: Any
    output: int
    slope: Any
    derivative: Any


@dataclass(frozen=True)
class Bend:
    """A kink or a jump: between these ends, equal for a point, with the slopes on both sides and the functor's.

    Parameters
    ----------
    low, high : fmpq
    output : int
    left, right, slope : arb
    jump : bool
    """

    low: Any
    high: Any
    output: int
    left: Any
    right: Any
    slope: Any
    jump: bool


@dataclass(frozen=True)
class Left:
    """A piece, or a point, of which neither is known."""

    low: Any
    high: Any
    reason: str


@dataclass
class Result:
    """What is known of an interval; it grows while the proof runs.

    Parameters
    ----------
    allowed : arb
        The tolerance times the scale.
    scale : arb
        The largest derivative at some points.
    proved : list of (fmpq, fmpq)
    wrong : list of Wrong
    bends : list of Bend
    left : list of Left
    replays : int
    worst : arb
        The largest bound of the error on a piece that is proved.
    """

    allowed: Any
    scale: Any
    proved: list[tuple[Any, Any]] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    bends: list[Bend] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    replays: int = 0
    worst: Any = None


def prove(replay: Replay, low: Any, high: Any, tolerance: Any, resolution: Any) -> Result:
    """Prove, refute, or leave over, all of an interval.

    Parameters
    ----------
    replay : Replay
    low, high : fmpq
    tolerance : fmpq
        Of the largest derivative.
    resolution : fmpq
        The width at which a piece is left over.

    Raises
    ------
    ReplayError
        If the functor's code cannot be replayed.
    """
    with precision(BITS, TERMS):
        scale = _scale(replay, low, high)
        for _ in range(_RESCALED):
            result = Result(arb(tolerance) * scale, scale)
            try:
                _Prover(replay, result, resolution, (high - low) / _COARSE).run(low, high)
            except _LargerError as found:
                scale = found.scale
            else:
                break
    return result


class _LargerError(Exception):
    """A derivative was met that is far larger than those that the tolerance was taken from."""

    def __init__(self, scale: Any) -> None:
        super().__init__()
        self.scale = scale


def _samples(low: Any, high: Any) -> list[Any]:
    """Give points off the round numbers, where kinks are: evenly, and of all magnitudes, as functions live around 0."""
    even = [low + (high - low) * fmpq(2 * index + 1, 2 * _SAMPLES + 1) for index in range(_SAMPLES)]
    widest = max(abs(low), abs(high))
    sizes = [fmpq(4, 3) * fmpq(2) ** power for power in range(-_SAMPLES // 2, 1024, 1 if widest <= 2**32 else 8)]
    return even + [point for size in sizes for point in (-size, size) if low <= point <= high]


def _scale(replay: Replay, low: Any, high: Any) -> Any:
    largest = arb(0)
    for point in _samples(low, high):
        try:
            outcome = replay.over(Piece(point, point), terms=_POINT_TERMS)
        except TooManyForksError:
            continue
        for output in outcome.outputs:
            slope = output.derivative()[0]
            if slope.is_finite():
                largest = largest.max(slope.abs_lower())
    return arb(1) if sign(largest) == 0 else largest


@dataclass
class _Prover:
    replay: Replay
    result: Result
    resolution: Any
    coarse: Any
    seams: set[Any] = field(default_factory=set)

    def run(self, low: Any, high: Any) -> None:
        """Go through all pieces, then through the points between them at which something changes."""
        step = (high - low) / FIRST_PIECES
        pending = [(low + step * index, low + step * (index + 1)) for index in reversed(range(FIRST_PIECES))]
        while pending:
            ends = pending.pop()
            if self.result.replays >= MOST_PIECES:
                self.result.left.append(Left(*ends, BUDGET))
                continue
            pending += reversed(self._parts(Piece(*ends)))
        self._clusters()
        for point in sorted(self.seams | {low, high}):
            self._examine(point)
        self._join()
        self.result.left.sort(key=lambda left: (left.low, left.high))

    # -------------------------------------------------------------------------------------- pieces

    def _parts(self, piece: Piece) -> list[tuple[Any, Any]]:
        """Decide a piece, or give the parts to look at instead."""
        self.result.replays += 1
        try:
            outcome = self.replay.over(piece)
        except Split as split:
            self.seams.add(split.point)
            return [(piece.low, split.point), (split.point, piece.high)]
        except TooManyForksError:
            return self._halves(piece, MANY)
        outcome = self._closer(outcome, piece)
        self._mind_scale(outcome)
        found = _errors(outcome, piece)
        allowed = self.result.allowed
        if all(within(error, allowed) for error in found) and not self._may_jump(outcome, piece):
            self.seams |= outcome.touched
            self._prove(piece, found)
            return []
        for index, (error, output) in enumerate(zip(found, outcome.outputs, strict=True)):
            if beyond(error, allowed):
                self.seams |= outcome.touched
                self._refute(piece, index, output)
                return []
        return self._halves(piece, _reason(outcome), outcome)

    def _mind_scale(self, outcome: Outcome) -> None:
        """Begin again where a derivative is far larger than the scale, which samples have missed."""
        for output in outcome.outputs:
            slope = output.derivative()[0]
            if beyond(slope, _LARGER * self.result.scale):
                raise _LargerError(slope.abs_lower())

    def _closer(self, outcome: Outcome, piece: Piece) -> Outcome:
        """Follow open comparisons one by one, where it is their hulls that are too wide."""
        few = 0 < outcome.left_open <= MOST_FOLLOWED
        if not few or all(within(output.errors()[0].rad(), self.result.allowed) for output in outcome.outputs):
            return outcome
        try:
            return self.replay.following(piece)
        except (Split, TooManyForksError):
            return outcome

    def _prove(self, piece: Piece, errors: Iterable[Any]) -> None:
        self.result.proved.append((piece.low, piece.high))
        for error in errors:
            worst = error.abs_upper()
            self.result.worst = worst if self.result.worst is None else self.result.worst.max(worst)

    def _refute(self, piece: Piece, index: int, output: Expansion) -> None:
        wrong = Wrong(piece.low, piece.high, piece.middle, index, output.slope[0], output.derivative()[0])
        self.result.wrong.append(wrong)

    def _may_jump(self, outcome: Outcome, piece: Piece) -> bool:
        """Tell whether branches of the same slope may be so far apart that the function jumps between them."""
        if outcome.forks == 1 and not outcome.left_open:
            return False
        limit = 3 * self.result.allowed * arb(piece.width) + self.result.scale * arb(2) ** -100
        return not all(within(output.value[0].rad(), limit) for output in outcome.outputs)

    def _halves(self, piece: Piece, reason: str, outcome: Outcome | None = None) -> list[tuple[Any, Any]]:
        for index, output in enumerate(outcome.outputs if outcome else ()):
            if beyond(output.errors()[0], self.result.allowed):
                self._refute(Piece(piece.middle, piece.middle), index, output)
                break
        finest = self.coarse if self.result.wrong else self.resolution
        if piece.width <= self.coarse and outcome is not None and self._is_undefined(piece, outcome):
            self.result.left.append(Left(piece.low, piece.high, f"it has no value there: {reason}"))
            return []
        if piece.width > finest:
            return [(piece.low, piece.middle), (piece.middle, piece.high)]
        kept = REFUTED if piece.width > self.resolution else reason
        self.result.left.append(Left(piece.low, piece.high, kept))
        return []

    def _is_undefined(self, piece: Piece, outcome: Outcome) -> bool:
        """Tell whether there is no value in the middle, nor at another point: outside the domain, not at its edge."""
        if all(output.value[0].is_finite() for output in outcome.outputs):
            return False
        point = piece.low + piece.width * fmpq(5, 16)
        try:
            beside = self.replay.over(Piece(point, point), terms=_POINT_TERMS)
        except TooManyForksError:
            return False
        return not all(output.value[0].is_finite() for output in beside.outputs)

    # -------------------------------------------------------------------------------------- what is left

    def _join(self) -> None:
        """Join neighbours that were decided alike."""
        result = self.result
        result.proved = _joined(result.proved)
        whole = sorted((each for each in result.wrong if each.low != each.high), key=lambda each: each.low)
        inside = [each for each in result.wrong if each.low == each.high]
        joined: list[Wrong] = []
        for each in whole:
            last = joined[-1] if joined else None
            if last is not None and last.high == each.low and last.output == each.output:
                joined[-1] = Wrong(last.low, each.high, last.at, last.output, last.slope, last.derivative)
            else:
                joined.append(each)
        lone = [each for each in inside if not any(one.low <= each.at <= one.high for one in joined)]
        result.wrong = sorted(joined, key=lambda each: each.low - each.high) + lone

    def _clusters(self) -> None:
        """See whether neighbouring pieces that are left over are a kink or a jump whose place is not known better."""
        left, self.result.left = self.result.left, []
        for low, high in _joined([(each.low, each.high) for each in left]):
            members = [each for each in left if low <= each.low and each.high <= high]
            bends = self._bends(low, high) if high - low <= _NEIGHBOURS * self.resolution else []
            self.result.bends += bends
            if not bends:
                self.result.left += members

    def _bends(self, low: Any, high: Any) -> list[Bend]:
        try:
            first, last = (self.replay.over(Piece(end, end), terms=_POINT_TERMS) for end in (low, high))
            whole = self.replay.over(Piece(low, high), terms=_POINT_TERMS)
        except (Split, TooManyForksError):
            return []
        found = []
        for index, output in enumerate(whole.outputs):
            left, right = (each.outputs[index].derivative()[0] for each in (first, last))
            derivative, slope = output.derivative(over=True)[0], output.slope_over[0]
            rise = last.outputs[index].value[0] - first.outputs[index].value[0]
            jump = beyond(rise, 2 * derivative.abs_upper() * arb(high - low)) if derivative.is_finite() else False
            if self._agree(left, right, derivative, slope) and not jump:
                continue
            both = hull((left, right))
            # Radii have 30 bits only, so that hulls stick out a little.
            slack = self.result.allowed + both.rad() * arb(2) ** -26
            if not jump and not all(_inside(each, both, slack) for each in (derivative, slope)):
                return []
            found.append(Bend(low, high, index, left, right, slope, jump))
        return found

    def _agree(self, left: Any, right: Any, derivative: Any, slope: Any) -> bool:
        allowed = self.result.allowed
        return all(within(each - side, allowed) for each in (derivative, slope) for side in (left, right))

    def _between(self, value: Any, left: Any, right: Any) -> bool:
        """Tell whether a value is certainly between two slopes, but for the tolerance."""
        return _inside(value, hull((left, right)), self.result.allowed)

    # -------------------------------------------------------------------------------------- points

    def _examine(self, point: Any) -> None:
        """Judge the gradient at a point where something changes, by the slopes on both sides of it."""
        self.result.replays += 1
        try:
            sides = [self.replay.over(Piece(point, point, side), terms=_POINT_TERMS) for side in (-1, 0, 1)]
        except TooManyForksError:
            self.result.left.append(Left(point, point, MANY))
            return
        for index in range(len(sides[0].outputs)):
            before, at, after = (side.outputs[index] for side in sides)
            if not self._judged(point, index, before, at, after):
                self.result.left.append(Left(point, point, _reason(sides[1], sides[0], sides[2])))
                return

    def _judged(self, point: Any, index: int, before: Expansion, at: Expansion, after: Expansion) -> bool:
        left, right, slope = before.derivative()[0], after.derivative()[0], at.slope[0]
        allowed = self.result.allowed
        if any(self._apart(side.value[0], at.value[0]) for side in (before, after)):
            if slope.is_finite():
                self.result.bends.append(Bend(point, point, index, left, right, slope, jump=True))
            return bool(slope.is_finite())
        if within(left - right, allowed):
            if within(slope - left, allowed) and within(slope - right, allowed):
                return True
            refused = beyond(slope - left, allowed) and beyond(slope - right, allowed)
        else:
            if not beyond(left - right, allowed):
                return False
            if self._between(slope, left, right):
                self.result.bends.append(Bend(point, point, index, left, right, slope, jump=False))
                return True
            refused = slope.is_finite() and _outside(slope, left, right, allowed)
        if refused:
            nearer = left if sign(abs(slope - left) - abs(slope - right)) == -1 else right
            self.result.wrong.append(Wrong(point, point, point, index, slope, nearer))
        return refused

    def _apart(self, one: Any, other: Any) -> bool:
        """Tell whether values differ, by more than float64 could show: formulas that meet at a seam are approximate."""
        return beyond(one - other, (abs(other) + self.result.scale).abs_upper() * arb(2) ** -52)


def _errors(outcome: Outcome, piece: Piece) -> list[Any]:
    """Give a bound of each output's error over a piece."""
    return [bounds(output.errors(), output.errors(over=True), piece) for output in outcome.outputs]


def _reason(*outcomes: Outcome) -> str:
    reasons = [reason for outcome in outcomes for reason in outcome.reasons]
    if reasons:
        return reasons[0]
    return OPEN if any(outcome.left_open or outcome.forks > 1 for outcome in outcomes) else WIDE


def _joined(pieces: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Join pieces that touch."""
    joined: list[tuple[Any, Any]] = []
    for low, high in sorted(pieces):
        if joined and joined[-1][1] == low:
            joined[-1] = (joined[-1][0], high)
        else:
            joined.append((low, high))
    return joined


def _inside(value: Any, holder: Any, allowed: Any) -> bool:
    if not (value.is_finite() and holder.is_finite()):
        return False
    return sign(value.lower() - holder.lower() + allowed) in (0, 1) and sign(
        holder.upper() + allowed - value.upper()
    ) in (0, 1)


def _outside(value: Any, left: Any, right: Any, allowed: Any) -> bool:
    below = all(sign(side - allowed - value) == 1 for side in (left, right))
    above = all(sign(value - side - allowed) == 1 for side in (left, right))
    return below or above
