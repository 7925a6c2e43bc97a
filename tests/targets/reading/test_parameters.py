"""Which arrays of a layer are parameters, and where their gradients are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from actcheck.targets.reading.parameters import parameters_of

W, B = np.ones((3, 2)), np.zeros(2)


def _found(before: dict[str, Any], after: dict[str, Any], *named: str) -> list[tuple[str, str]]:
    owner = SimpleNamespace(**before)
    found = parameters_of(owner, lambda: vars(owner).update(after), named)
    return [(each.name, each.partner) for each in found]


@pytest.mark.parametrize(
    ("name", "partner"),
    [
        *(("W", other) for other in ("dW", "grad_W", "W_grad", "gradW", "dL_dW", "W_gradient")),
        *(("weight", other) for other in ("grad_weight", "dweight", "weight_grad", "d_weight")),
        *(("weights", other) for other in ("dweights", "grad_weights", "grad_weight", "weights_gradient")),
    ],
)
def test_partners_by_name(name: str, partner: str) -> None:
    assert _found({name: W}, {partner: 2 * W}) == [(name, partner)]


@pytest.mark.parametrize("other", ["dV", "W2", "delta", "grad", "dWW"])
def test_other_names_are_no_partners(other: str) -> None:
    assert _found({"W": W}, {other: 2 * W}) == []


def test_dictionaries_lists_and_objects() -> None:
    assert _found({"params": {"W": W}, "grads": {}}, {"grads": {"W": W}}) == [("params['W']", "grads['W']")]
    assert _found({"params": {"W": W}, "grads": {}}, {"grads": {"dW": W}}) == [("params['W']", "grads['dW']")]
    assert _found({"p": {"W": W, "dW": None}}, {"p": {"W": W, "dW": 2 * W}}) == [("p['W']", "p['dW']")]
    assert _found({"params": [W, B], "grads": [0 * W, 0 * B]}, {}) == [
        ("params[0]", "grads[0]"),
        ("params[1]", "grads[1]"),
    ]
    held = SimpleNamespace(data=W, grad=None)
    assert _found({"W": held}, {"W": SimpleNamespace(data=W, grad=2 * W)}) == [("W['data']", "W['grad']")]


def test_what_a_forward_pass_writes_is_no_parameter() -> None:
    assert _found({"x": None}, {"x": W, "dx": W}) == []
    assert _found({"x": W}, {"x": 2 * W, "dx": W}) == []


def test_one_array_of_two_names_is_one_parameter() -> None:
    held = W.copy()
    found = _found({"W": held, "params": {"W": held}}, {"dW": W, "grads": {"W": W}})
    assert len(found) == 1


def test_others_are_named() -> None:
    assert _found({"W": W, "b": B}, {"db": B, "update": W}, "W=update") == [("W", "update"), ("b", "db")]
