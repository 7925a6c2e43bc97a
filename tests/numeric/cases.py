"""Functions with a known slope, kinks of known pieces, and lines through points: what the tests of this room share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from actcheck.numeric.lines import Lines
from actcheck.rows.generated import directions

EPS = float(np.finfo(float).eps)

fixed = settings(max_examples=60, deadline=None, derandomize=True)
"""The same examples at every run."""

short_decimals = st.integers(-80_000, 80_000).map(lambda k: k / 10_000)
"""Numbers as rows hold them."""


def quiet(f: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """Do as the checks do: a function's own warnings are its own affair."""

    def silent(X: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            return f(X)

    return silent


def through(f: Callable[[np.ndarray], np.ndarray], *x: float) -> tuple[Lines, np.ndarray]:
    """Give the lines of an element-wise function through points, and the index of all of them."""
    return Lines(quiet(f), np.array(x, float)[:, None], 1, True), np.arange(len(x))


def along(count: int, seed: int = 0, width: int = 1) -> np.ndarray:
    """Give directions to measure noise in."""
    return directions(seed, 9, (count, width))
