from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import actcheck
from actcheck.errors import TargetError
from actcheck.targets import resolve
from actcheck.targets.adapters import PLAIN, adapter_for, lacks, looks_like_functor, others
from actcheck.targets.found import Found


class Right:
    def __call__(self, X: Any) -> Any:
        return X

    def gradient(self, X: Any) -> Any:
        return 1


class Static(Right):
    @staticmethod
    def gradient(X: Any) -> Any:
        return 1


class Property(Right):
    @property
    def gradient(self) -> Callable[[Any], Any]:  # type: ignore[override]
        return lambda X: 1


class Array(Right):
    gradient = 2.0  # type: ignore[assignment]


class Raising(Right):
    @property
    def gradient(self) -> Callable[[Any], Any]:  # type: ignore[override]
        raise AttributeError("_gradient is not set")


class Uncalled:
    def gradient(self, X: Any) -> Any:
        return 1


class Forward:
    def __call__(self, X: Any) -> Any:
        return X


class Anything(Forward):
    def __getattr__(self, name: str) -> Any:
        return lambda X: 1


def _function(x: float) -> float:
    return x


def _with_gradient(x: float) -> float:
    return x


_with_gradient.gradient = _function  # type: ignore[attr-defined]


def _found(thing: object) -> Found:
    return Found(thing, "thing", SimpleNamespace(thing=thing), "thing", "mod:thing")


@pytest.mark.parametrize("thing", [Right(), Static(), Property(), Anything(), _with_gradient])
def test_whatever_is_called_and_has_a_gradient_is_a_functor(thing: Any) -> None:
    adapter = adapter_for(_found(thing))
    assert adapter is not None
    assert adapter.adapt(_found(thing)).functor is thing
    assert adapter.adapt(_found(thing)).notes == ()
    assert thing.gradient(2.0) in (1, 2.0)


@pytest.mark.parametrize(
    ("thing", "clauses"),
    [
        (Forward(), ("it has no `gradient`",)),
        (Uncalled(), ("it has no `__call__`",)),
        (3.0, ("it has no `__call__`", "it has no `gradient`")),
        (None, ("it has no `__call__`", "it has no `gradient`")),
        (Array(), ("its `gradient` is of type float, which cannot be called",)),
        (_function, ("it has no `gradient`",)),
        (Right, ("it is a class, not an instance of one",)),
    ],
)
def test_what_is_missing_is_said(thing: object, clauses: tuple[str, ...]) -> None:
    assert adapter_for(_found(thing)) is None
    assert lacks(_found(thing)) == clauses


def test_a_property_that_raises_before_a_forward_pass_is_read_after_one_and_may_raise_again() -> None:
    adapter = adapter_for(_found(Raising()))
    assert adapter is not None
    functor = adapter.adapt(_found(Raising())).functor
    with pytest.raises(AttributeError, match="_gradient is not set"):
        functor.gradient(np.ones((2, 3)))


@pytest.mark.parametrize("thing", [Right, Right(), Static, Property, Property(), Raising(), _with_gradient])
def test_what_looks_like_a_functor_is_told_without_running_it(thing: object) -> None:
    assert looks_like_functor(thing)


@pytest.mark.parametrize("thing", [Forward, Forward(), Uncalled, Uncalled(), _function, 3.0, None])
def test_what_does_not_look_like_one_is_told_as_well(thing: object) -> None:
    assert not looks_like_functor(thing)


def test_every_adapter_answers_for_whatever_it_is_shown() -> None:
    for adapter in (PLAIN, *others()):
        for thing in (None, 3.0, object(), Right, Right(), len, _function):
            assert isinstance(adapter.looks(thing), bool)
            assert isinstance(adapter.lacks(_found(thing)), tuple)


COUNTED = """
import sys
import numpy as np

class Tanh:
    calls = 0

    def __call__(self, X):
        type(self).calls += 1
        return np.tanh(X)

    def gradient(self, X):
        return 1 - np.tanh(X) ** 2
"""


def test_the_plain_protocol_loads_nothing_else_and_is_asked_nothing_before_its_check(tmp_path: Path) -> None:
    (tmp_path / "acts.py").write_text(COUNTED, encoding="utf-8")
    code = (
        "import sys; from actcheck import targets; target = targets.resolve('acts.py:Tanh'); import acts; "
        "print(acts.Tanh.calls, target.notes, *[name for name in sys.modules if name.startswith('actcheck.targets')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    told = done.stdout.split()
    assert told[:2] == ["0", "()"]
    own = {name.removeprefix("actcheck.targets.") for name in told[2:]}
    assert "adapters.plain" in own
    assert not own & {"adapters.binding", "adapters.methods", "reading", "pairs", "members", "vocabulary", "arguments"}


def test_an_object_at_hand_is_read_as_well() -> None:
    class Layer:
        def forward(self, x: Any) -> Any:
            self.a = np.tanh(x)
            return self.a

        def backward(self, dA: Any) -> Any:
            return dA * (1 - self.a**2)

    report = actcheck.check(Layer())
    assert report.passed
    assert "read as forward and backward" in str(report)


LAYER = """
class Layer:
    def __init__(self, activation, activation_slope):
        self.activation, self.slope = activation, activation_slope

    def forward_propagation(self, x):
        self.x = x
        return self.activation(x)

    def backward_propagation(self, error, learning_rate):
        return self.slope(self.x) * error
"""


def test_a_method_of_a_class_that_cannot_be_made_is_no_fault_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "layers.py").write_text(LAYER)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TargetError, match="is a method, and its derivative `backward_propagation` stands on an object"):
        resolve("layers.py:Layer.forward_propagation")
