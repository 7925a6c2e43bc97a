"""The cheap pass: one central difference per line, with the step, order and bound that the pilot learned."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.model import Estimate
from actcheck.numeric.ladder import BENT
from actcheck.numeric.lines import FloatArray, IndexArray, Lines
from actcheck.numeric.pilot import WEIGHTS, Plan, noise_gain
from actcheck.numeric.rounding import model


@dataclass(frozen=True)
class Pass:
    """What one cheap pass gives.

    Parameters
    ----------
    value : ndarray of shape (K, width)
        The derivative.
    second : ndarray of shape (K, width)
        Second difference, without sign.
    centre : ndarray of shape (K, width), or one that broadcasts to it
        The function's values at x.
    x : ndarray of shape (K, 1)
    plan : Plan
    """

    value: FloatArray
    second: FloatArray
    centre: FloatArray
    x: FloatArray
    plan: Plan

    @cached_property
    def estimate(self) -> Estimate:
        """The derivative with its bound."""
        plan = self.plan
        with np.errstate(invalid="ignore", over="ignore"):
            bound = np.abs(self.value)
            bound += self.bend
            bound *= plan.share
            np.fmin(bound, plan.worst, out=bound)
            bound += self._scatter
        bound[~np.isfinite(self.value)] = np.inf
        return Estimate(self.value, bound, level=0)

    @property
    def bend(self) -> FloatArray:
        """|f''|, about."""
        bend: FloatArray = self.second * 4.0**self.plan.level
        return bend

    @property
    def bent(self) -> NDArray[np.bool_]:
        """Where the function bends so much that a kink may be near."""
        if np.max(self.second, initial=0.0) <= BENT * 2.0**-self.plan.level * self.plan.slope:
            return np.zeros(self.second.shape, bool)
        with np.errstate(invalid="ignore", over="ignore"):
            size = self._straight()
            if np.all(self.second <= size):
                return np.zeros(size.shape, bool)
            size += self._scatter * 2.0 ** (2 - self.plan.level)
            return ~(self.second <= size)

    def _straight(self) -> FloatArray:
        """Give the second difference that is none too much for any function, be it without noise."""
        size = np.abs(self.value)
        size += self.plan.slope
        size *= BENT * 2.0**-self.plan.level
        return size

    @property
    def most(self) -> float:
        """What no finite derivative's bound exceeds."""
        return self.plan.worst + self.plan.noise_worst * noise_gain(self.plan.order) * 2.0**self.plan.level

    def lines(self, part: slice | IndexArray) -> Pass:
        """Give some of the lines."""
        centre = self.centre[part] if len(self.centre) == len(self.value) else self.centre
        return Pass(self.value[part], self.second[part], centre, self.x[part], self.plan)

    def at(self, flat: IndexArray) -> Pass:
        """Give some of the values, by their places in row-major order, each as a line of width 1."""
        line, column = np.divmod(flat, self.value.shape[1])
        centre = self.centre[line, column] if len(self.centre) == len(self.value) else self.centre[0, column]
        value, second = self.value[line, column], self.second[line, column]
        return Pass(value[:, None], second[:, None], centre[:, None], self.x[line], self.plan)

    @cached_property
    def _scatter(self) -> FloatArray:
        noise = model(self.centre, self.x * self.value, self.plan.value)
        noise *= self.plan.noise_share
        np.fmin(noise, self.plan.noise_worst, out=noise)
        noise *= noise_gain(self.plan.order) * 2.0**self.plan.level
        return noise


Room = tuple[FloatArray, FloatArray]


def central(lines: Lines, index: IndexArray, centre: FloatArray, plan: Plan, room: Room | None = None) -> Pass:
    """Estimate the derivative along lines.

    Parameters
    ----------
    lines : Lines
    index : ndarray of shape (K,)
    centre : ndarray of shape (K, width), or one that broadcasts to it
        The function's values at x.
    plan : Plan
    room : (ndarray, ndarray), optional
        Where to write the derivatives and the second differences.

    Returns
    -------
    Pass
        Values of shape (K, width).
    """
    x = lines.coordinate(index)
    h = 2.0**-plan.level
    weights = WEIGHTS[plan.order]
    count = len(weights)
    places = np.empty((2 * count, x.size))
    for k in range(count):
        np.add(x, h * 2**k, out=places[k])
        np.subtract(x, h * 2**k, out=places[count + k])
    values = lines.values(index, places)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        slope, second = (np.empty(values.shape[1:]) for _ in range(2)) if room is None else room
        np.add(values[0], values[count], out=second)
        second -= 2 * centre
        np.abs(second, out=second)
        np.subtract(values[0], values[count], out=slope)
        slope *= (weights[0] / (places[0] - places[count]))[:, None]
        for k in range(1, count):
            slope += (values[k] - values[count + k]) * (weights[k] / (places[k] - places[count + k]))[:, None]
    return Pass(slope, second, centre, x[:, None], plan)
