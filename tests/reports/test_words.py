"""How numbers are written."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from actcheck.reports.words import count, exact, number, pair, percent, upper

finite = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "-0"),
        (1.0, "1"),
        (-1.284, "-1.284"),
        (1e-300, "1e-300"),
        (123456789.0, "1.23457e+08"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
    ],
)
def test_number(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(-1.284, "-1.284"), (3.0, "3"), (-0.0, "-0"), (1 - 1e-12, "0.999999999999"), (1e-300, "1e-300")]
)
def test_an_input_is_written_to_be_typed_again(value, text):
    assert exact(value) == text
    assert float(text) == value


@given(finite, finite)
@example(0.0, -0.0)
def test_two_numbers_that_differ_look_different(first, second):
    texts = pair(first, second)
    assert (texts[0] == texts[1]) == (first == second)


@given(st.floats(min_value=0))
def test_an_error_never_looks_smaller_than_it_is(value):
    assert float(upper(value)) >= value * (1 - 1e-15)
    assert float(upper(value)) <= value * 1.1 or value < 1e-320


@given(st.floats(min_value=0, allow_infinity=False), st.floats(min_value=1, max_value=1.01))
def test_an_error_that_is_allowed_never_looks_larger_than_what_is(value, share):
    assert float(upper(value, 3)) <= float(upper(value * share, 3))


def test_an_error_is_rounded_up_to_the_digits_asked_for():
    assert [upper(1.1185e-9, digits) for digits in (2, 3, 4)] == ["1.2e-09", "1.12e-09", "1.119e-09"]


def test_round_errors_stay_round():
    assert [upper(value) for value in (4e-9, 0.1, 1.0, 0.0)] == ["4e-09", "0.1", "1", "0"]
    assert upper(float("inf")) == "inf"
    assert upper(float("nan")) == "nan"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (1.0, "100 %"),
        (0.9999999, "99.9 %"),
        (0.96, "96 %"),
        (0.005, "0.5 %"),
        (1e-9, "under 0.1 %"),
        (0.0, "0 %"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(share, text):
    assert percent(share) == text


def test_count():
    assert count(1, "entry", "entries") == "1 entry"
    assert count(4096, "entry", "entries") == "4,096 entries"
    assert count(2, "target") == "2 targets"
