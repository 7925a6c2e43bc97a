"""Makes functors of a class, as the adapters do."""

from __future__ import annotations

from typing import Any

from actcheck.model import Functor, Reading
from actcheck.targets.adapters import adapter_for
from actcheck.targets.found import Found

AS_NAMED = Reading()


def adapted(thing: Any, reading: Reading = AS_NAMED, owner: object = None, name: str = "it") -> tuple[Functor, str]:
    """Give the functor that an object is read as, and all that is remarked on how."""
    found = Found(thing, name, owner, name, f"mod:{name}", reading)
    adapter = adapter_for(found)
    assert adapter is not None
    made = adapter.adapt(found)
    return made.functor, "\n".join(made.notes)
