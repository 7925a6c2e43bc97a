"""What a specification may say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from actcheck.model import CheckSpec
from actcheck.specification import DTYPES, mistakes

SPEC = CheckSpec("relu")


def test_the_standard_one_is_fine():
    assert mistakes(SPEC) == []


@pytest.mark.parametrize(
    "change",
    [
        {"batch": 1}, {"dim": 1}, {"dim": None}, {"seed": 0}, {"seed": 2**70}, {"scale": 1e-9}, {"scale": 3},
        {"domain": (0, 1)}, {"domain": (-float("inf"), 0.5)},
        {"rtol": 0}, {"rtol": None}, {"rtol": 1e-12}, {"atol": 0.5}, *({"dtype": each} for each in DTYPES),
    ],
)  # fmt: skip
def test_what_it_may_say(change):
    assert mistakes(replace(SPEC, **change)) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"batch": 0}, "batch must be a whole number of at least 1, not 0"),
        ({"batch": 2.0}, "batch must be a whole number of at least 1, not 2.0"),
        ({"batch": True}, "batch must be a whole number of at least 1, not True"),
        ({"batch": "8"}, "batch must be a whole number of at least 1, not '8'"),
        ({"batch": None}, "batch must be a whole number of at least 1, not None"),
        ({"seed": -1}, "seed must be a whole number of at least 0, not -1"),
        ({"domain": (1, 1)}, "domain must begin below its end, and 1 is not below 1"),
        ({"domain": 3}, "domain must be two numbers, the least and the greatest input, not 3"),
        ({"dim": 0}, "dim must be a whole number of at least 1, not 0"),
        ({"scale": 0.0}, "scale must be a finite number above 0, not 0.0"),
        ({"scale": -1}, "scale must be a finite number above 0, not -1"),
        ({"scale": np.inf}, "scale must be a finite number above 0, not inf"),
        ({"scale": None}, "scale must be a finite number above 0, not None"),
        ({"rtol": -1e-9}, "rtol must be a finite number of at least 0, not -1e-09"),
        ({"rtol": np.nan}, "rtol must be a finite number of at least 0, not nan"),
        ({"atol": None}, "atol must be a finite number of at least 0, not None"),
        ({"atol": "0"}, "atol must be a finite number of at least 0, not '0'"),
        ({"dtype": "int8"}, "dtype must be one of float64, float32, float16, not 'int8'"),
    ],
)
def test_what_it_may_not_say(change, sentence):
    assert mistakes(replace(SPEC, **change)) == [sentence]


def test_all_mistakes_are_told_at_once():
    assert len(mistakes(replace(SPEC, batch=0, dim=0, seed=-1, scale=0, rtol=-1, atol=-1, dtype="x"))) == 7
