"""Makes a functor of a value and a derivative: width, handing, roles, in this order, on copies."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.errors import TargetError
from actcheck.model import Reading
from actcheck.targets.adapters.adapter import Adapted
from actcheck.targets.reading import handing as ways
from actcheck.targets.reading import rough
from actcheck.targets.reading.asking import Asked, ask, expected
from actcheck.targets.reading.functors import Direct, Pulled
from actcheck.targets.reading.handing import Handing
from actcheck.targets.reading.leaves import Path, Slot, numbers_of, text_of
from actcheck.targets.reading.parameters import Found, parameters_of
from actcheck.targets.reading.parts import Parts, Passes
from actcheck.targets.reading.stretch import BROKEN, stretch
from actcheck.targets.vocabulary import STEP_SIZES

WIDTHS = (5, 6, 4, 8, 3, 2, 1, 16, 10, 12)
"""Widths that are asked with in turn."""

_WIDEST = 4096
_MOST_WIDTHS = 64
_FEW = 4

_HANDINGS: dict[str, tuple[tuple[Callable[[], Handing], int], ...]] = {
    # A vector of one number tells nothing of functions of vectors, but a function of one number takes it.
    "rows": ((ways.Rows, 2), (ways.Single, 2), (ways.Numbers, 1), (ways.Rows, 1), (ways.Column, 2)),
    "columns": ((ways.Columns, 1),),
    "single": ((ways.Single, 1), (ways.Column, 2), (ways.Alone, 2)),
}
"""How samples may be handed over, the likeliest first, each with the least width to ask with."""


Bind = Callable[[Any], Parts]
"""Gives the parts that stand on an object."""


def compose(bind: Bind, owner: Any, reading: Reading, protocol: str) -> Adapted:
    """Make a functor.

    Parameters
    ----------
    bind : callable
        Gives the parts on an object: on `owner`, or on a copy that can be asked without leaving traces.
    owner : object
        What holds state, None where nothing does.
    reading : Reading
    protocol : str
        The name of the adapter.

    Raises
    ------
    TargetError
        If a parameter that the reading names is not there.
    """
    owner, sizes, stilled = _stilled(owner)
    pristine = _copied(owner)

    def make() -> Parts:
        return bind(_copied(pristine)) if pristine is not None else bind(owner)

    chosen = _choose(make, reading, owner)

    def new() -> Direct | Pulled:
        made = _functor(make(), chosen)
        return replace(made, step_sizes=sizes) if isinstance(made, Pulled) else made

    functor = replace(_functor(bind(owner), chosen), fresh=None if pristine is None else new)
    notes = (_read(protocol, bind(owner)), *stilled, *_rates(functor.passes), *chosen.notes)
    if isinstance(functor, Pulled):
        functor = replace(functor, diagonal=_is_diagonal(make, chosen), step_sizes=sizes)
        found = _parameters(functor, new if pristine is not None else lambda: functor, chosen.X, reading)
        functor = replace(functor, parameters=tuple(found.parameters), unchecked=tuple(found.unchecked))
        notes += (*(each.note for each in found.parameters), *found.notes)
    elif reading.parameters:
        raise TargetError(
            "it takes no cotangent, so that no parameter can be checked (--parameter)",
            fix="Parameters are those of a layer with forward(X) and backward(dA).",
        )
    return Adapted(functor, notes, functor.passes.parts.derivative)


@dataclass(frozen=True)
class _Chosen:
    """What asking came to."""

    handing: Handing
    asked: Asked
    X: rough.Floats
    one_output: bool
    remarks: tuple[str, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        return (*filter(None, (self.handing.note,)), *self.asked.notes, *self.remarks)


def _choose(make: Callable[[], Parts], reading: Reading, owner: Any) -> _Chosen:
    """Take the first way of handing samples over that suits value and derivative, at the first width that does."""
    first: _Chosen | None = None
    is_taken = False
    for handing, X in _benches(make, reading, owner):
        if is_taken and not isinstance(handing, ways.Column):
            continue
        if _is_of_batches(make, handing, X, reading) and not is_taken:
            continue
        asked = ask(make, handing, X)
        if asked is not None and reading.derivative_of == "output":
            asked = _of_output(asked)
        given = asked or _by_default(make, _keeps(make, handing, X))
        remarks = _remarks(make, handing, X, asked)
        chosen = _Chosen(handing, given, X, _one_output(make, handing, X), remarks)
        if asked is None:
            first = first or chosen
        elif asked.fits or not _is_open(handing, X, reading):
            return chosen
        elif not is_taken:
            # What fits decides alone: where neither does, it is the first that is taken, which is no column.
            first, is_taken = chosen, True
    # Whatever is wrong with it, the contract tells.
    usual = _HANDINGS[reading.samples][0][0]()
    asked = _by_default(make, keeps=False)
    if reading.derivative_of == "output":
        asked = _of_output(asked)
    return first or _Chosen(usual, asked, rough.rows(WIDTHS[0]), False, ())


def _is_of_batches(make: Callable[[], Parts], handing: Handing, X: rough.Floats, reading: Reading) -> bool:
    """Tell whether a value that takes a column takes many beside each other: --samples columns is for those."""
    return isinstance(handing, ways.Column) and reading.samples == "rows" and _suits(make, ways.Columns(), X)


def _is_open(handing: Handing, X: rough.Floats, reading: Reading) -> bool:
    """Tell whether what fits decides: a column may be taken for a vector, for numbers, or for rows of one number."""
    is_narrow = isinstance(handing, ways.Rows) and X.shape[1] == 1
    is_single = isinstance(handing, (ways.Single, ways.Column, ways.Numbers))
    return (is_narrow or is_single) and reading.derivative_of == "input"


def _benches(make: Callable[[], Parts], reading: Reading, owner: Any) -> Iterator[tuple[Handing, rough.Floats]]:
    """Give the ways that suit the value, each with rows that it takes: usual ones or, where it has none, others."""
    is_usual = False
    for way, least in _HANDINGS[reading.samples]:
        handing = way()
        X = next((X for X in _rows(owner) if X.shape[1] >= least and _suits(make, handing, X)), None)
        if X is not None:
            is_usual = True
            yield handing, X
    for way, _ in () if is_usual else _HANDINGS[reading.samples]:
        handing = way()
        found = stretch(_taker(make, handing)) if _is_refused(make, handing) else None
        X = rough.rows_within(WIDTHS[0], found) if found else None
        if X is not None and _suits(make, handing, X):
            yield handing, X


def _is_refused(make: Callable[[], Parts], handing: Handing) -> bool:
    """Tell whether a value raises on usual rows, but not since its code is broken or made for something else."""
    try:
        _called(make, handing, rough.rows(WIDTHS[0]))
    except BROKEN:
        return False
    except Exception:
        return True
    except SystemExit:
        return False
    return False


def _taker(make: Callable[[], Parts], handing: Handing) -> Callable[[float], bool]:
    def takes(number: float) -> bool:
        X = np.full((1, WIDTHS[0]), number)
        return _suits(make, handing, X) and not np.isnan(_value(make, handing, X)).any()

    return takes


def _functor(parts: Parts, chosen: _Chosen) -> Direct | Pulled:
    passes, width = Passes(parts, chosen.asked.roles), chosen.X.shape[1]
    widths = () if width == WIDTHS[0] else (width,)
    if chosen.asked.takes_cotangent:
        return Pulled(passes, chosen.handing, widths=widths)
    return Direct(passes, chosen.handing, chosen.asked.forward_first, chosen.one_output, widths)


def _rows(owner: Any) -> Iterator[rough.Floats]:
    # Of as many columns as rows, functions of one sample take a batch as well: asked about only where it is held.
    others = (width for width in range(1, _MOST_WIDTHS + 1) if width != rough.BATCH)
    for width in dict.fromkeys((WIDTHS[0], *_sides(owner), *WIDTHS[1:], *others)):
        yield rough.rows(width)
        yield np.abs(rough.rows(width))


def _sides(owner: Any) -> list[int]:
    """Give the widths that what an object holds tells of: sides of its matrices first, then sizes that it keeps."""
    held = numbers_of(owner).values() if owner is not None else ()
    sides = [side for each in held if each.ndim == 2 for side in each.shape]
    vectors = [each.shape[0] for each in held if each.ndim == 1]
    sizes = [int(size) for each in held if each.size <= _FEW for size in each.flat if float(size).is_integer()]
    return [side for side in (*sides, *vectors, *sizes) if 1 <= side <= _WIDEST]


def _suits(make: Callable[[], Parts], handing: Handing, X: rough.Floats) -> bool:
    """Tell whether values come as (batch, m): of a value that is a number for each sample, handed over singly."""
    raw = _value(make, handing, X)
    if not isinstance(raw, np.ndarray) or raw.dtype.kind not in "biuf":
        return False
    if isinstance(handing, ways.Numbers):
        return bool(raw.shape == X.shape)
    return raw.ndim == 2 and bool(raw.shape[0] == len(X) and raw.shape[1] > 0)


def _value(make: Callable[[], Parts], handing: Handing, X: rough.Floats) -> Any:
    try:
        return _called(make, handing, X)
    except (Exception, SystemExit):
        return None


def _called(make: Callable[[], Parts], handing: Handing, X: rough.Floats) -> Any:
    with np.errstate(all="ignore"):
        return handing.value(Passes(make()).value, X.copy())


def _one_output(make: Callable[[], Parts], handing: Handing, X: rough.Floats) -> bool:
    raw = _value(make, handing, X)
    return isinstance(handing, ways.Single) and bool(raw.shape[1] == 1 < X.shape[1])


def _remarks(make: Callable[[], Parts], handing: Handing, X: rough.Floats, asked: Asked | None) -> tuple[str, ...]:
    passes = Passes(make(), asked.roles if asked else ())
    try:
        with np.errstate(all="ignore"):
            if asked is None:
                handing.value(passes.value, X.copy())
            elif asked.takes_cotangent:
                functor = Pulled(passes, handing)
                functor.pull(X.copy(), np.ones(np.shape(functor(X.copy()))))
            else:
                Direct(passes, handing, asked.forward_first).gradient(X.copy())
    except (Exception, SystemExit):
        pass
    return tuple(passes.remarks)


def _of_output(asked: Asked) -> Asked:
    if "x" not in asked.roles:
        return asked
    roles = tuple("a" if role == "x" else role for role in asked.roles)
    return Asked(roles, True, asked.fits, ("the derivative is given the value f(x) (--derivative-of output)",))


def _keeps(make: Callable[[], Parts], handing: Handing, X: rough.Floats) -> bool:
    """Tell whether the value returns something besides, to be handed to the derivative."""
    passes = Passes(make())
    try:
        with np.errstate(all="ignore"):
            handing.value(passes.value, X.copy())
    except (Exception, SystemExit):
        return False
    return passes.kept is not None


def _by_default(make: Callable[[], Parts], keeps: bool) -> Asked:
    """Give the roles of a derivative that raises whatever it is given, so that the contract shows how."""
    from actcheck.targets.vocabulary import is_backward, is_cotangent, is_rate

    parts = make()
    told = expected(parts, keeps)
    if told:
        return Asked(told, forward_first=True)
    wanted = parts.arguments.required
    is_pulled = is_backward(parts.names[1]) or any(map(is_cotangent, wanted))
    roles = iter(("c", "x", "x") if is_pulled else ("x",) * 3)
    given = tuple("rate" if is_rate(name) else next(roles, "x") for name in wanted)
    return Asked(given, forward_first=not given or is_pulled)


def _is_diagonal(make: Callable[[], Parts], chosen: _Chosen) -> bool:
    """Tell whether products with cotangents give no more than the diagonal, and the value is element-wise too."""
    functor, X = _functor(make(), chosen), chosen.X
    assert isinstance(functor, Pulled)
    try:
        with np.errstate(all="ignore"):
            shape = np.shape(functor(X.copy()))
            if shape != X.shape:
                return False
            C = rough.rows(shape[1], 0.53)
            whole = np.array(functor.pull(X.copy(), np.ones(shape)), dtype=float)
            return rough.same(functor.pull(X.copy(), C.copy()), C * whole) and _is_elementwise(functor, X)
    except (Exception, SystemExit):
        return False


def _is_elementwise(function: Callable[[Any], Any], X: rough.Floats) -> bool:
    """Tell whether no output changes with another input than its own, on some rows: each pair by some mask."""
    value, columns = np.array(function(X.copy())), np.arange(X.shape[1])
    for bit in range(X.shape[1].bit_length()):
        moved = (columns >> bit) % 2 == 1
        for changed in (moved, ~moved):
            other = np.array(function(np.where(changed, X + 0.37, X)))
            if not rough.same(value[:, ~changed], other[:, ~changed]):
                return False
    return True


def _parameters(functor: Pulled, new: Callable[[], Any], X: rough.Floats, reading: Reading) -> Found:
    if functor.passes.parts.owner is None:
        if reading.parameters:
            raise TargetError(
                "it is no object, and holds no parameter (--parameter)",
                fix="Parameters are those of a layer with forward(X) and backward(dA).",
            )
        return Found()
    return parameters_of(new, X, reading.parameters)


def _rates(passes: Passes) -> tuple[str, ...]:
    """Say what a derivative that takes a step size is given."""
    method = passes.parts.names[1]
    return tuple(f"`{method}` is given 0 for its step size `{name}`, so that it moves nothing" for name in passes.rates)


def _read(protocol: str, parts: Parts) -> str:
    return f"read as {protocol}: `{parts.names[0]}` is the value, `{parts.names[1]}` the derivative"


def _stilled(owner: Any) -> tuple[Any, tuple[Path, ...], tuple[str, ...]]:
    """Give a layer that moves its weights in a backward pass with a step size of 0, on a copy, and where that is."""
    held = numbers_of(owner) if owner is not None else {}
    paths = tuple(path for path, size in held.items() if path[-1] in STEP_SIZES and size.ndim == 0 and size != 0)
    still = _copied(owner) if paths else None
    if still is None:
        return owner, (), ()
    try:
        for path in paths:
            Slot(still, path).write(np.array(0.0))
    except Exception:
        # What cannot be set leaves the layer as it was; the contract tells if it moves.
        return owner, (), ()
    names = (text_of(owner, path) for path in paths)
    return (
        still,
        paths,
        tuple(f"its `{name}` is set to 0, so that a backward pass leaves it as it is" for name in names),
    )


def _copied(owner: Any) -> Any:
    """Copy an object with all that it holds, None where that cannot be done."""
    if owner is None:
        return None
    try:
        return copy.deepcopy(owner)
    except Exception:
        return None
