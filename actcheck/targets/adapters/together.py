"""One function that returns its value and its gradient, as SciPy's optimisers take it."""

from __future__ import annotations

from typing import Any

from actcheck.targets.adapters.adapter import Adapted
from actcheck.targets.adapters.binding import first_pair, with_given
from actcheck.targets.arguments import Arguments
from actcheck.targets.found import Found
from actcheck.targets.pairs import TOGETHER


class Together:
    """Understands a function that returns two things."""

    def looks(self, thing: object) -> bool:
        """Tell nothing of a function alone."""
        return False

    def lacks(self, found: Found) -> tuple[str, ...]:
        """Say that it does not return two things."""
        pair = first_pair(found)
        return () if pair is not None and pair.protocol == TOGETHER else ("it does not return value and gradient",)

    def adapt(self, found: Found) -> Adapted:
        """Give both of what it returns as a functor."""
        from actcheck.targets.reading.compose import compose
        from actcheck.targets.reading.parts import Parts

        assert callable(found.thing)
        names = (f"{found.name}(x)[0]", f"{found.name}(x)[1]")
        parts = Parts(with_given(found.thing, found.given), _second, names, Arguments(required=("saved",)))
        adapted = compose(lambda _: parts, None, found.reading, "a function that returns both")
        return Adapted(adapted.functor, adapted.notes, found.thing)


def _second(saved: Any) -> Any:
    return saved
