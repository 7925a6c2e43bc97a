"""A matrix on a page: which lines and columns of it are shown, and how, elided where they do not fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from actcheck.model import Verdict
from actcheck.reports.canvas import Cell, Column, Page, numbers

DIGITS = (4, 3, 2)
"""Numbers are shown with as many digits as fit."""

GAP = "…"
"""Stands for lines or columns that are left out."""

_GAP_WIDTH = 3  # As written in ASCII.
_BLANK = 1  # Before every column.
_MARKS = {
    Verdict.WRONG: "*",
    Verdict.KINK_REFUSED: "*",
    Verdict.UNRESOLVED: "?",
    Verdict.KINK_ACCEPTED: "^",
    Verdict.JUMP: "^",
}
_LEGEND = {"*": "wrong", "?": "too small to tell", "^": "at a kink or jump"}

Side = Sequence[int | None]
"""Indices along one side of a matrix that are shown, None where some are left out."""

Text = Callable[[int, int], str]
"""From line and column to what is written there."""


class View(Protocol):
    """Which lines and columns of a matrix are shown, and what is said of its entries."""

    @property
    def lines(self) -> Side:
        """Down the page."""

    @property
    def columns(self) -> Side:
        """Across it."""

    @property
    def texts(self) -> tuple[Text, ...]:
        """All that is written of an entry, in one matrix after another."""

    def line_name(self, line: int | None) -> str:
        """Name a line, or what stands for those left out."""

    def column_name(self, column: int | None) -> str:
        """Name a column, or what stands for those left out."""

    def said(self, line: int, column: int) -> Verdict:
        """Give the verdict on an entry."""

    def shade(self, line: int, column: int) -> str:
        """Give its style."""


def side(size: int, worst: int, ends: int) -> Side:
    """Choose so many first and last indices and the worst one, with None for each gap."""
    chosen = sorted({*range(ends), worst, *range(size - ends, size)})
    kept: list[int | None] = []
    for before, index in zip([-1, *chosen], chosen, strict=False):
        kept += [None, index] if index - before > 1 else [index]
    return kept


def mark(said: Verdict) -> str:
    """Give the mark of a verdict, empty where all is well."""
    return _MARKS.get(said, "")


def needed(view: View) -> int:
    """Give how wide a page has to be."""
    label = max(len(view.line_name(line)) for line in view.lines)
    return _BLANK + label + sum(_BLANK + _width(view, column) for column in view.columns)


def _width(view: View, column: int | None) -> int:
    if column is None:
        return _GAP_WIDTH
    texts = [text(line, column) for text in view.texts for line in view.lines if line is not None]
    return max(map(len, [*texts, view.column_name(column)]))


def write(title: str, view: View, text: Text, page: Page) -> None:
    """Write one of the matrices."""
    page.line((title, "bold"), indent=1)
    columns = [Column("", wraps=False)] + [numbers(view.column_name(column)) for column in view.columns]
    page.table(columns, [_line(view, line, text) for line in view.lines], tight=True)
    page.gap()


def _line(view: View, line: int | None, text: Text) -> list[Cell]:
    cells: list[Cell] = [view.line_name(line)]
    for column in view.columns:
        if line is None or column is None:
            cells.append(GAP)
        else:
            cells.append((text(line, column), view.shade(line, column)))
    return cells


def write_legend(views: Sequence[View], page: Page) -> None:
    """Say what the marks mean that stand in some matrices."""
    marks = {
        mark(view.said(line, column))
        for view in views
        for line in view.lines
        for column in view.columns
        if line is not None and column is not None
    }
    told = [f"{sign} {meaning}" for sign, meaning in _LEGEND.items() if sign in marks]
    if told:
        page.line(", ".join(told), indent=1)
        page.gap()
