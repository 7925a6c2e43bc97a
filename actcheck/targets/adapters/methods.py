"""Two methods of an object under their usual names, such as ``activate`` and ``derivative``, static or not."""

from __future__ import annotations

from actcheck.targets.adapters.adapter import Adapted
from actcheck.targets.adapters.binding import first_pair, instance_of, others_note, read_as
from actcheck.targets.callables import is_function
from actcheck.targets.found import Found
from actcheck.targets.pairs import METHODS, of_object


class Methods:
    """Understands objects, and classes whose functions need no instance, with a value and a derivative by name."""

    def looks(self, thing: object) -> bool:
        """Tell whether it has both by name."""
        return not is_function(thing) and any(pair.protocol == METHODS for pair in of_object(thing))

    def lacks(self, found: Found) -> tuple[str, ...]:
        """Say that it has no such methods, or that it is a class whose methods need an instance."""
        pair = first_pair(found)
        if pair is None or pair.protocol != METHODS:
            return ("it has no method that is the derivative of another",)
        if isinstance(found.thing, type) and not pair.free:
            return ("it is a class, not an instance of one",)
        return ()

    def adapt(self, found: Found) -> Adapted:
        """Give its two methods as a functor."""
        pair = first_pair(found)
        assert pair is not None
        owner, notes = found.thing, others_note(found)
        if is_function(found.thing):
            owner, notes = instance_of(found, pair)
        adapted = read_as("methods", found, owner, pair.value, pair.derivative)
        return Adapted(adapted.functor, (*adapted.notes, *notes), adapted.derivative)
