"""The rounding that a correctly rounded result has."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from actcheck.numeric.rounding import UNIT, model, rounding

from .cases import EPS, fixed

numbers = st.floats(-1e150, 1e150, allow_subnormal=True)


@given(numbers, numbers)
@fixed
def test_no_product_is_farther_off(a, b):
    product = np.float64(a) * np.float64(b)
    exact = Fraction(a) * Fraction(b)
    assert abs(Fraction(float(product)) - exact) <= Fraction(float(rounding(np.array(product))))


def test_half_a_unit_and_never_nothing():
    assert UNIT == EPS / 2
    np.testing.assert_array_equal(rounding(np.array([0.0])), np.finfo(float).smallest_subnormal)
    np.testing.assert_allclose(rounding(np.array([-1.0, 1e300])), [EPS / 2, EPS / 2 * 1e300])


def test_the_model_adds_value_argument_and_usual_size():
    np.testing.assert_allclose(model(np.array([2.0]), np.array([-3.0]), 5.0), UNIT * 10)
