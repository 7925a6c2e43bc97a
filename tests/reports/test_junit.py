"""The report of a suite as JUnit XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from actcheck.errors import UsageError
from actcheck.model import Failure, Status, SuiteResult
from actcheck.reports import junit

from .test_suite import SUITE, result


def cases(suite):
    root = ET.fromstring(junit.dump(suite))
    assert root.tag == "testsuites"
    return {case.get("name"): case for case in root.iter("testcase")}


def kinds(case):
    return [(child.tag, child.get("type")) for child in case]


def test_each_is_what_it_is():
    found = cases(SUITE)
    assert list(found) == [*(each.case.name for each in SUITE.results), "old"]
    assert {name: kinds(case) for name, case in found.items()} == {
        "relu[dim=5]": [],
        "swish": [("failure", "failed")],
        "gone": [("error", "could not be checked")],
        "later": [("skipped", "skipped")],
        "known": [("skipped", "expected failure")],
        "mended": [],
        "new": [],
        "flipped": [("failure", "drifted")],
        "left": [("skipped", "not run")],
        "old": [("failure", "lost")],
    }
    assert "wrong entries, worst first" in found["swish"][0].text
    assert "Name another." in found["gone"][0].text
    assert found["flipped"][0].text.count("1 -> 0") == 2
    assert found["later"][0].get("message") == "skipped: to be written"
    assert found["swish"].get("time") == "7.75"


def test_totals():
    root = ET.fromstring(junit.dump(SUITE))
    assert {key: root.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "10",
        "failures": "3",
        "errors": "1",
        "skipped": "3",
    }


def test_what_xml_cannot_write_is_made_visible():
    failure = Failure("target", "a \x1b[31m <b> \udcff \x00", trace="]]> & \x0b\n")
    (case,) = cases(SuiteResult((result("a\x07", Status.UNUSABLE, failure=failure),))).values()
    assert case.get("name") == r"a\x07"
    assert case[0].get("message") == r"a \x1b[31m <b> \udcff \x00"


def test_strictness_shows():
    lenient = result("a", Status.NEW)
    strict = replace(lenient, case=replace(lenient.case, spec=replace(lenient.case.spec, strict=True)))
    (case,) = cases(SuiteResult((strict,))).values()
    assert kinds(case) == [("failure", "no baseline")]


def test_without_the_library_one_clear_line(monkeypatch):
    monkeypatch.setattr(junit, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="needs junitparser") as caught:
        junit.ask_for_library()
    assert caught.value.fix == "pip install 'actcheck[junit]'"
