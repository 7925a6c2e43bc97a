from __future__ import annotations

import os

import numpy as np
import pytest

from actcheck.activations import LayerNorm, LogSoftmax, Softmax, SwiGLU, catalogue
from actcheck.exact import prover
from actcheck.rows.generated import directions, random_rows

from .proving import Made, along, elementwise, is_proved

ELEMENTWISE = [entry for entry in catalogue.ENTRIES if entry.elementwise]
LINES = 20
EVERY = 1 if os.environ.get("ACTCHECK_FULL_ZOO") == "1" else 5
"""A sample of them: each takes seconds, and they are random."""


def number(fraction) -> float:
    return int(fraction.p) / int(fraction.q)


@pytest.mark.parametrize("entry", ELEMENTWISE, ids=lambda entry: entry.name)
def test_the_catalogue_is_proved_but_for_its_kinks(entry):
    result = elementwise(catalogue.load(entry)(), -30, 30)
    assert is_proved(result), (result.wrong, result.left)
    assert [tuple(map(number, ends)) for ends in result.proved] == [(-30, 30)]
    assert bool(result.bends) is (bool(entry.kinks) and entry.name != "elu")
    # What takes time is replaying; a count says more than a clock.
    assert result.replays < 400


def gelu(X):
    return 0.5 * X * (1 + np.tanh(np.sqrt(2 / np.pi) * (X + 0.044715 * X**3)))


def gelu_slope(X, cubic):
    factor = np.sqrt(2 / np.pi)
    T = np.tanh(factor * (X + cubic * X**3))
    return 0.5 * (1 + T) + 0.5 * X * (1 - T**2) * factor * (1 + 3 * cubic * X**2)


def test_a_digit_of_gelu():
    assert is_proved(elementwise(Made(gelu, lambda X: gelu_slope(X, 0.044715)), -10, 10))
    result = elementwise(Made(gelu, lambda X: gelu_slope(X, 0.0447)), -10, 10)
    widest = result.wrong[0]
    assert number(widest.high - widest.low) > 3
    assert prover.beyond(widest.slope - widest.derivative, result.allowed)


def test_one_per_cent_in_a_ten_thousandth_of_sigmoid():
    def slope(X):
        S = 1 / (1 + np.exp(-X))
        return np.where((X > 0.9) & (X < 0.9001), 1.01, 1) * S * (1 - S)

    result = elementwise(Made(lambda X: 1 / (1 + np.exp(-X)), slope), -10, 10)
    (wrong,) = result.wrong
    assert (number(wrong.low), number(wrong.high)) == (0.9, 0.9001)
    assert not result.left


@pytest.mark.parametrize("kind", [Softmax, LogSoftmax, SwiGLU, LayerNorm])
def test_functions_of_the_row_along_lines(kind):
    n = 3 if kind is LayerNorm else 4
    functor = kind()
    bases, turns = random_rows(5, LINES, n, 1.0), directions(5, 1, (LINES, n))
    for base, turn in list(zip(bases.tolist(), turns.tolist(), strict=True))[::EVERY]:
        result = along(functor, base, turn, -0.5, 0.5)
        assert is_proved(result), (base, turn, result.wrong, result.left)


def test_a_row_whose_jacobian_has_lost_a_sign():
    class Wrong(Softmax):
        def gradient(self, X):
            J = super().gradient(X)
            return np.abs(J) * np.where(J < 0, 1, 1)

    assert along(Wrong(), [0.5, -1.0, 2.0], [1.0, 0.5, -0.25], -1, 1).wrong


# ------------------------------------------------------------------------------------------ kinks and seams


def test_a_kink_has_its_slopes_and_the_choice():
    result = elementwise(Made(lambda X: np.maximum(X, 0), lambda X: np.heaviside(X, 0.25)), -1, 2)
    (bend,) = result.bends
    assert (number(bend.low), number(bend.high), bend.jump) == (0, 0, False)
    assert [float(each) for each in (bend.left, bend.right, bend.slope)] == [0, 1, 0.25]


def test_a_choice_outside_the_slopes_is_refuted():
    result = elementwise(Made(lambda X: np.maximum(X, 0), lambda X: np.heaviside(X, 1.25)), -1, 2)
    (wrong,) = result.wrong
    assert (number(wrong.at), float(wrong.slope)) == (0, 1.25)


def test_a_seam_of_a_stable_formula_is_no_kink():
    result = elementwise(
        Made(lambda X: np.maximum(X, 0) + np.log1p(np.exp(-np.abs(X))), lambda X: 1 / (1 + np.exp(-X))), -3, 5
    )
    assert is_proved(result)
    assert not result.bends


def test_a_kink_whose_place_is_no_float():
    result = elementwise(
        Made(lambda X: np.abs(np.exp(X) - 2), lambda X: np.exp(X) * np.sign(np.exp(X) - 2)), -1, 1, resolution=1e-10
    )
    assert is_proved(result)
    (bend,) = result.bends
    assert number(bend.low) <= np.log(2) <= number(bend.high)
    assert number(bend.high - bend.low) < 1e-9


def test_a_kink_at_a_third_is_a_point():
    result = elementwise(Made(lambda X: np.abs(3 * X - 1), lambda X: 3 * np.sign(3 * X - 1)), -1, 1)
    (bend,) = result.bends
    assert (int(bend.low.p), int(bend.low.q)) == (1, 3)


def test_a_jump():
    result = elementwise(Made(lambda X: np.where(X > 0.5, X, 0), lambda X: (X > 0.5) * 1.0), -1, 1)
    assert [(number(bend.low), bend.jump) for bend in result.bends] == [(0.5, True)]
    hidden = elementwise(Made(lambda X: np.where(np.exp(X) > 2, X + 1, X), np.ones_like), -1, 1)
    assert [bend.jump for bend in hidden.bends] == [True]


def test_what_has_no_bound_is_left_over_with_the_reason():
    result = elementwise(Made(np.sqrt, lambda X: 0.5 / np.sqrt(X)), 0, 1, resolution=1e-6)
    assert not result.wrong
    assert "it takes sqrt of what may be 0 or less" in {left.reason for left in result.left}
    assert all(number(left.high) < 1e-4 for left in result.left)
    assert all(number(left.high - left.low) <= 1e-6 for left in result.left)


def test_outside_the_domain_is_left_over_and_not_searched():
    result = elementwise(Made(np.log, lambda X: 1 / X), -1, 1, resolution=1e-6)
    outside = [left for left in result.left if "it has no value there" in left.reason]
    assert outside
    assert result.replays < 3000


def test_nothing_is_proved_by_a_series_that_is_cut(monkeypatch):
    import flint

    flint.ctx.cap = 10
    assert is_proved(elementwise(Made(np.tanh, lambda X: 1 - np.tanh(X) ** 2), -1, 1))
    assert flint.ctx.cap == 10
    assert not is_proved(elementwise(Made(np.tanh, lambda X: (1 - np.tanh(X) ** 2) * (1 + 1e-8 * X**6)), -1, 1))
