"""The close-up: what it suspects, and what it leaves alone."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.numeric.closeup import differs
from actcheck.numeric.differences import central
from actcheck.numeric.lines import Lines
from actcheck.numeric.pilot import Plan

PLAN = Plan(order=2, level=10, worst=1e-6, share=1e-6, noise_worst=1e-15, noise_share=4.0, slope=1.0, value=1.0)


def suspected(function, *places, plan=PLAN):
    X = np.array(places, float)[:, None]
    lines = Lines(function, X, 1, True)
    index = np.arange(len(X))
    cheap = central(lines, index, function(X), plan)
    return differs(lines, index, function(X), cheap)[:, 0].tolist()


@pytest.mark.parametrize("width", [4e-4, 1e-5, 1e-7, 1e-10])
def test_a_dead_zone_inside_the_step_is_suspected(width):
    assert suspected(lambda X: np.where(np.abs(X) > width, X, 0), 0.0, 2.0) == [True, False]


@pytest.mark.parametrize("function", [np.tanh, np.exp, lambda X: np.sin(30 * X), lambda X: X**3, lambda X: 1e6 + X])
def test_what_is_smooth_is_left_alone(function):
    places = [0.0, 1e-9, -1.0, 3.0, 30.0]
    assert suspected(function, *places) == [False] * len(places)


def test_what_computes_in_a_shorter_type_is_left_alone():
    plan = Plan(order=2, level=7, worst=1e-3, share=1e-3, noise_worst=1e-7, noise_share=1e9, slope=1.0, value=1.0)
    assert suspected(lambda X: np.tanh(X.astype(np.float32)).astype(float), 0.3, -1.0, 2.0, plan=plan) == [False] * 3
