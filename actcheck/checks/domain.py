"""What a functor does at the borders of its domain: outside of a declared one, and where one begins that is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck.checks.calls import Subject, quietly
from actcheck.checks.results import of_findings
from actcheck.model import CheckResult, Finding, Outcome
from actcheck.numeric.domain import Domain
from actcheck.numeric.lines import FloatArray
from actcheck.targets.reading.stretch import BROKEN, simplest, stretch

_BEYOND = (1e-6, 1e-3, 0.1, 1.0, 10.0, 100.0)
"""So far outside a border is probed, times its own size or 1."""

_POINTS = 512
_LEAST_RUN = 3
_SECTIONS = 64
_ROUNDS = 14

_RAISES, _NAN, _ANSWERS = "raises", "NaN", "a number"

Interval = tuple[float, float]


def written(domain: Interval) -> str:
    """Write a domain as an interval, e.g. ``0 ... inf``."""
    return " ... ".join(_short(border) for border in domain)


def option(domain: Interval) -> str:
    """Give the option that declares a domain."""
    return f"--domain {' '.join(_short(border) for border in domain)}"


def _short(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


# ------------------------------------------------------------------------------------------ outside


def probe(subject: Subject, domain: Domain) -> tuple[CheckResult, list[Finding]]:
    """Ask for values outside a declared domain: NaN or an error is a clear refusal, a number is remarked on.

    Parameters
    ----------
    subject : Subject
        Whose functor is called with what lies outside, in its type.
    domain : Domain
    """
    points = _outside(domain, subject.dtype)
    values = [_answer(subject, subject.functor, point) for point in points]
    slopes = [_answer(subject, subject.functor.gradient, point) for point in points]
    kinds = [kind for kind, _ in values]
    findings = []
    if _ANSWERS in kinds:
        at = kinds.index(_ANSWERS)
        share = f"at {kinds.count(_ANSWERS)} of {len(kinds)} places"
        example = f"{values[at][1]:.6g} at x = {_place(points[at])}"
        what = f"outside {written((domain.low, domain.high))} the value is a number {share}, neither NaN nor an error"
        findings.append(Finding("domain", Outcome.PASSED, "answers-outside", f"{what}, such as {example}"))
    silent = [k for k, kind in enumerate(kinds) if kind != _ANSWERS and slopes[k][0] == _ANSWERS]
    if silent:
        at = silent[0]
        refused = "raises" if kinds[at] == _RAISES else "is NaN"
        example = f"{slopes[at][1]:.6g} at x = {_place(points[at])}"
        what = f"outside the domain the gradient is a number where the value {refused}, such as {example}"
        findings.append(Finding("domain", Outcome.PASSED, "gradient-outside", what))
    told = [kind for kind in (_NAN, _RAISES, _ANSWERS) if kind in kinds]
    return of_findings("domain", len(points), findings, f"ok, {' or '.join(told)} outside" if told else "ok"), findings


def _outside(domain: Domain, dtype: str) -> FloatArray:
    """Give the places to probe, as the type has them: one that rounds to a border lies in the domain."""
    points = []
    for border, away in ((domain.low, -1.0), (domain.high, 1.0)):
        if np.isfinite(border):
            points += [border + away * share * max(1.0, abs(border)) for share in _BEYOND]
    with np.errstate(over="ignore"):
        typed = np.array(points).astype(dtype).astype(np.float64)
    kept: FloatArray = np.array(list(dict.fromkeys(typed[domain.outside(typed) & np.isfinite(typed)].tolist())))
    return kept


def _place(x: float) -> str:
    """Write a place with the digits that tell it from the border."""
    return f"{x:.9g}"


def _answer(subject: Subject, function: Callable[[Any], Any], point: float) -> tuple[str, float]:
    """Give what a function does with a row that is the same number everywhere."""
    X: NDArray[Any] = np.full((1, subject.inputs), point).astype(subject.dtype)
    try:
        answer = np.asarray(quietly(function, X), dtype=np.float64).ravel()
    except Exception:
        return _RAISES, np.nan
    numbers = answer[~np.isnan(answer)]
    return (_ANSWERS, float(numbers[0])) if numbers.size else (_NAN, np.nan)


# ------------------------------------------------------------------------------------------ where it begins


def search(subject: Subject, X: FloatArray) -> Interval | None:
    """Find the interval in which a function has values, where there is one that explains all rows.

    Parameters
    ----------
    subject : Subject
    X : ndarray of shape (K, n)
        Rows, some of which have no value.

    Returns
    -------
    (float, float) or None
        Its borders, bisected; infinite where no border was met.
    """
    points = np.unique(X)
    if points.size > _POINTS:
        points = points[np.unique(np.linspace(0, points.size - 1, _POINTS).round().astype(int))]
    run = _longest_run(_defined(subject, points))
    if run is None:
        return None
    first, last = run
    low = -np.inf if first == 0 else _border(subject, points[first], points[first - 1])
    high = np.inf if last == points.size - 1 else _border(subject, points[last], points[last + 1])
    found = (float(low), float(high))
    return found if _explains(subject, X, Domain(*found)) else None


def locate(functor: Any, inputs: int, dtype: str) -> Interval | None:
    """Find an interval in which a function has values, where it has none on ordinary rows.

    Parameters
    ----------
    functor : object
    inputs : int
        The width of its rows.
    dtype : str

    Returns
    -------
    (float, float) or None
        None where it has no value anywhere, or its code is broken.
    """

    def takes(number: float) -> bool:
        X: NDArray[Any] = np.full((1, inputs), number).astype(dtype)
        try:
            value = np.asarray(quietly(functor, X))
        except OverflowError:
            # Too large for `math` is infinite for NumPy.
            return True
        except Exception as error:
            if isinstance(error, BROKEN):
                raise
            return False
        return value.dtype.kind in "biuf" and not np.isnan(value).any()

    try:
        return stretch(takes)
    except BROKEN:
        return None


def _defined(subject: Subject, points: FloatArray) -> NDArray[np.bool_]:
    values = subject.forward(np.repeat(points[:, None], subject.inputs, axis=1))
    defined: NDArray[np.bool_] = ~np.logical_or.reduce(np.isnan(values), axis=1)
    return defined


def _longest_run(defined: NDArray[np.bool_]) -> tuple[int, int] | None:
    if defined.all():
        return None
    change = np.flatnonzero(np.diff(np.concatenate([[False], defined, [False]]).astype(np.int8)))
    runs = change.reshape(-1, 2)
    if not len(runs):
        return None
    first, end = runs[np.argmax(runs[:, 1] - runs[:, 0])]
    return (int(first), int(end) - 1) if end - first >= _LEAST_RUN else None


def _border(subject: Subject, inside: float, outside: float) -> float:
    for _ in range(_ROUNDS):
        points = np.linspace(inside, outside, _SECTIONS + 1)
        if np.unique(points).size <= 2:
            break
        defined = _defined(subject, points)
        first = int(np.argmin(defined))
        if defined.all() or first == 0:
            break
        inside, outside = float(points[first - 1]), float(points[first])
    return simplest(inside, outside)


def _explains(subject: Subject, X: FloatArray, domain: Domain) -> bool:
    told = [domain.outside(X), domain.on_border(X), np.isnan(subject.forward(X))]
    # A functor that raises does so for a whole row.
    by_row = [np.logical_or.reduce(each, axis=1) for each in told]
    return any(
        bool(np.all((outside == missing) | on_border))
        for outside, on_border, missing in ([told, by_row] if subject.diagonal else [by_row])
    )
