"""The values of an element-wise functor and its derivative, over the interval where there is something to see."""

from __future__ import annotations

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.model import Functor

from .inputs import Floats

_WIDE = (5.0, *(float(f"{digit}e{power}") for power in range(1, 6) for digit in (1, 2, 5)))
_NARROW = tuple(float(f"{digit}e{power}") for power in range(0, -4, -1) for digit in (2, 1, 0.5))
_MOST_BENDS = 8
"""How many times the slopes may go through all of their range: four waves."""

_ENOUGH = 0.9
"""The share of what the slopes do that must be seen."""

_STEPS = 2000
"""To each side of 0. Round, so that round numbers, where kinks are, are among the points."""


@dataclass(frozen=True)
class Curves:
    """Points of a function and its derivative.

    Parameters
    ----------
    xs, values, slopes : tuple of float
        Of the same length; the first and the last of `xs` are the ends of the interval.
    """

    xs: tuple[float, ...]
    values: tuple[float, ...]
    slopes: tuple[float, ...]


def sample(functor: Functor) -> Curves:
    """Evaluate a functor and its derivative on an interval around 0.

    Parameters
    ----------
    functor : Functor
        Element-wise, and smooth or of few pieces.

    Returns
    -------
    Curves
        Over [-5, 5], or what it takes to see where the derivative changes: wider for a kink further out, narrower
        for a wave that would otherwise be a black bar.
    """
    # A parameter may be enormous; what overflows then is not finite, which a plot leaves out.
    with np.errstate(all="ignore"):
        X = _points(_reach(functor))
        return Curves(*(tuple(row[0].tolist()) for row in (X, functor(X), functor.gradient(X))))


def _points(reach: float) -> Floats:
    return (reach * np.arange(-_STEPS, _STEPS + 1) / _STEPS)[np.newaxis]


def _reach(functor: Functor) -> float:
    """Choose the half-width: the least from 5 on that shows nearly all of what the derivative does."""
    changes: dict[float, float] = {}
    for reach in _WIDE:
        slopes = functor.gradient(_points(reach))
        if not _is_legible(slopes):
            # Still wider ones may look legible, but only since they miss most of the waves.
            break
        changes[reach] = _change(slopes)
    if not changes:
        return next((reach for reach in _NARROW if _is_legible(functor.gradient(_points(reach)))), _NARROW[-1])
    return next(reach for reach, change in changes.items() if change >= _ENOUGH * max(changes.values()))


def _is_legible(slopes: Floats) -> bool:
    """Tell whether the slopes go to and fro few enough times to be told apart."""
    return _change(slopes) <= _MOST_BENDS * float(np.ptp(slopes))


def _change(slopes: Floats) -> float:
    """Give how much the slopes go up and down in all."""
    return float(np.abs(np.diff(slopes)).sum())
