"""Which simple mistake explains a wrong gradient: every hypothesis is tried, the best are told."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import numpy as np

from actcheck.diagnosis.evidence import BoolArray, Evidence
from actcheck.diagnosis.guess import Hypothesis, weigh
from actcheck.diagnosis.meter import SpentError
from actcheck.diagnosis.table import CHEAP, DEAR
from actcheck.model import Diagnosis

MOST = 2
"""So many diagnoses are told, of different families."""

ALIKE = 0.98
"""Shares that are this near to each other count as equal: a few entries in the tails are nobody's."""

NEARLY_ALL = 0.9
"""What is told explains so much of what is wrong, or it is said that there is a rest."""

UNEXPLAINED = "no simple mistake explains it"
REST_UNEXPLAINED = "no simple mistake explains the others"

Told = tuple[Diagnosis, BoolArray]
"""A diagnosis, and the wrong entries that it explains."""


def diagnose(evidence: Evidence) -> tuple[Diagnosis, ...]:
    """Give the mistakes that explain what is wrong, best first.

    Returns
    -------
    tuple of Diagnosis
        Empty where nothing is wrong; one with the code ``unexplained`` where no hypothesis holds. The one that
        explains the most wrong entries comes first; among equals, the one that stands first in the table. Where those
        that are told leave much open, the last has the code ``unexplained`` and counts that.
    """
    wrong = int(np.count_nonzero(evidence.to_explain))
    if not wrong:
        return ()
    found: list[Told] = []
    # What was found before the calls were spent is as good as ever.
    with contextlib.suppress(SpentError):
        _search(evidence, CHEAP, MOST, found)
        if not any(each.explained == wrong for each, _ in found):
            _search(evidence, DEAR, 1, found)
    if not found:
        return (Diagnosis("unexplained", "", UNEXPLAINED, 0, wrong),)
    best = max(each.explained for each, _ in found)
    told = sorted(found, key=lambda each: each[0].explained < ALIKE * best)[:MOST]
    rest = wrong - int(np.count_nonzero(np.logical_or.reduce([hit for _, hit in told])))
    diagnoses = tuple(each for each, _ in told)
    if rest <= (1 - NEARLY_ALL) * wrong:
        return diagnoses
    return (*diagnoses, Diagnosis("unexplained", "", REST_UNEXPLAINED, 0, rest))


def _search(evidence: Evidence, hypotheses: Sequence[Hypothesis], most: int, found: list[Told]) -> None:
    """Try hypotheses in turn, until so many of different families explain all that is wrong, and add what holds."""
    whole: set[str] = set()
    for hypothesis in hypotheses:
        if hypothesis.family in whole:
            continue
        best = _best(evidence, hypothesis)
        if best is None:
            continue
        found.append(best)
        if best[0].explained == best[0].wrong:
            whole.add(hypothesis.family)
        if len(whole) >= most:
            break


def _best(evidence: Evidence, hypothesis: Hypothesis) -> Told | None:
    """Give the best of a hypothesis' guesses, the first of equals."""
    best: Told | None = None
    with np.errstate(all="ignore"):
        for guess in hypothesis.test(evidence):
            told = weigh(evidence, hypothesis, guess)
            if told is None:
                continue
            if best is None or told[0].explained > best[0].explained:
                best = told
            if best[0].explained == best[0].wrong:
                break
    return best
