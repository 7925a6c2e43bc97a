"""Enclosures against mpmath: at points, and over pieces at points within them."""

from __future__ import annotations

import random

import mpmath as mp
import pytest
from flint import arb, fmpq

from actcheck.exact import series
from actcheck.exact.balls import exact, precision
from actcheck.exact.taylor import Piece, bounds

POINTS = 400
TERMS = 6

one = mp.mpf(1)
# name: the interval, the function, and its first derivative.
FUNCTIONS = {
    "exp": ((-30, 30), mp.exp, mp.exp),
    "exp2": ((-30, 30), lambda x: 2**x, lambda x: 2**x * mp.log(2)),
    "expm1": ((-30, 30), mp.expm1, mp.exp),
    "log": ((1e-6, 50), mp.log, lambda x: 1 / x),
    "log1p": ((-0.999, 50), mp.log1p, lambda x: 1 / (1 + x)),
    "log2": ((1e-6, 50), lambda x: mp.log(x, 2), lambda x: 1 / (x * mp.log(2))),
    "log10": ((1e-6, 50), mp.log10, lambda x: 1 / (x * mp.log(10))),
    "sqrt": ((1e-6, 50), mp.sqrt, lambda x: 1 / (2 * mp.sqrt(x))),
    "cbrt": ((1e-6, 50), mp.cbrt, lambda x: 1 / (3 * mp.cbrt(x) ** 2)),
    "square": ((-30, 30), lambda x: x * x, lambda x: 2 * x),
    "sin": ((-30, 30), mp.sin, mp.cos),
    "cos": ((-30, 30), mp.cos, lambda x: -mp.sin(x)),
    "tan": ((-1.5, 1.5), mp.tan, lambda x: 1 / mp.cos(x) ** 2),
    "sinh": ((-30, 30), mp.sinh, mp.cosh),
    "cosh": ((-30, 30), mp.cosh, mp.sinh),
    "tanh": ((-30, 30), mp.tanh, lambda x: 1 / mp.cosh(x) ** 2),
    "asin": ((-0.999, 0.999), mp.asin, lambda x: 1 / mp.sqrt(1 - x * x)),
    "acos": ((-0.999, 0.999), mp.acos, lambda x: -1 / mp.sqrt(1 - x * x)),
    "atan": ((-30, 30), mp.atan, lambda x: 1 / (1 + x * x)),
    "asinh": ((-30, 30), mp.asinh, lambda x: 1 / mp.sqrt(1 + x * x)),
    "acosh": ((1.001, 30), mp.acosh, lambda x: 1 / mp.sqrt(x * x - 1)),
    "atanh": ((-0.999, 0.999), mp.atanh, lambda x: 1 / (1 - x * x)),
    "erf": ((-8, 8), mp.erf, lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-x * x)),
    "erfc": ((-30, 30), mp.erfc, lambda x: -2 / mp.sqrt(mp.pi) * mp.exp(-x * x)),
    "expit": ((-300, 300), lambda x: 1 / (1 + mp.exp(-x)), lambda x: mp.exp(-x) / (1 + mp.exp(-x)) ** 2),
    "ndtr": ((-30, 30), lambda x: mp.erfc(-x / mp.sqrt(2)) / 2, lambda x: mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)),
    "sinc": (
        (0.01, 20),
        lambda x: mp.sin(mp.pi * x) / (mp.pi * x),
        lambda x: (mp.cos(mp.pi * x) - mp.sin(mp.pi * x) / (mp.pi * x)) / x,
    ),
}


@pytest.fixture(autouse=True)
def _digits():
    with mp.workdps(70), precision(160, TERMS):
        yield


def ball_of(value: mp.mpf):
    """Give a number of mpmath, with its own rounding, as a ball."""
    sign, mantissa, exponent, _ = mp.mpf(value)._mpf_
    number = fmpq(int(mantissa) * (-1) ** sign) * fmpq(2) ** int(exponent)
    return arb(number) * (1 + arb(0, 1e-60))


def test_there_are_enough_points():
    assert POINTS * len(FUNCTIONS) >= 10_000
    assert set(FUNCTIONS) == set(series.FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_enclosures_hold(name):
    (low, high), function, slope = FUNCTIONS[name]
    pick = random.Random(name)
    for _ in range(POINTS):
        x = pick.uniform(low, high)
        at = exact(x)
        there = series.FUNCTIONS[name](series.make([arb(at), 1]))
        truth = [ball_of(function(mp.mpf(x))), ball_of(slope(mp.mpf(x)))]
        for order, value in enumerate(truth):
            assert there[order].overlaps(value), (name, x, order)
            assert there[order].rel_accuracy_bits() > 100 or value.contains(0), (name, x, order)
        _over_a_piece(name, at, exact(min(10.0 ** pick.uniform(-9, 0), abs(high - x), abs(x - low))), truth)


def _over_a_piece(name, at, reach, truth):
    """Look at a piece that has the point somewhere within it."""
    piece = Piece(at - reach / 3, at + reach / 2)
    middle = series.FUNCTIONS[name](series.make([arb(piece.middle), 1]))
    over = series.FUNCTIONS[name](series.make([piece.ball, 1]))
    for order, value in enumerate(truth):
        if over[order].is_finite():
            assert over[order].overlaps(value), (name, at, order)
    held = bounds(series.coefficients(middle), series.coefficients(over), piece)
    if held.is_finite():
        assert held.overlaps(truth[0]), (name, at)


def test_a_wrong_value_is_not_held():
    there = series.FUNCTIONS["exp"](series.make([arb(1), 1]))
    assert there[0].overlaps(ball_of(mp.e))
    assert not there[0].overlaps(ball_of(mp.e * (1 + mp.mpf(10) ** -40)))


def test_a_series_that_was_cut_is_noticed():
    with precision(160, 10):
        short = series.make([1, 2, 3])
    with pytest.raises(AssertionError, match="has no coefficient 15"), precision(160, 20):
        series.coefficient(short, 15)


def test_series_are_as_long_as_they_are_asked_to_be():
    for name in FUNCTIONS:
        with precision(160, 25):
            made = series.FUNCTIONS[name](series.make([arb(1.25 if name == "acosh" else 0.5), 1]))
            assert len(series.coefficients(made)) == 25, name
