"""Guesses and what they are worth: a guess is told only where it reproduces every entry in its scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.diagnosis.evidence import BoolArray, Evidence
from actcheck.diagnosis.numbers import Number
from actcheck.model import Diagnosis
from actcheck.numeric.lines import FloatArray, IndexArray

LEAST = 4
"""So many wrong entries, besides one for each number that was fitted to them, must support a guess."""

SHARE = 0.5
"""A guess that explains a smaller share of what is wrong is not told."""

VARIETY = 3
"""So many different pairs of right and given value must support a guess, unless it says otherwise."""

SHARP = 0.125
"""An entry supports a guess only if it is reproduced to within this share of what it is wrong by."""


@dataclass(frozen=True)
class Guess:
    """What the gradient would be, had a certain mistake been made.

    Parameters
    ----------
    sentence : str
    value : ndarray
        Of the shape of the entries.
    slack : ndarray or float
        What `value` may be off by, since it was computed from differences or fitted.
    scope : ndarray of bool or None
        The entries that the mistake is about; None for all.
    observed : ndarray or None
        What has to equal `value`, where it is not the gradient itself.
    fitted : int
        How many numbers were chosen to fit.
    option : str
    code : str
        Where it is another than the hypothesis' own.
    least : int
        Supporting entries that are enough; fewer than `LEAST` only where the functor was asked for more.
    variety : int
        So many different pairs of right and given value must be among them: two numbers are soon explained.
    proven : ndarray of bool or None
        Entries that it explains for sure, since the functor was asked; `value` is then not looked at.
    numbers : tuple of Number
        Those in the sentence that may be somebody's, which is for `confirmed` to find out.
    """

    sentence: str
    value: FloatArray
    slack: FloatArray | float = 0.0
    scope: BoolArray | None = None
    observed: FloatArray | None = None
    fitted: int = 0
    option: str = ""
    code: str = ""
    least: int = LEAST
    variety: int = VARIETY
    proven: BoolArray | None = None
    numbers: tuple[Number, ...] = ()

    @property
    def owners(self) -> tuple[str, ...]:
        """Whom the sentence blames."""
        return tuple(number.owner for number in self.numbers if number.owner)


Test = Callable[[Evidence], Iterable[Guess]]


@dataclass(frozen=True)
class Hypothesis:
    """One line of the table.

    Parameters
    ----------
    code, family : str
    test : callable
        Evidence to guesses, none where the mistake makes no sense.
    """

    code: str
    family: str
    test: Test


def explained(evidence: Evidence, guess: Guess) -> BoolArray | None:
    """Give the wrong entries that a guess explains, None where it must not be told.

    It has to reproduce every usable entry in its scope, right ones included, and enough wrong ones so sharply that
    it does not hold by accident.
    """
    if guess.proven is not None:
        hit = guess.proven & evidence.to_explain
        return hit if np.count_nonzero(hit) >= guess.least else None
    shape = evidence.analytic.shape
    scope = evidence.usable if guess.scope is None else evidence.usable & guess.scope
    value = np.broadcast_to(guess.value, shape)
    observed = evidence.analytic if guess.observed is None else guess.observed
    with np.errstate(invalid="ignore", over="ignore"):
        within = 2 * evidence.allowed + guess.slack + evidence.rtol * np.abs(value)
        fits = np.abs(observed - value) <= within
    told = np.isfinite(within)
    if not np.all(fits[scope & told]):
        return None
    hit = scope & fits & told & evidence.to_explain
    sharp = hit & (within <= SHARP * evidence.off)
    if np.count_nonzero(sharp) < guess.least + guess.fitted or _pairs(evidence, sharp, guess.variety) < guess.variety:
        return None
    return hit


def refuted(evidence: Evidence, value: FloatArray, slack: FloatArray, rows: IndexArray) -> bool:
    """Whether some rows are enough to tell that the gradient is not this: one entry that is not reproduced.

    Parameters
    ----------
    evidence : Evidence
    value, slack : ndarray
        What a guess on all entries says of those rows.
    rows : ndarray of int
    """
    with np.errstate(invalid="ignore", over="ignore"):
        within = 2 * evidence.allowed[rows] + slack + evidence.rtol * np.abs(value)
        fits = np.abs(evidence.analytic[rows] - value) <= within
    return bool(np.any(evidence.usable[rows] & np.isfinite(within) & ~fits))


def _pairs(evidence: Evidence, sharp: BoolArray, enough: int) -> int:
    """Count the pairs of right and given value, as far as it matters; alike to four digits is one pair."""
    pairs: set[str] = set()
    for numeric, analytic in zip(evidence.numeric[sharp].tolist(), evidence.analytic[sharp].tolist(), strict=True):
        pairs.add(f"{numeric:.3e} {analytic:.3e}")
        if len(pairs) >= enough:
            break
    return len(pairs)


def weigh(evidence: Evidence, hypothesis: Hypothesis, guess: Guess) -> tuple[Diagnosis, BoolArray] | None:
    """Turn a guess into a diagnosis, if it may be told, with the wrong entries that it explains."""
    hit = explained(evidence, guess)
    if hit is None:
        return None
    count, wrong = int(np.count_nonzero(hit)), int(np.count_nonzero(evidence.to_explain))
    if guess.proven is None and count < SHARE * wrong:
        return None
    told = Diagnosis(guess.code or hypothesis.code, hypothesis.family, guess.sentence, count, wrong, guess.option)
    return told, hit


def confirmed(evidence: Evidence, test: Test, guess: Guess, owner: str) -> bool:
    """Whether a number in a guess changes with its owner: by another value, width or batch the same is found again."""
    other = evidence.elsewhere(owner) if evidence.elsewhere else None
    if other is None:
        return False
    # There the number of another may be equal by accident.
    other = other.clear(*(name for name, _ in other.owners if name not in guess.owners))
    names = [number.name for number in guess.numbers]
    return any(
        [number.name for number in again.numbers] == names and explained(other, again) is not None
        for again in test(other)
    )


def first_of(evidence: Evidence, tests: Iterable[Test], least: int) -> Guess | None:
    """Give the first guess that explains everything that is wrong, else None.

    Parameters
    ----------
    evidence : Evidence
    tests : iterable of callables
    least : int
        Supporting entries that are enough.
    """
    for test in tests:
        for guess in test(evidence):
            hit = explained(evidence, replace(guess, least=min(guess.least, least)))
            if hit is not None and np.array_equal(hit, evidence.to_explain):
                return guess
    return None
