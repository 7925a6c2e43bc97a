"""A softmax of 8 rows of 1024 by random directions: 8,388,608 entries, none of them looked at by itself.

The least that it takes is the gradient, asked for row by row, and as many evaluations of the function and products of
the Jacobian as the check makes. PyTorch's gradcheck gets the same functor, wrapped in an `autograd.Function`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec

import numpy as np

from actcheck.checks.calibration import calibrate
from actcheck.checks.calls import Subject
from actcheck.checks.directions import STANDARD, DirectionCheck
from actcheck.checks.tolerance import DEFAULT_RTOL
from actcheck.model import CheckSpec, Claim, Layout, Verdict
from actcheck.rows import batch

from .functors import Array, Softmax, rows
from .harness import Line, alternate, compare, mebibytes, peak
from .others import gradcheck

BATCH, WIDTH = 8, 1024
LIMIT = 1.5
SLOW_LIMIT, FAST_LIMIT = 1 / 50, 1.0
ROUNDS = 9
PLANTED = 100


def measure() -> Iterator[Line]:
    """Compare with the least that it takes, with PyTorch, and count what is found of planted errors."""
    functor, X = Softmax(), rows(BATCH, WIDTH)
    ours = comparison(functor, X)
    jobs = {"ours": ours, "least": least(functor, X)}
    what = f"softmax, {BATCH} × {WIDTH}, {STANDARD} directions"
    seconds = alternate(jobs, ROUNDS)
    yield compare(f"{what} / gradient by rows, forwards and products", seconds, "ours", "least", LIMIT)
    if find_spec("torch"):
        for fast, limit, rounds in ((True, FAST_LIMIT, ROUNDS), (False, SLOW_LIMIT, 1)):
            against = f"torch gradcheck, {'fast' if fast else 'slow'}"
            seconds = alternate({"ours": ours, against: gradcheck(functor, X, fast)}, rounds, warm_up=int(fast))
            yield compare(f"{what} / {against}", seconds, "ours", against, limit)
    most = peak(ours)
    yield Line(f"{what}: memory beyond the input / Jacobian", mebibytes(most), ratio=most / (8 * X.size * WIDTH))
    yield from _planted()


def comparison(functor: Softmax, X: Array) -> Callable[[], DirectionCheck]:
    """Do all that comes before the comparison, and give what does the comparison."""
    subject = Subject(functor, X.shape[1], X.shape[1], Claim.JACOBIAN, Layout.OUT_IN, "float64")
    reference = batch.reference(CheckSpec("softmax"), X.shape[1]).values
    calibration = calibrate(subject, reference, DEFAULT_RTOL, 0.0, 0)
    given = batch.given(X, "float64")
    return lambda: DirectionCheck(subject, calibration, reference, STANDARD, 0).add(given)


def least(functor: Softmax, X: Array) -> Callable[[], float]:
    """Give what evaluates as much, in batches as large, and multiplies as often, but compares nothing."""
    evaluated: list[int] = []

    class Counting(Softmax):
        def __call__(self, X: Array) -> Array:
            evaluated.append(len(X))
            return super().__call__(X)

        def gradient(self, X: Array) -> Array:
            return functor.gradient(X)

    check = comparison(Counting(), X)
    evaluated.clear()
    check()
    batches = [np.resize(X, (size, X.shape[1])) for size in evaluated]
    directions = np.resize(X, (STANDARD, X.shape[1])).T

    def job() -> float:
        total = sum(float(functor(each)[0, 0]) for each in batches)
        return total + sum(float((functor.gradient(row[None])[0] @ directions)[0, 0]) for row in X)

    return job


# ------------------------------------------------------------------------------------------ planted errors


class _Dense:
    """tanh(XW): every output depends on every input."""

    def __init__(self, width: int) -> None:
        self.W = np.random.default_rng(5).normal(size=(width, width)) / np.sqrt(width)

    def __call__(self, X: Array) -> Array:
        return np.tanh(X @ self.W)

    def gradient(self, X: Array) -> Array:
        return (1 - np.tanh(X @ self.W) ** 2)[:, :, None] * self.W.T


class _Planted:
    """Another functor, some of whose entries are off by a share of their output's largest slope; and what it costs."""

    def __init__(self, functor: Softmax | _Dense, output: int, errors: dict[int, float]) -> None:
        self.functor, self.output, self.errors = functor, output, errors
        self.evaluated = 0

    def __call__(self, X: Array) -> Array:
        self.evaluated += len(X)
        return self.functor(X)

    def gradient(self, X: Array) -> Array:
        J = self.functor.gradient(X)
        largest = np.abs(J[:, self.output]).max(axis=1)
        for column, error in self.errors.items():
            J[:, self.output, column] += error * largest
        return J


def _planted() -> Iterator[Line]:
    chance = np.random.default_rng(1)
    width = 1000
    for name, functor in (("softmax", Softmax()), ("tanh(XW)", _Dense(width))):
        for what, sizes in (("none", ()), ("1e-5", (1e-5,)), ("5 %", (0.05,)), ("opposite 5 %", (0.05, -0.05))):
            missed = most = 0
            for seed in range(PLANTED):
                output, *columns = (int(each) for each in chance.choice(width, 3, replace=False))
                planted = _Planted(functor, output, dict(zip(columns, sizes, strict=False)))
                missed += not _found(planted, width, seed)
                most = max(most, planted.evaluated)
            cost = f"{most / BATCH:.0f} batches at most"
            single = len(sizes) < 2
            yield Line(
                f"{name}, {width}, planted {what}: missed", f"{missed} of {PLANTED}", cost, missed, 0 if single else 5
            )
            if single:
                yield Line(f"{name}, {width}, planted {what}: evaluations of the batch", cost, "", most / BATCH, 300)


def _found(planted: _Planted, width: int, seed: int) -> bool:
    """Tell whether just what was planted was found, and named."""
    subject = Subject(planted, width, width, Claim.JACOBIAN, Layout.OUT_IN, "float64")
    reference = batch.reference(CheckSpec("planted", seed=seed, batch=BATCH), width)
    calibration = calibrate(subject, reference.values, DEFAULT_RTOL, 0.0, seed)
    tally = DirectionCheck(subject, calibration, reference.values, STANDARD, seed).add(reference).tally
    named = {(entry.output, entry.input) for entry in tally.worst}
    return named == {(planted.output, each) for each in planted.errors} and not tally.counts[Verdict.UNRESOLVED]
