"""Mistakes of precision: a shorter type, rounding, noise, answers from earlier calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from actcheck.diagnosis.evidence import Evidence
from actcheck.diagnosis.guess import Guess
from actcheck.numeric.lines import FloatArray

_TYPES: tuple[tuple[type, str], ...] = ((np.float16, "float16"), (np.float32, "float32"))
_DISTINCT = 8
_PROBES = 16
_NEAR = 2.0**-32
_TENS = tuple(10**digits for digits in range(7))
_GRIDS = tuple(sorted({*range(2, 257), *(2**k for k in range(21)), *_TENS}))
_ROUNDINGS: tuple[tuple[Callable[[FloatArray], FloatArray], str], ...] = (
    (np.round, "to "),
    (np.trunc, "towards 0, to "),
    (np.floor, "down, to "),
    (np.ceil, "up, to "),
)
_LARGE, _ODD = 4, 0.2
_CANCELLED = 4.0
_NEARLY, _ASLEEP = 1e-3, 1e-3


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


def grid(evidence: Evidence) -> Iterator[Guess]:
    """Round the gradient to a fixed grid, in one of the ways of rounding: to decimals, or to multiples of 1/q."""
    told = evidence.analytic[evidence.usable]
    if np.unique(told).size < 3:
        return
    q = next((q for q in _GRIDS if np.array_equal(told, np.round(told * q) / q)), None)
    if q is None:
        return
    exact = evidence.numeric * q
    places = f"{_TENS.index(q)} decimals" if q in _TENS else f"multiples of 1/{q}"
    for round_to, how in _ROUNDINGS:
        value = round_to(exact)
        # Next to where it changes, it may fall on either side.
        near = 2 * (q * evidence.reach + 1e-9)
        change = np.abs(round_to(exact + near) - round_to(exact - near)) / q
        code = "decimals" if q in _TENS and round_to is np.round else "grid"
        slack = np.where(np.isfinite(change), change, np.inf)
        yield Guess(f"the gradient is rounded {how}{places}", value / q, slack, code=code)


def short_type(evidence: Evidence) -> Iterator[Guess]:
    """Compute the gradient in a shorter type.

    Every number is one of that type, to its last bit, and none is off by more than roundings in that type explain: of
    the result, of x, and of numbers of size 1 that cancel.
    """
    given = evidence.analytic[evidence.usable & (evidence.analytic != 0)]
    if np.unique(given).size < _DISTINCT:
        return
    for kind, name in _TYPES:
        eps = float(np.finfo(kind).eps)
        with np.errstate(over="ignore"):
            exact = np.array_equal(given, given.astype(kind).astype(float))
        if not exact or not _has_last_bits(given, kind):
            continue
        ulp = eps * np.abs(evidence.numeric) + float(np.finfo(kind).smallest_subnormal)
        rounded = evidence.off <= ulp + evidence.reach
        judged = evidence.usable | evidence.to_explain
        if rounded[judged].all():
            sentence = f"the gradient is rounded to {name}: each entry is right to within a unit in its last place"
            yield replace(_told(evidence, sentence, evidence.to_explain), code=name)
        else:
            inner = _CANCELLED * eps * (np.maximum(np.abs(evidence.numeric), 1.0) + _bent(evidence, eps))
            if (evidence.off <= inner + evidence.reach)[judged].all():
                sentence = (
                    f"the gradient is computed in {name}: each entry is a number of that type, and off by no more than "
                    f"roundings of x and of terms in that type explain"
                )
                yield replace(_told(evidence, sentence, evidence.to_explain), code=name)
        return


def _has_last_bits(given: FloatArray, kind: Any) -> bool:
    """Whether the largest numbers use all bits of a type: those of a coarser fixed grid do not."""
    size = np.unique(np.abs(given))
    _, exponent = np.frexp(size)
    top = size[(exponent == exponent.max()) & (np.frexp(size)[0] != 0.5)]
    if top.size < _LARGE:
        top = size[exponent >= exponent.max() - 1]
    odd = np.fmod(top / np.spacing(top.astype(kind)).astype(float), 2.0) == 1.0
    return bool(top.size >= _LARGE and np.mean(odd) >= _ODD)


def _bent(evidence: Evidence, eps: float) -> FloatArray:
    """Give by how much the right gradient changes with a rounding of x, in units of that rounding."""
    moved, _ = evidence.slopes(evidence.X * (1 + eps))
    return np.abs(moved - evidence.numeric) / eps


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


def nearly(evidence: Evidence) -> Iterator[Guess]:
    """Be a little off nearly everywhere, in proportion to nothing: that alone is told, and not what it comes from."""
    usable, wrong_ones = evidence.usable, evidence.to_explain
    if np.any(evidence.kinks & wrong_ones) or not np.isfinite(evidence.off[wrong_ones]).all():
        return
    size = np.abs(evidence.numeric[usable & (evidence.numeric != 0)])
    usual, worst = float(np.median(size, axis=None)) if size.size else 0.0, float(evidence.off[wrong_ones].max())
    wrong = np.count_nonzero(wrong_ones)
    # Scattered over all that is wide awake: in a band or a column it would be another mistake.
    awake = usable & (np.abs(evidence.numeric) > _ASLEEP * usual)
    if not 0 < worst <= _NEARLY * usual or wrong < max(0.5 * np.count_nonzero(awake), 2 * _DISTINCT):
        return
    where = "nowhere but at kinks" if np.any(evidence.kinks & evidence.wrong) else "nowhere"
    sentence = (
        f"the gradient is nearly right: {where} off by more than {_no_less(worst):.1g}, where slopes are about "
        f"{usual:.1g}; a constant with too few digits may do that, or an approximation"
    )
    yield _told(evidence, sentence, evidence.to_explain)


def _no_less(number: float) -> float:
    """Round up to one digit."""
    unit = float(10.0 ** np.floor(np.log10(number)))
    return float(np.ceil(number / unit * (1 - 1e-9)) * unit)


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
