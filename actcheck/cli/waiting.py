"""What stands on stderr while a suite runs: a bar on a terminal, in a pipe a line for each check."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from typing import Any

from actcheck.model import Case, CaseResult
from actcheck.reports.canvas import Look, look_of
from actcheck.reports.suite import line


class Lines:
    """Writes a line for each check, in the configuration's order: each waits for those before it.

    Parameters
    ----------
    cases : sequence of Case
    look : Look
        Of stderr.
    """

    def __init__(self, cases: Sequence[Case], look: Look) -> None:
        self._waiting = [case.name for case in cases]
        self._done: dict[str, CaseResult] = {}
        self._look = look

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *exception: object) -> None:
        """Nothing is left to be done."""

    def started(self, case: Case) -> None:
        """Say nothing: a line is for what is over."""

    def finished(self, result: CaseResult) -> None:
        """Write what can be written by now."""
        self._done[result.case.name] = result
        while self._waiting and self._waiting[0] in self._done:
            _write(self._look.text(line(self._done[self._waiting.pop(0)])))


class Bar:
    """Shows how many checks are done, and which are running.

    Parameters
    ----------
    cases : sequence of Case
    look : Look
        Of stderr.
    """

    def __init__(self, cases: Sequence[Case], look: Look) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True, no_color=not look.color, force_terminal=True, markup=False, highlight=False)
        columns: list[Any] = [BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
        columns.append(TextColumn("{task.description}", markup=False))
        # Without a thread of its own: what forks should have none.
        self._progress = Progress(*columns, console=console, auto_refresh=False, transient=True)
        self._task = self._progress.add_task("", total=len(cases))
        self._running: list[str] = []
        self._look = look

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._progress.stop()

    def started(self, case: Case) -> None:
        """Name it."""
        self._running.append(case.name)
        self._update(0)

    def finished(self, result: CaseResult) -> None:
        """Count it."""
        if result.case.name in self._running:
            self._running.remove(result.case.name)
        self._update(1)

    def _update(self, step: int) -> None:
        names = self._look.text(", ".join(self._running))
        self._progress.update(self._task, advance=step, description=names, refresh=True)


class Silence:
    """Says nothing."""

    def __enter__(self) -> Silence:
        return self

    def __exit__(self, *exception: object) -> None:
        """Nothing was begun."""

    def started(self, case: Case) -> None:
        """Say nothing."""

    def finished(self, result: CaseResult) -> None:
        """Say nothing."""


def waiting(cases: Sequence[Case], quiet: bool, notes: Sequence[str] = ()) -> Lines | Bar | Silence:
    """Give what suits stderr, and write the notes there."""
    if quiet or sys.stderr is None:
        return Silence()
    look = look_of(sys.stderr)
    for note in notes:
        _write(look.text(f"note: {note}"))
    return Bar(cases, look) if sys.stderr.isatty() else Lines(cases, look)


def _write(text: str) -> None:
    # Standard error may be closed at any time; the report still comes.
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
