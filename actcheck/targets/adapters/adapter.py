"""What an adapter is asked."""

from __future__ import annotations

from typing import Protocol

from actcheck.dataclass import dataclass
from actcheck.model import Functor
from actcheck.targets.found import Found


@dataclass(frozen=True)
class Adapted:
    """A functor, with how it was read.

    Parameters
    ----------
    functor : Functor
    notes : tuple of str
        Remarks on how it was read, where that is not plain from the name.
    derivative : object
        The user's own function, whose place in a file is the gradient's.
    """

    functor: Functor
    notes: tuple[str, ...] = ()
    derivative: object = None


class Adapter(Protocol):
    """Understands one way of writing a function and its gradient."""

    def looks(self, thing: object) -> bool:
        """Tell whether an instance, or what a class makes, is likely to be understood; nothing of the user's is run."""

    def lacks(self, found: Found) -> tuple[str, ...]:
        """Say what keeps it from being understood, a clause each, e.g. "it has no `gradient`"; nothing if it can be."""

    def adapt(self, found: Found) -> Adapted:
        """Give it as a functor."""
