"""Numbers and rows for the property tests."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

ANY = st.floats(allow_nan=False, allow_infinity=False)
ORDINARY = st.floats(-50, 50)


def rows_of(elements=ORDINARY, least: int = 1, most: int = 6):
    """Give arrays of one or two axes whose rows have `least` to `most` entries."""
    shapes = array_shapes(min_dims=1, max_dims=2, min_side=least, max_side=most)
    return shapes.flatmap(lambda shape: arrays(float, shape, elements=elements))
