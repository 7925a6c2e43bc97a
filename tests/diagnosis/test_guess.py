import numpy as np
import pytest
from functors import right

from actcheck.diagnosis.guess import Guess, explained

from .mistakes import Mistaken, scaled
from .observing import evidence_of


@pytest.fixture(scope="module")
def doubled():
    return evidence_of(scaled(right.Tanh(), 2))


def test_a_guess_that_reproduces_every_entry_explains_what_is_wrong(doubled):
    hit = explained(doubled, Guess("", 2 * doubled.numeric, 2 * doubled.reach))
    assert np.array_equal(hit, doubled.to_explain)


def test_one_entry_that_it_does_not_reproduce_is_enough_against_it(doubled):
    value = 2 * doubled.numeric
    value[np.argwhere(doubled.usable)[0][0], 0] += 1e-3
    assert explained(doubled, Guess("", value, 2 * doubled.reach)) is None


def test_a_guess_so_vague_that_anything_fits_is_not_told(doubled):
    assert explained(doubled, Guess("", 2 * doubled.numeric, np.full(doubled.off.shape, 10.0))) is None


def test_what_nothing_is_known_of_demands_nothing(doubled):
    value = np.where(doubled.usable, 2 * doubled.numeric, np.nan)
    assert explained(doubled, Guess("", value, 2 * doubled.reach)) is not None


def test_three_entries_are_too_few(doubled):
    scope = np.zeros(doubled.off.shape, bool)
    scope[tuple(np.argwhere(doubled.to_explain)[:3].T)] = True
    assert explained(doubled, Guess("", 2 * doubled.numeric, 2 * doubled.reach, scope)) is None


def test_two_numbers_are_soon_explained():
    """The root of a slope of 0.01 is 0.1 by chance."""
    evidence = evidence_of(Mistaken(right.LeakyRelu(), lambda f, X: np.sqrt(f.gradient(X))))
    guess = Guess("", np.sqrt(evidence.numeric), 1e-9)
    assert explained(evidence, guess) is None
