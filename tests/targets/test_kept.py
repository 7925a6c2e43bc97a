"""Pairs that are kept in tuples, dictionaries and records: found, named by the way that leads there, and checked."""

from __future__ import annotations

import pytest

from actcheck import run
from actcheck.model import CheckSpec, Outcome
from actcheck.survey import Unit
from actcheck.targets import AttributeMissingError
from actcheck.targets.surveying import survey

HEAD = """
from collections import namedtuple
from dataclasses import dataclass
from typing import Any, NamedTuple
import numpy as np
def relu(x): return np.maximum(0, x)
def relu_grad(x): return (x > 0).astype(float)
"""

BY_FUNCTION = {"k.py:relu": "functions: relu and relu_grad"}


@pytest.fixture
def told(write):
    """Give what is found in a file, and why others are left out."""

    def told(code):
        write("k.py", HEAD + code)
        found = survey(Unit("k.py"))
        listed = {each.target: each.protocol for each in found.found if each.target not in BY_FUNCTION}
        return listed, {left.target: left.reason for left in found.left_out}

    return told


def outcome(target):
    return run.check_target(CheckSpec(target)).outcome


def test_a_dictionary_of_tuples(told):
    listed, left = told("""
ACTS = {"relu": (relu, relu_grad), "square": (lambda x: x * x, lambda x: x), "a b": (np.tanh, lambda x: x)}
""")
    assert listed == {
        "k.py:ACTS.relu": "pair: ACTS['relu'][0] and ACTS['relu'][1]",
        "k.py:ACTS.square": "pair: ACTS['square'][0] and ACTS['square'][1]",
    }
    assert left == {"k.py:ACTS.a b": "its key 'a b' cannot be written in a target's name"}
    assert outcome("k.py:ACTS.relu") is Outcome.PASSED
    assert outcome("k.py:ACTS.square") is Outcome.FAILED


def test_a_tuple_the_other_way_round_is_read_by_the_functions_names(told):
    assert told('ACTS = {"relu": (relu_grad, relu)}')[0] == {
        "k.py:ACTS.relu": "pair: ACTS['relu'][1] and ACTS['relu'][0]"
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [("ACTIVATIONS", "DERIVATIVES"), ("F", "F_PRIME"), ("funcs", "dfuncs"), ("activations", "activation_grads")],
)
def test_two_dictionaries_with_the_same_keys(told, first, second):
    listed, left = told(f"""
{first} = {{"relu": relu, "cube": lambda x: x ** 3, "odd": lambda x: x}}
{second} = {{"relu": relu_grad, "cube": lambda x: 3 * x}}
""")
    assert listed == {
        f"k.py:{first}.relu": f"pair: {first}['relu'] and {second}['relu']",
        f"k.py:{first}.cube": f"pair: {first}['cube'] and {second}['cube']",
    }
    assert left == {f"k.py:{first}.odd": f"`{second}` has no derivative of it"}
    assert outcome(f"k.py:{first}.relu") is Outcome.PASSED
    report = run.check_target(CheckSpec(f"k.py:{first}.cube"))
    assert report.outcome is Outcome.FAILED
    assert f"`{first}['cube']` is the value, `{second}['cube']` the derivative" in "\n".join(report.notes)


def test_dictionaries_in_a_dictionary_and_in_a_list(told):
    listed, _ = told('T = {"sine": {"f": np.sin, "df": np.cos}}\nL = [{"forward": np.sin, "backward": lambda x: x}]')
    assert listed == {
        "k.py:T.sine": "pair: T['sine']['f'] and T['sine']['df']",
        "k.py:L.0": "pair: L[0]['forward'] and L[0]['backward']",
    }
    assert outcome("k.py:T.sine") is Outcome.PASSED


RECORDS = """
Act = namedtuple("Act", "f df")
SINE = Act(np.sin, np.cos)
class Typed(NamedTuple):
    activation_fn: Any
    backward_fn: Any
COSINE = Typed(np.cos, np.sin)
@dataclass(frozen=True, slots=True)
class Slotted:
    name: str
    function: Any
    derivative: Any
cube = Slotted("cube", lambda x: x**3, lambda x: 3 * x**2)
@dataclass
class Plain:
    fn: Any
    dfn: Any
square = Plain(lambda x: x * x, lambda x: 2 * x)
"""


def test_records(told):
    listed, left = told(RECORDS)
    assert listed == {
        "k.py:SINE": "pair: SINE.f and SINE.df",
        "k.py:COSINE": "pair: COSINE.activation_fn and COSINE.backward_fn",
        "k.py:cube": "pair: cube.function and cube.derivative",
        "k.py:square": "methods: fn and dfn",
    }
    assert not left
    wrong = [target for target in listed if outcome(target) is not Outcome.PASSED]
    assert wrong == ["k.py:COSINE"]


def test_two_functions_that_say_nothing_are_left_out_and_read_by_name(told):
    listed, left = told("BOTH = (np.exp, np.expm1)\nSIZES = (3, 4)\nTABLE = {'a': 1, 'b': relu, 'c': [relu, 3]}")
    assert not listed
    assert left == {
        "k.py:BOTH": "two functions are kept there, and nothing says that one is the derivative of the other: "
        "name it to have it read"
    }
    assert outcome("k.py:BOTH") is Outcome.FAILED


PRIVATE = """
class Net:
    def __init__(self, sizes): self.sizes = sizes
    def __sigmoid(self, x): return 1 / (1 + np.exp(-x))
    def __sigmoid_derivative(self, x): return x * (1 - x)
    def _tanh(self, x): return np.tanh(x)
    def _tanh_prime(self, x): return 1 - np.tanh(x) ** 2
class Swish:
    def __call__(self, x): return x * self._s(x)
    def gradient(self, x): return self._s(x) + x * self._s_grad(x)
    def _s(self, x): return 1 / (1 + np.exp(-x))
    def _s_grad(self, x): return self._s(x) * (1 - self._s(x))
def _softplus(x): return np.logaddexp(0, x)
def _softplus_prime(x): return 1 / (1 + np.exp(-x))
def _helper(x): return x
"""


def test_private_methods_are_found_where_a_class_shows_no_other(told):
    listed, left = told(PRIVATE)
    assert list(listed) == ["k.py:Net.__sigmoid", "k.py:Net._tanh", "k.py:Swish"]
    private = "its name is private: name it to have it read"
    assert left == {"k.py:Swish._s": private, "k.py:_softplus": private}
    assert outcome("k.py:Net._tanh") is Outcome.PASSED
    assert outcome("k.py:_softplus") is Outcome.PASSED
    report = run.check_target(CheckSpec("k.py:Net.__sigmoid"))
    assert report.outcome is Outcome.FAILED
    assert "it is right with --derivative-of output" in report.diagnoses[0].sentence


def test_what_is_not_in_a_dictionary_is_told_with_its_keys(told):
    told('ACTS = {"relu": (relu, relu_grad), "tanh": (np.tanh, np.cos)}')
    with pytest.raises(AttributeMissingError) as caught:
        run.check_target(CheckSpec("k.py:ACTS.gelu"))
    assert caught.value.fix == "It has `relu`, `tanh`."


HELD = """
def relu_p(x): return x
def sine(x): return np.sin(x)
def sine_p(x): return np.cos(x)
class Net:
    ACTIVATIONS = {"relu": (relu, relu_p), "sine": (sine, sine_p)}
    def __init__(self):
        self.funcs = {"relu": relu, "sine": sine}
        self.funcs_prime = {"relu": relu_p, "sine": sine_p}
    def fit(self, X): return self
net = Net()
PAIRS = [(sine, sine_p)]
DOUBTFUL = [(np.exp, np.expm1)]
"""


def test_tables_that_a_class_or_an_object_holds(told):
    listed, _ = told(HELD)
    assert listed == {
        "k.py:PAIRS.0": "pair: PAIRS[0][0] and PAIRS[0][1]",
        "k.py:Net.ACTIVATIONS.relu": "pair: Net.ACTIVATIONS['relu'][0] and Net.ACTIVATIONS['relu'][1]",
        "k.py:Net.ACTIVATIONS.sine": "pair: Net.ACTIVATIONS['sine'][0] and Net.ACTIVATIONS['sine'][1]",
        "k.py:net.funcs.relu": "pair: net.funcs['relu'] and net.funcs_prime['relu']",
        "k.py:net.funcs.sine": "pair: net.funcs['sine'] and net.funcs_prime['sine']",
    }
    assert [target for target in listed if outcome(target) is not Outcome.PASSED] == [
        "k.py:Net.ACTIVATIONS.relu",
        "k.py:net.funcs.relu",
    ]
    assert outcome("k.py:Net.ACTIVATIONS['sine']") is Outcome.PASSED


@pytest.mark.parametrize(
    ("target", "what", "fix"),
    [
        (
            "k.py:Net.ACTIVATIONS",
            "`Net.ACTIVATIONS` holds 2 targets, and names none",
            "Name one: k.py:Net.ACTIVATIONS.relu, k.py:Net.ACTIVATIONS.sine; "
            "actcheck verify 'k.py:Net.ACTIVATIONS.*' checks all.",
        ),
        (
            "k.py:PAIRS",
            "`PAIRS` holds one target, and names none",
            "Name one: k.py:PAIRS.0; actcheck verify 'k.py:PAIRS.*' checks all.",
        ),
        ("k.py:DOUBTFUL", "`DOUBTFUL` holds one target, and names none", "Name one: k.py:DOUBTFUL.0."),
    ],
)
def test_a_table_alone_is_told_with_what_it_holds(told, target, what, fix):
    told(HELD)
    with pytest.raises(AttributeMissingError) as caught:
        run.check_target(CheckSpec(target))
    assert (caught.value.what, caught.value.fix) == (what, fix)
