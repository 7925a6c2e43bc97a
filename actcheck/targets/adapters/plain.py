"""The design's own protocol: an object with ``__call__`` and ``gradient``."""

from __future__ import annotations

from typing import cast

from actcheck.model import Functor, Reading
from actcheck.targets.adapters.adapter import Adapted
from actcheck.targets.found import ABSENT, Found, peek, read

_SELF_AND_INPUT = 2


class Plain:
    """Understands anything callable whose ``gradient`` is callable."""

    def looks(self, thing: object) -> bool:
        """Tell whether it has both by name."""
        kind = thing if isinstance(thing, type) else type(thing)
        # Every class can be called itself; it is its instances that must be.
        return any("__call__" in vars(base) for base in kind.__mro__) and peek(thing, "gradient") is not ABSENT

    def lacks(self, found: Found) -> tuple[str, ...]:
        """Say which of the two is missing, or cannot be called.

        Raises
        ------
        TargetBrokenError
            If ``gradient`` is a property that raises.
        """
        if found.partner is not ABSENT or found.reading.value or found.reading.derivative:
            return ("another value or derivative is asked for",)
        if isinstance(found.thing, type):
            return ("it is a class, not an instance of one",)
        gradient = read(found.thing, "gradient", found.target)
        clauses = []
        if not callable(found.thing):
            clauses.append("it has no `__call__`")
        elif _needs_more(found.thing):
            clauses.append("its `__call__` needs more than an input")
        if gradient is ABSENT:
            clauses.append("it has no `gradient`")
        elif not callable(gradient):
            clauses.append(f"its `gradient` is of type {type(gradient).__name__}, which cannot be called")
        return tuple(clauses)

    def adapt(self, found: Found) -> Adapted:
        """Give it as it is, but for what the reading asks for."""
        functor = cast(Functor, found.thing)
        if found.reading == Reading() and not found.given:
            return Adapted(functor, (), functor.gradient)
        from actcheck.targets.adapters.binding import read_as

        return read_as("plain", found, found.thing, "__call__", "gradient")


def _needs_more(thing: object) -> bool:
    """Tell whether a call needs what tells training from evaluation: other adapters set it."""
    call = next((vars(base)["__call__"] for base in type(thing).__mro__ if "__call__" in vars(base)), None)
    code = getattr(call, "__code__", None)
    if code is None or code.co_argcount + code.co_kwonlyargcount <= _SELF_AND_INPUT:
        return False
    from actcheck.targets.arguments import arguments_of

    return callable(thing) and bool(arguments_of(thing).modes)
