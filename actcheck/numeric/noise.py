"""The rounding noise of one evaluation, measured and not modelled: fourth differences along a random line."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from actcheck.numeric.domain import LINE, Domain, power_below
from actcheck.numeric.lines import FloatArray, Forward

SPACINGS = (20, 30, 40)
_POINTS = 17
_ALIKE = 8.0
_FOURTH = np.array([1.0, -4.0, 6.0, -4.0, 1.0])
# The variance of a fourth difference of independent values is 70 times theirs.
_SCALE = np.sqrt(np.sum(_FOURTH**2))

# float16 rounds by less: what scatters more where neighbours are equal is a jump nearby.
_SHORTEST = 2.0**-11


def measure(
    forward: Forward, X: FloatArray, direction: FloatArray, domain: Domain = LINE
) -> tuple[FloatArray, FloatArray]:
    """Measure the standard deviation of one evaluation's rounding, per row and output.

    Parameters
    ----------
    forward : callable
        (K, n) -> (K, m).
    X : ndarray of shape (batch, n)
    direction : ndarray of shape (batch, n)
        Signed magnitudes in [1/2, 1].
    domain : Domain

    Returns
    -------
    sigma : ndarray of shape (batch, m)
        The scatter at spacings 2^-20, 2^-30 and 2^-40: the least of them, since a feature of the function shows at
        some only, noise at all. Where it is alike at two neighbouring ones it is noise too, whose steps may be too
        wide to be met at the finest spacing, and the larger counts: each alone is a few numbers' worth. Infinite
        where the function is not finite.
    coarse : ndarray of shape (batch, m)
        The scatter at spacing 2^-20 where neighbours 2^-40 apart are mostly equal to the bit (a forward that computes
        in a shorter type inside), else 0.
    """
    way = _scale(X, domain) * direction
    sigma, coarse = _measure(forward, X, way, domain)
    if np.isfinite(sigma).all():
        return sigma, coarse
    # At the border of the domain only one way leads anywhere.
    back_sigma, back_coarse = _measure(forward, X, -way, domain)
    known = np.isfinite(sigma)
    return np.where(known, sigma, back_sigma), np.where(known, coarse, back_coarse)


def _scale(X: FloatArray, domain: Domain) -> FloatArray:
    """Give what spacings are scaled with: the widest line stays inside, the finest rises above x's last place."""
    scale = np.maximum(1.0, np.abs(X))
    if domain.is_line:
        return scale
    widest = domain.room(X) / (2 * _POINTS * 2.0 ** -SPACINGS[0])
    limited: FloatArray = np.maximum(np.minimum(scale, widest), 2.0**-10 * np.abs(X))
    return limited


def _measure(forward: Forward, X: FloatArray, way: FloatArray, domain: Domain) -> tuple[FloatArray, FloatArray]:
    scatter = []
    equal = common = np.zeros(0)
    for spacing in SPACINGS:
        step = domain.inward(X, way * 2.0**-spacing, _POINTS)
        values = _along(forward, X, step if domain.is_line else _exact(X, step))
        with np.errstate(invalid="ignore", over="ignore"):
            fourth = np.sum([c * values[k : k + _POINTS - 4] for k, c in enumerate(_FOURTH)], axis=0)
        scatter.append(_root_mean_square(fourth) / _SCALE)
        if spacing == SPACINGS[0]:
            common = np.median(np.abs(fourth), axis=0)
        equal = np.mean([a == b for a, b in pairwise(values)], axis=0)
    for level in scatter:
        level[~np.isfinite(level)] = np.inf
    sigma = _noise_of(scatter)
    size = np.abs(forward(X))
    # A jump between two of the points is in few of the differences.
    short = (equal > 0.5) & (common > 2.0**-40 * size) & (scatter[0] < _SHORTEST * size)
    return sigma, np.where(short, scatter[0], 0.0)


def _noise_of(scatter: list[FloatArray]) -> FloatArray:
    sigma: FloatArray = np.minimum.reduce(scatter)
    for wide, narrow in pairwise(scatter):
        alike = (wide <= _ALIKE * narrow) & (narrow <= _ALIKE * wide)
        np.maximum(sigma, np.where(alike, np.maximum(wide, narrow), 0.0), out=sigma)
    # A feature shrinks with the spacing. What is wider at the finest than at the one before is noise, which had been
    # rounded away there by luck; unless it is a jump close by, which would not show at the widest.
    widest, middle, finest = scatter
    lucky = (middle < finest) & (finest <= _ALIKE * widest)
    np.maximum(sigma, np.where(lucky, finest, 0.0), out=sigma)
    return sigma


def _exact(X: FloatArray, step: FloatArray) -> FloatArray:
    """Give the nearest steps that can be added without rounding.

    Close to where a slope has no limit, the rounding of the points themselves would pass for the function's.
    """
    grid = 2 * np.finfo(np.float64).eps * power_below(np.maximum(np.abs(X), np.abs(step)))
    steps = np.maximum(np.rint(np.abs(step) / grid), 1.0)
    exact: FloatArray = np.copysign(steps * grid, step)
    return exact


def _along(forward: Forward, X: FloatArray, step: FloatArray) -> FloatArray:
    # Not X itself: a jump just there would be taken for noise.
    tall = X + np.arange(1, _POINTS + 1)[:, None, None] * step
    return forward(tall.reshape(-1, X.shape[1])).reshape(_POINTS, X.shape[0], -1)


def _root_mean_square(values: FloatArray) -> FloatArray:
    """Give the root mean square over the first axis, of values whose squares may overflow or underflow."""
    size = np.max(np.abs(values), axis=0)
    unit = np.where((size > 0) & np.isfinite(size), size, 1.0)
    root: FloatArray = unit * np.sqrt(np.mean(np.square(values / unit), axis=0))
    return root
