"""Whole tables as golden files, at 80 columns and without colour."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcheck.model import CheckResult, Finding, Outcome, Verdict
from actcheck.reports import table, verdict
from actcheck.reports.canvas import Look
from actcheck.reports.words import exact, pair, upper

from . import samples


@pytest.mark.parametrize("name", samples.TABLES)
def test_golden(name, golden):
    golden(f"table_{name}.txt", table.render(samples.TABLES[name]))


@pytest.mark.parametrize("name", samples.TABLES)
def test_golden_in_ascii(name, golden):
    """A stream that knows ASCII only gets ASCII only."""
    text = table.render(samples.TABLES[name], Look(encoding="ascii"))
    assert text.isascii()
    golden(f"table_{name}_ascii.txt", text)


@pytest.mark.parametrize("name", ["right", "wrong", "unresolved", "broken"])
def test_fits_80_columns(name):
    lines = table.render(samples.TABLES[name]).splitlines()
    assert max(map(len, lines[:-1])) <= 80


@pytest.mark.parametrize("name", samples.TABLES)
def test_the_last_line_is_the_verdict(name):
    """Whole, however long: it is what is searched for in a log."""
    report = samples.TABLES[name]
    assert table.render(report).splitlines()[-1] == Look().text(verdict.text(report))


def test_no_blanks_at_the_ends_of_lines():
    for report in samples.TABLES.values():
        assert not re.search(r" $", table.render(report), re.MULTILINE)


def test_a_wide_page_has_room_for_the_heading():
    first = table.render(samples.RIGHT, Look(width=120)).splitlines()[0]
    assert first == "relu    element-wise · float64 · 8 random + 14 edge + 820 sweep rows of 5 · seed 0"


def test_the_replay_command_is_one_line_however_long():
    """It is there to be copied."""
    assert samples.HOSTILE.replay in table.render(samples.HOSTILE)


def test_markup_and_emoji_codes_of_users_stay_text():
    text = table.render(samples.HOSTILE, Look(color=True))
    for raw in ("[/]", "[link=x]y[/link]", ":smile:", "[/bold]"):
        assert raw in text


def test_control_characters_are_made_visible():
    """A name must not be able to colour, or turn, what stands behind it."""
    text = table.render(samples.HOSTILE)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\\x1b[31m" in text


def test_color_changes_nothing_but_the_color():
    for report in samples.TABLES.values():
        colored = re.sub(r"\x1b\[[\d;]*m", "", table.render(report, Look(color=True)))
        assert [line.rstrip() for line in colored.split("\n")] == table.render(report).split("\n")


def test_faults_stand_before_warnings_before_remarks():
    findings = (
        Finding("finite", Outcome.PASSED, "a", "third"),
        Finding("finite", Outcome.WARNED, "b", "second"),
        Finding("contract", Outcome.FAILED, "c", "first"),
    )
    text = table.render(samples.report(Outcome.FAILED, findings=findings))
    places = [text.index(f": {message}\n") for message in ("first", "second", "third")]
    assert places == sorted(places)


def test_a_reason_that_all_entries_share_stands_in_the_title():
    entries = tuple(samples.entry(reason="rounding hides it") for _ in range(2))
    text = table.render(samples.report(Outcome.UNRESOLVED, unresolved=entries, counts={Verdict.UNRESOLVED: 9}))
    assert "unresolved entries (2 of 9): rounding hides it\n" in text


def test_kinks_that_read_alike_are_one_line():
    kinks = tuple(samples.kink(row=f"edge {row}") for row in range(9))
    text = table.render(samples.report(kinks=kinks, counts={Verdict.KINK_ACCEPTED: 40}))
    assert text.count("kink accepted") == 1
    assert "kinks and jumps (40 entries)" in text


@settings(max_examples=60, deadline=None)
@given(st.floats(), st.floats(), st.floats(), st.integers(0, 10**12), st.text(max_size=60))
def test_numbers_are_never_cut(x, analytic, numeric, entries, where):
    """Whatever the numbers and names are: each number stands whole somewhere in the table."""
    wrong = samples.entry(x=x, analytic=analytic, numeric=numeric, bound=abs(numeric))
    check = CheckResult("gradient", Outcome.FAILED, entries, where, analytic, numeric, where)
    words = table.render(replace(samples.WRONG, worst=(wrong,), checks=(check,))).split()
    shown = pair(analytic, numeric)
    for number in (exact(x), *shown, upper(abs(numeric)), f"{entries:,}"):
        assert number in words
