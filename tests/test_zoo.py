"""The whole check on the zoo: no false alarm on a right functor, no miss of a wrong one.

By default a sample of widths, seeds and tolerances, and of what is told of wrong functors; all of them with
ACTCHECK_FULL_ZOO=1, which takes hours. Every mistake is diagnosed once by tests/diagnosis/test_diagnose.py as well.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import product

import pytest

from actcheck import run
from actcheck.model import CheckSpec, Outcome, Report
from tests.functors.case import Case
from tests.functors.fresh import FRESH_RIGHT, FRESH_WRONG
from tests.functors.right import RIGHT
from tests.functors.rounded import ROUNDED_RIGHT, ROUNDED_WRONG
from tests.functors.seed import SEED_RIGHT, SEED_WRONG
from tests.functors.wrong import WRONG

RIGHT_ONES = (*RIGHT, *FRESH_RIGHT, *SEED_RIGHT, *ROUNDED_RIGHT)
WRONG_ONES = (*WRONG, *FRESH_WRONG, *SEED_WRONG, *ROUNDED_WRONG)

FULL = os.environ.get("ACTCHECK_FULL_ZOO") == "1"
WIDTHS = tuple(range(1, 33)) if FULL else (5, 2, 3, 8, 1, 4, 16, 7, 6, 12, 11)
SEEDS = tuple(range(20))
RTOLS = (1e-5, 1e-8, 1e-10)
CAUGHT_AT = 1e-8

EXCEPTIONS: dict[str, str] = {}
"""Functors that the tool gets wrong, with the reason; two at the most."""

FAULTS = {
    "contract": {"contract"},
    "finite": {"finite", "gradient"},
    "structure": {"structure"},
    "gradient": {"gradient"},
}
"""The checks that may catch a fault. A gradient that is not finite where the value is shows in its entries."""

ALSO = {"gradient-only-once": {"gradient"}}
"""Caught, but by another check: the contract's first call has used the one right gradient up."""

DIAGNOSED = 1 if FULL else 7
"""Of so many wrong functors one is diagnosed."""

Setting = tuple[int, int, float]


def settings(case: Case, number: int) -> Iterator[Setting]:
    """Give widths, seeds and tolerances to check a functor with: others for each of the zoo."""
    widths = [width for width in WIDTHS if case.widths is None or width in case.widths]
    if FULL:
        yield from product(widths, SEEDS, RTOLS)
        return
    for k, rtol in enumerate(RTOLS):
        yield widths[(number + k) % len(widths)], SEEDS[(3 * number + 7 * k) % len(SEEDS)], rtol


def reported(case: Case, setting: Setting) -> Report:
    width, seed, rtol = setting
    return run.check_functor(CheckSpec(case.name, dim=width, seed=seed, rtol=rtol), case.make(), None)


def caught_by(report: Report) -> set[str]:
    """Give the checks that failed; sweep and kinks are the gradient's."""
    failed = {check.name for check in report.checks if check.outcome is Outcome.FAILED}
    return {"gradient" if name in ("sweep", "kinks") else name for name in failed}


def told(report: Report) -> str:
    """Say what a report finds wrong, for the person who reads of it."""
    found = [f"{each.check}: {each.message}" for each in report.findings if each.outcome is Outcome.FAILED]
    found += [
        f"{each.row} J[{each.output},{each.input}] at {each.x}: {each.verdict.value}, {each.analytic} against "
        f"{each.numeric} ± {each.bound:.2g}, allowed {each.allowed:.2g} {each.slopes} {each.reason}"
        for each in report.worst[:3]
    ]
    return "; ".join(found) or report.outcome.value


def each_of(cases: tuple[Case, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("case", "number"), [pytest.param(c, k, id=c.name) for k, c in enumerate(cases)])


@each_of(RIGHT_ONES)
def test_no_false_alarm(case, number):
    for setting in settings(case, number):
        report = reported(case, setting)
        alarmed = report.outcome in (Outcome.FAILED, Outcome.NOT_RUN)
        assert not alarmed or case.name in EXCEPTIONS, f"width, seed, rtol {setting}: {told(report)}"
        assert report.diagnoses == (), "nothing is said of what is right"


@each_of(WRONG_ONES)
def test_no_miss(case, number, request):
    if number % DIAGNOSED:
        request.getfixturevalue("undiagnosed")
    expected = FAULTS[case.fault] | ALSO.get(case.name, set())
    for setting in settings(case, number):
        if setting[2] != CAUGHT_AT:
            continue
        report = reported(case, setting)
        missed = not caught_by(report) & expected
        assert "search-failed" not in {each.code for each in report.diagnoses}
        assert not missed or case.name in EXCEPTIONS, f"width, seed, rtol {setting}: {told(report)}"


def test_there_are_enough():
    assert len(RIGHT_ONES) >= 40
    assert len(WRONG_ONES) >= 80
    assert len({case.name for case in (*RIGHT_ONES, *WRONG_ONES)}) == len(RIGHT_ONES) + len(WRONG_ONES)


def test_exceptions_are_few_and_exist():
    assert len(EXCEPTIONS) <= 2
    assert all(EXCEPTIONS.values())
    assert set(EXCEPTIONS) <= {case.name for case in (*RIGHT_ONES, *WRONG_ONES)}


def test_every_width_and_tolerance_is_in_the_sample():
    met = {setting for number, case in enumerate(RIGHT_ONES) for setting in settings(case, number)}
    assert {width for width, _, _ in met} == set(WIDTHS)
    assert {seed for _, seed, _ in met} == set(SEEDS)
    assert {rtol for _, _, rtol in met} == set(RTOLS)
