"""Rows typed on the command line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcheck.errors import DataError
from actcheck.rows.typed import parse


@pytest.mark.parametrize(
    ("texts", "rows"),
    [
        (["0,-1,2"], [(0, -1, 2)]),
        (["0, -1 ,2"], [(0, -1, 2)]),
        (["0 -1 2"], [(0, -1, 2)]),
        ([" 1e-9\t-.5 "], [(1e-9, -0.5)]),
        (["3"], [(3,)]),
        (["1,2", "3,4"], [(1, 2), (3, 4)]),
        ([], []),
    ],
)
def test_numbers_parted_by_commas_or_blanks(texts, rows):
    assert parse(texts) == tuple(rows)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_what_a_replay_prints_is_read_back_to_the_bit(row):
    assert parse([",".join(map(repr, row))]) == (tuple(row),)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["1,a"], "--x number 1: 'a' in place 2 is not a number"),
        (["1,,2"], "--x number 1: place 2 is empty"),
        (["1,2,"], "--x number 1: place 3 is empty"),
        ([""], "--x number 1: the row is empty"),
        (["1", "  "], "--x number 2: the row is empty"),
        (["nan,1"], "--x number 1: nan in place 1 is not finite"),
        (["1,-inf"], "--x number 1: -inf in place 2 is not finite"),
        (["1,2", "3"], "the rows have different widths: 1, 2"),
        (["x", "1,y"], "--x number 1: 'x' in place 1 is not a number; --x number 2: 'y' in place 2 is not a number"),
    ],
)
def test_every_mistake_is_named_at_once(texts, message):
    with pytest.raises(DataError) as caught:
        parse(texts)
    assert caught.value.what == message
    assert caught.value.where == "--x"
    assert caught.value.fix
