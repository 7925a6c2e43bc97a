"""The loop over targets: each is checked and reported, whatever becomes of the others."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import field

from actcheck import isolation
from actcheck.cli.guard import UNUSABLE, show, tell
from actcheck.cli.progress import progress_of
from actcheck.dataclass import dataclass
from actcheck.errors import ActcheckError
from actcheck.model import CheckSpec, Outcome, Report
from actcheck.reports.canvas import PLAIN, Look, look_of

Render = Callable[[Report, Look], str]


@dataclass
class _Session:
    """What has come out so far."""

    reports: list[Report] = field(default_factory=list)
    errors: list[tuple[str, ActcheckError]] = field(default_factory=list)
    code: int = 0
    timeout: float | None = None

    def check(self, spec: CheckSpec) -> Report | None:
        """Check a target; None where it could not be checked, which is said on stderr."""
        try:
            with progress_of(spec) as progress:
                report = isolation.check_target(spec, self.timeout, progress)
        except ActcheckError as error:
            self.errors.append((spec.target, error))
            self.code = max(self.code, tell(error))
            return None
        self.reports.append(report)
        self.code = max(self.code, code_of(report))
        return report


def check(specs: Sequence[CheckSpec], render: Render, as_json: bool, timeout: float | None = None) -> int:
    """Check all targets and print their reports.

    Parameters
    ----------
    specs : sequence of CheckSpec
    render : callable
        Gives the text of a report.
    as_json : bool
        Whether to print one JSON document instead.
    timeout : float or None
        Seconds that each target may take.

    Returns
    -------
    int
        The exit code: the worst of all targets, by the order 3, 2, 1.
    """
    session = _Session(timeout=timeout)
    keep_input(specs)
    if as_json:
        _check_for_machines(specs, session)
    else:
        _check_for_people(specs, render, session)
    return session.code


def keep_input(specs: Sequence[CheckSpec]) -> None:
    """Keep an input that can be read but once: each target is checked in a process of its own, and reads it anew."""
    names = {spec.csv for spec in specs if spec.csv}
    if not names:
        return
    from actcheck.rows.spool import readable_again

    for name in names:
        # What cannot be read is told for each target, by its check.
        with contextlib.suppress(OSError):
            readable_again(name)


def _check_for_machines(specs: Sequence[CheckSpec], session: _Session) -> None:
    from actcheck.reports.machine import dump

    for spec in specs:
        session.check(spec)
    show(dump(session.reports, session.errors))


def _check_for_people(specs: Sequence[CheckSpec], render: Render, session: _Session) -> None:
    look = look_of(sys.stdout) if sys.stdout else PLAIN
    for spec in specs:
        report = session.check(spec)
        if report is not None:
            show(("\n" if len(session.reports) > 1 else "") + render(report, look))
    if len(specs) > 1:
        from actcheck.reports.verdict import summary

        gap = "\n" if session.reports else ""
        show(f"{gap}{summary(session.reports, len(session.errors))}\n")


def code_of(report: Report) -> int:
    """Give what a report alone would end the command with."""
    if report.passed:
        return 0
    return UNUSABLE if report.outcome is Outcome.NOT_RUN else 1
