"""``actcheck list`` and ``actcheck show``: which activation functions there are, and what one of them is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from actcheck.cli import keywords
from actcheck.cli.completion import names
from actcheck.cli.guard import guarded, show, tell
from actcheck.cli.types import Json, Set
from actcheck.errors import ActcheckError, UsageError
from actcheck.model import CheckSpec
from actcheck.reports.canvas import PLAIN, Look, look_of

if TYPE_CHECKING:
    from actcheck.activations.entry import Entry

Name = Annotated[str, typer.Argument(metavar="NAME", hidden=True, autocompletion=names)]


def list_all(as_json: Json = False) -> None:
    """List the activation functions of the catalogue.

    Each with its formula, its other names, and its parameters as they are typed, with their defaults.
    """

    def job() -> int:
        from actcheck.activations.catalogue import ENTRIES
        from actcheck.reports import catalogue

        show(catalogue.dump(ENTRIES) if as_json else catalogue.render_list(ENTRIES, _look()))
        return 0

    raise typer.Exit(guarded(job))


def show_one(ctx: typer.Context, name: Name = "", set_: Set = None) -> None:
    """Show an activation function of the catalogue.

    Its formula, derivative, range and kinks, its parameters, how to check it, and where each output depends on one
    input, a plot of the function and its derivative. NAME is one that actcheck list prints.

    An option that is not listed here is a parameter of the function, with one value, e.g. --negative-slope 0.3: the
    plot follows.
    """

    def job() -> int:
        from actcheck.activations.catalogue import find

        mistakes: list[ActcheckError] = list(ctx.obj.mistakes)
        words = ctx.obj.keywords + keywords.read_set(set_ or (), mistakes)
        entry = find(name)
        if entry is None:
            return tell(*mistakes, _unknown(name))
        (spec,) = keywords.for_targets(CheckSpec("", command="show"), (entry.name,), words, mistakes)
        if mistakes:
            return tell(*mistakes)
        show(_render(entry, spec))
        return 0

    raise typer.Exit(guarded(job))


def _unknown(name: str) -> ActcheckError:
    if not name:
        return UsageError("show needs a name", fix="for example: actcheck show gelu")
    from actcheck.activations.catalogue import nearest
    from actcheck.targets import TargetMissingError

    near = nearest(name)
    fix = f"Did you mean {near}?" if near else "actcheck list has all names."
    return TargetMissingError(f"there is no activation `{name}`", where=name, fix=fix)


def _render(entry: Entry, spec: CheckSpec) -> str:
    from actcheck.reports.catalogue import Shown, render
    from actcheck.reports.plot import Curve

    if not (entry.elementwise or spec.parameters):
        return render(Shown(entry), _look())
    from actcheck.targets import resolve

    functor = resolve(entry.name, spec.parameters).functor
    if not entry.elementwise:
        return render(Shown(entry, spec.parameters), _look())
    # It imports NumPy, which is not wanted before there is something to plot.
    from actcheck.activations.curves import sample

    points = sample(functor)
    curves = Curve("f(x)", points.xs, points.values), Curve("f'(x)", points.xs, points.slopes)
    return render(Shown(entry, spec.parameters, curves), _look())


def _look() -> Look:
    return look_of(sys.stdout) if sys.stdout else PLAIN
