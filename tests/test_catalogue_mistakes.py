"""Every kind of mistake, planted in every entry of the catalogue, is called wrong.

What is told of a mistake is looked at in tests/diagnosis.

A mistake is a wrapper around the catalogue's own functor: its value is right, its gradient is spoilt. With
``ACTCHECK_FULL_ZOO=1`` the same table is gone through in float32 as well.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from activations.cases import CASES, DEFAULTS, Case, default_of
from numpy.typing import NDArray

from actcheck.activations.catalogue import ENTRIES
from actcheck.model import CheckSpec, Outcome, Report, Verdict
from actcheck.run import check_functor

Array = NDArray[Any]
Gradient = Callable[[Array], Array]
Rows = tuple[tuple[float, ...], ...]

SMALL = {"float64": 1e-6, "float32": 1e-3}
"""A relative error that the type's default tolerance does not allow."""

DTYPES = tuple(SMALL) if os.environ.get("ACTCHECK_FULL_ZOO") == "1" else ("float64",)

NOT_WRONG = {
    ("relu", "at_zero ignored"): "the value does not depend on it, and any number in [0, 1] is a sub-gradient",
    ("threshold", "value ignored"): "the gradient does not depend on it",
    ("threshold", "beyond the slopes at a jump"): "there is no slope at a jump, so no number is beyond it",
    ("hard-shrink", "beyond the slopes at a jump"): "there is no slope at a jump, so no number is beyond it",
    **dict.fromkeys(
        [
            (name, "transposed")
            for name in ("softmax", "softmin", "sparsemax", "layer-norm", "rms-norm", "l2-normalize", "squash")
        ],
        "the Jacobian is symmetric",
    ),
}
"""What is planted without any harm, and why."""


@dataclass(frozen=True)
class Planted:
    """A functor with another gradient."""

    value: Gradient
    gradient: Gradient

    def __call__(self, X: Array) -> Array:
        return self.value(X)


@dataclass(frozen=True)
class Mistake:
    """One line of the table.

    Parameters
    ----------
    case : Case
        The entry, with its parameters.
    kind : str
    gradient : callable
        The spoilt one.
    dtype : str
    check : str
        The check that is to find it.
    rows : tuple of tuples of float
        Those that it shows on, where generated rows do not have them.
    dim : int
        The least width of generated rows.
    """

    case: Case
    kind: str
    gradient: Gradient
    dtype: str
    check: str = "gradient"
    rows: Rows = ()
    dim: int = 6

    def __str__(self) -> str:
        return f"{self.case}-{self.kind.replace(' ', '-')}-{self.dtype}"

    @property
    def reason(self) -> str | None:
        """Why it is none, if it is none."""
        return NOT_WRONG.get((self.case.entry.name, self.kind))

    def report(self) -> Report:
        dim = None if self.rows else self.case.width(self.dim)
        spec = CheckSpec(self.case.entry.name, dim=dim, typed=self.rows, dtype=self.dtype)
        return check_functor(spec, Planted(self.case.functor(), self.gradient), None)


# ------------------------------------------------------------------------------------------ anywhere


def is_square(case: Case) -> bool:
    return case.entry.widths.endswith("m = n")


def everywhere(case: Case, dtype: str) -> Iterator[Mistake]:
    right, small = case.functor().gradient, SMALL[dtype]
    yield Mistake(case, "sign flipped", lambda X: -right(X), dtype)
    yield Mistake(case, f"times 1 + {small:g}", lambda X: right(X) * X.dtype.type(1 + small), dtype)


def ignored(case: Case, dtype: str) -> Iterator[Mistake]:
    """Each parameter in turn has another value than the default, and the gradient takes the default."""
    for parameter in case.entry.parameters:
        for value in parameter.examples:
            if value != parameter.default:
                other = Case(case.entry, ((parameter.name, value),))
                # A maxout of groups of 1 or 4 with the gradient of groups of 2: a matter of shape, on rows of 8.
                check = "contract" if parameter.name == "pieces" else "gradient"
                yield Mistake(other, f"{parameter.name} ignored", case.functor().gradient, dtype, check, dim=8)


def of_matrices(case: Case, dtype: str) -> Iterator[Mistake]:
    if case.entry.elementwise:
        return
    right, small = case.functor().gradient, SMALL[dtype]

    def one_off(X: Array) -> Array:
        J = right(X)
        J[:, -1, 0] += small
        return J

    yield Mistake(case, f"one entry off by {small:g}", one_off, dtype)
    yield Mistake(case, "0 off the diagonal", lambda X: (J := right(X)) * np.eye(*J.shape[1:], dtype=J.dtype), dtype)
    if is_square(case):
        yield Mistake(
            case, "the diagonal alone", lambda X: right(X).diagonal(axis1=1, axis2=2).copy(), dtype, "structure"
        )
    transposed = "gradient" if is_square(case) else "contract"
    yield Mistake(case, "transposed", lambda X: right(X).swapaxes(1, 2), dtype, transposed)


# ------------------------------------------------------------------------------------------ at kinks

KINKS: dict[str, Callable[..., tuple[float, ...]]] = {
    "relu": lambda at_zero: (0.0,),
    "leaky-relu": lambda negative_slope: (0.0,),
    "prelu": lambda slope: (0.0,),
    "relu6": lambda: (0.0, 6.0),
    "hard-tanh": lambda min_val, max_val: (min_val, max_val),
    "hard-sigmoid": lambda: (-3.0, 3.0),
    "threshold": lambda threshold, value: (threshold,),
    "soft-shrink": lambda threshold: (-threshold, threshold) if threshold else (),
    "hard-shrink": lambda threshold: (-threshold, threshold),
    "elu": lambda alpha: (0.0,) if alpha != 1 else (),
    "selu": lambda: (0.0,),
    "hard-swish": lambda: (-3.0, 3.0),
}
"""Where the kinks and jumps of the element-wise entries are, by their parameters."""


def all_parameters(case: Case) -> dict[str, float]:
    return {p.name: default_of(case.entry, p.name) for p in case.entry.parameters} | dict(case.parameters)


def at_kinks(case: Case, dtype: str) -> Iterator[Mistake]:
    """At a kink, or a jump, the gradient is 1 more than the greater of the slopes beside it, or 1 less than the less.

    By default parameters generated rows have the place; else it is typed in.
    """
    points = KINKS[case.entry.name](**all_parameters(case)) if case.entry.name in KINKS else ()
    for point in points:
        functor = case.functor()
        beside = np.array([point - 1e-6, point + 1e-6])
        is_jump = abs(np.subtract(*functor(beside))) > 1e-5
        kind = f"beyond the slopes at a {'jump' if is_jump else 'kink'}"
        rows = ((point, point + 1, point - 1),) if case.parameters else ()
        for far in (functor.gradient(beside).max() + 1, functor.gradient(beside).min() - 1):
            yield Mistake(case, kind, _set_at(functor.gradient, point, far), dtype, "kinks", rows)


def _set_at(right: Gradient, point: float, value: float) -> Gradient:
    def gradient(X: Array) -> Array:
        J = right(X).astype(X.dtype)
        J[point == X] = value
        return J

    return gradient


def at_ties(case: Case, dtype: str) -> Iterator[Mistake]:
    """Of equals in the first group, the first takes twice what there is to take."""
    pieces = int(all_parameters(case)["pieces"])
    right = case.functor().gradient

    def gradient(X: Array) -> Array:
        J, first = right(X), X[:, :pieces]
        largest = first.max(axis=1, keepdims=True)
        tied = (first == largest).sum(axis=1) > 1
        J[tied, 0, first.argmax(axis=1)[tied]] = 2
        return J

    if pieces > 1:
        yield Mistake(case, "beyond the slopes at a kink", gradient, dtype, "kinks")


def at_the_edge_of_the_support(case: Case, dtype: str) -> Iterator[Mistake]:
    """The third entry of this row is at τ = 0, where its slope by itself is 0 or 2/3."""
    rows = ((0.75, 0.25, 0.0, -1.0),)
    right = case.functor().gradient

    def gradient(X: Array) -> Array:
        J = right(X)
        J[(rows[0] == X).all(axis=1), 2, 2] = 2
        return J

    yield Mistake(case, "beyond the slopes at a kink", gradient, dtype, "kinks", rows)


def at_the_least_length(case: Case, dtype: str) -> Iterator[Mistake]:
    """The slope along the row is 1/eps where it is shorter, 0 where it is longer.

    For an eps of 0.5: by default the place is 1e-12 from 0, and no step is as fine as that.
    """
    eps = all_parameters(case)["eps"]
    rows = ((eps, 0.0, 0.0),)
    right = case.functor().gradient

    def gradient(X: Array) -> Array:
        J = right(X)
        J[(rows[0] == X).all(axis=1), 0, 0] = 1 / eps + 1
        return J

    if eps == 0.5:
        yield Mistake(case, "beyond the slopes at a kink", gradient, dtype, "kinks", rows)


AT_KINKS_OF_ROWS = {
    "maxout": at_ties,
    "sparsemax": at_the_edge_of_the_support,
    "l2-normalize": at_the_least_length,
}

# ------------------------------------------------------------------------------------------ the table


@cache
def table() -> tuple[Mistake, ...]:
    return tuple(mistake for dtype in DTYPES for mistake in _planted(dtype))


def _planted(dtype: str) -> Iterator[Mistake]:
    for case in DEFAULTS:
        for kind in (everywhere, ignored, of_matrices):
            yield from kind(case, dtype)
    for case in CASES:
        yield from AT_KINKS_OF_ROWS.get(case.entry.name, at_kinks)(case, dtype)


@pytest.mark.usefixtures("undiagnosed")
@pytest.mark.parametrize("mistake", [mistake for mistake in table() if mistake.reason is None], ids=str)
def test_a_mistake_is_called_wrong(mistake: Mistake) -> None:
    report = mistake.report()
    failed = [check.name for check in report.checks if check.outcome is Outcome.FAILED]
    assert report.outcome is Outcome.FAILED, dict(report.counts)
    assert mistake.check in failed
    if mistake.check == "kinks":
        assert report.counts[Verdict.KINK_REFUSED], "it is at kinks that it is wrong"
        assert failed == ["kinks"], "and nowhere else"


@pytest.mark.parametrize("mistake", [mistake for mistake in table() if mistake.reason is not None], ids=str)
def test_what_is_no_mistake_is_not_called_one(mistake: Mistake) -> None:
    report = mistake.report()
    assert report.outcome is Outcome.PASSED, f"{mistake.reason}: {dict(report.counts)}"


def test_the_table_has_every_kind_for_every_entry() -> None:
    kinds = {entry.name: {each.kind for each in table() if each.case.entry is entry} for entry in ENTRIES}
    for entry in ENTRIES:
        expected = {"sign flipped", "times 1 + 1e-06", *(f"{parameter.name} ignored" for parameter in entry.parameters)}
        if not entry.elementwise:
            expected |= {"one entry off by 1e-06", "0 off the diagonal", "transposed"}
        if entry.kinks:
            expected.add(f"beyond the slopes at a {'jump' if entry.name == 'hard-shrink' else 'kink'}")
        assert expected <= kinds[entry.name]


def test_kinks_are_where_the_catalogue_says() -> None:
    assert {entry.name for entry in ENTRIES if entry.kinks} == {*KINKS, *AT_KINKS_OF_ROWS}


def test_nothing_is_excused_in_vain() -> None:
    assert {(each.case.entry.name, each.kind) for each in table() if each.reason} == set(NOT_WRONG)
