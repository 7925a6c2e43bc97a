"""The report of a suite: worst first as text, in the configuration's order as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from actcheck.model import Case, CaseResult, CheckSpec, Drift, Failure, Status, SuiteResult
from actcheck.reports import suite
from actcheck.reports.canvas import Look

from .samples import RIGHT, WRONG

DRIFT = Drift("sub-gradient", "another sub-gradient is chosen", "1", "0", "x = 0")


def result(name, status, **changes):
    case = Case(name, CheckSpec(name), 60.0, xfail=changes.pop("xfail", ""), skip=changes.pop("skip", ""))
    return CaseResult(case, status, **({"seconds": 7.75} | changes))


SUITE = SuiteResult(
    (
        result("relu[dim=5]", Status.PASSED, report=RIGHT),
        result("swish", Status.FAILED, report=WRONG),
        result("gone", Status.UNUSABLE, failure=Failure("target", "there is no `gone`", "gone", "Name another.")),
        result("later", Status.SKIPPED, skip="to be written", seconds=0.0),
        result("known", Status.EXPECTED, report=WRONG, xfail="the factor 2 is missing"),
        result("mended", Status.SURPRISED, report=RIGHT, xfail="a sign is missing"),
        result("new", Status.NEW, report=RIGHT),
        result("flipped", Status.DRIFTED, report=RIGHT, drifts=(DRIFT, DRIFT)),
        result("left", Status.LEFT, seconds=0.0),
    ),
    lost=("old",),
    baseline=True,
)


def test_text(golden):
    golden("suite.txt", suite.render(SUITE))


def test_text_in_ascii(golden):
    text = suite.render(SUITE, Look(encoding="ascii"), times=True)
    assert text.isascii()
    golden("suite_ascii.txt", text)


def test_the_worst_comes_first():
    lines = suite.render(SUITE).splitlines()
    names = [
        line.split("  ")[0].strip() for line in lines if line.startswith((" could", " drifted ", " failed", " ok"))
    ]
    assert names[-4:] == ["could not be checked", "failed", "drifted", "ok"]


def test_quiet_is_the_last_line():
    assert suite.render_verdict(SUITE) == suite.render(SUITE).splitlines()[-1] + "\n"


def test_every_table_if_asked_for():
    assert suite.render(SUITE, every=True).count("worst error") == 6


def test_times_only_if_asked_for():
    assert "7.75" in suite.render(SUITE, times=True)
    assert "7.75" not in suite.render(SUITE)


def test_json(golden):
    text = suite.dump(SUITE)
    whole = json.loads(text)
    assert whole["exit_code"] == 2
    assert [check["name"] for check in whole["checks"]] == [each.case.name for each in SUITE.results]
    assert "7.75" not in text
    for check in whole["checks"]:
        check["target"] = None if check["target"] is None else check["target"]["target"]
    golden("suite.json", json.dumps(whole, indent=2) + "\n")


def test_json_keys_are_documented():
    keys = set(json.loads(suite.dump(SUITE))) | set(json.loads(suite.dump(SUITE))["checks"][0])
    documented = {line.split()[0] for line in suite.DOCS.splitlines() if line.startswith("  ") and line[2] != " "}
    assert keys == documented


@pytest.mark.parametrize(
    ("statuses", "lost", "code", "word"),
    [
        ([Status.PASSED, Status.SKIPPED, Status.EXPECTED, Status.SURPRISED, Status.NEW], (), 0, "OK"),
        ([Status.PASSED], ("old",), 1, "FAILED"),
        ([Status.DRIFTED], (), 1, "FAILED"),
        ([Status.FAILED, Status.UNUSABLE], (), 2, "ERROR"),
        ([Status.FAULT, Status.UNUSABLE], (), 3, "FAULT"),
    ],
)
def test_exit_codes(statuses, lost, code, word):
    done = SuiteResult(tuple(result("a", status) for status in statuses), lost)
    assert done.exit_code == code
    assert suite.sentence(done)[0] == word


@pytest.mark.parametrize("status", [Status.SURPRISED, Status.NEW])
def test_strict(status):
    lenient = result("a", status)
    strict = replace(lenient, case=replace(lenient.case, spec=replace(lenient.case.spec, strict=True)))
    assert (lenient.exit_code, strict.exit_code) == (0, 1)


def test_a_line():
    assert suite.line(SUITE.results[3]) == "skipped  later: to be written"
    assert suite.line(SUITE.results[7]) == (
        "drifted  flipped: another sub-gradient is chosen at x = 0: 1 -> 0 (and 1 more) (7.75 s)"
    )
