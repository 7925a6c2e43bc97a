from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcheck.activations import (
    HardShrink,
    HardSigmoid,
    HardTanh,
    LeakyReLU,
    Linear,
    PReLU,
    ReLU,
    ReLU6,
    SoftShrink,
    Threshold,
)

from .strategies import ANY, rows_of


def test_relu_has_no_slope_on_the_left() -> None:
    """The seed's gradient is 1 everywhere: it asks the output, which is nowhere negative, for its sign."""
    np.testing.assert_array_equal(ReLU().gradient([-2.0, -1e-300, -0.0, 0.0, 1e-300, 2.0]), [0, 0, 1, 1, 1, 1])


@pytest.mark.parametrize("at_zero", [0, 0.25, 1])
def test_relu_takes_the_slope_at_zero_that_it_is_given(at_zero) -> None:
    np.testing.assert_array_equal(ReLU(at_zero).gradient([-1.0, 0.0, 1.0]), [0, at_zero, 1])


@pytest.mark.parametrize(
    ("functor", "place", "slopes"),
    [
        (LeakyReLU(0.25), 0, (0.25, 1, 1)),
        (PReLU(-0.5), 0, (-0.5, 1, 1)),
        (ReLU6(), 0, (0, 1, 1)),
        (ReLU6(), 6, (1, 0, 0)),
        (HardTanh(), -1, (0, 1, 1)),
        (HardTanh(), 1, (1, 0, 0)),
        (HardTanh(-4, 0.5), 0.5, (1, 0, 0)),
        (HardSigmoid(), -3, (0, 1 / 6, 1 / 6)),
        (HardSigmoid(), 3, (1 / 6, 0, 0)),
        (SoftShrink(), -0.5, (1, 0, 0)),
        (SoftShrink(), 0.5, (0, 1, 1)),
        (HardShrink(), -0.5, (1, 0, 0)),
        (HardShrink(), 0.5, (0, 0, 1)),
        (Threshold(2, 5), 2, (0, 0, 1)),
    ],
)
def test_slopes_before_at_and_after_a_kink(functor, place, slopes) -> None:
    X = np.array([np.nextafter(place, -9), place, np.nextafter(place, 9)], float)
    np.testing.assert_array_equal(functor.gradient(X), slopes)


@given(rows_of(ANY))
def test_what_clips_and_cuts_does_nothing_the_second_time(X) -> None:
    for functor in (Linear(), ReLU(), ReLU6(), HardTanh(), HardShrink(), Threshold()):
        once = functor(X)
        np.testing.assert_array_equal(functor(once), once)


@given(rows_of(ANY))
def test_soft_shrink_takes_its_threshold_off_the_size(X) -> None:
    np.testing.assert_array_equal(SoftShrink(0.5)(X), np.sign(X) * np.maximum(np.abs(X) - 0.5, 0))


@given(rows_of(ANY), st.sampled_from([0.0, 0.25, 1.0]))
def test_leaky_relu_and_its_slope_give_back_the_value(X, slope) -> None:
    functor = LeakyReLU(slope)
    np.testing.assert_array_equal(functor.gradient(X) * X, functor(X))
    np.testing.assert_array_equal(PReLU(slope)(X), functor(X))


def test_the_limits_of_hard_tanh_must_be_in_order() -> None:
    for limits in ((1, 1), (2, -2)):
        with pytest.raises(ValueError, match=r"^min_val must be less than max_val, got \d and -?\d$"):
            HardTanh(*limits)
