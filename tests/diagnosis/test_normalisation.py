import numpy as np

from .mistakes import Mistaken
from .observing import diagnoses
from .tables import cases, not_told, told

EPS = 1e-3


def by(axis_mean, count):
    """A normalisation of rows: (x - c) / sqrt(sum of squares / count + eps)."""

    def f(X):
        D = X - axis_mean(X)
        return D / np.sqrt((D * D).sum(axis=1, keepdims=True) / count(X) + EPS)

    return f


def mean(X):
    return X.mean(axis=1, keepdims=True)


def nothing(X):
    return 0.0


def n(X):
    return X.shape[1]


def jacobian(X, divisor, mean_of=mean, count=5, inner=None):
    """The Jacobian by a given divisor of each row's sum of squares."""
    D = X - mean_of(X)
    q = (D * D).sum(axis=1, keepdims=True)
    s = divisor(q)
    h = D / (s if inner is None else inner(q))
    plain = np.eye(X.shape[1]) - (1 / X.shape[1] if mean_of is mean else 0)
    return (plain - h[:, :, None] * h[:, None, :] / count) / s[:, :, None]


LAYER = by(mean, n)
RMS = by(nothing, n)
UNIT = by(nothing, lambda X: 1)


def layer(divisor, **settings):
    return Mistaken(LAYER, lambda _, X: jacobian(X, divisor, **settings))


def right(q):
    return np.sqrt(q / 5 + EPS)


@cases(
    (
        "divisor",
        layer(lambda q: np.sqrt(q / 4 + EPS)),
        "the variance is divided by n - 1 in the gradient, by n in the value (ddof)",
    ),
    (
        "divisor",
        layer(lambda q: np.sqrt(q / 4 + EPS), count=4),
        "the variance is divided by n - 1 in the gradient, by n in the value (ddof)",
    ),
    (
        "divisor",
        layer(lambda q: np.sqrt(q / 4 + EPS), inner=right),
        "the variance is divided by n - 1 in the gradient, by n in the value (ddof), in the outer factor only",
    ),
    ("divisor", layer(lambda q: q / 5 + EPS), "the gradient divides by the variance, the value by its root"),
    (
        "divisor",
        layer(lambda q: q / 5 + EPS, inner=right),
        "the gradient divides by the variance, the value by its root, in the outer factor only",
    ),
    (
        "divisor",
        layer(lambda q: np.sqrt(q / 5) + EPS),
        "eps = 0.001 stands outside the root in the gradient, inside it in the value",
    ),
    (
        "divisor",
        Mistaken(RMS, lambda _, X: jacobian(X, lambda q: q / 5 + EPS, nothing)),
        "the gradient divides by the mean square, the value by its root",
    ),
    (
        "divisor",
        Mistaken(UNIT, lambda _, X: jacobian(X, lambda q: q + EPS, nothing, 1)),
        "the gradient divides by the sum of squares, the value by its root",
    ),
)
def test_another_divisor_than_that_of_the_value_is_told(code, functor, sentence):
    told(functor, code, sentence)


@cases(
    ("divisor", layer(lambda q: np.sqrt(q / 4.5 + EPS))),
    ("divisor", layer(lambda q: (q / 5 + EPS) ** 0.9)),
    ("divisor", Mistaken(np.tanh, lambda _, X: jacobian(X, right))),
)
def test_a_near_miss_is_not_told(code, functor):
    not_told(functor, code)


def test_a_missing_eps_is_told_besides_the_nan_of_constant_rows():
    first, second = diagnoses(layer(lambda q: np.sqrt(q / 5)))
    assert (first.code, first.sentence) == ("divisor", "eps = 0.001 is missing in the gradient's divisor")
    assert (second.code, first.explained + second.explained) == ("not-finite", first.wrong)
