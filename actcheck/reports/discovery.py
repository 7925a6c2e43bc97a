"""The report of all functors of some files: the tables of what did not pass, a line for each, what is left out."""

from __future__ import annotations

import os
from collections.abc import Sequence

from actcheck.dataclass import dataclass
from actcheck.errors import ActcheckError
from actcheck.model import Outcome, Report
from actcheck.reports import table, verdict
from actcheck.reports.canvas import PLAIN, Cell, Column, Look, Page
from actcheck.reports.words import count
from actcheck.reserved import named
from actcheck.survey import LeftOut, Listed


@dataclass(frozen=True)
class Discovered:
    """What came of some files.

    Parameters
    ----------
    files : int
        How many were read.
    reports : sequence of Report
    left_out : sequence of LeftOut
    errors : sequence of (str, ActcheckError)
        Files, cells and functors that could not be read or checked.
    notes : sequence of (str, str)
        A place, and a remark on it.
    """

    files: int
    reports: Sequence[Report]
    left_out: Sequence[LeftOut] = ()
    errors: Sequence[tuple[str, ActcheckError]] = ()
    notes: Sequence[tuple[str, str]] = ()


def render(found: Discovered, look: Look = PLAIN) -> str:
    """Give the report as text, the last line of which is the verdict on all."""
    page = Page(look)
    alone = len(found.reports) == 1
    for report in found.reports:
        if alone or report.outcome is not Outcome.PASSED:
            table.write(report, page)
            page.gap()
    if not alone:
        _write_verdicts(found.reports, page)
    _write_left_out(found.left_out, page)
    _write_notes(found.notes, page)
    page.unbroken(sentence(found))
    return page.finish()


def render_list(
    found: Sequence[Listed], left_out: Sequence[LeftOut], notes: Sequence[tuple[str, str]] = (), look: Look = PLAIN
) -> str:
    """Give what was found as text, without a check."""
    page = Page(look)
    if found:
        columns = [Column("target"), Column("read as"), Column("parameters")]
        page.table(columns, [(named(each.target, each.parameters), each.protocol, _keywords(each)) for each in found])
        page.gap()
    _write_left_out(left_out, page)
    _write_notes(notes, page)
    page.unbroken(f"{count(len(found), 'target')}, {len(left_out)} left out")
    return page.finish()


def sentence(found: Discovered) -> str:
    """Give the last line, e.g. ``12 targets in 3 files: 11 ok, 1 wrong; 4 left out, 1 error``."""
    targets, _, told = verdict.summary(found.reports, 0).partition(": ")
    text = f"{targets} in {count(found.files, 'file')}" + (f": {told}" if told else "")
    more = [f"{len(found.left_out)} left out"] if found.left_out else []
    more += [count(len(found.errors), "error")] if found.errors else []
    return f"{text}; {', '.join(more)}" if more else text


def error_line(place: str, error: ActcheckError) -> str:
    """Give an error as one line: the others go on, and each of them may have one."""
    # A folder's files are named from there, and an error by its own reading of the path.
    where = error.where if os.path.normpath(error.where).startswith(os.path.normpath(place)) else place
    return f"error: {where}: {error.what}"


def _write_verdicts(reports: Sequence[Report], page: Page) -> None:
    if not reports:
        return
    rows: list[tuple[Cell, ...]] = []
    for report in sorted(reports, key=lambda report: -report.outcome.severity):
        style = verdict.STYLES[report.outcome]
        rows.append(((verdict.word(report), style), named(report.name, report.spec.parameters), verdict.reason(report)))
    page.table([Column("verdict", wraps=False), Column("target"), Column("")], rows)
    page.gap()


def _write_left_out(left_out: Sequence[LeftOut], page: Page) -> None:
    if left_out:
        page.table([Column("left out"), Column("why")], [(each.target, each.reason) for each in left_out])
        page.gap()


def _write_notes(notes: Sequence[tuple[str, str]], page: Page) -> None:
    for place, note in notes:
        page.line(f"note: {place}: {note}", indent=1)
    if notes:
        page.gap()


def _keywords(listed: Listed) -> str:
    if listed.keywords is None:
        return "any"
    free = set(listed.keywords) - {name for name, _ in listed.parameters}
    return ", ".join(f"--{name.replace('_', '-')}" for name in listed.keywords if name in free)
