"""One line of the report for each check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actcheck.checks.calls import Subject
from actcheck.checks.tally import Tally
from actcheck.checks.tolerance import default_rtol
from actcheck.model import (
    CheckResult,
    CheckSpec,
    Claim,
    Finding,
    Layout,
    Outcome,
    Report,
    Verdict,
    place,
    worst_outcome,
)
from actcheck.reserved import typed
from actcheck.targets.reading.functors import Pulled

PARAMETER = "d/d"
"""Begins the names of checks of a parameter."""

_OF_TEXT = re.compile(r"'str'|\bstr\b|<U\d|[Ss]trDType|to float: '|_UFuncNoLoop")
"""How Python and NumPy speak of a text in arithmetic."""

_KINKS = (Verdict.KINK_ACCEPTED, Verdict.KINK_REFUSED, Verdict.JUMP, Verdict.INFINITE_SLOPE)


def of_findings(name: str, entries: int, findings: Sequence[Finding], good: str) -> CheckResult:
    """Sum up a check that has findings only.

    Parameters
    ----------
    name : str
    entries : int
        How many questions, or values.
    findings : sequence of Finding
    good : str
        What to say where nothing is wrong.
    """
    outcome = worst_outcome([finding.outcome for finding in findings])
    faults = [finding for finding in findings if finding.outcome is outcome]
    if outcome is Outcome.PASSED:
        return CheckResult(name, outcome, entries, good)
    word = {Outcome.FAILED: "broken", Outcome.WARNED: "warning"}.get(outcome, outcome.value)
    count = f"{len(faults)} " if len(faults) > 1 or outcome is Outcome.FAILED else ""
    return CheckResult(name, outcome, entries, f"{count}{word}", where=faults[0].where)


def of_contract(questions: int, findings: Sequence[Finding]) -> CheckResult:
    """Sum up the contract, by those of the findings that are its own."""
    own = [finding for finding in findings if finding.check == "contract"]
    return of_findings("contract", questions, own, "ok")


def opened(
    spec: CheckSpec,
    name: str,
    subject: Subject | None,
    checks: Sequence[CheckResult],
    findings: Sequence[Finding],
    notes: tuple[str, ...],
) -> Report:
    """Begin a report, with what is known before the first entry is compared.

    Parameters
    ----------
    spec : CheckSpec
    name : str
    subject : Subject or None
        None where nothing can be computed with the functor.
    checks : sequence of CheckResult
    findings : sequence of Finding
    notes : tuple of str
    """
    return Report(
        spec=spec,
        name=name,
        claim=subject.claim if subject else None,
        rows={},
        inputs=subject.inputs if subject else None,
        outputs=subject.outputs if subject else None,
        rtol=default_rtol(spec.dtype, spec.rtol),
        checks=tuple(checks),
        findings=tuple(findings),
        counts={},
        outcome=worst_outcome([check.outcome for check in checks]),
        notes=(*notes, *_texts(spec, findings)),
    )


def _texts(spec: CheckSpec, findings: Sequence[Finding]) -> tuple[str, ...]:
    """Say which keywords are texts, where the functor stumbles over one: what was meant as a number may be misspelt."""
    texts = [(name, value) for name, value in spec.parameters if isinstance(value, str)]
    if not texts or not any(_OF_TEXT.search(each.message) or _OF_TEXT.search(each.trace) for each in findings):
        return ()
    return tuple(f"{' '.join(typed(name, '')).rstrip('= ')} is the text {value!r}" for name, value in texts)


def of_entries(name: str, tally: Tally, ordinary: Tally, claim: Claim, layout: Layout) -> CheckResult:
    """Sum up a check of gradient entries.

    Parameters
    ----------
    name : str
    tally : Tally
        Of all its entries.
    ordinary : Tally
        Of those on ordinary rows, which decide whether it is resolved.
    claim : Claim
    layout : Layout
    """
    counts = tally.counts
    wrong, unresolved = counts[Verdict.WRONG], counts[Verdict.UNRESOLVED]
    judged = counts[Verdict.AGREE] + wrong
    asked = judged + unresolved
    outcome = Outcome.PASSED
    if tally.wrong:
        outcome = Outcome.FAILED if wrong else Outcome.PASSED
    elif (not judged and not _resolved_otherwise(tally)) or _mostly_unresolved(ordinary):
        outcome = Outcome.UNRESOLVED
    worst = next((entry for entry in tally.worst if entry.verdict is Verdict.WRONG), None)
    error, allowed, where = tally.error, tally.allowed, tally.where
    if worst is not None:
        error, allowed = abs(worst.analytic - worst.numeric), worst.allowed
        where = f"{worst.row}, {place(worst.output, worst.input, claim, layout)}"
    parts = [f"{wrong} wrong" if wrong else "", f"{unresolved} unresolved" if unresolved else ""]
    summary = ", ".join(part for part in parts if part) or ("ok" if judged else "nothing to judge")
    if not asked and not tally.wrong and not _at_odd_places(tally):
        outcome = Outcome.NOT_RUN
    if not judged:
        return CheckResult(name, outcome, asked, summary)
    return CheckResult(name, outcome, asked, summary, error, allowed, where)


def unless_blind(line: CheckResult, tally: Tally) -> CheckResult:
    """Pass nothing where entries agree, but each is too small to tell anything.

    Parameters
    ----------
    line : CheckResult
    tally : Tally
        Of all entries of the functor.
    """
    if line.outcome is not Outcome.PASSED or not tally.is_blind or _resolved_otherwise(tally):
        return line
    return replace(line, outcome=Outcome.UNRESOLVED, summary="too small to tell")


def of_kinks(tally: Tally, claim: Claim, layout: Layout) -> CheckResult | None:
    """Sum up the entries at kinks, jumps and infinite slopes; None where there are none."""
    counts = {verdict: tally.counts[verdict] for verdict in _KINKS if tally.counts[verdict]}
    if not counts:
        return None
    refused = counts.get(Verdict.KINK_REFUSED, 0)
    outcome = Outcome.FAILED if refused else Outcome.PASSED
    worst = next((entry for entry in tally.worst if entry.verdict is Verdict.KINK_REFUSED), None)
    accepted = counts.get(Verdict.KINK_ACCEPTED, 0)
    parts = [f"{refused} refused"] if refused else ["ok"] if accepted else []
    if accepted and not refused and len(tally.chosen) == 1:
        parts.append(f"chose {next(iter(tally.chosen)):.6g}")
    parts += _plural(counts.get(Verdict.JUMP, 0), "jump")
    parts += _plural(counts.get(Verdict.INFINITE_SLOPE, 0), "infinite slope")
    where = f"{worst.row}, {place(worst.output, worst.input, claim, layout)}" if worst else ""
    return CheckResult("kinks", outcome, sum(counts.values()), ", ".join(parts), where=where)


def own_parameters(functor: Any) -> tuple[str, ...]:
    """Give the names of the parameters that a layer holds, those that cannot be checked among them."""
    if not isinstance(functor, Pulled):
        return ()
    return tuple(each.name for each in (*functor.parameters, *functor.unchecked))


def left_to_verify(functor: Any, target: str) -> tuple[str, ...]:
    """Note that a command leaves the parameters of the layer itself to another."""
    held = [f"`{name}`" for name in own_parameters(functor)]
    if not held:
        return ()
    told = f"parameter {held[0]} is" if len(held) == 1 else f"parameters {', '.join(held[:-1])} and {held[-1]} are"
    return (f"its own {told} not looked at here: actcheck verify {target} checks them",)


def _plural(count: int, word: str) -> list[str]:
    return [f"{count} {word}{'s' if count > 1 else ''}"] if count else []


def _resolved_otherwise(tally: Tally) -> bool:
    return any(tally.counts[verdict] for verdict in (Verdict.KINK_ACCEPTED, Verdict.INFINITE_SLOPE))


def _at_odd_places(tally: Tally) -> bool:
    return any(tally.counts[verdict] for verdict in _KINKS)


def _mostly_unresolved(ordinary: Tally) -> bool:
    unresolved = ordinary.counts[Verdict.UNRESOLVED]
    judged = ordinary.counts[Verdict.AGREE] + ordinary.counts[Verdict.KINK_ACCEPTED] + ordinary.wrong
    return unresolved > judged
