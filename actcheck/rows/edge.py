"""Edge rows: the places where hand-written activations go wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcheck.rows.generated import shorten

if TYPE_CHECKING:
    from actcheck.model import FloatArray

LEVELS = (0.0, 0.7, 1.0, -1.0, 3.0, -3.0, 6.0, -6.0, 30.0, -30.0, 800.0, -800.0)
ALTERNATING = (1e-9, 800.0)
THRESHOLDS = (0.0, 0.5, 1.0, 2.0, 3.0, 4.5, 6.0, 10.0, 12.0, 20.0, 30.0, 100.0, 300.0, 800.0, 1e-4, 1e-9)
WIDE = 64
"""From this width on there are fewer edge rows, since they would dominate the cost."""


def edge_rows(dim: int, scale: float) -> FloatArray:
    """Give the edge rows of a width.

    Parameters
    ----------
    dim : int
        Width n.
    scale : float
        Size of the random rows, which the tied, ascending and huge-entry rows take over.

    Returns
    -------
    ndarray of shape (batch, dim)
        All equal, alternating in sign, whole numbers, tied in pairs, ascending, one huge entry, thresholds.
    """
    signs = np.where(np.arange(dim) % 2, -1.0, 1.0)
    rows = [np.full(dim, level) for level in (LEVELS if dim < WIDE else (0.0, 0.7, -3.0, 30.0, 800.0, -800.0))]
    rows += [size * signs for size in ALTERNATING]
    rows.append(np.arange(dim) % 5 - 2.0)
    tied = (np.arange(dim) // 2 % 7 - 3.0) * 0.4
    ascending = (np.arange(dim) + 1) / 4 if dim < WIDE else np.linspace(-4, 4, dim)
    huge = (np.arange(dim) % 3 - 1.0) * 0.3
    rows += [shorten(np.asarray(row * scale, np.float64), scale) for row in (tied, ascending, huge)]
    rows[-1][dim // 2] = 500.0
    return np.array([*rows, *_thresholds(dim)])


def _thresholds(dim: int) -> list[FloatArray]:
    values = [0.0] + [sign * value for value in THRESHOLDS[1:] for sign in (1.0, -1.0)]
    count = -(-len(values) // dim)
    return [np.resize(np.roll(values, -dim * k), dim) for k in range(count)]
