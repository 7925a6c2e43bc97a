"""The chain rule of a layer."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.activations import Softmax, Tanh
from actcheck.checks.calls import Subject
from actcheck.checks.chain import PARAMETERS, Instance, costs, pull_back
from actcheck.model import CheckSpec, Claim, Cost, Layout
from actcheck.rows.layer import cotangent, numbers


def instance(functor, claim=Claim.DIAGONAL, dtype="float64", outputs=3):
    spec = CheckSpec("f", command="layer", dtype=dtype)
    subject = Subject(functor, outputs, outputs, claim, Layout.OUT_IN, dtype)
    return Instance(subject, numbers(spec, outputs), cotangent(0, spec.batch, outputs))


def test_a_diagonal_is_multiplied_where_a_jacobian_is_contracted():
    rng = np.random.default_rng(0)
    diagonal, weights = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    full = np.eye(3) * diagonal[:, :, None]
    assert np.allclose(pull_back(diagonal, weights), pull_back(full, weights), rtol=1e-15)


def test_the_contraction_sums_over_outputs():
    """As the document has it, whose Jacobians are transposed: einsum("...jk, ...kl") with J[b, j, i]."""
    rng = np.random.default_rng(0)
    J, weights = rng.normal(size=(5, 2, 3)), rng.normal(size=(5, 2))
    theirs = np.einsum("...jk, ...kl", np.swapaxes(J, 1, 2), weights[:, :, None])[:, :, 0]
    assert np.allclose(pull_back(J, weights), theirs, rtol=1e-14)


@pytest.mark.parametrize(("functor", "claim"), [(Tanh(), Claim.DIAGONAL), (Softmax(stretch=2), Claim.JACOBIAN)])
@pytest.mark.parametrize("name", PARAMETERS)
def test_gradients_are_those_of_the_loss(functor, claim, name):
    layer = instance(functor, claim)
    slopes, point = layer.gradients()[name], layer.parameter(name)
    assert slopes.shape == point.shape
    step = 1e-6 * np.eye(point.size).reshape(-1, *point.shape)
    central = (layer.losses(name, point + step) - layer.losses(name, point - step)) / 2e-6
    assert np.allclose(slopes.ravel(), central, atol=1e-8)


def test_the_loss_is_that_of_the_layer_but_for_a_constant():
    layer = instance(Tanh())
    (loss,) = layer.losses("b", layer.parameter("b")[None])
    assert loss == pytest.approx(np.sum(layer.cotangent * np.tanh(layer.hidden)) + layer.constant, rel=1e-15)
    assert layer.constant >= abs(loss - layer.constant)


@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("name", PARAMETERS)
def test_differences_are_taken_where_the_type_has_rounded_to(dtype, name):
    """Otherwise the gradient would be one of another place, and rightly so."""

    class Recorder:
        def __call__(self, Z):
            seen.append(Z.astype(np.float64))
            return Z

    seen: list[np.ndarray] = []
    layer = instance(Recorder(), dtype=dtype)
    layer.losses(name, layer.parameter(name)[None])
    in_float64 = seen[-1]
    layer.losses(name, layer.parameter(name)[None], in_type=True)
    assert np.array_equal(in_float64, seen[-1])
    assert np.array_equal(in_float64, layer.hidden)


def test_costs():
    assert costs(8, 3, 3, "float64") == (Cost(24, 192), Cost(72, 576))
    assert costs(8, 100, 100, "float32") == (Cost(800, 3200), Cost(80_000, 320_000))
    assert costs(8, 4, 2, "float64") == (None, Cost(64, 512))
