"""Functors made of two functions, and the rows and subjects that the tests of this room share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from actcheck.checks.calls import Subject
from actcheck.model import CheckSpec, Claim, Layout, Rows
from actcheck.rows import batch

Function = Callable[[np.ndarray], Any]

SPEC = CheckSpec("made")


class Made:
    """A functor made of its value and its gradient."""

    def __init__(self, value: Function, gradient: Function) -> None:
        self.value = value
        self.slope = gradient

    def __call__(self, X: np.ndarray) -> Any:
        return self.value(X)

    def gradient(self, X: np.ndarray) -> Any:
        return self.slope(X)


def sech2(X: np.ndarray) -> np.ndarray:
    return 1 - np.tanh(X) ** 2


TANH = Made(np.tanh, sech2)
RELU = Made(lambda X: np.maximum(X, 0), lambda X: (X > 0).astype(X.dtype))


def softmax(X: np.ndarray) -> np.ndarray:
    E = np.exp(X - X.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def softmax_jacobian(X: np.ndarray) -> np.ndarray:
    A = softmax(X)
    return A[:, :, None] * np.eye(X.shape[1]) - A[:, :, None] * A[:, None, :]


SOFTMAX = Made(softmax, softmax_jacobian)


def random_rows(dim: int = 5, dtype: str = "float64", seed: int = 0) -> np.ndarray:
    return batch.reference(CheckSpec("made", seed=seed, dtype=dtype), dim).values


def rows(*values: Any, dtype: str = "float64") -> Rows:
    """Give rows as the API does."""
    return batch.given(np.array(values, float), dtype)


def subject(
    functor: Any,
    inputs: int = 5,
    outputs: int | None = None,
    jacobian: bool = False,
    dtype: str = "float64",
    layout: Layout = Layout.OUT_IN,
    spread: bool = False,
) -> Subject:
    claim = Claim.JACOBIAN if jacobian else Claim.DIAGONAL
    return Subject(functor, inputs, inputs if outputs is None else outputs, claim, layout, dtype, spread)
