from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from actcheck.activations import CELU, ELU, SELU, ReLU, Softplus, Squareplus

from .strategies import ANY, rows_of


@given(rows_of())
def test_softplus_and_its_mirror_differ_by_x(X) -> None:
    np.testing.assert_allclose(Softplus()(X) - Softplus()(-X), X, rtol=1e-14, atol=1e-14)


@given(rows_of(ANY))
def test_squareplus_solves_its_quadratic_equation(X) -> None:
    """It is the positive root of y² - x y = b/4, so its product with its mirror is b/4."""
    np.testing.assert_allclose(Squareplus(4)(X) * Squareplus(4)(-X), 1, rtol=1e-15)


@pytest.mark.parametrize("functor", [Softplus(), Squareplus(), ELU(0), ELU(), CELU()])
def test_smooth_rectifiers_are_relu_far_from_zero(functor) -> None:
    np.testing.assert_allclose(functor([1e8, 1e100]), ReLU()([1e8, 1e100]), rtol=1e-15)
    np.testing.assert_allclose(functor.gradient([1e8, 1e100]), 1, rtol=1e-15)


@given(rows_of(ANY))
def test_celu_is_elu_in_other_units(X) -> None:
    np.testing.assert_array_equal(CELU(1)(X), ELU(1)(X))
    np.testing.assert_array_equal(CELU(1).gradient(X), ELU(1).gradient(X))


def test_elu_has_the_right_hand_slope_at_its_kink() -> None:
    np.testing.assert_array_equal(ELU(3).gradient([-0.0, 0.0]), 1)
    np.testing.assert_allclose(ELU(3).gradient(-1e-12), 3)
    assert SELU().gradient(0.0) == SELU.scale


def test_selu_keeps_mean_and_variance_of_a_normal_input() -> None:
    x, weights = np.polynomial.hermite_e.hermegauss(100)
    weights = weights / np.sqrt(2 * np.pi)
    A = SELU()(x)
    # The kink limits the quadrature, not the constants.
    assert abs(weights @ A) < 2e-3
    assert abs(weights @ A**2 - 1) < 2e-3
