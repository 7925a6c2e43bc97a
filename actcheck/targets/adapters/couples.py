"""A value and a derivative that are kept together in a tuple, a dictionary or a record."""

from __future__ import annotations

from actcheck.targets.adapters.adapter import Adapted
from actcheck.targets.adapters.functions import of_two
from actcheck.targets.couple import Couple
from actcheck.targets.found import Found


class Couples:
    """Understands what `targets.kept` has read."""

    def looks(self, thing: object) -> bool:
        """Tell whether it is such a couple."""
        return isinstance(thing, Couple)

    def lacks(self, found: Found) -> tuple[str, ...]:
        """Say that it is none."""
        return () if isinstance(found.thing, Couple) else ("no two functions are kept in it",)

    def adapt(self, found: Found) -> Adapted:
        """Give the two functions as a functor."""
        assert isinstance(found.thing, Couple)
        return of_two(found, found.thing.value, found.thing.derivative, found.thing.names)
