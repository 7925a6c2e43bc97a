"""Errors that the person at the terminal can act on."""

from __future__ import annotations

import pickle

import pytest

from actcheck import errors
from actcheck.errors import ActcheckError, ConfigError, DataError, OwnFaultError, TargetError, UsageError

KINDS = {UsageError: "usage", TargetError: "target", DataError: "data", ConfigError: "configuration"}


@pytest.mark.parametrize(("error", "kind"), KINDS.items())
def test_kinds(error, kind):
    assert error.kind == kind
    assert error.exit_code == 2
    assert issubclass(error, ActcheckError)


def test_what_where_and_what_to_do():
    error = DataError("row 3 is empty", where="rows.csv", fix="Fill it.", trace="line 1")
    assert (error.what, error.where, error.fix, error.trace) == ("row 3 is empty", "rows.csv", "Fill it.", "line 1")
    assert str(error) == "rows.csv: row 3 is empty\nFill it."
    assert str(UsageError("no such option")) == "no such option"
    assert error.args == ("row 3 is empty",)


def test_a_fault_of_our_own():
    error = OwnFaultError("KeyError: 'x'", "Traceback ...")
    assert (error.kind, error.exit_code, error.trace) == ("internal", 3, "Traceback ...")
    assert error.what == "actcheck itself has failed: KeyError: 'x'"
    assert "report" in error.fix


def test_every_error_says_what_it_is_for():
    found = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Exception)]
    assert len(found) >= 6
    assert all(each.__doc__ for each in found)


@pytest.mark.parametrize("error", [DataError("a", where="b", fix="c", trace="d"), TargetError("a")])
def test_they_travel_between_processes(error):
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error)
    assert (back.what, back.where, back.fix, back.trace) == (error.what, error.where, error.fix, error.trace)
