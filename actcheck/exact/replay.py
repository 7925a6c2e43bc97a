"""A functor's value and gradient along a line, replayed on jets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Any

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.exact import series
from actcheck.exact.arrays import Reals, _plain, reals
from actcheck.exact.balls import BITS, precision
from actcheck.exact.evaluation import Evaluation, NotReplayable, refuse, run
from actcheck.exact.expressions import Key, Table
from actcheck.exact.jets import constant, lift, variable, variable_at
from actcheck.exact.scalars import SCALARS
from actcheck.exact.taylor import Piece
from actcheck.exact.transplant import Transplant

TERMS = 20
"""Terms of the series over a piece."""

MOST_FORKS = 64
"""So many ways of deciding comparisons are followed on one piece."""


class ReplayError(Exception):
    """The functor's code cannot be replayed.

    Parameters
    ----------
    why : str
        One clause.
    cause : BaseException
        With the traceback that leads to the line.
    """

    def __init__(self, why: str, cause: BaseException) -> None:
        super().__init__(why)
        self.why, self.cause = why, cause


class TooManyForksError(Exception):
    """More comparisons are open on a piece than can be followed."""


@dataclass(frozen=True)
class Line:
    """A line x = base + t * direction; all numbers are exact fractions.

    Parameters
    ----------
    base, direction : tuple of fmpq
        One number for each input.
    """

    base: tuple[Any, ...]
    direction: tuple[Any, ...]


@dataclass(frozen=True)
class Expansion:
    """One output over a piece: the value, and what the functor says of its slope along the line.

    Parameters
    ----------
    value, slope : sequence of arb
        Taylor coefficients at the middle of the piece.
    value_over, slope_over : sequence of arb
        Enclosures of those at every point of it.
    """

    value: Sequence[Any]
    slope: Sequence[Any]
    value_over: Sequence[Any]
    slope_over: Sequence[Any]

    def errors(self, over: bool = False) -> list[Any]:
        """Give the coefficients of the functor's slope less the derivative."""
        values, slopes = (self.value_over, self.slope_over) if over else (self.value, self.slope)
        return [slopes[k] - (k + 1) * values[k + 1] for k in range(len(values) - 1)]

    def derivative(self, over: bool = False) -> list[Any]:
        """Give the coefficients of the derivative."""
        values = self.value_over if over else self.value
        return [(k + 1) * values[k + 1] for k in range(len(values) - 1)]

    def joined(self, other: Expansion) -> Expansion:
        """Give what holds both."""
        return Expansion(
            *(
                [one.union(two) for one, two in zip(getattr(self, name), getattr(other, name), strict=True)]
                for name in ("value", "slope", "value_over", "slope_over")
            )
        )


@dataclass(frozen=True)
class Outcome:
    """What came of a replay over a piece.

    Parameters
    ----------
    outputs : tuple of Expansion
    touched : frozenset of fmpq
        Ends of the piece at which a comparison changes.
    forks : int
        In how many ways comparisons have been decided.
    reasons : tuple of str
        Why values are unknown.
    left_open : int
        How many comparisons have been left open, so that a value holds those of both sides.
    """

    outputs: tuple[Expansion, ...]
    touched: frozenset[Any]
    forks: int
    reasons: tuple[str, ...]
    left_open: int


@dataclass
class Replay:
    """Replays one functor along one line.

    Parameters
    ----------
    functor : object
        With ``__call__`` and ``gradient``.
    line : Line
    outputs : int
        Width m of the value.
    diagonal : bool
        Whether the gradient is a diagonal.
    inputs_first : bool
        Whether its Jacobian has the input's axis first.
    strict : bool
        Whether code that computes in types shorter than float64 is refused, since its constants are others there.
    """

    functor: Any
    line: Line
    outputs: int
    diagonal: bool
    inputs_first: bool = False
    strict: bool = False
    table: Table = field(default_factory=Table)
    transplant: Transplant = field(default_factory=Transplant)

    def over(self, piece: Piece, terms: int = TERMS, bits: int = BITS) -> Outcome:
        """Replay over a piece, or at a point; the hull of both branches stands where a comparison stays open.

        Raises
        ------
        Split
            If a comparison changes within it.
        TooManyForksError
            If there are too many open comparisons that steer the code.
        ReplayError
            If the code cannot be replayed.
        """
        with precision(bits, terms):
            return self._forks(piece, follows=False)

    def following(self, piece: Piece, terms: int = TERMS, bits: int = BITS) -> Outcome:
        """Replay each way of deciding open comparisons by itself: each keeps what belongs together.

        Raises
        ------
        Split, TooManyForksError, ReplayError
            As `over` does.
        """
        with precision(bits, terms):
            return self._forks(piece, follows=True)

    def at(self, points: Sequence[Any], terms: int, bits: int) -> tuple[list[Expansion], frozenset[Any]] | None:
        """Replay an element-wise functor at many points at once: the first output of each.

        Returns
        -------
        (list of Expansion, frozenset of fmpq), or None
            Also the points at which a comparison changes; None where comparisons are open.

        Raises
        ------
        ReplayError
            If the code cannot be replayed.
        """
        with precision(bits, terms):
            evaluation = Evaluation(Piece(points[0], points[0]), self.table)
            found = self._many(evaluation, points)
        if evaluation.forked or evaluation.left_open or None in evaluation.touched:
            return None
        return found, frozenset(evaluation.touched)

    def _many(self, evaluation: Evaluation, points: Sequence[Any]) -> list[Expansion]:
        functor = self.transplant.fresh(self.functor)
        width = len(self.line.base)
        with run(evaluation), np.errstate(all="ignore"):
            X = np.empty((len(points), width), object)
            for index, point in enumerate(points):
                X[index, :] = [variable_at(point, index)] * width
            value = self._call(functor, X.copy().view(Reals), evaluation)
            gradient = self._call(functor.gradient, X.copy().view(Reals), evaluation)
            values, slopes = (self._shaped(raw, (width,), len(points)) for raw in (value, gradient))
            found = [_expansion(lift(one[0]), lift(two[0])) for one, two in zip(values, slopes, strict=True)]
        if evaluation.ended is not None:
            raise _told(evaluation.ended)
        return found

    def _forks(self, piece: Piece, follows: bool) -> Outcome:
        pending: list[dict[Key, int]] = [{}]
        done: list[tuple[Expansion, ...]] = []
        touched: set[Any] = set()
        left_open: set[Key] = set()
        reasons: dict[str, None] = {}
        while pending:
            evaluation = Evaluation(piece, self.table, follows, dict(pending.pop()), strict=self.strict)
            given = dict(evaluation.decided)
            done.append(self._once(evaluation))
            touched |= evaluation.touched
            left_open |= evaluation.left_open
            reasons |= evaluation.reasons
            for key, _ in evaluation.forked:
                pending += [{**given, key: other} for other in (0, 1)]
                given[key] = -1
            if len(done) + len(pending) > MOST_FORKS:
                raise TooManyForksError
        first, *others = done
        for other in others:
            first = tuple(one.joined(two) for one, two in zip(first, other, strict=True))
        return Outcome(first, frozenset(touched), len(done), tuple(reasons), len(left_open))

    def _once(self, evaluation: Evaluation) -> tuple[Expansion, ...]:
        functor = self.transplant.fresh(self.functor)
        with run(evaluation), np.errstate(all="ignore"):
            X = self._row()
            value = self._call(functor, X.copy(), evaluation)
            gradient = self._call(functor.gradient, X.copy(), evaluation)
            values = self._shaped(value, (self.outputs,))
            slopes = self._along_line(gradient)
            expansions = [_expansion(lift(one), lift(two)) for one, two in zip(values, slopes, strict=True)]
        if evaluation.ended is not None:
            raise _told(evaluation.ended)
        return tuple(expansions)

    def _row(self) -> Reals:
        t = variable()
        entries = [
            _entry(t, base, direction) for base, direction in zip(self.line.base, self.line.direction, strict=True)
        ]
        row = np.empty((1, len(entries)), object)
        row[0, :] = entries
        return row.view(Reals)

    def _call(self, function: Callable[[Any], Any], X: Any, evaluation: Evaluation) -> Any:
        try:
            return function(X)
        except NotReplayable as ending:
            raise _told(ending) from ending
        except Exception as error:
            if evaluation.ended is not None:
                # The user's code has turned it into another exception.
                raise _told(evaluation.ended) from error
            raise ReplayError(f"{type(error).__name__}: {' '.join(str(error).split())}", error) from error

    def _shaped(self, raw: Any, tail: tuple[int, ...], rows: int = 0) -> Any:
        """Give the one row of an array, or all of so many."""
        values = _plain(raw) if isinstance(raw, np.ndarray) else np.asarray(_plain(reals(np.zeros(())) + raw), object)
        if values.shape == ():
            return np.full((rows, *tail) if rows else tail, values[()], object)
        if values.shape != (rows or 1, *tail):
            raise _told(refuse(f"a replay gives an array of shape {values.shape}, not {(rows or 1, *tail)}"))
        return values if rows else values[0]

    def _along_line(self, gradient: Any) -> list[Any]:
        directions = [constant(each) for each in self.line.direction]
        multiply, add = SCALARS["multiply"], SCALARS["add"]
        if self.diagonal:
            slopes = self._shaped(gradient, (self.outputs,))
            return [multiply(slope, direction) for slope, direction in zip(slopes, directions, strict=True)]
        tail = (self.outputs, len(directions))
        rows = self._shaped(gradient, tail[::-1] if self.inputs_first else tail)
        rows = rows.T if self.inputs_first else rows
        found = []
        for row in rows:
            total: Any = 0.0
            for slope, direction in zip(row, directions, strict=True):
                total = add(total, multiply(slope, direction))
            found.append(total)
        return found


def _entry(t: Any, base: Any, direction: Any) -> Any:
    multiply, add = SCALARS["multiply"], SCALARS["add"]
    moved = t if direction == 1 else multiply(constant(direction), t) if direction != 0 else constant(0)
    return moved if base == 0 else add(constant(base), moved)


def _expansion(value: Any, slope: Any) -> Expansion:
    return Expansion(
        *(series.coefficients(each) for each in (value.at, slope.at, value.over, slope.over)),
    )


def _told(ending: BaseException) -> BaseException:
    """Give what ends a replay as its caller knows it: a split as it is."""
    return ReplayError(str(ending), ending) if isinstance(ending, NotReplayable) else ending
