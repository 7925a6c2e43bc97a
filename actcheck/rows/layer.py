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


def cotangent(seed: int, batch: int, width: int) -> FloatArray:
    """Give the weights, none of them 0, of a layer's outputs in its loss; shape (batch, width)."""
    return decimals(seed, _COTANGENT, batch * width).reshape(batch, width)
