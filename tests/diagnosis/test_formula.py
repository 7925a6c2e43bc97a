import math

import numpy as np
import pytest
from functors import right

from .mistakes import Mistaken, where
from .observing import diagnoses
from .tables import cases, not_told, told


@cases(
    (
        "formula",
        Mistaken(right.Tanh(), lambda f, X: 1 - f(X) ** 3),
        "the gradient is 1 - f³ with f = f(x); right is 1 - f²",
    ),
    (
        "formula",
        Mistaken(right.Tanh(), lambda f, X: 1 + f(X) ** 2),
        "the gradient is 1 + f² with f = f(x); right is 1 - f²",
    ),
    (
        "formula",
        Mistaken(right.Sigmoid(), lambda f, X: f(X) - f(X) ** 3),
        "the gradient is f - f³ with f = f(x); right is f - f²",
    ),
    (
        "borrowed-formula",
        Mistaken(right.Sigmoid(), lambda f, X: 1 - f(X) ** 2),
        "the gradient is 1 - f² with f = f(x), as of tanh; right is f - f²",
    ),
    (
        "bracket",
        Mistaken(right.Softsign(), lambda f, X: 1 / (1 + np.abs(X) ** 2)),
        "a bracket is misplaced: the gradient is 1 / (1 + |x|²), right is 1 / (1 + |x|)²",
    ),
    (
        "bracket",
        Mistaken(right.Softsign(), lambda f, X: 1 / 1 + np.abs(X) ** 2),
        "a bracket is misplaced: the gradient is 1 / 1 + |x|², right is 1 / (1 + |x|)²",
    ),
    (
        "bracket",
        Mistaken(right.Arctan(), lambda f, X: 1 / (1 + X) ** 2),
        "a bracket is misplaced: the gradient is 1 / (1 + x)², right is 1 / (1 + x²)",
    ),
    (
        "series",
        Mistaken(right.Sine(), lambda f, X: 1 - X**2 / 2 + X**4 / 24),
        "the gradient is 1 - x²/2 + x⁴/24, a series that is cut off: right near x = 0, wrong further out",
    ),
    (
        "series",
        Mistaken(right.Exponential(), lambda f, X: sum(X**k / math.factorial(k) for k in range(8))),
        "the gradient is 1 + x + x²/2 + x³/6 + ... + x⁷/5040, a series that is cut off: right near x = 0, "
        "wrong further out",
    ),
    (
        "one-side",
        where(right.Elu(), lambda X: X < 0, lambda f, X: 1 + X + X**2 / 2),
        "right but for x < about -0.005, where the gradient is 1 + x + x²/2, a series that is cut off: right near "
        "x = 0, wrong further out",
    ),
)
def test_another_polynomial_is_told(code, functor, sentence):
    told(functor, code, sentence)


@cases(
    ("formula", Mistaken(right.Tanh(), lambda f, X: 1 - f(X) ** 4)),
    ("formula", Mistaken(right.Tanh(), lambda f, X: 1 - 1.01 * f(X) ** 3)),
    ("formula", Mistaken(right.Arctan(), lambda f, X: 1 - f(X) ** 3)),
    ("bracket", Mistaken(right.Softsign(), lambda f, X: 1 / (1 + 1.01 * X**2))),
    ("bracket", Mistaken(right.Tanh(), lambda f, X: 1 / (1 + X**2))),
    ("series", Mistaken(right.Sine(), lambda f, X: 1 - X**2 / 2 + X**4 / 20)),
    ("series", Mistaken(right.Sine(), lambda f, X: 1 - X**2 / 2 + X**4 / 24 + 1e-6 * np.abs(X))),
    ("borrowed-formula", Mistaken(right.Arctan(), lambda f, X: 1 - f(X) ** 2 + 1e-4 * np.cos(X))),
)
def test_a_near_miss_is_not_told(code, functor):
    not_told(functor, code)


class ClippedStep:
    """A polynomial of a clipped argument, whose gradient forgets that it is clipped."""

    def __call__(self, X):
        T = np.clip(X, 0, 1)
        return T * T * (3 - 2 * T)

    def gradient(self, X):
        return 6 * X * (1 - X)


class ClippedCubic:
    def __call__(self, X):
        T = np.clip(X, -1, 1)
        return T - T**3 / 3

    def gradient(self, X):
        return 1 - X**2


@pytest.mark.parametrize("functor", [ClippedStep(), ClippedCubic()])
def test_a_polynomial_that_is_right_up_to_a_border_is_no_series(functor):
    found = diagnoses(functor)
    assert "series" not in {each.code for each in found}
    assert found[0].sentence.startswith("right but for ")
    assert "cut off" not in found[0].sentence
    assert found[0].explained >= 0.9 * found[0].wrong
