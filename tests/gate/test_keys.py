"""The table of keys: what each takes, and how it says so."""

from __future__ import annotations

import pytest

from actcheck.gate.keys import KEYS, Place, keys_of

BY_NAME = {key.name: key for key in KEYS}


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("dim", [1, 5, [1, 5]], [0, -1, 1.0, True, "5", [], [0], [[1]], None, [5, 10**20]]),
        ("batch", [1, 10**8], [0, [1, 2], 1.5, 10**8 + 1, 10**20]),
        ("seed", [0, 10**20, [1, 10**20]], [-1]),
        ("scale", [1, 0.5], [0, -1, float("inf"), float("nan"), "1", True, 10**400]),
        ("rtol", [0, 1e-3], [-1, float("nan")]),
        ("domain", [[0, 1], [0.5, float("inf")]], [[0], [0, 1, 2], "0 1", [True, 1], [0, float("nan")], ["0", "1"]]),
        ("dtype", ["float32", ["float32", "float64"]], ["double", "", 32, ["x"]]),
        ("edge", [True, False], [1, "true"]),
        ("target", ["relu"], ["", "  ", 3, "\0", "a\0b"]),
        ("csv", ["a b\n.csv"], ["x\0.csv"]),
        ("rows", [[[0, 1.5]], [[1], [2, 3]]], [[], [[]], [1, 2], [[True]], [["1"]]]),
        ("parameter", [["W", "b=db"]], [[], [""], "W", [2]]),
        ("samples", ["columns"], ["", "cols", 1]),
        ("derivative-of", ["output"], ["value"]),
        ("gradient", ["m:f"], [""]),
        ("columns", [["a", 2]], [[], [""], [0], "a"]),
        ("parameters", [{}, {"a": 1, "b": ["x", True]}], [{"a": []}, {"a": {}}, {"a": [[1]]}, [1]]),
    ],
)
def test_what_a_key_takes(name, good, bad):
    assert all(BY_NAME[name].takes(value) for value in good)
    assert not any(BY_NAME[name].takes(value) for value in bad)


def test_allowed_is_said_in_words():
    assert BY_NAME["batch"].allowed == "a whole number of at least 1"
    assert BY_NAME["dtype"].allowed == "one of float64, float32, float16, or a list of these"


def test_places():
    assert "target" not in keys_of(Place.ROOT)
    assert "baseline" not in keys_of(Place.CHECK)
    assert "seed" in keys_of(Place.ROOT).keys() & keys_of(Place.CHECK).keys()
    assert len(BY_NAME) == len(KEYS)
