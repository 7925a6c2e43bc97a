"""Which keyword goes to which target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actcheck import isolation
from actcheck.cli.options import Keyword, nearest, options_of
from actcheck.errors import ActcheckError, TargetError, UsageError
from actcheck.model import CheckSpec

Accepted = tuple[str, ...] | None
"""The keywords that a target takes, None for any."""


def read_set(texts: Sequence[str], mistakes: list[ActcheckError]) -> tuple[Keyword, ...]:
    """Read the texts of ``--set name=value``."""
    keywords: list[Keyword] = []
    for text in texts:
        name, equals, value = text.partition("=")
        name = name.strip().replace("-", "_")
        if equals and name.isidentifier():
            keywords.append(Keyword(name, value, is_explicit=True))
        else:
            mistakes.append(UsageError(f"--set {text} is not of the form name=value"))
    return tuple(keywords)


def for_targets(
    spec: CheckSpec,
    targets: Sequence[str],
    keywords: Sequence[Keyword],
    mistakes: list[ActcheckError],
    timeout: float | None = None,
) -> list[CheckSpec]:
    """Give each target its specification, with the keywords that it has.

    Parameters
    ----------
    spec : CheckSpec
        What the targets share. Its command has the options that a mistyped keyword may have meant.
    targets : sequence of str
    keywords : sequence of Keyword
    mistakes : list of ActcheckError
        Grows by each keyword that is given twice, or that nobody takes.
    timeout : float or None
        Seconds that each target may take to be loaded.
    """
    if not keywords or not targets:
        return [replace(spec, target=target) for target in targets]
    loaded = accepted_by(targets, spec, timeout)
    mistakes += mistakes_of(keywords, loaded, spec.command, all_loaded=len(loaded) == len(set(targets)))
    return [replace(spec, target=target, parameters=_parameters(keywords, loaded.get(target))) for target in targets]


def accepted_by(targets: Sequence[str], spec: CheckSpec, timeout: float | None = None) -> dict[str, Accepted]:
    """Say which keywords targets take; nothing of those that cannot be loaded, which their checks will tell."""
    return {target: accepted for target in dict.fromkeys(targets) for accepted in _accepted(target, spec, timeout)}


def mistakes_of(
    keywords: Sequence[Keyword], loaded: dict[str, Accepted], command: str, all_loaded: bool
) -> list[ActcheckError]:
    """Say which keywords are given twice, or taken by nobody.

    Parameters
    ----------
    keywords : sequence of Keyword
    loaded : dict of str to Accepted
        What each target takes.
    command : str
        Its options may have been meant.
    all_loaded : bool
        Whether there is no other target, that might take more.
    """
    found: list[ActcheckError] = []
    _refuse_doubles(keywords, found)
    is_open = None in loaded.values() or not all_loaded
    for keyword in keywords:
        mistake = _mistake(keyword, loaded, command, is_open)
        found += [mistake] if mistake else []
    return found


def _parameters(keywords: Sequence[Keyword], accepted: Accepted) -> tuple[tuple[str, Any], ...]:
    from actcheck.targets import parse_value

    return tuple(
        (keyword.name, parse_value(keyword.text))
        for keyword in keywords
        if accepted is None or keyword.name in accepted
    )


def _accepted(target: str, spec: CheckSpec, timeout: float | None) -> list[Accepted]:
    """Give what a target takes; nothing at all where it cannot be loaded, which its check will tell."""
    try:
        return [isolation.keywords(target, timeout, spec.reading)]
    except TargetError:
        return []


def _refuse_doubles(keywords: Sequence[Keyword], mistakes: list[ActcheckError]) -> None:
    names = [keyword.name for keyword in keywords]
    for keyword in {keyword.name: keyword for keyword in keywords if names.count(keyword.name) > 1}.values():
        mistakes.append(UsageError(f"{keyword.option} is given more than once"))


def _mistake(keyword: Keyword, loaded: dict[str, Accepted], command: str, is_open: bool) -> UsageError | None:
    named = {name for accepted in loaded.values() for name in accepted or ()}
    if keyword.name in named:
        return None
    own = "" if keyword.is_explicit else nearest(keyword.option[2:], options_of(command))
    if own:
        escape = f" If it is a parameter of the functor, write --set {keyword.name}=VALUE." if is_open else ""
        return UsageError(f"{keyword.option} is no option", fix=f"Did you mean --{own}?{escape}")
    return None if is_open else _nobody_takes(keyword, loaded, named)


def _nobody_takes(keyword: Keyword, loaded: dict[str, Accepted], named: set[str]) -> UsageError:
    near = nearest(keyword.name, sorted(named))
    meant = f"Did you mean {Keyword(near, '').option}? " if near else ""
    takes = "; ".join(f"{target} takes {_listed(accepted)}" for target, accepted in loaded.items())
    return UsageError(f"{keyword.option} is no option, and no target takes it", fix=f"{meant}{takes}.")


def _listed(accepted: Accepted) -> str:
    return ", ".join(Keyword(name, "").option for name in accepted or ()) or "no parameters"
