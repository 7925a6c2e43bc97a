"""No planted error is proved; of those in forks, which take long, a third, all with ACTCHECK_FULL_ZOO=1."""

from __future__ import annotations

import os

import pytest

from .planted import BASES, FAMILIES, HIGH, LOW, forks
from .proving import Made, elementwise, is_proved


def test_there_are_enough():
    assert sum(len(list(family())) for family in FAMILIES) >= 300


FULL = os.environ.get("ACTCHECK_FULL_ZOO") == "1"
EVERY = 3


def sampled(family):
    """Give the errors of a family: of forks every third, by each base and each condition."""
    return list(family())[:: EVERY if family is forks and not FULL else 1]


def test_every_base_and_every_condition_is_in_the_sample():
    names = [planted.name.removesuffix(", by a mask") for planted in sampled(forks)]
    every = [planted.name.removesuffix(", by a mask") for planted in forks()]
    for part in (0, 1):
        assert {name.split(" where ")[part] for name in names} == {name.split(" where ")[part] for name in every}
    masked = [planted.name.split(" where ")[1] for planted in sampled(forks) if planted.name.endswith("by a mask")]
    assert len(set(masked)) >= 4


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_no_planted_error_is_proved(family):
    missed = [
        planted.name
        for planted in sampled(family)
        if is_proved(elementwise(planted.functor, LOW, HIGH, planted.tolerance, resolution=1e-10))
    ]
    assert not missed


@pytest.mark.parametrize("name", BASES)
def test_what_errors_are_planted_in_is_proved(name):
    result = elementwise(Made(*BASES[name]), LOW, HIGH)
    assert is_proved(result), (result.wrong, result.left)
