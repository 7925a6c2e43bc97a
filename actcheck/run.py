"""One specification from end to end: target, rows, contract, finite, structure, gradient, report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from actcheck import replay, targets
from actcheck.checks import contract, directions, finite, matrices, results, structure, tails
from actcheck.checks.calibration import Calibration, calibrate
from actcheck.checks.calls import BrokenContract, Subject, refusal
from actcheck.checks.coupled import Coupled, held
from actcheck.checks.gradient import GradientCheck
from actcheck.checks.oracle import Oracle
from actcheck.checks.tally import SHOWN, Tally
from actcheck.dataclass import dataclass
from actcheck.errors import DataError
from actcheck.model import (
    CheckResult,
    CheckSpec,
    Claim,
    Finding,
    Outcome,
    Report,
    Rows,
    Verdict,
    worst_outcome,
)
from actcheck.numeric.domain import Domain
from actcheck.numeric.lines import FloatArray
from actcheck.rows import batch, generated
from actcheck.rows.source import Held, Source
from actcheck.targets.reading.functors import Direct, Pulled

_LATER = ("structure", "gradient")
_ENTRY_BY_ENTRY = ("gradient", "sweep")
_LEAST_ROWS = 5
_SPREAD = 64
_UNSIGNED = "on rows with negative numbers the value {}; generated rows are taken in absolute value"
_MOVED = (
    "outside {0} the value {1}: of the usual random numbers {2} of {3} are left out for others inside; {4} declares it"
)
_WIDEST = 32
_FEW = 256


Progress = Callable[[int, int], None]
"""Is told how many rows of how many are done."""


def check_target(spec: CheckSpec, progress: Progress | None = None) -> Report:
    """Check the target that a specification names.

    Raises
    ------
    TargetError
        If it cannot be loaded.
    DataError
        If the rows cannot be used with it.
    """
    with targets.on_its_own():
        target = targets.resolve(spec.target, spec.parameters, spec.reading)
        report = _check_target(spec, target, progress)
        if report.outcome is not Outcome.FAILED or spec.command != "verify" or spec.coupled:
            return report
        from actcheck import conventions

        return conventions.explain(report, _again, takes_input=_takes_input(target.functor))


def _takes_input(functor: Any) -> bool:
    """Tell whether a derivative is given the input: a backward pass of a cotangent alone is not."""
    return not isinstance(functor, Pulled) or "x" in functor.passes.roles


def _again(spec: CheckSpec) -> Report:
    return _check_target(spec, targets.resolve(spec.target, spec.parameters, spec.reading), None)


def _check_target(spec: CheckSpec, target: targets.Target, progress: Progress | None) -> Report:
    spec, remarks = targets.as_declared(spec, target.made, target.functor)
    given = _given(spec)
    try:
        notes = (*target.notes, *remarks, *_said(given))
        return _check(spec, target.functor, target.name, notes, given, progress)
    finally:
        if given is not None:
            given.close()


def check_functor(spec: CheckSpec, functor: Any, rows: FloatArray | None, notes: tuple[str, ...] = ()) -> Report:
    """Check a functor at hand, on rows at hand or, without any, on those of the specification.

    Raises
    ------
    DataError
        If the rows cannot be used with it.
    """
    with targets.on_its_own():
        given = _given(spec) if rows is None else Held(batch.given(rows, spec.dtype))
        spec, remarks = targets.as_declared(spec, functor, functor)
        return _check(spec, functor, spec.target, (*notes, *remarks), given, None)


def _given(spec: CheckSpec) -> Source | None:
    if spec.csv:
        from actcheck.rows import csv_file

        return csv_file.read(spec.csv, spec.columns, spec.dtype)
    return Held(batch.typed(spec)) if spec.typed else None


def _said(given: Source | None) -> tuple[str, ...]:
    return given.notes if given is not None else ()


@dataclass(frozen=True)
class _Stage:
    """A functor that has been through the contract, with the rows to go on with.

    Parameters
    ----------
    reference : Rows
        Ordinary rows of the functor's width.
    groups : tuple of Source
        The rows to be checked, in groups that are called together; the first is of ordinary rows.
    examined : Examination
    notes : tuple of str
    """

    reference: Rows
    groups: tuple[Source, ...]
    examined: contract.Examination
    notes: tuple[str, ...]


def _check(
    spec: CheckSpec,
    functor: Any,
    name: str,
    notes: tuple[str, ...],
    given: Source | None,
    progress: Progress | None,
) -> Report:
    if spec.coupled:
        functor, given, notes = _coupled(spec, functor, given, notes)
    stage = _contract(spec, functor, given)
    spec, stage = _moved(spec, functor, given, stage)
    examined, subject = stage.examined, stage.examined.subject
    questions = results.of_contract(examined.questions, examined.findings)
    report = results.opened(spec, name, subject, (questions,), examined.findings, (*notes, *stage.notes))
    report = replace(report, rows={group.kind: group.count for group in stage.groups})
    learned = _Learned()
    if subject is not None:
        try:
            report, learned = _after_contract(report, subject, stage, progress)
            report = _with_replay(report)
        except BrokenContract as broken:
            findings = (*report.findings, broken.finding)
            again = results.of_contract(examined.questions, findings)
            report = replace(report, checks=(again,), findings=findings, outcome=Outcome.FAILED)
    if report.outcome is not Outcome.FAILED:
        return report
    # Imported here: what passes has nothing to explain, and start-up is a feature.
    from actcheck import diagnosed

    wrong = (found for judged in learned.parameters if (found := judged.wrong()) is not None)
    return diagnosed.explain(report, functor, subject, stage.reference, stage.groups, wrong, learned.calibration)


def _coupled(
    spec: CheckSpec, functor: Any, given: Source | None, notes: tuple[str, ...]
) -> tuple[Any, Source | None, tuple[str, ...]]:
    """Take a whole batch as one row: the functor's rows belong together."""
    if spec.csv:
        raise DataError("rows of a file cannot be taken as one batch", fix="Leave out --rows coupled, or use --x.")
    batch_size = spec.batch
    if given is not None:
        values = np.concatenate([rows.values for rows in given.chunks()])
        batch_size = len(values)
        given = Held(Rows(values.reshape(1, -1), given.kind, (0,)))
    note = f"each batch of {batch_size} rows is taken as one vector: entry k is row k // n, column k % n"
    return Coupled(functor, batch_size), given, (*notes, note)


# ------------------------------------------------------------------------------------------ contract


def _moved(spec: CheckSpec, functor: Any, given: Source | None, stage: _Stage) -> tuple[CheckSpec, _Stage]:
    """Go to where a functor has values, where it raises, or has none, on the ordinary rows and declares no domain."""
    if spec.domain is not None or spec.coupled or not _is_empty(stage):
        return spec, stage
    from actcheck.checks import domain

    width = _taken_width(spec, functor, given, stage)
    found = domain.locate(functor, width, spec.dtype)
    if found is None:
        return spec, stage
    moved = replace(spec, domain=found)
    other = _contract(moved, functor, given)
    if other.examined.subject is None or np.isnan(other.examined.subject.forward(other.reference.values)).any():
        return spec, stage
    usual = batch.reference(spec, width).values
    beyond = int(Domain(*found).outside(usual).sum())
    refused = refusal(functor, usual.astype(spec.dtype)).replace("is not finite", "is NaN")
    note = _MOVED.format(domain.written(found), refused, beyond, usual.size, domain.option(found))
    return moved, replace(other, notes=(*other.notes, note))


def _is_empty(stage: _Stage) -> bool:
    """Tell whether a functor has no value on any ordinary row."""
    subject = stage.examined.subject
    if subject is None:
        return stage.examined.refused
    return bool(np.isnan(subject.forward_in_type(stage.reference.values)).all())


def _taken_width(spec: CheckSpec, functor: Any, given: Source | None, stage: _Stage) -> int:
    if stage.examined.subject is not None:
        return stage.examined.subject.inputs
    width = given.width if given is not None else spec.dim
    if width is not None:
        return width
    widths = (*_own_widths(functor), *contract.WIDTHS)
    return next((each for each in widths if contract.takes_width(functor, each, spec.dtype)), widths[0])


def _contract(spec: CheckSpec, functor: Any, given: Source | None) -> _Stage:
    if given is not None:
        stage = _at_width(spec, functor, given.width, given)
        return _unless_refused(stage, spec, functor, given.width)
    times = spec.batch if spec.coupled else 1
    if spec.dim is not None:
        stage = _at_width(spec, functor, spec.dim * times, None)
        return _unless_refused(stage, spec, functor, spec.dim * times)
    first = _at_width(spec, functor, contract.WIDTHS[0] * times, None)
    if not first.examined.refused or contract.takes_width(functor, contract.WIDTHS[0] * times, spec.dtype):
        return first
    for width in (*_own_widths(functor), *contract.WIDTHS[1:]):
        stage = _at_width(spec, functor, width * times, None)
        if not stage.examined.refused:
            note = f"it raises on rows of width {contract.WIDTHS[0]}; checked at width {width} (--dim chooses another)"
            return replace(stage, notes=(*stage.notes, note))
    return _at_own_width(spec, functor, times) or first


def _at_own_width(spec: CheckSpec, functor: Any, times: int) -> _Stage | None:
    """Give the stage of a width at which the value raises nothing, so that what is told is what the gradient raises."""
    for width in _own_widths(functor):
        stage = _at_width(spec, functor, width * times, None)
        if not refusal(functor, stage.reference.values.astype(spec.dtype)) and _is_by_gradient(stage):
            return stage
    return None


def _is_by_gradient(stage: _Stage) -> bool:
    return any(finding.message.startswith("the gradient raises") for finding in stage.examined.findings)


def _own_widths(functor: Any) -> tuple[int, ...]:
    return functor.widths if isinstance(functor, (Direct, Pulled)) else ()


def _unless_refused(stage: _Stage, spec: CheckSpec, functor: Any, width: int) -> _Stage:
    """Give the stage, unless its rows are too wide, or not wide enough; a functor that raises on all is at fault."""
    if spec.coupled or not stage.examined.refused or contract.takes_width(functor, width, spec.dtype):
        return stage
    finding = stage.examined.findings[0]
    for other in (*contract.WIDTHS, *range(1, _WIDEST + 1)):
        if other != width and not _at_width(spec, functor, other, None).examined.refused:
            raise DataError(
                f"the functor refuses rows of width {width}: {finding.message}",
                where="standard input" if spec.csv == "-" else spec.csv,
                fix=f"It takes rows of width {other}, for example"
                + ("; --columns chooses among those of the file." if spec.csv else "."),
                trace=finding.trace,
            )
    return stage


def _at_width(spec: CheckSpec, functor: Any, width: int, given: Source | None) -> _Stage:
    reference = batch.reference(spec, width)
    notes: tuple[str, ...] = ()
    X = _rows_for_contract(spec, reference.values, width, 7)
    Y = _rows_for_contract(spec, batch.reference(replace(spec, seed=spec.seed + 1), width).values, width, 8)
    examined = contract.examine(functor, X, Y, spec.layout, spec.dtype)
    refused = refusal(functor, X.astype(spec.dtype)) if examined.refused and spec.domain is None else ""
    if refused:
        positive = contract.examine(functor, np.abs(X), np.abs(Y), spec.layout, spec.dtype)
        if not positive.refused:
            examined = positive
            suggested = _suggested(positive.subject, np.concatenate([X, np.abs(X)]))
            notes = (f"{_UNSIGNED.format(refused)}{suggested}",)
    if spec.domain is not None and examined.subject is not None:
        examined = replace(examined, subject=replace(examined.subject, domain=Domain(*spec.domain)))
    generated_rows = [reference]
    if given is None:
        generated_rows.append(batch.edge(spec, width))
        if examined.subject is not None and examined.subject.diagonal:
            generated_rows.append(batch.sweep(spec, width))
    if notes:
        generated_rows = [batch.absolute(rows) for rows in generated_rows]
    groups = (given,) if given is not None else tuple(Held(rows) for rows in generated_rows if len(rows.values))
    return _Stage(generated_rows[0], groups, examined, notes)


def _suggested(subject: Subject | None, X: FloatArray) -> str:
    """Say where NaN begins, and which option declares it; nothing where that cannot be told."""
    # Imported here, as few functors have borders, and start-up is a feature.
    from actcheck.checks import domain

    if subject is None:
        return ""
    found = domain.search(subject, X) or domain.locate(subject.functor, subject.inputs, subject.dtype)
    return f"; it has values on {domain.written(found)}: add {domain.option(found)}" if found else ""


def _rows_for_contract(spec: CheckSpec, values: FloatArray, width: int, stream: int) -> FloatArray:
    """Give at least five rows: with fewer, much of what couples rows cannot show."""
    missing = _LEAST_ROWS - len(values)
    if missing <= 0:
        return values
    more = generated.random_rows(spec.seed + stream, missing, width, spec.scale)
    return np.concatenate([values, more])


# ------------------------------------------------------------------------------------------ the other checks


@dataclass(frozen=True)
class _Learned:
    """What the checks have learned of a functor, for those who explain.

    Parameters
    ----------
    calibration : Calibration or None
        None where nothing was compared.
    parameters : tuple of Judged
        Those of a layer; see `actcheck.checks.parameters`.
    """

    calibration: Calibration | None = None
    parameters: tuple[Any, ...] = ()


def _after_contract(
    report: Report, subject: Subject, stage: _Stage, progress: Progress | None
) -> tuple[Report, _Learned]:
    spec, checks, findings = report.spec, list(report.checks), list(report.findings)
    looked = finite.Examination(subject, stage.reference)
    checks += _outside(subject, findings)
    if not stage.examined.judgeable:
        for rows in _chunks(stage.groups[:2], None):
            looked.look(rows)
        checks.append(_finite_line(looked, findings, stage))
        checks += [CheckResult(name, Outcome.NOT_RUN, 0, "not run: contract broken") for name in _LATER]
        checks += _parameters_not_run(subject.functor)
        return _with(report, checks, findings), _Learned()
    if spec.command == "jacobian":
        stage = replace(stage, groups=(_first(stage.groups[0]),))
        report = replace(report, rows={stage.groups[0].kind: 1})
    structured, whole = _structure(subject, stage, findings, spec)
    if whole is None:
        for rows in _chunks(stage.groups[:2], None):
            looked.look(rows)
        not_run = CheckResult("gradient", Outcome.NOT_RUN, 0, "not run: no diagonal")
        checks += [_finite_line(looked, findings, stage), *structured, not_run]
        return _with(report, checks, findings), _Learned()
    others = batch.other_scale(spec, stage.reference)
    calibration = calibrate(whole, stage.reference.values, report.rtol, spec.atol, spec.seed, others)
    oracle = _oracle(spec, whole)
    if spec.command == "jacobian":
        whole = replace(whole, spread=True)
        row = next(stage.groups[0].chunks())
        shown = None if oracle is None else Oracle(oracle.subject)
        report = replace(report, matrices=matrices.matrices(whole, calibration, row, spec.seed, shown))
    # A diagonal that is none is wrong already; the sweep, made for single inputs, adds nothing but time.
    groups = stage.groups[:2] if whole.spread else stage.groups
    report = replace(report, directions=directions.count(whole, spec.directions, spec.full))
    if spec.directions is not None and whole.diagonal:
        report = replace(report, notes=(*report.notes, "a diagonal needs no directions: every entry is looked at"))
    done: list[GradientCheck | directions.DirectionCheck] = []
    for group in groups:
        watch = None if group.kind == "sweep" else looked.watch
        check = _comparison(report, whole, calibration, stage.reference, watch, oracle)
        for rows in _chunks((group,), progress):
            check.add(rows)
        done.append(check)
    checks += [_finite_line(looked, findings, stage), *structured]
    report = replace(report, notes=(*report.notes, *_told_by(oracle)))
    report, line = _tails(report, whole, calibration, stage, done)
    _ask_again(stage, checks, findings)
    learned = _Learned(calibration, tuple(_judged_parameters(report, whole.functor, stage.reference)))
    report = _gradient(report, whole, [check.tally for check in done], checks, findings, learned)
    report = replace(report, checks=(*report.checks, *line))
    report = _plant(report, whole, calibration, stage, learned) if spec.sensitivity else report
    return report, learned


def _ask_again(stage: _Stage, checks: list[CheckResult], findings: list[Finding]) -> None:
    """Add what has changed since the contract was asked for."""
    told = {finding.code for finding in findings}
    changed = [finding for finding in stage.examined.again() if finding.code not in told]
    if changed:
        findings += changed
        checks[0] = results.of_contract(stage.examined.questions, findings)


def _plant(report: Report, subject: Subject, calibration: Calibration, stage: _Stage, learned: _Learned) -> Report:
    """Plant errors into a gradient that passes; a file's rows beyond the first block are left out."""
    from actcheck.checks.planted import Planter

    if report.outcome is Outcome.FAILED:
        return replace(report, notes=(*report.notes, "no errors were planted: there is something wrong already"))
    groups = [next(group.chunks()) for group in stage.groups]
    examiner = tails.Examiner(subject, calibration, stage.reference.values, report.spec.seed)

    def compare(other: Subject) -> GradientCheck | directions.DirectionCheck:
        return _comparison(report, other, calibration, stage.reference, None, None)

    found = Planter(subject, compare, examiner, groups, report.spec.seed).measure()
    for judged in learned.parameters:
        found += judged.planted()
    if found:
        return replace(report, planted=found)
    return replace(report, notes=(*report.notes, "no errors were planted: no entry of the gradient differs from 0"))


def _tails(
    report: Report,
    subject: Subject,
    calibration: Calibration,
    stage: _Stage,
    made: list[GradientCheck | directions.DirectionCheck],
) -> tuple[Report, list[CheckResult]]:
    """Decide by other means, in the totals of the checks that are done, what differences cannot tell.

    Identities and stretches lead away from a row; where the function is not defined on the whole line, what differences
    cannot tell stays unresolved.
    """
    if not subject.domain.is_line:
        return report, []
    done = [check for check in made if isinstance(check, GradientCheck)]
    examiner = tails.Examiner(subject, calibration, stage.reference.values, report.spec.seed)
    doubts = examiner.worth_a_look([entry for check in done for entry in check.doubts])
    if not doubts:
        return report, []
    if subject.diagonal and len(done) > 1 and (rows := tails.rows(subject, doubts)) is not None:
        check = GradientCheck(subject, calibration, report.spec.seed).add(rows)
        done[1].tally = done[1].tally.join(check.tally)
        done[1].doubts += check.doubts
        report = replace(report, rows={**report.rows, rows.kind: len(rows.values)})
    told = []
    for check in done:
        found = examiner.examine(check.doubts)
        tails.correct(check.tally, check.doubts, found)
        told += found
    if not told:
        return report, []
    return replace(report, tails=tails.means(told)), [tails.result(told, subject)]


def _oracle(spec: CheckSpec, subject: Subject) -> Oracle | None:
    """Give what decides what differences leave unresolved; the extra is looked for, and not loaded."""
    if spec.oracle == "difference":
        return None
    from actcheck.exact.library import ask_for_library, available

    if spec.oracle == "exact":
        ask_for_library("--oracle exact")
    return Oracle(subject) if available() else None


def _told_by(oracle: Oracle | None) -> list[str]:
    if oracle is None or not oracle.asked:
        return []
    asked = f"of {oracle.asked:,} {'entry' if oracle.asked == 1 else 'entries'} that differences left unresolved"
    if oracle.failure:
        return [f"{oracle.decided:,} {asked} decided by the replay; it cannot replay the code: {oracle.failure}"]
    stopped = "; it takes long, and was not asked about the rest" if oracle.is_spent else ""
    return [f"{oracle.decided:,} {asked} decided by the replay{stopped}"]


def _comparison(
    report: Report,
    subject: Subject,
    calibration: Calibration,
    reference: Rows,
    watch: Callable[[Rows, FloatArray], None] | None,
    oracle: Oracle | None,
) -> GradientCheck | directions.DirectionCheck:
    seed = report.spec.seed
    if report.directions is None:
        return GradientCheck(subject, calibration, seed, watch, oracle=oracle)
    return directions.DirectionCheck(subject, calibration, reference.values, report.directions, seed, watch)


def _chunks(groups: Sequence[Source], progress: Progress | None) -> Iterator[Rows]:
    for group in groups:
        done = 0
        for rows in group.chunks():
            yield rows
            done += len(rows.values)
            if progress is not None:
                progress(done, group.count)


def _outside(subject: Subject, findings: list[Finding]) -> list[CheckResult]:
    """Give the line of the check of what lies outside a declared domain, where there is one."""
    if subject.domain.is_line:
        return []
    from actcheck.checks import domain

    line, found = domain.probe(subject, subject.domain)
    findings += found
    return [line]


def _finite_line(looked: finite.Examination, findings: list[Finding], stage: _Stage) -> CheckResult:
    found = looked.result()
    for finding in found.findings:
        # Where the domain is an interval, the option that declares it makes the check whole.
        more = _suggested(stage.examined.subject, _some(stage.groups)) if finding.code == "domain" else ""
        findings.append(replace(finding, message=f"{finding.message}{more}"))
    return results.of_findings("finite", found.entries, found.findings, found.summary)


def _some(groups: Sequence[Source]) -> FloatArray:
    """Give a few hundred rows of each group."""
    first = (next(group.chunks(), None) for group in groups[:2])
    return np.concatenate([rows.values[:_FEW] for rows in first if rows is not None])


def _structure(
    subject: Subject, stage: _Stage, findings: list[Finding], spec: CheckSpec
) -> tuple[list[CheckResult], Subject | None]:
    """Give the line of the check and the subject to go on with.

    One whose diagonal is none is looked at as the full Jacobian that it claims; None where that is too large.
    """
    if subject.claim is Claim.JACOBIAN:
        return [], subject
    other = batch.reference(replace(spec, seed=spec.seed + 1), subject.inputs).values
    if (stage.reference.values >= 0).all():
        other = np.abs(other)
    sample = [next(group.chunks()) for group in stage.groups[:2]]
    if sample[0].kind != stage.reference.kind:
        sample.insert(0, stage.reference)
    finding = structure.examine(subject, sample, other)
    found = [finding] if finding else []
    findings += found
    count = sum(min(len(rows.values), structure.most_rows(subject.inputs)) for rows in sample)
    line = results.of_findings("structure", count * subject.inputs * (subject.inputs - 1), found, "ok, diagonal")
    if finding is None:
        return [line], subject
    return [line], replace(subject, spread=True) if subject.inputs <= _SPREAD else None


def _raised(subject: Subject, total: Tally) -> list[Finding]:
    """Say what the gradient has raised where the value does not.

    Where all slopes are infinite at which it divides by zero, Python has raised what NumPy would have given.
    """
    if subject.raised:
        return [contract.raising_gradient(*subject.raised[0])]
    if not subject.divided:
        return []
    say = contract.raising_gradient if total.counts.get(Verdict.WRONG) else contract.dividing_gradient
    return [say(*subject.divided[0])]


def _gradient(
    report: Report,
    subject: Subject,
    tallies: list[Tally],
    checks: list[CheckResult],
    findings: list[Finding],
    learned: _Learned,
) -> Report:
    claim, layout = subject.claim, subject.layout
    main = Tally()
    for tally in tallies[:2]:
        main = main.join(tally)
    line = results.of_entries("gradient", main, tallies[0], claim, layout)
    if report.directions is not None:
        line = replace(line, summary=f"{line.summary}, {report.directions} directions")
    checks.append(line)
    total = main
    if len(tallies) > 2:
        checks.append(results.of_entries("sweep", tallies[2], tallies[2], claim, layout))
        total = main.join(tallies[2])
    if not any(each.right for each in report.tails):
        checks = [results.unless_blind(check, total) if check.name in _ENTRY_BY_ENTRY else check for check in checks]
    kinks = results.of_kinks(total, claim, layout)
    if kinks is not None:
        checks.append(kinks)
    raised = _raised(subject, total)
    if raised:
        findings += raised
        checks[0] = results.of_contract(checks[0].entries, findings)
    functor = held(subject.functor)
    if report.spec.command == "jacobian":
        report = replace(report, notes=(*report.notes, *results.left_to_verify(functor, report.spec.target)))
    else:
        total = _parameters(functor, learned, checks, findings, total)
    done = _with(report, checks, findings)
    if done.outcome is not Outcome.FAILED and not total.asked:
        done = replace(done, outcome=Outcome.NOT_RUN)
    return replace(
        done,
        counts=Counter({verdict: count for verdict, count in total.counts.items() if count}),
        worst=tuple(total.worst[:SHOWN]),
        unresolved=tuple(total.unresolved[:SHOWN]),
        kinks=tuple(total.kinks[:SHOWN]),
        sensitivity=total.sensitivity,
        excess=total.excess,
        choices=tuple(total.choices[x] for x in sorted(total.choices)),
    )


def _judged_parameters(report: Report, functor: Any, reference: Rows) -> list[Any]:
    """Judge the gradients of a layer's parameters, on ordinary rows; they are left to `verify`."""
    if report.spec.command == "jacobian" or not results.own_parameters(held(functor)):
        return []
    from actcheck.checks import parameters

    spec, rows = report.spec, reference.values
    rows = _rows_for_contract(spec, rows, rows.shape[1], 7)
    rows = functor.unfolded(rows[0]) if isinstance(functor, Coupled) else rows
    return parameters.judge(held(functor), rows, report.rtol, spec.atol, spec.seed, spec.dtype)


def _parameters(
    functor: Any, learned: _Learned, checks: list[CheckResult], findings: list[Finding], total: Tally
) -> Tally:
    """Add the lines of a layer's parameters, and give the totals with theirs."""
    if not results.own_parameters(functor):
        return total
    from actcheck.checks import parameters

    for judged in learned.parameters:
        checks.append(judged.line)
        findings += judged.findings
        total = total.join(judged.tally)
    lines, told = parameters.left_out(functor)
    checks += lines
    findings += told
    return total


def _parameters_not_run(functor: Any) -> list[CheckResult]:
    if not results.own_parameters(held(functor)):
        return []
    from actcheck.checks import parameters

    return parameters.not_run(held(functor), "contract broken")


def _with(report: Report, checks: list[CheckResult], findings: list[Finding]) -> Report:
    outcome = worst_outcome([check.outcome for check in checks if check.outcome is not Outcome.NOT_RUN])
    return replace(report, checks=tuple(checks), findings=tuple(findings), outcome=outcome)


def _first(source: Source) -> Source:
    for rows in source.chunks():
        return Held(rows.part(0, 1))
    raise DataError("there is no row to show", fix="Give one with --x.")


def _with_replay(report: Report) -> Report:
    if report.outcome is Outcome.PASSED and report.passed:
        return report
    found = {
        outcome: [each.values for each in report.findings if each.outcome is outcome and each.values]
        for outcome in Outcome
    }
    found[Outcome.FAILED] = [entry.values for entry in report.worst if entry.values] + found[Outcome.FAILED]
    found[Outcome.UNRESOLVED] += [entry.values for entry in report.unresolved if entry.values]
    # What decided the outcome comes first; where it belongs to no row, something lesser that does.
    for outcome in (report.outcome, Outcome.FAILED, Outcome.UNRESOLVED, Outcome.WARNED):
        if found[outcome]:
            return replace(report, replay=replay.command(report.spec, found[outcome][0]))
    is_named = any(entry.name for entry in report.worst)
    return replace(report, replay=replay.command(report.spec, ())) if is_named else report
