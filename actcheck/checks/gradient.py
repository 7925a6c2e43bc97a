"""The gradient, entry by entry: a cheap pass over all of them, and the ladder for those that disagree.

This check owns the loop of escalation; `actcheck.numeric` estimates what it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace
from functools import lru_cache, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck.checks import judge, look, windows
from actcheck.checks.calibration import Calibration
from actcheck.checks.calls import Subject
from actcheck.checks.decided import Decided, worth_showing
from actcheck.checks.judge import Seen, code
from actcheck.checks.oracle import Oracle
from actcheck.checks.part import PASS_ELEMENTS, Block, Part
from actcheck.checks.tally import SHOWN, Tally, telling
from actcheck.checks.told import Picked, Sample, Told, representatives, share, split
from actcheck.dataclass import dataclass
from actcheck.model import Entry, Kink, Rows, Verdict
from actcheck.numeric import climb, closeup, ladder
from actcheck.numeric.differences import Pass, central
from actcheck.numeric.lines import FloatArray, IndexArray
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

_TOWARDS_ZERO = np.array([31 / 32, 7 / 8, 3 / 4, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32])
_FAINT = 1e-6

# Steps up to this share of the function's usual features show them.
_FEATURE = 1e-3

# The type's own rounding of x may move it by this share of a feature.
_BLURRED = 0.05

# What rounding to a shorter type inside may change the value by, as a share of its usual size.
_COARSE = 2.0**-6

_PART_ELEMENTS = 1 << 18
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

    def add(self, rows: Rows) -> GradientCheck:
        """Check some rows, a block at a time, so that memory does not grow with their number."""
        size = self._rows_at_a_time()
        for start in range(0, len(rows.values), size):
            block = rows.part(start, start + size)
            self.block(block, self.subject.gradient(block.values))
        return self

    def _rows_at_a_time(self) -> int:
        if self.subject.diagonal:
            return min(self.subject.block, max(_PART_ELEMENTS // self.subject.inputs, 16))
        # Still in a cache when it is compared.
        return max(1, min(self.subject.block, _BLOCK_ELEMENTS // self.subject.gradient_size))

    def block(self, rows: Rows, gradient: FloatArray) -> None:
        """Check rows whose gradient is known, so many that it fits into memory."""
        most = _PART_ELEMENTS if self.subject.diagonal else _BLOCK_ELEMENTS
        size = max(1, most // self.subject.gradient_size)
        for at in range(0, len(gradient), size):
            part = Part.of(self.subject, rows.part(at, at + size), gradient[at : at + size], self.watch)
            with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
                self._pass(part)

    def _pass(self, part: Part) -> None:
        """Look at lines block by block, with what is known by then of the largest slopes; then at what is left.

        They are no larger than the largest slopes of all, so that what agrees by them agrees.
        """
        plan = self.calibration.quick or self.calibration.plan
        batch = len(part.lines.X)
        slopes = np.zeros((batch, 1, self.subject.outputs))
        closer = np.full(batch, self.subject.diagonal and self._can_look_closer(part))
        along = None if self.subject.diagonal else self._along(part)
        left = _Left(part.shape)
        samples: list[Sample | None] = []
        every = share(part.index.size * part.lines.width)
        again: list[IndexArray] = []
        for block in part.blocks:
            told = self._look(part, block, plan, slopes)
            if self.subject.diagonal:
                agrees = self._agreeing(part, told, closer)
                left.add(part, told, agrees)
            else:
                agrees, back = self._take_back(part, told, closer)
                again.append(back)
            samples.append(told.sample(agrees, every))
            if along is not None:
                along.add(block.rows, block.columns, told.cheap)
        if along is not None:
            closer[closeup.rows_differ(part.lines, part.centre, slopes[:, 0], along, plan)] = True
            for k, block in enumerate(part.blocks):
                if closer[block.rows].any():
                    samples[k], again[k] = None, block.index
        lines = np.concatenate(again) if again else part.index[:0]
        self._count_exempt(part)
        self._book_sample(part, samples, plan, slopes)
        self._pass_again(part, lines, slopes, closer, left)
        if left.any:
            index = self._affordable(part, left.suspects, left.excess)
            self.record(part, self._decide(part, index, left.suspects[index], slopes))

    def _pass_again(
        self, part: Part, lines: IndexArray, slopes: FloatArray, closer: NDArray[np.bool_], left: _Left
    ) -> None:
        """Take lines that do not agree at the first look, now with what is known of their rows, by the whole plan."""
        plan, tolerance = self.calibration.plan, self.calibration.tolerance
        size = max(1, PASS_ELEMENTS // part.lines.width)
        samples = []
        every = share(lines.size * part.lines.width)
        for at in range(0, lines.size, size):
            index = lines[at : at + size]
            cheap = central(part.lines, index, part.centre_of(index), plan, self.subject.scratch)
            largest = part.slopes_of(slopes, index, cheap.value)
            allowed = tolerance.allowed(cheap.value, cheap.x, largest, cheap.bend)
            told = self._told(index, part.analytic_of(index), cheap, allowed)
            agrees = self._agreeing(part, told, closer)
            samples.append(told.sample(agrees, every))
            left.add(part, told, agrees)
        self._book_sample(part, samples, plan, slopes)

    def _look(self, part: Part, block: Block, plan: Plan, slopes: FloatArray) -> Told:
        """Take a block of lines by differences, and compare; learn what the largest slopes are, in place."""
        (lines, index), centre = part.lines_in(block), part.centre_in(block)
        cheap = central(lines, index, centre, plan, self.subject.scratch)
        size = np.abs(cheap.value, out=self.subject.scratch.take("allowed", cheap.value.shape))
        spread, largest = size, size
        if not self.subject.diagonal:
            spread = size.reshape(len(centre), -1, size.shape[1])
            largest = _learn(slopes[block.rows], spread)
        tolerance = self.calibration.tolerance
        bend = cheap.bend.reshape(spread.shape) if tolerance.looks_at_bend else None
        tolerance.widen(spread, cheap.x.reshape(*spread.shape[:-1], 1), largest, bend)
        return self._told(block.index, part.analytic_in(block), cheap, size)

    def _told(self, index: IndexArray, analytic: FloatArray, cheap: Pass, allowed: FloatArray) -> Told:
        excess = self.subject.scratch.take("excess", cheap.value.shape)
        as_given = analytic.shape
        np.subtract(analytic, cheap.value.reshape(as_given), out=excess.reshape(as_given))
        np.abs(excess, out=excess)
        excess /= allowed
        return Told(index, cheap, allowed, excess)

    def _agreeing(self, part: Part, told: Told, closer: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
        """Tell which entries of some lines agree; None where all do."""
        telling, cheap = self.calibration.tolerance.telling, told.cheap
        doubts = [] if (told.furthest <= 1).all() else [told.excess <= 1]
        if not cheap.most <= telling:
            doubts.append(cheap.bound <= np.maximum(told.allowed, telling))
        bends = cheap.bends
        if bends.size:
            straight = np.ones(told.excess.shape, bool)
            straight.reshape(-1)[bends] = False
            doubts.append(straight)
        if closer.any():
            doubts.append(self._look_closer(part, told, closer))
        if part.exempt is not None:
            doubts.append(~part.exempt[told.index])
        return reduce(np.logical_and, doubts) if doubts else None

    def _take_back(
        self, part: Part, told: Told, closer: NDArray[np.bool_]
    ) -> tuple[NDArray[np.bool_] | None, IndexArray]:
        """Give what agrees, and the lines that are not settled; nothing of those agrees yet."""
        if part.exempt is None:
            lines = self._agreeing_lines(told)
            return lines, told.index[:0] if lines is None else told.index[~lines]
        agrees = self._agreeing(part, told, closer)
        assert agrees is not None
        left = ~np.all(agrees | part.exempt[told.index], axis=1)
        agrees[left] = False
        return agrees, told.index[left]

    def _agreeing_lines(self, told: Told) -> NDArray[np.bool_] | None:
        """Tell which lines agree, all of their entries; None where all lines do."""
        telling, cheap = self.calibration.tolerance.telling, told.cheap
        agrees = told.furthest <= 1
        if not cheap.most <= telling:
            agrees &= np.all(cheap.bound <= np.maximum(told.allowed, telling), axis=1)
        agrees[cheap.bends // told.excess.shape[1]] = False
        return None if agrees.all() else agrees

    def _can_look_closer(self, part: Part) -> bool:
        """Tell whether rows may be worth a close-up, having been chosen for a reason, and there is room for it."""
        if part.rows.kind in _BY_CHANCE:
            return False
        n, batch = self.subject.inputs, len(part.lines.X)
        work = closeup.EVALUATIONS * batch * (n if self.subject.diagonal else max(n, self.subject.outputs))
        if work > self.closeups:
            return False
        self.closeups -= work
        return True

    def _along(self, part: Part) -> closeup.Along | None:
        """Give what will be known of rows along one direction, of which it shows whether a close-up may tell."""
        if not self._can_look_closer(part):
            return None
        return closeup.Along.of(part.lines.X, self.subject.outputs, self._towards[0])

    def _look_closer(self, part: Part, told: Told, closer: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell which entries agree at finer steps than the cheap one, too."""
        same = np.ones(told.excess.shape, bool)
        chosen = np.flatnonzero(closer[told.index // self.subject.inputs])
        work = 0 if self.subject.diagonal else closeup.EVALUATIONS * chosen.size * self.subject.inputs
        if work > self.closeups or not chosen.size:
            return same
        self.closeups -= work
        index = told.index[chosen]
        some = told.cheap if chosen.size == told.index.size else told.cheap.lines(chosen)
        same[chosen] = ~closeup.differs(part.lines, index, part.centre_of(index), some)
        return same

    @property
    def _towards(self) -> FloatArray:
        return _towards(self.seed, self.subject.inputs)

    # -------------------------------------------------------------------------------------- what agrees

    def _count_exempt(self, part: Part) -> None:
        """Count the entries of which nothing is asked."""
        if part.exempt is None:
            return
        outside = int(np.count_nonzero(part.exempt & np.isnan(part.centre_of(part.index))))
        self.tally.counts[Verdict.OUTSIDE] += outside
        self.tally.counts[Verdict.OVERFLOW] += int(np.count_nonzero(part.exempt)) - outside

    def _book_sample(self, part: Part, samples: list[Sample | None], plan: Plan, slopes: FloatArray) -> None:
        """Count entries that agree by the cheap pass; a sample of each block tells what that is worth."""
        known = [each for each in samples if each is not None]
        if not known:
            return
        sample = Sample.together(known)
        lines, outputs = split(sample.places, part.lines.width)
        analytic, value = part.analytic_at(lines, outputs), sample.value
        row = lines if self.subject.diagonal else lines // self.subject.inputs
        centre = part.centre[row, outputs]
        cheap = Pass(value[:, None], sample.second[:, None], centre[:, None], part.x[lines], plan)
        largest = np.abs(value)
        if not self.subject.diagonal:
            largest = np.fmax(largest, slopes[row, 0, outputs])
        allowed = self.calibration.tolerance.allowed(cheap.value, cheap.x, largest[:, None], cheap.bend)[:, 0]
        still = (value == 0) & (analytic == 0) & (sample.second == 0)
        picked = Picked(lines, outputs, analytic, value, allowed, cheap.bound[:, 0], still)
        self._book(part, picked, sample.count, len(known))

    def _book(self, part: Part, picked: Picked, count: int, best: int) -> None:
        """Count entries that agree, of which some are known closer; so many, the first, may come nearest."""
        self.tally.counts[Verdict.AGREE] += count
        first = picked.only(slice(best))
        for at, (error, most) in enumerate(zip(first.off.tolist(), first.allowed.tolist(), strict=True)):
            if self.tally.is_nearer(error, most):
                where = part.where(int(first.lines[at]), int(first.outputs[at]))
                self.tally.nearest(error, most, where, float(first.bound[at]))
        self._weigh(part, picked.only(slice(best, None)), count)

    def _weigh(self, part: Part, some: Picked, count: int) -> None:
        """Take note of what would have been seen on a sample of agreeing entries, which stands for so many."""
        tolerance = self.calibration.tolerance
        size = np.abs(some.value)
        asked = tolerance.rtol * size
        floored = round(np.count_nonzero(some.allowed > 2 * asked) / size.size * count)
        # A function that is constant to the bit may still have a derivative, which other means can tell.
        blunt = size == 0
        seen = (some.allowed + some.bound) / size
        # Next to a derivative of 0 every error is infinitely large, unless value and gradient are plainly constant.
        if some.still.any():
            constant = some.still.copy()
            constant[constant] = ~self._fades(part, some.lines[constant])
            usual = max(tolerance.slope, tolerance.steep)
            seen[constant] = (some.allowed + some.bound)[constant] / usual if tolerance.slope else 0.0
        blunt |= ~(seen <= telling(tolerance.rtol))
        if part.rows.kind != FAR_OUT:
            self.tally.exceed(some.off, some.bound, some.allowed, asked + tolerance.atol)
        self.tally.weigh(seen, floored, tolerance.rtol, count)
        if blunt.any():
            self._doubt(part, some.only(blunt), Verdict.AGREE)

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

    def _doubt(self, part: Part, chosen: Picked, verdict: Verdict) -> None:
        """Keep some of the entries that differences are too blunt for: those first that are not 0."""
        room = self._room_for_doubts(verdict)
        if room <= 0 or not chosen.lines.size:
            return
        nothing = (chosen.analytic == 0) & (chosen.value == 0)
        order = np.argsort((chosen.analytic == 0) * 2 + (chosen.value == 0), kind="stable")
        if order.size > room:
            telling_ones = order[: max(room, order.size - int(np.count_nonzero(nothing)))]
            order = telling_ones[np.linspace(0, telling_ones.size - 1, room).round().astype(int)]
        kept = chosen.only(order)
        for k, (line, output) in enumerate(zip(kept.lines.tolist(), kept.outputs.tolist(), strict=True)):
            value, bound, allowed = (float(each[k]) for each in (kept.value, kept.bound, kept.allowed))
            self.doubts.append(replace(part.entry(line, output, verdict), numeric=value, bound=bound, allowed=allowed))

    def matrix(self, rows: Rows) -> Decided:
        """Decide every entry of some rows on the ladder, whatever the cheap pass would say."""
        part = Part.of(self.subject, rows, self.subject.gradient(rows.values), None)
        slopes = np.zeros((len(part.lines.X), 1, part.lines.outputs))
        return self._decide(part, part.index, np.ones(part.shape, bool), slopes)

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
        return part, self._decide(part, index, asked[index], slopes[:, None], thorough) if index.size else None

    # -------------------------------------------------------------------------------------- the ladder

    def _decide(
        self, part: Part, index: IndexArray, asked: NDArray[np.bool_], slopes: FloatArray, thorough: bool = True
    ) -> Decided:
        seen = self._climb(part, index, asked)
        analytic = part.analytic_of(index)
        row_slope = part.slopes_of(slopes, index, seen.value)
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
                analytic=part.analytic_of(np.arange(row * n, (row + 1) * n)),
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
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            excess = np.abs(decided.analytic - seen.value) / allowed
            chosen, count = representatives(excess, agrees, share(int(np.count_nonzero(agrees))))
            if count:
                self._book(part, decided.pick(chosen), count, 1)
        blunt = decided.asked & (decided.verdicts == code(Verdict.UNRESOLVED))
        blunt &= decided.reasons == judge.REASONS.index(judge.BLUNT)
        self._doubt(part, decided.pick(np.flatnonzero(blunt)), Verdict.UNRESOLVED)
        for verdict in Verdict:
            if verdict is Verdict.AGREE:
                continue
            found = np.argwhere(decided.asked & (decided.verdicts == code(verdict)))
            self.tally.counts[verdict] += len(found)
            if verdict is Verdict.KINK_ACCEPTED:
                self.tally.chosen.update(decided.analytic[found[:SHOWN, 0], found[:SHOWN, 1]].tolist())
                self._choose(part, decided, found[:, 0])
            for line, output in worth_showing(found, part, decided, verdict):
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

    def __init__(self, shape: tuple[int, int]) -> None:
        self._shape = shape
        self.any = False

    def add(self, part: Part, told: Told, agrees: NDArray[np.bool_] | None) -> None:
        """Leave open what neither agrees nor is exempt."""
        if agrees is None:
            return
        suspects = ~agrees if part.exempt is None else ~(agrees | part.exempt[told.index])
        if not suspects.any():
            return
        if not self.any:
            self.any = True
            self.suspects, self.excess = np.zeros(self._shape, bool), np.zeros(self._shape)
        self.suspects[told.index] = suspects
        self.excess[told.index] = told.excess


@lru_cache(maxsize=4)
def _towards(seed: int, inputs: int) -> FloatArray:
    """One direction, the same for every row: a verdict that depended on a row's place would not be its replay's."""
    towards = directions(seed, 3, (1, inputs))
    towards.flags.writeable = False
    return towards


def _learn(slopes: FloatArray, sizes: FloatArray) -> FloatArray:
    """Take the largest slopes of rows, of shape (rows, 1, m), from those of lines, (rows, lines, m), in place."""
    largest = sizes.max(axis=1, keepdims=True)
    if not np.isfinite(largest).all():
        largest = sizes.max(axis=1, keepdims=True, where=np.isfinite(sizes), initial=0.0)
    np.maximum(slopes, largest, out=slopes)
    return slopes


def _spread(values: NDArray[Any], columns: IndexArray, count: int, fill: float | bool) -> NDArray[Any]:
    whole = np.full((count, *values.shape[1:]), fill, values.dtype)
    whole[columns] = values
    return whole
