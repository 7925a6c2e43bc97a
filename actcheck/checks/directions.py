"""A large Jacobian by random directions: its products with them, output by output, instead of entry by entry.

This check owns the loop: what a direction finds off is traced to single entries, and those are decided by the rule for
entries. A direction says that an output's row is right; by itself it never says that one is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field, fields, replace

import numpy as np
from numpy.typing import NDArray

from actcheck.checks.calibration import Calibration
from actcheck.checks.calls import Subject
from actcheck.checks.gradient import FAR_OUT, GradientCheck
from actcheck.checks.tally import TELLING, Tally
from actcheck.dataclass import dataclass
from actcheck.model import Rows, Verdict
from actcheck.numeric import directions as numeric
from actcheck.numeric.lines import CHUNK, FloatArray, IndexArray
from actcheck.rows import generated

STANDARD = 4
"""So many directions, where their number is not asked for."""

LARGE = 1 << 20
"""A Jacobian of more entries than this in a row of the batch is looked at by directions, unless asked otherwise."""

TRACED = 8
"""So many outputs of a row are traced to single entries, at most."""

TRACES = 64
"""So many are in one check."""

BUDGET = 1 << 28
"""Elements that may be evaluated to look at whole rows entry by entry, where directions cannot tell."""

CLIMBED = 1 << 15
"""So many entries of such rows may go up the ladder."""

# Steps so many halvings shorter than the best one are tried, where that may lead across kinks.
_SHORTER = (4, 8)

OPEN = "directions are off at this output, and not each of its entries was looked at"

# In blocks of this size a Jacobian is still in a cache when it is multiplied.
_BLOCK_BYTES = 1 << 23
_SAMPLE = 64
_MOST_REFERENCES = 2

# A magnitude is at least 1/2, so that a single error shows at half its size at least; the slope may be off as well.
_LEAST_SEEN = 4.0


def count(subject: Subject, asked: int | None, full: bool) -> int | None:
    """Give how many directions to look along; None if every entry is to be looked at by itself.

    Parameters
    ----------
    subject : Subject
    asked : int or None
        How many are asked for.
    full : bool
        Whether every entry is asked for, however many there are.
    """
    if full or subject.diagonal:
        return None
    if asked is not None:
        return asked
    # Along a direction all inputs move at once, by one step: close to a border of the domain some would leave it.
    is_large = subject.inputs * subject.outputs > LARGE
    return STANDARD if is_large and subject.domain.is_line else None


@dataclass
class DirectionCheck:
    """One check of some rows.

    Parameters
    ----------
    subject : Subject
        With a full Jacobian.
    calibration : Calibration
    reference : ndarray of shape (batch, n)
        Ordinary rows, to find the step with.
    count : int
        Number K of directions.
    seed : int
    watch : callable, optional
        Is shown rows and the functor's values on them, as they are evaluated.
    tally : Tally
        Of all rows so far.
    """

    subject: Subject
    calibration: Calibration
    reference: FloatArray
    count: int
    seed: int
    watch: Callable[[Rows, FloatArray], None] | None = None
    tally: Tally = field(default_factory=Tally)
    _spent: int = 0
    _traced: int = 0

    def __post_init__(self) -> None:
        n = self.subject.inputs
        self._entries = GradientCheck(self.subject, self.calibration, self.seed, None, self.tally, CLIMBED)
        self._directions = generated.directions(self.seed, 21, (self.count, n))
        usual = generated.directions(self.seed, 20, (2, n))
        self._before: dict[int, tuple[int, ...]] = {}
        self._known: set[tuple[int, int]] = set()
        self._step = numeric.choose(self.subject.forward, self._ordinary(), usual)

    def add(self, rows: Rows) -> DirectionCheck:
        """Check some rows, a block at a time, so that memory does not grow with their number."""
        size = max(1, CHUNK // max(self.subject.inputs, self.subject.outputs))
        for start in range(0, len(rows.values), size):
            self._block(rows.part(start, start + size))
        return self

    def _ordinary(self) -> FloatArray:
        finite = np.isfinite(self.subject.forward(self.reference)).all(axis=1)
        return self.reference[finite][:: max(1, len(self.reference) // _MOST_REFERENCES)]

    def _block(self, rows: Rows) -> None:
        X = rows.values
        values = in_type = self.subject.forward(X)
        if self.subject.dtype != "float64":
            in_type = self.subject.forward_in_type(X)
        if self.watch is not None:
            self.watch(rows, in_type)
        known = np.isfinite(values) & np.isfinite(in_type)
        products, largest = self._products(X)
        told = self._finer(self._compare(products, X, values, known, self._step.level), products, X, values, known)
        doubtful = known & ~told.agrees
        counted = np.ones(len(X), dtype=bool)
        for row, gradient in self._gradients(X, np.flatnonzero(doubtful.any(axis=1))):
            counted[row] = self._row(rows.part(row, row + 1), gradient, doubtful[row], told.row(row))
        self._count_unknown(values[counted][~known[counted]])
        self._agreed(rows, largest, told, known & told.agrees & counted[:, None])

    def _products(self, X: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Give the products of Jacobians with the directions, (K, batch, m), and the largest slopes of some outputs."""
        n, m, size = self.subject.inputs, self.subject.outputs, self._at_a_time
        products, largest = np.empty((self.count, len(X), m)), []
        # To read the whole Jacobian once more takes as long as its products: a sample tells what a pass is worth.
        some = slice(0, None, _spacing(len(X), m))
        for at in range(0, len(X), size):
            gradient = self.subject.gradient(X[at : at + size], lent=True)
            # At once, while the Jacobian is still in a cache.
            along = gradient.reshape(-1, n) @ self._directions.T
            products[:, at : at + size] = along.T.reshape(self.count, -1, m)
            largest.append(np.abs(gradient[:, some]).max(axis=2))
            # Or the next one would be written elsewhere, out of the cache.
            del gradient
        return products, np.concatenate(largest)

    @property
    def _at_a_time(self) -> int:
        return max(1, _BLOCK_BYTES // (8 * self.subject.gradient_size))

    def _gradients(self, X: FloatArray, rows: IndexArray) -> Iterator[tuple[int, FloatArray]]:
        """Give the Jacobians of some rows, each asked for among the same rows as for the products."""
        size = self._at_a_time
        for start in np.unique(rows // size * size).tolist():
            gradient = self.subject.gradient(X[start : start + size])
            for row in rows[rows // size * size == start].tolist():
                yield row, gradient[row - start : row - start + 1]

    def _finer(
        self, told: _Told, products: FloatArray, X: FloatArray, values: FloatArray, known: NDArray[np.bool_]
    ) -> _Told:
        """Look at rows with outputs that are unsteady with shorter steps: a longer one may lead across a kink."""
        for shorter in _SHORTER:
            rows = np.flatnonzero((known & ~told.agrees & told.unsteady).any(axis=1))
            if rows.size:
                level = self._step.level + shorter
                again = self._compare(products[:, rows], X[rows], values[rows], known[rows], level)
                told = told.with_agreeing(rows, again)
        return told

    def _compare(
        self, products: FloatArray, X: FloatArray, values: FloatArray, known: NDArray[np.bool_], level: int
    ) -> _Told:
        tolerance = self.calibration.tolerance
        with np.errstate(invalid="ignore", over="ignore"):
            seen = numeric.slopes(self.subject.forward, X, self._directions, level)
            off = np.max(np.abs(products - seen.value), axis=0)
            norm = numeric.root_mean_square(seen.value, 0)
            bound = numeric.bound(seen, X, np.where(known, values, np.inf), self._step)
            # Each entry may be off by its own tolerance, and the product is rounded.
            allowed = bound + (2 * tolerance.rtol + np.sqrt(X.shape[1]) * tolerance.eps) * norm
            allowed += tolerance.atol + tolerance.eps * tolerance.slope
            telling = max(TELLING, 4 * tolerance.rtol) * np.maximum(norm, tolerance.slope)
            blunt = ~(allowed <= telling)
            unsteady = blunt | ~(np.max(seen.change, axis=0) <= allowed)
        return _Told(off, allowed, norm, blunt, bound, unsteady)

    def _count_unknown(self, values: FloatArray) -> None:
        outside = int(np.count_nonzero(np.isnan(values)))
        self.tally.counts[Verdict.OUTSIDE] += outside * self.subject.inputs
        self.tally.counts[Verdict.OVERFLOW] += (values.size - outside) * self.subject.inputs

    def _agreed(self, rows: Rows, largest: FloatArray, told: _Told, agrees: NDArray[np.bool_]) -> None:
        count = int(np.count_nonzero(agrees))
        if not count:
            return
        n, tolerance = self.subject.inputs, self.calibration.tolerance
        self.tally.counts[Verdict.AGREE] += n * count
        off, allowed, bound, norm = (each[agrees] for each in (told.off, told.allowed, told.bound, told.norm))
        some = slice(0, None, _spacing(*agrees.shape))
        largest = np.where(largest == 0, tolerance.slope, largest)[agrees[:, some]]
        with np.errstate(divide="ignore", invalid="ignore"):
            # Where nothing of the sample agrees, the size of slopes stands for the largest of them.
            seen = told.allowed[:, some][agrees[:, some]] / largest if largest.size else (allowed / norm)[:1]
            self.tally.weigh(_LEAST_SEEN * seen, 0, tolerance.rtol, n * count)
            best = int(np.nanargmax(np.where(allowed > 0, off / allowed, 0.0)))
        if rows.kind != FAR_OUT:
            self.tally.exceed(off, bound, allowed - bound, 2 * tolerance.rtol * norm + tolerance.atol)
        if self.tally.is_nearer(float(off[best]), float(allowed[best])):
            row, output = np.argwhere(agrees)[best]
            self.tally.nearest(float(off[best]), float(allowed[best]), f"{rows.label(row)}, output {output}")

    # -------------------------------------------------------------------------------------- what is off

    def _row(self, rows: Rows, gradient: FloatArray, doubtful: NDArray[np.bool_], told: _Told) -> bool:
        """Decide the outputs of a row that directions leave open; tell whether they hold for its other outputs."""
        traces = self._traces(rows.values[0], gradient[0], doubtful, told)
        asked = np.zeros(gradient.shape[:0:-1], dtype=bool)
        for output, traced in traces.items():
            asked[list(traced.inputs), output] = True
        left = doubtful.copy()
        left[[output for output, traced in traces.items() if traced.explained]] = False
        # What is known to be wrong in another row needs no second look in this one.
        fresh = {(int(j), int(i)) for j, i in np.argwhere(asked)} - self._known
        part, decided = self._entries.decide(rows, gradient, asked, told.norm[None], thorough=bool(fresh))
        if decided:
            self._known |= decided.faults
        faulty = bool(decided.faults) if decided else self.tally.wrong > 0
        if left.any() and not faulty and self._affordable():
            self._entries.block(rows, gradient)
            return False
        if decided:
            self._entries.record(part, decided)
        rest = self.subject.inputs - np.count_nonzero(asked, axis=0)
        self.tally.counts[Verdict.AGREE] += int(rest[doubtful & ~left].sum())
        self.tally.counts[Verdict.UNRESOLVED] += int(rest[left].sum())
        if left.any():
            output = int(np.flatnonzero(left)[0])
            self.tally.keep(replace(part.entry(0, output, Verdict.UNRESOLVED), reason=OPEN))
        return True

    def _traces(
        self, x: FloatArray, jacobian: FloatArray, doubtful: NDArray[np.bool_], told: _Told
    ) -> dict[int, numeric.Trace]:
        traces = {}
        for output in told.worst(doubtful)[: max(0, min(TRACED, TRACES - self._traced))]:
            analytic = jacobian[output]
            endless = np.flatnonzero(~np.isfinite(analytic))
            if endless.size:
                traces[int(output)] = numeric.Trace(tuple(map(int, endless[: numeric.MOST])), explained=False)
                continue
            doubt = numeric.Doubt(x, int(output), analytic, float(told.allowed[output]))
            before = self._before.get(int(output), ())
            found = numeric.trace(self.subject.forward, doubt, self._directions, self._step.level, before)
            self._before[int(output)] = found.inputs
            traces[int(output)] = found
        self._traced += len(traces)
        return traces

    def _affordable(self) -> bool:
        """Tell whether another row can be looked at entry by entry."""
        n, m = self.subject.inputs, self.subject.outputs
        self._spent += self.calibration.plan.order * n * max(n, m)
        return self._spent <= BUDGET


@dataclass(frozen=True)
class _Told:
    """What directions tell of outputs, as arrays of shape (batch, m), or (m,) for one row.

    Parameters
    ----------
    off, allowed : ndarray
        What the worst product is off by, and may be.
    norm : ndarray
        The output's slopes, root of the sum of squares, about.
    blunt : ndarray of bool
        Where more is allowed than tells anything.
    bound : ndarray
        What differences may be off by themselves.
    unsteady : ndarray of bool
        Where they change by so much with the step that a shorter one may tell more.
    """

    off: FloatArray
    allowed: FloatArray
    norm: FloatArray
    blunt: NDArray[np.bool_]
    bound: FloatArray
    unsteady: NDArray[np.bool_]

    @property
    def agrees(self) -> NDArray[np.bool_]:
        """Where every product is as near as it may be."""
        near: NDArray[np.bool_] = (self.off <= self.allowed) & ~self.blunt
        return near

    def with_agreeing(self, rows: IndexArray, again: _Told) -> _Told:
        """Give what is told of outputs, where they agree as other differences of some rows tell it."""
        told = replace(self, **{each.name: getattr(self, each.name).copy() for each in fields(self)})
        row, output = np.nonzero(again.agrees & ~self.agrees[rows])
        for each in fields(self):
            getattr(told, each.name)[rows[row], output] = getattr(again, each.name)[row, output]
        return told

    def row(self, row: int) -> _Told:
        """Give what is told of one row."""
        return _Told(*(getattr(self, each.name)[row] for each in fields(self)))

    def worst(self, outputs: NDArray[np.bool_]) -> IndexArray:
        """Give those of some outputs, of one row, whose products are off, worst first."""
        with np.errstate(invalid="ignore", divide="ignore"):
            excess = np.nan_to_num(self.off / self.allowed, nan=np.inf)
        found = np.flatnonzero(outputs & ~(self.off <= self.allowed))
        return found[np.argsort(-excess[found], kind="stable")]


def _spacing(batch: int, outputs: int) -> int:
    """Give the distance of outputs in each row that stand for the others."""
    return max(1, batch * outputs // _SAMPLE)
