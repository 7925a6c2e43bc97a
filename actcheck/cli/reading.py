"""The options that say how a target's code is to be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from actcheck.cli.settings import Reader
from actcheck.model import Reading
from actcheck.specification import DERIVATIVE_OF, SAMPLES

Gradient = Annotated[
    str, typer.Option("--gradient", metavar="MOD:NAME", help="The function that is the target's derivative.")
]
Value = Annotated[str, typer.Option("--value", metavar="NAME", help="The target's method that is the value.")]
Derivative = Annotated[
    str, typer.Option("--derivative", metavar="NAME", help="The target's method that is the derivative.")
]
DerivativeOf = Annotated[
    str,
    typer.Option("--derivative-of", metavar="WHAT", help="output for a derivative that is given f(x) in place of x."),
]
Samples = Annotated[
    str,
    typer.Option("--samples", metavar="HOW", help="columns for batches of (n, batch); single for one (n,) at a time."),
]
Parameter = Annotated[
    list[str] | None,
    typer.Option("--parameter", metavar="NAME", help="An array of a layer to check, or NAME=GRADIENT; repeatable."),
]


def read(
    reader: Reader,
    targets: Sequence[str],
    *,
    gradient: str,
    value: str,
    derivative: str,
    derivative_of: str,
    samples: str,
    parameter: Sequence[str] = (),
) -> Reading:
    """Give the reading that the options ask for."""
    if gradient and derivative:
        reader.refuse("--gradient and --derivative exclude each other", fix="Name the derivative in one way.")
    if gradient and len(targets) > 1:
        reader.refuse("--gradient is the derivative of one target", fix=f"Leave out {' '.join(targets[1:])}.")
    if not all(name.partition("=")[0] for name in parameter):
        reader.refuse("--parameter has an empty name", fix="Write --parameter NAME, or --parameter NAME=GRADIENT.")
    return Reading(
        gradient=gradient,
        value=value,
        derivative=derivative,
        derivative_of=reader.choice("--derivative-of", derivative_of, DERIVATIVE_OF),
        samples=reader.choice("--samples", samples, SAMPLES),
        parameters=tuple(parameter),
    )
