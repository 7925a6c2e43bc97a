"""``list`` and ``show`` as command lines, and as real processes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from actcheck.activations.catalogue import ENTRIES
from actcheck.cli import app

from .test_processes import imported_by

NAMES = [entry.name for entry in ENTRIES]


@pytest.fixture
def process(environ):
    """Run actcheck as a process; its exit code and what it printed."""

    def finish(*argv, encoding="utf-8", **changes):
        command = [sys.executable, "-m", "actcheck", *argv]
        settings = environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"} | changes
        done = subprocess.run(command, capture_output=True, env=settings, check=False)
        return done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding)

    return finish


def test_list(process):
    code, out, err = process("list")
    assert (code, err) == (0, "")
    assert set(NAMES) <= set(out.split())
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 80


def test_list_as_json(process):
    code, out, err = process("list", "--json")
    assert (code, err) == (0, "")
    assert [entry["name"] for entry in json.loads(out)["entries"]] == NAMES


def test_show(process):
    code, out, err = process("show", "leaky-relu", "--negative-slope", "0.3")
    assert (code, err) == (0, "")
    assert "actcheck verify leaky-relu --negative-slope 0.3\n" in out
    assert "\x1b" not in out


def test_the_command_that_is_shown_works(process):
    _, out, _ = process("show", "threshold")
    command = out.splitlines()[-1].split()
    assert command[:2] == ["actcheck", "verify"]
    assert process(*command[1:])[0] == 0


@pytest.mark.parametrize("argv", [["list"], ["show", "gelu"], ["show", "softmax"]])
def test_a_stream_that_knows_ascii_only(process, argv):
    code, out, err = process(*argv, encoding="ascii")
    assert (code, err) == (0, "")
    assert "\\" not in out


@pytest.mark.parametrize(("name", "meant"), [("gleu", "glu"), ("lekay-relu", "leaky-relu"), ("swihs", "silu")])
def test_an_unknown_name_is_told_as_verify_tells_it(process, name, meant):
    code, out, err = process("show", name)
    assert (code, out) == (2, "")
    assert f"fix: Did you mean {meant}?" in err
    assert process("verify", name) == (2, "", err)


@pytest.mark.parametrize(
    ("argv", "error"),
    [
        (["list", "--jsn"], "No such option: --jsn"),
        (["list", "relu"], "unexpected extra argument"),
        (["show", "relu", "gelu"], "unexpected extra argument"),
        (["show", "elu", "--alpha", "-2"], "alpha must be in [0, 1000], got -2"),
        (["show", "softmax", "--stretch", "0"], "stretch must be finite and not 0, got 0"),
    ],
)
def test_mistakes_end_with_2(process, argv, error):
    code, out, err = process(*argv)
    assert (code, out) == (2, "")
    assert error in err
    assert "Traceback" not in err


@pytest.mark.parametrize("argv", [["list"], ["list", "--json"], ["show", "softmax"], ["show", "gleu"]])
def test_numpy_waits_for_a_plot(argv, environ):
    assert "numpy" not in imported_by(argv, environ)
    assert "numpy" in imported_by(["show", "relu"], environ)


@pytest.mark.parametrize("argv", [["list", "--help"], ["show", "--help"], ["list", "--json"]])
def test_help_and_json_need_no_rich(argv, environ):
    assert imported_by(argv, environ).isdisjoint({"numpy", "rich", "pydantic"})


def test_color_only_if_asked_for_in_a_pipe(process):
    assert "\x1b[" in process("show", "relu", FORCE_COLOR="1")[1]
    assert "\x1b[" not in process("list", FORCE_COLOR="1", NO_COLOR="1")[1]


# ------------------------------------------------------------------------------------------ within this process


@pytest.fixture
def run(run, monkeypatch):
    """Run a command line on the catalogue itself."""
    monkeypatch.undo()
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return run


@pytest.mark.parametrize("name", [*NAMES, *(alias for entry in ENTRIES for alias in entry.aliases), "Leaky_ReLU"])
def test_every_name_shows(run, name):
    done = run("show", name)
    assert (done.code, done.err) == (0, "")
    assert "\n check " in done.out


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.parameters], ids=lambda entry: entry.name)
def test_every_parameter_can_be_given(run, entry):
    words = [word for each in entry.parameters for word in ("--set", f"{each.name}={each.examples[0]}")]
    done = run("show", entry.name, *words)
    assert (done.code, done.err) == (0, "")
    assert all(f"{each.name} = " in done.out for each in entry.parameters) or not entry.elementwise


def test_show_needs_a_name(run):
    done = run("show")
    assert (done.code, done.out) == (2, "")
    assert done.err == "error: show needs a name\n  fix: for example: actcheck show gelu\n"


@pytest.mark.parametrize("name", ["zzz", "./mine.py:ReLU", "json", "pkg:Mine", "\x1b[31m"])
def test_what_is_no_name_of_the_catalogue(run, name):
    """A module of that name is not looked for: there would be nothing to show."""
    done = run("show", name)
    assert (done.code, done.out) == (2, "")
    assert "error: there is no activation `" in done.err
    assert "fix: actcheck list has all names." in done.err
    assert "\x1b" not in done.err


def test_all_mistakes_are_told_at_once(run):
    done = run("show", "elu", "--json", "--alpah", "2", "--set", "alpha")
    assert done.code == 2
    for what in ("--json is no option of show", "--alpah is no option", "--set alpha is not of the form"):
        assert what in done.err
    done = run("show", "elo", "--json")
    assert done.err.count("error: ") == 2


def test_a_mistyped_parameter(run):
    assert "fix: Did you mean --alpha? elu takes --alpha." in run("show", "elu", "--alpah", "2").err


def test_a_text_is_no_number(run):
    done = run("show", "sine", "--omega", "fast")
    assert (done.code, done.out) == (2, "")
    assert "omega must be in [-1000, 1000], got fast" in done.err


@pytest.mark.parametrize("command", ["list", "show"])
def test_help(run, command):
    done = run(command, "--help")
    assert done.code == 0
    assert max(map(len, done.out.splitlines())) <= 80
    assert "catalogue" in done.out


@pytest.mark.parametrize("argv", [["list"], ["show", "relu"]])
def test_without_a_stdout(monkeypatch, argv):
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(SystemExit) as ended:
        app.run(argv)
    assert not ended.value.code
