"""The report of ``layer``: the three gradients, what is wrong and where, and what the element-wise product saves."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from actcheck.dataclass import dataclass
from actcheck.errors import ActcheckError
from actcheck.model import Claim, Cost, Entry, Layer, LayerGradient, Report, Verdict, layer_place
from actcheck.reports import grid, machine
from actcheck.reports.canvas import PLAIN, Cell, Column, Look, Page, numbers
from actcheck.reports.grid import DIGITS, GAP, Side, Text
from actcheck.reports.table import write_checks, write_heading, write_remarks, write_verdict
from actcheck.reports.words import exact, number, pair, slopes, upper

if TYPE_CHECKING:
    from actcheck.model import FloatArray

_MOST_ENTRIES = 6
_AT_KINKS = (Verdict.KINK_ACCEPTED, Verdict.JUMP, Verdict.INFINITE_SLOPE)

_MOST_LINES = 8
_MOST_COLUMNS = 6

DOCS = """\
The document of verify and jacobian, with one target, whose command is layer. settings.dim is --outputs where it was
given, inputs and outputs are the functor's: the widths of Z and A. In worst, unresolved and kinks, row is the gradient
(dL/dX, dL/dW or dL/db), output and input are the line and the column of the entry in it (the line of dL/db is 0), x is
the number in X, W or b, and values is empty. One key more:

layer          object    null where the contract is broken
  batch        integer   rows of X, without those that are left out
  inputs       integer   width of X
  outputs      integer   width of Z = XW + b
  width        integer   width of A = f(Z)
  diagonal     boolean   whether the functor's Jacobian is a diagonal, whatever shape its gradient has
  elementwise  object    what the element-wise product of gradient and dL/dA takes: multiplications, bytes (of the
                         gradient); null where A and Z differ in width
  contraction  object    what the contraction of the full Jacobian with dL/dA takes, likewise
  gradients    list      name, analytic, numeric, bound, allowed, verdicts (lists of lines) of dL/dX, dL/dW and dL/db;
                         empty without --show. In layers of many entries, bound is for those that agree what was
                         learned from a sample
"""
"""What the keys mean; those of `machine.DOCS` are not told again."""


# ------------------------------------------------------------------------------------------ for people


def render(report: Report, look: Look = PLAIN, show: bool = False) -> str:
    """Give the report as text.

    Parameters
    ----------
    report : Report
        With `layer`, but where the target failed too early to have one.
    look : Look
        What the terminal, pipe or file can show.
    show : bool
        Whether to show the gradients as matrices.

    Returns
    -------
    str
        Lines, the last of which is the verdict.
    """
    page = Page(look)
    write(report, page, show)
    return page.finish()


def write(report: Report, page: Page, show: bool = False) -> None:
    """Write the report on a page."""
    write_heading(report, page)
    if report.layer is not None:
        _write_shapes(report.layer, page)
    write_checks(report.checks, page)
    total = report.counts.get(Verdict.UNRESOLVED, 0)
    _write_entries("wrong entries, worst first", report.worst, report.wrong, page)
    _write_entries("unresolved entries", report.unresolved, total, page)
    at_kinks = sum(report.counts.get(kind, 0) for kind in _AT_KINKS)
    _write_entries("entries at kinks and jumps", report.kinks, at_kinks, page)
    if report.layer is not None:
        if show:
            _write_gradients(report, report.layer, page)
        _write_costs(report, report.layer, page)
    write_remarks(report, page)
    write_verdict(report, page)


def _write_shapes(layer: Layer, page: Page) -> None:
    batch, inputs, outputs = layer.batch, layer.inputs, layer.outputs
    shapes = f"X {batch} × {inputs}, W {inputs} × {outputs}, b {outputs}, A {batch} × {layer.width}"
    page.line(("A = f(XW + b)", "bold"), f"    {shapes}", indent=1)
    page.gap()


def _write_entries(title: str, entries: Sequence[Entry], total: int, page: Page) -> None:
    shown = entries[:_MOST_ENTRIES]
    if not shown:
        return
    columns = [Column("entry", wraps=False), numbers("parameter"), numbers("analytic"), numbers("numeric")]
    columns.append(Column("± bound", wraps=False))
    rows = [_entry_row(entry) for entry in shown]
    title += f" ({len(shown):,} of {max(len(shown), total):,})"
    reasons = {entry.reason for entry in shown}
    if len(reasons) > 1:
        columns.append(Column("reason"))
        rows = [(*row, entry.reason) for row, entry in zip(rows, shown, strict=True)]
    elif reasons != {""}:
        title += f": {shown[0].reason}"
    page.line((title, "bold"), indent=1)
    page.table(columns, rows)
    page.gap()


def _entry_row(entry: Entry) -> tuple[Cell, ...]:
    name = layer_place(entry.row, entry.output, entry.input)
    if entry.slopes:
        return name, exact(entry.x), number(entry.analytic), slopes(entry), "slopes"
    analytic, numeric = pair(entry.analytic, entry.numeric)
    return name, exact(entry.x), analytic, numeric, f"± {upper(entry.bound)}"


# ------------------------------------------------------------------------------------------ what it costs


def _write_costs(report: Report, layer: Layer, page: Page) -> None:
    diagonal, full = _remarks(report, layer)
    columns = [Column("dL/dA to dL/dZ", wraps=False), numbers("multiplications"), numbers("gradient bytes")]
    columns.append(Column(""))
    product = ("element-wise product", *_cost(layer.elementwise), diagonal)
    page.table(columns, [product, ("full contraction", *_cost(layer.contraction), full)])
    page.gap()


def _cost(cost: Cost | None) -> tuple[str, str]:
    return ("", "") if cost is None else (f"{cost.multiplications:,}", f"{cost.bytes:,}")


def _remarks(report: Report, layer: Layer) -> tuple[str, str]:
    """Say of the product and of the contraction whether the functor has it, and could have it."""
    if layer.elementwise is None:
        return f"none: A is {'wider' if layer.width > layer.outputs else 'narrower'}", "done here"
    times = f"{layer.outputs} times as many" if layer.outputs > 1 else "as many"
    if report.claim is Claim.DIAGONAL:
        return ("done here", times) if layer.diagonal else ("done, not enough", "needed")
    return ("would be enough" if layer.diagonal else "not enough"), f"done, {times}"


# ------------------------------------------------------------------------------------------ the matrices


@dataclass(frozen=True)
class _View:
    """Which lines and columns of a gradient are shown, None where some are left out, and with how many digits."""

    gradient: LayerGradient
    lines: Side
    columns: Side
    digits: int

    @property
    def texts(self) -> tuple[Text, ...]:
        return self.analytic, self.numeric

    def analytic(self, line: int, column: int) -> str:
        return number(self.gradient.analytic[line, column], self.digits)

    def numeric(self, line: int, column: int) -> str:
        return number(self.gradient.numeric[line, column], self.digits) + grid.mark(self.said(line, column))

    def line_name(self, line: int | None) -> str:
        return "" if self.gradient.name == "dL/db" else self.column_name(line)

    def column_name(self, column: int | None) -> str:
        return GAP if column is None else f"[{column}]"

    def said(self, line: int, column: int) -> Verdict:
        return self.gradient.verdicts[line][column]

    def shade(self, line: int, column: int) -> str:
        said = self.said(line, column)
        if said is Verdict.AGREE:
            return ""
        return "bold red" if said.is_fault else "yellow"


def _write_gradients(report: Report, layer: Layer, page: Page) -> None:
    views = [_fitting(gradient, _worst(report, gradient.name), page.width) for gradient in layer.gradients]
    for view in views:
        grid.write(f"{view.gradient.name}, analytic", view, view.analytic, page)
        grid.write(f"{view.gradient.name}, numeric", view, view.numeric, page)
    grid.write_legend(views, page)


def _worst(report: Report, name: str) -> tuple[int, int]:
    """Give the entry that must not be left out; where none is wrong, the first."""
    return next(((entry.output, entry.input) for entry in report.worst if entry.row == name), (0, 0))


def _fitting(gradient: LayerGradient, worst: tuple[int, int], width: int) -> _View:
    """Give the view with the most digits that the page has room for."""
    height, across = gradient.analytic.shape
    lines, columns = _side(height, worst[0], _MOST_LINES), _side(across, worst[1], _MOST_COLUMNS)
    views = [_View(gradient, lines, columns, digits) for digits in DIGITS]
    return next((view for view in views if grid.needed(view) <= width), views[-1])


def _side(size: int, worst: int, most: int) -> Side:
    return range(size) if size <= most else grid.side(size, worst, most // 2)


# ------------------------------------------------------------------------------------------ for machines


def document(report: Report, show: bool = False) -> dict[str, Any]:
    """Give the target's object of the JSON document, as `DOCS` describes it."""
    layer = report.layer
    told = None
    if layer is not None:
        told = {
            "batch": layer.batch,
            "inputs": layer.inputs,
            "outputs": layer.outputs,
            "width": layer.width,
            "diagonal": layer.diagonal,
            "elementwise": _cost_document(layer.elementwise) if layer.elementwise else None,
            "contraction": _cost_document(layer.contraction),
            "gradients": [_gradient_document(gradient) for gradient in layer.gradients] if show else [],
        }
    return machine.document(report) | {"layer": told}


def dump(report: Report | None, error: tuple[str, ActcheckError] | None = None, show: bool = False) -> str:
    """Give the document as text.

    Parameters
    ----------
    report : Report or None
        None where the target could not be checked.
    error : (str, ActcheckError), optional
        The target and why it could not be checked.
    show : bool
        Whether to have the gradients in it.

    Returns
    -------
    str
        Strict JSON in ASCII, ending with a line break.
    """
    whole = json.loads(machine.dump([report] if report else [], [error] if error else []))
    whole["targets"] = [document(report, show)] if report else []
    return json.dumps(whole, indent=2, allow_nan=False) + "\n"


def _cost_document(cost: Cost) -> dict[str, int]:
    return {"multiplications": cost.multiplications, "bytes": cost.bytes}


def _gradient_document(gradient: LayerGradient) -> dict[str, Any]:
    return {
        "name": gradient.name,
        "analytic": _lines(gradient.analytic),
        "numeric": _lines(gradient.numeric),
        "bound": _lines(gradient.bound),
        "allowed": _lines(gradient.allowed),
        "verdicts": [[said.value for said in line] for line in gradient.verdicts],
    }


def _lines(matrix: FloatArray) -> list[list[float | str]]:
    return [[value if math.isfinite(value) else f"{value:g}" for value in line] for line in matrix.tolist()]
