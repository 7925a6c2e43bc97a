"""From a specification to the rows that are checked, as the type can hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcheck.model import CheckSpec, Rows
from actcheck.rows.edge import edge_rows
from actcheck.rows.generated import random_rows
from actcheck.rows.sweep import POINTS, sweep_rows

if TYPE_CHECKING:
    from actcheck.model import FloatArray


def reference(spec: CheckSpec, dim: int) -> Rows:
    """Give the random rows of a specification; they show what is usual of the functor even where others are checked."""
    values = random_rows(spec.seed, spec.batch, dim, spec.scale)
    if spec.domain is not None:
        # Imported here, as few functors have borders, and start-up is a feature.
        from actcheck.rows import inside

        values = inside.spread(values, spec.domain, spec.scale)
    return _rows(values, "random", spec.dtype)


def other_scale(spec: CheckSpec, reference: Rows) -> FloatArray | None:
    """Give random rows of scale 1 where those of the specification are of another scale.

    Edge rows, the sweep and rows typed in lie where they lie, whatever the scale of the random rows: what is usual is
    learned on both.
    """
    if spec.scale == 1.0:
        return None
    values = held(random_rows(spec.seed, len(reference.values), reference.values.shape[1], 1.0), spec.dtype)
    return np.abs(values) if (reference.values >= 0).all() else values


def edge(spec: CheckSpec, dim: int) -> Rows:
    """Give the edge rows of a specification, none where it asks for none."""
    values = edge_rows(dim, spec.scale) if spec.edge else np.empty((0, dim))
    if spec.domain is not None and spec.edge:
        from actcheck.rows import inside

        folded = inside.fold(values, spec.domain, spec.scale)
        values = np.concatenate([np.unique(folded, axis=0), inside.border_rows(dim, spec.domain)])
    return _rows(values, "edge", spec.dtype)


def sweep(spec: CheckSpec, dim: int) -> Rows:
    """Give the rows of the sweep, none where the specification asks for no edge rows."""
    values = np.empty((0, dim))
    if spec.edge:
        values = sweep_rows(spec.seed, dim) if spec.domain is None else _sweep_inside(spec, dim, spec.domain)
    return _rows(values, "sweep", spec.dtype)


def _sweep_inside(spec: CheckSpec, dim: int, domain: tuple[float, float]) -> FloatArray:
    from actcheck.rows import inside

    return inside.sweep_rows(spec.seed, dim, POINTS, domain)


def typed(spec: CheckSpec) -> Rows:
    """Give the rows typed in."""
    return _rows(np.array(spec.typed, dtype=np.float64), "typed", spec.dtype)


def given(values: FloatArray, dtype: str) -> Rows:
    """Give rows that the caller of the API handed over."""
    return _rows(values, "given", dtype)


def absolute(rows: Rows) -> Rows:
    """Give the same rows without their signs."""
    return Rows(np.abs(rows.values), rows.kind, rows.numbers)


def _rows(values: FloatArray, kind: str, dtype: str) -> Rows:
    return Rows(held(values, dtype), kind, range(len(values)))


def held(values: FloatArray, dtype: str) -> FloatArray:
    """Give values as a type can hold them, read-only, and without a copy where they are float64 already."""
    kept = values.view()
    if dtype != "float64":
        with np.errstate(over="ignore"):
            kept = values.astype(dtype).astype(np.float64)
    kept.setflags(write=False)
    return kept
