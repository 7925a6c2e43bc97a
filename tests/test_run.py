"""One specification end to end: what is told of rows that a functor does not take."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck import run
from actcheck.errors import DataError
from actcheck.model import CheckSpec, Outcome, Verdict


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


def raising(error, at=lambda x: x < 0, in_gradient=False):
    """Give a tanh that raises on some numbers."""

    class Raising(Tanh):
        def _mind(self, X):
            if at(X).any():
                raise error

        def __call__(self, X):
            if not in_gradient:
                self._mind(X)
            return super().__call__(X)

        def gradient(self, X):
            self._mind(X)
            return super().gradient(X)

    return Raising()


@pytest.mark.parametrize("error", [AttributeError("alpha"), NotImplementedError("todo"), ValueError("negative")])
def test_a_gradient_that_raises_where_the_value_does_not_is_at_fault(error):
    """Negative numbers are left out only where the value refuses them."""
    report = run.check_functor(CheckSpec("it"), raising(error, in_gradient=True), None)
    assert report.outcome is Outcome.FAILED
    assert report.findings[0].message.startswith(f"the gradient raises on a batch of (8, 5): {type(error).__name__}")


@pytest.mark.parametrize("error", [AttributeError("alpha"), IndexError("12"), OSError("disk full")])
def test_a_value_whose_code_is_broken_refuses_nothing(error):
    for at in (lambda x: x < 0, lambda x: np.abs(x) > 60):
        report = run.check_functor(CheckSpec("it"), raising(error, at), None)
        assert report.outcome is Outcome.FAILED
        assert type(error).__name__ in report.findings[0].message


def test_a_value_that_refuses_negative_numbers_says_how():
    report = run.check_functor(CheckSpec("it"), raising(ValueError("negative")), None)
    assert report.outcome is Outcome.PASSED
    assert "on rows with negative numbers the value raises ValueError: negative;" in report.notes[0]


def test_numbers_that_are_refused_are_not_taken_for_a_width():
    report = run.check_functor(CheckSpec("it"), raising(KeyError("7"), lambda x: np.abs(x) > 2, True), None)
    assert (report.outcome, report.notes) == (Outcome.FAILED, ())
    assert "(8, 5)" in report.findings[0].message


class LogOfPositive:
    """Refuses a whole batch for one number outside its domain."""

    domain = (0.0, np.inf)

    def __call__(self, X):
        if (X <= 0).any():
            raise ValueError("x must be positive")
        return np.log(X)

    def gradient(self, X):
        if (X <= 0).any():
            raise ValueError("x must be positive")
        return 1 / X


def test_a_row_that_is_refused_for_one_number_says_nothing_of_the_others():
    report = run.check_functor(CheckSpec("it"), LogOfPositive(), None)
    assert report.outcome is Outcome.PASSED
    assert report.counts[Verdict.AGREE] > 4000


def test_its_wrong_gradient_is_seen_beside_a_number_that_is_refused():
    class Wrong(LogOfPositive):
        def gradient(self, X):
            return np.where(X == 2.0, 5.0, super().gradient(X))

    report = run.check_functor(CheckSpec("it", typed=((0.0, 2.0, 3.0),)), Wrong(), None)
    assert [(entry.input, entry.numeric) for entry in report.worst] == [(1, pytest.approx(0.5))]
