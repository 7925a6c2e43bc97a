import numpy as np
import pytest
from functors import right, wrong

from .mistakes import Mistaken, changed
from .observing import diagnoses
from .tables import cases, not_told, told


def product(X, instead):
    """The Jacobian of softmax with something else for its outer product."""
    A = right.Softmax()(X)
    return A[:, :, None] * np.eye(X.shape[1]) - instead(A)


@cases(
    (
        "product-rule",
        wrong.SiluWithoutSecondTerm(),
        "product rule: with f = x u(x) the gradient is u(x), the term x u'(x) is missing",
    ),
    (
        "product-rule",
        Mistaken(right.Silu(), lambda f, X: f.gradient(X) - 1 / (1 + np.exp(-X))),
        "product rule: with f = x u(x) the gradient is x u'(x), the term u(x) is missing",
    ),
    (
        "product-rule-factor",
        wrong.MishWithoutInnerSigmoid(),
        "product rule: with f = x u(x), the term x u'(x) lacks the factor σ(x)",
    ),
    ("term", changed(right.Sine(), lambda G, X: G - X), "the term x is missing"),
    ("term", changed(right.Arctan(), lambda G, X: G + 0.3 * np.arctan(X)), "the term 3/10 · f(x) is one too many"),
    (
        "term",
        changed(right.LogSoftmax(), lambda J, X: J - np.eye(5)),
        "the gradient is the right one minus δ_ij: that term is missing, or taken away once too often",
    ),
    ("term", wrong.SoftmaxWithoutDelta(), "the term δ_ij a_i is missing"),
    ("term", wrong.SoftmaxWithIdentityForDiagonal(), "the term δ_ij (1 - a_i) is one too many"),
    ("term", changed(right.Tanh(), lambda G, X: G + 0.25), "the gradient is too large by 0.25 everywhere"),
    (
        "surplus-factor",
        changed(right.Tanh(), lambda G, X: G * (1 + X * X) ** 0.5),
        "the factor √(1 + x²) is one too many",
    ),
    (
        "chain-rule",
        Mistaken(right.Mish(), lambda f, X: f.gradient(X) / (1 + np.abs(X))),
        "the factor (1 + |x|) is missing, as of an inner derivative (chain rule)",
    ),
    (
        "outer-product-lost",
        changed(right.Softmax(), lambda J, X: product(X, lambda A: A[:, :, None] ** 2 + 0 * J)),
        "the outer product a_i a_j has become a_i², the product a * a entry by entry",
    ),
    (
        "outer-product-lost",
        changed(right.Softmax(), lambda J, X: product(X, lambda A: A[:, :, None] * A[:, None, :] ** 2)),
        "the outer product a_i a_j has become a_i a_j²",
    ),
    (
        "row-term",
        wrong.LayerNormWithoutMeanTerm(),
        "a term that is the same for all i and j (of the mean) is missing or wrong",
    ),
    ("row-term", wrong.LayerNormWithoutProjectionTerm(), "a term proportional to a_i a_j is missing or wrong"),
    ("row-term", wrong.L2NormaliseWithPlusProjection(), "the term proportional to a_i a_j has the wrong sign"),
    ("row-term", wrong.RmsNormWithoutWidth(), "the term proportional to a_i a_j is the right one times 5 = n"),
)
def test_a_mistake_of_terms_is_told(code, functor, sentence):
    told(functor, code, sentence)


@cases(
    ("product-rule", Mistaken(right.Silu(), lambda f, X: 1.001 / (1 + np.exp(-X)))),
    ("product-rule-factor", changed(right.Mish(), lambda G, X: G + 1e-3 * np.cos(7 * X))),
    ("term", changed(right.Sine(), lambda G, X: G - X * (1 + 1e-3 * np.cos(X)))),
    ("surplus-factor", changed(right.Arctan(), lambda G, X: G * (1 + X * X) ** 0.51)),
    ("row-term", changed(right.LayerNorm(), lambda J, X: J + 1e-3 * np.cos(X)[:, :, None])),
)
def test_a_near_miss_is_not_told_so(code, functor):
    not_told(functor, code)


class HalfRoot:
    """f' = 1/2 + x / (2 sqrt(x² + 1))."""

    def __call__(self, X):
        return 0.5 * (X + np.sqrt(X * X + 1))

    def gradient(self, X):
        return 0.5 * (1 + 2 * X / np.sqrt(X * X + 1))


class Gated:
    """f = a tanh(b) with x = (a, b)."""

    def __init__(self, columns, factor):
        self.columns, self.factor = columns, factor

    def __call__(self, X):
        a, b = np.split(X, 2, axis=1)
        return a * np.tanh(b)

    def gradient(self, X):
        a, b = np.split(X, 2, axis=1)
        h = a.shape[1]
        k = np.arange(h)
        J = np.zeros((len(X), h, 2 * h))
        J[:, k, k], J[:, k, h + k] = np.tanh(b), a * (1 - np.tanh(b) ** 2)
        J[:, k, k if self.columns == "a" else h + k] *= self.factor(a, b)
        return J


def test_a_factor_beside_a_constant_term_is_told():
    told(HalfRoot(), "beside-constant", "but for its constant term 0.5 the gradient is the right one times 2")


@pytest.mark.parametrize(
    ("functor", "sentence"),
    [
        (Gated("b", lambda a, b: 1 / np.where(a == 0, 1, a)), "in the columns of b the factor a is missing"),
        (Gated("b", lambda a, b: a), "in the columns of b the factor a is one too many"),
        (Gated("a", lambda a, b: np.tanh(b)), "in the columns of a the factor tanh(b) is one too many"),
    ],
)
def test_the_factor_of_a_gate_is_told(functor, sentence):
    (found, *_) = diagnoses(functor, dim=6)
    assert (found.code, found.sentence) == ("gate-factor", f"with x = (a, b), {sentence} (product rule)")
    assert found.explained >= 0.8 * found.wrong


def test_another_mistake_of_a_gate_is_not():
    found = diagnoses(Gated("b", lambda a, b: np.cos(b) + 2), dim=6)
    assert "gate-factor" not in {each.code for each in found}


class Dense:
    """tanh(XW + b), with any slopes for those of tanh."""

    def __init__(self, slope):
        self.W = np.random.default_rng(0).normal(size=(5, 4))
        self.slope = slope

    def __call__(self, X):
        return np.tanh(X @ self.W + 0.1)

    def gradient(self, X):
        return self.slope(self(X))[:, :, None] * self.W.T


OUTER = "the weights inside the function are right, its outer slopes are not"


@pytest.mark.parametrize(
    ("slope", "sentence"),
    [
        (lambda A: 1 - np.tanh(A) ** 2, f"{OUTER}: they are 1 - tanh²(a) of the output a, right is 1 - a²"),
        (lambda A: 1 - A, f"{OUTER}: they are 1 - a of the output a, right is 1 - a²"),
        (lambda A: 2 - np.cos(A), OUTER),
    ],
)
def test_outer_slopes_are_told_from_the_weights(slope, sentence):
    (found, *_) = diagnoses(Dense(slope))
    assert (found.code, found.sentence) == ("outer-slope", sentence)


def test_right_outer_slopes_are_not():
    assert not diagnoses(Dense(lambda A: 1 - A**2))
