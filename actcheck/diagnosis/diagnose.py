"""Which simple mistake explains a wrong gradient: every hypothesis is tried, the best are told."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import numpy as np

from actcheck.diagnosis.evidence import Evidence
from actcheck.diagnosis.guess import Hypothesis, weigh
from actcheck.diagnosis.meter import SpentError
from actcheck.diagnosis.table import CHEAP, DEAR
from actcheck.model import Diagnosis

MOST = 2
"""So many diagnoses are told, of different families."""

UNEXPLAINED = "no simple mistake explains it"


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
    found: list[Diagnosis] = []
    # What was found before the calls were spent is as good as ever.
    with contextlib.suppress(SpentError):
        _search(evidence, CHEAP, MOST, found)
        if not any(each.explained == wrong for each in found):
            _search(evidence, DEAR, 1, found)
    if not found:
        return (Diagnosis("unexplained", "", UNEXPLAINED, 0, wrong),)
    return tuple(sorted(found, key=lambda each: -each.explained)[:MOST])


def _search(evidence: Evidence, hypotheses: Sequence[Hypothesis], most: int, found: list[Diagnosis]) -> None:
    """Try hypotheses in turn, until so many of different families explain all that is wrong, and add what holds."""
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
