"""The checks from Python: what may be asked for, and what is said of the rest."""

from __future__ import annotations

import numpy as np
import pytest

import actcheck
from actcheck.errors import DataError, UsageError


class Tanh:
    def __call__(self, X):
        return np.tanh(X)

    def gradient(self, X):
        return 1 - np.tanh(X) ** 2


class UnspeakableError(Exception):
    def __str__(self):
        raise RuntimeError


class Raising(Tanh):
    def gradient(self, X):
        raise UnspeakableError


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"parameters": 5}, "parameters must be a mapping"),
        ({"name": ""}, "name must be a text that is not empty, not ''"),
        ({"name": 5}, "name must be a text that is not empty, not 5"),
        ({"edge": None}, "edge must be True or False, not None"),
        ({"strict": "no"}, "strict must be True or False, not 'no'"),
        ({"full": 1}, "full must be True or False, not 1"),
    ],
)
def test_settings_that_are_none(settings, words):
    with pytest.raises(UsageError, match=words):
        actcheck.check(Tanh(), **settings)


@pytest.mark.parametrize(
    ("X", "words"),
    [
        ([[10**400]], "X is no array of numbers"),
        ([[1 + 2j]], "X is complex"),
        (np.ones((2, 2), complex), "X is complex"),
    ],
)
def test_rows_that_are_none(X, words):
    with pytest.raises(DataError, match=words):
        actcheck.check(Tanh(), X)


def test_numbers_and_booleans_of_numpy_are_numbers_and_booleans():
    given = actcheck.check(Tanh(), seed=np.int64(3), dim=np.int32(4), rtol=np.float64(1e-7), strict=np.True_)
    assert given == actcheck.check(Tanh(), seed=3, dim=4, rtol=1e-7, strict=True)
    assert type(given.spec.seed) is int


def test_an_exception_that_cannot_be_told_is_the_functors_fault():
    report = actcheck.check(Raising())
    assert not report.passed
    assert "UnspeakableError" in str(report)


def test_the_call_that_shows_a_fault_again_names_what_was_handed_over():
    wrong = Tanh()
    wrong.gradient = np.cos
    assert actcheck.check(wrong).replay.startswith("actcheck.check(functor, [")
