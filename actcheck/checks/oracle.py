"""The oracle: entries that differences cannot settle are decided by a replay of the functor's own code.

An entry is wrong only where the gradient's formula is wrong in real arithmetic as well: rounding alone is no mistake.
"""

from __future__ import annotations

import math
import time
from dataclasses import field
from typing import TYPE_CHECKING, Any

from actcheck.checks.calls import Subject
from actcheck.dataclass import dataclass
from actcheck.model import Claim, Layout, Verdict

if TYPE_CHECKING:
    from actcheck.exact.replay import Replay
    from actcheck.exact.truth import Truth

BUDGET = 512
SECONDS = 15.0
"""Of processor time, after which no further entry is replayed: code with many branches takes a second for each."""

# A Jacobian of this size costs as much as one number of an element-wise function; a larger one in proportion.
_ONE = 64
"""So many entries are decided in one check; more stay unresolved."""

ROUNDED = "its formula is right, and loses what is asked for to rounding"
BLURRED = "it is off by more than is asked for, and by no more than a rounding of x may come to"
_BLUR = 64
_SHARE = 1e-3


@dataclass(frozen=True)
class Answer:
    """What the replay says of an entry.

    Parameters
    ----------
    verdict : Verdict
    value, bound : float
        The derivative; the true one is within `bound` of it.
    reason : str
        Why it stays unresolved.
    """

    verdict: Verdict
    value: float
    bound: float
    reason: str = ""


@dataclass
class Oracle:
    """Decides entries of one functor.

    Parameters
    ----------
    subject : Subject
    decided : int
        How many entries it has decided.
    asked : int
    failure : str
        Why the functor's code cannot be replayed, empty where it can.
    """

    subject: Subject
    decided: int = 0
    asked: int = 0
    failure: str = ""
    _spent: int = 0
    _seconds: float = 0.0
    _truths: dict[tuple[tuple[float, ...], int], Any] = field(default_factory=dict)

    def answer(
        self, row: tuple[float, ...], output: int, column: int, analytic: float, allowed: Any, eps: float
    ) -> Answer | None:
        """Decide an entry.

        Parameters
        ----------
        row : tuple of float
        output, column : int
            Of da_i/dx_j.
        analytic : float
        allowed : callable
            Gives the tolerance for a derivative and a second derivative.
        eps : float
            Of the type that the gradient is computed in.

        Returns
        -------
        Answer or None
            None where the replay cannot tell either.
        """
        if self.failure or self.is_spent:
            return None
        self.asked += 1
        found = self._truth(row, column)
        if found is None:
            return None
        answer = _judged(found[output], analytic, allowed, abs(row[column]) * eps)
        self.decided += answer is not None and answer.verdict is not Verdict.UNRESOLVED
        return answer

    @property
    def is_spent(self) -> bool:
        """Whether no more entries are asked about: they are many, or replaying them takes long."""
        return max(self.asked, self._spent) >= BUDGET or self._seconds >= SECONDS

    def _truth(self, row: tuple[float, ...], column: int) -> list[Truth] | None:
        from actcheck.exact import truth
        from actcheck.exact.balls import exact
        from actcheck.exact.replay import ReplayError

        key = (row, column)
        if key not in self._truths:
            self._spent += max(1, self.subject.gradient_size // _ONE)
            started = time.process_time()
            try:
                replay = self._along(row, column)
                # Enough for an argument as large as float64 has.
                found = truth.settled(replay, exact(0.0))
            except ReplayError as error:
                self.failure = error.why
                found = None
            self._seconds += time.process_time() - started
            self._truths[key] = found
        settled: list[Truth] | None = self._truths[key]
        return settled

    def _along(self, row: tuple[float, ...], column: int) -> Replay:
        from actcheck.exact.balls import exact
        from actcheck.exact.replay import Line, Replay

        subject = self.subject
        direction = tuple(exact(float(each == column)) for each in range(len(row)))
        diagonal = subject.claim is Claim.DIAGONAL
        first = subject.claim is Claim.JACOBIAN and subject.layout is Layout.IN_OUT
        return Replay(subject.functor, Line(tuple(map(exact, row)), direction), subject.outputs, diagonal, first)


def _judged(true: Truth, analytic: float, allowed: Any, blur: float) -> Answer | None:
    from actcheck.exact.balls import ends

    if not (math.isfinite(analytic) and true.is_smooth and true.left.is_finite() and true.right.is_finite()):
        return None
    low, high = ends(true.left.union(true.right))
    value, bound = low + (high - low) / 2, (high - low) / 2
    bend = max(map(abs, ends(true.bend)))
    limit = float(allowed(value, bend))
    if not bound <= _SHARE * limit:
        return None
    if abs(analytic - value) <= limit:
        return Answer(Verdict.AGREE, value, bound)
    claimed = ends(true.claimed)
    is_right = claimed[0] <= value + limit and claimed[1] >= value - limit
    if is_right:
        return Answer(Verdict.UNRESOLVED, value, bound, ROUNDED)
    if abs(analytic - value) <= limit + _BLUR * blur * bend:
        return Answer(Verdict.UNRESOLVED, value, bound, BLURRED)
    return Answer(Verdict.WRONG, value, bound)
