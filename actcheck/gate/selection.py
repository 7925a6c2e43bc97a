"""Which checks of a configuration are meant."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from actcheck.errors import UsageError
from actcheck.model import Case
from actcheck.targets.spelling import alike


def select(cases: Sequence[Case], only: Sequence[str], exclude: Sequence[str]) -> tuple[Case, ...]:
    """Give the cases that any of `only` matches, all where there is none, and none of `exclude`.

    Raises
    ------
    UsageError
        If a pattern matches nothing, or nothing is left.
    """
    for option, patterns in (("--only", only), ("--exclude", exclude)):
        for pattern in patterns:
            _refuse_idle(option, pattern, cases)
    kept = [case for case in cases if is_meant(case.name, only, exclude)]
    if not kept:
        raise UsageError("no check is left", fix="--exclude matches all of them.")
    return tuple(kept)


def is_meant(name: str, only: Sequence[str], exclude: Sequence[str]) -> bool:
    """Tell whether a check of that name is meant, be it in the configuration or in the baseline alone."""
    if only and not any(matches(name, pattern) for pattern in only):
        return False
    return not any(matches(name, pattern) for pattern in exclude)


def matches(name: str, pattern: str) -> bool:
    """Tell whether a pattern means a name: as it stands, as a glob, or as what stands before the brackets.

    A glob's own brackets are sets of characters, so that a name with brackets would not match itself.
    """
    return name == pattern or any(fnmatchcase(each, pattern) for each in (name, base(name)))


def base(name: str) -> str:
    """Give a name without what stands in brackets."""
    return name.partition("[")[0]


def _refuse_idle(option: str, pattern: str, cases: Sequence[Case]) -> None:
    if any(matches(case.name, pattern) for case in cases):
        return
    near = alike(pattern, [name for case in cases for name in (case.name, base(case.name))])
    fix = f"Did you mean {near[0]}?" if near else f"There are {', '.join(_some(cases))}."
    raise UsageError(f"{option} {pattern} matches no check", fix=fix)


def _some(cases: Sequence[Case]) -> list[str]:
    names = list(dict.fromkeys(case.name for case in cases))
    return [*names[:8], "..."] if len(names) > 8 else names
