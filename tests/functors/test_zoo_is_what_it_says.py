"""The zoo is what it says: right ones are right and wrong ones are wrong, by a plain look without the tool under test.

The look is coarse on purpose. It takes each claim of a case ("wrong, and the gradient check should say so") and shows
it with a few lines of NumPy; how fine an error the tool itself sees is for the tool's own tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from .case import Array, Case
from .fresh import FRESH_RIGHT, FRESH_WRONG
from .right import RIGHT
from .seed import SEED_RIGHT, SEED_WRONG
from .smooth import DIGITS, SMOOTH, Smooth
from .wrong import WRONG

ALL_RIGHT = (*RIGHT, *FRESH_RIGHT, *SEED_RIGHT)
ALL_WRONG = (*WRONG, *FRESH_WRONG, *SEED_WRONG)

EPS = 2.0**-52
EDGES = (0, 0.7, 1, -1, 3, -3, 6, -6, 30, -30, 800, -800)
THRESHOLDS = (0, 0.5, -0.5, 1, 2, 3, 4.5, 6, 10, 12, 20, 30, 100, 300, 800, 1e-4, -1e-4, 1e-9, -1e-9)
FAULTS = ("contract", "finite", "structure", "gradient")


def wrong_by(fault: str) -> list[Any]:
    return [pytest.param(case, id=case.name) for case in ALL_WRONG if case.fault == fault]


def right_ones(*without: str) -> list[Any]:
    return [pytest.param(case, id=case.name) for case in ALL_RIGHT if case.family not in without]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with np.errstate(all="ignore"):
        yield


# ---------------------------------------------------------------- rows, and a functor's answers on them


def some_widths(case: Case) -> list[int]:
    """The narrowest, and a middling one."""
    allowed = [n for n in (case.widths or range(1, 33)) if n <= 8]
    return sorted({allowed[0], next((n for n in (5, 6, 4) if n in allowed), allowed[-1])})


def random_rows(n: int, count: int = 4) -> Array:
    rng = np.random.default_rng(n)
    return np.round(np.vstack([scale * rng.standard_normal((count, n)) for scale in (1, 3)]), 3)


def edge_rows(n: int) -> Array:
    rng = np.random.default_rng(100 + n)
    signs = (-1.0) ** np.arange(n)
    rows = [np.full(n, float(v)) for v in EDGES]
    rows += [signs * 1e-9, signs * 800, -signs * 800, np.arange(n) - n // 2, np.linspace(-2, 2, n)]
    rows += [rng.integers(-3, 4, n), np.repeat(np.round(rng.standard_normal(n), 2), 2)[:n]]
    rows += list(np.resize(THRESHOLDS, (-(-len(THRESHOLDS) // n), n)))
    return np.array(rows, dtype=float)


def sweep(n: int) -> Array:
    strata = np.linspace(-8, 8, 4097)[:-1] + 16 / 4096 * np.random.default_rng(n).random(4096)
    return np.resize(strata, (-(-4096 // n), n))


def value(functor: Any, X: Array) -> Array:
    return np.array(functor(X.copy()), dtype=float)


def jacobian(functor: Any, X: Array) -> Array:
    """The analytic one in full, output before input."""
    G = np.asarray(functor.gradient(X.copy()))
    if G.ndim == 3:
        return G.astype(float)
    eye = np.eye(X.shape[1])
    return np.where(eye > 0, np.broadcast_to(G, X.shape)[:, :, None], 0.0).astype(float)


def differences(functor: Any, X: Array, h: float) -> tuple[Array, Array]:
    """To the left and to the right, entry by entry, in one call each."""
    batch, n = X.shape
    nudges = h * np.eye(n)[:, None, :]
    up, down = ((X + nudges).reshape(-1, n), (X - nudges).reshape(-1, n))
    A = value(functor, X)
    to_right = (value(functor, up).reshape(n, batch, -1) - A) / h
    to_left = (A - value(functor, down).reshape(n, batch, -1)) / h
    return np.moveaxis(to_left, 0, 2), np.moveaxis(to_right, 0, 2)


# ---------------------------------------------------------------- right


@pytest.mark.parametrize("case", right_ones())
def test_right_one_agrees_with_central_differences(case: Case) -> None:
    for n in some_widths(case):
        functor: Any = case.make()
        X = random_rows(n)[2:5]
        A, J = value(functor, X), jacobian(functor, X)
        assert J.shape == (*A.shape, n)
        # One step does not serve every scale: 1e8 + tanh(x) and float32 need a long one, sin(30 x) a short one.
        numeric = np.array([np.mean(differences(functor, X, h), axis=0) for h in (1e-6, 1e-4, 3e-3)])
        known = np.isfinite(numeric[0])
        assert known.any()
        scale = np.max(np.abs(numeric[-1]), axis=(1, 2), keepdims=True, where=known, initial=0)
        size = np.max(np.abs(A), where=np.isfinite(A), initial=0 if case.family == "scale" else np.abs(X).max())
        allowed = (1e-3 if case.family == "precision" else 1e-4) * scale + 20 * EPS * size / 3e-3
        assert np.all((np.abs(numeric - J).min(axis=0) <= allowed) | ~known)


@pytest.mark.parametrize("case", right_ones("domain"))
def test_right_one_is_finite_where_its_value_is(case: Case) -> None:
    for n in some_widths(case):
        functor: Any = case.make()
        X = np.vstack([random_rows(n), edge_rows(n)])
        A = value(functor, X)
        assert not np.isnan(A).any()
        assert np.isfinite(jacobian(functor, X)[np.isfinite(A)]).all()


@pytest.mark.parametrize("case", right_ones("precision", "domain"))
def test_right_one_is_not_taken_for_a_wrong_one(case: Case) -> None:
    for n in some_widths(case):
        functor: Any = case.make()
        assert not off_where_smooth(functor, every_row(functor, n))
        assert not off_at_ties(functor, edge_rows(n))
        assert not leans_on_neighbours(functor, n)


@pytest.mark.parametrize("case", right_ones())
def test_right_one_keeps_the_contract(case: Case) -> None:
    for n in some_widths(case):
        assert complaint(case, n) == ""


# ---------------------------------------------------------------- wrong


@pytest.mark.parametrize("case", wrong_by("gradient"))
def test_gradient_is_off_somewhere(case: Case) -> None:
    for n in some_widths(case):
        functor: Any = case.make()
        assert jacobian(functor, random_rows(n)).shape == (*value(functor, random_rows(n)).shape, n)
        assert off_where_smooth(functor, every_row(functor, n)) or off_at_ties(functor, edge_rows(n))


@pytest.mark.parametrize("case", wrong_by("finite"))
def test_something_is_not_finite(case: Case) -> None:
    for n in some_widths(case):
        functor: Any = case.make()
        A, J = value(functor, edge_rows(n)), jacobian(functor, edge_rows(n))
        assert np.isnan(A).any() or not np.isfinite(J[np.isfinite(A)]).all()


@pytest.mark.parametrize("case", wrong_by("structure"))
def test_diagonal_is_not_all(case: Case) -> None:
    for n in some_widths(case):
        assert leans_on_neighbours(case.make(), n)


@pytest.mark.parametrize("case", wrong_by("contract"))
def test_contract_is_broken(case: Case) -> None:
    for n in some_widths(case):
        assert complaint(case, n)


# ---------------------------------------------------------------- the lists


def test_there_are_enough_of_each() -> None:
    assert len(RIGHT) >= 55
    assert len(WRONG) >= 110
    assert len(FRESH_RIGHT) >= 30
    assert len(FRESH_WRONG) >= 50


def test_names_are_unique_and_in_kebab_case() -> None:
    names = [case.name for case in (*ALL_RIGHT, *ALL_WRONG)]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").replace(".", "").isalnum() and name == name.lower() for name in names)


def test_every_case_says_whether_and_where_it_is_wrong() -> None:
    assert {case.fault for case in ALL_RIGHT} == {""}
    assert {case.fault for case in ALL_WRONG} == set(FAULTS)
    for case in (*ALL_RIGHT, *ALL_WRONG):
        assert case.widths is None or (case.widths and set(case.widths) <= set(range(1, 33)))


def test_a_case_makes_a_fresh_functor_each_time() -> None:
    for case in (*ALL_RIGHT, *ALL_WRONG):
        assert case.make() is not case.make()


# ---------------------------------------------------------------- smooth functions


def test_there_are_twenty_smooth_functions() -> None:
    assert len({smooth.name for smooth in SMOOTH}) == len(SMOOTH) == 20


@pytest.mark.parametrize("smooth", [pytest.param(smooth, id=smooth.name) for smooth in SMOOTH])
def test_exact_derivative_is_the_functions_own(smooth: Smooth) -> None:
    x = np.random.default_rng(0).uniform(smooth.low, smooth.high, 50)
    h = 1e-5 * min(1, smooth.high - smooth.low)
    numeric = (smooth.f(x + h) - smooth.f(x - h)) / ((x + h) - (x - h))
    truth = np.array([float(smooth.df(v)) for v in x])
    assert np.max(np.abs(numeric - truth)) <= (1e-2 if "hundred-million" in smooth.name else 1e-6) * np.abs(truth).max()


@pytest.mark.parametrize("smooth", [pytest.param(smooth, id=smooth.name) for smooth in SMOOTH])
def test_exact_derivative_has_fifty_digits_whatever_the_callers_precision(smooth: Smooth) -> None:
    x = smooth.low + 0.4321 * (smooth.high - smooth.low)
    with mp.workdps(15):
        coarse = smooth.df(x)
    with mp.workdps(DIGITS):
        assert smooth.df(mp.mpf(x)) == coarse
        assert mp.mpf(float(coarse)) != coarse


# ---------------------------------------------------------------- how a mistake is seen


def every_row(functor: Any, n: int) -> Array:
    """Random rows, and for an element-wise functor edge rows and the sweep.

    Among many inputs a tie can hide from differences along the axes; ``off_at_ties`` looks around it.
    """
    if np.ndim(functor.gradient(random_rows(n))) == 3:
        return random_rows(n)
    return np.vstack([random_rows(n), edge_rows(n), sweep(n)])


def largest_slopes(functor: Any, X: Array) -> Array:
    """One a row."""
    return np.abs(np.sum(differences(functor, X, 2.0**-20), axis=0)).max(axis=(1, 2), keepdims=True)


def rounding(functor: Any, X: Array) -> Array:
    """What the value's last bits may be, an entry of the Jacobian at a time."""
    usual = largest_slopes(functor, random_rows(X.shape[1]))
    usual = np.median(usual[np.isfinite(usual)])
    own = np.ndim(functor.gradient(X.copy())) < 3
    reach = 1 + (np.abs(X)[:, None, :] if own else np.abs(X).max(axis=1)[:, None, None])
    return EPS * (np.abs(value(functor, X))[:, :, None] + reach * (largest_slopes(functor, X) + usual))


def scatter(functor: Any, X: Array) -> Array:
    """What second differences over 1e-9 leave of a smooth function: its noise; or a kink."""
    tiny = 2.0**-30
    left, right = differences(functor, X, tiny)
    return tiny * np.abs(right - left)


def off_where_smooth(functor: Any, X: Array) -> bool:
    """Some entry is off by far more than two steps of a fourth-order formula disagree, and there is no kink."""
    X = X[np.isfinite(value(functor, X)).all(axis=1)]
    J = jacobian(functor, X)
    noise = rounding(functor, X) + scatter(functor, X)
    sides = [differences(functor, X, 2.0**-k) for k in range(5, 18)]
    for k, (coarse, fine) in enumerate(zip(sides[3:], sides, strict=False), start=8):
        gap, wider_gap = (np.abs(right - left) for left, right in (coarse, fine))
        no_kink = gap <= 0.3 * wider_gap + 8 * noise * 2.0**k
        first, second = (fourth_order(sides, i) for i in (k - 8, k - 5))
        scale = np.abs(second).max(axis=2, keepdims=True)
        doubt = 30 * np.abs(second - first) + 300 * noise * 2.0**k + 2e-9 * scale
        if np.any(no_kink & (np.abs(second - J) > doubt)):
            return True
    return False


def fourth_order(sides: list[tuple[Array, Array]], i: int) -> Array:
    """From the steps i and i + 1, the second half the first."""
    coarse, fine = (np.mean(sides[k], axis=0) for k in (i, min(i + 1, len(sides) - 1)))
    return fine + (fine - coarse) / 3


def off_at_ties(functor: Any, X: Array) -> bool:
    """Along an axis, or along all at once, some output's slope is outside those of 96 neighbours."""
    X = X[np.isfinite(value(functor, X)).all(axis=1)]
    rng = np.random.default_rng(0)
    J = jacobian(functor, X)
    n = X.shape[1]
    for x, slopes, noise in zip(X, J, rounding(functor, X), strict=True):
        nearby = x + 1e-6 * rng.uniform(-1, 1, (96, n))
        left, right = differences(functor, nearby, 1e-8)
        if not (np.isfinite(left).all() and np.isfinite(right).all()):
            continue
        around = np.stack([left, right]).reshape(-1, *left.shape[1:])
        if np.abs(around).max() > 1e5:  # a jump, or a slope without bound
            continue
        room = 1e-3 * np.abs(around).max() + 300 * noise.max() * 1e8
        for mine, theirs in ((slopes, around), (slopes.sum(axis=1), around.sum(axis=2))):
            if np.any(mine > theirs.max(axis=0) + room) or np.any(mine < theirs.min(axis=0) - room):
                return True
    return False


def leans_on_neighbours(functor: Any, n: int) -> bool:
    """The gradient claims a diagonal, and an output moves with another's input."""
    X = random_rows(n)
    if np.ndim(functor.gradient(X.copy())) == 3:
        return False
    A = value(functor, X)
    for j in range(n):
        moved = X.copy()
        moved[:, j] += 2.5
        change = np.abs(value(functor, moved) - A)
        if np.nanmax(np.delete(change, j, axis=1), initial=0) > 1e-12:
            return True
    return False


def complaint(case: Case, n: int) -> str:
    """What a functor does that none may do, or nothing."""
    X = np.vstack([random_rows(n), edge_rows(n)])
    try:
        return forms(case, X) or repeats(case, X) or rows_matter(case, random_rows(n))
    except (ArithmeticError, RuntimeError, TypeError, ValueError) as error:
        return f"raises {type(error).__name__}"


def is_numeric(out: Any) -> bool:
    return isinstance(out, np.ndarray) and out.dtype.kind in "fiub"


def forms(case: Case, X: Array) -> str:
    """Types, shapes and whether the input stays as it was; the gradient is asked first."""
    functor: Any = case.make()
    mine = X.copy()
    G = functor.gradient(mine)
    A = functor(mine)
    if not np.array_equal(mine, X):
        return "changes its input"
    if not is_numeric(A) or A.ndim != 2 or len(A) != len(X):
        return "value has the wrong form"
    if not (np.isscalar(G) or is_numeric(G)):
        return "gradient is no array of numbers"
    if np.ndim(G) and np.shape(G) not in {X.shape, (*A.shape, X.shape[1])}:
        return "gradient has the wrong shape"
    return "diagonal of a matrix that is not square" if np.ndim(G) == 2 and A.shape != X.shape else ""


def same(a: Any, b: Any) -> bool:
    return np.array_equal(np.asarray(a), np.asarray(b), equal_nan=True)


def repeats(case: Case, X: Array) -> str:
    """The same question twice, with others in between, and in an array that held another."""
    other = X[::-1] + 0.25
    for ask in ("__call__", "gradient"):
        functor: Any = case.make()
        first = getattr(functor, ask)(X.copy())
        kept = np.array(first)
        for between in (X, other):
            functor.gradient(between.copy())
            functor(between.copy())
            if not same(first, kept):
                return "changes what it has handed out"
        functor(other.copy())
        if not same(getattr(functor, ask)(X.copy()), kept):
            return "answers otherwise when it is asked again"
        functor, place = case.make(), other.copy()
        getattr(functor, ask)(place)
        place[...] = X
        if not same(getattr(functor, ask)(place), kept):
            return "does not look at its input"
    return ""


def rows_matter(case: Case, X: Array) -> str:
    """One row alone, and the rows in other orders."""
    turned = np.arange(len(X))[::-1]
    first_kept = np.append(0, turned[:-1])
    for ask in ("__call__", "gradient"):
        functor: Any = case.make()
        answer = np.array(getattr(functor, ask)(X.copy()))
        if answer.ndim == 0:
            continue
        others = [np.array(getattr(functor, ask)(X[order]))[order] for order in (turned, first_kept)]
        others.append(np.vstack([getattr(case.make(), ask)(X[b : b + 1].copy()) for b in range(len(X))]))
        if not all(np.allclose(other, answer, rtol=1e-9, atol=1e-12, equal_nan=True) for other in others):
            return "a row depends on its batch"
    return ""
