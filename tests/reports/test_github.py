"""What GitHub Actions shows beside the code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actcheck.model import Status, SuiteResult
from actcheck.reports.github import Repository, commands

from .samples import RIGHT, WRONG
from .test_suite import SUITE, result


@pytest.fixture
def repository(tmp_path):
    return Repository(str(tmp_path), str(tmp_path / "pyproject.toml"))


def test_at_the_line_of_the_gradient(repository, tmp_path):
    report = replace(WRONG, origin=(str(tmp_path / "pkg" / "a,b.py"), 12))
    text = commands(SuiteResult((result("x:1", Status.FAILED, report=report),)), repository)
    said = "47 of 110 entries are wrong%0A"
    said += "diagnosis: the gradient is 1 everywhere: explains all 47 wrong entries"
    assert text == f"::error file=pkg/a%2Cb.py,line=12,title=actcheck x%3A1%3A failed::{said}\n"


def test_elsewhere_at_the_check_in_the_configuration(repository):
    case = result("a", Status.FAILED, report=replace(RIGHT, origin=("/usr/lib/x.py", 3)))
    for line, part in ((7, "file=pyproject.toml,line=7,"), (0, "file=pyproject.toml,title")):
        done = SuiteResult((replace(case, case=replace(case.case, line=line)),))
        assert commands(done, repository).startswith(f"::error {part}")


def test_only_what_did_not_pass(repository):
    lines = commands(SUITE, repository).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 2 + ["::warning"] * 2 + ["::error"] * 2
    assert "lost::" in lines[-1]


def test_a_message_stays_on_its_line(repository):
    text = commands(SuiteResult((result("a", Status.SURPRISED, xfail="50 %\n::error::x"),)), repository)
    assert text.count("\n") == 1
    assert "50 %25%0A::error::x" in text


def test_a_configuration_outside_of_the_checkout(tmp_path):
    text = commands(SuiteResult((result("a", Status.FAILED),)), Repository(str(tmp_path / "x"), str(tmp_path / "y")))
    assert text.startswith("::error title=actcheck a")
