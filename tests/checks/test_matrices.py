"""The Jacobian of one row, and the structure found in it."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.checks import matrices
from actcheck.checks.calibration import calibrate
from actcheck.errors import DataError
from actcheck.model import Layout, Verdict

from .cases import RELU, SOFTMAX, TANH, Made, random_rows, rows, sech2, softmax, subject


def shown(functor, *x, **known):
    one = subject(functor, len(x), **known)
    return matrices.matrices(one, calibrate(one, random_rows(len(x)), 1e-8, 0.0, 0), rows(list(x), list(x)), 0)


def test_softmax():
    x = (1.0, -0.5, 0.25, 2.0)
    found = shown(SOFTMAX, *x, jacobian=True)
    (a,) = softmax(np.array([x]))
    np.testing.assert_allclose(found.analytic, np.diag(a) - np.outer(a, a), rtol=1e-12)
    np.testing.assert_allclose(found.numeric, found.analytic, atol=1e-11)
    np.testing.assert_array_equal(found.error, np.abs(found.analytic - found.numeric))
    assert (found.error <= found.allowed).all()
    assert found.structure == ("symmetric", "rows sum to 0", "columns sum to 0")
    assert (found.row, found.x, found.layout) == ("given 0", x, Layout.OUT_IN)
    assert {each for row in found.verdicts for each in row} == {Verdict.AGREE}
    assert not found.analytic.flags.writeable


def test_a_diagonal_is_shown_in_full():
    found = shown(TANH, 1.0, -2.0, 0.5)
    np.testing.assert_allclose(np.diag(found.analytic), sech2(np.array([1.0, -2.0, 0.5])))
    assert np.count_nonzero(found.analytic) == 3
    assert found.structure[0] == "diagonal"


def test_layouts_are_told_but_not_mixed():
    W = np.arange(6.0).reshape(3, 2) + 1
    functor = Made(lambda X: X @ W.T, lambda X: np.tile(W.T, (len(X), 1, 1)))
    found = shown(functor, 1.0, 2.0, outputs=3, jacobian=True, layout=Layout.IN_OUT)
    np.testing.assert_array_equal(found.analytic, W)
    np.testing.assert_allclose(found.numeric, W, rtol=1e-9)
    assert found.layout is Layout.IN_OUT
    assert np.shape(found.verdicts) == (3, 2)


def test_a_wrong_entry_stands_out():
    def off(X):
        J = SOFTMAX.gradient(X)
        J[:, 0, 1] *= -1
        return J

    found = shown(Made(softmax, off), 1.0, 2.0, 3.0, jacobian=True)
    assert found.verdicts[0][1] is Verdict.WRONG
    assert sum(each is Verdict.WRONG for row in found.verdicts for each in row) == 1
    assert found.error[0, 1] > found.allowed[0, 1]


def test_a_kink_shows_as_one():
    found = shown(RELU, 0.0, 1.0)
    assert found.verdicts[0][0] is Verdict.KINK_ACCEPTED
    assert found.verdicts[1][1] is Verdict.AGREE


def test_too_large_to_be_shown():
    with pytest.raises(DataError, match=r"a Jacobian of 3000 x 3000 is too large to show"):
        matrices.matrices(subject(TANH, 3000), None, None, 0)


# ------------------------------------------------------------------------------------------ structure


TIGHT = 1e-9


@pytest.mark.parametrize(
    ("matrix", "names"),
    [
        (np.diag([1.0, 2.0, 3.0]), ("diagonal",)),
        (np.eye(2), ("diagonal", "rows sum to 1", "columns sum to 1")),
        (np.zeros((2, 2)), ("diagonal", "rows sum to 0", "columns sum to 0")),
        ([[1.0, 2.0], [2.0, 5.0]], ("symmetric",)),
        ([[1.0, -1.0], [-1.0, 1.0]], ("symmetric", "rows sum to 0", "columns sum to 0")),
        ([[0.0, 1.0], [-1.0, 0.0]], ()),
        ([[0.5, 0.5], [0.25, 0.75]], ("rows sum to 1",)),
        ([[1.0, 2.0, -3.0]], ("rows sum to 0",)),
        ([[1.0], [-1.0]], ("columns sum to 0",)),
        ([[1.0, 2.0, 3.0], [0.5, 0.0, 1.0]], ()),
        ([[7.0]], ()),
    ],
)
def test_structure(matrix, names):
    matrix = np.array(matrix)
    assert matrices.structure(matrix, np.full(matrix.shape, TIGHT)) == names


def test_structure_within_what_is_known():
    nearly = np.eye(3) + 1e-4
    assert matrices.structure(nearly, np.full((3, 3), TIGHT)) == ("symmetric",)
    assert "diagonal" in matrices.structure(nearly, np.full((3, 3), 1e-3))


def test_nothing_is_said_of_what_is_unknown():
    within = np.full((2, 2), TIGHT)
    within[0, 1] = np.inf
    assert matrices.structure(np.eye(2), within) == ()
