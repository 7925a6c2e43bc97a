"""Checks whose target is a place, ``mypkg.activations:*``, become one for each functor that is found there."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import field, replace

from actcheck import discovery
from actcheck.dataclass import dataclass
from actcheck.errors import ActcheckError, ConfigError
from actcheck.gate.config import ConfigMistakesError, Configuration, text_of
from actcheck.model import Case, CheckSpec
from actcheck.survey import Listed, Survey, Unit
from actcheck.targets.places import is_open, units


@dataclass
class _Expansion:
    """What has been found so far."""

    configuration: Configuration
    mistakes: list[ConfigError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _made: set[tuple[str, CheckSpec]] = field(default_factory=set)
    _surveys: dict[tuple[object, ...], Survey | None] = field(default_factory=dict)

    def cases(self, case: Case) -> Iterator[Case]:
        """Give the checks that one stands for: itself, or one for each functor."""
        if case.skip or not is_open(case.spec.target):
            yield case
            return
        given = dict(case.spec.parameters)
        found, taken, unread = 0, set[str](), 0
        for unit in units(case.spec.target):
            survey = self._survey(unit, given, case.timeout)
            if survey is None and not unit.skipped:
                # Its worker tells why it cannot be read.
                unread += 1
                yield replace(case, name=_name(case, unit.place), spec=replace(case.spec, target=f"{unit.place}:*"))
            for listed in survey.found if survey else ():
                found += 1
                parameters = tuple((name, value) for name, value in given.items() if _takes(listed, name))
                taken.update(name for name, _ in parameters)
                spec = replace(case.spec, target=listed.target, parameters=(*parameters, *listed.parameters))
                idle = tuple((name, value) for name, value in given.items() if not _takes(listed, name))
                name = _with_words(_name(case, listed.target.rpartition(":")[2], idle), listed.parameters)
                # Combinations that differ only in what it does not take are one check.
                if (name, spec) not in self._made:
                    self._made.add((name, spec))
                    yield replace(case, name=name, spec=spec)
        if not found and not unread:
            self._refuse(case, "it finds no functor to check")
        elif not unread and (left := [name for name in given if name not in taken]):
            self._refuse(case, f"no functor that it finds takes {', '.join(left)}")

    def _survey(self, unit: Unit, given: dict[str, object], timeout: float) -> Survey | None:
        """Look into a place, once for all the checks that want the same of it."""
        if unit.skipped:
            self._note(f"left out: {unit.place}: {unit.skipped}")
            return None
        key = (unit, *sorted((name, repr(value)) for name, value in given.items()))
        if key not in self._surveys:
            try:
                self._surveys[key] = discovery.look(unit, given, min(timeout, discovery.IMPORT_LIMIT))
            except ActcheckError:
                self._surveys[key] = None
        survey = self._surveys[key]
        if survey is not None:
            for left in survey.left_out:
                self._note(f"left out: {left.target}: {left.reason}")
            for problem in survey.problems:
                self._note(f"{problem.where}: {problem.what}")
        return survey

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _refuse(self, case: Case, what: str) -> None:
        where = f"{self.configuration.file.name}: checks ({case.spec.target})"
        fix = "actcheck verify --list-targets shows what is found, and why others are left out."
        self.mistakes.append(ConfigError(what, where=where, fix=fix))


def expand(configuration: Configuration) -> tuple[Configuration, tuple[str, ...]]:
    """Give the configuration with a check for each functor that its places hold, and what to say of the rest.

    Raises
    ------
    ConfigMistakesError
        If a place holds nothing to check, or two checks would have one name.
    """
    with contextlib.chdir(configuration.folder):
        if not any(not case.skip and is_open(case.spec.target) for case in configuration.cases):
            return configuration, ()
        discovery.warm_up()
        expansion = _Expansion(configuration)
        cases = [each for case in configuration.cases for each in expansion.cases(case)]
    if expansion.mistakes:
        raise ConfigMistakesError(tuple(expansion.mistakes))
    cases = _told_apart(cases)
    doubles = [name for name, count in Counter(case.name for case in cases).items() if count > 1]
    if doubles:
        raise ConfigMistakesError(
            tuple(
                ConfigError(
                    f"several checks are called {name}",
                    where=configuration.file.name,
                    fix="Name each functor in one check, or give the checks names of their own: key name.",
                )
                for name in doubles
            )
        )
    return replace(configuration, cases=tuple(cases)), tuple(expansion.notes)


def _name(case: Case, found: str, idle: Sequence[tuple[str, object]] = ()) -> str:
    """Name a check after what was found, behind a name of its own if it has one.

    What it varies stays in brackets, but for parameters that are idle since it does not take them.
    """
    base, bracket, marks = case.name.partition("[") if not case.name.startswith("[") else ("", "", case.name)
    for name, value in idle:
        mark = f"{name}={text_of(value)}"
        marks = f",{marks}".replace(f",{mark},", ",").replace(f",{mark}]", "]")[1:]
    if marks in ("]", ""):
        bracket = marks = ""
    prefix = "layer " if case.spec.command == "layer" else ""
    derived = (case.spec.target, case.spec.target.rpartition(":")[2])
    own = "" if base.removeprefix(prefix) in derived else f"{base.strip()}:"
    return f"{'' if own else prefix}{own}{found}{bracket}{marks}"


def _with_words(name: str, words: Sequence[tuple[str, object]]) -> str:
    """Add the words that tell one function of many to what stands in brackets."""
    if not words:
        return name
    base, bracket, marks = name.partition("[")
    told = ",".join(f"{argument}={text_of(word)}" for argument, word in words)
    return f"{base}[{told},{marks}" if bracket else f"{base}[{told}]"


def _told_apart(cases: list[Case]) -> list[Case]:
    """Name by their whole target those that would have one name in two files."""
    counts = Counter(case.name for case in cases)
    apart = []
    for case in cases:
        short = case.spec.target.rpartition(":")[2]
        if counts[case.name] > 1 and short in case.name:
            case = replace(case, name=case.name.replace(short, case.spec.target, 1))
        apart.append(case)
    return apart


def _takes(listed: Listed, name: str) -> bool:
    return listed.keywords is None or name in listed.keywords
