from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from actcheck.activations import GELU, GELUTanh, HardSigmoid, HardSwish, Linear, Mish, ReLU, SiLU, Softplus
from actcheck.activations.catalogue import find

from .strategies import ANY, rows_of


@pytest.mark.parametrize("functor", [GELU(), GELUTanh(), SiLU(), SiLU(8), Mish(), HardSwish()])
def test_gates_are_shut_on_the_left_and_open_on_the_right(functor) -> None:
    X = np.array([-1e30, -1e4, 1e4, 1e30])
    np.testing.assert_array_equal(functor(X), ReLU()(X))
    np.testing.assert_array_equal(functor.gradient(X), ReLU().gradient(X))


@given(rows_of())
def test_gelu_and_its_mirror_sum_to_x(X) -> None:
    """Φ(x) + Φ(-x) = 1, so x Φ(x) - (-x) Φ(-x) = x."""
    for functor in (GELU(), GELUTanh(), SiLU(), HardSwish()):
        np.testing.assert_allclose(functor(X) - functor(-X), X, rtol=1e-14, atol=1e-14)


@given(rows_of())
def test_the_approximation_is_near_gelu(X) -> None:
    np.testing.assert_allclose(GELUTanh()(X), GELU()(X), atol=5e-4)


@given(rows_of())
def test_mish_is_what_its_formula_says(X) -> None:
    np.testing.assert_allclose(Mish()(X), X * np.tanh(Softplus()(X)), rtol=1e-13)


@given(rows_of(ANY))
def test_hard_swish_is_gated_by_hard_sigmoid(X) -> None:
    np.testing.assert_array_equal(HardSwish()(X), X * HardSigmoid()(X))


def test_hard_swish_takes_the_right_hand_slopes() -> None:
    np.testing.assert_array_equal(HardSwish().gradient([np.nextafter(-3, -4), -3, -1.5, 3]), [0, -0.5, 0, 1])


def test_silu_without_sharpness_is_half_the_identity() -> None:
    X = np.array([-1e308, -1.0, 0.0, 1e308])
    np.testing.assert_array_equal(SiLU(0)(X), Linear()(X) / 2)
    np.testing.assert_array_equal(SiLU(0).gradient(X), 0.5)


@pytest.mark.parametrize(
    ("functor", "name"),
    [(GELU(), "gelu"), (GELUTanh(), "gelu-tanh"), (SiLU(), "silu"), (Mish(), "mish"), (HardSwish(), "hard-swish")],
)
def test_the_catalogue_names_the_least_value(functor, name: str) -> None:
    stated = float(find(name).range.removeprefix("[").split(",")[0])
    least = functor(np.linspace(-3, 0, 30001)).min()
    assert abs(least - stated) < 1e-5
    assert least >= stated - 5e-6
