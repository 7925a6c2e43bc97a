"""``actcheck accuracy``: what value and gradient are worth in floating point."""

from __future__ import annotations

import math
from dataclasses import replace

import typer

from actcheck.cli import keywords, reading, session, settings
from actcheck.cli.guard import guarded, tell
from actcheck.cli.types import Dim, Dtype, Json, Seed, Set, Strict, Targets, Timeout
from actcheck.model import CheckSpec
from actcheck.specification import DTYPES


def accuracy(
    ctx: typer.Context,
    targets: Targets = None,
    dtype: Dtype = "float64",
    dim: Dim = "",
    seed: Seed = "0",
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
    """Measure value and gradient in floating point against the truth, over the whole range of the type.

    TARGET is a named activation such as gelu, or your own as package.module:Name or path/to/file.py:Name; it must be
    element-wise. Its code is replayed with as many digits as it takes.

    An option that is not listed here is a keyword of the functor's constructor, with one value, e.g. --stretch 2.
    """

    def job() -> int:
        from actcheck.exact.library import ask_for_library
        from actcheck.reports import accuracy as reports

        ask_for_library("accuracy")
        reader = settings.Reader(ctx.obj.mistakes)
        spec = CheckSpec(
            target="",
            command="accuracy",
            dim=reader.whole("--dim", dim, least=1) if dim else None,
            seed=reader.whole("--seed", seed, least=0, most=math.inf),
            dtype=reader.choice("--dtype", dtype, DTYPES),
            strict=strict,
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
            reader.refuse("accuracy needs a target", fix="for example: actcheck accuracy gelu")
        words = ctx.obj.keywords + keywords.read_set(set_ or (), reader.mistakes)
        specs = keywords.for_targets(spec, targets or (), words, reader.mistakes, limit)
        return tell(*reader.mistakes) if reader.mistakes else session.check(specs, reports.render, as_json, limit)

    raise typer.Exit(guarded(job))
