"""Every entry of the catalogue passes its own check: both types, all ends of its parameters, narrow and wide, far out.

By default rows of 64, and parameters other than the default, are a sample; with ``ACTCHECK_FULL_ZOO=1`` they are
checked wherever the others are.
"""

from __future__ import annotations

import os
from itertools import product

import numpy as np
import pytest
from activations.cases import AT_ENDS, CASES, DEFAULTS, IN_USE, Case

from actcheck.model import CheckSpec, Outcome, Report, Verdict
from actcheck.run import check_target

FULL = os.environ.get("ACTCHECK_FULL_ZOO") == "1"
NARROW, WIDE = (2, 6), 64
DTYPES = ("float64", "float32")

TAILS = {
    "float64": (1e-300, 1e-8, 37.0, 710.0, 1e4, 1e300),
    # It takes 1e-300 for 0 and 1e300 for infinity: in their place are the ends of its own range.
    "float32": (1e-38, 1e-8, 37.0, 710.0, 1e4, 1e38),
}

FEW = 0.03
"""Share of the entries on generated rows that may be left open; it is 0 for most of the catalogue."""

SOME = 0.26
"""The same on rows of tails.

Steps of a huge number are huge as well: what rows of equal huge numbers do there, or waves, cannot be resolved.
"""

SHARP = 0.42
"""The same where nearly all of a row happens within a hair.

Softmax with stretch 8 or more: most outputs are below 1e-16 of the largest on rows of 64, and all of them but at ties
at the end of its range. Layer norm with the least eps: rows of equal numbers leave their sphere within 1e-6.
"""


Combination = tuple[Case, str, int]


def _matrix() -> list[Combination]:
    wide = product(CASES, DTYPES, [WIDE]) if FULL else product(DEFAULTS, DTYPES[:1], [WIDE])
    if FULL:
        return [*product(CASES, DTYPES, NARROW), *wide]
    ends = product(AT_ENDS, zip(DTYPES, NARROW, strict=True))
    in_use = product(IN_USE, DTYPES[:1], NARROW[1:])
    return [*product(DEFAULTS, DTYPES, NARROW), *((case, *setting) for case, setting in ends), *in_use, *wide]


every_combination = pytest.mark.parametrize(
    "combination", _matrix(), ids=lambda combination: "-".join(map(str, combination))
)


def tails(width: int, dtype: str) -> list[tuple[float, ...]]:
    """Give rows of equal numbers, then mixed ones in which every number comes to stand first."""
    values = [sign * size for size in TAILS[dtype] for sign in (1.0, -1.0)]
    equal = [(value,) * width for value in values]
    return equal + [tuple(np.resize(np.roll(values, -first), width).tolist()) for first in range(len(values))]


def is_sharp(combination: Combination) -> bool:
    case, _, dim = combination
    name, parameters = case.entry.name, dict(case.parameters)
    stretch = abs(parameters.get("stretch", 1))
    return stretch >= 100 or (stretch >= 8 and dim == WIDE) or (name == "layer-norm" and parameters.get("eps") == 1e-12)


def assert_passes(report: Report, share: float) -> None:
    assert report.outcome is Outcome.PASSED, (report.findings, report.worst[:1])
    assert not report.wrong
    unresolved, entries = report.counts.get(Verdict.UNRESOLVED, 0), sum(report.counts.values())
    assert unresolved <= share * entries, f"{unresolved} of {entries} are unresolved: {report.unresolved[0].reason}"


@every_combination
def test_it_verifies_at_default_settings(combination: Combination) -> None:
    case, dtype, dim = combination
    width = case.width(dim)
    report = check_target(CheckSpec(case.entry.name, parameters=case.parameters, dim=width, dtype=dtype))
    assert report.inputs == width
    kinds = {"random", "edge", "sweep"} if case.entry.elementwise else {"random", "edge"}
    assert set(report.rows) - {"tail"} == kinds
    assert_passes(report, SHARP if is_sharp(combination) else FEW)
    assert not report.findings


@every_combination
def test_it_verifies_far_out(combination: Combination) -> None:
    case, dtype, dim = combination
    rows = tails(case.width(dim), dtype)
    if dim == WIDE and not FULL:
        rows = [rows[number] for number in (4, 9, 12, 19)]
    report = check_target(CheckSpec(case.entry.name, parameters=case.parameters, dtype=dtype, typed=tuple(rows)))
    assert report.rows == {"typed": len(rows)}
    assert_passes(report, SHARP if is_sharp(combination) else SOME)
    with np.errstate(over="ignore"):
        finite = np.isfinite(case.functor()(np.array(rows, dtype))).all()
    steep = abs(dict(case.parameters).get("negative_slope", dict(case.parameters).get("slope", 0))) > 1
    assert finite or steep or case.entry.name == "swiglu", "only a slope over 1 or a product of inputs may overflow"
    assert (Verdict.OVERFLOW in report.counts) != finite
    assert [finding.code for finding in report.findings] == ([] if finite else ["overflow"])


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_tails_are_held_by_the_type(dtype: str) -> None:
    held = np.array(TAILS[dtype]).astype(dtype)
    assert np.isfinite(held).all()
    assert (held > 0).all()
