from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from textwrap import dedent
from types import ModuleType

import pytest

from actcheck.targets.pairs import Answer, answer, answers


def _module(code: str) -> ModuleType:
    module = ModuleType("told")
    exec(dedent(code), module.__dict__)
    return module


def _told(code: str) -> dict[str, list[tuple[str, str]]]:
    return {each.attribute: [(pair.protocol, pair.text) for pair in each.pairs] for each in answers(_module(code))}


@pytest.mark.parametrize(
    ("derivative", "args"),
    [
        *((name, "x") for name in ("f_prime", "df", "d_f", "fPrime", "f_derivative", "f_grad", "deriv_f", "grad_f")),
        *((name, "x") for name in ("derivative_f", "f_deriv", "f_gradient", "f_jacobian", "derivative_of_f", "df_dx")),
        *((name, args) for name in ("f_backward", "f_bwd") for args in ("dA", "dA, cache", "x, grad_output")),
    ],
)
def test_a_function_and_its_derivative_are_told_by_habit(derivative: str, args: str) -> None:
    told = _told(f"def f(x): return x\ndef {derivative}({args}): return 1\ndef other(x): return x")
    assert told == {"f": [("functions", f"f and {derivative}")], "other": []}


@pytest.mark.parametrize(
    ("value", "derivative"),
    [
        ("sigmoid", "sigmoid_prime"),
        ("relu", "d_relu"),
        ("relu", "drelu"),
        ("tanh", "tanhDerivative"),
        ("leaky_relu", "leaky_relu_grad"),
        ("relu_forward", "relu_backward"),
        ("softplus", "softplusprime"),
        ("sigmoid_af", "sigmoid_derivative"),
        ("relu_activation", "relu_prime"),
        ("activation", "activation_derivative"),
    ],
)
def test_names_are_read_in_any_spelling(value: str, derivative: str) -> None:
    told = _told(f"def {value}(z): return z\ndef {derivative}(z): return 1\ndef elu(z): return z")
    assert told[value] == [("functions", f"{value} and {derivative}")]
    assert told["elu"] == []


FAMILIES = [
    (("activation", "activation_derivative"), ("func", "func_deriv")),
    (("func", "func_deriv"), ("activation", "activation_derivative")),
    (("act", "act_prime"), ("fun", "fun_prime"), ("f", "df"), ("fn", "d_fn"), ("forward", "backward")),
    (("activation", "activation_grad"), ("sigmoid_activation", "d_sigmoid_activation"), ("sigmoid", "sigmoid_grad")),
]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("is_turned", [False, True])
def test_a_derivative_is_given_to_the_value_that_it_is_named_after(
    family: tuple[tuple[str, str], ...], is_turned: bool
) -> None:
    """Nearly all of these words only say value: none of the derivatives is another's where its own stands there."""
    names = [name for pair in family for name in pair]
    code = "\n".join(f"def {name}(x): return x" for name in (names[::-1] if is_turned else names))
    first = {name: pairs[0][1] for name, pairs in _told(code).items()}
    assert first == {value: f"{value} and {derivative}" for value, derivative in family}
    holder = "class It:\n" + "\n".join(f"  @staticmethod\n  def {name}(x): return x" for name in names)
    if {value for value, _ in family} == {"activation", "func"}:
        (told,) = answers(_module(holder))
        assert {pair.text for pair in told.pairs} == {f"{value} and {derivative}" for value, derivative in family}


def test_a_derivative_that_is_named_after_another_function_is_no_ones_else() -> None:
    told = _told("def func(x): return x\ndef activation(x, t): return x\ndef activation_prime(x, t): return x")
    assert told["func"] == []
    # What is no function has no derivative: its name takes nothing away.
    told = _told("def func(x): return x\nactivation = 'relu'\ndef activation_prime(x): return x")
    assert told["func"] == [("functions", "func and activation_prime")]


@pytest.mark.parametrize("value", ["act", "af", "fun", "func", "fn", "activation", "act2"])
def test_a_word_that_only_says_value_has_a_derivative_as_well(value: str) -> None:
    assert _told(f"def {value}(x): return x\ndef {value}_prime(x): return 1") == {
        value: [("functions", f"{value} and {value}_prime")]
    }


def test_a_method_is_paired_by_its_own_name_before_the_likeliest_one() -> None:
    code = """
    class It:
        def forward(self, x): return x
        def f(self, x): return x
        def df(self, x): return 1
    """
    assert _told(code) == {"It": [("methods", "f and df")]}


@pytest.mark.parametrize("value", ["__call__", "forward", "apply", "activate", "fn", "function", "f"])
@pytest.mark.parametrize("derivative", ["grad", "derivative", "deriv", "diff", "prime", "df", "jacobian"])
@pytest.mark.parametrize("kind", ["(self, x)", "static(x)", "class(cls, x)", "(x)"])
def test_methods_are_told_by_their_names(value: str, derivative: str, kind: str) -> None:
    head, args = kind.split("(")
    decorator = f"@{head}method" if head else "# plain"
    args = args.rstrip(")")
    if value == "__call__" and head + args != "self, x":
        return
    code = f"""
    class It:
        {decorator}
        def {value}({args}): return x
        {decorator}
        def {derivative}({args}): return 1
    """
    assert _told(code) == {"It": [("methods", f"{value} and {derivative}")]}
    (told,) = answers(_module(code))
    assert told.pairs[0].free == (args != "self, x")


def test_the_plain_protocol_comes_first() -> None:
    class It:
        def __call__(self, X: object) -> object:
            return X

        def backward(self, dA: object) -> object:
            return dA

        def gradient(self, X: object) -> object:
            return X

    for thing in (It, It()):
        told = answer(thing, "It").pairs
        assert [pair.protocol for pair in told] == ["plain", "stateful"]


@pytest.mark.parametrize("args", ["self", "self, dA", "self, dA, learning_rate", "self, x, grad_output"])
def test_a_backward_pass_has_state(args: str) -> None:
    code = f"class It:\n  def forward(self, x): return x\n  def backward({args}): return 1"
    assert _told(code) == {"It": [("stateful", "forward and backward")]}


def test_a_switch_is_told_and_so_is_what_returns_both() -> None:
    told = _told(
        """
        def sigmoid(x, derivative=False): return x
        def tanh(x, deriv=False): return x
        def both(x): return x, 1
        def load(path): return path, 1
        def layer_forward(x): return x, x
        """
    )
    assert told == {
        "sigmoid": [("flag", "sigmoid and sigmoid(derivative=True)")],
        "tanh": [("flag", "tanh and tanh(deriv=True)")],
        "both": [("together", "both, which returns both")],
        "load": [],
        "layer_forward": [],
    }


@pytest.mark.parametrize("name", ["value_and_grad", "f_and_df", "loss_with_gradient", "valueAndGrad", "square"])
def test_a_name_may_say_value_and_derivative(name: str) -> None:
    assert _told(f"def {name}(x): return x**2, 2*x") == {name: [("together", f"{name}, which returns both")]}
    # Without a second thing that it returns it is no more than its name.
    assert _told(f"def {name}(x): return x**2") == {name: []}


@pytest.mark.parametrize("name", ["grad", "d_square", "sand_grad", "and_grad"])
def test_a_name_that_says_derivative_only_is_no_value(name: str) -> None:
    assert _told(f"def {name}(x): return x**2, 2*x") == {name: []}


def test_a_function_that_numpy_vectorises_is_a_function() -> None:
    code = """
    import numpy as np
    from math import erf
    @np.vectorize
    def hs(x, slope=1.0): return x
    @np.vectorize(otypes=[float])
    def hs_prime(x, slope=1.0): return 1
    @np.vectorize
    def switched(x, derivative=False): return x
    @np.vectorize
    def both(x): return x, 1
    lone = np.vectorize(lambda x: x)
    foreign = np.vectorize(erf)
    class Acts:
        @staticmethod
        @np.vectorize
        def sig(x): return x
        @staticmethod
        @np.vectorize
        def sig_prime(x): return 1
    """
    assert _told(code) == {
        "hs": [("functions", "hs and hs_prime")],
        "switched": [("flag", "switched and switched(derivative=True)")],
        "both": [("together", "both, which returns both")],
        "lone": [],
        "Acts.sig": [("methods", "sig and sig_prime")],
    }


def test_a_class_of_many_functions_is_parted() -> None:
    code = """
    class Activations:
        def sigmoid(self, x): return x
        def sigmoid_derivative(self, x): return x
        @staticmethod
        def relu(x): return x
        @staticmethod
        def relu_derivative(x): return x
    """
    assert _told(code) == {
        "Activations.sigmoid": [("methods", "sigmoid and sigmoid_derivative")],
        "Activations.relu": [("methods", "relu and relu_derivative")],
    }


def test_a_class_of_two_passes_is_checked_as_one_and_one_that_has_to_be_made_first_says_so() -> None:
    code = """
    class Layer:
        def forward_propagation(self, x): return x
        def backward_propagation(self, error, lr): return error
    class Network(Layer):
        def __init__(self, sizes): ...
        def sigmoid(self, x): return x
        def sigmoid_prime(self, x): return x
    """
    passes = ("stateful", "forward_propagation and backward_propagation")
    assert _told(code) == {
        "Layer": [passes],
        "Network.sigmoid": [("methods", "sigmoid and sigmoid_prime")],
        "Network.forward_propagation": [],
    }
    reasons = {each.attribute: each.reason for each in answers(_module(code))}
    assert reasons["Network.forward_propagation"] == "`Network` needs `sizes` to be made: name an instance of it"


class Abstract(ABC):
    @abstractmethod
    def forward(self, x: object) -> object: ...

    @abstractmethod
    def backward(self, dA: object) -> object: ...


class Value:
    def forward(self, x: object) -> object:
        return x


class Slope:
    def grad(self, x: object) -> object:
        return x


class Loss:
    def forward(self, y: object, target: object) -> object:
        return y

    def backward(self) -> object:
        return 1


class Dense:
    def __init__(self, inputs: int, outputs: int, scale: float = 1.0) -> None: ...

    def forward(self, x: object) -> object:
        return x

    def backward(self, dA: object) -> object:
        return dA


@pytest.mark.parametrize(
    ("thing", "reason"),
    [
        (Abstract, "it is abstract"),
        (Value, "it has `forward`, but no derivative"),
        (Slope, "it has `grad`, but no value"),
        (Loss, "its `forward` needs `target` besides its input"),
        (3.0, "it has neither a value nor a derivative"),
        (lambda x: x, "no derivative of `thing` stands beside it"),
        (lambda x, y: x, "it needs `y` besides its input"),
    ],
)
def test_why_there_is_none_is_said(thing: object, reason: str) -> None:
    assert answer(thing, "thing") == Answer("thing", (), reason)


class Endless:
    def __call__(self, x: object) -> object:
        while True:
            pass

    def gradient(self, x: object) -> object:
        return x


def test_a_method_that_never_ends_is_written() -> None:
    """It is a target, and the time limit tells of it: no reason to leave it out."""
    assert answer(Endless, "Endless").reason == ""


def test_what_a_constructor_needs_is_said() -> None:
    assert answer(Dense, "Dense").needs == ("inputs", "outputs")


def test_nothing_of_the_users_is_run() -> None:
    code = """
    class Trap:
        def __getattr__(self, name): raise SystemExit
        @property
        def gradient(self): raise SystemExit
        def __call__(self, x): raise SystemExit
    trap = Trap()
    """
    assert set(_told(code)) == {"Trap", "trap"}


def test_imports_and_constants_are_left_out() -> None:
    assert _told("import math\nfrom math import exp, sin\nimport numpy as np\nA = 3\nB = [1]\nC = np.ones(3)") == {}
    assert "told" not in sys.modules
