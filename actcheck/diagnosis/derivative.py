"""Mistakes of the derivative: one of the right function, but not the one that was asked for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from actcheck.diagnosis.evidence import BoolArray, Evidence
from actcheck.diagnosis.guess import Guess
from actcheck.numeric.lines import FloatArray

STEPS = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
"""Steps of difference quotients that are tried."""

SHORT_STEPS = (2.0**-26, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12)
"""Steps so short that what the quotient is off by is its rounding: it is known by being the same to the last bit."""

_DISTINCT = 8
_MOSTLY = 0.9
_SECOND = 2.0**-8
_SHARE = 2.0**-12
_ROUNDING = 4 * float(np.finfo(float).eps)


def quotient(evidence: Evidence) -> Iterator[Guess]:
    """Give a difference quotient in place of the derivative."""
    centre = evidence.by_output(evidence.value)
    for h in STEPS + SHORT_STEPS:
        for text, value, slack in _quotients(evidence, centre, h):
            sentence = f"the gradient is the difference quotient {text} with h = {h:.3g}"
            if h in STEPS:
                yield _known(sentence, value, slack)
            same = evidence.usable & (value == evidence.analytic)
            if _is_all_but_a_few(same, evidence.usable) and np.unique(value[same]).size >= _DISTINCT:
                yield Guess(sentence, value, proven=same)


def _quotients(evidence: Evidence, centre: FloatArray, h: float) -> Iterator[tuple[str, FloatArray, FloatArray]]:
    """Give the quotients with a step in words, their values, and what these may be off by."""
    up, down = _stepped(evidence, h), _stepped(evidence, -h)
    slack = _ROUNDING * (np.abs(centre) + np.abs(up) + np.abs(down)) / h
    yield "(f(x + h) - f(x)) / h", (up - centre) / h, slack
    yield "(f(x) - f(x - h)) / h", (centre - down) / h, slack
    yield "(f(x + h) - f(x - h)) / (2h)", (up - down) / (2 * h), slack


def _is_all_but_a_few(same: BoolArray, usable: BoolArray) -> bool:
    return bool(np.count_nonzero(same) >= _MOSTLY * np.count_nonzero(usable) > 0)


def second(evidence: Evidence) -> Iterator[Guess]:
    """Differentiate once too often."""
    if not evidence.diagonal:
        return
    value, rounding = _second(evidence, _SECOND)
    coarse, _ = _second(evidence, 2 * _SECOND)
    slack = np.abs(value - coarse) + rounding
    yield _known("the gradient is the second derivative f''(x)", value, np.where(evidence.kinks, np.inf, slack))


def by_parameter(evidence: Evidence) -> Iterator[Guess]:
    """Differentiate by a parameter of the function in place of its input."""
    if evidence.make is None or evidence.value.shape != evidence.analytic.shape:
        return
    for name, number in evidence.parameters.items():
        found = _by_number(evidence, name, number, _SHARE), _by_number(evidence, name, number, 2 * _SHARE)
        if found[0] is None or found[1] is None:
            continue
        value, slack = found[0], np.abs(found[0] - found[1])
        slack = slack + _ROUNDING * np.abs(evidence.value) / (_SHARE * max(abs(number), 1.0))
        yield _known(f"the gradient is the derivative by {name}, not by x", value, slack)


def _known(sentence: str, value: FloatArray, slack: FloatArray) -> Guess:
    known = np.isfinite(value) & np.isfinite(slack)
    return Guess(sentence, np.where(known, value, 0.0), np.where(known, slack, np.inf))


def _stepped(evidence: Evidence, h: float) -> FloatArray:
    """Give the value with each input moved by h, in the shape of the entries."""
    if evidence.diagonal:
        return evidence.forward(evidence.X + h)
    rows = evidence.X[:, None, :] + h * np.eye(evidence.inputs)
    moved = evidence.forward(rows.reshape(-1, evidence.inputs))
    return np.swapaxes(moved.reshape(evidence.batch, evidence.inputs, -1), 1, 2)


def _second(evidence: Evidence, h: float) -> tuple[FloatArray, FloatArray]:
    far, near = evidence.forward(evidence.X + 2 * h), evidence.forward(evidence.X + h)
    near_too, far_too = evidence.forward(evidence.X - h), evidence.forward(evidence.X - 2 * h)
    value = (16 * (near + near_too) - far - far_too - 30 * evidence.value) / (12 * h * h)
    return value, 16 * _ROUNDING * np.abs(evidence.value) / (h * h)


def _by_number(evidence: Evidence, name: str, number: float, share: float) -> FloatArray | None:
    h = share * max(abs(number), 1.0)
    values = []
    for k in (-2, -1, 1, 2):
        try:
            assert evidence.make is not None
            values.append(evidence.make({name: number + k * h})(evidence.X))
        except Exception:  # Whatever the user's constructor makes of a value that nobody asked for.
            return None
    return np.asarray((values[0] - values[3] + 8 * (values[2] - values[1])) / (12 * h))
