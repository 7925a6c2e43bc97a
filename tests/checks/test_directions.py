"""Directions: what must pass, what must be found and named, and that they never call anything wrong by themselves."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.checks import directions
from actcheck.checks.calibration import calibrate
from actcheck.checks.directions import STANDARD, DirectionCheck
from actcheck.model import Claim, Layout, Verdict

from .cases import SOFTMAX, TANH, Made, random_rows, rows, sech2, softmax, subject

N = 200
W = np.random.default_rng(5).normal(size=(N, N)) / np.sqrt(N)
DENSE = Made(lambda X: np.tanh(X @ W), lambda X: sech2(X @ W)[:, :, None] * W.T)
RELU = Made(lambda X: np.maximum(X, 0), lambda X: (X > 0)[:, :, None] * np.eye(X.shape[1]))
FUNCTORS = pytest.mark.parametrize("functor", [SOFTMAX, DENSE], ids=["softmax", "tanh(XW)"])


def checked(functor, X=None, seed=0, count=STANDARD, rtol=1e-8, outputs=N, inputs=N, **known):
    one = subject(functor, inputs, outputs, jacobian=True, **known)
    reference = random_rows(inputs, one.dtype, seed)
    learned = calibrate(one, reference, rtol, 0.0, seed)
    group = rows(*(reference if X is None else X), dtype=one.dtype)
    return DirectionCheck(one, learned, reference, count, seed).add(group).tally


def planted(functor, *entries):
    """Make some entries (output, input, error) wrong, by a share of the largest slope of their output."""

    def gradient(X):
        J = np.array(functor.gradient(X))
        largest = np.abs(J).max(axis=2)
        for output, input, error in entries:
            J[:, output, input] += error * largest[:, output]
        return J

    return Made(functor.value, gradient)


def named(tally):
    return {(entry.output, entry.input) for entry in tally.worst}


@FUNCTORS
@pytest.mark.parametrize("seed", range(5))
def test_a_right_jacobian_agrees(functor, seed):
    tally = checked(functor, seed=seed)
    assert {each: count for each, count in tally.counts.items() if count} == {Verdict.AGREE: 8 * N * N}
    assert tally.error <= tally.allowed
    assert ", output " in tally.where


@FUNCTORS
@pytest.mark.parametrize("error", [1e-5, 0.05, -0.05])
@pytest.mark.parametrize("place", [(0, 0), (17, 93), (199, 198)])
def test_a_single_wrong_entry_is_named(functor, place, error):
    tally = checked(planted(functor, (*place, error)))
    assert named(tally) == {place}
    assert not tally.counts[Verdict.UNRESOLVED]
    assert tally.wrong + tally.counts[Verdict.AGREE] == 8 * N * N
    entry = tally.worst[0]
    assert abs(entry.analytic - entry.numeric) > entry.allowed + entry.bound


@FUNCTORS
@pytest.mark.parametrize("seed", range(3))
def test_two_entries_that_all_but_cancel_are_named(functor, seed):
    tally = checked(planted(functor, (11, 20, 0.05), (11, 150, -0.05)), seed=seed)
    assert named(tally) == {(11, 20), (11, 150)}


def test_one_entry_in_several_rows_costs_little_more():
    """What is found in one row is tried first in the next."""
    asked = []

    def counted(X):
        asked.append(len(X))
        return softmax(X)

    spoiled = planted(SOFTMAX, (17, 93, 0.05))
    checked(Made(counted, spoiled.gradient))
    assert sum(asked) <= 300 * 8


def test_mistakes_everywhere_are_told_as_at_least_so_many():
    tally = checked(Made(softmax, lambda X: -SOFTMAX.gradient(X)))
    assert tally.wrong >= 64
    assert tally.counts[Verdict.UNRESOLVED] > N
    assert sum(tally.counts.values()) == 8 * N * N
    assert directions.OPEN in {entry.reason for entry in tally.unresolved}


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_an_entry_that_is_not_finite_is_named(bad):
    def gradient(X):
        J = np.array(SOFTMAX.gradient(X))
        J[2, 3, 4] = bad
        return J

    tally = checked(Made(softmax, lambda X: gradient(X) if len(X) == 8 else SOFTMAX.gradient(X)))
    assert named(tally) == {(3, 4)}
    assert tally.wrong == 1


def test_where_directions_meet_a_kink_the_row_is_looked_at_entry_by_entry():
    """They are half a slope off at every tie of a rectifier; each entry is a sub-gradient all the same."""
    tally = checked(RELU, [np.zeros(N), *random_rows(N)])
    assert not tally.wrong
    assert tally.counts[Verdict.KINK_ACCEPTED] >= N / 2
    assert sum(tally.counts.values()) == 9 * N * N


def test_a_kink_may_still_be_refused():
    spoiled = Made(RELU.value, lambda X: RELU.gradient(X) + (X == 0)[:, :, None] * 2.0 * np.eye(N))
    X = random_rows(N).copy()
    X[:, 7] = 0.0
    tally = checked(spoiled, X)
    assert named(tally) == {(7, 7)}
    assert {entry.verdict for entry in tally.worst} == {Verdict.KINK_REFUSED}


def test_more_kinks_than_can_be_afforded_are_unresolved(monkeypatch):
    monkeypatch.setattr(directions, "BUDGET", 0)
    tally = checked(RELU, [np.zeros(N)])
    assert not tally.wrong
    assert tally.counts[Verdict.UNRESOLVED]


def test_values_that_are_not_finite_are_left_out():
    def value(X):
        return np.where(X > 700, np.inf, np.tanh(X))

    J = Made(value, lambda X: sech2(X)[:, :, None] * np.eye(N))
    X = random_rows(N).copy()
    X[0, 5] = 800.0
    tally = checked(J, X)
    assert tally.counts[Verdict.OVERFLOW] == N
    assert tally.counts[Verdict.AGREE] == (8 * N - 1) * N


def test_saturated_outputs_are_not_told_from_wrong_ones():
    """What cancellation leaves of a value near 0 is noise of the usual size, not of its own."""

    def slope(X):
        T = np.tanh(0.8 * X)
        return ((1 + T) / 2 + 0.4 * X * (1 - T * T))[:, :, None] * np.eye(N)

    assert not checked(Made(lambda X: X * (1 + np.tanh(0.8 * X)) / 2, slope), 3 * random_rows(N)).wrong


def test_what_a_pass_is_worth():
    seen = checked(SOFTMAX).sensitivity
    assert seen.share == 1
    assert 1e-9 < seen.error < 1e-5
    smallest = 2 * seen.error
    assert checked(planted(SOFTMAX, (17, 93, smallest))).wrong == 8


def test_a_looser_tolerance_is_kept():
    spoiled = planted(SOFTMAX, (17, 93, 1e-6))
    assert checked(spoiled).wrong
    assert not checked(spoiled, rtol=1e-4).wrong


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_shorter_types(dtype):
    short = Made(softmax, lambda X: SOFTMAX.gradient(X).astype(X.dtype))
    assert not checked(short, dtype=dtype).wrong
    assert checked(planted(short, (17, 93, 0.5)), dtype=dtype).wrong


def test_an_oblong_jacobian_in_either_layout():
    V = W[:, :120]
    out_in = Made(lambda X: np.tanh(X @ V), lambda X: sech2(X @ V)[:, :, None] * V.T)
    in_out = Made(out_in.value, lambda X: np.swapaxes(out_in.gradient(X), 1, 2))
    for functor, layout in ((out_in, Layout.OUT_IN), (in_out, Layout.IN_OUT)):
        tally = checked(functor, outputs=120, layout=layout)
        assert tally.counts[Verdict.AGREE] == 8 * N * 120
    assert named(checked(planted(out_in, (119, 180, 0.05)), outputs=120)) == {(119, 180)}


def test_the_way_follows_from_the_size_unless_it_is_asked_for():
    small, large = subject(SOFTMAX, 1024, jacobian=True), subject(SOFTMAX, 1025, jacobian=True)
    assert directions.count(small, None, full=False) is None
    assert directions.count(large, None, full=False) == STANDARD
    assert directions.count(large, None, full=True) is None
    assert directions.count(small, 7, full=False) == 7
    assert subject(TANH).claim is Claim.DIAGONAL
    assert directions.count(subject(TANH), 7, full=False) is None


RELU_DENSE = Made(lambda X: np.maximum(X @ W, 0), lambda X: (X @ W > 0)[:, :, None] * W.T)


def test_kinks_next_to_rows_are_stepped_round():
    """Along a direction some outputs of a row cross a kink; a shorter step does not reach it."""
    evaluated = []

    def value(X):
        evaluated.append(len(X))
        return RELU_DENSE.value(X)

    for seed in range(4):
        evaluated.clear()
        tally = checked(Made(value, RELU_DENSE.slope), seed=seed)
        assert {each: count for each, count in tally.counts.items() if count} == {Verdict.AGREE: 8 * N * N}
        # Not one row is looked at entry by entry, which takes two evaluations for each input.
        assert sum(evaluated) < 8 * 2 * N


def test_a_wrong_entry_next_to_a_kink_is_found_at_shorter_steps():
    for seed in range(4):
        tally = checked(planted(RELU_DENSE, (17, 93, 0.05)), seed=seed)
        assert named(tally) <= {(17, 93)}
        assert tally.wrong > 0
