"""Options to a specification."""

from __future__ import annotations

import pytest

from actcheck.model import CheckSpec, Layout


def test_defaults_are_those_of_the_specification(run, checks):
    """One place decides them; the command line only repeats them."""
    assert run("verify", "relu").code == 0
    assert checks.spec == CheckSpec("relu", oracle="auto")


def test_all_settings_of_verify(run, checks):
    words = "--batch 3 --dim 2 --scale 0.5 --seed 7 --dtype float32 --rtol 1e-4 --atol 1e-6 --layout in-out --no-edge"
    assert run("verify", "relu", *words.split(), "--strict").code == 0
    assert checks.spec == CheckSpec(
        "relu",
        batch=3,
        dim=2,
        scale=0.5,
        seed=7,
        dtype="float32",
        rtol=1e-4,
        atol=1e-6,
        layout=Layout.IN_OUT,
        edge=False,
        strict=True,
        oracle="auto",
    )


def test_a_domain(run, checks):
    assert run("verify", "relu", "--domain", "-inf", "-1").code == 0
    assert checks.spec.domain == (-float("inf"), -1.0)


@pytest.mark.parametrize(
    ("low", "high", "what"),
    [
        ("1", "0", "--domain must begin below its end, and 1.0 is not below 0.0"),
        ("nan", "0", "--domain must be two numbers, the least and the greatest input, not (nan, 0.0)"),
        ("zero", "1", "--domain must be two numbers, not 'zero 1'"),
    ],
)
def test_a_domain_that_is_none(run, checks, low, high, what):
    done = run("verify", "relu", "--domain", low, high)
    assert (done.code, done.err.splitlines()[0]) == (2, f"error: {what}")


def test_the_way_to_look_at_a_jacobian(run, checks):
    assert run("verify", "softmax", "--directions", "6").code == 0
    assert run("verify", "softmax", "--full").code == 0
    assert [(spec.directions, spec.full) for spec in checks.specs] == [(6, False), (None, True)]
    done = run("verify", "softmax", "--full", "--directions", "4")
    assert (done.code, done.err.splitlines()[0]) == (2, "error: --full and --directions exclude each other")
    done = run("verify", "softmax", "--directions", "0")
    assert done.err.startswith("error: --directions must be a whole number of at least 1, not '0'")


def test_rows_typed_in(run, checks):
    assert run("verify", "relu", "--x", "-1,2", "--x=0, 1e-9", "--x", "3 -4").code == 0
    assert checks.spec.typed == ((-1.0, 2.0), (0.0, 1e-9), (3.0, -4.0))
    assert checks.spec.dim == 2


def test_sensitivity_is_for_verify_alone(run, checks):
    assert run("verify", "relu", "--sensitivity").code == 0
    assert checks.spec.sensitivity
    done = run("jacobian", "relu", "--sensitivity")
    assert (done.code, done.err.splitlines()[0]) == (2, "error: --sensitivity is no option of jacobian")


def test_a_width_that_the_rows_do_not_have(run, checks):
    assert run("verify", "relu", "--x", "1,2", "--dim", "2").code == 0
    done = run("verify", "relu", "--x", "1,2", "--dim", "3")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: --dim is 3, but the rows given by --x have width 2\n")


def test_jacobian_shows_one_row(run, checks):
    assert run("jacobian", "softmax", "--dim", "3", "--stretch", "2").code == 0
    assert checks.spec == CheckSpec("softmax", (("stretch", 2),), command="jacobian", dim=3, edge=False, oracle="auto")


def test_jacobian_of_a_row_typed_in(run, checks):
    assert run("jacobian", "softmax", "--x", "-1,2").code == 0
    assert checks.spec.typed == ((-1.0, 2.0),)
    done = run("jacobian", "softmax", "--x", "1", "--x", "2")
    assert (done.code, done.err.splitlines()[0]) == (2, "error: --x is given more than once")


@pytest.mark.parametrize(
    ("option", "value", "rule"),
    [
        ("--batch", "0", "a whole number of at least 1"),
        ("--batch", "1.5", "a whole number of at least 1"),
        ("--dim", "-3", "a whole number of at least 1"),
        ("--seed", "-1", "a whole number of at least 0"),
        ("--seed", "nan", "a whole number of at least 0"),
        ("--scale", "0", "a finite number above 0"),
        ("--scale", "-inf", "a finite number above 0"),
        ("--scale", "inf", "a finite number above 0"),
        ("--rtol", "-1e-9", "a finite number of at least 0"),
        ("--rtol", "nan", "a finite number of at least 0"),
        ("--atol", "small", "a finite number of at least 0"),
        ("--dtype", "float128", "float64, float32 or float16"),
        ("--layout", "out", "out-in or in-out"),
    ],
)
def test_values_out_of_range(run, checks, option, value, rule):
    done = run("verify", "relu", option, value)
    assert (done.code, done.out, checks.specs) == (2, "", [])
    assert done.err == f"error: {option} must be {rule}, not {value!r}\n"


def test_zero_is_a_tolerance_and_a_seed(run, checks):
    assert run("verify", "relu", "--rtol", "0", "--atol", "0", "--seed", "0").code == 0
    assert checks.spec.rtol == 0.0


def test_all_mistakes_are_told_at_once(run, checks):
    words = "--batch 0 --dtype int --x 1,a --bach 3 --interval f --json=1 --stretch"
    done = run("verify", "relu", *words.split())
    assert (done.code, done.out, checks.specs) == (2, "", [])
    told = [line for line in done.err.splitlines() if line.startswith("error: ")]
    assert [line.split()[1] for line in told] == [
        "--interval",
        "--json",
        "--stretch",
        "--x",
        "--dtype",
        "--batch",
        "--bach",
    ]


@pytest.mark.parametrize("command", ["verify", "jacobian"])
def test_a_command_needs_a_target(run, command):
    done = run(command)
    assert done.code == 2
    assert done.err.startswith(f"error: {command} needs a target\n")
