"""Which checks are meant."""

from __future__ import annotations

import pytest

from actcheck.errors import UsageError
from actcheck.gate.selection import base, is_meant, select

from .stand_ins import case

CASES = [case("relu", f"relu[dim={dim}]") for dim in (1, 5)] + [case("x", "softmax"), case("x", "soft*")]


@pytest.mark.parametrize(
    ("only", "exclude", "names"),
    [
        ([], [], ["relu[dim=1]", "relu[dim=5]", "softmax", "soft*"]),
        (["relu[dim=5]"], [], ["relu[dim=5]"]),
        (["relu"], [], ["relu[dim=1]", "relu[dim=5]"]),
        (["r*"], ["*=1]"], ["relu[dim=5]"]),
        (["soft*", "relu[[]dim=1]"], [], ["relu[dim=1]", "softmax", "soft*"]),
        ([], ["relu", "soft?ax"], ["soft*"]),
    ],
)
def test_select(only, exclude, names):
    assert [each.name for each in select(CASES, only, exclude)] == names


def test_a_pattern_without_a_match_names_the_nearest():
    with pytest.raises(UsageError, match="--only sofmax matches no check") as caught:
        select(CASES, ["relu", "sofmax"], [])
    assert caught.value.fix == "Did you mean softmax?"


def test_a_pattern_of_what_to_leave_out_must_match_as_well():
    with pytest.raises(UsageError, match="--exclude sofmax matches no check") as caught:
        select(CASES, [], ["relu", "sofmax"])
    assert caught.value.fix == "Did you mean softmax?"


def test_a_check_that_only_the_baseline_knows_is_meant_likewise():
    assert is_meant("old[dim=1]", [], [])
    assert is_meant("old[dim=1]", ["new", "old"], [])
    assert not is_meant("old[dim=1]", ["new"], [])
    assert not is_meant("old[dim=1]", ["old"], ["*=1]"])


def test_a_pattern_without_anything_near():
    with pytest.raises(UsageError) as caught:
        select(CASES * 3, ["zzzzzzz"], [])
    assert caught.value.fix.startswith("There are relu[dim=1], ")


def test_nothing_left():
    with pytest.raises(UsageError, match="no check is left"):
        select(CASES, [], ["*"])


def test_base():
    assert base("a[b[c]]") == "a"
