"""All checks of a configuration: in parallel, and in one order whatever finishes first."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from actcheck.gate.baseline import Records
from actcheck.gate.judge import judge, left, skipped
from actcheck.gate.pool import Pool
from actcheck.gate.record import Record
from actcheck.gate.worker import Job
from actcheck.model import Case, CaseResult


class Observer(Protocol):
    """Is told how a suite comes along."""

    def started(self, case: Case, /) -> None:
        """Hear that a check begins."""

    def finished(self, result: CaseResult, /) -> None:
        """Hear what came of one, in the order in which they end."""


def cores() -> int:
    """Give how many checks may run at a time where nothing else is said."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def run(
    cases: Sequence[Case],
    folder: Path,
    size: int,
    *,
    records: Records | None = None,
    fail_fast: bool = False,
    observer: Observer | None = None,
    fresh: dict[str, Record] | None = None,
) -> tuple[CaseResult, ...]:
    """Check cases.

    Parameters
    ----------
    cases : sequence of Case
    folder : Path
        Of the configuration.
    size : int
        So many at a time.
    records : mapping of str to Record, optional
        The baseline to compare with.
    fail_fast : bool
        Whether nothing is checked behind the first that fails. First is meant in the order of the configuration, and
        not in time: the results are the same however many run at a time.
    observer : Observer, optional
    fresh : dict of str to Record, optional
        Where to put what a new baseline would hold of each case that passes.

    Returns
    -------
    tuple of CaseResult
        In the order of the cases.
    """
    results = {index: skipped(case) for index, case in enumerate(cases) if case.skip}
    for result in results.values():
        _tell(observer, result)
    numbers = [index for index, case in enumerate(cases) if not case.skip]
    pool = Pool([_job(cases[index], folder, records or {}, fresh is not None) for index in numbers], size)

    def started(job: int) -> None:
        if observer is not None:
            observer.started(cases[numbers[job]])

    for job, made in pool.run(started):
        result = judge(cases[numbers[job]], made, records)
        if fresh is not None and made.fresh is not None:
            fresh[result.case.name] = made.fresh
        results[numbers[job]] = result
        _tell(observer, result)
        if fail_fast and result.exit_code:
            pool.forget_after(job)
    return _in_order(cases, results, fail_fast)


def _job(case: Case, folder: Path, records: Records, anew: bool) -> Job:
    # What is expected to fail is not held against a baseline: it is not known to be right.
    old = None if case.xfail else records.get(case.name)
    return Job(case, folder, None if old is None else tuple(row.x for row in old.rows), anew and not case.xfail)


def _tell(observer: Observer | None, result: CaseResult) -> None:
    if observer is not None:
        observer.finished(result)


def _in_order(cases: Sequence[Case], results: dict[int, CaseResult], fail_fast: bool) -> tuple[CaseResult, ...]:
    failed = [index for index, result in results.items() if result.exit_code]
    last = min(failed) if fail_fast and failed else len(cases)
    return tuple(results[index] if index <= last or case.skip else left(case) for index, case in enumerate(cases))
