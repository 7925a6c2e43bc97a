"""A layer A = f(XW + b) and its chain rule: the loss L = sum(C * A), and its gradients through the functor's own."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from actcheck.checks.calls import Subject
from actcheck.dataclass import dataclass
from actcheck.model import Cost
from actcheck.numeric.lines import FloatArray
from actcheck.rows.layer import Numbers

PARAMETERS = ("X", "W", "b")


@dataclass(frozen=True)
class Instance:
    """A layer with all its numbers.

    Parameters
    ----------
    subject : Subject
        The activation function.
    numbers : Numbers
    cotangent : ndarray of shape (batch, m)
    shift : ndarray of shape (batch, n) or float
        Added to the pre-activations, to see what depends on their last digits.
    """

    subject: Subject
    numbers: Numbers
    cotangent: FloatArray
    shift: FloatArray | float = 0.0

    @cached_property
    def hidden(self) -> FloatArray:
        """The pre-activations, as the type holds them."""
        Z: FloatArray = self.numbers.hidden.astype(self.subject.dtype).astype(np.float64)
        return Z

    @cached_property
    def rounding(self) -> FloatArray:
        """What the type has rounded Z by.

        It is a constant of the layer: the gradient, computed in the type, and the differences, computed in float64,
        are of the same function at the same point.
        """
        return self.hidden - self.numbers.hidden

    @cached_property
    def constant(self) -> float:
        """What is added to the loss: the size of its terms, which may cancel.

        Rounding is that of the terms, and the ladder judges it by the size of the sum. The slopes stay as they are.
        """
        return float(np.sum(np.abs(self.subject.forward(self.hidden) * self.cotangent)))

    def parameter(self, name: str) -> FloatArray:
        """Give X, W or b."""
        value: FloatArray = getattr(self.numbers, name)
        return value

    def losses(self, name: str, values: FloatArray, in_type: bool = False) -> FloatArray:
        """Evaluate the loss of the whole layer with other values of a parameter.

        Parameters
        ----------
        name : str
            ``X``, ``W`` or ``b``.
        values : ndarray of shape (K, lines, columns)
        in_type : bool
            Whether the functor is called in the type instead of in float64.

        Returns
        -------
        ndarray of shape (K,)
        """
        X, W, b = (values if name == each else self.parameter(each) for each in PARAMETERS)
        # A stack of products, each of the same shape: a BLAS orders its sums by shape, and that would be noise.
        Z = np.matmul(X, W) + b + self.rounding + self.shift
        forward = self.subject.forward_in_type if in_type else self.subject.forward
        A = forward(Z.reshape(-1, self.subject.inputs)).reshape(len(values), *self.cotangent.shape)
        with np.errstate(invalid="ignore", over="ignore"):
            total: FloatArray = np.sum(A * self.cotangent, axis=(1, 2)) + self.constant
        return total

    def gradients(self) -> dict[str, FloatArray]:
        """Give the loss's gradients through the functor's own, by parameter."""
        with np.errstate(invalid="ignore", over="ignore"):
            dZ = pull_back(self.subject.gradient(self.hidden), self.cotangent)
            return {
                "X": dZ @ self.numbers.W.T,
                "W": self.numbers.X.T @ dZ,
                "b": dZ.sum(axis=0, keepdims=True),
            }


def pull_back(gradient: FloatArray, cotangent: FloatArray) -> FloatArray:
    """Give dL/dZ from dL/dA: an element-wise product with a diagonal, a contraction with a full Jacobian.

    Parameters
    ----------
    gradient : ndarray of shape (batch, n), or (batch, m, n)
    cotangent : ndarray of shape (batch, m)

    Returns
    -------
    ndarray of shape (batch, n)
    """
    if gradient.ndim == 2:
        return gradient * cotangent
    dZ: FloatArray = np.einsum("bi,bij->bj", cotangent, gradient)
    return dZ


def costs(batch: int, inputs: int, outputs: int, dtype: str) -> tuple[Cost | None, Cost]:
    """Count what both ways from dL/dA to dL/dZ take: None for the product where no diagonal exists, and the other.

    Parameters
    ----------
    batch : int
    inputs, outputs : int
        Widths n and m of the functor.
    dtype : str
    """
    size = np.dtype(dtype).itemsize
    diagonal, full = batch * inputs, batch * inputs * outputs
    product = Cost(diagonal, diagonal * size) if inputs == outputs else None
    return product, Cost(full, full * size)
