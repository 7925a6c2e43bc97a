"""The report of ``prove``: what is proved, refuted and left over, the kinks, and what the verdict means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actcheck.model import Outcome, Report
from actcheck.proof_model import Bend, Enclosure, Proof, Refutation, Stretch
from actcheck.reports import table, verdict
from actcheck.reports.canvas import PLAIN, Column, Look, Page, numbers
from actcheck.reports.proof_words import bound, is_single
from actcheck.reports.words import exact, number, pair, upper

_MOST = 8
_STYLES = {"proved": Outcome.PASSED, "wrong": Outcome.FAILED, "left over": Outcome.UNRESOLVED}


def render(report: Report, look: Look = PLAIN) -> str:
    """Give the report as text; its last line is the verdict."""
    page = Page(look)
    write(report, page)
    return page.finish()


def write(report: Report, page: Page) -> None:
    """Write the report on a page."""
    found = report.proof
    if found is None:
        # What broke the contract is told as `verify` tells it.
        table.write(report, page)
        return
    _write_heading(report, found, page)
    _write_paths(found, page)
    _write_stretches(found, page)
    _write_refuted(found.refuted, page)
    _write_bends(found.bends, page)
    table.write_remarks(report, page)
    style = verdict.STYLES[report.outcome]
    page.unbroken((verdict.word(report), style), f"  {report.name}: {verdict.reason(report)}")


def _write_heading(report: Report, found: Proof, page: Page) -> None:
    claim = report.claim.value if report.claim else ""
    details = f"{claim} · real arithmetic · [{exact(found.low)}, {exact(found.high)}]"
    if not is_single(found):
        details += f"^{report.inputs} · seed {report.spec.seed}"
    if len(report.name) + 4 + len(details) <= page.width:
        page.line((report.name, "bold"), f"    {details}")
    else:
        page.line((report.name, "bold"))
        page.line(details, indent=1)
    scales = [path.scale for path in found.paths]
    largest = f"the largest derivative seen, {number(max(scales), 3)}"
    if len(scales) > 1:
        largest = f"the largest derivative seen along a line, {number(min(scales), 3)} to {number(max(scales), 3)}"
    page.line(f"tolerance {number(found.tolerance)} of {largest} · resolution {number(found.resolution)}", indent=1)
    page.gap()


def _write_paths(found: Proof, page: Page) -> None:
    if is_single(found):
        return
    columns = [
        Column("path", wraps=False),
        numbers("replays"),
        numbers("worst error"),
        numbers("allowed"),
        Column("verdict"),
    ]
    rows = []
    for path in found.paths:
        verdicts = {each.verdict for each in found.stretches if each.path == path.name}
        told = "wrong" if "wrong" in verdicts else "left over" if "left over" in verdicts else "proved"
        cell = (told, verdict.STYLES[_STYLES[told]])
        rows.append((path.name, f"{path.replays:,}", bound(path.worst), bound(path.allowed), cell))
    page.table(columns, rows)
    page.gap()


def _write_stretches(found: Proof, page: Page) -> None:
    single = is_single(found)
    shown = [each for each in found.stretches if single or each.verdict == "left over"]
    if not shown:
        return
    if not single:
        page.line(("left over", "bold"), indent=1)
    columns = [numbers("from"), numbers("to"), Column("verdict", wraps=False), Column("remark")]
    rows: list[tuple[Any, ...]] = [_stretch_row(each, found) for each in shown[:_MOST]]
    if not single:
        columns.insert(0, Column("path", wraps=False))
        rows = [(each.path, *row) for each, row in zip(shown, rows, strict=False)]
    page.table(columns, rows)
    _write_more(len(shown), page)
    page.gap()


def _stretch_row(each: Stretch, found: Proof) -> tuple[Any, ...]:
    remark = each.reason
    if each.verdict == "proved":
        path = found.paths[0]
        remark = f"error at most {bound(path.worst)}, allowed {bound(path.allowed)}"
    low, high = _ends(each.low, each.high)
    return low, high, (each.verdict, verdict.STYLES[_STYLES[each.verdict]]), remark


def _ends(low: float, high: float) -> tuple[str, str]:
    """Write two ends with the digits that it takes to tell them apart."""
    texts = exact(low), exact(high)
    return texts if texts[0] != texts[1] or low == high else (repr(low), repr(high))


def _write_refuted(refuted: Sequence[Refutation], page: Page) -> None:
    if not refuted:
        return
    several = any(each.path != "x" for each in refuted)
    columns = [numbers("from"), numbers("to"), numbers("at"), numbers("analytic"), numbers("derivative")]
    columns.append(numbers("± bound"))
    # One line for what is the same in every column.
    rows: dict[tuple[Any, ...], None] = {}
    for each in refuted:
        analytic, derivative = pair(_middle(each.analytic), _middle(each.derivative))
        half = upper(max(_half(each.analytic), _half(each.derivative)))
        row = (*_ends(each.low, each.high), exact(each.at), analytic, derivative, half)
        rows[(each.path, *row) if several else row] = None
    if several:
        columns.insert(0, Column("path", wraps=False))
    page.line((f"refuted, the widest first ({min(len(rows), _MOST)} of {len(rows)})", "bold"), indent=1)
    page.table(columns, list(rows)[:_MOST])
    page.gap()


def _write_bends(bends: Sequence[Bend], page: Page) -> None:
    if not bends:
        return
    several = any(each.path != "x" for each in bends)
    columns = [numbers("at"), numbers("width"), numbers("output"), numbers("slopes"), numbers("chosen"), Column("")]
    seen: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for each in bends:
        row: tuple[Any, ...] = (
            exact(each.low),
            upper(each.high - each.low) if each.high > each.low else "0",
            f"{each.output}",
            f"{_told(each.left)} | {_told(each.right)}",
            _told(each.analytic),
            "jump" if each.jump else "kink",
        )
        # One line for what is the same in every column of an element-wise functor.
        key = (each.path, *row[:2], *row[3:]) if not several else (each.path, *row)
        seen.setdefault(key, (each.path, *row) if several else row)
    if several:
        columns.insert(0, Column("path", wraps=False))
    else:
        columns.pop(2)
        seen = {key: (*row[:2], *row[3:]) for key, row in seen.items()}
    page.line((f"kinks and jumps ({min(len(seen), _MOST)} of {len(seen)})", "bold"), indent=1)
    page.table(columns, list(seen.values())[:_MOST])
    _write_more(len(seen), page)
    page.gap()


def _write_more(total: int, page: Page) -> None:
    if total > _MOST:
        page.line(f"... and {total - _MOST:,} more (--json has all)", indent=1)


def _told(enclosure: Enclosure) -> str:
    """Write an enclosure: one number where it is narrow, else both ends."""
    if _half(enclosure) <= 1e-6 * max(1.0, abs(enclosure.low)):
        return number(_middle(enclosure) + 0.0)
    return f"[{number(enclosure.low, 3)}, {number(enclosure.high, 3)}]"


def _middle(enclosure: Enclosure) -> float:
    middle = enclosure.low + (enclosure.high - enclosure.low) / 2
    # An exact number is enclosed by its neighbours.
    return float(f"{middle:.15g}") if abs(middle) > 1e-300 else 0.0


def _half(enclosure: Enclosure) -> float:
    return (enclosure.high - enclosure.low) / 2
