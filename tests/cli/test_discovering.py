"""``actcheck verify`` of files and packages, as processes."""

from __future__ import annotations

import json
import subprocess
import sys
from textwrap import dedent

import pytest

GOOD = """
import numpy as np

class Tanh:
    def __call__(self, X):
        return np.tanh(X)
    def gradient(self, X):
        return 1 / np.cosh(X) ** 2

class Swish:
    def __init__(self, beta=1.0):
        self.beta = beta
    def __call__(self, X):
        return X / (1 + np.exp(-self.beta * X))
    def gradient(self, X):
        S = 1 / (1 + np.exp(-self.beta * X))
        return S + X * S * (1 - S)

class Leaky:
    def __init__(self, alpha):
        self.alpha = alpha
    def __call__(self, X):
        return np.where(X > 0, X, self.alpha * X)
    def gradient(self, X):
        return np.where(X > 0, 1.0, self.alpha)
"""


@pytest.fixture
def actcheck(tmp_path, environ):
    """Run a command line in a folder with a package, and with files that cannot be read."""
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").write_text("from pkg.acts import Tanh\n")
    (tmp_path / "pkg" / "acts.py").write_text(GOOD)
    (tmp_path / "hw").mkdir()
    (tmp_path / "hw" / "good.py").write_text(GOOD)
    (tmp_path / "hw" / "old.py").write_text('print "old"\n')
    (tmp_path / "hw" / "asks.py").write_text("n = input('n? ')\n")
    (tmp_path / "hw" / "missing.py").write_text("import no_such_library\n")
    (tmp_path / "hw" / "loops.py").write_text("import time\nwhile True:\n    time.sleep(1)\n")
    (tmp_path / "empty.py").write_text("x = 1\n")

    def run(*argv):
        command = [sys.executable, "-m", "actcheck", *argv]
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, env=environ, check=False, input="never read"
        )

    return run


def test_a_package(actcheck):
    done = actcheck("verify", "pkg", "--no-edge")
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout.splitlines()
        == dedent(
            """\
         verdict  target
         OK       pkg.acts:Tanh   all 40 entries agree
         OK       pkg.acts:Swish  all 40 entries agree

         left out        why
         pkg.acts:Leaky  its constructor needs arguments: add --alpha VALUE

        2 targets in 1 file: 2 ok; 1 left out"""
        ).splitlines()
    )


def test_a_file_that_is_counted_is_told_of(actcheck, tmp_path):
    """One without a function or a class of its own is neither; one with some, and no functor, is left out."""
    (tmp_path / "mixed").mkdir()
    (tmp_path / "mixed" / "acts.py").write_text(GOOD)
    (tmp_path / "mixed" / "empty.py").write_text("")
    (tmp_path / "mixed" / "again.py").write_text("import acts\nfrom acts import *\nn = 3\n")
    (tmp_path / "mixed" / "utils.py").write_text("def load(path):\n    return path\n")
    for words in (("verify", "mixed", "--no-edge"), ("verify", "--list-targets", "mixed")):
        done = actcheck(*words)
        assert (done.returncode, done.stderr) == (0, "")
        left_out = [line.split(maxsplit=1) for line in done.stdout.partition("why\n")[2].splitlines()[:2]]
        assert left_out == [
            ["mixed/acts.py:Leaky", "its constructor needs arguments: add --alpha VALUE"],
            ["mixed/utils.py", "nothing in it has a value and a derivative"],
        ]
        assert "empty.py" not in done.stdout
        assert "again.py" not in done.stdout
    assert done.stdout.splitlines()[-1] == "2 targets, 2 left out"
    assert actcheck("verify", "mixed", "--no-edge").stdout.splitlines()[-1] == "2 targets in 2 files: 2 ok; 2 left out"


def test_a_single_file_without_a_functor_is_an_error_and_no_more(actcheck, tmp_path):
    (tmp_path / "utils.py").write_text("def load(path):\n    return path\n")
    for words in (("verify", "utils.py"), ("verify", "--list-targets", "utils.py"), ("verify", "empty.py")):
        done = actcheck(*words)
        assert done.returncode == 2
        assert "nothing in it" not in done.stdout
        assert done.stderr.startswith("error: no functor was found\n")
    document = json.loads(actcheck("verify", "utils.py", "--json").stdout)
    assert (document["left_out"], len(document["errors"])) == ([], 1)


def test_what_cannot_be_read_is_a_line_each_and_the_others_go_on(actcheck):
    done = actcheck("verify", "hw", "--no-edge", "--timeout", "8")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "error: hw/asks.py:1: it asks for input while it is imported",
        "error: hw/loops.py: while it was imported, it did not finish within 8 s (--timeout)",
        "error: hw/missing.py:1: it imports `no_such_library`, and there is no such module",
        "error: hw/old.py:1: it is written for Python 2: Missing parentheses in call to 'print'. "
        "Did you mean print(...)?",
    ]
    assert done.stdout.splitlines()[-1] == "2 targets in 5 files: 2 ok; 1 left out, 4 errors"


def test_a_keyword_goes_to_each_that_has_it(actcheck):
    done = actcheck("verify", "pkg.acts:*", "--no-edge", "--beta", "2", "--alpha", "0.1")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "3 targets in 1 file: 2 ok, 1 wrong"
    assert "replay       actcheck verify pkg.acts:Swish --beta 2 --x" in done.stdout
    refused = actcheck("verify", "pkg", "--gamma", "2")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("error: --gamma is no option, and no target takes it\n")


def test_a_list_and_no_check(actcheck):
    done = actcheck("verify", "--list-targets", "pkg.acts")
    assert done.returncode == 0
    assert done.stdout.splitlines()[:3] == [
        " target          read as                       parameters",
        " pkg.acts:Tanh   plain: __call__ and gradient",
        " pkg.acts:Swish  plain: __call__ and gradient  --beta",
    ]
    assert done.stdout.splitlines()[-1] == "2 targets, 1 left out"


def test_as_json(actcheck):
    whole = json.loads(actcheck("verify", "hw/good.py", "relu", "--no-edge", "--json").stdout)
    assert [each["target"] for each in whole["targets"]] == ["hw/good.py:Tanh", "hw/good.py:Swish", "relu"]
    assert whole["left_out"] == [
        {"target": "hw/good.py:Leaky", "reason": "its constructor needs arguments: add --alpha VALUE"}
    ]
    listed = json.loads(actcheck("verify", "pkg.acts", "gone.py", "--list-targets", "--json").stdout)
    assert listed["targets"][1] == {
        "target": "pkg.acts:Swish",
        "read": "plain: __call__ and gradient",
        "keywords": ["beta"],
        "parameters": {},
    }
    assert listed["errors"][0]["target"] == "gone.py"


def test_where_nothing_is_found(actcheck):
    done = actcheck("verify", "empty.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: no functor was found\n  where: empty.py\n")
    done = actcheck("verify", "empty.py", "--list-targets")
    assert done.returncode == 2


def test_a_single_file_that_cannot_be_read_is_told_at_length(actcheck):
    done = actcheck("verify", "hw/old.py")
    assert done.returncode == 2
    assert done.stderr.splitlines()[:3] == [
        "error: it is written for Python 2: Missing parentheses in call to 'print'. Did you mean print(...)?",
        "  where: hw/old.py:1",
        "  fix: Convert it to Python 3.",
    ]


def test_names_load_nothing_of_this():
    """Start-up is a feature: only what may be a place is looked into."""
    code = (
        "import sys\nfrom actcheck.cli import verify\nassert not verify._any_open(['relu.py:F', 'pkg.mod:F'])\n"
        "assert 'actcheck.targets' not in sys.modules and 'actcheck.discovery' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
