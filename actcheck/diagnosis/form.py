"""Mistakes of form: the numbers are those of the right Jacobian, with another sign, size or place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from actcheck.diagnosis.evidence import BoolArray, Evidence
from actcheck.diagnosis.guess import LEAST, Guess
from actcheck.diagnosis.numbers import Number, ratio
from actcheck.model import Claim, Layout
from actcheck.numeric.lines import FloatArray

_SYMMETRIC = 1e-6
ROUNDED = 1e-2
"""A factor that is nearer to 1 than this is told as a rounded constant."""


def constant(evidence: Evidence) -> Iterator[Guess]:
    """Give one number everywhere."""
    told = evidence.analytic[evidence.usable]
    if not told.size or np.ptp(told) > 1e-12 * np.abs(told).max():
        return
    c = float(told[0]) + 0.0
    if told.size < LEAST:
        return
    if c and _flat(evidence):
        return
    yield Guess(f"the gradient is {c:.8g} everywhere", np.full(evidence.analytic.shape, c), variety=1)


def constant_everywhere(evidence: Evidence) -> Iterator[Guess]:
    """Give one number everywhere, and say where that is right."""
    for guess in constant(evidence):
        yield replace(guess, sentence=guess.sentence + _where(evidence))


def _where(evidence: Evidence) -> str:
    """Say on which side of 0 a gradient is wrong that is right on the other."""
    if not evidence.diagonal:
        return ""
    bad = np.sign(evidence.X[evidence.to_explain])
    good = np.sign(evidence.X[evidence.usable & ~evidence.wrong])
    for side, wrong, right in ((-1, "x < 0", "x > 0"), (1, "x > 0", "x < 0")):
        if np.all(bad == side) and np.any(good == -side) and np.all(good != side):
            return f"; right for {right}, wrong for {wrong}"
    return ""


def unit_matrix(evidence: Evidence) -> Iterator[Guess]:
    """Give δ_ij, as if f were the identity."""
    if _has_both(evidence):
        sentence = "the gradient is δ_ij, as of the identity: a cotangent would pass through unchanged"
        yield Guess(sentence, evidence.on_diagonal.astype(float), variety=1)


def _flat(evidence: Evidence) -> bool:
    """Whether the true derivative is one number as well, other than 0, so that a factor says more."""
    numeric = evidence.numeric[evidence.usable]
    if not numeric.any():
        return False
    return bool(np.ptp(numeric) <= 1e-6 * np.abs(numeric).max())


def sign(evidence: Evidence) -> Iterator[Guess]:
    """Flip the sign everywhere."""
    yield Guess("the sign is flipped everywhere", -evidence.numeric, evidence.reach, variety=1)


def sign_off_diagonal(evidence: Evidence) -> Iterator[Guess]:
    """Flip the sign off the diagonal."""
    if _has_both(evidence):
        value = np.where(evidence.on_diagonal, evidence.numeric, -evidence.numeric)
        yield Guess("the sign is flipped off the diagonal", value, evidence.reach, variety=1)


def sign_on_diagonal(evidence: Evidence) -> Iterator[Guess]:
    """Flip the sign on the diagonal."""
    if _has_both(evidence):
        value = np.where(evidence.on_diagonal, -evidence.numeric, evidence.numeric)
        yield Guess("the sign is flipped on the diagonal", value, evidence.reach, variety=1)


def absolute(evidence: Evidence) -> Iterator[Guess]:
    """Lose the sign."""
    if np.any(evidence.numeric[evidence.to_explain] < 0):
        yield Guess("the gradient is the absolute value of the right one", np.abs(evidence.numeric), evidence.reach)


def inverted(evidence: Evidence) -> Iterator[Guess]:
    """Turn a condition round: 1 where it should be 0, and 0 where it should be 1."""
    told = evidence.analytic[evidence.usable]
    if np.isin(told, (0.0, 1.0)).all():
        sentence = "the gradient is 1 where it should be 0, and 0 where it should be 1: a condition is turned round"
        yield Guess(sentence, 1 - evidence.numeric, evidence.reach, variety=2)


def clipped(evidence: Evidence) -> Iterator[Guess]:
    """Clip the gradient."""
    told = evidence.analytic[evidence.usable]
    if not told.size:
        return
    low, high = float(told.min()), float(told.max())
    # A limit that the right gradient keeps by itself is none.
    beyond = (evidence.numeric < low) & evidence.to_explain, (evidence.numeric > high) & evidence.to_explain
    at = [
        np.count_nonzero(told == limit) >= LEAST and bool(side.any())
        for limit, side in zip((low, high), beyond, strict=True)
    ]
    for text, bottom, top in (
        (f"[{low:.8g}, {high:.8g}]", low, high),
        (f"at most {high:.8g}", -np.inf, high),
        (f"at least {low:.8g}", low, np.inf),
    ):
        if (np.isfinite(bottom) <= at[0]) and (np.isfinite(top) <= at[1]) and bottom < top:
            value = np.clip(evidence.numeric, bottom, top)
            yield Guess(f"the gradient is clipped to {text}", value, evidence.reach, fitted=1)


def factor(evidence: Evidence) -> Iterator[Guess]:
    """Put all of it off by one factor."""
    found = ratio(evidence, evidence.analytic, evidence.numeric, evidence.reach, evidence.usable & evidence.to_explain)
    if found is None or found.value in (0.0, 1.0, -1.0):
        return
    yield _scaled(evidence, found, evidence.numeric, evidence.reach, _size(found))


def _size(found: Number) -> str:
    if abs(found.value - 1) < ROUNDED:
        return f"the relative error is {found.value - 1:.3g} everywhere, as of a rounded constant"
    flipped = "the sign is flipped and " if found.value < 0 else ""
    return f"{flipped}the gradient is the right one times {found.text.replace('-', '') if flipped else found.text}"


def _scaled(evidence: Evidence, found: Number, value: FloatArray, bound: FloatArray, sentence: str) -> Guess:
    slack = abs(found.value) * bound + found.error * np.abs(value)
    code = "rounded-factor" if abs(found.value - 1) < ROUNDED else ""
    return Guess(
        sentence, found.value * value, slack, fitted=int(found.error > 0), code=code, variety=1, numbers=(found,)
    )


def off_diagonal_factor(evidence: Evidence) -> Iterator[Guess]:
    """Put the entries off the diagonal off by one factor."""
    yield from _part_factor(evidence, ~evidence.on_diagonal, "off the diagonal")


def on_diagonal_factor(evidence: Evidence) -> Iterator[Guess]:
    """Put the entries on the diagonal off by one factor."""
    yield from _part_factor(evidence, evidence.on_diagonal, "on the diagonal")


def _part_factor(evidence: Evidence, part: BoolArray, where: str) -> Iterator[Guess]:
    if not _has_both(evidence):
        return
    mask = evidence.usable & evidence.to_explain & part
    found = ratio(evidence, evidence.analytic, evidence.numeric, evidence.reach, mask)
    if found is None or found.value in (0.0, 1.0, -1.0):
        return
    c = np.where(part, found.value, 1.0)
    slack = np.abs(c) * evidence.reach + np.where(part, found.error, 0.0) * np.abs(evidence.numeric)
    sentence = f"{where} the gradient is the right one times {found.text}"
    yield Guess(sentence, c * evidence.numeric, slack, fitted=1, variety=2, numbers=(found,))


def both_factors(evidence: Evidence) -> Iterator[Guess]:
    """Put the diagonal and the rest off by a factor each."""
    if not _has_both(evidence):
        return
    told = evidence.usable & evidence.to_explain
    parts = [
        ratio(evidence, evidence.analytic, evidence.numeric, evidence.reach, told & part)
        for part in (evidence.on_diagonal, ~evidence.on_diagonal)
    ]
    on, off = parts
    if on is None or off is None or on.error > 0 or off.error > 0 or on.value == off.value:
        return
    c = np.where(evidence.on_diagonal, on.value, off.value)
    sentence = f"on the diagonal the gradient is the right one times {on.text}, off it times {off.text}"
    slack = np.abs(c) * evidence.reach
    yield Guess(sentence, c * evidence.numeric, slack, fitted=2, variety=2, numbers=(on, off))


_PULLED_BY_TRANSPOSED = (
    "the cotangent is multiplied by the transposed Jacobian: by W instead of its transpose, or the other way round"
)


def transposed(evidence: Evidence) -> Iterator[Guess]:
    """Let outputs and inputs change places."""
    if evidence.diagonal or not evidence.square:
        return
    turned, bound = _turned(evidence)
    if evidence.pulled:
        yield Guess(_PULLED_BY_TRANSPOSED, turned, bound, variety=1)
        return
    other = Layout.IN_OUT if evidence.layout is Layout.OUT_IN else Layout.OUT_IN
    option = f"--layout {other.value}"
    yield Guess(f"the Jacobian is transposed: it is right with {option}", turned, bound, option=option, variety=1)


def transposed_factor(evidence: Evidence) -> Iterator[Guess]:
    """Transpose the Jacobian, and put it off by a factor as well."""
    if evidence.diagonal or not evidence.square:
        return
    turned, bound = _turned(evidence)
    found = ratio(evidence, evidence.analytic, turned, bound, evidence.usable & evidence.to_explain)
    if found is None or found.value in (0.0, 1.0):
        return
    if _is_symmetric(evidence):
        return
    also = "of the other sign" if found.value == -1 else f"{found.text} times too large"
    yield _scaled(evidence, found, turned, bound, f"the Jacobian is transposed, and {also}")


def _turned(evidence: Evidence) -> tuple[FloatArray, FloatArray]:
    return np.swapaxes(evidence.numeric, 1, 2), np.swapaxes(evidence.reach, 1, 2)


def _is_symmetric(evidence: Evidence) -> bool:
    """Whether to transpose the right Jacobian would change nothing."""
    turned, _ = _turned(evidence)
    usable = evidence.usable & np.isfinite(turned) & np.isfinite(evidence.numeric)
    size = np.abs(turned[usable]).max(initial=0.0)
    return bool(np.all(np.abs(turned - evidence.numeric)[usable] <= _SYMMETRIC * size))


def diagonal_only(evidence: Evidence) -> Iterator[Guess]:
    """Give the diagonal only, of a function whose outputs depend on all inputs."""
    if not _has_both(evidence):
        return
    value = np.where(evidence.on_diagonal, evidence.numeric, 0.0)
    sentence = "only the diagonal is given; the entries off it are not 0"
    if evidence.claim is Claim.DIAGONAL:
        m, n = evidence.analytic.shape[1:]
        sentence = f"only the diagonal is given; a full Jacobian (batch, {m}, {n}) is needed"
    yield Guess(sentence, value, np.where(evidence.on_diagonal, evidence.reach, 0.0), variety=1)


def without_diagonal(evidence: Evidence) -> Iterator[Guess]:
    """Leave the diagonal 0."""
    if _has_both(evidence):
        value = np.where(evidence.on_diagonal, 0.0, evidence.numeric)
        yield Guess("the diagonal is 0; the entries off it are right", value, evidence.reach, variety=1)


def power(evidence: Evidence) -> Iterator[Guess]:
    """Give the derivative's reciprocal, square or root."""
    v, bound = evidence.numeric, evidence.reach
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        root = np.sqrt(v)
        guesses = (
            ("1 / f'(x), of the inverse function", 1 / v, 2 * bound / v**2),
            ("the right one squared", v * v, 2 * np.abs(v) * bound + bound**2),
            ("the root of the right one", root, bound / np.maximum(root, 1e-300)),
        )
        for text, value, slack in guesses:
            yield Guess(f"the gradient is {text}", value, slack, variety=8)


def _has_both(evidence: Evidence) -> bool:
    return not evidence.diagonal and evidence.square and evidence.inputs > 1


def constant_divisor(evidence: Evidence) -> Iterator[Guess]:
    """Take the divisor of a normalisation for a constant: only its numerator was differentiated."""
    if not _has_both(evidence):
        return
    centred = evidence.X - evidence.X.mean(axis=1, keepdims=True)
    for text, numerator in (("x", evidence.X), ("x - mean(x)", centred)):
        with np.errstate(invalid="ignore", divide="ignore"):
            whole = evidence.value / numerator
        told = np.isfinite(whole) & (np.abs(numerator) > 1e-3 * np.abs(numerator).max(axis=1, keepdims=True))
        value = np.where(evidence.on_diagonal, evidence.by_output(np.where(told, whole, 0.0)), 0.0)
        unknown = evidence.by_output(np.where(told, 0.0, 1.0)) > 0
        slack = np.where(evidence.on_diagonal & unknown, np.inf, 1e-12 * np.abs(value))
        sentence = f"what {text} is divided by is taken for a constant: the gradient is that divisor's reciprocal"
        yield Guess(sentence, value, slack)


def weights_transposed(evidence: Evidence) -> Iterator[Guess]:
    """Transpose the weights inside of f = g(XW), but not the slopes of g."""
    if not _has_both(evidence) or evidence.inputs < 3 or _is_symmetric(evidence):
        return
    turned, bound = _turned(evidence)
    with np.errstate(all="ignore"):
        # a_ij = v_ji u_i / u_j, with u the slopes of g up to a factor in each row.
        share = evidence.analytic[:, :, :1] / turned[:, :, :1]
        share[:, 0] = 1.0
        value = turned * share / np.swapaxes(share, 1, 2)
        doubt = (bound + evidence.allowed)[:, :, :1] / np.abs(turned[:, :, :1])
        doubt[:, 0] = 0.0
        slack = np.abs(value) * (doubt + np.swapaxes(doubt, 1, 2)) * 2 + np.abs(value / turned) * bound
        slack = np.where(np.isfinite(value), slack, np.inf)
    sentence = "the weights inside the function are transposed, but not its outer slopes"
    yield Guess(sentence, np.where(np.isfinite(value), value, 0.0), slack, fitted=evidence.batch, variety=8)
