"""Conventions that are no mistakes: only an option with which the check passes is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from actcheck import conventions, run
from actcheck.errors import DataError
from actcheck.model import CheckSpec, Diagnosis, Finding, Layout, Outcome, Reading, Report

X = np.linspace(-2, 2, 12).reshape(4, 3)
UNEXPLAINED = Diagnosis("unexplained", "", "no simple mistake explains it", 0, 3)
SPEC = CheckSpec("mod:it")


def _report(*codes: str, outcome: Outcome = Outcome.FAILED) -> Report:
    findings = tuple(Finding("contract", Outcome.FAILED, code, code) for code in codes)
    return Report(SPEC, "it", None, {}, None, 1e-8, (), findings, {}, outcome, diagnoses=(UNEXPLAINED,))


class Again:
    """Passes with one reading."""

    def __init__(self, right: Reading) -> None:
        self.right = right
        self.asked: list[Reading] = []

    def __call__(self, spec: CheckSpec) -> Report:
        self.asked.append(spec.reading)
        return _report(outcome=Outcome.PASSED if spec.reading == self.right else Outcome.FAILED)


@pytest.mark.parametrize(
    ("codes", "right", "option"),
    [
        ((), Reading(derivative_of="output"), "--derivative-of output"),
        (("shape",), Reading(samples="columns"), "--samples columns"),
        (("rows-coupled",), Reading(samples="single"), "--samples single"),
        (("raises",), Reading(samples="columns", derivative_of="output"), "--samples columns --derivative-of output"),
    ],
)
def test_the_option_that_makes_it_right_is_told(codes: tuple[str, ...], right: Reading, option: str) -> None:
    told = conventions.explain(_report(*codes), Again(right))
    assert [each.option for each in told.diagnoses] == [option]
    assert told.diagnoses[0].sentence.endswith(f"it is right with {option}")
    assert told.outcome is Outcome.FAILED


def test_what_no_option_makes_right_keeps_its_diagnosis() -> None:
    told = conventions.explain(_report(), Again(Reading(value="other")))
    assert told.diagnoses == (UNEXPLAINED,)


@pytest.mark.parametrize("code", ["input-changed", "stale-state", "cotangent-changed", "state-not-saved", "not-linear"])
def test_what_is_wrong_in_any_convention_is_not_excused(code: str) -> None:
    again = Again(Reading(derivative_of="output"))
    assert conventions.explain(_report(code), again).diagnoses == (UNEXPLAINED,)
    assert again.asked == []


def test_a_reading_that_cannot_be_had_is_passed_over() -> None:
    def again(spec: CheckSpec) -> Report:
        raise DataError("no")

    assert conventions.explain(_report(), again).diagnoses == (UNEXPLAINED,)


def test_a_few_rows_decide_before_all_do() -> None:
    asked = []

    def again(spec: CheckSpec) -> Report:
        asked.append(spec.edge)
        right = not spec.edge and spec.reading.derivative_of == "output"
        return _report(outcome=Outcome.PASSED if right else Outcome.FAILED)

    told = conventions.explain(_report(), again)
    assert asked == [False, True, False]
    assert told.diagnoses[0].sentence.endswith("on ordinary rows it is right with --derivative-of output")
    told = conventions.explain(replace(_report(), spec=replace(SPEC, edge=False)), again)
    assert told.diagnoses[0].sentence.endswith(": it is right with --derivative-of output")


COUPLED = Finding("contract", Outcome.FAILED, "rows-coupled", "rows-coupled")


def _hinted(code: str) -> Report:
    hint = Diagnosis(code, "rows", "the axis is told", 0, 0)
    return replace(_report(), findings=(COUPLED,), diagnoses=(hint,))


@pytest.mark.parametrize("code", ["normalised-over-axis-0", "normalised-over-batch"])
def test_a_wrong_axis_is_told_before_that_it_is_right_for_a_single_sample(code: str) -> None:
    told = conventions.explain(_hinted(code), Again(Reading(samples="single"))).diagnoses
    assert [each.code for each in told] == [code, "single-samples"]
    # As columns the axis is no mistake.
    told = conventions.explain(_hinted(code), Again(Reading(samples="columns"))).diagnoses
    assert [each.code for each in told] == ["batch-as-columns", code]


def test_what_is_centred_over_the_batch_is_taken_as_a_batch_first() -> None:
    asked = []

    def again(spec: CheckSpec) -> Report:
        asked.append((spec.coupled, spec.batch, spec.reading.samples))
        return _report(outcome=Outcome.PASSED)

    told = conventions.explain(_hinted("centred-over-axis-0"), again).diagnoses
    assert [each.code for each in told] == ["rows-as-batch", "centred-over-axis-0"]
    assert told[0].option == "--rows coupled"
    assert told[0].sentence == ("its rows belong together, as in batch normalisation: it is right with --rows coupled")
    # With a small batch: its Jacobian is one of all of its numbers.
    assert asked == [(True, 4, "rows"), (True, 4, "rows")]


def test_what_is_centred_and_wrong_as_a_batch_may_be_one_of_columns() -> None:
    again = Again(Reading(samples="columns"))
    told = conventions.explain(_hinted("centred-over-axis-0"), again).diagnoses
    assert [each.code for each in told] == ["batch-as-columns", "centred-over-axis-0"]
    assert [reading.samples for reading in again.asked] == ["rows", "columns", "columns"]


RAISES = Finding("contract", Outcome.FAILED, "gradient-raises", "gradient-raises")


def test_what_raises_on_edge_rows_alone_follows_no_convention() -> None:
    """On ordinary rows it is right as it is called, and so it would be with any option that changes nothing."""

    def again(spec: CheckSpec) -> Report:
        return _report(outcome=Outcome.PASSED if not spec.edge else Outcome.FAILED)

    told = conventions.explain(replace(_report(), findings=(RAISES,)), again)
    assert told.diagnoses == (UNEXPLAINED,)


def test_an_option_is_not_told_where_ordinary_rows_are_right_without_it() -> None:
    """What is wrong at a few places stays wrong there with it."""

    def again(spec: CheckSpec) -> Report:
        return _report(outcome=Outcome.FAILED if spec.edge else Outcome.PASSED)

    assert conventions.explain(_report(), again).diagnoses == (UNEXPLAINED,)


def test_a_gradient_that_depends_on_the_batch_while_the_value_does_not_is_no_matter_of_how_rows_are_handed_over() -> (
    None
):
    report = _report()
    message = "the gradient of a row is another alone than within a batch of 8"
    report = replace(report, findings=(Finding("contract", Outcome.FAILED, "rows-coupled", message),))
    again = Again(Reading(samples="columns"))
    assert conventions.explain(report, again).diagnoses == (UNEXPLAINED,)
    assert all(asked.samples == "rows" for asked in again.asked)


def test_a_backward_pass_of_a_cotangent_alone_is_not_expressed_in_the_output() -> None:
    for codes in ((), ("shape",)):
        again = Again(Reading(derivative_of="output"))
        told = conventions.explain(_report(*codes), again, takes_input=False)
        assert told.diagnoses == (UNEXPLAINED,)
        assert all(reading.derivative_of == "input" for reading in again.asked)


WRONG_FAR_OUT = """import numpy as np
class It:
    W = 3 * np.random.default_rng(0).normal(size=(3, 3))
    def forward(self, x):
        e = np.exp(x @ self.W - (x @ self.W).max(1, keepdims=True))
        self.p = e / e.sum(1, keepdims=True)
        self.far = 1 + (np.abs(x).max(1, keepdims=True) > 4)
        return self.p
    def backward(self, d):
        return self.far * (self.p * (d - (d * self.p).sum(1, keepdims=True))) @ self.W.T
"""


def test_what_is_wrong_on_edge_rows_alone_is_not_told_to_be_expressed_in_the_output(tmp_path: Path) -> None:
    (tmp_path / "far_out.py").write_text(WRONG_FAR_OUT)
    report = run.check_target(CheckSpec(f"{tmp_path / 'far_out.py'}:It"))
    assert report.wrong
    assert "--derivative-of" not in " ".join(each.sentence for each in report.diagnoses)


TRANSPOSED = """import numpy as np
class It:
    W = np.random.default_rng(0).normal(size=(4, 4))
    def forward(self, x):
        return x @ self.W
    def backward(self, g):
        return g @ self.W
"""


def test_a_product_with_a_cotangent_has_no_layout(tmp_path: Path) -> None:
    (tmp_path / "transposed.py").write_text(TRANSPOSED)
    spec = CheckSpec(f"{tmp_path / 'transposed.py'}:It")
    for layout in Layout:
        report = run.check_target(replace(spec, layout=layout))
        assert report.outcome is Outcome.FAILED
        assert report.diagnoses[0].sentence == (
            "the cotangent is multiplied by the transposed Jacobian: by W instead of its transpose, or the other way "
            "round"
        )
        assert not any(each.option for each in report.diagnoses)
        note = "--layout in-out is not used: `backward` takes a cotangent, and its product has no layout"
        assert (note in report.notes) is (layout is Layout.IN_OUT)
