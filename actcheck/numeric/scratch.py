"""Arrays that are written anew block after block: fresh ones of that size cost more than what is done with them."""

from __future__ import annotations

import math

import numpy as np

from actcheck.numeric.lines import FloatArray


class Scratch:
    """Room for arrays by name; asking for one again ends the life of what it held before."""

    def __init__(self) -> None:
        self._rooms: dict[str, FloatArray] = {}

    def take(self, name: str, shape: tuple[int, ...]) -> FloatArray:
        """Give an array of this shape, with anything in it."""
        size = math.prod(shape)
        room = self._rooms.get(name)
        if room is None or room.size < size:
            room = self._rooms[name] = np.empty(size)
        return room[:size].reshape(shape)
