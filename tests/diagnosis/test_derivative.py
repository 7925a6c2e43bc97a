import numpy as np
import pytest
from functors import right

from actcheck import activations

from .mistakes import Mistaken, changed
from .observing import of_class
from .tables import cases, not_told, told


def _quotient(f, X, h):
    return (f(X + h) - f(X)) / h


@cases(
    (
        "difference-quotient",
        Mistaken(right.Tanh(), lambda f, X: _quotient(f, X, 1e-3)),
        "the gradient is the difference quotient (f(x + h) - f(x)) / h with h = 0.001",
    ),
    (
        "difference-quotient",
        Mistaken(right.Tanh(), lambda f, X: (f(X + 0.01) - f(X - 0.01)) / 0.02),
        "the gradient is the difference quotient (f(x + h) - f(x - h)) / (2h) with h = 0.01",
    ),
    (
        "difference-quotient",
        Mistaken(right.Tanh(), lambda f, X: _quotient(f, X, 1e-6)),
        "the gradient is the difference quotient (f(x + h) - f(x)) / h with h = 1e-06",
    ),
    (
        "difference-quotient",
        Mistaken(right.Sigmoid(), lambda f, X: _quotient(f, X, 1e-8)),
        "the gradient is the difference quotient (f(x + h) - f(x)) / h with h = 1e-08",
    ),
    (
        "difference-quotient",
        Mistaken(right.Tanh(), lambda f, X: (f(X + 1e-4) - f(X - 1e-4)) / 2e-4),
        "the gradient is the difference quotient (f(x + h) - f(x - h)) / (2h) with h = 0.0001",
    ),
    (
        "second-derivative",
        Mistaken(right.Sigmoid(), lambda f, X: f.gradient(X) * (1 - 2 * f(X))),
        "the gradient is the second derivative f''(x)",
    ),
)
def test_a_mistake_of_the_derivative_is_told(code, functor, sentence):
    told(functor, code, sentence)


@cases(
    ("difference-quotient", Mistaken(right.Tanh(), lambda f, X: _quotient(f, X, 3.7e-3))),
    ("difference-quotient", Mistaken(right.Tanh(), lambda f, X: _quotient(f, X, 3.7e-9))),
    ("difference-quotient", changed(right.Tanh(), lambda G, X: G + 1e-3 * np.cos(X))),
    ("second-derivative", Mistaken(right.Sigmoid(), lambda f, X: f.gradient(X) * (1 - 2.01 * f(X)))),
)
def test_a_near_miss_is_not_told(code, functor):
    not_told(functor, code)


@pytest.mark.parametrize(("near", "code"), [(1.0, "by-parameter"), (1.01, "unexplained")])
def test_the_derivative_by_a_parameter(near, code):
    class Silu(activations.SiLU):
        def gradient(self, X):
            S = 1 / (1 + np.exp(-np.clip(self.beta * X, -700, 700)))
            return near * X * X * S * (1 - S) * (X if near != 1 else 1) ** (near != 1)

    found = of_class(Silu, beta=1.5)[0]
    assert found.code == code
    if code == "by-parameter":
        assert found.sentence == "the gradient is the derivative by beta, not by x"
