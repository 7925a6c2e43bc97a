"""What the cheap pass tells, and the entries that stand for others."""

from __future__ import annotations

import numpy as np

from actcheck.checks.told import representatives, share


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
