"""``actcheck verify``: whether the gradients of some targets are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from actcheck.cli import keywords, reading, session, settings
from actcheck.cli.guard import guarded, tell
from actcheck.cli.options import Keyword
from actcheck.cli.types import (
    Atol,
    Columns,
    Csv,
    Dim,
    Domain,
    Dtype,
    Json,
    LayoutName,
    OracleName,
    Rows,
    RowsAre,
    Rtol,
    Scale,
    Seed,
    Set,
    Strict,
    Targets,
    Timeout,
)
from actcheck.model import CheckSpec
from actcheck.specification import ORACLES

Batch = Annotated[str, typer.Option("--batch", metavar="N", help="Random rows; half of them are three times as large.")]
Full = Annotated[bool, typer.Option("--full", help="Look at every entry of a Jacobian, however large it is.")]
Directions = Annotated[
    str,
    typer.Option("--directions", metavar="K", help="Look at a Jacobian along K random directions; 4 if it is large."),
]
Sensitivity = Annotated[
    bool, typer.Option("--sensitivity", help="Plant errors into the gradient, and tell the smallest that are caught.")
]
ListTargets = Annotated[bool, typer.Option("--list-targets", help="Show what would be checked, and check nothing.")]
NoEdge = Annotated[bool, typer.Option("--no-edge", help="Leave out the edge rows and the sweep.")]

MOST = 1000
"""More directions than this are a slip: to look at each entry is cheaper."""


def verify(
    ctx: typer.Context,
    targets: Targets = None,
    batch: Batch = "8",
    dim: Dim = "",
    scale: Scale = "1",
    seed: Seed = "0",
    x: Rows = None,
    csv: Csv = None,
    columns: Columns = None,
    rows: RowsAre = "independent",
    no_edge: NoEdge = False,
    domain: Domain = "",
    dtype: Dtype = "float64",
    rtol: Rtol = "",
    atol: Atol = "0",
    layout: LayoutName = "out-in",
    oracle: OracleName = "auto",
    full: Full = False,
    directions: Directions = "",
    gradient: reading.Gradient = "",
    value: reading.Value = "",
    derivative: reading.Derivative = "",
    derivative_of: reading.DerivativeOf = "input",
    samples: reading.Samples = "rows",
    parameter: reading.Parameter = None,
    set_: Set = None,
    strict: Strict = False,
    sensitivity: Sensitivity = False,
    timeout: Timeout = "",
    list_targets: ListTargets = False,
    as_json: Json = False,
) -> None:
    """Tell whether the gradients of activation functions are right.

    TARGET is a named activation such as relu, or your own as package.module:Name or path/to/file.py:Name. Of a file, a
    module, a package, a folder or a notebook every functor that is found is checked; --list-targets shows them.

    An option that is not listed here is a keyword of the functor's constructor, with one value, e.g. --stretch 2.
    """

    def job() -> int:
        from actcheck.reports import table

        reader = settings.Reader(ctx.obj.mistakes)
        spec = settings.shared(
            reader,
            dim=dim,
            scale=scale,
            seed=seed,
            dtype=dtype,
            rtol=rtol,
            atol=atol,
            layout=layout,
            typed=x or (),
            csv=csv or (),
            columns=columns or (),
            strict=strict,
            domain=domain,
        )
        spec = replace(spec, command="verify", batch=reader.whole("--batch", batch, least=1), edge=not no_edge)
        spec = replace(spec, sensitivity=sensitivity, coupled=reader.choice("--rows", rows, settings.ROWS) == "coupled")
        spec = replace(spec, oracle=reader.choice("--oracle", oracle, ORACLES))
        along = reader.whole("--directions", directions, least=1, most=MOST) if directions else None
        spec = replace(spec, full=full, directions=along)
        if full and along is not None:
            reader.refuse("--full and --directions exclude each other", fix="Leave out one of them.")
        how = reading.read(
            reader,
            targets or (),
            gradient=gradient,
            value=value,
            derivative=derivative,
            derivative_of=derivative_of,
            samples=samples,
            parameter=parameter or (),
        )
        spec = replace(spec, reading=how)
        limit = reader.positive("--timeout", timeout) if timeout else None
        if not targets:
            reader.refuse("verify needs a target", fix="for example: actcheck verify relu")
        words = ctx.obj.keywords + keywords.read_set(set_ or (), reader.mistakes)
        if targets and (list_targets or _any_open(targets)):
            return tell(*reader.mistakes) if reader.mistakes else _discover(spec, targets, words, limit, as_json)
        specs = keywords.for_targets(spec, targets or (), words, reader.mistakes, limit)
        return tell(*reader.mistakes) if reader.mistakes else session.check(specs, table.render, as_json, limit)

    def _discover(
        spec: CheckSpec, names: Sequence[str], words: tuple[Keyword, ...], limit: float | None, as_json: bool
    ) -> int:
        from actcheck.cli import discovering

        wanted = discovering.Wanted(spec, tuple(names), words, limit)
        return discovering.list_targets(wanted, as_json) if list_targets else discovering.check(wanted, as_json)

    raise typer.Exit(guarded(job))


def _any_open(targets: Sequence[str]) -> bool:
    """Tell whether any target may name a place rather than a functor; nothing is loaded where none can."""
    if not any(":" not in target or set(target) & set("*?[") for target in targets):
        return False
    from actcheck.targets.places import is_open

    return any(map(is_open, targets))
