"""The rule for single entries: every verdict, and that nothing is silently right or wrongly wrong."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcheck.checks import judge
from actcheck.checks.judge import BLUNT, CLIFF, EDGE, ENDLESS, FAR, REASONS, VAGUE, Seen
from actcheck.model import Verdict
from actcheck.numeric.climb import Usual, climb
from actcheck.numeric.ladder import Local
from actcheck.numeric.lines import Lines
from actcheck.rows.generated import directions

ALLOWED, TELLING = 1e-8, 1e-3


def sight(**known):
    """Give what the ladder sees of one smooth entry of slope 1, but for what is known otherwise."""
    usual = {
        "value": 1.0, "bound": 1e-12, "bold_value": 1.0, "bold_bound": 1e-13, "noise": 1e-16, "bend": 0.0,
        "what": Local.SMOOTH, "low": 1.0, "high": 1.0, "low_bound": 1e-12, "high_bound": 1e-12, "apart": False,
        "endless": False, "steady": True,
    } | known  # fmt: skip
    types = {"what": np.int8, "apart": bool, "endless": bool, "steady": bool}
    return Seen(**{name: np.full((1, 1), value, types.get(name, float)) for name, value in usual.items()})


def decide(analytic, allowed=ALLOWED, telling=TELLING, **known):
    verdict, reason = judge.judge(np.full((1, 1), float(analytic)), sight(**known), np.full((1, 1), allowed), telling)
    return judge.CODES[verdict[0, 0]], REASONS[reason[0, 0]]


def verdict(analytic, **known):
    return decide(analytic, **known)[0]


KINK = {"low": 0.0, "high": 1.0, "apart": True, "what": Local.KINK, "value": 0.5, "bold_value": 0.5}


# ------------------------------------------------------------------------------------------ smooth


@pytest.mark.parametrize("analytic", [1.0, 1 + 1e-9, 1 - 9.9e-9])
def test_agreement_under_one_model_is_enough(analytic):
    assert verdict(analytic) is Verdict.AGREE
    assert verdict(analytic, value=3.0, bound=1e-12) is Verdict.AGREE
    assert verdict(analytic, bold_value=3.0) is Verdict.AGREE


@pytest.mark.parametrize("analytic", [1 + 1e-7, 0.0, -1.0, 2.0, 1e300])
def test_wrong_needs_exclusion_under_both(analytic):
    assert verdict(analytic) is Verdict.WRONG
    assert verdict(analytic, bound=1e301) is Verdict.UNRESOLVED
    assert verdict(analytic, bold_bound=1e301) is Verdict.UNRESOLVED


@pytest.mark.parametrize("analytic", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_wrong_where_the_slope_is_finite(analytic):
    assert verdict(analytic) is Verdict.WRONG
    assert verdict(analytic, bound=np.inf, bold_bound=np.inf, value=np.nan, bold_value=np.nan) is Verdict.WRONG


def test_a_blunt_estimate_tells_nothing():
    assert decide(1.0, bound=1e-2, bold_bound=1e-2) == (Verdict.UNRESOLVED, BLUNT)
    assert decide(1.0 + 1e-7, bound=1e-6, bold_bound=1e-6) == (Verdict.UNRESOLVED, BLUNT)
    assert decide(1.0, bound=1e-2, bold_bound=1e-2, telling=0.1)[0] is Verdict.AGREE


def test_unknown_is_never_right():
    assert decide(1.0, bound=np.inf, bold_bound=np.inf) == (Verdict.UNRESOLVED, EDGE)
    assert decide(0.0, value=np.nan, bold_value=np.nan, bound=np.inf, bold_bound=np.inf)[0] is Verdict.UNRESOLVED


@given(st.floats(), st.floats(allow_nan=False), st.floats(0, allow_nan=False), st.floats(0, 1e300))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_wrong_is_only_what_no_derivative_within_the_bound_allows(analytic, value, bound, allowed):
    found = verdict(analytic, value=value, bold_value=value, bound=bound, bold_bound=bound, allowed=allowed)
    with np.errstate(over="ignore", invalid="ignore"):
        near = abs(analytic - value) <= allowed + bound
    if near:
        assert found in (Verdict.AGREE, Verdict.UNRESOLVED)
    if np.isnan(analytic):
        assert found is Verdict.WRONG


# ------------------------------------------------------------------------------------------ kinks


@pytest.mark.parametrize("analytic", [0.0, 0.5, 1.0, 1 + 1e-9, -1e-9])
def test_a_sub_gradient_is_right(analytic):
    assert verdict(analytic, **KINK) is Verdict.KINK_ACCEPTED


@pytest.mark.parametrize("analytic", [-1.0, 2.0, -1e-6, 1 + 1e-6])
def test_outside_of_the_slopes_is_refused(analytic):
    assert verdict(analytic, **KINK) is Verdict.KINK_REFUSED


def test_nan_at_a_kink_is_wrong():
    assert verdict(np.nan, **KINK) is Verdict.WRONG


def test_vague_slopes_decide_nothing():
    assert decide(0.5, **KINK | {"low_bound": 0.3}) == (Verdict.UNRESOLVED, VAGUE)
    assert decide(1.15, **KINK | {"high_bound": 0.1}) == (Verdict.UNRESOLVED, VAGUE)
    assert decide(1.5, **KINK | {"high_bound": 0.1})[0] is Verdict.KINK_REFUSED


# ------------------------------------------------------------------------------------------ jumps and steep places


BLUNT_SLOPES = {"bound": 1.0, "bold_bound": 1.0, "low_bound": 1.0, "high_bound": 1.0}


@pytest.mark.parametrize("analytic", [0.0, 5.0, np.inf])
def test_at_a_jump_nothing_is_asked(analytic):
    assert verdict(analytic, what=Local.JUMP, **BLUNT_SLOPES) is Verdict.JUMP


def test_but_nan():
    assert verdict(np.nan, what=Local.JUMP, **BLUNT_SLOPES) is Verdict.WRONG


def test_a_jump_nearby_leaves_the_slope_defined():
    assert verdict(1.0, what=Local.JUMP) is Verdict.AGREE
    assert verdict(2.0, what=Local.JUMP) is Verdict.WRONG


def test_an_infinite_slope():
    steep = {"what": Local.STEEP, "value": 1e6, **BLUNT_SLOPES}
    assert verdict(np.inf, **steep) is Verdict.INFINITE_SLOPE
    assert verdict(-np.inf, **steep) is Verdict.WRONG
    assert verdict(np.nan, **steep) is Verdict.WRONG
    assert decide(7.0, **steep) == (Verdict.UNRESOLVED, ENDLESS)


# ------------------------------------------------------------------------------------------ where nothing can be told


def test_too_far_out_no_fault_is_found():
    codes = np.array([[judge.code(each) for each in Verdict]], np.int8)
    reasons = np.zeros_like(codes)
    judge.lift(codes, reasons, np.ones(codes.shape, bool))
    lifted = [judge.CODES[each] for each in codes[0]]
    faults = (Verdict.WRONG, Verdict.KINK_REFUSED)
    assert lifted == [Verdict.UNRESOLVED if each in faults else each for each in Verdict]
    assert [REASONS[each] for each in reasons[0]] == [FAR if each in faults else "" for each in Verdict]


def test_elsewhere_faults_stay():
    codes = np.array([[judge.code(Verdict.WRONG)]], np.int8)
    judge.lift(codes, np.zeros_like(codes), np.zeros((1, 1), bool))
    assert judge.CODES[codes[0, 0]] is Verdict.WRONG


# ------------------------------------------------------------------------------------------ what the ladder sees


def looked_at(f, *x):
    lines = Lines(f, np.array(x)[:, None], 1, True)
    return judge.seen(climb(lines, np.arange(len(x)), directions(0, 1, (len(x), 1)), Usual()))


def test_a_rectifier_is_kinky_at_0_only():
    found = looked_at(lambda X: np.maximum(X, 0), -1.0, 0.0, 1e-9, 1.0)
    np.testing.assert_array_equal(found.kinky[:, 0], [False, True, False, False])
    assert (found.low[1, 0], found.high[1, 0]) == (0, 1)


def test_jumps_and_steep_places_are_not_kinky():
    assert not looked_at(np.floor, 1.0).kinky.any()
    assert not looked_at(np.cbrt, 0.0).kinky.any()


def test_parts_are_put_together_again():
    parts = [looked_at(np.tanh, 0.5), looked_at(np.tanh, 1.0, 2.0)]
    whole = judge.gather(parts)
    assert whole.value.shape == (3, 1)
    np.testing.assert_array_equal(whole.value[1:], parts[1].value)
    assert judge.gather(parts[:1]) is parts[0]


def test_what_was_asked_goes_back_to_its_place():
    asked = np.array([[True, False], [False, True]])
    few = looked_at(np.tanh, 0.5, 1.0)
    whole = judge.spread(few, asked)
    np.testing.assert_array_equal(whole.value[asked], few.value[:, 0])
    assert np.isinf(whole.bound[~asked]).all()
    assert {each.name for each in fields(Seen)} == {each.name for each in fields(whole)}
    assert judge.spread(few, np.ones((2, 1), bool)) is few


def test_slopes_that_come_together_with_the_step_are_no_kink():
    """So does curvature, seen at steps that noise keeps long."""
    around = {"low": 0.0, "high": 1.0, "apart": True, "value": 0.5, "bound": 0.5, "bold_value": 0.5, "bold_bound": 0.5}
    assert verdict(0.25, **around) is Verdict.KINK_ACCEPTED
    assert decide(0.25, steady=False, **around) == (Verdict.UNRESOLVED, VAGUE)
    assert verdict(3.0, steady=False, **around) is Verdict.KINK_REFUSED


@pytest.mark.parametrize("analytic", [1.0, 3e5])
def test_what_is_steep_close_by_is_no_jump(analytic):
    unclear = {"bound": 1e5, "bold_bound": 1e5, "low_bound": np.inf, "high_bound": np.inf}
    assert verdict(analytic, what=Local.JUMP, **unclear) is Verdict.JUMP
    assert decide(analytic, what=Local.CLIFF, **unclear) == (Verdict.UNRESOLVED, CLIFF)
