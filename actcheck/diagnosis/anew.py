"""Makes a functor anew with other values of its constructor's numbers, as far as its class allows."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from actcheck.dataclass import dataclass
from actcheck.diagnosis.evidence import own_numbers

Make = Callable[[Mapping[str, float]], Any]


def maker(functor: Any, keywords: Mapping[str, Any]) -> tuple[dict[str, float], Make | None]:
    """Give the numbers that a functor was made with, and what makes it with others; None where nothing does.

    Parameters
    ----------
    functor : object
    keywords : Mapping
        What it was constructed with, where that is known; the rest is read from attributes of the same names.
    """
    kind = type(functor)
    names = _names(kind)
    numbers = {name: value for name, value in own_numbers(functor, keywords).items() if name in names}
    if not numbers or kind.__module__ == "builtins":
        return {}, None
    given = {name: getattr(functor, name) for name in names if hasattr(functor, name)} | {
        name: value for name, value in keywords.items() if name in names
    }

    def make(values: Mapping[str, float]) -> Any:
        if not set(values) <= set(names):
            raise KeyError(*values)
        whole = {name: int(value) if isinstance(given.get(name), int) and value == int(value) else value
                 for name, value in values.items()}  # fmt: skip
        return kind(**(given | whole))

    return numbers, make


@dataclass(frozen=True)
class Varied:
    """A functor with another value of one attribute, which is put back after each call.

    Parameters
    ----------
    functor : object
    owner : object
        Whose attribute it is: the functor's own, or that of the object which an adapter reads.
    name : str
    value : int or float
    """

    functor: Any
    owner: Any
    name: str
    value: float

    def __call__(self, X: Any) -> Any:
        """Evaluate the function."""
        return self._with(self.functor, X)

    def gradient(self, X: Any) -> Any:
        """Evaluate its gradient."""
        return self._with(self.functor.gradient, X)

    def _with(self, function: Callable[[Any], Any], X: Any) -> Any:
        own = vars(self.owner)
        was_own, before = self.name in own, own.get(self.name)
        setattr(self.owner, self.name, self.value)
        try:
            return function(X)
        finally:
            if was_own:
                setattr(self.owner, self.name, before)
            else:
                delattr(self.owner, self.name)


def varied(functor: Any, owner: Any, name: str, value: float) -> Any:
    """Give a functor with another value of one of its numbers.

    Raises
    ------
    AttributeError
        If its owner has no such attribute.
    """
    number = int(value) if isinstance(getattr(owner, name), int) and value == int(value) else value
    return Varied(functor, owner, name, number)


def _names(kind: type) -> tuple[str, ...]:
    try:
        parameters = inspect.signature(kind).parameters.values()
    except (TypeError, ValueError):
        return ()
    return tuple(each.name for each in parameters if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY))
