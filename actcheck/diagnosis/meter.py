"""Counts the calls of the functor, and ends the search for a mistake when there were enough."""

from __future__ import annotations

from typing import Any


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
        self._functor = functor
        self._left = most
        self._most = most

    @property
    def calls(self) -> int:
        """How many there were."""
        return self._most - self._left

    def __call__(self, X: Any) -> Any:
        """Evaluate the function."""
        self.spend()
        return self._functor(X)

    def gradient(self, X: Any) -> Any:
        """Evaluate its gradient."""
        self.spend()
        return self._functor.gradient(X)

    def shared(self, functor: Any) -> Meter:
        """Give the same meter around another functor."""
        return _Shared(functor, self)

    def spend(self) -> None:
        """Take note of a call.

        Raises
        ------
        SpentError
            If there is none left.
        """
        if self._left <= 0:
            raise SpentError
        self._left -= 1


class _Shared(Meter):
    """Counts on another meter."""

    def __init__(self, functor: Any, meter: Meter) -> None:
        super().__init__(functor, 0)
        self._meter = meter

    def spend(self) -> None:
        """Take note of a call, there."""
        self._meter.spend()
