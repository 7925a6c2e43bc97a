"""Functions that a word tells: each word is read in the code, checked by itself, and left out where it is refused."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from actcheck import run
from actcheck.discovery import check
from actcheck.model import CheckSpec, Outcome, Reading, Report
from actcheck.survey import Survey, Unit
from actcheck.targets import ConstructorRefusedError, keywords, resolve
from actcheck.targets.dispatch import words_in
from actcheck.targets.surveying import survey

STYLES = Path(__file__).parent.parent / "styles"
RIGHT, WRONG = Outcome.PASSED, Outcome.FAILED

FOUND = [
    ("activation", "name", "relu", RIGHT),
    ("activation", "name", "sigmoid", RIGHT),
    ("activation", "name", "tanh", WRONG),
    ("activation", "name", "linear", RIGHT),
    ("act", "kind", "cube", RIGHT),
    ("act", "kind", "sin", WRONG),
    ("of", "func", "sig", RIGHT),
    ("of", "func", "relu", WRONG),
    ("f", "which", "square", RIGHT),
    ("nonlin", "act", "sigmoid", RIGHT),
    ("Activations", "func", "tanh", RIGHT),
    ("Activations", "func", "sine", WRONG),
    ("Layer", "kind", "relu", WRONG),
    ("Layer", "kind", "tanh", RIGHT),
]
LEFT_OUT = {
    "activation --name softplus": "`activation_derivative` raises ValueError: unknown activation softplus",
    "nonlin --act softmax": "`nonlin(..., deriv=True)` raises NotImplementedError: see the loss",
    "Activations --func th": "`derivative` returns nothing",
    "unreadable": "`unreadable` needs `name` besides its input: add --name VALUE",
    "leaky": "`leaky` needs `alpha` besides its input: add --alpha VALUE",
    "mse": "it needs `y_true` besides its input",
}


@pytest.fixture(autouse=True)
def _beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(STYLES)


def test_each_word_that_neither_refuses_is_found_and_the_rest_is_left_out_with_the_reason() -> None:
    seen = survey(Unit("dispatch.py"))
    by_word = [(each.target, *each.parameters[0]) for each in seen.found if each.parameters]
    assert by_word == [(f"dispatch.py:{name}", argument, word) for name, argument, word, _ in FOUND]
    left_out = {left.target.removeprefix("dispatch.py:"): left.reason for left in seen.left_out}
    assert left_out == LEFT_OUT


def test_each_word_is_checked_once_with_a_verdict_of_its_own() -> None:
    events = list(check(Unit("dispatch.py"), CheckSpec("", edge=False), {}))
    reports = [event for event in events if isinstance(event, Report) and event.spec.parameters]
    told = [(each.name.partition(":")[2], *each.spec.parameters[0], each.outcome) for each in reports]
    assert told == FOUND


def test_a_word_that_is_given_is_the_only_one() -> None:
    (seen, *_) = check(Unit("dispatch.py", "act*"), CheckSpec("", edge=False), {"kind": "cube", "name": "relu"})
    assert isinstance(seen, Survey)
    assert [(each.target, each.parameters) for each in seen.found] == [
        ("dispatch.py:activation", ()),
        ("dispatch.py:act", ()),
    ]


@pytest.mark.parametrize("reading", [Reading(), Reading(gradient="dispatch.py:activation_derivative")])
@pytest.mark.parametrize(("word", "outcome"), [("relu", RIGHT), ("tanh", WRONG)])
def test_a_word_on_the_command_line_is_bound_in_both(reading: Reading, word: str, outcome: Outcome) -> None:
    assert keywords("dispatch.py:activation", reading) == ("name",)
    report = run.check_target(CheckSpec("dispatch.py:activation", (("name", word),), reading=reading))
    assert report.outcome is outcome
    assert "read as functions: `activation` is the value, `activation_derivative` the derivative" in report.notes


@pytest.mark.parametrize(
    ("target", "what", "fix"),
    [
        (
            "activation",
            "`activation` needs `name` besides its input: add --name VALUE",
            "Its code knows --name relu | sigmoid | tanh | linear | softplus.",
        ),
        (
            "Layer",
            "`Layer` cannot be constructed: it needs `kind`: add --kind VALUE",
            "It takes --kind. Its code knows --kind relu | tanh.",
        ),
        ("unreadable", "`unreadable` needs `name` besides its input: add --name VALUE", ""),
    ],
)
def test_without_a_word_the_error_says_which_there_are(target: str, what: str, fix: str) -> None:
    with pytest.raises(ConstructorRefusedError) as caught:
        resolve(f"dispatch.py:{target}")
    assert (caught.value.what, caught.value.fix) == (what, fix)


def test_a_number_that_both_need_can_be_given() -> None:
    for alpha in (0.1, 3):
        assert run.check_target(CheckSpec("dispatch.py:leaky", (("alpha", alpha),))).outcome is RIGHT


def test_a_derivative_is_given_the_default_of_its_value() -> None:
    report = run.check_target(CheckSpec("dispatch.py:elu"))
    assert report.outcome is RIGHT
    assert "`elu_derivative` is given alpha = 0.5, the default of `elu`" in report.notes
    given = run.check_target(CheckSpec("dispatch.py:elu", (("alpha", 2),)))
    assert given.outcome is RIGHT
    assert not any("the default of" in note for note in given.notes)


def test_how_words_are_read() -> None:
    module = importlib.import_module("tests.styles.dispatch")
    assert words_in(module.activation, "name") == ("relu", "sigmoid", "tanh", "linear", "softplus")
    assert words_in(module.act, "kind") == ("cube", "sin")
    assert words_in(module.df, "which") == ("square",)
    assert words_in(module.Activations.activate, "func") == ("tanh", "th", "sine")
    assert words_in(module.activation, "x") == words_in(module.unreadable, "name") == words_in(len, "x") == ()
