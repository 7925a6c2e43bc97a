"""One line of the report for each check."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from actcheck.checks import results
from actcheck.checks.tally import Tally
from actcheck.model import CheckSpec, Claim, Entry, Finding, Layout, Outcome, Verdict


def finding(outcome, where=""):
    return Finding("contract", outcome, "code", "message", where)


def tallied(where="random 1, x[2]", worst=(), chosen=(), **counts):
    tally = Tally(counts=Counter({Verdict[name.upper()]: count for name, count in counts.items()}))
    tally.nearest(1e-12, 1e-8, where)
    tally.worst, tally.chosen = list(worst), set(chosen)
    return tally


def wrong(verdict=Verdict.WRONG):
    return Entry("random 2", 3, 3, -1.0, (-1.0,), verdict, 1.0, 0.0, 1e-11, 1e-8)


def line(tally, ordinary=None, name="gradient"):
    return results.of_entries(name, tally, ordinary or tally, Claim.DIAGONAL, Layout.OUT_IN)


# ------------------------------------------------------------------------------------------ findings


@pytest.mark.parametrize(
    ("outcomes", "outcome", "summary"),
    [
        ([], Outcome.PASSED, "fine"),
        ([Outcome.PASSED], Outcome.PASSED, "fine"),
        ([Outcome.FAILED], Outcome.FAILED, "1 broken"),
        ([Outcome.FAILED, Outcome.WARNED, Outcome.FAILED], Outcome.FAILED, "2 broken"),
        ([Outcome.WARNED], Outcome.WARNED, "warning"),
        ([Outcome.WARNED, Outcome.WARNED, Outcome.PASSED], Outcome.WARNED, "2 warning"),
        ([Outcome.UNRESOLVED], Outcome.UNRESOLVED, "unresolved"),
    ],
)
def test_findings(outcomes, outcome, summary):
    found = results.of_findings("contract", 12, [finding(each) for each in outcomes], "fine")
    assert (found.name, found.outcome, found.entries, found.summary) == ("contract", outcome, 12, summary)


def test_the_place_of_the_first_fault():
    found = [finding(Outcome.PASSED, "a"), finding(Outcome.FAILED, "b"), finding(Outcome.FAILED, "c")]
    assert results.of_findings("finite", 3, found, "ok").where == "b"


# ------------------------------------------------------------------------------------------ entries


def test_all_agree():
    found = line(tallied(agree=40))
    assert (found.outcome, found.entries, found.summary) == (Outcome.PASSED, 40, "ok")
    assert (found.worst, found.allowed, found.where) == (1e-12, 1e-8, "random 1, x[2]")


def test_one_is_wrong():
    found = line(tallied(agree=39, wrong=1, worst=[wrong()]))
    assert (found.outcome, found.entries, found.summary) == (Outcome.FAILED, 40, "1 wrong")
    assert (found.worst, found.allowed, found.where) == (1.0, 1e-8, "random 2, x[3]")


def test_wrong_and_unresolved_are_both_told():
    assert line(tallied(agree=3, wrong=2, unresolved=5, worst=[wrong()])).summary == "2 wrong, 5 unresolved"


def test_a_refused_kink_is_told_by_the_line_of_kinks():
    tally = tallied(agree=10, kink_refused=1, worst=[wrong(Verdict.KINK_REFUSED)])
    assert line(tally).outcome is Outcome.PASSED
    assert results.of_kinks(tally, Claim.DIAGONAL, Layout.OUT_IN).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("counts", "ordinary", "outcome"),
    [
        ({"agree": 5, "unresolved": 95}, {"agree": 5}, Outcome.PASSED),
        ({"agree": 95, "unresolved": 5}, {"agree": 2, "unresolved": 3}, Outcome.UNRESOLVED),
        ({"agree": 5, "unresolved": 5}, {"agree": 5, "unresolved": 5}, Outcome.PASSED),
        ({"unresolved": 5}, {"unresolved": 5}, Outcome.UNRESOLVED),
        ({"unresolved": 5}, {}, Outcome.UNRESOLVED),
        ({"kink_accepted": 5}, {"kink_accepted": 5}, Outcome.PASSED),
        ({"infinite_slope": 1}, {}, Outcome.PASSED),
        ({"outside": 40}, {"outside": 40}, Outcome.NOT_RUN),
        ({"overflow": 40}, {"overflow": 40}, Outcome.NOT_RUN),
        ({}, {}, Outcome.NOT_RUN),
        ({"wrong": 1, "unresolved": 99}, {"unresolved": 50}, Outcome.FAILED),
    ],
)
def test_outcomes(counts, ordinary, outcome):
    worst = [wrong()] if "wrong" in counts else []
    assert line(tallied(worst=worst, **counts), tallied(**ordinary)).outcome is outcome


def test_only_jumps_are_nothing_to_judge():
    found = line(tallied(jump=3))
    assert found.summary == "nothing to judge"
    assert found.worst is None


# ------------------------------------------------------------------------------------------ kinks


@pytest.mark.parametrize(
    ("counts", "chosen", "outcome", "summary"),
    [
        ({"kink_accepted": 9}, {1.0}, Outcome.PASSED, "ok, chose 1"),
        ({"kink_accepted": 9}, {0.0, 0.5}, Outcome.PASSED, "ok"),
        ({"kink_accepted": 9, "jump": 1}, {0.5}, Outcome.PASSED, "ok, chose 0.5, 1 jump"),
        ({"jump": 2, "infinite_slope": 2}, (), Outcome.PASSED, "2 jumps, 2 infinite slopes"),
        ({"infinite_slope": 1}, (), Outcome.PASSED, "1 infinite slope"),
        ({"kink_accepted": 3, "kink_refused": 2}, {1.0}, Outcome.FAILED, "2 refused"),
    ],
)
def test_kinks(counts, chosen, outcome, summary):
    worst = [wrong(Verdict.KINK_REFUSED)] if "kink_refused" in counts else []
    found = results.of_kinks(tallied(worst=worst, chosen=chosen, **counts), Claim.DIAGONAL, Layout.OUT_IN)
    assert (found.name, found.outcome, found.entries, found.summary) == (
        "kinks", outcome, sum(counts.values()), summary
    )  # fmt: skip
    assert found.where == ("random 2, x[3]" if worst else "")


def test_no_kinks_no_line():
    assert results.of_kinks(tallied(agree=10, unresolved=3), Claim.DIAGONAL, Layout.OUT_IN) is None


def test_places_follow_the_layout():
    tally = tallied(agree=1, wrong=1, worst=[replace(wrong(), output=0)])
    assert results.of_entries("gradient", tally, tally, Claim.JACOBIAN, Layout.OUT_IN).where == "random 2, J[0,3]"
    assert results.of_entries("gradient", tally, tally, Claim.JACOBIAN, Layout.IN_OUT).where == "random 2, J[3,0]"


def test_nothing_is_nan_by_accident():
    assert not np.isnan(line(tallied(agree=3)).worst)


@pytest.mark.parametrize(
    ("message", "parameters", "told"),
    [
        ("TypeError: bad operand type for unary -: 'str'", (("a", "foo"), ("b", 2)), ("--a is the text 'foo'",)),
        ("ValueError: could not convert string to float: '0,1'", (("seed", "0,1"),), ("--set seed is the text '0,1'",)),
        ("ufunc 'multiply' ... (dtype('float64'), dtype('<U3')) -> None", (("a", "foo"),), ("--a is the text 'foo'",)),
        ("ValueError: unknown activation foo", (("a", "foo"),), ()),
        ("TypeError: bad operand type for unary -: 'str'", (("a", 1.0),), ()),
    ],
)
def test_a_keyword_that_is_a_text_is_said_where_the_functor_stumbles_over_one(message, parameters, told):
    broken = replace(finding(Outcome.FAILED), message=f"the value raises: {message}")
    spec = CheckSpec("f", parameters)
    assert results.opened(spec, "f", None, (), (broken,), ("as read",)).notes == ("as read", *told)
