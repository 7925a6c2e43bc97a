"""The next baseline: only what has changed is another."""

from __future__ import annotations

from dataclasses import replace

from actcheck.gate.accept import accept
from actcheck.model import CaseResult, Status

from .records import RELU, SOFTMAX
from .stand_ins import case


def test_each_case():
    noise = replace(RELU, error=4e-12)
    cases = [case(name) for name in ("same", "drifted", "new", "skipped", "unselected")]
    cases += [case("expected", xfail="x"), case("ruled")]
    old = dict.fromkeys(["same", "drifted", "skipped", "unselected", "expected", "lost"], RELU)
    old["ruled"] = replace(RELU, rule=0)
    statuses = {
        "same": Status.PASSED,
        "drifted": Status.DRIFTED,
        "new": Status.NEW,
        "skipped": Status.SKIPPED,
        "expected": Status.EXPECTED,
        "ruled": Status.PASSED,
    }
    results = [CaseResult(each, statuses[each.name]) for each in cases if each.name in statuses]
    fresh = {"same": noise, "drifted": SOFTMAX, "new": SOFTMAX, "ruled": RELU}
    accepted = accept(cases, results, old, fresh)
    assert accepted.records == {
        "same": RELU,
        "drifted": SOFTMAX,
        "new": SOFTMAX,
        "skipped": RELU,
        "unselected": RELU,
        "ruled": RELU,
    }
    assert (accepted.new, accepted.changed, accepted.gone) == (("new",), ("drifted", "ruled"), ("expected", "lost"))
    assert accepted.same == 3


def test_what_the_command_is_not_about_is_left():
    old = dict.fromkeys(["a", "lost", "lost[dim=1]", "expected"], RELU)
    cases = [case("a"), case("expected", xfail="x")]
    results = [CaseResult(cases[0], Status.DRIFTED)]
    accepted = accept(cases, results, old, {"a": SOFTMAX}, lambda name: name in ("a", "lost"))
    assert accepted.records == {"a": SOFTMAX, "lost[dim=1]": RELU, "expected": RELU}
    assert (accepted.changed, accepted.gone, accepted.same) == (("a",), ("lost",), 2)


def test_the_first():
    accepted = accept([case("a")], [CaseResult(case("a"), Status.PASSED)], None, {"a": RELU})
    assert (accepted.new, accepted.same) == (("a",), 0)
