"""What came of a check, by what was expected of it."""

from __future__ import annotations

from dataclasses import replace

from actcheck.gate.baseline import Records
from actcheck.gate.drift import Tolerance, drifts
from actcheck.gate.record import Record
from actcheck.gate.worker import Made
from actcheck.model import Case, CaseResult, Drift, Outcome, Status

_ENDED = ("timeout", "crash")


def judge(case: Case, made: Made, records: Records | None) -> CaseResult:
    """Give the result of a case that was checked.

    Parameters
    ----------
    case : Case
    made : Made
    records : mapping of str to Record, or None
        The baseline, None where there is none.
    """
    result = CaseResult(case, _status(case, made), made.report, made.failure, seconds=made.seconds)
    if result.status is not Status.PASSED:
        return result
    old = (records or {}).get(case.name)
    if old is None:
        # Without any baseline nobody has asked for one, but where all that is in doubt is to fail.
        is_new = records is not None or case.spec.strict
        return replace(result, status=Status.NEW if is_new else Status.PASSED)
    found = _drifts(old, made, case)
    return replace(result, status=Status.DRIFTED, drifts=found) if found else result


def _drifts(old: Record, made: Made, case: Case) -> tuple[Drift, ...]:
    if made.held is None or made.report is None:
        return (Drift("unknown", "the functor could not be looked at again"),)
    tolerance = Tolerance(made.report.rtol, case.spec.atol, case.spec.dtype)
    return drifts(old, made.held, tolerance, case.spec.layout)


def skipped(case: Case) -> CaseResult:
    """Give the result of a case that is left out, as the configuration says."""
    return CaseResult(case, Status.SKIPPED)


def left(case: Case) -> CaseResult:
    """Give the result of a case that another one's failure has kept from being checked."""
    return CaseResult(case, Status.LEFT)


def _status(case: Case, made: Made) -> Status:
    if made.failure is not None and made.failure.kind not in _ENDED:
        return Status.FAULT if made.failure.kind == "internal" else Status.UNUSABLE
    report = made.report
    if report is not None and report.outcome is Outcome.NOT_RUN:
        return Status.UNUSABLE
    if report is None or not report.passed:
        return Status.EXPECTED if case.xfail else Status.FAILED
    return Status.SURPRISED if case.xfail else Status.PASSED
