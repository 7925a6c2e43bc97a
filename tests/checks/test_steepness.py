"""How steep a functor gets, and what follows for its tails."""

from __future__ import annotations

import numpy as np
import pytest

import actcheck
from actcheck.checks.steepness import steepest
from actcheck.model import Outcome

from .cases import SOFTMAX, Made, random_rows, subject


def steep(value, large=1.0, dim=5, **known):
    return steepest(subject(Made(value, value), dim, **known), random_rows(dim), large, 1.0, np.inf)


@pytest.mark.parametrize("factor", [1.0, 30.0, 100.0])
def test_the_steepest_place_of_a_sigmoid(factor):
    assert steep(lambda X: 0.5 + 0.5 * np.tanh(factor * X / 2)) == pytest.approx(factor / 4, rel=0.05)


def test_where_the_value_is_large_it_does_not_count():
    assert steep(lambda X: X**3, large=1.0) <= 3.01
    assert steep(lambda X: X**3, large=8.0) == pytest.approx(12, rel=0.1)


def test_rounding_is_not_steep():
    assert steep(lambda X: 1e15 + np.tanh(X), large=2e15) == 0


def test_of_a_jacobian():
    assert 0.1 < steep(SOFTMAX.value, jacobian=True) <= 0.25


class Softplus:
    """log(1 + exp(100 x)) / 100; half of its slopes are next to nothing, and its gradient rounded like those of 1."""

    def __init__(self, off=0.0):
        self.off = off

    def __call__(self, X):
        return np.logaddexp(0, 100 * X) / 100

    def gradient(self, X):
        return (0.5 + self.off) * (1 + np.tanh(50 * X))


class Softmax:
    """Stretched, in the type that it is given; `off` is a relative error."""

    def __init__(self, stretch, off=0.0):
        self.stretch, self.off = stretch, off

    def __call__(self, X):
        E = np.exp(self.stretch * X - (self.stretch * X).max(-1, keepdims=True))
        return E / E.sum(-1, keepdims=True)

    def gradient(self, X):
        P = self(X)
        J = P[:, :, None] * np.eye(X.shape[1], dtype=X.dtype) - P[:, :, None] * P[:, None, :]
        return (self.stretch * (1 + self.off) * J).astype(X.dtype)


class Steep:
    """tanh(200 x)."""

    def __init__(self, off=0.0):
        self.off = off

    def __call__(self, X):
        return np.tanh(200 * X)

    def gradient(self, X):
        return (200 * (1 + self.off) * (1 - np.tanh(200 * X) ** 2)).astype(X.dtype)


@pytest.mark.parametrize("seed", range(4))
def test_rounding_next_to_slopes_of_one_is_no_error(seed):
    assert actcheck.check(Softplus(), seed=seed).outcome is Outcome.PASSED
    assert actcheck.check(Softplus(1e-7), seed=seed).outcome is Outcome.FAILED


@pytest.mark.parametrize("stretch", [2, 3, 5, 10, -3])
def test_nor_in_a_shorter_type(stretch):
    assert actcheck.check(Softmax(stretch), dtype="float32").outcome is Outcome.PASSED
    assert actcheck.check(Softmax(stretch, 0.01), dtype="float32").outcome is Outcome.FAILED


def test_nor_of_a_steep_one():
    assert actcheck.check(Steep(), dtype="float32").outcome is Outcome.PASSED
    assert actcheck.check(Steep(0.01), dtype="float32").outcome is Outcome.FAILED


def test_a_gradient_that_the_type_cannot_hold_is_no_error():
    tiny = Made(lambda X: 1e-8 * np.tanh(X.astype(float)), lambda X: np.zeros_like(X))
    assert actcheck.check(tiny, dtype="float16").outcome is Outcome.UNRESOLVED
    assert actcheck.check(tiny, dtype="float32").outcome is Outcome.FAILED


def test_where_values_cancel_the_noise_is_bounded_by_what_was_seen():
    """A smooth rectifier's left tail is all rounding: by its own size, its noise hid the slope of 1."""

    def value(X):
        return 0.5 * (X + np.sqrt(X * X + 1e-12))

    made = subject(Made(value, value), 5)
    assert steepest(made, random_rows(5), 0.7, 1e12, np.inf) == 0.0
    assert steepest(made, random_rows(5), 0.7, 1e12, 5e-15) == pytest.approx(1, rel=1e-3)
