"""Whole checks of functors defined on part of the line: right ones pass up to their borders, wrong ones fail there."""

from __future__ import annotations

import numpy as np
import pytest

import actcheck
from actcheck.errors import UsageError
from actcheck.model import Verdict

INF = float("inf")
HALF, UNIT = (0.0, INF), (-1.0, 1.0)


class Made:
    def __init__(self, value, gradient):
        self.value, self.slope = value, gradient

    def __call__(self, X):
        return self.value(X)

    def gradient(self, X):
        return self.slope(X)


def entropy(X):
    return np.where(X == 0, 0.0, X * np.log(np.where(X == 0, 1.0, X)))


RIGHT = {
    "log": (np.log, lambda X: 1 / X, HALF),
    "sqrt": (np.sqrt, lambda X: 0.5 / np.sqrt(X), HALF),
    "x log x": (entropy, lambda X: np.log(X) + 1, HALF),
    "1/x": (lambda X: 1 / X, lambda X: -1 / X**2, HALF),
    "1/x on the left": (lambda X: 1 / X, lambda X: -1 / X**2, (-INF, 0.0)),
    "arcsin": (np.arcsin, lambda X: 1 / np.sqrt(1 - X**2), UNIT),
    "arctanh": (np.arctanh, lambda X: 1 / (1 - X**2), UNIT),
    "arccosh": (np.arccosh, lambda X: 1 / np.sqrt(X**2 - 1), (1.0, INF)),
    "logit": (lambda X: np.log(X / (1 - X)), lambda X: 1 / (X * (1 - X)), (0.0, 1.0)),
    "log guarded": (lambda X: np.log(np.maximum(X, 1e-300)), lambda X: 1 / np.maximum(X, 1e-300), HALF),
    "square": (np.square, lambda X: 2 * X, HALF),
    "log far out": (lambda X: np.log(X - 100), lambda X: 1 / (X - 100), (100.0, INF)),
    "narrow": (lambda X: np.sqrt(X * (1e-3 - X)), lambda X: (1e-3 - 2 * X) / 2 / np.sqrt(X * (1e-3 - X)), (0.0, 1e-3)),
}

WRONG = {
    "log, 1e-8 in the denominator": (np.log, lambda X: 1 / (X + 1e-8), HALF),
    "log, clipped": (np.log, lambda X: 1 / np.maximum(X, 1e-4), HALF),
    "log, wrong below 1e-7 only": (np.log, lambda X: np.where(X < 1e-7, 1e7, 1 / X), HALF),
    "sqrt, 1e-12 under the root": (np.sqrt, lambda X: 0.5 / np.sqrt(X + 1e-12), HALF),
    "x log x, 1e-8 in the logarithm": (lambda X: X * np.log(X), lambda X: np.log(X + 1e-8) + 1, HALF),
    "1/x, 1e-12 in the denominator": (lambda X: 1 / X, lambda X: -1 / (X**2 + 1e-12), HALF),
    "arcsin, 1e-12 under the root": (np.arcsin, lambda X: 1 / np.sqrt(1 - X**2 + 1e-12), UNIT),
    "arctanh, clipped": (np.arctanh, lambda X: 1 / np.maximum(1 - X**2, 1e-6), UNIT),
    "square, wrong at the border": (np.square, lambda X: 2 * X + 0.1 * (X == 0), HALF),
    "square, wrong beside the border": (np.square, lambda X: 2 * X * (X > 1e-7), HALF),
}


def check(value, gradient, domain, **settings):
    return actcheck.check(Made(value, gradient), domain=domain, name="made", **settings)


@pytest.mark.parametrize("dim", [1, 5])
@pytest.mark.parametrize("name", RIGHT)
def test_right_up_to_the_border(name, dim):
    report = check(*RIGHT[name], dim=dim)
    assert report.passed, str(report)
    assert report.wrong == 0
    # Hardly an entry is left open.
    assert report.counts.get(Verdict.UNRESOLVED, 0) <= 0.02 * sum(report.counts.values()), str(report)


@pytest.mark.parametrize("dim", [1, 5])
@pytest.mark.parametrize("name", WRONG)
def test_wrong_close_to_the_border(name, dim):
    report = check(*WRONG[name], dim=dim)
    assert not report.passed, str(report)
    low, high = WRONG[name][2]
    worst = report.worst[0]
    assert min(worst.x - low, high - worst.x) < 0.1


def test_single_precision():
    for name in ("log", "sqrt", "arcsin", "logit", "narrow"):
        assert check(*RIGHT[name], dtype="float32").passed, name
    assert not check(np.log, lambda X: 1 / (X + 1e-4), HALF, dtype="float32").passed


def softened(X):
    return X / X.sum(axis=1, keepdims=True)


def softened_jacobian(X):
    total = X.sum(axis=1)[:, None, None]
    return (np.eye(X.shape[1]) * total - X[:, :, None]) / total**2


def test_a_full_jacobian():
    assert check(softened, softened_jacobian, HALF).passed
    assert not check(softened, lambda X: softened_jacobian(X) * (1 + 1e-4), HALF).passed


def test_a_tie_on_the_border_is_not_called_wrong():
    """Each input alone only shows the slope to one side there."""

    def chosen(X):
        return np.eye(X.shape[1])[X.argmax(axis=1)][:, None]

    assert check(lambda X: X.max(axis=1, keepdims=True), chosen, HALF).passed
    assert not check(lambda X: X.max(axis=1, keepdims=True), lambda X: 1.01 * chosen(X), HALF).passed


def test_the_functor_is_called_with_nothing_outside():
    seen = []

    def watched(X):
        seen.append((X.min(), X.max()))
        return np.log(X)

    class Log(Made):
        domain = HALF

    functor = Log(watched, lambda X: 1 / X)
    report = actcheck.check(functor)
    assert report.passed
    assert report.spec.domain == HALF
    assert "domain 0 ... inf is the functor's own" in report.notes[0]
    # What is probed is one row of one number.
    assert all(low >= 0 or low == high for low, high in seen)


def test_outside_is_probed_and_told():
    report = check(*RIGHT["sqrt"])
    (line,) = [each for each in report.checks if each.name == "domain"]
    assert line.summary == "ok, NaN outside"
    assert "x in 0 ... inf" in str(report)


def test_an_object_of_another_protocol_declares_it_as_well():
    class Log:
        domain = HALF

        @staticmethod
        def activate(X):
            return np.log(X)

        @staticmethod
        def derivative(X):
            return 1 / X

    report = actcheck.check(Log())
    assert report.passed
    assert report.spec.domain == HALF


def test_nan_inside_is_a_fault():
    report = check(lambda X: np.where(X > 6, np.nan, np.log(X)), lambda X: 1 / X, HALF)
    assert not report.passed
    assert "inside the declared domain 0 ... inf" in str(report)


def test_raising_inside_is_a_fault():
    def refusing(X):
        if (X < 0).any():
            raise ValueError("not below 0")
        return np.sqrt(X)

    report = check(refusing, lambda X: 0.5 / np.sqrt(X), (-5.0, INF))
    assert not report.passed
    assert report.findings[0].code == "raises"
    assert check(refusing, lambda X: 0.5 / np.sqrt(X), HALF).passed


def test_undeclared_it_is_found_and_the_option_suggested():
    report = actcheck.check(Made(np.log, lambda X: 1 / X))
    (finding,) = [each for each in report.findings if each.code == "domain"]
    assert finding.message.endswith("it has values on 0 ... inf: add --domain 0 inf")

    def refusing(X):
        if (X < 0).any():
            raise ValueError("no")
        return np.sqrt(X)

    report = actcheck.check(Made(refusing, lambda X: 0.5 / np.sqrt(X)), name="made")
    assert "--domain 0 inf" in report.notes[0]


def test_rows_of_ones_own_that_lie_outside_are_left_out():
    report = check(*RIGHT["log"], X=[[1.0, -1.0, 2.0]])
    assert report.passed
    assert report.counts[Verdict.OUTSIDE] == 1


def test_a_domain_that_is_none():
    with pytest.raises(UsageError, match="domain must begin below its end"):
        check(*RIGHT["log"][:2], domain=(1, 0))


def test_the_replay_says_the_domain():
    report = check(*WRONG["log, clipped"])
    assert 'domain=(0.0, float("inf"))' in report.replay
