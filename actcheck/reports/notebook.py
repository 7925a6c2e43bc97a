"""A report as HTML, for notebooks: the table of the terminal, in its colours."""

from __future__ import annotations

from actcheck.model import Report
from actcheck.reports import matrix, table
from actcheck.reports.canvas import Look, Page

_STYLE = "white-space:pre;overflow-x:auto;line-height:normal;font-family:Menlo,'DejaVu Sans Mono',monospace"


def html(report: Report, width: int = 100) -> str:
    """Give the report as a piece of HTML.

    Parameters
    ----------
    report : Report
    width : int
        Columns to a line.

    Returns
    -------
    str
        One ``<pre>`` element with inline styles; all that comes from the user is escaped.
    """
    page = Page(Look(width, color=True), record=True)
    (matrix if report.matrices else table).write(report, page)
    return f'<pre style="{_STYLE}">{page.html()}</pre>'
