"""The contract: what a functor must keep before its gradient can be judged at all.

Each question is a small function that gives the findings it has; a functor that keeps the contract has remarks only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck.checks import state
from actcheck.checks.calls import BLOCK_BYTES, BrokenContract, Subject, as_numbers, named, quietly, shape_text
from actcheck.checks.coupled import held
from actcheck.dataclass import dataclass
from actcheck.model import Claim, Finding, Layout, Outcome
from actcheck.numeric import structure
from actcheck.numeric.lines import FloatArray
from actcheck.rows.generated import directions
from actcheck.targets.trace import cut_traceback

REPEAT_ULPS = 64
"""Two calls with the same input may differ by this many ulps of the row's largest value."""

LARGEST = BLOCK_BYTES // 8
"""Gradients of more entries than this are not kept."""

_LEAST_ROWS = 2
_DIRECTIONS = 4

BATCH_ULPS = 1 << 16
"""The same row in batches of other sizes: BLAS orders its sums by shape."""

WIDTHS = (5, 6, 4, 8, 3, 2, 1, 16, 10, 12)
"""Widths of rows that are tried in turn where none is asked for."""

_TAME_ROWS = 5
_MOST_KEYS = 6


@dataclass(frozen=True)
class Examination:
    """What the contract came to.

    Parameters
    ----------
    subject : Subject or None
        None where nothing can be computed with the functor.
    questions : int
        How many questions were asked.
    findings : tuple of Finding
    judgeable : bool
        Whether the gradient can be compared entry by entry: not where rows are coupled or answers change.
    again : callable
        Asks once more what was asked at first, after all other calls, and gives what has changed since.
    """

    subject: Subject | None
    questions: int
    findings: tuple[Finding, ...]
    judgeable: bool
    again: Callable[[], list[Finding]] = field(default=list, compare=False)

    @property
    def refused(self) -> bool:
        """Whether it raises on rows of this width."""
        return self.subject is None and any(finding.code == "raises" for finding in self.findings)


@dataclass(frozen=True)
class _Bench:
    """Two batches of ordinary rows of one shape, and the functor."""

    functor: Any
    X: FloatArray
    Y: FloatArray
    dtype: str

    def value(self, X: FloatArray) -> Any:
        return self.call("value", X.astype(self.dtype))

    def gradient(self, X: FloatArray) -> Any:
        return self.call("gradient", X.astype(self.dtype))

    def call(self, what: str, given: NDArray[Any]) -> Any:
        """Call the functor or its gradient with this very array."""
        try:
            return quietly(self.functor if what == "value" else self.functor.gradient, given)
        except Exception as error:
            message = f"the {what} raises on a batch of {shape_text(given.shape)}: {named(error)}"
            raise BrokenContract(replace(_fault("raises", message), trace=cut_traceback(error))) from error


def examine(functor: Any, X: FloatArray, Y: FloatArray, layout: Layout, dtype: str) -> Examination:
    """Ask all questions of the contract.

    Parameters
    ----------
    functor : object
    X, Y : ndarray of shape (batch, n)
        Ordinary rows, on none of which the functor raises.
    layout : Layout
    dtype : str
    """
    bench = _Bench(functor, X, Y, dtype)
    try:
        subject, remarks = _shapes(bench, layout)
        bench = replace(bench, X=X[: _rows(subject, len(X))], Y=Y[: _rows(subject, len(Y))])
    except BrokenContract as broken:
        of_state = _of_state(functor, X, Y, dtype)[1]
        return Examination(None, 2, (*of_state, broken.finding), judgeable=False)
    questions, findings = len(QUESTIONS), list(remarks)
    asked, found = _of_state(functor, X, Y, dtype)
    questions += asked
    findings += found
    first = _passes(bench, subject)
    for question in QUESTIONS:
        try:
            findings += question(bench, subject)
        except BrokenContract as broken:
            findings.append(broken.finding)
    findings += _drifts(bench, subject, first)
    judgeable = not any(finding.code in _SPOILS for finding in findings)
    told = tuple(map(_with_advice, _without_doubles(_without_echoes(findings))))
    return Examination(subject, 2 + questions, told, judgeable, lambda: _drifts(bench, subject, first))


def takes_width(functor: Any, width: int, dtype: str) -> bool:
    """Tell whether a functor takes rows of a width, if they are tame: then it is numbers that it raises on.

    Parameters
    ----------
    functor : object
    width : int
    dtype : str
    """
    X = np.linspace(0.25, 0.75, _TAME_ROWS * width).reshape(_TAME_ROWS, width).astype(dtype)
    try:
        quietly(functor, X.copy())
        quietly(functor.gradient, X.copy())
    except Exception:
        return False
    return True


def _of_state(functor: Any, X: FloatArray, Y: FloatArray, dtype: str) -> tuple[int, list[Finding]]:
    """Ask what a forward and a backward pass must keep, where there are such; of coupled rows, on single batches."""
    inner = held(functor)
    if not state.is_asked(inner):
        return 0, state.by_its_names(inner)
    if inner is not functor:
        X, Y = functor.unfolded(X[0]), functor.unfolded(Y[0])
    return state.examine(inner, X, Y, dtype)


def raising_gradient(row: FloatArray, error: BaseException) -> Finding:
    """Say that the gradient raises on a row on which the value does not."""
    message = f"the gradient raises where the value does not: {named(error)}"
    values, trace = tuple(map(float, row)), cut_traceback(error)
    return Finding("contract", Outcome.FAILED, "gradient-raises", message, values=values, trace=trace)


def dividing_gradient(row: FloatArray, error: BaseException) -> Finding:
    """Remark that the gradient raises, as Python does, where NumPy would give the infinite slope that is there."""
    place = f"x = {row[0]:.6g}"
    message = f"the gradient raises {named(error)} at {place}, where the slope is infinite; NumPy would give inf"
    return Finding("contract", Outcome.PASSED, "gradient-divides", message, values=tuple(map(float, row)))


# ------------------------------------------------------------------------------------------ shapes and types


def _shapes(bench: _Bench, layout: Layout) -> tuple[Subject, list[Finding]]:
    value, remarks = _array("the value", bench.value(bench.X))
    batch, inputs = bench.X.shape
    if value.ndim != 2 or value.shape[0] != batch:
        message = f"the value of {shape_text(bench.X.shape)} has shape {shape_text(value.shape)}"
        raise BrokenContract(_fault("shape", f"{message}; (batch, m) with batch {batch} is expected"))
    outputs = value.shape[1]
    if outputs == 0:
        raise BrokenContract(_fault("shape", "the value has no outputs: its shape is (batch, 0)"))
    # What shape it has, and so how much memory it takes, is not known before.
    batch = min(batch, _within(inputs * outputs))
    gradient, more = _array("the gradient", bench.gradient(bench.X[:batch]))
    claim = _claim(gradient.shape, batch, inputs, outputs, layout)
    remarks += more
    remarks += _short(value, bench.dtype)
    if gradient.shape == ():
        remarks.append(_remark("scalar-gradient", f"the gradient is the scalar {gradient}, taken for every entry"))
    return Subject(bench.functor, inputs, outputs, claim, layout, bench.dtype), remarks


def _array(what: str, raw: Any) -> tuple[NDArray[Any], list[Finding]]:
    if raw is None:
        raise BrokenContract(_fault("type", f"{what} is None: is a return missing?"))
    if isinstance(raw, Mapping):
        keys = ", ".join(f"`{key}`" for key in list(raw)[:_MOST_KEYS]) or "nothing"
        raise BrokenContract(_fault("type", f"{what} is a dictionary of {keys}, not an array"))
    if isinstance(raw, (list, tuple)):
        raise BrokenContract(_fault("type", f"{what} is a {type(raw).__name__}, not an array"))
    try:
        values = np.asarray(raw)
    except Exception as error:
        raise BrokenContract(_fault("type", f"{what} is a {type(raw).__name__}, not an array")) from error
    if values.dtype.kind not in "biuf":
        kind = "complex numbers" if values.dtype.kind == "c" else f"{values.dtype} ({type(raw).__name__})"
        raise BrokenContract(_fault("type", f"{what} holds {kind}, not real numbers"))
    if values.dtype.kind in "biu":
        return values, [_remark("integers", f"{what} holds {values.dtype}, taken as numbers")]
    return values, []


def _short(value: NDArray[Any], dtype: str) -> list[Finding]:
    if value.dtype.kind != "f" or value.dtype.itemsize >= np.dtype(dtype).itemsize:
        return []
    message = (
        f"the value is {value.dtype} though {dtype} is given, and rounded so: --dtype {value.dtype} judges it as that"
    )
    return [_remark("short-value", message)]


def _claim(shape: tuple[int, ...], batch: int, inputs: int, outputs: int, layout: Layout) -> Claim:
    full = (batch, inputs, outputs) if layout is Layout.IN_OUT else (batch, outputs, inputs)
    if shape == full:
        return Claim.JACOBIAN
    diagonal = (batch, inputs)
    if shape in (diagonal, ()) and inputs == outputs:
        return Claim.DIAGONAL
    expected = f"{shape_text(full)} is expected for a Jacobian"
    if inputs == outputs:
        expected = f"{shape_text(diagonal)} is expected for a diagonal, {expected}"
    message = f"the gradient of {shape_text(diagonal)} has shape {shape_text(shape)}; {expected}"
    if shape in (diagonal, ()):
        message += f": X's shape claims a diagonal, but there are {inputs} inputs and {outputs} outputs"
    if shape == (batch, full[2], full[1]):
        other = Layout.OUT_IN if layout is Layout.IN_OUT else Layout.IN_OUT
        message += f"; if it is meant transposed, add --layout {other.value}"
    if shape in ((batch, outputs, batch, inputs), (batch * outputs, batch * inputs)):
        message += f"; it is that of the whole batch: {_COUPLED}"
    raise BrokenContract(_fault("shape", message))


# ------------------------------------------------------------------------------------------ the questions


def _input_unchanged(bench: _Bench, _: Subject) -> list[Finding]:
    findings = []
    for what in ("value", "gradient"):
        given = bench.X.astype(bench.dtype)
        before = given.copy()
        bench.call(what, given)
        if not np.array_equal(before, given, equal_nan=True):
            findings.append(_fault("input-changed", f"the {what} writes into its input: X has changed after the call"))
    return findings


def _aliases(bench: _Bench, _: Subject) -> list[Finding]:
    findings = []
    for what in ("value", "gradient"):
        given = bench.X.astype(bench.dtype)
        raw = bench.call(what, given)
        if isinstance(raw, np.ndarray) and np.shares_memory(raw, given):
            findings.append(_remark("aliases-input", f"the {what} is X itself or a view of it"))
    return findings


def _value_repeats(bench: _Bench, subject: Subject) -> list[Finding]:
    first, second = _value(bench, subject, bench.X), _value(bench, subject, bench.X)
    return _differ(first, second, REPEAT_ULPS, bench, "value-varies", "the value is another at a second call")


def _gradient_repeats(bench: _Bench, subject: Subject) -> list[Finding]:
    first, second = _gradient(bench, subject, bench.X), _gradient(bench, subject, bench.X)
    return _differ(first, second, REPEAT_ULPS, bench, "gradient-varies", "the gradient is another at a second call")


def _no_stale_state(bench: _Bench, subject: Subject) -> list[Finding]:
    value, gradient = _value(bench, subject, bench.X), _gradient(bench, subject, bench.X)
    _value(bench, subject, bench.Y)
    after = _gradient(bench, subject, bench.X)
    text = "the gradient depends on which value was asked for before it: state of an earlier call is used"
    findings = _differ(gradient, after, REPEAT_ULPS, bench, "stale-state", text)
    _value(bench, subject, bench.Y[:1])
    try:
        after = _gradient(bench, subject, bench.X)
    except BrokenContract as broken:
        # The shape of an earlier batch: that is state as well.
        return [*findings, _fault("stale-state", f"{text} ({broken.finding.message})")]
    findings += _differ(gradient, after, REPEAT_ULPS, bench, "stale-state", text)
    findings += _kept_by_shape(bench, subject, gradient, _gradient(bench, subject, bench.Y))
    after = _value(bench, subject, bench.X)
    text = "the value depends on the calls before it: state of an earlier call is used"
    return findings + _differ(value, after, REPEAT_ULPS, bench, "stale-state", text)


def _kept_by_shape(bench: _Bench, subject: Subject, gradient: FloatArray, of_others: FloatArray) -> list[Finding]:
    """Look for a gradient that is kept from a batch before, whatever other rows stand in one of the same size."""
    half = len(bench.X) // 2
    if not half or not np.array_equal(of_others, gradient, equal_nan=True):
        return []
    first, other = (_gradient(bench, subject, rows[:half]) for rows in (bench.X, bench.Y))
    if np.array_equal(first, other, equal_nan=True):
        return []
    message = "the gradient of other rows, as many as before, is the same to the bit: that of an earlier call is used"
    return [_fault("stale-state", message)]


def _results_stay(bench: _Bench, _: Subject) -> list[Finding]:
    findings = []
    for what, function in (("value", bench.value), ("gradient", bench.gradient)):
        for later in (bench.value, bench.gradient):
            raw = function(bench.X)
            kept = np.array(_digest(np.asarray(raw)))
            later(bench.X)
            later(bench.Y)
            if not np.array_equal(kept, _digest(np.asarray(raw)), equal_nan=True):
                message = f"an earlier {what} changes at a later call: its array is used again"
                findings.append(_fault("buffer-reused", message))
    return findings


def _one_row_alone(bench: _Bench, subject: Subject) -> list[Finding]:
    parts = [slice(k, k + 1) for k in range(min(3, len(bench.X)))]
    return _in_parts(bench, subject, parts, "alone")


def _halves(bench: _Bench, subject: Subject) -> list[Finding]:
    middle = len(bench.X) // 2
    return _in_parts(bench, subject, [slice(0, middle), slice(middle, None)], "in half the batch")


def _reversed(bench: _Bench, subject: Subject) -> list[Finding]:
    findings = []
    for what, function in (("value", _value), ("gradient", _gradient)):
        whole, turned = function(bench, subject, bench.X), function(bench, subject, bench.X[::-1])[::-1]
        text = f"the {what} of a row is another when the rows are reversed"
        findings += _differ(whole, turned, BATCH_ULPS, bench, "rows-coupled", text)
    return findings


def _in_parts(bench: _Bench, subject: Subject, parts: list[slice], how: str) -> list[Finding]:
    findings = []
    for what, function in (("value", _value), ("gradient", _gradient)):
        whole = function(bench, subject, bench.X)
        for part in parts:
            if not len(bench.X[part]):
                continue
            text = f"the {what} of a row is another {how} than within a batch of {len(bench.X)}"
            seen = function(bench, subject, bench.X[part])
            findings += _differ(whole[part], seen, BATCH_ULPS, bench, "rows-coupled", text)
    return findings


def _rows_independent(bench: _Bench, subject: Subject) -> list[Finding]:
    ulps = REPEAT_ULPS * _ulp(bench.dtype)
    for what, function in (("value", _value), ("gradient", _gradient)):
        watch = structure.row_changes(lambda X, call=function: call(bench, subject, X), bench.X, bench.Y, ulps)  # type: ignore[misc]
        pair = structure.dependence(watch, len(bench.X))
        if pair is not None:
            message = f"the {what} of row {pair.output} depends on row {pair.input} of the batch"
            return [_fault("rows-coupled", message)]
    return []


def _passes(bench: _Bench, subject: Subject) -> tuple[FloatArray, ...]:
    """Ask for the value and then for the gradient, after a gradient; nothing where one raises: the questions tell it.

    What an earlier call leaves behind is then the same each time.
    """
    try:
        _gradient(bench, subject, bench.X)
        return _value(bench, subject, bench.X), _gradient(bench, subject, bench.X)
    except BrokenContract:
        return ()


def _drifts(bench: _Bench, subject: Subject, first: tuple[FloatArray, ...]) -> list[Finding]:
    """Ask as in the beginning: what is another now, though no second call in a row was, goes with the calls."""
    findings = []
    for what, before, after in zip(("value", "gradient"), first, _passes(bench, subject), strict=False):
        text = (
            f"the {what} changes by itself after so many calls: the same rows, asked for in the same way as at first, "
            "get another one"
        )
        findings += _differ(before, after, REPEAT_ULPS, bench, f"{what}-drifts", text)
    return findings


QUESTIONS = (
    _input_unchanged,
    _aliases,
    _value_repeats,
    _gradient_repeats,
    _no_stale_state,
    _results_stay,
    _one_row_alone,
    _halves,
    _reversed,
    _rows_independent,
)

_COUPLED = "if the rows belong together, as in batch normalisation, actcheck verify --rows coupled takes them so"

_RANDOM = (
    "if it is random, as dropout is, there is no one gradient to check: fix the mask, or draw it from the same seed at "
    "each call"
)

# With any of these, differences of stacked rows or repeated calls mean nothing.
_SPOILS = ("value-varies", "value-drifts", "rows-coupled", "raises", "shape", "type", "layer-changed", "state-carried")

# A row then differs from call to call, in whatever batch it stands and whatever was asked for before.
_ECHOES = (
    *(
        (
            cause,
            (
                *("value-varies", "value-drifts", "gradient-varies", "gradient-drifts", "backward-varies"),
                *("stale-state", "rows-coupled", "not-linear"),
            ),
        )
        for cause in ("layer-changed", "state-carried")
    ),
    ("value-varies", ("value-drifts", "gradient-drifts", "rows-coupled", "stale-state")),
    ("gradient-varies", ("gradient-drifts",)),
    ("value-drifts", ("rows-coupled", "stale-state")),
    ("gradient-drifts", ("rows-coupled", "stale-state")),
    ("gradient-varies", ("rows-coupled", "stale-state")),
    ("stale-state", ("rows-coupled",)),
)


# ------------------------------------------------------------------------------------------ helpers


def _value(bench: _Bench, subject: Subject, X: FloatArray) -> FloatArray:
    return as_numbers(bench.value(X), (len(X), subject.outputs))


def _gradient(bench: _Bench, subject: Subject, X: FloatArray) -> FloatArray:
    return _digest(as_numbers(bench.gradient(X), (len(X), *subject.gradient_tail)))


def _rows(subject: Subject, batch: int) -> int:
    """Give how many of some rows are asked about: gradients of all of them must fit into memory."""
    return min(batch, _within(subject.gradient_size))


def _within(entries: int) -> int:
    return max(_LEAST_ROWS, LARGEST // entries)


def _digest(values: NDArray[Any]) -> NDArray[Any]:
    """Give a large Jacobian's products with a few directions instead of itself: no entry changes without them."""
    # By its size alone, or the same row would be told differently alone and in a batch.
    if values.ndim != 3 or _LEAST_ROWS * values[0].size <= LARGEST:
        return values
    with np.errstate(invalid="ignore", over="ignore"):
        products: NDArray[Any] = values @ directions(0, 22, (_DIRECTIONS, values.shape[2])).T
    return products


def _ulp(dtype: str) -> float:
    return float(np.finfo(dtype).eps / np.finfo(np.float64).eps)


def _eps(dtype: str, *results: FloatArray) -> float:
    """Give the rounding that results of a type have: of float32 where they have no more digits, whatever went in."""
    if np.dtype(dtype).itemsize <= np.dtype(np.float32).itemsize:
        return float(np.finfo(dtype).eps)
    with np.errstate(over="ignore"):
        short = all(np.array_equal(each, each.astype(np.float32), equal_nan=True) for each in results)
    return float(np.finfo(np.float32 if short else dtype).eps)


def _differ(
    first: FloatArray, second: FloatArray, ulps: float, bench: _Bench, code: str, message: str
) -> list[Finding]:
    if np.array_equal(first, second):
        return []
    axes = tuple(range(1, first.ndim))
    with np.errstate(invalid="ignore", over="ignore"):
        size = np.maximum(np.abs(first), np.abs(second))
        change = np.abs(first - second)
    change = np.where((first == second) | (np.isnan(first) & np.isnan(second)), 0.0, change)
    change[np.isnan(change)] = np.inf
    size = np.where(np.isfinite(size), size, 0.0).max(axis=axes, keepdims=True, initial=0.0)
    beyond = change > ulps * _eps(bench.dtype, first, second) * size
    if not beyond.any():
        return []
    worst = np.unravel_index(int(np.argmax(np.where(beyond, change, -1.0))), change.shape)
    was, now = float(first[worst]), float(second[worst])
    return [_fault(code, f"{message} (row {worst[0]}: {was:.6g}, then {now:.6g})")]


def _without_echoes(findings: list[Finding]) -> list[Finding]:
    """Leave out what is no fault of its own where answers vary anyway: the advice for it would lead astray."""
    codes = {finding.code for finding in findings}
    echoes = {code for cause, other in _ECHOES for code in other if cause in codes}
    return [finding for finding in findings if finding.code not in echoes]


def _without_doubles(findings: list[Finding]) -> list[Finding]:
    # One finding of a kind is enough: the first is the plainest.
    seen: set[str] = set()
    kept = []
    for finding in findings:
        key = finding.code if finding.outcome is Outcome.FAILED else finding.message
        if key not in seen:
            kept.append(finding)
        seen.add(key)
    return kept


def _with_advice(finding: Finding) -> Finding:
    advice = {"rows-coupled": _COUPLED, "value-varies": _RANDOM}.get(finding.code)
    return replace(finding, message=f"{finding.message}; {advice}") if advice else finding


def _fault(code: str, message: str) -> Finding:
    return Finding("contract", Outcome.FAILED, code, message)


def _remark(code: str, message: str) -> Finding:
    return Finding("contract", Outcome.PASSED, code, message)
