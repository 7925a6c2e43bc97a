"""Comparisons: decided alike everywhere, and left open where nothing decides them.

An open condition that only chooses between two values is never decided: their hull holds both. One that steers the
code is decided both ways, in forks.
"""

from __future__ import annotations

from typing import Any

from flint import fmpq

from actcheck.exact import balls
from actcheck.exact.evaluation import running
from actcheck.exact.expressions import Key
from actcheck.exact.taylor import bounds

LESS, EQUAL, GREATER = -1, 0, 1
ANSWERS: dict[str, frozenset[int]] = {
    "less": frozenset((LESS,)),
    "less_equal": frozenset((LESS, EQUAL)),
    "equal": frozenset((EQUAL,)),
    "not_equal": frozenset((LESS, GREATER)),
    "greater_equal": frozenset((GREATER, EQUAL)),
    "greater": frozenset((GREATER,)),
}
"""The signs of a - b for which a comparison holds."""


class Open:
    """A condition that nothing decides yet."""

    key: Key

    def known(self) -> bool | None:
        """Give what it is by the signs that are assumed so far."""
        raise NotImplementedError

    def differences(self) -> set[Key]:
        """Give the differences whose signs it depends on."""
        raise NotImplementedError

    def __bool__(self) -> bool:
        raise NotImplementedError

    def __invert__(self) -> Open:
        return Not(self)

    def __and__(self, other: Any) -> Any:
        return both(self, other)

    def __or__(self, other: Any) -> Any:
        return Not(_as_open(both(negated(self), negated(other))))

    __rand__, __ror__ = __and__, __or__


class SignIn(Open):
    """Whether the sign of a difference is one of some."""

    def __init__(self, difference: Key, wanted: frozenset[int]) -> None:
        self.difference, self.wanted = difference, wanted
        self.key = ("sign", difference, tuple(sorted(wanted)))

    def known(self) -> bool | None:
        """Give whether it is, where its sign is assumed."""
        assumed = running().decided.get(self.difference)
        return None if assumed is None else assumed in self.wanted

    def differences(self) -> set[Key]:
        """Give its own."""
        return {self.difference}

    def __bool__(self) -> bool:
        return running().fork(self.difference) in self.wanted


class Both(Open):
    """Whether two conditions hold."""

    def __init__(self, first: Open, second: Open) -> None:
        self.first, self.second = first, second
        self.key = ("both", first.key, second.key)

    def known(self) -> bool | None:
        """Give False as soon as one is known not to hold."""
        first, second = self.first.known(), self.second.known()
        if first is False or second is False:
            return False
        return True if first and second else None

    def differences(self) -> set[Key]:
        """Give those of both."""
        return self.first.differences() | self.second.differences()

    def __bool__(self) -> bool:
        return bool(self.first) and bool(self.second)


class Not(Open):
    """Whether a condition does not hold."""

    def __init__(self, inner: Open) -> None:
        self.inner = inner
        self.key = ("not", inner.key)

    def known(self) -> bool | None:
        """Give the contrary."""
        inner = self.inner.known()
        return None if inner is None else not inner

    def differences(self) -> set[Key]:
        """Give those of the contrary."""
        return self.inner.differences()

    def __bool__(self) -> bool:
        return not bool(self.inner)


class Fixed(Open):
    """A condition that is decided, among open ones."""

    def __init__(self, value: bool) -> None:
        self.value = value
        self.key = ("fixed", value)

    def known(self) -> bool:
        """Give it."""
        return self.value

    def differences(self) -> set[Key]:
        """Give none."""
        return set()

    def __bool__(self) -> bool:
        return self.value


def _as_open(condition: Any) -> Open:
    return condition if isinstance(condition, Open) else Fixed(bool(condition))


def negated(condition: Any) -> Any:
    """Give the contrary of a condition, open or not."""
    return Not(condition) if isinstance(condition, Open) else not bool(condition)


def both(first: Any, second: Any) -> Any:
    """Give whether two conditions hold, each open or not."""
    for one, other in ((first, second), (second, first)):
        if not isinstance(one, Open):
            return other if bool(one) else False
    return Both(first, second)


def sign(first: Any, second: Any) -> int | tuple[Key, int]:
    """Give the sign of the difference of two jets over the piece.

    Returns
    -------
    int or (Key, int)
        Where it is unknown, which difference it is a multiple of, and the sign of the factor.
    """
    found = balls.sign(first.over[0] - second.over[0])
    if found in (LESS, GREATER):
        return found
    evaluation = running()
    table = evaluation.table
    difference = table.linear(first.number).plus(table.linear(second.number), fmpq(-1))
    if not difference.parts:
        return balls.sign_of(difference.rest)
    if len(difference.parts) == 1 and evaluation.is_variable(difference.parts[0][0]):
        return evaluation.sign_along(*difference.parts[0], difference.rest)
    key, flip = difference.key
    if key in evaluation.decided:
        return flip * evaluation.decided[key]
    found = _from_series(first, second)
    return (key, flip) if found is None else found


def _from_series(first: Any, second: Any) -> int | None:
    piece = running().piece
    difference = [one - other for one, other in zip(first.coefficients, second.coefficients, strict=True)]
    if not piece.is_point:
        over = [one - other for one, other in zip(first.coefficients_over, second.coefficients_over, strict=True)]
        return balls.sign(bounds(difference, over, piece))
    found = balls.sign(difference[0])
    if found == EQUAL:
        running().touch(None)
    if found != EQUAL or piece.side == 0:
        return found
    # Beside a point where it is exactly 0, the first coefficient that is not tells.
    for order, each in enumerate(difference[1:], 1):
        if not each.is_zero():
            found = balls.sign(each)
            return found if found is None or piece.side > 0 or order % 2 == 0 else -found
    return None


def compared(name: str, first: Any, second: Any) -> bool | Open:
    """Compare two jets.

    Parameters
    ----------
    name : str
        As NumPy names the comparison, e.g. ``less_equal``.
    """
    found = sign(first, second)
    wanted = ANSWERS[name]
    if isinstance(found, int):
        return found in wanted
    key, flip = found
    return SignIn(key, frozenset(flip * each for each in wanted))
