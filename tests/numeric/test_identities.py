"""Identities that are found, and those that are not."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.numeric.identities import Kind, find

X = np.random.default_rng(3).normal(size=(20, 4)) * 2


def softmax(X):
    E = np.exp(X - X.max(1, keepdims=True))
    return E / E.sum(1, keepdims=True)


def kinds(function, diagonal=True):
    return {each.kind for each in find(function, X, diagonal)}


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda x: 1 / (1 + np.exp(-x)), "f(x) + f(-x) = 1"),
        (np.tanh, "f(-x) = -f(x)"),
        (lambda x: 3 + np.tanh(x), "f(x) + f(-x) = 6"),
        (np.cos, "f(-x) = f(x)"),
        (lambda x: np.arange(1, 5) + np.tanh(x), "f(x) + f(-x) = c"),
    ],
)
def test_mirrors(function, text):
    assert [each.text for each in find(function, X, True)] == [text]


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.logaddexp(0, x),
        lambda x: np.tanh(x) + 1e-6 * x * x,
        lambda x: np.zeros_like(x),
        lambda x: np.full_like(x, np.nan),
        lambda x: np.where(x > 5, 0.9, 1 / (1 + np.exp(-x))),
    ],
    ids=["softplus", "nearly odd", "zero", "nan", "broken at one end"],
)
def test_nothing_is_found_where_nothing_holds(function):
    rows = np.concatenate([X, [[6.0, 1.0, 2.0, 3.0]]])
    assert find(function, rows, True) == ()


def test_sums_of_a_softmax():
    assert kinds(softmax, diagonal=False) == {Kind.SHIFT, Kind.TOTAL}
    assert kinds(lambda X: softmax(X) * np.arange(1, 5), diagonal=False) == {Kind.SHIFT}


def test_where_it_is_broken_it_does_not_hold():
    def clipped(x):
        return np.where(x < -30, 1e-3, 1 / (1 + np.exp(-x)))

    (identity,) = find(clipped, X, True)
    assert identity.holds(clipped, np.array([[40.0, 1.0, 2.0, -40.0]])).tolist() == [[False, True, True, False]]
