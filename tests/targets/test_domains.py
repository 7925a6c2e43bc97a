"""A functor's own `domain`."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.targets import declared_domain


class Functor:
    def __init__(self, domain):
        self.domain = domain


@pytest.mark.parametrize("domain", [(0, 1), [0, 1], (0.0, 1.0), np.array([0, 1])])
def test_a_pair_of_numbers(domain):
    assert declared_domain(Functor(domain))[0] == (0.0, 1.0)


def test_none_is_declared():
    assert declared_domain(object()) == (None, ())
    assert declared_domain(Functor(None)) == (None, ())


@pytest.mark.parametrize(
    ("domain", "remark"),
    [
        ("R+", "no pair of numbers"),
        (3, "no pair of numbers"),
        ((1, 0), "1.0 is not below 0.0"),
        ((0, 1, 2), "must be two numbers"),
        ((0, float("nan")), "must be two numbers"),
    ],
)
def test_what_is_none_is_said_and_not_used(domain, remark):
    found, remarks = declared_domain(Functor(domain))
    assert found is None
    assert remark in remarks[0]


def test_a_property_that_raises():
    class Broken:
        @property
        def domain(self):
            raise RuntimeError("no")

    assert declared_domain(Broken())[0] is None
