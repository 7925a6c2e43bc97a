"""Differences in longdouble: sharper where the function computes in it, refused where it casts back."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.numeric import extended

pytestmark = pytest.mark.skipif(not extended.wider(), reason="longdouble is float64 here")

RNG = np.random.default_rng(1)
X = RNG.normal(size=(8, 3))
DIRECTION = RNG.uniform(0.5, 1, X.shape)


def is_computed_in(function):
    return extended.is_computed_in(function, X, np.asarray(function(X), np.float64), DIRECTION)


@pytest.mark.parametrize("function", [np.tanh, lambda x: 1 / (1 + np.exp(-x)), lambda x: 1e8 + np.tanh(x)])
def test_numpy_code_computes_in_it(function):
    assert is_computed_in(function)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.tanh(x.astype(np.float64)),
        lambda x: np.tanh(x.astype(np.float64)).astype(x.dtype),
        lambda x: x * np.tanh(x.astype(np.float64)),
        lambda x: x + np.sin(3 * x).astype(np.float32),
        lambda x: np.tanh(x).astype(np.float64).astype(np.longdouble),
        lambda x: np.tanh(x) if x.dtype == np.float64 else np.cos(x),
    ],
    ids=["float64 out", "cast there and back", "one factor", "one term in float32", "at the end", "another function"],
)
def test_a_silent_cast_is_seen(function):
    assert not is_computed_in(function)


def test_derivatives_are_sharper_than_float64_allows():
    at = np.array([[0.5, 17.0], [17.0, 0.25]])
    value, bound = extended.derivatives(
        lambda x: 1e4 + np.tanh(x), at, np.array([1, 1]), np.array([1, 1]), 2, usual=1.0
    )
    true = 1 / np.cosh(at[:, 1]) ** 2
    assert (np.abs(value - true) <= bound).all()
    assert bound[1] < 1e-11


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_no_bound_where_the_function_is_not_finite():
    _, bound = extended.derivatives(np.log, np.array([[-1.0]]), np.array([0]), np.array([0]), 1, usual=1.0)
    assert bound[0] == np.inf
