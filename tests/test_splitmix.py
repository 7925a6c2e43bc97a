"""Random bits of our own: those of SplitMix64, and the same for ever."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from actcheck.splitmix import bits, uniform

fixed = settings(max_examples=60, deadline=None, derandomize=True)


def test_the_bits_are_fixed_for_good():
    """Any change here changes every report of every user."""
    assert bits(0, 0, 3).tolist() == [13830413928045401970, 6869446166584666695, 8084911050856847527]
    assert bits(7, 2, 2).tolist() == bits(7, 2, 5)[:2].tolist()
    assert bits(2**64, 0, 3).tolist() == bits(0, 0, 3).tolist()


def split_mix(state):
    """Step SplitMix64 as published, in whole numbers."""
    state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    state = (state ^ (state >> 27)) * 0x94D049BB133111EB % 2**64
    return state ^ (state >> 31)


@given(st.integers(0, 2**64 - 1), st.integers(0, 100))
@fixed
def test_the_bits_are_those_of_split_mix(seed, stream):
    start = split_mix(split_mix(seed) ^ (stream + 1))
    expected = [split_mix((start + k * 0x9E3779B97F4A7C15) % 2**64) for k in range(1, 5)]
    assert bits(seed, stream, 4).tolist() == expected


@given(st.integers(0, 2**63), st.integers(0, 20))
@fixed
def test_streams_and_seeds_are_independent(seed, stream):
    assert not np.intersect1d(bits(seed, stream, 50), bits(seed, stream + 1, 50)).size
    assert not np.intersect1d(bits(seed, stream, 50), bits(seed + 1, stream, 50)).size


def test_uniform_numbers():
    values = uniform(3, 0, 20_000)
    assert 0 <= values.min() < values.max() < 1
    np.testing.assert_allclose(np.histogram(values, 10, (0, 1))[0], 2000, rtol=0.1)
