"""The report of ``jacobian``: one row's analytic, numeric and error matrix, elided where they do not fit the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from actcheck.dataclass import dataclass
from actcheck.model import Layout, Matrices, Report, Verdict
from actcheck.reports.canvas import PLAIN, Cell, Column, Look, Page, numbers
from actcheck.reports.table import write_heading, write_remarks, write_verdict
from actcheck.reports.words import exact, number, upper

_MOST = 8
_FEWEST = 3
_DIGITS = (4, 3, 2)
_GAP = "…"
_GAP_WIDTH = 3  # As written in ASCII.
_MARKS = {
    Verdict.WRONG: "*",
    Verdict.KINK_REFUSED: "*",
    Verdict.UNRESOLVED: "?",
    Verdict.KINK_ACCEPTED: "^",
    Verdict.JUMP: "^",
}
_LEGEND = {"*": "wrong", "?": "too small to tell", "^": "at a kink or jump"}
_LAYOUTS = {
    Layout.OUT_IN: "layout out-in: line i, column j is ∂a[i]/∂x[j]",
    Layout.IN_OUT: "layout in-out: line j, column i is ∂a[i]/∂x[j]",
}

Side = Sequence[int | None]
"""Indices along one side of a matrix that are shown, None where some are left out."""


@dataclass(frozen=True)
class _View:
    """Which lines and columns of the matrices are shown, in their layout, and with how many digits."""

    matrices: Matrices
    lines: Side
    columns: Side
    digits: int

    @property
    def names(self) -> tuple[str, str]:
        return ("x", "a") if self.matrices.layout is Layout.IN_OUT else ("a", "x")

    def entry(self, line: int, column: int) -> tuple[int, int]:
        return (column, line) if self.matrices.layout is Layout.IN_OUT else (line, column)

    def analytic(self, line: int, column: int) -> str:
        return number(self.matrices.analytic[self.entry(line, column)], self.digits)

    def numeric(self, line: int, column: int) -> str:
        return number(self.matrices.numeric[self.entry(line, column)], self.digits)

    def error(self, line: int, column: int) -> str:
        return upper(self.matrices.error[self.entry(line, column)]) + self.mark(line, column)

    def mark(self, line: int, column: int) -> str:
        return _MARKS.get(_verdict(self.matrices, self.entry(line, column)), "")


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
    _write_matrix("analytic", view, view.analytic, page)
    _write_matrix("numeric", view, view.numeric, page)
    _write_matrix("error", view, view.error, page)
    _write_legend(view, page)
    if matrices.structure:
        page.line(("structure", "bold"), f"   of the numeric matrix: {', '.join(matrices.structure)}", indent=1)
        page.gap()


def _inputs(x: Sequence[float]) -> str:
    return ", ".join(_GAP if index is None else exact(x[index]) for index in _side(len(x), 0, _MOST))


def _worst(report: Report, matrices: Matrices) -> tuple[int, int]:
    if report.worst:
        return report.worst[0].output, report.worst[0].input
    output, entered = divmod(int(matrices.error.argmax()), matrices.error.shape[1])
    return int(output), int(entered)


def _fitting(matrices: Matrices, worst: tuple[int, int], width: int) -> _View:
    """Give the view with the most columns, then the most digits, that the page has room for."""
    for most in range(_MOST, _FEWEST, -1):
        for digits in _DIGITS:
            view = _view(matrices, worst, most, digits)
            if _needed(view) <= width:
                return view
    return _view(matrices, worst, _FEWEST, _DIGITS[-1])


def _view(matrices: Matrices, worst: tuple[int, int], most: int, digits: int) -> _View:
    m, n = matrices.error.shape
    outputs, inputs = (m, worst[0]), (n, worst[1])
    down, across = (inputs, outputs) if matrices.layout is Layout.IN_OUT else (outputs, inputs)
    return _View(matrices, _side(*down, _MOST), _side(*across, most), digits)


def _side(size: int, worst: int, most: int) -> Side:
    """Choose the first and last indices and the worst one, at most `most` of them, with None for each gap."""
    if size <= most:
        return range(size)
    ends = (most - 1) // 2
    chosen = sorted({*range(ends), worst, *range(size - ends, size)})
    side: list[int | None] = []
    for before, index in zip([-1, *chosen], chosen, strict=False):
        if index - before > 1:
            side.append(None)
        side.append(index)
    return side


def _needed(view: _View) -> int:
    blank = 1
    label = max(len(_name(view.names[0], line)) for line in view.lines)
    return blank + label + sum(blank + _width(view, column) for column in view.columns)


def _width(view: _View, column: int | None) -> int:
    if column is None:
        return _GAP_WIDTH
    lines = [line for line in view.lines if line is not None]
    texts = [write(line, column) for write in (view.analytic, view.numeric, view.error) for line in lines]
    return max(map(len, [*texts, _name(view.names[1], column)]))


def _name(letter: str, index: int | None) -> str:
    return _GAP if index is None else f"{letter}[{index}]"


def _write_matrix(title: str, view: _View, text: Callable[[int, int], str], page: Page) -> None:
    columns = [Column("", wraps=False)] + [numbers(_name(view.names[1], column)) for column in view.columns]
    page.line((title, "bold"), indent=1)
    page.table(columns, [_line(view, line, text) for line in view.lines], tight=True)
    page.gap()


def _line(view: _View, line: int | None, text: Callable[[int, int], str]) -> list[Cell]:
    cells: list[Cell] = [_name(view.names[0], line)]
    for column in view.columns:
        if line is None or column is None:
            cells.append(_GAP)
        else:
            cells.append((text(line, column), _shade(view, line, column)))
    return cells


def _write_legend(view: _View, page: Page) -> None:
    marks = {view.mark(i, j) for i in view.lines if i is not None for j in view.columns if j is not None}
    told = [f"{mark} {meaning}" for mark, meaning in _LEGEND.items() if mark in marks]
    if told:
        page.line(", ".join(told), indent=1)
        page.gap()


def _verdict(matrices: Matrices, entry: tuple[int, int]) -> Verdict:
    if matrices.verdicts:
        return matrices.verdicts[entry[0]][entry[1]]
    # Asked this way round, a NaN does not look right.
    return Verdict.AGREE if matrices.error[entry] <= matrices.allowed[entry] else Verdict.WRONG


def _shade(view: _View, line: int, column: int) -> str:
    entry = view.entry(line, column)
    verdict, error = _verdict(view.matrices, entry), view.matrices.error[entry]
    if verdict.is_fault:
        return "bold red"
    if verdict is not Verdict.AGREE or error > 0.1 * view.matrices.allowed[entry]:
        return "yellow"
    return "green" if error else "dim"
