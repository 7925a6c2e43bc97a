"""What has changed since the baseline though it is right by itself. Compared by tolerance: a libm is no drift."""

from __future__ import annotations

import math
from collections.abc import Iterator

from actcheck.dataclass import dataclass
from actcheck.gate.record import Numbers, Record, Row
from actcheck.model import Claim, Drift, Kink, Layout, place

GROWTH, SHARE = 100.0, 0.1
"""The worst error has drifted when it is so many times the old one, and takes more than this share of the tolerance."""

_ROUNDING = 256
_EPSILON = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10}
_ELEMENTWISE = "element-wise"


@dataclass(frozen=True)
class Tolerance:
    """What two numbers may differ by.

    Parameters
    ----------
    rtol, atol : float
    dtype : str
        Type that they are computed in: what is small beside its row is not asked for more digits than the row has.
    """

    rtol: float
    atol: float
    dtype: str

    def alike(self, old: float, new: float, size: float) -> bool:
        """Tell whether two numbers of a row whose largest is `size` are the same."""
        if not (math.isfinite(old) and math.isfinite(new)):
            return old == new or (math.isnan(old) and math.isnan(new))
        rounding = _ROUNDING * _EPSILON[self.dtype] * size
        return abs(old - new) <= self.rtol * max(abs(old), abs(new)) + self.atol + rounding


def drifts(old: Record, new: Record, tolerance: Tolerance, layout: Layout = Layout.OUT_IN) -> tuple[Drift, ...]:
    """Give what has drifted, what matters most first.

    Parameters
    ----------
    old : Record
        The baseline's.
    new : Record
        Measured on the rows of the old one.
    tolerance : Tolerance
    layout : Layout
        How the functor's own Jacobian names its entries.
    """
    found = [*_structure(old, new)]
    if old.rule == new.rule:
        # What another version of the verdict rule says of kinks and errors is not to be compared.
        found += [*_kinks(old, new, tolerance), *_error(old, new)]
    if (old.inputs, old.outputs) == (new.inputs, new.outputs):
        flipped = {kink.x for kink, now in _paired(old, new) if not tolerance.alike(kink.chosen, now.chosen, 1.0)}
        told = flipped if old.rule == new.rule else set()
        found += _numbers("value", old, new, tolerance, layout, set())
        if (old.structure == _ELEMENTWISE) == (new.structure == _ELEMENTWISE):
            found += _numbers("gradient", old, new, tolerance, layout, told)
    return tuple(found)


def _structure(old: Record, new: Record) -> Iterator[Drift]:
    if old.structure != new.structure:
        yield Drift("structure", "the gradient's structure has changed", old.structure, new.structure)
    for name in ("inputs", "outputs"):
        before, now = getattr(old, name), getattr(new, name)
        if before != now:
            yield Drift("width", f"the number of {name} has changed", str(before), str(now))


def _paired(old: Record, new: Record) -> list[tuple[Kink, Kink]]:
    now = {kink.x: kink for kink in new.kinks}
    return [(kink, now[kink.x]) for kink in old.kinks if kink.x in now]


def _kinks(old: Record, new: Record, tolerance: Tolerance) -> Iterator[Drift]:
    for before, now in _paired(old, new):
        if not tolerance.alike(before.chosen, now.chosen, 1.0):
            where = f"x = {_text(before.x)}"
            yield Drift(
                "sub-gradient", "another sub-gradient is chosen", _text(before.chosen), _text(now.chosen), where
            )


def _error(old: Record, new: Record) -> Iterator[Drift]:
    if new.share > SHARE and new.share > GROWTH * old.share:
        before, now = (_share(record) for record in (old, new))
        yield Drift("error", "the worst error has grown a hundredfold", before, now)


def _share(record: Record) -> str:
    return f"{record.error:.2g} of {record.allowed:.2g} allowed" if record.error else "0"


def _numbers(
    name: str, old: Record, new: Record, tolerance: Tolerance, layout: Layout, told: set[float]
) -> Iterator[Drift]:
    """Give one drift for all numbers of a sort that have changed, told by the one that has changed most."""
    changed: list[tuple[float, int, int, float, float]] = []
    total = 0
    for index, (before, now) in enumerate(zip(old.rows, new.rows, strict=False)):
        pairs = list(zip(getattr(before, name), getattr(now, name), strict=False))
        total += len(pairs)
        size = _size(getattr(before, name))
        for at, (was, now_is) in enumerate(pairs):
            is_told = bool(told) and at < len(before.x) and before.x[at] in told
            if not is_told and not tolerance.alike(was, now_is, size):
                changed.append((_distance(was, now_is), index, at, was, now_is))
    if changed:
        _, index, at, was, now_is = max(changed)
        many = f"{len(changed)} of {total} {name}s" if len(changed) > 1 else f"a {name}"
        have = "have" if len(changed) > 1 else "has"
        where = _place(name, old, old.rows[index], at, layout)
        yield Drift(name, f"{many} {have} changed", *_told_apart(was, now_is), where)


def _size(values: Numbers) -> float:
    return max((abs(value) for value in values if math.isfinite(value)), default=0.0)


def _distance(old: float, new: float) -> float:
    distance = abs(old - new)
    return math.inf if math.isnan(distance) else distance


def _place(name: str, record: Record, row: Row, at: int, layout: Layout) -> str:
    x = f"x = [{', '.join(map(_text, row.x[:6]))}{', ...' if len(row.x) > 6 else ''}]"
    if record.structure == _ELEMENTWISE:
        return f"x[{at}] = {_text(row.x[at])}"
    if name == "value":
        return f"output {at}, {x}"
    return f"{place(at // record.inputs, at % record.inputs, Claim.JACOBIAN, layout)}, {x}"


def _text(value: float) -> str:
    return f"{value:.6g}"


def _told_apart(old: float, new: float) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to tell one from the other."""
    for digits in range(6, 17):
        texts = f"{old:.{digits}g}", f"{new:.{digits}g}"
        if texts[0] != texts[1]:
            return texts
    return repr(old), repr(new)
