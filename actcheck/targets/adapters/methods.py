"""Two methods of an object under their usual names, such as ``activate`` and ``derivative``, static or not."""

from __future__ import annotations

from typing import Any

from actcheck.targets.adapters.adapter import Adapted
from actcheck.targets.adapters.binding import bound, first_pair, others_note, read_as
from actcheck.targets.callables import is_function
from actcheck.targets.failures import NotAFunctorError
from actcheck.targets.found import Found
from actcheck.targets.pairs import METHODS, Pair, of_object
from actcheck.targets.signatures import keywords_of


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
            owner, notes = _instance(found, pair)
        adapted = read_as("methods", found, owner, pair.value, pair.derivative)
        return Adapted(adapted.functor, (*adapted.notes, *notes), adapted.derivative)


def _instance(found: Found, pair: Pair) -> tuple[Any, tuple[str, ...]]:
    """Give the object that a method named on its class is called on, and remark where it is a makeshift."""
    owner: Any = found.owner
    if pair.free:
        return owner, ()
    try:
        return owner(), ()
    except Exception:
        # Functions of a class of activations seldom need what its constructor sets.
        bare = object.__new__(owner)
        _ask_bare(bare, found, pair)
        return bare, (
            f"`{owner.__name__}` cannot be made without arguments: an object that is not initialised is used",
        )


def _ask_bare(bare: Any, found: Found, pair: Pair) -> None:
    """Refuse where a method needs what the constructor would have set."""
    from actcheck.targets.reading import rough

    for name in (pair.value, pair.derivative):
        try:
            bound(bare, name)(rough.rows(3))
        except AttributeError as error:
            needs = ", ".join(f"`{each}`" for each in keywords_of(type(bare)).required)
            what = f"`{type(bare).__name__}` needs {needs} to be made, and its `{name}` needs what that sets ({error})"
            raise NotAFunctorError(what, where=found.target, fix="Name an instance of it.") from error
        except Exception:
            # The contract tells of it.
            return
