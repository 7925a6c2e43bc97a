"""What a gradient of an unexpected shape was meant to be."""

import numpy as np
import pytest

from actcheck.diagnosis.shapes import hint
from actcheck.model import Layout

BATCH, N = 3, 5
X = np.sin(np.arange(15.0)).reshape(BATCH, N)
A = np.tanh(X)
WIDER = np.concatenate([A, A], axis=1)


def told(value, gradient, layout=Layout.OUT_IN):
    found = hint(X.shape, value, gradient, layout)
    return (found[0].code, found[0].sentence, found[0].option) if found else None


@pytest.mark.parametrize(
    ("value", "gradient", "code", "part"),
    [
        (A, np.diagflat(1 - A**2), "diagflat", "as np.diagflat gives: for each row a matrix"),
        (A, np.ones((15, 15)), "batch-by-batch", "for each row (batch, 5, 5) is needed"),
        (A, np.ones((3, 5, 3, 5)), "batch-by-batch", "only J[b, :, b, :] belong"),
        (A, np.ones((5, 5)), "batch-axis-missing", "one matrix for the whole batch"),
        (A, np.ones(5), "batch-axis-missing", "that axis was summed or averaged"),
        (A, np.ones(3), "axis-lost", "one number for each row"),
        (A, np.ones((5, 3)), "batch-as-columns", "each sample is taken for a column"),
        (A, np.ones((5, 5, 3)), "batch-last", "np.moveaxis(J, -1, 0) gives (batch, 5, 5)"),
        (A, np.ones((3, 25)), "reshaped", "reshape to (batch, 5, 5)"),
        (WIDER, np.ones((3, 5)), "diagonal-only", "with 10 outputs (batch, 10, 5) is needed"),
        (np.float64(3), A, "value-reduced", "one number for the whole batch"),
        (A[:, 0], A, "axis-lost", "keepdims=True"),
        (A.T, A, "batch-as-columns", "rows and columns"),
    ],
)
def test_a_shape_that_tells(value, gradient, code, part):
    found = told(value, gradient)
    assert found is not None
    assert found[0] == code
    assert part in found[1]


def test_a_transposed_jacobian_gets_the_option():
    code, _, option = told(WIDER, np.ones((3, 5, 10)))
    assert (code, option) == ("transposed", "--layout in-out")
    assert told(WIDER, np.ones((3, 10, 5)), Layout.IN_OUT)[2] == "--layout out-in"


def test_nothing_is_said_of_a_shape_that_tells_nothing():
    assert told(A, np.ones((7, 2))) is None
