"""The checks from Python: in a notebook, or in a test of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from actcheck import model, run
from actcheck.errors import DataError, TargetError, UsageError
from actcheck.model import CheckSpec, Layout
from actcheck.specification import mistakes
from actcheck.targets.domains import with_domain


class Report(model.Report):
    """What is known of one functor; reads as the command line's report, in a notebook too."""

    def __str__(self) -> str:
        from actcheck.reports import matrix, table

        return matrix.render(self) if self.matrices else table.render(self)

    def _repr_html_(self) -> str:
        from actcheck.reports.notebook import html

        return html(self)


def check(
    functor: Any,
    X: ArrayLike | None = None,
    *,
    parameters: Mapping[str, Any] | None = None,
    name: str | None = None,
    dim: int | None = None,
    batch: int = 8,
    scale: float = 1.0,
    seed: int = 0,
    dtype: str = "float64",
    rtol: float | None = None,
    atol: float = 0.0,
    layout: str = "out-in",
    edge: bool = True,
    full: bool = False,
    directions: int | None = None,
    strict: bool = False,
    sensitivity: bool = False,
    domain: tuple[float, float] | None = None,
) -> Report:
    """Check the gradient of a functor.

    Parameters
    ----------
    functor : object or str
        With ``__call__(X)`` and ``gradient(X)``, or another pair of a value and a derivative that is understood, such
        as ``forward(X)`` and ``backward(dA)``, or a function whose derivative stands beside it; or a target as on the
        command line: a catalogue name, or an import path such as ``mypkg.activations:Swish``.
    X : array_like of shape (batch, n) or (n,), optional
        Rows to check, finite numbers; without them rows are generated, and edge rows and a sweep added.
    parameters : mapping, optional
        Keywords for the constructor, where `functor` is a name.
    name : str, optional
        What the report calls the functor; its class's name if left out.
    dim, batch, scale, seed
        Width, number, size and seed of the generated rows.
    dtype : {"float64", "float32", "float16"}
        Type that the gradient is computed in.
    rtol, atol : float
        Tolerance of an entry; 1e-8 is usual in float64.
    layout : {"out-in", "in-out"}
        Which axis of a Jacobian is the output's.
    edge : bool
        Whether to add edge rows and the sweep.
    full : bool
        Whether every entry of a Jacobian is looked at, however large it is.
    directions : int, optional
        Along how many random directions a Jacobian is looked at; left out, one of more than a million entries is along
        four, and a smaller one entry by entry.
    strict : bool
        Whether what is unresolved or warned of fails as well.
    sensitivity : bool
        Whether to plant errors into the gradient, and tell in ``report.planted`` the smallest that are caught.
    domain : (float, float), optional
        Where inputs may lie, such as ``(0, math.inf)``; the functor's own attribute ``domain`` if left out. Rows and
        differences stay inside.

    Returns
    -------
    Report
        ``report.passed`` is the verdict.

    Raises
    ------
    UsageError, DataError, TargetError
        If the settings, the rows or the functor cannot be used.
    """
    if layout not in [each.value for each in Layout]:
        raise UsageError(f"layout must be out-in or in-out, not {layout!r}")
    target = functor if isinstance(functor, str) else name or _name(functor)
    spec = CheckSpec(
        target=target,
        command="verify" if isinstance(functor, str) else "check",
        parameters=tuple((parameters or {}).items()),
        batch=batch,
        dim=dim,
        scale=scale,
        seed=seed,
        dtype=dtype,
        rtol=rtol,
        atol=atol,
        layout=Layout(layout),
        edge=edge,
        full=full,
        directions=directions,
        strict=strict,
        sensitivity=sensitivity,
        domain=domain,
    )
    wrong = mistakes(spec)
    if parameters and not isinstance(functor, str):
        wrong.append("parameters are for targets given by name; this functor is constructed already")
    if wrong:
        raise UsageError("; ".join(wrong))
    rows = None if X is None else _rows(X, dim)
    loaded, notes, made = _loaded(functor, spec)
    spec, remarks = with_domain(spec, made)
    return _own(run.check_functor(spec, loaded, rows, (*notes, *remarks)))


def assert_gradient(functor: Any, X: ArrayLike | None = None, **settings: Any) -> None:
    """Fail, with the table of the worst entries, unless the gradient of a functor passes.

    Parameters
    ----------
    functor, X, **settings
        As for `check`.

    Raises
    ------
    AssertionError
        If it does not pass.
    UsageError, DataError, TargetError
        If the settings, the rows or the functor cannot be used.
    """
    __tracebackhide__ = True
    report = check(functor, X, **settings)
    if not report.passed:
        raise AssertionError(f"the gradient of {report.name} does not pass\n\n{report}")


def _loaded(functor: Any, spec: CheckSpec) -> tuple[Any, tuple[str, ...], Any]:
    """Give what can be checked, how it was read, and the object as it was made, which may declare a domain."""
    if isinstance(functor, str):
        from actcheck import targets

        target = targets.resolve(functor, spec.parameters)
        return target.functor, target.notes, target.made
    if isinstance(functor, type):
        raise TargetError(
            f"{functor.__name__} is a class, not a functor", fix=f"Hand over an instance: {functor.__name__}()."
        )
    if callable(functor) and callable(getattr(functor, "gradient", None)):
        return functor, (), functor
    from actcheck.targets import adapt

    adapted = adapt(functor, _name(functor))
    if adapted is None:
        lacks = "__call__" if not callable(functor) else "gradient"
        raise TargetError(f"{_name(functor)} is not a functor: it has no {lacks}(X)")
    return adapted.functor, adapted.notes, functor


def _name(functor: Any) -> str:
    return getattr(functor, "__name__", type(functor).__name__)


def _rows(X: ArrayLike, dim: int | None) -> NDArray[np.float64]:
    try:
        rows = np.asarray(X, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"X is no array of numbers: {error}") from error
    if rows.ndim == 1:
        rows = rows[None]
    if rows.ndim != 2 or not rows.size:
        raise DataError(f"X has shape {np.shape(X)}", fix="Give rows as (batch, n), or one row as (n,).")
    # A sum is finite only where all is, and needs no array of its own; it may overflow where all is finite.
    with np.errstate(over="ignore", invalid="ignore"):
        doubtful = not np.isfinite(rows.sum())
    if doubtful and not np.isfinite(rows).all():
        row, column = np.argwhere(~np.isfinite(rows))[0]
        raise DataError(f"X[{row}, {column}] is {rows[row, column]}", fix="Rows must hold finite numbers.")
    if dim not in (None, rows.shape[1]):
        raise DataError(f"dim is {dim}, but X has rows of width {rows.shape[1]}", fix="Leave out dim.")
    return rows


def _own(report: model.Report) -> Report:
    return Report(**{field.name: getattr(report, field.name) for field in fields(report)})
