"""Fitted numbers, and whose they are: a parameter, n, a well-known constant."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.diagnosis.evidence import BATCH, WIDTH, BoolArray, Evidence
from actcheck.numeric.lines import FloatArray

_ROUGH = 1e-6
_CONSTANTS = {
    "π": math.pi,
    "2π": 2 * math.pi,
    "√2": math.sqrt(2),
    "√π": math.sqrt(math.pi),
    "√(2π)": math.sqrt(2 * math.pi),
    "√(2/π)": math.sqrt(2 / math.pi),
    "ln 2": math.log(2),
    "ln 10": math.log(10),
    "e": math.e,
    "π/180": math.pi / 180,
    "180/π": 180 / math.pi,
}


@dataclass(frozen=True)
class Number:
    """A fitted number.

    Parameters
    ----------
    value, error : float
        The error is 0 where the number was recognised.
    text : str
        How to write it, with its owner where it has one.
    owner : str
        Whose number it may be: a parameter's, ``n``, or ``batch size``. It may as well be equal to it by accident.
    name : str
        What it is of its owner, e.g. ``1/n``.
    """

    value: float
    error: float
    text: str
    owner: str = ""
    name: str = ""


def ratio(evidence: Evidence, top: FloatArray, bottom: FloatArray, error: FloatArray, mask: BoolArray) -> Number | None:
    """Fit one number c to top = c * bottom, by the entry that tells it best.

    Parameters
    ----------
    evidence : Evidence
    top, bottom, error : ndarray
        The error is that of `bottom`.
    mask : ndarray of bool
        The entries to look at.
    """
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        c = top / bottom
        doubt = (np.abs(c) * error + evidence.allowed) / np.abs(bottom)
        doubt = np.where(mask & np.isfinite(c) & np.isfinite(doubt), doubt, np.inf)
    best = int(np.argmin(doubt))
    least = float(doubt.flat[best])
    if not np.isfinite(least):
        return None
    return recognise(evidence, float(c.flat[best]), least)


def shares(evidence: Evidence, shape: tuple[int, ...]) -> tuple[FloatArray, FloatArray]:
    """Give the gradient's share of the right one, by the entry that tells it best along the last axis of a shape.

    Returns
    -------
    share, error : ndarray of that shape, of length 1 along the last axis
        The error is infinite, or NaN, where nothing tells it.
    """
    with np.errstate(all="ignore"):
        usable = evidence.usable & np.isfinite(evidence.reach)
        doubt = np.where(usable, (evidence.reach + evidence.allowed) / np.abs(evidence.numeric), np.inf)
        doubt = np.where(np.isnan(doubt), np.inf, doubt).reshape(shape)
        best = np.argmin(doubt, axis=-1)[..., None]
        share: FloatArray = np.take_along_axis((evidence.analytic / evidence.numeric).reshape(shape), best, -1)
        error: FloatArray = np.take_along_axis(doubt, best, -1) * np.abs(share)
    return share, error


def recognise(evidence: Evidence, value: float, error: float) -> Number:
    """Name a number that is known to within an error."""
    close = max(error, 1e-13 * abs(value))
    if close <= _ROUGH * abs(value):
        width = 0 if evidence.diagonal or WIDTH in evidence.cleared else evidence.inputs
        values, known = _known(evidence.owners, width)
        near = np.flatnonzero(np.abs(values - value) <= close)
        if near.size:
            return known[int(near[0])]
    return Number(value, close, f"{value:.{_digits(value, close)}g}")


def _digits(value: float, error: float) -> int:
    if value == 0:
        return 1
    return min(max(int(math.log10(abs(value) / error)), 2), 8) if error > 0 else 8


@lru_cache(maxsize=8)
def _known(owners: tuple[tuple[str, float], ...], width: int) -> tuple[FloatArray, tuple[Number, ...]]:
    """Give numbers with names, those first that are told first; a Jacobian's width may stand in a factor."""
    numbers = tuple(_candidates(owners, width))
    return np.array([number.value for number in numbers]), numbers


def _candidates(owners: tuple[tuple[str, float], ...], width: int) -> Iterator[Number]:
    for whole in range(1, 4):
        yield from _whole(owners, float(whole))
    for name, number in owners:
        yield from _powers(number, name)
    if width > 1:
        for value, text in (
            (width / (width - 1), "n / (n - 1)"),
            ((width - 1) / width, "(n - 1) / n"),
        ):
            yield from _owned(value, "n", text)
            yield from _owned(math.sqrt(value), "n", f"√({text})")
    yield from _plain()
    for name, number in owners:
        yield from _roots(number, name)


def _plain() -> Iterator[Number]:
    for below in range(1, 11):
        for above in range(1, 31):
            if math.gcd(above, below) == 1:
                text = f"{above}/{below}" if below > 1 else str(above)
                yield from _signed(above / below, text)
    for above in (32, 50, 64, 100, 1000):
        yield from _signed(float(above), str(above))
        yield from _signed(1 / above, f"1/{above}")
    for name, value in _CONSTANTS.items():
        yield from _signed(value, f"{value:.8g} = {name}")
    for name, value in _CONSTANTS.items():
        yield from _signed(1 / value, f"{1 / value:.8g} = 1/({name})")


def _powers(number: float, name: str) -> Iterator[Number]:
    if number in (0.0, 1.0, -1.0):
        return
    # Not number**2, which raises where a square overflows; one that is no number then is nobody's.
    square = number * number
    for value, text in ((number, name), (_inverse(number), f"1/{name}"), (square, f"{name}²")):
        yield from _owned(value, name, text)
    yield from _owned(_inverse(square), name, f"1/{name}²")


def _roots(number: float, name: str) -> Iterator[Number]:
    if number > 0 and number != 1:
        root = math.sqrt(number)
        yield from _owned(root, name, f"√{name}")
        yield from _owned(_inverse(root), name, f"1/√{name}")


def _inverse(number: float) -> float:
    return 1 / number if number else math.inf


def _whole(owners: tuple[tuple[str, float], ...], whole: float) -> Iterator[Number]:
    """Give a small whole number, which is a parameter's rather than n or the batch size."""
    names = [name for name, number in owners if number == whole and name not in (WIDTH, BATCH)]
    if whole != 1 and names:
        yield from _owned(whole, names[0], names[0])
    else:
        yield from _signed(whole, f"{whole:g}")


def _signed(value: float, text: str) -> Iterator[Number]:
    yield Number(value, 0.0, text)
    yield Number(-value, 0.0, f"-{text.replace('= ', '= -')}")


def _owned(value: float, owner: str, name: str) -> Iterator[Number]:
    for number, text in ((value, name), (-value, f"-{name}")):
        yield Number(number, 0.0, f"{number:.8g} = {text}", owner, text)


def short(low: float, high: float) -> float:
    """Give the number with the fewest digits between two."""
    low, high = min(low, high), max(low, high)
    if low <= 0 <= high:
        return 0.0
    middle = (low + high) / 2
    for digits in range(1, 17):
        candidate = float(f"{middle:.{digits}g}")
        if low <= candidate <= high:
            return candidate
    return middle
