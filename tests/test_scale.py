"""Large functors from end to end: which way is taken, what the report says of it, and how much memory it takes."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

import actcheck
from actcheck import run
from actcheck.checks import contract
from actcheck.model import CheckSpec, Layout, Outcome

MEBI = 1 << 20


class Softmax:
    """Of any width, over the last axis."""

    def __call__(self, X):
        E = np.exp(X - X.max(axis=-1, keepdims=True))
        return E / E.sum(axis=-1, keepdims=True)

    def gradient(self, X):
        A = self(X)
        J = -A[:, :, None] * A[:, None, :]
        i = np.arange(X.shape[1])
        J[:, i, i] += A
        return J


class OneOff(Softmax):
    """With one wrong entry."""

    def gradient(self, X):
        J = super().gradient(X)
        J[:, 7, 5] *= 1.1
        return J


class Flipped(Softmax):
    """With the sign of everything flipped."""

    def gradient(self, X):
        return -super().gradient(X)


class Sigmoid:
    """Element-wise."""

    def __call__(self, X):
        return 1 / (1 + np.exp(-X))

    def gradient(self, X):
        A = self(X)
        return A * (1 - A)


def test_a_pass_by_directions_says_so():
    report = actcheck.check(Softmax(), dim=80, directions=3)
    assert report.directions == 3
    assert report.outcome is Outcome.PASSED
    text = " ".join(str(report).split())
    assert "ok, 3 directions" in text
    assert "seen along 3 random directions, an error of a single entry of" in text
    assert text.endswith("agree along 3 directions")


def test_small_jacobians_are_looked_at_entry_by_entry():
    report = actcheck.check(Softmax(), dim=80)
    assert report.directions is None
    assert "direction" not in str(report)


def test_one_wrong_entry_is_named():
    report = actcheck.check(OneOff(), dim=80, directions=4)
    assert report.outcome is Outcome.FAILED
    assert {(entry.output, entry.input) for entry in report.worst} == {(7, 5)}
    assert "at least" not in str(report)


def test_many_wrong_entries_are_at_least_so_many():
    report = actcheck.check(Flipped(), dim=80, directions=4)
    assert report.outcome is Outcome.FAILED
    assert f"WRONG  Flipped: at least {report.wrong:,} of " in str(report)


def test_a_diagonal_needs_no_directions():
    report = actcheck.check(Sigmoid(), directions=4)
    assert report.directions is None
    assert "a diagonal needs no directions: every entry is looked at" in report.notes


@pytest.mark.parametrize("functor", [Softmax(), OneOff()])
def test_full_and_directions_agree(functor):
    full = actcheck.check(functor, dim=80, full=True)
    short = actcheck.check(functor, dim=80, directions=4)
    assert full.outcome is short.outcome


def test_a_large_jacobian_fits_into_memory():
    """One of its rows takes 34 MiB; all rows of the check would take 700."""
    tracemalloc.start()
    try:
        report = actcheck.check(Softmax(), dim=2100)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert report.outcome is Outcome.PASSED
    assert report.directions == 4
    assert peak < 400 * MEBI


def test_a_wide_elementwise_functor_fits_into_memory():
    tracemalloc.start()
    try:
        report = actcheck.check(Sigmoid(), dim=40_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert report.outcome is Outcome.PASSED
    assert peak < 400 * MEBI


class Stale(Softmax):
    """Its gradient belongs to the last value."""

    def __call__(self, X):
        self.A = super().__call__(X)
        return self.A

    def gradient(self, X):
        A = self.A[: len(X)] if len(self.A) >= len(X) else super().__call__(X)
        J = -A[:, :, None] * A[:, None, :]
        i = np.arange(X.shape[1])
        J[:, i, i] += A
        return J


def test_the_contract_of_a_large_jacobian_is_asked_all_the_same(monkeypatch):
    monkeypatch.setattr(contract, "LARGEST", 1 << 10)
    X = np.random.default_rng(0).normal(size=(6, 60))
    assert contract.examine(Softmax(), X, 2 * X, Layout.OUT_IN, "float64").judgeable
    found = contract.examine(Stale(), X, 2 * X, Layout.OUT_IN, "float64").findings
    assert "stale-state" in {finding.code for finding in found}


class Sort:
    def __call__(self, X):
        return np.sort(X, axis=1)

    def gradient(self, X):
        return np.eye(X.shape[1])[np.argsort(X, axis=1, kind="stable")]


@pytest.mark.parametrize("settings", [{"dim": 80}, {"dim": 48, "directions": 4}])
def test_a_sort_of_many_equal_numbers_is_never_called_wrong(settings):
    report = run.check_functor(CheckSpec("Sort", **settings), Sort(), None)
    assert not report.wrong
    assert report.outcome is not Outcome.FAILED
