"""Values that are not finite: domain, pole and overflow are no faults; NaN within, and what could be avoided, are."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from actcheck.checks import finite
from actcheck.model import Outcome
from actcheck.numeric.domain import Domain
from actcheck.targets.arguments import Arguments
from actcheck.targets.reading.functors import Direct
from actcheck.targets.reading.handing import Numbers
from actcheck.targets.reading.parts import Parts, Passes

from .cases import TANH, Made, random_rows, rows, sech2, softmax_jacobian, subject

ORDINARY = rows(*random_rows())
EDGES = rows([0.0] * 5, [-0.5] * 5, [3.0] * 5, [30.0] * 5, [800.0] * 5, [-800.0] * 5, [0.3, 0, 500, 0.1, -2])


def examined(f, group=EDGES, dtype="float64", outputs=None):
    look = finite.Examination(subject(Made(f, sech2), 5, outputs, dtype=dtype), ORDINARY)
    look.look(group)
    return look.result()


def only(f, **settings):
    (finding,) = examined(f, **settings).findings
    return finding


def test_all_is_finite():
    found = examined(np.tanh)
    assert found == finite.Finite((), EDGES.values.size, 0)


def test_a_domain_is_left_out_and_counted():
    def square_root(X):
        return np.sqrt(X)

    finding = only(square_root)
    assert (finding.outcome, finding.code) == (Outcome.PASSED, "domain")
    outside = int((EDGES.values < 0).sum())
    assert finding.message == (
        f"outside the functor's domain (NaN, or it raises): {outside} of {EDGES.values.size} values, left out"
    )
    assert examined(square_root).left_out == outside


def test_raising_is_a_domain_too():
    def picky(X):
        if (X < 0).any():
            raise ValueError
        return np.sqrt(X)

    finding = only(picky)
    assert finding.code == "domain"
    # Each number that it refuses is left out, and none beside it.
    assert examined(picky).left_out == int((EDGES.values < 0).sum())


def of_numbers(f, g=math.cos):
    """Read a function of single numbers as the adapters do, which take infinity for what overflows."""
    parts = Parts(f, g, ("f", "f_prime"), Arguments(required=("x",)))
    return Direct(Passes(parts, ("x",)), Numbers())


def said_of_numbers(f):
    look = finite.Examination(subject(of_numbers(f)), ORDINARY)
    look.look(EDGES)
    return look.result().findings


def test_an_overflow_that_raises_is_not_called_infinite():
    (finding,) = said_of_numbers(lambda x: 1 / (1 + math.exp(-x)))
    assert (finding.outcome, finding.code) == (Outcome.WARNED, "avoidable-overflow")
    assert re.fullmatch(
        r"avoidable overflow from x = -709\.8 on: the value raises OverflowError: math range error "
        r"\(\S*test_finite\.py:\d+\) there, and is \S+ just before; a stable formula would stay finite",
        finding.message,
    )
    (finding,) = said_of_numbers(math.exp)
    assert (finding.outcome, finding.code) == (Outcome.PASSED, "overflow")
    assert finding.message == "the value raises OverflowError: math range error: larger than the type can hold"


def test_an_overflow_that_raises_for_a_whole_row_is_one_as_well():
    """A right function must not be wrong for being vectorised, or written as a loop."""
    for logistic in (
        np.vectorize(lambda x: 1 / (1 + math.exp(-x))),
        lambda X: np.array([[1 / (1 + math.exp(-x)) for x in row] for row in X]),
    ):
        finding = only(logistic)
        assert (finding.outcome, finding.code) == (Outcome.WARNED, "avoidable-overflow")
        assert finding.message.startswith("avoidable overflow from x = -709.8 on: the value raises OverflowError: ")

    # Anything else that is raised in the middle of a domain stays a fault.
    def picky(X):
        if (X > 20).any():
            raise ArithmeticError
        return X

    assert only(picky).outcome is Outcome.FAILED


def test_a_value_that_raises_is_not_called_nan():
    told = {finding.code: finding for finding in said_of_numbers(lambda x: math.sin(x) / x)}
    assert told["isolated-nan"].outcome is Outcome.FAILED
    assert re.fullmatch(
        r"the value raises ZeroDivisionError: float division by zero \(\S*test_finite\.py:\d+\) at x = 0, "
        "though it is finite all round",
        told["isolated-nan"].message,
    )

    def picky(X):
        if (np.abs(X) > 20).any():
            raise ValueError("too large")
        return X

    finding = only(picky)
    assert finding.outcome is Outcome.FAILED
    assert finding.message.startswith("the value raises ValueError: too large (")
    assert finding.message.endswith(" on, though it is finite on the same row scaled down")


def test_a_domain_that_is_told_by_an_exception_names_it():
    def picky(X):
        if (X < 0).any():
            raise ValueError("negative")
        return np.sqrt(X)

    assert only(picky).message.startswith("outside the functor's domain (it raises ValueError: negative (")


@pytest.mark.parametrize("x", [0.0, 3.0])
def test_nan_that_is_finite_all_round(x):
    finding = only(lambda X: np.sin(X - x) / (X - x))
    assert (finding.outcome, finding.code) == (Outcome.FAILED, "isolated-nan")
    assert finding.message == f"the value is NaN at x = {x:.4g}, though it is finite all round"
    assert finding.where.startswith("given ")
    assert x in finding.values


@pytest.mark.parametrize(
    ("f", "place"),
    [
        (lambda X: np.sinh(X) / np.cosh(X), 710.5),
        (lambda X: np.exp(X) / (1 + np.exp(X)), 709.8),
        (lambda X: np.exp(X) / np.exp(X).sum(axis=1, keepdims=True), 709.8),
        (lambda X: np.where(X > 20, np.nan, X), 20.0),
    ],
)
def test_nan_further_out(f, place):
    finding = only(f)
    assert (finding.outcome, finding.code) == (Outcome.FAILED, "nan")
    told = float(finding.message.removeprefix("the value is NaN from x = ").partition(" ")[0])
    assert abs(told) == pytest.approx(place, rel=2e-3)
    assert finding.message.endswith(" on, though it is finite on the same row scaled down")
    assert finding.values


@pytest.mark.parametrize(
    ("f", "place", "size"),
    [
        (lambda X: np.log(1 + np.exp(X)), 709.8, 709.8),
        (lambda X: np.log(1 + np.exp(-X)), -709.8, 709.8),
        (lambda X: np.sqrt(X**2 * np.exp(X)) * np.exp(-X / 2), 703.0, 703.0),
    ],
)
def test_overflow_that_could_be_avoided(f, place, size):
    finding = only(f)
    assert (finding.outcome, finding.code) == (Outcome.WARNED, "avoidable-overflow")
    told = finding.message.removeprefix("avoidable overflow from x = ")
    assert float(told.partition(" ")[0]) == pytest.approx(place, rel=1e-2)
    before = float(told.partition("infinite there, and ")[2].partition(" ")[0])
    assert before == pytest.approx(size, rel=1e-2)
    assert finding.message.endswith(" just before; a stable formula would stay finite")


def test_a_true_overflow():
    finding = only(np.exp)
    assert (finding.outcome, finding.code) == (Outcome.PASSED, "overflow")
    assert finding.message == "the value overflows: larger than the type can hold"


def test_the_type_decides_what_overflows():
    finding = only(lambda X: X**14, dtype="float32")
    assert finding.code == "overflow"
    assert not examined(lambda X: X**14).findings
    assert only(np.square, dtype="float16").code == "overflow"


def test_a_pole():
    finding = only(lambda X: 1 / X)
    assert (finding.outcome, finding.code) == (Outcome.PASSED, "pole")
    assert finding.message == "the value is infinite at one point: a pole"


def test_a_domain_and_a_pole():
    """The logarithm: NaN below 0, infinite at 0."""
    codes = {each.code for each in examined(np.log).findings}
    assert codes == {"domain", "pole"}


def test_several_kinds_are_told_once_each():
    def mixed(X):
        A = np.log(1 + np.exp(X))
        A[X == 3] = np.nan
        return A

    codes = [each.code for each in examined(mixed).findings]
    assert sorted(codes) == ["avoidable-overflow", "isolated-nan"]


def test_values_may_be_handed_in():
    look = finite.Examination(subject(TANH), ORDINARY)
    values = np.tanh(EDGES.values)
    look.watch(EDGES, values)
    look.watch(EDGES, values)
    assert look.result().entries == 2 * values.size


def test_thousands_of_bad_rows_are_counted_and_a_few_looked_into():
    calls = []

    def f(X):
        calls.append(len(X))
        return np.where(X > 100, np.nan, X)

    many = rows(*np.full((3000, 5), 800.0))
    found = examined(f, group=many)
    assert found.left_out == 15_000
    assert len(calls) < 300


def test_other_widths_of_output():
    look = finite.Examination(
        subject(Made(lambda X: np.log(X[:, :2]), softmax_jacobian), 5, 2, jacobian=True), ORDINARY
    )
    look.look(EDGES)
    assert look.result().entries == len(EDGES.values) * 2


@pytest.mark.parametrize(("centre", "width"), [(1.0, 0.3), (1.0, 1.0), (0.0, 0.3)])
def test_a_band_of_nan_between_finite_values_is_no_domain(centre, width):
    band = Made(lambda X: np.where(np.abs(X - centre) < width, np.nan, np.tanh(X)), sech2)
    looked = finite.Examination(subject(band), rows(*random_rows()))
    looked.look(rows(*random_rows()))
    (found,) = looked.result().findings
    assert (found.code, found.outcome) == ("nan-between", Outcome.FAILED)
    assert found.message.endswith("though it is finite on both sides: a domain has no holes")


@pytest.mark.parametrize("value", [np.log, np.sqrt, np.arcsin, np.arctanh, np.arccosh, np.log1p, lambda X: X**1.5])
def test_a_domain_has_one_piece(value):
    looked = finite.Examination(subject(Made(value, value)), rows(*random_rows()))
    looked.look(rows(*random_rows(), [0.5, 2.0, -2.0, 30.0, -30.0]))
    assert all(found.outcome is not Outcome.FAILED for found in looked.result().findings)


def test_what_is_left_out_on_a_border_is_not_called_outside():
    """The logit on 0 ... 1, whose borders lie in the rows that are asked."""

    def logit(X):
        with np.errstate(all="ignore"):
            return np.log(X / (1 - X))

    one = replace(subject(Made(logit, lambda X: 1 / (X * (1 - X))), 2), domain=Domain(0.0, 1.0))
    look = finite.Examination(one, rows([0.5, 0.25]))
    look.look(rows([0.0, 0.5], [1.0, 1.0], [0.25, 0.5]))
    found = look.result()
    assert (found.left_out, found.on_border) == (3, 3)
    assert found.summary == "3 on the domain's border"
    look.look(rows([2.0, -1.0]))
    assert look.result().summary == "2 outside the domain, 3 on its border"
    assert finite.Finite((), 4, 2).summary == "2 outside the domain"
    assert finite.Finite((), 4, 0).summary == "ok"


def test_of_a_row_that_is_outside_as_well_no_value_is_on_the_border():
    def total(X):
        return np.log(X).sum(axis=1, keepdims=True)

    one = replace(subject(Made(total, total), 2, 1, jacobian=True), domain=Domain(0.0, 1.0))
    look = finite.Examination(one, rows([0.5, 0.25]))
    look.look(rows([0.0, 0.5], [0.0, 2.0]))
    assert look.result().summary == "1 outside the domain, 1 on its border"
