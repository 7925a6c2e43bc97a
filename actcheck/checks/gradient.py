"""The gradient, entry by entry: a cheap pass over all of them, and the ladder for those that disagree.

This check owns the loop of escalation; `actcheck.numeric` estimates what it is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck.checks import judge, look, windows
from actcheck.checks.calibration import Calibration
from actcheck.checks.calls import Subject
from actcheck.checks.judge import Seen, code
from actcheck.checks.oracle import Answer, Oracle
from actcheck.checks.tally import PER_ROW, SHOWN, Tally, telling
from actcheck.checks.tolerance import Tolerance
from actcheck.dataclass import dataclass
from actcheck.model import Claim, Entry, Kink, Layout, Rows, Verdict, place
from actcheck.numeric import climb, closeup, ladder
from actcheck.numeric.differences import Pass, central
from actcheck.numeric.lines import FloatArray, IndexArray, Lines
from actcheck.numeric.pilot import Plan
from actcheck.rows.generated import directions

DOUBTS = 64
"""So many entries that differences cannot tell are kept, to be looked at by other means."""
FAR_OUT = "edge"
"""On these rows x may be so large that differences are off by more than they can know: it is no error for sure."""

# On these rows x is nowhere in particular: no feature is centred on it but by a rare chance.
_BY_CHANCE = ("random", "sweep")

_DOUBTED_ELEMENTS = 1 << 18

_ALWAYS = 64
_SAMPLE = 1 << 13
_SAMPLE_OF_MANY = 1 << 10

_TOWARDS_ZERO = np.array([31 / 32, 7 / 8, 3 / 4, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32])
_FAINT = 1e-6

# Steps up to this share of the function's usual features show them.
_FEATURE = 1e-3

# The type's own rounding of x may move it by this share of a feature.
_BLURRED = 0.05

# What rounding to a shorter type inside may change the value by, as a share of its usual size.
_COARSE = 2.0**-6
_PASS_ELEMENTS = 1 << 15
_DIAGONAL_ELEMENTS = 1 << 16
_LADDER_ELEMENTS = 1 << 18
_BLOCK_ELEMENTS = 1 << 20
_WIDE_LINES = 1 << 14


@dataclass
class GradientCheck:
    """One check of some rows.

    Parameters
    ----------
    subject : Subject
    calibration : Calibration
    seed : int
        Of the directions in which noise is measured.
    watch : callable, optional
        Is shown rows and the functor's values on them, as they are evaluated.
    tally : Tally
        Of all rows so far.
    budget : int
        So many entries may go up the ladder; more than that is unresolved, but for some in every block.
    doubts : list of Entry
        Some of those that differences are too blunt for, whether they passed or not; see `actcheck.checks.tails`.
    closeups : int
        So many values may be evaluated to look closer at entries that agree.
    oracle : Oracle, optional
        Decides what stays unresolved.
    """

    subject: Subject
    calibration: Calibration
    seed: int
    watch: Callable[[Rows, FloatArray], None] | None = None
    tally: Tally = field(default_factory=Tally)
    budget: int = 1 << 18
    doubts: list[Entry] = field(default_factory=list)
    closeups: int = 1 << 19
    oracle: Oracle | None = None
    _spent: int = 0
    _room: FloatArray | None = None

    def add(self, rows: Rows) -> GradientCheck:
        """Check some rows, a block at a time, so that memory does not grow with their number."""
        size = self._rows_at_a_time()
        for start in range(0, len(rows.values), size):
            block = rows.part(start, start + size)
            self.block(block, self.subject.gradient(block.values))
        return self

    def _rows_at_a_time(self) -> int:
        if self.subject.diagonal:
            return min(self.subject.block, max(_DIAGONAL_ELEMENTS // self.subject.inputs, 16))
        # Still in a cache when it is compared.
        return max(1, min(self.subject.block, _BLOCK_ELEMENTS // self.subject.gradient_size))

    def block(self, rows: Rows, gradient: FloatArray) -> None:
        """Check rows whose gradient is known, so many that it fits into memory."""
        elements = _DIAGONAL_ELEMENTS if self.subject.diagonal else _PASS_ELEMENTS
        size = max(1, elements // self.subject.gradient_size)
        for at in range(0, len(gradient), size):
            part = Part.of(self.subject, rows.part(at, at + size), gradient[at : at + size], self.watch)
            self._pass(part)

    def _pass(self, part: Part) -> None:
        quick = self.calibration.quick
        cheap = self._cheap(part, quick or self.calibration.plan)
        slopes = part.row_slopes(cheap.value)
        left = _Left(cheap.value.shape)
        closer = self._worth_closer(part, cheap, slopes)
        again = []
        for lines in part.blocks():
            some, index = cheap.lines(lines), part.index[lines]
            told = self._told(part.analytic[lines], some, part.allowed(self.calibration.tolerance, some, slopes))
            agrees, exempt = self._agreeing(part, index, told, closer)
            settled = np.all(agrees if exempt is None else agrees | exempt, axis=1)
            if quick is not None and not settled.all():
                again.append(index[~settled])
                agrees[~settled] = False
                exempt = None if exempt is None else exempt & settled[:, None]
            self._book(part, index, told, agrees, exempt)
            if quick is None:
                left.add(index, agrees, exempt, told)
        if again:
            self._pass_again(part, np.concatenate(again), slopes, closer, left)
        if left.any:
            self._escalate(part, left.suspects, left.excess, slopes)

    def _pass_again(
        self, part: Part, lines: IndexArray, slopes: FloatArray, closer: NDArray[np.bool_], left: _Left
    ) -> None:
        """Take lines that do not agree by the quick pass at a higher order."""
        size = max(1, _PASS_ELEMENTS // part.lines.width)
        for at in range(0, lines.size, size):
            index = lines[at : at + size]
            cheap = central(part.lines, index, part.centre_of(index), self.calibration.plan)
            row_slopes = part.merge_slopes(slopes, index, cheap.value)
            with np.errstate(invalid="ignore", over="ignore"):
                allowed = self.calibration.tolerance.allowed(cheap.value, cheap.x, row_slopes, cheap.bend)
            told = self._told(part.analytic[index], cheap, allowed)
            agrees, exempt = self._agreeing(part, index, told, closer)
            self._book(part, index, told, agrees, exempt)
            left.add(index, agrees, exempt, told)

    def _cheap(self, part: Part, plan: Plan) -> Pass:
        blocks = part.blocks()
        if len(blocks) == 1:
            return central(part.lines, part.index, part.centre, plan)
        if self._room is None or self._room[0].shape != part.analytic.shape:
            self._room = np.empty((2, *part.analytic.shape))
        value, second = self._room
        for lines in blocks:
            central(part.lines, part.index[lines], part.centre, plan, (value[lines], second[lines]))
        return Pass(value, second, part.centre, part.x, plan)

    def _agreeing(
        self, part: Part, index: IndexArray, told: _Told, closer: NDArray[np.bool_]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_] | None]:
        """Tell which entries of some lines agree, and of which nothing is asked, None where there are none."""
        assert isinstance(told.bound, Pass)
        agrees = self._compared(told.bound, told)
        self._look_closer(part, index, told.bound, agrees, closer)
        exempt = None if part.exempt is None else part.exempt[index]
        if exempt is not None:
            agrees[exempt] = False
        return agrees, exempt

    def _book(
        self,
        part: Part,
        index: IndexArray,
        told: _Told,
        agrees: NDArray[np.bool_],
        exempt: NDArray[np.bool_] | None,
    ) -> None:
        """Count the entries that are settled."""
        if exempt is not None:
            self._count_exempt(exempt, np.broadcast_to(part.centre_of(index), exempt.shape))
        self._agreed(part, index, agrees, told)

    @staticmethod
    def _told(analytic: FloatArray, cheap: Pass, allowed: FloatArray) -> _Told:
        with np.errstate(invalid="ignore", over="ignore"):
            off = np.subtract(analytic, cheap.value, order="C")
            np.abs(off, out=off)
        return _Told(cheap.value, allowed, off, cheap)

    def _compared(self, cheap: Pass, told: _Told) -> NDArray[np.bool_]:
        telling = self.calibration.tolerance.telling
        with np.errstate(invalid="ignore"):
            agrees = told.off <= told.allowed
            if not cheap.most <= telling:
                agrees &= cheap.estimate.bound <= np.maximum(told.allowed, telling)
        bent = cheap.bent
        return agrees & ~bent if bent.any() else agrees

    def _worth_closer(self, part: Part, cheap: Pass, slopes: FloatArray) -> NDArray[np.bool_]:
        """Tell which rows are worth a close-up: those that were chosen for a reason, of a Jacobian if it may tell."""
        n, batch = self.subject.inputs, len(part.lines.X)
        if part.rows.kind in _BY_CHANCE:
            return np.zeros(batch, bool)
        work = closeup.EVALUATIONS * batch * (n if self.subject.diagonal else max(n, self.subject.outputs))
        if work > self.closeups:
            return np.zeros(batch, bool)
        self.closeups -= work
        if self.subject.diagonal:
            return np.ones(batch, bool)
        worth = np.zeros(batch, bool)
        centre = np.broadcast_to(part.centre, part.analytic.shape)[::n]
        worth[closeup.rows_differ(part.lines, centre, slopes, cheap, self._towards[0])] = True
        return worth

    def _look_closer(
        self, part: Part, index: IndexArray, cheap: Pass, agrees: NDArray[np.bool_], closer: NDArray[np.bool_]
    ) -> None:
        """Take back, in place, what agrees at the cheap step only."""
        if not closer.any():
            return
        chosen = np.flatnonzero(closer[index // self.subject.inputs])
        work = 0 if self.subject.diagonal else closeup.EVALUATIONS * chosen.size * self.subject.inputs
        if work > self.closeups or not chosen.size:
            return
        self.closeups -= work
        some = cheap if chosen.size == index.size else cheap.lines(chosen)
        agrees[chosen] &= ~closeup.differs(part.lines, index[chosen], some.centre, some)

    @cached_property
    def _towards(self) -> FloatArray:
        """One direction, the same for every row: a verdict that depended on a row's place would not be its replay's."""
        return directions(self.seed, 3, (1, self.subject.inputs))

    def _count_exempt(self, exempt: NDArray[np.bool_], centre: FloatArray) -> None:
        outside = int(np.count_nonzero(exempt & np.isnan(centre)))
        self.tally.counts[Verdict.OUTSIDE] += outside
        self.tally.counts[Verdict.OVERFLOW] += int(np.count_nonzero(exempt)) - outside

    def _agreed(self, part: Part, index: IndexArray, agrees: NDArray[np.bool_], told: _Told) -> None:
        count = int(np.count_nonzero(agrees))
        if not count:
            return
        flat = None if count == agrees.size else np.flatnonzero(agrees)
        with np.errstate(invalid="ignore", divide="ignore"):
            excess = told.off / told.allowed
        best = int(np.argmax(excess)) if flat is None else int(flat[np.argmax(excess.ravel()[flat])])
        # A share needs no more than a sample of many.
        every = 1 if count <= _SAMPLE else count // _SAMPLE_OF_MANY
        some = np.arange(0, count, every) if flat is None else flat[::every]
        self.tally.counts[Verdict.AGREE] += count
        self._weigh(part, index, told, some, count)
        off, allowed = float(told.off.flat[best]), float(told.allowed.flat[best])
        if self.tally.is_nearer(off, allowed):
            line, output = divmod(best, agrees.shape[1])
            bound = float(told.bounds(np.array([best]))[0])
            self.tally.nearest(off, allowed, part.where(int(index[line]), output), bound)

    def _weigh(self, part: Part, index: IndexArray, told: _Told, some: IndexArray, count: int) -> None:
        """Take note of what would have been seen on a sample of agreeing entries, which stands for so many."""
        tolerance = self.calibration.tolerance
        with np.errstate(invalid="ignore", divide="ignore"):
            allowed, size = told.allowed.ravel()[some], np.abs(told.value.ravel()[some])
            floored = round(np.count_nonzero(allowed > 2 * tolerance.rtol * size) / size.size * count)
            asked = tolerance.rtol * size + tolerance.atol
            # A function that is constant to the bit may still have a derivative, which other means can tell.
            blunt = size == 0
            bounds = told.bounds(some)
            seen = (allowed + bounds) / size
            # Next to a derivative of 0 every error is infinitely large, unless value and gradient are plainly constant.
            if blunt.any() and (constant := told.constant(some)).any():
                constant[constant] = ~self._fades(part, index[some[constant] // told.value.shape[1]])
                usual = max(tolerance.slope, tolerance.steep)
                seen[constant] = (allowed + bounds)[constant] / usual if tolerance.slope else 0.0
            blunt |= ~(seen <= telling(tolerance.rtol))
            if part.rows.kind != FAR_OUT:
                self.tally.exceed(told.off.ravel()[some], bounds, allowed, asked)
        self.tally.weigh(seen, floored, tolerance.rtol, count)
        self._doubt(part, index, told, some[blunt], Verdict.AGREE)

    def _fades(self, part: Part, lines: IndexArray) -> NDArray[np.bool_]:
        """Tell which flat entries lie in a tail: the value is still by its rounding only, towards 0 it is almost so.

        A value of 0 is not rounded, and a function that is plainly constant changes at a kink by more than that.
        """
        if not self.subject.diagonal:
            return np.zeros(len(lines), bool)
        centre = part.centre
        fades: NDArray[np.bool_] = centre[lines, 0] != 0
        unique, place = np.unique(lines[fades], return_inverse=True)
        if unique.size:
            values = part.lines.values(unique, part.x[unique, 0] * _TOWARDS_ZERO[:, None])[:, :, 0]
            change, size = np.abs(values - centre[unique, 0]), np.abs(centre[unique, 0])
            fades[fades] = ((change > 0) & (change <= _FAINT * size)).any(axis=0)[place]
        return fades

    def _room_for_doubts(self, verdict: Verdict) -> int:
        # Each takes the gradient of whole rows to look at it. Those that passed leave room for those that did not.
        most = min(DOUBTS, _DOUBTED_ELEMENTS // self.subject.gradient_size)
        return most * (2 if verdict is Verdict.UNRESOLVED else 1) - len(self.doubts)

    def _doubt(self, part: Part, index: IndexArray, told: _Told, chosen: IndexArray, verdict: Verdict) -> None:
        """Keep some of the entries that differences are too blunt for: those first that are not 0."""
        room = self._room_for_doubts(verdict)
        if room <= 0 or not chosen.size:
            return
        lines, outputs = np.divmod(chosen, told.value.shape[1])
        analytic = part.analytic[index[lines], outputs]
        order = np.argsort((analytic == 0) * 2 + (told.value.flat[chosen] == 0), kind="stable")
        if order.size > room:
            weights = (analytic == 0) & (told.value.flat[chosen] == 0)
            telling_ones = order[: max(room, order.size - int(np.count_nonzero(weights)))]
            order = telling_ones[np.linspace(0, telling_ones.size - 1, room).round().astype(int)]
        kept = chosen[order]
        bounds = told.bounds(kept)
        for k, at in enumerate(kept.tolist()):
            entry = part.entry(int(index[lines[order[k]]]), int(outputs[order[k]]), verdict)
            value, allowed = float(told.value.flat[at]), float(told.allowed.flat[at])
            self.doubts.append(replace(entry, numeric=value, bound=float(bounds[k]), allowed=allowed))

    def matrix(self, rows: Rows) -> Decided:
        """Decide every entry of some rows on the ladder, whatever the cheap pass would say."""
        part = Part.of(self.subject, rows, self.subject.gradient(rows.values), None)
        slopes = np.zeros((len(part.lines.X), part.lines.outputs))
        return self._decide(part, part.index, np.ones(part.analytic.shape, bool), slopes)

    def decide(
        self, rows: Rows, gradient: FloatArray, asked: NDArray[np.bool_], slopes: FloatArray, thorough: bool
    ) -> tuple[Part, Decided | None]:
        """Decide some entries of one row on the ladder, without recording it; None where there are none.

        Parameters
        ----------
        rows : Rows
            One row.
        gradient : ndarray of shape (1, m, n)
        asked : ndarray of shape (n, m)
        slopes : ndarray of shape (1, m)
            The largest slope of each output, about.
        thorough : bool
            Whether what the ladder calls wrong is looked at a second time.
        """
        part = Part.of(self.subject, rows, gradient, None)
        index = np.flatnonzero(asked.any(axis=1))
        return part, self._decide(part, index, asked[index], slopes, thorough) if index.size else None

    # -------------------------------------------------------------------------------------- the ladder

    def _escalate(self, part: Part, suspects: NDArray[np.bool_], excess: FloatArray, slopes: FloatArray) -> None:
        index = self._affordable(part, suspects, excess)
        self.record(part, self._decide(part, index, suspects[index], slopes))

    def _decide(
        self, part: Part, index: IndexArray, asked: NDArray[np.bool_], slopes: FloatArray, thorough: bool = True
    ) -> Decided:
        seen = self._climb(part, index, asked)
        analytic = part.analytic[index]
        row_slope = part.merge_slopes(slopes, index, seen.value)
        tolerance = self.calibration.tolerance
        with np.errstate(invalid="ignore", over="ignore"):
            allowed = tolerance.allowed(seen.value, part.x[index], row_slope, seen.bend)
        verdicts, reasons = judge.judge(analytic, seen, allowed, tolerance.telling)
        verdicts[np.abs(seen.value) > float(np.finfo(self.subject.dtype).max)] = code(Verdict.OVERFLOW)
        decided = Decided(index, asked, analytic, seen, allowed, verdicts, reasons, {})
        if thorough:
            self._look_again(part, decided, np.abs(row_slope))
        x = part.x[index]
        far = self.subject.domain.unit(x) * 2.0**-ladder.LEVELS > _FEATURE * tolerance.feature
        far |= tolerance.eps * np.abs(x) > _BLURRED * tolerance.feature
        usual = self.calibration.usual
        if usual.grain > 0:
            # Between neighbours of a shorter type inside, the value changes by much of its size.
            far = far | (usual.grain * np.abs(x * seen.value) > _COARSE * usual.value)
        if not self.subject.domain.is_line:
            far |= tolerance.eps * np.abs(x) > _BLURRED * self.subject.domain.room(x)
        judge.lift(verdicts, reasons, far & np.isfinite(analytic))
        if self.oracle is not None:
            self._ask(self.oracle, part, decided, row_slope)
        return decided

    def _look_again(self, part: Part, decided: Decided, row_slope: FloatArray) -> None:
        if not self.subject.diagonal:
            self._look_around(part, decided)
        verdicts, reasons = decided.verdicts, decided.reasons
        suspects = windows.Suspects(
            decided.index, decided.analytic, decided.allowed, row_slope, decided.seen, verdicts, reasons
        )
        usual, tolerance = self.calibration.usual.value, self.calibration.tolerance
        back = windows.look_again(part.lines, suspects, decided.asked, usual, tolerance)
        for line, output in np.argwhere(back).tolist():
            decided.texts.pop((line, output), None)

    def _ask(self, oracle: Oracle, part: Part, decided: Decided, row_slope: FloatArray) -> None:
        tolerance = self.calibration.tolerance
        slopes = np.broadcast_to(row_slope, decided.allowed.shape)
        for line, output in np.argwhere(decided.asked & (decided.verdicts == code(Verdict.UNRESOLVED))).tolist():
            entry = part.entry(int(decided.index[line]), output, Verdict.UNRESOLVED)
            x, slope = np.array([[entry.x]]), np.array([[slopes[line, output]]])

            def allowed(value: float, bend: float, x: FloatArray = x, slope: FloatArray = slope) -> float:
                largest = np.fmax(slope, abs(value)) if self.subject.diagonal else slope
                return float(tolerance.allowed(np.array([[value]]), x, largest, np.array([[bend]]))[0, 0])

            answer = oracle.answer(
                entry.values, entry.output, entry.input, entry.analytic, allowed, float(tolerance.eps)
            )
            if answer is not None:
                decided.settle(line, output, answer, allowed(answer.value, 0.0))

    def _affordable(self, part: Part, suspects: NDArray[np.bool_], excess: FloatArray) -> IndexArray:
        index = np.flatnonzero(suspects.any(axis=1))
        width = suspects.shape[1]
        most = max(_ALWAYS, (self.budget - self._spent) // width)
        if index.size > most:
            worst = np.where(suspects, np.nan_to_num(excess, nan=np.inf, posinf=np.inf), -1.0).max(axis=1)[index]
            kept = np.sort(index[np.argsort(-worst, kind="stable")[:most]])
            self._skip(part, suspects, np.setdiff1d(index, kept, assume_unique=True))
            index = kept
        self._spent += index.size * width
        return index

    def _skip(self, part: Part, suspects: NDArray[np.bool_], index: IndexArray) -> None:
        self.tally.counts[Verdict.UNRESOLVED] += int(np.count_nonzero(suspects[index]))
        first = int(index[0])
        output = int(np.argmax(suspects[first]))
        entry = part.entry(first, output, Verdict.UNRESOLVED)
        self.tally.keep(replace(entry, reason=judge.COSTLY))

    def _climb(self, part: Part, index: IndexArray, asked: NDArray[np.bool_]) -> Seen:
        X = part.lines.X
        towards = np.broadcast_to(self._towards, X.shape)
        size = max(1, _LADDER_ELEMENTS // (2 * ladder.LEVELS * part.lines.width))
        if part.lines.diagonal and len(X[0]) > size:
            # However few of them are asked for, all inputs of a row are evaluated.
            size = min(len(X[0]), _WIDE_LINES)
        pieces = []
        for at in range(0, index.size, size):
            some = slice(at, at + size)
            climbed = climb.climb(part.lines, index[some], towards, self.calibration.usual, asked[some])
            pieces.append(judge.spread(judge.seen(climbed), asked[some]))
        return judge.gather(pieces)

    def _look_around(self, part: Part, decided: Decided) -> None:
        n = self.subject.inputs
        index, seen = decided.index, decided.seen
        wrong = decided.asked & (decided.verdicts == code(Verdict.WRONG))
        kinky = seen.kinky & decided.asked
        for row in np.unique(index[(kinky | wrong).any(axis=1)] // n):
            at = np.flatnonzero(index // n == row)
            columns = index[at] % n
            line = np.full(n, -1)
            line[columns] = at
            place = look.Place(
                x=part.lines.X[row],
                analytic=part.analytic[row * n : (row + 1) * n],
                allowed=_spread(decided.allowed[at], columns, n, np.nan),
                low=_spread(seen.low[at], columns, n, np.nan),
                high=_spread(seen.high[at], columns, n, np.nan),
                kinky=_spread(kinky[at], columns, n, False),
                wrong=_spread(wrong[at], columns, n, False),
                noise=seen.noise[at].max(axis=0),
            )
            for found in look.look(self.subject, place, self.seed):
                lines = line[found.inputs]
                lines = lines[lines >= 0]
                lines = lines[decided.asked[lines, found.output]]
                decided.verdicts[lines, found.output] = code(found.verdict)
                decided.texts.update({(int(k), found.output): found.reason for k in lines})

    def record(self, part: Part, decided: Decided) -> None:
        """Count what was decided, and keep the entries to show."""
        seen, allowed = decided.seen, decided.allowed
        agrees = decided.asked & (decided.verdicts == code(Verdict.AGREE))
        off = np.abs(decided.analytic - seen.value)
        still = (seen.low == 0) & (seen.high == 0)
        told = _Told(seen.value, allowed, off, seen.bound, still)
        self._agreed(part, decided.index, agrees, told)
        blunt = decided.asked & (decided.verdicts == code(Verdict.UNRESOLVED))
        blunt &= decided.reasons == judge.REASONS.index(judge.BLUNT)
        if blunt.any():
            self._doubt(part, decided.index, told, np.flatnonzero(blunt), Verdict.UNRESOLVED)
        for verdict in Verdict:
            if verdict is Verdict.AGREE:
                continue
            found = np.argwhere(decided.asked & (decided.verdicts == code(verdict)))
            self.tally.counts[verdict] += len(found)
            if verdict is Verdict.KINK_ACCEPTED:
                self.tally.chosen.update(decided.analytic[found[:SHOWN, 0], found[:SHOWN, 1]].tolist())
                self._choose(part, decided, found[:, 0])
            for line, output in _worth_showing(found, part, decided, verdict):
                self.tally.keep(decided.entry(part, line, output, verdict))

    def _choose(self, part: Part, decided: Decided, lines: IndexArray) -> None:
        if not self.subject.diagonal or not lines.size:
            return
        seen = decided.seen
        places, first = np.unique(part.x[decided.index[lines], 0], return_index=True)
        for x, line in zip(places.tolist(), lines[first].tolist(), strict=True):
            slopes = (float(seen.low[line, 0]), float(seen.high[line, 0])) if seen.kinky[line, 0] else ()
            self.tally.choose(Kink(x + 0.0, slopes, float(decided.analytic[line, 0])))


class _Left:
    """Entries of a part that its passes leave open, and how far each is beyond its tolerance; nothing until one is."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._shape = shape
        self.any = False

    def add(self, index: IndexArray, agrees: NDArray[np.bool_], exempt: NDArray[np.bool_] | None, told: _Told) -> None:
        """Leave open what neither agrees nor is exempt."""
        suspects = ~agrees if exempt is None else ~(agrees | exempt)
        if not suspects.any():
            return
        if not self.any:
            self.any = True
            self.suspects, self.excess = np.zeros(self._shape, bool), np.zeros(self._shape)
        self.suspects[index] = suspects
        with np.errstate(invalid="ignore", divide="ignore"):
            self.excess[index] = told.off / told.allowed


@dataclass(frozen=True)
class _Told:
    """What is known of entries, as arrays of one shape.

    Parameters
    ----------
    value, allowed, off : ndarray
        The derivative, the tolerance, and the analytic value's distance.
    bound : ndarray or Pass
        What the derivative may be off by; or what tells it, of those that it is asked of.
    still : ndarray of bool or None
        Where the function does not change on either side; None where a `Pass` tells it.
    """

    value: FloatArray
    allowed: FloatArray
    off: FloatArray
    bound: FloatArray | Pass
    still: NDArray[np.bool_] | None = None

    def bounds(self, flat: IndexArray) -> FloatArray:
        """Give the bounds of some entries, by their places in row-major order."""
        if isinstance(self.bound, Pass):
            return self.bound.at(flat).estimate.bound[:, 0]
        some: FloatArray = self.bound.ravel()[flat]
        return some

    def constant(self, flat: IndexArray) -> NDArray[np.bool_]:
        """Tell of some entries whether the gradient is 0 where the function does not change at all."""
        nothing: NDArray[np.bool_] = (self.value.ravel()[flat] == 0) & (self.off.ravel()[flat] == 0)
        if isinstance(self.bound, Pass):
            nothing &= self.bound.second.ravel()[flat] == 0
        if self.still is not None:
            nothing &= self.still.ravel()[flat]
        return nothing


@dataclass(frozen=True)
class Decided:
    """Lines that went up the ladder, with the verdict on each of their entries; arrays of shape (K, width).

    Parameters
    ----------
    index : ndarray of shape (K,)
        The lines.
    asked : ndarray of bool
        The entries that the cheap pass left open.
    analytic, allowed : ndarray
    seen : Seen
    verdicts, reasons : ndarray of int8
        See `judge.judge`.
    texts : dict of (int, int) to str
        Reasons of single entries in words, which come before `reasons`.
    """

    index: IndexArray
    asked: NDArray[np.bool_]
    analytic: FloatArray
    seen: Seen
    allowed: FloatArray
    verdicts: NDArray[np.int8]
    reasons: NDArray[np.int8]
    texts: dict[tuple[int, int], str]

    def settle(self, line: int, output: int, answer: Answer, allowed: float) -> None:
        """Put what an oracle says of an entry in the place of what differences say."""
        self.verdicts[line, output] = code(answer.verdict)
        self.seen.value[line, output], self.seen.bound[line, output] = answer.value, answer.bound
        self.allowed[line, output] = allowed
        if answer.reason:
            self.texts[line, output] = answer.reason

    @property
    def faults(self) -> set[tuple[int, int]]:
        """The wrong entries, as pairs of line and output."""
        codes = [code(verdict) for verdict in Verdict if verdict.is_fault]
        found = np.argwhere(self.asked & np.isin(self.verdicts, codes))
        return {(int(self.index[line]), int(output)) for line, output in found}

    def entry(self, part: Part, line: int, output: int, verdict: Verdict) -> Entry:
        """Describe one of the entries."""
        seen = self.seen
        kinky = bool(seen.kinky[line, output])
        reason = judge.REASONS[self.reasons[line, output]] if verdict is Verdict.UNRESOLVED else ""
        return replace(
            part.entry(int(self.index[line]), output, verdict),
            reason=self.texts.get((line, output), reason),
            numeric=float(seen.value[line, output]),
            bound=float(seen.bound[line, output]),
            allowed=float(self.allowed[line, output]),
            slopes=(float(seen.low[line, output]), float(seen.high[line, output])) if kinky else (),
        )


def _spread(values: NDArray[Any], columns: IndexArray, count: int, fill: float | bool) -> NDArray[Any]:
    whole = np.full((count, *values.shape[1:]), fill, values.dtype)
    whole[columns] = values
    return whole


def _worth_showing(found: NDArray[np.intp], part: Part, decided: Decided, verdict: Verdict) -> list[tuple[int, int]]:
    if not verdict.is_fault or len(found) <= SHOWN:
        return [(int(line), int(output)) for line, output in found[:SHOWN]]
    at = (found[:, 0], found[:, 1])
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        excess = np.abs(decided.analytic[at] - decided.seen.value[at]) / decided.allowed[at]
    found = found[np.argsort(-np.nan_to_num(excess, nan=np.inf, posinf=np.inf), kind="stable")]
    rows = decided.index[found[:, 0]] // part.lines.X.shape[1]
    picked: list[tuple[int, int]] = []
    seen: Counter[int] = Counter()
    for row, (line, output) in zip(rows.tolist(), found.tolist(), strict=True):
        seen[row] += 1
        if seen[row] <= PER_ROW:
            picked.append((line, output))
        if len(picked) == SHOWN:
            break
    return picked


def _as_lines(subject: Subject, gradient: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    if subject.diagonal:
        return gradient.reshape(-1, 1), values.reshape(-1, 1)
    if len(values) == 1:
        # Views: there may be no room for another such Jacobian.
        return gradient[0].T, values
    return np.swapaxes(gradient, 1, 2).reshape(-1, subject.outputs), np.repeat(values, subject.inputs, axis=0)


@dataclass(frozen=True)
class Part:
    """Rows that are judged together, as lines.

    Parameters
    ----------
    rows : Rows
    claim : Claim
    layout : Layout
    lines : Lines
    analytic : ndarray of shape (K, width)
        For every line the functor's gradient.
    centre : ndarray of shape (K, width), or (1, width) of a single row
        Its value at x.
    x : ndarray of shape (K, 1)
    exempt : ndarray of shape (K, width) or None
        Where the value is not finite, so that nothing is asked; None where all are.
    """

    rows: Rows
    claim: Claim
    layout: Layout
    lines: Lines
    analytic: FloatArray
    centre: FloatArray
    x: FloatArray
    exempt: NDArray[np.bool_] | None

    @cached_property
    def index(self) -> IndexArray:
        """All lines."""
        return np.arange(len(self.analytic))

    @classmethod
    def of(
        cls,
        subject: Subject,
        rows: Rows,
        gradient: FloatArray,
        watch: Callable[[Rows, FloatArray], None] | None,
    ) -> Part:
        """Evaluate the function on rows whose gradient is known."""
        X = rows.values
        values = in_type = subject.forward(X)
        if subject.dtype != "float64":
            in_type = subject.forward_in_type(X)
        if watch is not None:
            watch(rows, in_type)
        known = np.isfinite(values) if in_type is values else np.isfinite(values) & np.isfinite(in_type)
        exempt = None if known.all() else ~known
        lines = Lines(subject.forward, X, subject.outputs, subject.diagonal, subject.domain)
        analytic, centre = _as_lines(subject, gradient, values)
        if exempt is not None:
            exempt = exempt.reshape(-1, 1) if subject.diagonal else np.repeat(exempt, subject.inputs, axis=0)
        x = X.reshape(-1, 1)
        return cls(rows, subject.claim, subject.layout, lines, analytic, centre, x, exempt)

    def centre_of(self, index: IndexArray) -> FloatArray:
        """Give the values at x of some lines, or what broadcasts to them."""
        return self.centre if len(self.centre) == 1 else self.centre[index]

    def blocks(self) -> list[slice]:
        """Part the lines of a large Jacobian, of a single row, so that arrays of them stay within a cache."""
        count = len(self.analytic)
        size = count if self.lines.diagonal or len(self.lines.X) > 1 else max(1, _PASS_ELEMENTS // self.lines.width)
        return [slice(start, start + size) for start in range(0, count, size)]

    def allowed(self, tolerance: Tolerance, cheap: Pass, slopes: FloatArray) -> FloatArray:
        """Give the tolerance of the entries of a block, with the slopes that `row_slopes` gives."""
        value = cheap.value
        # Where the type is float64, on the whole line, nobody looks at how the function bends.
        bend = cheap.bend if tolerance.shift > 0 or not tolerance.domain.is_line else value
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            return self._allowed(tolerance, cheap, slopes, bend)

    def _allowed(self, tolerance: Tolerance, cheap: Pass, slopes: FloatArray, bend: FloatArray) -> FloatArray:
        value = cheap.value
        if self.lines.diagonal:
            return tolerance.allowed(value, cheap.x, np.abs(value), bend)
        shape = (len(self.lines.X), -1, self.lines.outputs)
        x = cheap.x.reshape(*shape[:2], 1)
        whole = tolerance.allowed(value.reshape(shape), x, slopes[:, None], bend.reshape(shape))
        return whole.reshape(value.shape)

    def row_slopes(self, value: FloatArray) -> FloatArray:
        """Give the largest slope of each output in each row, of shape (batch, m); nothing else of a diagonal."""
        if self.lines.diagonal:
            return value
        shape = (len(self.lines.X), -1, self.lines.outputs)
        by_row = value.reshape(shape)
        largest: FloatArray = np.maximum(by_row.max(axis=1), -by_row.min(axis=1))
        if np.isfinite(largest).all():
            return largest
        known: FloatArray = np.max(np.where(np.isfinite(by_row), np.abs(by_row), 0.0), axis=1)
        return known

    def merge_slopes(self, slopes: FloatArray, index: IndexArray, value: FloatArray) -> FloatArray:
        """Take over what a finer look at some lines says of the largest slopes."""
        if self.lines.diagonal:
            return np.abs(value)
        row = index // self.lines.X.shape[1]
        merged: FloatArray = np.fmax(slopes[row], np.where(np.isfinite(value), np.abs(value), 0.0))
        return merged

    def where(self, line: int, output: int) -> str:
        """Name an entry as the report does."""
        row, column = divmod(line, self.lines.X.shape[1])
        where = place(column if self.lines.diagonal else output, column, self.claim, self.layout)
        return f"{self.rows.label(row)}, {where}"

    def entry(self, line: int, output: int, verdict: Verdict) -> Entry:
        """Describe an entry of which nothing numeric is known yet."""
        row, column = divmod(line, self.lines.X.shape[1])
        return Entry(
            row=self.rows.label(row),
            output=column if self.lines.diagonal else output,
            input=column,
            x=float(self.lines.X[row, column]),
            values=tuple(map(float, self.lines.X[row])),
            verdict=verdict,
            analytic=float(self.analytic[line, output]),
            numeric=float("nan"),
            bound=float("inf"),
            allowed=0.0,
        )
