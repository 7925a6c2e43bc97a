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
