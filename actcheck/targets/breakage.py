"""Says why the user's code broke while it was imported or read."""

from __future__ import annotations

import os

from actcheck.targets.failures import TargetBrokenError
from actcheck.targets.trace import describe, shown_place, user_frames, user_trace

_UTF8 = "Save the file as UTF-8, or declare its encoding in its first line."
_PYTHON_2 = (
    *("Missing parentheses in call to 'print'", "Missing parentheses in call to 'exec'"),
    *("multiple exception types must be parenthesized", "leading zeros in decimal integer literals"),
)
"""What Python 3 says of Python 2."""

_GUARD = 'Put what is to run as a script under `if __name__ == "__main__":`.'


def broken_import(error: BaseException, where: str) -> TargetBrokenError:
    """Give the error that says why an import of the user's failed, with its cut traceback."""
    if isinstance(error, SyntaxError):
        return _unparsable(error, where)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _dependency_missing(error, where)
    if isinstance(error, EOFError):
        frames = user_frames(error)
        place = shown_place(frames[-1].filename, frames[-1].lineno) if frames else where
        return TargetBrokenError("it asks for input while it is imported", where=place, fix=_GUARD)
    if isinstance(error, SystemExit):
        what = f"it exits while it is imported ({describe(error)})"
        return TargetBrokenError(what, where=where, fix=_GUARD, trace=user_trace(error))
    return TargetBrokenError(f"importing it raised {describe(error)}", where=where, trace=user_trace(error))


def broken_read(error: BaseException, name: str, where: str) -> TargetBrokenError:
    """Give the error that says that an attribute is there, but raises when it is read."""
    return TargetBrokenError(f"reading `{name}` raised {describe(error)}", where=where, trace=user_trace(error))


def _unparsable(error: SyntaxError, where: str) -> TargetBrokenError:
    is_placed = error.filename and (os.path.isfile(error.filename) or "[cell " in error.filename)
    place = shown_place(error.filename, error.lineno) if error.filename and is_placed else where
    fix = _UTF8 if error.msg.startswith(("(unicode error)", "unknown encoding")) else ""
    what = f"it is not valid Python: {error.msg}"
    if error.msg.startswith(_PYTHON_2):
        what, fix = f"it is written for Python 2: {error.msg}", "Convert it to Python 3."
    return TargetBrokenError(what, where=place, fix=fix, trace=user_trace(error))


def _dependency_missing(error: ModuleNotFoundError, where: str) -> TargetBrokenError:
    frames = user_frames(error)
    place = shown_place(frames[-1].filename, frames[-1].lineno) if frames else where
    what = f"it imports `{error.name}`, and there is no such module"
    fix = "Install it into the environment that actcheck runs in, or correct the name."
    return TargetBrokenError(what, where=place, fix=fix, trace=user_trace(error))
