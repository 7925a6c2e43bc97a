"""The ways of writing a function and its gradient that are understood: one file each, in the order they are tried.

A new protocol is a new file with an `Adapter`, and its place in `ADAPTERS`.
"""

from __future__ import annotations

from actcheck.targets.adapters.adapter import Adapter
from actcheck.targets.adapters.plain import Plain
from actcheck.targets.found import Found

__all__ = ["ADAPTERS", "Adapter", "adapter_for", "lacks", "looks_like_functor"]

ADAPTERS: tuple[Adapter, ...] = (Plain(),)


def adapter_for(found: Found) -> Adapter | None:
    """Give the first adapter that understands what was found, None if none does.

    Raises
    ------
    TargetBrokenError
        If the user's code raises when its attributes are read.
    """
    return next((adapter for adapter in ADAPTERS if not adapter.lacks(found)), None)


def lacks(found: Found) -> tuple[str, ...]:
    """Say what is missing by the protocol that misses least.

    Raises
    ------
    TargetBrokenError
        If the user's code raises when its attributes are read.
    """
    return min((adapter.lacks(found) for adapter in ADAPTERS), key=len)


def looks_like_functor(thing: object) -> bool:
    """Tell whether an instance, or what a class makes, is likely to be understood; nothing of the user's is run."""
    return any(adapter.looks(thing) for adapter in ADAPTERS)
