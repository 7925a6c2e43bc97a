"""One specification end to end: what is told of rows that a functor does not take."""

from __future__ import annotations

import pytest

from actcheck import run
from actcheck.errors import DataError
from actcheck.model import CheckSpec, Outcome


@pytest.mark.parametrize("rows", [{"typed": ((1.0, 2.0, 3.0),)}, {"dim": 3}])
def test_a_width_that_the_functor_refuses_is_no_fault_of_its_gradient(rows):
    with pytest.raises(DataError, match="the functor refuses rows of width 3") as caught:
        run.check_target(CheckSpec("glu", **rows))
    assert caught.value.fix == "It takes rows of width 6, for example."


def test_a_functor_that_refuses_every_width_is_at_fault():
    class Raises:
        def __call__(self, X):
            raise ValueError("never")

        def gradient(self, X):
            return X

    report = run.check_functor(CheckSpec("Raises", dim=3), Raises(), None)
    assert report.outcome is Outcome.FAILED
    assert report.findings[0].code == "raises"
