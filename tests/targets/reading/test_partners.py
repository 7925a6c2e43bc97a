"""Which names say that they are gradients of which."""

from __future__ import annotations

import pytest

from actcheck.targets.reading.partners import is_gradient, is_named_for, says_gradient, says_step


@pytest.mark.parametrize(
    ("name", "partners"),
    [
        ("W", ("dW", "grad_W", "W_grad", "gradW", "dL_dW", "W_gradient", "dLdW", "delta_W", "nabla_W", "dJ_dW")),
        ("weight", ("grad_weight", "dweight", "weight_grad", "d_weight", "dw", "dW")),
        ("weights", ("dweights", "grad_weights", "grad_weight", "weights_gradient", "dw", "delta_w", "weights_delta")),
        ("bias", ("db", "dbias", "bias_gradient", "d_biases")),
        ("W1", ("dW1", "grad_W1", "W1_grad", "W_grad1", "dw1")),
        ("__W", ("dW", "_Dense__dW")),
        ("alpha", ("dalpha", "alpha_grad")),
    ],
)
def test_what_is_a_partner(name: str, partners: tuple[str, ...]) -> None:
    for partner in partners:
        assert is_gradient((partner,), (name,)), partner


@pytest.mark.parametrize("other", ["dV", "W2", "delta", "grad", "dWW", "dW1", "W", "dW_prev", "update", "d"])
def test_what_is_none(other: str) -> None:
    assert not is_gradient((other,), ("W",))


def test_what_is_alike_is_left_out_where_that_is_asked() -> None:
    assert not is_gradient(("dw",), ("weights",), alike=False)
    assert is_gradient(("d_weights",), ("weights",), alike=False)


@pytest.mark.parametrize(
    ("path", "other"),
    [
        (("params", "W"), ("grads", "W")),
        (("params", "W"), ("grads", "dW")),
        (("params", 0), ("grads", 0)),
        (("params", "W"), ("params", "dW")),
        (("params", "W"), ("dW",)),
        (("W",), ("gradients", "W")),
        (("weights",), ("gradients", "dW")),
        (("W", "data"), ("W", "grad")),
        (("layers", 1, "W"), ("layers", 1, "dW")),
        (("layers", 1, "params", "W"), ("layers", 1, "grads", "W")),
        (("weights", 0), ("dW", 0)),
    ],
)
def test_places_that_belong_together(path: tuple[str | int, ...], other: tuple[str | int, ...]) -> None:
    assert is_gradient(other, path)
    assert not is_gradient(path, other)


@pytest.mark.parametrize(
    ("path", "other"),
    [
        (("layers", 1, "W"), ("layers", 0, "dW")),
        (("params", "W"), ("grads", "b")),
        (("params", 0), ("grads", 1)),
        (("W",), ("layers", 0, "dW")),
        (("W",), ("other", "dW")),
    ],
)
def test_places_that_do_not(path: tuple[str | int, ...], other: tuple[str | int, ...]) -> None:
    assert not is_gradient(other, path)


def test_of_what_is_known_to_be_gradients_the_bare_name_is_enough() -> None:
    assert is_named_for("W", ("W",))
    assert is_named_for("dw", ("weights",))
    assert not is_named_for("db", ("W",))


def test_words_for_gradients() -> None:
    assert all(map(says_gradient, ("grads", "gradients", "delta", "dparams", "weight_grads")))
    assert not any(map(says_gradient, ("params", "data", "decay", "dropout")))


def test_a_delta_may_be_a_step() -> None:
    assert says_step("delta_W")
    assert not says_step("dW")
