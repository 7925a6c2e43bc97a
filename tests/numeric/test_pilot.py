"""The pilot: step, order and bounds of the cheap pass, learned on a sample."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.numeric.climb import Usual, climb
from actcheck.numeric.pilot import ORDERS, WEIGHTS, noise_gain, plans

from .cases import along, through

X = tuple(np.linspace(-4, 4, 200) + 0.0123)


def planned(f, rtol=1e-8, x=X, floor=0.0):
    lines, index = through(f, *x)
    return plans(climb(lines, index, along(len(index)), Usual()), rtol, floor)[0]


# ------------------------------------------------------------------------------------------ the stencils


@pytest.mark.parametrize("order", ORDERS)
def test_weights_are_exact_up_to_their_order(order):
    """D(h) of x^d at 1, over the steps h, 2h and 4h, in exact halves."""
    h = 0.125
    for degree in range(1, order + 3):
        parts = [((1 + k * h) ** degree - (1 - k * h) ** degree) / (2 * k * h) for k in (1, 2, 4)]
        taken = sum(weight * part for weight, part in zip(WEIGHTS[order], parts, strict=False))
        assert (abs(taken - degree) < 1e-12) == (degree <= order)


@pytest.mark.parametrize("order", ORDERS)
def test_noise_gain(order):
    assert sum(WEIGHTS[order]) == pytest.approx(1)
    assert noise_gain(order) == pytest.approx({2: 1, 4: 1.5, 6: 4 / 3 + 0.0666667 + 0.25}.get(order), rel=0.2)
    assert noise_gain(2) < noise_gain(4) < noise_gain(6) < 2


# ------------------------------------------------------------------------------------------ the plan


def test_the_order_rises_with_the_demand():
    orders = [planned(np.tanh, rtol).order for rtol in (1e-4, 1e-6, 1e-9, 1e-12)]
    assert orders == sorted(orders)
    assert orders[0] == 2
    assert orders[-1] > 2


@pytest.mark.parametrize(
    "f", [np.tanh, np.sin, lambda X: X**3, lambda X: 1 / (1 + 25 * X**2), lambda X: np.sin(30 * X)]
)
@pytest.mark.parametrize("rtol", [1e-5, 1e-8, 1e-10])
def test_bounds_are_worth_the_demand(f, rtol):
    known = planned(f, rtol)
    assert min(known.worst, known.share * known.slope) <= 10 * rtol * known.slope
    assert 0 < known.noise_worst < 1e-12
    assert 0 < known.noise_share < 100


def test_what_is_usual_leaves_out_what_is_flat():
    known = planned(lambda X: np.maximum(X, 0) * 3)
    assert known.slope == pytest.approx(3)
    assert known.value == pytest.approx(6, rel=0.1)


@pytest.mark.parametrize(
    "f",
    [
        lambda X: 0.5 * X * (1 + np.tanh(0.7978845608 * (X + 0.044715 * X**3))),
        lambda X: np.log(1 + np.exp(4 * X)),
    ],
    ids=["gelu-by-tanh", "softplus-naive"],
)
def test_staircases_do_not_spoil_the_plan(f):
    """Where terms cancel the differences are flat from step to step, and look exact without being so."""
    known = planned(f, x=tuple(np.linspace(-5.95, 5.95, 256)))
    assert min(known.worst, known.share * known.slope) <= 1e-8


def test_kinks_do_not_spoil_the_plan():
    known = planned(lambda X: np.maximum(X, 0) + np.tanh(X))
    assert known.worst <= 1e-6


@pytest.mark.parametrize("value", [0.0, 2.0, np.nan, np.inf])
def test_a_function_that_tells_nothing_has_a_plan_all_the_same(value):
    known = planned(lambda X: np.full_like(X, value))
    assert known.order in ORDERS
    assert known.slope == 0


def test_a_sample_of_one():
    known = planned(np.tanh, x=(0.3,))
    assert known.slope == pytest.approx(1 / np.cosh(0.3) ** 2)


# ------------------------------------------------------------------------------------------ the quick one


def quick(f, rtol=1e-8, wanted=True):
    lines, index = through(f, *X)
    return plans(climb(lines, index, along(len(index)), Usual()), rtol, 0.0, quick=wanted)


def test_where_order_4_is_called_for_order_2_may_do_for_most():
    plan, faster = quick(np.sin, 1e-10)
    assert plan.order > 2
    assert faster.order == 2


def test_a_quick_plan_is_none_where_it_is_not_wanted_not_needed_or_seldom_right():
    assert quick(np.sin, 1e-10, wanted=False)[1] is None
    assert quick(np.tanh, 1e-4)[1] is None
    assert quick(np.sin, 1e-12)[1] is None
