"""Which arguments a function of the user's wants; it is not called."""

from __future__ import annotations

from collections.abc import Callable, Collection
from inspect import Parameter

from actcheck.dataclass import dataclass
from actcheck.targets.callables import signature_of
from actcheck.targets.vocabulary import MODES

_POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True)
class Arguments:
    """What a function can be called with.

    Parameters
    ----------
    required : tuple of str
        Positional ones without a default, in their order.
    optional : tuple of str
        Names with a default, positional or not.
    keyword_only : tuple of str
        Names without a default that have to be named.
    is_open : bool
        Whether it takes any number of positional ones, or cannot be asked.
    modes : tuple of str
        Those without a default, and none of the above, that tell training from evaluation: they can be set.
    """

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    keyword_only: tuple[str, ...] = ()
    is_open: bool = False
    modes: tuple[str, ...] = ()

    @property
    def takes_one(self) -> bool:
        """Whether it can be called with a single array."""
        if self.keyword_only:
            return False
        return len(self.required) == 1 or (not self.required and (self.is_open or bool(self.optional)))

    @property
    def named(self) -> tuple[str, ...]:
        """All that it takes by name."""
        return (*self.required, *self.optional, *self.keyword_only, *self.modes)

    def without(self, names: Collection[str]) -> Arguments:
        """Give what is left to be given where some names are set."""
        required, keyword_only = (
            tuple(name for name in each if name not in names) for each in (self.required, self.keyword_only)
        )
        return Arguments(required, self.optional, keyword_only, self.is_open, self.modes)

    @property
    def missing(self) -> tuple[str, ...]:
        """What it needs besides a single array."""
        return (*self.required[1:], *self.keyword_only)


def arguments_of(function: Callable[..., object]) -> Arguments:
    """Read a function's arguments; ``self`` of a bound method is none of them."""
    try:
        parameters = signature_of(function).parameters.values()
    except Exception:
        # Built in C, as NumPy's own functions are, or a signature that the user's code computes, and fails to.
        return Arguments(is_open=True)
    free = [each for each in parameters if each.default is Parameter.empty]
    # The first is the input, whatever it is called.
    modes = tuple(each.name for each in free[1:] if each.name in MODES and each.kind is not Parameter.POSITIONAL_ONLY)
    free = [each for each in free if each.name not in modes]
    return Arguments(
        required=tuple(each.name for each in free if each.kind in _POSITIONAL),
        optional=tuple(each.name for each in parameters if each.default is not Parameter.empty),
        keyword_only=tuple(each.name for each in free if each.kind is Parameter.KEYWORD_ONLY),
        is_open=any(each.kind is Parameter.VAR_POSITIONAL for each in parameters),
        modes=modes,
    )
