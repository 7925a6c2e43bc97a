"""The ladder: the bare stencil, bounds that hold, and what a function does at a point."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcheck.numeric import ladder
from actcheck.numeric.ladder import LEVELS, Local
from actcheck.numeric.lines import Lines

from .cases import EPS, fixed, quiet, short_decimals, through


def tableau_of(f, *x):
    return ladder.evaluate(*through(f, *x))


def noise_like(tableau, share=2 * EPS):
    return share * np.maximum(np.abs(tableau.centre), np.abs(tableau.x))


def climbed(f, *x, share=2 * EPS):
    tableau = tableau_of(f, *x)
    value, bound = ladder.climb(tableau, noise_like(tableau, share))
    return value[:, 0], bound[:, 0]


# ------------------------------------------------------------------------------------------ steps


@given(st.floats(-1e6, 1e6))
@fixed
def test_steps_scale_with_powers_of_two(x):
    scale = float(ladder.scale(np.array([x]))[0])
    assert np.log2(scale) == int(np.log2(scale))
    assert scale <= max(1.0, abs(x)) < 2 * scale


@given(short_decimals)
@fixed
def test_the_steps_really_taken(x):
    tableau = tableau_of(np.tanh, x)
    for level in range(LEVELS):
        ahead, behind = float(tableau.ahead[level, 0, 0]), float(tableau.behind[level, 0, 0])
        step = Fraction(1, 2 ** (level + 1)) * Fraction(float(ladder.scale(np.array([x]))[0]))
        assert abs(Fraction(ahead) - step) <= Fraction(2, 2**52) * Fraction(max(1.0, abs(x)))
        assert tableau.above[level, 0, 0] == np.tanh(x + ahead)
        assert tableau.below[level, 0, 0] == np.tanh(x - behind)


def test_the_bare_stencil():
    """Before any extrapolation: its sign, its factor, and its error h^2/6 f'''."""
    square = tableau_of(np.square, 0.75)
    np.testing.assert_array_equal(square.central[:20], 1.5)
    np.testing.assert_array_equal(square.gap[:20, 0, 0], 2 * square.ahead[:20, 0, 0])
    cube = tableau_of(lambda X: X**3, 0.5)
    np.testing.assert_array_equal(cube.central[:15, 0, 0], 0.75 + cube.ahead[:15, 0, 0] ** 2)
    at_two = tableau_of(np.square, 2.0)
    assert at_two.ahead[0, 0, 0] == 1.0


def test_columns_of_richardson_are_exact_for_polynomials():
    """Column k has no error left of degree 2 k + 2: the first level that has all columns is exact for x^8."""
    for degree in range(1, 9):
        value, bound = climbed(lambda X, d=degree: X**d, 1.0, share=0.0)
        assert value[0] == pytest.approx(degree, rel=1e-12)
        assert bound[0] <= 1e-9


# ------------------------------------------------------------------------------------------ the bound


@given(st.lists(st.integers(-999, 999), min_size=1, max_size=7), short_decimals)
@fixed
def test_a_polynomial_slope_lies_within_the_bound(coefficients, x):
    """By Horner's rule, whose rounding is at most 2 n units of the sum of sizes; truth in fractions."""

    def f(X):
        total = np.zeros_like(X)
        for each in coefficients:
            total = total * X + each
        return total

    degree = len(coefficients) - 1
    tableau = tableau_of(f, x)
    reach = abs(x) + float(ladder.scale(np.array([x]))[0]) / 2
    size = sum(abs(each) * reach ** (degree - k) for k, each in enumerate(coefficients))
    value, bound = ladder.climb(tableau, np.array([[2 * (degree + 1) * EPS * size]]))
    exact = sum(each * (degree - k) * Fraction(x) ** (degree - k - 1) for k, each in enumerate(coefficients[:-1]))
    assert abs(Fraction(float(value[0, 0])) - exact) <= Fraction(float(bound[0, 0]))


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (np.tanh, lambda x: 1 / np.cosh(x) ** 2),
        (np.exp, np.exp),
        (lambda X: np.sin(30 * X), lambda x: 30 * np.cos(30 * x)),
        (lambda X: np.tanh(200 * X), lambda x: 200 / np.cosh(np.minimum(200 * abs(x), 300)) ** 2),
        (lambda X: np.arctan(1e4 * X), lambda x: 1e4 / (1 + (1e4 * x) ** 2)),
        (lambda X: 1 / (1 + 25 * X**2), lambda x: -50 * x / (1 + 25 * x**2) ** 2),
    ],
)
def test_smooth_functions_flat_and_steep(f, slope):
    """A steep function looks flat and converged at coarse steps: every finer step has to confirm."""
    x = np.concatenate([np.linspace(-3, 3, 61) + 1e-3, [0.0, 1e-4, -1e-4, 1e-9]])
    scale = np.max(np.abs(slope(x)))
    tableau = tableau_of(f, *x)
    value, bound = ladder.climb(tableau, noise_like(tableau, 4 * EPS * scale))
    error = np.abs(value[:, 0] - slope(x))
    assert (error <= bound[:, 0] + 4 * EPS * scale).all()
    assert np.median(bound) <= 1e-8 * scale


def test_two_steps_that_agree_by_accident():
    """Where f''' crosses 0 the errors of two coarse steps are equal, and noise hides what finer ones say."""
    x = np.linspace(0.655, 0.665, 101)
    tableau = tableau_of(lambda X: 1e8 + np.tanh(X), *x)
    value, bound = ladder.climb(tableau, noise_like(tableau, EPS))
    assert (np.abs(value[:, 0] - 1 / np.cosh(x) ** 2) <= bound[:, 0]).all()


def test_a_feature_far_finer_than_usual_steps():
    """18 halvings do not see what happens at distance 1e-9."""
    value, bound = climbed(lambda X: np.maximum(X, 0), 1e-9, -1e-9, 1e-7, -1e-7)
    np.testing.assert_allclose(value, [1, 0, 1, 0], atol=1e-3)
    assert (np.abs(value - [1, 0, 1, 0]) <= bound).all()
    assert (bound <= 1e-2).all()


def test_unknown_is_infinite_and_never_small():
    value, bound = climbed(np.log, -1.0, -8.0)
    assert np.isinf(bound).all()
    assert value.shape == (2,)


def test_a_finer_step_that_is_not_finite_leaves_nothing_known():
    """A hole around x: what coarse steps say of its slope would be a guess."""
    _, bound = climbed(lambda X: np.where((X != 0) & (np.abs(X) < 1e-9), np.nan, X), 0.0)
    assert np.isinf(bound).all()


def test_overflow_at_coarse_steps_is_no_obstacle():
    tableau = tableau_of(lambda X: np.exp(1000 * X), 0.7)
    assert np.isinf(tableau.above[0])
    size = np.exp(700.0)
    value, bound = ladder.climb(tableau, np.full((1, 1), 1000 * EPS * size))
    assert abs(value[0, 0] - 1000 * size) <= bound[0, 0] <= 1e-3 * size


@pytest.mark.parametrize("power", [1.25, 4 / 3, 1.5, 5 / 3, 1.75])
@pytest.mark.parametrize("lift", [0.0, 1e-3, 1.0, 100.0, 1e4])
def test_differences_that_hardly_shrink(power, lift):
    """Those of sign(x) |x|^1.5 at 0 are h^0.5: what is still to come of them is more than the last change."""
    value, bound = climbed(lambda X: lift + np.sign(X) * np.abs(X) ** power, 0.0, share=EPS)
    assert abs(value[0]) <= bound[0]
    value, bound = climbed(lambda X: lift + np.sign(X) * np.abs(X) ** power, 1e-9, -1e-9, share=EPS)
    assert (np.abs(value - power * 1e-9 ** (power - 1)) <= bound).all()


# ------------------------------------------------------------------------------------------ the border of a domain


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (lambda X: np.sqrt(X) * X, 0.0, 0.0),
        (lambda X: np.where(X < 0, np.nan, X**2 + 3 * X), 0.0, 3.0),
        (lambda X: np.where(X > 2, np.nan, 5 * X), 2.0, 5.0),
        (lambda X: np.where(X > 1, np.inf, (1 - X) ** 2), 1.0, 0.0),
    ],
)
def test_at_a_border_one_side_tells_the_slope(f, x, slope):
    value, bound = climbed(f, x)
    assert abs(value[0] - slope) <= bound[0] <= 1e-3


# ------------------------------------------------------------------------------------------ kinks and jumps


@pytest.mark.parametrize(
    ("f", "x", "what"),
    [
        (np.tanh, 0.3, Local.SMOOTH),
        (lambda X: np.sin(30 * X), 0.0, Local.SMOOTH),
        (lambda X: X * 0 + 2.0, 0.5, Local.SMOOTH),
        (lambda X: 1e6 * X**5, 3.0, Local.SMOOTH),
        (np.abs, 0.0, Local.KINK),
        (lambda X: np.maximum(X, 0), 0.0, Local.KINK),
        (lambda X: np.maximum(X, 0) + np.exp(X), 0.0, Local.KINK),
        (lambda X: np.clip(X, -1, 1), 1.0, Local.KINK),
        (np.cbrt, 0.0, Local.STEEP),
        (lambda X: np.sqrt(np.abs(X)), 0.0, Local.STEEP),
        (lambda X: np.sign(X) * np.abs(X) ** 0.1, 0.0, Local.STEEP),
        (np.sign, 0.0, Local.JUMP),
        (lambda X: (X > 0) * 1.0, 0.0, Local.JUMP),
        (lambda X: (X >= 0) * 1.0, 0.0, Local.JUMP),
        (lambda X: np.floor(X) + np.sin(X), 1.0, Local.JUMP),
        (lambda X: np.where(np.abs(X) > 0.5, X, 0.0), 0.5, Local.JUMP),
        (lambda X: np.where(X == 0, 1.0, 0.0), 0.0, Local.JUMP),
    ],
)
def test_what_a_function_does(f, x, what):
    tableau = tableau_of(f, x)
    assert ladder.local(tableau, noise_like(tableau))[0, 0] == what


@given(short_decimals, st.floats(1e-12, 1e-3))
@fixed
def test_noise_is_neither_jump_nor_infinite_slope(x, size):
    """Its differences grow by 2 at every halving as well, but not evenly."""

    def f(X):
        bits = np.ascontiguousarray(X).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        bits = (bits ^ (bits >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        return X + size * ((bits >> np.uint64(11)) * 2.0**-53 - 0.5)

    tableau = tableau_of(f, x)
    assert ladder.local(tableau, np.full((1, 1), 0.02 * size))[0, 0] not in (Local.STEEP, Local.JUMP)


@given(st.integers(-50, 50), st.integers(-50, 50), short_decimals)
@fixed
def test_sides_of_a_corner(left, right, x):
    tableau = tableau_of(lambda X: np.where(x < X, right * (X - x), left * (X - x)), x)
    sides = ladder.sides(tableau, np.full((1, 1), 50 * EPS * max(1, abs(x))))
    low, high = float(sides.low[0, 0]), float(sides.high[0, 0])
    assert abs(low - min(left, right)) <= sides.low_bound[0, 0] <= 1e-3
    assert abs(high - max(left, right)) <= sides.high_bound[0, 0] <= 1e-3
    assert sides.apart[0, 0] == (left != right)


def test_sides_of_what_is_smooth_are_not_apart():
    x = np.linspace(-3, 3, 25)
    tableau = tableau_of(np.tanh, *x)
    sides = ladder.sides(tableau, noise_like(tableau))
    assert not sides.apart.any()
    assert (np.abs(sides.low[:, 0] - 1 / np.cosh(x) ** 2) <= sides.low_bound[:, 0]).all()


def test_a_kink_next_to_x_is_not_at_x():
    tableau = tableau_of(lambda X: np.maximum(X, 0), 1e-6, -1e-6)
    noise = np.full((2, 1), 1e-22)
    sides = ladder.sides(tableau, noise)
    assert not sides.apart.any()
    np.testing.assert_allclose(sides.low[:, 0], [1, 0], atol=1e-6)
    assert not np.isin(ladder.local(tableau, noise), (Local.STEEP, Local.JUMP)).any()


def test_lines_of_several_outputs():
    lines = Lines(
        quiet(lambda X: np.stack([X[:, 0] * X[:, 1], np.abs(X[:, 0])], axis=1)), np.array([[0.0, 3.0]]), 2, False
    )
    tableau = ladder.evaluate(lines, np.arange(2))
    value, _ = ladder.climb(tableau, np.full((2, 2), 4 * EPS))
    np.testing.assert_allclose(value, [[3, 0], [0, 0]], atol=1e-12)
    np.testing.assert_array_equal(ladder.local(tableau, np.full((2, 2), 4 * EPS)), [[0, Local.KINK], [0, 0]])
