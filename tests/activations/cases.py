"""What the tests of the whole catalogue run over: every entry, by default and at the ends of its parameters' ranges."""

from __future__ import annotations

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


def _ends(entry: Entry) -> list[Case]:
    names = [p.name for p in entry.parameters]
    if not names:
        return []
    return [
        Case(entry, tuple(zip(names, values, strict=True)))
        for values in product(*(p.examples for p in entry.parameters))
    ]


DEFAULTS = [Case(entry) for entry in ENTRIES]
CASES = [case for entry in ENTRIES for case in [Case(entry), *_ends(entry)]]
DTYPES = [np.float64, np.float32, np.float16]
