"""Where a function has values at all: numbers are tried, and the borders halved to the last bit."""

from __future__ import annotations

import math

import pytest

from actcheck.targets.reading.stretch import simplest, stretch

INF = math.inf


@pytest.mark.parametrize(
    "borders",
    [(-1.0, 1.0), (0.0, 1.0), (50.0, 51.0), (-51.0, -50.0), (1.0, INF), (-INF, -2.0), (0.0, 0.02), (-7.75, -7.5)],
)
@pytest.mark.parametrize("is_open", [True, False])
def test_it_is_found_with_its_borders(borders, is_open):
    low, high = borders
    assert stretch(lambda x: low < x < high if is_open else low <= x <= high) == borders


def test_a_border_that_is_no_short_decimal_is_found_to_the_last_bit():
    low, high = stretch(lambda x: x >= -1 / math.e)
    assert low == pytest.approx(-1 / math.e, rel=3e-16)
    assert high == INF


@pytest.mark.parametrize("takes", [lambda x: False, lambda x: True, lambda x: x == 0.5])
def test_without_a_border_or_a_number_there_is_none(takes):
    assert stretch(takes) is None


def test_not_many_numbers_are_tried():
    tried = []
    stretch(lambda x: tried.append(x))
    assert len(tried) == len(set(tried)) < 600


@pytest.mark.parametrize(("inside", "outside", "told"), [(0.999, 1.0001, 1.0), (1e-9, -1e-9, 0.0), (2.5, 2.5, 2.5)])
def test_the_simplest_number_between_two(inside, outside, told):
    assert simplest(inside, outside) == told
