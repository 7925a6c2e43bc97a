"""The cheap pass: one central difference per line, with the step, order and bound that the pilot learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    estimate : Estimate
    bend : ndarray of shape (K, width)
        |f''|, about.
    bent : ndarray of shape (K, width)
        Where the function bends so much that a kink may be near.
    """

    estimate: Estimate
    bend: FloatArray
    bent: NDArray[np.bool_]


def central(lines: Lines, index: IndexArray, centre: FloatArray, plan: Plan) -> Pass:
    """Estimate the derivative along lines.

    Parameters
    ----------
    lines : Lines
    index : ndarray of shape (K,)
    centre : ndarray of shape (K, width)
        The function's values at x.
    plan : Plan

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
        gap = values[0] + values[count]
        gap -= 2 * centre
        np.abs(gap, out=gap)
        gap *= 1 / h
        slope = (values[0] - values[count]) * (weights[0] / (places[0] - places[count]))[:, None]
        for k in range(1, count):
            slope += (values[k] - values[count + k]) * (weights[k] / (places[k] - places[count + k]))[:, None]
        size = np.abs(slope)
        bend = gap * (1 / h)
        scatter = _noise(centre, x[:, None] * slope, plan)
        scatter *= noise_gain(plan.order) / h
        bound = size + bend
        bound *= plan.share
        np.fmin(bound, plan.worst, out=bound)
        bound += scatter
        scatter *= 4
        size += plan.slope
        size *= BENT
        size += scatter
        bent = ~(gap <= size)
        bound[~np.isfinite(slope)] = np.inf
    return Pass(Estimate(slope, bound, level=0), bend, bent)


def _noise(centre: FloatArray, turned: FloatArray, plan: Plan) -> FloatArray:
    noise = model(centre, turned, plan.value)
    noise *= plan.noise_share
    np.fmin(noise, plan.noise_worst, out=noise)
    return noise
