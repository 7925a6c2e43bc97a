"""What a forward and a backward pass must keep: for each question a layer that is right and one that is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from actcheck.checks import state
from actcheck.checks.contract import examine as contract
from actcheck.model import Layout, Outcome
from tests.targets.reading.made import adapted

X, Y = np.linspace(-2, 2, 20).reshape(5, 4), np.linspace(1, -3, 20).reshape(5, 4)


class Right:
    def __init__(self) -> None:
        self.a: Any = None

    def forward(self, x: Any) -> Any:
        self.a = np.tanh(x)
        return self.a

    def backward(self, dA: Any) -> Any:
        return dA * (1 - self.a**2)


class NotSaved(Right):
    def forward(self, x: Any) -> Any:
        return np.tanh(x)


class Stale(Right):
    def forward(self, x: Any) -> Any:
        if self.a is None:
            self.a = np.tanh(x)
        return np.tanh(x)


class Ignores(Right):
    def backward(self, dA: Any) -> Any:
        return 1 - self.a**2


class IgnoresTheSecond(Right):
    def backward(self, x: Any, grad_output: Any) -> Any:  # type: ignore[override]
        return 1 - np.tanh(x) ** 2


class Masks(Right):
    def backward(self, dA: Any) -> Any:
        return dA * (dA > 0)


class Fused(Right):
    def backward(self, dA: Any) -> Any:
        return dA


class WritesCotangent(Right):
    def backward(self, dA: Any) -> Any:
        dA *= 1 - self.a**2
        return dA


class WritesValue(Right):
    def backward(self, dA: Any) -> Any:
        self.a[...] = 1 - self.a**2
        return dA * self.a


class Accumulates(Right):
    def __init__(self) -> None:
        super().__init__()
        self.total: Any = 0.0

    def backward(self, dA: Any) -> Any:
        self.total = self.total + dA * (1 - self.a**2)
        return self.total


class Moves(Right):
    def __init__(self) -> None:
        super().__init__()
        self.shift: Any = 0.0

    def forward(self, x: Any) -> Any:
        self.a = np.tanh(x + self.shift)
        return self.a

    def backward(self, dA: Any) -> Any:
        self.shift = self.shift - 0.1 * dA.mean()
        return dA * (1 - self.a**2)


class Random(Right):
    def forward(self, x: Any) -> Any:
        self.a = np.tanh(x + np.random.default_rng().normal())
        return self.a


class DrawsItsOwn(Right):
    """A generator of its own, which a copy of the layer has as well."""

    def __init__(self) -> None:
        super().__init__()
        self.rng = np.random.default_rng(0)

    def forward(self, x: Any) -> Any:
        self.mask = self.rng.random(x.shape) > 0.5
        return x * self.mask

    def backward(self, dA: Any) -> Any:
        return dA * self.mask


class Dropout(DrawsItsOwn):
    def forward(self, x: Any) -> Any:
        self.mask = np.random.default_rng().random(x.shape) > 0.5
        return x * self.mask


class Linear(Right):
    """Passes its cotangent through, and rightly."""

    def forward(self, x: Any) -> Any:
        return x + 1

    def backward(self, dA: Any) -> Any:
        return dA


def _codes(layer: Any) -> list[str]:
    functor, _ = adapted(layer)
    return [finding.code for finding in state.examine(functor, X, Y, "float64")[1]]


@pytest.mark.parametrize("layer", [Right(), Linear(), Random(), DrawsItsOwn(), Dropout()])
def test_right_passes_are_right(layer: Any) -> None:
    assert _codes(layer) == []


@pytest.mark.parametrize(
    ("layer", "code", "message"),
    [
        (NotSaved(), "state-not-saved", "`forward` saves nothing on the object, and `backward` needs it: TypeError"),
        (Stale(), "stale-state", "`backward` after another `forward` uses what an earlier one has saved"),
        (Ignores(), "cotangent-ignored", "`backward` ignores its argument `dA`: by the chain rule"),
        (IgnoresTheSecond(), "cotangent-ignored", "`backward` ignores its argument `grad_output`: by the chain rule"),
        (Masks(), "not-linear", "`backward` is not linear in its argument `dA`"),
        (Fused(), "cotangent-passed-through", "`backward` passes its argument `dA` through: that is right only where"),
        (Moves(), "layer-changed", "`backward` changes what `forward` gives afterwards"),
        (WritesCotangent(), "cotangent-changed", "`backward` writes into its argument `dA`"),
        (WritesValue(), "value-changed", "`backward` writes into the value that `forward` has returned"),
        (Accumulates(), "backward-varies", "a second `backward` after the same `forward` gives something else"),
    ],
)
def test_what_is_not_kept_is_named_in_the_contract(layer: Any, code: str, message: str) -> None:
    assert code in _codes(layer)
    functor, _ = adapted(layer)
    told = {each.code: each.message for each in contract(functor, X, Y, Layout.OUT_IN, "float64").findings}
    assert told[code].startswith(message)


@pytest.mark.parametrize("layer", [DrawsItsOwn(), Dropout(), Random()])
def test_of_a_random_layer_its_randomness_is_named_and_nothing_else(layer: Any) -> None:
    functor, _ = adapted(layer)
    found = contract(functor, X, Y, Layout.OUT_IN, "float64").findings
    told = {each.code: each.message for each in found if each.outcome is Outcome.FAILED}
    assert set(told) <= {"value-varies", "gradient-varies"}
    assert told["value-varies"].startswith("the value is another at a second call (row ")
    assert told["value-varies"].endswith(
        "; if it is random, as dropout is, there is no one gradient to check: fix the mask, or draw it from the same "
        "seed at each call"
    )


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_rounding_is_no_fault(dtype: str) -> None:
    functor, _ = adapted(Right())
    assert state.examine(functor, X, Y, dtype)[1] == []


def test_a_functor_without_state_is_asked_nothing() -> None:
    assert not state.is_asked(np.tanh)
