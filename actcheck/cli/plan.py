"""From the options of `run` and `accept` to the checks that are meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from actcheck.cli.settings import Reader
from actcheck.cli.suite_types import COLORS
from actcheck.dataclass import dataclass
from actcheck.errors import ActcheckError, UsageError
from actcheck.gate import config, memory, selection, suite
from actcheck.gate.config import ConfigMistakesError, Configuration
from actcheck.gate.expand import expand
from actcheck.model import Case
from actcheck.reports.canvas import PLAIN, Look, look_of

_ENVIRON: Mapping[str, Mapping[str, str] | None] = {
    "auto": None,
    "always": {"FORCE_COLOR": "1"},
    "never": {"NO_COLOR": "1"},
}


@dataclass(frozen=True)
class Plan:
    """What is to be done.

    Parameters
    ----------
    configuration : Configuration
    cases : tuple of Case
        Those that are meant, with the command line's settings.
    size : int
        So many at a time.
    notes : tuple of str
        What to tell on stderr.
    """

    configuration: Configuration
    cases: tuple[Case, ...]
    size: int
    notes: tuple[str, ...] = ()


class UnusableError(Exception):
    """Mistakes of a command line and its configuration, on their way to be told."""

    def __init__(self, mistakes: Sequence[ActcheckError]) -> None:
        super().__init__()
        self.mistakes = mistakes


def plan(
    *,
    config_file: str,
    only: Sequence[str],
    exclude: Sequence[str],
    jobs: str,
    timeout: str,
    color: str,
    strict: bool = False,
    last_failed: bool = False,
    mistakes: Sequence[ActcheckError] = (),
) -> Plan:
    """Read the options and the configuration.

    Raises
    ------
    UnusableError
        With all that is wrong with them.
    """
    reader = Reader(mistakes)
    size = reader.whole("--jobs", jobs, least=1) if jobs else suite.cores()
    limit = reader.positive("--timeout", timeout) if timeout else None
    reader.choice("--color", color, COLORS)
    try:
        configuration, found = expand(config.load(_here(), config_file))
        cases = selection.select(configuration.cases, only, exclude)
    except ConfigMistakesError as error:
        raise UnusableError([*reader.mistakes, *error.mistakes]) from error
    except ActcheckError as error:
        raise UnusableError([*reader.mistakes, error]) from error
    if reader.mistakes:
        raise UnusableError(reader.mistakes)
    cases, notes = _failed_last(cases, configuration) if last_failed else (cases, ())
    return Plan(configuration, tuple(_with(case, limit, strict) for case in cases), size, (*found, *notes))


def look_for(stream: TextIO | None, color: str) -> Look:
    """Tell how to write for a stream, by ``--color``."""
    return look_of(stream, _ENVIRON[color]) if stream is not None else PLAIN


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError as error:
        raise UsageError(
            f"the current folder cannot be told: {error.strerror}", fix="Go to one that is there."
        ) from error


def _with(case: Case, limit: float | None, strict: bool) -> Case:
    spec = replace(case.spec, strict=case.spec.strict or strict)
    return replace(case, spec=spec, timeout=limit or case.timeout)


def _failed_last(cases: tuple[Case, ...], configuration: Configuration) -> tuple[tuple[Case, ...], tuple[str, ...]]:
    names = memory.recall(configuration.folder)
    failed = tuple(case for case in cases if case.name in names)
    return (failed, ()) if failed else (cases, ("no check is known to have failed last: all are run",))
