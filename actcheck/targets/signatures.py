"""Which keywords a constructor takes, and which mistakes a set of keywords makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from inspect import Parameter

from actcheck.dataclass import dataclass
from actcheck.targets.callables import signature_of
from actcheck.targets.spelling import alike

_BY_NAME = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)


@dataclass(frozen=True)
class Keywords:
    """What a constructor can be called with, by name.

    Parameters
    ----------
    named : tuple of str
        What can be set by name.
    positional : tuple of str
        What cannot be, since it is positional-only.
    required : tuple of str
        Which of both have no default, in their order.
    is_open : bool
        Whether it takes any other name as well, or cannot be asked.
    """

    named: tuple[str, ...]
    positional: tuple[str, ...]
    required: tuple[str, ...]
    is_open: bool

    @property
    def accepted(self) -> tuple[str, ...] | None:
        """The names, None if any goes."""
        return None if self.is_open else self.named


def keywords_of(maker: Callable[..., object]) -> Keywords:
    """Read which keywords a class or factory takes, without calling it."""
    try:
        parameters = signature_of(maker).parameters.values()
    except Exception:
        # Built in C, or a signature that the user's code computes, and fails to: only the call will tell.
        return Keywords((), (), (), is_open=True)
    required = (*_BY_NAME, Parameter.POSITIONAL_ONLY)
    return Keywords(
        named=_names(parameters, _BY_NAME),
        positional=_names(parameters, (Parameter.POSITIONAL_ONLY,)),
        required=_names((each for each in parameters if each.default is Parameter.empty), required),
        is_open=any(each.kind is Parameter.VAR_KEYWORD for each in parameters),
    )


def mistakes(keywords: Keywords, given: Iterable[str]) -> tuple[str, ...]:
    """Name all that is wrong with the keywords given, a clause each."""
    unknown = [name for name in given if name not in keywords.named and not keywords.is_open]
    missing = [name for name in keywords.required if name not in {*given, *unknown}]
    return (*(_unknown(name, keywords) for name in unknown), *(_missing(name, keywords) for name in missing))


def option(name: str) -> str:
    """Give the option that sets a keyword."""
    return f"--{name.replace('_', '-')}"


def _names(parameters: Iterable[Parameter], kinds: tuple[object, ...]) -> tuple[str, ...]:
    return tuple(each.name for each in parameters if each.kind in kinds)


def _unknown(name: str, keywords: Keywords) -> str:
    if name in keywords.positional:
        return f"its `{name}` is positional-only and cannot be set by name"
    near = alike(name, keywords.named)
    return f"it takes no `{name}`" + (f" (did you mean `{near[0]}`?)" if near else "")


def _missing(name: str, keywords: Keywords) -> str:
    if name in keywords.positional:
        return f"it needs `{name}`, which is positional-only and cannot be set by name"
    return f"it needs `{name}`: add {option(name)} VALUE"
