from __future__ import annotations

import pytest

from .planted import BASES, FAMILIES, HIGH, LOW
from .proving import Made, elementwise, is_proved


def test_there_are_enough():
    assert sum(len(list(family())) for family in FAMILIES) >= 300


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_no_planted_error_is_proved(family):
    missed = [
        planted.name
        for planted in family()
        if is_proved(elementwise(planted.functor, LOW, HIGH, planted.tolerance, resolution=1e-10))
    ]
    assert not missed


@pytest.mark.parametrize("name", BASES)
def test_what_errors_are_planted_in_is_proved(name):
    result = elementwise(Made(*BASES[name]), LOW, HIGH)
    assert is_proved(result), (result.wrong, result.left)
