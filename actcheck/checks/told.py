"""What the cheap pass tells of a block of lines, and single entries picked out of it."""

from __future__ import annotations

from dataclasses import fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.numeric.differences import Pass
from actcheck.numeric.lines import FloatArray, IndexArray

_SAMPLE = 1 << 13
_OF_MANY = 1 << 10


@dataclass(frozen=True)
class Picked:
    """Single entries, with all that is known of them, as arrays of shape (S,).

    Parameters
    ----------
    lines, outputs : ndarray of int
        Where they stand.
    analytic, value, allowed : ndarray
        The gradient, the derivative, and how far they may be apart.
    bound : ndarray
        What the derivative may be off by.
    still : ndarray of bool
        Where neither function nor gradient change at all, as far as can be seen.
    """

    lines: IndexArray
    outputs: IndexArray
    analytic: FloatArray
    value: FloatArray
    allowed: FloatArray
    bound: FloatArray
    still: NDArray[np.bool_]

    @property
    def off(self) -> FloatArray:
        """How far analytic values are from the numeric ones."""
        off: FloatArray = np.abs(self.analytic - self.value)
        return off

    def only(self, which: NDArray[np.bool_] | IndexArray | slice) -> Picked:
        """Give some of them."""
        return Picked(*(getattr(self, name)[which] for name in _PICKED))


_PICKED = tuple(each.name for each in fields(Picked))


@dataclass(frozen=True)
class Sample:
    """Some of the entries of blocks that agree, as arrays of shape (S,), in the place of all of them.

    Parameters
    ----------
    count : int
        How many agree.
    places : ndarray of int
        Where the sample stands in the part, in row-major order; first, of each block, the one that takes most of its
        tolerance.
    value, second : ndarray
        Its derivative and second difference.
    """

    count: int
    places: IndexArray
    value: FloatArray
    second: FloatArray

    @classmethod
    def together(cls, parts: list[Sample]) -> Sample:
        """Put those of several blocks together, each of one."""
        if len(parts) == 1:
            return parts[0]
        arrays = (_first_come_first([getattr(part, name) for part in parts]) for name in _ARRAYS)
        return cls(sum(part.count for part in parts), *arrays)


def _first_come_first(arrays: list[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate([*(each[:1] for each in arrays), *(each[1:] for each in arrays)])


_ARRAYS = tuple(each.name for each in fields(Sample))[1:]


@dataclass(frozen=True)
class Told:
    """The entries of some lines as the cheap pass sees them, in arrays of shape (K, width).

    Parameters
    ----------
    index : ndarray of shape (K,)
        The lines, ascending.
    cheap : Pass
    allowed : ndarray
        How far they may be apart.
    excess : ndarray
        How far they are, in proportion to that.
    """

    index: IndexArray
    cheap: Pass
    allowed: FloatArray
    excess: FloatArray

    @cached_property
    def furthest(self) -> FloatArray:
        """How far the entry of each line is that is furthest from agreeing; NaN where one is no number."""
        excess = self.excess
        furthest: FloatArray = excess[:, 0] if excess.shape[1] == 1 else excess.max(axis=1)
        return furthest

    def sample(self, agrees: NDArray[np.bool_] | None, every: int) -> Sample | None:
        """Take a sample of the entries that agree; None where there is nothing.

        Parameters
        ----------
        agrees : ndarray of bool or None
            Which entries do, of shape (K, width), or which lines do as a whole, of shape (K,); None if all do.
        every : int
            One of so many stands for the others.
        """
        if agrees is None or agrees.ndim == 1:
            flat, count = self._of_whole_lines(agrees, every)
        else:
            flat, count = representatives(self.excess, agrees, every)
        if not count:
            return None
        value, second = (each.reshape(-1)[flat] for each in (self.cheap.value, self.cheap.second))
        return Sample(count, self._places(flat), value, second)

    def _of_whole_lines(self, lines: NDArray[np.bool_] | None, every: int) -> tuple[IndexArray, int]:
        """Choose as `representatives` does, at a glance on each line."""
        width, furthest, count = self.excess.shape[1], self.furthest, self.index.size
        if lines is not None:
            furthest, count = np.where(lines, furthest, -1.0), int(np.count_nonzero(lines))
        if not count:
            return np.empty(0, np.intp), 0
        line = int(furthest.argmax())
        best = line * width + int(self.excess[line].argmax())
        some = np.arange(0, self.excess.size, every)
        if lines is not None:
            some = some[lines[some // width]]
        return np.concatenate([[best], some]), count * width

    def _places(self, flat: IndexArray) -> IndexArray:
        """Give where entries stand in the part, from where they stand in these lines."""
        width, first = self.excess.shape[1], self.index[0]
        if self.index[-1] - first == self.index.size - 1:
            moved: IndexArray = flat + first * width
            return moved
        line, output = split(flat, width)
        places: IndexArray = self.index[line] * width + output
        return places


def split(places: IndexArray, width: int) -> tuple[IndexArray, IndexArray]:
    """Give quotients and remainders; `np.divmod` takes several times as long."""
    line = places // width
    return line, places - line * width


def share(entries: int) -> int:
    """Give of how many entries one is enough to tell what agreeing is worth: all are looked at where they are few."""
    return 1 if entries <= _SAMPLE else entries // _OF_MANY


def representatives(excess: FloatArray, agrees: NDArray[np.bool_], every: int) -> tuple[IndexArray, int]:
    """Choose what stands for all entries that agree, by places in row-major order, and tell how many those are.

    The first is the one that takes most of its tolerance.
    """
    count = int(np.count_nonzero(agrees))
    if not count:
        return np.empty(0, np.intp), 0
    best = np.where(agrees, excess, -1.0).argmax()
    some = np.arange(0, excess.size, every)
    # Of all of them it would take longer to find out where they are.
    some = some[agrees.reshape(-1)[some]]
    some = some if some.size else np.flatnonzero(agrees)[::every]
    return np.concatenate([[best], some]), count
