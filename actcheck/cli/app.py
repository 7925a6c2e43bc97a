"""The Typer application: its commands, and how it is run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from actcheck.cli.accept import accept
from actcheck.cli.accuracy import accuracy
from actcheck.cli.catalogue import list_all, show_one
from actcheck.cli.completion import parameters
from actcheck.cli.jacobian import jacobian
from actcheck.cli.layer import layer
from actcheck.cli.options import split
from actcheck.cli.prove import prove
from actcheck.cli.run import run as run_suite
from actcheck.cli.verify import verify

NAME = "actcheck"


class _TextCommand(TyperCommand):
    """A command whose options stay the texts that they are."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _left_as_texts(super().get_params(ctx))

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Complete the parameters of the targets that are typed already, beside the command's own options."""
        items = super().shell_complete(ctx, incomplete)
        if not incomplete.startswith("--"):
            return items
        named = [ctx.params.get(name) or () for name in ("targets", "target", "name")]
        typed = [target for each in named for target in ([each] if isinstance(each, str) else each)]
        # Of what class an item is depends on Typer's version; there is always --help to ask.
        item = type(super().shell_complete(ctx, "--")[0])
        return items + [item(option) for option in parameters(typed, incomplete)]


class _TextGroup(TyperGroup):
    """A group whose options stay the texts that they are."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _left_as_texts(super().get_params(ctx))


app = typer.Typer(cls=_TextGroup, rich_markup_mode=None, pretty_exceptions_enable=False)
app.command("verify", cls=_TextCommand)(verify)
app.command("jacobian", cls=_TextCommand)(jacobian)
app.command("layer", cls=_TextCommand)(layer)
app.command("prove", cls=_TextCommand)(prove)
app.command("accuracy", cls=_TextCommand)(accuracy)
app.command("run", cls=_TextCommand)(run_suite)
app.command("accept", cls=_TextCommand)(accept)
app.command("list", cls=_TextCommand)(list_all)
app.command("show", cls=_TextCommand)(show_one)


def _show_version(wanted: bool) -> None:
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        typer.echo(f"{NAME} {version(NAME)}")
    except PackageNotFoundError:
        typer.echo(f"{NAME}, not installed")
    raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Tells whether a hand-written gradient is right.

    It compares the gradient of an activation function with finite differences, and says what is wrong and where.
    """
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def run(argv: Sequence[str]) -> int:
    """Run a command line.

    Parameters
    ----------
    argv : sequence of str
        Without the program's name.

    Returns
    -------
    int
        Nothing, in fact: Typer ends every command with SystemExit.
    """
    given = split(argv)
    typer.main.get_command(app).main(args=list(given.args), prog_name=NAME, obj=given)
    return 0


def _left_as_texts(params: list[Any]) -> list[Any]:
    """Keep Typer from converting texts to texts: for that, 0.29 imports pydantic, more than half of the start-up.

    A Typer that asks its parameters in another way converts again, and is slower, no more.
    """
    for param in params:
        if "process_value" not in vars(param):
            param.process_value = _Unconverted(param)
    return params


class _Unconverted:
    """Stands in for a parameter's `process_value`."""

    def __init__(self, param: Any) -> None:
        self.param = param
        self.process = param.process_value

    def __call__(self, ctx: Any, value: Any) -> Any:
        if value is None and (self.param.nargs != 1 or getattr(self.param, "multiple", False)):
            return ()
        is_text = value is None or isinstance(value, str | list | tuple)
        return value if is_text else self.process(ctx, value)
