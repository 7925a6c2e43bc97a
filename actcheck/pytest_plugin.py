"""``pytest --actcheck``: the configured checks as test items, so that -k, -x, xdist and JUnit work as on any test.

pytest loads this in whatever project has actcheck installed: without the option it imports nothing, and says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from actcheck.gate.baseline import Records
    from actcheck.gate.config import Configuration
    from actcheck.model import Case, CaseResult

LOST = "baseline"
"""The item that stands for checks which the baseline has and the configuration no more."""

_READ: pytest.StashKey[tuple[Configuration, Records | None]] = pytest.StashKey()


class CheckFailed(Exception):  # noqa: N818 - what pytest shows as the kind of a failure
    """A check that does not pass; its text is the report."""


class CheckUnusable(Exception):  # noqa: N818 - likewise
    """A check that could not be made: no expected failure."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option."""
    group = parser.getgroup("actcheck", "gradients of activation functions")
    group.addoption("--actcheck", action="store_true", help="run the checks of the actcheck configuration as well")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark that all items have."""
    if config.getoption("--actcheck"):
        config.addinivalue_line("markers", "actcheck: a check of the actcheck configuration")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Read the configuration, before xdist starts workers: what is wrong with it, they have no way to tell."""
    if session.config.getoption("--actcheck"):
        session.config.stash[_READ] = _read(session.config)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Add the checks, before -k and -m choose among the items."""
    if not session.config.getoption("--actcheck"):
        return
    configuration, records = session.config.stash[_READ]
    parent = Checks.from_parent(session, name="actcheck", nodeid="actcheck", path=configuration.file)
    made = parent.made(configuration, records)
    # Collected in one go and after the files, they are counted only if a report says so.
    report = pytest.CollectReport(parent.nodeid, "passed", None, list(made))
    session.ihook.pytest_collectreport(report=report)
    items += made


def _read(config: pytest.Config) -> tuple[Configuration, Records | None]:
    from actcheck.errors import ActcheckError
    from actcheck.gate import baseline
    from actcheck.gate.config import load
    from actcheck.gate.expand import expand

    try:
        configuration, _ = expand(load(Path(config.invocation_params.dir)))
        return configuration, baseline.read(configuration.baseline)
    except ActcheckError as error:
        raise pytest.UsageError(str(error)) from error


class Checks(pytest.Collector):
    """The configuration, as what the items belong to."""

    def collect(self) -> Iterable[pytest.Item]:
        """Give nothing: the items are added all at once."""
        return ()

    def made(self, configuration: Configuration, records: Records | None) -> list[pytest.Item]:
        """Give the items."""
        items: list[pytest.Item] = [
            Check.from_parent(self, name=case.name, case=case, configuration=configuration, records=records)
            for case in configuration.cases
        ]
        names = {case.name for case in configuration.cases}
        lost = sorted(set(records or {}) - names)
        if lost:
            items.append(Lost.from_parent(self, name=_unlike(names), lost=lost))
        return items


class Check(pytest.Item):
    """One check."""

    def __init__(self, *, case: Case, configuration: Configuration, records: Records | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._case = case
        self._configuration = configuration
        self._records = records
        self.add_marker("actcheck")
        if case.skip:
            self.add_marker(pytest.mark.skip(reason=case.skip))
        if case.xfail:
            strict = case.spec.strict
            self.add_marker(pytest.mark.xfail(reason=case.xfail, strict=strict, raises=CheckFailed))

    def runtest(self) -> None:
        """Make the check, in a process of its own."""
        from actcheck.gate import suite
        from actcheck.model import Status

        try:
            (result,) = suite.run([self._case], self._configuration.folder, 1, records=self._records)
        except SystemExit as ended:
            # A signal has ended it: to pytest that would be one failure more.
            pytest.exit("ended by a signal", returncode=int(ended.code or 0))
        # An expected failure is pytest's own to tell: that it has failed must reach it.
        if result.status in (Status.UNUSABLE, Status.FAULT):
            raise CheckUnusable(_text(result))
        if result.status is Status.EXPECTED or (result.exit_code and result.status is not Status.SURPRISED):
            raise CheckFailed(_text(result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the report alone: there is no code of a test to show."""
        if isinstance(excinfo.value, (CheckFailed, CheckUnusable)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Give where the check is configured."""
        line = self._case.line - 1 if self._case.line else None
        return self._configuration.file, line, f"actcheck::{self.name}"


class Lost(pytest.Item):
    """What the baseline has and the configuration no more."""

    def __init__(self, *, lost: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._lost = lost
        self.add_marker("actcheck")

    def runtest(self) -> None:
        """Fail: it exists only where something is lost."""
        raise CheckFailed(f"in the baseline, and no longer in the configuration: {', '.join(self._lost)}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show what is lost."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Give where the checks are configured."""
        return self.path, None, f"actcheck::{self.name}"


def _unlike(names: set[str]) -> str:
    """Give a name for what is lost that is no check's."""
    name = LOST
    while name in names:
        name = f"{name} (lost)"
    return name


def _text(result: CaseResult) -> str:
    from actcheck.errors import ConfigError
    from actcheck.model import Status
    from actcheck.reports import suite as reports

    if result.report is not None and result.status in (Status.FAILED, Status.EXPECTED):
        # What is wrong comes first: pytest's summary has room for one line.
        return f"{reports.reason(replace(result, status=Status.FAILED))}\n\n{reports.report_text(result.report)}"
    if result.drifts:
        return "\n".join(map(reports.drift_text, result.drifts))
    failure = result.failure
    if failure is None:
        return reports.reason(result)
    return str(ConfigError(failure.what, where=failure.where, fix=failure.fix)) + f"\n{failure.trace}".rstrip("\n")
