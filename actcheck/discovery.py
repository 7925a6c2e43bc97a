"""All functors of a file or module, found and checked in one process: the file is imported once, however many it has.

Where a functor hangs, or kills that process, it has failed, and the next process goes on behind it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace
from typing import Any

from actcheck import isolation
from actcheck.errors import ActcheckError, OwnFaultError, TargetError
from actcheck.isolation import TargetEndedError
from actcheck.model import CheckSpec, Report
from actcheck.survey import Listed, Survey, Unit

IMPORT_LIMIT = 30.0
"""Seconds that a file may take to be imported, where nothing else is said: scripts train, wait and loop."""

CHECK_LIMIT = 60.0
"""Seconds that the check of one of its functors may take."""

Tell = Callable[[str, Any], None]
Given = Mapping[str, object]
Event = Survey | Report | tuple[str, ActcheckError]
"""What is found, then for each functor its report, or why there is none."""

_FIX = 'Put what is to run as a script under `if __name__ == "__main__":`, or allow more with --timeout SECONDS.'


def warm_up() -> None:
    """Load here once what the process of every file would load: a child of this process has it already."""
    # NumPy loads masked arrays when it first takes a median.
    import numpy.ma  # noqa: F401

    from actcheck import run  # noqa: F401
    from actcheck.targets import surveying  # noqa: F401


def look(unit: Unit, given: Given, timeout: float | None = None) -> Survey:
    """List what a file or module holds, and check nothing.

    Raises
    ------
    TargetError
        If it cannot be read, hangs or kills its process.
    """

    def job(tell: Tell) -> None:
        _hush()
        tell("survey", _survey(unit, given))

    try:
        for _, content in isolation.stream(job, lambda _: timeout or IMPORT_LIMIT):
            found: Survey = content
            return found
    except TargetEndedError as ended:
        raise _unreadable(unit, ended) from ended
    raise _unreadable(unit, TargetEndedError("crash", "its process ended without a word"))


def check(unit: Unit, spec: CheckSpec, given: Given, timeout: float | None = None) -> Iterator[Event]:
    """Find and check all functors of a file or module.

    Parameters
    ----------
    unit : Unit
    spec : CheckSpec
        What they share.
    given : mapping of str to value
        Keywords; each goes to the constructors that have it.
    timeout : float or None
        Seconds that the import, and then each check, may take; None for the usual limits.

    Raises
    ------
    TargetError
        If it cannot be read, hangs or kills its process while it is imported.
    """
    found: Survey | None = None
    done = 0
    while found is None or done < len(found.found):
        ended = yield from _from(unit, spec, given, timeout, done, found is None)
        if ended is None:
            return
        survey, count, error = ended
        if survey is None:
            raise _unreadable(unit, error)
        found, done = found or survey, done + count
        if done >= len(found.found):
            return
        listed = found.found[done]
        yield isolation.failed(_spec_of(listed, spec, given), error)
        done += 1


Ended = tuple[Survey | None, int, TargetEndedError]


def _from(
    unit: Unit, spec: CheckSpec, given: Given, timeout: float | None, start: int, is_first: bool
) -> Generator[Event, None, Ended | None]:
    """Give what comes of the functors from a number on; return what was seen where the process has ended."""
    survey: Survey | None = None
    count = 0
    try:
        for kind, content in isolation.stream(
            lambda tell: _work(unit, spec, given, start, tell),
            lambda told: timeout or (CHECK_LIMIT if told else IMPORT_LIMIT),
        ):
            if kind == "survey":
                survey = content
                if is_first:
                    yield content
            else:
                count += 1
                yield _told(kind, content)
    except TargetEndedError as error:
        return survey, count, error
    return None


def _told(kind: str, content: Any) -> Event:
    if kind == "fault":
        target, *fault = content
        return target, OwnFaultError(*fault)
    event: Event = content
    return event


def _unreadable(unit: Unit, ended: TargetEndedError) -> TargetError:
    return TargetError(f"while it was imported, {ended.what}", where=unit.place, fix=_FIX)


# ------------------------------------------------------------------------------------------ the child


def _work(unit: Unit, spec: CheckSpec, given: Given, start: int, tell: Tell) -> None:
    _hush()
    found = _survey(unit, given)
    tell("survey", found)
    for listed in found.found[start:]:
        tell(*_checked(listed.target, _spec_of(listed, spec, given)))


def _checked(target: str, spec: CheckSpec) -> tuple[str, Any]:
    from actcheck import run

    try:
        return "report", isolation.done(lambda: run.check_target(spec))
    except OwnFaultError as fault:
        return "fault", (target, fault.message, fault.trace)
    except ActcheckError as error:
        return "error", (target, error)
    except KeyboardInterrupt as error:
        # Ctrl-C does not reach this process: it is the target's own.
        return "report", isolation.failed(spec, isolation.leaving(error))
    except TargetEndedError as ended:
        return "report", isolation.failed(spec, ended)


def _survey(unit: Unit, given: Given) -> Survey:
    from actcheck.targets.surveying import survey

    return survey(unit, given)


def _spec_of(listed: Listed, spec: CheckSpec, given: Given) -> CheckSpec:
    taken = tuple((name, value) for name, value in given.items() if listed.keywords is None or name in listed.keywords)
    return replace(spec, target=listed.target, parameters=(*taken, *listed.parameters))


def _hush() -> None:
    """Leave nothing to read, and drop what is printed: nobody has asked to run these files as scripts."""
    if not isolation.POSSIBLE:
        return
    sink, empty = os.open(os.devnull, os.O_WRONLY), os.open(os.devnull, os.O_RDONLY)
    for descriptor, other in ((0, empty), (1, sink), (2, sink)):
        os.dup2(other, descriptor)
    # They last as long as this process.
    sys.stdin = open(empty, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stderr = open(sink, "w", encoding="utf-8")  # noqa: SIM115
