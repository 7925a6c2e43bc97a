"""The numbers of a layer."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.model import CheckSpec
from actcheck.rows.layer import cotangent, numbers, positive, within

SPEC = CheckSpec("tanh", command="layer", batch=6, inputs=4)


def test_shapes():
    layer = numbers(SPEC, 3)
    assert (layer.X.shape, layer.W.shape, layer.b.shape, layer.hidden.shape) == ((6, 4), (4, 3), (1, 3), (6, 3))
    assert np.array_equal(layer.hidden, layer.X @ layer.W + layer.b)


def test_the_seed_decides():
    first, again = numbers(SPEC, 3), numbers(SPEC, 3)
    other = numbers(CheckSpec("tanh", batch=6, seed=1), 3)
    for name in ("X", "W", "b"):
        assert np.array_equal(getattr(first, name), getattr(again, name))
        assert not np.array_equal(getattr(first, name), getattr(other, name))


def test_they_are_short_decimals():
    layer = numbers(SPEC, 3)
    for value in (*layer.X.flat, *layer.W.flat, *layer.b.flat, *cotangent(0, 6, 3).flat):
        assert len(repr(abs(float(value)))) <= 8


def test_another_attempt_changes_b_alone():
    first, second = numbers(SPEC, 3), numbers(SPEC, 3, attempt=1)
    assert np.array_equal(first.X, second.X)
    assert np.array_equal(first.W, second.W)
    assert (first.hidden != second.hidden).all()


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_the_type_can_hold_them(dtype):
    layer = numbers(CheckSpec("tanh", dtype=dtype), 3)
    for values in (layer.X, layer.W, layer.b):
        assert np.array_equal(values.astype(dtype).astype(np.float64), values)


@pytest.mark.parametrize("inputs", [1, 4, 1000])
def test_pre_activations_are_as_large_as_rows_are(inputs):
    layer = numbers(CheckSpec("tanh", inputs=inputs, batch=64, scale=10.0), 8)
    assert 5 < np.std(layer.hidden) < 60


def test_without_signs_all_is_positive():
    assert (positive(numbers(SPEC, 3)).hidden > 0).all()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("domain", [(0.0, 1.0), (50.0, 51.0), (3.0, np.inf), (-np.inf, -20.0), (-100.0, 0.0)])
def test_all_is_moved_into_a_domain(domain, dtype):
    given = numbers(CheckSpec("f", dtype=dtype, inputs=4), 3)
    moved = within(given, domain, dtype)
    assert np.all((moved.hidden > domain[0]) & (moved.hidden < domain[1]))
    assert np.ptp(moved.hidden) > min(0.5 * (domain[1] - domain[0]), 0.9 * np.ptp(given.hidden))
    assert moved.X is given.X
    assert within(given, (-1e6, 1e6), dtype) is given


def test_no_output_goes_without_weight():
    assert (cotangent(0, 100, 100) != 0).all()
