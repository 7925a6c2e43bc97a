"""The interval that every input of a function has to lie in, and steps that stay inside it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass

FloatArray = NDArray[np.float64]

_EXPONENT = 0x7FF0000000000000

# The finest of forty halvings is then 2^-50 of x: a few units of x's last place, so that no two steps are one.
_LEAST_SHARE = 2.0**-10


@dataclass(frozen=True)
class Domain:
    """The interval from `low` to `high`; by default the whole line. Whether a border belongs to it is the function's.

    Parameters
    ----------
    low, high : float
    """

    low: float = -np.inf
    high: float = np.inf

    @property
    def is_line(self) -> bool:
        """Whether there is no border."""
        return self.low == -np.inf and self.high == np.inf

    @property
    def middle(self) -> float:
        """A point well inside."""
        if np.isfinite(self.low) and np.isfinite(self.high):
            return self.low / 2 + self.high / 2
        if np.isfinite(self.low):
            return self.low + max(1.0, abs(self.low))
        return self.high - max(1.0, abs(self.high)) if np.isfinite(self.high) else 0.0

    def outside(self, X: FloatArray) -> NDArray[np.bool_]:
        """Tell which inputs do not lie in it."""
        return np.asarray((self.low > X) | (self.high < X), dtype=np.bool_)

    def on_border(self, X: FloatArray) -> NDArray[np.bool_]:
        """Tell which inputs are a border."""
        return np.asarray((self.low == X) | (self.high == X), dtype=np.bool_)

    def room(self, x: FloatArray) -> FloatArray:
        """Give the way to the nearer border; for x on a border, or next to it, to the other one."""
        near = np.minimum(np.abs(x - self.low), np.abs(self.high - x))
        far = np.maximum(np.abs(x - self.low), np.abs(self.high - x))
        room: FloatArray = np.where(near > np.finfo(np.float64).eps * np.abs(x), near, far)
        return room

    def unit(self, x: FloatArray) -> FloatArray:
        """Give the power of two that steps from x are scaled with: up to max(1, abs x), and to the way to the border.

        So close to a border that the finest steps would be lost in x's last place it is longer than that way: steps
        that lead outside see nothing, and the finer ones stay inside.
        """
        power = power_below(np.maximum(1.0, np.abs(x)))
        if self.is_line:
            return power
        return np.maximum(np.minimum(power, power_below(self.room(x))), _LEAST_SHARE * power_below(np.abs(x)))

    def nearness(self, x: FloatArray) -> FloatArray | float:
        """Give the share of what is usual that a function's arithmetic shifts x by: close to a border at 0, little."""
        if self.is_line:
            return 1.0
        share: FloatArray = np.minimum(np.abs(x) + self.room(x), 1.0)
        return share

    def inward(self, x: FloatArray, step: FloatArray, reach: float) -> FloatArray:
        """Give steps of the same length, turned round where `reach` of them lead outside and back is inside."""
        if self.is_line:
            return step
        turned = self.outside(x + reach * step) & ~self.outside(x - reach * step)
        kept: FloatArray = np.where(turned, -step, step)
        return kept


LINE = Domain()
"""All numbers."""


def power_below(x: FloatArray) -> FloatArray:
    """Give the largest power of two up to each of some positive numbers: steps scaled with it are exact."""
    # The bits of a float64 without those of its mantissa are the power of two below it.
    bits = np.ascontiguousarray(x, dtype=np.float64).view(np.int64) & _EXPONENT
    power: FloatArray = bits.view(np.float64)
    return power
