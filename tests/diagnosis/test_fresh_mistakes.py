"""Mistakes that were listed by what people get wrong, each with the sentence that is told of it first, read by eye.

Of some no simple mistake is known: that is said, and nothing else. The batches are small, for the suite's time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from actcheck.activations.catalogue import find, load
from actcheck.model import CheckSpec
from actcheck.run import check_functor

Gradient = Callable[[Any, Any], Any]

SILENT = "no simple mistake explains it"
TIMES = "the gradient is the right one times"
PRODUCT = "product rule: with f = x u(x)"
CHAIN = "as of an inner derivative (chain rule)"


def σ(X: Any) -> Any:
    return 1 / (1 + np.exp(-np.clip(X, -700, 700)))


def φ(X: Any) -> Any:
    return np.exp(-X * X / 2) / math.sqrt(2 * math.pi)


def Φ(X: Any) -> Any:
    return (1 + np.vectorize(math.erf)(X / math.sqrt(2))) / 2


def exp(X: Any) -> Any:
    return np.exp(np.minimum(X, 300))


def right(f: Any, X: Any) -> Any:
    """The gradient as the catalogue has it."""
    return type(f).__mro__[1].gradient(f, X)  # type: ignore[attr-defined]


def δ(X: Any) -> Any:
    return np.eye(X.shape[1])


def first_half(J: Any) -> Any:
    return np.where(np.arange(J.shape[2]) < J.shape[2] // 2, J, 0)


def largest(X: Any) -> Any:
    return (X.max(axis=1, keepdims=True) == X) * 1.0


class PerColumn:
    """tanh(k x) with a k for each column."""

    def __init__(self) -> None:
        self.k = np.array([0.5, 1.0, 2.0])

    def __call__(self, X: Any) -> Any:
        return np.tanh(X * self.k)

    def gradient(self, X: Any) -> Any:
        return self.k * (1 - np.tanh(X * self.k) ** 2)


class Linear:
    """tanh(XW) with a square W that is not symmetric."""

    W = np.array([[-1.0, 0.5, 0.25], [0.75, 1.0, -0.5], [0.3, -0.2, 1.2]])

    def __call__(self, X: Any) -> Any:
        return np.tanh(X @ self.W)

    def gradient(self, X: Any) -> Any:
        return (1 - np.tanh(X @ self.W) ** 2)[:, :, None] * self.W.T


class Sums:
    """Cumulative sums of x²."""

    def __call__(self, X: Any) -> Any:
        return np.cumsum(X**2, axis=1)

    def gradient(self, X: Any) -> Any:
        return np.tri(X.shape[1]) * 2 * X[:, None, :]


OWN = {"per-column": PerColumn, "linear-tanh": Linear, "sums": Sums}

ELEMENTWISE: list[tuple[str, str, Gradient, str]] = [
    ("density for distribution", "gelu", lambda f, X: φ(X) + X * φ(X), SILENT),
    (
        "√(2π) lost",
        "gelu",
        lambda f, X: Φ(X) + X * np.exp(-X * X / 2),
        f"{PRODUCT}, the term x u'(x) is the right one times 2.5066283 = √(2π)",
    ),
    (
        "exp(-x²) for exp(-x²/2)",
        "gelu",
        lambda f, X: Φ(X) + X * np.exp(-X * X) / math.sqrt(2 * math.pi),
        f"{PRODUCT}, the term x u'(x) has the factor too many exp(-x²/2)",
    ),
    (
        "minus for plus",
        "gelu",
        lambda f, X: Φ(X) - X * φ(X),
        f"{PRODUCT}, the term x u'(x) is the right one times -1",
    ),
    (
        "x of the second term lost",
        "silu",
        lambda f, X: σ(X) + σ(X) * (1 - σ(X)),
        f"{PRODUCT}, the term x u'(x) lacks the factor x",
    ),
    ("value for σ in a term", "silu", lambda f, X: σ(X) + f(X) * (1 - f(X)), SILENT),
    (
        "first term lost",
        "mish",
        lambda f, X: X * (1 - np.tanh(np.logaddexp(0, X)) ** 2) * σ(X),
        f"{PRODUCT} the gradient is x u'(x), the term u(x) is missing",
    ),
    (
        "inner derivative of softplus lost",
        "mish",
        lambda f, X: np.tanh(np.logaddexp(0, X)) + X * (1 - np.tanh(np.logaddexp(0, X)) ** 2),
        f"{PRODUCT}, the term x u'(x) lacks the factor σ(x)",
    ),
    (
        "the branches exchanged",
        "elu",
        lambda f, X: np.where(X > 0, exp(np.minimum(X, 0)), 1.0),
        "the gradient is 1 everywhere; right for x > 0, wrong for x < 0",
    ),
    (
        "expm1 for exp",
        "elu",
        lambda f, X: np.where(X > 0, 1.0, np.expm1(np.minimum(X, 0))),
        "right but for x < 0, where the value f(x) is returned in place of its derivative",
    ),
    (
        "scale lost on the right",
        "selu",
        lambda f, X: np.where(X > 0, 1.0, right(f, X)),
        "right but for x > 0, where the gradient is the right one times 0.9517456",
    ),
    (
        "the leak on both sides",
        "leaky-relu",
        lambda f, X: np.full(X.shape, 0.01),
        "the gradient is 0.01 everywhere; right for x < 0, wrong for x > 0",
    ),
    (
        "the leak on the wrong side",
        "leaky-relu",
        lambda f, X: np.where(X > 0, 0.01, 1.0),
        "the gradient is evaluated at -x instead of at x",
    ),
    (
        "range 0 to 1",
        "hard-tanh",
        lambda f, X: (X > 0) & (X < 1),
        "this is the gradient of hard-tanh with min_val = 0, not -1",
    ),
    ("0.2 for 1/6", "hard-sigmoid", lambda f, X: (np.abs(X) < 3) * 0.2, f"{TIMES} 6/5"),
    (
        "border at 2.5",
        "hard-sigmoid",
        lambda f, X: (np.abs(X) < 2.5) / 6,
        "right but for 2.5 < |x| < 3, where the gradient is 0",
    ),
    ("no cut above", "relu6", lambda f, X: (X > 0) * 1.0, "right but for x > 6, where the gradient is 1"),
    (
        "condition turned round",
        "soft-shrink",
        lambda f, X: (np.abs(X) < 0.5) * 1.0,
        "the gradient is 1 where it should be 0, and 0 where it should be 1: a condition is turned round",
    ),
    (
        "condition turned round",
        "relu",
        lambda f, X: (X < 0) * 1.0,
        "the gradient is 1 where it should be 0, and 0 where it should be 1: a condition is turned round",
    ),
    (
        "cast to integers in the condition",
        "relu",
        lambda f, X: (X.astype(int) > 0) * 1.0,
        "right but for 0 < x < 1, where the gradient is 0",
    ),
    ("sign for the step", "relu", lambda f, X: np.sign(X), "right but for x < 0, where the gradient is -1"),
    ("x for the mask", "relu", lambda f, X: np.maximum(X, 0), "the value f(x) is returned in place of its derivative"),
    (
        "sign(x) too many",
        "softsign",
        lambda f, X: np.sign(X) / (1 + np.abs(X)) ** 2,
        "the factor sign(x) is one too many",
    ),
    ("a cube", "softsign", lambda f, X: (1 + np.abs(X)) ** -3.0, f"the factor (1 + |x|) is missing, {CHAIN}"),
    (
        "sech for sech²",
        "tanh",
        lambda f, X: 1 / np.cosh(np.clip(X, -700, 700)),
        "the gradient is the root of the right one",
    ),
    ("tanh of x²", "tanh", lambda f, X: 1 - np.tanh(X**2), SILENT),
    ("0.99 for 1", "tanh", lambda f, X: 1 - 0.99 * np.tanh(X) ** 2, "the term 1/100 · f(x)² is one too many"),
    (
        "divided by the row's largest",
        "tanh",
        lambda f, X: right(f, X + 0) / np.maximum(right(f, X).max(axis=1, keepdims=True), 1e-300),
        "each row is the right one times a number of its own: a normalisation is missing, or one too many",
    ),
    (
        "plus for minus",
        "sigmoid",
        lambda f, X: σ(X) * (1 + σ(X)),
        "the gradient is f + f² with f = f(x); right is f - f²",
    ),
    ("σ(x) for σ(-x)", "log-sigmoid", lambda f, X: σ(X), "the gradient is evaluated at -x instead of at x"),
    ("-2x lost its x", "gaussian", lambda f, X: -2 * np.exp(-X * X), f"the factor x is missing, {CHAIN}"),
    ("divided by √π", "gaussian", lambda f, X: right(f, X) / math.sqrt(math.pi), f"{TIMES} 0.56418958 = 1/(√π)"),
    ("by degrees", "sine", lambda f, X: np.cos(X) * math.pi / 180, f"{TIMES} 0.017453293 = π/180"),
    ("1/2 lost", "squareplus", lambda f, X: 1 + X / np.sqrt(X * X + 4), f"{TIMES} 2"),
    ("that of silu", "mish", lambda f, X: σ(X) + X * σ(X) * (1 - σ(X)), "this is the gradient of silu, not of mish"),
    (
        "k of the columns reversed",
        "per-column",
        lambda f, X: f.k[::-1] * (1 - np.tanh(X * f.k) ** 2),
        "each column is the right one times a number of its own: 4, 1, 1/4",
    ),
]

DEPENDENT: list[tuple[str, str, Gradient, str]] = [
    (
        "a² on the diagonal",
        "softmax",
        lambda f, X: (f(X) ** 2)[:, :, None] * δ(X) - f(X)[:, :, None] * f(X)[:, None, :],
        "the diagonal is 0; the entries off it are right",
    ),
    (
        "only the outer product",
        "softmax",
        lambda f, X: -f(X)[:, :, None] * f(X)[:, None, :],
        "the term δ_ij a_i is missing",
    ),
    (
        "plus the outer product",
        "softmax",
        lambda f, X: f(X)[:, :, None] * (δ(X) + f(X)[:, None, :]),
        "the term 2 · a_i a_j is one too many",
    ),
    (
        "two outputs exchanged",
        "softmax",
        lambda f, X: right(f, X)[:, [1, 0, 2]],
        "outputs have the slopes of others: output 0 has those of 1, 1 has those of 0",
    ),
    (
        "the target taken away",
        "softmax",
        lambda f, X: right(f, X) - δ(X),
        "the gradient is the right one minus δ_ij: that term is missing, or taken away once too often",
    ),
    ("1/n for a_j", "softmax", lambda f, X: f(X)[:, :, None] * (δ(X) - 1 / X.shape[1]), SILENT),
    ("the largest alone", "softmax", lambda f, X: largest(X)[:, :, None] * δ(X), SILENT),
    (
        "δ lost",
        "log-softmax",
        lambda f, X: np.repeat(-np.exp(f(X))[:, None, :], X.shape[1], axis=1),
        "the gradient is the right one minus δ_ij: that term is missing, or taken away once too often",
    ),
    (
        "not divided by the sum",
        "logsumexp",
        lambda f, X: np.exp(X - X.max(axis=1, keepdims=True))[:, None, :],
        "each row is the right one times a number of its own: a normalisation is missing, or one too many",
    ),
    (
        "halves exchanged",
        "glu",
        lambda f, X: np.roll(right(f, X), 2, axis=2),
        "inputs have the slopes of others: input 0 has those of 2, 1 has those of 3, 2 has those of 0, "
        "3 has those of 1",
    ),
    (
        "the gate taken for a constant",
        "glu",
        lambda f, X: first_half(right(f, X)),
        "right but in the column of input 2, 3, where the gradient is 0",
    ),
    (
        "the outer slope lost",
        "linear-tanh",
        lambda f, X: np.repeat(f.W.T[None], len(X), axis=0),
        "the gradient is evaluated at 0 instead of at x",
    ),
    ("symmetric by force", "linear-tanh", lambda f, X: right(f, X) + np.swapaxes(right(f, X), 1, 2), SILENT),
    ("both indices swapped", "sums", lambda f, X: np.tri(X.shape[1]) * 2 * X[:, :, None], SILENT),
    (
        "strictly below",
        "sums",
        lambda f, X: np.tri(X.shape[1], k=-1) * 2 * X[:, None, :],
        "the diagonal is 0; the entries off it are right",
    ),
]


def spoilt(name: str, gradient: Gradient) -> Any:
    entry = find(name)
    kind = OWN[name] if entry is None else load(entry)
    return type(kind.__name__, (kind,), {"gradient": gradient})()


@pytest.mark.parametrize(
    ("name", "gradient", "sentence"),
    [(name, gradient, sentence) for _, name, gradient, sentence in (*ELEMENTWISE, *DEPENDENT)],
    ids=[f"{name}: {mistake}" for mistake, name, *_ in (*ELEMENTWISE, *DEPENDENT)],
)
def test_what_is_told_of_a_mistake(name, gradient, sentence):
    report = check_functor(CheckSpec(name, dim=4 if name == "glu" else 3, batch=3), spoilt(name, gradient), None)
    assert report.wrong
    first = report.diagnoses[0]
    assert first.sentence == sentence
    if sentence == SILENT:
        assert not first.explained
    else:
        assert first.explained >= 0.9 * first.wrong


def test_the_list_is_as_long_as_it_is_said_to_be():
    assert len({(name, mistake) for mistake, name, *_ in (*ELEMENTWISE, *DEPENDENT)}) >= 50
