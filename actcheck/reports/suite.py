"""The report of a whole suite: a line for each check, worst first, and one verdict; and the same as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from actcheck.model import RULE_VERSION, SCHEMA_VERSION, CaseResult, Drift, Failure, Report, Status, SuiteResult
from actcheck.reports import layer, machine, table, verdict
from actcheck.reports.canvas import PLAIN, Cell, Column, Look, Page, numbers
from actcheck.reports.words import count

DOCS = """\
`actcheck run --json` prints one document, with the same bytes for the same checks, however many run at a time.

document
  schema       integer   version of this layout
  rule         integer   version of the verdict rule
  exit_code    integer   that of the command: 0, 1, 2 or 3
  baseline     boolean   whether there is a baseline to compare with
  counts       object    checks by status
  checks       list      one object per check, in the configuration's order
  lost         list      names of checks that the baseline has and the configuration no more

check
  name         string    unique in the suite
  status       string    ok, skipped, expected failure, not run, unexpected pass, no baseline, drifted, failed,
                         could not be checked, fault of actcheck
  exit_code    integer   what this check alone would end the command with
  xfail        string    why it is expected to fail, or empty
  skip         string    why it is left out, or empty
  drifts       list      code, message, old, new, where
  failure      object    kind, what, where, fix; null where it could be checked
  target       object    as of actcheck verify, or of actcheck layer; null where it was not or could not be checked
"""
"""What the keys of the JSON document mean, as the README shows it."""

STYLES = {
    Status.PASSED: "bold green",
    Status.SKIPPED: "bold yellow",
    Status.EXPECTED: "bold yellow",
    Status.LEFT: "bold yellow",
    Status.SURPRISED: "bold yellow",
    Status.NEW: "bold yellow",
    Status.DRIFTED: "bold red",
    Status.FAILED: "bold red",
    Status.UNUSABLE: "bold red",
    Status.FAULT: "bold red",
}
_VERDICTS = {0: "OK", 1: "FAILED", 2: "ERROR", 3: "FAULT"}


def render(suite: SuiteResult, look: Look = PLAIN, *, times: bool = False, every: bool = False) -> str:
    """Give the report as text: the tables of what failed, a line for each check, the verdict.

    Parameters
    ----------
    suite : SuiteResult
    look : Look
        What the terminal, pipe or file can show.
    times : bool
        Whether to say how long each took, which is another text each time.
    every : bool
        Whether to show the tables of all checks.
    """
    page = Page(look)
    for result in suite.results:
        if result.report is not None and (every or result.status is Status.FAILED):
            if result.case.name != result.report.name:
                page.line((f"check {result.case.name}", "bold"))
            _write_report(result.report, page)
            page.gap()
    _write_failures(suite, page)
    _write_drifts(suite, page)
    _write_lines(suite, page, times)
    if not suite.baseline:
        page.line("There is no baseline to compare with: actcheck accept writes one.", indent=1)
        page.gap()
    _write_verdict(suite, page)
    return page.finish()


def render_verdict(suite: SuiteResult, look: Look = PLAIN) -> str:
    """Give the last line alone."""
    page = Page(look)
    _write_verdict(suite, page)
    return page.finish()


def dump(suite: SuiteResult) -> str:
    """Give the report as strict JSON in ASCII, laid out as `DOCS` says."""
    whole = {
        "schema": SCHEMA_VERSION,
        "rule": RULE_VERSION,
        "exit_code": suite.exit_code,
        "baseline": suite.baseline,
        "counts": {status.value: total for status, total in tally(suite).items()},
        "checks": [_document(result) for result in suite.results],
        "lost": list(suite.lost),
    }
    return json.dumps(whole, indent=2, allow_nan=False) + "\n"


def worst_first(results: Sequence[CaseResult]) -> list[CaseResult]:
    """Sort results by what they are; those of one sort stay in the configuration's order."""
    return sorted(results, key=lambda result: -result.status.severity)


def tally(suite: SuiteResult) -> dict[Status, int]:
    """Count the checks by status, the best first."""
    statuses = [result.status for result in suite.results]
    return {status: statuses.count(status) for status in Status}


def sentence(suite: SuiteResult) -> tuple[str, str]:
    """Give the verdict in a word, and what stands behind it."""
    parts = [f"{total} {status.value}" for status, total in reversed(tally(suite).items()) if total]
    if suite.lost:
        parts.insert(0, f"{len(suite.lost)} lost since the baseline")
    return _VERDICTS[suite.exit_code], f"{count(len(suite.results), 'check')}: {', '.join(parts)}"


def line(result: CaseResult) -> str:
    """Give one check's line for whoever waits, with its time."""
    told = reason(result)
    time = f" ({result.seconds:.2f} s)" if result.seconds else ""
    return f"{result.status.value}  {result.case.name}{f': {told}' if told else ''}{time}"


def reason(result: CaseResult) -> str:
    """Say why a check ended as it did."""
    expected = {Status.SKIPPED: result.case.skip, Status.EXPECTED: result.case.xfail}
    if result.status in expected:
        return expected[result.status]
    if result.status is Status.SURPRISED:
        return f"it passes, though it was expected to fail: {result.case.xfail}"
    if result.status is Status.NEW:
        return "actcheck accept takes it into the baseline"
    if result.status is Status.DRIFTED:
        return drift_text(result.drifts[0]) + (
            f" (and {len(result.drifts) - 1} more)" if len(result.drifts) > 1 else ""
        )
    if result.failure is not None:
        return result.failure.what
    return verdict.reason(result.report) if result.report is not None else ""


def report_text(report: Report) -> str:
    """Give a check's own report as plain text, as the command that it stands for prints it."""
    page = Page(PLAIN)
    _write_report(report, page)
    return page.finish()


def _write_report(report: Report, page: Page) -> None:
    if report.spec.command == "layer":
        layer.write(report, page)
    elif report.spec.command == "prove":
        from actcheck.reports import proof

        proof.write(report, page)
    else:
        table.write(report, page)


def drift_text(drift: Drift) -> str:
    """Give a drift in one line: what, where, old and new."""
    where = f" at {drift.where}" if drift.where else ""
    change = f": {drift.old} -> {drift.new}" if drift.old or drift.new else ""
    return f"{drift.message}{where}{change}"


# ------------------------------------------------------------------------------------------ text


def _write_failures(suite: SuiteResult, page: Page) -> None:
    for result in suite.results:
        failure = result.failure
        if failure is None:
            continue
        page.line((result.case.name, "bold"))
        page.line(failure.what, indent=1)
        for label, text in (("where", failure.where), ("fix", failure.fix)):
            if text:
                page.line(f"{label}: {text}", indent=1)
        for trace in failure.trace.splitlines():
            page.unbroken(f"   {trace}")
        page.gap()


def _write_drifts(suite: SuiteResult, page: Page) -> None:
    rows: list[tuple[Cell, ...]] = [
        (result.case.name, drift.message, drift.where, drift.old, drift.new)
        for result in suite.results
        for drift in result.drifts
    ]
    rows += [(name, "it is in the baseline, and no longer in the configuration", "", "", "") for name in suite.lost]
    if not rows:
        return
    columns = [Column("drifted"), Column("what"), Column("where"), numbers("baseline"), numbers("now")]
    page.table(columns, rows)
    page.line("actcheck accept takes it for the new baseline.", indent=1)
    page.gap()


def _write_lines(suite: SuiteResult, page: Page, times: bool) -> None:
    columns = [Column("verdict", wraps=False), Column("check"), *([numbers("seconds")] if times else []), Column("")]
    rows: list[tuple[Cell, ...]] = []
    for result in worst_first(suite.results):
        seconds = [f"{result.seconds:.2f}" if result.seconds else ""] if times else []
        rows.append(((result.status.value, STYLES[result.status]), result.case.name, *seconds, reason(result)))
    page.table(columns, rows)
    page.gap()


def _write_verdict(suite: SuiteResult, page: Page) -> None:
    word, text = sentence(suite)
    page.unbroken((word, "bold red" if suite.exit_code else "bold green"), f"  {text}")


# ------------------------------------------------------------------------------------------ JSON


def _document(result: CaseResult) -> dict[str, Any]:
    return {
        "name": result.case.name,
        "status": result.status.value,
        "exit_code": result.exit_code,
        "xfail": result.case.xfail,
        "skip": result.case.skip,
        "drifts": [_drift(drift) for drift in result.drifts],
        "failure": _failure(result.failure) if result.failure else None,
        "target": _report(result.report) if result.report else None,
    }


def _report(report: Report) -> dict[str, Any]:
    return layer.document(report) if report.spec.command == "layer" else machine.document(report)


def _drift(drift: Drift) -> dict[str, str]:
    return {name: getattr(drift, name) for name in ("code", "message", "old", "new", "where")}


def _failure(failure: Failure) -> dict[str, str]:
    return {name: getattr(failure, name) for name in ("kind", "what", "where", "fix")}
