"""Finds in a module what a target names there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import ModuleType

from actcheck.targets.failures import AttributeMissingError
from actcheck.targets.found import ABSENT, Found, read, stored_name
from actcheck.targets.listing import LIMIT, candidates, functors_in, quoted
from actcheck.targets.names import Reference


def find_attribute(module: object, reference: Reference) -> Found:
    """Follow the dotted name behind a reference's colon.

    Raises
    ------
    AttributeMissingError
        If no name stands there, or it leads nowhere, or to a module: what could be meant is listed.
    TargetBrokenError
        If the user's code raises when an attribute is read.
    """
    owner, thing, path = module, module, ""
    for name in reference.attribute.split(".") if reference.attribute else ():
        owner, thing = thing, part(thing, name, reference.text)
        if thing is ABSENT:
            raise _no_attribute(owner, name, path, reference)
        path = f"{path}{name}."
    if isinstance(thing, ModuleType) or not path:
        raise _nothing_named(thing, path, reference)
    name = path.split(".")[-2]
    thing = opened(thing, owner, module, reference.attribute)
    if isinstance(thing, (Mapping, list, tuple)) and not callable(thing):
        _refuse_table(module, reference)
    return Found(thing, stored_name(owner, name), owner, name, reference.text)


def opened(thing: object, owner: object, module: object, attribute: str) -> object:
    """Take what is kept together, or in two dictionaries under one key, for a value and its derivative."""
    is_kept = isinstance(owner, (Mapping, list, tuple)) or isinstance(thing, (Mapping, list, tuple))
    if not is_kept and not hasattr(thing, "__dataclass_fields__"):
        return thing
    # Imported here: most targets are classes and functions, and start-up is a feature.
    from actcheck.targets import kept

    beside = kept.couple_beside(module, attribute) if isinstance(owner, Mapping) else None
    return beside or kept.couple_of(thing, attribute) or thing


def part(owner: object, name: str, target: str) -> object:
    """Read an attribute, or what a dictionary or a list has under a key or at a place; `ABSENT` where there is none.

    Raises
    ------
    TargetBrokenError
        If the user's code raises when it is read.
    """
    if isinstance(owner, (Mapping, list, tuple)):
        from actcheck.targets import kept

        found = kept.step(owner, name)
        if found is not ABSENT:
            return found
    return read(owner, stored_name(owner, name), target)


def _refuse_table(module: object, reference: Reference) -> None:
    """Refuse a dictionary, a list or a tuple of targets, and name them."""
    from actcheck.targets import kept

    told = [each for each in kept.answers_of(module, reference.attribute) if each.pairs or each.reason == kept.UNTOLD]
    if not told:
        return
    named = ", ".join(f"{reference.place}:{each.attribute}" for each in told[:LIMIT])
    more = f" and {len(told) - LIMIT} more" if len(told) > LIMIT else ""
    are_all = all(each.pairs for each in told)
    every = f"; actcheck verify '{reference.place}:{reference.attribute}.*' checks all" if are_all else ""
    number = "one target" if len(told) == 1 else f"{len(told)} targets"
    what = f"`{reference.attribute}` holds {number}, and names none"
    raise AttributeMissingError(what, where=reference.text, fix=f"Name one: {named}{more}{every}.")


def _nothing_named(module: object, path: str, reference: Reference) -> AttributeMissingError:
    names = functors_in(module)
    kind = "module" if path or not reference.is_file else "file"
    what = f"`{reference.text.rstrip(': ')}` is a {kind}, and no functor in it is named"
    first = f"{reference.place}:{path}{names[0] if names else 'NAME'}"
    seen = f"It has {quoted(names[:LIMIT])}" if names else "Nothing with `__call__` and `gradient` was seen in it"
    more = f" and {len(names) - LIMIT} more" if len(names) > LIMIT else ""
    fix = f"Name one, such as {first}. {seen}{more}."
    return AttributeMissingError(what, where=reference.text, fix=fix)


def _no_attribute(owner: object, name: str, path: str, reference: Reference) -> AttributeMissingError:
    holder = f"{reference.place}:{path[:-1]}" if path else reference.place
    found = tuple(map(str, owner))[:LIMIT] if isinstance(owner, Mapping) else candidates(owner, name)
    fix = f"It has {quoted(found)}." if found else "Nothing in it can be called."
    if _is_submodule(owner, name) and not reference.is_file:
        rest = reference.attribute[len(path) + len(name) + 1 :]
        fix = f"`{name}` is a module of its own: write {reference.place}.{path}{name}:{rest or 'NAME'}."
    return AttributeMissingError(f"`{holder}` has no attribute `{name}`", where=reference.text, fix=fix)


def _is_submodule(owner: object, name: str) -> bool:
    folders = getattr(owner, "__path__", ())
    return any(
        os.path.isfile(os.path.join(folder, f"{name}.py")) or os.path.isfile(os.path.join(folder, name, "__init__.py"))
        for folder in folders
    )
