"""Shortcuts to the prover."""

from __future__ import annotations

import numpy as np

from actcheck.exact.balls import exact
from actcheck.exact.prover import Result, prove
from actcheck.exact.replay import Line, Replay


def elementwise(functor, low, high, tolerance=1e-9, resolution=None, inputs=1) -> Result:
    line = Line((exact(0.0),) * inputs, (exact(1.0),) * inputs)
    replay = Replay(functor, line, inputs, diagonal=True)
    finest = 1e-12 * (high - low) if resolution is None else resolution
    return prove(replay, exact(float(low)), exact(float(high)), exact(tolerance), exact(finest))


def along(functor, base, direction, low, high, tolerance=1e-9) -> Result:
    line = Line(tuple(map(exact, base)), tuple(map(exact, direction)))
    outputs = np.asarray(functor(np.array([base]))).shape[-1]
    replay = Replay(functor, line, outputs, diagonal=False)
    return prove(replay, exact(float(low)), exact(float(high)), exact(tolerance), exact(1e-12 * (high - low)))


def is_proved(result: Result) -> bool:
    return not result.wrong and not result.left


class Made:
    """A functor of two functions."""

    def __init__(self, value, gradient):
        self.value, self.slope = value, gradient

    def __call__(self, X):
        return self.value(X)

    def gradient(self, X):
        return self.slope(X)
