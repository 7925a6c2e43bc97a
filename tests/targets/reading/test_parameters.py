"""Which numbers of a layer are parameters, where their gradients are, and which have none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from actcheck.errors import TargetError
from actcheck.model import Reading
from actcheck.targets.reading.functors import Pulled
from tests.targets.reading.made import adapted


class Dense:
    """An affine layer that leaves nothing behind."""

    def __init__(self) -> None:
        self.W = np.linspace(-1, 1, 6).reshape(3, 2)
        self.b = np.array([0.5, -0.25])

    def forward(self, x: Any) -> Any:
        self.x = x
        return x @ np.asarray(self.W) + np.asarray(self.b)

    def backward(self, dY: Any) -> Any:
        dX, dW, db = dY @ np.asarray(self.W).T, self.x.T @ dY, dY.sum(axis=0)
        return self.leave(dX, dW, db)

    def leave(self, dX: Any, dW: Any, db: Any) -> Any:
        return dX


def _made(layer: Any, *named: str) -> tuple[Pulled, str]:
    functor, notes = adapted(layer, Reading(parameters=named))
    assert isinstance(functor, Pulled)
    return functor, notes


def _found(layer: Any, *named: str) -> dict[str, str]:
    return {each.name: each.partner for each in _made(layer, *named)[0].parameters}


def _unchecked(layer: Any, *named: str) -> dict[str, str]:
    return {each.name: each.reason for each in _made(layer, *named)[0].unchecked}


NONE_FOUND = "no gradient found; name one with --parameter {}=NAME"


def test_a_parameter_without_a_gradient_is_named() -> None:
    assert _found(Dense()) == {}
    assert _unchecked(Dense()) == {name: NONE_FOUND.format(name) for name in ("W", "b")}


@pytest.mark.parametrize(
    ("W", "b"), [("dW", "db"), ("grad_W", "grad_b"), ("delta_W", "b_gradient"), ("dweights", "dbias"), ("dw", "d_b")]
)
def test_partners_by_name(W: str, b: str) -> None:
    class Named(Dense):
        def leave(self, dX: Any, dW: Any, db: Any) -> Any:
            setattr(self, W, dW)
            setattr(self, b, db)
            return dX

    assert _found(Named()) == {"W": W, "b": b}
    assert _unchecked(Named()) == {}


def test_a_dictionary_of_gradients() -> None:
    class Kept(Dense):
        def leave(self, dX: Any, dW: Any, db: Any) -> Any:
            self.gradients = {"W": dW, "db": db}
            return dX

    assert _found(Kept()) == {"W": "gradients['W']", "b": "gradients['db']"}


def test_a_gradient_that_is_left_none_is_said_to_be() -> None:
    class Empty(Dense):
        def leave(self, dX: Any, dW: Any, db: Any) -> Any:
            self.dW, self.db = dW, None
            return dX

    assert _found(Empty()) == {"W": "dW"}
    assert _unchecked(Empty()) == {"b": "`db` is None after the backward pass; name one with --parameter b=NAME"}


def test_what_is_returned_by_name_and_by_shape() -> None:
    class Named(Dense):
        def backward(self, dY: Any) -> Any:
            dX, dW, db = dY @ self.W.T, self.x.T @ dY, dY.sum(axis=0)
            return dX, db, dW

    class Unnamed(Dense):
        def leave(self, dX: Any, dW: Any, db: Any) -> Any:
            return (dW, db, dX)[:3]

    assert _found(Named()) == {"W": "backward(...)[2]", "b": "backward(...)[1]"}
    assert _found(Unnamed()) == {"W": "backward(...)[0]", "b": "backward(...)[1]"}
    assert "`backward` returns 3 things: number 3, in the shape of the input, is taken" in _made(Unnamed())[1]


def test_a_dictionary_that_is_returned() -> None:
    class Returned(Dense):
        def leave(self, dX: Any, dW: Any, db: Any) -> Any:
            return {"dW": dW, "db": db, "dX": dX}

    functor, notes = _made(Returned())
    assert [each.partner for each in functor.parameters] == ["backward(...)['dW']", "backward(...)['db']"]
    assert "`backward` returns a dictionary: its `dX` is taken" in notes


def test_a_dictionary_that_is_returned_beside_the_gradient() -> None:
    class Beside(Dense):
        def leave(self, dX: Any, dW: Any, db: Any) -> Any:
            return dX, {"W": dW, "db": db}

    assert _found(Beside()) == {"W": "backward(...)[1]['W']", "b": "backward(...)[1]['db']"}


def test_a_parameter_in_a_dictionary_is_written_for_a_shell() -> None:
    class Kept(Dense):
        def __init__(self) -> None:
            super().__init__()
            self.params = {"V": np.ones((3, 2))}

        def forward(self, x: Any) -> Any:
            return super().forward(x) + x @ self.params["V"]

        def backward(self, dY: Any) -> Any:
            return dY @ (self.W + self.params["V"]).T

    reason = "no gradient found; name one with --parameter params.V=NAME"
    assert _unchecked(Kept())["params['V']"] == reason
    assert _unchecked(Kept(), "params.V=").keys() == {"W", "b"}


def test_what_holds_no_real_numbers_is_remarked_on() -> None:
    class Complex(Dense):
        def __init__(self) -> None:
            super().__init__()
            self.W = self.W + 0j

        def forward(self, x: Any) -> Any:
            return super().forward(x).real

        def backward(self, dY: Any) -> Any:
            return (dY @ self.W.T).real

    assert "not looked at for a parameter: `W`, which holds no real numbers" in _made(Complex())[1]


class TwoOfAShape:
    def __init__(self) -> None:
        self.u, self.v = np.array([1.0, 2.0, 0.5]), np.array([0.1, 0.2, 0.3])

    def forward(self, x: Any) -> Any:
        self.x = x
        return x * self.u + self.v

    def backward(self, dY: Any) -> Any:
        return (dY * self.u, (dY * self.x).sum(axis=0), dY.sum(axis=0))


def test_what_is_returned_and_could_be_either_is_asked_for() -> None:
    wanted = "its gradient may be `backward(...)[1]`, `backward(...)[2]`; say which with --parameter {}=1"
    assert _unchecked(TwoOfAShape()) == {name: wanted.format(name) for name in ("u", "v")}
    assert _found(TwoOfAShape(), "u=1", "v=2") == {"u": "backward(...)[1]", "v": "backward(...)[2]"}


def test_what_sounds_like_a_gradient_and_has_the_only_such_shape() -> None:
    class Sounds(Dense):
        def leave(self, dX: Any, dW: Any, db: Any) -> Any:
            self.gradient_matrix, self.update, self.delta = dW, db, dX
            return dX

    assert _found(Sounds()) == {"W": "gradient_matrix"}
    assert _unchecked(Sounds()) == {"b": NONE_FOUND.format("b")}


def test_lists_of_numbers_and_single_numbers() -> None:
    class Lists(Dense):
        def __init__(self) -> None:
            self.W, self.b = [[1.0, 2.0], [3.0, -1.0], [0.5, 0.2]], 0.5  # type: ignore[assignment]

        def leave(self, dX: Any, dW: Any, db: Any) -> Any:
            self.dW, self.db = dW.tolist(), float(db.sum())
            return dX

    assert _found(Lists()) == {"W": "dW", "b": "db"}


def test_layers_of_layers() -> None:
    class Net:
        def __init__(self) -> None:
            self.layers = [Left(), Left()]
            self.layers[1].W = np.eye(2)

        def forward(self, x: Any) -> Any:
            return self.layers[1].forward(self.layers[0].forward(x))

        def backward(self, d: Any) -> Any:
            return self.layers[0].backward(self.layers[1].backward(d))

    class Left(Dense):
        def leave(self, dX: Any, dW: Any, db: Any) -> Any:
            self.dW, self.db = dW, db
            return dX

    assert _found(Net()) == {f"layers[{k}].{name}": f"layers[{k}].d{name}" for k in (0, 1) for name in ("W", "b")}


def test_a_property_may_be_the_gradient() -> None:
    class Computed(Dense):
        @property
        def dW(self) -> Any:
            return self.x.T @ self.dY

        def backward(self, dY: Any) -> Any:
            self.dY = dY
            return super().backward(dY)

    assert _found(Computed()) == {"W": "dW"}


class Settings(Dense):
    def __init__(self) -> None:
        super().__init__()
        self.eps, self.momentum, self.cache, self.axis, self.scale = 1e-8, 0.9, np.ones((3, 2)), 1, 2.0

    def forward(self, x: Any) -> Any:
        self.x = x
        norm = np.sqrt((x**2).sum(axis=self.axis, keepdims=True) + self.eps)
        return x / norm * self.scale

    def backward(self, dY: Any) -> Any:
        x = self.x
        norm = np.sqrt((x**2).sum(axis=1, keepdims=True) + self.eps)
        return self.scale * (dY / norm - x * (dY * x).sum(axis=1, keepdims=True) / norm**3)


def test_what_the_value_does_not_depend_on_is_not_named_and_a_setting_is_a_constant() -> None:
    functor, notes = _made(Settings())
    assert functor.parameters == functor.unchecked == ()
    assert "taken for a constant: `scale`;" in notes
    assert not any(f"`{name}`" in notes for name in ("eps", "momentum", "cache", "axis", "W", "b"))


def test_a_constant_may_be_said_to_be_one() -> None:
    assert _unchecked(Dense(), "b=") == {"W": NONE_FOUND.format("W")}
    assert "`b` is taken for a constant (--parameter)" in _made(Dense(), "b=")[1]


def test_weights_that_the_first_forward_pass_makes() -> None:
    class Lazy(Dense):
        def __init__(self) -> None:
            self.W: Any = None
            self.b = np.zeros(2)

        def forward(self, x: Any) -> Any:
            if self.W is None:
                self.W = np.linspace(-1, 1, 2 * x.shape[1]).reshape(-1, 2)
            return super().forward(x)

        def leave(self, dX: Any, dW: Any, db: Any) -> Any:
            self.dW, self.db = dW, db
            return dX

    assert _found(Lazy()) == {"W": "dW", "b": "db"}


def test_objects_that_hold_a_value_and_its_gradient() -> None:
    class Boxed:
        def __init__(self) -> None:
            self.W = SimpleNamespace(data=np.linspace(-1, 1, 6).reshape(3, 2), grad=None)

        def forward(self, x: Any) -> Any:
            self.x = x
            return x @ self.W.data

        def backward(self, dY: Any) -> Any:
            self.W.grad = self.x.T @ dY
            return dY @ self.W.data.T

    assert _found(Boxed()) == {"W.data": "W.grad"}


def test_one_array_of_two_names_is_one_parameter() -> None:
    class Twice(Dense):
        def __init__(self) -> None:
            super().__init__()
            self.params = {"W": self.W, "b": self.b}

        def leave(self, dX: Any, dW: Any, db: Any) -> Any:
            self.grads = {"W": dW, "b": db}
            return dX

    assert _found(Twice()) == {"W": "grads['W']", "b": "grads['b']"}
    assert _unchecked(Twice()) == {}


def test_others_are_named() -> None:
    class Update(Dense):
        def leave(self, dX: Any, dW: Any, db: Any) -> Any:
            self.update, self.db = dW, db
            return dX

    assert _found(Update(), "W=update") == {"W": "update", "b": "db"}
    with pytest.raises(TargetError, match="there is no array `V` in the layer"):
        _made(Update(), "V=update")


class Stepping(Dense):
    """Moves its weights by a step of a size that it is given."""

    def backward(self, dY: Any, learning_rate: float) -> Any:  # type: ignore[override]
        dX = dY @ self.W.T
        self.W = self.W - learning_rate * self.x.T @ dY
        self.b -= learning_rate * self.of_bias(dY)
        return dX

    def of_bias(self, dY: Any) -> Any:
        return dY.sum(axis=0)


def test_the_step_is_the_gradient_where_nothing_else_is() -> None:
    functor, notes = _made(Stepping())
    assert [each.place for each in functor.parameters] == ["the step that `backward` takes"] * 2
    assert "`backward` is given 0 for its step size `learning_rate`, so that it moves nothing" in notes


@pytest.mark.parametrize("step", [lambda dY: np.clip(dY.sum(axis=0), -1, 1), lambda dY: dY.sum(axis=0) + 0.1])
def test_a_step_that_is_not_linear_in_the_cotangent_is_no_gradient(step: Any) -> None:
    class Other(Stepping):
        def of_bias(self, dY: Any) -> Any:
            return step(dY)

    assert _found(Other()) == {"W": "backward"}
    reason = "no gradient found; the step that it is moved by is no plain gradient's; name one with --parameter b=NAME"
    assert _unchecked(Other()) == {"b": reason}


def test_a_step_size_that_is_held_or_has_a_default_is_one_as_well() -> None:
    class Holds(Stepping):
        def __init__(self) -> None:
            super().__init__()
            self.optimiser = SimpleNamespace(lr=0.1)

        def backward(self, dY: Any) -> Any:  # type: ignore[override]
            return super().backward(dY, self.optimiser.lr)

    class Default(Stepping):
        def backward(self, dY: Any, lr: float = 0.1) -> Any:  # type: ignore[override]
            return super().backward(dY, lr)

    class Named(Stepping):
        def backward(self, dY: Any, *, learning_rate: float) -> Any:
            return super().backward(dY, learning_rate)

    assert _found(Holds()) == _found(Default()) == _found(Named()) == {"W": "backward", "b": "backward"}
    assert "its `optimiser.lr` is set to 0" in _made(Holds())[1]


def test_a_delta_beside_a_step_size_is_the_step_and_no_gradient() -> None:
    class Momentum(Dense):
        def __init__(self) -> None:
            super().__init__()
            self.delta_W, self.lr = np.zeros((3, 2)), 0.1

        def leave(self, dX: Any, dW: Any, db: Any) -> Any:
            self.delta_W = self.lr * dW + 0.9 * self.delta_W
            self.W = self.W - self.delta_W
            return dX

    class Both(Momentum):
        def leave(self, dX: Any, dW: Any, db: Any) -> Any:
            self.dW = dW
            return super().leave(dX, dW, db)

    assert _found(Momentum(), "b=") == {"W": "backward"}
    assert _found(Both(), "b=") == {"W": "dW"}


def test_a_setting_is_no_gradient_whatever_it_is_called() -> None:
    class Grid:
        def __init__(self) -> None:
            self.x, self.dx, self.y, self.dy = np.ones(3), 0.5, 0.25, 0.125

        def forward(self, X: Any) -> Any:
            return X * self.x + self.y

        def backward(self, d: Any) -> Any:
            return d * self.x

    assert _found(Grid()) == {}
    assert _unchecked(Grid()) == {"x": NONE_FOUND.format("x")}


def test_a_gradient_that_is_never_written_is_one() -> None:
    class Waits(Dense):
        def __init__(self) -> None:
            super().__init__()
            self.dW, self.db = np.zeros((3, 2)), np.zeros(2)

    assert _found(Waits()) == {"W": "dW", "b": "db"}
