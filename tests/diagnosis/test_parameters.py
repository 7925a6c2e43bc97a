"""Mistakes in the gradients of a layer's parameters, told as the report of a whole check has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from actcheck.diagnosis.parameters import TABLE
from actcheck.model import CheckSpec
from actcheck.run import check_functor
from tests.targets.reading.made import Affine, adapted


class Layer(Affine):
    outputs = 3

    def __init__(self) -> None:
        super().__init__(3, self.outputs)
        # Of no symmetry that a mistake could hide in.
        self.W = np.linspace(-1, 1.2, 3 * self.outputs).reshape(3, self.outputs)

    def backward(self, dA: Any) -> Any:
        self.dA = dA
        return super().backward(dA)


def told(functor: Any) -> list[tuple[str, str]]:
    report = check_functor(CheckSpec("layer", dim=3, batch=6, edge=False), adapted(functor)[0], None)
    assert all(each.family == "parameter" for each in report.diagnoses)
    assert all(each.code == "unexplained" or each.explained == each.wrong > 0 for each in report.diagnoses)
    assert sum(each.wrong for each in report.diagnoses) == report.wrong
    return [(each.code, each.sentence) for each in report.diagnoses]


def weights(wrong: Any) -> Layer:
    return type("Wrong", (Layer,), {"of_weights": wrong})()


def bias(wrong: Any, width: int = 3) -> Layer:
    return type("Wrong", (Layer,), {"of_bias": wrong, "outputs": width})()


W, B = "in the gradient of `W` ", "in the gradient of `b` "

CASES = [
    ("parameter-sign", weights(lambda s, d: -s.x.T @ d), W + "the sign is flipped"),
    ("parameter-sign", bias(lambda s, d: -d.sum(axis=0)), B + "the sign is flipped"),
    (
        "parameter-batch-size",
        weights(lambda s, d: s.x.T @ d / len(d)),
        W + "everything is divided by the batch size, as of a mean",
    ),
    (
        "parameter-batch-size",
        bias(lambda s, d: -d.mean(axis=0)),
        B + "the sign is flipped and everything is divided by the batch size, as of a mean",
    ),
    (
        "parameter-batch-size",
        weights(lambda s, d: s.x.T @ d * len(d)),
        W + "everything is multiplied by the batch size",
    ),
    ("parameter-factor", weights(lambda s, d: s.x.T @ d * 2), W + "everything is the right one times 2"),
    ("parameter-factor", weights(lambda s, d: s.x.T @ d / 6), W + "everything is the right one times 0.166667"),
    (
        "parameter-transposed",
        weights(lambda s, d: d.T @ s.x),
        W + "rows and columns are exchanged (transposed)",
    ),
    (
        "parameter-axis",
        bias(lambda s, d: d.sum(axis=1), width=6),
        B + "the sum is over the outputs (axis 1), not over the samples (axis 0)",
    ),
    (
        "parameter-axis",
        bias(lambda s, d: np.full(3, d.sum())),
        B + "the sum is over the outputs as well, not over the samples alone",
    ),
    ("parameter-input", weights(lambda s, d: s.a.T @ d), W + "the output stands in the place of the input"),
    (
        "parameter-input",
        weights(lambda s, d: s.x[::-1].T @ d),
        W + "each sample has the input of another: the rows are reversed",
    ),
    ("parameter-input", weights(lambda s, d: np.ones_like(s.x).T @ d), W + "the input is not a factor"),
    (
        "parameter-no-activation",
        weights(lambda s, d: s.x.T @ s.dA),
        W + "the derivative of the activation is missing",
    ),
    (
        "parameter-no-activation",
        bias(lambda s, d: s.dA.sum(axis=0)),
        B + "the derivative of the activation is missing",
    ),
    (
        "parameter-activation-twice",
        weights(lambda s, d: s.x.T @ (d * (1 - s.a**2))),
        W + "the derivative of the activation is a factor twice",
    ),
    (
        "parameter-one-sample",
        weights(lambda s, d: np.outer(s.x[-1], d[-1])),
        W + "only the last sample of the batch counts",
    ),
    ("parameter-one-sample", bias(lambda s, d: d[0]), B + "only the first sample of the batch counts"),
    (
        "parameter-cotangent",
        weights(lambda s, d: s.x.T @ (d / s.dA)),
        W + "the gradient of the output is not a factor, as if it were 1",
    ),
    (
        "parameter-decay",
        weights(lambda s, d: s.x.T @ d + 0.01 * s.W),
        W + "there is 0.01 · W too many, as of weight decay, which the output has no part in",
    ),
    ("parameter-zero", bias(lambda s, d: np.zeros(3)), B + "every entry is 0"),
    (
        "parameter-sign-lost",
        weights(lambda s, d: abs(s.x.T @ d)),
        W + "every entry is the absolute value of the right one",
    ),
]


@pytest.mark.parametrize(("code", "layer", "sentence"), CASES, ids=[f"{case[0]}-{k}" for k, case in enumerate(CASES)])
def test_a_mistake_of_a_parameter_is_told(code, layer, sentence):
    assert told(layer) == [(code, sentence)]


def test_there_is_a_case_for_every_hypothesis():
    assert {code for code, *_ in CASES} == {code for code, _ in TABLE}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda s, d: s.x.T @ d + np.sin(s.W),
        lambda s, d: s.x.T @ d * (1 + 1e-3 * np.arange(9).reshape(3, 3)),
        lambda s, d: (s.x**2).T @ d,
    ],
)
def test_what_is_no_simple_mistake_is_not_told_as_one(wrong):
    assert told(weights(wrong)) == [("unexplained", "no simple mistake explains the gradient of `W`")]


def test_each_parameter_is_told_by_itself_and_the_right_one_not_at_all():
    assert told(Layer()) == []
    both = type(
        "Both",
        (Layer,),
        {"of_weights": lambda s, d: -s.x.T @ d, "of_bias": lambda s, d: 2 * d.sum(axis=0)},
    )
    assert told(both()) == [
        ("parameter-sign", W + "the sign is flipped"),
        ("parameter-factor", B + "everything is the right one times 2"),
    ]
