"""The interval is the one where there is something to see, and the points are the functor's own values."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from actcheck.activations.catalogue import ENTRIES, find, load
from actcheck.activations.curves import sample

ELEMENTWISE = [entry for entry in ENTRIES if entry.elementwise]


def functor(name, **parameters):
    return load(find(name))(**parameters)


def reach(name, **parameters):
    return sample(functor(name, **parameters)).xs[-1]


@pytest.mark.parametrize("entry", ELEMENTWISE, ids=lambda entry: entry.name)
def test_points_are_the_functors_own_values(entry):
    made = load(entry)()
    curves = sample(made)
    X = np.array([curves.xs])
    assert list(curves.values) == made(X)[0].tolist()
    assert list(curves.slopes) == made.gradient(X)[0].tolist()


@pytest.mark.parametrize("entry", ELEMENTWISE, ids=lambda entry: entry.name)
def test_by_default_the_interval_is_about_5(entry):
    assert sample(load(entry)()).xs[-1] in (5, 10)


def test_the_interval_is_symmetrical_and_its_points_are_round():
    xs = sample(functor("hard-swish")).xs
    assert {-5.0, -3.0, -1.0, 0.0, 1.0, 3.0, 5.0} <= set(xs)
    assert xs == tuple(-x for x in reversed(xs))


@pytest.mark.parametrize("threshold", [7, 30, 400, 1000])
def test_it_is_wide_enough_for_a_far_kink(threshold):
    for name in ("soft-shrink", "hard-shrink", "threshold"):
        assert threshold < reach(name, threshold=threshold) <= 3 * threshold


@pytest.mark.parametrize("omega", [-0.01, 0.3, 1, 6.28318, 30, 1000])
def test_it_shows_a_few_waves_and_not_a_black_bar(omega):
    """Also where samples at wide steps would look like slow waves: 6.28318 is nearly 2π."""
    waves = 2 * reach("sine", omega=omega) * abs(omega) / (2 * math.pi)
    assert 0.5 < waves < 4.5


def test_a_wide_bend_is_shown_whole():
    assert reach("squareplus", b=1e4) > 100
    assert reach("celu", alpha=10) > 20


@pytest.mark.parametrize("entry", [entry for entry in ELEMENTWISE if entry.parameters], ids=lambda entry: entry.name)
def test_all_combinations_of_parameters(entry):
    names = [parameter.name for parameter in entry.parameters]
    for values in itertools.product(*(parameter.examples for parameter in entry.parameters)):
        curves = sample(load(entry)(**dict(zip(names, values, strict=True))))
        assert all(map(math.isfinite, curves.values + curves.slopes))


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("sine", {"omega": 1000}),
        ("sine", {"omega": 0}),
        ("prelu", {"slope": -1000}),
        ("celu", {"alpha": 0.001}),
        ("squareplus", {"b": 1e-6}),
    ],
)
def test_parameters_at_the_ends_end_and_warn_of_nothing(name, parameters):
    """That is for `verify` to do."""
    curves = sample(functor(name, **parameters))
    assert len(curves.xs) == len(curves.values) == len(curves.slopes)
