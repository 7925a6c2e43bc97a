"""Conventions that are no mistakes: with which option a target that is wrong as it was called would be right.

Nothing is guessed: the check is made again with the option, and only one with which it passes is told. The verdict
stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from actcheck.errors import ActcheckError
from actcheck.model import CheckSpec, Diagnosis, Finding, Outcome, Reading, Report

Again = Callable[[CheckSpec], Report]
"""Makes a check, and tells no convention."""

_OUTPUT = "the derivative is expressed in the output f(x), but given the input x"
_COLUMNS = "batches are meant as columns, (n, batch)"
_COUPLED = "its rows belong together, as in batch normalisation"
_SINGLE = "it is written for one sample, and not for a batch of them"

_AND_OUTPUT = "{}, and the derivative is expressed in the output f(x)"

_EXCUSABLE = ("shape", "type", "raises", "rows-coupled", "off-diagonal", "gradient-raises")
_ABOUT_BATCHES = ("shape", "type", "raises", "rows-coupled", "gradient-raises")
_SAID_BETTER = ("unexplained", "of-output", "at-output", "batch-as-columns", "batch-last", "batch-axis-missing")
# What was normalised over the wrong axis is right for a single sample, which has no other: seldom is that meant.
_MISTAKEN = ("normalised-over-axis-0", "normalised-over-batch")
_CENTRED = "centred-over-axis-0"
_MOST = 2

_BATCH = 4
"""Rows of a batch that is taken as one vector: its Jacobian grows with their square."""


def explain(report: Report, again: Again, takes_input: bool = True) -> Report:
    """Add to a report of a wrong target what convention it follows, where it follows one.

    Parameters
    ----------
    report : Report
        Of a target that has failed.
    again : callable
        Makes a check.
    takes_input : bool
        Whether the derivative is given the input, so that it can be given the value in its place.
    """
    found = next(_right_with(report, again, takes_input), None) if _may_be_excused(report) else None
    if found is None:
        return report
    rest = [each for each in report.diagnoses if each.code not in _SAID_BETTER]
    is_last = found.code == "single-samples" and any(each.code in _MISTAKEN for each in rest)
    return replace(report, diagnoses=((*rest[: _MOST - 1], found) if is_last else (found, *rest))[:_MOST])


def _may_be_excused(report: Report) -> bool:
    """Tell whether all faults are such as a convention makes; what writes into its input is wrong in any."""
    faults = [finding for finding in report.findings if finding.outcome is Outcome.FAILED]
    return all(finding.code in _EXCUSABLE for finding in faults) and not any(entry.name for entry in report.worst)


def _right_with(report: Report, again: Again, takes_input: bool) -> Iterator[Diagnosis]:
    spec, wrong = report.spec, report.wrong
    # Rows that are known to be independent are the same however they are handed over.
    is_batch = any(map(_is_about_batches, report.findings))
    # On generated rows, since those of a file may be many, or not there to be read again.
    spec = replace(spec, csv="", columns=())
    others = [
        (code, replace(spec, reading=reading), option, sentence)
        for code, reading, option, sentence in _readings(spec.reading, is_batch, takes_input)
    ]
    if any(each.code == _CENTRED for each in report.diagnoses):
        coupled = replace(spec, coupled=True, batch=min(spec.batch, _BATCH))
        others.insert(0, ("rows-as-batch", coupled, "--rows coupled", _COUPLED))
    for code, other, option, sentence in others:
        # A few rows first: most readings fail on them.
        if not _passes(replace(other, edge=False), again):
            continue
        right = "it is right"
        if spec.edge and not _passes(other, again):
            right = "on ordinary rows it is right"
            if _passes(replace(spec, edge=False), again):
                # There it is right as it is called, and what is wrong elsewhere is no matter of the option.
                return
        yield Diagnosis(code, "convention", f"{sentence}: {right} with {option}", wrong, wrong, option)


def _is_about_batches(finding: Finding) -> bool:
    """Tell whether a fault may come of how rows are handed over: not where each value is that of its own row."""
    if finding.outcome is not Outcome.FAILED or finding.code not in _ABOUT_BATCHES:
        return False
    return finding.code != "rows-coupled" or not finding.message.startswith("the gradient")


def _readings(reading: Reading, is_batch: bool, takes_input: bool) -> Iterator[tuple[str, Reading, str, str]]:
    may_be_of_output = reading.derivative_of == "input" and takes_input
    if may_be_of_output and not is_batch:
        option = "--derivative-of output"
        yield "derivative-of-output", replace(reading, derivative_of="output"), option, _OUTPUT
    if reading.samples == "rows" and is_batch:
        yield "batch-as-columns", replace(reading, samples="columns"), "--samples columns", _COLUMNS
        yield "single-samples", replace(reading, samples="single"), "--samples single", _SINGLE
    if reading.samples == "rows" and may_be_of_output and is_batch:
        both = replace(reading, samples="columns", derivative_of="output")
        sentence = _AND_OUTPUT.format(_COLUMNS)
        yield "batch-as-columns", both, "--samples columns --derivative-of output", sentence
        both, sentence = replace(both, samples="single"), _AND_OUTPUT.format(_SINGLE)
        yield "single-samples", both, "--samples single --derivative-of output", sentence


def _passes(spec: CheckSpec, again: Again) -> bool:
    try:
        report = again(spec)
    except ActcheckError:
        return False
    return report.outcome in (Outcome.PASSED, Outcome.WARNED)
