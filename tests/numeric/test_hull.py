"""The distance from a convex hull, against brute force over all faces."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from actcheck.numeric.hull import _unlike, distance, distinct

from .cases import fixed

coordinates = st.integers(-8, 8).map(float)


def clouds(most, dimensions):
    shapes = st.tuples(st.integers(1, most), st.just(dimensions))
    return shapes.flatmap(lambda shape: arrays(float, shape, elements=coordinates))


def nearest_by_brute_force(points, target):
    """Give the shortest vector to the hull: the nearest point of some face that lies inside of it."""
    best = None
    for count in range(1, min(len(points), points.shape[1] + 1) + 1):
        for corners in combinations(range(len(points)), count):
            face = points[list(corners)] - target
            weights = np.ones(1)
            if count > 1:
                rest = np.linalg.lstsq((face[1:] - face[0]).T, -face[0], rcond=None)[0]
                weights = np.append(1 - rest.sum(), rest)
            if (weights < -1e-9).any():
                continue
            vector = weights @ face
            if best is None or vector @ vector < best @ best - 1e-15:
                best = vector
    return best


@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_against_brute_force(dimensions):
    @given(clouds(6, dimensions), arrays(float, dimensions, elements=coordinates))
    @fixed
    def agree(points, target):
        expected = np.max(np.abs(nearest_by_brute_force(points, target)))
        assert distance(points, target) == pytest.approx(expected, rel=1e-6, abs=1e-6)

    agree()


@given(st.integers(1, 40), st.integers(1, 16), st.integers(0, 2**32 - 1))
@fixed
def test_averages_of_the_points_are_inside(count, dimensions, seed):
    rng = np.random.default_rng(seed)
    points = np.round(rng.standard_normal((count, dimensions)), 3)
    weights = rng.dirichlet(np.full(count, 0.3))
    assert distance(points, weights @ points) <= 1e-6 * max(1.0, np.ptp(points))
    for corner in points[:3]:
        assert distance(points, corner) <= 1e-6


@given(st.integers(1, 20), st.integers(1, 8), st.integers(0, 2**32 - 1), st.floats(0.01, 10))
@fixed
def test_a_point_beyond_one_side_is_at_least_that_far(count, dimensions, seed, beyond):
    rng = np.random.default_rng(seed)
    points = np.round(rng.standard_normal((count, dimensions)), 3)
    target = points.mean(axis=0)
    target[0] = points[:, 0].max() + beyond
    assert beyond - 1e-9 <= distance(points, target) * np.sqrt(dimensions) * (1 + 1e-9)
    assert distance(points, target) <= (beyond + np.ptp(points)) * (1 + 1e-9)


@given(st.integers(-200, 200), st.integers(0, 2**32 - 1))
@fixed
def test_it_scales(power, seed):
    rng = np.random.default_rng(seed)
    points, target = np.round(rng.standard_normal((6, 3)), 3), np.round(3 * rng.standard_normal(3), 3)
    scale = 2.0**power
    assert distance(scale * points, scale * target) == pytest.approx(scale * distance(points, target), rel=1e-9)


@pytest.mark.parametrize(
    ("points", "target", "expected"),
    [
        ([[1, 0], [0, 1]], [1, 0], 0),
        ([[1, 0], [0, 1]], [0.5, 0.5], 0),
        ([[1, 0], [0, 1]], [0.25, 0.75], 0),
        ([[1, 0], [0, 1]], [1, 1], 0.5),
        ([[1, 0], [0, 1]], [0, 0], 0.5),
        ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0.5, 0.5, 0.5], 1 / 6),
        ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [1 / 3, 1 / 3, 1 / 3], 0),
        ([[0], [1]], [2], 1),
        ([[0], [1]], [-1], 1),
        ([[0], [1]], [0.5], 0),
        ([[3, 4]], [0, 0], 4),
        ([[3, 4]], [3, 4], 0),
        ([[1, 1], [1, 1], [1, 1]], [1, 2], 1),
        ([[-1, -1], [-1, 1], [1, -1], [1, 1]], [0, 0], 0),
        ([[-1, -1], [-1, 1], [1, -1], [1, 1]], [5, 0.5], 4),
    ],
)
def test_known_cases(points, target, expected):
    found = distance(np.array(points, float), np.array(target, float))
    assert found == pytest.approx(expected, abs=1e-12)


def test_no_coordinates_no_distance():
    assert distance(np.zeros((3, 0)), np.zeros(0)) == 0.0


@pytest.mark.parametrize("count", [8, 32])
def test_the_sub_gradients_of_a_wide_tie(count):
    """The corners of a simplex, each seen many times over, as a look around a tied maximum gives them."""
    corners = np.eye(count)[np.arange(8 * count) % count]
    assert distance(corners, np.full(count, 1 / count)) <= 1e-9
    assert distance(corners, np.eye(count)[3]) <= 1e-9
    assert distance(corners, np.zeros(count)) == pytest.approx(1 / count, rel=1e-6)
    assert distance(corners, np.ones(count)) == pytest.approx(1 - 1 / count, rel=1e-6)


# ------------------------------------------------------------------------------------------ distinct pieces


@given(clouds(12, 2), st.floats(0, 4))
@fixed
def test_distinct_pieces(points, within):
    pieces, counts = distinct(points, within)
    assert counts.sum() == len(points)
    gaps = np.abs(pieces[:, None] - pieces[None]).max(axis=2)
    assert (gaps[~np.eye(len(pieces), dtype=bool)] > within).all()
    nearest = np.abs(points[:, None] - pieces[None]).max(axis=2).min(axis=1)
    assert (nearest <= within).all()


def test_points_that_repeat_are_one_piece():
    pieces, counts = distinct(np.array([[1.0, 0], [0, 1], [1, 0.001], [1, 0]]), 0.01)
    np.testing.assert_array_equal(pieces, [[1, 0], [0, 1]])
    np.testing.assert_array_equal(counts, [3, 1])


def test_points_that_are_there_already_are_left_out_whatever_the_sign_of_0():
    points = np.array([[0.0, 1.0], [-0.0, 1.0], [0.5, 1.0], [0.0, 1.0 + 1e-15], [0.5, 2.0]])
    assert _unlike(points).tolist() == [[0.0, 1.0], [0.5, 1.0], [0.5, 2.0]]
