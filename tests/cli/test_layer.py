"""``actcheck layer``: options to specification, and what becomes of the report; then real processes."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys

import pytest

from actcheck.errors import TargetError
from actcheck.model import CheckSpec, Layout, Outcome

from .conftest import report_on


class Layers:
    """Stands in for `actcheck.layer_run`: keeps the specification, and gives what a test has laid down."""

    def __init__(self) -> None:
        self.specs: list[CheckSpec] = []
        self.result: Outcome | BaseException = Outcome.PASSED

    @property
    def spec(self) -> CheckSpec:
        assert len(self.specs) == 1
        return self.specs[0]

    def __call__(self, spec: CheckSpec):
        self.specs.append(spec)
        if isinstance(self.result, BaseException):
            raise self.result
        return report_on(spec, self.result)


@pytest.fixture
def layers(monkeypatch) -> Layers:
    stand_in = Layers()
    monkeypatch.setattr("actcheck.layer_run.check_layer", stand_in)
    return stand_in


# ------------------------------------------------------------------------------------------ options


def test_defaults(run, layers):
    assert run("layer", "tanh").code == 0
    assert layers.spec == CheckSpec("tanh", command="layer", batch=8, inputs=4, dim=None, edge=False)


def test_all_settings(run, layers):
    options = "--inputs 7 --outputs 2 --batch 5 --scale 2 --seed 9 --dtype float32 --rtol 1e-3 --atol 1e-9"
    assert run("layer", "relu", *options.split(), "--layout=in-out", "--strict", "--at-zero", "0.5").code == 0
    assert layers.spec == CheckSpec(
        "relu",
        (("at_zero", 0.5),),
        command="layer",
        batch=5,
        inputs=7,
        dim=2,
        scale=2.0,
        seed=9,
        dtype="float32",
        rtol=1e-3,
        atol=1e-9,
        layout=Layout.IN_OUT,
        edge=False,
        strict=True,
    )


@pytest.mark.parametrize("option", ["--inputs", "--outputs", "--batch"])
@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5"])
def test_sizes_are_whole_numbers(run, layers, option, text):
    done = run("layer", "tanh", f"{option}={text}")
    assert (done.code, done.out, layers.specs) == (2, "", [])
    assert done.err.startswith(f"error: {option} must be a whole number of at least 1, not {text!r}")


def test_all_mistakes_are_told_at_once(run, layers):
    done = run("layer", "--inputs", "0", "--outputs", "x", "--seed=-1", "--dtype", "int")
    assert done.code == 2
    assert done.err.count("error: ") == 5
    assert "layer needs a target" in done.err


def test_a_time_limit_is_a_number_above_0(run, layers):
    assert "--timeout must be a finite number above 0" in run("layer", "tanh", "--timeout", "0").err
    assert layers.specs == []


@pytest.mark.parametrize("option", ["--dim", "--x", "--no-edge"])
def test_what_other_commands_have_is_refused(run, option):
    assert f"{option} is no option of layer" in run("layer", "tanh", f"{option}=3").err


@pytest.mark.parametrize("option", ["--inputs", "--outputs", "--show"])
def test_other_commands_do_not_have_what_layer_has(run, option):
    assert f"{option} is no option of verify" in run("verify", "tanh", f"{option}=3").err


def test_a_mistyped_option_is_no_keyword(run, layers):
    done = run("layer", "open", "--input", "3")
    assert (done.code, layers.specs) == (2, [])
    assert "Did you mean --inputs?" in done.err


def test_help(run):
    done = run("layer", "--help")
    assert (done.code, done.err) == (0, "")
    for option in ("--inputs", "--outputs", "--batch", "--show"):
        assert option in done.out


# ------------------------------------------------------------------------------------------ outcomes


@pytest.mark.parametrize(
    ("outcome", "code", "strict_code"),
    [
        (Outcome.PASSED, 0, 0),
        (Outcome.WARNED, 0, 1),
        (Outcome.UNRESOLVED, 0, 1),
        (Outcome.FAILED, 1, 1),
        (Outcome.NOT_RUN, 2, 2),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_exit_codes(run, layers, outcome, code, strict_code, form):
    layers.result = outcome
    assert run("layer", "tanh", *form).code == code
    assert run("layer", "tanh", "--strict", *form).code == strict_code


def test_an_error_is_told_in_the_document_as_well(run, layers):
    layers.result = TargetError("there is no tanh", fix="Look.")
    done = run("layer", "tanh", "--json")
    whole = json.loads(done.out)
    assert done.code == 2
    assert whole["errors"] == [{"target": "tanh", "kind": "target", "message": "there is no tanh"}]
    assert done.err == "error: there is no tanh\n  fix: Look.\n"
    assert run("layer", "tanh").out == ""


def test_a_fault_of_our_own_says_so(run, layers):
    layers.result = ZeroDivisionError("by nought")
    done = run("layer", "tanh")
    assert (done.code, done.out) == (3, "")
    assert "actcheck itself has failed: ZeroDivisionError: by nought" in done.err


def test_a_target_cannot_end_the_process(run, layers):
    """Its sys.exit(0) would be our own exit code; it is at fault, as one that crashes."""
    layers.result = SystemExit(0)
    done = run("layer", "tanh")
    assert done.code == 1
    assert "WRONG  tanh: the contract is broken: it tried to end the process" in done.out


def test_ctrl_c(run, layers):
    layers.result = KeyboardInterrupt()
    assert run("layer", "tanh").code == 130


# ------------------------------------------------------------------------------------------ real processes

FUNCTORS = """
import numpy as np

class Softmax:
    '''As the document's piecewise expression has it: without the minus off the diagonal.'''
    def __init__(self, sign=1.0):
        self.sign = sign

    def __call__(self, X):
        E = np.exp(X - X.max(axis=1, keepdims=True))
        return E / E.sum(axis=1, keepdims=True)

    def gradient(self, X):
        a = self(X)
        J, i = self.sign * a[:, :, None] * a[:, None, :], np.arange(X.shape[1])
        J[:, i, i] = a * (1 - a)
        return J

class Averaged(Softmax):
    def gradient(self, X):
        return super().gradient(X) / len(X)

class Stuck(Softmax):
    def __call__(self, X):
        import time
        time.sleep(60)

class Crashing(Softmax):
    def __call__(self, X):
        import os
        os.abort()
"""


@pytest.fixture
def process(tmp_path, environ):
    """Run actcheck in a folder with functors in it; exit code, stdout and stderr."""
    (tmp_path / "mine.py").write_text(FUNCTORS)

    def finished(*argv):
        command = [sys.executable, "-m", "actcheck", *argv]
        done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, check=False, timeout=120)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return finished


def test_right_wrong_and_broken(process):
    code, out, err = process("layer", "mine:Softmax", "--sign", "-1")
    assert (code, err) == (0, "")
    assert out.endswith("\nOK  mine:Softmax: all 47 entries agree\n")
    code, out, err = process("layer", "mine:Softmax")
    assert (code, err) == (1, "")
    assert out.endswith("\nWRONG  mine:Softmax: 47 of 47 entries are wrong\n")
    for name in ("dL/dX", "dL/dW", "dL/db"):
        assert f"\n {name}" in out
    code, out, _ = process("layer", "mine:Averaged")
    assert code == 1
    assert out.count("not run: contract broken") == 3


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a process of its own")
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_stuck_and_crashing(process, form):
    code, out, err = process("layer", "mine:Stuck", "--timeout", "1", *form)
    assert (code, err) == (1, "")
    assert "did not finish within 1 s" in out
    code, out, _ = process("layer", "mine:Crashing", *form)
    assert code == 1
    assert "ended without a verdict" in out


def test_errors(process):
    code, out, err = process("layer", "mine:Nothing")
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    code, _, err = process("layer", "tanh", "--inputs", "1000", "--outputs", "1000")
    assert code == 2
    assert "too large" in err


def test_the_same_bytes_each_time(process):
    argv = ("layer", "softmax", "--stretch", "2", "--show", "--json", "--seed", "5")
    first, second = process(*argv), process(*argv)
    assert first == second
    assert first[0] == 0
    (target,) = json.loads(first[1])["targets"]
    assert target["command"] == "layer"
    assert [len(each["analytic"]) for each in target["layer"]["gradients"]] == [8, 4, 1]


def test_the_gradients_are_shown_if_asked_for(process):
    title = "\n dL/dW, numeric\n"
    assert title in process("layer", "tanh", "--show")[1]
    assert title not in process("layer", "tanh")[1]


def test_the_replay_command_shows_the_fault_again(process):
    _, first, _ = process("layer", "mine:Softmax", "--sign=0.5", "--outputs", "2", "--seed", "3", "--rtol", "1e-6")
    (line,) = [line for line in first.splitlines() if line.startswith(" replay")]
    _, program, *again = shlex.split(line)
    assert program == "actcheck"
    code, second, err = process(*again)
    assert (code, second, err) == (1, first, "")


def test_without_rich_and_numpy_until_they_are_needed(environ):
    code = "import atexit, sys; from actcheck.cli import main; sys.argv = ['actcheck', *sys.argv[1:]]\n"
    code += "atexit.register(lambda: print(*sys.modules, file=sys.stderr)); main()"

    def imported_by(*argv):
        command = [sys.executable, "-c", code, *argv]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        return set(done.stderr.splitlines()[-1].split())

    assert imported_by("layer", "--help").isdisjoint({"numpy", "rich", "pydantic"})
    assert imported_by("layer", "tanh", "--json").isdisjoint({"rich", "pydantic"})
