"""NumPy's functions of single numbers: on jets by `series`, on plain numbers by NumPy itself.

What does not depend on the variable is computed in floating point, as the functor's own code computes it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from actcheck.exact import balls, conditions, series
from actcheck.exact.conditions import Open
from actcheck.exact.evaluation import Split, refuse, running
from actcheck.exact.jets import Jet, choose, compare, computed, constant, is_open, lift, unknown

Scalar = Callable[..., Any]
SCALARS: dict[str, Scalar] = {}
"""By NumPy's, or SciPy's, name."""

_MOST_STEPS = 64
WITH_NAN = "it computes with nan"


def _scalar(*names: str) -> Callable[[Scalar], Scalar]:
    def keep(function: Scalar) -> Scalar:
        for name in names:
            SCALARS[name] = _with_plain(name, function)
        return function

    return keep


def _with_plain(name: str, function: Scalar) -> Scalar:
    own = getattr(np, name, None)

    def apply(*values: Any) -> Any:
        if any(is_open(value) for value in values):
            return function(*values)
        if own is None:
            return _from_scipy(name)(*values)
        result = own(*values)
        return result.item() if isinstance(result, np.generic) else result

    return apply


def _from_scipy(name: str) -> Scalar:
    import importlib

    # Only code that has SciPy itself comes here.
    return getattr(importlib.import_module("scipy.special"), name)  # type: ignore[no-any-return]


def _is_infinite(value: Any) -> bool:
    return isinstance(value, (float, np.floating)) and math.isinf(value)


def _finite_beside_infinity(first: Any, second: Any) -> Jet | None:
    """Give the finite jet of a pair whose other is infinite."""
    for one, other in ((first, second), (second, first)):
        if _is_infinite(other) and isinstance(one, Jet) and one.over[0].is_finite():
            return one
    return None


# ------------------------------------------------------------------------------------------ arithmetic


@_scalar("add")
def _add(first: Any, second: Any) -> Any:
    if _finite_beside_infinity(first, second) is not None:
        return first if _is_infinite(first) else second
    return computed("add", lambda one, other: one + other, lift(first), lift(second))


@_scalar("subtract")
def _subtract(first: Any, second: Any) -> Any:
    if _finite_beside_infinity(first, second) is not None:
        return first if _is_infinite(first) else -second
    one, other = lift(first), lift(second)
    if one.number == other.number and one.over[0].is_finite():
        return constant(0)
    return computed("sub", lambda one, other: one - other, one, other)


@_scalar("multiply")
def _multiply(first: Any, second: Any) -> Any:
    one, other = lift(first), lift(second)
    if one.number == other.number:
        return _square(one)
    if other.number < one.number:
        one, other = other, one
    return computed("mul", lambda one, other: one * other, one, other)


@_scalar("square")
def _square(value: Any) -> Any:
    return computed("square", series.square, lift(value))


@_scalar("divide", "true_divide")
def _divide(first: Any, second: Any) -> Any:
    if _is_infinite(second) and _finite_beside_infinity(first, second) is not None:
        return 0.0
    one, other = lift(first), lift(second)
    return computed("div", series.quotient, one, other, why="it divides by what may be 0")


@_scalar("reciprocal")
def _reciprocal(value: Any) -> Any:
    return _divide(1.0, value)


@_scalar("negative")
def _negative(value: Any) -> Any:
    return computed("neg", lambda one: -one, lift(value))


@_scalar("positive", "conjugate", "real", "nan_to_num")
def _positive(value: Any) -> Any:
    return value


@_scalar("power", "float_power", "pow")
def _power(base: Any, exponent: Any) -> Any:
    if isinstance(base, Open):
        base = lift(base)
    if isinstance(exponent, (Jet, Open)):
        # The logarithm of a plain number would be one that is rounded.
        return _exp(_multiply(exponent, _log(lift(base))))
    if float(exponent) == int(exponent):
        whole = int(exponent)
        why = "it divides by what may be 0" if whole < 0 else ""
        if abs(whole) > _MOST_STEPS**2:
            return unknown(f"it takes the power {whole}")
        if whole == 1:
            return base
        if whole == 2:
            return _square(base)
        return computed("power", lambda one: series.power(one, whole), lift(base), why=why, extra=(whole,))
    if float(exponent) == 0.5:
        return _sqrt(base)
    return _exp(_multiply(float(exponent), _log(base)))


@_scalar("hypot")
def _hypot(first: Any, second: Any) -> Any:
    return _sqrt(_add(_square(first), _square(second)))


@_scalar("deg2rad", "radians")
def _radians(value: Any) -> Any:
    return _multiply(value, math.pi / 180)


@_scalar("rad2deg", "degrees")
def _degrees(value: Any) -> Any:
    return _multiply(value, 180 / math.pi)


# ------------------------------------------------------------------------------------------ smooth functions

_NAMES = {
    "exp": "exp",
    "exp2": "exp2",
    "expm1": "expm1",
    "sin": "sin",
    "cos": "cos",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
    "atan": "arctan",
    "asinh": "arcsinh",
    "expit": "expit",
    "erf": "erf",
    "erfc": "erfc",
    "ndtr": "ndtr",
}
_LIMITED = {
    "log": ("log", "what may not be positive"),
    "log2": ("log2", "what may not be positive"),
    "log10": ("log10", "what may not be positive"),
    "log1p": ("log1p", "what may not be above -1"),
    "sqrt": ("sqrt", "what may be 0 or less"),
    "cbrt": ("cbrt", "what may be 0"),
    "tan": ("tan", "what may be a pole"),
    "asin": ("arcsin", "what may not be within (-1, 1)"),
    "acos": ("arccos", "what may not be within (-1, 1)"),
    "acosh": ("arccosh", "what may not be above 1"),
    "atanh": ("arctanh", "what may not be within (-1, 1)"),
    "sinc": ("sinc", "what may be 0"),
}


def _smooth(name: str, why: str = "") -> Scalar:
    function = series.FUNCTIONS[name]

    def apply(value: Any) -> Any:
        return computed(name, function, lift(value), why=why)

    return apply


for _name, _known_as in _NAMES.items():
    _scalar(_name, _known_as)(_smooth(_name))
for _name, (_known_as, _what) in _LIMITED.items():
    _scalar(_name, _known_as)(_smooth(_name, f"it takes {_known_as} of {_what}"))

_exp, _log, _sqrt, _log1p = (SCALARS[name] for name in ("exp", "log", "sqrt", "log1p"))


@_scalar("logaddexp")
def _logaddexp(first: Any, second: Any) -> Any:
    return _add(second, _log1p(_exp(_subtract(first, second))))


@_scalar("logaddexp2")
def _logaddexp2(first: Any, second: Any) -> Any:
    scale = _log(constant(2))
    return _divide(_logaddexp(_multiply(first, scale), _multiply(second, scale)), scale)


@_scalar("log_expit")
def _log_expit(value: Any) -> Any:
    return _negative(_log1p(_exp(_negative(value))))


@_scalar("log_ndtr")
def _log_ndtr(value: Any) -> Any:
    return _log(SCALARS["ndtr"](value))


@_scalar("logit")
def _logit(value: Any) -> Any:
    return _subtract(_log(value), _log1p(_negative(value)))


@_scalar("xlogy")
def _xlogy(first: Any, second: Any) -> Any:
    return _multiply(first, _log(second))


@_scalar("xlog1py")
def _xlog1py(first: Any, second: Any) -> Any:
    return _multiply(first, _log1p(second))


@_scalar("arctan2", "atan2")
def _arctan2(first: Any, second: Any) -> Any:
    if compare("greater", second, 0.0) is True:
        return SCALARS["arctan"](_divide(first, second))
    raise refuse("it takes arctan2 where the second argument may not be positive")


# ------------------------------------------------------------------------------------------ comparisons and choices

for _name in conditions.ANSWERS:

    def _comparison(first: Any, second: Any, name: str = _name) -> Any:
        return compare(name, first, second)

    _scalar(_name)(_comparison)


@_scalar("logical_and", "bitwise_and")
def _and(first: Any, second: Any) -> Any:
    return conditions.both(_condition(first), _condition(second))


@_scalar("logical_or", "bitwise_or")
def _or(first: Any, second: Any) -> Any:
    one, other = conditions.negated(_condition(first)), conditions.negated(_condition(second))
    return conditions.negated(conditions.both(one, other))


@_scalar("logical_not", "invert", "bitwise_invert")
def _not(value: Any) -> Any:
    return conditions.negated(_condition(value))


@_scalar("logical_xor", "bitwise_xor")
def _xor(first: Any, second: Any) -> Any:
    one, other = _condition(first), _condition(second)
    return _or(_and(one, conditions.negated(other)), _and(conditions.negated(one), other))


def _condition(value: Any) -> Any:
    return compare("not_equal", value, 0.0) if isinstance(value, Jet) else value


@_scalar("isnan", "isinf", "isposinf", "isneginf")
def _not_finite(value: Any) -> Any:
    value = lift(value)
    if value.over[0].is_finite():
        return False
    return conditions.SignIn((("not finite", value.number),), frozenset((1,)))


@_scalar("isfinite")
def _finite(value: Any) -> Any:
    return conditions.negated(_not_finite(value))


def _is_nan(value: Any) -> bool:
    return isinstance(value, (float, np.floating)) and math.isnan(value)


@_scalar("fmax")
def _fmax(first: Any, second: Any) -> Any:
    return second if _is_nan(first) else first if _is_nan(second) else _maximum(first, second)


@_scalar("fmin")
def _fmin(first: Any, second: Any) -> Any:
    return second if _is_nan(first) else first if _is_nan(second) else _minimum(first, second)


@_scalar("maximum")
def _maximum(first: Any, second: Any) -> Any:
    if _is_nan(first) or _is_nan(second):
        return unknown(WITH_NAN)
    return choose(compare("greater_equal", first, second), first, second)


@_scalar("minimum")
def _minimum(first: Any, second: Any) -> Any:
    if _is_nan(first) or _is_nan(second):
        return unknown(WITH_NAN)
    return choose(compare("less_equal", first, second), first, second)


@_scalar("clip")
def _clip(value: Any, low: Any, high: Any) -> Any:
    return SCALARS["minimum"](SCALARS["maximum"](value, low), high)


@_scalar("absolute", "abs", "fabs")
def _absolute(value: Any) -> Any:
    value = lift(value)
    return choose(compare("greater_equal", value, 0.0), value, _negative(value))


@_scalar("sign")
def _sign(value: Any) -> Any:
    return _heaviside_of(value, -1.0, 0.0)


@_scalar("heaviside")
def _heaviside(value: Any, at_zero: Any) -> Any:
    return _heaviside_of(value, 0.0, at_zero)


def _heaviside_of(value: Any, below: float, at_zero: Any) -> Any:
    value = lift(value)
    positive, zero = compare("greater", value, 0.0), compare("equal", value, 0.0)
    return choose(positive, 1.0, choose(zero, at_zero, below))


@_scalar("signbit")
def _signbit(value: Any) -> Any:
    # That of -0.0 is True; a real zero has none.
    return compare("less", value, 0.0)


@_scalar("copysign")
def _copysign(first: Any, second: Any) -> Any:
    size = SCALARS["absolute"](first)
    return choose(compare("less", second, 0.0), SCALARS["negative"](size), size)


# ------------------------------------------------------------------------------------------ steps


@_scalar("floor")
def _floor(value: Any) -> Any:
    return _step(lift(value))


@_scalar("ceil")
def _ceil(value: Any) -> Any:
    return SCALARS["negative"](_step(_negative(value)))


@_scalar("trunc", "fix")
def _trunc(value: Any) -> Any:
    return choose(compare("greater_equal", value, 0.0), _floor(value), _ceil(value))


@_scalar("rint", "round", "around")
def _rint(value: Any, *digits: int) -> Any:
    if any(digits):
        raise refuse("it rounds to decimals")
    value = lift(value)
    below = _step(_add(value, 0.5))
    if not isinstance(below, float) or below % 2 == 0:
        return below
    # Halves go to the even neighbour.
    return choose(compare("equal", value, below - 0.5), below - 1, below)


@_scalar("floor_divide")
def _floor_divide(first: Any, second: Any) -> Any:
    return _floor(_divide(first, second))


@_scalar("remainder", "mod")
def _remainder(first: Any, second: Any) -> Any:
    return _subtract(first, _multiply(second, _floor_divide(first, second)))


@_scalar("fmod")
def _fmod(first: Any, second: Any) -> Any:
    return _subtract(first, _multiply(second, _trunc(_divide(first, second))))


def _step(value: Jet) -> Any:
    """Give the largest whole number that is not above a value."""
    low, high = (math.floor(end) if math.isfinite(end) else None for end in balls.ends(value.over[0]))
    if low is None or high is None:
        return unknown("it takes the whole part of what is not known")
    if high - low > _MOST_STEPS:
        return _split_at(value, (low + high) // 2)
    # Also against the least: at a point, the side decides whether a whole number is reached.
    found: Any = float(low - 1)
    for whole in range(low, high + 1):
        found = choose(compare("greater_equal", value, float(whole)), float(whole), found)
    return found


def _split_at(value: Jet, whole: int) -> Any:
    piece = running().piece
    if piece.is_point:
        return unknown("it takes the whole part of what is not known")
    compare("greater_equal", value, float(whole))
    raise running().end(Split(piece.middle))
