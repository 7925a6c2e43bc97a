"""Borders: what a functor does outside a declared domain, and where one begins that it does not declare."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.checks import domain
from actcheck.model import Outcome
from actcheck.numeric.domain import Domain

from .cases import Made, subject

INF = float("inf")


def refusing(X):
    if np.any(X < 0):
        raise ValueError("only for X >= 0")
    return np.sqrt(X)


def quiet(f):
    def silent(X):
        with np.errstate(all="ignore"):
            return f(X)

    return silent


def probed(value, gradient, borders=(0.0, INF)):
    made = Made(quiet(value), quiet(gradient))
    line, findings = domain.probe(subject(made, inputs=2), Domain(*borders))
    assert line.outcome is Outcome.PASSED
    return line, {finding.code: finding.message for finding in findings}


def test_nan_outside_is_a_clear_refusal():
    line, findings = probed(np.sqrt, lambda X: 0.5 / np.sqrt(X))
    assert (line.name, line.entries, line.summary) == ("domain", 6, "ok, NaN outside")
    assert findings == {}


def test_so_is_an_error():
    line, findings = probed(refusing, lambda X: 0.5 / refusing(X))
    assert line.summary == "ok, raises outside"
    assert findings == {}


def test_a_number_outside_is_remarked_on_and_no_fault():
    line, findings = probed(lambda X: np.log(np.maximum(X, 1e-12)), lambda X: 0.5 / np.sqrt(X))
    assert line.summary == "ok, a number outside"
    assert "at 6 of 6 places, neither NaN nor an error, such as -27.631 at x = -1e-06" in findings["answers-outside"]


def test_a_gradient_that_answers_where_the_value_does_not():
    _, findings = probed(np.log, lambda X: 1 / X)
    assert "the gradient is a number where the value is NaN, such as -1e+06" in findings["gradient-outside"]


def test_both_borders_are_probed():
    line, _ = probed(np.arcsin, lambda X: 1 / np.sqrt(1 - X**2), (-1.0, 1.0))
    assert line.entries == 12


@pytest.mark.parametrize("border", [5.0, 123456.0, -40.0])
def test_a_place_that_is_named_as_outside_is_not_the_border(border):
    """Log, say, with a border where it has values: the nearest place is a millionth off."""
    _, findings = probed(np.tanh, lambda X: 1 - np.tanh(X) ** 2, (-INF, border))
    place = float(findings["answers-outside"].rpartition(" at x = ")[2])
    assert border < place < border + 2e-6 * abs(border)


@pytest.mark.parametrize(("dtype", "places"), [("float64", 6), ("float32", 6), ("float16", 5)])
def test_places_that_the_type_rounds_to_the_border_are_not_asked(dtype, places):
    asked = []

    def value(X):
        asked.append(float(X[0, 0]))
        return np.tanh(X)

    line, _ = domain.probe(subject(Made(value, np.tanh), inputs=2, dtype=dtype), Domain(-INF, 5.0))
    assert line.entries == places
    assert len(asked) == places
    assert min(asked) > 5.0


def test_an_interval_in_which_the_type_has_nothing_outside_is_asked_nothing():
    line, findings = domain.probe(subject(Made(np.tanh, np.tanh), inputs=2, dtype="float16"), Domain(-INF, 65504.0))
    assert (line.entries, line.summary, findings) == (0, "ok", [])


GRID = np.array([[-800.0, -3.0], [-0.7, 0.0], [0.1, 0.3], [0.7, 1.0], [2.0, 3.0], [6.0, 800.0]])


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (np.log, (0.0, INF)),
        (np.sqrt, (0.0, INF)),
        (refusing, (0.0, INF)),
        (np.arcsin, (-1.0, 1.0)),
        (np.log1p, (-1.0, INF)),
        (lambda X: np.log(2.5 - X), (-INF, 2.5)),
        (lambda X: np.sqrt(X - 0.3), (0.3, INF)),
        (np.tanh, None),
        (lambda X: np.where(np.abs(X) < 0.5, np.nan, X), None),
    ],
)
def test_where_nan_begins_is_found(f, expected):
    made = subject(Made(quiet(f), lambda X: X), inputs=2)
    assert domain.search(made, GRID) == expected


def test_of_a_functor_that_is_not_elementwise_too():
    def mean_log(X):
        with np.errstate(all="ignore"):
            return np.log(X).mean(axis=1, keepdims=True)

    made = subject(Made(mean_log, mean_log), inputs=2, outputs=1, jacobian=True)
    assert domain.search(made, GRID) == (0.0, INF)


def test_but_not_where_an_interval_for_each_input_explains_nothing():
    def difference(X):
        with np.errstate(all="ignore"):
            return np.log(X[:, :1] - X[:, 1:] + 1)

    made = subject(Made(difference, difference), inputs=2, outputs=1, jacobian=True)
    assert domain.search(made, GRID) is None


def test_how_it_is_written():
    assert domain.option((0.0, INF)) == "--domain 0 inf"
    assert domain.option((-0.25, 1.0)) == "--domain -0.25 1"
    assert domain.written((-INF, 0.0)) == "-inf ... 0"
