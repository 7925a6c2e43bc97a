import numpy as np
import pytest
from functors import right

from actcheck.diagnosis.meter import Meter, SpentError


def test_values_and_gradients_are_counted_together():
    meter = Meter(right.Tanh(), 3)
    X = np.ones((2, 3))
    assert np.array_equal(meter(X), np.tanh(X))
    meter.gradient(X)
    assert meter.calls == 2


def test_what_is_made_anew_counts_as_well():
    meter = Meter(right.Tanh(), 2)
    made = meter.shared(right.Sigmoid())
    made(np.ones((2, 1)))
    made.gradient(np.ones((2, 1)))
    with pytest.raises(SpentError):
        meter(np.ones((2, 1)))


def test_the_user_s_own_code_cannot_take_the_end_for_a_mistake():
    assert not issubclass(SpentError, Exception)


def test_rows_alone_count_less():
    meter = Meter(right.Tanh(), 1)
    for _ in range(8):
        meter(np.ones((1, 3)))
    assert meter.calls == 1
    with pytest.raises(SpentError):
        meter(np.ones((1, 3)))
