"""A functor whose rows belong together, such as batch normalisation, as one of single rows: a batch is a vector."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck.targets.reading.functors import Pulled


class Coupled:
    """Takes each row for a whole batch of the functor.

    Parameters
    ----------
    functor : object
        Its ``gradient`` gives, for a batch of shape (b, n), the full Jacobian as (b, m, b, n) or (b * m, b * n), or one
        Jacobian for each row as (b, m, n), which claims that rows are independent, or, in the shape of X, a diagonal.
    batch : int
        Rows of a batch, b.
    """

    def __init__(self, functor: Any, batch: int) -> None:
        self._functor = functor
        self._batch = batch

    @property
    def inner(self) -> Any:
        """The functor of whole batches."""
        return self._functor

    def unfolded(self, row: NDArray[Any]) -> NDArray[Any]:
        """Give a row as the batch that it stands for; a view, so that the contract sees what the functor writes."""
        return row.reshape(self._batch, -1)

    def __call__(self, X: NDArray[Any]) -> NDArray[Any] | None:
        """Evaluate the functor on batches.

        Parameters
        ----------
        X : ndarray of shape (K, b * n)

        Returns
        -------
        ndarray of shape (K, b * m)
            None where the functor gives None.
        """
        return _stacked([_value(self._functor(self.unfolded(row))) for row in X])

    def gradient(self, X: NDArray[Any]) -> NDArray[Any] | None:
        """Evaluate its gradient as (K, b * m, b * n), or as (K, b * n) where it is diagonal."""
        return _stacked([self._gradient(row) for row in X])

    def _gradient(self, row: NDArray[Any]) -> NDArray[Any] | None:
        if isinstance(self._functor, Pulled):
            # A backward pass tells of each output of each row by a cotangent of its own.
            raw = self._functor.whole(self.unfolded(row))
        else:
            raw = self._functor.gradient(self.unfolded(row))
        if raw is None:
            return None
        given = np.asarray(raw)
        if given.ndim == 0:
            return np.full(row.shape, given)
        if given.shape == (self._batch, len(row) // self._batch):
            return given.reshape(-1)
        if given.ndim == 3 and len(given) == self._batch:
            given = _spread(given)
        if given.ndim == 4:
            outputs, inputs = given.shape[0] * given.shape[1], given.shape[2] * given.shape[3]
            return given.reshape(outputs, inputs)
        return given


def _value(raw: Any) -> NDArray[Any] | None:
    return None if raw is None else np.asarray(raw).reshape(-1)


def _spread(blocks: NDArray[Any]) -> NDArray[Any]:
    """Set the Jacobians of single rows, (b, m, n), into that of the batch, (b, m, b, n)."""
    batch, outputs, inputs = blocks.shape
    whole = np.zeros((batch, outputs, batch, inputs), blocks.dtype)
    own = np.arange(batch)
    whole[own, :, own, :] = blocks
    return whole


def _stacked(results: list[NDArray[Any] | None]) -> NDArray[Any] | None:
    told = [each for each in results if each is not None]
    return np.stack(told) if len(told) == len(results) else None


def held(functor: Any) -> Any:
    """Give a functor as it was before its rows were taken as one, where they were."""
    return functor.inner if isinstance(functor, Coupled) else functor
