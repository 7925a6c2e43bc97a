"""An element-wise check of ten million entries: a whole `actcheck.check`, and the memory that it takes."""

from __future__ import annotations

from collections.abc import Iterator

import actcheck

from . import bounds
from .functors import Sigmoid, rows
from .harness import Line, alternate, compare, mebibytes, peak

LIMIT = 2.5
ROUNDS = 5
WIDTH = 1000
SIZES = (1_000, 4_000, 10_000)
"""Rows to measure memory with."""

MEMORY_LIMIT = 0.05
"""Of what the input grows by: beyond the input itself, memory does not grow with the number of rows."""


def measure() -> Iterator[Line]:
    """Compare a whole check with the lower bound, then measure its memory at several sizes."""
    functor, X = Sigmoid(), rows(SIZES[-1], WIDTH)
    jobs = {"bound": lambda: bounds.diagonal(functor, X), "whole": lambda: actcheck.check(functor, X, edge=False)}
    seconds = alternate(jobs, ROUNDS)
    yield compare(f"sigmoid, {X.size:,} entries: actcheck.check / lower bound", seconds, "whole", "bound", LIMIT)
    yield from _memory()


def _memory() -> Iterator[Line]:
    extra = {}
    for count in SIZES:
        X = rows(count, WIDTH)
        extra[count] = _extra(X)
        what = f"sigmoid, {X.size:,} entries: memory beyond the input / input"
        yield Line(what, mebibytes(extra[count]), mebibytes(X.nbytes), extra[count] / X.nbytes)
    least, most = SIZES[0], SIZES[-1]
    grown, by = extra[most] - extra[least], 8 * WIDTH * (most - least)
    what = f"memory beyond the input: its growth from {least:,} to {most:,} rows / growth of the input"
    yield Line(what, mebibytes(grown), mebibytes(by), grown / by, MEMORY_LIMIT)


def _extra(X) -> int:
    """Give the peak of what a check allocates; `X` was there before."""
    actcheck.check(Sigmoid(), X[:8], edge=False)
    return peak(lambda: actcheck.check(Sigmoid(), X, edge=False))
