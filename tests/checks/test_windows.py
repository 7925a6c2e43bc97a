"""The second look: what was called wrong is taken back where the values cannot tell, and only there."""

import numpy as np
import pytest

from actcheck import run
from actcheck.checks import judge, windows
from actcheck.model import CheckSpec, Outcome, Verdict
from tests.checks.cases import Made


def check(value, gradient, *x):
    return run.check_functor(CheckSpec("made", typed=(x,)), Made(value, gradient), None)


def logistic(X):
    return 0.5 * (1 + np.tanh(30 * X))


def logistic_slope(X):
    return 60 * logistic(X) * (1 - logistic(X))


def test_the_right_slope_of_a_staircase_is_unresolved_and_the_reason_is_said():
    report = check(lambda X: 1e4 + np.sin(X.astype(np.float32)), np.cos, 0.7, -1.0)
    assert report.outcome is Outcome.UNRESOLVED
    assert {entry.reason for entry in report.unresolved} == {judge.STAIRS}


@pytest.mark.parametrize("x", [-0.43, -0.5])
def test_twice_the_slope_of_a_staircase_is_wrong(x):
    assert check(logistic, logistic_slope, x).outcome is not Outcome.FAILED
    assert check(logistic, lambda X: 2 * logistic_slope(X), x).outcome is Outcome.FAILED


def test_flat_is_the_true_slope_of_a_quantiser_and_one_is_not():
    assert check(lambda X: np.round(X * 256) / 256, np.zeros_like, 800.0).outcome is not Outcome.FAILED
    assert check(lambda X: np.round(X * 4) / 4, np.ones_like, 1.1).outcome is Outcome.FAILED


def test_no_slope_in_the_last_bits_of_float64_is_wrong_where_the_function_has_one():
    assert check(logistic, np.zeros_like, -0.3).outcome is Outcome.FAILED


def test_what_no_step_resolves_is_unresolved():
    report = check(lambda X: np.sin(X**7), lambda X: 7 * X**6 * np.cos(X**7), 800.0)
    assert report.outcome is Outcome.UNRESOLVED


def test_waves_that_are_resolved_are_judged():
    wavy = lambda X: X + 1e-6 * np.sin(1e6 * X)  # noqa: E731
    assert check(wavy, lambda X: 1 + np.cos(1e6 * X), -5.715).outcome is not Outcome.FAILED
    assert check(wavy, np.ones_like, 1.3).outcome is Outcome.FAILED


@pytest.mark.parametrize("beta", [1e-15, 1.0])
def test_a_corner_narrower_than_x_is_told_is_no_kink(beta):
    report = check(lambda X: beta * X * np.abs(X), lambda X: 2 * beta * np.abs(X), 1e-9, 0.7)
    assert report.outcome is Outcome.PASSED
    assert not report.counts.get(Verdict.KINK_ACCEPTED, 0)


def test_a_round_corner_is_no_kink():
    def normalised(X):
        return (X - X.mean(-1, keepdims=True)) / np.sqrt(X.var(-1, keepdims=True) + 1e-12)

    def jacobian(X):
        n = X.shape[1]
        Y = normalised(X)
        scale = np.sqrt(X.var(-1) + 1e-12)[:, None, None]
        return (np.eye(n) - 1 / n - Y[:, :, None] * Y[:, None, :] / n) / scale

    for x in (0.7, 800.0):
        assert check(normalised, jacobian, *[x] * 17).outcome is not Outcome.FAILED
        assert check(normalised, lambda X: jacobian(X) * 1.01, *[x] * 17).outcome is Outcome.FAILED


@pytest.mark.parametrize("x", [0.0, 1e-9])
def test_beyond_the_slopes_of_a_kink_at_or_close_to_x_is_wrong(x):
    for value in (np.abs, lambda X: 1 + np.maximum(X, 0)):
        assert check(value, lambda X: np.full_like(X, 1.1), x).outcome is Outcome.FAILED


@pytest.mark.parametrize("x", [0.0, 1.0])
def test_at_the_border_of_a_domain_wrong_stays_wrong(x):
    def arc(X):
        return np.where((X >= 0) & (X <= 1), X * (2 - X), np.nan)

    assert check(arc, lambda X: 2 - 2 * X, x).outcome is not Outcome.FAILED
    assert check(arc, lambda X: 3 - 2 * X, x).outcome is Outcome.FAILED


@pytest.mark.parametrize("outputs", [1, 3, 8, 20])
def test_entries_that_are_evaluated_together_come_together_and_lines_are_mixed(outputs):
    """A batch of a line's outputs costs one evaluation of it; a sample of one line alone would say little of others."""
    entries = np.argwhere(np.ones((60, outputs), bool))
    batches = windows._batches(entries, entries[:, 0])
    assert sorted(map(tuple, np.concatenate(batches).tolist())) == sorted(map(tuple, entries.tolist()))
    for batch in batches[:-1]:
        assert len(batch) == 64
        lines, counts = np.unique(batch[:, 0], return_counts=True)
        assert len(lines) >= 7
        assert np.median(counts) == min(outputs, 8) or outputs == 20
    assert windows._batches(entries[:0], entries[:0, 0]) == []
