import numpy as np
from functors import fresh, right, wrong

from .mistakes import changed
from .observing import diagnoses
from .tables import cases, not_told, told

LAST_PLACE = ": each entry is right to within a unit in its last place"
INSIDE = (
    ": each entry is a number of that type, and off by no more than roundings of x and of terms in that type explain"
)


class Differenced(right.Softplus):
    """A difference quotient with far too short a step."""

    def gradient(self, X):
        return (np.logaddexp(0, X + 1.3e-12) - np.logaddexp(0, X)) / 1.3e-12


class Stale(right.Tanh):
    """The gradient at the rows of the last forward, if they are as many."""

    def __init__(self):
        self.X = None

    def __call__(self, X):
        self.X = X.copy()
        return np.tanh(X)

    def gradient(self, X):
        X = self.X if self.X is not None and self.X.shape == X.shape else X
        return 1.5 * (1 - np.tanh(X) ** 2) - 0.5 * (1 - np.tanh(X) ** 2)


@cases(
    (
        "zeros-and-ones",
        fresh.SigmoidIntoIntegers(),
        "the gradient is cut off to whole numbers, as in an array of integers",
    ),
    ("decimals", changed(right.Tanh(), lambda G, X: np.round(G, 3)), "the gradient is rounded to 3 decimals"),
    ("float16", wrong.TanhRoundedToHalf(), f"the gradient is rounded to float16{LAST_PLACE}"),
    (
        "float16",
        changed(right.Tanh(), lambda G, X: (1 - np.tanh(X.astype(np.float16)) ** 2).astype(float)),
        f"the gradient is computed in float16{INSIDE}",
    ),
    ("grid", changed(right.Tanh(), lambda G, X: np.round(64 * G) / 64), "the gradient is rounded to multiples of 1/64"),
    (
        "grid",
        changed(right.Softmax(), lambda G, X: np.round(20 * G) / 20),
        "the gradient is rounded to multiples of 1/20",
    ),
    (
        "grid",
        changed(right.Silu(), lambda G, X: np.floor(100 * G) / 100),
        "the gradient is rounded down, to 2 decimals",
    ),
    ("decimals", changed(right.Tanh(), lambda G, X: np.round(G, 2)), "the gradient is rounded to 2 decimals"),
    (
        "float32",
        changed(right.Tanh(), lambda G, X: (1 - np.tanh(X.astype(np.float32)) ** 2).astype(float)),
        f"the gradient is computed in float32{INSIDE}",
    ),
    (
        "noise",
        fresh.ArctanWithFaintNoiseInItsSlope(),
        "the gradient is another at each call: it is random, or counts its calls",
    ),
    (
        "nearly-right",
        wrong.GeluWithShortConstant(),
        "the gradient is nearly right: nowhere off by more than 1e-05, where slopes are about 0.5; "
        "a constant with too few digits may do that, or an approximation",
    ),
)
def test_a_mistake_of_precision_is_told(code, functor, sentence):
    told(functor, code, sentence)


def test_neighbours_that_get_the_same_gradient_are_told_for_what_they_may_be():
    class Inside(right.Tanh):
        def gradient(self, X):
            return 1 - np.tanh(X.astype(np.float32)).astype(float) ** 2

    (found, *_) = diagnoses(Inside())
    assert found.code == "short-type"
    assert found.sentence.startswith("neighbouring x get the same gradient, off by ")
    assert found.sentence.endswith(": it is computed in a short type, or as a difference with a short step")


def test_digits_that_cancel_are_told():
    found = diagnoses(Differenced())
    assert found[0].code == "cancellation"
    assert found[0].sentence.startswith("the gradient jumps between neighbouring x by as much as it is wrong")


@cases(
    ("whole-numbers", changed(right.Tanh(), lambda G, X: np.round(G))),
    ("decimals", changed(right.Tanh(), lambda G, X: np.floor(1000 * G) / 1000)),
    ("float32", changed(right.Tanh(), lambda G, X: G + 1e-7 * np.cos(X))),
    ("float16", changed(right.Softplus(), lambda G, X: np.round(1.01 * 64 * G) / 64)),
    ("float16", changed(right.Softplus(), lambda G, X: (1.01 * G).astype(np.float16).astype(float))),
    ("nearly-right", changed(right.Softplus(), lambda G, X: G * (1 + 1e-5 * (X > 0)))),
    ("noise", changed(right.Arctan(), lambda G, X: G * (1 + 1e-6 * np.cos(9 * X)))),
    ("stale-state", changed(right.Arctan(), lambda G, X: G * (1 + 1e-3 * np.cos(9 * X)))),
    ("cancellation", changed(right.Arctan(), lambda G, X: G * (1 + 1e-6 * np.cos(9 * X)))),
    ("nearly-right", changed(right.Arctan(), lambda G, X: G * (1 + 1e-2 * np.cos(9 * X)))),
)
def test_a_near_miss_is_not_told_so(code, functor):
    not_told(functor, code)
