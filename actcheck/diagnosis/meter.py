"""Counts the calls of the functor, and ends the search for a mistake when there were enough."""

from __future__ import annotations

from typing import Any

ALONE = 0.125
"""What a call for a row alone counts: where a batch raises, its rows are asked for one by one."""


class SpentError(BaseException):
    """The calls are spent.

    Not an `Exception`: whatever stands between the functor and the search takes those for mistakes of the user's code.
    """


class Meter:
    """A functor that counts its calls.

    Parameters
    ----------
    functor : object
    most : int
        So many calls of the value and of the gradient, taken together, are let through.
    """

    def __init__(self, functor: Any, most: int) -> None:
        self.functor = functor
        self._left = float(most)
        self._most = most

    @property
    def calls(self) -> float:
        """How many there were; those for a row alone count less."""
        return self._most - self._left

    def __call__(self, X: Any) -> Any:
        """Evaluate the function."""
        self.spend(_cost(X))
        return self.functor(X)

    def gradient(self, X: Any) -> Any:
        """Evaluate its gradient."""
        self.spend(_cost(X))
        return self.functor.gradient(X)

    def shared(self, functor: Any) -> Meter:
        """Give the same meter around another functor."""
        return _Shared(functor, self)

    def spend(self, cost: float) -> None:
        """Take note of a call.

        Raises
        ------
        SpentError
            If there is none left.
        """
        if self._left <= 0:
            raise SpentError
        self._left -= cost


class _Shared(Meter):
    """Counts on another meter."""

    def __init__(self, functor: Any, meter: Meter) -> None:
        super().__init__(functor, 0)
        self._meter = meter

    def spend(self, cost: float) -> None:
        """Take note of a call, there."""
        self._meter.spend(cost)


def _cost(X: Any) -> float:
    return ALONE if len(X) == 1 else 1.0
