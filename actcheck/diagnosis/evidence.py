"""What is known of a wrong gradient: rows, what the functor says there, and what differences say.

Arrays of entries have the shape of the functor's gradient in layout ``out-in``: (batch, n) where it is a diagonal,
(batch, m, n) where it is a Jacobian, or a diagonal that is none and is looked at as the Jacobian it claims.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.model import Claim, Layout
from actcheck.numeric.lines import FloatArray

BoolArray = NDArray[np.bool_]
_ROUNDING = 1e-12
_ASKED = 1 << 16

WIDTH, BATCH = "n", "batch size"
"""Owners of numbers that are no parameters."""

Slopes = Callable[[FloatArray], tuple[FloatArray, FloatArray]]
"""Gives derivatives at rows, and what they may be off by, in the shape of the entries."""


@dataclass(frozen=True)
class Evidence:
    """A wrong gradient, as hypotheses see it.

    Parameters
    ----------
    X : ndarray of shape (batch, n)
        Rows that the gradient was asked for in one call.
    value : ndarray of shape (batch, m)
        The functor's value there.
    analytic, numeric, bound, allowed : ndarray
        Per entry: the functor's gradient, the differences' with its error bound, and the tolerance.
    wrong, kinks, known : ndarray of bool
        Entries that are wrong; those at kinks, where `numeric` means nothing; those of which it tells something.
    forward, gradient : callable
        The functor on any rows of this width.
    slopes : callable
        Derivatives of `forward` by differences, at any rows.
    slopes_of : callable
        The same of another function of the same widths.
    claim : Claim
    layout : Layout
    parameters : Mapping of str to float
        The functor's own numbers: keywords of its constructor, attributes.
    make : callable or None
        Gives the function for other values of `parameters`; None where it cannot be made anew.
    name : str
        The functor's name.
    rtol : float
    elsewhere : callable or None
        Gives the evidence of the same functor by another value of a parameter, by another width, or of fewer rows, by
        the name of what is changed; None where it cannot.
    raises : callable
        Whether the gradient raises on a row of which the value is finite; NaN stands for it in `analytic`.
    cleared : frozenset of str
        Owners of numbers that were found to have nothing to do with the mistake.
    pulled : bool
        Whether the gradient is made of products with cotangents, whose Jacobian has no layout.
    """

    X: FloatArray
    value: FloatArray
    analytic: FloatArray
    numeric: FloatArray
    bound: FloatArray
    allowed: FloatArray
    wrong: BoolArray
    kinks: BoolArray
    known: BoolArray
    forward: Callable[[FloatArray], FloatArray]
    gradient: Callable[[FloatArray], FloatArray]
    slopes: Slopes
    slopes_of: Callable[[Callable[[FloatArray], FloatArray], FloatArray], tuple[FloatArray, FloatArray]]
    claim: Claim = Claim.DIAGONAL
    layout: Layout = Layout.OUT_IN
    parameters: Mapping[str, float] = field(default_factory=dict)
    make: Callable[[Mapping[str, float]], Callable[[FloatArray], FloatArray]] | None = None
    name: str = ""
    rtol: float = 1e-8
    elsewhere: Callable[[str], Evidence | None] | None = None
    raises: Callable[[FloatArray], bool] = lambda row: False
    cleared: frozenset[str] = frozenset()
    pulled: bool = False

    @property
    def diagonal(self) -> bool:
        """Whether entries are those of a diagonal."""
        return bool(self.analytic.ndim == 2)

    @property
    def square(self) -> bool:
        """Whether there are as many outputs as inputs."""
        return bool(self.value.shape[1] == self.X.shape[1])

    @property
    def batch(self) -> int:
        """How many rows there are."""
        return len(self.X)

    @property
    def inputs(self) -> int:
        """Width n of a row."""
        return int(self.X.shape[1])

    @property
    def owners(self) -> tuple[tuple[str, float], ...]:
        """Numbers with names, of which a fitted one may be."""
        own = (*self.parameters.items(), (WIDTH, float(self.inputs)), (BATCH, float(self.batch)))
        return tuple((name, number) for name, number in own if name not in self.cleared)

    def clear(self, *names: str) -> Evidence:
        """Give the same evidence, in which fitted numbers are not those of these owners."""
        return replace(self, cleared=self.cleared.union(names))

    @property
    def plain(self) -> Evidence:
        """The same evidence, in which fitted numbers are nobody's."""
        return self.clear(*self.parameters, WIDTH, BATCH)

    @cached_property
    def off(self) -> FloatArray:
        """What each entry is wrong by; infinite where the gradient is not finite."""
        with np.errstate(invalid="ignore", over="ignore"):
            off: FloatArray = np.nan_to_num(np.abs(self.analytic - self.numeric), nan=np.inf, posinf=np.inf)
        return off

    @cached_property
    def to_explain(self) -> BoolArray:
        """The wrong entries that a hypothesis is to explain: those at kinks only where there are no others."""
        smooth: BoolArray = self.wrong & ~self.kinks
        return smooth if smooth.any() else self.wrong

    @cached_property
    def coupled(self) -> bool:
        """Whether the gradient of rows is another in a smaller batch."""
        kept = self._finite_rows[: self.batch // 2]
        if not len(kept):
            return False
        first, again = self.analytic[kept], self.gradient(self.X[kept])
        with np.errstate(invalid="ignore"):
            return not bool(((np.abs(first - again) <= self.allowed[kept]) | (first == again)).all())

    @cached_property
    def _finite_rows(self) -> NDArray[np.intp]:
        """Rows of a finite gradient: to ask for others again takes many calls, where it raises on them."""
        return np.flatnonzero(np.isfinite(self.analytic).reshape(self.batch, -1).all(axis=1))

    @cached_property
    def mixed(self) -> BoolArray:
        """Entries of a diagonal that are others where other inputs stand beside the same x in its row."""
        n, kept = self.inputs, self._finite_rows[: max(1, _ASKED // self.inputs**2)]
        mixed = np.zeros(self.analytic.shape, bool)
        if not self.diagonal or n < 2 or not len(kept):
            return mixed
        X, rows = self.X[kept], len(kept)
        beside = np.repeat(np.roll(X, 1, axis=0)[None], n, axis=0)
        column = np.arange(n)
        beside[column, :, column] = X.T
        with np.errstate(all="ignore"):
            first = self.gradient(np.tile(X, (n, 1))).reshape(n, rows, n)[column, :, column].T
            again = self.gradient(beside.reshape(-1, n)).reshape(n, rows, n)[column, :, column].T
            same = (np.abs(first - again) <= self.allowed[kept]) | (first == again)
        mixed[kept] = ~same & np.isfinite(first) & np.isfinite(again)
        return mixed

    @cached_property
    def usable(self) -> BoolArray:
        """Entries that a hypothesis on the whole gradient has to reproduce."""
        usable: BoolArray = self.known & ~self.kinks & np.isfinite(self.analytic)
        return usable

    @cached_property
    def reach(self) -> FloatArray:
        """Give what `numeric` may be off by; infinite where it means nothing, so that nothing is demanded there.

        The bound of a cheap pass is a claim about ordinary rows; in the tails it may be a few times too small.
        """
        size = np.abs(self.numeric[self.usable & (self.numeric != 0)])
        usual = float(np.median(size)) if size.size else 0.0
        return np.where(self.known & ~self.kinks, 2 * self.bound + _ROUNDING * usual, np.inf)

    @cached_property
    def on_diagonal(self) -> BoolArray:
        """Entries with i = j."""
        if self.diagonal:
            return np.ones(self.analytic.shape, bool)
        return np.broadcast_to(np.eye(*self.analytic.shape[1:]) > 0, self.analytic.shape)

    def by_output(self, values: FloatArray) -> FloatArray:
        """Give numbers per output, (batch, m), to every entry of that output."""
        return values if self.diagonal else np.broadcast_to(values[:, :, None], self.analytic.shape)

    def by_input(self, values: FloatArray) -> FloatArray:
        """Give numbers per input, (batch, n), to every entry of that input."""
        return values if self.diagonal else np.broadcast_to(values[:, None, :], self.analytic.shape)

    def per_row(self, values: FloatArray) -> FloatArray:
        """Give numbers per row, (batch,), to every entry of that row."""
        return np.broadcast_to(values.reshape((-1,) + (1,) * (self.analytic.ndim - 1)), self.analytic.shape)

    def within(self, scope: BoolArray) -> Evidence:
        """Give what is known of some of the entries only."""
        return replace(self, wrong=self.wrong & scope, known=self.known & scope)


def own_numbers(functor: Any, keywords: Mapping[str, Any]) -> dict[str, float]:
    """Give the numbers that a functor is made of: keywords, then its own and its class's public attributes."""
    found: dict[str, float] = {}
    classes = (vars(kind) for kind in type(functor).__mro__)
    for source in (dict(keywords), getattr(functor, "__dict__", {}), *classes):
        for name, value in source.items():
            number = isinstance(value, (int, float, np.floating, np.integer)) and not isinstance(value, bool)
            if number and not name.startswith("_") and np.isfinite(value):
                found.setdefault(name, float(value))
    return found
