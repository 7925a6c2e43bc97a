"""The frozen values that flow."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest

from actcheck import model
from actcheck.model import (
    CheckSpec,
    Claim,
    Layout,
    Outcome,
    Report,
    Rows,
    Verdict,
    layer_place,
    place,
    worst_outcome,
)

SPEC = CheckSpec("relu")


def report(outcome=Outcome.PASSED, strict=False, **known):
    given = {
        "spec": replace(SPEC, strict=strict), "name": "relu", "claim": Claim.DIAGONAL, "rows": {}, "outputs": 5,
        "rtol": 1e-8, "checks": (), "findings": (), "counts": {}, "outcome": outcome,
    } | known  # fmt: skip
    return Report(**given)


@pytest.mark.parametrize(
    ("outcome", "passed", "strictly"),
    [
        (Outcome.PASSED, True, True),
        (Outcome.WARNED, True, False),
        (Outcome.UNRESOLVED, True, False),
        (Outcome.FAILED, False, False),
        (Outcome.NOT_RUN, False, False),
    ],
)
def test_what_lets_a_ci_go_on(outcome, passed, strictly):
    assert report(outcome).passed is passed
    assert report(outcome, strict=True).passed is strictly


def test_one_entry_that_cannot_be_told_fails_strictly():
    counts = {Verdict.AGREE: 9, Verdict.UNRESOLVED: 1}
    assert report(counts=counts).passed
    assert not report(counts=counts, strict=True).passed
    assert report(counts={Verdict.AGREE: 9}, strict=True).passed


def test_how_many_entries_are_wrong():
    counts = dict.fromkeys(Verdict, 3)
    assert report(counts=counts).wrong == 6
    assert [each for each in Verdict if each.is_fault] == [Verdict.WRONG, Verdict.KINK_REFUSED]


def test_outcomes_from_best_to_worst():
    assert [each.severity for each in Outcome] == list(range(len(Outcome)))
    assert worst_outcome([]) is Outcome.PASSED
    assert worst_outcome([Outcome.WARNED, Outcome.FAILED, Outcome.PASSED]) is Outcome.FAILED
    assert worst_outcome([Outcome.NOT_RUN, Outcome.UNRESOLVED]) is Outcome.UNRESOLVED


@pytest.mark.parametrize(
    ("claim", "layout", "output", "input", "name"),
    [
        (Claim.DIAGONAL, Layout.OUT_IN, 3, 3, "x[3]"),
        (Claim.DIAGONAL, Layout.OUT_IN, 3, 1, "J[3,1]"),
        (Claim.JACOBIAN, Layout.OUT_IN, 3, 3, "J[3,3]"),
        (Claim.JACOBIAN, Layout.OUT_IN, 0, 4, "J[0,4]"),
        (Claim.JACOBIAN, Layout.IN_OUT, 0, 4, "J[4,0]"),
        (None, Layout.OUT_IN, 1, 1, "J[1,1]"),
    ],
)
def test_places_are_named_as_the_functors_gradient_is_indexed(claim, layout, output, input, name):
    assert place(output, input, claim, layout) == name


def test_places_of_a_layer():
    assert layer_place("dL/dW", 1, 2) == "dL/dW[1,2]"
    assert layer_place("dL/db", 0, 2) == "dL/db[2]"


def test_rows():
    rows = Rows(np.arange(6.0).reshape(3, 2), "line", (2, 5, 9))
    assert [rows.label(k) for k in range(3)] == ["line 2", "line 5", "line 9"]
    part = rows.part(1, 3)
    assert (part.label(0), len(part.values)) == ("line 5", 2)
    assert np.shares_memory(part.values, rows.values)


def test_values_are_frozen():
    for value in (SPEC, report(), Rows(np.zeros((1, 1)), "typed", (0,))):
        name = fields(value)[0].name
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, None)


def test_everything_that_flows_is_frozen():
    made = [each for each in vars(model).values() if isinstance(each, type) and hasattr(each, "__dataclass_fields__")]
    assert len(made) >= 8
    for each in made:
        with pytest.raises(FrozenInstanceError):
            object.__new__(each).anything = None


def test_every_parameter_is_described():
    """The docstring of a value is its schema."""
    for each in vars(model).values():
        if isinstance(each, type) and hasattr(each, "__dataclass_fields__"):
            lines = (each.__doc__ or "").splitlines()
            named = {name.strip() for line in lines if " : " in line for name in line.partition(" : ")[0].split(",")}
            missing = [field.name for field in fields(each) if field.name not in named]
            assert not missing, f"{each.__name__}: {missing}"
