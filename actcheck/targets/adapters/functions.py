"""Two plain functions beside each other, such as ``sigmoid`` and ``sigmoid_prime``."""

from __future__ import annotations

from actcheck.targets.adapters.adapter import Adapted
from actcheck.targets.adapters.binding import (
    bound,
    defaults_note,
    first_pair,
    modes_note,
    others_note,
    with_defaults,
    with_given,
)
from actcheck.targets.arguments import arguments_of
from actcheck.targets.found import Found
from actcheck.targets.pairs import FUNCTIONS


class Functions:
    """Understands a function whose derivative stands beside it, by its name."""

    def looks(self, thing: object) -> bool:
        """Tell nothing of a function alone."""
        return False

    def lacks(self, found: Found) -> tuple[str, ...]:
        """Say that nothing beside it is its derivative."""
        pair = first_pair(found)
        is_one = pair is not None and pair.protocol == FUNCTIONS
        return () if is_one else (f"no derivative of `{found.name}` stands beside it",)

    def adapt(self, found: Found) -> Adapted:
        """Give the two functions as a functor."""
        pair = first_pair(found)
        assert pair is not None
        adapted = of_two(found, found.thing, bound(found.owner, pair.derivative), (pair.value, pair.derivative))
        return Adapted(adapted.functor, (*adapted.notes, *others_note(found)), adapted.derivative)


def of_two(found: Found, value: object, derivative: object, names: tuple[str, str]) -> Adapted:
    """Make a functor of two functions that need no object."""
    from actcheck.targets.reading.compose import compose
    from actcheck.targets.reading.parts import Parts

    assert callable(value)
    assert callable(derivative)
    wanted = arguments_of(derivative)
    shared = with_defaults(found.given, value, wanted)
    left = wanted.without(tuple(shared))
    parts = Parts(with_given(value, found.given), with_given(derivative, shared), names, left)
    adapted = compose(lambda _: parts, None, found.reading, "functions")
    told = modes_note(zip(names, (value, derivative), strict=True), found.given)
    told += defaults_note(names, value, wanted, found.given)
    return Adapted(adapted.functor, (*adapted.notes, *told), derivative)
