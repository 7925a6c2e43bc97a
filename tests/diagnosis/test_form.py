import numpy as np
import pytest
from functors import right, wrong

from .mistakes import Mistaken, changed, of_diagonal, off_diagonal, scaled
from .observing import diagnoses, of_class
from .tables import cases, not_told, told


@cases(
    ("sign-flipped", scaled(right.Tanh(), -1), "the sign is flipped everywhere"),
    ("sign-off-diagonal", wrong.SoftmaxWithPlusOffDiagonal(), "the sign is flipped off the diagonal"),
    ("sign-on-diagonal", changed(right.LayerNorm(), of_diagonal(-1)), "the sign is flipped on the diagonal"),
    ("constant", changed(right.Tanh(), lambda G, X: 0 * G + 1), "the gradient is 1 everywhere"),
    (
        "constant",
        wrong.ReluWithGradientOneEverywhere(),
        "the gradient is 1 everywhere; right for x > 0, wrong for x < 0",
    ),
    ("sign-lost", changed(right.Sine(), lambda G, X: abs(G)), "the gradient is the absolute value of the right one"),
    (
        "inverted",
        changed(right.HardTanh(), lambda G, X: 1 - G),
        "the gradient is 1 where it should be 0, and 0 where it should be 1: a condition is turned round",
    ),
    (
        "gradient-clipped",
        changed(right.Sine(), lambda G, X: np.clip(G, -0.5, 0.75)),
        "the gradient is clipped to [-0.5, 0.75]",
    ),
    (
        "gradient-clipped",
        changed(right.Sine(), lambda G, X: np.minimum(G, 0.5)),
        "the gradient is clipped to at most 0.5",
    ),
    (
        "both-factors",
        changed(right.Softmax(), lambda J, X: J * (5 * np.eye(5) - 2)),
        "on the diagonal the gradient is the right one times 3, off it times -2",
    ),
    (
        "unit-matrix",
        changed(right.Softmax(), lambda J, X: 0 * J + np.eye(5)),
        "the gradient is δ_ij, as of the identity: a cotangent would pass through unchanged",
    ),
    ("factor", scaled(right.Sigmoid(), 0.5), "the gradient is the right one times 1/2"),
    ("factor", scaled(right.Sigmoid(), -2), "the sign is flipped and the gradient is the right one times 2"),
    ("factor", scaled(right.Arctan(), 0.7321), "the gradient is the right one times 0.7321"),
    ("factor", scaled(right.Arctan(), np.log(10)), "the gradient is the right one times 2.3025851 = ln 10"),
    ("factor", wrong.SoftmaxWithoutStretch(7.0), "the gradient is the right one times 0.14285714 = 1/stretch"),
    ("factor", wrong.SoftmaxDividedByStretch(7.0), "the gradient is the right one times 0.020408163 = 1/stretch²"),
    ("factor", wrong.SoftmaxWithStretchSquared(7.0), "the gradient is the right one times 7 = stretch"),
    (
        "factor",
        changed(right.LayerNorm(), lambda J, X: J / X.shape[1]),
        "the gradient is the right one times 0.2 = 1/n",
    ),
    ("factor", changed(right.Tanh(), lambda J, X: J * X.shape[1]), "the gradient is the right one times 5 = n"),
    ("factor", scaled(right.Tanh(), 5), "the gradient is the right one times 5"),
    ("factor", scaled(right.Tanh(), np.sqrt(5)), "the gradient is the right one times 2.236068"),
    ("factor", scaled(right.Softmax(), 5 / 4), "the gradient is the right one times 5/4"),
    ("factor", scaled(right.LayerNorm(), 1 / 5), "the gradient is the right one times 1/5"),
    (
        "rounded-factor",
        scaled(right.Silu(), 1.00001),
        "the relative error is 1e-05 everywhere, as of a rounded constant",
    ),
    ("transposed", wrong.LogSoftmaxTransposed(), "the Jacobian is transposed: it is right with --layout in-out"),
    ("transposed-factor", scaled(wrong.LogSoftmaxTransposed(), 3), "the Jacobian is transposed, and 3 times too large"),
    (
        "transposed-factor",
        scaled(wrong.LogSoftmaxTransposed(), -1),
        "the Jacobian is transposed, and of the other sign",
    ),
    (
        "gradient-clipped",
        changed(right.Tanh(), lambda G, X: np.maximum(G, 1e-3)),
        "the gradient is clipped to at least 0.001",
    ),
    (
        "weights-transposed",
        wrong.TanhOfLinearWithWeightsTransposed(),
        "the weights inside the function are transposed, but not its outer slopes",
    ),
    (
        "diagonal-only",
        wrong.SoftmaxDiagonalOnly(),
        "only the diagonal is given; a full Jacobian (batch, 5, 5) is needed",
    ),
    (
        "diagonal-only",
        wrong.SoftmaxDiagonalAsJacobian(),
        "only the diagonal is given; the entries off it are not 0",
    ),
    ("no-diagonal", changed(right.LayerNorm(), of_diagonal(0)), "the diagonal is 0; the entries off it are right"),
    (
        "off-diagonal-factor",
        changed(right.LayerNorm(), off_diagonal(2)),
        "off the diagonal the gradient is the right one times 2",
    ),
    (
        "diagonal-factor",
        changed(right.LayerNorm(), of_diagonal(0.5)),
        "on the diagonal the gradient is the right one times 1/2",
    ),
    (
        "constant-divisor",
        wrong.LayerNormAsIfStatisticsWereConstant(),
        "what x - mean(x) is divided by is taken for a constant: the gradient is that divisor's reciprocal",
    ),
    (
        "power",
        Mistaken(right.BentIdentity(), lambda f, X: 1 / f.gradient(X)),
        "the gradient is 1 / f'(x), of the inverse function",
    ),
)
def test_a_mistake_of_form_is_told(code, functor, sentence):
    told(functor, code, sentence)


@cases(
    ("weights-transposed", changed(right.Softmax(), lambda J, X: J - 0.1 * right.Softmax()(X)[:, :, None] ** 2)),
    ("sign-flipped", scaled(right.Tanh(), -1.001)),
    ("sign-off-diagonal", changed(right.LayerNorm(), off_diagonal(-1.01))),
    ("sign-on-diagonal", changed(right.LayerNorm(), of_diagonal(-1.01))),
    ("constant", changed(right.Tanh(), lambda G, X: 1 + 1e-3 * X)),
    ("sign-lost", changed(right.Sine(), lambda G, X: abs(G) * (1 + 1e-4 * X))),
    ("inverted", changed(right.HardTanh(), lambda G, X: np.where(np.abs(X) < 1.1, 0.0, 1.0))),
    ("gradient-clipped", changed(right.Sine(), lambda G, X: 0.75 * np.tanh(G))),
    ("both-factors", changed(right.Softmax(), lambda J, X: J * (5 * np.eye(5) - 2 + 1e-4 * X[:, :1, None]))),
    ("unit-matrix", changed(right.Softmax(), lambda J, X: 0 * J + np.diag([1.0, 1, 1, 1, 2]))),
    ("factor", changed(right.Tanh(), lambda G, X: G * (2 + 1e-4 * np.sin(X)))),
    ("rounded-factor", changed(right.Tanh(), lambda G, X: G * (1 + 1e-5 * X))),
    ("transposed", changed(right.LogSoftmax(), lambda J, X: np.swapaxes(J, 1, 2) * (1 + 1e-3 * X[:, :1, None]))),
    ("weights-transposed", wrong.SquareTanhOfLinearTransposed()),
    ("diagonal-only", changed(right.Softmax(), off_diagonal(1e-3))),
    ("no-diagonal", changed(right.LayerNorm(), of_diagonal(1e-3))),
    (
        "off-diagonal-factor",
        changed(right.LayerNorm(), lambda J, X: off_diagonal(2)(J, X) * (1 + 1e-3 * X[:, :1, None])),
    ),
    ("constant-divisor", wrong.LayerNormWithoutProjectionTerm()),
    ("power", scaled(right.LeakyRelu(), 10)),
)
def test_a_near_miss_is_not_told_so(code, functor):
    not_told(functor, code)


def test_the_layout_that_would_accept_it_is_named():
    assert diagnoses(wrong.SquareTanhOfLinearTransposed())[0].option == "--layout in-out"


def test_a_factor_is_the_parameters_own():
    class WithoutOmega(right.FastSine):
        def gradient(self, X):
            return np.cos(self.omega * X)

    (first, *_) = of_class(WithoutOmega, omega=17.0)
    assert first.sentence == "the gradient is the right one times 0.058823529 = 1/omega"


class Ring:
    """Its values are so large on some edge rows that differences see nothing of a small slope."""

    def __init__(self, spoil):
        self.spoil = spoil

    def __call__(self, X):
        return np.sin(X) * np.roll(X, 1, axis=1) + np.roll(X, -1, axis=1) ** 2

    def gradient(self, X):
        n = X.shape[1]
        i = np.arange(n)
        J = np.zeros((len(X), n, n))
        J[:, i, i] += np.cos(X) * np.roll(X, 1, axis=1)
        J[:, i, (i - 1) % n] += np.sin(X)
        J[:, i, (i + 1) % n] += 2 * np.roll(X, -1, axis=1)
        return self.spoil(J)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda J: -J, "sign-flipped"),
        (lambda J: 2 * J, "factor"),
        (lambda J: np.swapaxes(J, 1, 2).copy(), "transposed"),
        (lambda J: J * np.eye(J.shape[1]), "diagonal-only"),
    ],
)
def test_what_rounding_hides_on_large_values_refutes_nothing(spoil, code):
    (found, *_) = diagnoses(Ring(spoil))
    assert found.code == code
