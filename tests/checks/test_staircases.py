"""Functors whose values are staircases, or steep: no step is a kink, no steep place a jump, and none is a fault."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.model import CheckSpec, Verdict
from actcheck.run import check_functor

EPS = 2.0**-17
TIMES = "the gradient is the right one times"


def short(X):
    return X.astype(np.float32)


class Softmax:
    """In float32 inside."""

    _times = 1.0

    def __call__(self, X):
        E = np.exp(short(X) - short(X).max(axis=1, keepdims=True))
        return (E / E.sum(axis=1, keepdims=True)).astype(float)

    def gradient(self, X):
        E = np.exp(X - X.max(axis=1, keepdims=True))
        A = E / E.sum(axis=1, keepdims=True)
        return self._times * A[:, :, None] * (np.eye(X.shape[1]) - A[:, None, :])


class LayerNorm:
    """In float32 inside, of which equal inputs cancel to 0 at any size of x."""

    _times = 1.0

    def __call__(self, X):
        centred = short(X) - short(X).mean(axis=1, keepdims=True)
        return (centred / np.sqrt(short(X).var(axis=1, keepdims=True) + np.float32(EPS))).astype(float)

    def gradient(self, X):
        n, s = X.shape[1], np.sqrt(X.var(axis=1, keepdims=True) + EPS)
        H = (X - X.mean(axis=1, keepdims=True)) / s
        return self._times * (np.eye(n) - 1 / n - H[:, :, None] * H[:, None, :] / n) / s[:, :, None]


class OnHundredMillion:
    """Its values are multiples of 1.5e-8."""

    _times = 1.0

    def __call__(self, X):
        return 1e8 + np.tanh(X)

    def gradient(self, X):
        return self._times * (1 - np.tanh(X) ** 2)


class CubeRoot:
    _times = 1.0

    def __call__(self, X):
        return np.cbrt(X)

    def gradient(self, X):
        with np.errstate(divide="ignore"):
            return self._times / (3 * np.cbrt(X) ** 2)


CASES = [
    (Softmax, {"edge": False}),
    (LayerNorm, {"typed": ((800.0,) * 5, (-800.0,) * 5, (1.0,) * 5, (0.5, -0.25, 1.0, 2.0, -1.5))}),
    (OnHundredMillion, {"edge": False}),
    (CubeRoot, {"typed": ((1e-9, -1e-9, 1e-9, -1e-9, 0.5), (-1e-9, 1e-9, -1e-9, 1e-9, 0.25))}),
]


@pytest.mark.parametrize("oracle", ["difference", "auto"])
@pytest.mark.parametrize(("kind", "settings"), CASES, ids=lambda each: getattr(each, "__name__", ""))
def test_a_staircase_of_rounding_has_no_kinks(kind, settings, oracle):
    report = check_functor(CheckSpec("functor", oracle=oracle, **settings), kind(), None)
    assert not report.wrong
    assert not report.findings
    assert not {Verdict.KINK_ACCEPTED, Verdict.KINK_REFUSED, Verdict.JUMP} & set(+report.counts)


@pytest.mark.parametrize(("kind", "settings"), CASES, ids=lambda each: getattr(each, "__name__", ""))
def test_a_wrong_gradient_of_a_staircase_is_wrong_all_the_same(kind, settings):
    functor = kind()
    functor._times = 1.5
    report = check_functor(CheckSpec("functor", oracle="difference", **settings), functor, None)
    assert report.wrong
    assert report.diagnoses[0].sentence in (f"{TIMES} 3/2", f"{TIMES} 1.5")
