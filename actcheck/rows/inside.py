"""Rows inside a domain: those of the whole line folded into it, and some that come close to its borders."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from actcheck.rows.generated import shorten
from actcheck.splitmix import uniform

if TYPE_CHECKING:
    from actcheck.model import FloatArray

Interval = tuple[float, float]

NEAR = (0.25, 0.1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-9)
"""How far from a border the border rows lie, in units of the domain's width or, if that is more, of 1."""

SWEPT = 256
"""Points of the sweep close to each border."""

_FAR = 8.0
_REACH = 16.0
_CLOSEST = 10.0


def fold(values: FloatArray, domain: Interval, scale: float) -> FloatArray:
    """Move numbers into a domain; those that lie in it stay where they are.

    Parameters
    ----------
    values : ndarray
        Of size `scale`, about.
    domain : (float, float)
    scale : float
    """
    low, high = domain
    if math.isinf(low) and math.isinf(high):
        return values
    outside = (values < low) | (values > high)
    if math.isinf(low) or math.isinf(high):
        border, sign = (low, 1.0) if math.isfinite(low) else (high, -1.0)
        folded = border + sign * np.abs(values if abs(border) > _FAR * scale else values - border)
    else:
        width = high - low
        turn = np.mod(values - low, 2 * width)
        folded = low + np.minimum(turn, 2 * width - turn)
    return np.where(outside, _short(folded, domain, scale), values)


def spread(values: FloatArray, domain: Interval, scale: float) -> FloatArray:
    """Move random numbers into a domain; one that is narrow for their size is filled evenly."""
    low, high = domain
    width = high - low
    if math.isinf(width) or width > _FAR * scale:
        return fold(values, domain, scale)
    share = np.mod(values / (3 * scale) + 0.5, 2.0)
    return _short(low + width * np.minimum(share, 2.0 - share), domain, width)


def border_rows(dim: int, domain: Interval) -> FloatArray:
    """Give rows that come close to the borders, each distance in every place of a row at least once.

    Returns
    -------
    ndarray of shape (batch, dim)
        Without rows where there is no border.
    """
    near = [place for border, inward, unit in _borders(domain) for place in _beside(border, inward, unit)]
    values = [value for value in near if domain[0] <= value <= domain[1]]
    if not values:
        return np.empty((0, dim))
    count = max(2, -(-len(values) // dim))
    return np.array([np.resize(np.roll(values, -dim * k), dim) for k in range(count)])


def sweep_rows(seed: int, dim: int, points: int, domain: Interval) -> FloatArray:
    """Give one point in each of some strata of the domain, or of a stretch of an endless one, and points near borders.

    Returns
    -------
    ndarray of shape (K, dim)
    """
    low, high = _stretch(domain)
    count = -(-points // dim) * dim
    strata = low + (np.arange(count) + uniform(seed, 1, count)) * ((high - low) / count)
    size = -(-SWEPT // dim) * dim
    parts = [_short(strata, domain, high - low)]
    for stream, (border, inward, unit) in enumerate(_borders(domain), 8):
        powers = 10.0 ** (-_CLOSEST * (np.arange(size) + uniform(seed, stream, size)) / size)
        distance = np.array([float(f"{power:.2e}") for power in powers])
        parts.append(np.clip(border + inward * unit * distance, *domain))
    return np.concatenate([part.reshape(dim, -1).T for part in parts])


def _borders(domain: Interval) -> list[tuple[float, float, float]]:
    low, high = domain
    unit = min(1.0, high - low)
    return [(border, sign, unit) for border, sign in ((low, 1.0), (high, -1.0)) if math.isfinite(border)]


def _beside(border: float, inward: float, unit: float) -> list[float]:
    """Give the places beside a border, none of them the border itself: close to a large number there are none."""
    places = [border + inward * unit * distance for distance in NEAR]
    return [place for place in dict.fromkeys(places) if place != border]


def _stretch(domain: Interval) -> Interval:
    """Give the part of a domain within [-8, 8] or, where that is none, the one that begins at its nearest border."""
    low, high = max(domain[0], -_REACH / 2), min(domain[1], _REACH / 2)
    if low < high and (high - low >= _REACH / 2 or (low, high) == domain):
        return low, high
    if math.isinf(domain[1]) or domain[0] > 0:
        return domain[0], min(domain[1], domain[0] + _REACH)
    return max(domain[0], domain[1] - _REACH), domain[1]


def _short(values: FloatArray, domain: Interval, scale: float) -> FloatArray:
    """Round as rows are rounded, but never out of the domain."""
    rounded: FloatArray = np.clip(shorten(np.asarray(values, np.float64), scale), *domain)
    return rounded
