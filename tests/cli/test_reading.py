"""Options that say how code is to be read: to a specification, to the check, and back to the command that shows it."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from actcheck.model import CheckSpec, Reading

ACTS = """
import numpy as np

def tanh(x):
    return np.tanh(x)

def of_output(a):
    return 1 - a**2

class Columns:
    def __call__(self, Z):
        e = np.exp(Z - Z.max(axis=0))
        return e / e.sum(axis=0)

    def gradient(self, Z):
        p = self(Z)
        return np.einsum("ib,ij->ijb", p, np.eye(len(p))) - np.einsum("ib,jb->ijb", p, p)

class Dense:
    def __init__(self):
        self.W = np.arange(6.0).reshape(3, 2)

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, dout):
        self.change = self.x.T @ dout + 1
        return dout @ self.W.T
"""


def test_all_of_them(run, checks):
    words = "--value f --derivative df --derivative-of output --samples columns --parameter W --parameter b=db"
    assert run("verify", "relu", *words.split()).code == 0
    wanted = Reading("", "f", "df", "output", "columns", ("W", "b=db"))
    assert checks.spec == CheckSpec("relu", reading=wanted, oracle="auto")
    assert run("verify", "relu", "--gradient", "mod:fn").code == 0
    assert checks.specs[1].reading == Reading(gradient="mod:fn")
    assert run("jacobian", "relu", "--samples", "single").code == 0
    assert checks.specs[2].reading == Reading(samples="single")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("--gradient m:f --derivative df", "--gradient and --derivative exclude each other"),
        ("tanh --gradient m:f", "--gradient is the derivative of one target"),
        ("--samples rows-first", "--samples must be rows, columns or single, not 'rows-first'"),
        ("--derivative-of x", "--derivative-of must be input or output, not 'x'"),
        ("--parameter =dW", "--parameter has an empty name"),
    ],
)
def test_mistakes(run, words, what):
    done = run("verify", "relu", *words.split())
    assert (done.code, done.out) == (2, "")
    assert what in done.err


@pytest.fixture
def acts(tmp_path: Path) -> Path:
    (tmp_path / "acts.py").write_text(ACTS, encoding="utf-8")
    return tmp_path


def _run(folder: Path, environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "actcheck", *words]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("acts.py:tanh --gradient of_output", 1),
        ("acts.py:tanh --gradient acts.py:of_output --derivative-of output", 0),
        ("acts.py:Columns", 1),
        ("acts.py:Columns --samples columns", 0),
        ("acts.py:Dense", 0),
        ("acts.py:Dense --parameter W=change", 1),
        ("acts.py:Dense --parameter V", 2),
        ("acts.py:tanh", 2),
        ("acts.py:tanh --gradient nothing", 2),
        ("tanh --value gradient --derivative nothing", 2),
    ],
)
def test_exit_codes(acts, environ, words, code):
    done = _run(acts, environ, "verify", *words.split())
    assert done.returncode == code, done.stdout + done.stderr


def test_the_replay_reads_the_code_in_the_same_way(acts, environ):
    done = _run(
        acts, environ, "verify", "acts.py:Columns", "--derivative-of", "output", "--samples", "columns", "--json"
    )
    (told,) = json.loads(done.stdout)["targets"]
    assert told["settings"]["derivative_of"] == "output"
    assert "--derivative-of output --samples columns" in told["replay"]
    again = _run(acts, environ, *shlex.split(told["replay"])[1:])
    assert again.returncode == 1


def test_a_wrong_parameter_is_shown_and_replayed_as_a_whole(acts, environ):
    done = _run(acts, environ, "verify", "acts.py:Dense", "--parameter", "W=change")
    assert "read as forward and backward" in done.stdout
    assert "parameter  W[" in done.stdout
    assert "replay       actcheck verify acts.py:Dense --parameter W=change\n" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("WRONG  acts.py:Dense: 6 of ")


def test_the_diagnosis_says_which_option_makes_it_right(acts, environ):
    done = _run(acts, environ, "verify", "acts.py:Columns")
    assert "it is right with --samples columns" in " ".join(done.stdout.split())
    assert done.stdout.splitlines()[-1].startswith("WRONG")
