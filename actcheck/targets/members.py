"""The functions that an object, a class or a namespace has, looked at without running anything of the user's."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from enum import Enum
from types import FunctionType

from actcheck.dataclass import dataclass
from actcheck.targets.arguments import Arguments, arguments_of
from actcheck.targets.found import ABSENT, peek

_SELF = ("self", "cls", "this", "_")


class Kind(Enum):
    """How a member is come by."""

    METHOD = "method"
    FREE = "function"
    PROPERTY = "property"


@dataclass(frozen=True)
class Member:
    """A function of an object.

    Parameters
    ----------
    name : str
    kind : Kind
        FREE for what needs no instance: static and class methods, methods written without ``self``, attributes.
    arguments : Arguments
        Without ``self``; of a property, none.
    function : object
        As it is stored.
    """

    name: str
    kind: Kind
    arguments: Arguments
    function: object


def member(thing: object, name: str) -> Member | None:
    """Give what an object, a class or a namespace has under a name, None where that is no function."""
    if name == "__call__":
        return _call(thing)
    stored = peek(thing, name)
    if stored is ABSENT:
        return None
    if isinstance(stored, (property, functools.cached_property)):
        return Member(name, Kind.PROPERTY, Arguments(), stored)
    if isinstance(stored, staticmethod):
        return Member(name, Kind.FREE, arguments_of(stored.__func__), stored)
    if isinstance(stored, classmethod):
        return Member(name, Kind.FREE, _without_first(stored.__func__), stored)
    if isinstance(stored, type) or not callable(stored):
        return None
    if isinstance(stored, FunctionType) and not _is_own(thing, name):
        if without_self(stored):
            return Member(name, Kind.FREE, arguments_of(stored), stored)
        return Member(name, Kind.METHOD, _without_first(stored), stored)
    return Member(name, Kind.FREE, arguments_of(stored), stored)


def without_self(function: Callable[..., object]) -> bool:
    """Tell whether a function of a class was written without ``self``: its only argument is its input."""
    arguments = arguments_of(function)
    return arguments.takes_one and bool(arguments.required) and arguments.required[0] not in _SELF


def names_of(thing: object) -> tuple[str, ...]:
    """Name what a class, an instance or a module has, in the order of its definition, its own first."""
    kinds = () if inspect.ismodule(thing) else thing.__mro__ if isinstance(thing, type) else type(thing).__mro__
    holders = (getattr(thing, "__dict__", {}), *(vars(kind) for kind in kinds if kind is not object))
    return tuple(dict.fromkeys(name for holder in holders for name in holder if not name.startswith("__")))


def _call(thing: object) -> Member | None:
    # Every class can be called itself; it is its instances that must be. A function is its own value.
    kind = thing if isinstance(thing, type) else type(thing)
    if kind is FunctionType:
        return Member("__call__", Kind.FREE, arguments_of(thing), thing)  # type: ignore[arg-type]
    for base in kind.__mro__:
        stored = vars(base).get("__call__")
        if isinstance(stored, FunctionType):
            return Member("__call__", Kind.METHOD, _without_first(stored), stored)
        if stored is not None and kind is not type:
            return Member("__call__", Kind.METHOD, Arguments(is_open=True), stored)
    return None


def _is_own(thing: object, name: str) -> bool:
    # A function that an instance or a module holds itself is not bound.
    return not isinstance(thing, type) and name in getattr(thing, "__dict__", {})


def _without_first(function: Callable[..., object]) -> Arguments:
    arguments = arguments_of(function)
    return Arguments(
        arguments.required[1:], arguments.optional, arguments.keyword_only, arguments.is_open, arguments.modes
    )
