"""Every function and gradient is within 8 units of the truth (see `measure`), over the whole range of its type."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.activations import GELUTanh, Sigmoid, Softmax

from .cases import AT_ENDS, DEFAULTS, Case
from .measure import error, is_representable, odd_rows, random_rows, sweep, truth_of
from .truth import TRUTH

ALLOWED = 8.0
TYPES = [np.float64, np.float32]
ELEMENTWISE = [case for case in (*DEFAULTS, *AT_ENDS) if case.entry.elementwise]
DEPENDENT = [case for case in (*DEFAULTS, *AT_ENDS) if not case.entry.elementwise]


def worst_of_numbers(functor, function, numbers, dtype) -> tuple[float, float]:
    """Give the worst error of the value and of the gradient over numbers, evaluated as one row."""
    known = [(x, truth_of(function, [x], dtype)) for x in numbers]
    known = [(x, truth) for x, truth in known if is_representable(truth, dtype)]
    X = np.array([x for x, _ in known], dtype)
    with np.errstate(all="raise", under="ignore"):
        A, G = functor(X), functor.gradient(X)
    values = [error(a, t.value[0], t.value_unit[0], [x], dtype) for a, (x, t) in zip(A, known, strict=True)]
    slopes = [error(g, t.gradient[0][0], t.gradient_unit[0][0], [x], dtype) for g, (x, t) in zip(G, known, strict=True)]
    return max(values), max(slopes)


def worst_of_rows(functor, function, rows, dtype) -> tuple[float, float]:
    """Give the worst error of the values and of the Jacobian's entries over rows, each evaluated alone."""
    values, slopes = [0.0], [0.0]
    for x in rows:
        truth = truth_of(function, x, dtype)
        if not is_representable(truth, dtype):
            continue
        with np.errstate(all="raise", under="ignore"):
            A, J = functor(x), functor.gradient(x)
        values += [error(*each, x, dtype) for each in zip(A, truth.value, truth.value_unit, strict=True)]
        entries = zip(J.flat, np.ravel(truth.gradient), np.ravel(truth.gradient_unit), strict=True)
        slopes += [error(*each, x, dtype) for each in entries]
    return max(values), max(slopes)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("case", ELEMENTWISE, ids=str)
def test_elementwise_is_accurate_over_the_whole_range(case: Case, dtype) -> None:
    def function(xs):
        return TRUTH[case.entry.name](xs, **dict(case.parameters))

    value, slope = worst_of_numbers(case.functor(), function, sweep(dtype, 15), dtype)
    assert value <= ALLOWED
    assert slope <= ALLOWED


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("case", DEPENDENT, ids=str)
def test_dependent_is_accurate_on_hard_and_ordinary_rows(case: Case, dtype) -> None:
    def function(xs):
        return TRUTH[case.entry.name](xs, **dict(case.parameters))

    two, three = case.width(2), case.width(3)
    rows = odd_rows(dtype, two) + random_rows(dtype, three, 10) + odd_rows(dtype, three)[::3]
    value, slope = worst_of_rows(case.functor(), function, rows, dtype)
    assert value <= ALLOWED
    assert slope <= ALLOWED


@pytest.mark.parametrize("case", [case for case in DEPENDENT if case.width(1) == 1 and not case.parameters], ids=str)
def test_dependent_is_accurate_on_rows_of_one(case: Case) -> None:
    value, slope = worst_of_rows(case.functor(), TRUTH[case.entry.name], odd_rows(np.float64, 1), np.float64)
    assert value <= ALLOWED
    assert slope <= ALLOWED


@pytest.mark.parametrize("case", DEPENDENT, ids=str)
def test_wide_rows_lose_no_more_than_narrow_ones(case: Case) -> None:
    """Sums of 1000 terms: float32 against float64, whose own error is nothing beside it."""
    functor, n = case.functor(), case.width(1000)
    X = np.random.default_rng(0).standard_normal((4, n)).astype(np.float32)
    wide = X.astype(np.float64)
    J = functor.gradient(wide)
    unit = np.abs(functor(wide)) + (np.abs(J) @ np.abs(wide)[..., None])[..., 0]
    u, least = np.finfo(np.float32).eps / 2, np.finfo(np.float32).smallest_subnormal
    assert np.all(np.abs(functor(X) - functor(wide)) <= ALLOWED * u * unit + least)
    assert np.abs(functor.gradient(X) - J).max() <= 16 * u * np.abs(J).max()


def test_a_textbook_form_in_the_wrong_place_is_seen() -> None:
    """The measure is worth something: it refuses the forms that users write first."""

    class Naive(Sigmoid):
        def gradient(self, X):
            return self(X) * (1 - self(X))

    _, slope = worst_of_numbers(Naive(), TRUTH["sigmoid"], [20.0], np.float64)
    assert slope > 1e6


def test_a_wrong_constant_is_seen() -> None:
    class Rounded(GELUTanh):
        cubic = 0.0447 * GELUTanh.linear

    _, slope = worst_of_numbers(Rounded(), TRUTH["gelu-tanh"], [1.5], np.float32)
    assert slope > ALLOWED


def test_a_lost_sign_is_seen() -> None:
    class LostSign(Softmax):
        def gradient(self, X):
            return np.abs(super().gradient(X))

    _, slope = worst_of_rows(LostSign(), TRUTH["softmax"], [np.array([0.5, -1.0])], np.float64)
    assert slope > 1e6
