"""Lists what is there, for messages; nothing of the user's is run."""

from __future__ import annotations

import inspect
from types import FunctionType, ModuleType

from actcheck.targets.adapters import looks_like_functor
from actcheck.targets.found import ABSENT, peek
from actcheck.targets.spelling import alike

LIMIT = 8


def functors_in(owner: object) -> tuple[str, ...]:
    """Name the classes and instances in a module or namespace that look like functors, those defined there first."""
    names = [name for name, thing in _public(owner).items() if _is_functor(thing)]
    return tuple(sorted(names, key=lambda name: not _is_defined_in(owner, peek(owner, name))))


def candidates(owner: object, wanted: str) -> tuple[str, ...]:
    """Name what else `wanted` may mean, at most a few: what is spelt like it, then functors, then other callables."""
    things = {name: thing for name, thing in _public(owner).items() if thing is ABSENT or _is_callable(thing)}
    near = alike(wanted, things, LIMIT)
    rest = [name for name in things if name not in near]
    rest.sort(key=lambda name: (not _is_functor(things[name]), not _is_defined_in(owner, things[name])))
    return (*near, *rest)[:LIMIT]


def methods_of(thing: object) -> tuple[str, ...]:
    """Name the public methods of an object that are written in Python, its own class's first, at most a few."""
    holders = (getattr(thing, "__dict__", {}), *(vars(kind) for kind in type(thing).__mro__))
    named = [(name, value) for holder in holders for name, value in holder.items() if not name.startswith("_")]
    return tuple(dict.fromkeys(name for name, value in named if _is_function(value)))[:LIMIT]


def quoted(names: tuple[str, ...]) -> str:
    """Give names as a sentence has them: ``a``, ``b``."""
    return ", ".join(f"`{name}`" for name in names)


def _public(owner: object) -> dict[str, object]:
    try:
        names = dir(owner)
    except Exception:
        # The list may be computed by the user's code, which may fail.
        names = []
    # What a module makes only when it is asked for is listed, but stored nowhere.
    stored = {name: peek(owner, name) for name in names if not name.startswith("_")}
    return {name: thing for name, thing in stored.items() if not isinstance(thing, ModuleType)}


def _is_callable(thing: object) -> bool:
    return callable(thing) or isinstance(thing, (staticmethod, classmethod))


def _is_function(thing: object) -> bool:
    return isinstance(getattr(thing, "__func__", thing), FunctionType)


def _is_functor(thing: object) -> bool:
    is_abstract = inspect.isabstract(thing) or peek(thing, "_is_protocol") is True
    return looks_like_functor(thing) and not is_abstract


def _is_defined_in(owner: object, thing: object) -> bool:
    kind = thing if inspect.isroutine(thing) or isinstance(thing, type) else type(thing)
    return getattr(kind, "__module__", None) == getattr(owner, "__name__", "")
