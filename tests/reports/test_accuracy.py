"""Whole reports of accuracy as golden files, at 80 columns and without colour."""

from __future__ import annotations

import json

import pytest

from actcheck.accuracy_model import Accuracy, Band, Error, Loss, Sample
from actcheck.model import Outcome
from actcheck.reports import accuracy, exact, machine
from actcheck.reports.canvas import Look

from . import samples

NAN, INF = float("nan"), float("inf")
FINE, BAD, LOST = Error(0.5, 0.4), Error(3e4, 2e3), Error(INF, INF)
ZERO = Sample(25.0, "gradient", 0.0, 1.4e-11, Error(4.5e15, 2e14), "cancellation")
OVER = Sample(800.0, "value", INF, 800.0, LOST, "overflow")

GOOD = Accuracy(
    "float64",
    551,
    2,
    1,
    (Band(-1, -0.1, 16, FINE, FINE), Band(0, 0, 1, Error(0, 0), Error(NAN, NAN)), Band(0.1, 1, 16, FINE, FINE)),
    (Sample(0.5, "value", 0.25, 0.25, FINE), Sample(0.5, "gradient", 0.5, 0.5, Error(0, 0))),
    (),
    ((0.5, 0.5, NAN),),
)
POOR = Accuracy(
    "float32",
    33,
    0,
    0,
    (Band(-1e300, -1, 16, FINE, BAD), Band(0, 0, 1, FINE, FINE), Band(1, 1e300, 16, LOST, BAD, ("overflow", "x"))),
    (OVER, ZERO),
    (
        Loss("value", "overflow", 709.8, 1e300, OVER, 709.8, NAN),
        Loss("gradient", "cancellation", 4.5, 340, ZERO, 18.9, 18.99),
        Loss("gradient", "underflow", -4.5, -5, ZERO, NAN, NAN),
    ),
    (),
)


def report(found, outcome):
    return samples.report(outcome, accuracy=found, rows={}, counts={})


REPORTS = {"good": report(GOOD, Outcome.PASSED), "poor": report(POOR, Outcome.WARNED)}


@pytest.mark.parametrize("name", REPORTS)
def test_golden(name, golden):
    text = accuracy.render(REPORTS[name])
    assert max(map(len, text.splitlines()[:-1])) <= 80
    golden(f"accuracy_{name}.txt", text)


@pytest.mark.parametrize("name", REPORTS)
def test_ascii(name):
    assert accuracy.render(REPORTS[name], Look(encoding="ascii")).isascii()


def test_json():
    (target,) = json.loads(machine.dump([REPORTS["poor"]]))["targets"]
    assert target["accuracy"] == exact.accuracy(POOR)
    assert target["accuracy"]["losses"][0]["zero"] == "nan"
    assert target["accuracy"]["worst"][0] == {
        "x": 800.0,
        "quantity": "value",
        "computed": "inf",
        "true": 800.0,
        "ulps": "inf",
        "units": "inf",
        "kind": "overflow",
    }


def test_a_broken_contract_is_told_as_ever():
    assert "WRONG" in accuracy.render(samples.report(Outcome.FAILED))


def last_line(*losses):
    found = Accuracy("float64", 33, 0, 0, (), (ZERO,), losses, ())
    return accuracy.render(report(found, Outcome.WARNED)).splitlines()[-1]


def test_a_wrong_formula_comes_first_and_says_where_to_go():
    wrong = Loss("gradient", "wrong formula", 2.5, 340, ZERO, 18.9, 18.99)
    line = last_line(Loss("value", "overflow", 709.8, 1e300, OVER, 709.8, NAN), wrong)
    target = samples.report().spec.target
    assert line.endswith(
        f"the formula of the gradient is wrong from x = 2.5 (and 1 loss more); see actcheck verify {target}"
    )


def test_a_nan_is_called_nan():
    assert last_line(Loss("gradient", "not a number", -2.5, -340, ZERO, -2.5, NAN)).endswith(
        "the gradient is NaN from x = -2.5"
    )
