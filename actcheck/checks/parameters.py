"""The gradients of a layer's parameters, entry by entry, against differences in that parameter.

The loss is L = sum(C * A) for a cotangent C; each parameter in turn is one long row of which it is a function, so that
its entries are decided by the rule that decides the entries of a Jacobian.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck.checks import planted, results
from actcheck.checks.calibration import Calibration, calibrate
from actcheck.checks.calls import Subject, named, quietly, shape_text
from actcheck.checks.gradient import GradientCheck
from actcheck.checks.judge import code
from actcheck.checks.tally import Tally
from actcheck.dataclass import dataclass
from actcheck.model import (
    UNCHECKED,
    CheckResult,
    Claim,
    Finding,
    Layout,
    Outcome,
    Planted,
    Rows,
    Verdict,
    worst_outcome,
)
from actcheck.numeric.lines import FloatArray, IndexArray
from actcheck.rows.generated import directions
from actcheck.targets.reading.handing import Numbers, Single

MOST, LEAST = 256, 8
"""So many entries of one parameter are looked at; of a larger one, evenly spread ones, and fewer by what they cost."""

_WORK = 1 << 24
_TELLING = 1e-3
_SHORT_ULPS = 64
_SAME = 1e-6
_STEP = 2.0**-17
_FAULTS = [code(verdict) for verdict in Verdict if verdict.is_fault]
_ZEROING = ("zero", "reset", "clear")


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
    asked: _Asked | None = None
    factor: float = 1.0

    def wrong(self) -> Wrong | None:
        """Give what it takes to look for the mistake, None where nothing is wrong that could be compared."""
        return self.asked.wrong(self.factor) if self.asked is not None and self.tally.wrong else None

    def planted(self) -> tuple[Planted, ...]:
        """Plant errors into a gradient that passes, and give the smallest that are caught."""
        if self.asked is None or self.tally.wrong or not self.asked.loss.slopes.any():
            return ()
        return tuple(self.asked.planted(self.factor))


@dataclass(frozen=True)
class Wrong:
    """A parameter whose gradient is wrong; arrays are of the K entries that were looked at.

    Parameters
    ----------
    name : str
    shape : tuple of int
        Of the parameter.
    index : ndarray of shape (K,)
        Which entries, in row-major order.
    value, given, numeric : ndarray of shape (K,)
        The parameter, the layer's own gradient, and that of differences.
    wrong : ndarray of bool
    inputs, cotangent, outputs : ndarray of shape (batch, ...)
        Input, cotangent of the output, and output.
    changes : ndarray of shape (K, batch, m)
        The derivative of A by each entry, by differences.
    loss : _Loss
    factor : float
        What the layer's gradient was divided by.
    """

    name: str
    shape: tuple[int, ...]
    index: IndexArray
    value: FloatArray
    given: FloatArray
    numeric: FloatArray
    wrong: NDArray[np.bool_]
    inputs: FloatArray
    cotangent: FloatArray
    outputs: FloatArray
    changes: FloatArray
    loss: _Loss
    factor: float

    def given_of(self, size: int) -> FloatArray | None:
        """Give the layer's own gradient for the first rows alone; None where it cannot be had."""
        try:
            return self.loss.given_of(slice(size)) / self.factor
        except Exception:  # Whatever the user's code makes of a batch of another size.
            return None


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
    if isinstance(functor.handing, (Single, Numbers)):
        # Of samples that are handed over one at a time, the gradient that is left is the last one's.
        X = X[:1] if isinstance(functor.handing, Single) else X[:1, :1]
    asked: list[_Asked] = []
    for parameter in functor.parameters:
        name = f"{results.PARAMETER}{parameter.name}"
        try:
            asked.append(_ask(functor, parameter, X.astype(dtype), (rtol, atol, seed)))
        except _RefusedError as refused:
            found.append(_refused(name, "parameter-shape", str(refused)))
        except Exception as error:
            message = f"the gradient of `{parameter.name}`, {parameter.place}, cannot be had: {named(error)}"
            found.append(_refused(name, "parameter-raises", message))
    factor = _factor([each for each in asked if each.parameter.is_step], len(X))
    judged = [each.judged(factor if each.parameter.is_step else 1.0, len(X)) for each in asked]
    told = (*_sized(functor, factor, len(X)), *_summed(functor, [each.parameter for each in asked if each.adds]))
    if told and judged:
        judged[0] = _with_findings(judged[0], told)
    return [*judged, *found]


def _with_findings(judged: Judged, told: tuple[Finding, ...]) -> Judged:
    """Add findings on the layer as a whole; a warning counts, and so stands in the line too."""
    outcome = worst_outcome([judged.line.outcome, *(finding.outcome for finding in told)])
    line = judged.line
    if outcome is not line.outcome:
        count = sum(finding.outcome is Outcome.WARNED for finding in told)
        line = replace(line, outcome=outcome, summary=f"{line.summary}, {count} warning{'s' if count > 1 else ''}")
    return replace(judged, line=line, findings=(*judged.findings, *told))


def not_run(functor: Any, why: str) -> list[CheckResult]:
    """Give the lines of all parameters where none can be checked."""
    names = results.own_parameters(functor)
    return [CheckResult(f"{results.PARAMETER}{name}", Outcome.NOT_RUN, 0, f"not run: {why}") for name in names]


def left_out(functor: Any) -> tuple[list[CheckResult], list[Finding]]:
    """Give the lines, and the reasons, of the parameters that are not checked."""
    lines = [
        CheckResult(f"{results.PARAMETER}{each.name}", Outcome.NOT_RUN, 0, "not checked") for each in functor.unchecked
    ]
    findings = [
        Finding("parameters", Outcome.NOT_RUN, UNCHECKED, f"`{each.name}`: {each.reason}", where=each.name)
        for each in functor.unchecked
    ]
    return lines, findings


class _RefusedError(Exception):
    """The gradient is none of the parameter, by its shape."""


@dataclass(frozen=True)
class _Asked:
    """A parameter with its gradient as the layer gives it, to be compared.

    Parameters
    ----------
    parameter : object
    loss : _Loss
    rows : Rows
        The parameter as it stands, one row.
    shape : tuple of int
        Of the parameter.
    calibration : Calibration
    seed : int
    adds : bool
        Whether a second backward pass adds its gradient to that of the first.
    """

    parameter: Any
    loss: _Loss
    rows: Rows
    shape: tuple[int, ...]
    calibration: Calibration
    seed: int
    adds: bool = False

    def factor(self) -> float | None:
        """Give what the gradient given is times the true one, by the middle of all entries; None where none tells."""
        check = GradientCheck(self._subject(1.0), self.calibration, self.seed)
        numeric = check.matrix(self.rows).seen.value.reshape(-1)
        told = np.abs(numeric) > _TELLING * np.max(np.abs(numeric), initial=0.0)
        return float(np.median(self.loss.slopes[told] / numeric[told])) if told.any() else None

    def judged(self, factor: float, batch: int) -> Judged:
        """Compare, where the gradient given is held to be so many times the true one."""
        name = f"{results.PARAMETER}{self.parameter.name}"
        tally = GradientCheck(self._subject(factor), self.calibration, self.seed).add(self.rows).tally
        places = _Places(self.parameter.name, self.shape, self.loss.index)
        line = results.of_entries(name, tally, tally, Claim.JACOBIAN, Layout.OUT_IN)
        line = replace(line, where=places.of_text(line.where))
        whole = int(np.prod(self.shape))
        if self.loss.index.size < whole:
            line = replace(line, summary=f"{line.summary}, of {whole:,}")
        told = () if self.parameter.is_step else _averaged(self.parameter, self.loss, tally, batch)
        return Judged(line, places.rename(tally), told, self, factor)

    def wrong(self, factor: float) -> Wrong:
        """Look at all entries again, and at what each does to each output."""
        subject = self._subject(factor)
        seen = GradientCheck(subject, self.calibration, self.seed).matrix(self.rows)
        loss, values = self.loss, self.rows.values[0]
        return Wrong(
            name=self.parameter.name,
            shape=self.shape,
            index=loss.index,
            value=values,
            given=loss.slopes / factor,
            numeric=seen.seen.value.reshape(-1),
            wrong=np.isin(seen.verdicts.reshape(-1), _FAULTS),
            inputs=loss.X.astype(np.float64),
            cotangent=loss.C.astype(np.float64),
            outputs=loss.outputs(values[None])[0],
            changes=loss.changes(values),
            loss=loss,
            factor=factor,
        )

    def planted(self, factor: float) -> Iterator[Planted]:
        """Plant errors into one entry, the largest, and into all."""
        largest = int(np.argmax(np.abs(self.loss.slopes)))
        places = _Places(self.parameter.name, self.shape, self.loss.index)
        everywhere = np.ones(self.loss.index.size)
        for kind, where, asked in (
            (f"one entry of {self.parameter.name}", places.of(largest), np.arange(len(everywhere)) == largest),
            (f"every entry of {self.parameter.name}", "", everywhere > 0),
        ):
            yield planted.smallest(kind, where, lambda size, asked=asked: self._is_caught(factor, size * asked))  # type: ignore[misc]

    def _is_caught(self, factor: float, error: FloatArray) -> bool:
        spoilt = replace(self.loss, slopes=self.loss.slopes * (1 + error) / factor)
        subject = replace(self._subject(factor), functor=spoilt)
        return bool(GradientCheck(subject, self.calibration, self.seed).add(self.rows).tally.wrong)

    def _subject(self, factor: float) -> Subject:
        loss = replace(self.loss, slopes=self.loss.slopes / factor)
        return Subject(loss, loss.index.size, 1, Claim.JACOBIAN, Layout.OUT_IN, "float64")


def _ask(functor: Any, parameter: Any, X: NDArray[Any], how: tuple[float, float, int]) -> _Asked:
    rtol, atol, seed = how
    fresh = functor.fresh() if functor.fresh is not None else functor
    C = directions(seed, 19, np.asarray(quietly(fresh, X.copy())).shape).astype(X.dtype)
    slot = parameter.slot(fresh, X.dtype)
    value = slot.value
    fresh = functor.fresh() if functor.fresh is not None else functor
    # A second pass may write into the same array.
    raw = np.array(quietly(lambda rows: parameter.gradient(fresh, rows, C), X.copy()))
    adds = not parameter.is_step and _is_twice(quietly(lambda rows: parameter.gradient(fresh, rows, C), X.copy()), raw)
    slopes = _in_shape(raw, value.shape)
    if slopes is None:
        told = f"{parameter.place} has shape {shape_text(raw.shape)}, `{parameter.name}` {shape_text(value.shape)}"
        if raw.dtype.kind not in "biuf":
            told = f"{parameter.place} holds no real numbers"
        raise _RefusedError(f"{told}{_hint(raw.shape, value.shape, len(X))}")
    if slot.dtype == raw.dtype == np.float32:
        # What is held in a shorter type can be no more exact.
        rtol = max(rtol, _SHORT_ULPS * float(np.finfo(np.float32).eps))
    most = int(np.clip(_WORK // (value.size * len(X)), LEAST, MOST))
    index = np.unique(np.linspace(0, value.size - 1, min(value.size, most)).round().astype(int))
    loss = _Loss(functor, parameter, X, C, index, slopes.ravel()[index])
    subject = Subject(loss, index.size, 1, Claim.JACOBIAN, Layout.OUT_IN, "float64")
    rows = Rows(value.reshape(1, -1)[:, index], parameter.name, (0,))
    calibration = calibrate(subject, rows.values, rtol, atol, seed)
    return _Asked(parameter, loss, rows, value.shape, calibration, seed, adds)


def _factor(steps: list[_Asked], batch: int) -> float:
    """Give what the steps of a layer are times its gradients: one number for all, 1 or that of a mean where one is."""
    told = [each for each in (asked.factor() for asked in steps) if each]
    usual = [each for usual in (1.0, 1.0 / batch) for each in told if abs(each / usual - 1.0) <= _SAME]
    return next(iter((*usual, *told)), 1.0)


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
        return np.array([[np.sum(self.C * output)] for output in self._outputs(P)]).reshape(len(P), 1)

    def outputs(self, P: FloatArray) -> FloatArray:
        """Evaluate the layer for each row of entries; (K, n) to (K, batch, m)."""
        return np.array([output.reshape(len(self.X), -1) for output in self._outputs(P)], dtype=np.float64)

    def changes(self, values: FloatArray) -> FloatArray:
        """Give the derivative of each output by each entry, at these; (n,) to (n, batch, m)."""
        step = _STEP * np.diag(np.maximum(1.0, np.abs(values)))
        ahead, behind = self.outputs(values + step), self.outputs(values - step)
        return (ahead - behind) / (2 * step.diagonal()[:, None, None])

    def given_of(self, rows: slice) -> FloatArray:
        """Give the layer's own gradient for some rows alone."""
        fresh = self.functor.fresh() if self.functor.fresh is not None else self.functor
        C = self.C[rows].copy()
        raw = np.asarray(quietly(lambda X: self.parameter.gradient(fresh, X, C), self.X[rows].copy()))
        return raw.astype(np.float64).ravel()[self.index]

    def _outputs(self, P: FloatArray) -> Iterator[NDArray[Any]]:
        functor = self.functor.fresh() if self.functor.fresh is not None else self.functor
        # It may be made by the first forward pass.
        functor(self.X.copy())
        slot = self.parameter.slot(functor, self.X.dtype)
        values = slot.value.copy()
        try:
            for entries in P:
                values.flat[self.index] = entries
                slot.write(values)
                yield np.asarray(functor(self.X.copy()))
        finally:
            slot.restore()

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
        return f"{self.name}[{','.join(map(str, at))}]" if self.shape else self.name

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


def _hint(given: tuple[int, ...], shape: tuple[int, ...], batch: int) -> str:
    """Say which axis the sum was taken over, where a shape tells."""
    if given == (batch, *shape):
        return ": it is not summed over the batch (axis 0)"
    if given == (batch,) and len(shape) == 1:
        return ": it is summed over the outputs (axis 1), not over the batch (axis 0)"
    return ""


def _averaged(parameter: Any, loss: _Loss, tally: Tally, batch: int) -> tuple[Finding, ...]:
    """Tell where a gradient is that of the batch's mean."""
    if not tally.wrong or not tally.worst or len(tally.worst) < min(2, loss.index.size):
        return ()
    off = [entry.analytic * batch - entry.numeric for entry in tally.worst]
    if any(abs(each) > 1e-6 * abs(entry.numeric) for each, entry in zip(off, tally.worst, strict=True)):
        return ()
    if not _is_mean(loss, batch):
        return ()
    message = (
        f"{parameter.place} is the mean over the batch of {batch}, but the layer's own gradient is not divided: "
        "divide both, or none"
    )
    return (Finding("parameters", Outcome.PASSED, "parameter-mean", message),)


def _is_mean(loss: _Loss, batch: int) -> bool:
    """Whether the gradient is the mean of those of two halves of the batch; times a fixed number it is their sum."""
    half = batch // 2
    try:
        parts = loss.given_of(slice(half)) * half + loss.given_of(slice(half, None)) * (batch - half)
    except Exception:  # Whatever the user's code makes of a batch of another size.
        return False
    size = float(np.abs(loss.slopes).max(initial=0.0))
    return bool(np.all(np.abs(parts / batch - loss.slopes) <= _SAME * size))


def _sized(functor: Any, factor: float, batch: int) -> tuple[Finding, ...]:
    """Tell where steps are gradients times a factor: that is a matter of the step size, but for its sign."""
    if abs(factor - 1.0) <= _SAME:
        return ()
    step = f"the step that `{functor.passes.parts.names[1]}` takes"
    if factor < 0:
        message = (
            f"{step} adds the gradients in place of taking them away: right only where it is given target - output"
        )
        return (Finding("parameters", Outcome.WARNED, "step-uphill", message),)
    times = "the mean over the batch" if abs(factor * batch - 1.0) <= _SAME else f"{factor:.6g} times the gradient"
    message = f"{step} is {times}, for a step size of 1: all parameters are held to that"
    return (Finding("parameters", Outcome.PASSED, "step-factor", message),)


def _is_twice(again: Any, once: NDArray[Any]) -> bool:
    """Tell whether a second pass has left twice what the first did."""
    if once.dtype.kind not in "biuf" or not once.any():
        return False
    size = 1e-5 * np.max(np.abs(once), initial=0.0, where=np.isfinite(once))
    try:
        return bool(np.shape(again) == once.shape and np.max(np.abs(np.asarray(again) - 2.0 * once)) <= size)
    except (TypeError, ValueError):
        return False


def _summed(functor: Any, parameters: list[Any]) -> tuple[Finding, ...]:
    """Tell where backward passes add up: a warning, unless the layer has a method that sets gradients to zero."""
    if not parameters:
        return ()
    kind = type(functor.passes.parts.owner)
    zeroing = next((name for name in dir(kind) if any(word in name.lower() for word in _ZEROING)), "")
    listed = ", ".join(parameter.place for parameter in parameters)
    what = f"a second backward pass adds its gradient to that of the first, in {listed}"
    if zeroing:
        message = f"{what}: `{zeroing}` is there to be called before"
        return (Finding("parameters", Outcome.PASSED, "parameter-adds", message),)
    return (Finding("parameters", Outcome.WARNED, "parameter-adds", f"{what}: set it to zero before each"),)


def _refused(name: str, code: str, message: str) -> Judged:
    finding = Finding("parameters", Outcome.FAILED, code, message)
    return Judged(CheckResult(name, Outcome.FAILED, 0, "1 broken"), Tally(), (finding,))
