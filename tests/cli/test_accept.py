"""``actcheck accept``, and what ``actcheck run`` then says of what has changed: a project, edit by edit."""

from __future__ import annotations

import json
import os

import pytest

MINE = """\
import numpy as np


class ReLU:
    def __call__(self, X):
        return np.maximum(X, 0.0)

    def gradient(self, X):
        return np.where(X == 0, 1.0, X > 0)


class Cube:
    def __call__(self, X):
        return X**3

    def gradient(self, X):
        return 3 * X**2


class Sum:
    def __call__(self, X):
        return X + X.sum(axis=1, keepdims=True)

    def gradient(self, X):
        n = X.shape[1]
        return np.broadcast_to(np.eye(n) + 1.0, (len(X), n, n))
"""
CONFIG = """\
edge = false
[[checks]]
target = "mine:ReLU"
rows = [[0, -1, 2]]
[[checks]]
target = "mine:Cube"
[[checks]]
target = "mine:Sum"
[[checks]]
target = "mine:Later"
skip = "to be written"
"""


@pytest.fixture
def project(tmp_path, monkeypatch, run):
    """Give a command line in a folder with three functors; the real checks are made."""
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(MINE)
    (tmp_path / "actcheck.toml").write_text(CONFIG)
    return lambda *argv: run(*argv)


@pytest.fixture
def edit(tmp_path):
    """Change the functors, or the configuration."""

    def change(old, new, name="mine.py"):
        path = tmp_path / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        # A file that changes within a second is not compiled anew.
        stamp = path.stat().st_mtime_ns + 5_000_000_000
        os.utime(path, ns=(stamp, stamp))

    return change


def drifts(project, *argv):
    done = project("run", "--json", *argv)
    whole = json.loads(done.out)
    return done.code, {check["name"]: check["drifts"] for check in whole["checks"] if check["drifts"]}, whole


def test_accept_and_run(project, tmp_path):
    done = project("accept")
    assert done.code == 0
    assert done.out.splitlines()[-1] == "actcheck-baseline.json: 3 new, 0 changed, 0 gone, 0 as before"
    text = (tmp_path / "actcheck-baseline.json").read_text()
    assert str(tmp_path) not in text
    stamp = (tmp_path / "actcheck-baseline.json").stat().st_mtime_ns
    assert project("accept", "--quiet").out == "actcheck-baseline.json: 0 new, 0 changed, 0 gone, 3 as before\n"
    assert (tmp_path / "actcheck-baseline.json").stat().st_mtime_ns == stamp
    assert drifts(project, "--strict")[:2] == (0, {})


def test_the_choice_at_zero(project, edit, tmp_path):
    project("accept")
    edit("X == 0, 1.0", "X == 0, 0.0")
    code, found, _ = drifts(project)
    assert code == 1
    (drift,) = found["ReLU"]
    assert (drift["code"], drift["old"], drift["new"], drift["where"]) == ("sub-gradient", "1", "0", "x = 0")
    before = (tmp_path / "actcheck-baseline.json").read_text().splitlines()
    done = project("accept")
    assert "1 changed, 0 gone, 2 as before" in done.out
    after = (tmp_path / "actcheck-baseline.json").read_text().splitlines()
    assert sum(old != new for old, new in zip(before, after, strict=True)) <= 6
    assert drifts(project)[0] == 0


def test_another_function(project, edit):
    project("accept")
    edit("return X**3", "return 2 * X**3")
    edit("3 * X**2", "6 * X**2")
    code, found, _ = drifts(project)
    assert code == 1
    assert [drift["code"] for drift in found["Cube"]] == ["value", "gradient"]


def test_a_jacobian_that_becomes_a_diagonal(project, edit):
    project("accept")
    edit("X + X.sum(axis=1, keepdims=True)", "2 * X")
    edit("np.eye(n) + 1.0", "2 * np.eye(n)")
    code, found, _ = drifts(project)
    assert code == 1
    assert (found["Sum"][0]["old"], found["Sum"][0]["new"]) == ("Jacobian, dense", "Jacobian, diagonal")


def test_a_wrong_gradient_is_wrong_and_no_drift(project, edit, tmp_path):
    project("accept")
    text = (tmp_path / "actcheck-baseline.json").read_text()
    edit("3 * X**2", "2 * X**2")
    code, found, whole = drifts(project)
    assert (code, found) == (1, {})
    assert whole["counts"]["failed"] == 1
    done = project("accept")
    assert done.code == 1
    assert done.out.splitlines()[-1].startswith("The baseline is left as it is")
    assert (tmp_path / "actcheck-baseline.json").read_text() == text


def test_lost_and_new(project, edit):
    project("accept")
    edit('target = "mine:Cube"', 'target = "mine:Cube"\nname = "cube"', "actcheck.toml")
    code, _, whole = drifts(project)
    assert (code, whole["lost"]) == (1, ["Cube"])
    assert whole["counts"]["no baseline"] == 1
    assert drifts(project, "--only", "cube")[0] == 0
    assert drifts(project, "--only", "cube", "--strict")[0] == 1
    assert "1 new, 0 changed, 1 gone, 2 as before" in project("accept").out
    assert drifts(project, "--strict")[0] == 0


def test_what_is_lost_has_failed_last_and_is_excluded_by_its_name_alone(project, edit):
    project("accept")
    edit('target = "mine:Cube"', 'target = "mine:Cube"\nskip = "x"\nname = "Other"', "actcheck.toml")
    assert drifts(project)[2]["lost"] == ["Cube"]
    done = project("run", "--last-failed", "--quiet")
    assert (done.code, done.out) == (1, "FAILED  4 checks: 1 lost since the baseline, 2 skipped, 2 ok\n")
    assert drifts(project, "--exclude", "Sum")[2]["lost"] == ["Cube"]
    assert drifts(project, "--exclude", "[CO]*")[2]["lost"] == []
    done = project("run", "--exclude", "Softmax")
    assert (done.code, done.out) == (2, "")
    assert "--exclude Softmax matches no check" in done.err


def test_some_only_leaves_what_others_have_lost(project, edit):
    project("accept")
    edit('target = "mine:Cube"', 'target = "mine:Cube"\nname = "Other"', "actcheck.toml")
    assert "0 new, 0 changed, 0 gone, 3 as before" in project("accept", "--only", "Sum").out
    assert drifts(project)[2]["lost"] == ["Cube"]
    assert "1 new, 0 changed, 1 gone, 2 as before" in project("accept", "--exclude", "Sum").out


def test_some_only(project):
    assert "1 new" in project("accept", "--only", "Cube").out
    assert "1 new, 0 changed, 0 gone, 1 as before" in project("accept", "--only", "Sum").out


def test_expected_failures_have_no_baseline(project, edit):
    edit("3 * X**2", "2 * X**2")
    edit('target = "mine:Cube"', 'target = "mine:Cube"\nxfail = "factor"', "actcheck.toml")
    assert "2 new" in project("accept").out
    assert drifts(project, "--strict")[0] == 0


def test_a_baseline_that_was_edited(project, edit):
    project("accept")
    edit('"outputs": 5', '"outputs": 6', "actcheck-baseline.json")
    done = project("run")
    assert (done.code, done.out) == (2, "")
    assert "actcheck-baseline.json, line 4" in done.err
    assert project("accept").code == 2


def test_a_baseline_elsewhere(project, edit, tmp_path):
    edit("edge = false", 'edge = false\nbaseline = "gradients.json"', "actcheck.toml")
    project("accept")
    assert (tmp_path / "gradients.json").exists()


def test_more_kinks_than_are_kept_are_said(project, edit, tmp_path):
    edit("np.maximum(X, 0.0)", "np.abs(X - 2 * np.round(X / 2))")
    edit("np.where(X == 0, 1.0, X > 0)", "np.where(np.floor(X) % 2 == 0, 1.0, -1.0)")
    edit("rows = [[0, -1, 2]]", f"rows = {[[x] for x in range(-50, 51)]}", "actcheck.toml")
    done = project("accept", "--only", "ReLU")
    assert done.out.splitlines()[1] == " ReLU: 64 of its 101 kinks are kept"
    assert '"kinks found": 101,' in (tmp_path / "actcheck-baseline.json").read_text()


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("return (3 * X**2)[:1]", "the shape is (1, 5) for a batch of"),
        ("return None", "the values are object for a batch of"),
        ("raise KeyboardInterrupt", "its process ended without a verdict"),
        ("raise GeneratorExit", "it tried to end the process: GeneratorExit()"),
    ],
)
def test_a_functor_that_breaks_its_contract_on_the_baselines_rows_alone_has_failed(project, edit, tmp_path, body, what):
    edit("return 3 * X**2", "return 3 * X**2 if len(X) not in SIZES else self.broken(X)")
    edit("class ReLU:", "import sys\n\nSIZES = ()\n\n\nclass ReLU:")
    edit("class Sum:", f"    def broken(self, X):\n        {body}\n\n\nclass Sum:")
    project("accept")
    rows = json.loads((tmp_path / "actcheck-baseline.json").read_text())["checks"]["Cube"]["rows"]
    edit("SIZES = ()", f"SIZES = ({len(rows)},)")
    done = project("run", "--only", "Cube", "--json")
    (check,) = json.loads(done.out)["checks"]
    assert (done.code, check["status"]) == (1, "failed")
    assert what in done.out
    done = project("accept")
    assert done.code == 1
    assert "The baseline is left as it is" in done.out
