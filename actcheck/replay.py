"""The command that checks one row again as a specification did."""

from __future__ import annotations

import shlex

from actcheck.model import CheckSpec, Layout
from actcheck.reserved import typed

_SETTINGS = ("batch", "scale", "seed", "dtype", "rtol", "atol")


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
    if spec.command == "check":
        more = "".join(f", {name}={value!r}" for name, value in settings.items())
        # A functor that was handed over has no name that could be typed.
        return f"actcheck.check(functor, [{', '.join(map(_number, row))}]{more})"
    words = ["actcheck", spec.command, spec.target]
    for keyword, value in spec.parameters:
        words += typed(keyword, value)
    for name, value in settings.items():
        words += [f"--{name}", str(value)]
    words += ["--strict"] if spec.strict else []
    words += ["--rows", "coupled"] if spec.coupled else []
    for part in _parts(spec, row):
        words += ["--x", ",".join(map(_number, part))]
    return " ".join(map(shlex.quote, words))


def _parts(spec: CheckSpec, row: tuple[float, ...]) -> list[tuple[float, ...]]:
    """Part a row that stands for a whole batch into the batch's rows."""
    if not spec.coupled:
        return [row]
    width = len(row) // (len(spec.typed) or spec.batch)
    return [row[start : start + width] for start in range(0, len(row), width)]


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")
