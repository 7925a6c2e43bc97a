"""Loads what a name that is not the catalogue's leads to, in the surroundings that the user's code needs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from actcheck.activations import catalogue
from actcheck.targets.attributes import find_attribute
from actcheck.targets.failures import AttributeMissingError, TargetBrokenError, TargetMissingError
from actcheck.targets.files import folder_error, folders_of
from actcheck.targets.found import Found
from actcheck.targets.modules import is_module, load, own_file_first
from actcheck.targets.names import HOW_TO_NAME, Reference
from actcheck.targets.surroundings import user_code


@contextmanager
def loaded(reference: Reference) -> Iterator[tuple[Found, list[str]]]:
    """Import what a reference names, and keep its surroundings up while it is used.

    Yields what was found, and remarks on how it behaved, complete after the end.

    Raises
    ------
    TargetMissingError
        If there is no activation, module or file of that name.
    TargetBrokenError
        If its code raises while it is imported or read.
    AttributeMissingError
        If nothing is named in the module or file, or it is not there.
    """
    reference = own_file_first(reference)
    folders = folders_of(reference.place) if reference.is_file else ()
    with user_code(folders) as remarks:
        if reference.is_bare and not is_module(reference.place):
            _refuse_word(reference)
        yield _found(load(reference), reference), remarks


def _found(module: object, reference: Reference) -> Found:
    try:
        return find_attribute(module, reference)
    except AttributeMissingError as error:
        # A cell that has failed may be the one that would have defined it.
        raise _cell_that_failed(reference) or error from None


def _cell_that_failed(reference: Reference) -> TargetBrokenError | None:
    if not reference.place.lower().endswith(".ipynb"):
        return None
    from actcheck.targets import notebooks

    problems = notebooks.read(reference.place).problems
    first = problems[0] if problems else None
    return TargetBrokenError(first.what, where=first.where, fix=first.fix, trace=first.trace) if first else None


def _refuse_word(reference: Reference) -> None:
    word = reference.place
    if os.path.isdir(word):
        raise folder_error(word, reference.text)
    if "." not in word:
        near = catalogue.nearest(word)
        fix = f"Did you mean {near}?" if near else HOW_TO_NAME
        raise TargetMissingError(f"there is no activation `{word}`", where=reference.text, fix=fix)
