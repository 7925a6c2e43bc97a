import numpy as np
import pytest
from functors import right

from .mistakes import Mistaken
from .tables import not_told, told


def softmax_of_half(X):
    return right.Softmax()(X / 2)


class DiagonalWithoutTemperature:
    def __call__(self, X):
        return softmax_of_half(X)

    def gradient(self, X):
        P = softmax_of_half(X)
        return (P * (1 - P))[:, :, None] * np.eye(X.shape[1])


class Arctan:
    def __init__(self, slope):
        self.slope = slope

    def __call__(self, X):
        return np.arctan(X)

    def gradient(self, X):
        return self.slope(1 / (1 + X * X), X)


OUTPUT = "the gradient is evaluated at the output f(x) instead of at x; and besides, "
MOVED = "each row has the gradient of its neighbour: rows are moved down by one; and besides, "


@pytest.mark.parametrize(
    ("functor", "code", "sentence"),
    [
        (Arctan(lambda G, X: -1 / (1 + np.arctan(X) ** 2)), "and-a-factor", f"{OUTPUT}the sign is flipped"),
        (Arctan(lambda G, X: 2 / (1 + np.arctan(X) ** 2)), "and-a-factor", f"{OUTPUT}it is times 2"),
        (
            DiagonalWithoutTemperature(),
            "and-a-factor",
            "only the diagonal is given; the entries off it are not 0; and besides, it is times 2",
        ),
        (Arctan(lambda G, X: -np.roll(G, 1, axis=0)), "rows-and-a-factor", f"{MOVED}the sign is flipped"),
        (
            Arctan(lambda G, X: np.broadcast_to(G.sum(axis=0) / 2, G.shape).copy()),
            "rows-and-a-factor",
            "the gradient is summed over the batch; and besides, it is times 1/2",
        ),
    ],
)
def test_two_mistakes_at_once_are_told(functor, code, sentence):
    told(functor, code, sentence)


def test_a_strange_factor_is_nobodys():
    not_told(Arctan(lambda G, X: 1.2345678 / (1 + np.arctan(X) ** 2)), "and-a-factor", "rows-and-a-factor")
    not_told(Mistaken(right.Tanh(), lambda f, X: np.cos(3 * X)), "and-a-factor", "rows-and-a-factor")
