"""The catalogue's values and gradients are those of ``torch.nn.functional`` and ``jax.nn``, where these have them.

Runs where PyTorch or JAX is installed, each for itself, and is reported as skipped where it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from activations.cases import CASES, Case, default_of
from numpy.typing import NDArray

from actcheck.activations.catalogue import ENTRIES

Array = NDArray[np.float64]
Theirs = Callable[..., Any]
"""Takes the framework's functions and a batch, and the entry's parameters as keywords."""

RTOL, ATOL = 1e-11, 1e-13
LOOSE = {("torch", "hard-sigmoid"): 4e-8}
"""Where a framework is less exact itself: PyTorch's slope of a hard sigmoid is float32's 1/6, in float64 too."""

TORCH: dict[str, Theirs] = {
    "sigmoid": lambda nn, x: nn.sigmoid(x),
    "log-sigmoid": lambda nn, x: nn.logsigmoid(x),
    "tanh": lambda nn, x: nn.tanh(x),
    "tanh-shrink": lambda nn, x: nn.tanhshrink(x),
    "softsign": lambda nn, x: nn.softsign(x),
    "relu": lambda nn, x, at_zero: nn.relu(x),
    "leaky-relu": lambda nn, x, negative_slope: nn.leaky_relu(x, negative_slope),
    "prelu": lambda nn, x, slope: nn.prelu(x, x.new_tensor([slope])),
    "relu6": lambda nn, x: nn.relu6(x),
    "hard-tanh": lambda nn, x, min_val, max_val: nn.hardtanh(x, min_val, max_val),
    "hard-sigmoid": lambda nn, x: nn.hardsigmoid(x),
    "threshold": lambda nn, x, threshold, value: nn.threshold(x, threshold, value),
    "soft-shrink": lambda nn, x, threshold: nn.softshrink(x, threshold),
    "hard-shrink": lambda nn, x, threshold: nn.hardshrink(x, threshold),
    # Beyond its threshold, 20 if left out, it gives x itself: off by 2e-9.
    "softplus": lambda nn, x: nn.softplus(x, threshold=40),
    "elu": lambda nn, x, alpha: nn.elu(x, alpha),
    "selu": lambda nn, x: nn.selu(x),
    "celu": lambda nn, x, alpha: nn.celu(x, alpha),
    "gelu": lambda nn, x: nn.gelu(x),
    "gelu-tanh": lambda nn, x: nn.gelu(x, approximate="tanh"),
    "silu": lambda nn, x, beta: nn.silu(beta * x) / beta,
    "mish": lambda nn, x: nn.mish(x),
    "hard-swish": lambda nn, x: nn.hardswish(x),
    "softmax": lambda nn, x, stretch: nn.softmax(stretch * x, dim=-1),
    "softmin": lambda nn, x: nn.softmin(x, dim=-1),
    "log-softmax": lambda nn, x: nn.log_softmax(x, dim=-1),
    "logsumexp": lambda nn, x: x.logsumexp(dim=-1, keepdim=True),
    "maxout": lambda nn, x, pieces: nn.max_pool1d(x[:, None, :], int(pieces))[:, 0],
    "glu": lambda nn, x: nn.glu(x),
    "layer-norm": lambda nn, x, eps: nn.layer_norm(x, x.shape[-1:], eps=eps),
    "rms-norm": lambda nn, x, eps: nn.rms_norm(x, x.shape[-1:], eps=eps),
    "l2-normalize": lambda nn, x, eps: nn.normalize(x, dim=-1, eps=eps),
}

JAX: dict[str, Theirs] = {
    "linear": lambda nn, x: nn.identity(x),
    "sigmoid": lambda nn, x: nn.sigmoid(x),
    "log-sigmoid": lambda nn, x: nn.log_sigmoid(x),
    "tanh": lambda nn, x: nn.tanh(x),
    "softsign": lambda nn, x: nn.soft_sign(x),
    "relu": lambda nn, x, at_zero: nn.relu(x),
    "leaky-relu": lambda nn, x, negative_slope: nn.leaky_relu(x, negative_slope),
    "relu6": lambda nn, x: nn.relu6(x),
    "hard-tanh": lambda nn, x, min_val, max_val: nn.hard_tanh(x),
    "hard-sigmoid": lambda nn, x: nn.hard_sigmoid(x),
    "softplus": lambda nn, x: nn.softplus(x),
    "squareplus": lambda nn, x, b: nn.squareplus(x, b),
    "elu": lambda nn, x, alpha: nn.elu(x, alpha),
    "selu": lambda nn, x: nn.selu(x),
    "celu": lambda nn, x, alpha: nn.celu(x, alpha),
    "gelu": lambda nn, x: nn.gelu(x, approximate=False),
    "gelu-tanh": lambda nn, x: nn.gelu(x, approximate=True),
    "silu": lambda nn, x, beta: nn.silu(beta * x) / beta,
    "mish": lambda nn, x: nn.mish(x),
    "hard-swish": lambda nn, x: nn.hard_swish(x),
    "softmax": lambda nn, x, stretch: nn.softmax(stretch * x),
    "log-softmax": lambda nn, x: nn.log_softmax(x),
    "logsumexp": lambda nn, x: nn.logsumexp(x, axis=-1, keepdims=True),
    "glu": lambda nn, x: nn.glu(x),
    "layer-norm": lambda nn, x, eps: nn.standardize(x, epsilon=eps),
}

NEITHER = {"gaussian", "sine", "snake", "sparsemax", "squash", "swiglu"}
"""What neither has as a function of its own."""

FIXED = {("jax", "hard-tanh")}
"""Whose parameters cannot be chosen there."""

KINKS: dict[str, dict[float, dict[str, float]]] = {
    "relu": {0.0: {"torch": 0, "jax": 0}},
    "leaky-relu": {0.0: {"torch": 0.01}},
    "prelu": {0.0: {"torch": 0.25}},
    "relu6": {0.0: {"torch": 0, "jax": 0}, 6.0: {}},
    "hard-tanh": {-1.0: {"torch": 0}, 1.0: {"jax": 1}},
    "hard-sigmoid": {-3.0: {"torch": 0, "jax": 0}, 3.0: {}},
    "threshold": {1.0: {}},
    "soft-shrink": {-0.5: {}, 0.5: {"torch": 0}},
    "hard-shrink": {-0.5: {}, 0.5: {}},
    "selu": {0.0: {"torch": 1.7580993408473766, "jax": 1.7580993408473766}},
    "hard-swish": {-3.0: {"torch": 0, "jax": 0}, 3.0: {}},
}
"""The element-wise kinks by default parameters, and what the frameworks take there where it is not what we take.

Ours is the slope to the right of a kink; at the jumps of threshold and hard-shrink, that of the piece which the value
is of. Theirs is 0 where a slope beside the kink is 0, and that of the left for the rest; JAX's hard-tanh has 1.
"""


@dataclass(frozen=True)
class Framework:
    """A framework, ready to differentiate.

    Parameters
    ----------
    name : str
    table : dict
    value : callable
        Takes one of the table's functions with its parameters bound, and a batch.
    gradient : callable
        Likewise; gives the diagonal of an element-wise function, else the Jacobian of every row.
    """

    name: str
    table: dict[str, Theirs]
    value: Callable[[Callable[..., Any], Array], Array]
    gradient: Callable[[Callable[..., Any], Array, bool], Array]

    def of(self, case: Case) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
        """Give its value and gradient for an entry, or skip the test."""
        theirs = self.table.get(case.entry.name)
        if theirs is None:
            pytest.skip(f"{self.name} has no {case.entry.name}")
        if case.parameters and (self.name, case.entry.name) in FIXED:
            pytest.skip(f"{case.entry.name} has no parameters in {self.name}")
        keywords = {p.name: float(default_of(case.entry, p.name)) for p in case.entry.parameters}
        keywords |= dict(case.parameters)

        def bound(nn: Any, x: Any) -> Any:
            return theirs(nn, x, **keywords)

        return lambda X: self.value(bound, X), lambda X: self.gradient(bound, X, case.entry.elementwise)


def _torch() -> Framework:
    reason = "PyTorch is not installed: its values and gradients are not compared"
    torch = pytest.importorskip("torch", reason=reason)
    nn = torch.nn.functional

    def value(function: Callable[..., Any], X: Array) -> Array:
        return function(nn, torch.tensor(X)).numpy()

    def gradient(function: Callable[..., Any], X: Array, elementwise: bool) -> Array:
        x = torch.tensor(X, requires_grad=True)
        outputs = function(nn, x)
        # No output depends on another row, so that a sum over rows has the gradients of all.
        sums = [outputs.sum()] if elementwise else outputs.sum(dim=0)
        rows = [torch.autograd.grad(each, x, retain_graph=True)[0].numpy() for each in sums]
        return rows[0] if elementwise else np.stack(rows, axis=1)

    return Framework("torch", TORCH, value, gradient)


def _jax() -> Framework:
    jax = pytest.importorskip("jax", reason="JAX is not installed: its values and gradients are not compared")
    jax.config.update("jax_enable_x64", True)

    def value(function: Callable[..., Any], X: Array) -> Array:
        return np.asarray(function(jax.nn, jax.numpy.asarray(X)))

    def gradient(function: Callable[..., Any], X: Array, elementwise: bool) -> Array:
        if elementwise:
            return np.asarray(jax.grad(lambda x: function(jax.nn, x).sum())(X))
        return np.asarray(jax.vmap(jax.jacobian(lambda x: function(jax.nn, x)))(X))

    return Framework("jax", JAX, value, gradient)


@pytest.fixture(scope="module", params=[_torch, _jax], ids=["torch", "jax"])
def framework(request: pytest.FixtureRequest) -> Iterator[Framework]:
    return request.param()


def rows(width: int) -> Array:
    """Give random rows of several sizes; none of their numbers is at a kink, and none so far out that a tail is 0."""
    sizes = np.repeat([0.1, 1.0, 4.0], 12)[:, None]
    return np.random.default_rng(0).standard_normal((36, width)) * sizes


HAVE = {*TORCH, *JAX}
COMPARED = [case for case in CASES if case.entry.name in HAVE]


@pytest.mark.parametrize("case", COMPARED, ids=str)
def test_values_and_gradients_are_equal(framework: Framework, case: Case) -> None:
    value, gradient = framework.of(case)
    functor, X = case.functor(), rows(case.width(6))
    np.testing.assert_allclose(functor(X), value(X), RTOL, ATOL)
    rtol = LOOSE.get((framework.name, case.entry.name), RTOL)
    np.testing.assert_allclose(functor.gradient(X), gradient(X), rtol, ATOL)


@pytest.mark.parametrize("name", KINKS)
def test_gradients_at_kinks(framework: Framework, name: str) -> None:
    """Both are slopes of the function there; they are the same but where the table says otherwise."""
    case = Case(next(entry for entry in ENTRIES if entry.name == name))
    _, gradient = framework.of(case)
    functor, points = case.functor(), KINKS[name]
    ours = functor.gradient(np.array(list(points)))
    theirs = gradient(np.array(list(points)))
    expected = [point.get(framework.name, own) for point, own in zip(points.values(), ours, strict=True)]
    np.testing.assert_allclose(theirs, expected, RTOL)
    beside = np.array([functor.gradient(np.array(list(points)) + step) for step in (-1e-9, 1e-9)])
    for chosen in (ours, theirs):
        assert (beside.min(axis=0) - 1e-6 <= chosen).all()
        assert (chosen <= beside.max(axis=0) + 1e-6).all()


def test_a_rectifier_can_have_their_gradient_at_zero(framework: Framework) -> None:
    case = next(case for case in CASES if case.parameters == (("at_zero", 0),))
    _, gradient = framework.of(case)
    X = np.array([-1.0, 0.0, 1.0])
    np.testing.assert_array_equal(case.functor().gradient(X), gradient(X))


def test_ties_of_maxout_go_to_the_first(framework: Framework) -> None:
    case = next(case for case in CASES if case.parameters == (("pieces", 4),))
    _, gradient = framework.of(case)
    X = np.array([[1.0, 1.0, 0.0, 1.0, -1.0, 2.0, 2.0, 2.0], np.zeros(8)])
    np.testing.assert_array_equal(case.functor().gradient(X), gradient(X))


def test_every_entry_is_compared_or_said_not_to_be() -> None:
    assert {entry.name for entry in ENTRIES} == HAVE | NEITHER
    assert not HAVE & NEITHER


def test_every_kink_is_compared() -> None:
    with_kinks = {entry.name for entry in ENTRIES if entry.kinks and entry.elementwise and entry.name in HAVE}
    assert set(KINKS) == with_kinks - {"elu"}, "elu has none by default"
