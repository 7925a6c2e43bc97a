"""The gradients of a layer's parameters, against differences in each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from actcheck.checks import parameters
from actcheck.model import Outcome
from tests.targets.reading.made import adapted

X = np.linspace(-2, 2, 24).reshape(8, 3)


class Affine:
    def __init__(self, rows: int = 3, columns: int = 2) -> None:
        self.W = np.linspace(-1, 1, rows * columns).reshape(rows, columns)
        self.b = np.linspace(0, 1, columns)

    def forward(self, x: Any) -> Any:
        self.x, self.a = x, np.tanh(x @ self.W + self.b)
        return self.a

    def backward(self, dA: Any) -> Any:
        dZ = dA * (1 - self.a**2)
        self.dW, self.db = self.of_weights(dZ), self.of_bias(dZ)
        return dZ @ self.W.T

    def of_weights(self, dZ: Any) -> Any:
        return self.x.T @ dZ

    def of_bias(self, dZ: Any) -> Any:
        return dZ.sum(axis=0)


class WrongSign(Affine):
    def of_weights(self, dZ: Any) -> Any:
        return -self.x.T @ dZ


class OneEntry(Affine):
    def of_weights(self, dZ: Any) -> Any:
        right = self.x.T @ dZ
        right[2, 1] *= 1.00001
        return right


class Mean(Affine):
    def of_weights(self, dZ: Any) -> Any:
        return self.x.T @ dZ / len(dZ)


class Shape(Affine):
    def of_bias(self, dZ: Any) -> Any:
        return dZ


class Adds(Affine):
    def __init__(self) -> None:
        super().__init__()
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)

    def backward(self, dA: Any) -> Any:
        dZ = dA * (1 - self.a**2)
        self.dW += self.x.T @ dZ
        self.db += dZ.sum(axis=0)
        return dZ @ self.W.T


def _judged(layer: Any, dtype: str = "float64", rtol: float = 1e-8) -> dict[str, parameters.Judged]:
    functor, _ = adapted(layer)
    return {each.line.name: each for each in parameters.judge(functor, X, rtol, 0.0, 0, dtype)}


@pytest.mark.parametrize("layer", [Affine(), Adds()])
def test_right_gradients_agree_and_leave_the_layer_as_it_was(layer: Any) -> None:
    before = layer.W.copy()
    judged = _judged(layer)
    assert {name: (each.line.outcome, each.line.entries) for name, each in judged.items()} == {
        "d/dW": (Outcome.PASSED, 6),
        "d/db": (Outcome.PASSED, 2),
    }
    assert np.array_equal(layer.W, before)


@pytest.mark.parametrize(("layer", "wrong"), [(WrongSign(), 6), (OneEntry(), 1), (Mean(), 6)])
def test_wrong_ones_are_counted_and_named(layer: Any, wrong: int) -> None:
    judged = _judged(layer)
    assert judged["d/dW"].line.summary == f"{wrong} wrong"
    assert judged["d/db"].line.outcome is Outcome.PASSED
    entry = judged["d/dW"].tally.worst[0]
    assert entry.row == "parameter"
    assert entry.name.startswith("W[")


def test_the_one_wrong_entry_is_the_one_that_is_named() -> None:
    judged = _judged(OneEntry())["d/dW"]
    assert judged.tally.worst[0].name == "W[2,1]"
    assert judged.line.where == "W[2,1]"


def test_a_mean_over_the_batch_is_named() -> None:
    (finding,) = _judged(Mean())["d/dW"].findings
    assert finding.message.startswith("`dW` is the mean over the batch of 8")
    assert _judged(WrongSign())["d/dW"].findings == ()


def test_a_gradient_of_another_shape_is_a_fault() -> None:
    judged = _judged(Shape())["d/db"]
    assert judged.line.outcome is Outcome.FAILED
    assert judged.findings[0].message == "`db` has shape (8, 2), `b` (2,)"


def test_a_large_parameter_is_looked_at_in_places() -> None:
    judged = _judged(Affine(3, 200))
    assert judged["d/dW"].line.entries == parameters.MOST


def test_shorter_types_are_held_to_what_they_can_hold() -> None:
    assert all(each.line.outcome is Outcome.PASSED for each in _judged(Affine(), "float32", 4e-4).values())
