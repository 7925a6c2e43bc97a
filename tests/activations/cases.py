"""What the tests of the whole catalogue run over: every entry, by default and at the ends of its parameters' ranges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np

from actcheck.activations.catalogue import ENTRIES, Entry, load


@dataclass(frozen=True)
class Case:
    """An entry with values for its parameters."""

    entry: Entry
    parameters: tuple[tuple[str, float], ...] = ()

    def __str__(self) -> str:
        return "-".join([self.entry.name, *(f"{name}={value:g}" for name, value in self.parameters)])

    def functor(self):
        return load(self.entry)(**dict(self.parameters))

    def width(self, least: int) -> int:
        """Give the first width that the functor can take, from `least` on."""
        multiple = self.entry.multiple
        if isinstance(multiple, str):
            multiple = dict(self.parameters).get(multiple, default_of(self.entry, multiple))
        return int(-(-least // multiple) * multiple)


def default_of(entry: Entry, name: str) -> float:
    return next(p.default for p in entry.parameters if p.name == name)


# Where a range is open, as far as anybody goes; where one end leans on another parameter, both are given.
STRETCHES = (-1000, 0.001, 1000)
STOPS = ((-1000, 1000), (-1000, -999.75), (999.75, 1000))


def _combined(entry: Entry, values: Iterable[tuple[float, ...]]) -> list[Case]:
    names = [p.name for p in entry.parameters]
    return [Case(entry, tuple(zip(names, each, strict=True))) for each in values]


def _examples(entry: Entry) -> list[Case]:
    """Give every combination of numbers in use."""
    return _combined(entry, product(*(p.examples for p in entry.parameters))) if entry.parameters else []


def _ends(entry: Entry) -> list[Case]:
    """Give every combination of the ends of the parameters' ranges."""
    if entry.name == "softmax":
        return _combined(entry, ((stretch,) for stretch in STRETCHES))
    if entry.name == "hard-tanh":
        return _combined(entry, STOPS)
    return _combined(entry, product(*((p.low, p.high) for p in entry.parameters))) if entry.parameters else []


DEFAULTS = [Case(entry) for entry in ENTRIES]
AT_ENDS = [case for entry in ENTRIES for case in _ends(entry)]
IN_USE = [case for entry in ENTRIES for case in _examples(entry) if case not in AT_ENDS]
CASES = [*DEFAULTS, *IN_USE, *AT_ENDS]
DTYPES = [np.float64, np.float32, np.float16]
