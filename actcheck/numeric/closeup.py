"""The close-up: one-sided slopes at fine steps, to meet features that lie between x and the step of the cheap pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.numeric.differences import Pass
from actcheck.numeric.ladder import BENT, scale
from actcheck.numeric.lines import FloatArray, IndexArray, Lines
from actcheck.numeric.pilot import Plan
from actcheck.numeric.rounding import model

LEVELS = (16, 26, 36)
"""Steps are 2^-level times the scale of x: the finest that rises above the noise tells, which differs by functor."""

_TAKEN = np.array([sign * 2.0**-level for sign in (1, -1) for level in LEVELS])

EVALUATIONS = 2 * len(LEVELS)
"""Of the function, on each line or in each row."""

_ULPS = 8.0
_SAFETY = 4.0


def differs(lines: Lines, index: IndexArray, centre: FloatArray, cheap: Pass) -> NDArray[np.bool_]:
    """Tell where a slope on one side of x is another than the central difference of the cheap pass.

    A central difference reaches over a feature that is narrower than its step and lies even about x: over a dead zone
    around 0 it sees the slope outside of it, and nothing bends.

    Parameters
    ----------
    lines : Lines
    index : ndarray of shape (K,)
    centre : ndarray of shape (K, width)
        The function's values at x.
    cheap : Pass

    Returns
    -------
    ndarray of shape (K, width)
        Only a suspicion: noise may have been worse than the plan knows.
    """
    x, plan = lines.coordinate(index), cheap.plan
    step = 2.0 ** -np.array(LEVELS, dtype=np.float64)[:, None] * scale(x)
    places = np.concatenate([x + step, x - step])
    taken = (places - x)[:, :, None]
    values = lines.values(index, places)
    slope = cheap.estimate.value
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        size = np.abs(slope)
        noise = max(plan.noise_share, _ULPS) * model(centre, x[:, None] * slope, plan.value)
        allowed = BENT * (size + plan.slope) + (np.abs(taken) * cheap.bend + _SAFETY * noise / np.abs(taken))
        off = np.abs((values - centre) / taken - slope)
        found: NDArray[np.bool_] = np.logical_or.reduce(off > allowed, axis=0)
    return found


@dataclass(frozen=True)
class Along:
    """What the cheap pass says of one direction for all inputs of each row.

    Parameters
    ----------
    by : ndarray of shape (batch, n)
        The direction, at the scale of the row.
    slope : ndarray of shape (batch, m)
        The slope along it, as far as lines were added.
    second : ndarray of shape (batch,)
        The largest second difference along any input, without sign.
    """

    by: FloatArray
    slope: FloatArray
    second: FloatArray

    @classmethod
    def of(cls, X: FloatArray, outputs: int, towards: FloatArray) -> Along:
        """Begin with nothing; `towards` are numbers up to 1 in size, of shape (n,)."""
        return cls(towards * scale(X), np.zeros((len(X), outputs)), np.zeros(len(X)))

    def add(self, rows: slice, columns: slice, cheap: Pass) -> None:
        """Add what the lines of some rows say, all of them or some of a single row."""
        by = self.by[rows, columns]
        # No BLAS: its threads wait for more at full speed, long after so small a product.
        self.slope[rows] += np.einsum("bn,bnm->bm", by, cheap.value.reshape(*by.shape, -1))
        second = self.second[rows]
        np.maximum(second, cheap.sharpest, out=second)


def rows_differ(lines: Lines, centre: FloatArray, slopes: FloatArray, along: Along, plan: Plan) -> IndexArray:
    """Give the rows some output of which has another slope on one side of x, along one direction for all its inputs.

    A feature of any of the inputs shows in it, for the price of one input; which of them it is, it does not show.

    Parameters
    ----------
    lines : Lines
        Of a full Jacobian, all of them.
    centre : ndarray of shape (batch, m)
        The function's values on the rows.
    slopes : ndarray of shape (batch, m)
        The largest slope of each output, about.
    along : Along
    plan : Plan
        Of the cheap pass.
    """
    batch, n = lines.X.shape
    longest = np.abs(along.by).max(axis=1, keepdims=True)
    taken = _TAKEN[:, None, None]
    places = (lines.X + taken * along.by).reshape(-1, n)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        values = lines.forward(places).reshape(len(taken), batch, -1)
        size = slopes * longest
        turned = slopes * np.abs(lines.X).max(axis=1, keepdims=True)
        noise = max(plan.noise_share, _ULPS) * model(centre, turned, plan.value)
        # No more than that much bends along all inputs together.
        bend = longest * longest * (n * float(along.second.max()) * 4.0**plan.level)
        allowed = BENT * (size + plan.slope) + np.abs(taken) * bend + _SAFETY * noise / np.abs(taken)
        near = np.abs((values - centre) / taken - along.slope) <= allowed
    differing: IndexArray = np.flatnonzero((~near & np.isfinite(centre)).any(axis=(0, 2)))
    return differing
