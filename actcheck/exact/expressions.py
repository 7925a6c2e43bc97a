"""Which values are the same expression: each gets a number, and of differences it is known when they are the same.

Two balls that look alike need not be the same number; two expressions built alike are.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any

from flint import fmpq

from actcheck.dataclass import dataclass

Key = tuple[Any, ...]
VARIABLE: Key = ("t",)
_CONSTANT = "constant"


@dataclass(frozen=True)
class Linear:
    """A sum of expressions with exact rational factors.

    Parameters
    ----------
    parts : tuple of (int, fmpq)
        Numbers of expressions and their factors, none of them 0, in order.
    rest : fmpq
        The constant.
    """

    parts: tuple[tuple[int, Any], ...]
    rest: Any

    def plus(self, other: Linear, factor: Any) -> Linear:
        """Add a multiple of another."""
        sums = dict(self.parts)
        for part, value in other.parts:
            sums[part] = sums.get(part, fmpq(0)) + factor * value
        kept = tuple(sorted((part, value) for part, value in sums.items() if value != 0))
        return Linear(kept, self.rest + factor * other.rest)

    def times(self, factor: Any) -> Linear:
        """Give a multiple."""
        return Linear((), fmpq(0)).plus(self, factor)

    @property
    def key(self) -> tuple[Key, int]:
        """Say of which difference it is a multiple, and whether by a positive (1) or negative (-1) factor."""
        lead = self.parts[0][1]
        flip = 1 if lead > 0 else -1
        parts = tuple((part, *_pair(value / lead)) for part, value in self.parts)
        return (*parts, _pair(self.rest / lead)), flip


@dataclass
class Table:
    """Numbers for expressions."""

    _numbers: dict[Key, int] = field(default_factory=dict)
    _keys: list[Key] = field(default_factory=list)
    _linear: dict[int, Linear] = field(default_factory=dict)

    def number(self, key: Key) -> int:
        """Give the number of an expression: of its operation and the numbers of its operands."""
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self._keys)
            self._keys.append(key)
        return found

    def constant(self, value: Any) -> int:
        """Give the number of an exact rational constant."""
        return self.number((_CONSTANT, *_pair(value)))

    @property
    def variable(self) -> int:
        """The number of the variable itself."""
        return self.number(VARIABLE)

    def linear(self, number: int) -> Linear:
        """Give an expression as a sum of others that are no sums."""
        found = self._linear.get(number)
        if found is None:
            found = self._linear[number] = self._as_sum(number)
        return found

    def _as_sum(self, number: int) -> Linear:
        name, *operands = self._keys[number]
        if name == _CONSTANT:
            return Linear((), fmpq(*operands))
        if name == "neg":
            return self.linear(operands[0]).times(fmpq(-1))
        if name in ("add", "sub"):
            first, second = map(self.linear, operands)
            return first.plus(second, fmpq(1 if name == "add" else -1))
        if name in ("mul", "div"):
            first, second = map(self.linear, operands)
            if not second.parts and (name == "mul" or second.rest != 0):
                return first.times(second.rest if name == "mul" else 1 / second.rest)
            if name == "mul" and not first.parts:
                return second.times(first.rest)
        return Linear(((number, fmpq(1)),), fmpq(0))


def _pair(value: Any) -> tuple[int, int]:
    return int(value.p), int(value.q)
