from __future__ import annotations

import math

import numpy as np
import pytest

from actcheck.accuracy_model import Loss
from actcheck.activations import GELU, ReLU, Sigmoid, Softplus, Tanh
from actcheck.checks.accuracy import described, measure
from actcheck.checks.calls import Subject
from actcheck.errors import TargetError
from actcheck.model import Claim, Layout


def of(functor, dtype="float64"):
    return measure(Subject(functor, 2, 2, Claim.DIAGONAL, Layout.OUT_IN, dtype), "it")


def losses(found, quantity):
    return {math.copysign(1, loss.start): loss for loss in found.losses if loss.quantity == quantity}


class TanhBySquare:
    def __call__(self, X):
        return np.tanh(X)

    def gradient(self, X):
        return 1 - np.tanh(X) ** 2


class NaiveSoftplus:
    def __call__(self, X):
        return np.log(1 + np.exp(X))

    def gradient(self, X):
        return 1 / (1 + np.exp(-X))


class SigmoidByProduct:
    def __call__(self, X):
        return 1 / (1 + np.exp(-X))

    def gradient(self, X):
        S = self(X)
        return S * (1 - S)


def test_one_less_tanh_squared_has_no_digit_left_at_19():
    found = losses(of(TanhBySquare()), "gradient")
    for sign in (-1, 1):
        assert found[sign].kind == "cancellation"
        assert 18 < sign * found[sign].total < 19
        assert 18 < sign * found[sign].zero < 19.5
    assert not losses(of(TanhBySquare()), "value")


def test_log_of_one_plus_exp_overflows_at_710():
    right = losses(of(NaiveSoftplus()), "value")[1]
    assert right.kind == "overflow"
    assert 709.7 < right.start < 710
    left = losses(of(NaiveSoftplus()), "value")[-1]
    assert left.kind == "cancellation"
    assert -37 < left.zero < -36


def test_s_times_one_less_s_is_exactly_0_from_37():
    found = losses(of(SigmoidByProduct()), "gradient")
    assert set(found) == {1.0}
    assert 36.5 < found[1].zero < 37.5
    assert "exactly 0 from 36.7" in described(found[1])


@pytest.mark.parametrize("functor", [Sigmoid(), Tanh(), Softplus(), GELU()], ids=lambda each: type(each).__name__)
def test_the_catalogue_loses_nothing(functor):
    found = of(functor)
    assert not found.losses
    assert not found.unknown
    assert max(each.error.units for each in found.worst) < 16


def test_a_kink_is_left_out():
    found = of(ReLU(at_zero=0.5))
    assert found.kinks == 1
    (zero,) = [band for band in found.bands if band.low == band.high]
    assert math.isnan(zero.gradient.ulps)
    assert zero.value.ulps == 0


def test_float16_is_looked_at_number_by_number():
    class Square:
        def __call__(self, X):
            return X * X

        def gradient(self, X):
            return X + X

    found = of(Square(), "float16")
    assert found.points == 2**16 - 2 * 2**10 - 1
    assert not [loss for loss in found.losses if loss.quantity == "gradient"]
    # Beyond 255.9 the square has no float16, and infinity is the right answer; doubling the largest likewise.
    assert not [loss for loss in found.losses if loss.kind == "overflow"]


def test_float32_by_a_formula_of_float64():
    class Sloppy:
        def __call__(self, X):
            return (X.astype(np.float16) * 2).astype(X.dtype)

        def gradient(self, X):
            return np.full_like(X, 2)

    (loss, *_) = of(Sloppy(), "float32").losses
    assert isinstance(loss, Loss)
    assert loss.quantity == "value"


def test_a_wrong_number_is_measured():
    class Off:
        def __call__(self, X):
            return X

        def gradient(self, X):
            return np.where(X.astype(np.float64) > 3, 1 + 2e-15 * (X.dtype == np.float64), 1.0)

    worst = of(Off()).worst[0]
    # In real arithmetic the code says what it computes; what counts is the derivative of the value.
    assert worst.quantity == "gradient"
    assert 8 < worst.error.ulps < 10


def test_what_cannot_be_replayed_says_so():
    class Rounds:
        def __call__(self, X):
            return np.round(X, 2)

        def gradient(self, X):
            return np.zeros_like(X)

    with pytest.raises(TargetError, match="it cannot be replayed: return np") as caught:
        of(Rounds())
    assert "test_accuracy.py" in caught.value.where
    assert "it rounds to decimals" in caught.value.fix


class SlightlyTooSteep:
    def __call__(self, X):
        return np.tanh(X)

    def gradient(self, X):
        return 1.001 / np.cosh(X) ** 2


class TwiceBySquare(TanhBySquare):
    def gradient(self, X):
        return 2 * (1 - np.tanh(X) ** 2)


class SquareByThree:
    def __call__(self, X):
        return X * X

    def gradient(self, X):
        return 3 * X


@pytest.mark.parametrize("functor", [SlightlyTooSteep(), TwiceBySquare(), SquareByThree()])
def test_a_formula_that_is_wrong_in_real_arithmetic_is_no_matter_of_rounding(functor):
    found = of(functor)
    left, right = (loss for loss in found.losses if loss.quantity == "gradient")
    for loss in (left, right):
        assert loss.kind == "wrong formula"
        assert abs(loss.start) < 1e-300
        assert described(loss).endswith("; see actcheck verify")
    assert {sample.kind for sample in found.worst} == {"wrong formula"}


def test_a_right_formula_with_an_error_in_a_part_is_wrong_there_only():
    class WrongFromThree:
        def __call__(self, X):
            return np.tanh(X)

        def gradient(self, X):
            return np.where(X > 3, 1.1, 1.0) / np.cosh(X) ** 2

    (loss, *_) = of(WrongFromThree()).losses
    assert loss.kind == "wrong formula"
    assert abs(loss.start - 3) < 1e-3


def test_a_nan_is_called_not_a_number():
    class NaNByMask:
        def __call__(self, X):
            return np.where(X > 0, X**1.5, 0.0)

        def gradient(self, X):
            return (X > 0) * 1.5 * np.sqrt(X)

    (loss,) = of(NaNByMask()).losses
    assert (loss.quantity, loss.kind) == ("gradient", "not a number")
    assert loss.start < 0
    assert "no digit" not in described(loss)


def test_where_it_overflows_is_not_where_digits_are_lost():
    class OneByExp:
        def __call__(self, X):
            return X

        def gradient(self, X):
            E = np.exp(X)
            return (E * E + E) / E - E

    found = [loss for loss in of(OneByExp()).losses if loss.start > 0]
    assert [loss.kind for loss in found][-3:] == ["cancellation", "overflow", "not a number"]
    assert found[0].start < 12
    assert [loss.start for loss in found][-2:] == pytest.approx([354.9, 709.8], abs=0.1)


def test_a_run_is_of_the_kind_of_its_worst_place():
    class EluByExp:
        def __call__(self, X):
            return np.where(X > 0, X, np.exp(np.minimum(X, 0)) - 1)

        def gradient(self, X):
            return np.where(X > 0, 1.0, np.exp(np.minimum(X, 0)))

    (loss,) = of(EluByExp()).losses
    assert loss.kind == loss.worst.kind == "cancellation"
