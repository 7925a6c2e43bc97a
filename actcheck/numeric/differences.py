"""The cheap pass: one central difference per line, with the step, order and bound that the pilot learned."""

from __future__ import annotations

from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.model import Estimate
from actcheck.numeric.ladder import BENT
from actcheck.numeric.lines import FloatArray, IndexArray, Lines
from actcheck.numeric.pilot import WEIGHTS, Plan, noise_gain
from actcheck.numeric.rounding import model
from actcheck.numeric.scratch import Scratch


@dataclass(frozen=True)
class Pass:
    """What one cheap pass gives.

    Parameters
    ----------
    value : ndarray of shape (K, width)
        The derivative.
    second : ndarray of shape (K, width)
        Second difference, without sign.
    centre : ndarray of shape (K, width), or (rows, width)
        The function's values at x; or those of whole rows, each of as many lines.
    x : ndarray of shape (K, 1)
    plan : Plan
    """

    value: FloatArray
    second: FloatArray
    centre: FloatArray
    x: FloatArray
    plan: Plan

    @property
    def estimate(self) -> Estimate:
        """The derivative with its bound."""
        return Estimate(self.value, self.bound, level=0)

    @cached_property
    def bound(self) -> FloatArray:
        """What the derivative may be off by; infinite where it is not finite."""
        plan = self.plan
        with np.errstate(invalid="ignore", over="ignore"):
            bound: FloatArray = np.abs(self.value)
            bound += self.bend
            bound *= plan.share
            np.fmin(bound, plan.worst, out=bound)
            bound += self._scatter
        bound[~np.isfinite(self.value)] = np.inf
        return bound

    @property
    def bend(self) -> FloatArray:
        """|f''|, about."""
        bend: FloatArray = self.second * 4.0**self.plan.level
        return bend

    @property
    def bent(self) -> NDArray[np.bool_]:
        """Where the function bends so much that a kink may be near."""
        mask = np.zeros(self.value.shape, bool)
        mask.flat[self.bends] = True
        return mask

    @cached_property
    def sharpest(self) -> FloatArray:
        """The largest second difference of each row, or line, that has a centre of its own."""
        by_row = self.second.reshape(len(self.centre), -1)
        largest: FloatArray = by_row[:, 0] if by_row.shape[1] == 1 else by_row.max(axis=1)
        return largest

    @property
    def bends(self) -> IndexArray:
        """The places of those values, in row-major order."""
        sharply = BENT * 2.0**-self.plan.level
        if self.sharpest.max(initial=0.0) <= sharply * self.plan.slope:
            return np.empty(0, np.intp)
        with np.errstate(invalid="ignore", over="ignore"):
            # Few are left by a glance at each, and fewer by what is no more than any function bends without noise.
            flat = np.flatnonzero(~(self.second <= sharply * self.plan.slope))
            if flat.size:
                size = sharply * (np.abs(self.value.reshape(-1)[flat]) + self.plan.slope)
                flat = flat[~(self.second.reshape(-1)[flat] <= size)]
            if not flat.size:
                return flat
            some = self.at(flat)
            size = sharply * (np.abs(some.value) + self.plan.slope)
            size += some._scatter * 2.0 ** (2 - self.plan.level)
            return flat[~(some.second <= size)[:, 0]]

    @property
    def most(self) -> float:
        """What no finite derivative's bound exceeds."""
        return self.plan.worst + self.plan.noise_worst * noise_gain(self.plan.order) * 2.0**self.plan.level

    def lines(self, part: IndexArray) -> Pass:
        """Give some of the lines."""
        return Pass(self.value[part], self.second[part], self._centre_of(part), self.x[part], self.plan)

    def at(self, flat: IndexArray) -> Pass:
        """Give some of the values, by their places in row-major order, each as a line of width 1."""
        line, column = np.divmod(flat, self.value.shape[1])
        centre = self.centre[line * len(self.centre) // len(self.value), column]
        value, second = self.value[line, column], self.second[line, column]
        return Pass(value[:, None], second[:, None], centre[:, None], self.x[line], self.plan)

    def _centre_of(self, line: IndexArray) -> FloatArray:
        centre: FloatArray = self.centre[line * len(self.centre) // len(self.value)]
        return centre

    @cached_property
    def _scatter(self) -> FloatArray:
        rows = len(self.centre)
        by_row = (rows, len(self.value) // max(rows, 1), self.value.shape[1])
        noise = model(self.centre[:, None], (self.x * self.value).reshape(by_row), self.plan.value)
        noise = noise.reshape(self.value.shape)
        noise *= self.plan.noise_share
        np.fmin(noise, self.plan.noise_worst, out=noise)
        noise *= noise_gain(self.plan.order) * 2.0**self.plan.level
        return noise


def central(lines: Lines, index: IndexArray, centre: FloatArray, plan: Plan, scratch: Scratch | None = None) -> Pass:
    """Estimate the derivative along lines.

    Parameters
    ----------
    lines : Lines
    index : ndarray of shape (K,)
    centre : ndarray of shape (K, width), or (rows, width)
        The function's values at x; or those of whole rows, each of as many lines.
    plan : Plan
    scratch : Scratch, optional
        Holds what is given, until it is handed in again.

    Returns
    -------
    Pass
        Values of shape (K, width).
    """
    scratch = scratch or Scratch()
    x = lines.coordinate(index)
    h = 2.0**-plan.level
    weights = WEIGHTS[plan.order]
    count = len(weights)
    places = scratch.take("places", (2 * count, x.size))
    for k in range(count):
        np.add(x, h * 2**k, out=places[k])
        np.subtract(x, h * 2**k, out=places[count + k])
    values = lines.levels(index, places, partial(scratch.take, "values"))
    shape = values[0].shape
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        second = np.add(values[0], values[count], out=scratch.take("second", shape))
        by_row = second.reshape(len(centre), -1, shape[1])
        by_row -= 2 * centre[:, None]
        np.abs(second, out=second)
        # In place, as nobody else holds it: one array less to go through the cache.
        slope = np.subtract(values[0], values[count], out=values[0])
        # What was added to x and taken from it, rounded as it was.
        taken = np.subtract(places[:count], places[count:], out=places[:count])
        by = np.divide(np.reshape(weights, (-1, 1)), taken, out=taken)[:, :, None]
        slope *= by[0]
        for k in range(1, count):
            slope += (values[k] - values[count + k]) * by[k]
    return Pass(slope, second, centre, x[:, None], plan)
