"""Which keyword goes to which target."""

from __future__ import annotations

import math

import pytest

from actcheck.errors import TargetError


def parameters(checks):
    return {spec.target: dict(spec.parameters) for spec in checks.specs}


def test_a_keyword_reaches_the_constructor_as_a_value(run, checks):
    assert run("verify", "relu", "--at-zero", "0.5").code == 0
    assert parameters(checks) == {"relu": {"at_zero": 0.5}}


def test_negative_and_non_finite_values(run, checks):
    run("verify", "open", "--shift", "-inf", "--slope", "-0.1", "--flag", "true", "--name", "abc")
    assert parameters(checks) == {"open": {"shift": -math.inf, "slope": -0.1, "flag": True, "name": "abc"}}


def test_each_keyword_goes_to_each_target_that_has_it(run, checks):
    assert run("verify", "relu", "softmax", "tanh", "open", "--stretch", "2", "--at-zero=0").code == 0
    assert parameters(checks) == {
        "relu": {"at_zero": 0},
        "softmax": {"stretch": 2},
        "tanh": {},
        "open": {"stretch": 2, "at_zero": 0},
    }


def test_set_says_the_same_where_a_name_clashes(run, checks):
    assert run("verify", "open", "--set", "batch=3", "--set", "at-zero=-1", "--batch", "4").code == 0
    assert parameters(checks) == {"open": {"batch": 3, "at_zero": -1}}
    assert checks.spec.batch == 4


def test_a_keyword_that_no_target_takes(run, checks):
    done = run("verify", "relu", "softmax", "tanh", "--alpha", "2")
    assert (done.code, done.out, checks.specs) == (2, "", [])
    assert done.err.splitlines() == [
        "error: --alpha is no option, and no target takes it",
        "  fix: relu takes --at-zero; softmax takes --stretch; tanh takes no parameters.",
    ]


def test_a_mistyped_keyword(run):
    assert "fix: Did you mean --stretch? softmax takes --stretch." in run("verify", "softmax", "--strech", "2").err


@pytest.mark.parametrize("target", ["relu", "open", "missing"])
def test_a_mistyped_option_is_no_keyword(run, checks, target):
    """Not even for a functor that takes any keyword: it would swallow the mistake."""
    done = run("verify", target, "--bach", "8")
    assert (done.code, checks.specs) == (2, [])
    assert "error: --bach is no option\n" in done.err
    assert "Did you mean --batch?" in done.err


def test_set_is_the_way_out_for_a_name_like_an_option(run, checks):
    assert "write --set bach=VALUE" in run("verify", "open", "--bach", "8").err
    assert run("verify", "open", "--set", "bach=8").code == 0
    assert parameters(checks) == {"open": {"bach": 8}}


def test_a_keyword_given_twice(run, checks):
    done = run("verify", "relu", "--at-zero", "0", "--set", "at_zero=1")
    assert (done.code, checks.specs) == (2, [])
    assert done.err == "error: --at-zero is given more than once\n"


@pytest.mark.parametrize("text", ["batch", "=3", "1a=3", " "])
def test_set_needs_a_name_and_a_value(run, text):
    done = run("verify", "relu", "--set", text)
    assert done.code == 2
    assert "is not of the form name=value" in done.err


def test_a_target_that_cannot_be_loaded_might_have_taken_it(run, checks):
    """Its own error is told instead, and the others are checked."""
    checks.results["missing"] = TargetError("there is no missing")
    done = run("verify", "missing", "tanh", "--alpha", "2")
    assert done.code == 2
    assert "there is no missing" in done.err
    assert "OK  tanh" in done.out
