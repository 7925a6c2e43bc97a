"""One function with a switch that turns it into its derivative: ``f(x, derivative=True)``."""

from __future__ import annotations

from functools import partial
from typing import Any

from actcheck.targets.adapters.adapter import Adapted
from actcheck.targets.adapters.binding import bound, first_pair, modes_note, with_given
from actcheck.targets.arguments import Arguments
from actcheck.targets.callables import is_function
from actcheck.targets.found import Found
from actcheck.targets.pairs import FLAG, of_object


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

        def bind(owner: Any) -> Parts:
            function = found.thing if is_function(found.thing) else bound(owner, pair.value)
            assert callable(function)
            function = with_given(function, found.given)
            on = partial(function, **{pair.derivative: True})
            return Parts(function, on, names, Arguments(required=("x",)), None if pair.free else owner)

        owner = None if pair.free else found.thing
        adapted = compose(bind if owner is not None else lambda _: bind(found.thing), owner, found.reading, "a switch")
        function = found.thing if is_function(found.thing) else bound(found.thing, pair.value)
        assert callable(function)
        told = modes_note(((pair.value, function),), found.given)
        return Adapted(adapted.functor, (*adapted.notes, *told), bind(found.thing).value)
