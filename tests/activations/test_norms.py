from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from actcheck.activations import L2Normalize, LayerNorm, RMSNorm, Squash

from .strategies import ANY, rows_of

NORMS = [LayerNorm(), RMSNorm(), L2Normalize(), Squash()]


@given(rows_of(ANY))
@example(np.array([2.0**52, 2.0**52, 0.0, 0.0]))
def test_jacobians_are_symmetric(X) -> None:
    for functor in NORMS:
        J = functor.gradient(X)
        np.testing.assert_allclose(J, np.swapaxes(J, -1, -2), rtol=1e-15, atol=1e-323)


@given(rows_of(ANY))
def test_sizes_are_standard(X) -> None:
    n = X.shape[-1]
    assert np.all(np.abs(LayerNorm()(X).sum(axis=-1)) <= 1e-13)
    assert np.all(np.mean(LayerNorm()(X) ** 2, axis=-1) <= 1 + 1e-14)
    assert np.all(np.abs(RMSNorm()(X)) <= np.sqrt(n) * (1 + 1e-15))
    for functor in (L2Normalize(), Squash()):
        assert np.all(np.linalg.norm(functor(X), axis=-1) <= 1 + 1e-15)


@given(rows_of(), st.sampled_from([2.0**-4, 8.0, 1024.0]))
def test_the_size_of_a_row_does_not_matter_to_its_direction(X, factor) -> None:
    long = np.linalg.norm(X, axis=-1, keepdims=True) > 1e-6
    scaled = np.where(long, factor, 1) * X
    np.testing.assert_allclose(L2Normalize()(scaled), L2Normalize()(X), rtol=1e-14, atol=1e-300)


@given(rows_of(), st.floats(-30, 30))
def test_layer_norm_does_not_see_a_shift(X, shift) -> None:
    """The row is rounded by the shift, and that is magnified by 1/√eps at most."""
    np.testing.assert_allclose(LayerNorm(0.125)(X + shift), LayerNorm(0.125)(X), atol=1e-12)
    np.testing.assert_allclose(LayerNorm().gradient(X).sum(axis=-1), 0, atol=1e-11)


@given(rows_of(least=2))
def test_a_step_along_the_row_does_not_turn_it(X) -> None:
    long = np.linalg.norm(X, axis=-1) > 1e-6
    J = L2Normalize().gradient(X)
    turned = (J @ X[..., None])[..., 0]
    assert np.all(np.abs(turned[long]) <= 1e-14)


def test_a_row_of_zeros_has_a_gradient() -> None:
    zeros = np.zeros(3)
    for functor in NORMS:
        np.testing.assert_array_equal(functor(zeros), 0)
    np.testing.assert_allclose(LayerNorm(0.25).gradient(zeros), 2 * (np.eye(3) - 1 / 3))
    np.testing.assert_allclose(RMSNorm(0.25).gradient(zeros), 2 * np.eye(3))
    np.testing.assert_allclose(L2Normalize(0.25).gradient(zeros), 4 * np.eye(3))
    np.testing.assert_array_equal(Squash().gradient(zeros), np.zeros((3, 3)))


def test_a_short_row_is_divided_by_eps() -> None:
    np.testing.assert_allclose(L2Normalize(0.5)([0.03, 0.04]), [0.06, 0.08])
    np.testing.assert_allclose(L2Normalize(0.5).gradient([0.3, 0.4]), 2 * np.eye(2))


def test_eps_is_never_below_what_the_type_can_hold() -> None:
    X = np.zeros(2, np.float16)
    assert np.isfinite(L2Normalize().gradient(X)).all()


def test_two_equal_and_opposite_entries_keep_their_small_slopes() -> None:
    """1 - 1/n - a²/n gives rounding here: with two entries, layer norm is all but a step."""
    J = LayerNorm(1e-5).gradient([-100.0, 100.0])
    expected = 1e-5 / 2 / (1e4 + 1e-5) ** 1.5
    np.testing.assert_allclose(J, [[expected, -expected], [-expected, expected]], rtol=1e-14)


def test_layer_norm_sees_small_deviations_far_from_zero() -> None:
    X = 1e8 + np.array([0.0, 1.0])
    np.testing.assert_allclose(LayerNorm()(X), [-1 / np.sqrt(1 + 4e-5), 1 / np.sqrt(1 + 4e-5)], rtol=1e-12)
