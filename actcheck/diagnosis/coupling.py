"""What ties the rows of a value together: told by sums and means that hold over the wrong axis.

Here the rows of the functor are coupled, so that nothing is compared with differences.
"""

from __future__ import annotations

import numpy as np

from actcheck.model import Diagnosis
from actcheck.numeric.lines import FloatArray

_CLOSE = 1e-6
_COLUMN = "the value is normalised over the wrong axis: each column of the batch sums to 1, not each row"
_WHOLE = "the value is normalised over the whole batch: its sum over all rows is 1; axis=-1 normalises each row"
_CENTRED = (
    "each column of the value has mean 0: it is taken over the batch (axis 0); --rows coupled where that is meant"
)
_SHIFTED = (
    "each column of the value has the same mean whatever the rows: it is taken over the batch (axis 0); --rows coupled "
    "where that is meant"
)


def hint(value: FloatArray, other: FloatArray | None = None) -> tuple[Diagnosis, ...]:
    """Say over which axis a normalisation was taken, where the value tells.

    Parameters
    ----------
    value : ndarray of shape (batch, m)
        Of ordinary rows, more than one.
    other : ndarray of shape (batch, m), optional
        Of other rows: a shift of what is centred is the same for both.

    Returns
    -------
    tuple of Diagnosis
        One, or none.
    """
    means = value.mean(axis=0)
    is_shifted = other is not None and not _all(value - other, 0) and _all(means - other.mean(axis=0), 0)
    for code, sentence, holds in (
        ("normalised-over-axis-0", _COLUMN, _all(value.sum(axis=0), 1)),
        ("normalised-over-batch", _WHOLE, _all(value.sum(), 1)),
        ("centred-over-axis-0", _CENTRED, _all(means, 0)),
        ("centred-over-axis-0", _SHIFTED, is_shifted),
    ):
        if holds and not _all(value.sum(axis=1), 1) and not _all(value.mean(axis=1), 0):
            return (Diagnosis(code, "rows", sentence, 0, 0),)
    return ()


def _all(values: FloatArray, number: float) -> bool:
    return bool(np.all(np.abs(values - number) <= _CLOSE))
