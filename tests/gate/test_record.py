"""What is kept of a functor, measured on the real thing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from actcheck import run, targets
from actcheck.gate.drift import Tolerance, drifts
from actcheck.gate.record import MOST, MOST_KINKS, measure
from actcheck.model import CheckSpec, Kink, Layout


class ReLU:
    def __init__(self, at_zero=1.0):
        self.at_zero = at_zero

    def __call__(self, X):
        return np.maximum(X, 0.0)

    def gradient(self, X):
        return np.where(X == 0, self.at_zero, X > 0)


class Tent:
    """Its slope changes its sign at every whole number; the gradient there is 1, but for one place."""

    def __init__(self, flipped=None):
        self.flipped = flipped

    def __call__(self, X):
        return np.abs(X - 2 * np.round(X / 2))

    def gradient(self, X):
        slope = np.where(np.floor(X) % 2 == 0, 1.0, -1.0)
        return np.where(np.round(X) == X, self._chosen(X), slope)

    def _chosen(self, X):
        return np.ones_like(X) if self.flipped is None else np.where(self.flipped == X, -1.0, 1.0)


class Sqrt:
    """It raises on negative numbers."""

    def __call__(self, X):
        if (X < 0).any():
            raise ValueError("negative")
        return np.sqrt(X)

    def gradient(self, X):
        with np.errstate(divide="ignore"):
            return 0.5 / np.sqrt(X)


class Scale:
    """A diagonal, written as a Jacobian."""

    def __call__(self, X):
        return 3.0 * X

    def gradient(self, X):
        return np.broadcast_to(3.0 * np.eye(X.shape[1]), (len(X), X.shape[1], X.shape[1]))


class Slipped:
    """A functor of the catalogue, whose gradient is off by a factor."""

    def __init__(self, name, factor):
        self.functor = targets.resolve(name).functor
        self.factor = factor

    def __call__(self, X):
        return self.functor(X)

    def gradient(self, X):
        return self.factor * self.functor.gradient(X)


def record(functor, given=None, **settings):
    spec = CheckSpec("mine", command="check", **settings)
    return measure(spec, run.check_functor(spec, functor, None), functor, given)


def test_an_elementwise_functor():
    kept = record(ReLU())
    assert (kept.structure, kept.inputs, kept.outputs) == ("element-wise", 5, 5)
    assert kept.kinks == (Kink(0.0, (0.0, 1.0), 1.0),)
    assert kept.share < 0.1
    at = {
        x: (value, slope) for row in kept.rows for x, value, slope in zip(row.x, row.value, row.gradient, strict=True)
    }
    assert at[0.0] == (0.0, 1.0)
    assert at[-6.0] == (0.0, 0.0)
    assert at[6.0] == (6.0, 1.0)


def test_the_same_each_time():
    assert record(ReLU(), dim=3) == record(ReLU(), dim=3)


def test_on_the_rows_of_the_baseline():
    kept = record(ReLU(), [(1.0, -1.0, 0.0, 7.0, 8.0)])
    assert [row.x for row in kept.rows] == [(1.0, -1.0, 0.0, 7.0, 8.0)]
    assert kept.rows[0].gradient == (1.0, 0.0, 1.0, 1.0, 1.0)


def test_rows_of_another_width_are_chosen_anew():
    assert {len(row.x) for row in record(ReLU(), [(1.0, 2.0)]).rows} == {5}


def test_a_domain():
    kept = record(Sqrt())
    assert kept.rows
    assert all(min(row.x) >= 0 for row in kept.rows)


@pytest.mark.parametrize(("dim", "structure"), [(3, "Jacobian, diagonal"), (1, "Jacobian, dense")])
def test_a_jacobian_that_is_a_diagonal(dim, structure):
    assert record(Scale(), dim=dim).structure == structure


def test_a_catalogue_functor_and_a_large_one():
    softmax = targets.resolve("softmax").functor
    kept = record(softmax, dim=30)
    assert kept.structure == "Jacobian, dense"
    assert {len(row.gradient) for row in kept.rows} == {MOST}
    assert {len(row.x) for row in kept.rows} == {30}


def test_a_type_holds_its_rows():
    kept = record(ReLU(), dtype="float16")
    assert all(float(np.float16(x)) == x for row in kept.rows for x in row.x)


def test_nothing_is_kept_of_rows_from_a_file(tmp_path):
    (tmp_path / "secret.csv").write_text("123.25,7\n7,7\n")
    spec = CheckSpec("mine", command="check", csv=str(tmp_path / "secret.csv"))
    functor = Scale()
    kept = measure(spec, run.check_functor(spec, functor, None), functor, None)
    assert not any(abs(x) in (123.25, 7.0) for row in kept.rows for x in row.x)
    assert all(math.isfinite(x) for row in kept.rows for x in row.x)


@pytest.mark.parametrize(
    "name", ["tanh", "sigmoid", "softmax", "gelu", "softplus", "silu", "log-softmax", "sine", "selu", "squareplus"]
)
def test_an_error_of_most_of_the_tolerance_is_drift(name):
    """Entries next to 0 take all of their tolerance whatever the gradient: they must not hide how the others do."""
    right, wrong = record(Slipped(name, 1.0)), record(Slipped(name, 1 + 8e-9))
    assert right.share < 1e-3
    assert 0.6 < wrong.share <= 1
    (drift,) = drifts(right, wrong, Tolerance(1e-8, 0.0, "float64"))
    assert drift.code == "error"
    assert drift.new.endswith(" allowed")


def test_an_error_in_a_short_type_is_drift():
    right, wrong = (record(Slipped("tanh", factor), dtype="float32") for factor in (1.0, 1 + 2.5e-4))
    assert [drift.code for drift in drifts(right, wrong, Tolerance(3.5e-4, 0.0, "float32"))] == ["error"]


def test_rounding_of_another_library_is_no_error():
    kept = [record(Slipped("tanh", 1 + ulps * 2.0**-52)) for ulps in (0, 1, 4, -4)]
    assert max(each.share for each in kept) < 1e-3


def test_an_error_along_directions_is_drift():
    right, wrong = (record(Slipped("softmax", factor), dim=40, directions=4) for factor in (1.0, 1 + 8e-9))
    assert [drift.code for drift in drifts(right, wrong, Tolerance(1e-8, 0.0, "float64"))] == ["error"]


@pytest.mark.parametrize("place", [-20.0, 0.0, 13.0, 20.0])
def test_a_sub_gradient_is_kept_wherever_it_is(place):
    typed = tuple((float(x),) for x in range(-20, 21))
    old, new = record(Tent(), typed=typed), record(Tent(place), typed=typed)
    assert [kink.x for kink in old.kinks] == [x for (x,) in typed]
    found = drifts(old, new, Tolerance(1e-8, 0.0, "float64"))
    assert next((drift.code, drift.where) for drift in found) == ("sub-gradient", f"x = {place:g}")


def test_of_many_kinks_those_all_over_the_line_are_kept():
    typed = tuple((float(x),) for x in range(-50, 51))
    kept = record(Tent(), typed=typed)
    assert (kept.kinks_found, len(kept.kinks)) == (101, MOST_KINKS)
    places = [kink.x for kink in kept.kinks]
    assert (places[0], places[-1]) == (-50.0, 50.0)
    assert max(np.diff(places)) == 2.0
    assert set(places) <= {x for row in kept.rows for x in row.x}
    assert record(Tent(), [(0.0,)], typed=typed).kinks_found == 101


def test_kinks_that_a_baseline_has_kept_are_found_among_many():
    """More of them than are kept: those that are kept of the one are not those of the other."""
    old = record(Tent(), typed=tuple((float(x),) for x in range(-50, 51)))
    more = tuple((float(x),) for x in range(-70, 51))
    new = record(Tent(50.0), [row.x for row in old.rows], typed=more)
    found = drifts(old, new, Tolerance(1e-8, 0.0, "float64"))
    assert [(drift.code, drift.where) for drift in found] == [("sub-gradient", "x = 50")]


PRODUCT = """import numpy as np
class It:
    W = np.arange(9.0).reshape(3, 3)
    def forward(self, x):
        return x @ self.W
    def backward(self, g):
        return g @ self.W.T
"""


def test_of_a_backward_pass_the_same_is_kept_in_any_layout(tmp_path):
    (tmp_path / "product.py").write_text(PRODUCT)
    kept = []
    for layout in Layout:
        spec = CheckSpec(f"{tmp_path / 'product.py'}:It", layout=layout, edge=False)
        kept.append(measure(spec, run.check_target(spec), targets.resolve(spec.target).functor, None))
    assert kept[0] is not None
    assert kept[0] == kept[1]
