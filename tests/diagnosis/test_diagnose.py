"""What is told of the zoo's wrong functors, against what their authors say is wrong with them.

By default of every second one of a family; of all of them with ACTCHECK_FULL_ZOO=1.
"""

import os
from collections import Counter

import numpy as np
import pytest
from functors import fresh, right, wrong
from functors.seed import SEED_WRONG
from functors.wrong import WRONG

from actcheck.diagnosis import Evidence, diagnose
from actcheck.diagnosis.diagnose import REST_UNEXPLAINED, UNEXPLAINED

from .mistakes import Mistaken, changed, scaled
from .observing import diagnoses, evidence_of

FULL = os.environ.get("ACTCHECK_FULL_ZOO") == "1"

REGIONS = {"one-side", "far-out", "near-zero", "band", "at-a-point", "constant"}
OTHERS = {"other-function", "other-parameter", "borrowed-formula", "constant"}
CHAIN = {"factor", "chain-rule", "product-rule", "product-rule-factor", "value-returned", "power", "term"}

TRUE: dict[str, set[str]] = {
    "sign": {"sign-flipped", "sign-off-diagonal", "output", "term"},
    "factor": {"factor", "rounded-factor"},
    "scale": {"factor"},
    "entry": {"entry", "output"},
    "column": {"column", "half-moved", "columns-moved", "column-parameters"},
    "side": REGIONS | {"other-parameter", "term", "argument-clipped"},
    "band": REGIONS | {"rounded-argument", "argument-clipped"},
    "tail": REGIONS | {"argument-clipped"},
    "zero": {"at-a-point", "at-kinks", "near-zero", "not-finite"},
    "tie": {"at-ties"},
    "rows": {"rows-moved", "rows-permuted", "one-row-for-all", "position"},
    "batch": {"batch-size", "pooled-over-batch", "large-batches"},
    "transposed": {"transposed", "weights-transposed"},
    "diagonal-only": {"diagonal-only", "constant-divisor", "unit-matrix"},
    "term": {"term", "row-term", "sign-off-diagonal", "column", "constant-divisor", *OTHERS},
    "not-finite": {"not-finite", "divisor"},
    "constant": {
        "nearly-right",
        "rounded-factor",
        "float16",
        "other-parameter",
        "term",
        "row-term",
        "row-factor",
        *OTHERS,
    },
    "other-function": OTHERS | REGIONS,
    "output-for-input": {"at-output", "of-output"},
    "value": {"value-returned", "input-returned"},
    "chain": CHAIN | {"near-zero", "other-argument"},
    "relu": {"constant", "other-argument", "inverted"},
    "precision": {"float32", "short-type"},
    "truncation": {"whole-numbers", "zeros-and-ones"},
    "mean": {"pooled-over-columns", "factor"},
    "index": {"columns-moved", "places-permuted", "one-side", "factor", "unit-matrix", "other-argument"},
}
"""The codes that name the mistake of a family, or say the same in other words."""


def gradient_cases():
    cases = [*WRONG, *SEED_WRONG]
    cases += [
        case for group in vars(fresh).values() if isinstance(group, tuple) for case in group if hasattr(case, "fault")
    ]
    return [
        case
        for case in dict.fromkeys(cases)
        if case.fault in ("gradient", "structure", "finite") and case.family in TRUE
    ]


def sampled(cases):
    """Give every second case of each family, the first included."""
    seen = Counter()
    for case in cases:
        seen[case.family] += 1
        if FULL or seen[case.family] % 2:
            yield case


def first_code(case):
    width = next(width for width in (5, 6, 4, 8, 3, 2, 1) if case.widths is None or width in case.widths)
    found = diagnoses(case.make(), dim=width)
    return found[0].code if found else "nothing wrong"


def test_the_first_diagnosis_is_the_true_mistake_on_most_of_the_zoo(capsys):
    with np.errstate(all="ignore"):
        found = {case.name: (case.family, first_code(case)) for case in sampled(gradient_cases())}
    true = [name for name, (family, code) in found.items() if code in TRUE[family]]
    silent = [name for name, (_, code) in found.items() if code in ("unexplained", "nothing wrong")]
    false = {name: code for name, code in found.items() if name not in true and name not in silent}
    with capsys.disabled():
        print(
            f"\ntrue {len(true)}, unexplained {len(silent)}, otherwise {len(false)} of {len(found)}: {false}, {silent}"
        )
    assert len(true) >= 0.85 * len(found)
    assert len(false) <= 0.03 * len(found), false


def test_every_family_is_in_the_sample():
    assert {case.family for case in sampled(gradient_cases())} == {case.family for case in gradient_cases()}


def test_where_nothing_fits_that_is_said():
    (only,) = diagnoses(changed(right.Arctan(), lambda G, X: G * (1 + 1e-2 * np.cos(9 * X))))
    assert (only.code, only.sentence, only.explained) == ("unexplained", UNEXPLAINED, 0)
    assert only.wrong > 100


def test_what_a_minor_mistake_leaves_open_is_said():
    def strange(G, X):
        return np.where(X > 9, np.nan, G + 1e-2 * np.cos(9 * X))

    first, rest = diagnoses(changed(right.Arctan(), strange))
    assert (first.code, rest.code) == ("not-finite", "unexplained")
    assert (rest.sentence, rest.explained) == (REST_UNEXPLAINED, 0)
    assert first.explained + rest.wrong == first.wrong > 2 * first.explained


def test_nothing_is_said_of_what_is_right():
    assert diagnoses(right.Tanh()) == ()


@pytest.mark.parametrize(
    ("functor", "sentence"),
    [
        (scaled(right.Tanh(), -2), "the sign is flipped and the gradient is the right one times 2"),
        (
            changed(right.LogSoftmax(), lambda J, X: -2 * np.swapaxes(J, 1, 2)),
            "the Jacobian is transposed, and -2 times too large",
        ),
        (
            Mistaken(right.Tanh(), lambda f, X: np.where(X > 1, -3, 1) * f.gradient(X)),
            "right but for x > 1, where the sign is flipped and the gradient is the right one times 3",
        ),
    ],
)
def test_mistakes_that_come_together_get_a_useful_answer(functor, sentence):
    assert diagnoses(functor)[0].sentence == sentence


def test_the_same_evidence_gets_the_same_answer():
    evidence = evidence_of(wrong.GeluOneAboveThree())
    assert isinstance(evidence, Evidence)
    assert diagnose(evidence) == diagnose(evidence)
