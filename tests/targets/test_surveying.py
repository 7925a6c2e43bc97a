"""What a file holds: its own functors in their order, and why others are left out."""

from __future__ import annotations

import pytest

from actcheck.survey import Listed, Unit
from actcheck.targets import TargetBrokenError, TargetMissingError
from actcheck.targets.surveying import survey

ACTS = """
import abc
import math
from math import exp
import numpy as np
from others import Foreign, foreign

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def sigmoid_prime(x):
    return sigmoid(x) * (1 - sigmoid(x))

def softplus(x):
    return np.log1p(np.exp(x))

def load(path):
    return open(path)

class Base:
    def forward(self, x):
        raise NotImplementedError
    def backward(self, g):
        raise NotImplementedError

class Abstract(abc.ABC):
    @abc.abstractmethod
    def __call__(self, x): ...
    def gradient(self, x):
        return x

class Tanh:
    @staticmethod
    def activate(x):
        return np.tanh(x)
    @staticmethod
    def derivative(x):
        return 1 - np.tanh(x) ** 2

class Leaky:
    def __init__(self, alpha, *, beta=1.0):
        self.alpha = alpha
    def __call__(self, x):
        return np.where(x > 0, x, self.alpha * x)
    def gradient(self, x):
        return np.where(x > 0, 1.0, self.alpha)

class Boom(Leaky):
    def __init__(self):
        raise ValueError("no weights")

class Half:
    def __call__(self, x):
        return x

class Network:
    def fit(self, X):
        return self

leaky = Leaky(0.1)
again = leaky
_private = Leaky(0.3)
table = {"a": Leaky(0.2)}
"""

OTHERS = """
class Foreign:
    def __call__(self, x): return x
    def gradient(self, x): return 1.0 + 0 * x
foreign = Foreign()
"""


@pytest.fixture
def acts(write):
    write("others.py", OTHERS)
    write("acts.py", ACTS)


def test_what_is_there(acts):
    found = survey(Unit("acts.py"))
    assert found.found == (
        Listed("acts.py:sigmoid", "functions: sigmoid and sigmoid_prime", ()),
        Listed("acts.py:Tanh", "methods: activate and derivative", ()),
        Listed("acts.py:leaky", "plain: __call__ and gradient", ()),
        Listed("acts.py:table.a", "plain: __call__ and gradient", ()),
    )


def test_what_is_left_out_has_a_reason(acts):
    reasons = {left.target.rpartition(":")[2]: left.reason for left in survey(Unit("acts.py")).left_out}
    assert list(reasons) == ["softplus", "Base", "Abstract", "Leaky", "Boom", "Half"]
    assert reasons["softplus"] == "no derivative of `softplus` stands beside it"
    assert reasons["Base"].startswith("it is abstract")
    assert reasons["Abstract"].startswith("it is abstract")
    assert reasons["Leaky"] == "its constructor needs arguments: add --alpha VALUE"
    assert reasons["Boom"] == "`Boom()` raised ValueError: no weights"
    assert reasons["Half"] == "it has `__call__`, but no derivative"


PAIRS_OF_TWO_ARGUMENTS = """
def mse(y, t):
    return ((y - t) ** 2).mean()
def mse_prime(y, t):
    return 2 * (y - t) / y.size
def linear(x):
    return x @ W
def linear_backward(dZ, W, b):
    return dZ @ W.T
def plot(x, y):
    return None
def mae(y, *, target):
    return abs(y - target).mean()
def d_mae(y, *, target):
    return (y > target) / y.size
"""


def test_a_function_with_a_derivative_is_left_out_with_its_reason(write):
    write("losses.py", PAIRS_OF_TWO_ARGUMENTS)
    found = survey(Unit("losses.py"))
    assert not found.found
    assert [(left.target, left.reason) for left in found.left_out] == [
        ("losses.py:mse", "it needs `t` besides its input"),
        (
            "losses.py:linear",
            "its derivative `linear_backward` needs `dZ`, `W`, `b`: more than an input and a cotangent",
        ),
        ("losses.py:mae", "it needs `target` besides its input"),
    ]


def test_a_vectorised_function_without_a_derivative_is_left_out(write):
    write(
        "acts.py", "import numpy as np\n@np.vectorize\ndef hs(x): return x\n@np.vectorize\ndef load(path): return 1\n"
    )
    told = survey(Unit("acts.py")).left_out
    assert [(left.target, left.reason) for left in told] == [("acts.py:hs", "no derivative of `hs` stands beside it")]


def test_imported_names_are_those_of_another_file(acts):
    named = [each.target for each in (*survey(Unit("acts.py")).found, *survey(Unit("acts.py")).left_out)]
    assert not any("oreign" in name or "exp" in name for name in named)
    assert [each.target for each in survey(Unit("others")).found] == ["others:Foreign", "others:foreign"]


def test_a_pattern(acts):
    assert [each.target for each in survey(Unit("acts", "*ea*")).found] == ["acts:leaky"]


def test_keywords_that_are_given_make_what_needs_them(acts):
    found = {each.target: each.keywords for each in survey(Unit("acts.py"), {"alpha": 0.2}).found}
    assert found["acts.py:Leaky"] == ("alpha", "beta")


def test_a_file_that_cannot_be_read(write):
    with pytest.raises(TargetMissingError):
        survey(Unit("gone.py"))
    write("python2.py", 'print "hello"\n')
    with pytest.raises(TargetBrokenError, match="it is written for Python 2") as caught:
        survey(Unit("python2.py"))
    assert caught.value.where == "python2.py:1"
    write("asks.py", "n = int(input('width? '))\n")
    with pytest.raises(TargetBrokenError, match="it asks for input while it is imported"):
        survey(Unit("asks.py"))


def test_a_function_of_numpy_with_a_derivative_is_a_value(write):
    write(
        "acts.py",
        "import numpy as np\nfrom numpy import exp, sin\ntanh = np.tanh\ndef tanh_prime(x): return x\n"
        "def sin_prime(x): return x\nlog = np.log\n",
    )
    told = survey(Unit("acts.py"))
    assert [each.target for each in told.found] == ["acts.py:sin", "acts.py:tanh"]
    assert not told.left_out
