"""How far an analytic value may be from the true derivative before it counts as wrong."""

from __future__ import annotations

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.numeric.domain import LINE, Domain
from actcheck.numeric.lines import FloatArray

DEFAULT_RTOL = 1e-8
# Ulps of an output's largest slope in its row, and of what is usual, that any implementation may be off by. In a type
# shorter than float64 rtol has room for most of it, and so many ulps would hide whole factors.
_FLOOR = (256, 32)
_FLOOR_SHORT = (16, 8)
_SHORT = 1e-12

# Ulps of the steepest slope: 1 - p is off by one or two where p is near 1, times a slope of up to four times as much.
_STEEP = 8

# Units of the type's smallest number, below which a gradient is rounded to nothing.
_UNDERFLOW = 4

_TINY = float(np.finfo(np.float64).tiny)

SLOPE_SHARE = 1e-3
"""An estimate whose bound is larger than this share of the usual slope, and than the tolerance, tells nothing."""


@dataclass(frozen=True)
class Tolerance:
    """The tolerance of an entry: ``rtol * |numeric|`` plus a floor that scales with the functor.

    It does not depend on the analytic value, which is under test: an infinite one would allow itself. The floor is
    the rounding that any implementation has: of its largest slope, of what is usual of the functor, and, in a type
    shorter than float64, of its argument.

    Parameters
    ----------
    rtol, atol : float
    eps : float
        Of the type that the gradient is computed in.
    slope, value : float
        The usual |f'| and |f|.
    shift : float
        What the functor's own arithmetic in the type shifts its argument by, beyond float64.
    domain : Domain
        Where it has a border, ``1 - x**2`` is rounded as if x were shifted by a few ulps, and close to where a slope
        has no limit that shows.
    steep : float
        The largest slope where the value is usual; see `actcheck.checks.steepness`.
    least : float
        The smallest number of the type.
    """

    rtol: float
    atol: float
    eps: float
    slope: float
    value: float
    shift: float
    domain: Domain = LINE
    steep: float = 0.0
    least: float = 0.0

    @property
    def telling(self) -> float:
        """The largest bound with which an estimate still tells something of an entry smaller than the usual ones."""
        return SLOPE_SHARE * (self.slope if self.slope > 0 else self.value) + _TINY

    @property
    def feature(self) -> float:
        """The width of the function's usual features: over so much of x the value changes by its own size."""
        return self.value / self.slope if self.value > 0 and self.slope > 0 else 1.0

    def allowed(self, numeric: FloatArray, x: FloatArray, row_slope: FloatArray, bend: FloatArray) -> FloatArray:
        """Give the tolerance of entries.

        Parameters
        ----------
        numeric : ndarray of shape (K, width)
        x : ndarray of shape (K, 1)
        row_slope : ndarray, broadcast to (K, width)
            The largest |numeric| of the same output in the same row.
        bend : ndarray of shape (K, width)
            |f''|; see `looks_at_bend`.
        """
        with np.errstate(invalid="ignore", over="ignore"):
            return self.widen(np.abs(numeric), x, row_slope, bend)

    def widen(self, size: FloatArray, x: FloatArray, row_slope: FloatArray, bend: FloatArray | None) -> FloatArray:
        """Turn sizes |numeric| into the tolerance of entries, in place; see `allowed`.

        Parameters
        ----------
        size : ndarray
        x, row_slope : ndarray
            What broadcasts to it; where each entry stands for itself, `size` may be `row_slope` as well.
        bend : ndarray or None
            None where `looks_at_bend` does not ask for it.
        """
        own, usual = _FLOOR if self.eps < _SHORT else _FLOOR_SHORT
        floor: FloatArray = np.abs(x)
        np.maximum(floor, 1.0, out=floor)
        np.divide(usual * self.eps * self.value, floor, out=floor)
        floor += self.atol + self.eps * max(usual * self.slope, _STEEP * self.steep) + _UNDERFLOW * self.least
        if row_slope is size:
            size *= self.rtol + own * self.eps
            size += floor
        else:
            by_row = own * self.eps * row_slope
            size *= self.rtol
            # One after another: each is small, and together they are not.
            size += floor
            size += by_row
        if bend is not None and self.looks_at_bend:
            size += bend * (4 * self.shift * self.domain.nearness(x) + 4 * self.eps * np.abs(x))
        return size

    @property
    def looks_at_bend(self) -> bool:
        """Whether it matters how the function bends: not where the type is float64, on the whole line."""
        return self.shift > 0 or not self.domain.is_line


def default_rtol(dtype: str, rtol: float | None) -> float:
    """Give the relative tolerance in force: at least sqrt(eps) in types shorter than float64."""
    least = DEFAULT_RTOL if dtype == "float64" else float(np.sqrt(np.finfo(dtype).eps))
    if rtol is None:
        return least
    return rtol if dtype == "float64" else max(rtol, least)
