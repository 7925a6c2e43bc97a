"""Tells whether a hand-written gradient is right.

The names below are loaded when they are first asked for, so that the command line starts without NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from actcheck.api import Report, assert_gradient, check
    from actcheck.errors import ActcheckError, DataError, TargetError, UsageError
    from actcheck.model import Outcome, Verdict

_HOMES = {
    "ActcheckError": "actcheck.errors",
    "DataError": "actcheck.errors",
    "Outcome": "actcheck.model",
    "Report": "actcheck.api",
    "TargetError": "actcheck.errors",
    "UsageError": "actcheck.errors",
    "Verdict": "actcheck.model",
    "assert_gradient": "actcheck.api",
    "check": "actcheck.api",
}

__all__ = [
    "ActcheckError",
    "DataError",
    "Outcome",
    "Report",
    "TargetError",
    "UsageError",
    "Verdict",
    "assert_gradient",
    "check",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'actcheck' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
