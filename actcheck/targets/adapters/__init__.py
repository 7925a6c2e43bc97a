"""The ways of writing a function and its gradient that are understood: one file each, in the order they are tried.

A new protocol is a new file with an `Adapter`, and its place in `others`. All but the plain one are loaded only where
that one does not understand what it is shown.
"""

from __future__ import annotations

from actcheck.targets.adapters.adapter import Adapted, Adapter
from actcheck.targets.adapters.plain import Plain
from actcheck.targets.failures import TargetBrokenError
from actcheck.targets.found import Found

__all__ = ["PLAIN", "Adapted", "Adapter", "adapter_for", "lacks", "looks_like_functor", "others"]

PLAIN = Plain()


def others() -> tuple[Adapter, ...]:
    """Give the adapters of all other protocols."""
    from actcheck.targets.adapters.couples import Couples
    from actcheck.targets.adapters.flag import Flag
    from actcheck.targets.adapters.functions import Functions
    from actcheck.targets.adapters.methods import Methods
    from actcheck.targets.adapters.named import Named
    from actcheck.targets.adapters.stateful import Stateful
    from actcheck.targets.adapters.together import Together

    return (Named(), Methods(), Stateful(), Functions(), Flag(), Together(), Couples())


def adapter_for(found: Found) -> Adapter | None:
    """Give the first adapter that understands what was found, None if none does.

    Raises
    ------
    TargetBrokenError
        If the user's code raises when its attributes are read, and nothing else understands it.
    """
    try:
        if not PLAIN.lacks(found):
            return PLAIN
        broken = None
    except TargetBrokenError as error:
        broken = error
    if isinstance(found.thing, type) and PLAIN.looks(found.thing) and not _asks(found):
        # What it makes is for the plain adapter.
        return None
    chosen = next((adapter for adapter in others() if not adapter.lacks(found)), None)
    if chosen is None and broken is not None:
        raise broken
    return chosen


def lacks(found: Found) -> tuple[str, ...]:
    """Say what is missing by the protocol that misses least.

    Raises
    ------
    TargetBrokenError
        If the user's code raises when its attributes are read.
    """
    from actcheck.targets.adapters.named import Named
    from actcheck.targets.pairs import NOTHING, answer

    if _asks(found):
        return Named().lacks(found)
    reason = "" if isinstance(found.thing, type) else answer(found.thing, found.name, found.owner).reason
    plain = PLAIN.lacks(found)
    return plain if reason in ("", NOTHING) or len(plain) == 1 else (reason,)


def looks_like_functor(thing: object) -> bool:
    """Tell whether an instance, or what a class makes, is likely to be understood; nothing of the user's is run."""
    return PLAIN.looks(thing) or any(adapter.looks(thing) for adapter in others())


def _asks(found: Found) -> bool:
    from actcheck.targets.found import ABSENT

    return found.partner is not ABSENT or bool(found.reading.value or found.reading.derivative)
