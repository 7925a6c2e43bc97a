"""Mistakes of identity: the gradient of another function, or of the right one with another parameter.

The catalogue is the library of suspects. A suspect's own gradient is exact, so that its guesses have no slack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from actcheck.activations.catalogue import ENTRIES, load
from actcheck.activations.entry import Entry, Parameter
from actcheck.dataclass import dataclass
from actcheck.diagnosis.evidence import Evidence
from actcheck.diagnosis.guess import Guess
from actcheck.diagnosis.numbers import ratio, short
from actcheck.numeric.lines import FloatArray

COMMON = (0.0, 0.01, 0.1, 0.2, 0.25, 0.3, 0.5, 0.75, 1.0, 1.5, 1.702, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 20.0, -1.0)
"""Values that parameters often have."""

_STEPS = 40
_GRID = 25
_ROOTS = 3
_PROBES = 6
_ORDINARY = 1.0


@dataclass(frozen=True)
class Suspect:
    """A function of the catalogue with values of its parameters."""

    entry: Entry
    values: tuple[tuple[str, float], ...]

    @property
    def name(self) -> str:
        """What the report calls it."""
        settings = ", ".join(f"{name} = {value:g}" for name, value in self.values)
        return f"{self.entry.name} with {settings}" if settings else self.entry.name

    def functor(self) -> Any:
        """Make it."""
        return load(self.entry)(**dict(self.values))


@cache
def _suspects(elementwise: bool) -> tuple[tuple[Suspect, Any], ...]:
    made = []
    for entry in ENTRIES:
        if entry.elementwise != elementwise:
            continue
        for values in _settings(entry.parameters):
            suspect = Suspect(entry, values)
            try:
                made.append((suspect, suspect.functor()))
            except ValueError:
                continue
    return tuple(made)


def _settings(parameters: tuple[Parameter, ...]) -> Iterator[tuple[tuple[str, float], ...]]:
    yield ()
    if len(parameters) > 3:
        return
    for parameter in parameters:
        for value in dict.fromkeys((*parameter.examples, *COMMON)):
            # One piece of maxout is the identity, which is told as such.
            if parameter.name == "pieces" and value == 1:
                continue
            if parameter.low <= value <= parameter.high and value != parameter.default:
                yield ((parameter.name, float(value)),)


def other_function(evidence: Evidence) -> Iterator[Guess]:
    """Give the gradient of another function of the catalogue, by its default parameters."""
    yield from _others(evidence, default=True)


def other_function_set(evidence: Evidence) -> Iterator[Guess]:
    """Give the gradient of another function of the catalogue, by other values of its parameters."""
    for guess in _others(evidence, default=False):
        yield replace(guess, code="other-function")


def _others(evidence: Evidence, default: bool) -> Iterator[Guess]:
    own = own_suspect(evidence)
    for suspect, functor in _suspects(evidence.diagonal):
        if default == bool(suspect.values) or (own is not None and suspect.entry is own.entry):
            continue
        value = _gradient(functor, evidence)
        if value is not None:
            sentence = f"this is the gradient of {suspect.name}{_not_of(suspect, own, evidence)}"
            yield Guess(sentence, value, _rounding(functor, evidence, value))


def _not_of(suspect: Suspect, own: Suspect | None, evidence: Evidence) -> str:
    if own is None:
        return ""
    called = {_plain(word) for word in re.split(r"[^\w-]+", evidence.name)}
    if _plain(suspect.entry.name) in called and _plain(own.entry.name) not in called:
        return f", as the name says, but the value is that of {own.entry.name}"
    return f", not of {own.entry.name}"


def other_function_scaled(evidence: Evidence) -> Iterator[Guess]:
    """Give the gradient of another function, or of the right one by another parameter, times a number."""
    own = own_suspect(evidence)
    mask = evidence.usable & evidence.to_explain
    for suspect, functor in _suspects(evidence.diagonal):
        related = own is not None and suspect.entry is own.entry
        if (suspect.values and not related) or suspect == own:
            continue
        value = _call(functor.gradient, evidence.X)
        if value is None or value.shape != evidence.analytic.shape:
            continue
        slack = _rounding(functor, evidence, value)
        found = ratio(evidence, evidence.analytic, value, slack, mask)
        if found is None or found.error > 0 or found.value in (0.0, 1.0):
            continue
        named = f"this is the gradient of {suspect.name}{_not_of(suspect, own, evidence)}"
        if own is not None and related:
            named = _other_value(suspect, own)
        sentence, slack = f"{named}, times {found.text}", abs(found.value) * slack
        yield Guess(sentence, found.value * value, slack, fitted=1, numbers=(found,))


def other_parameter(evidence: Evidence) -> Iterator[Guess]:
    """Give the right gradient for another value of a parameter."""
    yield from _by_making(evidence)
    own = own_suspect(evidence)
    if own is None:
        return
    for suspect, functor in _suspects(evidence.diagonal):
        if suspect.entry is own.entry:
            value = _gradient(functor, evidence)
            if value is not None:
                yield Guess(_other_value(suspect, own), value, _rounding(functor, evidence, value), variety=1)
    yield from _fitted(evidence, own)


def own_suspect(evidence: Evidence) -> Suspect | None:
    """Give the function of the catalogue that has the functor's own values, None if there is none."""
    usable = np.isfinite(evidence.value) & (np.abs(evidence.X).max(axis=1, keepdims=True) <= 50)
    matches = []
    for suspect, functor in _suspects(evidence.diagonal):
        probe = np.flatnonzero(usable.all(axis=1))[:_PROBES]
        if len(probe) and _same(_call(functor, evidence.X[probe]), evidence.value[probe]):
            value = _call(functor, evidence.X[usable.all(axis=1)])
            if _same(value, evidence.value[usable.all(axis=1)]):
                matches.append(suspect)
    named = [suspect for suspect in matches if suspect.entry.name.replace("-", "") in _plain(evidence.name)]
    return next(iter(named or matches), None)


def _plain(name: str) -> str:
    return "".join(each for each in name.lower() if each.isalnum())


def _same(first: FloatArray | None, second: FloatArray) -> bool:
    if first is None or first.shape != second.shape:
        return False
    size = np.maximum(np.abs(second), 1e-3 * np.abs(second).max(initial=0.0))
    return bool(np.all(np.abs(first - second) <= 1e-10 * size + 1e-15))


def _other_value(suspect: Suspect, own: Suspect) -> str:
    names = {name for name, _ in (*suspect.values, *own.values)}
    now, then = dict(suspect.values), dict(own.values)
    default = {parameter.name: parameter.default for parameter in own.entry.parameters}
    texts = [f"{each} = {now.get(each, default[each]):g}, not {then.get(each, default[each]):g}" for each in names]
    return f"this is the gradient of {own.entry.name} with {', '.join(sorted(texts))}"


def _fitted(evidence: Evidence, own: Suspect) -> Iterator[Guess]:
    """Search the value that fits, for each parameter of the function by itself."""
    found = [each for parameter in own.entry.parameters for each in _fit(evidence, own, parameter)]
    for name, number in found:
        suspect = Suspect(own.entry, (*(pair for pair in own.values if pair[0] != name), (name, number)))
        try:
            functor = suspect.functor()
        except ValueError:
            continue
        value = _gradient(functor, evidence)
        if value is not None:
            slack = _rounding(functor, evidence, value)
            # A threshold can be fitted to anything that is 0 here and 1 there.
            yield Guess(_other_value(suspect, own), value, slack, fitted=1)


def _fit(evidence: Evidence, own: Suspect, parameter: Parameter) -> list[tuple[str, float]]:
    """Find the values with which the worst of the wrong entries comes out right."""
    at = _clearest(evidence)
    if at is None:
        return []

    def miss(p: float) -> float:
        values = dict(own.values) | {parameter.name: p}
        try:
            value = _call(load(own.entry)(**values).gradient, evidence.X[at[0] : at[0] + 1])
        except ValueError:
            return float("nan")
        return float("nan") if value is None else float(value[0][at[1:]] - evidence.analytic[at])

    start = dict(own.values).get(parameter.name, parameter.default)
    return [(parameter.name, short(root - 1e-9 * abs(root), root + 1e-9 * abs(root))) for root in roots(miss, start)]


def _clearest(evidence: Evidence) -> tuple[np.intp, ...] | None:
    """Give the entry that is most wrong, where x is ordinary: far out a function may swing too fast to search on."""
    wrong = evidence.to_explain & evidence.usable
    near = wrong & (evidence.per_row(np.abs(evidence.X).max(axis=1)) <= _ORDINARY)
    weight = np.where(near if near.any() else wrong, evidence.off, -1.0)
    at = np.unravel_index(int(np.argmax(weight)), weight.shape)
    return at if weight[at] >= 0 else None


def roots(miss: Callable[[float], float], start: float) -> Iterator[float]:
    """Give a few roots, those nearest to the start first: where the sign changes on a grid, by false position."""
    grid = start * np.geomspace(1 / 8, 8, _GRID) if start else np.linspace(-2, 2, _GRID)
    values = np.array([miss(float(p)) for p in grid])
    with np.errstate(invalid="ignore"):
        changes = np.flatnonzero(values[1:] * values[:-1] <= 0)
    middle = _GRID // 2
    for at in sorted(changes.tolist(), key=lambda at: abs(at - middle))[:_ROOTS]:
        root = between(miss, float(grid[at]), float(grid[at + 1]))
        if root is not None:
            yield root


def between(miss: Callable[[float], float], low: float, high: float) -> float | None:
    """Give the root between two points of different sign, None where something is not finite on the way.

    False position with the Illinois rule: M. Dowell & P. Jarratt, BIT 11 (1971).
    """
    a, b = miss(low), miss(high)
    for _ in range(_STEPS):
        if not np.isfinite(a) or not np.isfinite(b) or a == b:
            break
        middle = high - b * (high - low) / (b - a)
        c = miss(middle)
        if c == 0 or abs(middle - high) <= 1e-13 * abs(middle):
            return middle
        low, a = (high, b) if (c > 0) != (b > 0) else (low, a / 2)
        high, b = middle, c
    return high if np.isfinite(b) and abs(high - low) <= 1e-9 * abs(high) else None


def _by_making(evidence: Evidence) -> Iterator[Guess]:
    """Make the functor anew with other values, and take differences of it."""
    if evidence.make is None:
        return
    for name, number in evidence.parameters.items():
        found = _made_fit(evidence, name, number)
        tried = [value for value in (1.0, 0.0, 0.5, 2.0, -1.0, *found) if value != number]
        for value in dict.fromkeys(tried):
            forward = _made(evidence, {name: value})
            if forward is None:
                continue
            slopes, bound = evidence.slopes_of(forward, evidence.X)
            sentence = f"the gradient is right for {name} = {value:.8g}, not for {name} = {number:.8g}"
            option = f"--{name.replace('_', '-')} {value:.17g}"
            yield Guess(sentence, slopes, bound, fitted=int(value in found), option=option, variety=1)


def _made(evidence: Evidence, values: Mapping[str, float]) -> Any:
    assert evidence.make is not None
    try:
        forward = evidence.make(values)
        if forward(evidence.X[:1]).shape != evidence.value[:1].shape:
            return None
    except Exception:  # Whatever the user's constructor makes of a value that nobody asked for.
        return None
    return forward


def _made_fit(evidence: Evidence, name: str, number: float) -> tuple[float, ...]:
    at = _clearest(evidence)
    if at is None:
        return ()

    def miss(p: float) -> float:
        forward = _made(evidence, {name: p})
        if forward is None:
            return float("nan")
        value, _ = evidence.slopes_of(forward, evidence.X[at[0] : at[0] + 1])
        return float(value[0][at[1:]] - evidence.analytic[at])

    found: list[float] = []
    for root in roots(miss, number):
        found += [short(root - 1e-6 * abs(root), root + 1e-6 * abs(root)), root]
    return tuple(found)


def _gradient(functor: Any, evidence: Evidence) -> FloatArray | None:
    """Give a suspect's gradient, None where it does not take such rows or is far off on the first few."""
    probe = np.flatnonzero(evidence.usable.reshape(evidence.batch, -1).any(axis=1))[:_PROBES]
    first = _call(functor.gradient, evidence.X[probe])
    if first is None or first.shape != evidence.analytic[probe].shape:
        return None
    with np.errstate(invalid="ignore"):
        off = np.abs(first - evidence.analytic[probe]) > 1e-6 * np.abs(first) + 16 * evidence.allowed[probe]
    # A few may stand at jumps of the suspect.
    if np.count_nonzero(off & evidence.usable[probe]) > off.size / 3:
        return None
    return _call(functor.gradient, evidence.X)


def _call(function: Any, X: FloatArray) -> FloatArray | None:
    try:
        with np.errstate(all="ignore"):
            return np.asarray(function(X), dtype=float)
    except ValueError:
        return None


def _rounding(functor: Any, evidence: Evidence, value: FloatArray) -> FloatArray:
    """Give what a suspect's gradient may be off by: rounding, and at its jumps, the jump."""
    near = 1e-12 * np.maximum(1.0, np.abs(evidence.X))
    up, down = _call(functor.gradient, evidence.X + near), _call(functor.gradient, evidence.X - near)
    rounding: FloatArray = 64 * np.finfo(float).eps * np.abs(value)
    if up is None or down is None:
        return rounding
    jump = np.abs(up - down)
    return rounding + np.where(jump > 1e-6 * np.abs(value).max(initial=0.0), jump, 0.0)


def any_function(evidence: Evidence) -> Iterator[Guess]:
    """Try the suspects as they are, without asking what the functor itself is: for parts of a gradient."""
    for suspect, functor in _suspects(evidence.diagonal):
        if suspect.values:
            continue
        value = _gradient(functor, evidence)
        if value is not None:
            yield Guess(f"it is the gradient of {suspect.name}", value, _rounding(functor, evidence, value))


def borrowed_formula(evidence: Evidence) -> Iterator[Guess]:
    """Take softmax's formula for the gradient in terms of the output."""
    if not evidence.diagonal and evidence.square:
        value = evidence.by_output(evidence.value) * (evidence.on_diagonal - evidence.by_input(evidence.value))
        yield Guess("this is the formula of softmax, a_i (δ_ij - a_j), with another a", value)
