"""A layer from end to end: target, contract, numbers, the three gradients, report. No maths, no printing."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck import targets
from actcheck.checks import chain, contract, layer, results, structure
from actcheck.checks.calls import BrokenContract, Subject, refusal
from actcheck.checks.chain import Instance
from actcheck.checks.contract import Examination
from actcheck.checks.layer import Judged
from actcheck.checks.tally import SHOWN, Tally
from actcheck.dataclass import dataclass
from actcheck.errors import DataError
from actcheck.model import (
    CheckResult,
    CheckSpec,
    Claim,
    Finding,
    Layer,
    Layout,
    Outcome,
    Report,
    Rows,
    Verdict,
    layer_place,
    worst_outcome,
)
from actcheck.numeric.domain import Domain
from actcheck.replay import words_of
from actcheck.reserved import typed
from actcheck.rows import batch
from actcheck.rows import layer as rows

WIDTHS = (3, 4, 5, 6, 2, 8, 1, 16, 10, 12)
"""Widths of the pre-activations that are tried in turn where none is asked for."""

_LEAST_ROWS = 5
_ATTEMPTS = 8
_GRADIENTS = ("dL/dX", "dL/dW", "dL/db")
_UNSIGNED = "at some negative pre-activations; X, W and b are taken in absolute value"

# What `results` names places by; those of a layer are named anew.
_PLACES = (Claim.JACOBIAN, Layout.OUT_IN)


def check_layer(spec: CheckSpec) -> Report:
    """Check the gradients of a layer with the activation function that a specification names.

    Parameters
    ----------
    spec : CheckSpec
        `inputs` is the width of X, `dim` that of the pre-activations.

    Raises
    ------
    TargetError
        If the target cannot be loaded.
    DataError
        If the layer is too large.
    """
    with targets.on_its_own():
        target = targets.resolve(spec.target, spec.parameters, spec.reading)
        spec, remarks = targets.as_declared(spec, target.made, target.functor)
        return _with_replay(_check(spec, target.functor, target.name, (*target.notes, *remarks)))


def check_functor(spec: CheckSpec, functor: Any) -> Report:
    """Check the gradients of a layer with a functor at hand.

    Raises
    ------
    DataError
        If the layer is too large.
    """
    with targets.on_its_own():
        spec, remarks = targets.as_declared(spec, functor, functor)
        return _check(spec, functor, spec.target, remarks)


def _check(spec: CheckSpec, functor: Any, name: str, notes: tuple[str, ...]) -> Report:
    spec, stage = _moved(spec, functor, _contract(spec, functor))
    examined, subject = stage.examined, stage.examined.subject
    questions = results.of_contract(examined.questions, examined.findings)
    report = results.opened(spec, name, subject, (questions,), examined.findings, (*notes, *stage.notes))
    if subject is None:
        return report
    if spec.domain is not None:
        subject = replace(subject, domain=Domain(*spec.domain))
    if questions.outcome is Outcome.FAILED:
        # The gradients of a functor that changes its input, or its mind, say nothing of its formula.
        return replace(report, checks=(questions, *_not_run("contract broken")))
    layer.refuse_too_large(spec.batch, spec.inputs, subject.inputs)
    try:
        return _after_contract(report, subject, stage)
    except BrokenContract as broken:
        findings = (*report.findings, broken.finding)
        again = results.of_contract(examined.questions, findings)
        return replace(report, checks=(again,), findings=findings, outcome=Outcome.FAILED)


# ------------------------------------------------------------------------------------------ contract


@dataclass(frozen=True)
class _Stage:
    """A functor that has been through the contract.

    Parameters
    ----------
    examined : Examination
    reference : Rows
        Ordinary rows of its width.
    positive : bool
        Whether it raises on negative numbers.
    notes : tuple of str
    """

    examined: Examination
    reference: Rows
    positive: bool
    notes: tuple[str, ...] = ()


def _moved(spec: CheckSpec, functor: Any, stage: _Stage) -> tuple[CheckSpec, _Stage]:
    """Go to where a functor has values, where it raises, or has none, on the ordinary rows and declares no domain."""
    subject = stage.examined.subject
    is_empty = stage.examined.refused if subject is None else _is_nan(subject, stage)
    if spec.domain is not None or not is_empty:
        return spec, stage
    from actcheck.checks import domain

    width = subject.inputs if subject is not None else spec.dim or _taken_width(spec, functor)
    found = domain.locate(functor, width, spec.dtype)
    if found is None:
        return spec, stage
    moved = replace(spec, domain=found)
    other = _at_width(moved, functor, width)
    if other.examined.subject is None or _is_nan(other.examined.subject, other):
        return spec, stage
    refused = refusal(functor, stage.reference.values.astype(spec.dtype)).replace("is not finite", "is NaN")
    note = f"outside {domain.written(found)} the value {refused}; {domain.option(found)} declares it"
    return moved, replace(other, notes=(*other.notes, note))


def _is_nan(subject: Subject, stage: _Stage) -> bool:
    return bool(np.isnan(subject.forward_in_type(stage.reference.values)).all())


def _taken_width(spec: CheckSpec, functor: Any) -> int:
    return next((each for each in WIDTHS if contract.takes_width(functor, each, spec.dtype)), WIDTHS[0])


def _unless_refused(stage: _Stage, spec: CheckSpec, functor: Any, width: int) -> _Stage:
    """Give the stage, unless the functor takes another width alone; one that raises on all is at fault."""
    if not stage.examined.refused or contract.takes_width(functor, width, spec.dtype):
        return stage
    other = next((each for each in WIDTHS if not _at_width(spec, functor, each).examined.refused), None)
    if other is None:
        return stage
    finding = stage.examined.findings[0]
    raise DataError(
        f"the functor refuses rows of width {width}: {finding.message}",
        fix=f"It takes rows of width {other}, for example: --outputs {other}.",
        trace=finding.trace,
    )


def _contract(spec: CheckSpec, functor: Any) -> _Stage:
    if spec.dim is not None:
        return _unless_refused(_at_width(spec, functor, spec.dim), spec, functor, spec.dim)
    first = _at_width(spec, functor, WIDTHS[0])
    if not first.examined.refused or contract.takes_width(functor, WIDTHS[0], spec.dtype):
        return first
    for width in WIDTHS[1:]:
        stage = _at_width(spec, functor, width)
        if not stage.examined.refused:
            note = f"it raises on rows of width {WIDTHS[0]}; the layer has {width} outputs (--outputs chooses another)"
            return replace(stage, notes=(*stage.notes, note))
    return first


def _at_width(spec: CheckSpec, functor: Any, width: int) -> _Stage:
    # With fewer than five rows much of what couples rows cannot show.
    enough = replace(spec, batch=max(spec.batch, _LEAST_ROWS))
    reference = batch.reference(enough, width)
    other = batch.reference(replace(enough, seed=spec.seed + 1), width)
    examined = contract.examine(functor, reference.values, other.values, spec.layout, spec.dtype)
    if not examined.refused or not refusal(functor, reference.values.astype(spec.dtype)):
        return _Stage(examined, reference, positive=False)
    reference, other = batch.absolute(reference), batch.absolute(other)
    again = contract.examine(functor, reference.values, other.values, spec.layout, spec.dtype)
    if again.refused:
        return _Stage(examined, reference, positive=False)
    return _Stage(again, reference, positive=True)


def _not_run(why: str) -> list[CheckResult]:
    return [CheckResult(name, Outcome.NOT_RUN, 0, f"not run: {why}") for name in _GRADIENTS]


# ------------------------------------------------------------------------------------------ the three gradients


def _after_contract(report: Report, subject: Subject, stage: _Stage) -> Report:
    spec = report.spec
    fault = _off_diagonal(spec, subject, stage)
    checks, findings = list(report.checks), list(report.findings)
    if subject.claim is Claim.DIAGONAL:
        found = [fault] if fault else []
        entries = len(stage.reference.values) * subject.inputs * (subject.inputs - 1)
        checks.append(results.of_findings("structure", entries, found, "ok, diagonal"))
        findings += found
    drawn, notes = _draw(spec, subject, stage.positive)
    held = results.left_to_verify(subject.functor, spec.target)
    report = replace(report, notes=(*report.notes, *notes, *held))
    if drawn is None:
        report = replace(report, checks=(*checks, *_not_run("no finite value")), findings=tuple(findings))
        return replace(report, outcome=worst_outcome([Outcome.NOT_RUN, *(check.outcome for check in checks)]))
    judged = layer.judge(drawn, report.rtol, spec.atol, spec.seed)
    if subject.raised:
        findings.append(contract.raising_gradient(*subject.raised[0]))
        checks[0] = results.of_contract(checks[0].entries, findings)
    return replace(
        _joined(report, checks, findings, judged),
        layer=_layer(drawn, judged, diagonal=subject.inputs == subject.outputs and fault is None),
    )


def _off_diagonal(spec: CheckSpec, subject: Subject, stage: _Stage) -> Finding | None:
    """Look for an output that depends on another input, also where the gradient does not claim that there is none."""
    if subject.inputs != subject.outputs:
        return None
    other = batch.reference(replace(spec, seed=spec.seed + 1), subject.inputs)
    other = batch.absolute(other) if stage.positive else other
    return structure.examine(subject, [stage.reference], other.values)


def _draw(spec: CheckSpec, subject: Subject, positive: bool) -> tuple[Instance | None, tuple[str, ...]]:
    """Choose numbers with which the value is finite and no pre-activation lies at a kink; and say what it took."""
    first = _finite(spec, subject, 0, positive)
    instance, notes = first
    for attempt in range(1, _ATTEMPTS):
        if instance is None or not layer.at_kinks(subject, instance.hidden, spec.seed).any():
            return instance, notes
        instance, notes = _finite(spec, subject, attempt, positive)
    # A functor that is all kinks there, or noise: the rule for entries at kinks decides, and the report names them.
    return first


def _finite(spec: CheckSpec, subject: Subject, attempt: int, positive: bool) -> tuple[Instance | None, tuple[str, ...]]:
    """Give a layer whose values are finite: without signs, or without some rows, where that is what it takes."""
    numbers, notes = rows.numbers(spec, subject.inputs, attempt), []
    if spec.domain is not None:
        inside = rows.within(numbers, spec.domain, spec.dtype)
        if inside is not numbers:
            notes.append("W and b are scaled and moved, so that the pre-activations lie in the domain")
        numbers = inside
    finite = _has_values(subject, numbers)
    if positive or not finite.all():
        unsigned = rows.positive(numbers)
        also_finite = _has_values(subject, unsigned)
        if positive or np.count_nonzero(also_finite) > np.count_nonzero(finite):
            numbers, finite = unsigned, also_finite
            notes.append(f"it {'raises' if positive else 'has no finite value'} {_UNSIGNED}")
    if not finite.any():
        return None, ("the value is finite at none of the pre-activations; --scale changes their size",)
    if not finite.all():
        notes.append(f"{np.count_nonzero(~finite)} of {len(finite)} rows left out: the value is not finite there")
        numbers = replace(numbers, X=numbers.X[finite])
    cotangent = rows.cotangent(spec.seed, len(numbers.X), subject.outputs)
    return Instance(subject, numbers, cotangent), tuple(notes)


def _has_values(subject: Subject, numbers: rows.Numbers) -> NDArray[np.bool_]:
    Z = numbers.hidden
    finite = np.isfinite(subject.forward(Z)) & np.isfinite(subject.forward_in_type(Z))
    rows_finite: NDArray[np.bool_] = np.logical_and.reduce(finite, axis=1)
    return rows_finite


def _layer(instance: Instance, judged: Sequence[Judged], diagonal: bool) -> Layer:
    subject, (size, inputs) = instance.subject, instance.numbers.X.shape
    product, contraction = chain.costs(size, subject.inputs, subject.outputs, subject.dtype)
    return Layer(
        batch=size,
        inputs=inputs,
        outputs=subject.inputs,
        width=subject.outputs,
        elementwise=product,
        contraction=contraction,
        diagonal=diagonal,
        gradients=tuple(each.gradient for each in judged),
    )


def _joined(report: Report, checks: list[CheckResult], findings: list[Finding], judged: Sequence[Judged]) -> Report:
    total = Tally()
    for each in judged:
        line = results.of_entries(each.gradient.name, each.tally, each.tally, *_PLACES)
        checks.append(_named(line, each.tally, Verdict.WRONG))
        total = total.join(each.tally)
    kinks = results.of_kinks(total, *_PLACES)
    if kinks is not None:
        checks.append(_named(kinks, total, Verdict.KINK_REFUSED))
    outcome = worst_outcome([check.outcome for check in checks])
    if outcome is not Outcome.FAILED and not total.asked:
        outcome = Outcome.NOT_RUN
    return replace(
        report,
        checks=tuple(checks),
        findings=tuple(findings),
        outcome=outcome,
        counts=Counter({verdict: count for verdict, count in total.counts.items() if count}),
        worst=tuple(total.worst[:SHOWN]),
        unresolved=tuple(total.unresolved[:SHOWN]),
        kinks=tuple(total.kinks[:SHOWN]),
        sensitivity=total.sensitivity,
        excess=total.excess,
    )


def _named(line: CheckResult, tally: Tally, fault: Verdict) -> CheckResult:
    """Name the place of the worst as the layer does."""
    worst = next((entry for entry in tally.worst if entry.verdict is fault), None)
    return line if worst is None else replace(line, where=layer_place(worst.row, worst.output, worst.input))


def _with_replay(report: Report) -> Report:
    return report if report.outcome is Outcome.PASSED else replace(report, replay=_command(report))


def _command(report: Report) -> str:
    """Give the command that was typed: all numbers come from the seed."""
    spec, standard = report.spec, CheckSpec(report.spec.target)
    words = ["actcheck", "layer", spec.target]
    for keyword, value in spec.parameters:
        words += typed(keyword, value)
    outputs = report.inputs or spec.dim
    words += ["--inputs", str(spec.inputs), *(["--outputs", str(outputs)] if outputs else [])]
    for name in ("batch", "scale", "seed", "dtype", "rtol", "atol"):
        if getattr(spec, name) != getattr(standard, name):
            words += [f"--{name}", str(getattr(spec, name))]
    words += ["--domain", *map(str, spec.domain)] if spec.domain is not None else []
    words += ["--layout", spec.layout.value] if spec.layout is not standard.layout else []
    words += ["--strict"] if spec.strict else []
    words += words_of(spec.reading)
    return " ".join(map(shlex.quote, words))
