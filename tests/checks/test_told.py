"""What the cheap pass tells, and the entries that stand for others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcheck.checks.told import Told, representatives, share, split
from actcheck.numeric.differences import Pass
from actcheck.numeric.pilot import Plan

fixed = settings(max_examples=60, deadline=None, derandomize=True)
PLAN = Plan(2, 10, 1e-9, 1e-9, 1e-15, 1.0, 1.0, 1.0)


def test_of_few_all_are_looked_at_and_of_many_about_a_thousand():
    assert share(8192) == 1
    assert 1000 <= 10**6 // share(10**6) <= 1100


def test_the_first_is_the_one_that_takes_most_of_its_tolerance():
    chosen, count = representatives(np.array([[0.1, 0.9], [0.3, 0.2]]), np.ones((2, 2), bool), 2)
    assert chosen.tolist() == [1, 0, 2]
    assert count == 4


def test_only_what_agrees_is_chosen():
    agrees = np.array([[True, False], [False, True]])
    chosen, count = representatives(np.array([[0.1, 0.9], [np.nan, 0.2]]), agrees, 1)
    assert chosen.tolist() == [3, 0, 3]
    assert count == 2


def test_one_that_the_spacing_would_miss_is_chosen_all_the_same():
    agrees = np.zeros((4, 4), bool)
    agrees[1, 1] = True
    chosen, count = representatives(np.zeros((4, 4)), agrees, 4)
    assert chosen.tolist() == [5, 5]
    assert count == 1


def test_of_nothing_nothing_is_chosen():
    chosen, count = representatives(np.ones((2, 2)), np.zeros((2, 2), bool), 1)
    assert not chosen.size
    assert count == 0


def _told(excess, index):
    value = np.arange(excess.size, dtype=float).reshape(excess.shape)
    cheap = Pass(value, -value, np.zeros_like(value), np.zeros((len(excess), 1)), PLAN)
    return Told(index, cheap, np.ones_like(excess), excess)


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 9), st.integers(1, 50))
@fixed
def test_whole_lines_are_told_apart_as_their_entries_are(seed, lines, width, every):
    chance = np.random.default_rng(seed)
    excess = chance.uniform(0, 1, (lines, width))
    agrees = chance.uniform(size=lines) < 0.8
    told = _told(excess, np.arange(lines) + 7)
    entries = np.repeat(agrees[:, None], width, axis=1)
    whole, single = told.sample(agrees, every), told.sample(entries, every)
    if not agrees.any():
        assert whole is None
        assert single is None
        return
    assert whole.count == single.count == width * np.count_nonzero(agrees)
    assert whole.places[0] == single.places[0]
    spaced = np.arange(0, excess.size, every)
    assert (whole.places[1:] - 7 * width).tolist() == spaced[entries.ravel()[spaced]].tolist()
    np.testing.assert_array_equal(whole.value, whole.places - 7 * width)
    np.testing.assert_array_equal(whole.second, -whole.value)


def test_where_lines_have_gaps_entries_keep_their_places():
    told = _told(np.array([[0.1, 0.2], [0.9, 0.3]]), np.array([3, 8]))
    assert told.sample(None, 1).places.tolist() == [16, 6, 7, 16, 17]


def test_a_line_with_an_entry_that_is_no_number_is_furthest_of_all():
    told = _told(np.array([[0.1, np.nan], [0.9, 0.3]]), np.array([0, 1]))
    assert np.isnan(told.furthest[0])
    assert told.furthest[1] == 0.9


@pytest.mark.parametrize("width", [1, 2, 7, 64])
def test_places_split_into_lines_and_outputs(width):
    places = np.arange(200)
    line, output = split(places, width)
    np.testing.assert_array_equal(line * width + output, places)
    assert output.max() == width - 1
