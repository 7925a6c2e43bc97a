"""Random bits of our own: seeded, the same on any version of NumPy, and without the cost of loading `numpy.random`.

The bits are a counter put through SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number
generators", OOPSLA 2014), fixed for good; the import of `numpy.random` costs as much as a whole check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def bits(seed: int, stream: int, count: int) -> NDArray[np.uint64]:
    """Give random bits, 64 each; different streams of a seed are independent of each other."""
    start = _mix(np.array([seed % 2**64], np.uint64))
    start = _mix(start ^ np.uint64(stream + 1))
    return _mix(start + np.arange(1, count + 1, dtype=np.uint64) * _GOLDEN)


def _mix(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def uniform(seed: int, stream: int, count: int) -> NDArray[np.float64]:
    """Give numbers in [0, 1)."""
    return (bits(seed, stream, count) >> np.uint64(11)).astype(np.float64) * 2.0**-53
