"""The straight lines that differences are taken along: one per row and input, through the row, along that input.

A *line* has an index in [0, batch * n): row ``index // n``, input ``index % n``. Along an element-wise independent
function every input of a row moves at once and each line reads its own output; along any other function one input
moves and the line reads all m outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.numeric.domain import LINE, Domain

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]
Forward = Callable[[FloatArray], FloatArray]
Room = Callable[[tuple[int, ...]], FloatArray]
Make = Callable[[], FloatArray]

CHUNK = 1 << 15
"""Elements of input or output in one call of the function: such a batch stays within an L2 cache."""

# To put results of two calls together takes longer than a call of twice the size.
_AT_ONCE = 2 * CHUNK


@dataclass(frozen=True)
class Lines:
    """The lines through every row of a batch.

    Parameters
    ----------
    forward : callable
        (K, n) -> (K, m), float64 both; rows must be independent of each other. What it gives is written into.
    X : ndarray of shape (batch, n)
    outputs : int
        Width m of the output.
    diagonal : bool
        Whether output i depends on input i alone (m equals n).
    domain : Domain
        Where inputs may lie; outside of it `forward` gives NaN.
    forward_made : callable, optional
        The same of rows that it makes itself, by calling what it is given, and may keep.
    """

    forward: Forward
    X: FloatArray
    outputs: int
    diagonal: bool
    domain: Domain = LINE
    forward_made: Callable[[Make], FloatArray] | None = None

    @property
    def width(self) -> int:
        """Values read at each position of a line: 1 where the function is element-wise, else m."""
        return 1 if self.diagonal else self.outputs

    def coordinate(self, index: IndexArray) -> FloatArray:
        """Give x on each line, shape (K,)."""
        if index.size == self.X.size:
            return self.X.reshape(-1)
        x: FloatArray = self.X.reshape(-1)[index]
        return x

    def values(self, index: IndexArray, positions: FloatArray, room: Room | None = None) -> FloatArray:
        """Evaluate the function where line ``index[k]`` has its input at ``positions[l, k]``.

        Parameters
        ----------
        index : ndarray of shape (K,)
            Lines, without repetition and ascending.
        positions : ndarray of shape (L, K)
        room : callable, optional
            Gives an array of the shape that it is asked for, to write the values into.

        Returns
        -------
        ndarray of shape (L, K, width)
        """
        if self.diagonal:
            return self._all_inputs_at_once(index, positions, room or np.empty)
        return self._one_input_at_a_time(index, positions, room or np.empty)

    def levels(self, index: IndexArray, positions: FloatArray, room: Room | None = None) -> Sequence[FloatArray]:
        """Evaluate the function at each level of positions; see `values`.

        Returns
        -------
        sequence of L ndarrays of shape (K, width)
            What the function itself gave, where there are so many lines that each level takes a call of its own.
        """
        n = self.X.shape[1]
        if self.diagonal and index.size == self.X.size <= _AT_ONCE and positions.size > CHUNK:
            rows = [positions[level].reshape(-1, n) for level in range(len(positions))]
            return [self._made(partial(np.copy, each)).reshape(-1, 1) for each in rows]
        if not self.diagonal and 1 < index.size <= _AT_ONCE // max(n, self.outputs):
            at, moved = index // n, (np.arange(index.size), index % n)
            return [self._made(partial(_with_moved, self.X, at, moved, each)) for each in positions]
        return self.values(index, positions, room)  # type: ignore[return-value]  # an array is a sequence of its levels

    def centre(self, index: IndexArray) -> FloatArray:
        """Evaluate the function on the rows themselves, shape (K, width)."""
        rows, at = distinct_rows(index, self.X.shape[1])
        values = self.forward(self.X[rows])
        picked: FloatArray = values[at, index % self.X.shape[1]][:, None] if self.diagonal else values[at]
        return picked

    def _all_inputs_at_once(self, index: IndexArray, positions: FloatArray, room: Room) -> FloatArray:
        n = self.X.shape[1]
        levels = positions.shape[0]
        if index.size == self.X.size:
            whole = positions.reshape(-1, n)
            return self._in_chunks(whole, room(whole.shape)).reshape(levels, -1, 1)
        rows, at = distinct_rows(index, n)
        own = np.empty((levels, index.size, 1))
        step = max(1, CHUNK // (rows.size * n))
        for start in range(0, levels, step):
            part = positions[start : start + step]
            base = np.repeat(self.X[rows][None], len(part), axis=0)
            base[:, at, index % n] = part
            tall = base.reshape(-1, n)
            values = self._in_chunks(tall, np.empty(tall.shape)).reshape(base.shape)
            own[start : start + step, :, 0] = values[:, at, index % n]
        return own

    def _one_input_at_a_time(self, index: IndexArray, positions: FloatArray, room: Room) -> FloatArray:
        n = self.X.shape[1]
        levels, count = positions.shape
        rows, columns = index // n, index % n
        step = max(1, CHUNK // max(n, self.outputs))
        if count >= step // 2:
            return self._line_by_line(rows, columns, positions, step, room((levels, count, self.outputs)))
        out = room((levels * count, self.outputs))
        flat = positions.reshape(-1)
        for start in range(0, flat.size, step):
            part = slice(start, start + step)
            line = np.arange(start, min(start + step, flat.size)) % count
            moved = np.arange(line.size), columns[line]
            out[part] = self._made(partial(_with_moved, self.X, rows[line], moved, flat[part]))
        return out.reshape(levels, count, self.outputs)

    def _line_by_line(
        self, rows: IndexArray, columns: IndexArray, positions: FloatArray, step: int, out: FloatArray
    ) -> FloatArray:
        """Evaluate all positions of so many lines that they fill a batch, then of the next."""
        for start in range(0, rows.size, step):
            part = slice(start, start + step)
            moved = np.arange(rows[part].size), columns[part]
            for level, at in enumerate(positions[:, part]):
                out[level, part] = self._made(partial(_with_moved, self.X, rows[part], moved, at))
        return out

    def _made(self, make: Make) -> FloatArray:
        return self.forward(make()) if self.forward_made is None else self.forward_made(make)

    def _in_chunks(self, X: FloatArray, out: FloatArray) -> FloatArray:
        """Evaluate many rows of an element-wise function, in batches that stay within a cache."""
        step = max(1, CHUNK // X.shape[1])
        for start in range(0, len(X), step):
            some = slice(start, start + step)
            out[some] = self._made(partial(np.copy, X[some]))
        return out


def _with_moved(X: FloatArray, rows: IndexArray, moved: tuple[IndexArray, IndexArray], at: FloatArray) -> FloatArray:
    """Give rows of X, each with one number moved."""
    tall: FloatArray = np.take(X, rows, axis=0)
    tall[moved] = at
    return tall


def distinct_rows(index: IndexArray, n: int) -> tuple[IndexArray, IndexArray]:
    """Give the rows that some lines, ascending, go through, and for each line the place of its row among them."""
    row = index // n
    first = np.append(True, row[1:] != row[:-1])
    return row[first], np.cumsum(first) - 1
