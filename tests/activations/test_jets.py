"""The numbers that the truth is computed with have the derivatives that mpmath's differences have."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from actcheck.activations.catalogue import ENTRIES

from .cases import Case
from .jets import exp, row
from .truth import TRUTH

POINT = [mp.mpf("0.3"), mp.mpf("-1.1"), mp.mpf("2.3"), mp.mpf("0.9")]


def values(function, x):
    return [a.v for a in function(row(x))]


@pytest.fixture(autouse=True)
def many_digits():
    with mp.workdps(60):
        yield


def test_every_entry_has_a_truth() -> None:
    assert sorted(TRUTH) == sorted(entry.name for entry in ENTRIES)


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_derivatives_agree_with_differences(name: str) -> None:
    function = TRUTH[name]
    entry = next(entry for entry in ENTRIES if entry.name == name)
    x = [mp.mpf(float(v)) for v in (POINT[:1] if entry.elementwise else POINT[: Case(entry).width(3)])]
    jets = function(row(x))
    for k in range(len(x)):
        h = mp.mpf(10) ** -15
        above, below = ([*x[:k], x[k] + step, *x[k + 1 :]] for step in (h, -h))
        with mp.extraprec(100):
            up, down = function(_exact(above)), function(_exact(below))
            for i, a in enumerate(jets):
                assert abs((up[i].v - down[i].v) / (2 * h) - a.g[k]) < 1e-25
                assert max(abs((up[i].g - down[i].g) / (2 * h) - a.h[k])) < 1e-25


def _exact(x):
    jets = row([0.0] * len(x))
    return [jet + value for jet, value in zip(jets, x, strict=True)]


def test_exponential_of_a_huge_number_is_right() -> None:
    for x in (12345.5, -1e6, 700000.25):
        assert abs(exp(row([x])[0]).v / mp.exp(mp.mpf(x)) - 1) < 1e-50


def test_rows_keep_their_numbers_exactly() -> None:
    assert [jet.v for jet in row(np.array([5e-324, -0.1]))] == [mp.mpf(5e-324), mp.mpf(-0.1)]
