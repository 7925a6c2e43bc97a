"""Whether a function that returns two things gives its value and its derivative: its author says so, or its numbers.

Many return two arrays of which the second is no derivative: a cache for the backward pass, a mean and a deviation.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np

from actcheck.targets.callables import written
from actcheck.targets.found import Found
from actcheck.targets.reading import rough
from actcheck.targets.reading.source import returns, tree_of
from actcheck.targets.vocabulary import is_slope, says_both, tells_of_slope

UNTOLD = "it returns two arrays, and nothing says that the second is the derivative; name it to check it"
"""Why a function that returns two things is not checked where nobody has named it."""

# Of a derivative that is the identity's on one side of zero, as a mask is, half of the entries agree by chance.
_MOST = 0.6


def gives_derivative(found: Found) -> bool:
    """Tell whether the second of what a function returns is its derivative.

    Parameters
    ----------
    found : Found
        The function; it is called only where its author says nothing.
    """
    return _is_said(found) or _is_measured(found)


def _is_said(found: Found) -> bool:
    function = written(found.thing)
    if says_both(found.name) or tells_of_slope(getattr(function, "__doc__", None) or ""):
        return True
    return any(is_slope(name, found.name) for second in _seconds(function) for name in _names(second))


def _seconds(function: Any) -> Iterator[ast.expr]:
    """Give the expressions that a function returns as the second of two."""
    tree = tree_of(inspect.unwrap(function)) if callable(function) else None
    if tree is None:
        return
    for value in (each.value for each in returns(tree)):
        if isinstance(value, ast.Tuple) and len(value.elts) == 2:
            yield value.elts[1]


def _names(expression: ast.expr) -> Iterator[str]:
    for node in ast.walk(expression):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _is_measured(found: Found) -> bool:
    """Tell whether the second is about what differences of the first give, on most entries of ordinary rows."""
    from actcheck.targets.adapters.together import Together

    try:
        functor: Any = Together().adapt(found).functor
        X = rough.rows(next(iter(functor.widths), 5))
        with np.errstate(all="ignore"):
            return rough.share_of_slopes(functor.gradient(X.copy()), functor, X) >= _MOST
    except (Exception, SystemExit):
        return False
