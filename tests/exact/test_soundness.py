"""What once was proved and is wrong, or refuted and is right: found by readers who tried to break the prover."""

from __future__ import annotations

import math

import numpy as np
import pytest

from actcheck import exact_run
from actcheck.checks import proof
from actcheck.checks.calls import Subject
from actcheck.errors import TargetError
from actcheck.exact import truth
from actcheck.exact.balls import BITS, exact, precision
from actcheck.exact.replay import Line, Replay, ReplayError
from actcheck.model import CheckSpec, Claim, Layout, Outcome

from .proving import Made, elementwise, is_proved


def strict(functor, low=-3.0, high=3.0, n=3):
    """Prove it as the command does."""
    spec = CheckSpec("it", command="prove", interval=(low, high))
    return proof.prove(Subject(functor, n, n, Claim.DIAGONAL, Layout.OUT_IN, "float64"), spec, "it")


# ------------------------------------------------------------------------------------------ nan


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda X: 0 * np.log(X),
        lambda X: (X > 9) * np.sqrt(X),
        lambda X: 0.0 * (1 / (X - X)),
        lambda X: 0.0 * np.maximum(np.nan, X),
        lambda X: 0 * np.arccos(X),
    ],
)
def test_not_a_number_times_nothing_is_proved_nowhere(spoilt):
    made = Made(np.tanh, lambda X: 1 / np.cosh(X) ** 2 + spoilt(X))
    result = elementwise(made, -3, -1, resolution=2.0**-4)
    assert not result.proved
    assert result.left


def test_nan_is_left_out_by_fmax():
    assert is_proved(elementwise(Made(lambda X: np.fmax(X, np.nan), np.ones_like), -3, 3))


# ------------------------------------------------------------------------------------------ whole numbers


def test_a_remainder_of_math_is_not_that_of_numpy():
    with pytest.raises(ReplayError, match="as a Python float"):
        elementwise(Made(lambda X: np.array([[math.remainder(x, 4) for x in row] for row in X]), np.ones_like), -3, 3)


@pytest.mark.parametrize(
    "whole",
    [
        lambda X: np.vectorize(lambda x: 1 if x > 0 else 0)(X),
        lambda X: np.array([[math.floor(x > 0) for x in row] for row in X]),
    ],
)
def test_what_is_written_into_whole_numbers_is_cut_off(whole):
    def gradient(X):
        slopes = whole(X)
        slopes[X <= 0] = 0.01
        return 1.5 * slopes

    value = Made(lambda X: np.where(X > 0, 1.5 * X, 0.015 * X), gradient)
    assert elementwise(value, -3, 3).wrong


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (lambda X: np.add(X, 0, dtype=int, casting="unsafe"), "it computes in int64"),
        (lambda X: X.astype(np.float32), "it takes values as float32"),
        (lambda X: np.vectorize(lambda x: x, otypes=[int])(X), "it takes values as int64"),
    ],
)
def test_types_that_round_are_refused(code, why):
    with pytest.raises(TargetError, match="cannot be replayed") as caught:
        strict(Made(np.tanh, lambda X: 1 / np.cosh(X) ** 2 + 0 * code(X)))
    assert why in caught.value.fix


@pytest.mark.parametrize(
    "tenth",
    [
        lambda X: np.full(X.shape, 0.1, dtype=np.float16),
        lambda X: np.full_like(X, 0.1, dtype=np.float16),
        lambda X: np.ones(X.shape, np.float16) * 0.1,
        lambda X: np.ones(X.shape, np.float32) * 0.1,
    ],
)
def test_constants_of_a_short_type_are_what_that_type_makes_of_them(tenth):
    assert strict(Made(lambda X: 0.1 * X, tenth)).refuted


# ------------------------------------------------------------------------------------------ steps


@pytest.mark.parametrize(
    ("value", "gradient", "at"),
    [
        (lambda X: np.abs(X - np.round(X)), lambda X: np.sign(X - np.round(X)), range(-4, 5)),
        (np.floor, np.zeros_like, (-4, -2, 0, 2, 4)),
        (np.ceil, np.zeros_like, (-4, -2, 0, 2, 4)),
        (lambda X: X % 2, np.ones_like, (-4, 0, 4)),
        (lambda X: np.abs(X % 2 - 1), lambda X: np.where(X % 2 > 1, 1.0, -1.0), (-4, -2, 0, 2, 4)),
        (np.trunc, np.zeros_like, (-4, -2, 2, 4)),
    ],
)
def test_steps_are_listed_and_their_sides_are_known(value, gradient, at):
    result = elementwise(Made(value, gradient), -2.2, 2.2)
    assert is_proved(result), (result.wrong, result.left)
    assert [float(int(bend.low.p) / int(bend.low.q)) for bend in result.bends] == [each / 2 for each in at]


# ------------------------------------------------------------------------------------------ columns, scale, other code


@pytest.mark.parametrize(
    "mixed",
    [
        lambda X: 1 / np.cosh(X[:, ::-1]) ** 2,
        lambda X: np.broadcast_to(1 / np.cosh(X[:, :1]) ** 2, X.shape),
        lambda X: np.cumsum(1 / np.cosh(X) ** 2, axis=1) / np.arange(1, X.shape[1] + 1),
    ],
)
def test_a_mix_up_of_columns_is_seen_though_a_line_has_the_same_in_all(mixed):
    spec = CheckSpec("it", command="prove", interval=(-3.0, 3.0))
    report, subject = exact_run.examined(spec, Made(np.tanh, mixed), "it", ())
    assert (report.outcome, subject) == (Outcome.FAILED, None)
    (finding,) = report.findings
    assert "of the gradient depends on input" in finding.message


def gauss(X):
    return np.exp(-X * X / 2) / np.sqrt(2 * np.pi)


@pytest.mark.parametrize("width", [30.0, 1e3, 1e6])
def test_a_derivative_that_lives_in_a_small_part_of_the_interval(width):
    result = elementwise(Made(gauss, lambda X: -X * np.exp(-X * X / 2) * 0.3989422804014327), -width, width)
    assert is_proved(result)
    assert float(result.scale.mid()) == pytest.approx(0.242, rel=0.75)


def test_a_derivative_that_no_sample_has_met_gives_the_scale():
    def ramp(X):
        return np.clip(X - 17.2001, 0, 0.001)

    result = elementwise(Made(ramp, lambda X: 1.0 * ((X > 17.2001) & (X < 17.2011))), -30, 30)
    assert float(result.scale.mid()) == 1
    assert len(result.bends) == 2


def test_an_interval_as_wide_as_the_type():
    assert strict(Made(lambda X: 2 * X, lambda X: 0 * X + 2), -1.7e308, 1.7e308).paths[0].worst == 0


@pytest.mark.parametrize(
    "is_real", [lambda X: type(X) is np.ndarray, lambda X: isinstance(X[0, 0], np.floating)], ids=["type", "number"]
)
def test_code_that_tells_a_replay_from_numbers_is_found_out(is_real):
    made = Made(np.tanh, lambda X: (1.5 if is_real(X) else 1.0) / np.cosh(X) ** 2)
    with pytest.raises(TargetError, match="something else when it is replayed"):
        strict(made)


def test_a_narrow_error_is_no_kink():
    def gradient(X):
        return np.where((X > 0.5) & (X < 0.5 + 1e-12), 1 + 1e-8, 1.0)

    result = elementwise(Made(lambda X: 1.0 * X, gradient), -3, 3)
    assert not is_proved(result)
    assert not result.bends


def test_a_power_of_two_has_the_true_logarithm():
    line = Line((exact(0.0),), (exact(1.0),))
    replay = Replay(Made(lambda X: 2.0**X, lambda X: X), line, 1, diagonal=True)
    value = truth.at(replay, exact(0.5))[0].value
    with precision(BITS, 3):
        assert float((value * value - 2).mid()) == pytest.approx(0, abs=1e-40)
