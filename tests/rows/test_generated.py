"""Random rows: the same for ever, short, and none of them special."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcheck.rows.generated import decimals, directions, random_rows, shorten

fixed = settings(max_examples=60, deadline=None, derandomize=True)


def test_the_first_random_rows_are_fixed_for_good():
    np.testing.assert_array_equal(
        random_rows(0, 2, 5, 1.0),
        [[0.1998, -0.5569, -0.4357, -1.4305, 0.3833], [1.8786, 4.6212, 1.0557, 0.9297, 1.6212]],
    )


def test_decimals_are_about_normal_and_never_0():
    values = decimals(0, 0, 50_000)
    assert abs(values.mean()) < 0.02
    assert values.std() == pytest.approx(1, abs=0.02)
    assert (values != 0).all()
    np.testing.assert_array_equal(values, np.round(values, 4))


@given(st.integers(0, 1000), st.integers(1, 9), st.integers(1, 9), st.sampled_from([0.01, 1.0, 3.0, 250.0]))
@fixed
def test_rows_are_short_decimals(seed, batch, dim, scale):
    rows = random_rows(seed, batch, dim, scale)
    assert rows.shape == (batch, dim)
    for value in rows.flat:
        digits = repr(float(value)).partition("e")[0].lstrip("-0.").replace(".", "").rstrip("0")
        assert len(digits) <= 6


def test_the_second_half_is_three_times_as_large():
    rows = random_rows(1, 400, 20, 0.5)
    assert rows[:200].std() == pytest.approx(0.5, rel=0.05)
    assert rows[200:].std() == pytest.approx(1.5, rel=0.05)
    # An odd number: the small half is the larger.
    assert random_rows(1, 1, 4000, 1.0).std() == pytest.approx(1, rel=0.1)


@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1.0, 7.3, 1e6, 1e280])
def test_shortening_keeps_five_digits(scale):
    values = np.array([0.123456789, -1.23456789, 2.0]) * scale
    short = shorten(values, scale)
    np.testing.assert_allclose(short, values, atol=1e-4 * scale, rtol=0)
    assert all(float(f"{value:.6e}") == value for value in short)


def test_directions():
    signed = directions(0, 1, (200, 3))
    assert signed.shape == (200, 3)
    assert 0.5 <= np.abs(signed).min() <= np.abs(signed).max() <= 1
    assert 0.4 <= (signed > 0).mean() <= 0.6
    assert np.unique(np.abs(signed)).size == 600
