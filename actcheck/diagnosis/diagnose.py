"""Which simple mistake explains a wrong gradient: every hypothesis is tried, the best are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from actcheck.diagnosis.evidence import BoolArray, Evidence
from actcheck.diagnosis.guess import Hypothesis, confirmed, weigh
from actcheck.diagnosis.meter import SpentError
from actcheck.diagnosis.table import CHEAP, DEAR
from actcheck.model import Diagnosis

MOST = 2
"""So many diagnoses are told."""

ALIKE = 0.98
"""Shares that are this near to each other count as equal: a few entries in the tails are nobody's."""

NEARLY_ALL = 0.9
"""What is told explains so much of what is wrong, or it is said that there is a rest."""

MIXING = ("rows", "precision", "region", "combined")
"""Families whose mistakes may make the gradient of an x depend on other inputs in its row."""

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

    Raises
    ------
    SpentError
        If the calls are spent, and nothing was found.
    """
    wrong = int(np.count_nonzero(evidence.to_explain))
    if not wrong:
        return ()
    found: list[Told] = []
    coupled = False
    # What was found before the calls were spent is as good as ever.
    try:
        coupled = evidence.coupled
        _search(evidence, (*CHEAP, *DEAR), found)
    except SpentError:
        if not found:
            raise
    if not found:
        return (Diagnosis("unexplained", "", UNEXPLAINED, 0, wrong),)
    told = _told(found)
    rest = wrong - int(np.count_nonzero(np.logical_or.reduce([hit for _, hit in told])))
    diagnoses = tuple(_of_this_batch(each, evidence.batch) if coupled else each for each, _ in told)
    if rest <= (1 - NEARLY_ALL) * wrong:
        return diagnoses
    return (*diagnoses, Diagnosis("unexplained", "", REST_UNEXPLAINED, 0, rest))


def _search(evidence: Evidence, hypotheses: Sequence[Hypothesis], found: list[Told]) -> None:
    """Try hypotheses in turn, until one explains all that is wrong, and add what holds.

    Another that explains it all as well would give the same numbers in other words.
    """
    for hypothesis in hypotheses:
        # What depends on the neighbours of an x is no function of x, whatever fits the rows at hand.
        if hypothesis.family not in MIXING and evidence.mixed.any():
            continue
        best = _best(evidence, hypothesis)
        if best is not None:
            found.append(best)
            if best[0].explained == best[0].wrong:
                return


def _told(found: Sequence[Told]) -> list[Told]:
    """Choose what is told, best first: each after the first explains what none before it does."""
    best = max(each.explained for each, _ in found)
    told: list[Told] = []
    for each, hit in sorted(found, key=lambda pair: pair[0].explained < ALIKE * best):
        before = np.logical_or.reduce([other for _, other in told]) if told else np.zeros_like(hit)
        if len(told) < MOST and np.count_nonzero(hit & ~before) > (1 - ALIKE) * each.wrong:
            told.append((each, hit))
    return told


def _of_this_batch(told: Diagnosis, rows: int) -> Diagnosis:
    """Say of what is no mistake of rows that it holds in the batch that was looked at, where others differ."""
    if told.family not in ("form", "term", "identity", "argument", "formula"):
        return told
    sentence = f"{told.sentence}, in a batch of these {rows} rows: in another one a row has another gradient"
    return replace(told, sentence=sentence)


def _best(evidence: Evidence, hypothesis: Hypothesis) -> Told | None:
    """Give the best of a hypothesis' guesses, the first of equals."""
    best: Told | None = None
    with np.errstate(all="ignore"):
        for guess in hypothesis.test(evidence):
            told = weigh(evidence, hypothesis, guess)
            if told is None or (best is not None and told[0].explained <= best[0].explained):
                continue
            accused = next((each for each in guess.owners if not confirmed(evidence, hypothesis.test, guess, each)), "")
            if accused:
                return _best(evidence.clear(accused), hypothesis)
            best = told
            if best[0].explained == best[0].wrong:
                break
    return best
