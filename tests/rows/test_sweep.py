"""The sweep."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.rows.sweep import POINTS, REACH, sweep_rows


@pytest.mark.parametrize("dim", [1, 2, 5, 16, 31])
def test_one_point_in_every_stratum(dim):
    rows = sweep_rows(0, dim)
    assert rows.shape == (-(-POINTS // dim), dim)
    strata = np.floor((rows + REACH) * rows.size / (2 * REACH) - 1e-6).astype(int)
    # Rounded to short decimals a point may reach the border of the next stratum.
    assert np.unique(strata).size >= 0.95 * rows.size
    assert np.abs(rows).max() <= REACH


def test_every_input_is_swept_from_end_to_end():
    """A mistake in one column only is met as well."""
    rows = sweep_rows(0, 5)
    blocks = np.sort(rows, axis=0)
    assert np.ptp(blocks, axis=0).min() > 2 * REACH / 5 - 0.1


def test_seeds_differ():
    assert (sweep_rows(0, 5) != sweep_rows(1, 5)).mean() > 0.9
    np.testing.assert_array_equal(sweep_rows(3, 5), sweep_rows(3, 5))
