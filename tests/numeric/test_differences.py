"""The cheap pass."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.numeric.climb import Usual, climb
from actcheck.numeric.differences import central
from actcheck.numeric.lines import Lines
from actcheck.numeric.pilot import ORDERS, Plan, plans

from .cases import EPS, along, quiet, through

X = np.linspace(-4, 4, 200) + 0.0123


def exact(order, level=10):
    """A plan that promises no error at all."""
    return Plan(order, level, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0)


def passed(f, x, known):
    lines, index = through(f, *x)
    return central(lines, index, f(np.array(x)[:, None]), known)


@pytest.mark.parametrize("order", ORDERS)
def test_the_bare_stencil_at_one_fixed_step(order):
    """Exact on polynomials of its order, at points whose powers are exact."""
    for degree in range(1, order + 1):
        found = passed(lambda X, d=degree: X**d, [0.5, 1.0, -1.5], exact(order, 6)).estimate
        np.testing.assert_allclose(found.value[:, 0], degree * np.array([0.5, 1.0, -1.5]) ** (degree - 1), rtol=1e-11)


@pytest.mark.parametrize("order", ORDERS)
def test_its_sign_and_factor_on_a_line(order):
    found = passed(lambda X: -3 * X, [0.25, 800.0], exact(order)).estimate
    np.testing.assert_allclose(found.value, -3.0, rtol=2 * EPS)
    assert found.level == 0


def test_the_step_really_taken_divides():
    """At 1/3 + 1e6 no step is a power of two any more."""
    x = [1e6 + 1 / 3, -7.7e8]
    found = passed(lambda X: 5 * X, x, exact(2, 20)).estimate
    np.testing.assert_allclose(found.value, 5.0, rtol=1e-15)


@pytest.mark.parametrize("rtol", [1e-5, 1e-8, 1e-10])
@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (np.tanh, lambda x: 1 / np.cosh(x) ** 2),
        (np.sin, np.cos),
        (lambda X: np.sin(30 * X), lambda x: 30 * np.cos(30 * x)),
        (lambda X: X**5, lambda x: 5 * x**4),
        (lambda X: np.maximum(X, 0), lambda x: (x > 0) * 1.0),
    ],
)
def test_the_bound_holds_on_and_off_the_sample(f, slope, rtol):
    lines, index = through(f, *X)
    known, _ = plans(climb(lines, index, along(len(index)), Usual()), rtol, 0.0)
    for x in (X, X + 0.007, X - 0.013):
        found = passed(f, x, known)
        error = np.abs(found.estimate.value[:, 0] - slope(x))
        kept = ~found.bent[:, 0]
        assert (error[kept] <= found.estimate.bound[kept, 0] + 2 * EPS * np.abs(slope(x)[kept])).all()
        assert kept.mean() >= 0.9


def test_near_a_kink_it_says_so():
    found = passed(lambda X: np.maximum(X, 0), [0.0, 1e-5, -1e-5, 1.0, -1.0], exact(2, 10))
    np.testing.assert_array_equal(found.bent[:, 0], [True, True, True, False, False])


def test_at_a_jump_it_says_so():
    found = passed(np.floor, [1.0, 1.5], exact(2, 10))
    np.testing.assert_array_equal(found.bent[:, 0], [True, False])


def test_curvature_about():
    found = passed(np.square, [0.5, -3.0], exact(2, 10))
    np.testing.assert_allclose(found.bend, 2.0, rtol=1e-9)


def test_what_is_not_finite_has_no_bound_and_is_bent():
    found = passed(quiet(np.log), [1e-5, 1.0], exact(2, 10))
    assert np.isinf(found.estimate.bound[0, 0])
    assert np.isfinite(found.estimate.bound[1, 0])
    np.testing.assert_array_equal(found.bent[:, 0], [True, False])


def test_all_outputs_along_one_input():
    W = np.array([[1.0, 2.0, -3.0], [0.5, 0.0, 4.0]])
    rows = np.array([[0.5, -1.0], [2.0, 8.0]])
    lines = Lines(lambda X: X @ W, rows, 3, False)
    found = central(lines, np.arange(4), np.repeat(rows @ W, 2, axis=0), exact(2)).estimate
    np.testing.assert_allclose(found.value.reshape(2, 2, 3), [W, W], rtol=1e-12)


def test_nothing_that_the_function_returned_is_written_into():
    """What the function gives may be its own cache, or read-only."""
    kept = []

    def f(X):
        values = np.tanh(X)
        values.setflags(write=False)
        kept.append((values, values.copy()))
        return values

    lines = Lines(f, X.reshape(-1, 2), 2, True)
    central(lines, np.arange(X.size), np.tanh(X)[:, None], exact(4))
    assert all((values == copy).all() for values, copy in kept)
