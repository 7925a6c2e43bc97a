"""The command that checks one row again as a specification did."""

from __future__ import annotations

import math
import shlex

from actcheck.model import CheckSpec, Layout, Reading
from actcheck.reserved import typed

_SETTINGS = ("batch", "scale", "seed", "dtype", "rtol", "atol")


def command(spec: CheckSpec, row: tuple[float, ...]) -> str:
    """Give the command, or for a functor that was handed over the call.

    Parameters
    ----------
    spec : CheckSpec
        Its settings take part in the tolerance even where a single row is checked, so all of them come along.
    row : tuple of float
        Empty where no single row shows it: then the command is that of the whole check.
    """
    standard = CheckSpec(spec.target)
    settings = {name: getattr(spec, name) for name in _SETTINGS if getattr(spec, name) != getattr(standard, name)}
    if spec.layout is not Layout.OUT_IN:
        settings["layout"] = spec.layout.value
    if spec.domain is not None:
        settings["domain"] = spec.domain
    if spec.command == "check":
        more = "".join(f", {name}={_literal(value)}" for name, value in settings.items())
        return f"actcheck.check({spec.target}, [{', '.join(map(_number, row))}]{more})"
    words = ["actcheck", spec.command, spec.target]
    for keyword, value in spec.parameters:
        words += typed(keyword, value)
    for name, value in settings.items():
        values = map(_number, value) if isinstance(value, tuple) else (str(value),)
        words += [f"--{name}", *values]
    words += ["--strict"] if spec.strict else []
    words += ["--rows", "coupled"] if spec.coupled else []
    words += words_of(spec.reading)
    if not row and spec.dim is not None:
        words += ["--dim", str(spec.dim)]
    for part in _parts(spec, row) if row else ():
        words += ["--x", ",".join(map(_number, part))]
    return " ".join(map(shlex.quote, words))


def words_of(reading: Reading) -> list[str]:
    """Give the words that ask for a reading."""
    standard, words = Reading(), []
    for name in ("gradient", "value", "derivative", "derivative_of", "samples"):
        if getattr(reading, name) != getattr(standard, name):
            words += [f"--{name.replace('_', '-')}", getattr(reading, name)]
    for name in reading.parameters:
        words += ["--parameter", name]
    return words


def _parts(spec: CheckSpec, row: tuple[float, ...]) -> list[tuple[float, ...]]:
    """Part a row that stands for a whole batch into the batch's rows."""
    if not spec.coupled:
        return [row]
    width = len(row) // (len(spec.typed) or spec.batch)
    return [row[start : start + width] for start in range(0, len(row), width)]


def _literal(value: object) -> str:
    """Write a value as Python code; infinity has no name of its own there."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_literal, value))})"
    return f'float("{value}")' if value in (math.inf, -math.inf) else repr(value)


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")
