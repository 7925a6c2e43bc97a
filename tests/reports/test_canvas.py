"""What is written for which stream."""

from __future__ import annotations

import io

import pytest

from actcheck.reports.canvas import Column, Look, Page, look_of, numbers


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "color"),
    [
        (Terminal(), {}, True),
        (io.StringIO(), {}, False),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
        (io.StringIO(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
    ],
)
def test_color(stream, environ, color):
    assert look_of(stream, environ).color is color


@pytest.mark.parametrize(("columns", "width"), [("200", 200), ("40", 80), ("", 80)])
def test_width(columns, width, monkeypatch):
    """A narrow terminal wraps lines by itself; that is better than numbers cut."""
    monkeypatch.setenv("COLUMNS", columns)
    assert look_of(io.StringIO()).width == width


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "± 1 · ∂ × … é"),
        ("latin-1", "± 1 · d × ... é"),
        ("ascii", "+/- 1 | d x ... \\xe9"),
        ("cp1252", "± 1 · d × … é"),
    ],
)
def test_text_survives_the_encoding(encoding, text):
    assert Look(encoding=encoding).text("± 1 · ∂ × … é") == text


def test_lone_surrogates_do_not_break_the_report():
    """They stand for undecodable bytes of file names."""
    assert Look().text("caf\udce9.py") == "caf\\udce9.py"


def test_an_unknown_encoding_is_taken_for_ascii():
    class Odd(io.StringIO):
        encoding = "no-such-codec"

    assert look_of(Odd(), {}).encoding == "ascii"


def test_wide_characters_keep_the_columns_in_line():
    page = Page(Look())
    page.table([Column("name"), numbers("n")], [("活性化関数", "1"), ("relu", "22")])
    lines = page.finish().splitlines()
    assert lines == [" name         n", " 活性化関数   1", " relu        22"]


def test_a_dumb_terminal_forced_to_color_keeps_its_width(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    page = Page(Look(width=120, color=True))
    page.line("word " * 23)
    assert page.finish().count("\n") == 1
