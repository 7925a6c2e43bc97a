"""Mistakes of precision: a shorter type, rounding, noise, answers from earlier calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from actcheck.diagnosis.evidence import Evidence
from actcheck.diagnosis.guess import Guess
from actcheck.numeric.lines import FloatArray

_TYPES: tuple[tuple[type, str], ...] = ((np.float16, "float16"), (np.float32, "float32"))
_DISTINCT = 8
_PROBES = 16
_NEAR = 2.0**-32


def whole_numbers(evidence: Evidence) -> Iterator[Guess]:
    """Cut the gradient off to whole numbers, more than 0 and 1: those alone have many reasons."""
    if not np.isin(evidence.analytic[evidence.usable], (0.0, 1.0)).all():
        yield from zeros_and_ones(evidence)


def zeros_and_ones(evidence: Evidence) -> Iterator[Guess]:
    """Cut the gradient off to whole numbers."""
    told = evidence.analytic[evidence.usable]
    if np.array_equal(told, np.trunc(told)):
        sentence = "the gradient is cut off to whole numbers, as in an array of integers"
        cut = np.trunc(evidence.numeric)
        # Next to a whole number the cut may fall on either side.
        slack = np.where(np.abs(evidence.numeric - np.round(evidence.numeric)) <= evidence.reach, 1.0, 0.0)
        yield Guess(sentence, cut, slack, variety=2)


def decimals(evidence: Evidence) -> Iterator[Guess]:
    """Round the gradient to some decimals."""
    for digits in range(7):
        told = evidence.analytic[evidence.usable]
        if np.array_equal(told, np.round(told, digits)) and np.unique(told).size >= 3:
            value = np.round(evidence.numeric, digits)
            tie = np.abs(np.abs(evidence.numeric - value) * 10**digits - 0.5) <= 10**digits * evidence.reach + 1e-9
            yield Guess(f"the gradient is rounded to {digits} decimals", value, np.where(tie, 10.0**-digits, 0.0))
            return


def short_type(evidence: Evidence) -> Iterator[Guess]:
    """Compute the gradient in a shorter type."""
    told = evidence.analytic[evidence.usable & (evidence.analytic != 0)]
    if np.unique(told).size < _DISTINCT:
        return
    for kind, name in _TYPES:
        with np.errstate(over="ignore"):
            exact = np.array_equal(told, told.astype(kind).astype(float))
        if exact:
            # Every number being one of the type tells; what is left of terms that cancelled may be of any size.
            yield replace(_told(evidence, f"the gradient is computed in {name}", evidence.to_explain), code=name)
            return


def staircase(evidence: Evidence) -> Iterator[Guess]:
    """Tell a shorter type inside by neighbouring x that get the same gradient to the last bit.

    So do those of a difference quotient with a short step, which is why it is told only where none is recognised.
    """
    told = evidence.analytic[evidence.usable & (evidence.analytic != 0)]
    if np.unique(told).size < _DISTINCT:
        return
    moved = evidence.gradient(evidence.X * (1 + _NEAR))
    further = evidence.gradient(evidence.X * (1 + 2.0**-12))
    with np.errstate(invalid="ignore", divide="ignore"):
        off = evidence.off / np.abs(evidence.analytic)
        awake = evidence.to_explain & (np.abs(further - evidence.analytic) > 1e-6 * np.abs(evidence.analytic))
    if np.count_nonzero(awake) < _DISTINCT or np.median(off[awake]) > 1e-4:
        return
    worst = off[awake].max()
    if np.mean(moved[awake] == evidence.analytic[awake]) > 0.5:
        sentence = (
            f"neighbouring x get the same gradient, off by {worst:.1g}: "
            "it is computed in a short type, or as a difference with a short step"
        )
        yield _told(evidence, sentence, evidence.to_explain)


def noise(evidence: Evidence) -> Iterator[Guess]:
    """Give another gradient at each call."""
    first, second = evidence.gradient(evidence.X), evidence.gradient(evidence.X)
    changed = _differs(first, second, evidence.allowed)
    if changed.any() and np.count_nonzero(changed & evidence.to_explain) >= _share(evidence):
        yield _told(
            evidence, "the gradient is another at each call: it is random, or counts its calls", evidence.to_explain
        )


def stale(evidence: Evidence) -> Iterator[Guess]:
    """Use what was kept from the value that was asked for before."""
    with np.errstate(all="ignore"):
        evidence.forward(evidence.X)
        fresh = evidence.gradient(evidence.X)
        other = evidence.X[::-1].copy()
        evidence.forward(other)
        after = evidence.gradient(evidence.X)
    if _differs(fresh, after, evidence.allowed).any():
        sentence = "stale state: the gradient is that of the rows whose value was asked for last"
        value, bound = evidence.slopes(other)
        yield Guess(sentence, value, bound, observed=after)
        sentence = "stale state: right only just after the value of the same rows was asked for"
        yield Guess(sentence, evidence.numeric, evidence.reach, observed=fresh)


def cancellation(evidence: Evidence) -> Iterator[Guess]:
    """Lose digits in the gradient's own arithmetic, which makes it rough at the smallest scale."""
    rows = np.flatnonzero(evidence.to_explain.reshape(evidence.batch, -1).any(axis=1))[:_PROBES]
    if not len(rows):
        return
    X = evidence.X[rows]
    steps = [evidence.gradient(X * (1 + k * _NEAR)) for k in range(1, 10)]
    with np.errstate(all="ignore"):
        bends = [np.abs(a - 2 * b + c) for a, b, c in zip(steps, steps[1:], steps[2:], strict=False)]
        rough = np.maximum.reduce(bends)
    wrong = evidence.to_explain[rows]
    off = np.where(wrong, evidence.off[rows], 0.0)
    hit = wrong & (rough > off / 16) & (rough > 0)
    if np.count_nonzero(hit) >= max(3, int(0.5 * np.count_nonzero(wrong))):
        size = evidence.off.max(initial=0.0, where=np.isfinite(evidence.off) & evidence.to_explain)
        sentence = (
            f"the gradient jumps between neighbouring x by as much as it is wrong, up to {size:.1g}: "
            "digits cancel, or it is noise"
        )
        yield _told(evidence, sentence, evidence.to_explain)


def constants(evidence: Evidence) -> Iterator[Guess]:
    """Round a constant, so that the gradient is right to a few digits everywhere."""
    usable = evidence.usable
    if not usable.any() or not np.isfinite(evidence.off[usable]).all():
        return
    size = float(np.median(np.abs(evidence.numeric[usable & (evidence.numeric != 0)]))) if usable.any() else 0.0
    worst = float(evidence.off[usable].max())
    wrong = np.count_nonzero(evidence.to_explain)
    # Scattered over all that is wide awake: in a band or a column it would be another mistake.
    awake = usable & (np.abs(evidence.numeric) > 1e-3 * size) & (np.abs(evidence.X).max() >= 0)
    if size <= 0 or worst > 1e-3 * size or wrong < 0.5 * np.count_nonzero(awake) or wrong < 2 * _DISTINCT:
        return
    if not (worst > 0 and np.isfinite(worst / size) and worst / size > 0):
        return
    digits = int(-np.log10(worst / size))
    sentence = f"right to about {digits} digits everywhere, as with a rounded constant"
    yield _told(evidence, sentence, evidence.to_explain)


def _told(evidence: Evidence, sentence: str, hit: np.ndarray) -> Guess:
    """Give a guess that does not predict values: what it explains was found out by asking the functor."""
    return Guess(sentence, evidence.numeric, proven=hit)


def _share(evidence: Evidence) -> int:
    return max(4, int(0.5 * np.count_nonzero(evidence.to_explain)))


def _differs(first: FloatArray, second: FloatArray, allowed: FloatArray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return np.asarray(
            ~((np.abs(first - second) <= allowed) | (first == second) | (np.isnan(first) & np.isnan(second)))
        )
