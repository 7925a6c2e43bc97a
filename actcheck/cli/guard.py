"""What ends a command other than its own result: Ctrl-C, a closed pipe, an error, a fault of actcheck's own."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable

from actcheck.errors import ActcheckError, OwnFaultError

UNUSABLE = 2
INTERRUPTED = 130
PIPE_CLOSED = 141
"""Exit codes. The last two are what a shell gives a program that a signal has ended."""


def guarded(job: Callable[[], int]) -> int:
    """Do a job and give its exit code, or that of what ended it.

    Parameters
    ----------
    job : callable
        Gives an exit code.

    Returns
    -------
    int
    """
    try:
        return job()
    except BrokenPipeError:
        return _hang_up()
    except KeyboardInterrupt:
        return INTERRUPTED
    except ActcheckError as error:
        return tell(error)
    except Exception as error:
        import traceback

        return tell(OwnFaultError(f"{type(error).__name__}: {error}", traceback.format_exc()))


def tell(*errors: ActcheckError) -> int:
    """Say on stderr what went wrong, and give the worst exit code."""
    from actcheck.reports.failure import lines

    # Standard error may be closed, None, or a pipe that nobody reads; the exit code still tells.
    with contextlib.suppress(AttributeError, OSError, ValueError):
        sys.stderr.write("".join(f"{line}\n" for error in errors for line in lines(error)))
        sys.stderr.flush()
    return max(error.exit_code for error in errors)


def show(text: str) -> None:
    """Write a report to stdout, at once.

    Raises
    ------
    BrokenPipeError
        If nobody reads on.
    ActcheckError
        If it cannot be written, to a full disk for example.
    """
    # Standard output may be closed from the start, too.
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _drop_output()
        raise ActcheckError(f"the report cannot be written: {error.strerror}") from error


def _hang_up() -> int:
    _drop_output()
    return PIPE_CLOSED


def _drop_output() -> None:
    # At exit the interpreter writes out what is left, and would complain once more.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
