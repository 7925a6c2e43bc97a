"""The harness itself, on jobs whose times are known; the benchmarks are run by `make bench`."""

from __future__ import annotations

import math

import numpy as np
import pytest

from . import bounds, functors
from .__main__ import main
from .harness import Line, alternate, compare, table


def test_jobs_alternate_and_the_warm_up_does_not_count():
    order = []
    seconds = alternate({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=3)
    assert order == ["a", "b"] * 4
    assert [len(times) for times in seconds.values()] == [3, 3]


def test_the_ratio_is_the_median_of_the_rounds():
    """One slow round of both says nothing; one slow round of ours is an outlier."""
    line = compare("", {"ours": [2.0, 20.0, 90.0], "bound": [1.0, 10.0, 1.0]}, "ours", "bound", limit=2.0)
    assert line.ratio == 2.0
    assert not line.is_over
    assert compare("", {"ours": [3.0], "bound": [1.0]}, "ours", "bound", limit=2.0).is_over


def test_what_is_not_known_is_over_its_limit():
    assert Line("", "", ratio=math.nan, limit=1.0).is_over
    assert Line("", "", limit=1.0).is_over
    assert not Line("", "").is_over


def test_the_table_has_no_blanks_at_the_ends():
    lines = table([Line("short", "1 ms"), Line("longer", "2 ms", "1 ms", 2.0, 3.0, (1.9, 2.1))]).splitlines()
    assert [line.rstrip() for line in lines] == lines
    assert lines[-1].split() == ["longer", "2", "ms", "1", "ms", "2", "(1.9", "-", "2.1)", "3", "ok"]


def test_the_exit_code(capsys):
    groups = {"good": lambda: [Line("a", "1", ratio=1.0, limit=2.0)], "bad": lambda: [Line("b", "3", ratio=3, limit=2)]}
    assert main(["good"], groups) == 0
    assert main([], groups) == 1
    assert main(["ugly"], groups) == 2
    assert "OVER" in capsys.readouterr().out


@pytest.mark.parametrize("batch", [1, 3, 200])
def test_the_lower_bounds_do_the_work(batch):
    """They compare every entry: a single wrong one is counted."""
    X = functors.rows(batch, 40)
    softmax, sigmoid = functors.Softmax(), functors.Sigmoid()
    assert bounds.full_jacobian(softmax, X) == bounds.diagonal(sigmoid, X) == 0
    assert bounds.full_jacobian(_Spoiled(softmax, (batch - 1, 39, 0)), X) == 1
    assert bounds.diagonal(_Spoiled(sigmoid, (0, 39)), X[:1]) == 1


class _Spoiled:
    def __init__(self, functor, place):
        self.functor, self.place = functor, place

    def __call__(self, X):
        return self.functor(X)

    def gradient(self, X):
        G = np.array(self.functor.gradient(X))
        G[self.place] += 0.01
        return G
