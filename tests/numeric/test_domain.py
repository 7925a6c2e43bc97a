"""Steps that stay inside a domain, and derivatives close to its borders with bounds that hold."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcheck.numeric import climb, ladder, noise
from actcheck.numeric.climb import Usual
from actcheck.numeric.domain import LINE, Domain
from actcheck.numeric.lines import Lines

from .cases import EPS, along, fixed, quiet

HALF, UNIT = Domain(0.0, np.inf), Domain(-1.0, 1.0)

distances = st.floats(-9, 0).map(lambda power: 10.0**power)


def only_inside(f, domain):
    """Give a function that fails the test when it is asked about anything outside."""

    def strict(X):
        inside = np.where(domain.outside(X), domain.middle, X)
        return np.where(domain.outside(X), np.nan, quiet(f)(inside))

    return strict


def climbed(f, domain, *x):
    lines = Lines(only_inside(f, domain), np.array(x, float)[:, None], 1, True, domain)
    return climb.climb(lines, np.arange(len(x)), along(len(x)), Usual())


@given(st.floats(-1e9, 1e9))
@fixed
def test_without_borders_steps_are_as_they_were(x):
    assert LINE.unit(np.array([x])) == ladder.scale(np.array([x]))
    assert Domain(-1e300, 1e300).unit(np.array([x])) == ladder.scale(np.array([x]))


@given(distances)
@fixed
def test_all_steps_stay_inside(distance):
    for x, domain in ((distance, HALF), (1 - distance, UNIT), (distance - 1, UNIT)):
        at = np.array([x])
        step = domain.unit(at) * 2.0 ** -np.arange(1, ladder.LEVELS + 1)
        inside = ~domain.outside(at + step) & ~domain.outside(at - step)
        assert inside[-10:].all()
        assert len(np.unique(at + step)) == ladder.LEVELS


def test_beside_a_border_the_longest_steps_see_nothing_and_the_finest_are_still_steps():
    x = np.array([1 - 1e-12])
    assert UNIT.unit(x) == 2.0**-11
    assert x - 2.0**-ladder.LEVELS * UNIT.unit(x) < x


TRUE = {
    "log": (np.log, mpmath.log, HALF),
    "sqrt": (np.sqrt, mpmath.sqrt, HALF),
    "x log x": (lambda X: X * np.log(X), lambda x: x * mpmath.log(x), HALF),
    "1/x": (lambda X: 1 / X, lambda x: 1 / x, HALF),
    "arcsin": (np.arcsin, mpmath.asin, UNIT),
    "arctanh": (np.arctanh, mpmath.atanh, UNIT),
}


@pytest.mark.parametrize("name", TRUE)
@given(distance=distances)
@fixed
def test_bounds_hold_close_to_a_border(name, distance):
    f, exact, domain = TRUE[name]
    x = domain.low + distance
    seen = climbed(f, domain, x)
    with mpmath.workdps(60):
        truth = mpmath.diff(exact, mpmath.mpf(x), h=mpmath.mpf(10) ** -30)
        off = float(abs(mpmath.mpf(float(seen.value[0, 0])) - truth))
    assert off <= seen.bound[0, 0] + EPS * abs(float(truth))
    # The rounding of x itself is what the pessimistic bound leaves room for.
    assert seen.bold_bound[0, 0] <= 1e-7 * abs(float(truth)) + 1e-9


def test_noise_close_to_a_border_is_the_functions_own():
    for distance in (1e-3, 1e-6, 1e-9):
        sigma, _ = noise.measure(only_inside(np.arcsin, UNIT), np.array([[1 - distance]]), along(1), UNIT)
        assert 0 < sigma[0, 0] < 1e-15
    assert noise.measure(only_inside(np.log, HALF), np.array([[1e-9]]), along(1), HALF)[0][0, 0] < 1e-14


@pytest.mark.parametrize(
    ("f", "slope", "domain", "x"),
    [
        (np.square, 0.0, HALF, 0.0),
        (np.exp, 1.0, HALF, 0.0),
        (lambda X: X * (1 - X), -1.0, Domain(0.0, 1.0), 1.0),
        (lambda X: X**3 - X, 2.0, UNIT, -1.0),
    ],
)
def test_on_the_border_one_side_tells_the_slope(f, slope, domain, x):
    seen = climbed(f, domain, x)
    assert abs(seen.value[0, 0] - slope) <= min(float(seen.bound[0, 0]), 1e-9)
    assert seen.bound[0, 0] < 1e-8


@pytest.mark.parametrize(
    ("f", "endless"),
    [
        (lambda X: np.where(X == 0, 0, X * np.log(np.where(X == 0, 1, X))), True),
        (np.sqrt, True),
        (np.square, False),
        (lambda X: X**1.5, False),
        (np.exp, False),
        (np.sin, False),
    ],
)
def test_a_slope_that_grows_at_every_halving_has_no_limit(f, endless):
    seen = climbed(f, HALF, 0.0)
    assert bool(ladder.endless(seen.tableau, seen.noise)[0, 0]) is endless


def test_a_middle_is_inside():
    for domain in (LINE, HALF, UNIT, Domain(-np.inf, -5.0), Domain(1e9, np.inf), Domain(0.0, 1e-9)):
        assert domain.low < domain.middle < domain.high
