"""Where the report of a suite goes besides standard output: files, and what GitHub Actions shows."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from actcheck.errors import ActcheckError, UsageError
from actcheck.model import SuiteResult

ENDINGS = (".json", ".xml", ".md")


def mistakes(paths: Sequence[str]) -> list[ActcheckError]:
    """Say which reports could not be written, before anything is checked."""
    found: list[ActcheckError] = []
    for text in paths:
        path = Path(text)
        if path.suffix not in ENDINGS:
            found.append(UsageError(f"--report {text} is of no known kind", fix=f"Known are {', '.join(ENDINGS)}."))
        elif not path.parent.is_dir():
            found.append(UsageError(f"--report {text}: there is no folder {path.parent}"))
    if any(text.endswith(".xml") for text in paths):
        from actcheck.reports import junit

        try:
            junit.ask_for_library()
        except UsageError as error:
            found.append(error)
    return found


def tell(done: SuiteResult, paths: Sequence[str], configuration: Path) -> None:
    """Write the reports that were asked for, and give GitHub Actions what it shows.

    Raises
    ------
    ActcheckError
        If some of it cannot be written; the rest is.
    """
    unwritten = [*write(done, paths), *tell_github(done, configuration)]
    if unwritten:
        raise ActcheckError("; ".join(unwritten))


def write(done: SuiteResult, paths: Sequence[str]) -> list[str]:
    """Write the reports that were asked for; say which cannot be."""
    unwritten = []
    for text in paths:
        try:
            Path(text).write_bytes(_WRITERS[Path(text).suffix](done))
        except OSError as error:
            unwritten.append(f"{text}: {error.strerror}")
    return [f"a report cannot be written: {'; '.join(unwritten)}"] if unwritten else []


def tell_github(done: SuiteResult, configuration: Path, environ: Mapping[str, str] | None = None) -> list[str]:
    """Give GitHub Actions annotations and the job's summary, where that is what runs this; say what cannot be."""
    environ = os.environ if environ is None else environ
    if environ.get("GITHUB_ACTIONS") != "true":
        return []
    from actcheck.reports.github import Repository, commands

    repository = Repository(environ.get("GITHUB_WORKSPACE") or os.getcwd(), str(configuration))
    # On stderr, which GitHub reads as well: standard output may be a JSON document.
    if sys.stderr is not None:
        sys.stderr.write(commands(done, repository))
        sys.stderr.flush()
    summary = environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        try:
            with open(summary, "ab") as file:
                file.write(_markdown(done))
        except OSError as error:
            return [f"the job's summary cannot be written: {error.strerror}"]
    return []


def _json(done: SuiteResult) -> bytes:
    from actcheck.reports import suite

    return suite.dump(done).encode("utf-8")


def _junit(done: SuiteResult) -> bytes:
    from actcheck.reports import junit

    return junit.dump(done)


def _markdown(done: SuiteResult) -> bytes:
    from actcheck.reports import markdown

    return markdown.dump(done).encode("utf-8", "backslashreplace")


_WRITERS: Mapping[str, Callable[[SuiteResult], bytes]] = {".json": _json, ".xml": _junit, ".md": _markdown}
