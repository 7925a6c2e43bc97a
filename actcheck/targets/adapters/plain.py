"""The design's own protocol: an object with ``__call__`` and ``gradient``."""

from __future__ import annotations

from typing import cast

from actcheck.model import Functor, Reading
from actcheck.targets.adapters.adapter import Adapted
from actcheck.targets.found import ABSENT, Found, peek, read


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
        if gradient is ABSENT:
            clauses.append("it has no `gradient`")
        elif not callable(gradient):
            clauses.append(f"its `gradient` is of type {type(gradient).__name__}, which cannot be called")
        return tuple(clauses)

    def adapt(self, found: Found) -> Adapted:
        """Give it as it is, but for what the reading asks for."""
        functor = cast(Functor, found.thing)
        if found.reading == Reading():
            return Adapted(functor, (), functor.gradient)
        from actcheck.targets.adapters.binding import read_as

        return read_as("plain", found, found.thing, "__call__", "gradient")
