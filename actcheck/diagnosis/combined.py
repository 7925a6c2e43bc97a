"""Two mistakes at once: the numbers of one hypothesis, off by one factor as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from actcheck.diagnosis import argument, derivative, form, rows
from actcheck.diagnosis.evidence import Evidence
from actcheck.diagnosis.guess import Guess, Test
from actcheck.diagnosis.numbers import Number, ratio

_VARIETY, _LARGEST = 4, 10.0


def _at_output(evidence: Evidence) -> Iterator[Guess]:
    """Evaluate the gradient at f(x), whatever it looks like at first."""
    if evidence.square:
        value, bound = evidence.slopes(evidence.value)
        yield Guess(argument.AT_OUTPUT, value, bound)


IN_PLACE: tuple[Test, ...] = (
    form.diagonal_only,
    form.without_diagonal,
    argument.of_output,
    _at_output,
    derivative.second,
)
"""The mistakes that may come together with a factor."""

OF_ROWS: tuple[Test, ...] = (rows.moved, rows.pooled, rows.first_for_all)
"""Those of rows."""


def scaled(evidence: Evidence) -> Iterator[Guess]:
    """Make another mistake, and be off by a factor."""
    if not evidence.mixed.any():
        yield from _after(evidence, IN_PLACE)


def scaled_rows(evidence: Evidence) -> Iterator[Guess]:
    """Mix up rows, and be off by a factor."""
    yield from _after(evidence, OF_ROWS)


def _after(evidence: Evidence, tests: Iterable[Test]) -> Iterator[Guess]:
    for test in tests:
        for guess in test(evidence):
            if guess.proven is None and not guess.option:
                yield from _scaled(evidence, guess)


def _scaled(evidence: Evidence, guess: Guess) -> Iterator[Guess]:
    observed = evidence.analytic if guess.observed is None else guess.observed
    value = np.broadcast_to(guess.value, observed.shape)
    slack = np.broadcast_to(guess.slack, observed.shape)
    told = evidence.usable & evidence.to_explain & (value != 0)
    if guess.scope is not None:
        told = told & guess.scope
    found = ratio(evidence.plain, observed, value, slack, told)
    # Of numbers that are nobody's, any would fit something.
    if found is None or found.error > 0 or found.value == 1 or not 1 / _LARGEST <= abs(found.value) <= _LARGEST:
        return
    c = found.value
    yield replace(
        guess,
        sentence=f"{guess.sentence}; and besides, {_also(found)}",
        value=c * value,
        slack=abs(c) * slack,
        fitted=guess.fitted + 1,
        variety=max(guess.variety, _VARIETY),
        numbers=(),
    )


def _also(found: Number) -> str:
    if found.value == -1:
        return "the sign is flipped"
    size = found.text.removeprefix("-")
    return f"the sign is flipped, and it is times {size}" if found.value < 0 else f"it is times {size}"
