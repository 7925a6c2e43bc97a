"""The report of ``jacobian``: one row's analytic, numeric and error matrix, elided where they do not fit the page."""

from __future__ import annotations

from collections.abc import Sequence

from actcheck.dataclass import dataclass
from actcheck.model import Layout, Matrices, Report, Verdict
from actcheck.reports import grid
from actcheck.reports.canvas import PLAIN, Look, Page
from actcheck.reports.grid import DIGITS, GAP, Side, Text
from actcheck.reports.table import write_heading, write_remarks, write_verdict
from actcheck.reports.words import exact, number, upper

_MOST = 8
_FEWEST = 3
_LAYOUTS = {
    Layout.OUT_IN: "layout out-in: line i, column j is ∂a[i]/∂x[j]",
    Layout.IN_OUT: "layout in-out: line j, column i is ∂a[i]/∂x[j]",
}


@dataclass(frozen=True)
class _View:
    """Which lines and columns of the matrices are shown, in their layout, and with how many digits."""

    matrices: Matrices
    lines: Side
    columns: Side
    digits: int

    @property
    def texts(self) -> tuple[Text, ...]:
        return self.analytic, self.numeric, self.error

    def line_name(self, line: int | None) -> str:
        return _name("x" if self.matrices.layout is Layout.IN_OUT else "a", line)

    def column_name(self, column: int | None) -> str:
        return _name("a" if self.matrices.layout is Layout.IN_OUT else "x", column)

    def entry(self, line: int, column: int) -> tuple[int, int]:
        return (column, line) if self.matrices.layout is Layout.IN_OUT else (line, column)

    def analytic(self, line: int, column: int) -> str:
        return number(self.matrices.analytic[self.entry(line, column)], self.digits)

    def numeric(self, line: int, column: int) -> str:
        return number(self.matrices.numeric[self.entry(line, column)], self.digits)

    def error(self, line: int, column: int) -> str:
        return upper(self.matrices.error[self.entry(line, column)]) + grid.mark(self.said(line, column))

    def said(self, line: int, column: int) -> Verdict:
        entry = self.entry(line, column)
        if self.matrices.verdicts:
            return self.matrices.verdicts[entry[0]][entry[1]]
        # Asked this way round, a NaN does not look right.
        return Verdict.AGREE if self.matrices.error[entry] <= self.matrices.allowed[entry] else Verdict.WRONG

    def shade(self, line: int, column: int) -> str:
        entry, said = self.entry(line, column), self.said(line, column)
        error = self.matrices.error[entry]
        if said.is_fault:
            return "bold red"
        if said is not Verdict.AGREE or error > 0.1 * self.matrices.allowed[entry]:
            return "yellow"
        return "green" if error else "dim"


def render(report: Report, look: Look = PLAIN) -> str:
    """Give the report as text.

    Parameters
    ----------
    report : Report
        With `matrices`, but where the target failed too early to have any.
    look : Look
        What the terminal, pipe or file can show.

    Returns
    -------
    str
        Lines, the last of which is the verdict.
    """
    page = Page(look)
    write(report, page)
    return page.finish()


def write(report: Report, page: Page) -> None:
    """Write the report on a page."""
    write_heading(report, page)
    if report.matrices is not None:
        _write_matrices(report, report.matrices, page)
    write_remarks(report, page)
    write_verdict(report, page)


def _write_matrices(report: Report, matrices: Matrices, page: Page) -> None:
    page.line(_LAYOUTS[matrices.layout], indent=1)
    page.line((matrices.row, "bold"), f"  x = {_inputs(matrices.x)}", indent=1)
    page.gap()
    view = _fitting(matrices, _worst(report, matrices), page.width)
    grid.write("analytic", view, view.analytic, page)
    grid.write("numeric", view, view.numeric, page)
    grid.write("error", view, view.error, page)
    grid.write_legend([view], page)
    if matrices.structure:
        page.line(("structure", "bold"), f"   of the numeric matrix: {', '.join(matrices.structure)}", indent=1)
        page.gap()


def _inputs(x: Sequence[float]) -> str:
    return ", ".join(GAP if index is None else exact(x[index]) for index in _side(len(x), 0, _MOST))


def _worst(report: Report, matrices: Matrices) -> tuple[int, int]:
    if report.worst:
        return report.worst[0].output, report.worst[0].input
    output, entered = divmod(int(matrices.error.argmax()), matrices.error.shape[1])
    return int(output), int(entered)


def _fitting(matrices: Matrices, worst: tuple[int, int], width: int) -> _View:
    """Give the view with the most columns, then the most digits, that the page has room for."""
    for most in range(_MOST, _FEWEST, -1):
        for digits in DIGITS:
            view = _view(matrices, worst, most, digits)
            if grid.needed(view) <= width:
                return view
    return _view(matrices, worst, _FEWEST, DIGITS[-1])


def _view(matrices: Matrices, worst: tuple[int, int], most: int, digits: int) -> _View:
    m, n = matrices.error.shape
    outputs, inputs = (m, worst[0]), (n, worst[1])
    down, across = (inputs, outputs) if matrices.layout is Layout.IN_OUT else (outputs, inputs)
    return _View(matrices, _side(*down, _MOST), _side(*across, most), digits)


def _side(size: int, worst: int, most: int) -> Side:
    """Choose the first and last indices and the worst one, at most `most` of them, with None for each gap."""
    return range(size) if size <= most else grid.side(size, worst, (most - 1) // 2)


def _name(letter: str, index: int | None) -> str:
    return GAP if index is None else f"{letter}[{index}]"
