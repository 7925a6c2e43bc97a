"""A proof, or a measurement of accuracy, from end to end: target, contract, numbers, report. No printing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from actcheck import replay, targets
from actcheck.checks import accuracy, contract, proof, results, structure
from actcheck.checks.calls import Subject
from actcheck.checks.contract import Examination
from actcheck.errors import UsageError
from actcheck.model import CheckResult, CheckSpec, Claim, Outcome, Report, Rows, worst_outcome
from actcheck.numeric.lines import FloatArray
from actcheck.splitmix import uniform

_ROWS = 64
_STREAMS = (20, 21)


def check_proof(spec: CheckSpec) -> Report:
    """Prove or refute the gradient of the target that a specification names.

    Raises
    ------
    TargetError
        If it cannot be loaded, or its code cannot be replayed.
    UsageError
        If the extra is missing.
    """
    from actcheck.exact.library import ask_for_library

    ask_for_library("prove")
    with targets.on_its_own():
        target = targets.resolve(spec.target, spec.parameters, spec.reading)
        spec, remarks = targets.with_layout(spec, target.functor)
        report, subject = examined(spec, target.functor, target.name, (*target.notes, *remarks))
        return report if subject is None else _proved(report, subject)


def check_accuracy(spec: CheckSpec) -> Report:
    """Measure the floating-point accuracy of the target that a specification names.

    Raises
    ------
    TargetError
        If it cannot be loaded, or its code cannot be replayed.
    UsageError
        If the extra is missing, or the target is no element-wise functor.
    """
    from actcheck.exact.library import ask_for_library

    ask_for_library("accuracy")
    with targets.on_its_own():
        target = targets.resolve(spec.target, spec.parameters, spec.reading)
        spec, remarks = targets.with_layout(spec, target.functor)
        report, subject = examined(spec, target.functor, target.name, (*target.notes, *remarks))
        if subject is None:
            return report
        if not subject.diagonal:
            what = "accuracy is measured by the magnitude of x, for element-wise functors"
            raise UsageError(what, where=target.name, fix=f"Its gradient is a full Jacobian: {target.name} takes rows.")
        return _measured(report, subject)


def _measured(report: Report, subject: Subject) -> Report:
    found = accuracy.measure(subject, report.name)
    checks = (*report.checks, accuracy.line_of(found))
    return replace(
        report,
        checks=checks,
        findings=(*report.findings, *accuracy.findings(found)),
        outcome=worst_outcome([check.outcome for check in checks]),
        accuracy=found,
    )


def examined(spec: CheckSpec, functor: Any, name: str, notes: tuple[str, ...]) -> tuple[Report, Subject | None]:
    """Ask for the contract and the structure on rows of the interval; without a subject there is nothing to go on."""
    examination, rows = _contract(spec, functor)
    findings = list(examination.findings)
    subject = examination.subject
    checks = [results.of_findings("contract", examination.questions, findings, "ok")]
    if subject is not None and subject.claim is Claim.DIAGONAL and examination.judgeable:
        other = rows.values[::-1].copy()
        found = structure.examine(subject, [rows], other) or structure.examine_gradient(subject, rows.values, other)
        findings += [found] if found else []
        entries = 2 * len(rows.values) * subject.inputs * (subject.inputs - 1)
        checks.append(results.of_findings("structure", entries, [found] if found else [], "ok, diagonal"))
    report = results.opened(spec, name, subject, checks, findings, notes)
    return report, None if report.outcome is Outcome.FAILED else subject


def _contract(spec: CheckSpec, functor: Any) -> tuple[Examination, Rows]:
    for width in (spec.dim,) if spec.dim is not None else contract.WIDTHS:
        X, Y = (_rows(spec, width, stream) for stream in _STREAMS)
        examination = contract.examine(functor, X, Y, spec.layout, spec.dtype)
        if not examination.refused:
            return examination, Rows(X, "random", range(len(X)))
    return examination, Rows(X, "random", range(len(X)))


def _rows(spec: CheckSpec, width: int, stream: int) -> FloatArray:
    low, high = spec.interval or (-spec.scale, spec.scale)
    shares = uniform(spec.seed, stream, _ROWS * width).reshape(_ROWS, width)
    # An interval as wide as the type has no width that the type holds.
    rows: FloatArray = low * (1 - shares) + high * shares
    return np.clip(rows, low, high)


def _proved(report: Report, subject: Subject) -> Report:
    found = proof.prove(subject, report.spec, report.name)
    line: CheckResult = proof.line_of(found)
    checks = (*report.checks, line)
    done = replace(
        report,
        checks=checks,
        findings=(*report.findings, *proof.findings(found)),
        outcome=worst_outcome([check.outcome for check in checks]),
        proof=found,
    )
    if not found.refuted:
        return done
    x = found.refuted[0].x
    row = x[:1] if subject.diagonal else x
    again = replace(report.spec, command="verify", interval=(), tolerance=None, resolution=None, lines=None)
    return replace(done, replay=replay.command(again, row))
