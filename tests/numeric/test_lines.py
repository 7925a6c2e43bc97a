"""Lines through rows: what moves, what is read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcheck.numeric.lines import CHUNK, Lines, distinct_rows

from .cases import fixed

X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def sums(X):
    return np.stack([X.sum(axis=1), X[:, 0] * X[:, 1]], axis=1)


def test_a_line_of_an_elementwise_function_reads_its_own_output():
    lines = Lines(np.square, X, 3, True)
    index = np.arange(6)
    assert lines.width == 1
    np.testing.assert_array_equal(lines.coordinate(index), [1, 2, 3, 4, 5, 6])
    positions = np.stack([X.ravel() + 1, X.ravel() - 1])
    np.testing.assert_array_equal(lines.values(index, positions)[:, :, 0], positions**2)
    np.testing.assert_array_equal(lines.centre(index)[:, 0], X.ravel() ** 2)


def test_some_lines_of_an_elementwise_function():
    lines = Lines(np.square, X, 3, True)
    index = np.array([1, 4, 5])
    positions = np.array([[10.0, 20.0, 30.0]])
    np.testing.assert_array_equal(lines.values(index, positions), [[[100], [400], [900]]])
    np.testing.assert_array_equal(lines.centre(index), [[4], [25], [36]])


def test_elsewhere_one_input_moves_and_all_outputs_are_read():
    lines = Lines(sums, X, 2, False)
    index = np.array([0, 2, 4])
    assert lines.width == 2
    values = lines.values(index, np.array([[10.0, 10.0, 10.0]]))
    np.testing.assert_array_equal(values, [[[15, 20], [13, 2], [20, 40]]])
    np.testing.assert_array_equal(lines.centre(index), [[6, 2], [6, 2], [15, 20]])


def test_many_values_come_in_blocks_that_fit_a_cache():
    asked = []

    def forward(X):
        asked.append(X.size)
        return X.sum(axis=1, keepdims=True)

    wide = np.arange(300.0).reshape(3, 100)
    index = np.arange(300)
    positions = np.repeat(wide.reshape(1, -1), 5, axis=0) + np.arange(5)[:, None]
    values = Lines(forward, wide, 1, False).values(index, positions)
    assert max(asked) <= CHUNK
    np.testing.assert_array_equal(values[:, :, 0], wide.sum(axis=1)[index // 100] + np.arange(5)[:, None])
    asked.clear()
    tall = np.ones((CHUNK, 2))
    out = Lines(lambda X: (asked.append(X.size), X)[1], tall, 2, True).values(np.arange(tall.size), tall.reshape(1, -1))
    assert max(asked) <= CHUNK
    assert out.shape == (1, tall.size, 1)


def _mixed(X):
    return np.concatenate([np.cumsum(X, axis=1), X[:, :1] ** 2], axis=1)


@pytest.mark.parametrize("rows", [1, 40, 3 * CHUNK // 100])
@pytest.mark.parametrize("diagonal", [True, False])
@pytest.mark.parametrize("made", [True, False])
def test_levels_are_the_values_level_by_level(rows, diagonal, made):
    wide = np.linspace(-1, 1, rows * 100).reshape(rows, 100)
    function = np.square if diagonal else _mixed
    outputs = 100 if diagonal else 101
    lines = Lines(function, wide, outputs, diagonal, forward_made=(lambda make: function(make())) if made else None)
    index = np.arange(wide.size) if diagonal else np.arange(0, wide.size, max(1, wide.size // 700))
    positions = lines.coordinate(index) + np.array([[0.5], [-0.5], [0.25]])
    levels = lines.levels(index, positions)
    assert len(levels) == 3
    for level, values in zip(levels, lines.values(index, positions), strict=True):
        np.testing.assert_array_equal(level, values)
        assert not np.shares_memory(level, positions)


def test_each_level_of_so_many_lines_takes_one_call():
    calls = []

    def forward(X):
        calls.append(X.shape)
        return X

    square = np.ones((1, 200))
    index = np.arange(200)
    Lines(forward, square, 200, False).levels(index, np.ones((2, 200)))
    assert calls == [(200, 200), (200, 200)]
    calls.clear()
    tall = np.ones((CHUNK // 100, 100))
    Lines(forward, tall, 100, True).levels(np.arange(tall.size), np.ones((2, tall.size)))
    assert calls == [tall.shape, tall.shape]


@given(st.sets(st.integers(0, 39), min_size=1), st.integers(1, 7))
@fixed
def test_distinct_rows(lines, n):
    index = np.array(sorted(lines))
    rows, at = distinct_rows(index, n)
    assert rows.tolist() == sorted(set((index // n).tolist()))
    np.testing.assert_array_equal(rows[at], index // n)
