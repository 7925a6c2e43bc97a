"""Asks which mistake explains what a report says is wrong: joins what the checks know with the hypotheses.

The verdict stands before, and whatever happens here leaves it as it is: nothing is raised, and the calls are counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from actcheck.checks.calibration import calibrate
from actcheck.checks.calls import BrokenContract, Subject
from actcheck.diagnosis import diagnose, shapes
from actcheck.diagnosis.anew import Make, maker
from actcheck.diagnosis.evidence import own_numbers
from actcheck.diagnosis.meter import Meter, SpentError
from actcheck.diagnosis.observe import observe
from actcheck.model import Diagnosis, Finding, Outcome, Report, Rows
from actcheck.numeric.lines import FloatArray
from actcheck.rows.source import Source

MOST_CALLS = 1000
"""So many calls of the functor, of its value and its gradient together, are spent on a diagnosis."""

LARGEST = 1 << 16
"""Entries in a row of the widest functor that is diagnosed: every hypothesis makes arrays of their size."""

_ABOUT_CALLS = ("rows-coupled", "stale-state", "gradient-varies")
_SAME = 1e-6
_DIFFERENT = (3, 4)


def explain(report: Report, functor: Any, subject: Subject | None, reference: Rows, groups: Sequence[Source]) -> Report:
    """Add to a report which mistake explains its faults, where one does.

    Parameters
    ----------
    report : Report
    functor : object
    subject : Subject or None
        None where the contract was broken too early to have one.
    reference : Rows
        Ordinary rows of the functor's width.
    groups : sequence of Source
        The rows that were checked.
    """
    meter = Meter(functor, MOST_CALLS)
    try:
        found = _by_shape(meter, report, reference) if subject is None else ()
        if subject is not None and _has_values_to_explain(report):
            found = _by_values(meter, report, subject, reference, groups)
    except (BrokenContract, SpentError):
        return report
    except Exception as error:
        sentence = f"the search for the mistake has failed, a fault of actcheck: {type(error).__name__}: {error}"
        found = (Diagnosis("search-failed", "", sentence, 0, 0),)
    return replace(report, diagnoses=found)


def _has_values_to_explain(report: Report) -> bool:
    return bool(report.wrong) or any(_is_about_values(finding) for finding in report.findings)


def _is_about_values(finding: Finding) -> bool:
    if finding.outcome is not Outcome.FAILED:
        return False
    return finding.check in ("structure", "finite") or finding.code in _ABOUT_CALLS


def _by_values(
    meter: Meter, report: Report, subject: Subject, reference: Rows, groups: Sequence[Source]
) -> tuple[Diagnosis, ...]:
    spec, functor = report.spec, subject.functor
    spread = subject.spread or any(finding.check == "structure" for finding in report.findings)
    looked = replace(subject, functor=meter, spread=spread, raised=[])
    if looked.inputs * (1 if looked.diagonal else looked.outputs) > LARGEST:
        return ()
    if not _has_independent_rows(looked, reference.values):
        return ()
    calibration = calibrate(looked, reference.values, report.rtol, spec.atol, spec.seed)
    keywords = dict(spec.parameters)
    numbers, make = maker(functor, keywords)
    rows = [reference.values, *(next(group.chunks()).values for group in groups if group.kind != reference.kind)]
    evidence = observe(
        looked,
        calibration,
        rows,
        report.worst,
        {**numbers, **own_numbers(functor, keywords)},
        _forwards(looked, make) if make else None,
        f"{report.name} {type(functor).__name__}",
    )
    return diagnose(evidence)


def _has_independent_rows(subject: Subject, X: FloatArray) -> bool:
    """Whether the values of a row are its own: else differences, taken in stacked rows, mean nothing."""
    whole, turned, alone = subject.forward(X), subject.forward(X[::-1])[::-1], subject.forward(X[:1])
    size = _SAME * np.abs(np.where(np.isfinite(whole), whole, 0.0)).max(initial=0.0)
    with np.errstate(invalid="ignore"):
        apart = max(np.nanmax(np.abs(whole - turned), initial=0.0), np.nanmax(np.abs(whole[:1] - alone), initial=0.0))
    return bool(apart <= size)


def _forwards(subject: Subject, make: Make) -> Make:
    def forward(values: Mapping[str, float]) -> Any:
        made = make(values)
        meter: Meter = subject.functor
        return replace(subject, functor=meter.shared(made), raised=[]).forward

    return forward


def _by_shape(meter: Meter, report: Report, reference: Rows) -> tuple[Diagnosis, ...]:
    if not any(finding.code == "shape" for finding in report.findings):
        return ()
    n = reference.values.shape[1]
    batch = next(size for size in (*_DIFFERENT, n + 2) if size != n)
    X = np.resize(reference.values, (batch, n)).astype(report.spec.dtype)
    try:
        with np.errstate(all="ignore"):
            value, gradient = np.asarray(meter(X.copy())), np.asarray(meter.gradient(X.copy()))
    except Exception:  # Whatever the user's code makes of it: the fault is told already.
        return ()
    return shapes.hint(X.shape, value, gradient, report.spec.layout)
