"""The ladder with measured noise: bounds under two models, and what is usual of a function."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.numeric.climb import Usual, again, climb, usual
from actcheck.numeric.lines import Lines

from .cases import EPS, along, quiet, through

X = tuple(np.linspace(-4, 4, 100) + 0.0123)


def seen(f, *x, known=None):
    lines, index = through(f, *(x or X))
    first = climb(lines, index, along(len(index)), known or Usual())
    return first if known else again(first, usual(first))


def sech2(x):
    return 1 / np.cosh(x) ** 2


# ------------------------------------------------------------------------------------------ bounds


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (np.tanh, sech2),
        (lambda X: 1e8 + np.tanh(X), sech2),
        (lambda X: 1e-8 * np.tanh(X), lambda x: 1e-8 * sech2(x)),
        (lambda X: np.sin(1e4 + X), lambda x: np.cos(1e4) * np.cos(x) - np.sin(1e4) * np.sin(x)),
        (lambda X: np.log(1 + np.exp(8 * X)), lambda x: 8 / (1 + np.exp(-8 * x))),
        (lambda X: np.tanh(X.astype(np.float32)).astype(float), sech2),
    ],
)
def test_the_slope_lies_within_the_bound(f, slope):
    x = np.array(X)
    found = seen(f)
    allowed = 4 * EPS * np.max(np.abs(slope(x))) * np.maximum(1, np.abs(x))
    assert (np.abs(found.value[:, 0] - slope(x)) <= found.bound[:, 0] + allowed).all()
    assert np.isfinite(found.bound).all()


def test_the_optimistic_bound_is_the_smaller():
    found = seen(np.tanh)
    assert (found.bold_bound <= found.bound).all()
    assert np.median(found.bound) <= 1e-12


def test_many_outputs_at_once():
    lines = Lines(
        quiet(lambda X: np.stack([X[:, 0] * X[:, 1], np.sin(X[:, 0])], axis=1)), np.array([[0.5, 3.0]]), 2, False
    )
    found = climb(lines, np.arange(2), along(1, width=2), Usual())
    np.testing.assert_allclose(found.value, [[3.0, np.cos(0.5)], [0.5, 0.0]], atol=1e-12)
    assert (np.abs(found.value - [[3.0, np.cos(0.5)], [0.5, 0.0]]) <= found.bound + EPS).all()


def test_only_what_is_asked():
    lines = Lines(
        quiet(lambda X: np.stack([X[:, 0] * X[:, 1], np.sin(X[:, 0])], axis=1)), np.array([[0.5, 3.0]]), 2, False
    )
    asked = np.array([[True, False], [True, True]])
    whole = climb(lines, np.arange(2), along(1, width=2), Usual())
    part = climb(lines, np.arange(2), along(1, width=2), Usual(), asked)
    np.testing.assert_array_equal(part.value[:, 0], whole.value[asked])
    np.testing.assert_array_equal(part.bound[:, 0], whole.bound[asked])


def test_curvature_about():
    found = seen(lambda X: X**3)
    np.testing.assert_allclose(found.bend[:, 0], np.abs(6 * np.array(X)), rtol=0.05, atol=0.1)


# ------------------------------------------------------------------------------------------ what is usual


def test_usual_size_slope_and_noise():
    known = usual(seen(lambda X: 3 * X))
    assert known.value == pytest.approx(np.median(3 * np.abs(X)), rel=1e-9)
    assert known.slope == pytest.approx(3, rel=1e-6)
    assert 0.05 * EPS * known.value <= known.noise <= 2 * EPS * known.value
    assert known.grain == 0


def test_a_shorter_type_inside_is_usual():
    known = usual(seen(lambda X: np.tanh(X.astype(np.float32)).astype(float)))
    assert 0.1 * np.finfo(np.float32).eps <= known.grain <= 10 * np.finfo(np.float32).eps


def test_the_shift_of_a_function_that_rounds_its_own_argument():
    """1e4 + x is rounded to 1.8e-12: as if x had been moved by that."""
    assert 1e-13 <= usual(seen(lambda X: np.sin(1e4 + X))).shift <= 1e-11
    assert usual(seen(np.tanh)).shift <= 1e-13


@pytest.mark.parametrize("f", [lambda X: np.full_like(X, np.nan), lambda X: X / 0, lambda X: X * 0 + 2.0])
def test_nothing_is_usual_of_what_tells_nothing(f):
    known = usual(seen(f))
    assert (known.slope, known.shift, known.grain) == (0, 0, 0)


def test_terms_that_may_have_cancelled():
    x = np.array([0.0, 1.0, -100.0])
    np.testing.assert_array_equal(Usual(2.0, 0.5).terms(x), [2.0, 2.0, 52.0])
    np.testing.assert_array_equal(Usual(2.0, 1e9).terms(x), [2.0, 2.0, 200.0])


def test_what_is_usual_widens_the_bound_where_terms_cancel():
    """GELU by tanh is a staircase for x < -5: flat from step to step, with slopes of its own on each."""

    def gelu(X):
        return 0.5 * X * (1 + np.tanh(0.7978845608 * (X + 0.044715 * X**3)))

    def slope(x):
        u = 0.7978845608 * (x + 0.044715 * x**3)
        # 1 + tanh(u) without the cancellation.
        return 1 / (1 + np.exp(-2 * u)) + 0.5 * x * sech2(u) * 0.7978845608 * (1 + 3 * 0.044715 * x**2)

    x = np.linspace(-5.95, -5, 96)
    known = usual(seen(gelu))
    for found, holds in ((seen(gelu, *x, known=Usual()), False), (seen(gelu, *x, known=known), True)):
        assert (np.abs(found.value[:, 0] - slope(x)) <= found.bound[:, 0]).all() == holds


def test_again_is_as_if_it_had_been_known_before():
    lines, index = through(np.tanh, *X)
    first = climb(lines, index, along(len(index)), Usual())
    known = Usual(1.0, 0.5, 1e-16, 1e-15, 0.0)
    late, early = again(first, known), climb(lines, index, along(len(index)), known)
    np.testing.assert_array_equal(late.value, early.value)
    np.testing.assert_array_equal(late.bound, early.bound)
    np.testing.assert_array_equal(late.noise, early.noise)
