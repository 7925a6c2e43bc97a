from __future__ import annotations

import json
import subprocess
import sys

import pytest

WRONG = """
import numpy as np

class Band:
    def __call__(self, X):
        return np.tanh(X)

    def gradient(self, X):
        return (1 - np.tanh(X) ** 2) * np.where((X > 0.5) & (X < 0.50001), 1.001, 1)

class Root:
    def __call__(self, X):
        return np.sqrt(np.abs(X))

    def gradient(self, X):
        return np.sign(X) / (2 * np.sqrt(np.abs(X)))

class Tables:
    def __call__(self, X):
        return np.interp(X, [-100, 100], [-100, 100])

    def gradient(self, X):
        return np.ones_like(X)
"""


@pytest.fixture
def wrong(tmp_path, monkeypatch):
    (tmp_path / "wrong.py").write_text(WRONG, "utf-8")
    monkeypatch.chdir(tmp_path)


def actcheck(*words):
    return subprocess.run(
        [sys.executable, "-m", "actcheck", *words], capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_proved():
    done = actcheck("prove", "tanh", "--interval", "-30", "30")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == (
        "PROVED  tanh: to within 1e-09, for real arithmetic on [-30, 30]; for float64 see actcheck accuracy tanh"
    )


def test_a_kink_is_listed():
    done = actcheck("prove", "relu", "--interval=-2,3", "--at-zero", "0.5")
    assert done.returncode == 0
    assert "0 | 1     0.5  kink" in done.stdout
    assert "but for 1 kink or jump" in done.stdout


def test_refuted(wrong):
    done = actcheck("prove", "wrong.py:Band", "--interval", "-3", "3")
    assert done.returncode == 1
    assert "0.5  0.50001  wrong" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("REFUTED  wrong.py:Band: wrong at x = 0.500005")


def test_left_over(wrong):
    words = ("prove", "wrong.py:Root", "--interval", "-1", "1", "--resolution", "1e-4")
    done = actcheck(*words)
    assert done.returncode == 0
    assert "LEFT OVER  wrong.py:Root" in done.stdout
    assert actcheck(*words, "--strict").returncode == 1


def test_what_cannot_be_replayed_names_the_line(wrong):
    done = actcheck("prove", "wrong.py:Tables", "--interval", "-1", "1")
    assert done.returncode == 2
    assert "it cannot be replayed: return np.interp" in done.stderr
    assert "wrong.py:20" in done.stderr
    assert "it calls interp, which has no replay" in done.stderr
    assert "Traceback" not in done.stderr


def test_along_lines():
    words = ("prove", "softmax", "--interval", "-2", "2", "--lines", "2", "--dim", "3", "--json")
    done = actcheck(*words)
    assert done.returncode == 0
    (target,) = json.loads(done.stdout)["targets"]
    assert [path["path"] for path in target["proof"]["paths"]] == ["line 0", "line 1", "axis 0", "axis 1", "axis 2"]
    assert {piece["verdict"] for piece in target["proof"]["pieces"]} == {"proved"}
    assert actcheck(*words).stdout == done.stdout


def test_a_contract_that_is_broken_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "none.py").write_text(
        "class Forgot:\n    def __call__(self, X): return X\n    def gradient(self, X): pass\n"
    )
    done = actcheck("prove", "none.py:Forgot", "--interval", "0", "1")
    assert done.returncode == 1
    assert "is None: is a return missing?" in done.stdout


def test_mistakes_are_told_together():
    done = actcheck("prove", "tanh", "--interval", "3", "2", "--tolerance", "0", "--lines", "x")
    assert done.returncode == 2
    assert "--interval must be two finite numbers, the first less than the second, not '3,2'" in done.stderr
    assert "--tolerance must be a finite number above 0" in done.stderr
    assert "--lines must be a whole number" in done.stderr
    missing = actcheck("prove", "tanh").stderr
    assert missing == "error: --interval is missing: two finite numbers\n  fix: For example --interval -10 10.\n"
    assert "--interval needs two values" in actcheck("prove", "tanh", "--interval", "1").stderr


WITHOUT = "import sys; sys.modules['flint'] = None; import actcheck.exact.library as l; l.find_spec = lambda name: None"


@pytest.mark.parametrize("words", [("prove", "tanh", "--interval", "0", "1"), ("accuracy", "tanh")])
def test_without_the_extra(words):
    code = f"{WITHOUT}; sys.argv = ['actcheck', *{words!r}]; from actcheck.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        f"error: {words[0]} needs python-flint, which is not installed\n"
        "  fix: Install it: pip install 'actcheck[exact]'\n"
    )


@pytest.mark.parametrize("words", [("--help",), ("prove", "--help"), ("verify", "relu"), ("list",)])
def test_the_extra_is_not_loaded_for_what_does_not_need_it(words):
    code = (
        f"import sys; sys.argv = ['actcheck', *{words!r}]\n"
        "from actcheck.cli import main\n"
        "try: main()\n"
        "finally: print('flint' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.split()[-1] == "False"
