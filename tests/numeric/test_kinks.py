"""The look around a point where inputs meet in a kink."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.numeric.kinks import RATIO, additive, around, creased, neighbours
from actcheck.rows.generated import directions

from .cases import EPS, quiet

TIED = np.array([1.0, 1.0, -2.0])
NOISE = 4 * EPS


def largest(X):
    return X.max(axis=1, keepdims=True)


def middle(X):
    return np.median(X, axis=1, keepdims=True)


def absolutes(X):
    return np.abs(X).sum(axis=1, keepdims=True)


def rectified(X):
    return np.maximum(X, 0)


def softmax(X):
    E = np.exp(X - X.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def is_creased(f, x):
    x = np.array(x, float)
    outputs = f(x[None]).shape[1]
    return creased(
        quiet(f), x, np.full(outputs, NOISE * max(1, np.abs(x).max())), directions(0, 6, (8, len(x)))
    ).tolist()


def is_additive(f, x):
    x = np.array(x, float)
    outputs = f(x[None]).shape[1]
    noise = np.full(outputs, NOISE * max(1, np.abs(x).max()))
    return additive(quiet(f), x, np.arange(len(x)), noise, directions(0, 4, (8, len(x)))).tolist()


# ------------------------------------------------------------------------------------------ is there a kink


@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (softmax, [0, 0, 0], [False] * 3),
        (softmax, [800, -800, 3], [False] * 3),
        (lambda X: np.sin(30 * X).sum(axis=1, keepdims=True), [0.3, 0.1], [False]),
        (lambda X: (X @ np.ones((2, 1))) ** 3, [0.0, 0.0], [False]),
        (largest, [1, 1, -2], [True]),
        (largest, [1, 0.5, -2], [False]),
        (largest, [0, 0, 0, 0], [True]),
        (absolutes, [0, 1, 2], [True]),
        (absolutes, [1, 2, 3], [False]),
        (middle, [1, 1, 1], [True]),
        (middle, [0, 1, 2], [False]),
        (lambda X: np.sort(X, axis=1), [2, 2, 5], [True, True, False]),
        (rectified, [0, 1, -1], [True, False, False]),
        (lambda X: np.linalg.norm(X, axis=1, keepdims=True), [0, 0], [True]),
        (lambda X: np.linalg.norm(X, axis=1, keepdims=True), [1, 0], [False]),
    ],
)
def test_creased(f, x, expected):
    assert is_creased(f, x) == expected


def test_a_median_of_equal_numbers_shows_no_gap_along_any_line():
    """It is odd around them: f(x + d) + f(x - d) = 2 f(x) for every d. Two steps together tell."""
    x = np.ones(3)
    for direction in directions(3, 1, (20, 3)):
        assert middle((x + direction)[None]) + middle((x - direction)[None]) == pytest.approx(2.0)
    assert is_creased(middle, x) == [True]


def test_a_median_is_flat_along_every_single_input():
    x = np.ones(3)
    for step in np.eye(3) * 0.01:
        assert middle((x + step)[None]) == middle((x - step)[None]) == 1
    assert is_creased(middle, x) == [True]


# ------------------------------------------------------------------------------------------ whose kink


@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (absolutes, [0, 0, 0], [True]),
        (absolutes, [0, 1, -1], [True]),
        (rectified, [0, 0, 0], [True] * 3),
        (lambda X: absolutes(X) + np.sin(X[:, :1]), [0, 0, 0], [True]),
        (lambda X: absolutes(X) + 0.1 * X[:, :1] * X[:, 1:2], [0, 0, 0], [True]),
        (largest, [1, 1, -2], [False]),
        (middle, [1, 1, 1], [False]),
        (lambda X: np.linalg.norm(X, axis=1, keepdims=True), [0, 0], [False]),
        (lambda X: np.abs(X[:, :1] + X[:, 1:2]), [0, 0], [False]),
        (lambda X: np.sort(X, axis=1), [0, 0, 9], [False, False, True]),
    ],
)
def test_additive(f, x, expected):
    assert is_additive(f, x) == expected


# ------------------------------------------------------------------------------------------ the pieces


def pieces(f, x, columns, wanted=1e-3, noise=NOISE):
    x, columns = np.array(x, float), np.array(columns)
    outputs = f(x[None]).shape[1]
    towards = directions(0, 5, (neighbours(len(columns)), len(columns)))
    return around(quiet(f), x, columns, np.full(outputs, noise), np.full(outputs, wanted), towards)


def finite(ring):
    return ring[np.isfinite(ring).all(axis=1)]


def test_there_are_enough_neighbours_for_wide_ties():
    assert neighbours(1) == neighbours(6) == 48
    assert neighbours(32) == 256


def test_a_tied_maximum_has_one_piece_for_each_of_the_tied():
    found = pieces(largest, TIED, [0, 1, 2])
    for ring in (found.inner, found.outer):
        slopes = finite(ring[:, 0])
        assert len(slopes) >= 40
        assert {tuple(slope) for slope in np.round(slopes, 6).tolist()} == {(1.0, 0.0, 0.0), (0.0, 1.0, 0.0)}


def test_every_piece_of_a_wide_tie_is_seen():
    found = pieces(largest, np.zeros(12), range(12))
    slopes = finite(found.inner[:, 0])
    assert set(np.argmax(slopes, axis=1)) == set(range(12))
    np.testing.assert_allclose(slopes.sum(axis=1), 1, atol=1e-6)


def test_only_the_named_inputs_move():
    asked = []

    def f(X):
        asked.append(X)
        return largest(X)

    pieces(f, TIED, [0, 1])
    assert all((X[:, 2] == -2).all() for X in asked[1:])


def test_a_crease_through_the_neighbour_itself_is_left_out():
    """A slope averaged over two pieces is a slope of neither."""
    found = pieces(largest, TIED, [0, 1])
    slopes = finite(found.inner[:, 0])
    np.testing.assert_allclose(np.sort(slopes, axis=1), np.tile([0.0, 1.0], (len(slopes), 1)), atol=1e-6)


def test_curvature_shrinks_with_the_ring_and_a_kink_does_not():
    def bowl(X):
        return (X**2).sum(axis=1, keepdims=True)

    spread = [
        np.ptp(finite(ring[:, 0]), axis=0)
        for ring in (pieces(bowl, [1, 1], [0, 1]).inner, pieces(bowl, [1, 1], [0, 1]).outer)
    ]
    np.testing.assert_allclose(spread[1] / spread[0], RATIO, rtol=0.05)
    tied = pieces(largest, [1, 1], [0, 1])
    np.testing.assert_allclose(
        np.ptp(finite(tied.inner[:, 0]), axis=0), np.ptp(finite(tied.outer[:, 0]), axis=0), atol=1e-5
    )


def test_what_noise_comes_to():
    quietly, loudly = pieces(largest, TIED, [0, 1]), pieces(largest, TIED, [0, 1], noise=1e-9)
    assert 0 < quietly.slack[0] < 1e-5
    # The rings widen with the noise, so that the slopes are still told.
    assert quietly.slack[0] < loudly.slack[0] < 1e-2


def test_large_rows_have_large_rings():
    found = pieces(largest, [800.0, 800.0, -800.0], [0, 1, 2], noise=4 * EPS * 800)
    assert {tuple(slope) for slope in np.round(finite(found.inner[:, 0]), 3).tolist()} == {(1, 0, 0), (0, 1, 0)}
