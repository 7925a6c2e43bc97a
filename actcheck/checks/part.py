"""A part of a check: rows that are judged together, as the lines along which differences are taken."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from actcheck.checks.calls import Subject
from actcheck.checks.tolerance import Tolerance
from actcheck.dataclass import dataclass
from actcheck.model import Claim, Entry, Layout, Rows, Verdict, place
from actcheck.numeric.differences import Pass
from actcheck.numeric.lines import FloatArray, IndexArray, Lines

PASS_ELEMENTS = 1 << 15
"""Entries that are judged at a time, so that arrays of them stay within a cache."""


@dataclass(frozen=True)
class Part:
    """Rows that are judged together, as lines.

    Parameters
    ----------
    rows : Rows
    claim : Claim
    layout : Layout
    lines : Lines
    analytic : ndarray of shape (K, width)
        For every line the functor's gradient.
    centre : ndarray of shape (K, width), or (1, width) of a single row
        Its value at x.
    x : ndarray of shape (K, 1)
    exempt : ndarray of shape (K, width) or None
        Where the value is not finite, so that nothing is asked; None where all are.
    """

    rows: Rows
    claim: Claim
    layout: Layout
    lines: Lines
    analytic: FloatArray
    centre: FloatArray
    x: FloatArray
    exempt: NDArray[np.bool_] | None

    @cached_property
    def index(self) -> IndexArray:
        """All lines."""
        return np.arange(len(self.analytic))

    @classmethod
    def of(
        cls,
        subject: Subject,
        rows: Rows,
        gradient: FloatArray,
        watch: Callable[[Rows, FloatArray], None] | None,
    ) -> Part:
        """Evaluate the function on rows whose gradient is known."""
        X = rows.values
        values = in_type = subject.forward(X)
        if subject.dtype != "float64":
            in_type = subject.forward_in_type(X)
        if watch is not None:
            watch(rows, in_type)
        known = np.isfinite(values) if in_type is values else np.isfinite(values) & np.isfinite(in_type)
        exempt = None if known.all() else ~known
        lines = Lines(subject.forward, X, subject.outputs, subject.diagonal, subject.domain)
        analytic, centre = _as_lines(subject, gradient, values)
        if exempt is not None:
            exempt = exempt.reshape(-1, 1) if subject.diagonal else np.repeat(exempt, subject.inputs, axis=0)
        x = X.reshape(-1, 1)
        return cls(rows, subject.claim, subject.layout, lines, analytic, centre, x, exempt)

    def centre_of(self, index: IndexArray) -> FloatArray:
        """Give the values at x of some lines, or what broadcasts to them."""
        return self.centre if len(self.centre) == 1 else self.centre[index]

    def blocks(self) -> list[slice]:
        """Part the lines of a large Jacobian, of a single row, so that arrays of them stay within a cache."""
        count = len(self.analytic)
        size = count if self.lines.diagonal or len(self.lines.X) > 1 else max(1, PASS_ELEMENTS // self.lines.width)
        return [slice(start, start + size) for start in range(0, count, size)]

    def allowed(self, tolerance: Tolerance, cheap: Pass, slopes: FloatArray) -> FloatArray:
        """Give the tolerance of the entries of a block, with the slopes that `row_slopes` gives."""
        value = cheap.value
        # Where the type is float64, on the whole line, nobody looks at how the function bends.
        bend = cheap.bend if tolerance.shift > 0 or not tolerance.domain.is_line else value
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            return self._allowed(tolerance, cheap, slopes, bend)

    def _allowed(self, tolerance: Tolerance, cheap: Pass, slopes: FloatArray, bend: FloatArray) -> FloatArray:
        value = cheap.value
        if self.lines.diagonal:
            return tolerance.allowed(value, cheap.x, np.abs(value), bend)
        shape = (len(self.lines.X), -1, self.lines.outputs)
        x = cheap.x.reshape(*shape[:2], 1)
        whole = tolerance.allowed(value.reshape(shape), x, slopes[:, None], bend.reshape(shape))
        return whole.reshape(value.shape)

    def row_slopes(self, value: FloatArray) -> FloatArray:
        """Give the largest slope of each output in each row, of shape (batch, m); nothing else of a diagonal."""
        if self.lines.diagonal:
            return value
        shape = (len(self.lines.X), -1, self.lines.outputs)
        by_row = value.reshape(shape)
        largest: FloatArray = np.maximum(by_row.max(axis=1), -by_row.min(axis=1))
        if np.isfinite(largest).all():
            return largest
        known: FloatArray = np.max(np.where(np.isfinite(by_row), np.abs(by_row), 0.0), axis=1)
        return known

    def merge_slopes(self, slopes: FloatArray, index: IndexArray, value: FloatArray) -> FloatArray:
        """Take over what a finer look at some lines says of the largest slopes."""
        if self.lines.diagonal:
            return np.abs(value)
        row = index // self.lines.X.shape[1]
        merged: FloatArray = np.fmax(slopes[row], np.where(np.isfinite(value), np.abs(value), 0.0))
        return merged

    def where(self, line: int, output: int) -> str:
        """Name an entry as the report does."""
        row, column = divmod(line, self.lines.X.shape[1])
        where = place(column if self.lines.diagonal else output, column, self.claim, self.layout)
        return f"{self.rows.label(row)}, {where}"

    def entry(self, line: int, output: int, verdict: Verdict) -> Entry:
        """Describe an entry of which nothing numeric is known yet."""
        row, column = divmod(line, self.lines.X.shape[1])
        return Entry(
            row=self.rows.label(row),
            output=column if self.lines.diagonal else output,
            input=column,
            x=float(self.lines.X[row, column]),
            values=tuple(map(float, self.lines.X[row])),
            verdict=verdict,
            analytic=float(self.analytic[line, output]),
            numeric=float("nan"),
            bound=float("inf"),
            allowed=0.0,
        )


def _as_lines(subject: Subject, gradient: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    if subject.diagonal:
        return gradient.reshape(-1, 1), values.reshape(-1, 1)
    if len(values) == 1:
        # Views: there may be no room for another such Jacobian.
        return gradient[0].T, values
    return np.swapaxes(gradient, 1, 2).reshape(-1, subject.outputs), np.repeat(values, subject.inputs, axis=0)
