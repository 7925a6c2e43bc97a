"""The sweep: stratified points for element-wise functors, to meet mistakes in narrow bands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcheck.rows.generated import shorten
from actcheck.splitmix import uniform

if TYPE_CHECKING:
    from actcheck.model import FloatArray

POINTS = 4096
REACH = 8.0


def sweep_rows(seed: int, dim: int) -> FloatArray:
    """Give one point in each of 4,096 strata of [-8, 8], dealt out over the inputs.

    Returns
    -------
    ndarray of shape (ceil(4096 / dim), dim)
    """
    count = -(-POINTS // dim) * dim
    points = (np.arange(count) + uniform(seed, 1, count)) * (2 * REACH / count) - REACH
    return shorten(points, 1.0).reshape(dim, -1).T.copy()
