"""What failed last, in a folder beside the configuration that git ignores by itself."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path

from actcheck.model import CaseResult, Status

FOLDER = ".actcheck_cache"
_FILE = "last-failed.json"


def cache(folder: Path) -> Path:
    """Give the cache folder of a configuration's folder, made if need be.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    place = folder / FOLDER
    place.mkdir(exist_ok=True)
    ignore = place / ".gitignore"
    if not ignore.exists():
        ignore.write_text("# Made by actcheck; what is in here can go at any time.\n*\n", encoding="utf-8")
    return place


def remember(folder: Path, results: Sequence[CaseResult]) -> None:
    """Keep which checks have failed; of those that were not checked this time, what was known stays.

    Where nothing can be written, as in a read-only checkout, nothing is remembered.
    """
    checked = {result.case.name for result in results if result.status is not Status.LEFT}
    failed = {result.case.name for result in results if result.exit_code}
    text = json.dumps(sorted(recall(folder) - checked | failed), indent=2) + "\n"
    with contextlib.suppress(OSError):
        (cache(folder) / _FILE).write_text(text, encoding="utf-8")


def recall(folder: Path) -> set[str]:
    """Give the names of the checks that failed last; none where that is not known."""
    try:
        names = json.loads((folder / FOLDER / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return set()
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()
