"""The frozen values of a measurement of accuracy. Nothing here computes, loads or prints."""

from __future__ import annotations

from collections.abc import Sequence

from actcheck.dataclass import dataclass


@dataclass(frozen=True)
class Error:
    """How far a computed number is from the true one.

    Parameters
    ----------
    ulps : float
        In units in the last place of the true number; infinite where the computed one is not finite.
    units : float
        In rounding errors of the result and of the input, u (|f| + |x f'|).
    """

    ulps: float
    units: float


@dataclass(frozen=True)
class Sample:
    """One input with what is computed there, and what is true.

    Parameters
    ----------
    x : float
    quantity : str
        ``value`` or ``gradient``.
    computed, true : float
        The true number is rounded.
    error : Error
    kind : str
        ``cancellation``, ``overflow``, ``underflow``, ``not a number``; ``wrong formula`` where it is wrong in real
        arithmetic already; empty where nothing is lost.
    """

    x: float
    quantity: str
    computed: float
    true: float
    error: Error
    kind: str = ""


@dataclass(frozen=True)
class Band:
    """Inputs of one sign and of like magnitude.

    Parameters
    ----------
    low, high : float
        Its ends, low < high.
    points : int
    value, gradient : Error
        The worst of each.
    kinds : tuple of str
        The kinds of loss in it.
    """

    low: float
    high: float
    points: int
    value: Error
    gradient: Error
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loss:
    """A run of inputs on which a quantity is not as good as its type.

    Parameters
    ----------
    quantity : str
        ``value`` or ``gradient``.
    kind : str
        That of its worst sample.
    start, end : float
        The first and the last input of the run, counted from 0 outwards, found to the last digit but a few.
    worst : Sample
    total : float
        From which input on there is not one right digit, NaN where there always is.
    zero : float
        From which input on it is exactly 0 though it should not be, NaN where it never is.
    """

    quantity: str
    kind: str
    start: float
    end: float
    worst: Sample
    total: float
    zero: float


@dataclass(frozen=True)
class Accuracy:
    """What a functor's float arithmetic is worth.

    Parameters
    ----------
    dtype : str
    points : int
    unknown : int
        How many of them have a truth that the replay cannot tell.
    kinks : int
        At how many of them the gradient is a choice, and so not measured.
    bands : tuple of Band
        From the least input to the greatest.
    worst : tuple of Sample
        The worst value and gradient places.
    losses : tuple of Loss
    curve : sequence of (float, float, float)
        Input, and the errors of value and gradient in ulps; NaN where they are not known.
    """

    dtype: str
    points: int
    unknown: int
    kinks: int
    bands: tuple[Band, ...]
    worst: tuple[Sample, ...]
    losses: tuple[Loss, ...]
    curve: Sequence[tuple[float, float, float]]
