"""Derivatives of what varies smoothly, however small; nothing of what is a staircase, straight or flat."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcheck.numeric import smooth


def derivative(function, x):
    value, bound = smooth.derivatives(function, np.array([[x]]), np.array([0]))
    return value[0, 0], bound[0, 0]


@given(st.floats(-600, -1))
def test_a_tail_is_told_to_its_own_size(x):
    value, bound = derivative(np.exp, x)
    assert abs(value - np.exp(x)) <= bound < 1e-2 * np.exp(x)


@pytest.mark.parametrize(
    ("function", "x"),
    [
        (lambda x: 1 / (1 + np.exp(-x)), 40.0),
        (lambda x: np.log(1 + np.exp(x)), -36.0),
        (lambda x: x * (1 + np.tanh(x)), -18.5),
        (lambda x: 3 * x, 5.0),
        (lambda x: np.maximum(x, 0), 0.0),
        (np.zeros_like, 1.0),
        (lambda x: np.log(x), -1.0),
    ],
    ids=["saturated", "granular", "a step times x", "straight", "kink", "flat", "outside"],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_nothing_is_told(function, x):
    assert derivative(function, x)[1] == np.inf


def test_one_input_moves_and_all_outputs_are_told():
    X = np.array([[0.3, -0.2, 1.0]])
    value, bound = smooth.derivatives(lambda X: np.exp(X) * X[:, :1], X, np.array([0]))
    true = np.array([np.exp(0.3) * 1.3, np.exp(-0.2), np.e])
    assert (np.abs(value[0] - true)[:1] <= bound[0, :1]).all()
    assert bound[0, 1] == np.inf, "straight in the first input"


@pytest.mark.parametrize("speed", [1e6, 1e7, 1e8 * np.pi])
def test_a_wave_faster_than_the_steps_is_not_smooth(speed):
    X = np.array([[50.0], [100.0], [-100.0], [0.5], [37.0]])
    _, bound = smooth.derivatives(lambda X: np.sin(speed * X), X, np.zeros(len(X), np.intp))
    assert not np.isfinite(bound).any()


def test_a_small_fast_wave_on_something_smooth_is_not_smooth():
    X = np.array([[50.0], [100.0], [-100.0], [14.0]])
    _, bound = smooth.derivatives(lambda X: X + np.sin(1e7 * X) ** 2 / 1e7, X, np.zeros(len(X), np.intp))
    assert not np.isfinite(bound).any()
