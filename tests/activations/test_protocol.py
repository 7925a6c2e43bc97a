"""What holds of every functor of the catalogue: shapes, types, no warning, no trace left behind."""

from __future__ import annotations

import numpy as np
import pytest

from .cases import CASES, DEFAULTS, DTYPES, Case

pytestmark = pytest.mark.parametrize("case", DEFAULTS, ids=str)

LEADING = [(), (3,), (2, 3), (0,), (2, 0, 3)]


def outputs(case: Case, n: int) -> int:
    """Give the width of the output, by what the entry says of it."""
    says = case.entry.widths.rsplit("m = ", 1)[1]
    return {"n": n, "1": 1, "n/2": n // 2, "n/pieces": n // 2}[says]


def draw(shape, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape) * 3


@pytest.mark.parametrize("leading", LEADING, ids=str)
def test_the_last_axis_is_the_row(case: Case, leading) -> None:
    functor, n = case.functor(), case.width(4)
    m = outputs(case, n)
    X = draw((*leading, n))
    assert functor(X).shape == (*leading, m)
    assert functor.gradient(X).shape == ((*leading, n) if case.entry.elementwise else (*leading, m, n))


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_type_is_kept(case: Case, dtype) -> None:
    functor, X = case.functor(), draw((3, case.width(4))).astype(dtype)
    assert functor(X).dtype == dtype
    assert functor.gradient(X).dtype == dtype


@pytest.mark.parametrize("dtype", [np.int64, np.int8, bool])
def test_integers_count_as_float64(case: Case, dtype) -> None:
    functor, X = case.functor(), draw((3, case.width(4))).astype(dtype)
    assert functor(X).dtype == functor.gradient(X).dtype == np.float64
    np.testing.assert_array_equal(functor(X), functor(X.astype(float)))
    np.testing.assert_array_equal(functor.gradient(X), functor.gradient(X.astype(float)))


def test_lists_are_read_as_arrays(case: Case) -> None:
    functor, X = case.functor(), draw(case.width(4))
    np.testing.assert_array_equal(functor(X.tolist()), functor(X))
    np.testing.assert_array_equal(functor.gradient(X.tolist()), functor.gradient(X))


def test_scalars_are_a_value_or_a_clear_error(case: Case) -> None:
    functor = case.functor()
    if case.entry.elementwise:
        assert np.shape(functor(1.5)) == np.shape(functor.gradient(1.5)) == ()
        return
    for call in (functor, functor.gradient):
        with pytest.raises(ValueError, match=r"give an array of shape \(n,\) or \(\.\.\., n\), not a scalar"):
            call(np.float64(1.5))


def test_a_row_alone_gives_what_it_gives_in_a_batch(case: Case) -> None:
    functor, X = case.functor(), draw((5, case.width(4)))
    for row, a, j in zip(X, functor(X), functor.gradient(X), strict=True):
        np.testing.assert_allclose(functor(row), a, rtol=1e-14, atol=1e-15)
        np.testing.assert_allclose(functor.gradient(row), j, rtol=1e-13, atol=1e-14)


def test_any_memory_order_will_do(case: Case) -> None:
    functor, X = case.functor(), draw((case.width(4), 6)).T
    np.testing.assert_allclose(functor(X), functor(np.ascontiguousarray(X)), rtol=1e-14)
    strided = draw((6, 2 * case.width(4)))[:, ::2]
    np.testing.assert_allclose(functor.gradient(strided), functor.gradient(strided.copy()), rtol=1e-14)


def test_input_stays_and_output_is_fresh(case: Case) -> None:
    functor, X = case.functor(), draw((3, case.width(4)))
    X.setflags(write=False)
    for call in (functor, functor.gradient):
        first = call(X)
        before = first.copy()
        assert not np.shares_memory(first, X)
        assert not np.shares_memory(first, call(X))
        call(2 * X)
        np.testing.assert_array_equal(first, before)


@pytest.mark.parametrize("dtype", DTYPES)
def test_extremes_give_numbers_without_a_warning(case: Case, dtype) -> None:
    """Rows up to the type's largest number, but where the function itself would be beyond it."""
    functor, n = case.functor(), case.width(4)
    info = np.finfo(dtype)
    # SELU is steeper than 1, the logarithm of softmax subtracts two entries, SwiGLU multiplies them.
    largest = info.max**0.5 if case.entry.name == "swiglu" else info.max / 4
    sizes = [info.smallest_subnormal, info.tiny, 1, 20, 200, largest]
    shapes = [np.ones(n), -np.ones(n), np.resize([1, -1], n), np.linspace(-1, 1, n), np.arange(n) == 1, np.zeros(n)]
    X = np.array([size * shape.astype(dtype) for size in sizes for shape in shapes], dtype)
    with np.errstate(all="raise", under="ignore"):
        A, G = functor(X), functor.gradient(X)
    assert np.isfinite(A).all()
    assert np.isfinite(G).all()


@pytest.mark.parametrize("at", range(4))
def test_parameters_at_the_ends_work_in_half_precision(case: Case, at: int) -> None:
    ends = [other for other in CASES if other.entry is case.entry and other.parameters]
    if at >= len(ends):
        return
    functor, X = ends[at].functor(), draw((3, ends[at].width(4))).astype(np.float16)
    assert functor(X).dtype == functor.gradient(X).dtype == np.float16
    assert np.isfinite(functor.gradient(X)).all()
