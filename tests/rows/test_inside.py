"""Rows of a domain lie in it, are short decimals, and come close to its borders."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcheck.model import CheckSpec
from actcheck.rows import batch, inside

INF = float("inf")
DOMAINS = [(0, INF), (-INF, 0), (-1, 1), (0, 1), (100, INF), (-INF, -3.5), (0, 1e-3), (1e6, INF), (-1000, INF), (5, 7)]


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("dim", [1, 3, 5])
def test_all_rows_lie_inside(domain, dim):
    low, high = domain
    spec = CheckSpec("made", domain=(float(low), float(high)))
    for rows in (batch.reference(spec, dim), batch.edge(spec, dim), batch.sweep(spec, dim)):
        assert rows.values.shape[1] == dim
        assert np.all((rows.values >= low) & (rows.values <= high))
        assert len(np.unique(rows.values)) > min(7, rows.values.size - 1)


@pytest.mark.parametrize("domain", DOMAINS)
def test_each_finite_border_is_met_closely_in_every_place(domain):
    spec = CheckSpec("made", domain=(float(domain[0]), float(domain[1])))
    X = np.concatenate([batch.edge(spec, 3).values, batch.sweep(spec, 3).values])
    unit = min(1.0, domain[1] - domain[0])
    for border in (border for border in domain if np.isfinite(border)):
        away = np.abs(X - border)
        assert np.all(np.min(np.where(away > 0, away, np.inf), axis=0) <= max(1.1e-6 * unit, 1e-9 * abs(border)))


def test_what_lies_inside_already_stays_where_it_is():
    values = np.array([-2.0, 0.5, 3.0, -0.25])
    np.testing.assert_array_equal(inside.fold(values, (0.0, INF), 1.0), [2.0, 0.5, 3.0, 0.25])
    np.testing.assert_array_equal(inside.fold(values, (-1.0, 1.0), 1.0), [0.0, 0.5, -1.0, -0.25])
    np.testing.assert_array_equal(inside.fold(values, (-INF, INF), 1.0), values)


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3), st.floats(-1e3, 1e3))
def test_folding_always_ends_inside(low, width, value):
    for domain in ((low, low + width), (low, INF), (-INF, low)):
        assert domain[0] <= inside.fold(np.array([value]), domain, 1.0)[0] <= domain[1]
        assert domain[0] <= inside.spread(np.array([value]), domain, 1.0)[0] <= domain[1]


def test_the_same_rows_for_the_same_seed_and_others_without_a_domain():
    spec = CheckSpec("made", domain=(0.0, INF))
    np.testing.assert_array_equal(batch.sweep(spec, 5).values, batch.sweep(spec, 5).values)
    assert batch.sweep(CheckSpec("made"), 5).values.min() < 0


def test_without_edge_rows_there_are_none_at_borders_either():
    spec = CheckSpec("made", domain=(0.0, INF), edge=False)
    assert batch.edge(spec, 5).values.shape == (0, 5)
    assert batch.sweep(spec, 5).values.shape == (0, 5)
