import numpy as np
from functors import fresh, right, wrong

from .mistakes import changed
from .observing import diagnoses
from .tables import cases, not_told, told


def swapped(G, X):
    """Every row has the gradient of the one after next but six."""
    return np.roll(G, 5, axis=0)


@cases(
    ("rows-moved", wrong.TanhWithRowsReversed(), "the rows come in reversed order"),
    (
        "rows-moved",
        wrong.SigmoidWithRowsShifted(),
        "each row has the gradient of its neighbour: rows are moved down by one",
    ),
    (
        "rows-moved",
        changed(right.Tanh(), lambda G, X: G[::-1, ::-1]),
        "rows and columns both come in reversed order",
    ),
    (
        "columns-moved",
        changed(right.Softmax(), lambda J, X: J[:, ::-1, ::-1]),
        "outputs and inputs both come in reversed order",
    ),
    (
        "places-permuted",
        changed(right.Softmax(), lambda J, X: J[:, [2, 0, 1, 3, 4]]),
        "outputs have the slopes of others: output 0 has those of 2, 1 has those of 0, 2 has those of 1",
    ),
    (
        "row-factor",
        changed(right.Softmax(), lambda J, X: J * (2 + np.cos(X.sum(axis=1)))[:, None, None]),
        "each row is the right one times a number of its own: a normalisation is missing, or one too many",
    ),
    (
        "place-factor",
        changed(right.Tanh(), lambda G, X: G * np.array([1, 2, 3, 1, 0.5])),
        "each column is the right one times a number of its own: 1, 2, 3, 1, 1/2",
    ),
    (
        "place-factor",
        changed(right.LayerNorm(), lambda J, X: J * np.array([1, 2, 3, 1, 0.5])[:, None]),
        "each output is the right one times a number of its own: 1, 2, 3, 1, 1/2",
    ),
    (
        "same-for-all",
        changed(right.Softmax(), lambda J, X: np.repeat(np.arange(25.0).reshape(1, 5, 5), len(X), axis=0)),
        "the gradient is the same in every row: what depends on x in it is missing",
    ),
    ("rows-permuted", changed(right.Silu(), swapped), "each row has the gradient of some other row"),
    ("one-row-for-all", wrong.SoftmaxWithFirstRowForAll(), "every row has the gradient of the batch's first row"),
    ("pooled-over-batch", wrong.SigmoidAveragedOverBatch(), "the gradient is averaged over the batch"),
    (
        "pooled-over-batch",
        changed(right.Softmax(), lambda J, X: np.broadcast_to(J.sum(axis=0), J.shape)),
        "the gradient is summed over the batch",
    ),
    ("batch-size", wrong.TanhDividedByBatch(), "the gradient is divided by the batch size"),
    ("batch-size", changed(right.Tanh(), lambda G, X: G * len(X)), "the gradient is multiplied by the batch size"),
    (
        "position",
        wrong.SoftmaxLoopSkippingLastRow(),
        "the gradient is 0 in the last row of a batch, whatever row that is",
    ),
    (
        "position",
        wrong.TanhGradientSkippingEveryOtherRow(),
        "the gradient is 0 in every second row of a batch, whatever row that is",
    ),
    ("large-batches", fresh.TanhHalvedInLargeBatches(), "right in batches of up to 4 rows, wrong from 5 rows on"),
    (
        "columns-moved",
        changed(right.Tanh(), lambda G, X: np.roll(G, 1, 1)),
        "the columns are moved by +1: an index is off by one",
    ),
    (
        "columns-moved",
        changed(right.TanhOfLinear(), lambda J, X: np.roll(J, -1, 1)),
        "the outputs are moved by -1: an index is off by one",
    ),
    (
        "columns-moved",
        changed(right.ReluByMask(), lambda G, X: np.roll(G, 1, 1)),
        "the columns are moved by +1: an index is off by one",
    ),
    ("columns-moved", changed(right.ReluByMask(), lambda G, X: G[:, ::-1]), "the columns come in reversed order"),
    (
        "columns-permuted",
        changed(right.Softplus(), lambda G, X: G[:, [1, 0, 2, 3, 4]]),
        "columns have the slopes of others: column 0 has those of 1, 1 has those of 0",
    ),
    (
        "columns-moved",
        changed(right.Softplus(), lambda G, X: np.where(X > 0.5, np.roll(G, 1, 1), G)),
        "the columns are moved by +1: an index is off by one; but for some x only, the others are right",
    ),
    (
        "columns-mixed",
        changed(right.Tanh(), lambda G, X: G - G.mean(axis=1, keepdims=True)),
        "the gradient of an x depends on the other inputs of its row, which its value does not",
    ),
    (
        "pooled-over-columns",
        changed(right.Tanh(), lambda G, X: G.mean(axis=1, keepdims=True) + 0 * G),
        "the gradient is averaged over the columns",
    ),
    (
        "pooled-over-columns",
        changed(right.TanhOfLinear(more=0), lambda J, X: J.sum(axis=1)[:, None, :] * np.eye(5)),
        "each diagonal entry is the sum of its column of the Jacobian",
    ),
)
def test_a_mistake_of_rows_is_told(code, functor, sentence):
    told(functor, code, sentence)


@cases(
    ("places-permuted", changed(right.Softmax(), lambda J, X: 1.001 * J[:, [2, 0, 1, 3, 4]])),
    ("row-factor", changed(right.Softmax(), lambda J, X: J * (2 + np.cos(X))[:, None])),
    ("place-factor", changed(right.Tanh(), lambda G, X: G * np.array([1, 2, 3, 1, 0.5]) + 1e-3)),
    ("same-for-all", changed(right.Softmax(), lambda J, X: J[:1] + 1e-3 * X[:, :, None])),
    ("rows-moved", changed(right.Tanh(), lambda G, X: np.roll(G, 1, axis=0) * 1.001)),
    ("rows-permuted", changed(right.Silu(), lambda G, X: swapped(G, X) + 1e-4)),
    ("one-row-for-all", changed(right.Softmax(), lambda J, X: 1.001 * J[0] + 0 * J)),
    ("pooled-over-batch", changed(right.Sigmoid(), lambda G, X: 1.001 * G.mean(axis=0) + 0 * G)),
    ("batch-size", changed(right.Tanh(), lambda G, X: G / 46)),
    (
        "constant",
        changed(right.ReluByMask(), lambda G, X: np.broadcast_to(G.any(axis=1, keepdims=True), G.shape) * 1.0),
    ),
    ("columns-mixed", changed(right.Tanh(), lambda G, X: 2 * G)),
    ("position", changed(right.Tanh(), lambda G, X: G * np.where(X.sum(axis=1) > 0, 1, 0)[:, None])),
    ("large-batches", changed(right.Tanh(), lambda G, X: 2 * G)),
    ("columns-moved", changed(right.Tanh(), lambda G, X: 1.001 * np.roll(G, 1, 1))),
    ("pooled-over-columns", changed(right.Tanh(), lambda G, X: 1.001 * G.mean(axis=1, keepdims=True) + 0 * G)),
)
def test_a_near_miss_is_not_told_so(code, functor):
    not_told(functor, code)


def test_half_of_the_columns_moved():
    told(
        wrong.GluWithGatesShifted(), "half-moved", "in the second half of the inputs the columns are moved by +1", dim=6
    )
    not_told(changed(right.Glu(), lambda J, X: np.roll(J, 1, 2) * 1.001), "half-moved", dim=6)


class FlatRows:
    """0 where the first of the inputs is the largest: just as the gradient of rows that are saturated."""

    def __call__(self, X):
        return right.Softmax()(X)

    def gradient(self, X):
        return right.Softmax().gradient(X) * (X.argmax(axis=1) != 0)[:, None, None]


class HalfOfTheSum:
    def __call__(self, X):
        return np.arctan(X)

    def gradient(self, X):
        G = 1 / (1 + X * X)
        return np.broadcast_to(G.sum(axis=0) / 2, G.shape).copy()


class HalfGated:
    """Only the first half of the columns is there."""

    def __call__(self, X):
        a, b = np.split(X, 2, axis=1)
        return a * np.tanh(b)

    def gradient(self, X):
        h = X.shape[1] // 2
        J = np.zeros((len(X), h, 2 * h))
        J[:, np.arange(h), np.arange(h)] = np.tanh(X[:, h:])
        return J


def test_rows_set_to_0_are_no_other_rows():
    assert "rows-permuted" not in {each.code for each in diagnoses(FlatRows())}


def test_what_is_the_same_within_a_batch_only_is_not_said_to_miss_x():
    found = diagnoses(HalfOfTheSum())
    assert not [each for each in found if "what depends on x in it is missing" in each.sentence]


def test_of_many_factors_those_that_are_not_1_are_written():
    found = diagnoses(HalfGated(), dim=40)
    assert "1, 1, 1" not in found[0].sentence
