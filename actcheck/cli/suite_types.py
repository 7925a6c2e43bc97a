"""The options of the commands that work on the configuration, as Typer declares them."""

from __future__ import annotations

from typing import Annotated

import typer

from actcheck.cli.completion import one_of

COLORS = ("auto", "always", "never")

Config = Annotated[
    str, typer.Option("--config", metavar="FILE", help="The configuration; by default the nearest, upwards from here.")
]
Jobs = Annotated[str, typer.Option("--jobs", metavar="N", help="Checks at a time; by default as many as cores.")]
Only = Annotated[
    list[str] | None, typer.Option("--only", metavar="GLOB", help="Checks whose name matches; repeatable.")
]
Exclude = Annotated[list[str] | None, typer.Option("--exclude", metavar="GLOB", help="Not these checks; repeatable.")]
Limit = Annotated[
    str, typer.Option("--timeout", metavar="SECONDS", help="A check that takes longer has failed; else as configured.")
]
Color = Annotated[
    str,
    typer.Option("--color", metavar="WHEN", help=f"Colours: {', '.join(COLORS)}.", autocompletion=one_of(COLORS)),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print the verdict alone.")]
