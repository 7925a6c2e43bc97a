"""Which simple mistake explains a wrong gradient: every hypothesis is tried, the best are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from actcheck.diagnosis.evidence import Evidence
from actcheck.diagnosis.guess import Diagnosis, Hypothesis, weigh
from actcheck.diagnosis.observe import Calibration, Subject, observe
from actcheck.diagnosis.table import CHEAP, DEAR
from actcheck.model import Entry
from actcheck.numeric.lines import FloatArray

MOST = 2
"""So many diagnoses are told, of different families."""

LARGEST = 1 << 16
"""Entries in a row of the widest functor that is diagnosed: every hypothesis makes arrays of their size."""

UNEXPLAINED = "no simple mistake explains it"


def of(
    subject: Subject,
    calibration: Calibration,
    rows: Sequence[FloatArray],
    faults: Sequence[Entry] = (),
    parameters: Mapping[str, Any] | None = None,
    make: Callable[[Mapping[str, float]], Any] | None = None,
    name: str = "",
) -> tuple[Diagnosis, ...]:
    """Diagnose a functor; the parameters are those of `observe`.

    Returns
    -------
    tuple of Diagnosis
        As `diagnose` gives them; empty for a functor too wide to be looked at as a whole.
    """
    if subject.inputs * (1 if subject.diagonal else subject.outputs) > LARGEST:
        return ()
    return diagnose(observe(subject, calibration, rows, faults, parameters, make, name))


def diagnose(evidence: Evidence) -> tuple[Diagnosis, ...]:
    """Give the mistakes that explain what is wrong, best first.

    Returns
    -------
    tuple of Diagnosis
        Empty where nothing is wrong; one with the code ``unexplained`` where no hypothesis holds. The one that
        explains the most wrong entries comes first; among equals, the one that stands first in the table.
    """
    wrong = int(np.count_nonzero(evidence.to_explain))
    if not wrong:
        return ()
    found = _each(evidence, CHEAP, MOST)
    if not any(each.explained == wrong for each in found):
        found += _each(evidence, DEAR, 1)
    if not found:
        return (Diagnosis("unexplained", "", UNEXPLAINED, 0, wrong),)
    return tuple(sorted(found, key=lambda each: -each.explained)[:MOST])


def _each(evidence: Evidence, hypotheses: Sequence[Hypothesis], most: int) -> list[Diagnosis]:
    """Try hypotheses in turn, until so many of different families explain all that is wrong."""
    found: list[Diagnosis] = []
    whole: set[str] = set()
    for hypothesis in hypotheses:
        if hypothesis.family in whole:
            continue
        best = _best(evidence, hypothesis)
        if best is None:
            continue
        found.append(best)
        if best.explained == best.wrong:
            whole.add(hypothesis.family)
        if len(whole) >= most:
            break
    return found


def _best(evidence: Evidence, hypothesis: Hypothesis) -> Diagnosis | None:
    """Give the best of a hypothesis' guesses, the first of equals."""
    best: Diagnosis | None = None
    with np.errstate(all="ignore"):
        for guess in hypothesis.test(evidence):
            told = weigh(evidence, hypothesis, guess)
            if told is None:
                continue
            if best is None or told.explained > best.explained:
                best = told
            if best.explained == best.wrong:
                break
    return best
