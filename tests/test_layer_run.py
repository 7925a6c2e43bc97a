"""A layer from end to end."""

from __future__ import annotations

import shlex
from functools import partial

import numpy as np
import pytest
from functors import right, seed, wrong

from actcheck import layer_run, run
from actcheck.activations.catalogue import ENTRIES
from actcheck.cli import options
from actcheck.errors import DataError, TargetError
from actcheck.layer_run import check_layer
from actcheck.model import CheckSpec, Claim, Layout, Outcome, Verdict

GRADIENTS = ("dL/dX", "dL/dW", "dL/db")

FILE = """
import numpy as np

class Gate:
    '''Two inputs to one output, with a Jacobian that may be transposed.'''
    def __init__(self, turned=False):
        self.turned = turned

    def __call__(self, X):
        return X[:, ::2] * np.tanh(X[:, 1::2])

    def gradient(self, X):
        a, t = X[:, ::2], np.tanh(X[:, 1::2])
        m, n = a.shape[1], X.shape[1]
        J, i = np.zeros((len(X), m, n)), np.arange(m)
        J[:, i, 2 * i], J[:, i, 2 * i + 1] = t, a * (1 - t**2)
        return np.swapaxes(J, 1, 2) if self.turned else J

class Even(Gate):
    def __call__(self, X):
        if X.shape[1] % 2:
            raise ValueError("odd")
        return super().__call__(X)

class Root:
    def __init__(self, least=0.0):
        self.least = least

    def __call__(self, X):
        return np.sqrt(X - self.least)

    def gradient(self, X):
        return 0.5 / np.sqrt(X - self.least)

class Never:
    def __call__(self, X):
        raise ValueError("never")

    def gradient(self, X):
        return X

class Inside:
    def __init__(self, low, high, wrong=False):
        self.low, self.high, self.factor = low, high, 3 if wrong else 2

    def __call__(self, X):
        if ((X < self.low) | (X > self.high)).any():
            raise ValueError("outside")
        return X**2

    def gradient(self, X):
        return self.factor * X

class Strict(Root):
    def __call__(self, X):
        if (X < 0).any():
            raise ValueError("negative")
        return super().__call__(X)

class Nothing(Root):
    def __call__(self, X):
        return np.full(X.shape, np.nan)

class Full:
    def __call__(self, X):
        return np.tanh(X)

    def gradient(self, X):
        return np.eye(X.shape[1]) * (1 - np.tanh(X) ** 2)[:, :, None]
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("functors") / "mine.py"
    path.write_text(FILE)
    return path


def check(target, **settings):
    return check_layer(CheckSpec(str(target), command="layer", edge=False, **settings))


def check_made(functor, **settings):
    return layer_run.check_functor(CheckSpec("f", command="layer", edge=False, **settings), functor)


def outcomes(report):
    return {line.name: line.outcome for line in report.checks}


def by_name(cases, name):
    return next(case for case in cases if case.name == name)


# ------------------------------------------------------------------------------------------ right and wrong


@pytest.mark.parametrize("name", [entry.name for entry in ENTRIES])
def test_every_entry_of_the_catalogue(name):
    report = check(name)
    assert report.outcome is Outcome.PASSED
    assert [line.name for line in report.checks if line.name in GRADIENTS] == list(GRADIENTS)
    layer = report.layer
    entries = layer.batch * layer.inputs + layer.inputs * layer.outputs + layer.outputs
    assert report.counts == {Verdict.AGREE: entries}
    assert report.replay == ""


@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("name", [entry.name for entry in ENTRIES])
def test_every_entry_in_shorter_types(name, dtype):
    assert check(name, dtype=dtype, seed=1).outcome is Outcome.PASSED


@pytest.mark.parametrize("settings", [{"batch": 1}, {"inputs": 1}, {"dim": 1}, {"batch": 3, "inputs": 7, "dim": 12}])
@pytest.mark.parametrize("name", ["tanh", "softmax", "logsumexp"])
def test_other_shapes(name, settings):
    report = check(name, **settings)
    assert report.outcome is Outcome.PASSED
    spec = report.spec
    shapes = [gradient.analytic.shape for gradient in report.layer.gradients]
    assert shapes == [(spec.batch, spec.inputs), (spec.inputs, spec.dim or 3), (1, spec.dim or 3)]


FAULTY_SOFTMAX = ["seed-softmax-by-cases", "seed-softmax-by-cases-stretch-2", "seed-softmax-without-stretch"]


@pytest.mark.parametrize("name", ["seed-relu", *FAULTY_SOFTMAX])
def test_what_the_document_has_wrong_fails_for_x_w_and_b_alike(name):
    report = check_made(by_name(seed.SEED_WRONG, name).make())
    assert report.outcome is Outcome.FAILED
    assert all(outcomes(report)[each] is Outcome.FAILED for each in GRADIENTS)
    if name != "seed-relu":
        assert report.counts == {Verdict.WRONG: 47}


@pytest.mark.parametrize("case", seed.SEED_RIGHT, ids=lambda case: case.name)
def test_what_the_document_has_right_passes(case):
    assert check_made(case.make()).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "make",
    [
        wrong.SineWithMinusCosine,
        wrong.SigmoidHalved,
        wrong.SoftplusOnePerMillionTooLarge,
        partial(wrong.SoftmaxWithoutStretch, 2.0),
        wrong.SoftmaxWithLastCornerZero,
        wrong.SquareTanhOfLinearTransposed,
        wrong.TanhWithLastColumnOff,
        wrong.AbsoluteWithSlopeOne,
    ],
)
def test_subtly_wrong_functors(make):
    report = check_made(make())
    assert report.outcome is Outcome.FAILED
    assert outcomes(report)["contract"] is Outcome.PASSED
    assert {entry.row for entry in report.worst} <= set(GRADIENTS)


@pytest.mark.parametrize("make", [right.TanhOnHundredMillion, right.SteepTanh, right.TinyTanh, right.HugeQuintic])
@pytest.mark.parametrize("number", range(3))
def test_noise_is_never_called_wrong(make, number):
    assert check_made(make(), seed=number).outcome in (Outcome.PASSED, Outcome.UNRESOLVED)


def test_a_diagonal_where_a_full_jacobian_is_needed():
    class Softmax(right.SoftmaxVectorised):
        def gradient(self, X):
            return np.einsum("bii->bi", super().gradient(X)).copy()

    report = check_made(Softmax())
    assert report.claim is Claim.DIAGONAL
    assert all(outcomes(report)[each] is Outcome.FAILED for each in ("structure", *GRADIENTS))
    assert "a full Jacobian" in report.findings[0].message
    assert not report.layer.diagonal


def test_a_jacobian_with_its_axes_exchanged(path):
    """Where the output is narrower, its shape tells, and the other layout is the way out."""
    report = check(f"{path}:Gate", dim=4, parameters=(("turned", True),))
    assert report.outcome is Outcome.FAILED
    assert "--layout in-out" in report.findings[0].message
    assert report.layer is None
    right_again = check(f"{path}:Gate", dim=4, parameters=(("turned", True),), layout=Layout.IN_OUT)
    assert right_again.outcome is Outcome.PASSED
    assert check(f"{path}:Gate", dim=4).outcome is Outcome.PASSED


# ------------------------------------------------------------------------------------------ contract and domain


@pytest.mark.parametrize("make", [wrong.TanhDividedByBatch, wrong.SigmoidAveragedOverBatch])
def test_a_broken_contract_stops(make):
    report = check_made(make())
    assert report.outcome is Outcome.FAILED
    assert outcomes(report)["contract"] is Outcome.FAILED
    assert all(outcomes(report)[each] is Outcome.NOT_RUN for each in GRADIENTS)
    assert (report.layer, report.counts) == (None, {})


def test_a_gradient_summed_over_the_batch_has_no_shape_to_go_on_with():
    report = check_made(wrong.SoftmaxSummedOverBatch())
    assert outcomes(report) == {"contract": Outcome.FAILED}


def test_widths_are_tried_where_none_is_asked_for(path):
    report = check(f"{path}:Even")
    assert (report.outcome, report.layer.outputs, report.layer.width) == (Outcome.PASSED, 4, 2)
    assert "the layer has 4 outputs (--outputs chooses another)" in " ".join(report.notes)


def test_a_width_that_the_functor_refuses_cannot_be_used(path):
    with pytest.raises(DataError, match="the functor refuses rows of width 3: the value raises") as caught:
        check(f"{path}:Even", dim=3)
    assert caught.value.fix == "It takes rows of width 4, for example: --outputs 4."
    # One that raises on every width is at fault itself.
    report = check(f"{path}:Never", dim=3)
    assert (report.outcome, report.layer) == (Outcome.FAILED, None)
    assert report.replay.endswith(":Never --inputs 4 --outputs 3")


@pytest.mark.parametrize(("wrong", "outcome"), [(False, Outcome.PASSED), (True, Outcome.FAILED)])
@pytest.mark.parametrize(("low", "high"), [(0, 1), (50, 51), (-3, -2.5)])
def test_a_function_that_raises_outside_of_an_interval_is_asked_inside(path, low, high, wrong, outcome):
    report = check(f"{path}:Inside", parameters=(("low", low), ("high", high), ("wrong", wrong)))
    assert report.outcome is outcome
    assert (report.layer.batch, report.spec.domain) == (8, (low, high))
    told = " ".join(report.notes)
    assert f"outside {low} ... {high} the value raises ValueError: outside; --domain {low} {high} declares it" in told
    assert "W and b are scaled and moved, so that the pre-activations lie in the domain" in told


@pytest.mark.parametrize("name", ["Root", "Strict"])
def test_a_function_of_positive_numbers(path, name):
    report = check(f"{path}:{name}")
    assert (report.outcome, report.layer.batch) == (Outcome.PASSED, 8)
    assert "in absolute value" in " ".join(report.notes)


def test_rows_without_a_value_are_left_out_and_counted(path):
    report = check(f"{path}:Root", parameters=(("least", 1.0),))
    assert report.outcome is Outcome.PASSED
    left_out = 8 - report.layer.batch
    assert left_out > 0
    assert f"{left_out} of 8 rows left out" in " ".join(report.notes)


def test_where_there_is_no_value_at_all_nothing_is_checked(path):
    report = check(f"{path}:Nothing")
    assert report.outcome is Outcome.NOT_RUN
    assert all(outcomes(report)[each] is Outcome.NOT_RUN for each in GRADIENTS)
    assert not report.passed


def test_a_gradient_that_raises_where_the_layer_needs_it():
    """The rows of the contract are others than those of the layer."""
    hidden = layer_run.rows.numbers(CheckSpec("f", inputs=4), 3).hidden

    class Raising(right.Tanh):
        def gradient(self, X):
            if np.any(np.abs(X - hidden[0, 0]) == 0):
                raise RuntimeError("not here")
            return super().gradient(X)

    report = check_made(Raising())
    assert report.outcome is Outcome.FAILED
    assert outcomes(report)["contract"] is Outcome.FAILED
    assert "not here" in " ".join(finding.message + finding.trace for finding in report.findings)


def test_a_layer_too_large_is_an_error():
    with pytest.raises(DataError, match="too large"):
        check("tanh", inputs=1000, dim=1000)


def test_a_target_that_is_not_there():
    with pytest.raises(TargetError):
        check("tahn")


# ------------------------------------------------------------------------------------------ kinks


def test_pre_activations_keep_away_from_kinks(monkeypatch):
    """The first numbers lie at a kink; others are chosen."""
    numbers = layer_run.rows.numbers

    def first_at_zero(spec, outputs, attempt=0):
        made = numbers(spec, outputs, attempt)
        return layer_run.rows.Numbers(made.X * 0, made.W, made.b * 0) if attempt == 0 else made

    monkeypatch.setattr(layer_run.rows, "numbers", first_at_zero)
    report = check("relu")
    assert report.outcome is Outcome.PASSED
    assert report.counts == {Verdict.AGREE: 47}


def test_where_all_numbers_lie_at_kinks_the_report_says_so(monkeypatch):
    numbers = layer_run.rows.numbers

    def first_column_at_zero(spec, outputs, attempt=0):
        made = numbers(spec, outputs, attempt)
        return layer_run.rows.Numbers(made.X, made.W * [0, 1, 1], made.b * [0, 1, 1])

    monkeypatch.setattr(layer_run.rows, "numbers", first_column_at_zero)
    report = check("relu")
    assert report.outcome is Outcome.PASSED
    assert report.counts[Verdict.KINK_ACCEPTED] > 0
    assert outcomes(report)["kinks"] is Outcome.PASSED
    assert "dL/db" in {entry.row for entry in report.kinks}
    refused = check_made(wrong.ReluWithTwoAtZero())
    assert refused.outcome is Outcome.FAILED
    assert refused.counts[Verdict.KINK_REFUSED] > 0
    (line,) = [line for line in refused.checks if line.name == "kinks"]
    assert line.where.startswith("dL/d")


# ------------------------------------------------------------------------------------------ figure and replay


def test_what_the_element_wise_product_saves(path):
    tanh, softmax, narrow, full = check("tanh"), check("softmax"), check("logsumexp"), check(f"{path}:Full")
    assert (tanh.layer.elementwise.multiplications, tanh.layer.contraction.multiplications) == (24, 72)
    assert [report.layer.diagonal for report in (tanh, softmax, narrow, full)] == [True, False, False, True]
    assert narrow.layer.elementwise is None
    assert check("tanh", dtype="float32").layer.contraction.bytes == 288


def test_the_same_seed_gives_the_same_report():
    first, second = check("softmax", seed=3), check("softmax", seed=3)
    assert first.checks == second.checks
    for one, other in zip(first.layer.gradients, second.layer.gradients, strict=True):
        assert np.array_equal(one.numeric, other.numeric)
        assert np.array_equal(one.bound, other.bound)
    assert first.checks != check("softmax", seed=4).checks


def test_the_replay_command_says_all_that_decides(path):
    report = check(
        f"{path}:Nothing",
        parameters=(("least", -1.0),),
        inputs=2,
        dim=5,
        batch=3,
        scale=2.0,
        seed=7,
        dtype="float32",
        rtol=1e-3,
        atol=0.5,
        layout=Layout.IN_OUT,
        strict=True,
    )
    program, *words = shlex.split(report.replay)
    assert program == "actcheck"
    parted = options.split(words)
    assert not parted.mistakes
    assert [(keyword.name, keyword.text) for keyword in parted.keywords] == [("least", "-1.0")]
    given = "--inputs=2 --outputs=5 --batch=3 --scale=2.0 --seed=7 --dtype=float32 --rtol=0.001 --atol=0.5"
    assert parted.args == ("layer", *given.split(), "--layout=in-out", "--strict", "--", f"{path}:Nothing")


@pytest.mark.parametrize("command", ["layer", "jacobian"])
def test_parameters_of_a_functor_of_its_own_are_named_as_left_to_verify(tmp_path, command):
    """They were announced with their gradients, and a wrong one passed `layer` in silence, or failed `jacobian` so."""
    (tmp_path / "dense.py").write_text(
        "import numpy as np\n\n\n"
        "class Dense:\n"
        "    def __init__(self):\n"
        "        self.W, self.b = np.arange(12.0).reshape(4, 3) / 7, np.arange(3.0)\n\n"
        "    def forward(self, X):\n"
        "        self.X = X\n"
        "        return X @ self.W + self.b\n\n"
        "    def backward(self, dZ):\n"
        "        self.dW, self.db = self.X.T @ dZ, 2 * dZ.sum(axis=0)\n"
        "        return dZ @ self.W.T\n"
    )
    target = f"{tmp_path / 'dense.py'}:Dense"
    check = check_layer if command == "layer" else run.check_target
    report = check(CheckSpec(target, command=command))
    assert report.outcome is Outcome.PASSED
    assert (
        f"its own parameters `W` and `b` are not looked at here: actcheck verify {target} checks them" in report.notes
    )
    verified = run.check_target(CheckSpec(target))
    assert {check.name for check in verified.checks if check.outcome is Outcome.FAILED} == {"d/db"}
