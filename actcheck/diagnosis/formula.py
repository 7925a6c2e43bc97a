"""Mistakes of formula, where the right gradient is a polynomial in a known quantity: 1 - f for 1 - f², and the like."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from actcheck.diagnosis.evidence import BoolArray, Evidence
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
_EPS = 64 * float(np.finfo(float).eps)

_LONGEST = 12
"""Highest degree of a series that is cut off."""

_SERIES_NEAR, _SERIES_FITS, _COEFFICIENT = 2.5, 1e-11, 1e-9
_NEAR_ZERO = (0.25, 0.75)
_DENOMINATOR, _WRITTEN = 5040, 5
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


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


def bracket(evidence: Evidence) -> Iterator[Guess]:
    """Lose a bracket: 1 + u² for (1 + u)², also below a line."""
    if not evidence.diagonal:
        return
    x = evidence.X
    with np.errstate(all="ignore"):
        for u, square, v in (
            ("x", "x²", x),
            ("|x|", "|x|²", np.abs(x)),
            ("f(x)", "f(x)²", evidence.value),
            ("tanh(x)", "tanh²(x)", np.tanh(x)),
            ("exp(x)", "exp(x)²", np.exp(x)),
            ("exp(-x)", "exp(-x)²", np.exp(-x)),
        ):
            for plus, sign in (("+", 1), ("-", -1)):
                one, two = (1 + sign * v) ** 2, 1 + sign * v * v
                inner, outer = f"(1 {plus} {u})²", f"1 {plus} {square}"
                yield from _lost(evidence, (inner, one), (outer, two))
                yield from _lost(evidence, (f"1 / {inner}", 1 / one), (f"1 / ({outer})", 1 / two))
                yield from _lost(evidence, (f"1 / {inner}", 1 / one), (f"1 / 1 {plus} {square}", two))
                yield from _lost(evidence, (f"1 / ({outer})", 1 / two), (f"1 / 1 {plus} {square}", two))


def _lost(evidence: Evidence, first: tuple[str, FloatArray], second: tuple[str, FloatArray]) -> Iterator[Guess]:
    """Guess that one formula stands for the other, where the other is the right one."""
    for (right, numeric), (given, analytic) in ((first, second), (second, first)):
        known = np.isfinite(numeric) & np.isfinite(analytic)
        judged = evidence.usable & known & np.isfinite(evidence.reach)
        within = evidence.reach + 2 * evidence.allowed + evidence.rtol * np.abs(numeric)
        if judged.any() and np.all(np.abs(evidence.numeric - numeric)[judged] <= within[judged]):
            slack = _EPS * (1 + np.abs(analytic))
            sentence = f"a bracket is misplaced: the gradient is {given}, right is {right}"
            yield Guess(sentence, np.where(known, analytic, 0.0), slack, known)


def series(evidence: Evidence) -> Iterator[Guess]:
    """Give the first terms of a power series of the right gradient in place of it all."""
    if not evidence.diagonal:
        return
    x, judged = evidence.X, evidence.usable & np.isfinite(evidence.reach)
    near = judged & (np.abs(x) <= _SERIES_NEAR)
    for degree in range(1, _LONGEST + 1):
        if np.unique(x[near]).size < degree + _LEAST:
            return
        powers = x[near][:, None] ** np.arange(degree + 1)
        found = np.asarray(np.linalg.lstsq(powers, evidence.analytic[near], rcond=None)[0], float)
        size = np.abs(evidence.analytic[near]).max()
        if np.abs(powers @ found - evidence.analytic[near]).max() > _SERIES_FITS * size:
            continue
        off, bound = _off_near_zero(evidence, found, near)
        if degree > 1 and not _is_right_nearby(evidence) and _begins(off, bound, degree):
            sentence = f"the gradient is {_series_text(found)}"
            if off[1] > bound[1]:
                sentence += ", a series that is cut off: right near x = 0, wrong further out"
            value = np.polynomial.polynomial.polyval(x, found)
            slack = _COEFFICIENT * np.polynomial.polynomial.polyval(np.abs(x), np.ones(degree + 1))
            yield Guess(sentence, np.asarray(value, float), np.asarray(slack, float), fitted=degree)
        return


def _is_right_nearby(evidence: Evidence) -> bool:
    """Whether it is right at half of an x at which it is wrong by more than any series could have grown by then."""
    for size in (evidence.X, -evidence.X):
        bad = evidence.to_explain & (size > 0)
        if not bad.any():
            continue
        nearest = float(size[bad].min())
        off = float(evidence.off[bad & (size <= 2 * nearest)].max())
        beside = evidence.usable & ~evidence.wrong & (size >= nearest / 2)
        if np.any(beside & (evidence.allowed + evidence.reach < off / 4.0 ** (_LONGEST + 1))):
            return True
    return False


def _off_near_zero(evidence: Evidence, found: FloatArray, near: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Give what a polynomial is off by at two places near 0, and what that may be off by itself."""
    side = -1.0 if np.all(evidence.X[near] <= 0) else 1.0
    places = side * np.array(_NEAR_ZERO)
    slopes, bound = (each[:, 0] for each in evidence.slopes(np.repeat(places[:, None], evidence.inputs, axis=1)))
    return np.abs(np.polynomial.polynomial.polyval(places, found) - slopes), bound + _COEFFICIENT


def _begins(off: FloatArray, bound: FloatArray, degree: int) -> bool:
    """Whether the right gradient leaves a polynomial no sooner than a series of that degree: as |x|^(degree + 1)."""
    share = (_NEAR_ZERO[0] / _NEAR_ZERO[1]) ** (degree + 0.5)
    return bool(off[0] <= share * (off[1] + bound[1]) + bound[0])


def _series_text(found: FloatArray) -> str:
    """Write the first terms, with fractions where there are simple ones."""
    parts = []
    for k, c in enumerate(found.tolist()):
        if abs(c) > _COEFFICIENT:
            fraction = Fraction(abs(c)).limit_denominator(_DENOMINATOR)
            simple = abs(float(fraction) - abs(c)) <= _COEFFICIENT
            top, below = (str(fraction.numerator), fraction.denominator) if simple else (f"{abs(c):.6g}", 1)
            power = "" if k == 0 else "x" if k == 1 else f"x{str(k).translate(_RAISED)}"
            size = power if top == "1" and power else f"{top}{power}"
            parts.append(f"{'-' if c < 0 else '+'} {size}{f'/{below}' if below > 1 else ''}")
    if len(parts) > _WRITTEN:
        parts = [*parts[: _WRITTEN - 1], f"+ ... {parts[-1]}"]
    text = " ".join(parts)
    return text.removeprefix("+ ") if text.startswith("+") else text.replace("- ", "-", 1)
