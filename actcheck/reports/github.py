"""What GitHub Actions shows beside the code: an annotation for each check that did not pass, as a workflow command."""

from __future__ import annotations

import os
from collections.abc import Iterator

from actcheck.dataclass import dataclass
from actcheck.model import CaseResult, Status, SuiteResult
from actcheck.reports.suite import reason
from actcheck.reports.verdict import diagnosis

_WARNINGS = (Status.SURPRISED, Status.NEW)


@dataclass(frozen=True)
class Repository:
    """Where the files are that annotations can stand in.

    Parameters
    ----------
    folder : str
        Absolute path of the checkout.
    configuration : str
        Absolute path of the configuration, which stands in for what has no place of its own.
    """

    folder: str
    configuration: str


def commands(suite: SuiteResult, repository: Repository) -> str:
    """Give the workflow commands: at the line of the functor's gradient, or of the check in the configuration.

    Parameters
    ----------
    suite : SuiteResult
    repository : Repository
    """
    return "".join(f"{line}\n" for line in _lines(suite, repository))


def _lines(suite: SuiteResult, repository: Repository) -> Iterator[str]:
    for result in suite.results:
        level = "error" if result.exit_code else "warning" if result.status in _WARNINGS else ""
        if level:
            file, line = _place(result, repository)
            title = f"actcheck {result.case.name}: {result.status.value}"
            yield _command(level, file, line, title, _message(result))
    for name in suite.lost:
        message = "it is in the baseline, and no longer in the configuration"
        file = _relative(repository.configuration, repository.folder)
        yield _command("error", file, 0, f"actcheck {name}: lost", message)


def _message(result: CaseResult) -> str:
    report = result.report
    if report is None or not result.exit_code or not report.diagnoses:
        return reason(result)
    return f"{reason(result)}\ndiagnosis: {diagnosis(report.diagnoses[0], report)}"


def _place(result: CaseResult, repository: Repository) -> tuple[str, int]:
    if result.report is not None and result.report.origin is not None:
        file, line = result.report.origin
        if relative := _relative(file, repository.folder):
            return relative, line
    return _relative(repository.configuration, repository.folder), result.case.line


def _relative(file: str, folder: str) -> str:
    """Give a path as GitHub knows it, empty for a file outside of the checkout."""
    inside = os.path.join(os.path.realpath(folder), "")
    real = os.path.realpath(file)
    return real[len(inside) :].replace(os.sep, "/") if real.startswith(inside) else ""


def _command(level: str, file: str, line: int, title: str, message: str) -> str:
    fields = {"file": file, "line": str(line) if file and line else "", "title": title}
    listed = ",".join(f"{name}={_property(value)}" for name, value in fields.items() if value)
    return f"::{level} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
