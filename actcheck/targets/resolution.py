"""From a target's name to its functor: where all the steps meet."""

from __future__ import annotations

import functools
import inspect
import os
import sys
from dataclasses import replace

from actcheck.activations import catalogue
from actcheck.dataclass import dataclass
from actcheck.model import Functor, Reading
from actcheck.targets.adapters import Adapted, adapter_for
from actcheck.targets.callables import is_function, written
from actcheck.targets.construct import accepted, construct, how_made
from actcheck.targets.failures import AttributeMissingError
from actcheck.targets.found import ABSENT, AS_NAMED, Found, read
from actcheck.targets.names import Reference, parse

_CALL = "__call__"


@dataclass(frozen=True)
class Origin:
    """Where a gradient is written.

    Parameters
    ----------
    file : str
        An absolute path.
    line : int
        The line that its definition begins in, decorators included.
    """

    file: str
    line: int


@dataclass(frozen=True)
class Target:
    """A functor, with what is known of how its name was read.

    Parameters
    ----------
    name : str
        What the report calls it: the catalogue's name, or the import path as typed.
    functor : Functor
    accepted : tuple of str or None
        The keywords of its constructor, None if any goes.
    origin : Origin or None
        Where its gradient is written, where that is Python code.
    notes : tuple of str
        Remarks on how it was read.
    made : object
        The user's own object, class or function, which may declare a domain.
    """

    name: str
    functor: Functor
    accepted: tuple[str, ...] | None
    origin: Origin | None
    notes: tuple[str, ...]
    made: object = None


def resolve(target: str, parameters: tuple[tuple[str, object], ...] = (), reading: Reading = AS_NAMED) -> Target:
    """Load and construct what a target names. The user's code runs with its standard output sent to standard error.

    Parameters
    ----------
    target : str
        A name of the catalogue, ``pkg.mod:attr`` or ``path/to/file.py:attr``; ``attr`` may be dotted, and is a class,
        an instance or a factory.
    parameters : tuple of (str, value)
        Keywords for the class or factory.
    reading : Reading
        How it is to be read.

    Raises
    ------
    TargetMissingError
        If there is no activation, module or file of that name.
    TargetBrokenError
        If its code raises while it is imported or read.
    AttributeMissingError
        If nothing is named in the module or file, or it is not there.
    NotAFunctorError
        If what is named has no function with a gradient.
    ConstructorRefusedError
        If the keywords do not fit, or the constructor raises on them.
    """
    reference = parse(target)
    entry = _entry(reference)
    if entry:
        named = Found(catalogue.load(entry), entry.name, catalogue, entry.name, reference.text, reading)
        return _made(_with_partner(named), parameters, entry.name)
    # Imported here, since most runs are of the catalogue, and start-up is a feature.
    from actcheck.targets.loading import loaded

    with loaded(reference) as (named, remarks):
        made = _made(_with_partner(replace(named, reading=reading)), parameters, reference.text)
    return replace(made, notes=(*made.notes, *remarks))


def keywords(target: str, reading: Reading = AS_NAMED) -> tuple[str, ...] | None:
    """Name the constructor keywords that a target accepts, None if any goes; it is imported, and not constructed.

    Raises
    ------
    TargetMissingError
        If there is no activation, module or file of that name.
    TargetBrokenError
        If its code raises while it is imported or read.
    AttributeMissingError
        If nothing is named in the module or file, or it is not there.
    NotAFunctorError
        If what is named is neither a functor nor can make one.
    """
    reference = parse(target)
    entry = _entry(reference)
    if entry:
        return tuple(parameter.name for parameter in entry.parameters)
    from actcheck.targets.loading import loaded

    with loaded(reference) as (named, _):
        return accepted(_with_partner(replace(named, reading=reading)))


def adapt(thing: object, name: str) -> Adapted | None:
    """Read an object at hand as a functor by one of the protocols that are understood, None where none fits.

    Parameters
    ----------
    thing : object
        An instance, or a function whose derivative stands beside it in its module.
    name : str
        What to call it.
    """
    owner = sys.modules.get(getattr(written(thing), "__module__", None) or "") if is_function(thing) else None
    found = Found(thing, name, owner, name, name)
    adapter = adapter_for(found)
    return None if adapter is None else adapter.adapt(found)


def _entry(reference: Reference) -> catalogue.Entry | None:
    return catalogue.find(reference.place) if reference.is_bare else None


def _made(named: Found, parameters: tuple[tuple[str, object], ...], name: str) -> Target:
    made, adapter = construct(named, dict(parameters))
    adapted = adapter.adapt(made)
    notes = (*how_made(named), *adapted.notes)
    return Target(name, adapted.functor, accepted(named), _origin(adapted.derivative), notes, made.thing)


def _with_partner(named: Found) -> Found:
    """Load the derivative that is named apart: a target of its own, or a name beside the value."""
    gradient = named.reading.gradient
    if not gradient:
        return named
    if ":" not in gradient:
        partner = read(named.owner, gradient, named.target)
        if partner is ABSENT:
            raise AttributeMissingError(
                f"there is no `{gradient}` beside `{named.name}` (--gradient)",
                where=named.target,
                fix="Name it with its module: --gradient mod:NAME.",
            )
        return replace(named, partner=partner)
    from actcheck.targets.loading import loaded

    with loaded(parse(gradient)) as (other, _):
        return replace(named, partner=other.thing)


def _origin(gradient: object) -> Origin | None:
    while isinstance(gradient, functools.partial):
        gradient = gradient.func
    function = written(gradient) if is_function(gradient) else getattr(type(gradient), _CALL, None)
    code = getattr(inspect.unwrap(function), "__code__", None) if callable(function) else None
    if code is None or not os.path.isfile(code.co_filename):
        return None
    return Origin(os.path.abspath(code.co_filename), code.co_firstlineno)
