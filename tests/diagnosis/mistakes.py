"""Functors with one mistake, put together from a right functor and what is done to its gradient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from functors.case import Array


@dataclass(frozen=True)
class Mistaken:
    """A right functor whose gradient is spoilt: ``spoil(right, X)``."""

    right: Any
    spoil: Callable[[Any, Array], Array]

    def __call__(self, X: Array) -> Array:
        value: Array = self.right(X)
        return value

    def gradient(self, X: Array) -> Array:
        return self.spoil(self.right, X)


def scaled(right: Any, c: float) -> Mistaken:
    return Mistaken(right, lambda f, X: c * f.gradient(X))


def where(right: Any, region: Callable[[Array], Array], there: Callable[[Any, Array], Any]) -> Mistaken:
    """Another slope in a region of x."""
    return Mistaken(right, lambda f, X: np.where(region(X), there(f, X), f.gradient(X)))


def changed(right: Any, change: Callable[[Array, Array], Array]) -> Mistaken:
    """A change of the right gradient: ``change(gradient, X)``."""
    return Mistaken(right, lambda f, X: change(np.array(f.gradient(X), dtype=float), X))


def of_diagonal(c: float) -> Callable[[Array, Array], Array]:
    """Scales the diagonal."""
    return lambda J, _: np.where(np.eye(*J.shape[1:]) > 0, c * J, J)


def off_diagonal(c: float) -> Callable[[Array, Array], Array]:
    """Scales what is off the diagonal."""
    return lambda J, _: np.where(np.eye(*J.shape[1:]) > 0, J, c * J)
