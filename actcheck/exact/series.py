"""Elementary functions of power series with ball coefficients; what has no value gives a series of NaN.

Series are cut at the number of terms in force, which `coefficient` makes sure of: a proof from a series that was cut
shorter would be void.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flint
from flint import arb, arb_series

from actcheck.exact.balls import sign

Series = Any


def terms() -> int:
    """Give the number of terms in force."""
    return int(flint.ctx.cap)


def make(coefficients: Sequence[Any]) -> Series:
    """Give the series with these coefficients, the others 0."""
    return arb_series(list(coefficients), terms())


def unknown() -> Series:
    """Give the series of which nothing is known."""
    return make([arb.nan()] * terms())


def coefficient(series: Series, index: int) -> Any:
    """Give a coefficient.

    Raises
    ------
    AssertionError
        If the series has been cut before it.
    """
    if not index < series.prec:
        raise AssertionError(f"a series of {series.prec} terms has no coefficient {index}")
    return series[index]


def coefficients(series: Series) -> list[Any]:
    """Give all coefficients in force."""
    return [coefficient(series, index) for index in range(terms())]


def with_value(value: Any, series: Series) -> Series:
    """Give a series with another constant term: one known to more digits, or within closer bounds."""
    return make([value, *coefficients(series)[1:]])


def joined(first: Series, second: Series) -> Series:
    """Give the series whose coefficients hold those of both."""
    return make([one.union(other) for one, other in zip(coefficients(first), coefficients(second), strict=True)])


def _integrated(value: Any, slope: Series, inner: Series) -> Series:
    """Give F(s) from F(s_0) and F'(s)."""
    whole = (slope * inner.derivative()).integral()
    return with_value(value, whole)


# ------------------------------------------------------------------------------------------ arithmetic


def square(series: Series) -> Series:
    """Give s²; its value is not negative, which a product of two balls does not know."""
    value = series[0]
    product = series * series
    if sign(value) is None and value.is_finite():
        largest = value.abs_upper()
        return with_value((largest * largest).union(arb(0)), product)
    return product


def quotient(first: Series, second: Series) -> Series:
    """Give a / b, unknown where b may be 0."""
    return unknown() if sign(second[0]) in (None, 0) else first / second


def power(series: Series, exponent: int) -> Series:
    """Give s to a whole power."""
    if exponent < 0:
        return quotient(make([1]), power(series, -exponent))
    result = make([1])
    while exponent:
        if exponent % 2:
            result = result * series
        series = square(series)
        exponent //= 2
    return result


# ------------------------------------------------------------------------------------------ functions


def exp(series: Series) -> Series:
    """Give exp(s)."""
    return series.exp() if series[0].is_finite() else unknown()


def expm1(series: Series) -> Series:
    """Give exp(s) - 1."""
    return with_value(series[0].expm1(), exp(series))


def log(series: Series) -> Series:
    """Give log(s), for s > 0."""
    return series.log() if sign(series[0]) == 1 else unknown()


def log1p(series: Series) -> Series:
    """Give log(1 + s), for s > -1."""
    return with_value(series[0].log1p(), log(series + 1))


def sqrt(series: Series) -> Series:
    """Give √s, for s > 0."""
    return series.sqrt() if sign(series[0]) == 1 else _at_zero(series)


def cbrt(series: Series) -> Series:
    """Give the cube root, for s that is not 0."""
    side = sign(series[0])
    if side == -1:
        return -cbrt(-series)
    return with_value(series[0].root(3), (series.log() / 3).exp()) if side == 1 else _at_zero(series)


def _at_zero(series: Series) -> Series:
    """Give a root of a number that is exactly 0 and stays so, else nothing is known."""
    return series if all(each.is_zero() for each in coefficients(series)) else unknown()


def sin(series: Series) -> Series:
    """Give sin(s)."""
    return series.sin()


def cos(series: Series) -> Series:
    """Give cos(s)."""
    return series.cos()


def tan(series: Series) -> Series:
    """Give tan(s), away from its poles."""
    return quotient(series.sin(), series.cos())


def sinh(series: Series) -> Series:
    """Give sinh(s)."""
    grown = exp(series)
    return with_value(series[0].sinh(), (grown - quotient(make([1]), grown)) / 2)


def cosh(series: Series) -> Series:
    """Give cosh(s)."""
    grown = exp(series)
    return with_value(series[0].cosh(), (grown + quotient(make([1]), grown)) / 2)


def tanh(series: Series) -> Series:
    """Give tanh(s)."""
    return with_value(series[0].tanh(), 1 - quotient(make([2]), exp(2 * series) + 1))


def expit(series: Series) -> Series:
    """Give the logistic sigmoid."""
    return quotient(make([1]), exp(-series) + 1)


def asin(series: Series) -> Series:
    """Give arcsin(s), for |s| < 1."""
    return series.asin() if _inside_one(series) else unknown()


def acos(series: Series) -> Series:
    """Give arccos(s), for |s| < 1."""
    return series.acos() if _inside_one(series) else unknown()


def atan(series: Series) -> Series:
    """Give arctan(s)."""
    return series.atan()


def asinh(series: Series) -> Series:
    """Give arsinh(s)."""
    return _integrated(series[0].asinh(), quotient(make([1]), sqrt(square(series) + 1)), series)


def acosh(series: Series) -> Series:
    """Give arcosh(s), for s > 1."""
    if sign(series[0] - 1) != 1:
        return unknown()
    return _integrated(series[0].acosh(), quotient(make([1]), sqrt((series - 1) * (series + 1))), series)


def atanh(series: Series) -> Series:
    """Give artanh(s), for |s| < 1."""
    if not _inside_one(series):
        return unknown()
    return _integrated(series[0].atanh(), quotient(make([1]), 1 - square(series)), series)


def erf(series: Series) -> Series:
    """Give the error function."""
    return series.erf()


def erfc(series: Series) -> Series:
    """Give 1 - erf(s)."""
    return series.erfc()


def _inside_one(series: Series) -> bool:
    return sign(1 - series[0]) == 1 and sign(1 + series[0]) == 1


def log2(series: Series) -> Series:
    """Give the logarithm to base 2, for s > 0."""
    return log(series) / arb(2).log()


def log10(series: Series) -> Series:
    """Give the logarithm to base 10, for s > 0."""
    return log(series) / arb(10).log()


def exp2(series: Series) -> Series:
    """Give 2 to the power of s."""
    return exp(series * arb(2).log())


def sinc(series: Series) -> Series:
    """Give sin(π s) / (π s), for s that is not 0."""
    turned = series * arb.pi()
    return quotient(turned.sin(), turned)


def ndtr(series: Series) -> Series:
    """Give the normal distribution function."""
    return (-series / arb(2).sqrt()).erfc() / 2


Function = Callable[[Series], Series]
FUNCTIONS: dict[str, Function] = {
    each.__name__: each
    for each in (
        *(exp, expm1, exp2, log, log1p, log2, log10, sqrt, cbrt, square, sin, cos, tan, sinh, cosh, tanh, expit, sinc),
        *(asin, acos, atan, asinh, acosh, atanh, erf, erfc, ndtr),
    )
}
"""Functions of one argument, by name."""
