"""Takes two names of an object for its value and its derivative; what all adapters of objects share."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any, cast

from actcheck.targets.adapters.adapter import Adapted
from actcheck.targets.arguments import Arguments, arguments_of
from actcheck.targets.callables import is_function
from actcheck.targets.failures import NotAFunctorError
from actcheck.targets.found import Found, peek
from actcheck.targets.members import Kind, member
from actcheck.targets.pairs import Pair, answer, of_object

if TYPE_CHECKING:
    from actcheck.targets.reading.parts import Parts


def first_pair(found: Found) -> Pair | None:
    """Give the pair by which what was found is read, None where there is none."""
    if isinstance(found.owner, type) and is_function(found.thing):
        return next((pair for pair in of_object(found.owner) if pair.value == found.name), None)
    pairs = answer(found.thing, found.name, found.owner).pairs
    return pairs[0] if pairs else None


def others_note(found: Found) -> tuple[str, ...]:
    """Remark on further derivatives that what was found has."""
    if isinstance(found.owner, type) and is_function(found.thing):
        return ()
    pairs = answer(found.thing, found.name, found.owner).pairs
    more = [pair.derivative for pair in pairs[1:] if pair.derivative != pairs[0].derivative]
    if not more:
        return ()
    option = "--gradient" if is_function(found.thing) else "--derivative"
    listed = ", ".join(f"`{name}`" for name in dict.fromkeys(more))
    return (f"there is {listed} as well, which was not looked at; {option} {more[0]} checks it",)


def read_as(protocol: str, found: Found, owner: Any, value: str, derivative: str) -> Adapted:
    """Make a functor of two names of an object, or of a class whose functions need no instance."""
    from actcheck.targets.reading.compose import compose

    def bind(held: Any) -> Parts:
        return parts_on(held, value, derivative)

    state = None if isinstance(owner, type) or inspect.ismodule(owner) else owner
    return compose(bind if state is not None else lambda _: bind(owner), state, found.reading, protocol)


def parts_on(owner: Any, value: str, derivative: str) -> Parts:
    """Bind two names of an object."""
    from actcheck.targets.reading.parts import Parts

    function, arguments = _derivative(owner, derivative)
    state = None if isinstance(owner, type) or inspect.ismodule(owner) else owner
    return Parts(bound(owner, value), function, (value, derivative), arguments, state)


def bound(owner: Any, name: str) -> Callable[..., Any]:
    """Give a function of an object, one written without ``self`` as it is."""
    if name == "__call__":
        return cast(Callable[..., Any], owner)
    seen = member(owner, name)
    if seen is not None and seen.kind is Kind.FREE and isinstance(seen.function, FunctionType):
        return seen.function
    if inspect.isfunction(owner) and not hasattr(owner, name):
        # A method that was found on its class, which could not be made.
        raise NotAFunctorError(
            f"`{owner.__qualname__}` is a method, and its derivative `{name}` stands on an object that is not made",
            fix="Name an instance, or the class with the arguments that its constructor needs.",
        )
    return cast(Callable[..., Any], getattr(owner, name))


def _derivative(owner: Any, name: str) -> tuple[Callable[..., Any], Arguments]:
    if isinstance(peek(owner, name), property):
        try:
            read = getattr(owner, name)
        except Exception:
            # It needs a forward pass before.
            read = None
        # A property may hand out a function, or what follows from the last forward pass.
        return (read, arguments_of(read)) if callable(read) else (partial(getattr, owner, name), Arguments())
    function = bound(owner, name)
    return function, arguments_of(function)
