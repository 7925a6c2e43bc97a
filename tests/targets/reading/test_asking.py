"""Whether a backward pass takes a cotangent or is the derivative itself: found by asking, whatever the names say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcheck.targets.reading.functors import Direct, Pulled
from tests.targets.reading.made import adapted

X = np.linspace(-2, 2, 15).reshape(5, 3)


def _layer(value: Any, backward: str, **namespace: Any) -> Any:
    made: dict[str, Any] = {"np": np, **namespace}
    exec(f"class It:\n  def forward(self, x):\n    self.x, self.a = x, value(x); return self.a\n  {backward}", made)
    made["value"] = value
    return made["It"]()


def _square(x: Any) -> Any:
    return x**2


@pytest.mark.parametrize("argument", ["x", "dA", "grad", "dout", "y", "anything"])
def test_a_product_is_a_cotangents_whatever_the_argument_is_called(argument: str) -> None:
    functor, notes = adapted(_layer(np.tanh, f"def backward(self, {argument}): return {argument} * (1 - self.a**2)"))
    assert isinstance(functor, Pulled)
    assert f"`backward` is linear in its argument `{argument}`: it takes a cotangent" in notes
    assert np.allclose(functor.gradient(X), 1 - np.tanh(X) ** 2)


@pytest.mark.parametrize("argument", ["x", "dA", "grad", "z"])
def test_what_is_not_linear_and_right_is_the_derivative_whatever_it_is_called(argument: str) -> None:
    functor, notes = adapted(_layer(np.tanh, f"def backward(self, {argument}): return 1 - np.tanh({argument})**2"))
    assert isinstance(functor, Direct)
    assert f"`backward` is not linear in its argument `{argument}`: it is the derivative itself" in notes


def test_a_derivative_that_is_linear_is_still_the_derivative() -> None:
    functor, notes = adapted(_layer(_square, "def backward(self, x): return 2 * x"))
    assert isinstance(functor, Direct)
    assert "`backward` is the derivative itself: it is linear in `x`" in notes
    functor, notes = adapted(_layer(_square, "def backward(self, x): return 2 * x * self.x"))
    assert isinstance(functor, Pulled)


def test_what_is_expressed_in_the_output_is_the_derivative_and_wrong_as_called() -> None:
    functor, _ = adapted(_layer(np.tanh, "def backward(self, grad): return 1 - grad**2"))
    assert isinstance(functor, Direct)
    assert np.allclose(functor.gradient(X), 1 - X**2)


@pytest.mark.parametrize(("argument", "kind"), [("dA", Pulled), ("grad_output", Pulled), ("x", Direct), ("_", Direct)])
def test_what_ignores_its_argument_goes_by_its_name(argument: str, kind: type) -> None:
    functor, notes = adapted(_layer(np.tanh, f"def backward(self, {argument}): return 1 - self.a**2"))
    assert isinstance(functor, kind)
    assert f"`backward` ignores its argument `{argument}`" in notes


@pytest.mark.parametrize("argument", ["dout", "anything", "x"])
def test_of_a_value_that_varies_nothing_is_said_of_products(argument: str) -> None:
    """A right dropout layer: each call of its backward pass follows another mask."""
    layer = _layer(_square, f"def backward(self, {argument}): return {argument} * self.mask")
    code = "def forward(self, x): self.mask = np.random.default_rng().random(x.shape) > 0.5; return x * self.mask"
    made: dict[str, Any] = {"np": np}
    exec(code, made)
    type(layer).forward = made["forward"]
    functor, notes = adapted(layer)
    assert isinstance(functor, Pulled)
    assert "`forward` gives another value at each call: `backward` is taken by its names" in notes
    assert f", with `{argument}` as a cotangent" in notes
    assert "linear" not in notes


def test_a_cotangent_that_is_passed_through_is_a_cotangent() -> None:
    functor, notes = adapted(_layer(np.tanh, "def backward(self, x): return x"))
    assert isinstance(functor, Pulled)
    assert "it takes a cotangent" in notes


def test_a_derivative_of_another_name_is_not_read_as_a_product_unless_it_is_one() -> None:
    wrong, _ = adapted(_layer(_square, "def derivative(self, x): return x"))
    assert isinstance(wrong, Direct)
    product, notes = adapted(_layer(np.tanh, "def derivative(self, x): return x * (1 - self.a**2)"))
    assert isinstance(product, Pulled)
    assert "it takes a cotangent" in notes


def test_a_derivative_must_not_need_a_forward_pass() -> None:
    functor, _ = adapted(_layer(np.tanh, "def derivative(self, x): return 1 - self.a**2"))
    assert isinstance(functor, Direct)
    assert not functor.forward_first


@pytest.mark.parametrize(
    ("arguments", "body", "words"),
    [
        ("dA, x", "dA * (1 - np.tanh(x)**2)", "`dA` a cotangent, `x` the input"),
        ("x, dA", "dA * (1 - np.tanh(x)**2)", "`x` the input, `dA` a cotangent"),
        ("dA, a", "dA * (1 - a**2)", "`dA` a cotangent, `a` the value"),
        ("p, q", "p * (1 - np.tanh(q)**2)", "`p` a cotangent, `q` the input"),
        ("p, q", "q * (1 - p**2)", "`p` the value, `q` a cotangent"),
        ("dA, x, lr", "dA * (1 - np.tanh(x)**2) + lr", "`lr` 0"),
    ],
)
def test_of_two_arguments_what_fits_is_found(arguments: str, body: str, words: str) -> None:
    functor, notes = adapted(_layer(np.tanh, f"def backward(self, {arguments}): return {body}"))
    assert isinstance(functor, Pulled)
    assert words in notes
    assert np.allclose(functor.gradient(X), 1 - np.tanh(X) ** 2)


@pytest.mark.parametrize(
    ("arguments", "body", "given_as"),
    [
        ("dA, x", "dA * (1 - x**2)", "the input"),
        ("dA, Z", "dA * (1 - Z**2)", "the input"),
        ("inputs, dA", "dA * (1 - inputs**2)", "the input"),
        ("g, x", "g * (1 - x**2)", "the input"),
        ("dA, A", "dA * (1 - np.tanh(A)**2)", "the value"),
        ("dA, activation", "dA * (1 - np.tanh(activation)**2)", "the value"),
    ],
)
def test_a_name_that_says_what_it_is_counts_more_than_what_would_be_right(
    arguments: str, body: str, given_as: str
) -> None:
    functor, notes = adapted(_layer(np.tanh, f"def backward(self, {arguments}): return {body}"))
    name = next(each for each in arguments.split(", ") if each not in ("dA", "g"))
    assert f"`{name}` {given_as}" in notes
    assert isinstance(functor, Pulled)
    assert not np.allclose(functor.gradient(X), 1 - np.tanh(X) ** 2)


@pytest.mark.parametrize("body", ["1 - out**2", "1 - np.tanh(x)**2"])
def test_a_cache_is_what_was_returned_and_nothing_else(body: str) -> None:
    layer = _layer(np.tanh, f"def backward(self, dA, cache): x = out = cache; return dA * ({body})")
    type(layer).forward = lambda self, x: (np.tanh(x), 3 * x)
    functor, notes = adapted(layer)
    assert "`cache` what the value returns besides" in notes
    assert not np.allclose(functor.gradient(X), 1 - np.tanh(X) ** 2)


@given(st.floats(-3, 3), st.floats(0.1, 3))
def test_any_multiple_of_a_product_is_read_as_one(shift: float, factor: float) -> None:
    """A wrong product is one still: linear, whatever its factor."""
    layer = _layer(np.tanh, "def backward(self, dA): return f * dA * (s + self.x)", s=shift, f=factor)
    functor, _ = adapted(layer)
    assert isinstance(functor, Pulled)


def test_asking_leaves_no_traces() -> None:
    layer = _layer(np.tanh, "def backward(self, dA): return dA * (1 - self.a**2)")
    adapted(layer)
    assert vars(layer) == {}


def test_a_step_size_with_a_default_is_no_cotangent() -> None:
    class Moves:
        def forward(self, x: Any) -> Any:
            self.a = np.tanh(x)
            return self.a

        def backward(self, lr: float = 0.1) -> Any:
            assert lr == 0
            return 1 - self.a**2

    functor, notes = adapted(Moves())
    assert "`backward` is given 0 for its step size `lr`" in notes
    assert np.allclose(functor.gradient(np.ones((2, 5))), 1 - np.tanh(1.0) ** 2)
