"""A report as HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from actcheck.reports import matrix, table
from actcheck.reports.canvas import Look
from actcheck.reports.notebook import html

from . import samples


class Reader(HTMLParser):
    """Keeps the text, and the tags that are open."""

    def __init__(self):
        super().__init__()
        self.text, self.open, self.tags = "", [], set()

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def read(markup):
    reader = Reader()
    reader.feed(markup)
    reader.close()
    assert not reader.open
    return reader


@pytest.mark.parametrize("name", samples.TABLES)
def test_it_says_what_the_table_says(name):
    report = samples.TABLES[name]
    assert strip(read(html(report)).text) == strip(table.render(report, Look(width=100)))


def test_a_report_with_matrices_shows_them():
    report = samples.MATRICES["eight"]
    assert strip(read(html(report)).text) == strip(matrix.render(report, Look(width=100)))


def test_what_comes_from_users_is_escaped():
    report = samples.report(target="<script>alert(1)</script>&amp;")
    page = read(html(report))
    assert page.tags == {"pre", "span"}
    assert "<script>alert(1)</script>&amp;" in page.text


def test_colors_are_inline():
    markup = html(samples.WRONG)
    assert "color: #800000" in markup
    assert "<style" not in markup


def strip(text):
    return [line.rstrip() for line in text.rstrip("\n").split("\n")]
