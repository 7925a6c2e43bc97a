"""The error bounds against 50-digit truth, on 10,000 fixed points of 20 smooth functions.

The points are stratified over each function's interval. The pilot's sample is drawn from them as the gradient check
draws it from its rows, so that level 0 is asked about entries that it has seen and entries that it has not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import mpmath as mp
import numpy as np
import pytest

from actcheck.checks.calibration import calibrate
from actcheck.checks.calls import Subject
from actcheck.model import Claim, Layout
from actcheck.numeric.climb import climb
from actcheck.numeric.differences import central
from actcheck.numeric.lines import Lines
from actcheck.rows.generated import directions, uniform
from tests.functors.smooth import DIGITS, SMOOTH, Smooth

POINTS = 500
STREAM = 41
CHEAP, LADDER = LEVELS = (0, 1)
RTOL = 1e-8

LUCKY = ("sine-of-thirty", "sine-far-out", "softplus-stable")
"""Functions whose median error on the ladder is smaller than rounding explains.

Steps are powers of two and the points short decimals: 30 * (x + h) is then rounded just as 30 * x is, so that the
rounding of the argument, which noise measured along a random line has in it, drops out of the difference.
"""


@dataclass(frozen=True)
class Seen:
    """True slope, true error and claimed bound at every point, and the usual slope of the function."""

    x: np.ndarray
    truth: np.ndarray
    error: np.ndarray
    bound: np.ndarray
    slope: float


@cache
def points(number: int) -> np.ndarray:
    smooth = SMOOTH[number]
    share = (np.arange(POINTS) + uniform(number, STREAM, POINTS)) / POINTS
    return np.array([float(f"{x:.4e}") for x in smooth.low + (smooth.high - smooth.low) * share])


def off(value: np.ndarray, truth: list[mp.mpf]) -> np.ndarray:
    with mp.workdps(DIGITS):
        return np.array([float(abs(mp.mpf(float(v)) - t)) for v, t in zip(value, truth, strict=True)])


class Functor:
    """A smooth function as the checks take it; its gradient is not asked for."""

    def __init__(self, smooth: Smooth) -> None:
        self.smooth = smooth

    def __call__(self, X: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            return self.smooth.f(X)


@cache
def seen(number: int) -> tuple[Seen, ...]:
    """Give what either level claims of a function, and what the ladder would by the optimistic model of noise alone."""
    smooth, x = SMOOTH[number], points(number)
    X = x[:, None]
    truth = [smooth.df(float(each)) for each in x]
    subject = Subject(Functor(smooth), 1, 1, Claim.DIAGONAL, Layout.OUT_IN, "float64")
    learned = calibrate(subject, X, RTOL, 0.0, 0)
    lines, index = Lines(subject.forward, X, 1, True), np.arange(POINTS)
    cheap = central(lines, index, subject.forward(X), learned.plan).estimate
    climbed = climb(lines, index, directions(0, 3, X.shape), learned.usual)
    claims = (
        (cheap.value, cheap.bound),
        (climbed.value, climbed.bound),
        (climbed.bold_value, climbed.bold_bound),
    )
    slopes, usual = np.array([float(each) for each in truth]), learned.plan.slope
    return tuple(Seen(x, slopes, off(value.ravel(), truth), bound.ravel(), usual) for value, bound in claims)


def median_ratio(parts: list[Seen], scaled: bool) -> float:
    scales = [part.slope if scaled else 1.0 for part in parts]
    bound = np.concatenate([part.bound / scale for part, scale in zip(parts, scales, strict=True)])
    error = np.concatenate([part.error / scale for part, scale in zip(parts, scales, strict=True)])
    return float(np.median(bound) / np.median(error))


each_function = pytest.mark.parametrize("number", range(len(SMOOTH)), ids=[smooth.name for smooth in SMOOTH])
each_level = pytest.mark.parametrize("level", LEVELS)


def test_there_are_as_many_as_promised():
    assert len(SMOOTH) == 20
    assert sum(np.unique(points(number)).size for number in range(len(SMOOTH))) == 10_000


@each_level
@each_function
def test_never_exceeded(number, level):
    found = seen(number)[level]
    beyond = ~(found.error <= found.bound)
    assert not beyond.any(), [
        f"x = {x}: off by {error:.3g}, bound {bound:.3g}"
        for x, error, bound in zip(found.x[beyond], found.error[beyond], found.bound[beyond], strict=True)
    ]


@each_level
@each_function
def test_every_point_has_a_bound_that_tells_something(number, level):
    found = seen(number)[level]
    assert (found.bound <= 1e-3 * np.maximum(np.abs(found.truth), found.slope)).mean() >= 0.99
    assert np.isfinite(found.bound).all()


@each_level
@pytest.mark.parametrize("scaled", [False, True], ids=["as it is", "by the usual slope"])
def test_the_median_is_at_most_100_times_the_median_error(level, scaled):
    assert median_ratio([seen(number)[level] for number in range(len(SMOOTH))], scaled) <= 100


@each_level
@each_function
def test_no_function_is_far_from_that(number, level):
    """The cheap pass has one bound for all points of a function, and few of them may be the worst by far."""
    strict = level == LADDER and SMOOTH[number].name not in LUCKY
    assert median_ratio([seen(number)[level]], scaled=False) <= (300 if strict else 1000)


@each_function
def test_the_ladder_is_the_finer_level(number):
    cheap, ladder, _ = seen(number)
    # Where the pilot's step suits all of a function's points the ladder has little to add.
    assert np.median(ladder.bound) <= 2 * np.median(cheap.bound)
    assert np.median(ladder.bound) <= 1e-4 * ladder.slope


@pytest.mark.parametrize("name", ["gelu-by-tanh", "softplus-naive"])
def test_the_optimistic_model_alone_would_be_exceeded(name):
    """Terms that cancel leave a staircase, flat from step to step: no measurement close by shows its noise."""
    number = [smooth.name for smooth in SMOOTH].index(name)
    _, ladder, bold = seen(number)
    beyond = bold.error > bold.bound
    assert beyond.any()
    assert np.all(ladder.error[beyond] <= ladder.bound[beyond])
