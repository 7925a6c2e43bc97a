"""Full softmax Jacobians of 8 rows of 64, 256 and 1024.

What is held to the limit is the comparison: all that it takes to give every one of these entries its verdict, which is
what the lower bound does, too. The whole check also asks the contract and learns the step and the tolerance, on
ordinary rows; that costs the same however many rows are checked, and stands on a line of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import actcheck
from actcheck.checks.calibration import calibrate
from actcheck.checks.contract import examine
from actcheck.checks.gradient import GradientCheck
from actcheck.checks.tolerance import DEFAULT_RTOL
from actcheck.model import CheckSpec, Layout, Verdict
from actcheck.rows import batch

from . import bounds
from .functors import Array, Softmax, rows
from .harness import Line, alternate, compare, mebibytes, peak

LIMIT = 1.5
BATCH = 8
ROUNDS = {64: 101, 256: 31, 1024: 11}
"""By width."""
WHOLE_ROUNDS = 3


def measure() -> Iterator[Line]:
    """Compare the comparison, and the whole check, with the lower bound."""
    for width, rounds in ROUNDS.items():
        yield from _width(Softmax(), rows(BATCH, width), rounds)


def _width(functor: Softmax, X: Array, rounds: int) -> Iterator[Line]:
    bound, compared = lambda: bounds.full_jacobian(functor, X), comparison(functor, X)
    what = f"softmax Jacobian, {BATCH} × {X.shape[1]}"
    # By themselves: a whole check between them would leave either another heap.
    seconds = alternate({"bound": bound, "comparison": compared}, rounds)
    yield compare(f"{what}: every entry's verdict / lower bound", seconds, "comparison", "bound", LIMIT)
    whole = {"bound": bound, "whole": lambda: actcheck.check(functor, X, edge=False)}
    seconds = alternate(whole, WHOLE_ROUNDS)
    yield compare(f"{what}: actcheck.check, contract included / lower bound", seconds, "whole", "bound")
    most, size = peak(compared), 8 * X.size * X.shape[1]
    yield Line(f"{what}: memory beyond the input / Jacobian", mebibytes(most), mebibytes(size), most / size)
    counts = actcheck.check(functor, X, edge=False).counts
    open_share = 1 - counts.get(Verdict.AGREE, 0) / sum(counts.values())
    yield Line(f"{what}: share of entries without a verdict", f"{100 * open_share:.3g} %", "", open_share, 1e-3)


def comparison(functor: Softmax, X: Array) -> Callable[[], object]:
    """Do all that comes before the comparison, and give what does the comparison."""
    subject = examine(functor, X, X[::-1] + 1, Layout.OUT_IN, "float64").subject
    assert subject is not None
    reference = batch.reference(CheckSpec("softmax"), X.shape[1]).values
    calibration = calibrate(subject, reference, DEFAULT_RTOL, 0.0, 0)
    given = batch.given(X, "float64")

    def job() -> object:
        check = GradientCheck(subject, calibration, 0)
        check.add(given)
        return check.tally

    return job
