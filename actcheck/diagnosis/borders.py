"""Borders of a region: bracketed by the batch, then refined by asking the functor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.diagnosis.evidence import BoolArray, Evidence
from actcheck.diagnosis.numbers import short
from actcheck.numeric.lines import FloatArray

_ROUNDS = 11
_POINTS = 15
_JUMP = 100.0
_POINT = 1e-9
_NARROW = 2.0**-6
_GAPS, _INSIDE = 64, 4
_FADED, _MOST = 1e-3, 0.9


@dataclass(frozen=True)
class Name:
    """What a region is called.

    Parameters
    ----------
    where : str
        In words, with the borders.
    code : str
    sharp : bool
        Whether the error jumps at the border. One that fades out there is only too small to tell beyond.
    """

    where: str
    code: str
    sharp: bool = True


@dataclass(frozen=True)
class Region:
    """A part of the entries.

    Parameters
    ----------
    scope : ndarray of bool
    name : callable
        Gives its name; borders are refined only then, since that takes calls of the functor.
    asked : bool
        Whether its borders are found by asking the functor, so that fewer entries are enough.
    """

    scope: BoolArray
    name: Callable[[], Name]
    asked: bool = False


def named(where: str, scope: BoolArray, code: str, asked: bool = False, sharp: bool = True) -> Region:
    """Give a region whose name is known."""
    return Region(scope, lambda: Name(where, code, sharp), asked)


@dataclass(frozen=True)
class Border:
    """Where it begins to be wrong, and whether it does so with a jump."""

    at: float
    sharp: bool

    @property
    def text(self) -> str:
        """The place in words: where the error fades out it cannot be told to all digits."""
        return f"{self.at:.10g}" if self.sharp else f"about {float(f'{self.at:.1g}'):g}"


@dataclass(frozen=True)
class Borders:
    """Borders of one piece of evidence, each looked for once.

    Parameters
    ----------
    evidence : Evidence
    between : ndarray
        Places between wrong ones that were asked for and are right; see `right_between`.
    """

    evidence: Evidence
    between: FloatArray
    found: dict[tuple[float, bool, bool], Border] = field(default_factory=dict)

    def side(self, edge: float, far: float, above: bool, size: bool) -> Region:
        """Give the half-line, or with `size` the outside or inside, from a wrong x on.

        Where the error stops with a jump behind the last wrong x, `far`, it is called by both borders: what is right
        beyond is no part of it, even if the mistake reproduces it.
        """
        x = np.abs(self.evidence.X) if size else self.evidence.X
        code = ("far-out" if above else "near-zero") if size else "one-side"

        def name() -> Name:
            border, other = self.border(edge, above, size), self.end(far, not above, size)
            letter = "|x|" if size else "x"
            if other is not None:
                low, high = (border, other) if above else (other, border)
                return Name(f"for {low.text} < {letter} < {high.text}", "band", border.sharp)
            return Name(f"for {letter} {'>' if above else '<'} {border.text}", code, border.sharp)

        return Region(x >= edge if above else x <= edge, name, asked=True)

    def band(self, low: float, high: float) -> Region:
        """Give the interval between two wrong x."""

        def name() -> Name:
            first, last = self.border(low, True, False), self.border(high, False, False)
            if low == high and abs(last.at - first.at) <= _POINT:
                return Name(f"at x = {low + 0.0:.10g}", "at-a-point")
            return Name(f"for {first.text} < x < {last.text}", "band", first.sharp and last.sharp)

        return Region((low <= self.evidence.X) & (high >= self.evidence.X), name, asked=True)

    def rings(self, low: float, high: float) -> Region:
        """Give the interval of |x| between two wrong ones."""
        x = np.abs(self.evidence.X)

        def name() -> Name:
            first, last = self.border(low, True, True), self.border(high, False, True)
            return Name(f"for {first.text} < |x| < {last.text}", "band", first.sharp and last.sharp)

        return Region((x >= low) & (x <= high), name, asked=True)

    def bands(self, runs: Sequence[tuple[float, float]]) -> Region:
        """Give several intervals, each between two wrong x."""
        x = self.evidence.X

        def name() -> Name:
            texts, sharp = [], True
            for low, high in runs:
                first = self.end(low, True, False) if low == runs[0][0] else self.border(low, True, False)
                last = self.end(high, False, False) if high == runs[-1][1] else self.border(high, False, False)
                sharp = sharp and all(border is None or border.sharp for border in (first, last))
                sharp = sharp and not (first is None and self._is_right(low, below=True))
                sharp = sharp and not (last is None and self._is_right(high, below=False))
                left, right = f"{first.text} < " if first else "", f" < {last.text}" if last else ""
                texts.append(f"{left}x{right}")
                if first and not last:
                    texts[-1] = f"x > {first.text}"
            return Name(f"for {' and for '.join(texts)}", "band", sharp)

        scope = np.logical_or.reduce([(low <= x) & (x <= high) for low, high in runs])
        return Region(scope, name, asked=True)

    def _is_right(self, edge: float, below: bool) -> bool:
        """Tell whether more is right beyond a wrong x than is wrong at all: the error ends before that."""
        right = self._right_beyond(edge, below, size=False)
        return bool(np.count_nonzero(right) > np.count_nonzero(self.evidence.to_explain))

    def end(self, edge: float, below: bool, size: bool) -> Border | None:
        """Give the border behind the last wrong x, if there is something right beyond it, and a jump between."""
        if not self._right_beyond(edge, below, size).any():
            return None
        border = self.border(edge, below, size)
        return border if border.sharp else None

    def border(self, edge: float, below: bool, size: bool) -> Border:
        """Refine a border: between the outermost wrong x and the next right one, by asking the functor."""
        key = (edge, below, size)
        if key not in self.found:
            self.found[key] = self._refined(edge, below, size)
        return self.found[key]

    def _refined(self, edge: float, below: bool, size: bool) -> Border:
        """Narrow the border down.

        What cannot be told in between, next to a kink, is bracketed from both sides; of the bracket the shortest
        decimal is told.
        """
        evidence = self.evidence
        x = np.abs(evidence.X) if size else evidence.X
        right = self._right_beyond(edge, below, size)
        between = np.abs(self.between) if size else self.between
        places = np.concatenate([x[right], between[(between < edge) if below else (between > edge)]])
        if not places.size:
            return Border(edge, sharp=True)
        good = float(places.max() if below else places.min())
        place = np.argwhere((x == edge) & evidence.to_explain)[0]
        sign = -1.0 if size and evidence.X[tuple(place)] < 0 else 1.0
        ask = _Asker(evidence, evidence.X[place[0]], int(place[1]))
        first, _, _ = ask.narrow(good * sign, edge * sign, unknown=1.0)
        _, second, excess = ask.narrow(good * sign, edge * sign, unknown=0.0)
        # Next to a kink differences are blind: an error that fades out there seems to stop. At 0 it is that kink.
        off = evidence.off[evidence.to_explain]
        fades = ask.off(second) < _FADED * float(np.quantile(off, _MOST))
        # Where much of the way cannot be told, the error may as well fade out there.
        narrow = abs(second - first) <= _NARROW * max(1.0, abs(second))
        at = short(first * sign, second * sign)
        return Border(at, narrow and excess > _JUMP and not (fades and at))

    def _right_beyond(self, edge: float, below: bool, size: bool) -> BoolArray:
        x = np.abs(self.evidence.X) if size else self.evidence.X
        return self.evidence.known & ~self.evidence.wrong & ((x < edge) if below else (x > edge))


def right_between(evidence: Evidence) -> FloatArray:
    """Ask between neighbouring wrong x, and give the places that are right and not only since their slope is small."""
    places = np.unique(evidence.X[evidence.to_explain])
    if len(places) < 2:
        return np.zeros(0)
    gaps = np.sort(np.argsort(np.diff(places), kind="stable")[-_GAPS:])
    steps = (np.arange(_INSIDE) + 1) / (_INSIDE + 1)
    asked = (places[gaps, None] + np.diff(places)[gaps, None] * steps).ravel()
    at = np.argwhere(evidence.to_explain)[0]
    rows = np.repeat(evidence.X[at[0]][None], len(asked), axis=0)
    rows[:, at[1]] = asked
    slopes, bound = (each[:, at[1]] for each in evidence.slopes(rows))
    given = evidence.gradient(rows)[:, at[1]]
    within = evidence.rtol * np.abs(slopes) + float(np.median(evidence.allowed[evidence.known])) + bound
    with np.errstate(invalid="ignore"):
        off = _off_around(evidence, places)[gaps].repeat(_INSIDE)
        right = (np.abs(given - slopes) <= within) & (np.minimum(np.abs(slopes), off) > _JUMP * within)
    # What is right at one place alone may be so where a wrong formula crosses the right one.
    twice = right & (np.roll(right, 1) | np.roll(right, -1))
    return asked[twice]


def _off_around(evidence: Evidence, places: FloatArray) -> FloatArray:
    """Give what the gradient is wrong by at both ends of each gap, the smaller one."""
    off = np.zeros(len(places))
    wrong = evidence.to_explain
    np.maximum.at(off, np.searchsorted(places, evidence.X[wrong]), evidence.off[wrong])
    return np.minimum(off[:-1], off[1:])


@dataclass(frozen=True)
class _Asker:
    """Asks the functor about one input of one row."""

    evidence: Evidence
    row: FloatArray
    column: int

    def narrow(self, good: float, bad: float, unknown: float) -> tuple[float, float, float]:
        """Narrow a right and a wrong place down, and give by how much the last wrong one is wrong.

        Parameters
        ----------
        good, bad : float
        unknown : float
            0 or 1: what to take a place for that cannot be told.
        """
        excess = float(np.nan_to_num(self.excess(np.array([bad]))[0], nan=np.inf))
        for _ in range(_ROUNDS):
            between = np.linspace(good, bad, _POINTS + 2)[1:-1]
            if abs(bad - good) <= 1e-12 * max(abs(bad), abs(good)) or not np.all(np.diff(between)):
                break
            asked = self.excess(between)
            asked[np.isnan(asked)] = 2 * unknown
            wrong = np.flatnonzero(asked > 1)
            at = int(wrong[0]) if wrong.size else _POINTS
            places = [good, *between.tolist(), bad]
            good, bad = places[at], places[at + 1]
            if at < _POINTS:
                excess = float(asked[at])
        return good, bad, excess

    def off(self, place: float) -> float:
        """Give what the gradient is wrong by at a place."""
        row = self.row[None].copy()
        row[:, self.column] = place
        value, _ = self.evidence.slopes(row)
        return float(np.nan_to_num(np.abs(self.evidence.gradient(row) - value)[0, self.column], nan=np.inf))

    def excess(self, places: FloatArray) -> FloatArray:
        """Give the error as a multiple of what is allowed; NaN where it cannot be told."""
        evidence = self.evidence
        rows = np.repeat(self.row[None], len(places), axis=0)
        rows[:, self.column] = places
        value, bound = (each[:, self.column] for each in evidence.slopes(rows))
        given = evidence.gradient(rows)[:, self.column]
        floor = float(np.median(evidence.allowed[evidence.known]))
        with np.errstate(invalid="ignore"):
            within = evidence.rtol * np.abs(value) + floor + bound
            off = np.where(np.isfinite(given), np.abs(given - value), np.inf) / within
        return np.where(np.isfinite(bound), off, np.nan)
