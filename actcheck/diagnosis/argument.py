"""Mistakes of argument: the right formula with the wrong thing put in, or a value in the place of a slope."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from actcheck.diagnosis.evidence import Evidence
from actcheck.diagnosis.guess import LEAST, Guess, refuted
from actcheck.diagnosis.numbers import Number, short
from actcheck.numeric.lines import FloatArray

_TOLD = 0.9
_STAYS = 1e-12
_NEAR = 1e-7
_NOTHING = 1e-9
_ROUNDS = 8
_POINTS = 15
_UNITS = (
    ("x · ln 2", math.log(2), "as with 2**x in place of exp(x)"),
    ("x · ln 10", math.log(10), "as with 10**x in place of exp(x)"),
    ("x / ln 2", 1 / math.log(2), "as with exp(x) in place of 2**x"),
    ("x / ln 10", 1 / math.log(10), "as with exp(x) in place of 10**x"),
    ("x · π/180", math.pi / 180, "radians are taken for degrees"),
    ("x · 180/π", 180 / math.pi, "degrees are taken for radians"),
)
_FIRST = 6


AT_OUTPUT = "the gradient is evaluated at the output f(x) instead of at x"


def at_output(evidence: Evidence) -> Iterator[Guess]:
    """Evaluate the gradient at f(x) instead of x."""
    if evidence.square:
        yield from _at(evidence, evidence.value, AT_OUTPUT)


def of_output(evidence: Evidence) -> Iterator[Guess]:
    """Write the gradient in terms of the output, but give it the input."""
    if not evidence.square:
        return
    sentence = "the gradient is expressed in the output but given the input: at f(x) it gives what is right at x"
    with np.errstate(all="ignore"):
        asked = evidence.gradient(evidence.value)
    yield Guess(sentence, evidence.numeric, evidence.reach, observed=asked)


def at_minus(evidence: Evidence) -> Iterator[Guess]:
    """Evaluate the gradient at -x."""
    for guess in _at(evidence, -evidence.X, "the gradient is evaluated at -x instead of at x"):
        yield replace(guess, code="other-argument")


def at_other(evidence: Evidence) -> Iterator[Guess]:
    """Evaluate the gradient at another argument that is made of x."""
    X = evidence.X
    others: list[tuple[str, FloatArray, tuple[Number, ...]]] = [
        ("|x|", np.abs(X), ()),
        ("x²", X * X, ()),
        ("2x", 2 * X, ()),
        ("x/2", X / 2, ()),
        ("0", np.zeros_like(X), ()),
        *((f"x {'-' if shift < 0 else '+'} {abs(shift):g}", X + shift, ()) for shift in (1.0, -1.0, 0.5, -0.5)),
    ]
    for owner, number in evidence.parameters.items():
        if number not in (0.0, 1.0, -1.0, 2.0, 0.5):
            plain = owner in evidence.cleared
            name = f"{number:.8g}" if plain else owner
            for text, other in ((f"{name} · x", number * X), (f"x / {name}", X / number)):
                others.append((text, other, () if plain else (Number(number, 0.0, text, owner, text),)))
    for text, other, numbers in others:
        for guess in _at(evidence, other, f"the gradient is evaluated at {text} instead of at x"):
            if np.mean(np.isfinite(guess.slack)[evidence.to_explain]) >= _TOLD:
                yield replace(guess, numbers=numbers)


def at_unit(evidence: Evidence) -> Iterator[Guess]:
    """Take another unit of the angle, or another base of the exponential, in the gradient only."""
    for text, c, why in _UNITS:
        value, bound = evidence.slopes(c * evidence.X)
        yield Guess(f"the gradient is evaluated at {text} instead of at x: {why}", value, bound, variety=2)
        sentence = f"the gradient is that of f({text}), by x: {why}"
        yield Guess(sentence, c * value, abs(c) * bound, variety=2)


def clipped(evidence: Evidence) -> Iterator[Guess]:
    """Clip the argument in the gradient only."""
    if not evidence.diagonal:
        for limit in (1.0, 2.0, 3.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0, 500.0):
            if limit < np.abs(evidence.X).max():
                yield from _clipped_to(evidence, -limit, limit)
        return
    low, high = _limit(evidence, -1.0), _limit(evidence, 1.0)
    if np.isfinite(low) or np.isfinite(high):
        yield from _clipped_to(evidence, low, high)


def _clipped_to(evidence: Evidence, low: float, high: float) -> Iterator[Guess]:
    text = f"clipped to [{low:.8g}, {high:.8g}]"
    if not np.isfinite(low):
        text = f"cut off above {high:.8g}"
    elif not np.isfinite(high):
        text = f"cut off below {low:.8g}"
    return _at(evidence, np.clip(evidence.X, low, high), f"the gradient is that of x {text}")


def _limit(evidence: Evidence, side: float) -> float:
    """Find, by asking, the place from which on the gradient stays as it is; infinite where there is none."""
    x = side * evidence.X
    wrong = evidence.to_explain & (x > 0)
    if np.count_nonzero(wrong) < LEAST:
        return side * np.inf
    far = np.unravel_index(int(np.argmax(np.where(wrong, x, -np.inf))), x.shape)
    last = float(evidence.analytic[far])
    stays = evidence.usable & (np.abs(evidence.analytic - last) <= _STAYS * abs(last))
    before = x[evidence.usable & ~stays & (x > 0)]
    good, bad = float(before.max(initial=0.0)), float(x[stays & (x > 0)].min(initial=np.inf))
    if not good < bad < np.inf:
        return side * np.inf
    for _ in range(_ROUNDS):
        between = np.linspace(good, bad, _POINTS + 2)
        rows = np.repeat(evidence.X[far[0]][None], len(between), axis=0)
        rows[:, far[1]] = side * between
        off = np.abs(evidence.gradient(rows)[:, far[1]] - last) > _STAYS * abs(last)
        at = int(np.flatnonzero(off)[-1]) if off.any() else 0
        good, bad = float(between[at]), float(between[min(at + 1, len(between) - 1)])
    return 0.0 if bad < _NOTHING else side * short(bad * (1 - _NEAR), bad * (1 + _NEAR))


def rounded(evidence: Evidence) -> Iterator[Guess]:
    """Round the argument in the gradient only, as in a table."""
    X = evidence.X
    others = [(f"rounded to {digits} decimals", np.round(X, digits)) for digits in range(5)]
    others += [("cut off to whole numbers", np.trunc(X)), ("rounded down", np.floor(X)), ("rounded up", np.ceil(X))]
    for text, other in others:
        yield from _at(evidence, other, f"the gradient is that of x {text}", 8)


def _at(evidence: Evidence, rows: FloatArray, sentence: str, variety: int = 2) -> Iterator[Guess]:
    """Give the guess, unless a few rows refute it: differences on all of them take long."""
    telling = evidence.usable.reshape(evidence.batch, -1).any(axis=1)
    first = np.flatnonzero(telling)[:_FIRST]
    if first.size and not refuted(evidence, *evidence.slopes(rows[first]), first):
        value, bound = evidence.slopes(rows)
        yield Guess(sentence, value, bound, variety=variety)


def value_returned(evidence: Evidence) -> Iterator[Guess]:
    """Return the function's own value."""
    if evidence.diagonal:
        yield Guess("the value f(x) is returned in place of its derivative", evidence.value)
        yield Guess("the value -f(x) is returned in place of the derivative", -evidence.value)
    elif evidence.square:
        value = np.where(evidence.on_diagonal, evidence.by_output(evidence.value), 0.0)
        yield Guess("the value f(x) is returned in place of its derivative, as a diagonal", value)
        sentence = "the value f(x) is returned in place of its derivative, for every input"
        yield Guess(sentence, evidence.by_output(evidence.value))


def input_returned(evidence: Evidence) -> Iterator[Guess]:
    """Return the input itself."""
    if evidence.diagonal:
        yield Guess("the input x is returned in place of a derivative", evidence.X)
