"""Slopes along directions: their bounds, and the entries that a difference is traced to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcheck.numeric import directions as numeric
from actcheck.rows.generated import directions, random_rows

from .cases import fixed

N = 60
W = np.random.default_rng(2).normal(size=(N, N)) / 8


def smooth(X):
    return np.tanh(X @ W)


def jacobian(x):
    return (1 - smooth(x[None])[0] ** 2)[:, None] * W.T


@given(st.integers(0, 10**6), st.sampled_from([1.0, 3.0]))
@fixed
def test_slopes_keep_within_their_bound(seed, scale):
    """All but a few in a thousand, of which none is far outside."""
    X = random_rows(seed, 4, N, scale)
    step = numeric.choose(smooth, X, directions(seed, 1, (2, N)))
    V = directions(seed, 2, (4, N))
    seen = numeric.slopes(smooth, X, V, step.level)
    truth = np.array([[jacobian(x) @ v for x in X] for v in V])
    ratio = np.abs(seen.value - truth) / numeric.bound(seen, X, smooth(X), step)
    assert np.mean(ratio > 1) <= 2e-3
    assert ratio.max() < 4


def test_the_step_is_shorter_where_the_function_is_steep():
    X, V = random_rows(0, 8, N, 1.0), directions(0, 1, (2, N))
    gentle = numeric.choose(smooth, X, V).level
    assert numeric.choose(lambda X: smooth(200 * X), X, V).level > gentle


def test_the_step_steers_clear_of_most_kinks():
    X, V = random_rows(0, 8, N, 1.0), directions(0, 1, (2, N))
    step = numeric.choose(lambda X: np.abs(X) @ W, X, V)
    assert step.common < 1e-6


def test_an_output_that_is_flat_at_zero_is_exact():
    X = np.zeros((1, N))
    step = numeric.Step(10, 1.0, 1e-12, 1e-12)
    seen = numeric.slopes(lambda X: 0.0 * X, X, directions(0, 1, (4, N)), 10)
    assert not seen.value.any()
    assert np.isfinite(numeric.bound(seen, X, np.zeros((1, N)), step)).all()


def traced(errors, known=(), seed=0):
    x = random_rows(seed, 1, N, 1.0)[0]
    claimed = jacobian(x)[3].copy()
    for input, error in errors.items():
        claimed[input] += error
    doubt = numeric.Doubt(x, 3, claimed, 1e-9)
    return numeric.trace(smooth, doubt, directions(seed, 1, (4, N)), 10, known)


@given(st.integers(0, N - 1), st.floats(1e-7, 1e3), st.integers(0, 50))
@fixed
def test_one_entry(input, error, seed):
    assert traced({input: error}, seed=seed) == numeric.Trace((input,), explained=True)


@given(st.lists(st.integers(0, N - 1), min_size=2, max_size=2, unique=True), st.integers(0, 50))
@fixed
def test_an_opposite_pair(pair, seed):
    found = traced({pair[0]: 0.1, pair[1]: -0.1}, seed=seed)
    assert found == numeric.Trace(tuple(sorted(pair)), explained=True)


def test_what_is_known_is_tried_first():
    assert traced({5: 0.1}, known=(5,)) == numeric.Trace((5,), explained=True)
    assert traced({5: 0.1}, known=(6,)) == numeric.Trace((5, 6), explained=True)


def test_too_many_entries_are_not_all_followed():
    found = traced(dict.fromkeys(range(N), 0.1))
    assert not found.explained
    assert found.inputs


def test_nothing_is_traced_where_nothing_is_off():
    assert traced({}) == numeric.Trace((), explained=True)


@pytest.mark.parametrize("rows", [1, 7])
@pytest.mark.parametrize("width", [1, 5, 40_000])
def test_batches_stay_within_a_cache(rows, width):
    sizes = []

    def f(X):
        sizes.append(X.size)
        return X

    numeric.slopes(f, np.zeros((rows, width)), directions(0, 1, (4, width)), 10)
    assert max(sizes) <= max(width, numeric.CHUNK)
    assert sum(sizes) == 6 * 4 * rows * width


@pytest.mark.parametrize("spoiled", [None, np.nan, np.inf])
def test_shares_of_rows_are_those_of_each_row(spoiled):
    chance = np.random.default_rng(3)
    change, size = chance.uniform(size=(4, 6, 300)), chance.uniform(1, 2, size=(6, 300))
    if spoiled is not None:
        size[2, 5] = spoiled
        change[1, 3, 7] = spoiled
        size[4, 8] = change[0, 4, 8] = 0.0
    shares = numeric._shares(change, size)
    np.testing.assert_array_equal(shares, [numeric._share(change[:, row], size[row]) for row in range(6)])


@pytest.mark.parametrize("count", [1, 2, 3, 10, 101])
def test_the_median_is_that_of_numpy(count):
    values = np.random.default_rng(count).normal(size=count)
    assert numeric._median(values) == np.median(values)
    assert numeric._median(values[:0]) == 0.0
