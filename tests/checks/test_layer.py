"""The gradients of a layer, entry by entry."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.activations import GLU, ReLU, Sigmoid, Sine, Softmax, Tanh
from actcheck.checks import layer
from actcheck.checks.calls import Subject
from actcheck.checks.chain import Instance
from actcheck.errors import DataError
from actcheck.model import CheckSpec, Claim, Layout, Verdict
from actcheck.rows.layer import Numbers, cotangent, numbers


class Changed:
    """A functor with another gradient."""

    def __init__(self, functor, gradient):
        self.functor = functor
        self.change = gradient

    def __call__(self, X):
        return self.functor(X)

    def gradient(self, X):
        return self.change(self.functor.gradient(X))


def made(functor, outputs=3, dtype="float64", given=None, **settings):
    spec = CheckSpec("f", command="layer", dtype=dtype, **settings)
    given = given or numbers(spec, outputs)
    width = functor(given.hidden).shape[1]
    claim = Claim.DIAGONAL if functor.gradient(given.hidden).ndim == 2 else Claim.JACOBIAN
    subject = Subject(functor, outputs, width, claim, Layout.OUT_IN, dtype)
    return Instance(subject, given, cotangent(0, len(given.X), width))


def judged(instance, rtol=1e-8):
    return layer.judge(instance, rtol, 0.0, 0)


def counts(instance, rtol=1e-8):
    return [dict(each.tally.counts) for each in judged(instance, rtol)]


RIGHT = [(Tanh(), 3), (Sigmoid(), 1), (ReLU(), 5), (Softmax(stretch=2), 3), (GLU(), 4)]


@pytest.mark.parametrize(("functor", "outputs"), RIGHT)
def test_right_gradients_agree(functor, outputs):
    x, w, b = judged(made(functor, outputs))
    assert x.tally.counts == {Verdict.AGREE: 32}
    assert w.tally.counts == {Verdict.AGREE: 4 * outputs}
    assert b.tally.counts == {Verdict.AGREE: outputs}


@pytest.mark.parametrize(("functor", "outputs"), RIGHT)
def test_the_truth_lies_within_the_bounds(functor, outputs):
    """The functors are right to the last digits, so that their gradients stand for the truth."""
    for each in judged(made(functor, outputs)):
        off = np.abs(each.gradient.analytic - each.gradient.numeric)
        assert (off <= each.gradient.bound + 1e-14 * np.abs(each.gradient.analytic).max()).all()


WRONG = {
    "sign": Changed(Tanh(), lambda D: -D),
    "factor": Changed(Tanh(), lambda D: D * (1 + 1e-6)),
    "one column": Changed(Tanh(), lambda D: D * [1, 1, 0]),
    "transposed": Changed(Softmax(), lambda J: np.flip(J, axis=2)),
    "without stretch": Changed(Softmax(stretch=2), lambda J: J / 2),
    "diagonal for full": Changed(Softmax(), lambda J: np.einsum("bii->bi", J).copy()),
    "not finite": Changed(Sigmoid(), lambda D: np.where(np.max(D) <= D, np.nan, D)),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_gradients_are_wrong_in_x_w_and_b(name):
    for each in judged(made(WRONG[name])):
        assert each.tally.wrong > 0


def test_a_mistake_in_one_row_spoils_its_line_of_x_and_all_of_w_and_b():
    def first_row_doubled(D):
        D[0] *= 2
        return D

    x, w, b = judged(made(Changed(Tanh(), first_row_doubled)))
    wrong = np.array([[said is Verdict.WRONG for said in line] for line in x.gradient.verdicts])
    assert wrong[0].all()
    assert not wrong[1:].any()
    assert (w.tally.counts[Verdict.WRONG], b.tally.counts[Verdict.WRONG]) == (12, 3)


def test_a_wrong_entry_says_what_it_is():
    x = judged(made(WRONG["sign"]))[0]
    worst = x.tally.worst[0]
    at = worst.output, worst.input
    assert (worst.row, worst.verdict) == ("dL/dX", Verdict.WRONG)
    assert worst.x == made(Tanh()).numbers.X[at]
    assert (worst.analytic, worst.numeric) == (x.gradient.analytic[at], x.gradient.numeric[at])
    assert worst.analytic == pytest.approx(-worst.numeric)
    assert 0 < worst.bound < 1e-6 * abs(worst.numeric)


@pytest.mark.parametrize("batch", [4, 8])
def test_gradients_of_many_entries_are_looked_at_in_parts(batch):
    """Places are those in the whole matrix, on the ladder and, in the larger one, with a cheap pass before it."""

    def one_column_halved(D):
        D[:, 29] /= 2
        return D

    instance = made(Changed(Tanh(), one_column_halved), outputs=30, inputs=40, batch=batch)
    thorough = (40 * (batch + 30) + 30) * batch * 30 <= layer.THOROUGH
    assert thorough == (batch == 4)
    w = judged(instance)[1]
    wrong = np.array([[said is Verdict.WRONG for said in line] for line in w.gradient.verdicts])
    assert wrong.shape == (40, 30)
    assert wrong[:, 29].all()
    assert not wrong[:, :29].any()
    assert {entry.input for entry in w.tally.worst} == {29}


def test_nothing_can_be_written_into_what_is_reported():
    gradient = judged(made(Tanh()))[0].gradient
    for values in (gradient.analytic, gradient.numeric, gradient.bound, gradient.allowed):
        assert not values.flags.writeable


@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("functor", [Tanh(), Softmax(stretch=2)])
def test_shorter_types(functor, dtype):
    rtol = float(np.sqrt(np.finfo(dtype).eps))
    assert all(set(each) == {Verdict.AGREE} for each in counts(made(functor, dtype=dtype), rtol))
    wrong = made(Changed(functor, lambda J: -J), dtype=dtype)
    assert all(each.get(Verdict.WRONG) for each in counts(wrong, rtol))


@pytest.mark.parametrize("seed", range(4))
def test_a_type_that_shifts_steep_functions_is_no_fault(seed):
    """30 x has an error of its own in float16, by which the cosine of it may be anything."""
    instance = made(Sine(omega=30), dtype="float16", scale=10.0, seed=seed)
    assert all(not each.get(Verdict.WRONG) for each in counts(instance, 0.03))


# ------------------------------------------------------------------------------------------ kinks


def at_zero():
    """Pre-activations of which one row of two is 0, with exact sums."""
    return Numbers(np.array([[1.0, -2.0], [1.0, 1.0]]), np.array([[2.0, 4.0], [1.0, 2.0]]), np.array([[0.0, 0.0]]))


def test_rows_at_kinks_are_told():
    subject = made(ReLU(), 2, given=at_zero()).subject
    assert layer.at_kinks(subject, at_zero().hidden, 0).tolist() == [True, False]
    assert not layer.at_kinks(made(Tanh(), 2, given=at_zero()).subject, at_zero().hidden, 0).any()


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
def test_at_a_kink_any_slope_between_passes(slope):
    functor = ReLU(at_zero=slope)
    x, w, b = judged(made(functor, 2, given=at_zero()))
    assert x.tally.counts == {Verdict.KINK_ACCEPTED: 2, Verdict.AGREE: 2}
    assert not w.tally.wrong
    assert not b.tally.wrong


def test_at_a_kink_any_other_slope_does_not():
    two_at_zero = Changed(ReLU(), lambda D: D)
    two_at_zero.gradient = lambda X: np.where(X > 0, 1.0, np.where(X == 0, 2.0, 0.0))
    x = judged(made(two_at_zero, 2, given=at_zero()))[0]
    assert x.tally.wrong == 2
    assert {entry.output for entry in x.tally.worst} == {0}


# ------------------------------------------------------------------------------------------ size


def test_a_layer_too_large_is_refused():
    layer.refuse_too_large(8, 784, 10)
    with pytest.raises(DataError, match="41,088 entries") as refused:
        layer.refuse_too_large(32, 256, 128)
    assert "--batch" in refused.value.fix
