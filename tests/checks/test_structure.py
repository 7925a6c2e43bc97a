"""A diagonal's claim."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.checks import structure
from actcheck.model import Outcome

from .cases import RELU, TANH, Made, random_rows, rows, sech2, softmax, subject

ORDINARY = rows(*random_rows())
OTHER = random_rows(seed=1)


def examined(functor, width=5):
    reference = rows(*ORDINARY.values[:, :width])
    return structure.examine(
        subject(functor, width), [reference, rows([0.0] * width, [800.0] * width)], OTHER[:, :width]
    )


@pytest.mark.parametrize("functor", [TANH, RELU, Made(np.log, lambda X: 1 / X), Made(lambda X: X, np.ones_like)])
def test_no_dependence(functor):
    assert examined(functor) is None


def test_one_input_is_its_own_diagonal():
    assert examined(TANH, 1) is None


@pytest.mark.parametrize("strength", [1.0, 1e-6, 1e-12])
def test_a_hidden_one_is_named(strength):
    def f(X):
        A = np.tanh(X)
        A[:, 3] += strength * X[:, 1]
        return A

    finding = examined(Made(f, sech2))
    assert (finding.check, finding.outcome, finding.code) == ("structure", Outcome.FAILED, "off-diagonal")
    assert finding.where == "J[3,1]"
    change = strength * np.abs(ORDINARY.values - OTHER)[:, 1].max()
    told = finding.message.partition("it changes by ")[2].partition(")")[0]
    assert float(told) == pytest.approx(max(change, strength * np.abs(800 - OTHER[:, 1]).max()), rel=0.3)
    assert finding.message == (
        "the gradient has X's shape, which claims a diagonal, but output 3 depends on input 1 "
        f"(it changes by {told}): a full Jacobian (batch, 5, 5) is needed"
    )


def test_softmax_is_no_diagonal():
    assert examined(Made(softmax, lambda X: softmax(X) * (1 - softmax(X)))).code == "off-diagonal"


def test_a_dependence_on_few_rows_only():
    """Beyond 100, for example: the rows that are checked are looked at as well as ordinary ones."""

    def f(X):
        return np.tanh(X) + (np.abs(X[:, :1]) > 100)

    assert examined(Made(f, sech2)).where.endswith(",0]")


def test_rows_on_which_it_raises_tell_nothing():
    def picky(X):
        if (X > 700).any():
            raise ValueError
        return np.tanh(X)

    assert examined(Made(picky, sech2)) is None


def test_a_million_rows_are_not_needed():
    assert structure.most_rows(5) * 5 <= 1 << 16
    assert structure.most_rows(10**9) >= 8
