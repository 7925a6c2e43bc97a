"""The Jacobian of one row as matrices, and the structure that it has."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from actcheck.checks.calibration import Calibration
from actcheck.checks.calls import Subject
from actcheck.checks.gradient import GradientCheck
from actcheck.checks.judge import CODES
from actcheck.checks.oracle import Oracle
from actcheck.errors import DataError
from actcheck.model import Matrices, Rows
from actcheck.numeric.lines import FloatArray

LARGEST = 1 << 22
"""Entries of the largest matrix that is made."""


def matrices(
    subject: Subject, calibration: Calibration, rows: Rows, seed: int, oracle: Oracle | None = None
) -> Matrices:
    """Give the analytic and the numeric Jacobian of the first row.

    Raises
    ------
    DataError
        If the Jacobian is too large to be shown.
    """
    m, n = subject.outputs, subject.inputs
    if m * n > LARGEST:
        raise DataError(
            f"a Jacobian of {m} x {n} is too large to show", fix="Use `actcheck verify`, or a smaller --dim."
        )
    decided = GradientCheck(replace(subject, spread=True), calibration, seed, oracle=oracle).matrix(rows.part(0, 1))
    analytic, numeric, allowed = decided.analytic.T, decided.seen.value.T, decided.allowed.T
    with np.errstate(invalid="ignore", over="ignore"):
        error = np.abs(analytic - numeric)
    return Matrices(
        row=rows.label(0),
        x=tuple(map(float, rows.values[0])),
        analytic=_frozen(analytic),
        numeric=_frozen(numeric),
        error=_frozen(error),
        allowed=_frozen(allowed),
        structure=structure(numeric, np.maximum(decided.seen.bound.T, allowed)),
        layout=subject.layout,
        verdicts=tuple(tuple(CODES[at] for at in row) for row in decided.verdicts.T),
    )


def structure(numeric: FloatArray, within: FloatArray) -> tuple[str, ...]:
    """Name what holds of a matrix.

    Parameters
    ----------
    numeric, within : ndarray of shape (m, n)
        Its entries, and how far they may be from what is claimed of them.
    """
    if not np.isfinite(within).all():
        return ()
    found = []
    m, n = numeric.shape
    if m == n and n > 1:
        off = ~np.eye(n, dtype=bool)
        if np.all(np.abs(numeric[off]) <= within[off]):
            found.append("diagonal")
        elif np.all(np.abs(numeric - numeric.T) <= within + within.T):
            found.append("symmetric")
    for axis, name in ((1, "rows"), (0, "columns")):
        sums, slack = numeric.sum(axis=axis), within.sum(axis=axis)
        for total in (0.0, 1.0):
            if numeric.shape[axis] > 1 and np.all(np.abs(sums - total) <= slack):
                found.append(f"{name} sum to {total:.0f}")
    return tuple(found)


def _frozen(values: FloatArray) -> FloatArray:
    kept = np.array(values)
    kept.setflags(write=False)
    return kept
