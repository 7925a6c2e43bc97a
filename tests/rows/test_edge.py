"""Edge rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcheck.rows.edge import LEVELS, THRESHOLDS, WIDE, edge_rows

fixed = settings(max_examples=40, deadline=None, derandomize=True)


def has(rows, row):
    return (rows == np.array(row, float)).all(axis=1).any()


def test_what_a_row_of_five_has():
    rows = edge_rows(5, 1.0)
    for level in LEVELS:
        assert has(rows, [level] * 5)
    assert has(rows, [1e-9, -1e-9, 1e-9, -1e-9, 1e-9])
    assert has(rows, [800, -800, 800, -800, 800])
    assert has(rows, [-2, -1, 0, 1, 2])
    assert has(rows, [0.25, 0.5, 0.75, 1.0, 1.25])
    assert has(rows, [-1.2, -1.2, -0.8, -0.8, -0.4])
    assert has(rows, [-0.3, 0, 500, -0.3, 0])


@pytest.mark.parametrize("dim", [1, 2, 5, 7, 31, 32, 100])
def test_every_threshold_is_met_with_both_signs(dim):
    values = edge_rows(dim, 1.0)
    for value in THRESHOLDS[1:]:
        assert (values == value).any()
        assert (values == -value).any()


@given(st.integers(1, 200), st.sampled_from([0.1, 1.0, 4.0]))
@fixed
def test_shape_and_finiteness(dim, scale):
    rows = edge_rows(dim, scale)
    assert rows.shape[1] == dim
    assert np.isfinite(rows).all()
    assert np.unique(rows, axis=0).shape[0] >= min(len(rows), 14) - 4


def test_wide_rows_are_fewer():
    assert len(edge_rows(WIDE, 1.0)) < len(edge_rows(WIDE - 1, 1.0)) <= 20


def test_scale():
    one, four = edge_rows(6, 1.0), edge_rows(6, 4.0)
    changed = (one != four).any(axis=1)
    assert changed.sum() == 3
    huge = four[changed][-1]
    assert huge[3] == 500
    np.testing.assert_allclose(np.delete(huge, 3), 4 * np.delete(one[changed][-1], 3))
