"""Mistakes of formula, where the right gradient is a polynomial in a known quantity: 1 - f for 1 - f², and the like."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from actcheck.diagnosis.evidence import Evidence
from actcheck.diagnosis.guess import Guess
from actcheck.numeric.lines import FloatArray

Coefficients = tuple[float, ...]

KNOWN: dict[Coefficients, str] = {
    (0.0, 1.0, -1.0, 0.0): "sigmoid",
    (1.0, 0.0, -1.0, 0.0): "tanh",
    (1.0, 1.0, 0.0, 0.0): "elu",
}
"""Polynomials in f that are known as somebody's derivative."""

_DEGREE = 3
_LARGEST = 4.0
_NEAR = 5.0
_LEAST = 12
_CLOSE = 1e-5


def polynomial(evidence: Evidence) -> Iterator[Guess]:
    """Give another polynomial in f(x), tanh(x) or σ(x) than the right one."""
    if not evidence.diagonal:
        return
    x = evidence.X
    for name, letter, u in (
        ("f(x)", "f", evidence.value),
        ("tanh(x)", "t", np.tanh(x)),
        ("σ(x)", "σ", 1 / (1 + np.exp(-np.clip(x, -700, 700)))),
    ):
        near = evidence.usable & (np.abs(x) <= _NEAR) & np.isfinite(u) & np.isfinite(evidence.reach)
        given = _fit(u[near], evidence.analytic[near])
        right = _fit(u[near], evidence.numeric[near])
        borrowed = letter == "f" and given in KNOWN
        if given is None or given == right or (right is None and not borrowed):
            continue
        if right is not None and _is_one_term(given, right):
            continue
        sentence = f"the gradient is {_text(given, letter)} with {letter} = {name}"
        if letter == "f" and given in KNOWN:
            sentence += f", as of {KNOWN[given]}"
        if right is not None:
            sentence += f"; right is {_text(right, letter)}"
        slack = 16 * np.finfo(float).eps * sum(abs(c) * np.abs(u) ** k for k, c in enumerate(given))
        yield Guess(sentence, _value(given, u), slack, code="borrowed-formula" if borrowed else "")


def _is_one_term(given: Coefficients, right: Coefficients) -> bool:
    """Whether they differ by a number, or a multiple of u: that is told as a term, in fewer words."""
    return given[2:] == right[2:] and 0.0 in (given[0] - right[0], given[1] - right[1])


def _fit(u: FloatArray, values: FloatArray) -> Coefficients | None:
    """Find coefficients that are halves of small whole numbers, None where there are none."""
    if np.unique(np.round(u, 6)).size < _LEAST:
        return None
    powers = np.stack([u**k for k in range(_DEGREE + 1)], axis=1)
    if not np.isfinite(powers).all() or not np.isfinite(values).all():
        return None
    try:
        found = np.linalg.lstsq(powers, values, rcond=None)[0]
    except np.linalg.LinAlgError:
        return None
    if np.abs(found).max() > _LARGEST:
        return None
    near = np.round(2 * found) / 2 + 0.0
    if np.abs(powers @ near - values).max() > _CLOSE * max(np.abs(values).max(), 1e-300):
        return None
    return tuple(map(float, near))


def _value(coefficients: Coefficients, u: FloatArray) -> FloatArray:
    return np.asarray(sum(c * u**k for k, c in enumerate(coefficients)))


def _text(coefficients: Coefficients, letter: str) -> str:
    parts = []
    for k, c in enumerate(coefficients):
        if c:
            power = ("", letter, f"{letter}²", f"{letter}³")[k]
            size = "" if abs(c) == 1 and power else f"{abs(c):g}"
            parts.append(("- " if c < 0 else "+ ") + size + power)
    text = " ".join(parts) or "0"
    return text.removeprefix("+ ") if text[0] == "+" else text.replace("- ", "-", 1) if text[0] == "-" else text
