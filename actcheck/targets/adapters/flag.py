"""One function with a switch that turns it into its derivative: ``f(x, derivative=True)``."""

from __future__ import annotations

from functools import partial
from typing import Any

from actcheck.targets.adapters.adapter import Adapted
from actcheck.targets.adapters.binding import bound, first_pair, instance_of, modes_note, with_given
from actcheck.targets.arguments import Arguments
from actcheck.targets.callables import is_function
from actcheck.targets.found import Found
from actcheck.targets.pairs import FLAG, Pair, of_object


class Flag:
    """Understands a function, or a method of an object, that has such a switch."""

    def looks(self, thing: object) -> bool:
        """Tell whether one of its methods has a switch."""
        return not is_function(thing) and any(pair.protocol == FLAG for pair in of_object(thing))

    def lacks(self, found: Found) -> tuple[str, ...]:
        """Say that it has no switch."""
        pair = first_pair(found)
        if pair is None or pair.protocol != FLAG:
            return ("it has no switch that turns it into its derivative",)
        if isinstance(found.thing, type) and not pair.free:
            return ("it is a class, not an instance of one",)
        return ()

    def adapt(self, found: Found) -> Adapted:
        """Give it with the switch off and on as a functor."""
        from actcheck.targets.reading.compose import compose
        from actcheck.targets.reading.parts import Parts

        pair = first_pair(found)
        assert pair is not None
        names = (pair.value, f"{pair.value}(..., {pair.derivative}=True)")

        owner, notes = _owner(found, pair)

        def bind(held: Any) -> Parts:
            function = found.thing if held is None else bound(held, pair.value)
            assert callable(function)
            function = with_given(function, found.given)
            on = partial(function, **{pair.derivative: True})
            return Parts(function, on, names, Arguments(required=("x",)), None if pair.free else held)

        state = None if pair.free else owner
        adapted = compose(bind if state is not None else lambda _: bind(owner), state, found.reading, "a switch")
        function = found.thing if owner is None else bound(owner, pair.value)
        assert callable(function)
        told = modes_note(((pair.value, function),), found.given)
        return Adapted(adapted.functor, (*adapted.notes, *told, *notes), bind(owner).value)


def _owner(found: Found, pair: Pair) -> tuple[Any, tuple[str, ...]]:
    """Give what the function with the switch stands on, None where it is one by itself, and remarks on it."""
    if not is_function(found.thing):
        return found.thing, ()
    is_method = isinstance(found.owner, type) and not pair.free
    return instance_of(found, pair) if is_method else (None, ())
