"""A forward pass, and a backward pass that uses what the forward pass has kept."""

from __future__ import annotations

from actcheck.targets.adapters.adapter import Adapted
from actcheck.targets.adapters.binding import first_pair, instance_of, others_note, read_as
from actcheck.targets.callables import is_function
from actcheck.targets.found import Found
from actcheck.targets.pairs import STATEFUL, of_object


class Stateful:
    """Understands objects with ``forward(X)`` and ``backward(dA)``, ``backward()``, or a property in its place."""

    def looks(self, thing: object) -> bool:
        """Tell whether it has both by name."""
        return not is_function(thing) and any(pair.protocol == STATEFUL for pair in of_object(thing))

    def lacks(self, found: Found) -> tuple[str, ...]:
        """Say that it has no such methods, or that it is a class."""
        pair = first_pair(found)
        if pair is None or pair.protocol != STATEFUL:
            return ("it has no backward pass",)
        return ("it is a class, not an instance of one",) if isinstance(found.thing, type) else ()

    def adapt(self, found: Found) -> Adapted:
        """Give its two passes as a functor."""
        pair = first_pair(found)
        assert pair is not None
        owner, notes = found.thing, others_note(found)
        if is_function(found.thing) and isinstance(found.owner, type):
            owner, notes = instance_of(found, pair)
        adapted = read_as("forward and backward", found, owner, pair.value, pair.derivative)
        return Adapted(adapted.functor, (*adapted.notes, *notes), adapted.derivative)
