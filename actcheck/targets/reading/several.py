"""Several things that a backward pass returns: which of them is the gradient of the input, and what they are called."""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from types import CodeType
from typing import Any

import numpy as np

from actcheck.targets.reading.source import returns, tree_of

_OF_INPUT = frozenset(
    (
        *("dx", "dinput", "dinputs", "dprev", "daprev", "dxprev", "dz", "din", "gradx", "gradinput", "gradinputs"),
        *("gradin", "inputgrad", "inputgradient", "x", "input", "inputs", "deltaprev", "prevdelta", "dprevlayer"),
    )
)


def chosen(raw: Any, shape: tuple[int, ...], names: Sequence[str]) -> Any:
    """Give the place or key of the gradient of the input, None where nothing returned can be it.

    Parameters
    ----------
    raw : tuple, list or mapping
    shape : tuple of int
        Of the input.
    names : sequence of str
        What is returned, as its author calls it; empty where that is not known.
    """
    if isinstance(raw, Mapping):
        fits = [key for key, held in raw.items() if np.shape(_array(held)) == shape]
        named = [key for key in fits if _says_input(str(key))]
        return next(iter(named or fits), None)
    fits = [at for at, held in enumerate(raw) if isinstance(held, np.ndarray) and held.shape == shape]
    if isinstance(raw, list):
        # Rows in a list are one thing.
        is_several = len({np.shape(_array(held)) for held in raw}) > 1
        return next(iter(fits), None) if is_several and shape else None
    if fits:
        named = [at for at in fits if at < len(names) and _says_input(names[at])]
        return next(iter(named or fits))
    return 0 if raw and isinstance(raw[0], (np.ndarray, np.generic)) else None


def names_returned(function: Callable[..., Any]) -> tuple[str, ...]:
    """Give the names of what a function returns, as its source has them; empty where there is none, or no tuple."""
    while isinstance(function, functools.partial):
        function = function.func
    code = getattr(inspect.unwrap(function), "__code__", None)
    return _names_in(code) if code is not None else ()


@functools.cache
def _names_in(code: CodeType) -> tuple[str, ...]:
    tree = tree_of(code)
    if tree is None:
        return ()
    told = [_names(node.value) for node in returns(tree) if isinstance(node.value, (ast.Tuple, ast.List))]
    return told[-1] if told and len({len(names) for names in told}) == 1 else ()


def _names(node: ast.Tuple | ast.List) -> tuple[str, ...]:
    return tuple(
        each.id if isinstance(each, ast.Name) else each.attr if isinstance(each, ast.Attribute) else ""
        for each in node.elts
    )


def _says_input(name: str) -> bool:
    return name.lower().replace("_", "") in _OF_INPUT


def _array(held: Any) -> Any:
    return held if isinstance(held, np.ndarray) else ()
