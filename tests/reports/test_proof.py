"""Whole reports of proofs as golden files, at 80 columns and without colour."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from actcheck.model import Claim, Outcome
from actcheck.proof_model import Bend, Enclosure, Path, Proof, Refutation, Stretch
from actcheck.reports import machine, proof, proof_words, verdict
from actcheck.reports.canvas import Look

from . import samples

PATH = Path("x", (0.0,), (1.0,), -10, 10, 1e-9, 1.0, 2.5e-11, 61)
LINES = tuple(replace(PATH, name=name, base=(0.5, 1.0), direction=(1.0, -0.25)) for name in ("line 0", "axis 1"))


def exactly(number):
    return Enclosure(number, number)


BAND = Refutation("x", 0.9, 0.9001, 0.90005, 0, Enclosure(0.2075, 0.2076), Enclosure(0.205, 0.2051), (0.90005,))
KINK = Bend("x", 0, 0, 0, exactly(0.0), exactly(1.0), exactly(0.5), jump=False)
OPEN = Stretch("x", 0.25, 0.25000001, "left over", "it divides by what may be 0")


def report(outcome, *, paths=(PATH,), stretches=(), refuted=(), bends=(), claim=Claim.DIAGONAL):
    found = Proof(-10, 10, 1e-9, 2e-11, paths, stretches, refuted, bends)
    made = samples.report(outcome, proof=found, claim=claim, rows={}, counts={}, inputs=2)
    return replace(made, spec=replace(made.spec, command="prove", interval=(-10.0, 10.0)))


PROVED = report(Outcome.PASSED, stretches=(Stretch("x", -10, 10, "proved"),), bends=(KINK, replace(KINK, output=1)))
REFUTED = report(
    Outcome.FAILED,
    stretches=(
        Stretch("x", -10, 0.9, "proved"),
        Stretch("x", 0.9, 0.9001, "wrong"),
        Stretch("x", 0.9001, 10, "proved"),
    ),
    refuted=(BAND,),
)
LEFT = report(Outcome.UNRESOLVED, stretches=(Stretch("x", -10, 0.25, "proved"), OPEN))
ALONG = report(
    Outcome.FAILED,
    paths=LINES,
    claim=Claim.JACOBIAN,
    stretches=(Stretch("line 0", -10, 10, "proved"), replace(OPEN, path="axis 1"), Stretch("axis 1", 1, 1, "wrong")),
    refuted=(replace(BAND, path="axis 1"),),
    bends=(replace(KINK, path="line 0", jump=True, high=1e-9),),
)
REPORTS = {"proved": PROVED, "refuted": REFUTED, "left": LEFT, "along": ALONG}


@pytest.mark.parametrize("name", REPORTS)
def test_golden(name, golden):
    text = proof.render(REPORTS[name])
    assert max(map(len, text.splitlines()[:-1])) <= 80
    golden(f"proof_{name}.txt", text)


@pytest.mark.parametrize("name", REPORTS)
def test_ascii(name):
    assert proof.render(REPORTS[name], Look(encoding="ascii")).isascii()


def test_the_words():
    assert {name: proof_words.word(each) for name, each in REPORTS.items()} == {
        "proved": "PROVED",
        "refuted": "REFUTED",
        "left": "LEFT OVER",
        "along": "REFUTED",
    }
    # A suite says the same.
    assert verdict.text(PROVED) == (
        "PROVED  relu: to within 1e-09, for real arithmetic on [-10, 10] but for 1 kink or jump; "
        "for float64 see actcheck accuracy relu"
    )


def test_to_within_what_it_is_proved_is_said_in_the_verdict():
    """Where the derivative is 1e13 somewhere, a gradient that is 0 for x < 0 is proved: it has to show."""
    steep = replace(PATH, allowed=1778.0, scale=1.7782e12, worst=140.3)
    proved = report(Outcome.PASSED, paths=(steep,), stretches=(Stretch("x", -10, 10, "proved"),))
    assert verdict.text(proved).startswith("PROVED  relu: to within 1.78e+03, for real arithmetic on [-10, 10]; ")
    left = report(Outcome.UNRESOLVED, paths=(steep,), stretches=(OPEN,))
    assert verdict.text(left).endswith("; the rest is proved to within 1.78e+03")


def test_a_bound_within_its_allowance_is_seen_to_be():
    close = replace(PATH, worst=1.1185e-9, allowed=1.1187e-9)
    text = proof.render(report(Outcome.PASSED, paths=(close,), stretches=(Stretch("x", -10, 10, "proved"),)))
    assert "error at most 1.12e-09, allowed 1.12e-09" in text


def test_a_place_that_is_wrong_in_every_column_is_listed_once():
    point = replace(BAND, low=0.75, high=0.75, at=0.75)
    text = proof.render(report(Outcome.FAILED, refuted=tuple(replace(point, output=each) for each in range(5))))
    assert "refuted, the widest first (1 of 1)" in text
    assert sum(line.strip().startswith("0.75  0.75  0.75") for line in text.splitlines()) == 1


def test_json():
    (target,) = json.loads(machine.dump([ALONG]))["targets"]
    assert [path["path"] for path in target["proof"]["paths"]] == ["line 0", "axis 1"]
    assert target["proof"]["refuted"][0]["derivative"] == [0.205, 0.2051]
    assert target["proof"]["kinks"][0]["jump"] is True
    unknown = replace(KINK, analytic=Enclosure(float("-inf"), float("inf")))
    (target,) = json.loads(machine.dump([report(Outcome.PASSED, bends=(unknown,))]))["targets"]
    assert target["proof"]["kinks"][0]["analytic"] == ["-inf", "inf"]


def test_a_broken_contract_is_told_as_ever():
    assert "WRONG" in proof.render(samples.report(Outcome.FAILED))
