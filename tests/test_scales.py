"""Rows of another scale than the functor's features: no false alarm on the rows that are not scaled, and no miss."""

from __future__ import annotations

import numpy as np
import pytest

import actcheck
from actcheck.model import Outcome

SCALES = (1e-3, 0.01, 30.0, 1000.0)


class Gelu:
    """By tanh; an error in `factor` is one of the usual ones."""

    def __init__(self, factor=0.044715):
        self.factor = factor

    def __call__(self, X):
        return 0.5 * X * (1 + np.tanh(np.sqrt(2 / np.pi) * (X + 0.044715 * X**3)))

    def gradient(self, X):
        c = np.sqrt(2 / np.pi)
        t = np.tanh(c * (X + self.factor * X**3))
        return 0.5 * (1 + t) + 0.5 * X * (1 - t * t) * c * (1 + 3 * self.factor * X**2)


class Root:
    """sqrt(1 + x^2) - 1, whose terms cancel near 0."""

    def __init__(self, power=0.5):
        self.power = power

    def __call__(self, X):
        return np.sqrt(1 + X * X) - 1

    def gradient(self, X):
        return X / (1 + X * X) ** self.power


@pytest.mark.parametrize("scale", SCALES)
def test_no_false_alarm_and_no_miss(scale):
    assert actcheck.check(Gelu(), scale=scale).outcome is not Outcome.FAILED
    assert actcheck.check(Gelu(0.0447), scale=scale).outcome is Outcome.FAILED
    assert actcheck.check(Root(), scale=scale).outcome is not Outcome.FAILED
    assert actcheck.check(Root(0.51), scale=scale).outcome is Outcome.FAILED


@pytest.mark.parametrize(("functor", "x"), [(Root(), 1e-9), (Gelu(), -30.0), (Gelu(), -6.0)])
@pytest.mark.parametrize("scale", SCALES)
def test_nor_on_a_row_typed_in(functor, x, scale):
    assert actcheck.check(functor, [x], scale=scale).outcome is not Outcome.FAILED
