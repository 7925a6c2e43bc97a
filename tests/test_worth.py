"""What a pass is worth: nothing is passed of which nothing could be told, and `seen` says what was."""

from __future__ import annotations

import numpy as np
import pytest

import actcheck
from actcheck.model import Outcome

HUGE = 1e15


class Made:
    """A functor made of two functions."""

    def __init__(self, value, slope):
        self.value, self.slope = value, slope

    def __call__(self, X):
        return self.value(X)

    def gradient(self, X):
        return self.slope(X)


def sech2(X):
    return 1 - np.tanh(X) ** 2


def told(report):
    return " ".join(str(report).split(" seen ")[1].split())


@pytest.mark.parametrize("slope", [np.zeros_like, lambda X: -sech2(X), sech2])
def test_where_rounding_hides_all_nothing_is_passed(slope):
    report = actcheck.check(Made(lambda X: (HUGE + np.tanh(X)).astype(np.float64), slope))
    assert report.outcome is Outcome.UNRESOLVED
    assert str(report).rstrip().endswith("but each is too small to tell")
    assert "nothing: every entry is too small to tell" in str(report)


@pytest.mark.parametrize("value", [lambda X: np.full_like(X, 3.0), np.floor, np.zeros_like])
def test_what_is_plainly_constant_needs_no_telling(value):
    report = actcheck.check(Made(value, np.zeros_like))
    assert (report.outcome, report.sensitivity) == (Outcome.PASSED, None)
    assert actcheck.check(Made(value, np.ones_like)).outcome is Outcome.FAILED


def test_a_derivative_of_zero_is_seen_only_where_nothing_changes():
    """Of tanh's tail differences see no more than a 0 among roundings; of a rectifier's flat half they see all."""
    tail = actcheck.check(Made(np.tanh, lambda X: 4 * np.exp(-2 * np.abs(X))), [15.0, 20.0, 30.0])
    assert tail.sensitivity.error is None
    assert sum(each.right for each in tail.tails)
    flat = actcheck.check(Made(lambda X: np.maximum(X, 0), lambda X: (X > 0) * 1.0), [-15.0, -20.0, -30.0])
    assert (flat.outcome, flat.sensitivity.share) == (Outcome.PASSED, 1.0)
    flipped = actcheck.check(Made(np.tanh, lambda X: np.where(np.abs(X) > 12, -1, 1) * sech2(X)), [12.5, 13.0])
    assert flipped.outcome is not Outcome.PASSED


def test_of_a_wrong_functor_it_is_told_of_the_rest():
    report = actcheck.check(Made(np.tanh, lambda X: 2 * sech2(X)))
    agree = report.counts[next(each for each in report.counts if each.value == "agree")]
    assert f"the {agree} entries that agree" in told(report)
    assert "entries that agree" not in told(actcheck.check(Made(np.tanh, sech2)))


def test_a_lax_tolerance_is_named():
    tail = Made(np.tanh, lambda X: np.cosh(X) ** -2.0)
    assert "too small to tell with so large a tolerance" in told(actcheck.check(tail, [1.0, 20.0], rtol=0.5))
    assert "so large" not in told(actcheck.check(tail, [1.0, 20.0]))
