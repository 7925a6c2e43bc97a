"""``actcheck prove``: whether a gradient is right for every x of an interval."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Annotated

import typer

from actcheck.cli import keywords, reading, session, settings
from actcheck.cli.guard import guarded, tell
from actcheck.cli.types import Dim, Json, LayoutName, Seed, Set, Strict, Targets, Timeout
from actcheck.model import CheckSpec, Layout

Interval = Annotated[
    str, typer.Option("--interval", metavar="A B", help="The interval of every input, e.g. --interval -10 10.")
]
Tolerance = Annotated[
    str, typer.Option("--tolerance", metavar="NUMBER", help="Of the largest derivative; 1e-09 by default.")
]
Resolution = Annotated[
    str,
    typer.Option("--resolution", metavar="WIDTH", help="Narrower pieces are left over; 1e-12 of the interval."),
]
Lines = Annotated[
    str, typer.Option("--lines", metavar="N", help="Lines through the box, besides the axes; 8 by default.")
]


def prove(
    ctx: typer.Context,
    targets: Targets = None,
    interval: Interval = "",
    tolerance: Tolerance = "",
    resolution: Resolution = "",
    lines: Lines = "",
    dim: Dim = "",
    seed: Seed = "0",
    layout: LayoutName = "out-in",
    gradient: reading.Gradient = "",
    value: reading.Value = "",
    derivative: reading.Derivative = "",
    derivative_of: reading.DerivativeOf = "input",
    samples: reading.Samples = "rows",
    set_: Set = None,
    strict: Strict = False,
    timeout: Timeout = "",
    as_json: Json = False,
) -> None:
    """Prove that a gradient is right for every x of an interval, not only where somebody looked.

    TARGET is a named activation such as gelu, or your own as package.module:Name or path/to/file.py:Name. Its code is
    replayed in interval arithmetic. A function of the whole row is looked at along lines through a box.

    An option that is not listed here is a keyword of the functor's constructor, with one value, e.g. --stretch 2.
    """

    def job() -> int:
        from actcheck.exact.library import ask_for_library
        from actcheck.reports import proof

        ask_for_library("prove")
        reader = settings.Reader(ctx.obj.mistakes)
        spec = CheckSpec(
            target="",
            command="prove",
            dim=reader.whole("--dim", dim, least=1) if dim else None,
            seed=reader.whole("--seed", seed, least=0, most=math.inf),
            layout=Layout(reader.choice("--layout", layout, settings.LAYOUTS)),
            strict=strict,
            interval=reader.interval("--interval", interval),
            tolerance=reader.positive("--tolerance", tolerance) if tolerance else None,
            resolution=reader.positive("--resolution", resolution) if resolution else None,
            lines=reader.whole("--lines", lines, least=0) if lines else None,
        )
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
        limit = reader.positive("--timeout", timeout) if timeout else None
        if not targets:
            reader.refuse("prove needs a target", fix="for example: actcheck prove gelu --interval -10 10")
        words = ctx.obj.keywords + keywords.read_set(set_ or (), reader.mistakes)
        specs = keywords.for_targets(spec, targets or (), words, reader.mistakes, limit)
        return tell(*reader.mistakes) if reader.mistakes else session.check(specs, proof.render, as_json, limit)

    raise typer.Exit(guarded(job))
