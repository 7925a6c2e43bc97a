"""Mistakes of argument: the right formula with the wrong thing put in, or a value in the place of a slope."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from actcheck.diagnosis.evidence import Evidence
from actcheck.diagnosis.guess import Guess
from actcheck.numeric.lines import FloatArray


def at_output(evidence: Evidence) -> Iterator[Guess]:
    """Evaluate the gradient at f(x) instead of x."""
    if evidence.square:
        yield _at(evidence, evidence.value, "the gradient is evaluated at the output f(x) instead of at x")


def of_output(evidence: Evidence) -> Iterator[Guess]:
    """Write the gradient in terms of the output, but give it the input."""
    if not evidence.square:
        return
    sentence = "the gradient is expressed in the output but given the input: at f(x) it gives what is right at x"
    with np.errstate(all="ignore"):
        asked = evidence.gradient(evidence.value)
    yield Guess(sentence, evidence.numeric, evidence.reach, observed=asked)


def at_other(evidence: Evidence) -> Iterator[Guess]:
    """Evaluate the gradient at another argument that is made of x."""
    X = evidence.X
    others: list[tuple[str, FloatArray]] = [
        ("-x", -X),
        ("|x|", np.abs(X)),
        ("x²", X * X),
        ("2x", 2 * X),
        ("x/2", X / 2),
        ("0", np.zeros_like(X)),
    ]
    for name, number in evidence.parameters.items():
        if number not in (0.0, 1.0, -1.0, 2.0, 0.5):
            others += [(f"{name} · x", number * X), (f"x / {name}", X / number)]
    for name, other in others:
        yield _at(evidence, other, f"the gradient is evaluated at {name} instead of at x")


def clipped(evidence: Evidence) -> Iterator[Guess]:
    """Clip the argument in the gradient only."""
    for limit in (1.0, 2.0, 3.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0, 500.0):
        if limit < np.abs(evidence.X).max():
            sentence = f"the gradient is that of x clipped to [-{limit:g}, {limit:g}]"
            yield _at(evidence, np.clip(evidence.X, -limit, limit), sentence)


def rounded(evidence: Evidence) -> Iterator[Guess]:
    """Round the argument in the gradient only, as in a table."""
    for digits in range(5):
        sentence = f"the gradient is that of x rounded to {digits} decimals"
        yield _at(evidence, np.round(evidence.X, digits), sentence, 8)


def _at(evidence: Evidence, rows: FloatArray, sentence: str, variety: int = 2) -> Guess:
    value, bound = evidence.slopes(rows)
    return Guess(sentence, value, bound, variety=variety)


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
