"""The one line that a report ends on, and the line under several reports."""

from __future__ import annotations

from collections.abc import Sequence

from actcheck.model import Diagnosis, Finding, Outcome, Report, Verdict
from actcheck.reports import proof_words
from actcheck.reports.words import count

STYLES = {
    Outcome.PASSED: "bold green",
    Outcome.NOT_RUN: "bold yellow",
    Outcome.WARNED: "bold yellow",
    Outcome.UNRESOLVED: "bold yellow",
    Outcome.FAILED: "bold red",
}
_WORDS = {
    Outcome.PASSED: "OK",
    Outcome.NOT_RUN: "NOT CHECKED",
    Outcome.WARNED: "WARNING",
    Outcome.UNRESOLVED: "UNRESOLVED",
    Outcome.FAILED: "WRONG",
}
_BROKEN = {
    "contract": "the contract is broken",
    "finite": "a value is not finite",
    "structure": "the structure is not as claimed",
}
_MOST_NAMES = 4
_OUTSIDE = "outside the domain"
_REMARKS = {
    Verdict.KINK_ACCEPTED: "at kinks",
    Verdict.JUMP: "at jumps",
    Verdict.INFINITE_SLOPE: "of infinite slope",
    Verdict.OVERFLOW: "overflow",
    Verdict.OUTSIDE: _OUTSIDE,
    Verdict.UNRESOLVED: "unresolved",
}


def word(report: Report) -> str:
    """Give the verdict in a word; warnings that let a CI go on are OK."""
    if proof_words.reason(report):
        return proof_words.word(report)
    if report.outcome is Outcome.WARNED and report.passed:
        return _WORDS[Outcome.PASSED]
    if _is_left_open(report):
        return _WORDS[Outcome.UNRESOLVED]
    return _WORDS[report.outcome]


def style(report: Report) -> str:
    """Give the style of the word."""
    return STYLES[Outcome.UNRESOLVED if _is_left_open(report) else report.outcome]


def reason(report: Report) -> str:
    """Give what stands behind the word."""
    if told := proof_words.reason(report):
        return told
    if report.outcome is Outcome.FAILED:
        return _with_unchecked(_faults(report), report)
    if report.outcome is Outcome.UNRESOLVED:
        return _with_unchecked(_unresolved(report), report)
    if _is_left_open(report):
        return f"{_left_open(report)}, which fails with --strict"
    if report.outcome is Outcome.NOT_RUN:
        return "nothing was checked"
    return _with_unchecked(_agreement(report), report)


def text(report: Report) -> str:
    """Give the whole line, e.g. ``WRONG  mypkg.activations:ReLU: 47 of 110 entries are wrong``."""
    return f"{word(report)}  {report.name}: {reason(report)}"


def diagnosis(told: Diagnosis, report: Report) -> str:
    """Give the mistake, and how much of what is wrong it explains; where that is another count, the verdict's as well.

    A search looks at a sample of many wrong entries, and of few at further rows.
    """
    if not told.wrong:
        return told.sentence
    wrong = count(told.wrong, "wrong entry", "wrong entries")
    # What stands further down is said of the same entries, or of what is left of them.
    searched = _searched(told, report) if told in report.diagnoses[:1] or not report.diagnoses else ""
    if not told.explained:
        return f"{told.sentence} ({wrong}{searched})"
    share = "the" if told.explained == told.wrong == 1 else "all" if told.explained == told.wrong else ""
    return f"{told.sentence}: explains {share or f'{told.explained:,} of'} {wrong}{searched}"


def _searched(told: Diagnosis, report: Report) -> str:
    """Say which entries a search has looked at, where they are not those that the verdict counts."""
    # All entries of a parameter that are counted were searched, and no others.
    if told.wrong == report.wrong or told.family == "parameter":
        return ""
    if not report.wrong:
        return " of the rows searched"
    if told.wrong < report.wrong:
        return f" of a sample; the verdict counts all {report.wrong:,}"
    faults = [finding for finding in report.findings if finding.outcome is Outcome.FAILED]
    off_diagonal = any(fault.check == "structure" for fault in faults)
    more = "with those off the diagonal" if off_diagonal else "of these and further rows"
    return f" {more}; the verdict counts {report.wrong:,}"


def summary(reports: Sequence[Report], unusable: int) -> str:
    """Give the line under several reports, e.g. ``3 targets: 1 ok, 1 wrong, 1 could not be checked``."""
    tally = [sum(report.outcome is outcome for report in reports) for outcome in Outcome]
    parts = [f"{total} {outcome.value}" for outcome, total in zip(Outcome, tally, strict=True) if total]
    if unusable:
        parts.append(f"{unusable} could not be checked")
    return f"{count(len(reports) + unusable, 'target')}: {', '.join(parts)}"


def _faults(report: Report) -> str:
    faults = [finding for finding in report.findings if finding.outcome is Outcome.FAILED]
    if not report.wrong:
        return _broken(faults) if faults else "a check failed"
    least = "at least " if report.directions is not None and report.counts.get(Verdict.UNRESOLVED) else ""
    total = _total(report)
    entries = f"{least}{report.wrong:,} of {count(total, 'entry', 'entries')} {'is' if total == 1 else 'are'} wrong"
    return f"{entries}; {_broken(faults)}" if faults else entries


def _broken(faults: Sequence[Finding]) -> str:
    first = faults[0]
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"{_BROKEN.get(first.check, first.check)}: {first.message}{more}"


def _is_left_open(report: Report) -> bool:
    """Whether single entries that cannot be told are all that keeps a report from passing."""
    return report.outcome is Outcome.PASSED and not report.passed


def _left_open(report: Report) -> str:
    return _unresolved(report) if report.counts.get(Verdict.UNRESOLVED) else _unchecked(report)


def _with_unchecked(told: str, report: Report) -> str:
    return f"{told}; {_unchecked(report)}" if report.unchecked else told


def _unchecked(report: Report) -> str:
    names = ", ".join(f"`{name}`" for name in report.unchecked[:_MOST_NAMES])
    more = len(report.unchecked) - _MOST_NAMES
    noun = "parameter" if len(report.unchecked) == 1 else "parameters"
    return f"{noun} {names}{f' and {more} more' if more > 0 else ''} not checked"


def _unresolved(report: Report) -> str:
    unresolved = report.counts.get(Verdict.UNRESOLVED, 0)
    if unresolved:
        return f"{unresolved:,} of {count(_total(report), 'entry', 'entries')} cannot be told"
    if report.sensitivity is not None and report.sensitivity.error is None:
        return f"{_agreement(report)}, but each is too small to tell"
    findings = [finding for finding in report.findings if finding.outcome is Outcome.UNRESOLVED]
    return f"{findings[0].check}: {findings[0].message}" if findings else "a check cannot be told"


def _agreement(report: Report) -> str:
    agree, total = report.counts.get(Verdict.AGREE, 0), _total(report)
    if not total:
        return "no entry was compared"
    start = f"all {count(total, 'entry', 'entries')} agree" if agree == total > 1 else _some(agree, total)
    if report.directions is not None:
        start += f" along {count(report.directions, 'direction')}"
    remarks = [f"{report.counts[kind]:,} {words}" for kind, words in _REMARKS.items() if report.counts.get(kind)]
    if report.spec.domain is not None:
        # A border without a finite value is taken out of a declared domain.
        remarks = [each.replace(_OUTSIDE, f"{_OUTSIDE} or on its border") for each in remarks]
    warnings = sum(finding.outcome is Outcome.WARNED for finding in report.findings)
    if warnings:
        remarks.append(count(warnings, "warning"))
    return ", ".join([start, *remarks])


def _some(agree: int, total: int) -> str:
    return f"{agree:,} of {count(total, 'entry', 'entries')} {'agrees' if total == 1 else 'agree'}"


def _total(report: Report) -> int:
    return sum(report.counts.values())
