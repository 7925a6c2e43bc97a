"""What float64 differences cannot tell: wrong tails are refused by name of the means, right ones are not."""

from __future__ import annotations

from itertools import product as combinations

import numpy as np
import pytest

from actcheck import run
from actcheck.checks import tails
from actcheck.model import CheckSpec, Entry, Outcome, Verdict
from actcheck.numeric.extended import wider
from tests.checks.cases import TANH, subject
from tests.functors.tails import RIGHT_TAILS, UNTOLD_TAILS, WRONG_TAILS, Tail, product, sigmoid, softmax, stable

BY_NAME = {each.name: each for each in (*RIGHT_TAILS, *WRONG_TAILS, *UNTOLD_TAILS)}
NEEDS_LONGDOUBLE = {"tanh-zero-15", "elu-zero-25", "elu-sign-26", "high-sigmoid-zero-14"}


def checked(functor: Tail, seed: int = 0, **settings):
    return run.check_functor(CheckSpec(functor.name, seed=seed, **settings), functor, None)


@pytest.mark.parametrize("functor", WRONG_TAILS, ids=lambda functor: functor.name)
def test_a_wrong_tail_is_refused(functor):
    if functor.name in NEEDS_LONGDOUBLE and not wider():
        pytest.skip("longdouble is float64 here")
    for seed in range(2):
        assert checked(functor, seed).outcome is Outcome.FAILED


@pytest.mark.parametrize("functor", RIGHT_TAILS, ids=lambda functor: functor.name)
def test_no_false_alarm_on_a_right_tail(functor):
    for seed, (rtol, dtype) in enumerate(combinations((1e-5, 1e-8, 1e-10), ("float64", "float32"))):
        report = checked(functor, seed, rtol=rtol, dtype=dtype)
        assert report.outcome is not Outcome.FAILED, report.worst[:1]
        assert not any(each.wrong for each in report.tails)


@pytest.mark.parametrize("functor", UNTOLD_TAILS, ids=lambda functor: functor.name)
def test_what_nothing_can_tell_is_counted_as_too_small(functor):
    report = checked(functor)
    assert report.outcome is Outcome.PASSED
    assert report.sensitivity.share < 1


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("sigmoid-zero-20", "f(x) + f(-x) = 1"),
        ("sigmoid-sign-45-right", "f(x) + f(-x) = 1"),
        ("sigmoid-sign-45-left", "differences over a smooth stretch"),
        ("bell-sign-8.5", "f(-x) = f(x)"),
        pytest.param(
            "elu-sign-26",
            "differences in numpy.longdouble",
            marks=pytest.mark.skipif(not wider(), reason="longdouble is float64 here"),
        ),
    ],
)
def test_the_verdict_names_its_means(name, means):
    report = checked(BY_NAME[name])
    assert means in {each.name for each in report.tails if each.wrong}
    entry = next(each for each in report.worst if each.means == means)
    assert entry.verdict is Verdict.WRONG
    assert entry.reason == f"told by {means}"
    (line,) = (check for check in report.checks if check.name == "tails")
    assert line.outcome is Outcome.FAILED
    assert line.summary.endswith("wrong, by other means")


@pytest.mark.parametrize(("factor", "outcome"), [(1, Outcome.PASSED), (-1, Outcome.FAILED)])
def test_a_saturated_softmax_is_told_by_its_sum(factor, outcome):
    def careful(X):
        p = softmax(X)
        rest = np.array([np.delete(p, i, axis=1).sum(axis=1) for i in range(X.shape[1])]).T
        diagonal = p * rest * np.where(rest < 1e-16, factor, 1)
        J = -p[:, :, None] * p[:, None, :]
        J[:, np.arange(X.shape[1]), np.arange(X.shape[1])] = diagonal
        return J

    report = run.check_functor(CheckSpec("careful"), Tail("careful", softmax, careful), np.array([[45.0, 0.25, -0.5]]))
    assert report.outcome is outcome
    told = {each.name: each for each in report.tails}["a constant sum of the outputs"]
    assert (told.right, told.wrong) == ((1, 0) if factor == 1 else (0, 1))


@pytest.mark.parametrize(
    "W", [[[1.0, -2.0], [0.5, 3.0]], [[1.0, 2.0], [-1.5, 0.25]], [[2.0, -1.0, 0.5], [0.25, 1.0, -3.0]]]
)
@pytest.mark.parametrize("factor", [1, -1])
def test_a_term_that_a_product_of_jacobians_loses_to_rounding_is_no_mistake(W, factor):
    """Where p is 1, p (1 - p) is 0, and what is left of the product varies as smoothly as the derivative."""
    W = np.array(W)

    def gradient(X):
        p = softmax(X @ W)
        return factor * (p[:, :, None] * np.eye(W.shape[1]) - p[:, :, None] * p[:, None, :]) @ W.T

    report = run.check_functor(CheckSpec("net"), Tail("net", lambda X: softmax(X @ W), gradient), None)
    assert report.outcome is (Outcome.PASSED if factor == 1 else Outcome.FAILED)


def test_nothing_in_doubt_costs_nothing():
    calls = []

    class Linear:
        def __call__(self, X):
            calls.append(X.dtype)
            return 2.0 * X

        def gradient(self, X):
            return np.full(X.shape, 2.0)

    report = run.check_functor(CheckSpec("linear"), Linear(), None)
    assert report.tails == ()
    assert "tail" not in report.rows
    assert np.longdouble not in calls or not wider()


def test_a_forward_that_refuses_longdouble_is_checked_without():
    class Picky(Tail):
        def __call__(self, X):
            if X.dtype == np.longdouble and wider():
                raise TypeError("float64 only")
            return self.value(X)

    report = run.check_functor(CheckSpec("picky"), Picky("picky", sigmoid, product), None)
    assert report.outcome is Outcome.PASSED
    assert report.findings == ()
    assert "differences in numpy.longdouble" not in {each.name for each in report.tails}


def test_an_unresolved_entry_becomes_right():
    entry = Entry("edge 1", 0, 0, 1.0, (1.0,), Verdict.UNRESOLVED, 1.0, 1.1, 1.0, 1e-8)
    assert tails._decide(entry, 1.0 + 1e-9, 1e-10, 1e-8, False) is Verdict.AGREE
    assert tails._decide(entry, 1.1, 1e-10, 1e-8, False) is Verdict.WRONG
    assert tails._decide(entry, 1.0, np.inf, 1e-8, False) is None


def test_below_the_floor_zero_and_steps_are_right():
    entry = Entry("edge 1", 0, 0, 40.0, (40.0,), Verdict.AGREE, 0.0, 0.0, 1e-16, 1e-15)
    assert tails._decide(entry, 4e-18, 1e-30, 1e-14, False) is None
    assert tails._decide(entry, 4e-12, 1e-30, 1e-14, False) is Verdict.WRONG


def test_tail_rows_are_on_the_side_in_doubt_only():
    doubt = Entry("edge 1", 0, 0, -30.0, (-30.0,), Verdict.AGREE, 0.0, 0.0, 1e-16, 1e-15)
    found = tails.rows(subject(TANH), [doubt])
    assert found.kind == "tail"
    assert (found.values < 0).all()
    assert tails.rows(subject(TANH), []) is None


def test_rows_typed_in_get_no_tail_rows_but_the_same_verdict():
    functor = Tail("typed", sigmoid, lambda x: np.where(x > 45, -1, 1) * stable(x))
    report = run.check_functor(CheckSpec("typed"), functor, np.array([[50.0, 1.0]]))
    assert report.rows == {"given": 1}
    assert report.outcome is Outcome.FAILED
