from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from actcheck.activations import LogSigmoid, Sigmoid, Softsign, Tanh, TanhShrink

from .strategies import ANY, rows_of

ODD = [Tanh, TanhShrink, Softsign]


@given(rows_of(ANY))
def test_sigmoid_and_its_mirror_sum_to_one(X) -> None:
    np.testing.assert_allclose(Sigmoid()(X) + Sigmoid()(-X), 1, rtol=1e-15)


@given(rows_of(ANY))
def test_gradient_of_sigmoid_is_even(X) -> None:
    np.testing.assert_array_equal(Sigmoid().gradient(X), Sigmoid().gradient(-X))


@given(rows_of(ANY))
def test_log_sigmoid_is_the_logarithm(X) -> None:
    np.testing.assert_allclose(np.exp(LogSigmoid()(X)), Sigmoid()(X), rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("functor", ODD)
def test_odd_functions_are_odd_and_their_gradients_even(functor) -> None:
    @given(rows_of(ANY))
    def check(X) -> None:
        np.testing.assert_array_equal(functor()(-X), -functor()(X))
        np.testing.assert_array_equal(functor().gradient(-X), functor().gradient(X))

    check()


def test_gradients_live_on_where_the_value_has_stopped() -> None:
    """The textbook forms a (1 - a) and 1 - a² give 0 at all of these."""
    assert Sigmoid()(40.0) == Tanh()(20.0) == 1
    np.testing.assert_allclose(Sigmoid().gradient([40.0, 700.0]), np.exp([-40.0, -700.0]), rtol=1e-15)
    np.testing.assert_allclose(Tanh().gradient([20.0, 350.0]), 4 * np.exp([-40.0, -700.0]), rtol=1e-15)


def test_tanh_shrink_is_continuous_where_its_forms_meet() -> None:
    X = np.nextafter(1.0, [0.0, 2.0])
    below, above = TanhShrink()(X)
    assert 0 <= above - below <= 4e-16
