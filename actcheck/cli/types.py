"""The options that commands share, as Typer declares them.

All of them are texts to Typer, which a `Reader` turns into values: it tells all mistakes at once, where Typer stops at
the first, and Typer's own conversion would import pydantic, more than half of the start-up.
"""

from __future__ import annotations

from typing import Annotated

import typer

from actcheck.cli.completion import names, one_of
from actcheck.cli.settings import LAYOUTS
from actcheck.specification import DTYPES

# Hidden from the list of arguments, where Typer shows it as `TARGET <list[str]>`; the help's text describes it.
Targets = Annotated[list[str] | None, typer.Argument(metavar="TARGET", hidden=True, autocompletion=names)]
Target = Annotated[str, typer.Argument(metavar="TARGET", hidden=True, autocompletion=names)]
Rows = Annotated[
    list[str] | None,
    typer.Option("--x", metavar="ROW", help='A row to check instead of generated ones, e.g. "0,-1,2".'),
]
Csv = Annotated[
    list[str] | None,
    typer.Option("--csv", metavar="FILE", help="Rows of a CSV file, gzipped or not; - is standard input."),
]
Columns = Annotated[
    list[str] | None,
    typer.Option("--columns", metavar="NAMES", help="Columns of the file to take: names or numbers, with commas."),
]
RowsAre = Annotated[
    str,
    typer.Option("--rows", metavar="HOW", help="coupled takes a whole batch as one vector; independent by default."),
]
Timeout = Annotated[
    str,
    typer.Option("--timeout", metavar="SECONDS", help="A target that takes longer has failed."),
]
Dim = Annotated[
    str,
    typer.Option("--dim", metavar="N", help="Width of a row; by default 5, or the nearest that the functor takes."),
]
Domain = Annotated[
    str,
    typer.Option("--domain", metavar="LOW HIGH", help="Where inputs may lie, e.g. 0 inf; differences stay inside."),
]
Scale = Annotated[str, typer.Option("--scale", metavar="NUMBER", help="Size of the random numbers.")]
Seed = Annotated[str, typer.Option("--seed", metavar="N", help="Seed of the random rows.")]
Dtype = Annotated[
    str,
    typer.Option(
        "--dtype",
        metavar="TYPE",
        help=f"Type the gradient is computed in: {', '.join(DTYPES)}.",
        autocompletion=one_of(DTYPES),
    ),
]
Rtol = Annotated[
    str,
    typer.Option("--rtol", metavar="NUMBER", help="Relative tolerance; by default that of the type, 1e-08 in float64."),
]
Atol = Annotated[str, typer.Option("--atol", metavar="NUMBER", help="Absolute tolerance, on top of rounding.")]
LayoutName = Annotated[
    str,
    typer.Option(
        "--layout",
        metavar="LAYOUT",
        help=f"Axes of a Jacobian: {' or '.join(LAYOUTS)}.",
        autocompletion=one_of(LAYOUTS),
    ),
]
OracleName = Annotated[
    str,
    typer.Option(
        "--oracle",
        metavar="WHICH",
        help="Who decides what differences cannot: difference, exact, or auto, which is exact where it is installed.",
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A keyword whose name is an option of ours; repeatable."),
]
Json = Annotated[bool, typer.Option("--json", help="Print a JSON document instead of tables.")]
Strict = Annotated[bool, typer.Option("--strict", help="Fail on warnings and on what cannot be told as well.")]
