"""The distance of a point from a convex hull.

Source: P. Wolfe, "Finding the nearest point in a polytope", Mathematical Programming 11 (1976).
"""

from __future__ import annotations

import numpy as np

from actcheck.numeric.lines import FloatArray, IndexArray

_ROUNDS = 3
_DECIMALS = 13
_LEAST_GAIN = 1e-14


def distance(points: FloatArray, target: FloatArray) -> float:
    """Give the largest component of the shortest vector from the convex hull of `points` to `target`.

    Parameters
    ----------
    points : ndarray of shape (K, d)
    target : ndarray of shape (d,)
    """
    size = float(np.max(np.abs(points - target), initial=0.0))
    if size == 0.0 or points.shape[1] == 0:
        return 0.0
    return float(np.max(np.abs(_nearest(_unlike((points - target) / size))))) * size


def _unlike(points: FloatArray) -> FloatArray:
    """Leave out what is there already; sorting rows for that, as `np.unique` does, takes far longer."""
    rounded = np.round(points, _DECIMALS) + 0.0
    first = {row.tobytes(): at for at, row in reversed([*enumerate(rounded)])}
    kept: FloatArray = rounded[sorted(first.values())]
    return kept


def distinct(points: FloatArray, within: float) -> tuple[FloatArray, IndexArray]:
    """Merge points whose every component is within a distance of another's.

    Returns
    -------
    pieces : ndarray of shape (P, d)
    counts : ndarray of shape (P,)
        How many points each stands for.
    """
    pieces: list[FloatArray] = []
    counts: list[int] = []
    for point in points:
        for at, piece in enumerate(pieces):
            if np.max(np.abs(point - piece), initial=0.0) <= within:
                counts[at] += 1
                break
        else:
            pieces.append(point)
            counts.append(1)
    return np.array(pieces), np.array(counts)


def _nearest(points: FloatArray) -> FloatArray:
    """Give the point of the hull that is nearest to 0."""
    first = int(np.argmin(np.einsum("kd,kd->k", points, points)))
    corral = [first]
    weights = np.ones(1)
    nearest: FloatArray = points[first]
    for _ in range(_ROUNDS * len(points)):
        ahead = points @ nearest
        best = int(np.argmin(ahead))
        if nearest @ nearest - ahead[best] <= _LEAST_GAIN or best in corral:
            break
        corral.append(best)
        corral, weights = _inside(points, corral, np.append(weights, 0.0))
        closer = weights @ points[corral]
        if not closer @ closer < nearest @ nearest:
            break
        nearest = closer
    return nearest


def _inside(points: FloatArray, corral: list[int], weights: FloatArray) -> tuple[list[int], FloatArray]:
    """Move the weights towards the nearest point of the affine hull, as far as none becomes negative."""
    while True:
        aim = _affine(points[corral])
        if np.all(aim > 0):
            return corral, aim
        falling = aim <= 0
        with np.errstate(divide="ignore", invalid="ignore"):
            room = np.where(falling, weights / (weights - aim), np.inf)
        share = float(np.min(room[np.isfinite(room)], initial=1.0))
        weights = (1 - share) * weights + share * aim
        kept = weights > 1e-15
        kept[int(np.argmax(weights))] = True
        if kept.all():
            return corral, weights
        corral = [at for at, keep in zip(corral, kept, strict=True) if keep]
        weights = weights[kept] / weights[kept].sum()


def _affine(points: FloatArray) -> FloatArray:
    """Give the weights, of sum 1 and any sign, of the nearest point of the affine hull."""
    if len(points) == 1:
        return np.ones(1)
    rest = np.linalg.lstsq((points[1:] - points[0]).T, -points[0], rcond=None)[0]
    return np.append(1.0 - rest.sum(), rest)
