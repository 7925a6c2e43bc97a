"""Windows: what irregular points around x show of stairs, waves and kinks."""

import numpy as np
import pytest

from actcheck.numeric import windows
from actcheck.numeric.lines import Lines


def look(function, x):
    lines = Lines(function, np.array([[float(x)]]), 1, True)
    return windows.look(lines, np.array([0]), np.array([0]))


@pytest.mark.parametrize(
    ("function", "x"),
    [
        (lambda X: np.round(X * 256) / 256, 0.3),
        (lambda X: np.round(X, 4), -2.0),
        (lambda X: 1e4 + np.sin(X.astype(np.float32)), 0.7),
        (lambda X: 0.5 * (1 + np.tanh(30 * X)), -0.43),
        (lambda X: X * 0.5 * (1 + np.tanh(30 * X)), -0.5),
    ],
)
def test_a_staircase_is_seen_with_level_and_with_sloping_treads(function, x):
    assert look(function, x).stepped.any()


@pytest.mark.parametrize("x", [0.0, 1e-3, 0.7, -3.0, 30.0])
@pytest.mark.parametrize(
    "function",
    [
        np.sin,
        np.tanh,
        np.abs,
        lambda X: np.maximum(X, 0),
        lambda X: np.sign(X) * np.maximum(np.abs(X) - 0.5, 0),
        lambda X: np.heaviside(X, 0.5),
        lambda X: X / np.sqrt(X**2 + 1e-12),
        lambda X: np.sin(50 * X),
    ],
)
def test_curves_dead_zones_kinks_and_single_jumps_are_no_staircase(function, x):
    seen = look(function, x)
    wide = 2.0 ** -np.arange(-1, len(seen.stepped) - 1)
    # Within its last bits everything is one.
    assert not seen.stepped[seen.residual[:, 0] > 1e-12].any(), wide[seen.stepped[:, 0]]


@pytest.mark.parametrize(
    ("function", "slope"), [(np.sin, np.cos), (np.exp, np.exp), (np.tanh, lambda x: 1 - np.tanh(x) ** 2)]
)
@pytest.mark.parametrize("x", [0.1, -0.7, 2.0])
def test_every_window_that_no_narrower_one_contradicts_holds_the_slope(function, slope, x):
    seen = look(function, x)
    held = seen.excluding() & seen.curved
    assert held.any()
    assert np.all(np.abs(seen.slope - slope(x))[held] <= seen.bound[held])


def test_a_slope_is_excluded_by_half_its_size_and_not_by_itself():
    seen = look(np.sin, 0.7)
    trusted = seen.trusted(np.array([False]))
    nothing = np.zeros(1)
    assert not seen.excludes(np.cos(np.array([0.7])), nothing, trusted)[0]
    assert seen.excludes(1.5 * np.cos(np.array([0.7])), nothing, trusted)[0]


def test_the_windows_of_a_staircase_wider_than_its_steps_tell_its_trend():
    seen = look(lambda X: 1e4 + np.sin(X.astype(np.float32)), 0.7)
    trusted = seen.trusted(np.array([True]))
    true, within = np.cos(np.array([0.7])), np.zeros(1)
    assert not seen.excludes(true, within, trusted)[0]
    assert seen.excludes(2 * true, within, trusted)[0]
    assert seen.excludes(0 * true, within, trusted)[0]


def test_a_kink_shows_and_a_round_corner_does_not():
    assert look(np.abs, 0.0).creased[0]
    assert not look(lambda X: np.sqrt(X**2 + 1e-12), 0.0).creased[0]


def test_waves_narrower_than_every_window_are_unresolved():
    assert look(lambda X: np.sin(X**7), 800.0).unresolved[0]
    assert not look(lambda X: np.sin(X**3), 800.0).unresolved[0]
    assert not look(np.tanh, 800.0).unresolved[0]


def test_a_line_of_several_outputs_is_evaluated_once():
    asked = []

    def forward(X):
        asked.append(len(X))
        return np.stack([np.sin(X).sum(axis=1), X.prod(axis=1), np.exp(X[:, 0])], axis=1)

    lines = Lines(forward, np.array([[0.5, -1.0], [2.0, 3.0]]), 3, False)
    index, output = np.array([3, 0, 3, 0, 3]), np.array([1, 2, 0, 0, 2])
    together = windows.look(lines, index, output)
    twice = sum(asked)
    asked.clear()
    for k in range(5):
        alone = windows.look(lines, index[k : k + 1], output[k : k + 1])
        np.testing.assert_allclose(together.slope[:, k], alone.slope[:, 0], rtol=1e-6)
        np.testing.assert_array_equal(together.stepped[:, k], alone.stepped[:, 0])
        assert together.x[k] == alone.x[0]
    assert twice == 2 * sum(asked) / 5
