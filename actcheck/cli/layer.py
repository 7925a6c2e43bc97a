"""``actcheck layer``: the gradients of a layer A = f(XW + b) with respect to X, W and b."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Annotated

import typer

from actcheck import isolation
from actcheck.cli import keywords, reading, settings
from actcheck.cli.guard import UNUSABLE, guarded, show, tell
from actcheck.cli.types import Atol, Domain, Dtype, Json, LayoutName, Rtol, Scale, Seed, Set, Strict, Target, Timeout
from actcheck.errors import ActcheckError
from actcheck.model import CheckSpec, Outcome, Report
from actcheck.reports.canvas import PLAIN, look_of

Inputs = Annotated[str, typer.Option("--inputs", metavar="N", help="Width of X.")]
Outputs = Annotated[
    str,
    typer.Option(
        "--outputs", metavar="N", help="Width of XW + b; by default 3, or the nearest that the functor takes."
    ),
]
Batch = Annotated[str, typer.Option("--batch", metavar="N", help="Rows of X; half of them are three times as large.")]
Show = Annotated[bool, typer.Option("--show", help="Show the three gradients, analytic and numeric.")]


def layer(
    ctx: typer.Context,
    target: Target = "",
    inputs: Inputs = "4",
    outputs: Outputs = "",
    batch: Batch = "8",
    scale: Scale = "1",
    seed: Seed = "0",
    domain: Domain = "",
    dtype: Dtype = "float64",
    rtol: Rtol = "",
    atol: Atol = "0",
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
    show_gradients: Show = False,
) -> None:
    """Check the gradients of a layer A = f(XW + b) with respect to X, W and b.

    TARGET is a named activation such as tanh, or your own as package.module:Name or path/to/file.py:Name. Its gradient
    takes a random cotangent back to X, W and b, and every entry is held against differences of the whole layer.

    An option that is not listed here is a keyword of the functor's constructor, with one value, e.g. --stretch 2.
    """

    def job() -> int:
        reader = settings.Reader(ctx.obj.mistakes)
        spec = settings.shared(
            reader,
            dim="",
            scale=scale,
            seed=seed,
            dtype=dtype,
            rtol=rtol,
            atol=atol,
            layout=layout,
            typed=(),
            strict=strict,
            domain=domain,
        )
        spec = replace(
            spec,
            command="layer",
            batch=reader.whole("--batch", batch, least=1),
            inputs=reader.whole("--inputs", inputs, least=1),
            dim=reader.whole("--outputs", outputs, least=1) if outputs else None,
            edge=False,
        )
        how = reading.read(
            reader,
            (target,),
            gradient=gradient,
            value=value,
            derivative=derivative,
            derivative_of=derivative_of,
            samples=samples,
        )
        spec = replace(spec, reading=how)
        limit = reader.positive("--timeout", timeout) if timeout else None
        if not target:
            reader.refuse("layer needs a target", fix="for example: actcheck layer tanh --inputs 4 --outputs 3")
        words = ctx.obj.keywords + keywords.read_set(set_ or (), reader.mistakes)
        (spec,) = keywords.for_targets(spec, (target,), words, reader.mistakes, limit)
        return tell(*reader.mistakes) if reader.mistakes else _check(spec, limit, as_json, show_gradients)

    raise typer.Exit(guarded(job))


def _check(spec: CheckSpec, limit: float | None, as_json: bool, show_gradients: bool) -> int:
    from actcheck.reports import layer as reports

    try:
        report = isolation.check_target(spec, limit)
    except ActcheckError as error:
        if as_json:
            show(reports.dump(None, (spec.target, error)))
        return tell(error)
    if as_json:
        show(reports.dump(report, show=show_gradients))
    else:
        show(reports.render(report, look_of(sys.stdout) if sys.stdout else PLAIN, show_gradients))
    return _code(report)


def _code(report: Report) -> int:
    if report.passed:
        return 0
    return UNUSABLE if report.outcome is Outcome.NOT_RUN else 1
