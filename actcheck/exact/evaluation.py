"""One replay in progress: where it is, what its expressions are, and how its comparisons are decided."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field
from typing import Any

from actcheck.dataclass import dataclass
from actcheck.exact.balls import sign_of
from actcheck.exact.expressions import Key, Table
from actcheck.exact.taylor import Piece


class Interruption(BaseException):
    """Ends a replay; no ``except Exception`` of the user's code may catch it."""


class Split(Interruption):
    """A comparison changes within the piece, at this point."""

    def __init__(self, point: Any) -> None:
        super().__init__()
        self.point = point


class NotReplayable(Interruption):
    """Something that cannot be computed with jets."""


@dataclass
class Evaluation:
    """What one replay knows.

    Parameters
    ----------
    piece : Piece
    table : Table
    follows : bool
        Whether open conditions are followed both ways also where they only choose between two values.
    decided : dict
        Signs of differences that this fork assumes.
    memo : dict of int to Jet
        Values by the number of their expression.
    touched : set of fmpq
        Ends of the piece, or the point itself, at which a comparison changes.
    forked : list of (Key, int)
        Signs that have been assumed while it ran, in order.
    left_open : set of Key
        Differences whose sign has been left open.
    reasons : dict of str
        Why values became unknown, the first first.
    ended : Interruption or None
        What ended it, whatever the user's code did with the exception.
    unknowns : int
        How many values of which nothing is known it has.
    points : dict of int to fmpq
        Where many points are replayed at once, those of the variables by their numbers.
    strict : bool
        Whether types shorter than float64 are none of real numbers: constants are rounded in them.
    """

    piece: Piece
    table: Table
    follows: bool = False
    decided: dict[Key, int] = field(default_factory=dict)
    memo: dict[int, Any] = field(default_factory=dict)
    touched: set[Any] = field(default_factory=set)
    forked: list[tuple[Key, int]] = field(default_factory=list)
    left_open: set[Key] = field(default_factory=set)
    reasons: dict[str, None] = field(default_factory=dict)
    ended: Interruption | None = None
    unknowns: int = 0
    points: dict[int, Any] = field(default_factory=dict)
    strict: bool = False

    def end(self, interruption: Interruption) -> Interruption:
        """Take note of what ends the replay."""
        self.ended = self.ended or interruption
        return interruption

    def fork(self, key: Key) -> int:
        """Give the sign that this fork assumes of a difference."""
        if key not in self.decided:
            self.decided[key] = -1
            self.forked.append((key, -1))
        return self.decided[key]

    def is_variable(self, number: int) -> bool:
        """Tell whether an expression is a variable itself."""
        return number in self.points if self.points else number == self.table.variable

    def touch(self, number: int | None) -> None:
        """Take note that a comparison changes right at a point; None where it is not known at which."""
        if self.points:
            self.touched.add(None if number is None else self.points[number])
        else:
            self.touched.add(self.piece.low)

    def sign_along(self, variable: int, slope: Any, constant: Any) -> int:
        """Give the sign of slope * t + constant over the piece, exactly.

        Raises
        ------
        Split
            If it changes within the piece.
        """
        piece, root = self.piece, -constant / slope
        steep = sign_of(slope)
        if piece.is_point:
            here = sign_of(slope * self.points.get(variable, piece.low) + constant)
            if here == 0:
                self.touch(variable)
            return here if here else piece.side * steep
        if root > piece.low and root < piece.high:
            raise self.end(Split(root))
        if root in (piece.low, piece.high):
            self.touched.add(root)
        return steep if root <= piece.low else -steep


_running: list[Evaluation] = []


def running() -> Evaluation:
    """Give the replay in progress.

    Raises
    ------
    NotReplayable
        If there is none: a value has outlived its replay.
    """
    if not _running:
        raise NotReplayable("a value of the replay is used after it")
    return _running[-1]


def is_strict() -> bool:
    """Tell whether the replay in progress takes short types for what they are."""
    return bool(_running) and _running[-1].strict


@contextmanager
def run(evaluation: Evaluation) -> Iterator[Evaluation]:
    """Make it the one in progress."""
    _running.append(evaluation)
    try:
        yield evaluation
    finally:
        _running.pop()


def refuse(why: str) -> NotReplayable:
    """Give the exception that ends the replay, with the reason."""
    ending = NotReplayable(why)
    if _running:
        _running[-1].end(ending)
    return ending
