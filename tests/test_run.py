"""One specification end to end: what is told of rows that a functor does not take."""

from __future__ import annotations

import numpy as np
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


class Tanh:
    """A right one; what it calls its own attributes is nobody's business."""

    def __call__(self, X):
        return np.tanh(X)

    def gradient(self, X):
        return 1 - np.tanh(X) ** 2


VALUES = {"None": None, "True": True, "list": [0.25], "dict": {"a": 1}, "method": list, "object": Tanh()}


@pytest.mark.parametrize("name", ["parameters", "pull", "forward_first", "widths", "inner", "whole", "passes", "fresh"])
@pytest.mark.parametrize("value", VALUES)
def test_attributes_of_the_users_own_mean_nothing(name, value):
    functor = Tanh()
    setattr(functor, name, VALUES[value])
    assert run.check_functor(CheckSpec("Tanh"), functor, None).outcome is Outcome.PASSED
    assert run.check_functor(CheckSpec("Tanh", batch=2, dim=2, coupled=True), functor, None).outcome is Outcome.PASSED


def test_a_method_called_whole_is_not_checked_in_place_of_the_gradient():
    class Doubled(Tanh):
        def whole(self, X):
            return super().gradient(X)

        def gradient(self, X):
            return 2 * super().gradient(X)

    report = run.check_functor(CheckSpec("Doubled", batch=2, dim=2, coupled=True), Doubled(), None)
    assert report.outcome is Outcome.FAILED
