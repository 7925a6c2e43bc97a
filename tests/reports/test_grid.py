"""Matrices on a page: what is left out, how wide it gets, what the marks mean."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from actcheck.model import Verdict
from actcheck.reports import grid
from actcheck.reports.canvas import PLAIN, Page


@dataclass(frozen=True)
class View:
    lines: grid.Side
    columns: grid.Side
    wrong: tuple[int, int] = (-1, -1)

    @property
    def texts(self):
        return (self.text,)

    def text(self, line, column):
        return f"{line}.{column}" + grid.mark(self.said(line, column))

    def line_name(self, line):
        return grid.GAP if line is None else f"i{line}"

    def column_name(self, column):
        return grid.GAP if column is None else f"j{column}"

    def said(self, line, column):
        return Verdict.WRONG if (line, column) == self.wrong else Verdict.AGREE

    def shade(self, line, column):
        return ""


@pytest.mark.parametrize(
    ("worst", "kept"),
    [
        (0, [0, 1, None, 98, 99]),
        (2, [0, 1, 2, None, 98, 99]),
        (50, [0, 1, None, 50, None, 98, 99]),
        (97, [0, 1, None, 97, 98, 99]),
    ],
)
def test_the_ends_of_a_side_and_the_worst_are_kept(worst, kept):
    assert grid.side(100, worst, 2) == kept


def test_a_page_is_as_wide_as_it_needs_to_be():
    page, view = Page(PLAIN), View((0, None, 9), (0, None, 10), (9, 10))
    grid.write("numbers", view, view.text, page)
    assert page.finish() == (" numbers\n     j0 …   j10\n i0 0.0 …  0.10\n …    … …     …\n i9 9.0 … 9.10*\n\n")
    # In ASCII, where "..." stands for what is left out.
    assert grid.needed(view) == len(" i9 9.0 ... 9.10*")


def test_the_legend_tells_of_the_marks_that_are_there():
    page = Page(PLAIN)
    grid.write_legend([View((0,), (0,)), View((0, None, 1), (0,), (1, 0))], page)
    assert page.finish().strip() == "* wrong"
    page = Page(PLAIN)
    grid.write_legend([View((0,), (0,), (5, 5))], page)
    assert not page.finish().strip()
