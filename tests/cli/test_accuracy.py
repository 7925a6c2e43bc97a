from __future__ import annotations

import json
import subprocess
import sys


def actcheck(*words):
    return subprocess.run(
        [sys.executable, "-m", "actcheck", *words], capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_one_that_loses_nothing():
    done = actcheck("accuracy", "gelu")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("ACCURATE  gelu: within ")
    assert "errors in ulps: v value, g gradient, # both" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_one_that_does(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "naive.py").write_text(
        "import numpy as np\n"
        "class Tanh:\n"
        "    def __call__(self, X): return np.tanh(X)\n"
        "    def gradient(self, X): return 1 - np.tanh(X) ** 2\n"
    )
    done = actcheck("accuracy", "naive.py:Tanh")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == (
        "LOSSES  naive.py:Tanh: the gradient is exactly 0 from x = 18.99, where it is not (cancellation) "
        "(and 1 loss more)"
    )
    assert actcheck("accuracy", "naive.py:Tanh", "--strict").returncode == 1
    (target,) = json.loads(actcheck("accuracy", "naive.py:Tanh", "--json").stdout)["targets"]
    assert {loss["kind"] for loss in target["accuracy"]["losses"]} == {"cancellation"}
    assert len(target["accuracy"]["curve"]) == target["accuracy"]["points"]


def test_a_function_of_the_row_is_refused():
    done = actcheck("accuracy", "softmax")
    assert done.returncode == 2
    assert "for element-wise functors" in done.stderr
