"""The report of ``verify``: what was checked, what is wrong and where, what a pass is worth, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from actcheck.model import (
    CheckResult,
    Claim,
    Entry,
    Finding,
    Layout,
    Means,
    Outcome,
    Planted,
    Report,
    Sensitivity,
    Verdict,
    place,
)
from actcheck.reports import verdict
from actcheck.reports.canvas import LABEL, PLAIN, Cell, Column, Look, Page, numbers
from actcheck.reports.words import count, exact, number, pair, percent, slopes, upper
from actcheck.reserved import named

_MOST_ENTRIES = 5
_MOST_KINKS = 4
_FINDING_LABELS = {
    Outcome.FAILED: "fault",
    Outcome.UNRESOLVED: "unresolved",
    Outcome.WARNED: "warning",
    Outcome.NOT_RUN: "not checked",
    Outcome.PASSED: "note",
}
# From this relative tolerance on it may be the tolerance that hides errors.
_LAX = 1e-3
_AT_KINKS = (Verdict.KINK_ACCEPTED, Verdict.KINK_REFUSED, Verdict.JUMP, Verdict.INFINITE_SLOPE)


def render(report: Report, look: Look = PLAIN) -> str:
    """Give the report as text.

    Parameters
    ----------
    report : Report
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
    write_checks(report.checks, page)
    _write_wrong(report, page)
    _write_unresolved(report, page)
    _write_kinks(report, page)
    _write_planted(report, page)
    write_remarks(report, page)
    write_verdict(report, page)


def write_heading(report: Report, page: Page) -> None:
    """Write the target's name and what it was checked on; the latter on lines of its own where there is no room."""
    details = [_claim(report), report.spec.dtype, _domain(report), _rows(report), f"seed {report.spec.seed}"]
    line = " · ".join(filter(None, details))
    name = named(report.name, report.spec.parameters)
    if len(name) + 4 + len(line) <= page.width:
        page.line((name, "bold"), f"    {line}")
    else:
        page.unbroken((name, "bold"))
        page.line(line, indent=1)
    page.gap()


def write_remarks(report: Report, page: Page) -> None:
    """Write findings, the mistake that explains them, what a pass is worth, and how to see the worst fault again."""
    findings = sorted(report.findings, key=lambda finding: -finding.outcome.severity)
    rows: list[tuple[Cell, Cell]] = [_finding_row(finding) for finding in findings]
    rows += [(("note", "bold"), note) for note in report.notes]
    rows += _diagnoses(report)
    if report.sensitivity is not None:
        rows.append((("seen", "bold"), _seen(report, report.sensitivity)))
    if report.tails:
        rows.append((("tails", "bold"), _tails(report.tails)))
    if rows:
        page.table([Column("", wraps=False), Column("")], [(_padded(label), text) for label, text in rows])
    for finding in findings:
        for line in finding.trace.splitlines():
            page.unbroken(f"   {line}")
    if report.replay:
        page.unbroken((f" {'replay':<{LABEL}}  ", "bold"), report.replay)
    if rows or report.replay:
        page.gap()


def write_verdict(report: Report, page: Page) -> None:
    """Write the last line."""
    page.unbroken((verdict.word(report), verdict.style(report)), f"  {report.name}: {verdict.reason(report)}")


def _claim(report: Report) -> str:
    if report.claim is None:
        return ""
    inputs, outputs = _inputs(report), report.outputs
    if report.claim is Claim.DIAGONAL or inputs is None or outputs is None:
        return report.claim.value
    m, n = (inputs, outputs) if report.spec.layout is Layout.IN_OUT else (outputs, inputs)
    return f"{report.claim.value} {m} × {n}, {report.spec.layout.value}"


def _domain(report: Report) -> str:
    if report.spec.domain is None:
        return ""
    low, high = map(exact, report.spec.domain)
    return f"x in {low} ... {high}"


def _rows(report: Report) -> str:
    kinds = [f"{total:,} {kind}" for kind, total in report.rows.items() if total]
    if not kinds:
        return ""
    noun = "row" if sum(report.rows.values()) == 1 else "rows"
    inputs = _inputs(report)
    width = "" if inputs is None else f" of {inputs}"
    return f"{' + '.join(kinds)} {noun}{width}"


def _inputs(report: Report) -> int | None:
    if report.inputs is None and report.claim is Claim.DIAGONAL:
        return report.outputs
    return report.spec.dim if report.inputs is None else report.inputs


def write_checks(checks: Sequence[CheckResult], page: Page) -> None:
    """Write what came of each check on a page."""
    if not checks:
        return
    columns = [
        Column("check", wraps=False),
        numbers("entries"),
        numbers("worst error"),
        numbers("allowed"),
        Column("where"),
        Column("verdict"),
    ]
    page.table(columns, [_check_row(check) for check in checks])
    page.gap()


def _check_row(check: CheckResult) -> tuple[Cell, ...]:
    worst = "" if check.worst is None else number(check.worst, 3)
    allowed = "" if check.allowed is None else number(check.allowed, 3)
    summary = check.summary or check.outcome.value
    return check.name, f"{check.entries:,}", worst, allowed, check.where, (summary, verdict.STYLES[check.outcome])


def _write_wrong(report: Report, page: Page) -> None:
    entries = report.worst[:_MOST_ENTRIES]
    if entries:
        title = f"wrong entries, worst first ({_share(len(entries), report.wrong)})"
        _write_entries(title, entries, report, page)


def _write_unresolved(report: Report, page: Page) -> None:
    entries = report.unresolved[:_MOST_ENTRIES]
    if entries:
        share = _share(len(entries), report.counts.get(Verdict.UNRESOLVED, 0))
        for reason in dict.fromkeys(entry.reason for entry in entries):
            few = [entry for entry in entries if entry.reason == reason]
            _write_entries(f"unresolved entries ({share})", few, report, page)


def _share(shown: int, total: int) -> str:
    return f"{shown:,} of {max(shown, total):,}"


def _write_entries(title: str, entries: Sequence[Entry], report: Report, page: Page) -> None:
    columns = [Column("row"), Column("entry", wraps=False), numbers("x"), numbers("analytic"), numbers("numeric")]
    columns.append(Column("± bound", wraps=False))
    rows = [_entry_row(entry, report) for entry in entries]
    reasons = {entry.reason for entry in entries}
    if len(reasons) > 1:
        columns.append(Column("reason"))
        rows = [(*row, entry.reason) for row, entry in zip(rows, entries, strict=True)]
    elif reasons != {""}:
        title += f": {entries[0].reason}"
    page.line((title, "bold"), indent=1)
    page.table(columns, rows)
    page.gap()


def _entry_row(entry: Entry, report: Report) -> tuple[Cell, ...]:
    name = _name(entry, report)
    if entry.slopes:
        return entry.row, name, exact(entry.x), number(entry.analytic), slopes(entry), "slopes"
    analytic, numeric = pair(entry.analytic, entry.numeric)
    return entry.row, name, exact(entry.x), analytic, numeric, f"± {upper(entry.bound)}"


def _name(entry: Entry, report: Report) -> str:
    return entry.name or place(entry.output, entry.input, report.claim, report.spec.layout)


def _write_kinks(report: Report, page: Page) -> None:
    groups = _grouped(entry for entry in report.kinks if entry.verdict in _AT_KINKS)
    if not groups:
        return
    total = sum(report.counts.get(kind, 0) for kind in _AT_KINKS)
    page.line((f"kinks and jumps ({count(max(total, len(groups)), 'entry', 'entries')})", "bold"), indent=1)
    columns = [Column("first at"), Column("entry", wraps=False), numbers("x"), numbers("slopes"), numbers("chosen")]
    columns.append(Column("verdict"))
    page.table(columns, [_kink_row(entry, report) for entry in groups[:_MOST_KINKS]])
    page.gap()


def _grouped(entries: Iterable[Entry]) -> list[Entry]:
    # By what is shown rather than by value: what reads alike is one line, and a NaN is equal to itself.
    groups: dict[tuple[str, str, str, Verdict], Entry] = {}
    for entry in entries:
        groups.setdefault((exact(entry.x), slopes(entry), number(entry.analytic), entry.verdict), entry)
    return list(groups.values())


def _kink_row(entry: Entry, report: Report) -> tuple[Cell, ...]:
    name = _name(entry, report)
    style = verdict.STYLES[Outcome.FAILED if entry.verdict.is_fault else Outcome.PASSED]
    return entry.row, name, exact(entry.x), slopes(entry), number(entry.analytic), (entry.verdict.value, style)


def _write_planted(report: Report, page: Page) -> None:
    if not report.planted:
        return
    runs = sum(each.runs for each in report.planted)
    page.line((f"errors planted into the gradient ({count(runs, 'run')})", "bold"), indent=1)
    columns = [Column("kind", wraps=False), numbers("caught down to"), numbers("missed"), Column("where")]
    page.table(columns, [_planted_row(each) for each in report.planted])
    page.gap()


def _planted_row(planted: Planted) -> tuple[Cell, ...]:
    caught: Cell = ("never", "bold red") if planted.caught is None else _size(planted, planted.caught)
    missed = "none" if planted.missed is None else _size(planted, planted.missed)
    return planted.kind, caught, missed, planted.where


def _size(planted: Planted, size: float) -> str:
    return f"{size:.0e} of max" if planted.kind.startswith("a ") else f"{size:.0e}"


def _finding_row(finding: Finding) -> tuple[Cell, Cell]:
    is_said = f"`{finding.where}`" in finding.message
    where = f" ({finding.where})" if finding.where and not is_said else ""
    label = _FINDING_LABELS[finding.outcome]
    style = "bold" if finding.outcome is Outcome.PASSED else verdict.STYLES[finding.outcome]
    return (label, style), f"{finding.check}: {finding.message}{where}"


def _diagnoses(report: Report) -> list[tuple[Cell, Cell]]:
    rows: list[tuple[Cell, Cell]] = []
    for each in report.diagnoses:
        is_another = each.explained == each.wrong and each.family != "parameter"
        label = "diagnosis" if not rows else "or" if is_another else "and"
        rows.append(((label, "bold"), verdict.diagnosis(each, report)))
    return rows


def _padded(label: Cell) -> Cell:
    return (f"{label:<{LABEL}}", "") if isinstance(label, str) else (f"{label[0]:<{LABEL}}", label[1])


def _seen(report: Report, sensitivity: Sensitivity) -> str:
    # What is wrong was seen: what is told here is of the rest.
    agree = report.counts.get(Verdict.AGREE, 0)
    entries = f"{count(agree, 'entry', 'entries')} that {'agrees' if agree == 1 else 'agree'}" if report.wrong else ""
    small = "too small to tell" if report.rtol <= _LAX else "too small to tell with so large a tolerance"
    if sensitivity.error is None:
        return f"nothing: every entry is {small}" if not entries else f"nothing on the {entries}: each is {small}"
    if report.directions is not None:
        return _seen_along(sensitivity, report.directions)
    if sensitivity.share == 1:
        where = f"the {entries}" if entries else "all entries"
    else:
        where = f"{percent(sensitivity.share)} of {f'the {entries}' if entries else 'entries'}"
    told = f"an error of {upper(sensitivity.error)} relative or more, on {where}"
    if sensitivity.share < 1:
        told += f"; {percent(1 - sensitivity.share)} {small}"
    if sensitivity.floor_share > 0:
        told += f"; rounding, not rtol, decides on {percent(sensitivity.floor_share)}"
    return told


def _seen_along(sensitivity: Sensitivity, directions: int) -> str:
    assert sensitivity.error is not None
    told = (
        f"along {count(directions, 'random direction')}, an error of a single entry of {upper(sensitivity.error)} of "
    )
    told += "its output's largest slope or more"
    if sensitivity.share == 1:
        return f"{told}; --full looks at each entry"
    seen, rest = percent(sensitivity.share), percent(1 - sensitivity.share)
    return f"{told}, at {seen} of outputs; {rest} are too flat to tell; --full looks at each entry"


def _tails(tails: Sequence[Means]) -> str:
    total = sum(each.right + each.wrong for each in tails)
    parts = []
    for each in tails:
        found = [f"{each.right:,} right" if each.right else "", f"{each.wrong:,} wrong" if each.wrong else ""]
        parts.append(f"{', '.join(filter(None, found))} by {each.name}")
    return f"{count(total, 'entry', 'entries')} too small for plain differences, told otherwise: {'; '.join(parts)}"
