"""Mistakes of normalisation: the gradient divides by something else than the value does."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.diagnosis.evidence import Evidence
from actcheck.diagnosis.guess import Guess
from actcheck.numeric.lines import FloatArray

_FITS = 1e-9
_SMALL = 1e-9
_TOLD = 1e-3
_ROUNDING = 1e-11


@dataclass(frozen=True)
class Normal:
    """A normalisation f = (x - c) / s of each row, with s² = q / k + eps and q the sum of squares of x - c.

    Parameters
    ----------
    centred : ndarray of shape (batch, n)
    squares, divisor : ndarray of shape (batch,)
        Sum q and divisor s.
    count : int
        What the sum is divided by: n, n - 1, or 1 for a plain norm.
    eps : float
    mean : bool
        Whether c is the mean; else it is 0.
    """

    centred: FloatArray
    squares: FloatArray
    divisor: FloatArray
    count: int
    eps: float
    mean: bool

    def jacobian(self, inner: FloatArray, outer: FloatArray, count: int) -> FloatArray:
        """Give (1 - hhᵀ / count) / outer, with h by the divisor `inner`; less the mean where there is one."""
        n = self.centred.shape[1]
        h = self.centred / inner[:, None]
        plain = np.eye(n) - (1 / n if self.mean else 0.0)
        return np.asarray((plain - h[:, :, None] * h[:, None, :] / count) / outer[:, None, None])


def divisor(evidence: Evidence) -> Iterator[Guess]:
    """Take another divisor in the gradient than in the value: n - 1 for n, the variance for its root, another eps."""
    if evidence.diagonal or not evidence.square or evidence.inputs < 2:
        return
    with np.errstate(all="ignore"):
        normal = _normal(evidence)
        if normal is None:
            return
        s = normal.divisor
        for text, other, count in _others(normal):
            for value, where in (
                (normal.jacobian(other, other, count), ""),
                # The last term has a mean of its own, which may be left as it is.
                (normal.jacobian(other, other, normal.count), ""),
                (normal.jacobian(s, other, normal.count), ", in the outer factor only"),
                (normal.jacobian(other, s, count), ", in the last term only"),
            ):
                known = np.isfinite(value)
                # Where terms cancel, their rounding is left.
                size = np.abs(np.where(known, value, 0.0)).max(axis=(1, 2), keepdims=True)
                slack = np.broadcast_to(_ROUNDING * size, value.shape)
                yield Guess(f"{text}{where}", np.where(known, value, 0.0), slack, known)


def _others(normal: Normal) -> Iterator[tuple[str, FloatArray, int]]:
    """Give other divisors, in words, with the count that belongs to them."""
    n, k, eps, q = normal.centred.shape[1], normal.count, normal.eps, normal.squares
    what = "variance" if normal.mean else "mean square"
    for count, name in ((n, "n"), (n - 1, "n - 1")):
        if count not in (k, 0) and k != 1:
            mine = "n" if k == n else "n - 1"
            sentence = f"the {what} is divided by {name} in the gradient, by {mine} in the value (ddof)"
            yield sentence, np.sqrt(q / count + eps), count
    called = what if k != 1 else "sum of squares"
    yield f"the gradient divides by the {called}, the value by its root", normal.divisor**2, k
    if eps > 0:
        yield f"eps = {eps:g} is missing in the gradient's divisor", np.sqrt(q / k), k
        sentence = f"eps = {eps:g} stands outside the root in the gradient, inside it in the value"
        yield sentence, np.sqrt(q / k) + eps, k


def _normal(evidence: Evidence) -> Normal | None:
    """Find the normalisation that the value is, None where it is none."""
    X, n = evidence.X, evidence.inputs
    for mean in (True, False):
        centred = X - X.mean(axis=1, keepdims=True) if mean else X
        s = _divisor(centred, evidence.value)
        if s is None:
            continue
        q = np.sum(centred * centred, axis=1)
        for count in dict.fromkeys((n, n - 1, 1)):
            rest = s * s - q / count
            small = np.isfinite(s) & (q < np.quantile(q[np.isfinite(s)], 0.5))
            eps = float(f"{np.median(rest[small]):.3g}") if small.any() else 0.0
            eps = eps if eps > _SMALL * float(np.median(q)) else 0.0
            fits = np.abs(np.sqrt(q / count + eps) - s) <= _FITS * s
            if fits[np.isfinite(s)].all():
                return Normal(centred, q, np.sqrt(q / count + eps), count, eps, mean)
    return None


def _divisor(centred: FloatArray, value: FloatArray) -> FloatArray | None:
    """Give the number that each row is divided by, NaN where the row is constant; None where it is no single one."""
    at = np.argmax(np.abs(centred), axis=1)[:, None]
    top, bottom = np.take_along_axis(centred, at, 1), np.take_along_axis(value, at, 1)
    s = (top / bottom)[:, 0]
    # A row that is constant but for rounding tells nothing.
    told = np.isfinite(s) & (s > 0) & (np.abs(top[:, 0]) > _SMALL * (1 + np.abs(centred).max(initial=0.0)))
    if np.count_nonzero(told) < 2:
        return None
    off = np.abs(centred - value * s[:, None]).max(axis=1)
    if np.any(off[told] > _FITS * np.abs(top[told, 0])):
        return None
    return np.where(told, s, np.nan)
