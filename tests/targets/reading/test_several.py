"""Which of several things that a backward pass returns is the gradient of its input."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from actcheck.targets.reading.several import chosen, names_returned

X, W, b = np.ones((7, 3)), np.ones((3, 2)), np.ones(2)


@pytest.mark.parametrize(
    ("raw", "names", "wanted"),
    [
        ((X, W, b), (), 0),
        ((W, b, X), (), 2),
        ((X, X), ("dW", "dX"), 1),
        ((X, X), (), 0),
        ((W, b), (), 0),
        ([W, X], (), 1),
        ([b, b], (), None),
        ({"dW": W, "dX": X}, (), "dX"),
        ({"a": X, "dx": X}, (), "dx"),
        ({"W": W}, (), None),
        ((None, X), (), 1),
        ((), (), None),
    ],
)
def test_the_one_in_the_shape_of_the_input(raw: Any, names: tuple[str, ...], wanted: Any) -> None:
    assert chosen(raw, X.shape, names) == wanted


class Layer:
    def backward(self, d: Any) -> Any:
        def inner() -> Any:
            return 1, 2, 3

        if d is None:
            return None
        dX, self.dW = d, inner()
        return dX, self.dW, d + 1

    def one(self, d: Any) -> Any:
        return d

    def of_two_lengths(self, d: Any) -> Any:
        return (d, d) if d is None else d


def test_names_are_those_of_the_source() -> None:
    assert names_returned(Layer().backward) == ("dX", "dW", "")
    assert names_returned(partial(Layer().backward)) == ("dX", "dW", "")
    assert names_returned(Layer().one) == ()
    assert names_returned(len) == ()
