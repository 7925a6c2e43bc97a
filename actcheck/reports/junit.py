"""The report of a suite as JUnit XML, for the test views of CI systems; the library that writes it is an extra."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from actcheck.errors import UsageError
from actcheck.model import CaseResult, Status, SuiteResult
from actcheck.reports.suite import drift_text, reason, report_text
from actcheck.reports.words import visible

if TYPE_CHECKING:
    from junitparser import TestCase

_SKIPPED = (Status.SKIPPED, Status.EXPECTED, Status.LEFT)
_ERRORS = (Status.UNUSABLE, Status.FAULT)


def ask_for_library() -> None:
    """Make sure that the report can be written.

    Raises
    ------
    UsageError
        If the library is not installed.
    """
    if find_spec("junitparser") is None:
        raise UsageError("a report in JUnit XML needs junitparser", fix="pip install 'actcheck[junit]'")


def dump(suite: SuiteResult) -> bytes:
    """Give the report as XML.

    Parameters
    ----------
    suite : SuiteResult

    Returns
    -------
    bytes
        A test suite `actcheck` with a test case for each check, and one for each that the baseline has lost.
    """
    from junitparser import Failure, JUnitXml, TestCase, TestSuite

    whole = TestSuite("actcheck")
    for result in suite.results:
        case = TestCase(_text(result.case.name), classname="actcheck", time=round(result.seconds, 3))
        _tell(case, result)
        whole.add_testcase(case)
    for name in suite.lost:
        case = TestCase(_text(name), classname="actcheck", time=0.0)
        case.result = [Failure("it is in the baseline, and no longer in the configuration", "lost")]
        whole.add_testcase(case)
    # The library is typed in part only.
    document: Any = JUnitXml("actcheck")
    document.add_testsuite(whole)
    document.update_statistics()
    text: bytes = document.tostring()
    return text


def _tell(case: TestCase, result: CaseResult) -> None:
    from junitparser import Error, Failure, Skipped

    if result.status in _SKIPPED:
        case.result = [Skipped(_text(f"{result.status.value}: {reason(result)}".rstrip(": ")), result.status.value)]
    elif result.exit_code:
        kind = Error if result.status in _ERRORS else Failure
        told = kind(_text(reason(result)), result.status.value)
        told.text = _text(_details(result))
        case.result = [told]


def _details(result: CaseResult) -> str:
    if result.drifts:
        return "\n".join(map(drift_text, result.drifts))
    if result.failure is not None:
        failure = result.failure
        return "\n".join(filter(None, (failure.what, failure.where, failure.fix, failure.trace)))
    return report_text(result.report) if result.report is not None else ""


def _text(text: str) -> str:
    # XML has no way to write most control characters.
    return visible(text, keep="\n\t").encode("utf-8", "backslashreplace").decode("utf-8")
