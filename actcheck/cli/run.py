"""``actcheck run``: the checks that the configuration lists."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from actcheck.cli.guard import guarded, show, tell
from actcheck.cli.suite_types import Color, Config, Exclude, Jobs, Limit, Only, Quiet
from actcheck.cli.types import Json, Strict
from actcheck.dataclass import dataclass
from actcheck.model import SuiteResult

LastFailed = Annotated[bool, typer.Option("--last-failed", help="Only the checks that failed last.")]
FailFast = Annotated[bool, typer.Option("--fail-fast", help="Check nothing behind the first that fails.")]
Reports = Annotated[
    list[str] | None,
    typer.Option("--report", metavar="PATH", help="Write a report: .json, .xml (JUnit) or .md; repeatable."),
]
Verbose = Annotated[bool, typer.Option("--verbose", help="Show the tables of all checks.")]


@dataclass(frozen=True)
class _Form:
    """How the report is wanted."""

    color: str
    as_json: bool
    quiet: bool
    verbose: bool


def run(
    only: Only = None,
    exclude: Exclude = None,
    last_failed: LastFailed = False,
    fail_fast: FailFast = False,
    jobs: Jobs = "",
    timeout: Limit = "",
    strict: Strict = False,
    config: Config = "",
    color: Color = "auto",
    quiet: Quiet = False,
    verbose: Verbose = False,
    report: Reports = None,
    as_json: Json = False,
) -> None:
    """Run the checks that the configuration lists: the gate of a CI.

    It is [tool.actcheck] in pyproject.toml, or actcheck.toml, in this folder or one above, with a
    [[tool.actcheck.checks]] or [[checks]] for each: a target, and whatever actcheck verify has options for.
    """

    def job() -> int:
        from actcheck.cli import outputs
        from actcheck.cli.plan import UnusableError, plan

        try:
            planned = plan(
                config_file=config,
                only=only or (),
                exclude=exclude or (),
                jobs=jobs,
                timeout=timeout,
                color=color,
                strict=strict,
                last_failed=last_failed,
                mistakes=outputs.mistakes(report or ()),
            )
        except UnusableError as error:
            return tell(*error.mistakes)
        from actcheck.cli.waiting import waiting
        from actcheck.gate import baseline, memory, selection, suite

        records = baseline.read(planned.configuration.baseline)
        with waiting(planned.cases, quiet, planned.notes) as observer:
            results = suite.run(
                planned.cases,
                planned.configuration.folder,
                planned.size,
                records=records,
                fail_fast=fail_fast,
                observer=observer,
            )
        # Who asks for some checks only is not told what has become of the others; a lost one has failed last as well.
        gone = set(records or {}) - {case.name for case in planned.configuration.cases}
        lost = sorted(name for name in gone if selection.is_meant(name, only or (), exclude or ()))
        done = SuiteResult(results, tuple(lost), baseline=records is not None)
        memory.remember(planned.configuration.folder, results)
        try:
            _show(done, _Form(color, as_json, quiet, verbose))
        finally:
            # Whoever reads standard output may have gone; the files are for others.
            outputs.tell(done, report or (), planned.configuration.file)
        return done.exit_code

    raise typer.Exit(guarded(job))


def _show(done: SuiteResult, form: _Form) -> None:
    from actcheck.cli.plan import look_for
    from actcheck.reports import suite

    if form.as_json:
        show(suite.dump(done))
        return
    look = look_for(sys.stdout, form.color)
    if form.quiet:
        show(suite.render_verdict(done, look))
        return
    times = sys.stdout is not None and sys.stdout.isatty()
    show(suite.render(done, look, times=times, every=form.verbose))
