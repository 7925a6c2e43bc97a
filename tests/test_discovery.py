"""All functors of a file in one process: whatever one of them does, the others are checked."""

from __future__ import annotations

import os

import pytest

from actcheck import discovery, isolation
from actcheck.errors import TargetError
from actcheck.model import CheckSpec, Outcome, Report
from actcheck.survey import Survey, Unit

pytestmark = pytest.mark.skipif(not isolation.POSSIBLE, reason="this system has no fork")

SPEC = CheckSpec("", edge=False)

HEAD = """
import os, sys, time
import numpy as np
with open("imports.txt", "a") as log:
    log.write(f"{os.getpid()}\\n")

class Right:
    def __init__(self, beta=1.0):
        self.beta = beta
    def __call__(self, X):
        return np.tanh(self.beta * X)
    def gradient(self, X):
        return self.beta / np.cosh(self.beta * X) ** 2
"""


@pytest.fixture
def acts(tmp_path, monkeypatch):
    """Write a file with a right functor, and more; the unit that it is."""
    monkeypatch.chdir(tmp_path)

    def write(more="", head=HEAD):
        (tmp_path / "acts.py").write_text(head + more)
        return Unit("acts.py")

    return write


def checked(unit, given=None, timeout=None):
    events = list(discovery.check(unit, SPEC, given or {}, timeout))
    assert isinstance(events[0], Survey)
    assert all(isinstance(event, Report) for event in events[1:])
    return {report.name: report for report in events[1:]}


def imports():
    with open("imports.txt") as log:
        return log.read().split()


def test_a_file_is_imported_once_for_all_of_its_functors(acts):
    reports = checked(acts("class A(Right): pass\nclass B(Right): pass\n"))
    assert list(reports) == ["acts.py:Right", "acts.py:A", "acts.py:B"]
    assert all(report.passed for report in reports.values())
    assert len(imports()) == 1
    assert str(os.getpid()) not in imports()


HOSTILE = """
class Hangs(Right):
    def __call__(self, X):
        while True:
            time.sleep(1)

class Dies(Right):
    def gradient(self, X):
        os._exit(7)

class Leaves(Right):
    def __call__(self, X):
        raise KeyboardInterrupt

class Last(Right):
    pass
"""


def test_one_that_hangs_or_dies_has_failed_and_the_next_process_goes_on_behind_it(acts):
    reports = checked(acts(HOSTILE), timeout=8.0)
    told = {
        name.partition(":")[2]: report.findings[0].message if report.findings else ""
        for name, report in reports.items()
    }
    assert list(told) == ["Right", "Hangs", "Dies", "Leaves", "Last"]
    assert told["Hangs"] == "it did not finish within 8 s (--timeout)"
    assert told["Dies"] == "its process ended without a verdict: exit code 7"
    assert "tried to end the process: KeyboardInterrupt" in told["Leaves"]
    assert [report.passed for report in reports.values()] == [True, False, False, False, True]
    assert len(imports()) == 3


def test_keywords_go_to_those_that_have_them(acts):
    reports = checked(acts("class Plain(Right):\n    def __init__(self): self.beta = 1.0\n"), {"beta": 3.0})
    assert reports["acts.py:Right"].spec.parameters == (("beta", 3.0),)
    assert reports["acts.py:Plain"].spec.parameters == ()


def test_what_is_printed_is_dropped_and_there_is_no_input(acts, capfd):
    unit = acts("print('noise')\nos.system('echo more')\nsys.stderr.write('and more')\nassert sys.stdin.read() == ''\n")
    assert all(report.outcome is Outcome.PASSED for report in checked(unit).values())
    assert capfd.readouterr() == ("", "")


def test_windows_stay_shut(acts, monkeypatch):
    monkeypatch.setenv("DISPLAY", ":0")
    unit = acts("assert os.environ['MPLBACKEND'] == 'Agg' and 'DISPLAY' not in os.environ\n")
    assert checked(unit)


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("while True: pass", "while it was imported, it did not finish within 4 s"),
        ("import os; os._exit(3)", "while it was imported, its process ended without a verdict: exit code 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed by signal 9"),
        ("import sys; sys.exit('no data')", "it exits while it is imported"),
        ("import nothing_of_the_sort", "there is no such module"),
        ("x = input()", "it asks for input"),
        ("print 1", "it is written for Python 2"),
        ("def f(:", "it is not valid Python"),
    ],
)
@pytest.mark.parametrize("way", ["look", "check"])
def test_a_file_that_cannot_be_read(acts, code, what, way):
    unit = acts(head=code)
    with pytest.raises(TargetError, match=what):
        discovery.look(unit, {}, 4.0) if way == "look" else list(discovery.check(unit, SPEC, {}, 4.0))


def test_a_look_checks_nothing(acts):
    found = discovery.look(acts("class Bad(Right):\n    def gradient(self, X):\n        os._exit(1)\n"), {})
    assert [each.target for each in found.found] == ["acts.py:Right", "acts.py:Bad"]


def test_there_are_limits_even_where_none_is_given():
    assert 0 < discovery.IMPORT_LIMIT <= 60
    assert 0 < discovery.CHECK_LIMIT <= 300


def test_without_fork_it_works_as_well(acts, monkeypatch):
    monkeypatch.setattr(isolation, "POSSIBLE", False)
    reports = checked(acts())
    assert [report.passed for report in reports.values()] == [True]
