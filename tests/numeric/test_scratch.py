"""Arrays that are written anew."""

from __future__ import annotations

import numpy as np

from actcheck.numeric.scratch import Scratch


def test_the_same_room_is_given_again_in_whatever_shape_fits():
    scratch = Scratch()
    first = scratch.take("slope", (4, 6))
    again = scratch.take("slope", (3, 5))
    assert again.shape == (3, 5)
    assert np.shares_memory(first, again)


def test_rooms_of_other_names_and_larger_ones_are_others():
    scratch = Scratch()
    first = scratch.take("slope", (4, 6))
    assert not np.shares_memory(first, scratch.take("second", (4, 6)))
    assert scratch.take("slope", (5, 6)).shape == (5, 6)
    assert scratch.take("slope", (0, 6)).size == 0
