"""The contract: for every question a functor that keeps it and one that breaks it subtly."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from actcheck.checks.contract import QUESTIONS, examine, raising_gradient
from actcheck.model import Claim, Layout, Outcome

from .cases import RELU, SOFTMAX, TANH, Made, random_rows, sech2, softmax, softmax_jacobian

X, Y = random_rows(), random_rows(seed=1)
W = np.round(np.random.default_rng(0).standard_normal((3, 5)), 3)
LINEAR = Made(lambda X: X @ W.T, lambda X: np.tile(W, (len(X), 1, 1)))


def examined(functor, layout=Layout.OUT_IN, dtype="float64", X=X, Y=Y):
    return examine(functor, X, Y, layout, dtype)


def faults(functor, **settings):
    return {
        each.code: each.message for each in examined(functor, **settings).findings if each.outcome is Outcome.FAILED
    }


def remarks(functor, **settings):
    return {
        each.code: each.message for each in examined(functor, **settings).findings if each.outcome is Outcome.PASSED
    }


def single(function):
    """Compute in float32, whatever is given, with the rounding of another order of summation in other batches."""

    def computed(X):
        X = np.asarray(X, np.float32)
        X = X * np.float32(1 + 2.0**-23) if len(X) % 2 else X
        return np.asarray(function(X), np.float32)

    return computed


# ------------------------------------------------------------------------------------------ kept


def test_float32_inside_rounds_as_float32_and_is_named():
    """A layer in float32 was refused: a row's value was another, in the eighth digit, alone than in its batch."""
    functor = Made(single(np.tanh), single(sech2))
    assert not faults(functor)
    assert remarks(functor) == {
        "short-value": "the value is float32 though float64 is given, and rounded so: --dtype float32 judges it as that"
    }
    assert not remarks(functor, dtype="float32", X=random_rows(dtype="float32"), Y=random_rows(dtype="float32", seed=1))


def test_float32_inside_excuses_no_more_than_its_rounding():
    coupled = Made(single(lambda X: np.tanh(X) + 1e-2 * len(X)), single(sech2))
    assert "rows-coupled" in faults(coupled)
    assert "rows-coupled" in faults(Made(lambda X: np.tanh(X) + 1e-7 * len(X), sech2))


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize("functor", [TANH, RELU, SOFTMAX, LINEAR], ids=["tanh", "relu", "softmax", "linear"])
def test_kept(functor, dtype):
    found = examined(functor, dtype=dtype, X=random_rows(dtype=dtype), Y=random_rows(dtype=dtype, seed=1))
    assert not found.findings
    assert found.judgeable
    assert found.questions == len(QUESTIONS) + 2


def test_claims():
    assert examined(TANH).subject.claim is Claim.DIAGONAL
    assert examined(SOFTMAX).subject.claim is Claim.JACOBIAN
    assert (examined(LINEAR).subject.inputs, examined(LINEAR).subject.outputs) == (5, 3)
    transposed = Made(LINEAR.value, lambda X: np.tile(W.T, (len(X), 1, 1)))
    assert examined(transposed, layout=Layout.IN_OUT).subject.claim is Claim.JACOBIAN


def test_one_input_and_one_output_of_shape_batch_1_is_a_diagonal():
    assert examined(TANH, X=X[:, :1], Y=Y[:, :1]).subject.claim is Claim.DIAGONAL


def test_matrix_products_round_otherwise_in_other_batches_and_may():
    tall = np.round(np.random.default_rng(1).standard_normal((200, 64)), 4)
    V = np.random.default_rng(2).standard_normal((64, 64)) / 8
    functor = Made(lambda X: np.tanh(X @ V), lambda X: sech2(X @ V)[:, :, None] * V.T)
    assert not faults(functor, X=tall, Y=tall[::-1])
    assert not faults(
        functor, X=tall.astype("f4").astype(float), Y=tall[::-1].astype("f4").astype(float), dtype="float32"
    )


# ------------------------------------------------------------------------------------------ remarks


@pytest.mark.parametrize(
    ("functor", "code", "message"),
    [
        (Made(lambda X: X, np.ones_like), "aliases-input", "the value is X itself or a view of it"),
        (Made(lambda X: X[:, ::-1][:, ::-1], np.ones_like), "aliases-input", "the value is X itself or a view of it"),
        (Made(lambda X: X**2 / 2, lambda X: X), "aliases-input", "the gradient is X itself or a view of it"),
        (Made(RELU.value, lambda X: X > 0), "integers", "the gradient holds bool, taken as numbers"),
        (Made(RELU.value, lambda X: (X > 0).astype(np.int8)), "integers", "the gradient holds int8, taken as numbers"),
        (Made(lambda X: (X > 0).astype(int), np.zeros_like), "integers", "the value holds int64, taken as numbers"),
        (Made(lambda X: X + 0, lambda X: 1), "scalar-gradient", "the gradient is the scalar 1, taken for every entry"),
    ],
)
def test_remarks(functor, code, message):
    assert remarks(functor)[code] == message
    assert not faults(functor)
    assert examined(functor).judgeable


# ------------------------------------------------------------------------------------------ shapes


@pytest.mark.parametrize(
    ("functor", "message"),
    [
        (
            Made(lambda X: X.sum(axis=1), sech2),
            "the value of (8, 5) has shape (8,); (batch, m) with batch 8 is expected",
        ),
        (Made(lambda X: X[1:], sech2), "the value of (8, 5) has shape (7, 5); (batch, m) with batch 8 is expected"),
        (Made(lambda X: X.T, sech2), "the value of (8, 5) has shape (5, 8); (batch, m) with batch 8 is expected"),
        (Made(lambda X: X.sum(), sech2), "the value of (8, 5) has shape (); (batch, m) with batch 8 is expected"),
        (Made(lambda X: X[:, :0], sech2), "the value has no outputs: its shape is (batch, 0)"),
        (
            Made(np.tanh, lambda X: sech2(X)[0]),
            "the gradient of (8, 5) has shape (5,); (8, 5) is expected for a diagonal, (8, 5, 5) is expected for a "
            "Jacobian",
        ),
        (
            Made(np.tanh, lambda X: sech2(X)[:-1]),
            "the gradient of (8, 5) has shape (7, 5); (8, 5) is expected for a diagonal, (8, 5, 5) is expected for a "
            "Jacobian",
        ),
        (
            Made(LINEAR.value, lambda X: np.ones_like(X)),
            "the gradient of (8, 5) has shape (8, 5); (8, 3, 5) is expected for a Jacobian: X's shape claims a "
            "diagonal, but there are 5 inputs and 3 outputs",
        ),
        (
            Made(LINEAR.value, lambda X: 1.0),
            "the gradient of (8, 5) has shape (); (8, 3, 5) is expected for a Jacobian: X's shape claims a diagonal, "
            "but there are 5 inputs and 3 outputs",
        ),
        (
            Made(LINEAR.value, lambda X: np.tile(W.T, (len(X), 1, 1))),
            "the gradient of (8, 5) has shape (8, 5, 3); (8, 3, 5) is expected for a Jacobian; if it is meant "
            "transposed, add --layout in-out",
        ),
    ],
)
def test_shapes(functor, message):
    found = examined(functor)
    assert faults(functor) == {"shape": message}
    assert found.subject is None
    assert not found.judgeable


def test_the_other_layout_is_named_the_other_way_round_too():
    message = faults(LINEAR, layout=Layout.IN_OUT)["shape"]
    assert message.endswith("(8, 5, 3) is expected for a Jacobian; if it is meant transposed, add --layout out-in")


def test_a_shape_that_changes_with_the_batch_is_found():
    functor = Made(lambda X: np.tanh(X) if len(X) > 1 else np.tanh(X)[0], sech2)
    assert faults(functor)["shape"] == "the shape is (5,) for a batch of 1, (1, 5) is expected"


# ------------------------------------------------------------------------------------------ types


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (lambda A: None, "is None: is a return missing?"),
        (lambda A: A.tolist(), "is a list, not an array"),
        (lambda A: (A,), "is a tuple, not an array"),
        (lambda A: A.astype(object), "holds object (ndarray), not real numbers"),
        (lambda A: A.astype(complex), "holds complex numbers, not real numbers"),
        (lambda A: A.astype(str), "holds <U32 (ndarray), not real numbers"),
        (lambda A: "tanh", "holds <U4 (str), not real numbers"),
        (lambda A: {"A": A}, "is a dictionary of `A`, not an array"),
    ],
)
def test_types(raw, message):
    assert faults(Made(lambda X: raw(np.tanh(X)), sech2)) == {"type": f"the value {message}"}
    assert faults(Made(np.tanh, lambda X: raw(sech2(X)))) == {"type": f"the gradient {message}"}


# ------------------------------------------------------------------------------------------ raising


def test_raising():
    def broken(X):
        raise IndexError("too many indices")

    for functor, what in ((Made(broken, sech2), "value"), (Made(np.tanh, broken), "gradient")):
        found = examined(functor)
        (finding,) = found.findings
        assert finding.code == "raises"
        assert finding.message == f"the {what} raises on a batch of (8, 5): IndexError: too many indices"
        assert "broken" in finding.trace
        assert found.subject is None


def test_raising_in_small_batches_only():
    def picky(X):
        if len(X) < 2:
            raise ValueError("a batch of one is no batch")
        return np.tanh(X)

    assert faults(Made(picky, sech2))["raises"] == (
        "the value raises on a batch of (1, 5): ValueError: a batch of one is no batch"
    )


def test_sys_exit_is_a_finding():
    assert faults(Made(lambda X: sys.exit(3), sech2))["raises"] == (
        "the value raises on a batch of (8, 5): RuntimeError: it called sys.exit(3)"
    )


def test_a_gradient_that_raises_on_a_row():
    finding = raising_gradient(np.array([1.0, -2.0]), ValueError("no"))
    assert finding.code == "gradient-raises"
    assert finding.message == "the gradient raises where the value does not: ValueError: no"
    assert finding.values == (1.0, -2.0)


# ------------------------------------------------------------------------------------------ the input


def clipping(X):
    np.clip(X, -3, 3, out=X)
    return sech2(X)


def shifting(X):
    X -= 1e3
    A = np.tanh(X + 1e3)
    X += 1e3
    return A


@pytest.mark.parametrize(
    ("functor", "what"),
    [(Made(np.tanh, clipping), "gradient"), (Made(shifting, sech2), "value")],
    ids=["clips large numbers", "shifts back by roundings"],
)
def test_writing_into_the_input(functor, what):
    assert faults(functor)["input-changed"] == f"the {what} writes into its input: X has changed after the call"
    assert examined(functor).judgeable


# ------------------------------------------------------------------------------------------ state


def noisy(f, size):
    rng = np.random.default_rng(0)
    return lambda X: f(X) + size * rng.standard_normal(X.shape)


def test_values_that_vary():
    found = examined(Made(noisy(np.tanh, 1e-9), sech2))
    message = found.findings[0].message
    assert message.startswith("the value is another at a second call (row ")
    assert message.endswith("fix the mask, or draw it from the same seed at each call")
    # What varies at each call depends on no earlier one.
    assert {each.code for each in found.findings} == {"value-varies"}
    assert not found.judgeable
    assert "value-varies" not in faults(Made(noisy(np.tanh, 1e-16), sech2))


def test_gradients_that_vary():
    found = examined(Made(np.tanh, noisy(sech2, 1e-9)))
    assert found.findings[0].code == "gradient-varies"
    assert found.findings[0].message.startswith("the gradient is another at a second call (row ")
    assert {each.code for each in found.findings} == {"gradient-varies"}


class OfTheLastForward:
    """Its gradient uses what the last forward kept, if it fits."""

    def __call__(self, X):
        self.A = np.tanh(X)
        return self.A.copy()

    def gradient(self, X):
        A = self.A if self.A.shape == X.shape else np.tanh(X)
        return 1 - A**2


class OfTheLastGradient:
    """Its value leans on what the last gradient kept."""

    def __init__(self):
        self.shift = 0.0

    def __call__(self, X):
        return np.tanh(X) + self.shift

    def gradient(self, X):
        self.shift = 1e-9 * X[0, 0]
        return sech2(X)


class HonestCache:
    """Keeps what it has computed for the very same numbers."""

    def __init__(self):
        self.kept = {}

    def __call__(self, X):
        return self.kept.setdefault(X.tobytes(), np.tanh(X))

    def gradient(self, X):
        return 1 - self(X) ** 2


def test_stale_state():
    found = faults(OfTheLastForward())
    assert found["stale-state"].startswith(
        "the gradient depends on which value was asked for before it: state of an earlier call is used (row "
    )
    found = faults(OfTheLastGradient())
    assert "the value depends on the calls before it" in found["stale-state"] or "value-varies" in found
    assert not faults(HonestCache())


@pytest.mark.parametrize(
    "functor",
    [Made(noisy(np.tanh, 1e-9), sech2), Made(np.tanh, noisy(sech2, 1e-9)), OfTheLastForward()],
    ids=["noisy value", "noisy gradient", "stale state"],
)
def test_what_varies_is_not_said_to_be_coupled(functor):
    """The advice to take the rows as one batch would lead astray."""
    assert "rows-coupled" not in faults(functor)


class OneBuffer:
    def __init__(self):
        self.out = np.empty((8, 5))

    def __call__(self, X):
        out = self.out[: len(X)]
        np.tanh(X, out=out)
        return out

    def gradient(self, X):
        return sech2(X)


class OneGradientBuffer(OneBuffer):
    def __call__(self, X):
        return np.tanh(X)

    def gradient(self, X):
        out = self.out[: len(X)]
        out[:] = sech2(X)
        return out


class KeptFromTheFirstCall:
    """Its gradient is that of the first batch of that many rows."""

    kept = None

    def __call__(self, X):
        return np.tanh(X)

    def gradient(self, X):
        if self.kept is None:
            self.kept = sech2(X)
        return self.kept if self.kept.shape == X.shape else sech2(X)


def test_what_is_kept_from_a_batch_of_that_size_is_told_as_state():
    """Reversed or taken apart, the rows seem coupled."""
    assert faults(KeptFromTheFirstCall()) == {
        "stale-state": "the gradient of other rows, as many as before, is the same to the bit: that of an earlier call "
        "is used"
    }
    # What is the same everywhere is kept from nowhere.
    assert not faults(Made(lambda X: 2 * X, lambda X: np.full(X.shape, 2.0)))


class SharedBuffer(OneBuffer):
    """The value and the gradient stand in one array."""

    def gradient(self, X):
        out = self(X)
        out *= -out
        out += 1
        return out


@pytest.mark.parametrize("functor", [OneBuffer(), OneGradientBuffer(), SharedBuffer()])
def test_a_buffer_is_told_as_that_and_as_nothing_else(functor):
    """The numbers of a call are right: neither state nor its neighbours have changed them, it was written over."""
    assert set(faults(functor)) == {"buffer-reused"}
    assert examined(functor).judgeable


class Late:
    """Its value, or its gradient, is twice as large after so many calls."""

    def __init__(self, value=10**9, gradient=10**9):
        self.left = {"value": value, "gradient": gradient}

    def __call__(self, X):
        return np.tanh(X) * self.times("value")

    def gradient(self, X):
        return sech2(X) * self.times("gradient")

    def times(self, what):
        self.left[what] -= 1
        return 1 if self.left[what] >= 0 else 2


@pytest.mark.parametrize("calls", [12, 16, 20])
@pytest.mark.parametrize("what", ["value", "gradient"])
def test_what_changes_after_so_many_calls_is_told_as_that(what, calls):
    """It looks as if rows were coupled, or the value asked for before made a difference: wrong advice."""
    found = faults(Late(**{what: calls}))
    assert set(found) == {f"{what}-drifts"}
    assert found[f"{what}-drifts"].startswith(
        f"the {what} changes by itself after so many calls: the same rows, asked for in the same way as at first, "
        "get another one (row "
    )


def test_what_has_changed_since_is_found_by_asking_again():
    late = Late(gradient=40)
    seen = examined(late)
    assert not seen.findings
    assert seen.again() == []
    late.left["gradient"] = 0
    assert [finding.code for finding in seen.again()] == ["gradient-drifts"]


def test_buffers_that_are_used_again():
    assert faults(OneBuffer())["buffer-reused"] == "an earlier value changes at a later call: its array is used again"
    assert faults(OneGradientBuffer())["buffer-reused"] == (
        "an earlier gradient changes at a later call: its array is used again"
    )


# ------------------------------------------------------------------------------------------ rows


ADVICE = "; if the rows belong together, as in batch normalisation, actcheck verify --rows coupled takes them so"


@pytest.mark.parametrize(
    ("functor", "message"),
    [
        (Made(lambda X: np.tanh(X) / len(X), sech2), "the value of a row is another alone than within a batch of 8"),
        (Made(np.tanh, lambda X: sech2(X) / len(X)), "the gradient of a row is another alone than within a batch of 8"),
        (
            Made(lambda X: np.tanh(X) * (1 + (len(X) == 4)), sech2),
            "the value of a row is another in half the batch than within a batch of 8",
        ),
        (
            Made(np.tanh, lambda X: sech2(X) * (1 + 1e-6 * (np.arange(len(X)) == 5)[:, None])),
            "the gradient of a row is another in half the batch than within a batch of 8",
        ),
        (
            Made(np.tanh, lambda X: sech2(X[::-1]) if len(X) == 8 else sech2(X)),
            "the gradient of a row is another alone than within a batch of 8",
        ),
    ],
)
def test_rows_that_depend_on_their_batch(functor, message):
    found = examined(functor)
    told = faults(functor)["rows-coupled"]
    assert told.startswith(f"{message} (row ")
    assert told.endswith(ADVICE)
    assert not found.judgeable


def test_rows_that_depend_on_their_place():
    """Seen in any other order only: in the first rows, alone and in halves, the order is kept."""

    def f(X):
        return np.tanh(X) * (1 + 1e-6 * (X[:, :1] > np.roll(X[:, :1], 1, axis=0)) * (len(X) == 8))

    assert "rows-coupled" in faults(Made(f, sech2))


def test_faint_coupling_is_named_row_by_row():
    """Below what another batch size may change, and above what rounding does with the same."""

    def f(X):
        A = np.tanh(X)
        if len(X) > 3:
            A[1] += 1e-12 * X[3]
        return A

    assert faults(Made(f, sech2))["rows-coupled"] == f"the value of row 1 depends on row 3 of the batch{ADVICE}"


def test_one_finding_of_a_kind_is_enough():
    codes = [each.code for each in examined(Made(lambda X: X - X.mean(axis=0), np.ones_like)).findings]
    assert codes.count("rows-coupled") == 1


def test_softmax_over_the_wrong_axis():
    wrong = Made(lambda X: softmax(X.T).T, softmax_jacobian)
    assert "rows-coupled" in faults(wrong)


@pytest.mark.parametrize("shape", [(5, 3, 5, 3), (15, 15)])
def test_the_jacobian_of_a_whole_batch_is_told_how_to_be_taken(shape):
    class OfTheBatch:
        def __call__(self, X):
            return X - X.mean(axis=0)

        def gradient(self, X):
            batch = len(X)
            J = np.einsum("bc,ij->bicj", np.eye(batch) - 1 / batch, np.eye(X.shape[1]))
            return J.reshape(batch, X.shape[1], batch, -1) if len(shape) == 4 else J.reshape(X.size, X.size)

    (finding,) = examine(OfTheBatch(), np.ones((5, 3)), np.ones((5, 3)), Layout.OUT_IN, "float64").findings
    assert finding.code == "shape"
    assert "it is that of the whole batch" in finding.message
    assert "--rows coupled" in finding.message
