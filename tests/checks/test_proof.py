from __future__ import annotations

import numpy as np
import pytest

from actcheck.activations import ReLU, Softmax
from actcheck.checks import proof
from actcheck.checks.calls import Subject
from actcheck.model import CheckSpec, Claim, Layout, Outcome


def prove(functor, claim=Claim.DIAGONAL, layout=Layout.OUT_IN, n=3, **settings):
    spec = CheckSpec("it", command="prove", interval=(-2.0, 2.0), layout=layout, **settings)
    return proof.prove(Subject(functor, n, n, claim, layout, "float64"), spec, "it")


def test_an_elementwise_functor_has_one_path():
    found = prove(ReLU())
    (path,) = found.paths
    assert (path.name, path.low, path.high, path.scale) == ("x", -2, 2, 1)
    assert path.allowed == pytest.approx(1e-9)
    assert [(each.low, each.high, each.verdict) for each in found.stretches] == [(-2, 2, "proved")]
    assert {(bend.low, bend.left.low, bend.right.high, bend.analytic.low) for bend in found.bends} == {(0, 0, 1, 1)}
    line = proof.line_of(found)
    assert (line.outcome, line.summary) == (Outcome.PASSED, "proved")
    assert proof.findings(found) == []


def test_every_column_counts():
    class Third:
        def __call__(self, X):
            return X * np.array([1.0, 2.0, 3.0])

        def gradient(self, X):
            return np.ones_like(X) * np.array([1.0, 2.0, 3.0 + 1e-6])

    found = prove(Third())
    assert {each.output for each in found.refuted} == {2}


def test_lines_stay_in_the_box_and_axes_are_among_them():
    found = prove(Softmax(), Claim.JACOBIAN, lines=4, seed=3)
    assert [path.name for path in found.paths] == [*(f"line {k}" for k in range(4)), "axis 0", "axis 1", "axis 2"]
    for path in found.paths:
        for t in (path.low, path.high):
            row = np.array(path.base) + t * np.array(path.direction)
            assert np.all(np.abs(row) <= 2 + 1e-12)
            assert np.any(np.isclose(np.abs(row), 2))
    assert proof.line_of(found).outcome is Outcome.PASSED


def test_the_layout_is_minded():
    class Turned:
        """Not symmetric: a_0 = x_0 x_1, a_1 = x_1, a_2 = x_2."""

        def __call__(self, X):
            return np.stack([X[:, 0] * X[:, 1], X[:, 1], X[:, 2]], axis=1)

        def gradient(self, X):
            J = np.zeros((*X.shape, X.shape[1]))
            J[:, 0, 0], J[:, 1, 0], J[:, 1, 1], J[:, 2, 2] = X[:, 1], X[:, 0], 1, 1
            return J

    assert not prove(Turned(), Claim.JACOBIAN, Layout.IN_OUT, lines=2).refuted
    assert prove(Turned(), Claim.JACOBIAN, Layout.OUT_IN, lines=2).refuted


def test_what_is_refuted_and_left_over_are_findings():
    class Wrong:
        def __call__(self, X):
            return np.sqrt(np.abs(X))

        def gradient(self, X):
            return np.where(X > 1, 1.0, np.sign(X) / (2 * np.sqrt(np.abs(X))))

    found = prove(Wrong(), resolution=1e-4)
    assert proof.line_of(found).outcome is Outcome.FAILED
    refuted, left = proof.findings(found)
    assert (refuted.outcome, refuted.code, refuted.where) == (Outcome.FAILED, "refuted", "[1.0, 2.0]")
    assert (left.outcome, left.code) == (Outcome.UNRESOLVED, "left-over")


class Log:
    def __call__(self, X):
        return np.log(X)

    def gradient(self, X):
        return 1 / X


def test_what_has_no_value_is_one_piece_with_a_hint():
    found = prove(Log())
    first, *border, last = found.stretches
    assert (first.low, first.high, first.verdict) == (-2, 0, "left over")
    assert first.reason.startswith("it has no value there: ")
    # At its edge it has values, of which another reason keeps the proof.
    assert {each.verdict for each in border} == {"left over"}
    assert len({each.reason for each in border}) == len(border) == 2
    assert (last.high, last.verdict) == (2, "proved")
    (finding,) = proof.findings(found)
    assert finding.message.endswith("; give an --interval that lies inside the domain")
    assert proof.line_of(found).summary == "3 left over"


def test_a_point_that_is_wrong_in_every_column_is_one_place():
    class OnePoint:
        def __call__(self, X):
            return np.tanh(X)

        def gradient(self, X):
            G = 1 - np.tanh(X) ** 2
            G[X == 0.75] = 0.5
            return G

    found = prove(OnePoint())
    assert {each.output for each in found.refuted} == {0, 1, 2}
    assert [(each.low, each.high) for each in found.stretches if each.verdict == "wrong"] == [(0.75, 0.75)]
    assert proof.line_of(found).summary == "1 refuted"
