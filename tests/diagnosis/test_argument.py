from dataclasses import replace

import numpy as np
from functors import right, wrong

from actcheck.diagnosis import argument

from .mistakes import Mistaken, changed, scaled, where
from .observing import evidence_of
from .tables import cases, not_told, told


def at(functor, other):
    """The gradient of a right functor at another argument."""
    return Mistaken(functor, lambda f, X: f.gradient(other(X)))


@cases(
    ("at-output", wrong.TanhAppliedTwice(), "the gradient is evaluated at the output f(x) instead of at x"),
    ("at-output", wrong.SoftmaxAppliedTwice(), "the gradient is evaluated at the output f(x) instead of at x"),
    (
        "of-output",
        wrong.SigmoidGradientOfItsInput(),
        "the gradient is expressed in the output but given the input: at f(x) it gives what is right at x",
    ),
    (
        "of-output",
        wrong.SoftmaxJacobianOfLogits(),
        "the gradient is expressed in the output but given the input: at f(x) it gives what is right at x",
    ),
    ("other-argument", at(right.Mish(), np.negative), "the gradient is evaluated at -x instead of at x"),
    ("other-argument", at(right.Mish(), lambda X: 2 * X), "the gradient is evaluated at 2x instead of at x"),
    ("other-argument", at(right.Silu(), np.abs), "the gradient is evaluated at |x| instead of at x"),
    (
        "unit-or-base",
        at(right.Softplus(), lambda X: np.log(2) * X),
        "the gradient is evaluated at x · ln 2 instead of at x: as with 2**x in place of exp(x)",
    ),
    (
        "unit-or-base",
        Mistaken(right.Sigmoid(), lambda f, X: np.log(10) * f.gradient(np.log(10) * X)),
        "the gradient is that of f(x · ln 10), by x: as with 10**x in place of exp(x)",
    ),
    (
        "unit-or-base",
        at(right.Sine(), np.radians),
        "the gradient is evaluated at x · π/180 instead of at x: radians are taken for degrees",
    ),
    ("argument-clipped", wrong.SnakeClipped(), "the gradient is that of x clipped to [-10, 10]"),
    ("rounded-argument", wrong.SoftplusByTable(), "the gradient is that of x rounded to 2 decimals"),
    ("value-returned", wrong.TanhReturningItsValue(), "the value f(x) is returned in place of its derivative"),
    (
        "value-returned",
        Mistaken(right.Softmax(), lambda f, X: f(X)[:, :, None] * np.eye(5)),
        "the value f(x) is returned in place of its derivative, as a diagonal",
    ),
    ("input-returned", wrong.SigmoidReturningItsInput(), "the input x is returned in place of a derivative"),
)
def test_a_mistake_of_argument_is_told(code, functor, sentence):
    told(functor, code, sentence)


@cases(
    ("at-output", at(right.Tanh(), lambda X: np.tanh(X) * 1.001)),
    ("of-output", Mistaken(right.Tanh(), lambda f, X: 1.001 - X**2)),
    ("other-argument", at(right.Softplus(), lambda X: -1.001 * X)),
    ("unit-or-base", at(right.Softplus(), lambda X: 0.7 * X)),
    ("argument-clipped", where(right.Snake(), lambda X: np.abs(X) > 10, lambda f, X: 0.5)),
    ("rounded-argument", at(right.Softplus(), lambda X: np.floor(100 * X) / 100)),
    ("value-returned", changed(right.Tanh(), lambda G, X: np.tanh(X) + 1e-3)),
    ("input-returned", changed(right.Sigmoid(), lambda G, X: X + 1e-3)),
)
def test_a_near_miss_is_not_told_so(code, functor):
    not_told(functor, code)


def test_an_argument_that_a_few_rows_refute_is_asked_of_no_more():
    evidence = evidence_of(scaled(right.Mish(), 2))
    assert len(evidence.X) > 40
    asked = []

    def slopes(rows):
        asked.append(len(rows))
        return evidence.slopes(rows)

    counting = replace(evidence, slopes=slopes)
    assert not [*argument.at_minus(counting), *argument.at_other(counting), *argument.rounded(counting)]
    assert len(asked) >= 18
    assert max(asked) <= 6
