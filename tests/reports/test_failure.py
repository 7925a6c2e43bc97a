"""Errors as lines for stderr."""

from __future__ import annotations

from actcheck.errors import ActcheckError, TargetError
from actcheck.reports.failure import lines


def test_all_parts():
    error = TargetError("the module broke", where="a.py:3", fix="Mend it.", trace="Traceback:\n  a.py\nKeyError\n")
    assert lines(error) == (
        "error: the module broke",
        "  where: a.py:3",
        "  fix: Mend it.",
        "",
        "Traceback:",
        "  a.py",
        "KeyError",
    )


def test_what_is_missing_takes_no_line():
    assert lines(ActcheckError("no")) == ("error: no",)


def test_control_characters_are_made_visible():
    assert lines(ActcheckError("bad \x1b[31m name\x07", trace="a\tb\n\x1b[0m")) == (
        "error: bad \\x1b[31m name\\x07",
        "",
        "a\tb",
        "\\x1b[0m",
    )
