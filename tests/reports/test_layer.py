"""The report of a layer: goldens of whole pages, and the JSON document."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from actcheck.errors import TargetError
from actcheck.model import (
    CheckResult,
    CheckSpec,
    Claim,
    Cost,
    Layer,
    LayerGradient,
    Outcome,
    Report,
    Sensitivity,
    Verdict,
)
from actcheck.reports import layer, machine
from actcheck.reports.canvas import Look

from . import samples

AGREE, WRONG = Verdict.AGREE, Verdict.WRONG


def gradient(name: str, lines: int, columns: int, **said: Verdict) -> LayerGradient:
    """Give a gradient of made-up numbers; `said` names entries as ``at_1_2``."""
    analytic = np.round(np.sin(np.arange(lines * columns) * 2.5) * 2, 4).reshape(lines, columns)
    numeric, verdicts = analytic + 3e-13, [[AGREE] * columns for _ in range(lines)]
    for place, verdict in said.items():
        line, column = map(int, place.removeprefix("at_").split("_"))
        verdicts[line][column] = verdict
        if verdict is WRONG:
            numeric[line, column] *= -1
    bound, allowed = np.full(analytic.shape, 2e-12), np.full(analytic.shape, 1e-8)
    return LayerGradient(name, analytic, numeric, bound, allowed, tuple(map(tuple, verdicts)))


def sample(gradients: tuple[LayerGradient, ...], outcome: Outcome = Outcome.PASSED, **changes) -> Report:
    """Give a report on a layer with these gradients, with some fields changed."""
    (batch, inputs), (_, outputs) = (each.analytic.shape for each in gradients[:2])
    product = Cost(batch * outputs, 8 * batch * outputs)
    full = Cost(batch * outputs**2, 8 * batch * outputs**2)
    told = Layer(batch, inputs, outputs, outputs, product, full, diagonal=True, gradients=gradients)
    told = replace(told, **changes.pop("layer", {}))
    lines = [
        CheckResult(each.name, Outcome.PASSED, each.analytic.size, "ok", 3e-13, 1e-8, f"{each.name}[0]")
        for each in gradients
    ]
    fields = {
        "target": "tanh",
        "spec": CheckSpec("tanh", command="layer", edge=False),
        "rows": {},
        "inputs": outputs,
        "outputs": told.width,
        "checks": (samples.CONTRACT, *lines),
        "counts": {AGREE: sum(each.analytic.size for each in gradients)},
        "sensitivity": Sensitivity(1.2e-8, 1.0, 0.0),
        "layer": told,
    }
    return samples.report(outcome, **(fields | changes))


def three(batch: int = 8, inputs: int = 4, outputs: int = 3, **said: Verdict) -> tuple[LayerGradient, ...]:
    return (
        gradient("dL/dX", batch, inputs),
        gradient("dL/dW", inputs, outputs, **said),
        gradient("dL/db", 1, outputs),
    )


def wrong_entry(row: str, output: int, input: int, **changes):
    return samples.entry(row=row, output=output, input=input, values=(), **changes)


RIGHT = sample(three())

FAULTY = sample(
    three(at_1_2=WRONG, at_3_0=WRONG),
    Outcome.FAILED,
    target="mypkg.activations:Swish",
    checks=(
        samples.CONTRACT,
        CheckResult("structure", Outcome.FAILED, 48, "1 broken", where="J[2,1]"),
        CheckResult("dL/dX", Outcome.PASSED, 32, "ok", 3e-13, 1e-8, "dL/dX[1,2]"),
        CheckResult("dL/dW", Outcome.FAILED, 12, "2 wrong", 0.603, 8.9e-10, "dL/dW[1,2]"),
        CheckResult("dL/db", Outcome.PASSED, 3, "ok", 3e-13, 1e-8, "dL/db[0]"),
    ),
    counts={AGREE: 45, WRONG: 2},
    worst=(
        wrong_entry("dL/dW", 1, 2, x=-0.4537, analytic=-0.3012, numeric=0.3012, bound=2e-12),
        wrong_entry("dL/dW", 3, 0, x=0.25, analytic=0.2500000104, numeric=0.25, bound=2e-11),
    ),
    findings=(samples.Finding("structure", Outcome.FAILED, "off-diagonal", "output 2 depends on input 1", "J[2,1]"),),
    replay="actcheck layer mypkg.activations:Swish --inputs 4 --outputs 3 --seed 2",
    layer={"diagonal": False},
)

WIDE = sample(
    three(20, 30, 40, at_17_23=WRONG),
    Outcome.FAILED,
    target="softmax",
    claim=Claim.JACOBIAN,
    counts={AGREE: 1839, WRONG: 1},
    worst=(wrong_entry("dL/dW", 17, 23, x=0.1),),
    layer={"diagonal": False},
)

NARROW = sample(
    (
        gradient("dL/dX", 2, 4, at_0_1=Verdict.KINK_ACCEPTED, at_1_3=Verdict.UNRESOLVED),
        gradient("dL/dW", 4, 2, at_0_0=Verdict.UNRESOLVED),
        gradient("dL/db", 1, 2),
    ),
    Outcome.UNRESOLVED,
    target="glu",
    claim=Claim.JACOBIAN,
    checks=(
        samples.CONTRACT,
        CheckResult("dL/dX", Outcome.UNRESOLVED, 8, "1 unresolved", 3e-13, 1e-8, "dL/dX[0,0]"),
        CheckResult("kinks", Outcome.PASSED, 1, "ok, chose 1"),
    ),
    counts={AGREE: 15, Verdict.UNRESOLVED: 2, Verdict.KINK_ACCEPTED: 1},
    unresolved=(
        wrong_entry("dL/dX", 1, 3, verdict=Verdict.UNRESOLVED, numeric=0.5, bound=0.4, reason="rounding hides it"),
        wrong_entry("dL/dW", 0, 0, verdict=Verdict.UNRESOLVED, numeric=samples.NAN, bound=samples.INF, reason="noise"),
    ),
    kinks=(samples.kink(row="dL/dX", output=0, input=1, values=()),),
    notes=("it raises on rows of width 3; the layer has 2 outputs (--outputs chooses another)",),
    layer={"width": 1, "elementwise": None, "contraction": Cost(4, 32), "diagonal": False},
)

BROKEN = samples.report(
    Outcome.FAILED,
    target="mypkg.activations:Swish",
    claim=None,
    outputs=None,
    rows={},
    spec=CheckSpec("mypkg.activations:Swish", command="layer"),
    checks=(CheckResult("contract", Outcome.FAILED, 2, "1 broken"),),
    counts={},
    findings=samples.BROKEN.findings[1:2],
)

REPORTS = {"right": RIGHT, "wrong": FAULTY, "wide": WIDE, "narrow": NARROW, "broken": BROKEN}


# ------------------------------------------------------------------------------------------ for people


@pytest.mark.parametrize("name", REPORTS)
def test_golden(name, golden):
    golden(f"layer_{name}.txt", layer.render(REPORTS[name]))


@pytest.mark.parametrize("name", ["wrong", "wide", "narrow"])
def test_golden_with_the_gradients(name, golden):
    golden(f"layer_{name}_shown.txt", layer.render(REPORTS[name], show=True))


@pytest.mark.parametrize("name", REPORTS)
def test_ascii(name):
    assert layer.render(REPORTS[name], Look(encoding="ascii"), show=True).isascii()


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("name", REPORTS)
def test_fits_80_columns(name, encoding):
    """But for what is one line however long, to be copied or searched for: the replay command and the verdict."""
    lines = layer.render(REPORTS[name], Look(encoding=encoding), show=True).splitlines()
    assert all(len(line) <= 80 for line in lines[:-1] if not line.startswith(" replay"))


@pytest.mark.parametrize("size", [1e-300, 1e-5, 1.0, 1e300])
@pytest.mark.parametrize("columns", [1, 5, 6, 7, 100])
def test_gradients_of_any_size_fit_80_columns(columns, size):
    parts = [
        replace(each, analytic=-each.analytic * size, numeric=each.numeric * size)
        for each in three(3, columns, columns, at_0_0=WRONG)
    ]
    lines = layer.render(sample(tuple(parts)), show=True).splitlines()
    assert max(map(len, lines)) <= 80


def test_color_changes_nothing_but_the_color():
    for report in REPORTS.values():
        colored = re.sub(r"\x1b\[[\d;]*m", "", layer.render(report, Look(color=True), show=True))
        assert [line.rstrip() for line in colored.split("\n")] == layer.render(report, show=True).split("\n")


def test_a_wrong_entry_is_never_left_out_of_the_matrices():
    text = layer.render(WIDE, show=True)
    _, _, after = text.partition("dL/dW, numeric")
    block = after.split("\n\n")[0]
    assert "[17]" in block
    assert "[23]" in block
    assert "*" in block


def test_what_is_said_of_the_product():
    def said(report):
        lines = [line for line in layer.render(report).splitlines() if line.startswith((" element", " full c"))]
        return [re.split(r"\s{2,}", line)[-1] for line in lines]

    full = replace(RIGHT, claim=Claim.JACOBIAN)
    alone = sample(three(8, 4, 1))
    assert said(RIGHT) == ["done here", "3 times as many"]
    assert said(FAULTY) == ["done, not enough", "needed"]
    assert said(full) == ["would be enough", "done, 3 times as many"]
    assert said(WIDE) == ["not enough", "done, 40 times as many"]
    assert said(NARROW) == ["none: A is narrower", "done here"]
    assert said(alone) == ["done here", "as many"]


# ------------------------------------------------------------------------------------------ for machines


def load(text: str) -> dict:
    def no_constant(name):
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=no_constant)


def test_golden_json(golden):
    golden("layer_narrow.json", layer.dump(NARROW, show=True))


@pytest.mark.parametrize("name", REPORTS)
def test_the_document_is_that_of_all_commands_with_one_key_more(name):
    whole = load(layer.dump(REPORTS[name]))
    theirs = load(machine.dump([REPORTS[name]]))
    (target,) = whole["targets"]
    told = target.pop("layer")
    assert [target] == theirs.pop("targets")
    assert {key: whole[key] for key in theirs} == theirs
    assert (told is None) == (name == "broken")


def test_gradients_are_there_if_shown():
    assert layer.document(RIGHT)["layer"]["gradients"] == []
    shown = layer.document(RIGHT, show=True)["layer"]["gradients"]
    assert [each["name"] for each in shown] == ["dL/dX", "dL/dW", "dL/db"]
    assert shown[1]["analytic"] == RIGHT.layer.gradients[1].analytic.tolist()


def test_numbers_that_json_does_not_know():
    odd = replace(RIGHT.layer.gradients[2], numeric=np.array([[samples.NAN, samples.INF, -samples.INF]]))
    report = replace(RIGHT, layer=replace(RIGHT.layer, gradients=(odd,)))
    (shown,) = load(layer.dump(report, show=True))["targets"][0]["layer"]["gradients"]
    assert shown["numeric"] == [["nan", "inf", "-inf"]]


def test_a_target_that_could_not_be_checked():
    whole = load(layer.dump(None, ("tahn", TargetError("there is no tahn"))))
    assert (whole["outcome"], whole["targets"]) == ("error", [])
    assert whole["errors"] == [{"target": "tahn", "kind": "target", "message": "there is no tahn"}]


def test_the_description_names_every_key_in_order():
    told = layer.document(NARROW, show=True)["layer"]
    section = layer.DOCS.split("\nlayer ")[1]
    assert re.findall(r"^  (\w+)", section, re.MULTILINE) == list(told)
    for key in {*told["contraction"], *told["gradients"][0]}:
        assert re.search(rf"\b{key}\b", section), key
