"""What the cheap pass tells of a block of lines, and single entries picked out of it."""

from __future__ import annotations

from dataclasses import fields

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

    def only(self, which: NDArray[np.bool_] | IndexArray) -> Picked:
        """Give some of them."""
        return Picked(*(getattr(self, each.name)[which] for each in fields(self)))

    def without(self, which: IndexArray) -> Picked:
        """Give all but some of them."""
        rest = np.ones(self.lines.size, bool)
        rest[which] = False
        return self.only(rest)


@dataclass(frozen=True)
class Sample:
    """Some of the entries of a block that agree, as arrays of shape (S,), in the place of all of them.

    Parameters
    ----------
    count : int
        How many agree.
    lines, outputs : ndarray of int
        Where the sample stands; first the one that takes most of its tolerance.
    analytic, value, second : ndarray
        Its gradient, derivative and second difference.
    """

    count: int
    lines: IndexArray
    outputs: IndexArray
    analytic: FloatArray
    value: FloatArray
    second: FloatArray

    @classmethod
    def together(cls, parts: list[Sample]) -> Sample:
        """Put those of several blocks together."""
        if len(parts) == 1:
            return parts[0]
        arrays = (np.concatenate([getattr(part, name) for part in parts]) for name in _ARRAYS)
        return cls(sum(part.count for part in parts), *arrays)


_ARRAYS = tuple(each.name for each in fields(Sample))[1:]


@dataclass(frozen=True)
class Told:
    """The entries of some lines as the cheap pass sees them, in arrays of shape (K, width).

    Parameters
    ----------
    index : ndarray of shape (K,)
        The lines.
    analytic : ndarray
    cheap : Pass
    allowed : ndarray
        How far they may be apart.
    excess : ndarray
        How far they are, in proportion to that.
    """

    index: IndexArray
    analytic: FloatArray
    cheap: Pass
    allowed: FloatArray
    excess: FloatArray

    def sample(self, agrees: NDArray[np.bool_] | None, every: int) -> Sample | None:
        """Take a sample of the entries that agree; None where there is nothing.

        Parameters
        ----------
        agrees : ndarray of bool or None
            Which entries do; None if all do.
        every : int
            One of so many stands for the others.
        """
        flat, count = representatives(self.excess, agrees, every)
        if not count:
            return None
        line, output = np.divmod(flat, self.analytic.shape[1])
        value, second = self.cheap.value[line, output], self.cheap.second[line, output]
        return Sample(count, self.index[line], output, self.analytic[line, output], value, second)


def share(entries: int) -> int:
    """Give of how many entries one is enough to tell what agreeing is worth: all are looked at where they are few."""
    return 1 if entries <= _SAMPLE else entries // _OF_MANY


def representatives(excess: FloatArray, agrees: NDArray[np.bool_] | None, every: int) -> tuple[IndexArray, int]:
    """Choose what stands for all entries that agree, by places in row-major order, and tell how many those are.

    The first is the one that takes most of its tolerance.
    """
    count = excess.size if agrees is None else int(np.count_nonzero(agrees))
    if not count:
        return np.empty(0, np.intp), 0
    best = (excess if agrees is None else np.where(agrees, excess, -1.0)).argmax()
    some = np.arange(0, excess.size, every)
    if agrees is not None:
        # Of all of them it would take longer to find out where they are.
        some = some[agrees.reshape(-1)[some]]
        some = some if some.size else np.flatnonzero(agrees)[::every]
    return np.append(best, some), count
