"""What ties the rows of a value together: told by sums and means that hold over the wrong axis.

Here the rows of the functor are coupled, so that nothing is compared with differences.
"""

from __future__ import annotations

import numpy as np

from actcheck.model import Diagnosis
from actcheck.numeric.lines import FloatArray

_CLOSE = 1e-6


def hint(value: FloatArray) -> tuple[Diagnosis, ...]:
    """Say over which axis a normalisation was taken, where the value tells.

    Parameters
    ----------
    value : ndarray of shape (batch, m)
        Of ordinary rows, more than one.

    Returns
    -------
    tuple of Diagnosis
        One, or none.
    """
    rows_sum, columns_sum = value.sum(axis=1), value.sum(axis=0)
    sentence = ""
    if (value >= 0).all() and not _all(rows_sum, 1):
        if _all(columns_sum, 1):
            sentence = (
                "the values of each column sum to 1: a softmax is taken over the batch (axis 0), not over each row"
            )
        elif _all(value.sum(), 1):
            sentence = "all values of the batch sum to 1: a softmax is taken over the whole batch, not over each row"
    elif _all(value.mean(axis=0), 0) and not _all(value.mean(axis=1), 0):
        sentence = (
            "each column has mean 0: it is taken over the batch (axis 0); where that is meant, add --rows coupled"
        )
    return (Diagnosis("batch-axis", "rows", sentence, 0, 0),) if sentence else ()


def _all(values: FloatArray, number: float) -> bool:
    return bool(np.all(np.abs(values - number) <= _CLOSE))
