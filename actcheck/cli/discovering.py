"""``actcheck verify`` of files, modules, packages and notebooks: what they hold is found, then checked or listed."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import field, replace

from actcheck import discovery, isolation
from actcheck.cli.guard import UNUSABLE, show, tell
from actcheck.cli.keywords import Accepted, accepted_by, mistakes_of
from actcheck.cli.options import Keyword
from actcheck.cli.session import code_of, keep_input
from actcheck.dataclass import dataclass
from actcheck.errors import ActcheckError, TargetError
from actcheck.model import CheckSpec, Failure, Report
from actcheck.reports.canvas import PLAIN, look_of
from actcheck.survey import NO_FUNCTOR, LeftOut, Listed, Survey, Unit

_KEY = re.compile(r"(.+:.+)\[([\w+@-]+)\]")
_WIPED = "\r\x1b[K"


@dataclass(frozen=True)
class Wanted:
    """What is to be looked into, and how.

    Parameters
    ----------
    spec : CheckSpec
        What all targets share.
    targets : tuple of str
    keywords : tuple of Keyword
    timeout : float or None
    """

    spec: CheckSpec
    targets: tuple[str, ...]
    keywords: tuple[Keyword, ...] = ()
    timeout: float | None = None

    @property
    def given(self) -> dict[str, object]:
        """The keywords with their values."""
        if not self.keywords:
            return {}
        from actcheck.targets import parse_value

        return {keyword.name: parse_value(keyword.text) for keyword in self.keywords}

    def places(self) -> Iterator[Unit | str]:
        """Give the files and modules to look into, and the targets that are functors by name."""
        from actcheck.targets.places import is_open, units

        for target in self.targets:
            if is_open(target):
                yield from units(target)
            else:
                yield target


@dataclass
class _Seen:
    """What has come out so far."""

    is_one: bool = False
    files: int = 0
    found: list[Listed] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    errors: list[tuple[str, ActcheckError]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    code: int = 0

    def survey(self, survey: Survey) -> None:
        self.found += survey.found
        # Of a single file that holds none the error tells.
        self.left_out += [left for left in survey.left_out if not (self.is_one and left.reason == NO_FUNCTOR)]
        self.files -= survey.is_empty
        self.notes += [(survey.place, note) for note in survey.notes]
        for problem in survey.problems:
            self.error(survey.place, _error_of(problem))

    def report(self, report: Report) -> None:
        self.reports.append(report)
        self.code = max(self.code, code_of(report))

    def error(self, place: str, error: ActcheckError) -> None:
        self.errors.append((place, error))
        self.code = max(self.code, error.exit_code)
        if self.is_one or error.exit_code > UNUSABLE:
            tell(error)
            return
        from actcheck.reports.discovery import error_line
        from actcheck.reports.words import visible

        if sys.stderr is not None:
            sys.stderr.write(f"{visible(error_line(place, error))}\n")


def check(wanted: Wanted, as_json: bool) -> int:
    """Find and check functors, and print what came of them.

    Returns
    -------
    int
        The exit code: the worst of all, by the order 3, 2, 1; 2 where nothing was found.
    """
    seen, places = _begin(wanted)
    mistakes = _keyword_mistakes(wanted, places)
    if mistakes:
        return tell(*mistakes)
    keep_input([wanted.spec])
    for place in places:
        _check(place, wanted, seen)
        _progress(seen)
    _progress(None)
    if not seen.reports and not seen.errors:
        seen.error(places_text(wanted), _nothing(wanted, seen))
    if as_json:
        from actcheck.reports.machine import dump

        show(dump(seen.reports, seen.errors, seen.left_out))
    elif seen.reports or seen.left_out:
        from actcheck.reports.discovery import Discovered, render

        done = Discovered(seen.files, seen.reports, seen.left_out, seen.errors, seen.notes)
        show(render(done, look_of(sys.stdout) if sys.stdout else PLAIN))
    return seen.code


def list_targets(wanted: Wanted, as_json: bool) -> int:
    """Find functors, and print what they are."""
    seen, places = _begin(wanted)
    for place in places:
        _look(place, wanted, seen)
    if not seen.found and not seen.errors:
        seen.error(places_text(wanted), _nothing(wanted, seen))
    if as_json:
        from actcheck.reports.machine import dump_list

        show(dump_list(seen.found, seen.errors, seen.left_out))
    else:
        from actcheck.reports.discovery import render_list

        look = look_of(sys.stdout) if sys.stdout else PLAIN
        show(render_list(seen.found, seen.left_out, seen.notes, look))
    return seen.code


def places_text(wanted: Wanted) -> str:
    """Name what was looked into."""
    return ", ".join(wanted.targets)


def _begin(wanted: Wanted) -> tuple[_Seen, list[Unit | str]]:
    discovery.warm_up()
    places = list(wanted.places())
    return _Seen(is_one=len(places) == 1), places


def _check(place: Unit | str, wanted: Wanted, seen: _Seen) -> None:
    if isinstance(place, str):
        _check_named(place, wanted, seen)
        return
    if place.skipped:
        seen.left_out.append(LeftOut(place.place, place.skipped))
        return
    seen.files += 1
    try:
        for event in discovery.check(place, wanted.spec, wanted.given, wanted.timeout):
            if isinstance(event, Survey):
                seen.survey(event)
            elif isinstance(event, Report):
                seen.report(event)
            else:
                seen.error(*event)
            _progress(seen)
    except ActcheckError as error:
        seen.error(place.place, error)


def _check_named(target: str, wanted: Wanted, seen: _Seen) -> None:
    accepted = accepted_by([target], wanted.spec, wanted.timeout).get(target) if wanted.keywords else ()
    taken = tuple((name, value) for name, value in wanted.given.items() if accepted is None or name in accepted)
    try:
        seen.report(isolation.check_target(replace(wanted.spec, target=target, parameters=taken), wanted.timeout))
    except ActcheckError as error:
        seen.error(target, error)


def _look(place: Unit | str, wanted: Wanted, seen: _Seen) -> None:
    if isinstance(place, str):
        try:
            seen.found.append(Listed(place, "named", isolation.keywords(place, wanted.timeout)))
        except ActcheckError as error:
            seen.error(place, error)
        return
    if place.skipped:
        seen.left_out.append(LeftOut(place.place, place.skipped))
        return
    seen.files += 1
    try:
        seen.survey(discovery.look(place, wanted.given, wanted.timeout))
    except ActcheckError as error:
        seen.error(place.place, error)


def _keyword_mistakes(wanted: Wanted, places: Sequence[Unit | str]) -> list[ActcheckError]:
    """Say which keywords nobody takes, before anything is checked."""
    if not wanted.keywords:
        return []
    named = [place for place in places if isinstance(place, str)]
    loaded: dict[str, Accepted] = accepted_by(named, wanted.spec, wanted.timeout)
    all_loaded = len(loaded) == len(set(named))
    for place in places:
        if isinstance(place, Unit) and not place.skipped:
            try:
                survey = discovery.look(place, wanted.given, wanted.timeout)
            except ActcheckError:
                # Its check will tell.
                all_loaded = False
                continue
            loaded |= {listed.target: listed.keywords for listed in survey.found}
    return mistakes_of(wanted.keywords, loaded, wanted.spec.command, all_loaded)


def _nothing(wanted: Wanted, seen: _Seen) -> TargetError:
    left_out = [left for left in seen.left_out if left.reason != NO_FUNCTOR]
    if left_out:
        what = f"there is nothing to check: of {len(left_out)} found, all are left out"
        return TargetError(what, where=places_text(wanted), fix="The reasons are listed.")
    key = next(filter(None, map(_KEY.fullmatch, wanted.targets)), None)
    if key is not None:
        fix = f"It is a pattern; what a dictionary or a list holds is named with a dot: {key[1]}.{key[2]}."
        return TargetError("no functor was found", where=places_text(wanted), fix=fix)
    fix = "A functor has a value and a derivative, such as `__call__` and `gradient`; name one as path/to/file.py:NAME."
    return TargetError("no functor was found", where=places_text(wanted), fix=fix)


def _error_of(problem: Failure) -> TargetError:
    return TargetError(problem.what, where=problem.where, fix=problem.fix, trace=problem.trace)


def _progress(seen: _Seen | None) -> None:
    if sys.stderr is None or not sys.stderr.isatty():
        return
    sys.stderr.write(_WIPED if seen is None else f"{_WIPED}{len(seen.reports)} of {len(seen.found)} checked")
    sys.stderr.flush()
