"""The command that checks one row again as a specification did."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from actcheck.model import CheckSpec, Layout
from actcheck.reserved import typed

_SETTINGS = ("batch", "scale", "seed", "dtype", "rtol", "atol", "full", "directions")

_WIDEST = 256
"""A row that is wider than this is no longer typed in: the whole check is repeated."""


def command(spec: CheckSpec, row: tuple[float, ...]) -> str:
    """Give the command, or for a functor that was handed over the call.

    Parameters
    ----------
    spec : CheckSpec
        Its settings take part in the tolerance even where a single row is checked, so all of them come along.
    row : tuple of float
    """
    standard = CheckSpec(spec.target)
    settings = {name: getattr(spec, name) for name in _SETTINGS if getattr(spec, name) != getattr(standard, name)}
    if spec.layout is not Layout.OUT_IN:
        settings["layout"] = spec.layout.value
    if len(row) > _WIDEST:
        return _whole(spec, len(row), settings)
    if spec.command == "check":
        more = "".join(f", {name}={value!r}" for name, value in settings.items())
        return f"actcheck.check({spec.target}, [{', '.join(map(_number, row))}]{more})"
    words = ["actcheck", spec.command, spec.target]
    for keyword, value in spec.parameters:
        words += typed(keyword, value)
    words += _options(settings)
    words += ["--strict"] if spec.strict else []
    words += ["--rows", "coupled"] if spec.coupled else []
    for part in _parts(spec, row):
        words += ["--x", ",".join(map(_number, part))]
    return " ".join(map(shlex.quote, words))


def _whole(spec: CheckSpec, width: int, settings: Mapping[str, Any]) -> str:
    """Give the command that checks all rows again."""
    if spec.command == "check":
        more = "".join(f", {name}={value!r}" for name, value in settings.items())
        rows = "X" if spec.dim is None else f"dim={width}"
        return f"actcheck.check({spec.target}, {rows}{more})"
    words = ["actcheck", spec.command, spec.target]
    for keyword, value in spec.parameters:
        words += typed(keyword, value)
    words += _options(settings)
    if spec.csv:
        words += ["--csv", spec.csv, *(["--columns", ",".join(spec.columns)] if spec.columns else [])]
    for part in spec.typed:
        words += ["--x", ",".join(map(_number, part))]
    if not spec.csv and not spec.typed:
        words += ["--dim", str(width // (spec.batch if spec.coupled else 1))]
    words += ["--rows", "coupled"] if spec.coupled else []
    words += [] if spec.edge or spec.command != "verify" else ["--no-edge"]
    words += ["--strict"] if spec.strict else []
    return " ".join(map(shlex.quote, words))


def _options(settings: Mapping[str, Any]) -> list[str]:
    words = []
    for name, value in settings.items():
        words += [f"--{name}"] if value is True else [f"--{name}", str(value)]
    return words


def _parts(spec: CheckSpec, row: tuple[float, ...]) -> list[tuple[float, ...]]:
    """Part a row that stands for a whole batch into the batch's rows."""
    if not spec.coupled:
        return [row]
    width = len(row) // (len(spec.typed) or spec.batch)
    return [row[start : start + width] for start in range(0, len(row), width)]


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")
