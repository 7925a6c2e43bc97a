"""The JSON report."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from actcheck.errors import TargetError
from actcheck.model import RULE_VERSION, SCHEMA_VERSION, CheckSpec, Verdict
from actcheck.reports import machine

from . import samples

ALL = [*samples.TABLES.values(), *samples.MATRICES.values()]


def no_constant(name):
    raise AssertionError(f"{name} is not JSON")


def load(text):
    return json.loads(text, parse_constant=no_constant)


@pytest.mark.parametrize("name", ["wrong", "hostile", "tails", "planted"])
def test_golden(name, golden):
    golden(f"machine_{name}.json", machine.dump([samples.TABLES[name]]))


def test_golden_matrices(golden):
    golden("machine_rectangular.json", machine.dump([samples.MATRICES["rectangular"]]))


def test_the_document_is_strict_json_in_ascii():
    text = machine.dump(ALL)
    assert text.isascii()
    assert text.endswith("}\n")
    whole = load(text)
    assert list(whole) == ["schema", "rule", "outcome", "targets", "errors", "left_out"]
    assert (whole["schema"], whole["rule"]) == (SCHEMA_VERSION, RULE_VERSION)
    assert len(whole["targets"]) == len(ALL)


def test_the_same_reports_give_the_same_bytes():
    assert machine.dump(ALL) == machine.dump(ALL)


def test_the_outcome_is_the_worst_of_all():
    assert load(machine.dump([]))["outcome"] == "ok"
    assert load(machine.dump([samples.RIGHT, samples.UNRESOLVED]))["outcome"] == "unresolved"
    assert load(machine.dump([samples.RIGHT, samples.WRONG, samples.UNRESOLVED]))["outcome"] == "wrong"


def test_targets_that_could_not_be_checked():
    error = TargetError("there is no activation `reul`", where="/home/me/secret", trace="line 1")
    whole = load(machine.dump([samples.RIGHT], [("reul", error)]))
    assert whole["outcome"] == "error"
    assert whole["errors"] == [{"target": "reul", "kind": "target", "message": "there is no activation `reul`"}]


def test_every_key_is_there_for_every_report():
    keys = {tuple(machine.document(report)) for report in ALL}
    assert len(keys) == 1


def test_the_description_names_every_key_in_order():
    """What the README shows must be the truth."""
    section = machine.DOCS.split("\ntarget\n")[1]
    assert re.findall(r"^  (\w+)", section, re.MULTILINE) == list(machine.document(samples.RIGHT))
    section = machine.DOCS.split("\ndocument\n")[1].split("\n\n")[0]
    assert re.findall(r"^  (\w+)", section, re.MULTILINE) == list(load(machine.dump([])))
    for report in ALL:
        whole = machine.document(report)
        nested = [*whole["checks"], *whole["worst"], *whole["findings"], whole["settings"], whole["matrices"] or {}]
        for key in {key for item in nested for key in item}:
            assert re.search(rf"\b{key}\b", machine.DOCS), key
    for verdict in Verdict:
        assert verdict.value in " ".join(machine.DOCS.split())


def test_the_description_names_every_key_of_a_wrong_entry_once_and_in_order():
    told = machine.DOCS.split("\n  worst        list")[1].split("\n  unresolved")[0]
    listed = re.sub(r"\([^)]*\)", "", " ".join(told.split())).split(": ")[1]
    (worst, *_) = machine.document(samples.WRONG)["worst"]
    assert [key.strip() for key in listed.split(",")] == list(worst)


def test_parameters_of_any_type():
    values = {"a": 1, "b": -0.5, "c": samples.INF, "d": True, "e": None, "f": "x", "g": (1, 2.0), "h": object()}
    spec = CheckSpec("relu", tuple(values.items()))
    shown = machine.document(samples.report(spec=spec))["settings"]["parameters"]
    assert shown == {"a": 1, "b": -0.5, "c": "inf", "d": True, "e": None, "f": "x", "g": [1, 2.0], "h": "<object>"}


def test_numpy_numbers_are_numbers():
    entry = samples.entry(output=np.int64(2), analytic=np.float64(0.5), numeric=np.float64("nan"))
    report = samples.report(worst=(entry,), counts={Verdict.WRONG: np.int64(3)})
    whole = load(machine.dump([report]))["targets"][0]
    assert (whole["worst"][0]["output"], whole["worst"][0]["analytic"]) == (2, 0.5)
    assert (whole["worst"][0]["numeric"], whole["wrong"]) == ("nan", 3)


def test_matrices_stand_in_their_layout():
    shown = machine.document(samples.MATRICES["rectangular"])["matrices"]
    assert shown["layout"] == "in-out"
    assert [len(shown[key]) for key in ("analytic", "numeric", "error", "allowed", "verdicts")] == [4] * 5
    assert shown["analytic"][3] == ["nan", -1.2345e-07]
    assert shown["verdicts"][2] == ["kink accepted", "unresolved"]
