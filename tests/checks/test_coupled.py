"""Functors whose rows belong together, each batch as one vector."""

from __future__ import annotations

import shlex
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from actcheck import run
from actcheck.checks.coupled import Coupled
from actcheck.errors import DataError
from actcheck.model import CheckSpec, Claim, Layout, Outcome

SPEC = CheckSpec("functor", batch=3, dim=2, coupled=True)


class BatchNorm:
    """Normalisation over the batch, with the gradient as (b, n, b, n)."""

    eps = 1e-5

    def __call__(self, X):
        return (X - X.mean(axis=0)) / self.deviation(X)

    def deviation(self, X):
        return np.sqrt(X.var(axis=0) + self.eps)

    def gradient(self, X):
        return self.gradient_of(len(X), BatchNorm.__call__(self, X), self.deviation(X))

    def gradient_of(self, batch, Z, deviation):
        J = np.zeros((*Z.shape, *Z.shape))
        for column, size in enumerate(deviation):
            z = Z[:, column]
            J[:, column, :, column] = (np.eye(batch) - 1 / batch - np.outer(z, z) / batch) / size
        return J


class Flat(BatchNorm):
    """The same gradient as (b * n, b * n)."""

    def gradient(self, X):
        return super().gradient(X).reshape(X.size, X.size)


class Transposed(BatchNorm):
    """The same with the input first, and outputs that differ from inputs."""

    def __call__(self, X):
        return super().__call__(X)[:, :1]

    def gradient(self, X):
        return np.transpose(super().gradient(X)[:, :1], (2, 3, 0, 1))


class MeanAndVarianceConstant(BatchNorm):
    """The classic mistake: only the division is differentiated."""

    def gradient(self, X):
        return np.broadcast_to(1 / self.deviation(X), X.shape)


class VarianceConstant(BatchNorm):
    def gradient_of(self, batch, Z, deviation):
        return super().gradient_of(batch, 0 * Z, deviation)


class MeanConstant(BatchNorm):
    def gradient_of(self, batch, Z, deviation):
        J = super().gradient_of(batch, Z, deviation)
        for column, size in enumerate(deviation):
            J[:, column, :, column] += 1 / batch / size
        return J


class DegreesOfFreedom(BatchNorm):
    """Divided by b - 1, where the forward divides by b."""

    def gradient_of(self, batch, Z, deviation):
        return super().gradient_of(batch, Z * np.sqrt(batch / (batch - 1)), deviation)


class RowsOnly(BatchNorm):
    """A Jacobian for each row, which says nothing of the others."""

    def gradient(self, X):
        own = np.arange(len(X))
        return super().gradient(X)[own, :, own, :]


class BatchMean:
    """One row for the whole batch."""

    def __call__(self, X):
        return X.mean(axis=0)

    def gradient(self, X):
        batch, width = X.shape
        return np.tile(np.eye(width) / batch, (1, batch))


class Double:
    def __call__(self, X):
        return 2 * X

    def gradient(self, X):
        return 2


class Softmax:
    """Independent rows, with a Jacobian each."""

    def __call__(self, X):
        E = np.exp(X - X.max(axis=-1, keepdims=True))
        return E / E.sum(axis=-1, keepdims=True)

    def gradient(self, X):
        S = self(X)
        return S[:, :, None] * (np.eye(X.shape[1]) - S[:, None, :])


class WritesIntoItsInput(BatchNorm):
    def __call__(self, X):
        value = super().__call__(X)
        X -= X.mean(axis=0)
        return value


class ForgetsToReturn(BatchNorm):
    def gradient(self, X):
        super().gradient(X)


def named(functor):
    return functor.__name__


def check(functor, **changes):
    return run.check_functor(replace(SPEC, **changes), functor, None)


@pytest.mark.parametrize("functor", [BatchNorm, Flat, BatchMean, Double, Softmax], ids=named)
@pytest.mark.parametrize("settings", [{}, {"batch": 1, "dim": None, "edge": False}, {"dtype": "float32"}])
def test_right(functor, settings):
    report = check(functor(), **settings)
    assert (report.outcome, report.wrong) == (Outcome.PASSED, 0), report.findings
    batch, width = report.spec.batch, report.spec.dim or 5
    assert report.inputs == batch * width
    assert report.outputs == (width if functor is BatchMean else batch * width)


def test_the_usual_size():
    assert check(BatchNorm(), batch=8, dim=None).outcome is Outcome.PASSED


def test_layouts():
    assert check(Transposed(), layout=Layout.IN_OUT).outcome is Outcome.PASSED
    report = check(Transposed())
    assert report.outcome is Outcome.FAILED
    assert report.findings[0].message.endswith("add --layout in-out")


@pytest.mark.parametrize("functor", [VarianceConstant, MeanConstant, DegreesOfFreedom, RowsOnly], ids=named)
def test_wrong(functor):
    report = check(functor())
    assert report.outcome is Outcome.FAILED
    assert report.wrong
    assert report.claim is Claim.JACOBIAN


def test_the_classic_mistake():
    """A gradient in the shape of X: that of a function that depends on no other row."""
    report = check(MeanAndVarianceConstant())
    assert report.outcome is Outcome.FAILED
    assert report.wrong
    (finding,) = (finding for finding in report.findings if finding.check == "structure")
    assert "claims a diagonal" in finding.message


def test_without_it_the_contract_is_broken_and_says_what_to_do():
    (finding,) = (each for each in check(BatchNorm(), coupled=False).findings if each.outcome is Outcome.FAILED)
    assert finding.code == "shape", "its gradient is none of single rows"
    findings = [each for each in check(RowsOnly(), coupled=False).findings if each.outcome is Outcome.FAILED]
    assert [finding.code for finding in findings] == ["rows-coupled"]
    advice = "if the rows belong together, as in batch normalisation, actcheck verify --rows coupled takes them so"
    assert findings[0].message.endswith(f"; {advice}")


@pytest.mark.parametrize(
    ("functor", "message"),
    [
        (WritesIntoItsInput, "the value writes into its input: X has changed after the call"),
        (ForgetsToReturn, "the gradient is None: is a return missing?"),
    ],
)
def test_the_contract_holds_for_batches(functor, message):
    report = check(functor())
    assert report.outcome is Outcome.FAILED
    assert message in [finding.message for finding in report.findings]


def test_rows_typed_in_are_one_batch():
    spec = replace(SPEC, dim=2, typed=((1.0, 2.0), (3.0, 5.0), (0.0, 1.0), (4.0, 4.0)))
    report = run.check_functor(spec, BatchNorm(), None)
    assert report.outcome is Outcome.PASSED
    assert (report.rows, report.inputs) == ({"typed": 1}, 8)
    assert report.notes == ("each batch of 4 rows is taken as one vector: entry k is row k // n, column k % n",)


def test_rows_of_a_file_are_not(tmp_path):
    (tmp_path / "rows.csv").write_text("1,2\n")
    with pytest.raises(DataError, match="rows of a file cannot be taken as one batch"):
        check(BatchNorm(), csv=str(tmp_path / "rows.csv"))


@pytest.mark.parametrize("typed", [(), ((1.0, 2.0), (3.0, 5.0), (0.0, 1.0), (4.0, 4.0))])
def test_the_replay_gives_the_batch_back(typed):
    report = check(VarianceConstant(), typed=typed)
    words = shlex.split(report.replay)
    assert words[:2] == ["actcheck", "verify"]
    assert words[words.index("--rows") + 1] == "coupled"
    rows = [tuple(map(float, after.split(","))) for word, after in pairwise(words) if word == "--x"]
    assert sum(rows, ()) == report.worst[0].values
    again = run.check_functor(replace(SPEC, typed=tuple(rows)), VarianceConstant(), None)
    entry = again.worst[0]
    assert (entry.output, entry.input) in {(each.output, each.input) for each in again.worst}
    assert abs(entry.analytic - report.worst[0].analytic) < 1e-12


# ------------------------------------------------------------------------------------------ the shapes themselves


def test_batches_are_taken_one_by_one():
    seen = []

    class Recording(BatchNorm):
        def __call__(self, X):
            seen.append(X.copy())
            return super().__call__(X)

    X = np.arange(12.0).reshape(2, 6) ** 2
    value = Coupled(Recording(), 3)(X)
    assert [batch.shape for batch in seen] == [(3, 2), (3, 2)]
    np.testing.assert_array_equal(np.concatenate(seen).reshape(2, 6), X)
    np.testing.assert_array_equal(value[1].reshape(3, 2), BatchNorm()(X[1].reshape(3, 2)))


def test_every_shape_is_the_same_jacobian():
    X = np.arange(6.0).reshape(1, 6) ** 2
    four, two = Coupled(BatchNorm(), 3).gradient(X), Coupled(Flat(), 3).gradient(X)
    np.testing.assert_array_equal(four, two)
    assert four.shape == (1, 6, 6)


def test_one_jacobian_a_row_is_a_block_of_the_whole():
    X = np.array([[0.5, -1.0, 2.0, 0.25]])
    whole = Coupled(Softmax(), 2).gradient(X)[0]
    np.testing.assert_array_equal(whole[:2, :2], Softmax().gradient(X.reshape(2, 2))[0])
    np.testing.assert_array_equal(whole[2:, 2:], Softmax().gradient(X.reshape(2, 2))[1])
    assert not whole[:2, 2:].any()
    assert not whole[2:, :2].any()


def test_a_number_is_that_number_everywhere():
    assert Coupled(Double(), 2).gradient(np.ones((3, 4))).tolist() == [[2] * 4] * 3
