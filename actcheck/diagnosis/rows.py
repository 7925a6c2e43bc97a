"""Mistakes of rows and axes: the right numbers stand in other rows or columns, or were summed over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from actcheck.diagnosis.evidence import Evidence
from actcheck.diagnosis.guess import Guess
from actcheck.diagnosis.numbers import Number, ratio, recognise, shares, short
from actcheck.numeric.lines import FloatArray

_POWERS = {
    -1.0: "the batch size",
    1.0: "the batch size",
    -0.5: "the root of the batch size",
    0.5: "the root of the batch size",
    -2.0: "the batch size squared",
    2.0: "the batch size squared",
}
_SAME_POWER = 1e-6
_PAIRS = 6
_SAME_ROWS = 3


def moved(evidence: Evidence) -> Iterator[Guess]:
    """Put the rows in another order."""
    v, bound = evidence.numeric, evidence.reach
    yield Guess("the rows come in reversed order", v[::-1], bound[::-1])
    for by in (1, -1):
        way = "down" if by > 0 else "up"
        yield Guess(
            f"each row has the gradient of its neighbour: rows are moved {way} by one",
            np.roll(v, by, 0),
            np.roll(bound, by, 0),
        )
    if evidence.diagonal and evidence.inputs > 1:
        yield Guess("rows and columns both come in reversed order", v[::-1, ::-1], bound[::-1, ::-1])


def permuted(evidence: Evidence) -> Iterator[Guess]:
    """Give each row the gradient of some other row."""
    order = _matching(evidence)
    # The gradient of a row that is flat is that of any other such row, or of a row that was set to 0.
    told = evidence.analytic.reshape(evidence.batch, -1).any(axis=1)
    moved = 0 if order is None else np.count_nonzero((order != np.arange(evidence.batch)) & told)
    if order is not None and moved >= 4 and np.unique(order).size > evidence.batch / 2:
        yield Guess("each row has the gradient of some other row", evidence.numeric[order], evidence.reach[order])


def _matching(evidence: Evidence) -> np.ndarray | None:
    flat = evidence.analytic.reshape(evidence.batch, -1)
    numeric, bound = evidence.numeric.reshape(evidence.batch, -1), evidence.reach.reshape(evidence.batch, -1)
    allowed = evidence.allowed.reshape(evidence.batch, -1)
    order = np.arange(evidence.batch)
    for row, given in enumerate(flat):
        with np.errstate(invalid="ignore"):
            within = np.where(np.isfinite(bound), 2 * allowed + bound + evidence.rtol * np.abs(numeric), np.inf)
            near = np.abs(given - numeric) <= within
        fits = np.logical_and.reduce(near, axis=1) & np.logical_or.reduce(np.isfinite(bound), axis=1)
        if not fits.any():
            return None
        if not fits[row]:
            order[row] = int(np.argmax(fits))
    return order


def first_for_all(evidence: Evidence) -> Iterator[Guess]:
    """Give every row the gradient of one row."""
    for row, text in ((0, "first"), (-1, "last")):
        value = np.broadcast_to(evidence.numeric[row], evidence.analytic.shape)
        slack = np.broadcast_to(evidence.reach[row], evidence.analytic.shape)
        yield Guess(f"every row has the gradient of the batch's {text} row", value, slack)


def pooled(evidence: Evidence) -> Iterator[Guess]:
    """Average or sum over the batch."""
    shape = evidence.analytic.shape
    ordinary = np.isfinite(evidence.reach).reshape(evidence.batch, -1).all(axis=1)
    if not ordinary.all():
        evidence_rows = evidence.X[ordinary]
        if len(evidence_rows) < 2:
            return
        yield from _pooled_again(evidence, evidence_rows)
        return
    for text, value, slack in _pools(evidence.numeric, evidence.reach):
        yield Guess(text, np.broadcast_to(value, shape), np.broadcast_to(slack, shape))


def _pooled_again(evidence: Evidence, X: FloatArray) -> Iterator[Guess]:
    """Ask for the gradient of those rows alone whose derivatives are all known."""
    value, bound = evidence.slopes(X)
    asked = evidence.gradient(X)
    keep = np.flatnonzero(np.isfinite(evidence.reach).reshape(evidence.batch, -1).all(axis=1))
    scope = np.zeros(evidence.analytic.shape, bool)
    scope[keep] = True
    observed = evidence.analytic.copy()
    observed[keep] = asked
    for text, pool, slack in _pools(value, bound):
        if np.isfinite(slack).all():
            yield Guess(
                text, np.broadcast_to(pool, observed.shape), np.broadcast_to(slack, observed.shape), scope, observed
            )


def _pools(value: FloatArray, bound: FloatArray) -> Iterator[tuple[str, FloatArray, FloatArray]]:
    count = len(value)
    yield "the gradient is averaged over the batch", value.mean(axis=0), bound.mean(axis=0)
    yield "the gradient is summed over the batch", value.sum(axis=0), bound.sum(axis=0) + 1e-14 * count


def softmax_axis(evidence: Evidence) -> Iterator[Guess]:
    """Take the softmax in the gradient over another axis than that of the value."""
    if evidence.diagonal or not evidence.square or evidence.inputs < 2:
        return
    s = _stretch(evidence)
    if s is None:
        return
    for axis, text in ((0, "over the batch (axis 0)"), (None, "over all numbers of the batch")):
        P = _softmax(s * evidence.X, axis)
        value = s * evidence.by_output(P) * (evidence.on_diagonal - evidence.by_input(P))
        sentence = f"the softmax in the gradient is taken {text}, not over each row (axis -1)"
        yield Guess(sentence, value, 1e-13 * np.abs(s) * evidence.by_output(P))


def _stretch(evidence: Evidence) -> float | None:
    """Give the s with which the value is softmax(s x), None where it is no softmax."""
    with np.errstate(all="ignore"):
        s = (np.log(evidence.value[:, :1]) - np.log(evidence.value[:, 1:])) / (evidence.X[:, :1] - evidence.X[:, 1:])
    told = s[np.isfinite(s)]
    if not told.size:
        return None
    middle = float(np.median(told))
    fits = np.allclose(_softmax(middle * evidence.X, 1), evidence.value, rtol=1e-6, atol=1e-9)
    return short(middle * (1 - 1e-9), middle * (1 + 1e-9)) if fits else None


def _softmax(X: FloatArray, axis: int | None) -> FloatArray:
    E = np.exp(X - X.max(axis=axis, keepdims=True))
    return np.asarray(E / E.sum(axis=axis, keepdims=True))


def by_batch_size(evidence: Evidence) -> Iterator[Guess]:
    """Take a factor that goes with the number of rows."""
    half, wrong = evidence.batch // 2, evidence.usable & evidence.to_explain
    if half < 2 or not evidence.coupled:
        return
    again = np.full(evidence.analytic.shape, np.nan)
    again[:half] = evidence.gradient(evidence.X[:half])
    whole = ratio(evidence.plain, evidence.analytic, evidence.numeric, evidence.reach, wrong)
    part = ratio(evidence.plain, again, evidence.numeric, evidence.reach, wrong)
    if whole is None or part is None or not _is_scaled(evidence, again, part, half):
        return
    slack = abs(whole.value) * evidence.reach + whole.error * np.abs(evidence.numeric)
    guess = Guess("", whole.value * evidence.numeric, slack, variety=1, fitted=int(whole.error > 0))
    for power, text in _POWERS.items():
        if abs(whole.value / part.value / (evidence.batch / half) ** power - 1) <= _SAME_POWER:
            rest = recognise(evidence, whole.value / evidence.batch**power, whole.error / evidence.batch**power)
            yield replace(guess, sentence=_by_power(rest, text, power), numbers=(rest,))
            return
    if abs(whole.value - part.value) > _SAME_POWER * abs(whole.value):
        sentence = (
            f"the gradient is the right one times a number that goes with the batch: {whole.text} in one of "
            f"{evidence.batch} rows, {part.text} in one of {half}"
        )
        yield replace(guess, sentence=sentence)


def _is_scaled(evidence: Evidence, again: FloatArray, part: Number, half: int) -> bool:
    """Whether a smaller batch gets the right gradient times one number as well."""
    value = part.value * evidence.numeric
    within = 2 * evidence.allowed + abs(part.value) * evidence.reach + part.error * np.abs(evidence.numeric)
    told = evidence.usable & (np.arange(evidence.batch) < half).reshape((-1,) + (1,) * (value.ndim - 1))
    return bool(part.value and np.all(np.abs(again - value)[told] <= (within + evidence.rtol * np.abs(value))[told]))


def _by_power(rest: Number, text: str, power: float) -> str:
    if abs(rest.value) == 1 and abs(power) == 1:
        flipped = "the sign is flipped and " if rest.value < 0 else ""
        return f"{flipped}the gradient is {'multiplied' if power > 0 else 'divided'} by the batch size"
    if rest.value == 1:
        return f"the gradient is the right one {'times' if power > 0 else 'divided by'} {text}"
    return f"the gradient is the right one times {rest.text}, {'times' if power > 0 else 'divided by'} {text}"


def large_batches(evidence: Evidence) -> Iterator[Guess]:
    """Be right for few rows only."""
    right = _right_in(evidence, 1)
    if not right or _right_in(evidence, evidence.batch):
        return
    low, high = 1, evidence.batch
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _right_in(evidence, middle) else (low, middle)
    alone = np.concatenate([evidence.gradient(evidence.X[k : k + 1]) for k in range(evidence.batch)])
    sentence = f"right in batches of up to {low} rows, wrong from {high} rows on"
    if high == 2:
        sentence = "right for a row alone, wrong in a batch of several"
    yield Guess(sentence, evidence.numeric, evidence.bound, observed=alone)


def at_positions(evidence: Evidence) -> Iterator[Guess]:
    """Be wrong at some places of a batch, whatever rows stand there."""
    bad = np.asarray(evidence.to_explain.reshape(evidence.batch, -1).any(axis=1))
    turned = evidence.gradient(evidence.X[::-1])[::-1]
    with np.errstate(invalid="ignore"):
        fits = ~(np.abs(turned - evidence.numeric) > 2 * evidence.allowed + evidence.reach)
    again = np.any(~fits & evidence.known & ~evidence.kinks, axis=tuple(range(1, fits.ndim)))
    # Seen from the other end the same places are wrong, but hold other rows; what is 0 anyway may look right.
    place, other = np.flatnonzero(bad), np.flatnonzero(again[::-1])
    if not place.size or not other.size or not np.any(fits[bad].all(axis=tuple(range(1, fits.ndim)))):
        return
    for pattern, text in _patterns(evidence.batch):
        if not bad[~pattern].any() and not again[::-1][~pattern].any():
            if np.count_nonzero(bad[pattern]) < 0.6 * np.count_nonzero(pattern):
                continue
            zero = "0" if not np.any(evidence.analytic[pattern]) else "wrong"
            proven = np.broadcast_to(evidence.per_row(pattern.astype(float)) > 0, evidence.analytic.shape)
            yield Guess(
                f"the gradient is {zero} in {text} of a batch, whatever row that is",
                evidence.numeric,
                proven=proven,
                least=2,
            )


def _patterns(batch: int) -> Iterator[tuple[np.ndarray, str]]:
    at = np.arange(batch)
    yield at == batch - 1, "the last row"
    yield at == 0, "the first row"
    yield at % 2 == 1, "every second row"
    yield at % 2 == 0, "every first row of two"


def _right_in(evidence: Evidence, size: int) -> bool:
    """Whether the first rows, and as many wrong ones as there is room for, are right in a batch of that size."""
    order = np.argsort(~evidence.to_explain.reshape(evidence.batch, -1).any(axis=1), kind="stable")[:size]
    asked = evidence.gradient(evidence.X[order])
    with np.errstate(invalid="ignore"):
        fits = np.abs(asked - evidence.numeric[order]) <= 2 * evidence.allowed[order] + evidence.bound[order]
    return bool(fits[(evidence.usable | evidence.to_explain)[order] & ~evidence.kinks[order]].all())


def column_moved(evidence: Evidence) -> Iterator[Guess]:
    """Put the columns, or the outputs, in another order."""
    if evidence.inputs < 2:
        return
    v, bound = evidence.numeric, evidence.reach
    # Of slopes that are 0 and 1 there are two pairs; that a neighbour has them at every entry is no accident.
    yield Guess("the columns come in reversed order", v[..., ::-1], bound[..., ::-1], variety=2)
    for by in (1, -1):
        sentence = f"the columns are moved by {by:+d}: an index is off by one"
        yield Guess(sentence, np.roll(v, by, -1), np.roll(bound, by, -1), variety=2)
    if not evidence.diagonal:
        for by in (1, -1):
            sentence = f"the outputs are moved by {by:+d}: an index is off by one"
            yield Guess(sentence, np.roll(v, by, 1), np.roll(bound, by, 1))
        yield Guess("the outputs come in reversed order", v[:, ::-1], bound[:, ::-1])
        yield Guess("outputs and inputs both come in reversed order", v[:, ::-1, ::-1], bound[:, ::-1, ::-1])


def column_permuted(evidence: Evidence) -> Iterator[Guess]:
    """Give each column the slopes of some other one."""
    if not evidence.diagonal or not evidence.mixed.any():
        return
    n, v, bound = evidence.inputs, evidence.numeric, evidence.reach
    source = np.arange(n)
    for column in range(n):
        given, usable = evidence.analytic[:, column, None], evidence.usable[:, column, None]
        with np.errstate(invalid="ignore"):
            fits = np.abs(given - v) <= 2 * evidence.allowed[:, column, None] + bound + evidence.rtol * np.abs(v)
        found = np.flatnonzero((fits | ~usable).all(axis=0))
        if found.size and column not in found:
            source[column] = found[0]
    moved = np.flatnonzero(source != np.arange(n))
    if moved.size:
        pairs = ", ".join(f"{column} has those of {source[column]}" for column in moved[:_PAIRS].tolist())
        sentence = f"columns have the slopes of others: column {pairs}{', ...' if moved.size > _PAIRS else ''}"
        yield Guess(sentence, v[:, source], bound[:, source], variety=2, fitted=int(moved.size))


def places_permuted(evidence: Evidence) -> Iterator[Guess]:
    """Put the outputs, or the inputs, of a Jacobian in some other order."""
    if evidence.diagonal:
        return
    for axis, name in ((1, "output"), (2, "input")):
        source = _source(evidence, axis)
        moved = np.flatnonzero(source != np.arange(len(source)))
        if moved.size and np.unique(source).size == len(source):
            pairs = ", ".join(f"{place} has those of {source[place]}" for place in moved[:_PAIRS].tolist())
            more = ", ..." if moved.size > _PAIRS else ""
            sentence = f"{name}s have the slopes of others: {name} {pairs}{more}"
            value, bound = np.take(evidence.numeric, source, axis), np.take(evidence.reach, source, axis)
            yield Guess(sentence, value, bound, variety=2, fitted=int(moved.size))


def _source(evidence: Evidence, axis: int) -> np.ndarray:
    """Give whose slopes each output, or input, has: its own where they fit."""
    source = np.arange(evidence.analytic.shape[axis])
    v, bound = evidence.numeric, evidence.reach
    for place in source.copy():
        one = (*(slice(None),) * axis, slice(place, place + 1))
        given, usable, allowed = evidence.analytic[one], evidence.usable[one], evidence.allowed[one]
        with np.errstate(invalid="ignore"):
            fits = np.abs(given - v) <= 2 * allowed + bound + evidence.rtol * np.abs(v)
        found = np.flatnonzero((fits | ~usable).all(axis=(0, 3 - axis)))
        if found.size and place not in found:
            source[place] = found[0]
    return source


def same_for_all(evidence: Evidence) -> Iterator[Guess]:
    """Give every row the same gradient, which is that of none of them."""
    told = np.isfinite(evidence.analytic).reshape(evidence.batch, -1).all(axis=1)
    given = evidence.analytic[told]
    if len(given) < _SAME_ROWS or np.any(np.abs(given - given[0]) > _SAME_POWER * np.abs(given[0])):
        return
    sentence = "the gradient is the same in every row: what depends on x in it is missing"
    if evidence.coupled:
        sentence = "the gradient is the same in every row of a batch, and another in another batch"
    yield Guess(sentence, evidence.numeric, proven=evidence.to_explain)


def row_factor(evidence: Evidence) -> Iterator[Guess]:
    """Put each row off by a factor of its own."""
    if evidence.analytic[0].size < _SAME_ROWS:
        return
    shape = (evidence.batch, -1)
    c, least = (each[:, 0] for each in shares(evidence, shape))
    known = np.isfinite(c) & np.isfinite(least)
    if np.count_nonzero(known) < _SAME_ROWS or np.ptp(c[known]) <= _SAME_POWER * np.abs(c[known]).max():
        return
    if np.unique(np.round(c[known], 6)).size <= 2:
        # Rows of two kinds have no numbers of their own.
        return
    factors, slack = evidence.per_row(np.where(known, c, 0.0)), evidence.per_row(np.where(known, least, np.inf))
    sentence = "each row is the right one times a number of its own: a normalisation is missing, or one too many"
    rows = int(np.count_nonzero(evidence.to_explain.reshape(shape).any(axis=1)))
    bound = np.abs(factors) * evidence.reach + slack * np.abs(evidence.numeric)
    yield Guess(sentence, factors * evidence.numeric, bound, variety=8, fitted=rows)


def place_factor(evidence: Evidence) -> Iterator[Guess]:
    """Put each column, or each output or input of a Jacobian, off by a factor of its own."""
    axes = ((1, "column"),) if evidence.diagonal else ((1, "output"), (2, "input"))
    for axis, name in axes:
        factors = [_factor_at(evidence, axis, place) for place in range(evidence.analytic.shape[axis])]
        numbers = [each for each in factors if each is not None]
        apart = {round(each.value, 9) for each in numbers if each.value != 1}
        if len(numbers) < len(factors) or len(apart) < 2:
            continue
        shape = [1] * evidence.analytic.ndim
        shape[axis] = len(numbers)
        c = np.array([each.value for each in numbers]).reshape(shape)
        error = np.array([each.error for each in numbers]).reshape(shape)
        sentence = f"each {name} is the right one times a number of its own: {_listed(numbers, name)}"
        bound = np.abs(c) * evidence.reach + error * np.abs(evidence.numeric)
        yield Guess(sentence, c * evidence.numeric, bound, variety=8, fitted=len(numbers))


def _listed(numbers: Sequence[Number], name: str) -> str:
    """Write the first numbers; of many, of which the first say nothing, those that are not 1, with their places."""
    more = ", ..." if len(numbers) > _PAIRS else ""
    if len({each.text for each in numbers[:_PAIRS]}) > 1 or not more:
        return ", ".join(each.text for each in numbers[:_PAIRS]) + more
    odd = [(place, each) for place, each in enumerate(numbers) if each.text != "1"]
    texts = ", ".join(f"{each.text if each.value else '0'} for {name} {place}" for place, each in odd[:_PAIRS])
    return texts + (", ..." if len(odd) > _PAIRS else "")


def _factor_at(evidence: Evidence, axis: int, place: int) -> Number | None:
    at = np.arange(evidence.analytic.shape[axis]).reshape((-1,) + (1,) * (evidence.analytic.ndim - axis - 1))
    here = np.broadcast_to(at == place, evidence.analytic.shape)
    return ratio(evidence.plain, evidence.analytic, evidence.numeric, evidence.reach, evidence.usable & here)


def column_parameters(evidence: Evidence) -> Iterator[Guess]:
    """Take a parameter of each column from the column beside it."""
    if not evidence.diagonal or evidence.inputs < 2:
        return
    for by in (1, -1):
        value, bound = evidence.slopes(np.roll(evidence.X, -by, 1))
        sentence = f"each column is differentiated with the parameters of another: they are moved by {by:+d}"
        yield Guess(sentence, np.roll(value, by, 1), np.roll(bound, by, 1))


def column_mixed(evidence: Evidence) -> Iterator[Guess]:
    """Let the gradient of an x depend on the others in its row, in no way that is known."""
    if evidence.mixed.any() and not evidence.coupled:
        sentence = "the gradient of an x depends on the other inputs of its row, which its value does not"
        yield Guess(sentence, evidence.numeric, proven=evidence.mixed)


def half_moved(evidence: Evidence) -> Iterator[Guess]:
    """Move the columns by one in one half of the inputs."""
    n = evidence.inputs
    if evidence.diagonal or n % 2 or n < 4:
        return
    for part, text in ((slice(0, n // 2), "first"), (slice(n // 2, n), "second")):
        for by in (1, -1):
            value, slack = evidence.numeric.copy(), evidence.reach.copy()
            value[..., part] = np.roll(value[..., part], by, -1)
            slack[..., part] = np.roll(slack[..., part], by, -1)
            yield Guess(f"in the {text} half of the inputs the columns are moved by {by:+d}", value, slack)


def column_pooled(evidence: Evidence) -> Iterator[Guess]:
    """Average or sum over another axis."""
    if evidence.inputs < 2:
        return
    v, bound, shape = evidence.numeric, evidence.reach, evidence.analytic.shape
    for text, axis in (("columns", -1),) if evidence.diagonal else (("inputs", 2), ("outputs", 1)):
        mean, slack = v.mean(axis=axis, keepdims=True), bound.mean(axis=axis, keepdims=True)
        yield Guess(
            f"the gradient is averaged over the {text}", np.broadcast_to(mean, shape), np.broadcast_to(slack, shape)
        )
        count = shape[axis]
        yield Guess(
            f"the gradient is summed over the {text}",
            np.broadcast_to(count * mean, shape),
            np.broadcast_to(count * slack, shape),
        )
    if not evidence.diagonal and evidence.square:
        total = np.where(evidence.on_diagonal, v.sum(axis=1, keepdims=True), 0.0)
        spread = np.broadcast_to(bound.sum(axis=1, keepdims=True), shape)
        yield Guess("each diagonal entry is the sum of its column of the Jacobian", total, spread)
