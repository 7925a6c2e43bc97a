"""The pytest plugin, in projects of its own: real processes, as a user's CI has them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

CONFIG = """\
timeout = 20
edge = false

[[checks]]
target = "relu"
dim = [1, 5]

[[checks]]
target = "mine:Wrong"

[[checks]]
target = "mine:Wrong"
name = "known"
xfail = "the factor 2 is missing"

[[checks]]
target = "tanh"
skip = "slow"

[[checks]]
target = "mine:Gone"
xfail = "not this way"
"""
MINE = """\
import numpy as np


class Wrong:
    def __call__(self, X):
        return X**2

    def gradient(self, X):
        return X
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Run pytest in a folder with functors, a configuration and a test."""
    (tmp_path / "mine.py").write_text(MINE)
    (tmp_path / "actcheck.toml").write_text(CONFIG)
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n")
    for name in ("NO_COLOR", "FORCE_COLOR", "PYTEST_ADDOPTS", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def pytest_in(*argv, python=()):
        command = [sys.executable, *python, "-m", "pytest", "-p", "no:cacheprovider", *argv]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return pytest_in


def outcomes(text):
    lines = [line.partition(" ")[::2] for line in text.splitlines() if line.startswith(("actcheck::", "test_own"))]
    return {name: rest.split()[0] for name, rest in lines}


def test_items(project):
    code, text = project("--actcheck", "-v")
    assert code == 1
    assert outcomes(text) == {
        "test_own.py::test_own": "PASSED",
        "actcheck::relu[dim=1]": "PASSED",
        "actcheck::relu[dim=5]": "PASSED",
        "actcheck::Wrong": "FAILED",
        "actcheck::known": "XFAIL",
        "actcheck::tanh": "SKIPPED",
        "actcheck::Gone": "FAILED",
    }
    assert "collected 7 items" in text
    assert "wrong entries, worst first" in text
    assert re.search(r"^FAILED actcheck::Wrong - .*\d+ of \d+ entries are wrong", text, re.MULTILINE)
    assert "`mine` has no attribute `Gone`" in text
    assert "\x1b" not in text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("argv", "names"),
    [
        (["-k", "relu"], {"actcheck::relu[dim=1]", "actcheck::relu[dim=5]"}),
        (["-k", "own"], {"test_own.py::test_own", "actcheck::known"}),
        (["-m", "actcheck", "-k", "tanh"], {"actcheck::tanh"}),
        (["-x"], {"test_own.py::test_own", "actcheck::relu[dim=1]", "actcheck::relu[dim=5]", "actcheck::Wrong"}),
    ],
)
def test_selection(project, argv, names):
    assert set(outcomes(project("--actcheck", "-v", *argv)[1])) == names


def test_under_xdist_and_junit(project, tmp_path):
    code, text = project("--actcheck", "-n", "2", "--junitxml", "out.xml", "-q")
    assert code == 1
    assert "2 failed, 3 passed, 1 skipped, 1 xfailed" in text
    cases = ET.parse(tmp_path / "out.xml").getroot().iter("testcase")
    found = {case.get("name"): [child.tag for child in case] for case in cases}
    assert found["Wrong"] == ["failure"]
    assert found["known"] == found["tanh"] == ["skipped"]
    assert found["relu[dim=5]"] == []


def test_a_drift_and_a_loss(project, tmp_path):
    (tmp_path / "actcheck.toml").write_text('[[checks]]\ntarget = "relu"\n[[checks]]\ntarget = "tanh"\n')
    accept = [sys.executable, "-m", "actcheck", "accept", "--quiet"]
    subprocess.run(accept, cwd=tmp_path, check=True, capture_output=True)
    assert project("--actcheck")[0] == 0
    text = '[[checks]]\ntarget = "relu"\nname = "relu"\nparameters = { at_zero = 0 }\n'
    (tmp_path / "actcheck.toml").write_text(text)
    code, text = project("--actcheck", "-v")
    assert code == 1
    assert outcomes(text) == {
        "test_own.py::test_own": "PASSED",
        "actcheck::relu": "FAILED",
        "actcheck::baseline": "FAILED",
    }
    assert "another sub-gradient is chosen at x = 0: 1 -> 0" in text
    assert "in the baseline, and no longer in the configuration: tanh" in text


def test_a_check_called_as_what_is_lost(project, tmp_path):
    (tmp_path / "actcheck.toml").write_text(
        '[[checks]]\ntarget = "relu"\nname = "baseline"\n[[checks]]\ntarget = "tanh"\n'
    )
    accept = [sys.executable, "-m", "actcheck", "accept", "--quiet"]
    subprocess.run(accept, cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "actcheck.toml").write_text('[[checks]]\ntarget = "relu"\nname = "baseline"\n')
    code, text = project("--actcheck", "-v", "-k", "actcheck")
    assert code == 1
    found = re.findall(r"^actcheck::(.+?) (PASSED|FAILED)", text, re.MULTILINE)
    assert found == [("baseline", "PASSED"), ("baseline (lost)", "FAILED")]


@pytest.mark.parametrize(("strict", "word"), [("false", "XPASS"), ("true", "FAILED")])
def test_an_unexpected_pass(project, tmp_path, strict, word):
    (tmp_path / "actcheck.toml").write_text(f'strict = {strict}\n[[checks]]\ntarget = "relu"\nxfail = "x"\n')
    assert outcomes(project("--actcheck", "-v")[1])["actcheck::relu"] == word


@pytest.mark.parametrize("argv", [[], ["-n", "2"]])
def test_a_configuration_that_cannot_be_used(project, tmp_path, argv):
    (tmp_path / "actcheck.toml").write_text('[[checks]]\ntarget = "relu"\nbach = 8\n')
    code, text = project("--actcheck", *argv)
    assert code == 4
    assert "ERROR: actcheck.toml: checks, number 1 (relu): there is no key `bach`" in text
    assert "Traceback" not in text
    assert "INTERNALERROR" not in text


@pytest.mark.parametrize("argv", [[], ["-n", "2"]])
def test_a_baseline_that_cannot_be_used(project, tmp_path, argv):
    (tmp_path / "actcheck-baseline.json").write_text("<<<<<<< HEAD\n")
    code, text = project("--actcheck", *argv)
    assert code == 4
    assert "the baseline cannot be used: it is torn or was edited" in text
    assert "INTERNALERROR" not in text


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals of this kind")
def test_a_signal_ends_pytest_and_the_check(project, tmp_path):
    """To pytest the exception that it raises would be one failure, and the next check would be made."""
    (tmp_path / "mine.py").write_text(
        "import os, signal, time\n\n\nclass Ends:\n    def __call__(self, X):\n"
        "        os.kill(int(os.environ['ABOVE']), signal.SIGTERM)\n        time.sleep(60)\n\n"
        "    def gradient(self, X):\n        return X\n"
    )
    (tmp_path / "conftest.py").write_text("import os\n\nos.environ['ABOVE'] = str(os.getpid())\n")
    (tmp_path / "actcheck.toml").write_text('[[checks]]\ntarget = "mine:Ends"\n[[checks]]\ntarget = "relu"\n')
    code, text = project("--actcheck", "-v")
    assert code == 128 + signal.SIGTERM
    assert "Exit: ended by a signal" in text
    assert "actcheck::relu" not in text


def test_who_does_not_ask_for_it_pays_and_hears_nothing(project, tmp_path):
    """Also where the configuration is broken."""
    (tmp_path / "actcheck.toml").write_text("broken")
    (tmp_path / "test_own.py").write_text(
        "import sys\n\ndef test_own():\n    loaded = {name for name in sys.modules if name.startswith('actcheck')}\n"
        "    assert loaded == {'actcheck', 'actcheck.pytest_plugin'}\n    assert 'numpy' not in sys.modules\n"
    )
    code, text = project("-v", "--strict-markers", python=("-W", "error"))
    assert code == 0, text
    assert "actcheck::" not in text
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n")
    with_it, without = (project("-v", *argv)[1].split(" in ")[0] for argv in ([], ["-p", "no:actcheck"]))
    # Both name the plugin only where pytest lists all plugins.
    assert re.sub(r"actcheck-[\w.]+, |, actcheck-[\w.]+", "", with_it) == without


def test_the_entry_point():
    from importlib.metadata import entry_points

    (point,) = (each for each in entry_points(group="pytest11") if each.name == "actcheck")
    assert point.value == "actcheck.pytest_plugin"
