from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcheck.targets import parse_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", 2),
        ("-3", -3),
        ("+4", 4),
        ("-0.5", -0.5),
        ("1e-3", 1e-3),
        (".5", 0.5),
        ("2.", 2.0),
        ("inf", math.inf),
        ("-inf", -math.inf),
        ("Infinity", math.inf),
        ("true", True),
        ("False", False),
        ("TRUE", True),
        ("none", None),
        ("None", None),
        ("tanh", "tanh"),
        ("1,2", "1,2"),
        ("1_000", "1_000"),
        ("", ""),
        ("0x10", "0x10"),
        ("-", "-"),
    ],
)
def test_a_value_is_what_it_looks_like(text: str, value: object) -> None:
    parsed = parse_value(text)
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize("text", ["nan", "NaN", "-nan"])
def test_nan_is_a_number(text: str) -> None:
    parsed = parse_value(text)
    assert isinstance(parsed, float)
    assert math.isnan(parsed)


@given(st.one_of(st.integers(), st.floats(allow_nan=False), st.booleans(), st.none()))
def test_what_python_writes_is_read_back(value: object) -> None:
    parsed = parse_value(str(value))
    assert parsed == value
    assert type(parsed) is type(value)


@given(st.text())
def test_no_text_is_refused(text: str) -> None:
    parsed = parse_value(text)
    assert parsed is None or isinstance(parsed, (bool, int, float, str))
