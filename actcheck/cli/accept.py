"""``actcheck accept``: take today's gradients as the baseline."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from actcheck.cli.guard import guarded, show, tell
from actcheck.cli.suite_types import Color, Config, Exclude, Jobs, Limit, Only, Quiet
from actcheck.model import SuiteResult

if TYPE_CHECKING:
    from actcheck.cli.plan import Plan
    from actcheck.gate.accept import Accepted


def accept(
    only: Only = None,
    exclude: Exclude = None,
    jobs: Jobs = "",
    timeout: Limit = "",
    config: Config = "",
    color: Color = "auto",
    quiet: Quiet = False,
) -> None:
    """Take today's gradients as the baseline that actcheck run compares with.

    The checks are run first, and nothing is written while one of them fails that is not expected to. The file,
    actcheck-baseline.json beside the configuration, is made to be committed: what has not changed stays as it is.
    """

    def job() -> int:
        from actcheck.cli.plan import UnusableError, plan

        try:
            planned = plan(
                config_file=config, only=only or (), exclude=exclude or (), jobs=jobs, timeout=timeout, color=color
            )
        except UnusableError as error:
            return tell(*error.mistakes)
        from actcheck.gate import selection

        return _accept(planned, lambda name: selection.is_meant(name, only or (), exclude or ()), color, quiet)

    raise typer.Exit(guarded(job))


def _accept(planned: Plan, is_meant: Callable[[str], bool], color: str, quiet: bool) -> int:
    from actcheck.cli.waiting import waiting
    from actcheck.gate import accept, baseline, suite
    from actcheck.gate.record import Record

    configuration = planned.configuration
    records = baseline.read(configuration.baseline)
    fresh: dict[str, Record] = {}
    with waiting(planned.cases, quiet, planned.notes) as observer:
        results = suite.run(
            planned.cases, configuration.folder, planned.size, records=records, observer=observer, fresh=fresh
        )
    refused = [result for result in results if result.status in accept.REFUSED]
    if refused:
        _refuse(SuiteResult(tuple(refused)), color)
        return max(result.exit_code for result in refused)
    accepted = accept.accept(configuration.cases, results, records, fresh, is_meant)
    text = baseline.dump(accepted.records)
    if records is None or text != baseline.dump(records):
        baseline.write(configuration.baseline, text)
    show(_told(accepted, configuration.baseline.name, quiet))
    return 0


def _refuse(failed: SuiteResult, color: str) -> None:
    from actcheck.cli.plan import look_for
    from actcheck.reports import suite

    show(suite.render(failed, look_for(sys.stdout, color)))
    show("The baseline is left as it is: what fails is accepted only where the configuration says xfail.\n")


def _told(accepted: Accepted, name: str, quiet: bool) -> str:
    from actcheck.reports.words import visible

    lines = []
    for word, names in (("new", accepted.new), ("changed", accepted.changed), ("gone", accepted.gone)):
        lines += [f" {word:<8}  {visible(each)}" for each in names]
    for each, record in sorted(accepted.records.items()):
        if record.kinks_found > len(record.kinks):
            lines.append(f" {visible(each)}: {len(record.kinks)} of its {record.kinks_found:,} kinks are kept")
    totals = f"{len(accepted.new)} new, {len(accepted.changed)} changed, {len(accepted.gone)} gone"
    lines = [] if quiet else lines
    lines.append(f"{name}: {totals}, {accepted.same} as before")
    return "".join(f"{line}\n" for line in lines)
