"""From a specification to rows, as the type can hold them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from actcheck.model import CheckSpec, Rows
from actcheck.rows import batch

SPEC = CheckSpec("relu")


def test_kinds_and_numbers():
    rows = batch.reference(SPEC, 5)
    assert rows.values.shape == (8, 5)
    assert [rows.label(k) for k in (0, 7)] == ["random 0", "random 7"]
    assert batch.edge(SPEC, 5).label(3) == "edge 3"
    assert batch.sweep(SPEC, 5).label(0) == "sweep 0"
    assert batch.typed(replace(SPEC, typed=((1.0, 2.0),))).label(0) == "typed 0"
    assert batch.given(np.ones((2, 3)), "float64").label(1) == "given 1"
    part = rows.part(2, 4)
    assert [part.label(k) for k in (0, 1)] == ["random 2", "random 3"]
    assert len(part.values) == 2


def test_no_edge_rows_and_no_sweep_where_none_are_asked_for():
    spec = replace(SPEC, edge=False)
    assert batch.edge(spec, 5).values.shape == (0, 5)
    assert batch.sweep(spec, 5).values.shape == (0, 5)
    assert len(batch.reference(spec, 5).values) == 8


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize("make", [batch.reference, batch.edge, batch.sweep])
def test_the_type_can_hold_every_value(dtype, make):
    values = make(replace(SPEC, dtype=dtype), 5).values
    assert values.dtype == np.float64
    np.testing.assert_array_equal(values, values.astype(dtype).astype(float))
    assert not values.flags.writeable


def test_what_is_handed_over_stays_the_callers():
    mine = np.ones((2, 3))
    rows = batch.given(mine, "float64")
    assert mine.flags.writeable
    assert not rows.values.flags.writeable


def test_without_signs():
    rows = batch.absolute(Rows(np.array([[-1.0, 2.0]]), "random", (4,)))
    np.testing.assert_array_equal(rows.values, [[1, 2]])
    assert rows.label(0) == "random 4"


def test_settings_decide():
    rows = batch.reference(replace(SPEC, batch=3, seed=5, scale=10.0), 2).values
    assert rows.shape == (3, 2)
    assert (rows != batch.reference(replace(SPEC, batch=3, seed=6, scale=10.0), 2).values).any()
    assert np.abs(rows).max() > 5
