"""Numbers of many digits that carry their first and second derivatives by every entry of a row.

The truth functions are evaluated on them, so that the gradients under test are compared with derivatives that nobody
wrote down.
"""

from __future__ import annotations

from dataclasses import dataclass

import mpmath as mp
import numpy as np


@dataclass(frozen=True)
class Jet:
    """A value with its gradient (n,) and Hessian (n, n), arrays of mpmath numbers."""

    v: mp.mpf
    g: np.ndarray
    h: np.ndarray

    def __add__(self, other):
        if not isinstance(other, Jet):
            return Jet(self.v + other, self.g, self.h)
        return Jet(self.v + other.v, self.g + other.g, self.h + other.h)

    def __mul__(self, other):
        if not isinstance(other, Jet):
            return Jet(self.v * other, self.g * other, self.h * other)
        cross = np.multiply.outer(self.g, other.g)
        return Jet(
            self.v * other.v,
            self.g * other.v + other.g * self.v,
            self.h * other.v + other.h * self.v + cross + cross.T,
        )

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        if not isinstance(other, Jet):
            return self * (mp.mpf(1) / other)
        return self * other.map(1 / other.v, -1 / other.v**2, 2 / other.v**3)

    def __rtruediv__(self, other):
        return self.constant(other) / self

    def constant(self, value) -> Jet:
        """Give a number that depends on nothing."""
        return Jet(mp.mpf(value), self.g * 0, self.h * 0)

    def map(self, value, slope, curvature) -> Jet:
        """Apply a function of one argument, given by its value and derivatives here."""
        return Jet(value, self.g * slope, self.h * slope + np.multiply.outer(self.g, self.g) * curvature)


def row(x) -> list[Jet]:
    """Give the entries of a row as the variables that derivatives are taken by."""
    n = len(x)
    unit = np.array([[mp.mpf(i == j) for j in range(n)] for i in range(n)])
    flat = np.full((n, n), mp.mpf(0))
    return [Jet(mp.mpf(float(value)), unit[i], flat) for i, value in enumerate(x)]


def exp(x: Jet) -> Jet:
    e = mp.exp(x.v) if abs(x.v) < 1e4 else _exp_of_large(x.v)
    return x.map(e, e, e)


def _exp_of_large(v):
    # mpmath takes a quarter of a second for exp(1e308): here only the remainder is left to it.
    with mp.extraprec(1100):
        twos = mp.floor(v / mp.ln2)
        rest = mp.exp(v - twos * mp.ln2)
    return mp.ldexp(rest, int(twos))


def log(x: Jet) -> Jet:
    return x.map(mp.log(x.v), 1 / x.v, -1 / x.v**2)


def sqrt(x: Jet) -> Jet:
    s = mp.sqrt(x.v)
    return x.map(s, 1 / (2 * s), -1 / (4 * s * x.v))


def tanh(x: Jet) -> Jet:
    t = mp.tanh(x.v)
    return x.map(t, 1 - t * t, -2 * t * (1 - t * t))


def sin(x: Jet) -> Jet:
    s, c = mp.sin(x.v), mp.cos(x.v)
    return x.map(s, c, -s)


def erfc(x: Jet) -> Jet:
    slope = -2 / mp.sqrt(mp.pi) * mp.exp(-(x.v**2))
    # Beyond 1e4 mpmath gives up, and every type has long arrived at 0 or 2.
    value = mp.erfc(x.v) if abs(x.v) < 1e4 else mp.mpf(0 if x.v > 0 else 2)
    return x.map(value, slope, -2 * x.v * slope)


def absolute(x: Jet) -> Jet:
    return x if x.v >= 0 else -x
