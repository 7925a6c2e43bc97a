from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcheck.activations import LogSoftmax, LogSumExp, Softmax, Softmin, Sparsemax

from .strategies import ANY, rows_of

DISTRIBUTIONS = [Softmax(), Softmax(-2), Softmax(8), Softmin(), Sparsemax()]


def seed_softmax_jacobian(A, stretch):
    """Give the seed's formula in its Kronecker form, one row at a time."""
    return stretch * (np.diag(A) - np.outer(A, A))


@pytest.mark.parametrize("functor", DISTRIBUTIONS)
def test_rows_sum_to_one_and_their_jacobians_to_zero(functor) -> None:
    @given(rows_of(ANY))
    def check(X) -> None:
        A, J = functor(X), functor.gradient(X)
        assert np.all(A >= 0)
        np.testing.assert_allclose(A.sum(axis=-1), 1, rtol=1e-14)
        for axis in (-1, -2):
            np.testing.assert_allclose(J.sum(axis=axis), 0, atol=1e-14)

    check()


@given(rows_of(), st.sampled_from([-2.0, 0.5, 1.0, 3.0]))
def test_softmax_has_the_seed_s_jacobian(X, stretch) -> None:
    functor = Softmax(stretch)
    for x in np.atleast_2d(X):
        expected = seed_softmax_jacobian(functor(x), stretch)
        np.testing.assert_allclose(functor.gradient(x), expected, rtol=1e-13, atol=1e-14)


@given(rows_of(), st.floats(-30, 30))
def test_a_shift_of_the_row_changes_nothing(X, shift) -> None:
    for functor in (Softmax(), Softmin(), Sparsemax()):
        np.testing.assert_allclose(functor(X + shift), functor(X), rtol=1e-12, atol=1e-13)


@given(rows_of(least=3, most=3))
def test_the_order_of_the_entries_does_not_matter(X) -> None:
    order = [2, 0, 1]
    for functor in (Softmax(), LogSoftmax(), Sparsemax()):
        np.testing.assert_allclose(functor(X[..., order]), functor(X)[..., order], rtol=1e-14, atol=1e-15)


@given(rows_of())
def test_stretch_is_a_factor_of_the_row(X) -> None:
    np.testing.assert_allclose(Softmax(3)(X), Softmax()(3 * X), rtol=1e-12)
    np.testing.assert_array_equal(Softmin()(X), Softmax(-1)(X))


@given(rows_of())
def test_log_softmax_and_logsumexp_are_what_their_names_say(X) -> None:
    np.testing.assert_allclose(np.exp(LogSoftmax()(X)), Softmax()(X), rtol=1e-12)
    np.testing.assert_allclose(X - LogSumExp()(X), LogSoftmax()(X), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(LogSumExp().gradient(X)[..., 0, :], Softmax()(X), rtol=1e-15)


@given(rows_of(ANY))
def test_log_softmax_has_rows_of_slopes_that_sum_to_zero(X) -> None:
    np.testing.assert_allclose(LogSoftmax().gradient(X).sum(axis=-1), 0, atol=1e-14)


@given(rows_of(ANY))
def test_logsumexp_is_the_largest_entry_and_a_little(X) -> None:
    excess = LogSumExp()(X) - X.max(axis=-1, keepdims=True)
    assert np.all(excess >= 0)
    assert np.all(excess <= np.log(X.shape[-1]) + 1e-15 + 1e-15 * np.abs(X).max())


@given(rows_of())
def test_sparsemax_leaves_distributions_alone(X) -> None:
    A = Sparsemax()(X)
    np.testing.assert_allclose(Sparsemax()(A), A, atol=1e-14)


def test_sparsemax_cuts_what_is_far_below() -> None:
    np.testing.assert_array_equal(Sparsemax()([0.0, -1.0, -5.0]), [1, 0, 0])
    np.testing.assert_allclose(Sparsemax()([0.5, 0.0, -5.0]), [0.75, 0.25, 0])
    np.testing.assert_array_equal(Sparsemax().gradient([0.5, 0.0, -5.0]), [[0.5, -0.5, 0], [-0.5, 0.5, 0], [0, 0, 0]])


def test_an_entry_at_sparsemax_s_threshold_counts_as_below() -> None:
    np.testing.assert_array_equal(Sparsemax().gradient([0.0, -1.0]), np.zeros((2, 2)))


def test_a_peak_keeps_its_small_slopes() -> None:
    """The textbook form 1 - a gives 0 for both."""
    J = Softmax().gradient([0.0, -40.0])
    np.testing.assert_allclose(J, np.exp(-40) * np.array([[1, -1], [-1, 1]]), rtol=1e-15)
    np.testing.assert_allclose(LogSoftmax()([0.0, -40.0])[0], -np.exp(-40), rtol=1e-15)


def test_stretch_must_not_be_zero() -> None:
    with pytest.raises(ValueError, match=r"^stretch must be finite and not 0, got 0$"):
        Softmax(stretch=0)
