"""Planted errors: which are caught, down to what size; the same machinery tests the tool over the whole catalogue."""

from __future__ import annotations

import numpy as np
import pytest
from activations.cases import DEFAULTS

from actcheck import run
from actcheck.checks import planted
from actcheck.model import CheckSpec, Outcome
from tests.checks.cases import RELU, SOFTMAX, TANH, Made, rows, sech2, subject

ELEMENTWISE = ["one entry", "one column", "one side", "one side", "every entry", "a dropped entry"]


def measured(functor, **settings):
    return run.check_functor(CheckSpec("made", sensitivity=True, **settings), functor, None)


def by_kind(report):
    return {each.kind: each for each in report.planted}


@pytest.mark.parametrize("case", DEFAULTS, ids=lambda case: case.entry.name)
def test_each_kind_is_caught_all_over_the_catalogue(case):
    """A sensitivity that is lost shows here: rtol is 1e-8, so 1e-6 leaves room for steep functors only."""
    report = run.check_target(
        CheckSpec(case.entry.name, parameters=case.parameters, dim=case.width(5), sensitivity=True)
    )
    assert report.outcome is Outcome.PASSED
    found = by_kind(report)
    assert {"one entry", "one column", "one side", "every entry", "a dropped entry"} <= found.keys()
    for kind, each in found.items():
        assert each.caught is not None, f"{kind} is never caught"
        assert each.missed is None or each.missed < each.caught
        if not kind.startswith("a "):
            assert each.caught <= 1e-6, f"{kind} is caught from {each.caught} on only"
            assert each.runs <= 5
    assert found["a dropped entry"].caught <= 1e-3 or found["a dropped entry"].missed is None
    full = report.claim.value == "full Jacobian"
    assert ("a sign off the diagonal" in found) == (full and report.inputs == report.outputs)


def test_kinds_of_an_elementwise_functor():
    assert [each.kind for each in measured(TANH).planted] == ELEMENTWISE


def test_the_size_follows_the_tolerance():
    sizes = [by_kind(measured(TANH, rtol=rtol))["every entry"].caught for rtol in (1e-3, 1e-5, 1e-8)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] >= 1e-3 > sizes[1] >= 1e-5 > sizes[2] >= 1e-8


def test_it_is_the_same_each_time_and_elsewhere_by_seed():
    one, same, other = (measured(SOFTMAX, seed=seed).planted for seed in (0, 0, 1))
    assert one == same
    assert {each.where for each in one} != {each.where for each in other}


def test_the_functor_is_not_touched():
    class Kept(Made):
        buffer = None

        def gradient(self, X):
            self.buffer = super().gradient(X)
            self.buffer.setflags(write=False)
            return self.buffer

    functor = Kept(np.tanh, sech2)
    before = dict(vars(functor))
    assert measured(functor).planted
    assert before.keys() <= vars(functor).keys()
    assert functor.slope is sech2
    assert (functor.gradient(np.ones((1, 2))) == sech2(np.ones((1, 2)))).all()


def test_a_gradient_that_is_wrong_already_gets_no_more_errors():
    report = measured(Made(np.tanh, lambda X: -sech2(X)))
    assert report.planted == ()
    assert "no errors were planted: there is something wrong already" in report.notes


def test_a_gradient_of_zeros_has_nothing_to_plant_into():
    report = measured(Made(np.zeros_like, np.zeros_like))
    assert report.planted == ()
    assert "no errors were planted: no entry of the gradient differs from 0" in report.notes


def test_a_side_that_is_flat_is_left_out():
    sides = [each.where for each in measured(RELU).planted if each.kind == "one side"]
    assert sides == ["x > 0"]


def test_what_is_planted():
    X = np.array([[1.0, -2.0], [3.0, 4.0]])
    ones = np.ones((2, 2))
    assert planted._column(2.0, 1)(X, ones.copy()).tolist() == [[1, 2], [1, 2]]
    assert planted._on_side(2.0, -1.0)(X, ones).tolist() == [[1, 2], [1, 1]]
    assert planted._everywhere(2.0)(X, ones).tolist() == [[2, 2], [2, 2]]
    jacobian = np.ones((2, 3, 2))
    assert planted._on_side(2.0, -1.0)(X, jacobian)[0].tolist() == [[1, 2]] * 3
    place = planted._Place(rows([1.0, -2.0], [3.0, 4.0]), 1, (2, 0), 1.0)
    changed = place.plant(0.0)(X, jacobian)
    assert changed[1, 2, 0] == 0
    assert changed.sum() == 11


def test_the_planted_subject_leaves_the_gradient_alone():
    subjects = subject(TANH)
    wrong = planted.PlantedSubject(
        TANH, 5, 5, subjects.claim, subjects.layout, "float64", plant=lambda X, J: np.negative(J, out=J)
    )
    X = np.ones((2, 5))
    assert (wrong.gradient(X) == -subjects.gradient(X)).all()
    assert (wrong.gradient(X) == -subjects.gradient(X)).all()


@pytest.mark.parametrize("first", range(17))
def test_bisection(first):
    asked = []

    def is_caught(k):
        asked.append(k)
        return k < first

    assert planted._first_missed(16, is_caught) == min(first, 16)
    assert len(asked) <= 5
    assert len(set(asked)) == len(asked)
