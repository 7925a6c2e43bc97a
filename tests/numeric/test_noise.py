"""Noise measured where it is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcheck.numeric.noise import measure

from .cases import EPS, along, fixed, quiet

X = np.linspace(-3, 3, 41)[:, None] + 0.0123


def scattered(size):
    """Give a tanh with noise of a known standard deviation, the same at every call."""

    def f(X):
        bits = np.ascontiguousarray(X).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        bits = (bits ^ (bits >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        return np.tanh(X) + size * np.sqrt(12) * ((bits >> np.uint64(11)) * 2.0**-53 - 0.5)

    return f


def measured(f, X=X, seed=0):
    return measure(quiet(f), X, along(*X.shape[:1], seed, X.shape[1]))


@pytest.mark.parametrize("size", [1e-12, 1e-9, 1e-6, 1e-3])
def test_known_noise(size):
    sigma, coarse = measured(scattered(size))
    assert 0.8 <= np.median(sigma) / size <= 2
    assert (sigma >= 0.3 * size).all()
    assert (sigma <= 4 * size).all()
    assert not coarse.any()


@pytest.mark.parametrize("f", [np.tanh, np.exp, np.sin, lambda X: 1 / (1 + np.exp(-X)), lambda X: X**3])
def test_library_functions_are_about_an_ulp_off(f):
    sigma, coarse = measured(f)
    assert (sigma <= 2 * EPS * np.maximum(np.abs(f(X)), np.abs(X))).all()
    assert (np.median(sigma / (EPS * np.abs(f(X)))) >= 0.1).all()
    assert not coarse.any()


def test_curvature_is_not_noise():
    """Fourth differences of sin(1e4 x) at the widest spacing are 1e-8; its noise is 1e-12."""
    sigma, _ = measured(lambda X: np.sin(1e4 * X))
    assert (sigma <= 20 * EPS * 1e4 * np.abs(X)).all()


def test_a_kink_or_a_jump_at_the_row_is_not_noise():
    for f in (np.abs, np.sign, lambda X: np.maximum(X, 0), np.floor):
        sigma, _ = measured(f, np.array([[0.0], [1.0]]))
        assert (sigma <= 4 * EPS).all()


def test_steps_narrower_than_the_wide_spacing_are_noise():
    """Rounded to multiples of 2^-28: neighbours 2^-40 apart are equal, those farther apart are not."""
    sigma, _ = measured(lambda X: np.round(X * 2.0**28) / 2.0**28)
    quantum = 2.0**-28 / np.sqrt(12)
    assert (np.median(sigma) >= 0.5 * quantum).all()
    assert (sigma <= 4 * quantum).all()


def test_a_shorter_type_inside():
    sigma, coarse = measured(lambda X: np.tanh(X.astype(np.float32)).astype(float))
    quantum = float(np.finfo(np.float32).eps) * np.abs(np.tanh(X))
    shows = coarse > 0
    assert shows.mean() >= 0.8
    assert (coarse[shows] <= 4 * quantum[shows]).all()
    assert np.median(coarse[shows] / quantum[shows]) >= 0.1
    assert (sigma <= 4 * quantum).all()


def test_at_the_border_of_a_domain_the_other_way_is_measured():
    """Half of the directions lead out of it."""
    sigma, _ = measured(lambda X: X**1.5 + 1, np.zeros((20, 1)))
    assert np.isfinite(sigma).all()
    assert (sigma <= 4 * EPS).all()


def test_infinite_where_nothing_is_finite():
    sigma, coarse = measured(np.log, np.array([[-1.0], [1.0]]))
    assert np.isinf(sigma[0, 0])
    assert sigma[1, 0] <= 4 * EPS
    assert not coarse.any()


def test_each_output_has_its_own():
    sigma, _ = measured(lambda X: np.concatenate([np.tanh(X), scattered(1e-6)(X)], axis=1))
    assert (sigma[:, 0] <= 2 * EPS).all()
    assert (sigma[:, 1] >= 3e-7).all()


@given(st.integers(-300, 300))
@fixed
def test_it_scales_with_the_function(power):
    """Squares of enormous and of vanishing values neither overflow nor vanish."""
    scale = 10.0**power
    one, _ = measured(np.tanh, X[:5])
    many, _ = measured(lambda X: scale * np.tanh(X), X[:5])
    np.testing.assert_allclose(many / scale, one, rtol=0.5, atol=EPS)
