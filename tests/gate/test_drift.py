"""What counts as drift, and what does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from actcheck.gate.drift import Tolerance, drifts
from actcheck.gate.record import Row
from actcheck.model import RULE_VERSION, Drift, Kink, Layout

from .records import RELU, SOFTMAX, with_row

EXACT = Tolerance(1e-8, 0.0, "float64")


def codes(old, new, tolerance=EXACT):
    return [drift.code for drift in drifts(old, new, tolerance)]


def test_the_same_is_none():
    assert drifts(RELU, RELU, EXACT) == drifts(SOFTMAX, SOFTMAX, EXACT) == ()


def test_the_choice_at_zero_is_told_once():
    flipped = replace(with_row(RELU, gradient=(0.0, 0.0, 1.0)), kinks=(Kink(0.0, (0.0, 1.0), 0.0),))
    assert drifts(RELU, flipped, EXACT) == (Drift("sub-gradient", "another sub-gradient is chosen", "1", "0", "x = 0"),)


def test_a_choice_that_no_kink_tells_of_is_a_gradient():
    flipped = replace(with_row(RELU, gradient=(0.0, 0.0, 1.0)), kinks=())
    assert drifts(RELU, flipped, EXACT) == (Drift("gradient", "a gradient has changed", "1", "0", "x[1] = 0"),)


@pytest.mark.parametrize(
    ("error", "told"), [(0.9e-9, False), (1.1e-9, True), (9e-9, True), (3e-12, False), (0.0, False)]
)
def test_the_worst_error(error, told):
    """It must grow a hundredfold, and past a tenth of the tolerance."""
    assert codes(RELU, replace(RELU, error=error)) == (["error"] if told else [])
    assert codes(replace(RELU, error=1e-10), replace(RELU, error=error)) == []


def test_the_worst_error_is_said():
    (drift,) = drifts(RELU, replace(RELU, error=5e-9), EXACT)
    assert (drift.old, drift.new) == ("3e-12 of 1e-08 allowed", "5e-09 of 1e-08 allowed")


def test_an_error_that_rounding_had_hidden():
    """What was nothing for sure is written as that, without a tolerance."""
    (drift,) = drifts(replace(RELU, error=0.0, allowed=0.0), replace(RELU, error=8e-9), EXACT)
    assert (drift.code, drift.old, drift.new) == ("error", "0", "8e-09 of 1e-08 allowed")


def test_the_structure():
    rows = (Row((0.0, 1e-300), (0.5, 0.5), (0.25, 0.0, 0.0, float("inf"))),)
    found = drifts(SOFTMAX, replace(SOFTMAX, structure="Jacobian, diagonal", rows=rows), EXACT)
    assert [drift.code for drift in found] == ["structure", "gradient"]
    assert found[0].old == "Jacobian, dense"
    assert found[1].message == "2 of 4 gradients have changed"
    assert found[1].where == "J[1,0], x = [0, 1e-300]"


def test_a_jacobian_that_has_become_a_diagonal_in_the_shape_of_x():
    rows = (Row((0.0, 1e-300), (0.5, 0.5), (0.25, 0.25)),)
    assert codes(SOFTMAX, replace(SOFTMAX, structure="element-wise", rows=rows)) == ["structure"]


def test_the_width():
    assert codes(RELU, replace(RELU, inputs=4, outputs=4, rows=())) == ["width", "width"]


def test_a_value_and_its_place():
    (drift,) = drifts(RELU, with_row(RELU, 1, value=(0.1, 0.2, 0.31)), EXACT)
    assert drift == Drift("value", "a value has changed", "0.3", "0.31", "x[2] = 0.3")
    (drift,) = drifts(SOFTMAX, with_row(SOFTMAX, value=(0.5, 0.5 + 1e-7)), EXACT)
    assert (drift.old, drift.new, drift.where) == ("0.5", "0.5000001", "output 1, x = [0, 1e-300]")


def test_places_follow_the_layout():
    changed = with_row(SOFTMAX, gradient=(0.25, 0.25, -0.25, float("inf")))
    (drift,) = drifts(SOFTMAX, changed, EXACT, Layout.IN_OUT)
    assert drift.where.startswith("J[1,0]")


@pytest.mark.parametrize("size", [1e-12, 1.0, 1e300])
def test_another_libm_is_no_drift(size):
    """A few units in the last place, and noise in what has cancelled to nothing beside the others."""
    generator = np.random.default_rng(0)
    values = size * generator.standard_normal(3)
    noisy = values * (1 + 8 * np.finfo(float).eps * generator.standard_normal(3))
    old = with_row(RELU, value=(*values, 0.0), gradient=tuple(values))
    new = with_row(RELU, value=(*noisy, 3e-16 * size), gradient=tuple(noisy))
    assert codes(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (float("inf"), float("inf"), True),
        (float("inf"), float("-inf"), False),
        (float("nan"), float("nan"), True),
        (1.0, float("nan"), False),
        (0.0, -0.0, True),
        (0.0, 1e-320, True),
    ],
)
def test_odd_numbers(old, new, same):
    assert (codes(with_row(RELU, value=(old, 1, 1)), with_row(RELU, value=(new, 1, 1))) == []) is same


def test_another_rule_does_not_read_as_drift():
    other = replace(RELU, rule=RULE_VERSION + 1, error=1e-8, kinks=(Kink(0.0, (0.0, 1.0), 0.5),))
    assert codes(RELU, other) == []
    assert codes(RELU, with_row(other, gradient=(0.0, 0.0, 1.0))) == ["gradient"]


def test_tolerance_is_the_checks_own():
    changed = with_row(RELU, value=(0.0, 0.0, 2.51))
    assert codes(RELU, changed, Tolerance(0.01, 0.0, "float64")) == []
    assert codes(RELU, changed, Tolerance(0.0, 0.02, "float64")) == []
    single = with_row(RELU, value=(0.0, 1e-6, 2.5))
    assert codes(RELU, single) == ["value"]
    assert codes(RELU, single, Tolerance(0.0, 0.0, "float32")) == []
