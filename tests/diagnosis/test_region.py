import numpy as np
from functors import right, wrong

from .mistakes import Mistaken, changed, where
from .observing import diagnoses
from .tables import cases, not_told, told


def column(j):
    """The gradient of one column is a hundredth too large, and curved."""
    return lambda G, X: G + np.where(np.arange(X.shape[1]) == j, 0.01 * np.cos(7 * X + 1), 0.0)


class HardSigmoidUpToThree:
    """Flat from 2.5 on, where its gradient is so only from 3 on."""

    def __call__(self, X):
        return np.clip(0.2 * X + 0.5, 0, 1)

    def gradient(self, X):
        return np.where(np.abs(X) < 3, 0.2, 0.0)


class InfiniteThenNan(right.Tanh):
    """A gradient whose square overflows first, and whose quotient is then one of infinities."""

    def gradient(self, X):
        E = np.exp(X)
        return (1 - np.tanh(X) ** 2) + np.where(X > 300, E * E / np.maximum(E, 1), 0.0)


class SincOfDifferences:
    """A derivative whose two terms cancel near 0: what is left there is rounding, another multiple at every x."""

    def __call__(self, X):
        return np.sinc(X / np.pi)

    def gradient(self, X):
        S = np.where(X == 0, 1.0, X)
        return np.where(X == 0, 0.0, np.cos(S) / S - np.sin(S) / S**2)


@cases(
    ("one-side", wrong.EluNegatedBelowZero(), "right but for x < 0, where the sign is flipped"),
    ("one-side", wrong.GeluOneAboveThree(), "right but for x > 3, where the gradient is 1"),
    (
        "one-side",
        where(right.Tanh(), lambda X: X > 0.7321, lambda f, X: f.gradient(X) + 0.1 * np.cos(9 * X)),
        "wrong only for x > 0.7321; right elsewhere",
    ),
    ("far-out", wrong.TanhZeroBeyondFive(), "right but for |x| > 5, where the gradient is 0"),
    ("far-out", wrong.SigmoidFlippedBeyondTwelve(), "right but for |x| > 12, where the sign is flipped"),
    # Beyond the border that is right, 1 is right as well: what is told is where it is wrong.
    ("band", wrong.SoftShrinkWithOtherLambda(), "right but for 0.45 < |x| < 0.5, where the gradient is 1"),
    ("band", HardSigmoidUpToThree(), "right but for 2.5 < |x| < 3, where the gradient is 0.2"),
    ("near-zero", wrong.TanhZeroNearZero(), "right but for |x| < 1e-06, where the gradient is 0"),
    ("band", wrong.SineFlippedInNarrowBand(), "right but for 5.5 < x < 5.53, where the sign is flipped"),
    ("band", wrong.GeluZeroInNarrowBand(), "right but for -3.37 < x < -3.35, where the gradient is 0"),
    (
        "band",
        where(right.Softplus(), lambda X: ((X > 1) & (X < 2)) | ((X > 5) & (X < 6)), lambda f, X: -f.gradient(X)),
        "right but for 1 < x < 2 and for 5 < x < 6, where the sign is flipped",
    ),
    (
        "band",
        where(right.Softplus(), lambda X: (X < -2) | (X > 1), lambda f, X: 2 * f.gradient(X)),
        "right but for x < -2 and for x > 1, where the gradient is the right one times 2",
    ),
    ("at-a-point", wrong.SiluZeroAtZero(), "right but at x = 0, where the gradient is 0"),
    (
        "at-kinks",
        wrong.ReluWithTwoAtZero(),
        "wrong only at x = 0, where it is 2, which is not between the slopes on both sides",
    ),
    (
        "at-kinks",
        wrong.HardTanhThreeAtCorners(),
        "wrong only at x = -1 and 1, where it is 3, which is not between the slopes on both sides",
    ),
    (
        "at-ties",
        wrong.RowMaximumAllOnesAtTies(),
        "wrong only in rows with ties, where an output's gradient is no mean of its slopes around",
    ),
    (
        "entry",
        wrong.SoftmaxWithOneEntryTooLarge(),
        "right but in the entry of output 0 and input 1, where the gradient is the right one times 1.05",
    ),
    ("column", wrong.SigmoidWithFirstColumnZero(), "right but in column 0, where the gradient is 0"),
    ("column", changed(right.Tanh(), column(3)), "wrong only in column 3; right elsewhere"),
    (
        "output",
        changed(right.TanhOfLinear(), lambda J, X: J * np.where(np.arange(7) == 2, -1, 1)[:, None]),
        "right but in the row of output 2, where the sign is flipped",
    ),
    ("not-finite", wrong.ReluNanAtZero(), "the gradient is NaN at x = 0, though the value is finite"),
    (
        "not-finite",
        wrong.TanhGradientByRatio(),
        "the gradient is NaN from |x| = 709.783 on, though the value is finite",
    ),
    (
        "not-finite",
        InfiniteThenNan(),
        "the gradient is infinite from x = 354.891 on and NaN from x = 709.783 on, though the value is finite",
    ),
    (
        "not-finite",
        where(right.Tanh(), lambda X: X > 100, lambda f, X: np.inf * np.ones_like(X)),
        "the gradient is infinite from x = 100 on, though the value is finite",
    ),
)
def test_a_mistake_of_region_is_told(code, functor, sentence):
    told(functor, code, sentence)


@cases(
    ("one-side", wrong.GeluWithShortConstant()),
    ("far-out", wrong.GeluWithShortConstant()),
    ("near-zero", changed(right.Tanh(), lambda G, X: G + 0.01 * np.cos(X) * np.exp(-X * X))),
    ("band", where(right.Sine(), lambda X: (X * 10).astype(int) % 2 == 0, lambda f, X: 0.5)),
    ("column", changed(right.Tanh(), lambda G, X: np.where(X > 0, G, 0))),
    ("entry", Mistaken(right.Softmax(), lambda f, X: f.gradient(X) * np.where(X[:, :1, None] > 0, 1, 2))),
)
def test_a_near_miss_is_not_told_so(code, functor):
    not_told(functor, code)


def test_what_cancellation_leaves_at_one_size_is_no_factor():
    sentences = [each.sentence for each in diagnoses(SincOfDifferences())]
    assert sentences
    assert all("digits cancel" in each for each in sentences), sentences


class SoftplusCutOff:
    """0 for x < -5, where the sweep has one column only."""

    def __call__(self, X):
        return np.logaddexp(0, X)

    def gradient(self, X):
        return np.where(X < -5, 0, 1 / (1 + np.exp(-X)))


class NormOneSided:
    """1.01 times too large in the rows where one of the inputs is positive."""

    def __call__(self, X):
        C = X - X.mean(axis=1, keepdims=True)
        return C / np.sqrt((C * C).mean(axis=1, keepdims=True) + 1e-5)

    def gradient(self, X):
        n = X.shape[1]
        C = X - X.mean(axis=1, keepdims=True)
        S = np.sqrt((C * C).mean(axis=1) + 1e-5)
        H = C / S[:, None]
        J = (np.eye(n) - 1 / n - H[:, :, None] * H[:, None, :] / n) / S[:, None, None]
        J[X[:, 1] > 0] *= 1.01
        return J


class OneEntryOfAttention:
    """One entry is off, by a share of its output's largest slope: far out that is too little to tell."""

    def __init__(self):
        self.K = np.random.default_rng(3).normal(size=(4, 3))

    def _weights(self, X):
        Z = X @ self.K.T
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        return E / E.sum(axis=1, keepdims=True)

    def __call__(self, X):
        return self._weights(X) @ self.K

    def gradient(self, X):
        P = self._weights(X)
        M = P @ self.K
        J = np.einsum("bk,ki,kj->bij", P, self.K, self.K) - M[:, :, None] * M[:, None, :]
        J[:, 1, 2] += 0.1 * np.abs(J[:, 1]).max(axis=1)
        return J


class WideTail:
    """So wide that not every kink can be looked at."""

    def __call__(self, X):
        return np.where(X > 0, X, 0.1 * X)

    def gradient(self, X):
        return np.where(X > 0, 1, 0.1) + np.where(np.abs(X) > 5, 3.7e-4, 0.0)


def test_a_side_that_only_one_column_was_asked_on_is_told_as_a_side():
    told(SoftplusCutOff(), "one-side", "right but for x < -5, where the gradient is 0")


def test_rows_with_an_input_on_one_side_are_told_by_it():
    (found, *_) = diagnoses(NormOneSided())
    assert found.code == "rows-by-input"
    assert found.sentence.startswith("right but in rows where x[1] is above 0, where the relative error is 0.01")


def test_a_single_entry_is_told_though_it_is_not_seen_in_every_row():
    (found, *_) = diagnoses(OneEntryOfAttention(), dim=3)
    assert (found.code, found.sentence) == ("entry", "wrong only in the entry of output 1 and input 2; right elsewhere")


def test_what_bends_and_was_not_looked_at_is_not_known_to_be_wrong():
    (found, *_) = diagnoses(WideTail(), dim=3000)
    assert found.sentence == "right but for |x| > 5, where the gradient is too large by 0.00037"
