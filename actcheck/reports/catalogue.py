"""The catalogue as text: all of it as a list or as JSON, and one entry with its curves."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from actcheck.activations.entry import Entry, Parameter
from actcheck.dataclass import dataclass
from actcheck.model import SCHEMA_VERSION, Claim
from actcheck.reports.canvas import LABEL, PLAIN, Cell, Column, Look, Page
from actcheck.reports.plot import Curve, draw
from actcheck.reports.words import number
from actcheck.reserved import typed

DOCS = """\
Keys come in this order and are always there; a list without items is empty.

document
  schema       integer   version of this layout; it rises when a key changes its meaning or goes
  entries      list      one object per activation function, element-wise ones first

entry
  name         string    as typed on the command line
  aliases      list      other names
  title        string    its name in a sentence
  elementwise  boolean   whether the gradient is a diagonal, in the input's shape; else it is a Jacobian
  formula      string    lines of plain text
  derivative   string    likewise
  domain       string
  range        string    by the default parameters
  kinks        list      where there is no derivative, the slopes around, and what the gradient is there
  parameters   list      name, default, meaning, bounds, low, high (null where there is no limit)
  widths       string    which widths n a row may have, and the width m of the output
  source       string    the paper or library that it is known from
  code         string    module:class
"""
"""What the keys of the JSON document mean, as the README shows it."""

Parameters = tuple[tuple[str, object], ...]

_NAME = 12
_WITH = "    with "
_SPELLINGS = {
    "Σ": "sum",
    "√": "sqrt",
    "∞": "inf",
    "²": "^2",
    "³": "^3",
    "‖": "||",
    "≤": "<=",
    "≥": ">=",
    "·": "*",
}


@dataclass(frozen=True)
class Shown:
    """One entry to be shown.

    Parameters
    ----------
    entry : Entry
    parameters : tuple of (str, value)
        Those that were given.
    curves : tuple of Curve
        None where the function is not element-wise.
    """

    entry: Entry
    parameters: Parameters = ()
    curves: tuple[Curve, ...] = ()


def render_list(entries: Sequence[Entry], look: Look = PLAIN) -> str:
    """Give the catalogue as text: names, formulas, other names, parameters with their defaults.

    Parameters
    ----------
    entries : sequence of Entry
    look : Look
        What the terminal, pipe or file can show.
    """
    page = Page(look)
    elementwise = [entry for entry in entries if entry.elementwise]
    dependent = [entry for entry in entries if not entry.elementwise]
    _write_group("element-wise: the gradient is a diagonal, in the input's shape", elementwise, look, page)
    _write_group("dependent on the whole row: the gradient is a Jacobian", dependent, look, page)
    page.line("actcheck show NAME tells more, actcheck verify NAME checks it.")
    return page.finish()


def dump(entries: Sequence[Entry]) -> str:
    """Give the catalogue as strict JSON in ASCII, laid out as `DOCS` says."""
    whole = {"schema": SCHEMA_VERSION, "entries": [_document(entry) for entry in entries]}
    return json.dumps(whole, indent=2, allow_nan=False) + "\n"


def render(shown: Shown, look: Look = PLAIN) -> str:
    """Give all that is known of an entry as text.

    Parameters
    ----------
    shown : Shown
    look : Look
        What the terminal, pipe or file can show.
    """
    page = Page(look)
    entry = shown.entry
    page.line((entry.name, "bold"), f"    {_heading(entry)}")
    page.gap()
    page.table([Column("", wraps=False), Column("")], _facts(shown, look))
    page.gap()
    _write_parameters(entry.parameters, page)
    _write_curves(shown, look, page)
    for label, words in zip(("check", ""), _commands(shown), strict=False):
        page.unbroken((f" {label:<{LABEL}}  ", "bold"), words)
    return page.finish()


def _write_group(title: str, entries: Sequence[Entry], look: Look, page: Page) -> None:
    if not entries:
        return
    page.line((title, "bold"))
    page.gap()
    rows: list[tuple[Cell, Cell]] = []
    for entry in entries:
        lines = [*_lines(entry.formula, look, page.width - _NAME - 4), *_more(entry)]
        names = [entry.name] + [""] * (len(lines) - 1)
        rows += [(f"{name:<{_NAME}}", line) for name, line in zip(names, lines, strict=True)]
    page.table([Column("", wraps=False), Column("")], rows)
    page.gap()


def _more(entry: Entry) -> list[str]:
    aliases = f"also {', '.join(entry.aliases)}" if entry.aliases else ""
    options = " ".join(map(_typed, entry.parameters))
    more = "; ".join(filter(None, (aliases, options)))
    return [more] if more else []


def _typed(parameter: Parameter) -> str:
    return " ".join(typed(parameter.name, number(parameter.default)))


def _heading(entry: Entry) -> str:
    title = "" if entry.title == entry.name else entry.title
    claim = Claim.DIAGONAL if entry.elementwise else Claim.JACOBIAN
    return " · ".join(filter(None, (title, claim.value)))


def _facts(shown: Shown, look: Look) -> list[tuple[Cell, Cell]]:
    entry = shown.entry
    room = look.width - LABEL - 4
    facts = {
        "also": [", ".join(entry.aliases)] if entry.aliases else [],
        "formula": _lines(entry.formula, look, room),
        "derivative": _lines(entry.derivative, look, room),
        "domain": [_spelt(entry.domain, look)],
        # It is known for the defaults only.
        "range": [_spelt(entry.range, look) + (" (by default)" if shown.parameters else "")],
        "kinks": [_spelt(kink, look) for kink in entry.kinks] or ["none"],
        "widths": [entry.widths],
        "source": [_spelt(entry.source, look)],
        "code": [_code(entry)],
    }
    return [
        ((f"{'' if index else label:<{LABEL}}", "bold"), line)
        for label, lines in facts.items()
        for index, line in enumerate(lines)
    ]


def _write_parameters(parameters: Sequence[Parameter], page: Page) -> None:
    if not parameters:
        return
    columns = [Column("by default", wraps=False), Column("bounds"), Column("meaning")]
    rows = [(_typed(each), each.bounds, each.meaning) for each in parameters]
    page.table(columns, rows)
    page.gap()


def _write_curves(shown: Shown, look: Look, page: Page) -> None:
    if not shown.curves:
        return
    if shown.parameters:
        page.line("with " + ", ".join(f"{name} = {value}" for name, value in shown.parameters), indent=1)
    for line in draw(shown.curves, look):
        page.unbroken(line)
    page.gap()


def _commands(shown: Shown) -> list[str]:
    """Give how to check it: as it was asked for, or else by its defaults and by other values."""
    name = shown.entry.name
    if shown.parameters:
        return [_command(name, shown.parameters)]
    others = tuple((each.name, number(_other(each))) for each in shown.entry.parameters)
    return [_command(name, ()), *([_command(name, others)] if others else [])]


def _command(name: str, parameters: Parameters) -> str:
    return " ".join(["actcheck verify", name, *(word for each in parameters for word in typed(*each))])


def _other(parameter: Parameter) -> float:
    low, high = parameter.examples
    return low if high == parameter.default else high


def _lines(text: str, look: Look, room: int) -> list[str]:
    """Give the lines of a formula; one that is too long is broken before its explanations."""
    lines = [_spelt(line, look) for line in text.split("\n")]
    broken = [line.replace(_WITH, f"\n{_WITH.lstrip()}") if len(line) > room else line for line in lines]
    return "\n".join(broken).split("\n")


def _spelt(line: str, look: Look) -> str:
    """Spell out the signs that cannot be shown, e.g. as ``sigma`` or ``^2``."""
    if look.text(line) == line:
        return line
    if look.text("√") != "√":
        line = re.sub(r"√(\w+)", r"√(\1)", line)
    spelt = "".join(_sign(sign, after, look) for sign, after in zip(line, f"{line[1:]} ", strict=True))
    # What was "α = alpha" says nothing any more.
    return re.sub(rf"(,|{_WITH.rstrip()}) (\w+) = \2$", "", spelt)


def _sign(sign: str, after: str, look: Look) -> str:
    if look.text(sign) == sign:
        return sign
    if sign in _SPELLINGS:
        return _SPELLINGS[sign]
    name = unicodedata.name(sign, "")
    if not name.startswith("GREEK "):
        # A letter loses its accent; what is none is left to the page.
        return unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode() or sign
    word = name.split()[-1].lower().replace("lamda", "lambda")
    # βx is a product, which betax is not.
    return (word.capitalize() if sign.isupper() else word) + (" " if after.isalpha() else "")


def _document(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "aliases": list(entry.aliases),
        "title": entry.title,
        "elementwise": entry.elementwise,
        "formula": entry.formula,
        "derivative": entry.derivative,
        "domain": entry.domain,
        "range": entry.range,
        "kinks": list(entry.kinks),
        "parameters": [_parameter(each) for each in entry.parameters],
        "widths": entry.widths,
        "source": entry.source,
        "code": _code(entry),
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "default": parameter.default,
        "meaning": parameter.meaning,
        "bounds": parameter.bounds,
        "low": parameter.low if math.isfinite(parameter.low) else None,
        "high": parameter.high if math.isfinite(parameter.high) else None,
    }


def _code(entry: Entry) -> str:
    return f"{entry.module}:{entry.attribute}"
