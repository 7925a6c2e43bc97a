"""Makes a functor anew with other values of its constructor's numbers, as far as its class allows."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

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


def _names(kind: type) -> tuple[str, ...]:
    try:
        parameters = inspect.signature(kind).parameters.values()
    except (TypeError, ValueError):
        return ()
    return tuple(each.name for each in parameters if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY))
