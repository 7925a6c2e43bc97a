from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from actcheck.activations import GLU, Maxout, Sigmoid, SiLU, SwiGLU

from .strategies import rows_of


@given(rows_of(least=6, most=6))
def test_gates_act_on_halves(X) -> None:
    U, V = X[..., :3], X[..., 3:]
    np.testing.assert_array_equal(GLU()(X), U * Sigmoid()(V))
    np.testing.assert_array_equal(SwiGLU()(X), SiLU()(U) * V)


@pytest.mark.parametrize("functor", [GLU(), SwiGLU()])
def test_jacobians_of_gates_have_two_diagonals(functor) -> None:
    J = functor.gradient(np.array([1.0, 2.0, 3.0, -1.0, -2.0, -3.0]))
    assert J.shape == (3, 6)
    np.testing.assert_array_equal(J != 0, np.hstack([np.eye(3), np.eye(3)]) != 0)


@given(rows_of(least=6, most=6))
def test_maxout_gives_back_what_its_jacobian_picks(X) -> None:
    for pieces in (1, 2, 3, 6):
        functor = Maxout(pieces)
        J = functor.gradient(X)
        np.testing.assert_array_equal((J @ X[..., None])[..., 0], functor(X))
        np.testing.assert_array_equal(J.sum(axis=-1), 1)


def test_of_equal_pieces_the_first_takes_the_gradient() -> None:
    np.testing.assert_array_equal(Maxout(2).gradient([3.0, 3.0, 1.0, 2.0]), [[1, 0, 0, 0], [0, 0, 0, 1]])


@pytest.mark.parametrize("functor", [GLU(), SwiGLU()])
def test_an_odd_row_has_no_halves(functor) -> None:
    for call in (functor, functor.gradient):
        with pytest.raises(ValueError, match=r"^the width of a row must be even, got 5$"):
            call(np.ones((2, 5)))


def test_a_row_must_fall_into_pieces() -> None:
    with pytest.raises(ValueError, match=r"^the width of a row must be a multiple of pieces = 3, got 5$"):
        Maxout(3)(np.ones((2, 5)))


@pytest.mark.parametrize("pieces", [0, 1.5, -2, 17, "two", None])
def test_pieces_are_whole(pieces) -> None:
    with pytest.raises(ValueError, match=f"^pieces must be a whole number from 1 to 16, got {pieces}$"):
        Maxout(pieces)
