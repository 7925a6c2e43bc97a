"""The command that shows a fault again: it must give the same verdict."""

from __future__ import annotations

import shlex
from dataclasses import replace

import numpy as np
import pytest

import actcheck
from actcheck import run
from actcheck.cli.options import split
from actcheck.model import CheckSpec, Layout, Outcome, Reading
from actcheck.replay import command
from actcheck.rows.typed import parse

SPEC = CheckSpec("relu")
ROW = (0.0, -1.0, 2.5, 1e-9, -800.0)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "actcheck verify relu --x 0,-1,2.5,1e-09,-800"),
        ({"command": "jacobian"}, "actcheck jacobian relu --x 0,-1,2.5,1e-09,-800"),
        ({"seed": 3, "rtol": 1e-6}, "actcheck verify relu --seed 3 --rtol 1e-06 --x 0,-1,2.5,1e-09,-800"),
        ({"dtype": "float32"}, "actcheck verify relu --dtype float32 --x 0,-1,2.5,1e-09,-800"),
        ({"layout": Layout.IN_OUT}, "actcheck verify relu --layout in-out --x 0,-1,2.5,1e-09,-800"),
        (
            {"reading": Reading("m:f", "v", "", "output", "columns", ("W", "b=db"))},
            "actcheck verify relu --gradient m:f --value v --derivative-of output --samples columns --parameter W "
            "--parameter b=db --x 0,-1,2.5,1e-09,-800",
        ),
        ({"domain": (0.0, float("inf"))}, "actcheck verify relu --domain 0 inf --x 0,-1,2.5,1e-09,-800"),
        (
            {"command": "check", "domain": (-1.0, 1.0)},
            "actcheck.check(functor, [0, -1, 2.5, 1e-09, -800], domain=(-1.0, 1.0))",
        ),
        ({"strict": True}, "actcheck verify relu --strict --x 0,-1,2.5,1e-09,-800"),
        ({"parameters": (("at_zero", 0.5),)}, "actcheck verify relu --at-zero 0.5 --x 0,-1,2.5,1e-09,-800"),
        ({"parameters": (("scale", 2),)}, "actcheck verify relu --set scale=2 --x 0,-1,2.5,1e-09,-800"),
        ({"target": "my file.py:F"}, "actcheck verify 'my file.py:F' --x 0,-1,2.5,1e-09,-800"),
        (
            {"batch": 3, "scale": 2.0, "atol": 0.5},
            "actcheck verify relu --batch 3 --scale 2.0 --atol 0.5 --x 0,-1,2.5,1e-09,-800",
        ),
        ({"dim": 5, "edge": False}, "actcheck verify relu --x 0,-1,2.5,1e-09,-800"),
        ({"command": "check"}, "actcheck.check(functor, [0, -1, 2.5, 1e-09, -800])"),
        (
            {"command": "check", "seed": 3, "layout": Layout.IN_OUT},
            "actcheck.check(functor, [0, -1, 2.5, 1e-09, -800], seed=3, layout='in-out')",
        ),
        (
            {"coupled": True, "batch": 5},
            "actcheck verify relu --batch 5 --rows coupled --x 0 --x -1 --x 2.5 --x 1e-09 --x -800",
        ),
    ],
)
def test_commands(change, expected):
    assert command(replace(SPEC, **change), ROW) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"dim": 300}, "actcheck verify relu --dim 300"),
        ({"directions": 3, "edge": False}, "actcheck verify relu --directions 3 --dim 300 --no-edge"),
        ({"full": True, "parameters": (("at_zero", 1),)}, "actcheck verify relu --at-zero 1 --full --dim 300"),
        ({"csv": "rows.csv", "columns": ("a", "2")}, "actcheck verify relu --csv rows.csv --columns a,2"),
        (
            {"coupled": True, "batch": 3, "strict": True},
            "actcheck verify relu --batch 3 --strict --rows coupled --dim 100",
        ),
        ({"command": "check", "full": True}, "actcheck.check(functor, X, full=True)"),
        ({"command": "check", "dim": 300}, "actcheck.check(functor, dim=300)"),
    ],
)
def test_a_wide_row_is_not_typed_in(change, expected):
    """A command of thousands of numbers is none that anybody runs."""
    assert command(replace(SPEC, **change), (0.5,) * 300) == expected


@pytest.mark.parametrize("value", [0.1, -1 / 3, 1e300, 5e-324, -0.0, 123456789.123456789])
def test_numbers_come_back_to_the_bit(value):
    words = shlex.split(command(SPEC, (value, 1.0)))
    (row,) = parse([words[words.index("--x") + 1]])
    assert np.array(row).tobytes() == np.array([value, 1.0]).tobytes()


@pytest.mark.parametrize(
    "parameter", [("at_zero", -0.5), ("slope", float("-inf")), ("name", "two words"), ("on", True)]
)
def test_keywords_are_read_back(parameter):
    words = shlex.split(command(replace(SPEC, parameters=(parameter,)), ROW))
    assert [keyword.name for keyword in split(words[1:]).keywords] == [parameter[0]]


class Wrong:
    """A tanh that is wrong beyond 5, at 0 and for one input of a row."""

    def __call__(self, X):
        return np.tanh(X)

    def gradient(self, X):
        G = 1 - np.tanh(X) ** 2
        G[np.abs(X) > 5] = 0.5
        return G


@pytest.mark.parametrize("settings", [{}, {"seed": 4, "rtol": 1e-5}, {"dtype": "float32"}, {"batch": 3, "scale": 0.5}])
def test_the_row_gives_the_same_verdict_again(settings):
    spec = CheckSpec("Wrong()", command="check", **settings)
    report = run.check_functor(spec, Wrong(), None)
    assert report.outcome is Outcome.FAILED
    again = eval(report.replay, {"actcheck": actcheck, "functor": Wrong()})
    first, second = report.worst[0], next(each for each in report.worst if each.values == report.worst[0].values)
    assert first == second
    same = next(each for each in again.worst if each.input == first.input)
    assert again.outcome is Outcome.FAILED
    assert (same.verdict, same.analytic, same.values) == (first.verdict, first.analytic, first.values)
    assert same.numeric == pytest.approx(first.numeric, rel=1e-6, abs=1e-9)
    assert same.allowed == pytest.approx(first.allowed, rel=1e-6)


def test_a_fault_of_the_value_has_one_too():
    class Overflowing:
        def __call__(self, X):
            return np.log(1 + np.exp(X))

        def gradient(self, X):
            return 1 / (1 + np.exp(-X))

    report = run.check_functor(CheckSpec("it", command="check"), Overflowing(), None)
    assert report.outcome is Outcome.WARNED
    again = eval(report.replay, {"actcheck": actcheck, "functor": Overflowing()})
    assert [each.code for each in again.findings] == ["avoidable-overflow"]


def test_what_passes_needs_none():
    assert run.check_target(CheckSpec("tanh")).replay == ""


def test_what_fails_strictly_is_shown_again():
    """Single entries that cannot be told fail with --strict; their row is the one to look at."""
    spec = CheckSpec("softmax", parameters=(("stretch", 50),), strict=True, dim=12)
    report = run.check_target(spec)
    assert not report.passed
    assert report.outcome is Outcome.PASSED
    assert report.replay.startswith("actcheck verify softmax --stretch 50 --strict --x ")
