"""The numbers of a layer A = f(XW + b), and the cotangent that its output is weighed with: seeded short decimals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.model import CheckSpec
from actcheck.rows.batch import held
from actcheck.rows.generated import decimals, random_rows, shorten

if TYPE_CHECKING:
    from actcheck.model import FloatArray

_WEIGHTS = 16
_COTANGENT = 17
_BIASES = 32
_MARGIN = 0.05


@dataclass(frozen=True)
class Numbers:
    """X, W and b of a layer, as the type can hold them.

    Parameters
    ----------
    X : ndarray of shape (batch, inputs)
    W : ndarray of shape (inputs, outputs)
    b : ndarray of shape (1, outputs)
    """

    X: FloatArray
    W: FloatArray
    b: FloatArray

    @property
    def hidden(self) -> FloatArray:
        """The pre-activations XW + b, of shape (batch, outputs)."""
        Z: FloatArray = self.X @ self.W + self.b
        return Z


def numbers(spec: CheckSpec, outputs: int, attempt: int = 0) -> Numbers:
    """Give the numbers of a layer.

    W is divided by the root of the inputs' number, so that pre-activations are about as large as the rows of `verify`
    are, however many inputs they are summed over.

    Parameters
    ----------
    spec : CheckSpec
    outputs : int
        Width of the pre-activations.
    attempt : int
        Another one changes b, and with it every pre-activation.
    """
    inputs, seed = spec.inputs, spec.seed
    X = random_rows(seed, spec.batch, inputs, spec.scale)
    W = _scaled(decimals(seed, _WEIGHTS, inputs * outputs), inputs**-0.5).reshape(inputs, outputs)
    b = _scaled(decimals(seed, _BIASES + attempt, outputs), spec.scale).reshape(1, outputs)
    return Numbers(*(held(values, spec.dtype) for values in (X, W, b)))


def _scaled(values: FloatArray, scale: float) -> FloatArray:
    return shorten(values * scale, scale)


def positive(given: Numbers) -> Numbers:
    """Give the same numbers without their signs, which makes every pre-activation positive."""
    return Numbers(np.abs(given.X), np.abs(given.W), np.abs(given.b))


def within(given: Numbers, domain: tuple[float, float], dtype: str) -> Numbers:
    """Give the same X with W and b scaled and moved so that every pre-activation lies well inside a domain."""
    low, high = domain
    Z = given.hidden
    if np.all((low < Z) & (high > Z)):
        return given
    first, last = float(Z.min()), float(Z.max())
    span = (last - first) or 1.0
    size = min(1.0, (1.0 - 2.0 * _MARGIN) * (high - low) / span)
    if np.isfinite(low):
        gap = _MARGIN * (high - low if np.isfinite(high) else span)
        offset = low + gap - size * first
        # A domain that is wider than the pre-activations are apart has them in its middle.
        offset += (high - low - 2.0 * gap - size * span) / 2.0 if np.isfinite(high) else 0.0
    else:
        offset = high - _MARGIN * span - size * last
    W, b = shorten(given.W * size, size), shorten(given.b * size + offset, size)
    return Numbers(given.X, held(W, dtype), held(b, dtype))


def cotangent(seed: int, batch: int, width: int) -> FloatArray:
    """Give the weights, none of them 0, of a layer's outputs in its loss; shape (batch, width)."""
    return decimals(seed, _COTANGENT, batch * width).reshape(batch, width)
