"""Calls of the user's functor: what it raises and returns becomes arrays or a finding."""

from __future__ import annotations

import math
import sys
import warnings
import weakref

import numpy as np
import pytest

from actcheck.checks.calls import BLOCK_BYTES, BrokenContract, as_numbers, named, quietly, shape_text
from actcheck.model import Layout

from .cases import TANH, Made, random_rows, sech2, softmax_jacobian, subject

X = random_rows()


def raising_on_negatives(X):
    if (X < 0).any():
        raise ValueError("no negative numbers")
    return np.sqrt(X)


# ------------------------------------------------------------------------------------------ raising


def test_rows_on_which_it_raises_become_nan():
    values = subject(Made(raising_on_negatives, sech2), 2).forward(np.array([[1.0, 4.0], [-1.0, 4.0], [9.0, 0.0]]))
    # What it refuses says nothing of the number beside it.
    np.testing.assert_array_equal(values, [[1, 2], [np.nan, 2], [3, 0]])


def test_a_functor_that_raises_on_all_rows_gives_nan_only():
    def broken(X):
        raise ZeroDivisionError

    assert np.isnan(subject(Made(broken, broken)).forward(X)).all()
    assert np.isnan(subject(Made(broken, broken)).gradient(X)).all()


def test_the_search_for_such_rows_is_a_bisection():
    calls = []

    def f(X):
        calls.append(len(X))
        if (X[:, 0] == 7).any():
            raise ValueError
        return X

    tall = np.zeros((256, 1))
    tall[100] = 7
    values = subject(Made(f, sech2), 1).forward(tall)
    assert np.flatnonzero(np.isnan(values[:, 0])).tolist() == [100]
    assert len(calls) == 1 + 2 * 8


def test_the_first_row_on_which_only_the_gradient_raises_is_kept():
    one = subject(Made(np.tanh, raising_on_negatives), 2)
    one.gradient(np.array([[1.0, 1.0], [1.0, -2.0], [-3.0, 1.0]]))
    ((row, error),) = one.raised
    # Of the number alone that it raises on.
    np.testing.assert_array_equal(row, [-2, -2])
    assert str(error) == "no negative numbers"
    assert not subject(Made(raising_on_negatives, raising_on_negatives), 2).raised


def test_a_row_on_which_both_raise_is_outside_the_domain():
    one = subject(Made(raising_on_negatives, raising_on_negatives), 2)
    one.gradient(np.array([[-1.0, 1.0]]))
    assert not one.raised


@pytest.mark.parametrize("code", [0, 1, "bye", None])
def test_sys_exit_is_caught(code):
    def leaving(X):
        sys.exit(code)

    with pytest.raises(RuntimeError, match=r"it called sys\.exit\("):
        quietly(leaving, X)
    assert np.isnan(subject(Made(leaving, sech2)).forward(X)).all()


def test_an_interrupt_goes_through():
    def interrupted(X):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        subject(Made(interrupted, sech2)).forward(X)


def test_its_floating_point_warnings_are_its_own_affair():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values = quietly(lambda X: np.log(X) + np.exp(1e4 * X) / X, np.array([[0.0, -1.0, 1.0]]))
    assert not np.isfinite(values).all()


def test_naming_an_exception():
    assert named(ValueError("a\n  b")) == "ValueError: a b"
    assert named(KeyError()) == "KeyError"


# ------------------------------------------------------------------------------------------ results


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (np.array([[1, 2]]), [[1.0, 2.0]]),
        (np.array([[True, False]]), [[1.0, 0.0]]),
        (np.array([[1, 2]], np.float16), [[1.0, 2.0]]),
        (np.array([[1, 2]], np.uint8), [[1.0, 2.0]]),
        (1, [[1.0, 1.0]]),
        (np.float32(0.5), [[0.5, 0.5]]),
    ],
)
def test_integers_booleans_and_scalars_are_numbers(raw, expected):
    numbers = as_numbers(raw, (1, 2))
    assert numbers.dtype == np.float64
    np.testing.assert_array_equal(numbers, expected)


@pytest.mark.parametrize(
    ("raw", "code", "message"),
    [
        (np.ones((2, 1)), "shape", "the shape is (2, 1) for a batch of 1, (1, 2) is expected"),
        (np.ones(2), "shape", "the shape is (2,) for a batch of 1, (1, 2) is expected"),
        (np.ones((1, 2), complex), "type", "the values are complex128 for a batch of 1, real numbers are expected"),
        (np.array([["a", "b"]]), "type", "the values are <U1 for a batch of 1, real numbers are expected"),
        (np.array([[1, None]]), "type", "the values are object for a batch of 1, real numbers are expected"),
        (None, "type", "the values are object for a batch of 1, real numbers are expected"),
    ],
)
def test_anything_else_is_a_finding(raw, code, message):
    with pytest.raises(BrokenContract) as caught:
        as_numbers(raw, (1, 2))
    assert caught.value.finding.code == code
    assert caught.value.finding.message == message


def test_shapes_as_numpy_writes_them():
    for shape in [(), (3,), (3, 4), (1, 2, 3)]:
        assert shape_text(shape) == str(shape)


# ------------------------------------------------------------------------------------------ the subject


def test_the_functor_gets_a_copy_in_its_type():
    seen = []

    def writing(X):
        seen.append(X.dtype)
        X[:] = 0
        return X

    mine = X.copy()
    subject(Made(writing, writing), dtype="float32").forward(mine)
    subject(Made(writing, writing), dtype="float32").forward_in_type(mine)
    subject(Made(writing, writing), dtype="float16").gradient(mine)
    np.testing.assert_array_equal(mine, X)
    assert seen == [np.float64, np.float32, np.float16]


def test_a_diagonal_can_be_spread():
    full = subject(TANH, spread=True)
    assert not full.diagonal
    J = full.gradient(X)
    assert J.shape == (8, 5, 5)
    np.testing.assert_array_equal(J[:, range(5), range(5)], sech2(X))
    assert np.count_nonzero(J) == np.count_nonzero(sech2(X))


def test_both_layouts_come_out_alike():
    W = np.arange(6.0).reshape(3, 2)
    out_in = subject(Made(lambda X: X @ W.T, lambda X: np.tile(W, (len(X), 1, 1))), 2, 3, jacobian=True)
    transposed = Made(lambda X: X @ W.T, lambda X: np.tile(W.T, (len(X), 1, 1)))
    in_out = subject(transposed, 2, 3, jacobian=True, layout=Layout.IN_OUT)
    assert out_in.gradient_tail == (3, 2)
    assert in_out.gradient_tail == (2, 3)
    np.testing.assert_array_equal(out_in.gradient(X[:, :2]), in_out.gradient(X[:, :2]))


def test_gradients_are_asked_for_in_blocks():
    assert subject(TANH, 1000).block == BLOCK_BYTES // 8000
    assert subject(Made(np.tanh, softmax_jacobian), 1000, jacobian=True).block == 8
    assert subject(Made(np.tanh, softmax_jacobian), 10_000, jacobian=True).block == 1


def test_a_row_of_nan_on_which_the_value_raises_is_asked_once():
    """NaN is not equal to itself: the row is one number everywhere all the same."""
    asked = []

    def value(X):
        asked.append(len(X))
        raise ValueError("no")

    assert np.isnan(subject(Made(value, np.ones_like), 3).forward(np.full((1, 3), np.nan))).all()
    assert asked == [1]


def _root(X):
    return np.array([[math.copysign(math.sqrt(abs(x)), x) for x in row] for row in X])


def test_a_slope_that_python_divides_to_infinity_has_the_sign_of_those_beside_it():
    one = subject(Made(_root, lambda X: np.array([[-0.5 / math.sqrt(abs(x)) for x in row] for row in X])), 2)
    assert one.gradient(np.array([[0.0, 4.0]])).tolist() == [[-np.inf, -0.25]]
    assert not one.raised
    ((row, error),) = one.divided
    assert (row.tolist(), type(error)) == ([0.0, 0.0], ZeroDivisionError)


def test_it_has_none_where_those_beside_it_differ():
    one = subject(Made(np.abs, lambda X: np.array([[abs(float(x)) / float(x) for x in row] for row in X])), 1)
    assert np.isnan(one.gradient(np.array([[0.0]]))).all()
    assert one.raised
    assert not one.divided


def test_rows_that_are_made_for_a_functor_are_made_again_after_it_spoiled_them_and_raised():
    def spoils(X):
        X += 1
        if len(X) > 1:
            raise ValueError("one at a time")
        return X

    made = []

    def make():
        made.append(np.array([[1.0, 2.0], [3.0, 4.0]]))
        return made[-1]

    one = subject(Made(spoils, sech2), 2, jacobian=True)
    np.testing.assert_array_equal(one.forward_made(make), [[2, 3], [4, 5]])
    assert len(made) == 2


def test_what_is_kept_is_a_copy_and_what_is_lent_is_not():
    buffer = np.zeros((4, 2))

    def written(X):
        buffer[: len(X)] = X
        return buffer[: len(X)]

    one = subject(Made(written, written), 2)
    assert not np.shares_memory(one.forward(X[:4, :2]), buffer)
    assert not np.shares_memory(one.gradient(X[:4, :2]), buffer)
    assert np.shares_memory(one.gradient(X[:4, :2], lent=True), buffer)


def _address(values):
    return values.__array_interface__["data"][0]


def test_an_array_that_nobody_else_holds_is_no_longer_copied():
    given = []

    def fresh(X):
        values = 2.0 * X
        given.append(_address(values))
        return values

    one = subject(Made(fresh, fresh), X.shape[1])
    assert [_address(one.forward(X)), _address(one.gradient(X))] == given


class _Kept(np.ndarray):
    """A class of its own, that may do anything."""


def _keeping(how):
    """Give a functor that can still get at what it returned, and what changes that."""
    kept = []

    def function(X):
        values = 2.0 * X
        if how == "list":
            kept.append(values)
            return values
        if how == "view":
            kept.append(values)
            return values[:]
        if how == "base":
            kept.append(memoryview(values))
            return values
        if how == "weak":
            kept.append(weakref.ref(values))
            return values
        if how == "closure":
            kept.append(lambda: values)
            return values
        kept.append(values.view(_Kept))
        return kept[-1]

    return Made(function, function)


@pytest.mark.parametrize("how", ["list", "view", "base", "weak", "closure", "subclass"])
def test_what_a_functor_can_still_get_at_is_copied(how):
    given = []
    functor = _keeping(how)

    def noting(X):
        values = functor(X)
        given.append(_address(values))
        return values

    one = subject(Made(noting, noting), X.shape[1])
    assert _address(one.forward(X)) != given[0]
    assert _address(one.gradient(X)) != given[1]


def test_what_may_not_be_written_into_is_copied():
    def frozen(X):
        values = 2.0 * X
        values.flags.writeable = False
        return values

    values = subject(Made(frozen, frozen), X.shape[1]).forward(X)
    assert values.flags.writeable


def test_two_buffers_that_take_turns_spoil_nothing():
    buffers = [np.empty(X.shape), np.empty(X.shape)]
    calls = []

    def turns(X):
        calls.append(len(X))
        buffer = buffers[len(calls) % 2]
        buffer[: len(X)] = X
        return buffer if len(X) == len(buffer) else buffer[: len(X)]

    one = subject(Made(turns, turns), X.shape[1])
    first = one.forward(X)
    for shift in (1.0, 2.0):
        one.forward(X + shift)
    np.testing.assert_array_equal(first, X)
