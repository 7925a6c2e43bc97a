"""The gradient check: what must pass and what must fail, and that the costly is done only where it is needed."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.checks import gradient
from actcheck.checks.calibration import calibrate
from actcheck.checks.gradient import GradientCheck
from actcheck.model import Layout, Verdict
from actcheck.rows import batch

from .cases import RELU, SOFTMAX, SPEC, TANH, Made, random_rows, rows, sech2, softmax, subject


def checked(functor, X=None, rtol=1e-8, seed=0, dim=5, **known):
    """Check rows, by default random ones, and give the totals."""
    one = subject(functor, dim, **known)
    group = rows(*(random_rows(dim) if X is None else X), dtype=one.dtype)
    return GradientCheck(one, calibrate(one, random_rows(dim, one.dtype), rtol, 0.0, seed), seed).add(group).tally


def counted(*given, **settings):
    return {each: count for each, count in checked(*given, **settings).counts.items() if count}


def times(functor, factor):
    return Made(functor.value, lambda X: functor.slope(X) * factor)


# ------------------------------------------------------------------------------------------ smooth and hard


def inner(X):
    """GELU's argument, by tanh."""
    return 0.7978845608028654 * (X + 0.044715 * X**3)


def stretched(s):
    return Made(
        lambda X: softmax(s * X),
        lambda X: s * SOFTMAX.gradient(s * X),
    )


HARD = {
    "sine of thirty": Made(lambda X: np.sin(30 * X), lambda X: 30 * np.cos(30 * X)),
    "sine far out": Made(lambda X: np.sin(1e4 + X), lambda X: np.cos(1e4 + X)),
    "exp of five": Made(lambda X: np.exp(5 * X), lambda X: 5 * np.exp(5 * X)),
    "steep tanh": Made(lambda X: np.tanh(200 * X), lambda X: 200 * sech2(200 * X)),
    "tanh on a hundred million": Made(lambda X: 1e8 + np.tanh(X), sech2),
    "tiny tanh": Made(lambda X: 1e-8 * np.tanh(X), lambda X: 1e-8 * sech2(X)),
    "huge quintic": Made(lambda X: 1e6 * X**5, lambda X: 5e6 * X**4),
}
STRETCHED = {"softmax stretched by 50": stretched(50.0)}
ALL_HARD = [*((name, each, False) for name, each in HARD.items()), *((n, e, True) for n, e in STRETCHED.items())]
POINTS = [[0.0, 0.01, 0.1, -0.5, 1.0], [2.0, -3.0, 1e-3, -1e-4, 1e-9], [0.7] * 5]

each_hard = pytest.mark.parametrize(
    ("functor", "jacobian"), [each[1:] for each in ALL_HARD], ids=[e[0] for e in ALL_HARD]
)


@each_hard
@pytest.mark.parametrize("seed", range(3))
def test_no_false_alarm(functor, jacobian, seed):
    X = [*random_rows(seed=seed), *POINTS]
    assert not checked(functor, X, seed=seed, jacobian=jacobian).wrong


@each_hard
@pytest.mark.parametrize("factor", [2.0, 0.5, -1.0, 1.001])
def test_a_wrong_factor_fails(functor, jacobian, factor):
    assert checked(times(functor, factor), jacobian=jacobian).wrong


@pytest.mark.parametrize("rtol", [1e-5, 1e-8, 1e-10])
def test_all_agree_on_ordinary_rows(rtol):
    assert counted(TANH, rtol=rtol) == {Verdict.AGREE: 40}
    assert counted(SOFTMAX, rtol=rtol, jacobian=True) == {Verdict.AGREE: 200}


@pytest.mark.parametrize("error", [1e-7, 1e-6, 1e-3])
def test_an_error_just_above_the_tolerance_is_seen(error):
    assert counted(times(TANH, 1 + error))[Verdict.WRONG] >= 36
    assert not checked(times(TANH, 1 + error), rtol=10 * error).wrong


def test_what_would_have_been_seen_is_told():
    tally = checked(TANH)
    assert tally.sensitivity.share == 1
    assert 1e-8 <= tally.sensitivity.error <= 1e-6
    least = tally.sensitivity.error
    assert counted(times(TANH, 1 + 4 * least))[Verdict.WRONG] == 40


def test_one_entry_of_a_jacobian():
    def off(X):
        J = SOFTMAX.gradient(X)
        J[:, 2, 4] *= 1 + 1e-6
        return J

    tally = checked(Made(softmax, off), jacobian=True)
    assert {(each.output, each.input) for each in tally.worst} == {(2, 4)}
    assert tally.counts[Verdict.WRONG] == 8
    worst = tally.worst[0]
    assert worst.row.startswith("given ")
    assert worst.analytic == pytest.approx(worst.numeric * (1 + 1e-6), rel=1e-9)
    assert worst.x == worst.values[4]


def test_the_transposed_is_wrong_in_the_other_layout():
    W = np.round(np.random.default_rng(0).standard_normal((5, 5)), 3)
    functor = Made(lambda X: X @ W.T, lambda X: np.tile(W.T, (len(X), 1, 1)))
    assert checked(functor, jacobian=True).wrong
    assert not checked(functor, jacobian=True, layout=Layout.IN_OUT).wrong


def test_not_square():
    W = np.round(np.random.default_rng(0).standard_normal((3, 5)), 3)
    functor = Made(lambda X: np.tanh(X @ W.T), lambda X: sech2(X @ W.T)[:, :, None] * W)
    assert counted(functor, jacobian=True, outputs=3) == {Verdict.AGREE: 8 * 15}
    assert checked(times(functor, -1), jacobian=True, outputs=3).wrong


def test_gelu_with_a_short_constant():
    """0.0447 for 0.044715."""

    def gradient(cube):
        def slope(X):
            u, du = 0.7978845608028654 * (X + cube * X**3), 0.7978845608028654 * (1 + 3 * cube * X**2)
            return 0.5 * (1 + np.tanh(u)) + 0.5 * X * sech2(u) * du

        return slope

    def gelu(X):
        return 0.5 * X * (1 + np.tanh(inner(X)))

    assert not checked(Made(gelu, gradient(0.044715))).wrong
    assert checked(Made(gelu, gradient(0.0447))).wrong


# ------------------------------------------------------------------------------------------ kinks


def rectifier(at_zero):
    return Made(RELU.value, lambda X: np.where(X > 0, 1.0, np.where(X == 0, at_zero, 0.0)))


AT_ZERO = [[0.0, 1.0, -1.0, 0.0, 2.0]]


@pytest.mark.parametrize("at_zero", [0.0, 0.5, 1.0])
def test_a_rectifier_may_choose_any_slope_between(at_zero):
    tally = checked(rectifier(at_zero), AT_ZERO)
    assert {each: count for each, count in tally.counts.items() if count} == {
        Verdict.AGREE: 3,
        Verdict.KINK_ACCEPTED: 2,
    }
    assert [each.slopes for each in tally.kinks] == [(0.0, 1.0)] * 2
    assert tally.chosen == {at_zero}


@pytest.mark.parametrize("at_zero", [2.0, -1.0, 1.001, -1e-6])
def test_but_none_outside(at_zero):
    assert counted(rectifier(at_zero), AT_ZERO)[Verdict.KINK_REFUSED] == 2


@pytest.mark.parametrize("at_zero", [np.nan, np.inf, -np.inf])
def test_nor_one_that_is_not_finite(at_zero):
    assert counted(rectifier(at_zero), AT_ZERO)[Verdict.WRONG] == 2


@pytest.mark.parametrize("x", [1e-9, 1e-300, -1e-9, -1e-300, 5e-324])
def test_a_rectifier_next_to_its_kink(x):
    assert not checked(RELU, [[x] * 5]).wrong
    assert checked(rectifier(2.0), [[0.0] * 5]).wrong


def test_hard_tanh_next_to_its_corner():
    hard = Made(lambda X: np.clip(X, -1, 1), lambda X: (np.abs(X) < 1).astype(float))
    near = [[1 - 1e-12, 1 + 1e-12, -1 + 1e-12, 1.0, -1.0]]
    assert not checked(hard, near).wrong
    assert checked(times(hard, 2), near).wrong


def test_hard_shrink_has_jumps():
    shrink = Made(lambda X: np.where(np.abs(X) > 0.5, X, 0.0), lambda X: (np.abs(X) > 0.5).astype(float))
    tally = checked(shrink, [[0.5, -0.5, 0.4999, 0.5001, 2.0]])
    assert tally.counts[Verdict.JUMP] == 2
    assert tally.counts[Verdict.AGREE] == 3
    assert {each.x for each in tally.kinks} == {0.5, -0.5}


def test_infinite_slopes():
    root = Made(np.cbrt, lambda X: np.where(X == 0, np.inf, 1 / (3 * np.cbrt(np.where(X == 0, 1, X)) ** 2)))
    assert counted(root, [[0.0, 1.0, -8.0, 0.001, 2.0]]) == {Verdict.AGREE: 4, Verdict.INFINITE_SLOPE: 1}
    assert counted(times(root, -1), [[0.0] * 5]) == {Verdict.WRONG: 5}


@pytest.mark.parametrize("power", [1.25, 1.5, 1.75])
@pytest.mark.parametrize("lift", [0.0, 1.0, 100.0])
def test_slopes_that_differences_approach_slowly(power, lift):
    """At 0 the slope of sign(x) |x|^1.5 is 0, and its differences are h^0.5."""
    root = Made(lambda X: lift + np.sign(X) * np.abs(X) ** power, lambda X: power * np.abs(X) ** (power - 1))
    assert not checked(root, [[0.0, 1e-9, -1e-9, 1e-4, 0.3]]).wrong


def test_ties_are_looked_at_row_by_row():
    def first(X):
        J = np.zeros((len(X), 1, X.shape[1]))
        J[np.arange(len(X)), 0, X.argmax(axis=1)] = 1
        return J

    def both(X):
        return (X.max(axis=1, keepdims=True) == X)[:, None, :].astype(float)

    tied = [[1.0, 1.0, 0.0], [0.0, 0.0, 0.0], [3.0, 1.0, 3.0]]
    highest = Made(lambda X: X.max(axis=1, keepdims=True), first)
    assert not checked(highest, tied, dim=3, outputs=1, jacobian=True).wrong
    assert checked(Made(highest.value, both), tied, dim=3, outputs=1, jacobian=True).wrong


# ------------------------------------------------------------------------------------------ where nothing is asked


def test_outside_the_domain_and_beyond_the_largest_number():
    logarithm = Made(np.log, lambda X: 1 / X)
    found = counted(logarithm, [[1.0, -1.0, 0.0, 2.0, 5.0]])
    assert found == {Verdict.AGREE: 3, Verdict.OUTSIDE: 1, Verdict.OVERFLOW: 1}
    assert counted(Made(np.exp, np.exp), [[800.0, 1.0, -800.0, 0.0, 3.0]])[Verdict.OVERFLOW] == 1


def test_at_the_border_of_a_domain():
    root = Made(lambda X: np.sqrt(X) * X, lambda X: 1.5 * np.sqrt(X))
    assert not checked(root, [[0.0, 1.0, 1e-9, 4.0, 0.25]]).wrong
    assert checked(times(root, -1), [[1.0] * 5]).wrong


def test_too_far_out_for_any_step():
    """1e300 + 2^-40 * 1e300 is many turns of a sine away."""
    sine = Made(np.sin, np.cos)
    found = counted(sine, [[1e300, 1e200, 1e20, 1.0, 2.0]])
    assert not any(each.is_fault for each in found)
    assert found[Verdict.UNRESOLVED] >= 2


def test_rows_are_shown_to_whoever_watches():
    seen = []
    one = subject(TANH)
    learned = calibrate(one, random_rows(), 1e-8, 0.0, 0)
    GradientCheck(one, learned, 0, lambda group, values: seen.append((len(group.values), values.shape))).add(
        rows(*random_rows())
    )
    assert seen == [(8, (8, 5))]


# ------------------------------------------------------------------------------------------ types


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_shorter_types(dtype):
    X = random_rows(dtype=dtype)
    rtol = float(np.sqrt(np.finfo(dtype).eps))
    assert not checked(TANH, X, rtol=rtol, dtype=dtype).wrong
    assert not checked(SOFTMAX, X, rtol=rtol, dtype=dtype, jacobian=True).wrong
    assert checked(times(TANH, 1 + 10 * rtol), X, rtol=rtol, dtype=dtype).wrong


# ------------------------------------------------------------------------------------------ cost


def test_what_agrees_does_not_go_up_the_ladder(monkeypatch):
    def never(*given):
        raise AssertionError("climbed")

    one = subject(TANH)
    learned = calibrate(one, random_rows(), 1e-8, 0.0, 0)
    monkeypatch.setattr(gradient.climb, "climb", never)
    GradientCheck(one, learned, 0).add(rows(*random_rows()))


def test_not_all_of_very_many_wrong_entries_are_looked_at():
    many = np.tile(random_rows(), (50, 1))
    one = subject(times(TANH, 2))
    tally = GradientCheck(one, calibrate(one, random_rows(), 1e-8, 0.0, 0), 0, budget=100).add(rows(*many)).tally
    assert tally.counts[Verdict.WRONG] >= 64
    assert tally.counts[Verdict.UNRESOLVED] >= 1000
    assert tally.counts[Verdict.WRONG] + tally.counts[Verdict.UNRESOLVED] == many.size
    assert "skipped: too many entries disagree to look at each" in {each.reason for each in tally.unresolved}


@pytest.mark.parametrize("width", [4, 64, 1000])
def test_an_elementwise_functor_is_called_twice_whatever_its_width(width):
    """On the rows, and on all steps at once; on rows that were chosen for a reason, on six places more."""
    calls = []

    def f(X):
        calls.append(X.shape)
        return 3 * X

    one = subject(Made(f, lambda X: 3.0), width)
    learned = calibrate(one, random_rows(width), 1e-8, 0.0, 0)
    calls.clear()
    GradientCheck(one, learned, 0).add(batch.reference(SPEC, width))
    assert calls == [(8, width), (16, width)]
    calls.clear()
    GradientCheck(one, learned, 0).add(rows(*random_rows(width)))
    assert sum(shape[0] for shape in calls) == 8 + 16 + 48


def test_groups_may_be_added_one_after_another():
    one = subject(TANH)
    learned = calibrate(one, random_rows(), 1e-8, 0.0, 0)
    whole = GradientCheck(one, learned, 0).add(rows(*random_rows())).tally
    parts = GradientCheck(one, learned, 0).add(rows(*random_rows()[:3])).add(rows(*random_rows()[3:])).tally
    assert whole.counts == parts.counts
    assert whole.error == parts.error


# ------------------------------------------------------------------------------------------ narrow features


def shrunk(width, inside):
    return Made(lambda X: np.where(np.abs(X) > width, X, 0), lambda X: np.where(np.abs(X) > width, 1.0, inside))


@pytest.mark.parametrize("jacobian", [False, True])
@pytest.mark.parametrize("width", [1e-3, 1e-4, 1e-5, 1e-6, 1e-9])
def test_the_slope_inside_a_dead_zone_is_seen_where_x_is_its_centre(width, jacobian):
    X = [[0.0, 1.0, -2.0, 0.5, 3.0]]
    wrong, right = shrunk(width, 1.0), shrunk(width, 0.0)
    if jacobian:
        wrong, right = (
            Made(each.value, lambda X, one=each: one.gradient(X)[:, :, None] * np.eye(5)) for each in (wrong, right)
        )
    assert checked(wrong, X, jacobian=jacobian).wrong == 1
    assert not checked(right, X, jacobian=jacobian).wrong


def test_a_narrow_bump_is_seen():
    def bump(X):
        return X + np.sign(X) * np.maximum(0, 2.5e-4 - np.abs(np.abs(X) - 2.5e-4))

    X = [[0.0] * 5]
    assert checked(Made(bump, np.ones_like), X).wrong == 5
    assert not checked(Made(bump, lambda X: np.where(X == 0, 2.0, 1.0)), X).wrong


def test_rows_beyond_the_budget_are_not_looked_at_closer():
    one, group = subject(shrunk(1e-5, 1.0), 5), rows([0.0] * 5)
    check = GradientCheck(one, calibrate(one, random_rows(5), 1e-8, 0.0, 0), 0, closeups=10)
    assert not check.add(group).tally.wrong


# ------------------------------------------------------------------------------------------ place in the batch


def test_the_verdict_on_a_row_does_not_depend_on_its_place():
    """Ripples at the edge of what noise lets one see: each row's verdict hangs on how its noise is measured."""
    ripple = Made(lambda X: X + 1e-6 * np.sin(1e6 * X), lambda X: 1 + np.cos(1e6 * X))
    X = random_rows()

    def judged(group):
        tally = checked(ripple, group)
        return {(entry.values, entry.input): entry.numeric for entry in [*tally.worst, *tally.unresolved]}

    forward, alone = judged(X), {}
    for row in X:
        alone.update(judged([row]))
    assert forward
    assert {where: alone.get(where) for where in forward} == forward
    backward = judged(X[::-1])
    assert {where: alone.get(where) for where in backward} == backward


# ------------------------------------------------------------------------------------------ what a flat place is worth


@pytest.mark.parametrize(
    ("value", "slope", "places", "share"),
    [
        (lambda X: 1 / (1 + np.exp(-X)), lambda X: 0 * X, (31.0, 33.0, 40.0, 300.0), 0),
        (np.tanh, lambda X: 0 * X, (-19.0, 20.0, 25.0, -600.0), 0),
        (lambda X: np.clip(X, 0, 6), lambda X: 0 * X, (6.5, 8.0, 30.0, 500.0), 1),
        (lambda X: np.clip(X, -1, 1) + 2, lambda X: 0 * X, (-1.5, -3.0, 7.0, 40.0), 1),
    ],
    ids=["sigmoid", "tanh", "relu6", "hard tanh"],
)
def test_a_slope_of_0_in_a_tail_is_too_small_to_tell_and_on_a_plain_constant_it_is_told(value, slope, places, share):
    tally = checked(Made(value, slope), [list(places)], dim=4)
    assert tally.counts == {Verdict.AGREE: 4}
    assert tally.sensitivity.share == share


# ------------------------------------------------------------------------------------------ wide rows


def wide(width=300, batch=3):
    return np.random.default_rng(4).normal(size=(batch, width))


def test_every_entry_of_wide_rows_is_counted_once():
    assert counted(SOFTMAX, wide(), dim=300, jacobian=True) == {Verdict.AGREE: 3 * 300 * 300}


@pytest.mark.parametrize("place", [(0, 0, 0), (1, 299, 5), (2, 5, 299)])
def test_a_single_wrong_entry_of_wide_rows_is_found_whichever_block_it_is_in(place):
    row, output, column = place

    def gradient(X):
        J = SOFTMAX.gradient(X)
        if len(X) == 3:
            J[row, output, column] += 1e-5 * np.abs(J[row, output]).max()
        return J

    tally = checked(Made(softmax, gradient), wide(), dim=300, jacobian=True)
    assert tally.wrong == 1
    assert (tally.worst[0].output, tally.worst[0].input) == (output, column)


def test_a_row_that_overflows_beside_others_is_counted_as_that():
    X = wide()
    X[1] *= 1000

    def plain(X):
        E = np.exp(X)
        return E / E.sum(axis=1, keepdims=True)

    found = counted(Made(plain, SOFTMAX.gradient), X, dim=300, jacobian=True)
    assert found.get(Verdict.OVERFLOW, 0) + found.get(Verdict.OUTSIDE, 0) > 0
    assert sum(found.values()) == 3 * 300 * 300
    assert found[Verdict.AGREE] >= 2 * 300 * 300


def test_a_dead_zone_of_one_input_of_a_wide_row_is_seen():
    """The differences of every line reach over it; one direction for all inputs shows that a closer look may tell."""

    def value(X):
        Y = 2.0 * X
        Y[:, 7] = np.where(np.abs(X[:, 7]) < 1e-6, 0.0, 2 * X[:, 7])
        return Y

    J = 2.0 * np.eye(300)
    x = wide(batch=1)
    x[0, 7] = 0.0
    functor = Made(value, lambda X: np.repeat(J[None], len(X), axis=0))
    tally = checked(functor, x, dim=300, jacobian=True)
    assert {(entry.output, entry.input) for entry in [*tally.worst, *tally.unresolved]} == {(7, 7)}
