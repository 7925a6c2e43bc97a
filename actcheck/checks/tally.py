"""Running totals of a gradient check: counts, the worst entries, and what a pass is worth."""

from __future__ import annotations

from collections import Counter
from dataclasses import field

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.model import Entry, Excess, Kink, Sensitivity, Verdict
from actcheck.numeric.lines import FloatArray

SHOWN = 10
"""So many entries of each sort are kept for the report."""

PER_ROW = 2
"""So many wrong entries of the same row: the same mistake, seen five times, tells nothing more."""

PLACES = 1024
"""At so many places the sub-gradients of an element-wise functor are kept."""

_FEW = 4.0

TELLING = 1e-3
"""An entry on which only a larger relative error than this would be seen is too small to tell."""


@dataclass
class Tally:
    """Totals over some rows; the only value here that changes, and only while its check runs.

    Parameters
    ----------
    counts : Counter of Verdict
    worst : list of Entry
        Wrong ones, worst first.
    unresolved, kinks : list of Entry
        The first few.
    error, allowed, where : float, float, str
        The agreeing entry that came nearest to its tolerance.
    excess : Excess
        The agreeing entry that takes most of its tolerance for sure.
    chosen : set of float
        The sub-gradients at accepted kinks, a few of them.
    choices : dict of float to Kink
        Those of an element-wise functor, by their place.
    """

    counts: Counter[Verdict] = field(default_factory=Counter)
    worst: list[Entry] = field(default_factory=list)
    unresolved: list[Entry] = field(default_factory=list)
    kinks: list[Entry] = field(default_factory=list)
    error: float = 0.0
    allowed: float = 0.0
    where: str = ""
    excess: Excess = field(default_factory=Excess)
    chosen: set[float] = field(default_factory=set)
    choices: dict[float, Kink] = field(default_factory=dict)
    _nearest: float = -1.0
    _told: int = 0
    _telling: int = 0
    _floored: int = 0
    _least_seen: float = 0.0

    def keep(self, entry: Entry) -> None:
        """Keep an entry for the report if it is one of those to show; counting it is another matter."""
        if entry.verdict.is_fault:
            self.worst = _worst([*self.worst, entry])
        elif entry.verdict is Verdict.UNRESOLVED:
            self._keep(self.unresolved, entry)
        elif entry.verdict in (Verdict.KINK_ACCEPTED, Verdict.JUMP, Verdict.INFINITE_SLOPE):
            self._keep(self.kinks, entry)

    def choose(self, kink: Kink) -> None:
        """Keep a sub-gradient; the first at its place stands."""
        if len(self.choices) < PLACES:
            self.choices.setdefault(kink.x, kink)

    def is_nearer(self, error: float, allowed: float) -> bool:
        """Tell whether `nearest` might take note of an entry, for less than it takes to describe it."""
        return self._nearest < 0 or (allowed > 0 and error / allowed > min(self._nearest, 1.0))

    def nearest(self, error: float, allowed: float, where: str, bound: float = 0.0) -> None:
        """Take note of an agreeing entry near its tolerance.

        One that is off by more agrees since the differences may be off by that themselves, which `bound` says: what
        is allowed then is both.
        """
        if error > allowed:
            allowed += bound
        ratio = error / allowed if allowed > 0 else 0.0
        if ratio > self._nearest:
            self._nearest, self.error, self.allowed, self.where = ratio, error, allowed, where

    def exceed(self, off: FloatArray, bound: FloatArray, allowed: FloatArray, asked: FloatArray) -> None:
        """Take note of how much of its tolerance an agreeing entry takes for sure.

        Parameters
        ----------
        off : ndarray
            How far analytic values are from the numeric ones.
        bound : ndarray
            What the numeric ones may be off by themselves.
        allowed : ndarray
        asked : ndarray
            What of that rtol and atol allow; the rest is for the rounding that any implementation has, and no error.
            Nor is it one where an entry agrees by another estimate only, being off by more than is allowed.
        """
        sure = off - bound - (allowed - asked)
        telling = (sure > 0) & (off <= allowed)
        if telling.any():
            sure, allowed = sure[telling], allowed[telling]
            best = int(np.argmax(sure / allowed))
            self.excess = max(self.excess, Excess(float(sure[best]), float(allowed[best])), key=_share)

    def weigh(self, seen: FloatArray, floored: int, rtol: float, count: int | None = None) -> None:
        """Take note of the relative errors that would have been seen on agreeing entries.

        Parameters
        ----------
        seen : ndarray
        floored : int
            On how many of them the tolerance is the rounding floor rather than rtol.
        rtol : float
            What is smaller than a few times this is not too small to tell: it was not asked for.
        count : int, optional
            How many entries they stand for, if not for themselves.
        """
        least = telling(rtol)
        count = seen.size if count is None else count
        self._told += count
        self._floored += floored
        asked = seen.size
        largest = float(seen.max(initial=0.0))
        if not largest <= least:
            seen = seen[seen <= least]
            largest = float(seen.max(initial=0.0))
        self._telling += round(count * seen.size / max(1, asked))
        self._least_seen = max(self._least_seen, largest)

    def join(self, other: Tally) -> Tally:
        """Give the totals of both."""
        first, second = (self, other) if self._nearest >= other._nearest else (other, self)
        return Tally(
            counts=self.counts + other.counts,
            worst=_worst([*self.worst, *other.worst]),
            unresolved=[*self.unresolved, *other.unresolved][:SHOWN],
            kinks=[*self.kinks, *other.kinks][:SHOWN],
            error=first.error,
            allowed=first.allowed,
            where=first.where,
            excess=max(self.excess, other.excess, key=_share),
            chosen=self.chosen | other.chosen,
            choices=dict([*(other.choices | self.choices).items()][:PLACES]),
            _nearest=max(first._nearest, second._nearest),
            _told=self._told + other._told,
            _telling=self._telling + other._telling,
            _floored=self._floored + other._floored,
            _least_seen=max(self._least_seen, other._least_seen),
        )

    @property
    def entries(self) -> int:
        """How many entries were asked about."""
        return sum(self.counts.values())

    @property
    def asked(self) -> int:
        """How many of them have a finite value, so that there is a gradient to ask for."""
        return self.entries - self.counts[Verdict.OVERFLOW] - self.counts[Verdict.OUTSIDE]

    @property
    def wrong(self) -> int:
        """How many are wrong."""
        return sum(count for verdict, count in self.counts.items() if verdict.is_fault)

    @property
    def is_blind(self) -> bool:
        """Whether entries agree, but each is too small to tell anything."""
        return bool(self._told) and not self._telling

    @property
    def sensitivity(self) -> Sensitivity | None:
        """What a pass is worth; None where nothing was judged, or what agrees is constant."""
        if not self._told or (self._telling and not self._least_seen):
            return None
        least = self._least_seen if self._telling else None
        return Sensitivity(least, self._telling / self._told, self._floored / self._told)

    @staticmethod
    def _keep(entries: list[Entry], entry: Entry) -> None:
        if len(entries) < SHOWN:
            entries.append(entry)


def telling(rtol: float) -> float:
    """Give the relative error that has to be seen on an entry, or else it is too small to tell."""
    return max(TELLING, _FEW * rtol)


def _share(excess: Excess) -> float:
    return excess.share


def _worst(entries: list[Entry]) -> list[Entry]:
    """Give the worst entries first, but only a few of each row."""
    kept: list[Entry] = []
    for entry in sorted(entries, key=_badness):
        if sum(other.row == entry.row for other in kept) < PER_ROW:
            kept.append(entry)
    return kept[:SHOWN]


def _badness(entry: Entry) -> tuple[float, float]:
    off = abs(entry.analytic - entry.numeric)
    if not np.isfinite(off):
        return (-np.inf, -np.inf)
    return (-off / entry.allowed if entry.allowed > 0 else -np.inf, -off)
