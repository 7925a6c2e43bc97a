"""Checks of a place become one for each functor in it."""

from __future__ import annotations

import pytest

from actcheck import isolation
from actcheck.errors import ConfigError
from actcheck.gate import config, suite
from actcheck.gate.expand import expand
from actcheck.model import Status

pytestmark = pytest.mark.skipif(not isolation.POSSIBLE, reason="this system has no fork")

ACTS = """
import numpy as np

class Tanh:
    def __init__(self, beta=1.0):
        self.beta = beta
    def __call__(self, X):
        return np.tanh(self.beta * X)
    def gradient(self, X):
        return self.beta / np.cosh(self.beta * X) ** 2

class Sine:
    def __call__(self, X):
        return np.sin(X)
    def gradient(self, X):
        return np.cos(X)

class Half:
    def __call__(self, X):
        return X
"""

WORDS = """
import numpy as np

def act(x, kind):
    return {"tanh": np.tanh, "sine": np.sin}[kind](x)

def act_grad(x, kind):
    return {"tanh": lambda x: 1 - np.tanh(x) ** 2, "sine": np.cos}[kind](x)
"""


@pytest.fixture
def expanded(tmp_path):
    """Write a package and a configuration, and expand that."""
    (tmp_path / "mypkg").mkdir()
    (tmp_path / "mypkg" / "__init__.py").write_text("")
    (tmp_path / "mypkg" / "acts.py").write_text(ACTS)

    def write(*checks):
        text = "".join(f"[[checks]]\n{check}\n" for check in checks)
        (tmp_path / "actcheck.toml").write_text(text)
        return expand(config.load(tmp_path))

    return write


def names(expansion):
    return [(case.name, case.spec.target) for case in expansion[0].cases]


def test_a_check_for_each_word_of_a_function_that_is_told_by_one(expanded, tmp_path):
    (tmp_path / "mypkg" / "words.py").write_text(WORDS)
    found = expanded('target = "mypkg.words:*"\ndtype = ["float64", "float32"]')
    assert names(found)[:2] == [
        ("act[kind=tanh,dtype=float64]", "mypkg.words:act"),
        ("act[kind=sine,dtype=float64]", "mypkg.words:act"),
    ]
    assert [case.spec.parameters for case in found[0].cases[:2]] == [(("kind", "tanh"),), (("kind", "sine"),)]
    assert [name for name, _ in names(expanded('target = "mypkg.words:*"'))] == ["act[kind=tanh]", "act[kind=sine]"]


def test_a_check_for_each_functor(expanded):
    found = expanded('target = "mypkg.acts:*"', 'target = "relu"')
    assert names(found) == [("Tanh", "mypkg.acts:Tanh"), ("Sine", "mypkg.acts:Sine"), ("relu", "relu")]
    assert found[1] == ("left out: mypkg.acts:Half: it has `__call__`, but no derivative",)


def test_what_is_set_comes_along(expanded):
    found = expanded('target = "mypkg.acts:*"\ndtype = ["float64", "float32"]\nparameters = { beta = [1, 2] }')
    assert names(found)[:2] == [
        ("Tanh[beta=1,dtype=float64]", "mypkg.acts:Tanh"),
        ("Sine[dtype=float64]", "mypkg.acts:Sine"),
    ]
    # Of what it does not take there is nothing to combine.
    assert len(found[0].cases) == 6
    tanh, sine = found[0].cases[:2]
    assert (tanh.spec.parameters, sine.spec.parameters) == ((("beta", 1),), ())
    assert tanh.line == 1


def test_a_name_of_its_own_stands_before(expanded):
    assert names(expanded('target = "mypkg.acts:S*"\nname = "ours"')) == [("ours:Sine", "mypkg.acts:Sine")]


def test_files_and_folders_are_places_too(expanded):
    assert names(expanded('target = "mypkg/acts.py"'))[0] == ("Tanh", "mypkg/acts.py:Tanh")
    assert names(expanded('target = "mypkg"'))[0] == ("Tanh", "mypkg.acts:Tanh")


def test_two_of_one_name_are_told_apart(expanded, tmp_path):
    (tmp_path / "mypkg" / "more.py").write_text(ACTS)
    assert [name for name, _ in names(expanded('target = "mypkg"'))][:2] == ["mypkg.acts:Tanh", "mypkg.acts:Sine"]


def test_a_configuration_without_places_is_left_alone(expanded):
    found = expanded('target = "relu"', 'target = "mypkg.acts:Tanh"', 'target = "mypkg.acts:*"\nskip = "not now"')
    assert [name for name, _ in names(found)] == ["relu", "Tanh", "*"]


@pytest.mark.parametrize(
    ("check", "what"),
    [
        ('target = "mypkg.acts:Nothing*"', "it finds no functor to check"),
        ('target = "mypkg.acts:*"\nparameters = { gamma = 1 }', "no functor that it finds takes gamma"),
    ],
)
def test_mistakes(expanded, check, what):
    with pytest.raises(ConfigError, match=what):
        expanded(check)


def test_a_place_that_cannot_be_read_is_a_check_that_says_why(expanded, tmp_path):
    (tmp_path / "mypkg" / "bad.py").write_text("import no_such_library\n")
    found = expanded('target = "mypkg"')
    results = suite.run(found[0].cases, tmp_path, 2)
    told = {result.case.name: result for result in results}
    assert told["mypkg.bad"].status is Status.UNUSABLE
    assert told["mypkg.bad"].failure.what == "it imports `no_such_library`, and there is no such module"
    assert told["Tanh"].status is told["Sine"].status is Status.PASSED
