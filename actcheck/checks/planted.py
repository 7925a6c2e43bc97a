"""What a pass is worth: errors are planted into the functor's own gradient, ever smaller ones, and looked for.

The functor is not touched: its gradient is copied, and the error planted into the copy. The function, the rows, the
calibration and the rule are those of the check itself, other means for the tails included.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field, fields, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from actcheck.checks.calls import Subject
from actcheck.checks.gradient import GradientCheck
from actcheck.checks.tails import Examiner
from actcheck.checks.tally import Tally
from actcheck.dataclass import dataclass
from actcheck.model import Planted, Rows, place
from actcheck.numeric.lines import FloatArray
from actcheck.splitmix import uniform

Plant = Callable[[FloatArray, FloatArray], FloatArray]
"""(X, gradient) -> the gradient with an error; it may write into the gradient."""

SIZES = tuple(10.0**-k for k in range(16))
"""Relative errors, 1 down to 1e-15."""

MOST_ENTRIES = 64
"""So many single entries, of all sizes, stand for all those that can be dropped."""

_LARGE = 1e-3
_MANY = 4096
_ALIKE = 1 - 1e-9


class Comparison(Protocol):
    """The gradient part of a check: entry by entry, or along directions."""

    tally: Tally

    def add(self, rows: Rows, /) -> object:
        """Check some rows."""


@dataclass(frozen=True)
class PlantedSubject(Subject):
    """A subject with an error in its gradient.

    Parameters
    ----------
    plant : callable
    """

    plant: Plant = field(default=lambda X, gradient: gradient)

    def gradient(self, X: FloatArray, lent: bool = False) -> FloatArray:
        """Evaluate the gradient, and plant the error into a copy."""
        return self.plant(X, super().gradient(X))


@dataclass(frozen=True)
class _Place:
    """An entry of a row: the row among those of a group, and the entry's index in the gradient of that row."""

    rows: Rows
    row: int
    entry: tuple[int, ...]
    size: float

    def plant(self, factor: float) -> Plant:
        """Multiply this entry alone."""
        own = self.rows.values[self.row]

        def planted(X: FloatArray, gradient: FloatArray) -> FloatArray:
            gradient[((own == X).all(axis=1), *self.entry)] *= factor
            return gradient

        return planted


@dataclass
class Planter:
    """Plants errors, and counts the runs that it takes.

    Parameters
    ----------
    subject : Subject
        Its gradient passes.
    compare : callable
        Gives a fresh comparison of a subject, as the check itself makes it.
    examiner : Examiner
        Of what the comparison is too blunt for.
    groups : sequence of Rows
        The rows of the check; the first are ordinary ones.
    seed : int
        Chooses the places.
    runs : int
        Of the gradient part, so far.
    """

    subject: Subject
    compare: Callable[[Subject], Comparison]
    examiner: Examiner
    groups: Sequence[Rows]
    seed: int
    runs: int = 0

    def measure(self) -> tuple[Planted, ...]:
        """Give, kind by kind, the smallest error that is still caught."""
        large = [each for each in self._places(self.groups[:1]) if each.size >= _LARGE]
        if not large:
            return ()
        chance = uniform(self.seed, 9, 2)
        one = large[int(chance[0] * len(large))]
        column = large[int(chance[1] * len(large))].entry[-1]
        found = [
            self._factor("one entry", lambda factor: one.plant(factor), (self._row(one),), self._name(one)),
            self._factor("one column", lambda factor: _column(factor, column), self.groups, f"input {column}"),
            *(self._side(sign) for sign in (1.0, -1.0) if self._has(sign)),
            self._factor("every entry", _everywhere, self.groups, ""),
        ]
        places = _sample(self._places(self.groups[:2]))
        found.append(self._single("a dropped entry", 0.0, places))
        off = [each for each in places if len(each.entry) == 2 and each.entry[0] != each.entry[1]]
        if off and self.subject.inputs == self.subject.outputs:
            found.append(self._single("a sign off the diagonal", -1.0, off))
        return tuple(found)

    def _has(self, sign: float) -> bool:
        """Tell whether there is anything on a side that a factor changes."""
        gradients = ((rows.values, self.subject.gradient(rows.values)) for rows in self._blocks(self.groups))
        return any((_on_side(2.0, sign)(X, gradient) != gradient).any() for X, gradient in gradients)

    def _side(self, sign: float) -> Planted:
        where = "x > 0" if sign > 0 else "x < 0"
        return self._factor("one side", lambda factor: _on_side(factor, sign), self.groups, where)

    def _factor(self, kind: str, plant: Callable[[float], Plant], rows: Sequence[Rows], where: str) -> Planted:
        """Find the smallest k such that a factor of 1 + 10^-k is not caught."""
        before = self.runs
        at = _first_missed(len(SIZES), lambda k: self._is_caught(plant(1 + SIZES[k]), rows))
        return _result(kind, SIZES, at, where, self.runs - before)

    def _single(self, kind: str, factor: float, places: Sequence[_Place]) -> Planted:
        """Find the smallest entry, as a share of the largest, that is caught when it alone is wrong."""
        before = self.runs
        at = _first_missed(len(places), lambda k: self._is_caught(places[k].plant(factor), (self._row(places[k]),)))
        where = self._name(places[at - 1]) if at else self._name(places[0])
        return _result(kind, [each.size for each in places], at, where, self.runs - before)

    # ------------------------------------------------------------------------------------ runs and places

    def _is_caught(self, plant: Plant, groups: Sequence[Rows]) -> bool:
        self.runs += 1
        known = {each.name: getattr(self.subject, each.name) for each in fields(Subject) if each.compare}
        subject = PlantedSubject(**known, plant=plant)
        examiner = replace(self.examiner, subject=subject)
        for rows in groups:
            check = self.compare(subject)
            check.add(rows)
            if check.tally.wrong:
                return True
            doubts = check.doubts if isinstance(check, GradientCheck) else ()
            if any(each.verdict.is_fault for each in examiner.examine(doubts)):
                return True
        return False

    def _places(self, groups: Sequence[Rows]) -> list[_Place]:
        """Give the entries that are not 0, largest first, their size as a share of the largest."""
        found = []
        for rows in self._blocks(groups):
            size = np.abs(self.subject.gradient(rows.values))
            known = np.flatnonzero((size > 0) & (size < np.inf))
            if known.size > _MANY:
                known = known[np.argsort(-size.ravel()[known], kind="stable")]
                known = known[np.linspace(0, known.size - 1, _MANY).round().astype(int)]
            for at in known:
                row, *entry = (int(k) for k in np.unravel_index(at, size.shape))
                found.append(_Place(rows, row, tuple(entry), float(size.flat[at])))
        largest = max((each.size for each in found), default=1.0)
        return sorted((replace(each, size=each.size / largest) for each in found), key=lambda each: -each.size)

    def _blocks(self, groups: Sequence[Rows]) -> list[Rows]:
        """Give so many rows of each group as a gradient is asked for at a time."""
        return [rows.part(0, self.subject.block) for rows in groups]

    def _row(self, at: _Place) -> Rows:
        # The verdict on the other rows does not depend on this one.
        return at.rows.part(at.row, at.row + 1)

    def _name(self, at: _Place) -> str:
        entry = place(at.entry[0], at.entry[-1], self.subject.claim, self.subject.layout)
        return f"{at.rows.label(at.row)}, {entry}"


def smallest(kind: str, where: str, is_caught: Callable[[float], bool]) -> Planted:
    """Find the smallest relative error that is caught, where one of each size can be asked about."""
    runs = [0]

    def asked(k: int) -> bool:
        runs[0] += 1
        return is_caught(SIZES[k])

    at = _first_missed(len(SIZES), asked)
    return _result(kind, SIZES, at, where, runs[0])


def _column(factor: float, column: int) -> Plant:
    def planted(X: FloatArray, gradient: FloatArray) -> FloatArray:
        gradient[..., column] *= factor
        return gradient

    return planted


def _on_side(factor: float, sign: float) -> Plant:
    def planted(X: FloatArray, gradient: FloatArray) -> FloatArray:
        side: NDArray[np.bool_] = sign * X > 0
        return np.where(side if gradient.ndim == 2 else side[:, None, :], factor * gradient, gradient)

    return planted


def _everywhere(factor: float) -> Plant:
    return lambda X, gradient: factor * gradient


def _sample(places: list[_Place]) -> list[_Place]:
    """Give places of all sizes, only the first of each: where many are alike, some may be at kinks."""
    distinct = [each for k, each in enumerate(places) if not k or each.size < _ALIKE * places[k - 1].size]
    places = distinct or places
    if len(places) <= MOST_ENTRIES:
        return places
    return [places[int(k)] for k in np.linspace(0, len(places) - 1, MOST_ENTRIES).round()]


def _first_missed(count: int, is_caught: Callable[[int], bool]) -> int:
    """Bisect: the first of `count` errors, largest first, that is missed; `count` if none is."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if is_caught(middle):
            low = middle + 1
        else:
            high = middle
    return low


def _result(kind: str, sizes: Sequence[float], missed: int, where: str, runs: int) -> Planted:
    return Planted(
        kind=kind,
        caught=sizes[missed - 1] if missed else None,
        missed=sizes[missed] if missed < len(sizes) else None,
        where=where,
        runs=runs,
    )
