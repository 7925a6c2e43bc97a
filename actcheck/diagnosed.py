"""Asks which mistake explains what a report says is wrong: joins what the checks know with the hypotheses.

The verdict stands before, and whatever happens here leaves it as it is: nothing is raised, and the calls are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from actcheck.checks.calibration import Calibration, calibrate
from actcheck.checks.calls import BrokenContract, Subject
from actcheck.checks.results import PARAMETER
from actcheck.diagnosis import coupling, diagnose, parameters, shapes
from actcheck.diagnosis.anew import maker, varied
from actcheck.diagnosis.evidence import own_numbers
from actcheck.diagnosis.meter import Meter, SpentError
from actcheck.diagnosis.observe import observe
from actcheck.diagnosis.parameters import Wrong
from actcheck.model import Diagnosis, Entry, Finding, Outcome, Report, Rows
from actcheck.numeric.lines import FloatArray
from actcheck.rows import batch
from actcheck.rows.source import Source

MOST_CALLS = 1000
"""So many calls of the functor, of its value and its gradient together, are spent on a diagnosis."""

LARGEST = 1 << 16
"""Entries in a row of the widest functor that is diagnosed: every hypothesis makes arrays of their size."""

NARROW = 8
"""Width of the rows on which a wider one is looked at."""

_ABOUT_CALLS = ("rows-coupled", "stale-state", "gradient-varies", "gradient-drifts")
_MOVING = ("layer-changed", "state-carried", "value-drifts")
_SAME = 1e-6
_DIFFERENT = (3, 4)


def explain(
    report: Report,
    functor: Any,
    subject: Subject | None,
    reference: Rows,
    groups: Sequence[Source],
    wrong_parameters: Iterable[Wrong] = (),
    calibration: Calibration | None = None,
) -> Report:
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
    wrong_parameters : iterable of Wrong
        The parameters of a layer whose gradients are wrong; each is looked at as it is asked for.
    calibration : Calibration, optional
        What the check has learned of the functor on those ordinary rows.
    """
    meter = Meter(functor, MOST_CALLS)
    try:
        found = _by_shape(meter, report, reference) if subject is None else ()
        if subject is not None and _has_values_to_explain(report):
            found = _by_values(meter, report, subject, reference, groups, calibration)
    except SpentError:
        found = (_untold(f"no simple mistake is found in {MOST_CALLS:,} calls, and no more are made"),)
    except BrokenContract as broken:
        found = (_untold(f"the search for the mistake has ended early: {broken}"),)
    except Exception as error:
        sentence = f"the search for the mistake has failed, a fault of actcheck: {type(error).__name__}: {error}"
        found = (Diagnosis("search-failed", "", sentence, 0, 0),)
    if _has_wrong_parameters(report):
        found = (*found, *_of_parameters(wrong_parameters))
    if any(finding.code == "gradient-drifts" for finding in report.findings):
        found = tuple(replace(each, sentence=f"after so many calls {each.sentence}") for each in found)
    return replace(report, diagnoses=tuple(found))


def _has_wrong_parameters(report: Report) -> bool:
    """Whether the gradient of a parameter is wrong, which the worst entries need not show."""
    return any(check.name.startswith(PARAMETER) and check.outcome is Outcome.FAILED for check in report.checks)


def _of_parameters(wrong: Iterable[Wrong]) -> tuple[Diagnosis, ...]:
    """Say what is wrong with the gradients of a layer's parameters, each by itself."""
    try:
        return tuple(parameters.diagnose(each) for each in wrong)
    except Exception as error:
        sentence = f"the search for a parameter's mistake has failed: {type(error).__name__}: {error}"
        return (Diagnosis("search-failed", "", sentence, 0, 0),)


def _untold(sentence: str) -> Diagnosis:
    """Say why no mistake is told: silence would read as if none had been looked for, or as if all were said."""
    return Diagnosis("unexplained", "", sentence, 0, 0)


def _has_values_to_explain(report: Report) -> bool:
    if any(finding.code in _MOVING for finding in report.findings):
        # No two calls are of one function, so that numbers of several say nothing of a mistake.
        return False
    return bool(report.wrong) or any(_is_about_values(finding) for finding in report.findings)


def _is_about_values(finding: Finding) -> bool:
    if finding.outcome is not Outcome.FAILED:
        return False
    return finding.check in ("structure", "finite") or finding.code in _ABOUT_CALLS


def _by_values(
    meter: Meter,
    report: Report,
    subject: Subject,
    reference: Rows,
    groups: Sequence[Source],
    calibration: Calibration | None,
) -> tuple[Diagnosis, ...]:
    functor = subject.functor
    spread = subject.spread or any(finding.check == "structure" for finding in report.findings)
    looked = replace(subject, functor=meter, spread=spread, raised=[])
    if looked.inputs * (1 if looked.diagonal else looked.outputs) > LARGEST:
        return _at_one_place(report, looked) or _by_narrow_rows(report, looked, functor)
    if not _has_independent_rows(looked, reference.values):
        # Rows of another size, each by its own factor: the mean of anything but what is centred changes with them.
        others = reference.values * (1.0 + np.arange(len(reference.values)))[:, None]
        return coupling.hint(looked.forward(reference.values), looked.forward(others))
    rows = [reference.values, *(next(group.chunks()).values for group in groups if group.kind != reference.kind)]
    found = _search(report, looked, functor, rows, report.worst, calibration)
    # Entries with names are of parameters, and what is wrong with those is not looked for here.
    if found or not report.wrong or _has_wrong_parameters(report):
        return found
    return (_untold("no simple mistake is found: it is right on the rows that are looked at for one"),)


def _at_one_place(report: Report, wide: Subject) -> tuple[Diagnosis, ...]:
    """Name the entry that all wrong ones are, as far as they are shown, if each row has one at most."""
    places = {(entry.output, entry.input) for entry in report.worst}
    rows = sum(report.counts.values()) // max(1, wide.gradient_size)
    # The places of entries with names are those in a parameter.
    named = any(entry.name for entry in report.worst)
    if wide.diagonal or named or len(places) != 1 or report.wrong > rows:
        return ()
    ((output, entered),) = places
    shown = "every wrong entry" if report.wrong <= len(report.worst) else "every wrong entry that is kept"
    sentence = (
        f"{shown} is that of output {output} and input {entered}; rows of {wide.inputs:,} are too wide to look for more"
    )
    return (Diagnosis("entry", "region", sentence, 0, 0),)


def _by_narrow_rows(report: Report, wide: Subject, functor: Any) -> tuple[Diagnosis, ...]:
    """Look at a functor that is too wide on a few columns: most mistakes are there at any width."""
    reference = batch.reference(report.spec, NARROW).values
    try:
        outputs = np.shape(wide.functor(reference))
    except Exception:  # It takes rows of its own width only.
        return (_untold(f"{_too_wide(wide)}, and it takes no rows of {NARROW}"),)
    if len(outputs) != 2 or outputs[0] != len(reference):
        return (_untold(f"{_too_wide(wide)}, and of rows of {NARROW} it gives a value of shape {outputs}"),)
    looked = replace(wide, inputs=NARROW, outputs=outputs[1])
    try:
        wide.functor.gradient(reference)
    except Exception:
        return (_untold(f"{_too_wide(wide)}, and its gradient takes no rows of {NARROW}"),)
    if not _has_independent_rows(looked, reference):
        return (_untold(f"{_too_wide(wide)}, and rows of {NARROW} it mixes"),)
    edge = batch.edge(report.spec, NARROW).values
    found = _search(report, looked, functor, [reference, edge], ())
    if not found:
        return (_untold(f"{_too_wide(wide)}, and on rows of {NARROW} it is right"),)
    return tuple(replace(each, sentence=f"on rows of {NARROW}: {each.sentence}") for each in found)


def _too_wide(wide: Subject) -> str:
    return f"no mistake is looked for: rows of {wide.inputs:,} are too wide for that"


def _search(
    report: Report,
    looked: Subject,
    functor: Any,
    rows: Sequence[FloatArray],
    faults: Sequence[Entry],
    calibration: Calibration | None = None,
) -> tuple[Diagnosis, ...]:
    spec = report.spec
    if calibration is None:
        reference = Rows(rows[0], "random", range(len(rows[0])))
        others = batch.other_scale(spec, reference)
        calibration = calibrate(looked, rows[0], report.rtol, spec.atol, spec.seed, others)
    keywords = dict(spec.parameters)
    author = _as_written(functor)
    # What an adapter has put together is not made anew: its author's class alone is no functor.
    numbers, make = maker(author, keywords) if author is functor else ({}, None)
    meter: Meter = looked.functor

    def vary(name: str, value: float) -> Any:
        if make is not None and name in numbers:
            return meter.shared(make({name: value}))
        return meter.shared(varied(functor, author, name, value))

    evidence = observe(
        looked,
        calibration,
        [group for group in rows if len(group)],
        faults,
        {**numbers, **own_numbers(author, keywords)},
        (lambda values: meter.shared(make(values))) if make else None,
        f"{report.name} {type(author).__name__}",
        vary,
    )
    return diagnose(replace(evidence, pulled=_is_pulled(functor)))


def _as_written(functor: Any) -> Any:
    """Give the object that an adapter reads: its numbers are the function's."""
    from actcheck.targets.reading.functors import Direct, Pulled

    owner = functor.passes.parts.owner if isinstance(functor, (Direct, Pulled)) else None
    return functor if owner is None else owner


def _is_pulled(functor: Any) -> bool:
    """Tell whether a functor's Jacobian is put together from products with cotangents."""
    from actcheck.checks.coupled import held
    from actcheck.targets.reading.functors import Pulled

    return isinstance(held(functor), Pulled)


def _has_independent_rows(subject: Subject, X: FloatArray) -> bool:
    """Whether the values of a row are its own: else differences, taken in stacked rows, mean nothing."""
    whole, turned, alone = subject.forward(X), subject.forward(X[::-1])[::-1], subject.forward(X[:1])
    size = _SAME * np.abs(np.where(np.isfinite(whole), whole, 0.0)).max(initial=0.0)
    with np.errstate(invalid="ignore"):
        apart = max(np.nanmax(np.abs(whole - turned), initial=0.0), np.nanmax(np.abs(whole[:1] - alone), initial=0.0))
    return bool(apart <= size)


def _by_shape(meter: Meter, report: Report, reference: Rows) -> tuple[Diagnosis, ...]:
    if not any(finding.code == "shape" for finding in report.findings):
        return ()
    n = reference.values.shape[1]
    count = next(size for size in (*_DIFFERENT, n + 2) if size != n)
    X = np.resize(reference.values, (count, n)).astype(report.spec.dtype)
    try:
        with np.errstate(all="ignore"):
            value, gradient = np.asarray(meter(X.copy())), np.asarray(meter.gradient(X.copy()))
    except Exception:  # Whatever the user's code makes of it: the fault is told already.
        return ()
    return shapes.hint(X.shape, value, gradient, report.spec.layout)
