import numpy as np
import pytest
from functors import fresh, right, wrong

from actcheck import activations
from actcheck.diagnosis import identity

from .mistakes import Mistaken, changed
from .observing import diagnoses, evidence_of, of_class
from .tables import cases, not_told, told


@cases(
    ("other-function", wrong.GeluErfWithTanhGradient(), "this is the gradient of gelu-tanh, not of gelu"),
    ("other-function", wrong.MishWithSiluGradient(), "this is the gradient of silu, not of mish"),
    ("other-function", wrong.SigmoidWithHardGradient(), "this is the gradient of hard-sigmoid, not of sigmoid"),
    ("other-function", wrong.SoftplusWithReluGradient(), "this is the gradient of relu, not of softplus"),
    ("other-function", wrong.CeluWithEluGradient(), "this is the gradient of elu with alpha = 2, not of celu"),
    ("other-parameter", wrong.EluWithoutAlpha(0.5), "this is the gradient of elu with alpha = 1, not 0.5"),
    (
        "other-parameter",
        wrong.LeakyReluWithTenthForHundredth(),
        "this is the gradient of leaky-relu with negative_slope = 0.1, not 0.01",
    ),
    (
        "other-parameter",
        wrong.QuickGeluWithRoundedConstant(),
        "this is the gradient of silu with beta = 1.7, not 1.702",
    ),
    (
        "borrowed-formula",
        Mistaken(right.Arctan(), lambda f, X: 1 - f(X) ** 2),
        "the gradient is 1 - f² with f = f(x), as of tanh",
    ),
    (
        "borrowed-formula",
        fresh.Joined(fresh.entmax, lambda X: fresh.entmax_slope(X, power=1.0)),
        "this is the formula of softmax, a_i (δ_ij - a_j), with another a",
    ),
)
def test_a_mistake_of_identity_is_told(code, functor, sentence):
    told(functor, code, sentence)


@cases(
    ("other-function", Mistaken(right.Mish(), lambda f, X: right.Silu().gradient(X) * (1 + 1e-4 * np.cos(X)))),
    ("other-parameter", changed(right.Elu(0.5), lambda G, X: np.where(X > 0, 1.0, np.exp(1.1 * np.minimum(X, 0))))),
    ("borrowed-formula", Mistaken(right.Arctan(), lambda f, X: 1 - f(X) ** 2 + 1e-4 * X)),
)
def test_a_near_miss_is_not_told_so(code, functor):
    not_told(functor, code)


class Wave:
    """A functor of nobody's catalogue, whose gradient has forgotten one of its parameters."""

    def __init__(self, speed=1.0, lift=0.5):
        self.speed, self.lift = speed, lift

    def __call__(self, X):
        return self.lift * np.sin(self.speed * X) + X**2 / 9

    def gradient(self, X):
        return self.lift * 1.75 * np.cos(1.75 * X) + 2 * X / 9


def test_the_value_of_a_parameter_that_would_be_right_is_found_by_making_the_functor_anew():
    (first, *_) = of_class(Wave, speed=1.3, lift=0.5)
    assert first.sentence == "the gradient is right for speed = 1.75, not for speed = 1.3"
    assert first.option == "--speed 1.75"


def test_a_parameter_between_the_usual_values_is_found_by_search():
    functor = Mistaken(right.Elu(0.5), lambda f, X: right.Elu(0.8125).gradient(X))
    assert diagnoses(functor)[0].sentence == "this is the gradient of elu with alpha = 0.8125, not 0.5"


@pytest.mark.parametrize(("start", "root"), [(1.0, 3.0), (0.0, -1.3), (40.0, 47.1)])
def test_the_search_gives_the_root_nearest_to_the_start(start, root):
    (found, *_) = identity.roots(lambda p: (p - root) * (1 + p**2), start)
    assert found == pytest.approx(root, rel=1e-9)


def test_the_search_says_where_it_leads_nowhere():
    assert identity.between(lambda p: float("nan"), 1.0, 2.0) is None
    assert list(identity.roots(lambda p: 1.0, 1.0)) == []


def test_the_functor_itself_is_recognised_by_its_values():
    evidence = evidence_of(Mistaken(activations.SiLU(), lambda f, X: 2 * f.gradient(X)))
    assert identity.own_suspect(evidence).name == "silu"
