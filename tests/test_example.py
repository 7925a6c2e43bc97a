"""An example project, as its CI runs it: whole, and then after each of the edits that a gate is there for."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent
MODULE, CONFIG = "activations/elementwise.py", "pyproject.toml"
RELU = "np.where(X >= 0, 1.0, 0.0)"


@pytest.fixture
def environ():
    """An environment in which `actcheck` and `python` are ours, outside of any CI."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "PYTEST_"))}
    for name in ("FORCE_COLOR", "NO_COLOR", "COLUMNS"):
        kept.pop(name, None)
    return kept | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture
def project(tmp_path, environ):
    """Give a copy of the project, and a way to run commands in it."""
    folder = tmp_path / "eight"
    shutil.copytree(HERE / "projects" / "eight", folder)

    def command(*argv, **more):
        done = subprocess.run(argv, cwd=folder, env=environ | more, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    command.folder = folder
    return command


@pytest.fixture
def edit(project):
    def change(name, old, new):
        path = project.folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return change


@pytest.fixture
def gate(project):
    """Run the gate on some checks; its exit code, and what became of a check in each of the four reports."""

    def run(name, *argv):
        command = ["actcheck", "run", *argv, "--report", "r.json", "--report", "r.xml", "--report", "r.md"]
        code, out, err = project(*command)
        whole = json.loads((project.folder / "r.json").read_text())
        (status,) = (check["status"] for check in whole["checks"] if check["name"] == name)
        assert whole["exit_code"] == code
        assert re.search(rf"^ {status} +{re.escape(name)} ", out, re.MULTILINE)
        escaped = re.sub(r"([\[\]])", r"\\\1", name)
        assert f"| {status} | {escaped} |" in (project.folder / "r.md").read_text()
        cases = {case.get("name"): case for case in ET.parse(project.folder / "r.xml").getroot().iter("testcase")}
        silent = status == "ok" or (status == "no baseline" and "--strict" not in argv)
        assert [child.get("type") for child in cases[name]] == ([] if silent else [status])
        return code, status, out + err

    return run


def test_its_ci(project):
    code, out, err = project("bash", "ci.sh")
    assert code == 0, out + err
    assert "OK  12 checks: 1 expected failure, 11 ok" in out
    assert "14 passed, 1 xfailed" in out
    assert {path.name for path in project.folder.glob("report.*")} == {"report.json", "report.xml", "report.md"}


def test_its_baseline_is_up_to_date(project):
    before = (project.folder / "actcheck-baseline.json").read_text()
    code, out, _ = project("actcheck", "accept", "--quiet")
    assert (code, out) == (0, "actcheck-baseline.json: 0 new, 0 changed, 0 gone, 11 as before\n")
    assert (project.folder / "actcheck-baseline.json").read_text() == before


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "status", "told"),
    [
        ("Swish[beta=2]", "S + self.beta * X", "S + X", 1, "failed", "WRONG  activations.elementwise:Swish"),
        ("ReLU[dim=5]", RELU, RELU.replace(">=", ">"), 1, "drifted", "another sub-gradient is chosen"),
        ("Sine", "np.sin(self", "np.sin(np.float32(1) * self", 0, "ok", ""),
        ("Sine", "np.cos(self.frequency * X)", "np.cos((self.frequency * X).astype('f'))", 1, "failed", "Sine"),
        ("HardTanh", "class HardTanh", "class HardTan", 2, "could not be checked", "has no attribute `HardTanh`"),
        ("ReLU[dim=1]", "np.maximum(X, 0.0)", "__import__('time').sleep(99)", 1, "failed", "within 5 s (timeout)"),
        ("ReLU[dim=1]", "np.maximum(X, 0.0)", "__import__('os').abort()", 1, "failed", "SIGABRT"),
        ("ReLU[dim=1]", "np.maximum(X, 0.0)", "print('hi') or np.maximum(X, 0.0)", 0, "ok", "hi"),
        ("ReLU[dim=1]", "np.maximum(X, 0.0)", "np.maximum(X, 0.0) + 1", 1, "drifted", "values have changed"),
    ],
    ids=["broken", "flipped", "harmless", "float32", "deleted", "hangs", "crashes", "prints", "shifted"],
)
def test_an_edit_is_what_it_is(gate, edit, name, old, new, code, status, told):
    edit(MODULE, old, new)
    limit = ["--timeout", "5"] if "sleep" in new else []
    got, found, text = gate(name, "--only", name, *limit)
    assert (got, found) == (code, status)
    assert told in text


def test_a_functor_that_is_added_and_one_that_is_gone(project, gate, edit):
    edit(CONFIG, 'elementwise:Sine"', 'elementwise:Sine"\nname = "sine"')
    code, status, text = gate("sine")
    assert (code, status) == (1, "no baseline")
    assert "1 lost since the baseline" in text
    assert gate("sine", "--only", "sine", "--strict")[0] == 1
    assert gate("sine", "--only", "sine")[0] == 0
    project("actcheck", "accept", "--quiet")
    assert gate("sine", "--strict")[0] == 0


def test_under_github_actions(project, edit, tmp_path):
    edit(MODULE, "S + self.beta * X", "S + X")
    summary = tmp_path / "summary.md"
    more = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(project.folder), "GITHUB_STEP_SUMMARY": str(summary)}
    code, _, err = project("actcheck", "run", "--only", "Swish", **more)
    text = (project.folder / MODULE).read_text().split("\n")
    (place,) = re.findall(r"^::error file=([^,]*),line=(\d+),", err, re.MULTILINE)
    assert (code, place[0]) == (1, MODULE)
    line = int(place[1])
    assert "def gradient" in text[line - 1]
    assert "self.beta = beta" in "".join(text[line - 8 : line])
    assert "## actcheck: FAILED" in summary.read_text()


def test_the_action(project):
    """Its second step, as GitHub would run it; the first installs what is installed here."""
    steps = re.findall(r"^      run: '(.*)'$", (ROOT / "action.yml").read_text(), re.MULTILINE)
    assert len(steps) == 2
    assert steps[0] == '"$PYTHON" -m pip install --quiet "$GITHUB_ACTION_PATH[junit]"'
    arguments = "--only Sine --report $(touch bad).md"
    code, _, err = project("bash", "-e", "-c", steps[1], PYTHON="python", ARGUMENTS=arguments)
    assert code == 2
    assert not (project.folder / "bad").exists()
    code, out, err = project("bash", "-e", "-c", steps[1], PYTHON="python", ARGUMENTS="--only Sine")
    assert code == 0, err
    assert "OK  1 check: 1 ok" in out
    assert project("bash", "-e", "-c", steps[1], PYTHON="python", ARGUMENTS="")[0] == 0
    lines = "--only Sine\n  --only ReLU\n--report several.md\n"
    code, out, err = project("bash", "-e", "-c", steps[1], PYTHON="python", ARGUMENTS=lines)
    assert "OK  3 checks: 3 ok" in out, err
    assert (project.folder / "several.md").exists()


def test_the_hook(project):
    text = (ROOT / ".pre-commit-hooks.yaml").read_text()
    (entry,) = re.findall(r"^  entry: (.*)$", text, re.MULTILINE)
    assert "pass_filenames: false" in text
    assert "types_or: [python, jupyter, toml, csv, json]" in text
    assert project(*entry.split(), "--only", "Sine")[0] == 0


def test_random_edits_of_the_configuration_end_in_no_traceback(project):
    """Twenty here, on checks that are quick; a thousand of each file are tested where it is read."""
    import random

    chance = random.Random(2)
    quick = '[[checks]]\ntarget = "relu"\nrows = [[0, -1, 2]]\nparameters = { at_zero = 1 }\nrtol = 1e-7\n'
    (project.folder / "other.toml").write_text(quick)
    for _ in range(20):
        at = chance.randrange(len(quick))
        text = quick[:at] + chance.choice('"[]=,.x0-\n') + quick[at + chance.randrange(3) :]
        (project.folder / "other.toml").write_text(text)
        code, out, err = project("actcheck", "run", "--config", "other.toml")
        assert code in (0, 1, 2), (text, out, err)
        assert "Traceback" not in out + err, text
