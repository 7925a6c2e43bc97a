"""Looks into a file or module, and tells which functors it holds, and why others are left out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from actcheck.dataclass import dataclass
from actcheck.errors import TargetError
from actcheck.reserved import named
from actcheck.survey import NO_FUNCTOR, LeftOut, Listed, Survey, Unit
from actcheck.targets import kept
from actcheck.targets.attributes import opened, part
from actcheck.targets.callables import is_function_of_numpy, written
from actcheck.targets.construct import accepted, construct
from actcheck.targets.dispatch import choice_of
from actcheck.targets.files import folders_of
from actcheck.targets.found import Found, peek, stored_name
from actcheck.targets.imports import imported_names
from actcheck.targets.modules import load, own_file_first
from actcheck.targets.names import Reference, parse
from actcheck.targets.pairs import NOTHING, TOGETHER, Answer, answers, derivatives_beside
from actcheck.targets.signatures import option
from actcheck.targets.surroundings import user_code
from actcheck.targets.vocabulary import INPUTS

if TYPE_CHECKING:
    from actcheck.targets.notebooks import Notebook


def survey(unit: Unit, given: Mapping[str, object] | None = None) -> Survey:
    """Import a file or module, and list what is in it.

    Parameters
    ----------
    unit : Unit
    given : mapping of str to value, optional
        Keywords for the constructors that have them.

    Raises
    ------
    TargetError
        If it is not there, or cannot be read.
    """
    reference = own_file_first(parse(unit.place))
    folders = folders_of(reference.place) if reference.is_file else ()
    with user_code(folders) as remarks:
        module = load(reference)
        own = (*answers(module), *kept.answers(module))
        told = _told(own, module, reference, unit.pattern)
        entries = [entry for each in told for entry in _entries(each, given or {})]
    if own and not entries and unit.pattern == "*":
        entries = [LeftOut(unit.place, NO_FUNCTOR)]
    notebook = _notebook(reference)
    return Survey(
        unit.place,
        tuple(entry for entry in entries if isinstance(entry, Listed)),
        tuple(entry for entry in entries if isinstance(entry, LeftOut)),
        notebook.problems if notebook else (),
        (*(notebook.notes if notebook else ()), *remarks),
    )


@dataclass(frozen=True)
class _Told:
    """What was said of one name."""

    answer: Answer
    thing: object
    owner: object
    target: str

    @property
    def found(self) -> Found:
        name = self.answer.attribute.rpartition(".")[2]
        return Found(self.thing, stored_name(self.owner, name), self.owner, name, self.target)


def _told(own: Iterable[Answer], module: object, reference: Reference, pattern: str) -> Iterator[_Told]:
    foreign = imported_names(_sources(module, reference), str(getattr(module, "__package__", "") or ""))
    seen: set[int] = set()
    for answer in own:
        top, *inner = answer.attribute.split(".")
        is_foreign = top in foreign and not is_function_of_numpy(getattr(module, top, None))
        if is_foreign or not fnmatchcase(answer.attribute, pattern) or _is_beside_the_point(answer, module):
            continue
        owner, thing = module, getattr(module, top, None)
        for name in inner:
            owner, thing = thing, part(thing, name, reference.text)
        thing = opened(thing, owner, module, answer.attribute)
        # Of one object with several names the first counts.
        if not inner and id(thing) in seen:
            continue
        seen.add(id(thing))
        yield _Told(answer, thing, owner, f"{reference.text.rstrip(':')}:{answer.attribute}")


def _is_beside_the_point(answer: Answer, module: object) -> bool:
    """Tell whether something is no functor by any reading: not even one that somebody forgot to finish."""
    if answer.pairs:
        return False
    thing = peek(module, answer.attribute)
    if isinstance(thing, type) or not callable(thing):
        return answer.reason == NOTHING
    if derivatives_beside(answer.attribute, module):
        return False
    code = getattr(written(thing), "__code__", None)
    first = code.co_varnames[0].lower() if code is not None and code.co_argcount else ""
    return not (first in INPUTS and answer.reason.startswith("no derivative"))


def _entries(told: _Told, given: Mapping[str, object]) -> Iterator[Listed | LeftOut]:
    """Give what is checked of one name: one thing or, of a function that is told by a word which one it is, all."""
    choice = choice_of(told.answer, told.found, given) if told.answer.pairs else None
    if choice is None:
        yield _look(told, given)
        return
    for word in choice.words:
        entry = _look(told, {**given, choice.argument: word})
        command = named(told.target, ((choice.argument, word),))
        if isinstance(entry, LeftOut):
            yield LeftOut(command, entry.reason)
        elif reason := choice.refused(told.found, word, given):
            yield LeftOut(command, reason)
        else:
            yield replace(entry, parameters=((choice.argument, word),))


def _look(told: _Told, given: Mapping[str, object]) -> Listed | LeftOut:
    answer = told.answer
    if not answer.pairs:
        return LeftOut(told.target, answer.reason)
    pair = answer.pairs[0]
    missing = [name for name in answer.needs if name not in given]
    if missing:
        options = " ".join(f"{option(name)} VALUE" for name in missing)
        return LeftOut(told.target, f"its constructor needs arguments: add {options}")
    try:
        keywords = accepted(told.found)
        taken = {name: value for name, value in given.items() if keywords is None or name in keywords}
        construct(told.found, taken)
    except TargetError as error:
        return LeftOut(told.target, error.what)
    reason = _untold(replace(told.found, given=taken)) if pair.protocol == TOGETHER else ""
    if reason:
        return LeftOut(told.target, reason)
    return Listed(told.target, f"{pair.protocol}: {pair.text}", keywords)


def _untold(found: Found) -> str:
    """Say why a function that returns two things is left out, empty where the second is its derivative."""
    # Few files hold one, and what reads its source need not be loaded for the others.
    from actcheck.targets import both

    return "" if both.gives_derivative(found) else both.UNTOLD


def _sources(module: object, reference: Reference) -> tuple[str, ...]:
    notebook = _notebook(reference)
    if notebook:
        return notebook.sources
    file = getattr(module, "__file__", None)
    if not file or not os.path.isfile(file):
        return ()
    with open(file, encoding="utf-8", errors="replace") as text:
        return (text.read(),)


def _notebook(reference: Reference) -> Notebook | None:
    if not reference.place.lower().endswith(".ipynb"):
        return None
    from actcheck.targets import notebooks

    return notebooks.read(reference.place)
