"""A part of a check: rows that are judged together, as the lines along which differences are taken."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from actcheck.checks.calls import Subject
from actcheck.checks.told import split
from actcheck.dataclass import dataclass
from actcheck.model import Claim, Entry, Layout, Rows, Verdict, place
from actcheck.numeric.lines import FloatArray, IndexArray, Lines

PASS_ELEMENTS = 1 << 16
"""Entries that are compared at a time: few enough to stay in a cache, and so many that calls do not matter."""

_DIAGONAL_ELEMENTS = 1 << 15
_ALL = slice(None)


@dataclass(frozen=True)
class Block:
    """Lines that are compared at a time: those of some rows, or some of a single row.

    Parameters
    ----------
    rows, columns : slice
        The rows, and the inputs of each.
    index : ndarray of shape (K,)
        The lines.
    """

    rows: slice
    columns: slice
    index: IndexArray


@dataclass(frozen=True)
class Part:
    """Rows that are judged together, as lines.

    Parameters
    ----------
    rows : Rows
    claim : Claim
    layout : Layout
    lines : Lines
    gradient : ndarray of shape (batch, n) or (batch, m, n)
        The functor's.
    centre : ndarray of shape (batch * n, 1) along an element-wise function, else (batch, m)
        Its value at x; the lines of a row share it.
    x : ndarray of shape (batch * n, 1)
    exempt : ndarray of shape (batch * n, width) or None
        Where the value is not finite, so that nothing is asked; None where all are.
    """

    rows: Rows
    claim: Claim
    layout: Layout
    lines: Lines
    gradient: FloatArray
    centre: FloatArray
    x: FloatArray
    exempt: NDArray[np.bool_] | None

    @cached_property
    def index(self) -> IndexArray:
        """All lines."""
        return np.arange(len(self.x))

    @property
    def shape(self) -> tuple[int, int]:
        """How many lines there are, and the entries of each."""
        return len(self.x), self.lines.width

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
        if exempt is not None:
            exempt = exempt.reshape(-1, 1) if subject.diagonal else np.repeat(exempt, subject.inputs, axis=0)
        lines = Lines(subject.forward, X, subject.outputs, subject.diagonal, subject.domain, subject.forward_made)
        centre = values.reshape(-1, 1) if subject.diagonal else values
        return cls(rows, subject.claim, subject.layout, lines, gradient, centre, X.reshape(-1, 1), exempt)

    @cached_property
    def blocks(self) -> list[Block]:
        """All lines, in blocks that stay within a cache."""
        batch, n = self.lines.X.shape
        most = _DIAGONAL_ELEMENTS if self.lines.diagonal else PASS_ELEMENTS
        if self.lines.diagonal or n * self.lines.width <= most:
            size = max(1, most // (n * self.lines.width))
            starts = range(0, batch, size)
            return [Block(slice(at, at + size), _ALL, self.index[at * n : (at + size) * n]) for at in starts]
        size = max(1, PASS_ELEMENTS // self.lines.width)
        return [
            Block(slice(row, row + 1), slice(at, at + size), self.index[row * n : (row + 1) * n][at : at + size])
            for row in range(batch)
            for at in range(0, n, size)
        ]

    def lines_in(self, block: Block) -> tuple[Lines, IndexArray]:
        """Give the lines of a block, and their places among them; of an element-wise function they are whole rows."""
        if not self.lines.diagonal or block.index.size == self.index.size:
            return self.lines, block.index
        lines = self.lines
        X = lines.X[block.rows]
        some = Lines(lines.forward, X, lines.outputs, lines.diagonal, lines.domain, lines.forward_made)
        return some, self.index[: block.index.size]

    def analytic_in(self, block: Block) -> FloatArray:
        """Give the gradient along the lines of a block, of shape (K, width) or (rows, lines of each, width)."""
        if self.lines.diagonal:
            return self.gradient[block.rows].reshape(-1, 1)
        # A copy in the order of the Jacobian first: through a view, rows whose width is a power of two evict each other
        # from the cache.
        return np.swapaxes(np.ascontiguousarray(self.gradient[block.rows, :, block.columns]), 1, 2)

    def analytic_of(self, index: IndexArray) -> FloatArray:
        """Give the gradient along some lines, of shape (K, width)."""
        if self.lines.diagonal:
            return self.gradient.reshape(-1, 1)[index]
        row, column = np.divmod(index, self.lines.X.shape[1])
        along: FloatArray = self.gradient[row, :, column]
        return along

    def analytic_at(self, line: IndexArray, output: IndexArray) -> FloatArray:
        """Give the gradient at single entries of lines, of shape (S,)."""
        if self.lines.diagonal:
            alone: FloatArray = self.gradient.reshape(-1)[line]
            return alone
        row, column = split(line, self.lines.X.shape[1])
        single: FloatArray = self.gradient[row, output, column]
        return single

    def centre_in(self, block: Block) -> FloatArray:
        """Give the values at x along the lines of a block; those of a row once."""
        if not self.lines.diagonal:
            return self.centre[block.rows]
        n = self.lines.X.shape[1]
        return self.centre[block.rows.start * n : block.rows.stop * n]

    def centre_of(self, index: IndexArray) -> FloatArray:
        """Give the values at x of some lines, of shape (K, width)."""
        values: FloatArray = self.centre[index if self.lines.diagonal else index // self.lines.X.shape[1]]
        return values

    def slopes_of(self, slopes: FloatArray, index: IndexArray, value: FloatArray) -> FloatArray:
        """Give the largest slope of the output in the row, of entries of lines, with what a finer look says of them.

        Parameters
        ----------
        slopes : ndarray of shape (batch, 1, m)
            What is known of them.
        index : ndarray of shape (K,)
        value : ndarray of shape (K, width)
        """
        if self.lines.diagonal:
            return np.abs(value)
        row = index // self.lines.X.shape[1]
        merged: FloatArray = np.fmax(slopes[row, 0], np.where(np.isfinite(value), np.abs(value), 0.0))
        return merged

    def where(self, line: int, output: int) -> str:
        """Name an entry as the report does."""
        row, column = divmod(line, self.lines.X.shape[1])
        where = place(column if self.lines.diagonal else output, column, self.claim, self.layout)
        return f"{self.rows.label(row)}, {where}"

    def entry(self, line: int, output: int, verdict: Verdict) -> Entry:
        """Describe an entry of which nothing numeric is known yet."""
        row, column = divmod(line, self.lines.X.shape[1])
        analytic = self.gradient[row, column] if self.lines.diagonal else self.gradient[row, output, column]
        return Entry(
            row=self.rows.label(row),
            output=column if self.lines.diagonal else output,
            input=column,
            x=float(self.lines.X[row, column]),
            values=tuple(map(float, self.lines.X[row])),
            verdict=verdict,
            analytic=float(analytic),
            numeric=float("nan"),
            bound=float("inf"),
            allowed=0.0,
        )
