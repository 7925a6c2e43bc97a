"""The one line that a report ends on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actcheck.model import CheckSpec, Diagnosis, Finding, Outcome, Sensitivity, Verdict
from actcheck.reports import verdict

from . import samples

WARNING = Finding("finite", Outcome.WARNED, "avoidable-overflow", "overflows from x = 709")
OFF_DIAGONAL = Finding("structure", Outcome.FAILED, "off-diagonal", "output 0 depends on input 1")
UNCHECKED = Finding("parameters", Outcome.NOT_RUN, "parameter-unchecked", "`b`: no gradient found", where="b")

LEFT_OUT = "OK  relu: 8 of 10 entries agree, 2 outside the domain"


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (samples.report(), "OK  relu: all 110 entries agree"),
        (samples.RIGHT, "OK  relu: 4,201 of 4,210 entries agree, 9 at kinks"),
        (samples.report(counts={Verdict.AGREE: 1}), "OK  relu: 1 of 1 entry agrees"),
        (samples.report(counts={}), "OK  relu: no entry was compared"),
        (samples.report(Outcome.WARNED, findings=(WARNING,)), "OK  relu: all 110 entries agree, 1 warning"),
        (
            samples.report(Outcome.WARNED, findings=(WARNING,), spec=CheckSpec("relu", strict=True)),
            "WARNING  relu: all 110 entries agree, 1 warning",
        ),
        (samples.WRONG, "WRONG  mypkg.activations:ReLU: 47 of 110 entries are wrong"),
        (
            replace(samples.WRONG, findings=(OFF_DIAGONAL,)),
            "WRONG  mypkg.activations:ReLU: 47 of 110 entries are wrong; "
            "the structure is not as claimed: output 0 depends on input 1",
        ),
        (
            samples.report(Outcome.FAILED, findings=(replace(OFF_DIAGONAL, check="contract"),) * 3, counts={}),
            "WRONG  relu: the contract is broken: output 0 depends on input 1 (and 2 more)",
        ),
        (
            samples.report(counts={Verdict.AGREE: 9, Verdict.UNRESOLVED: 1}, spec=CheckSpec("relu", strict=True)),
            "UNRESOLVED  relu: 1 of 10 entries cannot be told, which fails with --strict",
        ),
        (
            samples.report(Outcome.UNRESOLVED, sensitivity=Sensitivity(None, 0.0, 1.0)),
            "UNRESOLVED  relu: all 110 entries agree, but each is too small to tell",
        ),
        (samples.UNRESOLVED, "UNRESOLVED  tests.functors.right:LoudTanh: 200 of 330 entries cannot be told"),
        (samples.report(counts={Verdict.AGREE: 8, Verdict.OUTSIDE: 2}), LEFT_OUT),
        (
            samples.report(counts={Verdict.AGREE: 8, Verdict.OUTSIDE: 2}, spec=CheckSpec("relu", domain=(0.0, 1.0))),
            f"{LEFT_OUT} or on its border",
        ),
        (samples.report(findings=(UNCHECKED,)), "OK  relu: all 110 entries agree; parameter `b` not checked"),
        (
            samples.report(findings=tuple(replace(UNCHECKED, where=name) for name in "abcdef")),
            "OK  relu: all 110 entries agree; parameters `a`, `b`, `c`, `d` and 2 more not checked",
        ),
        (
            samples.report(findings=(UNCHECKED,), spec=CheckSpec("relu", strict=True)),
            "UNRESOLVED  relu: parameter `b` not checked, which fails with --strict",
        ),
        (
            replace(samples.WRONG, findings=(UNCHECKED,)),
            "WRONG  mypkg.activations:ReLU: 47 of 110 entries are wrong; parameter `b` not checked",
        ),
        (samples.report(Outcome.NOT_RUN), "NOT CHECKED  relu: nothing was checked"),
    ],
)
def test_line(report, line):
    assert verdict.text(report) == line


def test_summary():
    reports = [samples.RIGHT, samples.WRONG, samples.RIGHT]
    assert verdict.summary(reports, 1) == "4 targets: 2 ok, 1 wrong, 1 could not be checked"


@pytest.mark.parametrize(
    ("diagnosis", "text"),
    [
        (Diagnosis("factor", "form", "twice", 47, 47), "twice: explains all 47 wrong entries"),
        (Diagnosis("factor", "form", "twice", 40, 47), "twice: explains 40 of 47 wrong entries"),
        (
            Diagnosis("factor", "form", "twice", 5, 5),
            "twice: explains all 5 wrong entries of a sample; the verdict counts all 47",
        ),
        (
            Diagnosis("factor", "form", "twice", 1, 1),
            "twice: explains the 1 wrong entry of a sample; the verdict counts all 47",
        ),
        (
            Diagnosis("unexplained", "", "nothing fits", 0, 7),
            "nothing fits (7 wrong entries of a sample; the verdict counts all 47)",
        ),
        (Diagnosis("diagflat", "shape", "one matrix for the whole batch", 0, 0), "one matrix for the whole batch"),
    ],
)
def test_a_diagnosis_says_how_much_it_explains_and_of_what(diagnosis, text):
    """Nobody should have to wonder why its count is another than that of the verdict."""
    assert verdict.diagnosis(diagnosis, replace(samples.WRONG, diagnoses=())) == text


def test_of_several_diagnoses_the_first_says_what_was_searched():
    told = Diagnosis("factor", "form", "twice", 5, 9), Diagnosis("unexplained", "", "nothing fits the others", 0, 4)
    report = replace(samples.WRONG, diagnoses=told)
    assert [verdict.diagnosis(each, report) for each in told] == [
        "twice: explains 5 of 9 wrong entries of a sample; the verdict counts all 47",
        "nothing fits the others (4 wrong entries)",
    ]


def test_where_the_verdict_counts_no_entries_only_the_search_does():
    report = samples.report(Outcome.FAILED, findings=(Finding("contract", Outcome.FAILED, "", ""),))
    told = Diagnosis("factor", "form", "twice", 5, 5)
    assert verdict.diagnosis(told, report) == "twice: explains all 5 wrong entries of the rows searched"


@pytest.mark.parametrize(
    ("check", "where"),
    [("structure", "with those off the diagonal"), ("gradient", "of these and further rows")],
)
def test_a_diagnosis_says_where_it_looks_at_more_than_the_verdict_counts(check, where):
    fault = Finding(check, Outcome.FAILED, "", "")
    report = samples.report(Outcome.FAILED, counts={Verdict.WRONG: 4}, findings=(fault,))
    told = Diagnosis("factor", "form", "twice as much", 5, 5)
    assert (
        verdict.diagnosis(told, report) == f"twice as much: explains all 5 wrong entries {where}; the verdict counts 4"
    )
    silent = Diagnosis("unexplained", "", "nothing fits", 0, 5)
    assert verdict.diagnosis(silent, report) == f"nothing fits (5 wrong entries {where}; the verdict counts 4)"
