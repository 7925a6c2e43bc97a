import numpy as np
import pytest

from actcheck.diagnosis.coupling import hint

X = np.sin(1.0 + np.arange(24.0)).reshape(6, 4)
E = np.exp(X)


@pytest.mark.parametrize(
    ("value", "code", "part"),
    [
        (E / E.sum(axis=0), "normalised-over-axis-0", "each column of the batch sums to 1, not each row"),
        (E / E.sum(), "normalised-over-batch", "its sum over all rows is 1"),
        (X - X.mean(axis=0), "centred-over-axis-0", "mean 0: it is taken over the batch (axis 0)"),
    ],
)
def test_the_axis_is_told(value, code, part):
    (only,) = hint(value)
    assert (only.code, only.family, only.wrong) == (code, "rows", 0)
    assert part in only.sentence


@pytest.mark.parametrize("value", [E / E.sum(axis=1, keepdims=True), X, E, X - X.mean(axis=1, keepdims=True)])
def test_what_is_normalised_over_each_row_or_not_at_all_is_no_sign(value):
    assert hint(value) == ()


def test_what_is_shifted_after_it_was_centred_is_told_by_other_rows():
    def shifted(X):
        return 0.5 + 3 * (X - X.mean(axis=0)) / X.std(axis=0)

    (only,) = hint(shifted(X), shifted(2 * X**2))
    assert only.code == "centred-over-axis-0"
    assert "each column of the value has the same mean whatever the rows" in only.sentence
    assert hint(shifted(X)) == ()
    # The same value for all rows tells nothing, nor does a mean that changes with them.
    assert hint(np.ones((6, 4)), np.ones((6, 4))) == ()
    assert hint(X, 2 * X**2) == ()
