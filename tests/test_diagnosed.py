"""Diagnoses in reports: where there is something to explain, and only there; and nothing is raised."""

from __future__ import annotations

import inspect
from dataclasses import replace

import numpy as np
import pytest
from functors import right, seed, wrong

from actcheck import diagnosed
from actcheck.checks.calls import BrokenContract, Subject
from actcheck.diagnosis.meter import Meter
from actcheck.model import CheckSpec, Claim, Finding, Layout, Outcome
from actcheck.run import check_functor, check_target


def report(functor, **settings):
    return check_functor(CheckSpec("functor", **settings), functor, None)


class Tanh:
    """Right but for what a subclass does."""

    def __call__(self, X):
        return np.tanh(X)

    def gradient(self, X):
        return 1 - np.tanh(X) ** 2


class Negated(Tanh):
    def gradient(self, X):
        return -super().gradient(X)


class Moody(Negated):
    """Raises on batches that the check itself never asks for: above 64 rows nothing else has an even first number."""

    asked = 0

    def gradient(self, X):
        type(self).asked += 1
        if type(self).asked > 60:
            raise ValueError("enough")
        return super().gradient(X)


def test_a_wrong_gradient_is_explained():
    (first, *_) = report(Negated()).diagnoses
    assert (first.code, first.sentence) == ("sign-flipped", "the sign is flipped everywhere")
    assert first.explained == first.wrong > 100


def test_a_right_one_needs_no_explanation_and_no_hypothesis(monkeypatch):
    monkeypatch.setattr(diagnosed, "explain", lambda *_: pytest.fail("asked"))
    assert report(Tanh()).diagnoses == ()


def test_a_hypothesis_that_fails_leaves_the_verdict_as_it_is(monkeypatch):
    def fails(evidence):
        raise ZeroDivisionError("by accident")

    monkeypatch.setattr(diagnosed, "diagnose", fails)
    found = report(Negated())
    assert found.outcome is Outcome.FAILED
    assert [each.code for each in found.diagnoses] == ["search-failed"]
    assert "ZeroDivisionError: by accident" in found.diagnoses[0].sentence


def test_the_calls_are_counted(monkeypatch):
    meters = []

    class Seen(Meter):
        def __init__(self, functor, most):
            super().__init__(functor, most)
            meters.append(self)

    monkeypatch.setattr(diagnosed, "Meter", Seen)
    report(Negated())
    assert 0 < meters[0].calls <= diagnosed.MOST_CALLS


@pytest.mark.parametrize("most", [0, 5, 40])
def test_without_calls_left_there_is_a_verdict_all_the_same(monkeypatch, most):
    monkeypatch.setattr(diagnosed, "MOST_CALLS", most)
    found = report(wrong.SoftmaxWithOneEntryTooLarge())
    assert found.outcome is Outcome.FAILED
    assert [each.code for each in found.diagnoses] == ["unexplained"]
    if most < 40:
        assert found.diagnoses[0].sentence == f"no simple mistake is found in {most} calls, and no more are made"


def test_a_functor_that_raises_in_the_search_is_judged_all_the_same():
    found = report(Moody())
    assert found.outcome is Outcome.FAILED
    assert not any(each.code == "search-failed" for each in found.diagnoses)


def test_a_search_that_a_functor_ends_says_so(monkeypatch):
    def broken(*_, **__):
        raise BrokenContract(Finding("contract", Outcome.FAILED, "gradient-raises", "the gradient raises ValueError"))

    monkeypatch.setattr(diagnosed, "observe", broken)
    (only,) = report(Negated()).diagnoses
    assert (only.code, only.wrong) == ("unexplained", 0)
    assert only.sentence == "the search for the mistake has ended early: the gradient raises ValueError"


class WrongAtFive(Tanh):
    def gradient(self, X):
        return super().gradient(X) * (1.5 if X.shape[1] == 5 else 1)


def test_a_mistake_of_wide_rows_only_is_not_looked_for_and_that_is_said(monkeypatch):
    monkeypatch.setattr(diagnosed, "LARGEST", 4)
    (only,) = report(WrongAtFive()).diagnoses
    assert (only.code, only.sentence) == (
        "unexplained",
        "no mistake is looked for: rows of 5 are too wide for that, and on rows of 8 it is right",
    )


def test_where_rows_are_coupled_in_the_gradient_alone_it_is_explained():
    class Averaged(Tanh):
        def gradient(self, X):
            return np.broadcast_to(super().gradient(X).mean(axis=0), X.shape).copy()

    assert report(Averaged()).diagnoses[0].code == "pooled-over-batch"


def test_where_the_values_are_coupled_only_their_axis_is_told():
    class Softmax:
        def __call__(self, X):
            E = np.exp(X)
            return E / E.sum(axis=0)

        def gradient(self, X):
            return self(X)[:, :, None] * (np.eye(X.shape[1]) - self(X)[:, None, :])

    found = report(Softmax())
    assert found.outcome is Outcome.FAILED
    (only,) = found.diagnoses
    assert "each column of the batch sums to 1, not each row" in only.sentence


def test_a_diagflat_of_the_whole_batch_is_named():
    class Flat(Tanh):
        def gradient(self, X):
            return np.diagflat(super().gradient(X))

    (only,) = report(Flat()).diagnoses
    assert (only.code, only.family, only.wrong) == ("diagflat", "shape", 0)


SEED = {
    "seed-relu": "the gradient is 1 everywhere; right for x > 0, wrong for x < 0",
    "seed-softmax-by-cases": "the sign is flipped off the diagonal",
    "seed-softmax-by-cases-stretch-2": "the sign is flipped off the diagonal",
    "seed-softmax-without-stretch": "the gradient is the right one times 0.5 = 1/stretch",
}


@pytest.mark.parametrize("case", seed.SEED_WRONG, ids=lambda case: case.name)
def test_the_faults_of_the_seed_are_named(case):
    first = report(case.make()).diagnoses[0]
    assert (first.sentence, first.explained) == (SEED[case.name], first.wrong)


def test_a_lost_outer_product_is_named():
    """As printed, the Jacobian of a row is its diagonal less one number."""

    def lost(Y, s):
        return s * (np.diagflat(Y) - np.dot(Y, Y))

    assert report(seed.Softmax(lost)).diagnoses[0].code == "outer-product-lost"


def test_a_jacobian_of_one_row_is_explained_as_well():
    assert report(Negated(), command="jacobian").diagnoses[0].code == "sign-flipped"


def test_rows_that_were_typed_in_are_explained_by_what_others_show():
    found = report(Negated(), typed=((0.5, -1.0),))
    assert found.diagnoses[0].code == "sign-flipped"


def test_the_catalogue_is_right_so_that_nothing_is_imported_for_it():
    assert report(right.Softmax()).diagnoses == ()


def test_the_numbers_of_an_object_behind_an_adapter_are_known(tmp_path):
    (tmp_path / "layer.py").write_text(
        "import numpy as np\n"
        "class Steep:\n"
        "    def __init__(self, k=3.0):\n"
        "        self.k = k\n"
        "    def forward(self, x):\n"
        "        return np.tanh(self.k * x)\n"
        "    def derivative(self, x):\n"
        "        return 1 - np.tanh(self.k * x) ** 2\n"
    )
    (first, *_) = check_target(CheckSpec(f"{tmp_path / 'layer.py'}:Steep")).diagnoses
    assert first.sentence == "the gradient is the right one times 0.33333333 = 1/k"


def test_what_is_too_wide_is_explained_on_a_few_columns():
    class Doubled(right.SoftmaxVectorised):
        def gradient(self, X):
            return 2 * super().gradient(X)

    (first, *_) = check_functor(CheckSpec("functor", dim=300, batch=2), Doubled(), None).diagnoses
    assert first.sentence == "on rows of 8: the gradient is the right one times 2"


def test_what_takes_one_width_only_is_left_unexplained_where_that_is_too_wide_and_that_is_said():
    class Doubled(right.SoftmaxVectorised):
        def __call__(self, X):
            assert X.shape[1] == 300
            return super().__call__(X)

        def gradient(self, X):
            return 2 * super().gradient(X)

    found = check_functor(CheckSpec("functor", dim=300, batch=2), Doubled(), None)
    assert found.outcome is Outcome.FAILED
    assert [each.sentence for each in found.diagnoses] == [
        "no mistake is looked for: rows of 300 are too wide for that, and it takes no rows of 8"
    ]


SCALARS = """
import math
def softplus(x):
    return math.log1p(math.exp(-abs(x))) + max(x, 0)
def softplus_prime(x):
    return 1 / (1 + math.exp(-x))
def logistic(x):
    return 1 / (1 + math.exp(-x))
def logistic_prime(x):
    return logistic(x) * (1 - logistic(x))
"""


def test_a_gradient_of_single_numbers_that_raises_is_not_called_nan(tmp_path):
    """Such a function is asked with all numbers but those on which it raises: NaN stands for it there."""
    file = tmp_path / "scalars.py"
    file.write_text(SCALARS)
    told = check_target(CheckSpec(f"{file}:softplus"))
    (fault,) = [finding for finding in told.findings if finding.outcome is Outcome.FAILED]
    assert fault.code == "gradient-raises"
    assert fault.message == "the gradient raises where the value does not: OverflowError: math range error"
    assert "line 6, in softplus_prime" in fault.trace
    (first,) = told.diagnoses
    assert first.sentence == "the gradient raises from x = -709.783 on, though the value is finite"
    # Where the value raises as well it is the value that is told of.
    told = check_target(CheckSpec(f"{file}:logistic"))
    assert told.outcome is Outcome.WARNED
    assert [finding.code for finding in told.findings] == ["avoidable-overflow"]


class Scaled(Tanh):
    """Has numbers of its own, that have nothing to do with its mistake, or all."""

    def __init__(self, steepness=7, tau=2.0, by="none"):
        self.steepness, self.tau, self.by = steepness, tau, by

    def __call__(self, X):
        return np.tanh(X / self.tau)

    def gradient(self, X):
        right = (1 - np.tanh(X / self.tau) ** 2) / self.tau
        return right * {"none": 1, "7": 7, "2": 2, "tau": self.tau, "n": X.shape[1], "5": 5}[self.by]


@pytest.mark.parametrize(
    ("by", "times"), [("7", "7"), ("2", "2"), ("tau", "2 = tau"), ("n", "5 = n"), ("5", "5")], ids=lambda each: each
)
def test_a_factor_is_blamed_on_what_it_changes_with_alone(by, times):
    (only,) = report(Scaled(by=by)).diagnoses
    assert only.sentence == f"the gradient is the right one times {times}"


@pytest.mark.parametrize("width", [5, 3, 1])
def test_a_number_that_is_no_keyword_is_tried_with_another_value_and_put_back(width):
    class Fixed(Tanh):
        k = 3.7

        def __init__(self):
            self.c = 0.3

        def __call__(self, X):
            return np.tanh(self.k * X) + self.c * X

        def gradient(self, X):
            return 0.3 * (self.k * (1 - np.tanh(self.k * X) ** 2) + self.c)

    functor = Fixed()
    (only,) = report(functor, dim=width).diagnoses
    assert only.sentence == "the gradient is the right one times 3/10"
    assert vars(functor) == {"c": 0.3}


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        (lambda X: 1 / len(X), "the gradient is divided by the batch size"),
        (lambda X: -1 / len(X), "the sign is flipped and the gradient is divided by the batch size"),
        (lambda X: 2 / len(X), "the gradient is the right one times 2, divided by the batch size"),
        (lambda X: len(X) ** 0.5, "the gradient is the right one times the root of the batch size"),
        (lambda X: 1 / 64, "the gradient is the right one times 1/64"),
        (lambda X: 1 / 33, "the gradient is the right one times 0.030303"),
    ],
)
def test_a_factor_is_blamed_on_the_batch_where_it_goes_with_it(times, sentence):
    class Divided(Tanh):
        def gradient(self, X):
            return super().gradient(X) * times(X)

    (only,) = report(Divided()).diagnoses
    assert only.sentence.startswith(sentence)


def test_what_holds_in_one_batch_only_says_so():
    class Shifted(Tanh):
        def gradient(self, X):
            return super().gradient(X) + 1 / len(X)

    (only,) = report(Shifted()).diagnoses
    assert only.sentence.endswith(", in a batch of these 64 rows: in another one a row has another gradient")


@pytest.mark.parametrize("width", [5, 8, 100])
def test_a_gradient_that_raises_is_not_called_nan_at_any_width(width):
    class Raising(Tanh):
        def gradient(self, X):
            if np.abs(X).max() > 20:
                raise ValueError("too large")
            return super().gradient(X)

    (only,) = report(Raising(), dim=width).diagnoses
    assert only.sentence.startswith("the gradient raises ")
    assert "NaN" not in only.sentence


def test_what_raises_here_and_is_nan_there_is_told_as_both():
    class Mixed(Tanh):
        def gradient(self, X):
            if np.abs(X).max() > 20:
                raise ValueError("too large")
            return np.where(X < -10, np.nan, super().gradient(X))

    (only,) = report(Mixed()).diagnoses
    assert only.sentence == "the gradient is NaN, or raises, in places, though the value is finite"


class Late(Tanh):
    """Twice the gradient from a call on."""

    def __init__(self, calls):
        self.left = calls

    def gradient(self, X):
        self.left -= 1
        return super().gradient(X) * (1 if self.left >= 0 else 2)


@pytest.mark.parametrize("calls", [20, 40])
def test_what_changes_after_so_many_calls_is_told_so(calls):
    """Even where it does after the last entry was compared."""
    found = report(Late(calls))
    assert found.outcome is Outcome.FAILED
    assert [each.code for each in found.findings if each.outcome is Outcome.FAILED] == ["gradient-drifts"]
    assert found.diagnoses[0].sentence == "after so many calls the gradient is the right one times 2"


@pytest.mark.parametrize("functor", [Negated(), wrong.SoftmaxJacobianOfLogits()])
def test_what_the_check_has_learned_is_not_asked_again(functor, monkeypatch):
    anew = report(functor).diagnoses

    def refuse(*known):
        raise AssertionError("it is known")

    monkeypatch.setattr(diagnosed, "calibrate", refuse)
    found = report(functor).diagnoses
    assert found == anew
    assert found[0].code in ("sign-flipped", "of-output")


class _OneEntry(right.Softmax):
    """One entry of a Jacobian that is too wide to look into."""

    def gradient(self, X):
        J = super().gradient(X)
        J[:, 50, 70] += 1e-3 * np.abs(J[:, 50]).max(axis=1)
        return J


def test_where_rows_are_too_wide_the_one_entry_that_is_wrong_is_named():
    found = report(_OneEntry(), dim=300, directions=4)
    assert found.outcome is Outcome.FAILED
    (told,) = found.diagnoses
    assert told.code == "entry"
    assert "is that of output 50 and input 70; rows of 300 are too wide to look for more" in told.sentence


def test_an_entry_of_a_parameter_is_not_taken_for_one_of_the_jacobian():
    found = report(_OneEntry(), dim=300, directions=4)
    of_parameter = replace(found, worst=tuple(replace(each, name="W") for each in found.worst))
    wide = Subject(_OneEntry(), 300, 300, Claim.JACOBIAN, Layout.OUT_IN, "float64")
    assert diagnosed._at_one_place(found, wide)
    assert not diagnosed._at_one_place(of_parameter, wide)


class _BothFlipped:
    """The gradient of X is so wrong that no parameter's is among the worst."""

    def __init__(self):
        self.W = np.random.default_rng(0).normal(size=(5, 3))
        self.b = np.zeros(3)

    def forward(self, X):
        self.X = X
        return X @ self.W + self.b

    def backward(self, dA):
        self.dW = -self.X.T @ dA
        self.db = dA.sum(axis=0)
        return -dA @ self.W.T


def test_a_parameters_mistake_is_told_though_worse_entries_crowd_it_out(tmp_path):
    source = "import numpy as np\n\n\n" + inspect.getsource(_BothFlipped)
    (tmp_path / "layers.py").write_text(source, encoding="utf-8")
    found = check_target(CheckSpec(f"{tmp_path / 'layers.py'}:_BothFlipped", dim=5))
    sentences = [each.sentence for each in found.diagnoses]
    assert sentences == ["the sign is flipped everywhere", "in the gradient of `W` the sign is flipped"]
