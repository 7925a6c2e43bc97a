"""Tells of exceptions in the user's code, without the frames of the tools that called it."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from itertools import pairwise

_HERE = os.path.dirname(os.path.abspath(__file__))
_TOOLS = tuple(os.path.join(os.path.dirname(path), "") for path in (_HERE, os.path.abspath(importlib.__file__)))
_FROZEN = ("<frozen importlib", "<frozen runpy")
_HEADER = "Traceback (most recent call last):\n"


def cut_traceback(error: BaseException) -> str:
    """Give the traceback of an exception, and of those behind it, without the frames of actcheck and of importlib."""
    told = traceback.TracebackException.from_exception(error)
    pending, seen = [told], set()
    while pending:
        part = pending.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        part.stack[:] = [frame for frame in part.stack if _is_users(frame)]
        behind = (part.__cause__, part.__context__, *(part.exceptions or ()))
        pending += [other for other in behind if other is not None]
    lines = [*told.format(), ""]
    return "".join(line for line, after in pairwise(lines) if line != _HEADER or after.startswith("  File "))


def user_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """Give the frames of the user's code that an exception passed through, outermost first."""
    return [frame for frame in traceback.extract_tb(error.__traceback__) if _is_users(frame)]


def user_trace(error: BaseException) -> str:
    """Give the cut traceback, empty where an exception shows nothing of the user's code."""
    return cut_traceback(error) if user_frames(error) or isinstance(error, SyntaxError) else ""


def absent_module(name: str, error: BaseException) -> str:
    """Give the part of a module's name that importing it did not find, empty where the module's own code raised."""
    missing = (error.name or "") if isinstance(error, ModuleNotFoundError) else ""
    is_its_own = missing and f"{name}.".startswith(f"{missing}.")
    return missing if is_its_own and not user_frames(error) else ""


def describe(error: BaseException) -> str:
    """Say in one line which exception it is, e.g. ``ValueError: stretch must not be 0``."""
    try:
        message = " ".join(str(error).split()).rstrip(".")
    except Exception:
        # The message is computed by the user's code, which may fail as well.
        message = "(its message cannot be shown)"
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def shown_place(filename: str, line: int | None) -> str:
    """Name a line of a file, from the current folder where the file is below it."""
    below = os.path.abspath(filename).startswith(os.path.join(os.getcwd(), ""))
    path = os.path.relpath(filename) if below else filename
    return f"{path}:{line}" if line else path


def _is_users(frame: traceback.FrameSummary) -> bool:
    # What NumPy calls is the user's, and what calls NumPy; between the two there is nothing to learn.
    numpy = getattr(sys.modules.get("numpy"), "__file__", None)
    between = (os.path.join(os.path.dirname(numpy), ""),) if numpy else ()
    return not frame.filename.startswith(_TOOLS + _FROZEN + between)
