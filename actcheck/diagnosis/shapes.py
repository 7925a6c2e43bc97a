"""What a gradient of an unexpected shape was meant to be: told by its shape, and by where its numbers are 0.

Here the contract is broken, so that nothing is compared with differences.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck.model import Diagnosis, Layout

_COLUMNS = "rows and columns of the batch are exchanged: each sample is taken for a column"
_BY_ROWS = "each row has derivatives by all rows; of them only J[b, :, b, :] belong to a gradient {}"


def hint(rows: tuple[int, int], value: NDArray[Any], gradient: NDArray[Any], layout: Layout) -> tuple[Diagnosis, ...]:
    """Say what the gradient seems to be, where its shape tells.

    Parameters
    ----------
    rows : (int, int)
        Shape of X; its batch should be like no other width.
    value, gradient : ndarray
        What the functor gave for X.
    layout : Layout

    Returns
    -------
    tuple of Diagnosis
        One, or none.
    """
    for code, sentence, option in _hints(rows, value, gradient, layout):
        return (Diagnosis(code, "shape", sentence, 0, 0, option),)
    return ()


def _hints(
    rows: tuple[int, int], value: NDArray[Any], gradient: NDArray[Any], layout: Layout
) -> Iterator[tuple[str, str, str]]:
    batch, n = rows
    if value.ndim == 2 and len(value) == batch:
        yield from _of_gradient(gradient, batch, n, value.shape[1], layout)
    else:
        yield from _of_value(value.shape, batch, n)


def _of_value(shape: tuple[int, ...], batch: int, n: int) -> Iterator[tuple[str, str, str]]:
    if shape == ():
        yield "value-reduced", "the value is one number for the whole batch: a sum or mean has no axis", ""
    elif shape == (batch,):
        yield "axis-lost", "the value has lost an axis: keepdims=True, or [:, None], keeps (batch, 1)", ""
    elif shape == (n, batch):
        yield "batch-as-columns", _COLUMNS, ""


def _of_gradient(gradient: NDArray[Any], batch: int, n: int, m: int, layout: Layout) -> Iterator[tuple[str, str, str]]:
    shape = gradient.shape
    whole = f"(batch, {n}, {m})" if layout is Layout.IN_OUT else f"(batch, {m}, {n})"
    if shape in ((batch * m, batch * n), (batch * n, batch * m)):
        yield from _of_square(gradient, batch, n, m, whole)
    if shape == ((batch, m, n) if layout is Layout.IN_OUT else (batch, n, m)):
        other = Layout.OUT_IN if layout is Layout.IN_OUT else Layout.IN_OUT
        option = f"--layout {other.value}"
        yield "transposed", f"the Jacobian is transposed: it is taken with {option}", option
    for shapes, code, sentence in (
        (((batch, n),), "diagonal-only", f"X's shape holds only a diagonal; with {m} outputs {whole} is needed"),
        (((batch, m, batch, n), (batch, n, batch, m)), "batch-by-batch", _BY_ROWS.format(whole)),
        (((m, n), (n, m)), "batch-axis-missing", f"it is one matrix for the whole batch; {whole} is needed"),
        (((n,), (m,)), "batch-axis-missing", "it is one row for the whole batch: that axis was summed or averaged"),
        (((batch,), (batch, 1)), "axis-lost", f"the gradient is one number for each row; {whole} is needed"),
        (((n, batch), (m, batch)), "batch-as-columns", _COLUMNS),
        (
            ((m, n, batch), (n, m, batch)),
            "batch-last",
            f"the batch is the last axis: np.moveaxis(J, -1, 0) gives {whole}",
        ),
    ):
        if shape in shapes:
            yield code, sentence, ""
    if gradient.size == batch * n * m:
        yield "reshaped", f"there are as many numbers as are needed, in another shape: reshape to {whole}", ""


def _of_square(gradient: NDArray[Any], batch: int, n: int, m: int, whole: str) -> Iterator[tuple[str, str, str]]:
    if n == m and not np.any(gradient - np.diag(np.diagonal(gradient))):
        sentence = (
            f"the gradient is the diagonal matrix of the whole batch, as np.diagflat gives: for each row a matrix of "
            f"its own is needed, {whole}, or the diagonal in X's shape"
        )
        yield "diagflat", sentence, ""
        return
    sentence = f"the gradient is one matrix for all {batch} x {n} numbers of the batch: for each row {whole} is needed"
    yield "batch-by-batch", sentence, ""
