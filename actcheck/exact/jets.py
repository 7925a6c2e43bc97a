"""Jets: a value of the replay as its Taylor expansion, at the middle of a piece and over all of it.

A jet behaves as a NumPy float does, but for what would need its value: that is refused, with the reason.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb, fmpq

from actcheck.exact import balls, conditions, series
from actcheck.exact.conditions import Open
from actcheck.exact.evaluation import Evaluation, refuse, running
from actcheck.exact.taylor import bounds


def _named(name: str) -> Callable[..., Any]:
    from actcheck.exact.scalars import SCALARS

    return SCALARS[name]


def _operator(name: str, flip: bool = False) -> Callable[[Any, Any], Any]:
    def apply(self: Any, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return _named(name)(other, self) if flip else _named(name)(self, other)

    return apply


class Jet:
    """A number that depends on the variable.

    Parameters
    ----------
    number : int
        Of its expression.
    at, over : arb_series
        The expansion at the middle of the piece, and one that holds those at each of its points; the same for a point.
    """

    def __init__(self, number: int, at: Any, over: Any, evaluation: Evaluation) -> None:
        self.number, self.at, self.over, self.evaluation = number, at, over, evaluation

    @cached_property
    def coefficients(self) -> list[Any]:
        """Those at the middle."""
        return series.coefficients(self.at)

    @cached_property
    def coefficients_over(self) -> list[Any]:
        """Those over the piece."""
        return series.coefficients(self.over)

    def __repr__(self) -> str:
        return f"<jet of expression {self.number}>"

    # -------------------------------------------------------------------------------------- what is refused

    def __float__(self) -> float:
        raise refuse("it asks for the value as a Python float, which a jet has not")

    def __int__(self) -> int:
        raise refuse("it asks for the value as a whole number, which a jet has not")

    __index__ = __int__

    def __complex__(self) -> complex:
        raise refuse("it asks for the value as a complex number, which a jet has not")

    def __str__(self) -> str:
        raise refuse("it writes a value as text")

    def __format__(self, how: str) -> str:
        raise refuse("it writes a value as text")

    def __hash__(self) -> int:
        raise refuse("it looks a value up by itself, in a set or a dictionary")

    # -------------------------------------------------------------------------------------- as a NumPy number

    __add__, __radd__ = _operator("add"), _operator("add", flip=True)
    __sub__, __rsub__ = _operator("subtract"), _operator("subtract", flip=True)
    __mul__, __rmul__ = _operator("multiply"), _operator("multiply", flip=True)
    __truediv__, __rtruediv__ = _operator("divide"), _operator("divide", flip=True)
    __floordiv__, __rfloordiv__ = _operator("floor_divide"), _operator("floor_divide", flip=True)
    __mod__, __rmod__ = _operator("remainder"), _operator("remainder", flip=True)
    __pow__, __rpow__ = _operator("power"), _operator("power", flip=True)
    __lt__, __le__ = _operator("less"), _operator("less_equal")
    __gt__, __ge__ = _operator("greater"), _operator("greater_equal")
    __eq__, __ne__ = _operator("equal"), _operator("not_equal")

    def __neg__(self) -> Any:
        return _named("negative")(self)

    def __pos__(self) -> Jet:
        return self

    def __abs__(self) -> Any:
        return _named("absolute")(self)

    def __bool__(self) -> bool:
        return bool(compare("not_equal", self, 0.0))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        from actcheck.exact.arrays import apply

        return apply(ufunc, method, inputs, options)

    def __getattr__(self, name: str) -> Any:
        from actcheck.exact.arrays import wrapped

        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(wrapped(self), name)

    def __copy__(self) -> Jet:
        return self

    def __deepcopy__(self, memo: Any) -> Jet:
        return self

    def item(self) -> Jet:
        """Give itself."""
        return self

    def __getitem__(self, key: Any) -> Any:
        from actcheck.exact.arrays import wrapped

        return wrapped(self)[key]

    def __round__(self, digits: int | None = None) -> Jet:
        raise refuse("it rounds a value, which has no derivative")


def constant(value: Any) -> Jet:
    """Give the jet of a finite number or an exact fraction."""
    evaluation = running()
    exact = value if isinstance(value, fmpq) else balls.exact(float(value)) if not isinstance(value, int) else None
    exact = fmpq(int(value)) if exact is None else exact
    number = evaluation.table.constant(exact)
    found = evaluation.memo.get(number)
    if found is None:
        made = series.make([arb(exact)])
        found = evaluation.memo[number] = Jet(number, made, made, evaluation)
    return found


def variable_at(point: Any, index: int) -> Jet:
    """Give the jet of the variable of one point among many."""
    evaluation = running()
    number = evaluation.table.number(("point", index))
    evaluation.points[number] = point
    made = series.make([arb(point), 1])
    return Jet(number, made, made, evaluation)


def variable() -> Jet:
    """Give the jet of the variable itself."""
    evaluation = running()
    piece, number = evaluation.piece, evaluation.table.variable
    at = series.make([arb(piece.middle), 1])
    return Jet(number, at, at if piece.is_point else series.make([piece.ball, 1]), evaluation)


def is_open(value: Any) -> bool:
    """Tell whether a value is a jet or a condition left open, rather than a number."""
    return isinstance(value, (Jet, Open))


def lift(value: Any) -> Jet:
    """Give any number, or condition, as a jet.

    Raises
    ------
    NotReplayable
        If it is none, or belongs to another replay.
    """
    if isinstance(value, Jet):
        if value.evaluation is not running():
            raise refuse("it keeps a value from an earlier call")
        return value
    if isinstance(value, Open):
        return lift(choose(value, 1.0, 0.0))
    if isinstance(value, (bool, np.bool_, int, np.integer)):
        return constant(int(value))
    if isinstance(value, (float, np.floating)):
        return constant(float(value)) if math.isfinite(value) else unknown(f"it computes with {value}")
    raise refuse(f"it computes with a {type(value).__name__}")


def unknown(why: str) -> Jet:
    """Give the jet of which nothing is known."""
    evaluation = running()
    evaluation.reasons[why] = None
    # Each by itself: two unknown values are not the same one.
    evaluation.unknowns += 1
    nothing = series.unknown()
    return Jet(evaluation.table.number(("unknown", evaluation.unknowns)), nothing, nothing, evaluation)


def computed(
    name: str, operation: Callable[..., Any], *operands: Jet, why: str = "", extra: tuple[Any, ...] = ()
) -> Jet:
    """Give the jet of an operation on jets.

    Parameters
    ----------
    name : str
        Names the expression.
    operation : callable
        From series to a series.
    *operands : Jet
    why : str
        What to say where the result is unknown although the operands are not.
    extra : tuple
        What else the expression depends on.
    """
    evaluation = running()
    number = evaluation.table.number((name, *extra, *(each.number for each in operands)))
    found = evaluation.memo.get(number)
    if found is None:
        over = _unless_unknown(operation, [each.over for each in operands])
        if not over[0].is_finite() and not evaluation.piece.is_point:
            over = _unless_unknown(operation, [tightened(each).over for each in operands])
        is_one = all(each.at is each.over for each in operands)
        at = over if is_one else _unless_unknown(operation, [each.at for each in operands])
        if why and not over[0].is_finite() and all(each.over[0].is_finite() for each in operands):
            evaluation.reasons[why] = None
        found = evaluation.memo[number] = Jet(number, at, over, evaluation)
    return found


def _unless_unknown(operation: Callable[..., Any], operands: list[Any]) -> Any:
    """Do an operation; of what is unknown the result is, also where python-flint lets 0 times it be 0."""
    return operation(*operands) if all(each[0].is_finite() for each in operands) else series.unknown()


def tightened(jet: Jet) -> Jet:
    """Give the same jet, with the best bounds of its value over the piece."""
    value = bounds(jet.coefficients, jet.coefficients_over, running().piece)
    return Jet(jet.number, jet.at, series.with_value(value, jet.over), jet.evaluation)


def choose(condition: Any, first: Any, second: Any) -> Any:
    """Give the first of two values where a condition holds, else the second; what holds both where it is open."""
    if isinstance(condition, Open):
        known, evaluation = condition.known(), running()
        if known is None and not evaluation.follows:
            evaluation.left_open |= condition.differences()
            one, other = lift(first), lift(second)
            return computed("choose", series.joined, one, other, extra=(condition.key,))
    return first if bool(condition) else second


def compare(name: str, first: Any, second: Any) -> Any:
    """Compare two numbers, at least one of them a jet, as NumPy's function of that name does."""
    one, other = _beside_infinity(first, second)
    if one is not None:
        return getattr(np, name)(one, other).item()
    return conditions.compared(name, lift(first), lift(second))


def _beside_infinity(first: Any, second: Any) -> tuple[float | None, float]:
    """Give numbers that compare as these do, where one is infinite or NaN and the other a finite jet."""
    for one, other, flip in ((first, second, 1), (second, first, -1)):
        is_odd = isinstance(other, (float, np.floating)) and not math.isfinite(other)
        if is_odd and isinstance(one, Jet) and one.over[0].is_finite():
            return (0.0, float(other)) if flip > 0 else (float(other), 0.0)
    return None, 0.0
