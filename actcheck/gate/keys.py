"""The keys of the configuration: the one table behind the loader, its messages and the JSON Schema."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from actcheck.dataclass import dataclass
from actcheck.model import Layout
from actcheck.specification import DERIVATIVE_OF, DTYPES, ORACLES, SAMPLES

MOST = 10**8
"""The largest batch, width or count that is taken seriously."""

COMMANDS = ("verify", "layer", "prove")
"""The commands that a check of the configuration can be."""


class Place(Enum):
    """Where a key may stand."""

    ROOT = "root"
    CHECK = "check"
    BOTH = "both"


class Kind(Enum):
    """What a key's value is."""

    WHOLE = "a whole number"
    POSITIVE = "a number above 0"
    TOLERANCE = "a number of at least 0"
    TEXT = "a text that is not empty"
    FLAG = "true or false"
    WORD = "one of a few words"
    ROWS = "a list of rows, each a list of numbers"
    COLUMNS = "a list of names, or of numbers from 1"
    NAMES = "a list of names"
    INTERVAL = "a list of two numbers, either of which may be inf or -inf"
    PARAMETERS = "a table of numbers, texts, true and false, or lists of these"


@dataclass(frozen=True)
class Key:
    """One key.

    Parameters
    ----------
    name : str
    kind : Kind
    meaning : str
        For whoever edits the file.
    place : Place
    least : int
        The least whole number.
    most : int or None
        The largest, where there is one.
    words : tuple of str
        The words to choose from.
    varies : bool
        Whether it may be a list as well, which means a check for each.
    """

    name: str
    kind: Kind
    meaning: str
    place: Place = Place.BOTH
    least: int = 0
    most: int | None = MOST
    words: tuple[str, ...] = ()
    varies: bool = False

    @property
    def allowed(self) -> str:
        """What the value may be, in words."""
        phrase = self.kind.value
        if self.kind is Kind.WHOLE:
            phrase = f"{phrase} of at least {self.least}"
        elif self.kind is Kind.WORD:
            phrase = f"one of {', '.join(self.words)}"
        return f"{phrase}, or a list of these" if self.varies else phrase

    def takes(self, value: object) -> bool:
        """Tell whether a value is allowed."""
        if self.varies and isinstance(value, list):
            return bool(value) and all(map(self._takes_one, value))
        return self._takes_one(value)

    def is_too_large(self, value: object) -> bool:
        """Tell whether a value, or one of a list, is a whole number beyond what is taken seriously."""
        if self.varies and isinstance(value, list):
            return any(map(self.is_too_large, value))
        return self.kind is Kind.WHOLE and self.most is not None and is_whole(value, self.most + 1)

    def _takes_one(self, value: object) -> bool:
        if self.kind is Kind.WHOLE:
            return is_whole(value, self.least) and not self.is_too_large(value)
        if self.kind is Kind.WORD:
            return value in self.words
        return _TAKES[self.kind](value)


KEYS = (
    Key("baseline", Kind.TEXT, "The file that `actcheck accept` writes, from this file's folder.", Place.ROOT),
    Key(
        "target",
        Kind.TEXT,
        "A name of the catalogue, pkg.mod:NAME, path/to/file.py:NAME, or pkg.mod:* for all that is in there.",
        Place.CHECK,
    ),
    Key("name", Kind.TEXT, "What to call the check; by default after its target.", Place.CHECK),
    Key(
        "parameters",
        Kind.PARAMETERS,
        "Keywords for the functor's constructor; of lists, every combination is a check.",
        Place.CHECK,
    ),
    Key("rows", Kind.ROWS, "Rows to check instead of generated ones, all of one width.", Place.CHECK),
    Key("csv", Kind.TEXT, "A CSV file to take the rows from, from this file's folder.", Place.CHECK),
    Key("columns", Kind.COLUMNS, "Columns of the CSV file to take.", Place.CHECK),
    Key("gradient", Kind.TEXT, "The function that is the target's derivative, mod:NAME.", Place.CHECK),
    Key("value", Kind.TEXT, "The target's method that is the value.", Place.CHECK),
    Key("derivative", Kind.TEXT, "The target's method that is the derivative.", Place.CHECK),
    Key("derivative-of", Kind.WORD, "What the derivative is given: x, or f(x).", Place.CHECK, words=DERIVATIVE_OF),
    Key("samples", Kind.WORD, "How a batch is handed over.", Place.CHECK, words=SAMPLES),
    Key("parameter", Kind.NAMES, "Arrays of a layer to check, NAME or NAME=GRADIENT.", Place.CHECK),
    Key("xfail", Kind.TEXT, "Why the check is expected to fail: then it may.", Place.CHECK),
    Key("skip", Kind.TEXT, "Why the check is left out.", Place.CHECK),
    Key(
        "command",
        Kind.WORD,
        "What to check: the functor's gradient, those of a layer with it, or a proof over an interval.",
        words=COMMANDS,
    ),
    Key("inputs", Kind.WHOLE, "Width of X, for a layer only.", Place.CHECK, least=1),
    Key("outputs", Kind.WHOLE, "Width of XW + b, for a layer only.", Place.CHECK, least=1),
    Key("interval", Kind.INTERVAL, "The interval that a gradient is proved on, for prove only.", Place.CHECK),
    Key("tolerance", Kind.POSITIVE, "Of a proof, of the largest derivative; 1e-09 by default.", Place.CHECK),
    Key("resolution", Kind.POSITIVE, "The width at which a proof leaves a piece over.", Place.CHECK),
    Key("lines", Kind.WHOLE, "Lines through the box that a function of the whole row is proved along.", Place.CHECK),
    Key("oracle", Kind.WORD, "Who decides what differences cannot; difference by default.", words=ORACLES),
    Key("batch", Kind.WHOLE, "Random rows; half of them are three times as large.", least=1),
    Key("dim", Kind.WHOLE, "Width of a row.", least=1, varies=True),
    Key("scale", Kind.POSITIVE, "Size of the random numbers."),
    Key("seed", Kind.WHOLE, "Seed of the random rows.", most=None, varies=True),
    Key("dtype", Kind.WORD, "Type the gradient is computed in.", words=DTYPES, varies=True),
    Key("domain", Kind.INTERVAL, "Where inputs may lie: the least and the greatest."),
    Key("rtol", Kind.TOLERANCE, "Relative tolerance; by default that of the type."),
    Key("atol", Kind.TOLERANCE, "Absolute tolerance, on top of rounding."),
    Key("layout", Kind.WORD, "Axes of a Jacobian.", words=tuple(each.value for each in Layout)),
    Key("edge", Kind.FLAG, "Whether edge rows and the sweep are checked as well."),
    Key("sensitivity", Kind.FLAG, "Whether errors are planted into the gradient, to see which are caught."),
    Key("coupled", Kind.FLAG, "Whether a whole batch is taken as one vector."),
    Key("full", Kind.FLAG, "Whether every entry of a Jacobian is looked at, however large it is."),
    Key("directions", Kind.WHOLE, "Random directions to look at a Jacobian along; by its size by default.", least=1),
    Key("timeout", Kind.POSITIVE, "Seconds after which a check has failed."),
    Key("strict", Kind.FLAG, "Whether warnings, what cannot be told, and a missing baseline fail as well."),
)
"""All keys, in the order of the schema; `checks`, the list of checks, is the root's alone and stands in no table."""


def keys_of(place: Place) -> Mapping[str, Key]:
    """Give the keys that may stand in a place, by name."""
    return {key.name: key for key in KEYS if key.place in (place, Place.BOTH)}


def is_whole(value: object, least: int) -> bool:
    """Tell whether a value is a whole number, and no boolean, of at least `least`."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def is_number(value: object) -> bool:
    """Tell whether a value is a finite number that a float can hold."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def is_infinite(value: object) -> bool:
    """Tell whether a value is one of the two infinities."""
    return isinstance(value, float) and math.isinf(value)


def is_text(value: object) -> bool:
    """Tell whether a value is a text with more than blanks in it, and none that no file can have in its name."""
    return isinstance(value, str) and bool(value.strip()) and "\0" not in value


def is_scalar(value: object) -> bool:
    """Tell whether a parameter can have a value; infinities are numbers here."""
    return isinstance(value, (bool, int, float, str))


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_row, value))


def _is_row(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(is_number, value))


def _is_columns(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(is_text(each) or is_whole(each, 1) for each in value)


def _is_interval(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(is_number(each) or is_infinite(each) for each in value)


def _is_parameters(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_parameter, value.values()))


def _is_parameter(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(map(is_scalar, value))
    return is_scalar(value)


_TAKES: Mapping[Kind, Callable[[Any], bool]] = {
    Kind.POSITIVE: lambda value: is_number(value) and value > 0,
    Kind.TOLERANCE: lambda value: is_number(value) and value >= 0,
    Kind.TEXT: is_text,
    Kind.FLAG: lambda value: isinstance(value, bool),
    Kind.ROWS: _is_rows,
    Kind.COLUMNS: _is_columns,
    Kind.NAMES: lambda value: isinstance(value, list) and bool(value) and all(map(is_text, value)),
    Kind.INTERVAL: _is_interval,
    Kind.PARAMETERS: _is_parameters,
}
