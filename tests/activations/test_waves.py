from __future__ import annotations

import numpy as np
from hypothesis import given

from actcheck.activations import Gaussian, Sine, Snake

from .strategies import ANY, rows_of


@given(rows_of(ANY))
def test_sine_and_its_slope_are_on_a_circle(X) -> None:
    circle = Sine(-3)(X) ** 2 + (Sine(-3).gradient(X) / -3) ** 2
    np.testing.assert_allclose(circle, 1, rtol=1e-15, atol=1e-15)


@given(rows_of(ANY))
def test_gaussian_is_even_and_its_gradient_odd(X) -> None:
    np.testing.assert_array_equal(Gaussian()(X), Gaussian()(-X))
    np.testing.assert_array_equal(Gaussian().gradient(X), -Gaussian().gradient(-X))


@given(rows_of(ANY))
def test_snake_never_falls(X) -> None:
    assert np.all(Snake(2).gradient(X) >= 0)


@given(rows_of())
def test_snake_is_what_its_formula_says(X) -> None:
    np.testing.assert_allclose(Snake(2).gradient(X), 1 + np.sin(4 * X), rtol=1e-14, atol=1e-14)


def test_sine_of_what_overflows_is_still_a_sine() -> None:
    X = np.array([1.7e308, -1.7e308])
    assert np.all(np.abs(Sine(30)(X)) <= 1)
