"""A full softmax Jacobian, 8 × 256: 524,288 entries.

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
from actcheck.model import CheckSpec, Layout, Verdict
from actcheck.rows import batch

from . import bounds
from .functors import Array, Softmax, rows
from .harness import Line, alternate, compare

LIMIT = 3.0
ROUNDS = 7
BATCH, WIDTH = 8, 256
RTOL = 1e-6


def measure() -> Iterator[Line]:
    """Compare the comparison, and the whole check, with the lower bound."""
    functor, X = Softmax(), rows(BATCH, WIDTH)
    jobs = {
        "bound": lambda: bounds.full_jacobian(functor, X),
        "comparison": comparison(functor, X),
        "whole": lambda: actcheck.check(functor, X, edge=False),
    }
    seconds = alternate(jobs, ROUNDS)
    what = f"softmax Jacobian, {BATCH} × {WIDTH}"
    yield compare(f"{what}: every entry's verdict / lower bound", seconds, "comparison", "bound", LIMIT)
    yield compare(f"{what}: actcheck.check, contract included / lower bound", seconds, "whole", "bound")
    counts = actcheck.check(functor, X, edge=False).counts
    open_share = 1 - counts.get(Verdict.AGREE, 0) / sum(counts.values())
    yield Line(f"{what}: share of entries without a verdict", f"{100 * open_share:.3g} %", "", open_share, 1e-3)


def comparison(functor: Softmax, X: Array) -> Callable[[], object]:
    """Do all that comes before the comparison, and give what does the comparison."""
    subject = examine(functor, X, rows(BATCH, WIDTH)[::-1] + 1, Layout.OUT_IN, "float64").subject
    assert subject is not None
    reference = batch.reference(CheckSpec("softmax"), WIDTH).values
    calibration = calibrate(subject, reference, RTOL, 0.0, 0)
    given = batch.given(X, "float64")

    def job() -> object:
        check = GradientCheck(subject, calibration, 0)
        check.add(given)
        return check.tally

    return job
