"""How far a gradient may be off."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcheck.checks.tolerance import Tolerance, default_rtol

EPS = float(np.finfo(float).eps)
USUAL = Tolerance(1e-8, 0.0, EPS, 0.5, 2.0, 0.0)


def allowed(tolerance, numeric=1.0, x=0.0, row=None, bend=0.0):
    values = (np.full((1, 1), float(each)) for each in (numeric, x, abs(numeric) if row is None else row, bend))
    return float(tolerance.allowed(*values)[0, 0])


def test_relative_and_floor():
    floor = EPS * (256 * 3 + 32 * 0.5 + 32 * 2)
    assert allowed(USUAL, 3.0) == pytest.approx(3e-8 + floor)
    assert allowed(USUAL, 0.0, row=0.0) == pytest.approx(EPS * (32 * 0.5 + 32 * 2))


def test_a_wider_row_lifts_the_floor():
    assert allowed(USUAL, 0.0, row=1e6) == pytest.approx(256e6 * EPS, rel=1e-3)


def test_far_out_the_values_own_rounding_counts_less():
    assert allowed(USUAL, 0.0, x=800.0, row=0.0) < allowed(USUAL, 0.0, row=0.0)


def test_atol_is_added():
    assert allowed(Tolerance(0.0, 0.25, EPS, 0.0, 0.0, 0.0), 0.0) == 0.25


@given(st.integers(-200, 200), st.floats(-10, 10))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_it_scales_with_the_functor(power, numeric):
    """Never an absolute number: 1e-5 would pass everything about 1e-8 tanh(x)."""
    scale = 2.0**power
    scaled = Tolerance(1e-8, 0.0, EPS, 0.5 * scale, 2.0 * scale, 0.0)
    assert allowed(scaled, numeric * scale) == pytest.approx(scale * allowed(USUAL, numeric), rel=1e-12)
    assert scaled.telling == pytest.approx(scale * USUAL.telling, rel=1e-9)
    assert scaled.feature == USUAL.feature


def test_a_shorter_type_rounds_its_argument():
    eps = float(np.finfo("f4").eps)
    short = Tolerance(3e-4, 0.0, eps, 0.5, 2.0, 1e-7)
    assert allowed(short, 1.0, x=3.0, bend=2.0) == pytest.approx(
        allowed(short, 1.0, x=3.0) + 2 * (4e-7 + 4 * eps * 3), rel=1e-9
    )
    assert allowed(USUAL, 1.0, x=3.0, bend=2.0) == allowed(USUAL, 1.0, x=3.0)


def test_what_still_tells_something():
    assert USUAL.telling == pytest.approx(5e-4)
    assert Tolerance(1e-8, 0.0, EPS, 0.0, 2.0, 0.0).telling == pytest.approx(2e-3)
    assert Tolerance(1e-8, 0.0, EPS, 0.0, 0.0, 0.0).telling > 0


def test_the_width_of_features():
    assert USUAL.feature == 4.0
    assert Tolerance(1e-8, 0.0, EPS, 0.0, 0.0, 0.0).feature == 1.0


@pytest.mark.parametrize(
    ("dtype", "rtol", "expected"),
    [
        ("float64", None, 1e-8),
        ("float64", 1e-12, 1e-12),
        ("float64", 1e-3, 1e-3),
        ("float32", None, float(np.sqrt(np.finfo("f4").eps))),
        ("float32", 1e-12, float(np.sqrt(np.finfo("f4").eps))),
        ("float32", 1e-2, 1e-2),
        ("float16", None, float(np.sqrt(np.finfo("f2").eps))),
    ],
)
def test_the_tolerance_in_force(dtype, rtol, expected):
    assert default_rtol(dtype, rtol) == expected
