"""Reports built by hand: what the renderers are tested on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from actcheck.model import (
    CheckResult,
    CheckSpec,
    Claim,
    Diagnosis,
    Entry,
    Finding,
    Layout,
    Matrices,
    Means,
    Outcome,
    Planted,
    Report,
    Sensitivity,
    Verdict,
)

NAN, INF = float("nan"), float("inf")

CONTRACT = CheckResult("contract", Outcome.PASSED, 9, "ok")
DIAGONAL = CheckResult("structure", Outcome.PASSED, 110, "ok, diagonal", 0.0, 0.0)
SEEN = Sensitivity(3e-8, 0.96, 0.04)


def report(outcome: Outcome = Outcome.PASSED, **changes) -> Report:
    """Give a report on an element-wise functor that passes, with some fields changed."""
    target = changes.pop("target", "relu")
    fields = {
        "spec": CheckSpec(target),
        "name": target,
        "claim": Claim.DIAGONAL,
        "rows": {"random": 8, "edge": 14},
        "outputs": 5,
        "rtol": 1e-8,
        "checks": (CONTRACT, DIAGONAL),
        "findings": (),
        "counts": {Verdict.AGREE: 110},
        "outcome": outcome,
    }
    return Report(**(fields | changes))


def entry(**changes) -> Entry:
    """Give a wrong entry, with some fields changed."""
    fields = {
        "row": "random 2",
        "output": 3,
        "input": 3,
        "x": -1.284,
        "values": (0.3, 0.1, 2.0, -1.284, 0.5),
        "verdict": Verdict.WRONG,
        "analytic": 1.0,
        "numeric": 0.0,
        "bound": 1.9e-11,
        "allowed": 1e-7,
    }
    return Entry(**(fields | changes))


def kink(**changes) -> Entry:
    """Give an accepted entry at a kink, with some fields changed."""
    fields = {"row": "edge 0", "output": 0, "input": 0, "x": 0.0, "verdict": Verdict.KINK_ACCEPTED, "numeric": 0.5}
    return entry(**(fields | {"slopes": (-0.0, 1.0), "allowed": 1e-8} | changes))


RIGHT = report(
    checks=(
        CONTRACT,
        DIAGONAL,
        CheckResult("gradient", Outcome.PASSED, 101, "ok", 3.21e-12, 1e-8, "random row 2, x[3]"),
        CheckResult("sweep", Outcome.PASSED, 4100, "ok", 4.5e-12, 1e-8, "sweep row 17, x[0]"),
        CheckResult("kinks", Outcome.PASSED, 9, "ok, chose 1", 0.0, 0.0, "x = 0: slopes 0 | 1"),
    ),
    rows={"random": 8, "edge": 14, "sweep": 820},
    counts={Verdict.AGREE: 4201, Verdict.KINK_ACCEPTED: 9},
    kinks=tuple(kink(row=f"edge {row}", output=i, input=i) for row in (0, 3) for i in range(2)),
    findings=(Finding("contract", Outcome.PASSED, "integers", "the gradient holds int64, taken as numbers"),),
    sensitivity=SEEN,
)

WRONG = report(
    Outcome.FAILED,
    target="mypkg.activations:ReLU",
    checks=(
        CONTRACT,
        DIAGONAL,
        CheckResult("gradient", Outcome.FAILED, 101, "47 wrong", 1.0, 1e-7, "random row 2, x[3]"),
        CheckResult("kinks", Outcome.PASSED, 9, "ok, chose 1", 0.0, 0.0, "x = 0: slopes 0 | 1"),
    ),
    counts={Verdict.AGREE: 54, Verdict.WRONG: 46, Verdict.KINK_REFUSED: 1, Verdict.KINK_ACCEPTED: 9},
    worst=(
        entry(),
        entry(row="edge 11", output=0, input=0, x=-800.0),
        entry(row="edge 4", output=1, input=1, x=-1e-9, bound=3.4e-7),
        kink(verdict=Verdict.KINK_REFUSED, analytic=2.0),
        entry(row="random 5", x=0.125, analytic=0.2500000104, numeric=0.25, bound=2e-11),
        entry(row="random 6"),
    ),
    kinks=(kink(),),
    diagnoses=(Diagnosis("constant", "form", "the gradient is 1 everywhere", 47, 47),),
    sensitivity=SEEN,
    replay='actcheck verify mypkg.activations:ReLU --x "-1.284"',
)

UNRESOLVED = report(
    Outcome.UNRESOLVED,
    target="tests.functors.right:LoudTanh",
    claim=Claim.JACOBIAN,
    outputs=3,
    spec=CheckSpec("tests.functors.right:LoudTanh", layout=Layout.IN_OUT, strict=True),
    inputs=5,
    checks=(CONTRACT, CheckResult("gradient", Outcome.UNRESOLVED, 330, "200 too small to tell", 9e-4, 1e-3, "edge 2")),
    counts={Verdict.AGREE: 130, Verdict.UNRESOLVED: 200},
    unresolved=(
        entry(output=2, input=4, verdict=Verdict.UNRESOLVED, numeric=1.25, bound=9.6, reason="the forward is noisy"),
        entry(
            output=0, input=1, verdict=Verdict.UNRESOLVED, analytic=1e-300, numeric=-0.0, bound=INF, reason="no step"
        ),
    ),
    findings=(
        Finding("contract", Outcome.PASSED, "aliases-input", "the value is X itself or a view of it"),
        Finding("finite", Outcome.WARNED, "avoidable-overflow", "avoidable overflow from x = 709.8", "edge 12, x[0]"),
    ),
    sensitivity=Sensitivity(None, 0.0, 1.0),
    notes=("the class was called without arguments",),
)

TAILS = report(
    Outcome.FAILED,
    target="tails.py:CutOff",
    checks=(
        CONTRACT,
        CheckResult("gradient", Outcome.FAILED, 190, "2 wrong", 1.03e-10, 1.64e-15, "tail 1, x[1]"),
        CheckResult("tails", Outcome.FAILED, 24, "1 wrong, by other means", 9.36e-14, 1.6e-15, "edge 8, x[0]"),
    ),
    rows={"random": 8, "edge": 25, "tail": 5},
    counts={Verdict.AGREE: 188, Verdict.WRONG: 2},
    worst=(
        entry(row="tail 1", x=23.0, analytic=0.0, numeric=1.03e-10, bound=2.6e-14),
        entry(
            row="edge 8",
            x=30.0,
            analytic=0.0,
            numeric=9.36e-14,
            bound=3.5e-22,
            reason="told by f(x) + f(-x) = 1",
            means="f(x) + f(-x) = 1",
        ),
    ),
    tails=(Means("differences over a smooth stretch", 18, 0), Means("f(x) + f(-x) = 1", 5, 1)),
    sensitivity=SEEN,
)

PLANTED = report(
    planted=(
        Planted("one entry", 1e-7, 1e-8, "random 2, x[3]", 5),
        Planted("one side", None, 1.0, "x < 0", 1),
        Planted("every entry", 1e-15, None, "", 5),
        Planted("a dropped entry", 4.2e-9, 9e-16, "edge 21, x[1]", 6),
    ),
    sensitivity=SEEN,
)

BROKEN = report(
    Outcome.FAILED,
    target="./my activations/file.py:Swish",
    claim=None,
    outputs=None,
    checks=(CheckResult("contract", Outcome.FAILED, 2, "broken"),),
    counts={},
    findings=(
        Finding("contract", Outcome.PASSED, "integers", "the value holds bool, taken as numbers"),
        Finding(
            "contract",
            Outcome.FAILED,
            "shape",
            "the gradient of (8, 5) has shape (5,); (8, 5) is expected for a diagonal, (8, 5, 5) for a Jacobian",
            "",
            (0.5, 1.0),
        ),
        Finding("contract", Outcome.FAILED, "input-changed", "the gradient writes into its input"),
    ),
)

HOSTILE = report(
    Outcome.FAILED,
    target="пакет.активации:Ворота[bold red]×[/]" + "очень_длинное_имя_" * 5,
    spec=CheckSpec("ворота", typed=((NAN, 1e-300), (-0.0, 1.0))),
    rows={"typed": 2},
    inputs=2,
    claim=Claim.JACOBIAN,
    checks=(
        CheckResult("gradient", Outcome.FAILED, 12345678, "всё плохо: [link=x]y[/link] :smile:", NAN, 1e-300, "строка"),
    ),
    counts={Verdict.AGREE: 12345670, Verdict.WRONG: 8},
    worst=(
        entry(row="typed 0", x=1e-300, analytic=NAN, numeric=-1.2345678e-300, bound=1.5e-310, allowed=0.0),
        entry(row="typed 1", x=-0.0, analytic=-INF, numeric=-0.0, bound=NAN),
        entry(row="typed 1", x=1 - 1e-12, analytic=0.1 + 0.2, numeric=0.3, bound=5e-324),
    ),
    findings=(Finding("contract", Outcome.FAILED, "raises", "ошибка\x1b[31m\nline two [/bold] \u202e", "x\t1"),),
    replay="actcheck verify ворота " + " ".join(f'--x "{number},-1.25"' for number in range(10)),
)

SMALL = Sensitivity(4e-9, 1.0, 0.0)


def softmax_matrices(n: int = 5, **changes) -> Matrices:
    """Give a softmax's Jacobian at a fixed row."""
    x = np.round(np.sin(np.arange(n) * 2.5) * 2, 3)
    a = np.exp(x) / np.sum(np.exp(x))
    analytic = np.diag(a) - np.outer(a, a)
    error = np.abs(np.subtract.outer(np.arange(n), np.arange(n))) * 1.3e-13
    fields = {
        "row": "random 0",
        "x": tuple(map(float, x)),
        "analytic": analytic,
        "numeric": analytic + error,
        "error": error,
        "allowed": np.full((n, n), 1e-9),
        "structure": ("symmetric", "rows sum to 0"),
        "layout": Layout.OUT_IN,
    }
    return Matrices(**(fields | changes))


def jacobian(matrices: Matrices | None, outcome: Outcome = Outcome.PASSED, **changes) -> Report:
    """Give a report of the command ``jacobian``."""
    n = len(matrices.x) if matrices else 5
    layout = matrices.layout if matrices else Layout.OUT_IN
    spec = CheckSpec("softmax", (("stretch", 2),), command="jacobian", batch=1, dim=n, edge=False, layout=layout)
    outputs = matrices.error.shape[0] if matrices else None
    fields = {
        "target": "softmax",
        "spec": spec,
        "claim": Claim.JACOBIAN,
        "rows": {"random": 1},
        "inputs": n if matrices else None,
        "outputs": outputs,
        "counts": {Verdict.AGREE: outputs * n if outputs else 0},
        "matrices": matrices,
        "sensitivity": SMALL,
    }
    return report(outcome, **(fields | changes))


def wide_wrong() -> Report:
    """Give a report on 300 inputs with one wrong entry and one that is NaN."""
    matrices = softmax_matrices(300)
    analytic, error = matrices.analytic.copy(), matrices.error.copy()
    analytic[17, 203], error[17, 203] = -0.25, 0.25
    analytic[299, 0] = error[299, 0] = NAN
    matrices = replace(matrices, analytic=analytic, error=error, structure=())
    wrong = entry(row="random 0", output=17, input=203, x=matrices.x[203], analytic=-0.25, numeric=-1e-5)
    return jacobian(
        matrices,
        Outcome.FAILED,
        counts={Verdict.AGREE: 89998, Verdict.WRONG: 2},
        worst=(wrong,),
        replay='actcheck jacobian softmax --stretch 2 --x "..."',
    )


def rectangular() -> Report:
    """Give a report on 4 inputs and 2 outputs in the other layout, with a kink and numbers of all sizes."""
    values = np.array([[1e-300, -1.5, 0.5, NAN], [-INF, -0.0, 123456.789, -1.2345e-7]])
    error = np.array([[0.0, 1e-9, 0.5, NAN], [INF, 0.0, 2e-9, 1e-12]])
    agree, wrong = Verdict.AGREE, Verdict.WRONG
    matrices = Matrices(
        "typed 0",
        (0.0, -0.0, 1e-300, 0.1 + 0.2),
        values,
        values - np.where(np.isfinite(error), error, 0),
        error,
        np.full((2, 4), 1e-8),
        (),
        Layout.IN_OUT,
        ((agree, agree, Verdict.KINK_ACCEPTED, wrong), (wrong, agree, Verdict.UNRESOLVED, agree)),
    )
    changes = {"counts": {agree: 4, wrong: 2, Verdict.KINK_ACCEPTED: 1, Verdict.UNRESOLVED: 1}, "rows": {"typed": 1}}
    return jacobian(matrices, Outcome.FAILED, **changes)


TABLES = {
    "right": RIGHT,
    "wrong": WRONG,
    "unresolved": UNRESOLVED,
    "tails": TAILS,
    "planted": PLANTED,
    "broken": BROKEN,
    "hostile": HOSTILE,
}
MATRICES = {
    "small": jacobian(softmax_matrices(5)),
    "eight": jacobian(softmax_matrices(8)),
    "wide": wide_wrong(),
    "rectangular": rectangular(),
    "none": jacobian(
        None,
        Outcome.FAILED,
        checks=BROKEN.checks,
        findings=BROKEN.findings,
        counts={},
        claim=None,
        sensitivity=None,
    ),
}
