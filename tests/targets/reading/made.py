"""Makes functors of a class, as the adapters do."""

from __future__ import annotations

from typing import Any

import numpy as np

from actcheck.model import Functor, Reading
from actcheck.targets.adapters import adapter_for
from actcheck.targets.found import Found

AS_NAMED = Reading()


def adapted(thing: Any, reading: Reading = AS_NAMED, owner: object = None, name: str = "it") -> tuple[Functor, str]:
    """Give the functor that an object is read as, and all that is remarked on how."""
    found = Found(thing, name, owner, name, f"mod:{name}", reading)
    adapter = adapter_for(found)
    assert adapter is not None
    made = adapter.adapt(found)
    return made.functor, "\n".join(made.notes)


class Affine:
    """The layer A = tanh(XW + b), right but for what a subclass does to dW or db."""

    def __init__(self, rows: int = 3, columns: int = 2) -> None:
        self.W = np.linspace(-1, 1, rows * columns).reshape(rows, columns)
        self.b = np.linspace(0, 1, columns)

    def forward(self, x: Any) -> Any:
        self.x, self.a = x, np.tanh(x @ self.W + self.b)
        return self.a

    def backward(self, dA: Any) -> Any:
        dZ = dA * (1 - self.a**2)
        self.dW, self.db = self.of_weights(dZ), self.of_bias(dZ)
        return dZ @ self.W.T

    def of_weights(self, dZ: Any) -> Any:
        return self.x.T @ dZ

    def of_bias(self, dZ: Any) -> Any:
        return dZ.sum(axis=0)
