"""The gradients of a layer's parameters, against differences in each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from actcheck import run
from actcheck.checks import parameters
from actcheck.model import CheckSpec, Outcome
from tests.targets.reading.made import Affine, adapted

X = np.linspace(-2, 2, 24).reshape(8, 3)


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


class ShortTypes(Affine):
    def __init__(self) -> None:
        super().__init__()
        self.W, self.b = self.W.astype(np.float32), self.b.astype(np.float32)

    def of_weights(self, dZ: Any) -> Any:
        return super().of_weights(dZ).astype(np.float32)


class ShortTypesWrong(ShortTypes):
    def of_weights(self, dZ: Any) -> Any:
        return super().of_weights(dZ) * np.float32(1.0001)


class Single(Affine):
    """A bias that is one number, and a gradient that is one."""

    def __init__(self, b: Any = 0.25) -> None:
        super().__init__()
        self.b = b

    def of_bias(self, dZ: Any) -> Any:
        return np.sum(dZ)


class SingleWrong(Single):
    def of_bias(self, dZ: Any) -> Any:
        return np.sum(dZ) / len(dZ)


class Returns(Affine):
    def backward(self, dA: Any) -> Any:
        dX = super().backward(dA)
        dW, db = 2 * self.dW, self.db
        del self.dW, self.db
        return dX, dW, db


class Steps(Affine):
    """Moves its weights by its gradients, each times a factor."""

    on_weights, on_bias = 1.0, 1.0

    def backward(self, dA: Any, lr: float) -> Any:  # type: ignore[override]
        dX = super().backward(dA)
        self.W -= lr * self.on_weights * self.dW
        self.b -= lr * self.on_bias * self.db
        del self.dW, self.db
        return dX


class StepsByMeans(Steps):
    on_weights, on_bias = 1 / 8, 1 / 8


class StepsUphill(Steps):
    on_weights, on_bias = -1.0, -1.0


class StepsMixed(Steps):
    on_weights, on_bias = 1 / 8, 1.0


class StepsWrong(Steps):
    def of_weights(self, dZ: Any) -> Any:
        return OneEntry.of_weights(self, dZ)  # type: ignore[arg-type]


def _judged(layer: Any, dtype: str = "float64", rtol: float = 1e-8) -> dict[str, parameters.Judged]:
    functor, _ = adapted(layer)
    return {each.line.name: each for each in parameters.judge(functor, X, rtol, 0.0, 0, dtype)}


@pytest.mark.parametrize(("layer", "first"), [(Affine(), "ok"), (Adds(), "ok, 1 warning")])
def test_right_gradients_agree_and_leave_the_layer_as_it_was(layer: Any, first: str) -> None:
    before = layer.W.copy()
    judged = _judged(layer)
    assert {name: (each.line.summary, each.line.entries) for name, each in judged.items()} == {
        "d/dW": (first, 6),
        "d/db": ("ok", 2),
    }
    assert np.array_equal(layer.W, before)


def test_passes_that_add_up_are_a_warning() -> None:
    judged = _judged(Adds())
    assert [(each.outcome, each.message) for each in judged["d/dW"].findings] == [
        (
            Outcome.WARNED,
            "a second backward pass adds its gradient to that of the first, in `dW`, `db`: set it to zero before each",
        )
    ]
    assert not any(each.findings for each in _judged(Affine()).values())


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
    told = "`db` has shape (8, 2), `b` (2,): it is not summed over the batch (axis 0)"
    assert judged.findings[0].message == told


def test_a_large_parameter_is_looked_at_in_places() -> None:
    judged = _judged(Affine(3, 200))
    assert judged["d/dW"].line.entries == parameters.MOST
    assert judged["d/dW"].line.summary == "ok, of 600"


def test_a_dear_parameter_is_looked_at_in_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameters, "_WORK", 1)
    judged = _judged(Affine(3, 20))
    assert judged["d/dW"].line.entries == parameters.LEAST
    assert judged["d/dW"].line.outcome is Outcome.PASSED


def test_shorter_types_are_held_to_what_they_can_hold() -> None:
    assert all(each.line.outcome is Outcome.PASSED for each in _judged(Affine(), "float32", 4e-4).values())


def test_a_type_shorter_than_float64_that_a_parameter_is_held_in_bounds_its_gradient() -> None:
    assert _judged(ShortTypes())["d/dW"].line.outcome is Outcome.PASSED
    assert _judged(ShortTypesWrong())["d/dW"].line.summary == "6 wrong"


@pytest.mark.parametrize("b", [0.25, np.float64(0.25), np.array(0.25), np.array([0.25]), np.array([[0.25]])])
def test_a_single_number_is_a_parameter(b: Any) -> None:
    assert _judged(Single(b))["d/db"].line.summary == "ok"
    assert _judged(SingleWrong(b))["d/db"].line.summary == "1 wrong"
    assert _judged(SingleWrong(b))["d/db"].tally.worst[0].name.startswith("b")


def test_a_single_number_for_a_vector_is_a_fault() -> None:
    judged = _judged(Single(np.array([0.25, 0.5])))["d/db"]
    assert judged.line.outcome is Outcome.FAILED
    assert judged.findings[0].message == "`db` has shape (), `b` (2,)"


def test_what_is_returned_beside_the_gradient_is_compared() -> None:
    judged = _judged(Returns())
    assert (judged["d/dW"].line.summary, judged["d/db"].line.summary) == ("6 wrong", "ok")


@pytest.mark.parametrize(
    ("layer", "W", "b", "told"),
    [
        (Steps(), "ok", "ok", ""),
        (StepsByMeans(), "ok", "ok", "the step that `backward` takes is the mean over the batch, for a step size of 1"),
        (
            StepsUphill(),
            "ok, 1 warning",
            "ok",
            "adds the gradients in place of taking them away: right only where it is given",
        ),
        (StepsMixed(), "6 wrong", "ok", ""),
        (StepsWrong(), "1 wrong", "ok", ""),
    ],
)
def test_a_step_is_compared_up_to_one_factor_for_all(layer: Any, W: str, b: str, told: str) -> None:
    judged = _judged(layer)
    assert (judged["d/dW"].line.summary, judged["d/db"].line.summary) == (W, b)
    messages = [finding.message for each in judged.values() for finding in each.findings]
    assert len(messages) == bool(told)
    assert told in "".join(messages)


def test_what_is_not_checked_has_a_line_and_a_reason() -> None:
    class Nothing(Affine):
        def backward(self, dA: Any) -> Any:
            return (dA * (1 - self.a**2)) @ self.W.T

    functor, _ = adapted(Nothing())
    lines, findings = parameters.left_out(functor)
    assert [(line.name, line.outcome, line.summary) for line in lines] == [
        ("d/dW", Outcome.NOT_RUN, "not checked"),
        ("d/db", Outcome.NOT_RUN, "not checked"),
    ]
    assert findings[1].message == "`b`: no gradient found; name one with --parameter b=NAME"
    assert findings[1].where == "b"


def test_of_samples_one_at_a_time_the_gradient_that_is_left_is_that_of_one() -> None:
    class One:
        def __init__(self) -> None:
            self.W = np.linspace(-1, 1, 6).reshape(2, 3)

        def forward(self, x: Any) -> Any:
            self.x = x.reshape(3)
            return self.W @ self.x

        def backward(self, dA: Any) -> Any:
            self.dW = np.outer(dA, self.x)
            return self.W.T @ dA

    assert _judged(One())["d/dW"].line.summary == "ok"


class AlwaysAnEighth(Affine):
    def of_weights(self, dZ: Any) -> Any:
        return self.x.T @ dZ / 8


def test_a_fixed_number_that_is_the_batch_size_by_accident_is_no_mean():
    """The batch has 8 rows."""
    for functor, codes in ((AlwaysAnEighth(), []), (Mean(), ["parameter-mean"])):
        judged = parameters.judge(adapted(functor)[0], X, 1e-8, 0.0, 0, "float64")
        assert [finding.code for each in judged for finding in each.findings] == codes


def test_a_shape_tells_the_axis_that_was_summed_over():
    class OverOutputs(Affine):
        def of_bias(self, dZ: Any) -> Any:
            return dZ.sum(axis=1)

    judged = parameters.judge(adapted(OverOutputs())[0], X, 1e-8, 0.0, 0, "float64")
    (finding,) = (finding for each in judged for finding in each.findings)
    assert finding.message == (
        "`db` has shape (8,), `b` (2,): it is summed over the outputs (axis 1), not over the batch (axis 0)"
    )


def test_errors_are_planted_into_the_gradients_of_parameters_as_well():
    functor = adapted(Affine())[0]
    report = run.check_functor(CheckSpec("layer", dim=3, batch=5, edge=False, sensitivity=True), functor, None)
    assert report.passed
    planted = {each.kind: each for each in report.planted}
    for kind, where in (("one entry of W", "W[2,0]"), ("every entry of W", ""), ("one entry of b", "b[0]")):
        assert planted[kind].caught is not None
        assert planted[kind].caught <= 1e-6
        assert planted[kind].where.startswith(where[:2])
    assert "every entry of b" in planted
