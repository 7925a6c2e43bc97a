import numpy as np
from functors import right

from .mistakes import Mistaken
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
)
def test_another_polynomial_is_told(code, functor, sentence):
    told(functor, code, sentence)


@cases(
    ("formula", Mistaken(right.Tanh(), lambda f, X: 1 - f(X) ** 4)),
    ("formula", Mistaken(right.Tanh(), lambda f, X: 1 - 1.01 * f(X) ** 3)),
    ("formula", Mistaken(right.Arctan(), lambda f, X: 1 - f(X) ** 3)),
    ("borrowed-formula", Mistaken(right.Arctan(), lambda f, X: 1 - f(X) ** 2 + 1e-4 * np.cos(X))),
)
def test_a_near_miss_is_not_told(code, functor):
    not_told(functor, code)
