"""An error as lines for stderr."""

from __future__ import annotations

from actcheck.errors import ActcheckError
from actcheck.reports.words import visible


def lines(error: ActcheckError) -> tuple[str, ...]:
    """Give what was wrong, where, what to do about it, and the user's own traceback where there is one."""
    told = [f"error: {error.what}"]
    if error.where:
        told.append(f"  where: {error.where}")
    if error.fix:
        told.append(f"  fix: {error.fix}")
    if error.trace:
        told += ["", *error.trace.rstrip("\n").split("\n")]
    return tuple(visible(line, keep="\t\n") for line in told)
