from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from actcheck import run
from actcheck.checks.calls import Subject
from actcheck.checks.oracle import BLURRED, BUDGET, ROUNDED, Oracle
from actcheck.model import CheckSpec, Claim, Layout, Outcome, Verdict

SPEC = CheckSpec("it", command="check", rtol=1e-9)


class Drowned:
    """Differences see its noise, 1e-8 of its slope, and no error of a millionth."""

    def __init__(self, factor=1.0):
        self.factor = factor

    def __call__(self, X):
        return 1e8 + np.tanh(X)

    def gradient(self, X):
        return self.factor / np.cosh(X) ** 2


class DrownedMean:
    """A full Jacobian, input first."""

    def __init__(self, factor=1.0):
        self.factor = factor

    def __call__(self, X):
        return 1e8 + np.tanh(X).mean(axis=-1, keepdims=True) + 0 * X[:, :2]

    def gradient(self, X):
        slope = self.factor / np.cosh(X) ** 2 / X.shape[1]
        return np.repeat(slope[:, :, None], 2, axis=2)


def unresolved(report):
    return report.counts.get(Verdict.UNRESOLVED, 0)


def test_what_differences_cannot_see_is_decided():
    blind = run.check_functor(SPEC, Drowned(1 + 1e-6), None)
    assert unresolved(blind) > 0
    assert not blind.wrong
    seeing = run.check_functor(replace(SPEC, oracle="auto"), Drowned(1 + 1e-6), None)
    assert seeing.outcome is Outcome.FAILED
    assert not unresolved(seeing)
    assert any("entries that differences left unresolved decided by the replay" in note for note in seeing.notes)
    worst = seeing.worst[0]
    assert worst.bound < 1e-15
    assert worst.numeric == pytest.approx(1 / np.cosh(worst.x) ** 2, rel=1e-12)


def test_a_right_one_is_not_made_wrong():
    report = run.check_functor(replace(SPEC, oracle="auto"), Drowned(), None)
    assert report.outcome in (Outcome.PASSED, Outcome.WARNED)


@pytest.mark.parametrize("factor", [1.0, 1 + 1e-5])
def test_a_full_jacobian_with_the_input_first(factor):
    spec = replace(SPEC, layout=Layout.IN_OUT, oracle="auto", dim=3)
    report = run.check_functor(spec, DrownedMean(factor), None)
    assert bool(report.wrong) is (factor != 1)
    assert not unresolved(report)


def subject(functor):
    return Subject(functor, 1, 1, Claim.DIAGONAL, Layout.OUT_IN, "float64")


def allowed(value, bend):
    return 1e-12 * abs(value)


def test_an_entry_by_itself():
    oracle = Oracle(subject(Drowned()))
    truth = 1 / np.cosh(0.5) ** 2
    answer = oracle.answer((0.5,), 0, 0, truth, allowed, 2**-52)
    assert answer.verdict is Verdict.AGREE
    assert answer.value == pytest.approx(truth, rel=1e-15)
    assert (oracle.asked, oracle.decided) == (1, 1)


def test_rounding_is_no_mistake():
    class Cancels:
        def __call__(self, X):
            return np.tanh(X)

        def gradient(self, X):
            return 1 - np.tanh(X) ** 2

    oracle = Oracle(subject(Cancels()))
    answer = oracle.answer((18.5,), 0, 0, float(1 - np.tanh(18.5) ** 2), allowed, 2**-52)
    assert (answer.verdict, answer.reason) == (Verdict.UNRESOLVED, ROUNDED)
    assert oracle.decided == 0


def test_a_kink_is_left_alone():
    class Bends:
        def __call__(self, X):
            return np.abs(X)

        def gradient(self, X):
            return np.sign(X)

    assert Oracle(subject(Bends())).answer((0.0,), 0, 0, 0.3, allowed, 2**-52) is None


def test_it_stops_at_its_budget_and_at_code_that_cannot_be_replayed():
    oracle = Oracle(subject(Drowned()), asked=BUDGET)
    assert oracle.answer((0.5,), 0, 0, 1.0, allowed, 2**-52) is None

    class Rounds:
        def __call__(self, X):
            return np.round(X, 1)

        def gradient(self, X):
            return np.zeros_like(X)

    oracle = Oracle(subject(Rounds()))
    assert oracle.answer((0.5,), 0, 0, 0.0, allowed, 2**-52) is None
    assert oracle.failure == "it rounds to decimals"


def test_nothing_exact_is_loaded_where_nothing_is_unresolved():
    code = (
        "import sys\n"
        "from dataclasses import replace\n"
        "from actcheck import run\n"
        "from actcheck.model import CheckSpec\n"
        "report = run.check_target(CheckSpec('tanh', oracle='auto'))\n"
        "print(report.outcome.value, 'flint' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["ok", "False"]


def test_a_large_jacobian_spends_the_budget_in_proportion():
    """Each column of a wide layer takes seconds: a few of them are enough, and the rest stays unresolved."""
    W = np.sin(np.arange(64.0 * 64)).reshape(64, 64)

    class Wide:
        def __call__(self, X):
            return np.tanh(X @ W)

        def gradient(self, X):
            return (1 - np.tanh(X @ W) ** 2)[:, :, None] * W.T

    wide = Subject(Wide(), 64, 64, Claim.JACOBIAN, Layout.OUT_IN, "float64")
    oracle = Oracle(wide, _spent=BUDGET - 1)
    row = (0.5,) * 64
    for column in (0, 1):
        oracle.answer(row, 0, column, 0.0, lambda value, bend: 1e-9, 2.0**-52)
    assert oracle.asked == 1


def test_what_a_rounding_of_x_may_come_to_is_not_called_a_right_formula():
    """In float32 a factor of 1.001 was said to be right, where no more than a rounding of x lies between."""

    class Steep:
        def __call__(self, X):
            return np.tanh(X)

        def gradient(self, X):
            return 1.001 * (1 - np.tanh(X) ** 2)

    truth = 1 / np.cosh(3.0) ** 2
    limit = 0.99e-3 * truth

    def just_less(value, bend):
        return limit

    answer = Oracle(subject(Steep())).answer((3.0,), 0, 0, 1.001 * truth, just_less, 2.0**-23)
    assert (answer.verdict, answer.reason) == (Verdict.UNRESOLVED, BLURRED)


def test_code_that_takes_long_to_replay_is_left_after_a_while(monkeypatch):
    """An iteration with branches took a second an entry, and the target ended as one that did not finish."""
    oracle = Oracle(subject(Drowned()))
    monkeypatch.setattr("actcheck.checks.oracle.SECONDS", 0.0)
    assert oracle.is_spent
    assert oracle.answer((0.5,), 0, 0, 1.0, allowed, 2**-52) is None
    assert oracle.asked == 0
