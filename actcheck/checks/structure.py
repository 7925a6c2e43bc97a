"""The claim of a diagonal gradient: that nothing off the diagonal depends on anything."""

from __future__ import annotations

import numpy as np

from actcheck.checks.calls import Subject
from actcheck.model import Finding, Outcome, Rows
from actcheck.numeric import structure
from actcheck.numeric.lines import FloatArray

_MOST_ELEMENTS = 1 << 16
_LEAST_ROWS = 8


def most_rows(width: int) -> int:
    """Give how many rows of a group take part; the claim is about the function, not about each of a million rows."""
    return max(_LEAST_ROWS, _MOST_ELEMENTS // width)


def examine(subject: Subject, rows: list[Rows], other: FloatArray) -> Finding | None:
    """Look for an output that depends on another input than its own.

    Parameters
    ----------
    subject : Subject
        One that claims a diagonal.
    rows : list of Rows
        Ordinary rows, and the rows that are checked, of which the first are taken.
    other : ndarray of shape (batch, n)
        Ordinary rows that take the place of the reference's inputs, masked.
    """
    X = np.concatenate([group.values[: most_rows(subject.inputs)] for group in rows])
    swap = np.resize(other, X.shape)
    watch = structure.column_changes(subject.forward, X, swap)
    pair = structure.dependence(watch, subject.inputs)
    if pair is None:
        return None
    message = (
        f"the gradient has X's shape, which claims a diagonal, but output {pair.output} depends on input {pair.input} "
        f"(it changes by {pair.change:.4g}): a full Jacobian (batch, {subject.outputs}, {subject.inputs}) is needed"
    )
    return Finding("structure", Outcome.FAILED, "off-diagonal", message, f"J[{pair.output},{pair.input}]")


def examine_gradient(subject: Subject, rows: FloatArray, other: FloatArray) -> Finding | None:
    """Look for an entry of a diagonal gradient that depends on another input than its own, as none may.

    Where all inputs of a row are the same, as along the line of a proof, a mix-up of columns does not show.

    Parameters
    ----------
    subject : Subject
        One that claims a diagonal, rightly.
    rows, other : ndarray of shape (batch, n)
        Ordinary rows, and those that take the place of the first's inputs, masked.
    """
    pair = structure.dependence(structure.column_changes(subject.gradient, rows, other), subject.inputs)
    if pair is None:
        return None
    message = (
        f"entry {pair.output} of the gradient depends on input {pair.input} (it changes by {pair.change:.4g}), which "
        "no entry of the function's derivative does"
    )
    return Finding("structure", Outcome.FAILED, "gradient-mixes", message, f"J[{pair.output},{pair.input}]")
