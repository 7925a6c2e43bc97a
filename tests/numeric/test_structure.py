"""What does not depend on what."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcheck.numeric.structure import ULPS, column_changes, dependence, masks, row_changes

from .cases import EPS, fixed

X = np.round(np.random.default_rng(0).standard_normal((6, 40)), 4)
OTHER = np.round(np.random.default_rng(1).standard_normal((6, 40)), 4)


@given(st.integers(1, 200))
@fixed
def test_every_ordered_pair_is_parted_by_some_mask(count):
    parted = np.zeros((count, count), bool)
    many = 0
    for mask in masks(count):
        parted |= np.outer(~mask, mask)
        many += 1
    assert parted[~np.eye(count, dtype=bool)].all()
    assert many <= 2 * np.ceil(np.log2(max(count, 1)))


def hidden(output, input, strength, width):
    """Give tanh, one output of which depends on one input more."""

    def f(X):
        A = np.tanh(X)
        A[:, output] += strength * X[:, input]
        return A

    return f


def found_in(f, width, rows=6):
    return dependence(column_changes(f, X[:rows, :width], OTHER[:rows, :width]), width)


@given(st.data(), st.integers(2, 40), st.integers(0, 12))
@fixed
def test_every_hidden_pair_is_found_and_named(data, width, decade):
    output = data.draw(st.integers(0, width - 1))
    input = data.draw(st.integers(0, width - 1).filter(lambda each: each != output))
    pair = found_in(hidden(output, input, 10.0**-decade, width), width)
    assert pair is not None
    assert (pair.output, pair.input) == (output, input)
    assert pair.change == pytest.approx(10.0**-decade * np.abs(X - OTHER)[:6, input].max(), rel=1e-3, abs=4 * EPS)


@pytest.mark.parametrize("width", [1, 2, 3, 8, 33])
@pytest.mark.parametrize(
    "f", [np.tanh, np.exp, lambda X: X, lambda X: np.maximum(X, 0), lambda X: X * np.arange(X.shape[1])]
)
def test_no_false_alarm(f, width):
    assert found_in(f, width) is None


def test_all_of_several_dependences_lead_to_a_true_pair():
    pair = found_in(lambda X: X - X.mean(axis=1, keepdims=True), 9)
    assert pair is not None
    assert pair.output != pair.input


def test_changes_of_a_few_ulps_are_rounding():
    def jittery(X):
        return X * (1 + EPS * (np.arange(X.shape[1]) == 2) * (X.sum(axis=1, keepdims=True) > 0))

    assert found_in(jittery, 8) is None
    assert ULPS >= 2


def test_it_takes_a_logarithmic_number_of_evaluations():
    calls = []

    def f(X):
        calls.append(len(X))
        return np.tanh(X)

    wide = np.tile(X, (1, 25))
    assert dependence(column_changes(f, wide, wide[::-1]), 1000) is None
    assert len(calls) <= 1 + 2 * 10


def test_what_is_no_longer_finite_has_changed():
    def f(X):
        A = np.tanh(X)
        A[X[:, 0] != 0.5, 3] = np.nan
        return A

    same = np.full((2, 5), 0.5)
    pair = dependence(column_changes(f, same, same + 1), 5)
    assert pair is not None
    assert (pair.output, pair.input, pair.change) == (3, 0, np.inf)


def test_a_row_that_the_function_raises_on_tells_nothing():
    def f(X):
        A = np.tanh(X)
        A[(X < 0).any(axis=1)] = np.nan
        return A

    assert found_in(f, 8) is None


def test_what_stays_nan_or_infinite_has_not_changed():
    def f(X):
        A = np.tanh(X)
        A[:, 1] = np.nan
        A[:, 2] = np.inf
        return A

    assert found_in(f, 8) is None


# ------------------------------------------------------------------------------------------ rows


@given(st.data(), st.integers(2, 6))
@fixed
def test_rows_that_depend_on_others_are_named(data, count):
    output = data.draw(st.integers(0, count - 1))
    input = data.draw(st.integers(0, count - 1).filter(lambda each: each != output))

    def f(X):
        A = np.tanh(X)
        A[output] += 1e-6 * X[input]
        return A

    pair = dependence(row_changes(f, X[:count], OTHER[:count], 64), count)
    assert pair is not None
    assert (pair.output, pair.input) == (output, input)


def test_independent_rows_raise_no_alarm():
    W = np.random.default_rng(3).standard_normal((40, 7))
    for f in (np.tanh, lambda X: np.tanh(X @ W), lambda X: (X @ W)[:, :, None] * np.ones(3)):
        assert dependence(row_changes(f, X, OTHER, 64), len(X)) is None


def test_normalising_over_the_batch_is_seen():
    pair = dependence(row_changes(lambda X: X - X.mean(axis=0), X, OTHER, 64), len(X))
    assert pair is not None
