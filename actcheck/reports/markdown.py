"""The report of a suite as Markdown, for the summary of a CI's job or a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actcheck.model import CaseResult, Status, SuiteResult
from actcheck.reports.suite import drift_text, reason, report_text, sentence, worst_first
from actcheck.reports.words import visible

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&])")
_TICKS = re.compile(r"`+")


def dump(suite: SuiteResult) -> str:
    """Give the report as Markdown: the verdict, a table with the worst first, and the tables of what failed.

    Parameters
    ----------
    suite : SuiteResult
    """
    return "\n".join(_lines(suite)) + "\n"


def _lines(suite: SuiteResult) -> Iterator[str]:
    word, text = sentence(suite)
    yield f"## actcheck: {word}"
    yield ""
    yield escaped(text)
    yield ""
    yield "| verdict | check | |"
    yield "|---|---|---|"
    for result in worst_first(suite.results):
        yield f"| {result.status.value} | {escaped(result.case.name)} | {escaped(reason(result))} |"
    for name in suite.lost:
        yield f"| lost | {escaped(name)} | it is in the baseline, and no longer in the configuration |"
    for result in worst_first(suite.results):
        if text := _details(result):
            yield from _folded(result, text)


def _details(result: CaseResult) -> str:
    if result.drifts:
        return "".join(f"{visible(drift_text(drift))}\n" for drift in result.drifts)
    if result.failure is not None:
        lines = (result.failure.what, result.failure.where, result.failure.fix, result.failure.trace.rstrip("\n"))
        return "".join(f"{visible(line, keep=chr(10))}\n" for line in lines if line)
    return report_text(result.report) if result.report is not None and result.status is Status.FAILED else ""


def _folded(result: CaseResult, text: str) -> Iterator[str]:
    # A fence must be longer than any run of its characters inside.
    fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(text)), default=0))
    yield ""
    yield f"<details><summary>{_html(result.case.name)}</summary>"
    yield ""
    yield f"{fence}text"
    yield text.rstrip("\n")
    yield fence
    yield ""
    yield "</details>"


def escaped(text: str) -> str:
    """Write a text so that Markdown, and HTML within it, takes it as it stands."""
    return _SPECIAL.sub(r"\\\1", visible(text.replace("\n", " ")))


def _html(text: str) -> str:
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
