"""What came of a check, by what was expected and by the baseline."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actcheck.gate.judge import judge
from actcheck.gate.worker import Made
from actcheck.model import Status

from .records import RELU, with_row
from .stand_ins import case, report

CASE = case("a")
MADE = Made(report(CASE.spec), held=RELU)


@pytest.mark.parametrize(
    ("records", "strict", "status", "code"),
    [
        (None, False, Status.PASSED, 0),
        (None, True, Status.NEW, 1),
        ({}, False, Status.NEW, 0),
        ({}, True, Status.NEW, 1),
        ({"a": RELU}, True, Status.PASSED, 0),
        ({"a": with_row(RELU, value=(9.0, 9.0, 9.0))}, False, Status.DRIFTED, 1),
        ({"a": replace(RELU, inputs=4)}, False, Status.DRIFTED, 1),
    ],
)
def test_the_baseline(records, strict, status, code):
    result = judge(case("a", strict=strict), MADE, records)
    assert (result.status, result.exit_code) == (status, code)
    assert bool(result.drifts) is (status is Status.DRIFTED)


def test_a_functor_that_cannot_be_looked_at_again():
    assert judge(CASE, Made(MADE.report), {"a": RELU}).drifts[0].code == "unknown"


def test_what_is_expected_to_fail_has_no_baseline():
    assert judge(case("a", xfail="x"), MADE, {}).status is Status.SURPRISED
