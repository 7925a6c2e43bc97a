"""Texts of options to a specification. All mistakes are gathered, so that one run tells them all."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

from actcheck.errors import ActcheckError, UsageError
from actcheck.model import CheckSpec, Layout
from actcheck.specification import DTYPES, domain_mistakes

ROWS = ("independent", "coupled")
LAYOUTS = tuple(layout.value for layout in Layout)

MOST = 10**8
"""The largest batch or width that is taken seriously."""

_LARGEST = {"float64": sys.float_info.max, "float32": (2 - 2**-23) * 2.0**127, "float16": 65504.0}
_REACH = 32


class Reader:
    """Reads texts, and keeps what is wrong with them.

    Each method gives some usable value even for an unusable text: reading goes on, but `mistakes` is not empty.
    """

    def __init__(self, mistakes: Sequence[ActcheckError] = ()) -> None:
        self.mistakes: list[ActcheckError] = list(mistakes)

    def whole(self, option: str, text: str, least: int, most: float = MOST) -> int:
        """Read a whole number of at least `least`."""
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value > most:
            self.refuse(f"{option} must be at most {most:,}")
            return least
        if value >= least:
            return value
        self.refuse(f"{option} must be a whole number of at least {least}, not {text!r}")
        return least

    def positive(self, option: str, text: str) -> float:
        """Read a finite number above 0."""
        value = _number(text)
        if value > 0:
            return value
        self.refuse(f"{option} must be a finite number above 0, not {text!r}")
        return 1.0

    def interval(self, option: str, text: str) -> tuple[float, float]:
        """Read two finite numbers, the first less than the second."""
        ends = [_number(part) for part in text.replace(",", " ").split()]
        if len(ends) == 2 and ends[0] < ends[1]:
            return ends[0], ends[1]
        if text:
            self.refuse(f"{option} must be two finite numbers, the first less than the second, not {text!r}")
        else:
            self.refuse(f"{option} is missing: two finite numbers", fix=f"For example {option} -10 10.")
        return 0.0, 1.0

    def tolerance(self, option: str, text: str) -> float:
        """Read a finite number of at least 0."""
        value = _number(text)
        if value >= 0:
            return value
        self.refuse(f"{option} must be a finite number of at least 0, not {text!r}")
        return 0.0

    def choice(self, option: str, text: str, choices: Sequence[str]) -> str:
        """Read one of a few words."""
        if text in choices:
            return text
        self.refuse(f"{option} must be {', '.join(choices[:-1])} or {choices[-1]}, not {text!r}")
        return choices[0]

    def domain(self, text: str) -> tuple[float, float] | None:
        """Read the two borders of a domain, either of which may be infinite; None where there is no text."""
        if not text:
            return None
        try:
            borders: tuple[float, ...] = tuple(map(float, text.split(",")))
        except ValueError:
            borders = ()
        wrong = domain_mistakes(borders)
        if not wrong:
            return borders[0], borders[1]
        shown = text.replace(",", " ")
        what = wrong[0].removeprefix("domain ") if len(borders) == 2 else f"must be two numbers, not {shown!r}"
        self.refuse(f"--domain {what}", fix="Write the least and the greatest input, for example --domain 0 inf.")
        return None

    def rows(self, texts: Sequence[str]) -> tuple[tuple[float, ...], ...]:
        """Read the rows typed in."""
        if not texts:
            return ()
        from actcheck.rows.typed import parse

        try:
            return parse(texts)
        except ActcheckError as error:
            self.mistakes.append(error)
            return ()

    def refuse(self, what: str, fix: str = "") -> None:
        """Keep a mistake."""
        self.mistakes.append(UsageError(what, fix=fix))


def shared(
    reader: Reader,
    *,
    dim: str,
    scale: str,
    seed: str,
    dtype: str,
    rtol: str,
    atol: str,
    layout: str,
    typed: Sequence[str],
    strict: bool,
    domain: str = "",
    csv: Sequence[str] = (),
    columns: Sequence[str] = (),
) -> CheckSpec:
    """Give a specification from the options that all commands share; its target is empty still."""
    rows = reader.rows(typed)
    dtype = reader.choice("--dtype", dtype, DTYPES)
    size = reader.positive("--scale", scale)
    if size > _LARGEST[dtype] / _REACH:
        reader.refuse(f"--scale {scale} is too large: {dtype} cannot hold the rows")
    _refuse_too_large(reader, rows, dtype)
    if csv:
        _refuse_beside_a_file(reader, csv, rows, dim)
    return CheckSpec(
        target="",
        dim=_width(reader, dim, rows),
        scale=size,
        seed=reader.whole("--seed", seed, least=0, most=math.inf),
        dtype=dtype,
        rtol=reader.tolerance("--rtol", rtol) if rtol else None,
        atol=reader.tolerance("--atol", atol),
        layout=Layout(reader.choice("--layout", layout, LAYOUTS)),
        typed=rows,
        csv=csv[0] if csv else "",
        columns=_columns(reader, csv, columns),
        strict=strict,
        domain=reader.domain(domain),
    )


def _refuse_too_large(reader: Reader, rows: Sequence[Sequence[float]], dtype: str) -> None:
    found = [value for row in rows for value in row if abs(value) > _LARGEST[dtype]]
    if found:
        reader.refuse(f"--x has {found[0]:g}, which is too large for {dtype}")


def _refuse_beside_a_file(reader: Reader, csv: Sequence[str], rows: Sequence[Sequence[float]], dim: str) -> None:
    if len(csv) > 1:
        reader.refuse("--csv is given more than once", fix="Give one file; it may hold the rows of several.")
    if rows:
        reader.refuse("--csv and --x exclude each other", fix="Give the rows in one way.")
    if dim:
        reader.refuse("--csv and --dim exclude each other: the width is the file's", fix="Leave out --dim.")


def _columns(reader: Reader, csv: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    names = tuple(name.strip() for text in texts for name in text.split(","))
    if texts and not csv:
        reader.refuse("--columns is for --csv, which is not given")
    elif not all(names):
        reader.refuse("--columns has an empty name", fix="Write --columns NAME,NAME, or a number from 1 for a name.")
    return names


def _width(reader: Reader, dim: str, rows: Sequence[Sequence[float]]) -> int | None:
    asked = reader.whole("--dim", dim, least=1) if dim else None
    if not rows:
        return asked
    if asked not in (None, len(rows[0])):
        reader.refuse(f"--dim is {asked}, but the rows given by --x have width {len(rows[0])}", fix="Leave out --dim.")
    return len(rows[0])


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan
