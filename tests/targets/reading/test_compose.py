"""How samples are handed over, at which width, and what a Jacobian is made of."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from actcheck.errors import TargetError
from actcheck.model import Reading
from actcheck.targets.reading.functors import Direct, Pulled
from actcheck.targets.reading.handing import Columns, Numbers, Rows, Single
from tests.targets.reading.made import adapted

X = np.linspace(-2, 2, 15).reshape(5, 3)


class Pair:
    """A value and a derivative that are handed over."""

    def __init__(self, value: Any, derivative: Any) -> None:
        self.f, self.df = value, derivative


@pytest.mark.parametrize(
    ("pair", "handing"),
    [
        (Pair(np.tanh, lambda x: 1 - np.tanh(x) ** 2), Rows),
        (Pair(math.tanh, lambda x: 1 - math.tanh(x) ** 2), Numbers),
        (Pair(lambda x: max(0, x), lambda x: 1 if x > 0 else 0), Numbers),
        (Pair(np.tanh, lambda x: 1 if x > 0 else 0), Numbers),
        (Pair(lambda x: np.sum(x**2), lambda x: 2 * x), Single),
        (Pair(lambda x: [math.exp(each) for each in x], lambda x: np.diag(np.exp(x))), Single),
        (Pair(lambda x: x / np.sqrt(x.dot(x)), lambda x: np.eye(len(x))), Single),
    ],
)
def test_samples_are_handed_over_as_value_and_derivative_take_them(pair: Pair, handing: type) -> None:
    functor, _ = adapted(pair)
    assert isinstance(functor, Direct)
    assert isinstance(functor.handing, handing)


def test_the_gradient_of_one_number_is_a_row() -> None:
    functor, _ = adapted(Pair(lambda x: np.sum(x**2), lambda x: 2 * x))
    assert functor(X).shape == (5, 1)
    assert functor.gradient(X).shape == (5, 1, 3)


def test_what_math_refuses_is_infinite() -> None:
    functor, _ = adapted(Pair(math.exp, math.exp))
    assert functor(np.array([[1.0, 800.0]])).tolist() == [[math.e, math.inf]]
    assert np.isnan(functor.gradient(np.array([[1.0, 800.0]]))[0, 1])


class Properties:
    @property
    def function(self) -> Any:
        return np.tanh

    @property
    def derivative(self) -> Any:
        return lambda x: 1 - np.tanh(x) ** 2


def test_properties_may_hand_out_functions() -> None:
    functor, notes = adapted(Properties())
    assert "`function` is the value, `derivative` the derivative" in notes
    assert np.allclose(functor.gradient(X), 1 - np.tanh(X) ** 2)


def test_columns_are_turned_back() -> None:
    softmax = Pair(lambda z: np.exp(z) / np.exp(z).sum(axis=0), lambda z: np.stack([np.diag(c) for c in z.T], axis=2))
    functor, notes = adapted(softmax, Reading(samples="columns"))
    assert isinstance(functor, Direct)
    assert isinstance(functor.handing, Columns)
    assert "(n, batch)" in notes
    assert np.allclose(functor(X).sum(axis=1), 1)
    assert np.allclose(functor.gradient(X), [np.diag(row) for row in X])


def test_a_derivative_of_the_output_is_given_the_output() -> None:
    functor, _ = adapted(Pair(np.tanh, lambda a: 1 - a**2), Reading(derivative_of="output"))
    assert np.allclose(functor.gradient(X), 1 - np.tanh(X) ** 2)


class Dense:
    def __init__(self) -> None:
        self.W = np.arange(1.0, 9.0).reshape(4, 2)

    def forward(self, x: Any) -> Any:
        self.x = x
        return x @ self.W

    def backward(self, dA: Any) -> Any:
        self.dW = self.x.T @ dA
        return dA @ self.W.T


def test_the_width_that_a_layer_takes_is_found_and_its_jacobian_made_of_cotangents() -> None:
    layer = Dense()
    functor, notes = adapted(layer)
    assert isinstance(functor, Pulled)
    assert functor.widths == (4,)
    assert not functor.diagonal
    assert np.allclose(functor.gradient(np.ones((3, 4))), np.broadcast_to(layer.W.T, (3, 2, 4)))
    assert "parameter `W` with its gradient in `dW`" in notes


def test_a_diagonal_is_asked_for_at_once_and_only_where_the_value_is_element_wise_too() -> None:
    class Tanh:
        calls = 0

        def forward(self, x: Any) -> Any:
            self.a = np.tanh(x)
            return self.a

        def backward(self, dA: Any) -> Any:
            type(self).calls += 1
            return dA * (1 - self.a**2)

    class Softmax(Tanh):
        def forward(self, x: Any) -> Any:
            self.a = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
            return self.a

    functor, _ = adapted(Tanh())
    Tanh.calls = 0
    assert functor.gradient(X).shape == X.shape
    assert Tanh.calls == 1
    assert adapted(Softmax())[0].gradient(X).shape == (5, 3, 3)


def test_what_raises_at_any_width_is_left_to_the_contract() -> None:
    class Broken:
        def forward(self, x: Any) -> Any:
            raise ValueError("no")

        def backward(self, dA: Any) -> Any:
            return dA

    functor, _ = adapted(Broken())
    with pytest.raises(ValueError, match="no"):
        functor(X)


def test_what_cannot_be_copied_is_read_as_well() -> None:
    class Locked(Dense):
        def __deepcopy__(self, memo: Any) -> Any:
            raise TypeError("cannot be copied")

    functor, _ = adapted(Locked())
    assert isinstance(functor, Pulled)
    assert functor.fresh is None


@pytest.mark.parametrize(
    ("named", "what"),
    [
        ("V", "there is no array `V` in the layer"),
        ("x", "no gradient of the parameter `x` is left"),
        ("W=dV", "there is no array `dV` after the backward pass"),
    ],
)
def test_a_parameter_that_is_not_there_is_refused(named: str, what: str) -> None:
    with pytest.raises(TargetError, match=what):
        adapted(Dense(), Reading(parameters=(named,)))


def test_a_parameter_of_what_takes_no_cotangent_is_refused() -> None:
    with pytest.raises(TargetError, match="it takes no cotangent"):
        adapted(Pair(np.tanh, np.cos), Reading(parameters=("W",)))


def test_a_parameter_of_functions_is_refused() -> None:
    def tanh_backward(dA: Any, x: Any) -> Any:
        return dA * (1 - np.tanh(x) ** 2)

    owner = SimpleNamespace(tanh=np.tanh, tanh_backward=tanh_backward)
    with pytest.raises(TargetError, match="it is no object, and holds no parameter"):
        adapted(lambda x: np.tanh(x), Reading(parameters=("W",)), owner, "tanh")
