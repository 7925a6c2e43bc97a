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


class Recurrent(Right):
    def __init__(self) -> None:
        super().__init__()
        self.h: Any = 0.0

    def forward(self, x: Any) -> Any:
        self.a = np.tanh(x + self.h)
        self.h = 0.5 * self.a.mean()
        return self.a


class Counts(Right):
    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def forward(self, x: Any) -> Any:
        self.calls += 1
        return x * self.calls


class NeverSet(Right):
    def forward(self, x: Any) -> Any:
        return np.tanh(x)

    def backward(self, dA: Any) -> Any:
        return dA * (1 - self.saved**2)  # type: ignore[attr-defined]


class Misspelt(NeverSet):
    def __init__(self) -> None:
        super().__init__()
        self.weights = 1.0

    def backward(self, dA: Any) -> Any:
        return dA * self.weigths  # type: ignore[attr-defined]


class Undefined(NeverSet):
    def backward(self, dA: Any) -> Any:
        return dA * undefined  # type: ignore[name-defined]  # noqa: F821


class OfNumPy(NeverSet):
    def backward(self, dA: Any) -> Any:
        return np.multiplied(dA, 1)  # type: ignore[attr-defined]


class MovesAfter:
    def __init__(self) -> None:
        self.W = np.linspace(-1, 1, 8).reshape(4, 2)

    def forward(self, x: Any) -> Any:
        self.x = x
        return x @ self.W

    def backward(self, dY: Any, learning_rate: float) -> Any:
        dX = dY @ self.W.T
        self.W -= learning_rate * self.x.T @ dY
        return dX


class MovesFirst(MovesAfter):
    def backward(self, dY: Any, learning_rate: float) -> Any:
        self.W -= learning_rate * self.x.T @ dY
        return dY @ self.W.T


class HoldsItsRate(MovesFirst):
    def __init__(self) -> None:
        super().__init__()
        self.lr = 0.01

    def backward(self, dY: Any) -> Any:  # type: ignore[override]
        return super().backward(dY, self.lr)


class MovesByItself(MovesFirst):
    def backward(self, dY: Any) -> Any:  # type: ignore[override]
        return super().backward(dY, 0.01)


class Linear(Right):
    """Passes its cotangent through, and rightly."""

    def forward(self, x: Any) -> Any:
        return x + 1

    def backward(self, dA: Any) -> Any:
        return dA


def _codes(layer: Any) -> list[str]:
    functor, _ = adapted(layer)
    return [finding.code for finding in state.examine(functor, X, Y, "float64")[1]]


@pytest.mark.parametrize("layer", [Right(), Linear(), Random(), DrawsItsOwn(), Dropout(), Counts(), MovesAfter()])
def test_right_passes_are_right(layer: Any) -> None:
    assert _codes(layer) == []


@pytest.mark.parametrize(
    ("layer", "code", "message"),
    [
        (NotSaved(), "state-not-saved", "`forward` saves nothing on the object, and `backward` needs it: TypeError"),
        (NeverSet(), "state-not-saved", "`forward` saves nothing on the object, and `backward` needs it: Attribute"),
        (Recurrent(), "state-carried", "`forward` carries state from call to call, as a recurrent layer does"),
        (MovesFirst(), "moved-too-early", "`backward` gives another gradient with a step size of 0.1 than with 0"),
        (HoldsItsRate(), "moved-too-early", "`backward` gives another gradient with a step size of 0.1 than with 0"),
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


@pytest.mark.parametrize("layer", [Misspelt(), Undefined(), OfNumPy()])
def test_what_a_forward_pass_would_not_have_saved_is_told_as_what_it_is(layer: Any) -> None:
    assert "state-not-saved" not in _codes(layer)


@pytest.mark.parametrize(("layer", "code"), [(Recurrent(), "state-carried"), (MovesByItself(), "layer-changed")])
def test_what_follows_from_state_that_moves_is_not_told_as_well(layer: Any, code: str) -> None:
    functor, _ = adapted(layer)
    examined = contract(functor, X, Y, Layout.OUT_IN, "float64")
    assert [each.code for each in examined.findings if each.outcome is Outcome.FAILED] == [code]
    assert not examined.judgeable


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


class AtItsCotangent:
    """A backward pass that computes the derivative at what it is given, and forgets the input."""

    def forward(self, x):
        self.x = x
        return np.tanh(x)

    def backward(self, grad_output):
        return 1 - np.tanh(grad_output) ** 2


class AtItsInput:
    def forward(self, x):
        return np.tanh(x)

    def backward(self, x):
        return 1 - np.tanh(x) ** 2


class AsItIsAsked:
    def forward(self, x):
        return np.tanh(x)

    def derivative(self, grad_output):
        return 1 - np.tanh(grad_output) ** 2


def test_a_derivative_with_the_names_of_a_backward_pass_is_doubted():
    functor, _ = adapted(AtItsCotangent())
    (finding,) = contract(functor, X, Y, Layout.OUT_IN, "float64").findings
    assert (finding.outcome, finding.code) == (Outcome.WARNED, "cotangent-by-name")
    assert "`grad_output` is a cotangent by its name, and as a backward pass this would be wrong" in finding.message


@pytest.mark.parametrize("right", [AtItsInput(), AsItIsAsked()])
def test_one_without_such_names_is_not(right):
    functor, _ = adapted(right)
    assert not contract(functor, X, Y, Layout.OUT_IN, "float64").findings
