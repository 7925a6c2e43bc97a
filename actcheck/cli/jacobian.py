"""``actcheck jacobian``: the matrices of one row."""

from __future__ import annotations

from dataclasses import replace

import typer

from actcheck.cli import keywords, reading, session, settings
from actcheck.cli.guard import guarded, tell
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
    Rtol,
    Scale,
    Seed,
    Set,
    Strict,
    Targets,
)
from actcheck.specification import ORACLES


def jacobian(
    ctx: typer.Context,
    targets: Targets = None,
    dim: Dim = "",
    scale: Scale = "1",
    seed: Seed = "0",
    x: Rows = None,
    csv: Csv = None,
    columns: Columns = None,
    domain: Domain = "",
    dtype: Dtype = "float64",
    rtol: Rtol = "",
    atol: Atol = "0",
    layout: LayoutName = "out-in",
    oracle: OracleName = "auto",
    gradient: reading.Gradient = "",
    value: reading.Value = "",
    derivative: reading.Derivative = "",
    derivative_of: reading.DerivativeOf = "input",
    samples: reading.Samples = "rows",
    set_: Set = None,
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Show the Jacobian of one row: analytic, numeric and error.

    TARGET is a named activation such as softmax, or your own as package.module:Name or path/to/file.py:Name. The row is
    a random one, the one given by --x, or the first of a --csv file.

    An option that is not listed here is a keyword of the functor's constructor, with one value, e.g. --stretch 2.
    """

    def job() -> int:
        from actcheck.reports import matrix

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
        spec = replace(spec, command="jacobian", edge=False, oracle=reader.choice("--oracle", oracle, ORACLES))
        how = reading.read(
            reader,
            targets or (),
            gradient=gradient,
            value=value,
            derivative=derivative,
            derivative_of=derivative_of,
            samples=samples,
        )
        spec = replace(spec, reading=how)
        if not targets:
            reader.refuse("jacobian needs a target", fix="for example: actcheck jacobian softmax --stretch 2")
        elif len(targets) > 1 and not reader.mistakes:
            reader.refuse("jacobian shows one target", fix=f"Leave out {' '.join(targets[1:])}.")
        if len(x or ()) > 1:
            reader.refuse("--x is given more than once", fix="jacobian shows one row; verify checks many")
        words = ctx.obj.keywords + keywords.read_set(set_ or (), reader.mistakes)
        specs = keywords.for_targets(spec, targets or (), words, reader.mistakes)
        return tell(*reader.mistakes) if reader.mistakes else session.check(specs, matrix.render, as_json)

    raise typer.Exit(guarded(job))
