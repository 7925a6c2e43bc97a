"""One check of a suite, in a process of its own. What comes back is a value, whatever the target does."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from pathlib import Path

from actcheck import discovery, isolation
from actcheck.dataclass import dataclass
from actcheck.errors import ActcheckError, TargetError
from actcheck.gate.record import Numbers, Record, measure
from actcheck.model import Case, Failure, Finding, Outcome, Report

_ENDED = ("timeout", "crash")
"""Findings of `isolation`: what hung or crashed once is not touched again."""


@dataclass(frozen=True)
class Job:
    """What a worker is to do.

    Parameters
    ----------
    case : Case
    folder : Path
        Where the configuration is: its paths start there, and its targets are importable from there.
    rows : tuple of tuples of float, or None
        The rows of the baseline, where the functor is to be looked at on them.
    anew : bool
        Whether it is to be looked at for a new baseline.
    """

    case: Case
    folder: Path
    rows: tuple[Numbers, ...] | None = None
    anew: bool = False


@dataclass(frozen=True)
class Made:
    """What a worker has made of it.

    Parameters
    ----------
    report : Report or None
    failure : Failure or None
        Why there is no report.
    seconds : float
    held : Record or None
        The functor on the baseline's rows.
    fresh : Record or None
        The functor on rows of today.
    """

    report: Report | None = None
    failure: Failure | None = None
    seconds: float = 0.0
    held: Record | None = None
    fresh: Record | None = None


def work(job: Job, born: isolation.Born | None = None) -> Made:
    """Check a case; `born` is told the number of the process that the target is in."""
    start = time.perf_counter()
    try:
        with contextlib.chdir(job.folder):
            # A system that cannot keep a time limit checks without one rather than not at all.
            limit = job.case.timeout if isolation.POSSIBLE else None
            _refuse_place(job.case)
            report = isolation.check_target(job.case.spec, limit, born=born, limited_by="timeout")
            made = Made(report) if ended(report) else isolation.done(lambda: _looked_at(report, job))
    except isolation.TargetEndedError as error:
        made = Made(isolation.failed(job.case.spec, error))
    except ActcheckError as error:
        made = Made(failure=failure_of(error))
    return replace(made, seconds=time.perf_counter() - start)


def _refuse_place(case: Case) -> None:
    """Say why a place could not be read, which is all that is known of the functors in it."""
    from actcheck.targets.places import is_open, units

    if is_open(case.spec.target):
        for unit in units(case.spec.target):
            discovery.look(unit, dict(case.spec.parameters), min(case.timeout, discovery.IMPORT_LIMIT))
        raise TargetError("it could not be read when it was looked into first", where=case.spec.target)


def ended(report: Report) -> bool:
    """Tell whether the target hung, or killed its process."""
    return any(finding.code in _ENDED for finding in report.findings)


def failure_of(error: ActcheckError) -> Failure:
    """Give an error as a value."""
    return Failure(error.kind, error.what, error.where, error.fix, error.trace)


def _looked_at(report: Report, job: Job) -> Made:
    """Add what the report does not tell: where the gradient is written, and what it is on the baseline's rows."""
    from actcheck import targets
    from actcheck.checks.calls import BrokenContract

    spec = job.case.spec
    try:
        target = targets.resolve(spec.target, spec.parameters, spec.reading)
    except ActcheckError:
        # It could be loaded a moment ago: a target that is loaded at times only has no place, and no baseline.
        return Made(report)
    if report.origin is None and target.origin is not None:
        report = replace(report, origin=(target.origin.file, target.origin.line))
    made = Made(report)
    if not report.passed:
        return made
    try:
        with targets.on_its_own():
            if job.rows is not None:
                made = replace(made, held=measure(spec, report, target.functor, job.rows))
            if job.anew:
                made = replace(made, fresh=measure(spec, report, target.functor, None))
    except BrokenContract as broken:
        # On these rows, or in this number of them, it does what it has not done in the check.
        return Made(_broken(report, broken.finding))
    return made


def _broken(report: Report, finding: Finding) -> Report:
    from actcheck.checks import results

    findings = (*report.findings, finding)
    entries = next((check.entries for check in report.checks if check.name == "contract"), 0)
    line = results.of_contract(entries, findings)
    others = [check for check in report.checks if check.name != "contract"]
    return replace(report, checks=(line, *others), findings=findings, outcome=Outcome.FAILED)
