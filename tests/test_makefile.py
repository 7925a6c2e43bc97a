"""The Makefile's targets, as far as they can be told without running them: `make -n` prints what would be run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SET_UP = ["python3 -m venv .venv", ".venv/bin/python -m pip install -q -e '.[dev]'"]


@pytest.fixture
def planned(tmp_path):
    """Say what make would run for a target in a fresh clone."""
    if shutil.which("make") is None:
        pytest.skip("needs make")
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    environ = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "PYTHON")}

    def plan(*words):
        command = ["make", "-n", "--no-print-directory", *words]
        done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    return plan


def test_demo_sets_up_and_runs_the_main_job(planned):
    commands = planned("demo")
    assert commands[:2] == SET_UP
    assert commands[-2:] == [".venv/bin/actcheck verify relu", ".venv/bin/actcheck jacobian softmax --stretch 2"]


def test_test_sets_up_and_runs_lint_types_and_all_tests(planned):
    commands = planned("test")
    assert commands[:2] == SET_UP
    words = "\n".join(commands)
    for each in ("ruff check .", "ruff format --check .", "mypy", "pytest"):
        assert f"/{each}" in words or f" -m {each}" in words
    assert "pytest" in commands[-1]


def test_bench_installs_what_it_compares_with(planned):
    commands = planned("bench")
    assert commands[-2:] == [".venv/bin/python -m pip install -q -e '.[bench]'", ".venv/bin/python -m tests.benchmarks"]


def test_the_first_target_is_the_demo(planned):
    assert planned() == planned("demo")


def test_another_python_can_be_named(planned):
    assert planned("demo", "PYTHON=python3.99")[0] == "python3.99 -m venv .venv"


def test_nothing_is_installed_twice(planned, tmp_path):
    stamp = tmp_path / ".venv" / ".installed"
    stamp.parent.mkdir()
    stamp.touch()
    later = (tmp_path / "pyproject.toml").stat().st_mtime + 10
    os.utime(stamp, (later, later))
    assert not any("pip install" in command for command in planned("demo"))
    os.utime(tmp_path / "pyproject.toml", (later + 10, later + 10))
    assert SET_UP[1] in planned("demo")


def test_all_targets_are_phony():
    """A file named `test` must not keep make from running the tests."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):(?!=)", text, re.MULTILINE))
    (phony,) = re.findall(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert targets == set(phony.split())


def test_the_tools_are_in_the_dev_extra():
    names = {re.split(r"[<>=~!\[; ]", each)[0] for each in PROJECT["optional-dependencies"]["dev"]}
    assert {"ruff", "mypy", "pytest", "pytest-xdist"} <= names


def test_what_decides_whether_work_lands_is_the_test_command():
    script = ROOT / ".ci" / "run"
    lines = [line for line in script.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert lines[-1] == "make test"
    assert os.name == "nt" or os.access(script, os.X_OK)
