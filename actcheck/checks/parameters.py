"""The gradients of a layer's parameters, entry by entry, against differences in that parameter.

The loss is L = sum(C * A) for a cotangent C; each parameter in turn is one long row of which it is a function, so that
its entries are decided by the rule that decides the entries of a Jacobian.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck.checks import results
from actcheck.checks.calibration import calibrate
from actcheck.checks.calls import Subject, named, quietly, shape_text
from actcheck.checks.gradient import GradientCheck
from actcheck.checks.tally import Tally
from actcheck.dataclass import dataclass
from actcheck.model import CheckResult, Claim, Finding, Layout, Outcome, Rows
from actcheck.numeric.lines import FloatArray, IndexArray
from actcheck.rows.generated import directions

MOST, LEAST = 256, 8
"""So many entries of one parameter are looked at; of a larger one, evenly spread ones, and fewer by what they cost."""

_WORK = 1 << 24


@dataclass(frozen=True)
class Judged:
    """What was found of one parameter.

    Parameters
    ----------
    line : CheckResult
    tally : Tally
    findings : tuple of Finding
    """

    line: CheckResult
    tally: Tally
    findings: tuple[Finding, ...] = ()


def judge(functor: Any, X: FloatArray, rtol: float, atol: float, seed: int, dtype: str) -> list[Judged]:
    """Judge the gradients of all parameters that a functor has.

    Parameters
    ----------
    functor : object
        With `pull` and `parameters`; see `actcheck.targets.reading.functors`.
    X : ndarray of shape (batch, n)
        Ordinary rows.
    rtol, atol : float
    seed : int
        Of the cotangent, and of the directions in which noise is measured.
    dtype : str
    """
    found = []
    for parameter in functor.parameters:
        name = f"d/d{parameter.name}"
        try:
            found.append(_judge(functor, parameter, X.astype(dtype), (rtol, atol, seed)))
        except Exception as error:
            message = f"`{parameter.partner}`, the gradient of `{parameter.name}`, cannot be had: {named(error)}"
            found.append(_refused(name, "parameter-raises", message))
    return found


def _judge(functor: Any, parameter: Any, X: NDArray[Any], how: tuple[float, float, int]) -> Judged:
    rtol, atol, seed = how
    name = f"d/d{parameter.name}"
    fresh = functor.fresh() if functor.fresh is not None else functor
    owner = fresh.passes.parts.owner
    value = np.array(parameter.array(owner))
    C = directions(seed, 19, np.asarray(quietly(fresh, X.copy())).shape).astype(X.dtype)
    quietly(lambda rows: fresh.pull(rows, C.copy()), X.copy())
    raw = np.asarray(parameter.gradient(owner))
    slopes = _in_shape(raw, value.shape)
    if slopes is None:
        message = (
            f"`{parameter.partner}` has shape {shape_text(raw.shape)}, `{parameter.name}` {shape_text(value.shape)}"
        )
        return _refused(name, "parameter-shape", message)
    most = int(np.clip(_WORK // (value.size * len(X)), LEAST, MOST))
    index = np.unique(np.linspace(0, value.size - 1, min(value.size, most)).round().astype(int))
    loss = _Loss(functor, parameter, X, C, index, slopes.ravel()[index])
    subject = Subject(loss, index.size, 1, Claim.JACOBIAN, Layout.OUT_IN, "float64")
    rows = Rows(value.astype(float).reshape(1, -1)[:, index], parameter.name, (0,))
    calibration = calibrate(subject, rows.values, rtol, atol, seed)
    tally = GradientCheck(subject, calibration, seed).add(rows).tally
    places = _Places(parameter.name, value.shape, index)
    line = results.of_entries(name, tally, tally, Claim.JACOBIAN, Layout.OUT_IN)
    line = replace(line, where=places.of_text(line.where))
    told = _averaged(parameter, loss, tally, len(X))
    return Judged(line, places.rename(tally), told)


@dataclass(frozen=True)
class _Loss:
    """The loss as a functor of some entries of a parameter."""

    functor: Any
    parameter: Any
    X: NDArray[Any]
    C: NDArray[Any]
    index: IndexArray
    slopes: FloatArray

    def __call__(self, P: FloatArray) -> FloatArray:
        """Evaluate the loss for each row of entries; (K, n) to (K, 1)."""
        functor = self.functor.fresh() if self.functor.fresh is not None else self.functor
        array = self.parameter.array(functor.passes.parts.owner)
        kept = array.copy()
        losses = np.empty((len(P), 1))
        try:
            for row, entries in enumerate(P):
                # Written in place: the layer may hold the same array under several names.
                array.flat[self.index] = entries
                losses[row, 0] = np.sum(self.C * np.asarray(functor(self.X.copy())))
        finally:
            array[...] = kept
        return losses

    def gradient(self, P: FloatArray) -> FloatArray:
        """Give the layer's own gradient, which is known where it stands, the only place that is asked about."""
        return np.broadcast_to(self.slopes, (len(P), 1, self.slopes.size))


@dataclass(frozen=True)
class _Places:
    """Names of a parameter's entries."""

    name: str
    shape: tuple[int, ...]
    index: IndexArray

    def of(self, column: int) -> str:
        """Name an entry as NumPy indexes it, e.g. ``W[1,2]``."""
        at = np.unravel_index(int(self.index[column]), self.shape)
        return f"{self.name}[{','.join(map(str, at))}]"

    def of_text(self, where: str) -> str:
        """Translate a place of the Jacobian, ``... J[0,3]``."""
        head, bracket, tail = where.rpartition("J[0,")
        return self.of(int(tail.rstrip("]"))) if bracket and head else where

    def rename(self, tally: Tally) -> Tally:
        """Name the entries that a report shows."""
        for entries in (tally.worst, tally.unresolved, tally.kinks):
            entries[:] = [replace(entry, row="parameter", name=self.of(entry.input), values=()) for entry in entries]
        return tally


def _in_shape(raw: NDArray[Any], shape: tuple[int, ...]) -> FloatArray | None:
    if raw.dtype.kind not in "biuf":
        return None
    squeezed = tuple(side for side in shape if side != 1)
    if raw.shape != shape and tuple(side for side in raw.shape if side != 1) != squeezed:
        return None
    slopes: FloatArray = raw.astype(np.float64).reshape(shape)
    return slopes


def _averaged(parameter: Any, loss: _Loss, tally: Tally, batch: int) -> tuple[Finding, ...]:
    """Tell where a gradient is that of the batch's mean."""
    if not tally.wrong or not tally.worst or len(tally.worst) < min(2, loss.index.size):
        return ()
    off = [entry.analytic * batch - entry.numeric for entry in tally.worst]
    if any(abs(each) > 1e-6 * abs(entry.numeric) for each, entry in zip(off, tally.worst, strict=True)):
        return ()
    message = (
        f"`{parameter.partner}` is the mean over the batch of {batch}, but the layer's own gradient is not divided: "
        "divide both, or none"
    )
    return (Finding("parameters", Outcome.PASSED, "parameter-mean", message),)


def _refused(name: str, code: str, message: str) -> Judged:
    finding = Finding("parameters", Outcome.FAILED, code, message)
    return Judged(CheckResult(name, Outcome.FAILED, 0, "1 broken"), Tally(), (finding,))
