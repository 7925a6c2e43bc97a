"""A value and a derivative that the user names: ``--value NAME``, ``--derivative NAME``, ``--gradient mod:fn``."""

from __future__ import annotations

from typing import Any

from actcheck.targets.adapters.adapter import Adapted
from actcheck.targets.adapters.binding import bound, read_as
from actcheck.targets.callables import is_function
from actcheck.targets.found import ABSENT, Found
from actcheck.targets.members import Kind, member
from actcheck.targets.vocabulary import DERIVATIVES, VALUES, derivatives_of


class Named:
    """Understands whatever the user's names lead to."""

    def looks(self, thing: object) -> bool:
        """Tell nothing: it takes the user's names."""
        return False

    def lacks(self, found: Found) -> tuple[str, ...]:
        """Say which of the names leads nowhere, or that none is given."""
        if found.partner is ABSENT and not found.reading.value and not found.reading.derivative:
            return ("no value or derivative of it is named",)
        clauses = []
        if not _is_function(found.thing):
            clauses += _misses(found, _value(found), "value")
        if found.partner is ABSENT:
            clauses += _misses(found, _derivative(found), "derivative")
        elif not callable(found.partner):
            clauses.append(f"what --gradient names is of type {type(found.partner).__name__}, which cannot be called")
        if clauses or not isinstance(found.thing, type):
            return tuple(clauses)
        return () if _is_free(found) else ("it is a class, not an instance of one",)

    def adapt(self, found: Found) -> Adapted:
        """Give the two as a functor."""
        if found.partner is ABSENT:
            owner = found.owner if _is_function(found.thing) else found.thing
            name = found.name if _is_function(found.thing) else _value(found)
            return read_as("named", found, owner, name, _derivative(found))
        from actcheck.targets.adapters.functions import of_two

        text = found.name if _is_function(found.thing) else _value(found)
        value: object = found.thing if _is_function(found.thing) else bound(found.thing, text)
        return of_two(found, value, found.partner, (text, _name(found.partner, found.reading.gradient)))


def _misses(found: Found, name: str, what: str) -> list[str]:
    option = f" (--{what})" if getattr(found.reading, what) else ""
    if not name:
        return [f"it has no {what}; --{what} NAME names one"]
    holder = found.owner if _is_function(found.thing) else found.thing
    return [] if member(holder, name) is not None else [f"it has no function `{name}`{option}"]


def _value(found: Found) -> str:
    if found.reading.value:
        return found.reading.value
    others = [name for name in VALUES if name != found.reading.derivative]
    return next((name for name in others if member(found.thing, name) is not None), "")


def _derivative(found: Found) -> str:
    if found.reading.derivative:
        return found.reading.derivative
    value = found.reading.value
    names = derivatives_of(value, [name for name in dir(found.thing) if not name.startswith("_")])
    usual = [name for name in DERIVATIVES if name != value and member(found.thing, name) is not None]
    return next(iter((*names, *usual)), "")


def _is_function(thing: object) -> bool:
    return is_function(thing)


def _is_free(found: Found) -> bool:
    names = [_value(found)] + ([_derivative(found)] if found.partner is ABSENT else [])
    return all((seen := member(found.thing, name)) is not None and seen.kind is Kind.FREE for name in names)


def _name(partner: Any, text: str) -> str:
    return text.rpartition(":")[2] or getattr(partner, "__name__", "derivative")
