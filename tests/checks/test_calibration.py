"""What is usual of a functor, learned on ordinary rows."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.checks.calibration import COLUMNS, ENTRIES, calibrate

from .cases import RELU, SOFTMAX, TANH, Made, random_rows, sech2, subject


def learned(functor, rtol=1e-8, atol=0.0, dim=5, X=None, **known):
    return calibrate(subject(functor, dim, **known), random_rows(dim) if X is None else X, rtol, atol, 0)


def test_usual_slope_and_value():
    known = learned(Made(lambda X: 3 * X, lambda X: 3.0))
    assert known.tolerance.slope == pytest.approx(3)
    assert known.tolerance.value == pytest.approx(np.median(np.abs(3 * random_rows())), rel=1e-9)
    assert known.plan.slope == known.tolerance.slope
    assert known.usual.slope == pytest.approx(3)


def test_settings_go_into_the_tolerance():
    tolerance = learned(TANH, rtol=1e-5, atol=0.5).tolerance
    assert (tolerance.rtol, tolerance.atol, tolerance.eps) == (1e-5, 0.5, np.finfo(float).eps)


def test_it_scales_with_the_functor():
    one, tiny = learned(TANH), learned(Made(lambda X: 1e-8 * np.tanh(X), sech2))
    assert tiny.tolerance.slope == pytest.approx(1e-8 * one.tolerance.slope, rel=1e-6)
    assert tiny.tolerance.value == pytest.approx(1e-8 * one.tolerance.value, rel=1e-6)


def test_the_gradient_under_test_is_never_asked():
    def never(X):
        raise AssertionError

    learned(Made(np.tanh, never))
    learned(Made(SOFTMAX.value, never), jacobian=True)


def test_huge_rows_are_not_ordinary():
    """One row of 1e6 would hide the rest."""
    X = random_rows()
    square = Made(np.square, lambda X: 2 * X)
    with_huge = np.vstack([X, np.full((3, 5), 1e6)])
    assert learned(square, X=with_huge).tolerance == learned(square, X=X).tolerance


def test_a_sample_is_enough():
    calls = []

    def f(X):
        calls.append(X.size)
        return np.tanh(X)

    learned(Made(f, sech2), X=np.tile(random_rows(), (200, 1)))
    assert sum(calls) < 400 * ENTRIES * 5
    assert ENTRIES > COLUMNS


def test_rows_outside_the_domain_are_left_out():
    known = learned(Made(np.log, lambda X: 1 / X))
    assert np.isfinite(known.tolerance.slope)
    assert known.tolerance.slope > 0


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nothing_to_learn_from(value):
    known = learned(Made(lambda X: np.full_like(X, value), sech2))
    assert known.tolerance.slope == known.tolerance.value == 0
    assert np.isinf(known.plan.worst)


def test_a_flat_functor():
    known = learned(Made(np.zeros_like, np.zeros_like))
    assert known.tolerance.slope == 0


@pytest.mark.parametrize(("dtype", "least"), [("float32", 1e-9), ("float16", 1e-5)])
def test_a_shorter_type_shifts_its_argument(dtype, least):
    X = random_rows(dtype=dtype)
    assert least < learned(TANH, dtype=dtype, X=X).tolerance.shift < 1e5 * least
    assert learned(TANH, X=X).tolerance.shift == 0
    assert learned(RELU, dtype=dtype, X=X).tolerance.shift == 0


def test_the_same_seed_gives_the_same():
    assert learned(SOFTMAX, jacobian=True) == learned(SOFTMAX, jacobian=True)


def test_rows_of_another_scale_are_looked_at_apart():
    """What is usual is the larger of the two: a median over both would be that of neither."""
    one, X = subject(Made(np.square, lambda X: 2 * X)), random_rows()
    near, far = (calibrate(one, rows, 1e-8, 0.0, 0).tolerance for rows in (X / 1000, X))
    both = calibrate(one, X / 1000, 1e-8, 0.0, 0, X).tolerance
    assert both.slope == pytest.approx(far.slope)
    assert both.value == pytest.approx(far.value)
    assert near.value < far.value / 1e5
