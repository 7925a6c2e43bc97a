"""Mistakes of region: right everywhere but in one part, which is found from the batch and refined by asking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from actcheck.diagnosis import argument, form, formula, identity, rows, term
from actcheck.diagnosis.borders import Borders, Region, named, right_between
from actcheck.diagnosis.evidence import BoolArray, Evidence
from actcheck.diagnosis.guess import LEAST, Guess, Test, first_of
from actcheck.diagnosis.numbers import short
from actcheck.numeric.lines import FloatArray, IndexArray

_SIZES, _SPREAD = 3, 2.0


def _factor(evidence: Evidence) -> Iterator[Guess]:
    """Put a region off by one factor; at a single place there is always one, of cancellation as of anything else."""
    sizes = np.unique(np.abs(evidence.X[evidence.to_explain & evidence.usable])) if evidence.diagonal else np.empty(0)
    if not evidence.diagonal or (len(sizes) >= _SIZES and sizes[-1] > _SPREAD * sizes[0]):
        yield from form.factor(evidence)


INSIDE: tuple[Test, ...] = (
    form.constant,
    form.sign,
    argument.value_returned,
    argument.input_returned,
    _factor,
    argument.at_output,
    identity.any_function,
    term.missing_factor,
    term.surplus_factor,
    term.summand,
    formula.series,
)
"""What may be wrong inside the region."""

_SHRINKS = 6
_POINTS = 15
_PLACES = 4
_SMALL_ROWS = 8
_MOSTLY = 0.8
_SINGLE = 0.25
_OUTSIDE = 4
_ALONE = 2
_MOST_RUNS = 3
_ROWS_ASKED = 12


def by_input(evidence: Evidence) -> Iterator[Guess]:
    """Be wrong on one side of a threshold, far out, in a band, or at a point."""
    if not evidence.diagonal:
        yield from _by_perturbed_input(evidence)
        return
    for region in _intervals(evidence):
        yield from _told(evidence, region)


def by_row(evidence: Evidence) -> Iterator[Guess]:
    """Be wrong in rows with ties, or with large entries."""
    if evidence.diagonal:
        return
    for region in (*_ties(evidence), *_far_rows(evidence), *_rows_by_input(evidence)):
        yield from _told(evidence, region)


def by_place(evidence: Evidence) -> Iterator[Guess]:
    """Be wrong in some column, output or entry."""
    if np.any(evidence.kinks & evidence.to_explain) or evidence.mixed.any() or _is_about_x(evidence):
        return
    wrong = np.asarray(evidence.to_explain.any(axis=0))
    for region in _places(evidence, wrong):
        yield from _told(evidence, region)


def _is_about_x(evidence: Evidence) -> bool:
    """Whether no other column was asked where these are wrong: then it may as well be the x as the column."""
    if not evidence.diagonal:
        return False
    bad = evidence.X[evidence.to_explain]
    others = evidence.X[:, ~evidence.to_explain.any(axis=0)]
    right = (evidence.known & ~evidence.wrong)[:, ~evidence.to_explain.any(axis=0)]
    return not np.any((others[right] >= bad.min()) & (others[right] <= bad.max()))


def not_finite(evidence: Evidence) -> Iterator[Guess]:
    """Give NaN or infinity where the value is finite."""
    bad = ~np.isfinite(evidence.analytic) & evidence.to_explain
    if not bad.any():
        return
    where = _from_where(evidence, bad, np.isfinite)
    nan = bad & np.isnan(evidence.analytic)
    name = f"infinite {where}"
    if nan.any():
        behind = _from_where(evidence, nan, _is_number)
        name = f"NaN {where}" if behind == where else f"infinite {where} and NaN {behind}"
    raising = _raising(evidence, nan) if nan.any() else 0.0
    how = name if raising == 0 else name.replace("NaN", "NaN, or raises,")
    sentence = f"the gradient {f'is {how}' if raising < 1 else f'raises {where}'}, though the value is finite"
    yield Guess(sentence, evidence.numeric, proven=bad, least=1)


def _raising(evidence: Evidence, nan: BoolArray) -> float:
    """Ask at a few places whether NaN stands for an exception there, and give the share of those where it does."""
    places = np.argwhere(nan)
    _, first = np.unique(evidence.X[places[:, 0], places[:, -1]], return_index=True)
    few = first[np.unique(np.linspace(0, len(first) - 1, _ROWS_ASKED).round().astype(int))]
    return float(np.mean([_raises(evidence, place) for place in places[few]]))


def _raises(evidence: Evidence, place: IndexArray) -> bool:
    """Whether the gradient raises; of an element-wise function the x by itself, unless that is fine alone."""
    row = evidence.X[place[0]]
    if not evidence.diagonal:
        return evidence.raises(row)
    alone = np.full(evidence.inputs, row[place[1]])
    is_fine = bool(np.isfinite(evidence.gradient(alone[None])).all())
    return evidence.raises(row if is_fine else alone)


def _is_number(values: FloatArray) -> BoolArray:
    return ~np.isnan(values)


def _from_where(evidence: Evidence, bad: BoolArray, is_fine: Callable[[FloatArray], BoolArray]) -> str:
    """Give from where on a gradient is bad, in words."""
    size = np.abs(evidence.X) if evidence.diagonal else evidence.per_row(np.abs(evidence.X).max(axis=1))
    edge = float(size[bad].min())
    fine = evidence.known & is_fine(evidence.analytic)
    if not size[bad].any():
        return "at x = 0"
    if not fine.any():
        return "everywhere"
    if np.any(fine & (size >= edge) & _sides(evidence, bad)) or evidence.mixed.any():
        return "in places"
    first = _first_bad(evidence, bad, size, edge, is_fine)
    signs = np.unique(np.sign(evidence.X[bad])) if evidence.diagonal else np.zeros(2)
    return f"from |x| = {first:.6g} on" if signs.size > 1 else f"from x = {signs[0] * first:.6g} on"


def _sides(evidence: Evidence, bad: BoolArray) -> BoolArray:
    """Give the entries whose x has a sign that a bad one has."""
    x = evidence.by_input(evidence.X)
    if not evidence.diagonal:
        return np.ones(bad.shape, bool)
    return np.asarray((x > 0) & np.any(x[bad] > 0) | (x < 0) & np.any(x[bad] < 0))


def _first_bad(
    evidence: Evidence, bad: BoolArray, size: FloatArray, edge: float, is_fine: Callable[[FloatArray], BoolArray]
) -> float:
    """Shrink the row with the smallest |x| that is bad until its gradient, there, is fine."""
    place = np.argwhere(bad & (size == edge))[0]
    row = evidence.X[place[0]]
    low, high = 0.0, 1.0
    for _ in range(_SHRINKS):
        steps = np.linspace(low, high, _POINTS + 2)
        asked = evidence.gradient(steps[:, None] * row)
        if evidence.diagonal:
            asked = asked[:, place[1]]
        fine = is_fine(asked).reshape(len(steps), -1).all(axis=1)
        at = int(np.flatnonzero(fine)[-1]) if fine.any() else 0
        low, high = float(steps[at]), float(steps[min(at + 1, len(steps) - 1)])
    return edge * high


# ------------------------------------------------------------------------------------------ what is told of a region


def _told(evidence: Evidence, region: Region) -> Iterator[Guess]:
    outside = evidence.known & ~region.scope & ~evidence.wrong
    if np.any(evidence.to_explain & ~region.scope) or np.count_nonzero(outside) < _OUTSIDE:
        return
    inner = evidence.within(region.scope).plain
    if np.any(evidence.kinks & inner.to_explain):
        yield from _at_kinks(inner, region)
        return
    mixed = bool(evidence.mixed.any())
    # Columns of which one is inside and the other is not tell of each other all the same.
    inside = (lambda _: rows.column_moved(evidence),) if mixed else INSIDE
    found = first_of(inner, inside, LEAST if mixed or not region.asked else 1)
    if mixed:
        if found is not None:
            # A border that depends on the neighbours is none.
            sentence = f"{found.sentence}; but for some x only, the others are right"
            yield replace(found, sentence=sentence, scope=region.scope, code="columns-moved")
        return
    judged = inner.usable | inner.to_explain
    name = region.name()
    # Elsewhere in a single entry it may be wrong by too little to tell.
    mostly = _SINGLE if name.code == "entry" else _MOSTLY
    if found is None and np.count_nonzero(inner.to_explain) < mostly * np.count_nonzero(judged):
        return
    least = (1 if name.sharp else _ALONE) if region.asked else LEAST
    if found is not None:
        scope = region.scope if found.scope is None else region.scope & found.scope
        sentence = f"right but {name.where}, where {_inside(found.sentence.replace(' everywhere', ''))}"
        yield replace(found, sentence=sentence, scope=scope, code=name.code, least=least)
    elif name.sharp:
        sentence = f"wrong only {name.where}; right elsewhere"
        yield Guess(sentence, evidence.numeric, proven=region.scope, code=name.code, least=least)


def _inside(text: str) -> str:
    return text if text.startswith(("the ", "it ", "this ", "its ")) else f"it holds: {text}"


def _at_kinks(inner: Evidence, region: Region) -> Iterator[Guess]:
    """Say what the gradient is at kinks or ties where that is no slope; the check itself has looked around them."""
    given = np.unique(np.round(inner.analytic[inner.to_explain], 9))
    values = ", where it is not between the slopes on both sides"
    if not inner.diagonal:
        values = ", where an output's gradient is no mean of its slopes around"
    elif given.size == 1:
        values = f", where it is {given[0]:g}, which is not between the slopes on both sides"
    name = region.name()
    code = "at-ties" if name.code == "ties" else "at-kinks"
    yield Guess(f"wrong only {name.where}{values}", inner.numeric, proven=region.scope, code=code, least=1)


# ------------------------------------------------------------------------------------------ intervals


def _intervals(evidence: Evidence) -> Iterator[Region]:
    wrong, x = evidence.to_explain, evidence.X
    bad, good = x[wrong], x[evidence.known & ~evidence.wrong]
    if not bad.size or not good.size:
        return
    places = np.unique(bad)
    if len(places) <= _PLACES and np.any(evidence.kinks & wrong):
        text = " and ".join(f"{place + 0.0:.10g}" for place in places)
        yield named(f"at x = {text}", np.isin(x, places), "at-a-point", asked=True)
        return
    between = right_between(evidence)
    borders = Borders(evidence, between)
    if len(places) == 1 and good.min() < places[0] < good.max():
        yield borders.band(float(places[0]), float(places[0]))
    yield from _single(borders, places, between)
    runs = _runs(places, np.concatenate([good, between]))
    if 1 < len(runs) <= _MOST_RUNS:
        yield borders.bands(runs)


def _single(borders: Borders, places: FloatArray, between: FloatArray) -> Iterator[Region]:
    """Give the regions of one piece, or of two that mirror each other, that hold no right place between wrong ones."""
    low, high, sizes = float(places.min()), float(places.max()), np.abs(places)
    near, far, size = float(sizes.min()), float(sizes.max()), np.abs(between)
    for region, right in (
        (borders.side(low, high, above=True, size=False), between > low),
        (borders.side(high, low, above=False, size=False), between < high),
        (borders.side(near, far, above=True, size=True), size > near),
        (borders.side(far, near, above=False, size=True), size < far),
        (borders.band(low, high), np.ones(len(between), bool)),
    ):
        if not right.any():
            yield region
    if low < 0 < high and not np.any((size > near) & (size < far)):
        yield borders.rings(near, far)


def _runs(bad: FloatArray, good: FloatArray) -> list[tuple[float, float]]:
    """Give the first and the last of the wrong places that no right one lies between."""
    apart = np.searchsorted(np.sort(good), bad)
    cuts = np.flatnonzero(np.diff(apart)) + 1
    return [(float(run[0]), float(run[-1])) for run in np.split(bad, cuts)]


# ------------------------------------------------------------------------------------------ Jacobians


def _by_perturbed_input(evidence: Evidence) -> Iterator[Guess]:
    """Be wrong where the input that is perturbed lies on one side, with borders as the batch has them."""
    x = evidence.by_input(evidence.X)
    bad, good = x[evidence.to_explain], x[evidence.known & ~evidence.wrong]
    if not bad.size or not good.size:
        return
    for text, scope, nearest in (
        ("above", x >= bad.min(), good[good < bad.min()].max(initial=-np.inf)),
        ("below", x <= bad.max(), good[good > bad.max()].min(initial=np.inf)),
    ):
        edge = bad.min() if text == "above" else bad.max()
        if np.isfinite(nearest):
            where = f"for x_j {text} {short(nearest, edge):g}"
            yield from _told(evidence, named(where, scope, "one-side", sharp=False))


def _ties(evidence: Evidence) -> Iterator[Region]:
    ordered = np.sort(evidence.X, axis=1)
    tied = np.any(np.diff(ordered, axis=1) == 0, axis=1)
    wrong = evidence.to_explain.reshape(evidence.batch, -1).any(axis=1)
    if wrong.any() and not np.any(wrong & ~tied) and not tied.all():
        scope = evidence.per_row(tied.astype(float)) > 0
        yield named("in rows with ties", scope, "ties", asked=True)


def _far_rows(evidence: Evidence) -> Iterator[Region]:
    size = np.abs(evidence.X).max(axis=1)
    wrong = evidence.to_explain.reshape(evidence.batch, -1).any(axis=1)
    if not wrong.any() or wrong.all():
        return
    edge = float(size[wrong].min())
    below = size[~wrong & (size < edge)]
    if below.size:
        scope = evidence.per_row((size >= edge).astype(float)) > 0
        # Small rows are few, and of all sorts: only a good number of them tells a border.
        sharp = below.size >= _SMALL_ROWS
        yield named(f"in rows with an |x| above {short(float(below.max()), edge):g}", scope, "far-out", sharp=sharp)


def _rows_by_input(evidence: Evidence) -> Iterator[Region]:
    """Give the rows in which a single input lies on one side, if just those are wrong."""
    wrong = evidence.to_explain.reshape(evidence.batch, -1).any(axis=1)
    right = ~wrong & evidence.known.reshape(evidence.batch, -1).any(axis=1)
    if min(np.count_nonzero(wrong), np.count_nonzero(right)) < _SMALL_ROWS:
        return
    for j, x in enumerate(evidence.X.T):
        bad, good = x[wrong], x[right]
        for side, edge, nearest, inside in (
            ("above", bad.min(), good.max(), x >= bad.min()),
            ("below", -bad.max(), -good.min(), x <= bad.max()),
        ):
            if nearest < edge:
                border = short(float(nearest), float(edge)) * (1 if side == "above" else -1)
                scope = evidence.per_row(inside.astype(float)) > 0
                yield named(f"in rows where x[{j}] is {side} {border + 0.0:g}", scope, "rows-by-input")


def _places(evidence: Evidence, wrong: BoolArray) -> Iterator[Region]:
    """Give the patterns of entries that hold all wrong ones, smallest first."""
    shape = evidence.analytic.shape
    found: list[tuple[str, BoolArray, str]] = []
    if evidence.diagonal:
        found = [(f"in column {_set(wrong)}", wrong, "column")]
    else:
        i, j = np.asarray(wrong.any(axis=1)), np.asarray(wrong.any(axis=0))
        if wrong.sum() == 1:
            place = tuple(int(k) for k in np.argwhere(wrong)[0])
            found.append((f"in the entry of output {place[0]} and input {place[1]}", wrong, "entry"))
        found.append((f"in the column of input {_set(j)}", np.broadcast_to(j, wrong.shape), "column"))
        found.append((f"in the row of output {_set(i)}", np.broadcast_to(i[:, None], wrong.shape), "output"))
        if evidence.square:
            away = np.arange(len(i))[:, None] - np.arange(len(i))
            found += [("on the diagonal", away == 0, "diagonal"), ("off the diagonal", away != 0, "off-diagonal")]
            found += [("below the diagonal", away > 0, "triangle"), ("above the diagonal", away < 0, "triangle")]
    for where, pattern, code in found:
        if pattern.all() or np.any(wrong & ~pattern):
            continue
        yield named(where, np.broadcast_to(pattern, shape), code)


def _set(mask: BoolArray) -> str:
    at = np.flatnonzero(mask)
    if len(at) > 2 and np.all(np.diff(at) == at[1] - at[0]):
        step = at[1] - at[0]
        return f"{at[0]} to {at[-1]}" if step == 1 else f"{at[0]}, {at[1]}, … {at[-1]}"
    return ", ".join(map(str, at))
