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
        If a pattern of `only` matches nothing, or nothing is left.
    """
    for pattern in only:
        if not any(matches(case.name, pattern) for case in cases):
            near = alike(pattern, [name for case in cases for name in (case.name, base(case.name))])
            fix = f"Did you mean {near[0]}?" if near else f"There are {', '.join(_some(cases))}."
            raise UsageError(f"--only {pattern} matches no check", fix=fix)
    kept = [case for case in cases if not only or any(matches(case.name, pattern) for pattern in only)]
    kept = [case for case in kept if not any(matches(case.name, pattern) for pattern in exclude)]
    if not kept:
        raise UsageError("no check is left", fix="--exclude matches all of them.")
    return tuple(kept)


def matches(name: str, pattern: str) -> bool:
    """Tell whether a pattern means a name: as it stands, as a glob, or as what stands before the brackets.

    A glob's own brackets are sets of characters, so that a name with brackets would not match itself.
    """
    return name == pattern or any(fnmatchcase(each, pattern) for each in (name, base(name)))


def base(name: str) -> str:
    """Give a name without what stands in brackets."""
    return name.partition("[")[0]


def _some(cases: Sequence[Case]) -> list[str]:
    names = list(dict.fromkeys(case.name for case in cases))
    return [*names[:8], "..."] if len(names) > 8 else names
