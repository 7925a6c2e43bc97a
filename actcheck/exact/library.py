"""The extra: python-flint, imported when something exact is asked for and not before."""

from __future__ import annotations

from importlib.util import find_spec

from actcheck.errors import UsageError

INSTALL = "Install it: pip install 'actcheck[exact]'"


def available() -> bool:
    """Tell whether the extra is there, without importing it."""
    return find_spec("flint") is not None


def ask_for_library(what: str) -> None:
    """Make sure that the extra is there.

    Parameters
    ----------
    what : str
        What it is needed for, e.g. ``prove``.

    Raises
    ------
    UsageError
        If it is not.
    """
    if not available():
        raise UsageError(f"{what} needs python-flint, which is not installed", fix=INSTALL)
