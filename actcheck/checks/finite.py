"""Where the functor's values are not finite, and whether they should be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from actcheck.checks.calls import Subject, named, quietly
from actcheck.dataclass import dataclass
from actcheck.model import Finding, Outcome, Rows
from actcheck.numeric.lines import CHUNK, FloatArray
from actcheck.targets.reading.functors import raised_by
from actcheck.targets.trace import shown_place, user_frames

_LOOKS = 16
"""So many rows with values that are not finite are looked into, at most."""

_SECTIONS = 64
_ROUNDS = 12

# Places on either side of a NaN, as multiples of the row, and as steps along one input.
_FACTORS = (*(2.0**-k for k in range(6, 0, -1)), 0.75, 1.25, *(2.0**k for k in range(1, 7)))
_SHIFTS = (*(-(2.0**k) for k in range(3, -10, -1)), *(2.0**k for k in range(-9, 4)))


@dataclass(frozen=True)
class Finite:
    """What was found.

    Parameters
    ----------
    findings : tuple of Finding
    entries : int
        How many values were looked at.
    left_out : int
        How many of them are outside the functor's domain, or on the border of a declared one.
    on_border : int
        How many of these are on the border, where there is no finite value.
    """

    findings: tuple[Finding, ...]
    entries: int
    left_out: int
    on_border: int = 0

    @property
    def summary(self) -> str:
        """What was left out, in words, e.g. ``3 outside the domain, 2 on its border``, or "ok"."""
        outside = self.left_out - self.on_border
        if not self.on_border:
            return f"{outside} outside the domain" if outside else "ok"
        if not outside:
            return f"{self.on_border} on the domain's border"
        return f"{outside} outside the domain, {self.on_border} on its border"


class Examination:
    """Looks at the values on rows, group after group.

    Parameters
    ----------
    subject : Subject
    reference : Rows
        Ordinary rows: a NaN there means that the functor has a domain.
    """

    def __init__(self, subject: Subject, reference: Rows) -> None:
        self._subject = subject
        undeclared = subject.domain.is_line
        self._domain = undeclared and bool(np.isnan(subject.forward_in_type(reference.values)).any())
        self._found: dict[str, Finding] = {}
        self._entries = 0
        self._left_out = 0
        self._on_border = 0
        self._looks = 0

    def look(self, rows: Rows) -> None:
        """Look at the values on some rows, in blocks, so that memory does not grow with their number."""
        size = max(1, CHUNK // max(self._subject.inputs, self._subject.outputs))
        for start in range(0, len(rows.values), size):
            block = rows.part(start, start + size)
            self.watch(block, self._subject.forward_in_type(block.values))

    def watch(self, rows: Rows, values: FloatArray) -> None:
        """Look at the values on some rows that have been evaluated in the type already."""
        self._entries += values.size
        finite = np.isfinite(values)
        if finite.all():
            return
        self._left_out += int(np.isnan(values).sum())
        if not self._subject.domain.is_line:
            self._on_border += int((np.isnan(values) & self._of_border(rows.values)).sum())
            finite |= self._excused(rows.values)
        for row in np.flatnonzero(~finite.all(axis=1))[: _LOOKS - self._looks]:
            self._looks += 1
            for output in _kinds(np.where(finite[row], 0.0, values[row])):
                found = _explain(self._subject, rows, int(row), output, float(values[row, output]), self._domain)
                self._found.setdefault(found.code, found)

    def _of_border(self, X: FloatArray) -> NDArray[np.bool_]:
        """Tell which values are of inputs on the border of a declared domain, and of none outside."""
        domain = self._subject.domain
        if self._subject.diagonal:
            return domain.on_border(X)
        inside = ~np.logical_or.reduce(domain.outside(X), axis=1, keepdims=True)
        return np.logical_or.reduce(domain.on_border(X), axis=1, keepdims=True) & inside

    def _excused(self, X: FloatArray) -> NDArray[np.bool_]:
        """Tell which values need not be finite: those of inputs outside a declared domain, or on its border."""
        domain = self._subject.domain
        excused = domain.outside(X) | domain.on_border(X)
        return excused if self._subject.diagonal else np.logical_or.reduce(excused, axis=1, keepdims=True)

    def result(self) -> Finite:
        """Give what was found."""
        findings = dict(self._found)
        if self._left_out and "domain" in findings:
            share = f"{self._left_out} of {self._entries} values"
            message = f"outside the functor's domain ({findings['domain'].message}): {share}, left out"
            findings["domain"] = replace(findings["domain"], message=message)
        return Finite(tuple(findings.values()), self._entries, self._left_out, self._on_border)


def _kinds(values: FloatArray) -> list[int]:
    """Give the first output that is NaN and the first that is infinite."""
    picked = [np.flatnonzero(np.isnan(values)), np.flatnonzero(np.isinf(values))]
    return [int(found[0]) for found in picked if found.size]


def _explain(subject: Subject, rows: Rows, row: int, output: int, value: float, domain: bool) -> Finding:
    x = rows.values[row]
    where = f"{rows.label(row)}, output {output}"
    around = _output(subject, _neighbours(x), output)
    error = _error(subject, x, output)
    raised = _words(error)
    # What raises so is infinite by NumPy's arithmetic, however its numbers are handed over.
    is_overflow = isinstance(error, OverflowError) and not np.isfinite(around).any()
    if np.isnan(value) and not is_overflow:
        return _explain_nan(subject, x, output, around, domain, where, raised)
    replay = tuple(map(float, x))
    last, size = _last_finite(subject, x, output)
    if np.isfinite(around).any() and not np.isinf(around).any():
        message = f"the value {raised or 'is infinite'} at one point: a pole"
        return Finding("finite", Outcome.PASSED, "pole", message, where, replay)
    limit = float(np.finfo(subject.dtype).max)
    if last is None or size >= limit**0.9:
        message = f"the value {raised or 'overflows'}: larger than the type can hold"
        return Finding("finite", Outcome.PASSED, "overflow", message, where, replay)
    message = (
        f"avoidable overflow from x = {_size(x * last)} on: the value {raised or 'is infinite'} there, and "
        f"{'is ' if raised else ''}{size:.4g} just before; a stable formula would stay finite"
    )
    return Finding("finite", Outcome.WARNED, "avoidable-overflow", message, where, replay)


def _explain_nan(
    subject: Subject, x: FloatArray, output: int, around: FloatArray, domain: bool, where: str, raised: str
) -> Finding:
    replay = tuple(map(float, x))
    told = raised or "is NaN"
    if np.isfinite(around).all():
        message = f"the value {told} at x = {_size(x)}, though it is finite all round"
        return Finding("finite", Outcome.FAILED, "isolated-nan", message, where, replay)
    if not subject.domain.is_line:
        borders = f"{subject.domain.low:.6g} ... {subject.domain.high:.6g}"
        message = f"the value {told} at x = {_size(x)}, inside the declared domain {borders}"
        return Finding("finite", Outcome.FAILED, "nan", message, where, replay)
    if _lies_between(subject, x, output):
        place = f"{x[output]:.4g}" if subject.diagonal else _size(x)
        message = f"the value {told} at x = {place}, though it is finite on both sides: a domain has no holes"
        return Finding("finite", Outcome.FAILED, "nan-between", message, where, replay)
    last, _ = _last_finite(subject, x, output)
    if domain or last is None:
        return Finding("finite", Outcome.PASSED, "domain", f"it {raised}" if raised else "NaN, or it raises", where)
    message = f"the value {told} from x = {_size(x * last)} on, though it is finite on the same row scaled down"
    return Finding("finite", Outcome.FAILED, "nan", message, where, replay)


def _error(subject: Subject, x: FloatArray, output: int) -> Exception | None:
    """Give what the functor raises on a row, None where it raises nothing."""
    try:
        quietly(subject.functor, x[None].astype(subject.dtype))
        return raised_by(subject.functor, float(x[output])) if output < len(x) else None
    except Exception as error:
        return error


def _words(error: Exception | None) -> str:
    """Say what is raised, and in which line of the user's; empty where nothing is."""
    if error is None:
        return ""
    frames = user_frames(error)
    place = f" ({shown_place(frames[-1].filename, frames[-1].lineno)})" if frames else ""
    return f"raises {named(error)}{place}"


def _lies_between(subject: Subject, x: FloatArray, output: int) -> bool:
    """Tell whether the value is finite on both sides of x: along the row, or along the output's own input."""
    lines = [x * np.array(_FACTORS)[:, None]]
    if subject.diagonal:
        shifted = np.repeat(x[None], len(_SHIFTS), axis=0)
        shifted[:, output] += np.array(_SHIFTS) * max(1.0, abs(float(x[output])))
        lines.append(shifted)
    for line in lines:
        below, above = np.split(np.isfinite(_output(subject, line, output)), 2)
        if below.any() and above.any():
            return True
    return False


def _neighbours(x: FloatArray) -> FloatArray:
    step = 2.0**-20 * np.maximum(np.abs(x), 2.0**-10)
    signs = np.where(np.arange(len(x)) % 2, -1.0, 1.0)
    return np.array([x + step, x - step, x + signs * step, x - signs * step])


def _output(subject: Subject, X: FloatArray, output: int) -> FloatArray:
    values: FloatArray = subject.forward_in_type(X)[:, output]
    return values


def _last_finite(subject: Subject, x: FloatArray, output: int) -> tuple[float | None, float]:
    """Give the last factor in [0, 1] at which the value of the scaled row is finite, and its size there.

    Rows are scaled towards 0 or, where the domain does not reach as far, towards its nearest border.
    """
    start_at = np.clip(0.0, subject.domain.low, subject.domain.high)
    low, high, size = None, 1.0, 0.0
    for _ in range(_ROUNDS):
        start = 0.0 if low is None else low
        factors = start + (high - start) * np.arange(1, _SECTIONS) / _SECTIONS
        values = _output(subject, start_at + factors[:, None] * (x - start_at), output)
        bad = np.flatnonzero(~np.isfinite(values))
        first = int(bad[0]) if bad.size else len(factors)
        if first:
            low, size = float(factors[first - 1]), abs(float(values[first - 1]))
        high = float(factors[first]) if first < len(factors) else high
    return low, size


def _size(x: FloatArray) -> str:
    worst = float(x[int(np.argmax(np.abs(x)))])
    return f"{worst:.4g}"
