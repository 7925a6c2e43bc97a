"""Reports as JSON: documented, versioned, the same bytes for the same seed. No times, no folders."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from actcheck.errors import ActcheckError
from actcheck.model import (
    RULE_VERSION,
    SCHEMA_VERSION,
    CheckResult,
    CheckSpec,
    Diagnosis,
    Entry,
    Finding,
    Layout,
    Matrices,
    Planted,
    Report,
    Sensitivity,
    Verdict,
    worst_outcome,
)
from actcheck.reports import exact
from actcheck.survey import LeftOut, Listed

if TYPE_CHECKING:
    from actcheck.model import FloatArray

DOCS = """\
One document for all targets of a command. Keys come in this order and are always there; a value that does not apply
is null, a list without items empty. JSON has no NaN and no infinity: such numbers are the strings "nan", "inf", "-inf".

document
  schema       integer   version of this layout; it rises when a key changes its meaning or goes
  rule         integer   version of the verdict rule; it rises when the same rows may get another verdict
  outcome      string    the worst of all targets: ok, not run, warning, unresolved, wrong, error
  targets      list      one object per target that was checked, in the order given
  errors       list      one object per target that could not be checked: target, kind, message
  left_out     list      one object per functor or file that was found and is not checked: target, reason

target
  target       string    the target as it was typed
  name         string    its name in the report's heading
  command      string    verify, jacobian, layer, prove or accuracy
  outcome      string    ok, not run, warning, unresolved, wrong
  passed       boolean   whether the outcome lets a CI go on, by settings.strict
  settings     object    parameters (object), batch, dim (null where none was asked for), scale, seed, dtype, rtol,
                         atol, layout, edge, csv, columns, coupled, full, directions (null where their number was not
                         asked for), typed, strict, sensitivity, gradient, value, derivative, derivative_of, samples,
                         parameter, domain (two numbers, or null), oracle
  claim        string    element-wise, full Jacobian, or null where the contract is broken too early to tell
  inputs       integer   width of the rows, or null
  outputs      integer   width of the output, or null
  directions   integer   along how many random directions the Jacobian was looked at, or null if every entry was
  rows         object    rows by kind: random, edge, sweep, tail, typed, given, line
  checks       list      check, outcome, entries, worst, allowed, where, summary
  counts       object    entries by verdict: agree, wrong, kink accepted, kink refused, jump, infinite slope,
                         overflow, outside the domain, unresolved
  wrong        integer   how many entries are wrong
  worst        list      the worst wrong entries, worst first: row, output, input, x, values, verdict, analytic,
                         numeric, bound, allowed, slopes, reason, means (what numeric comes from where float64
                         differences could not tell, else empty), name (of a layer's parameter, else empty)
  unresolved   list      the first unresolved entries, likewise
  kinks        list      the first entries at kinks and jumps, likewise
  findings     list      check, outcome (wrong, unresolved, warning; ok for a remark, not run for a layer's parameter
                         that is not checked), code, message, where, values
  sensitivity  object    error (smallest relative error that would have been seen, or null), share (of entries that it
                         would have been seen on), floor_share (of entries held to rounding rather than to rtol)
  tails        list      by which other means entries were told that differences cannot tell: means, right, wrong
  planted      list      by settings.sensitivity, for each kind of error: kind, caught (the smallest that is, or null),
                         missed (the largest that is not, or null), where, runs
  matrices     object    row, x, layout, analytic, numeric, error, allowed, verdicts (lists of rows in that layout; no
                         verdicts where only an error above allowed tells), structure
  proof        object    of prove only: interval, tolerance (of the scale of each path), resolution, arithmetic (real),
                         paths (path, base, direction, low, high, allowed, scale, worst, replays), pieces (path, low,
                         high, verdict: proved, wrong or left over, reason), refuted (path, low, high, at, output,
                         analytic, derivative: enclosures, x), kinks (path, low, high, output, left, right, analytic:
                         enclosures, jump)
  accuracy     object    of accuracy only: dtype, points, unknown, kinks, bands (low, high, points, value, gradient:
                         ulps and units, kinds), worst (x, quantity, computed, true, ulps, units, kind), losses
                         (quantity, kind, start, end, total, zero, worst), curve (x, ulps of value and gradient)
  diagnoses    list      which simple mistakes explain what is wrong, best first: code (unexplained where none does),
                         family (form, argument, derivative, formula, identity, normalisation, rows, region, term,
                         precision, combined, shape, parameter, or empty), sentence, explained (how many of the
                         wrong entries that were searched: a sample of those that `counts` has, or further ones), wrong
                         (how many those are, or are left unexplained; 0 where it is not about entries), option (of the
                         command line that makes the gradient right, or empty)
  replay       string    the command that shows the worst fault again, or empty
  notes        list      remarks on how the target was read
"""
"""What the keys mean, as the README shows it."""


def document(report: Report) -> dict[str, Any]:
    """Give one target's object, as `DOCS` describes it.

    Parameters
    ----------
    report : Report

    Returns
    -------
    dict
        Of dicts, lists, strings, booleans, integers, finite floats and None only.
    """
    return {
        "target": report.spec.target,
        "name": report.name,
        "command": report.spec.command,
        "outcome": report.outcome.value,
        "passed": report.passed,
        "settings": _settings(report.spec, report.rtol),
        "claim": report.claim.value if report.claim else None,
        "inputs": report.inputs,
        "outputs": report.outputs,
        "directions": report.directions,
        "rows": {kind: int(total) for kind, total in report.rows.items()},
        "checks": [_check(check) for check in report.checks],
        "counts": {kind.value: int(total) for kind, total in _ordered(report.counts)},
        "wrong": int(report.wrong),
        "worst": [_entry(entry) for entry in report.worst],
        "unresolved": [_entry(entry) for entry in report.unresolved],
        "kinks": [_entry(entry) for entry in report.kinks],
        "findings": [_finding(finding) for finding in report.findings],
        "sensitivity": _sensitivity(report.sensitivity) if report.sensitivity else None,
        "tails": [{"means": each.name, "right": each.right, "wrong": each.wrong} for each in report.tails],
        "planted": [_planted(each) for each in report.planted],
        "matrices": _matrices(report.matrices) if report.matrices else None,
        "proof": exact.proof(report.proof) if report.proof else None,
        "accuracy": exact.accuracy(report.accuracy) if report.accuracy else None,
        "diagnoses": [_diagnosis(each) for each in report.diagnoses],
        "replay": report.replay,
        "notes": list(report.notes),
    }


def dump(
    reports: Sequence[Report],
    errors: Sequence[tuple[str, ActcheckError]] = (),
    left_out: Sequence[LeftOut] = (),
) -> str:
    """Give the document for several targets as text.

    Parameters
    ----------
    reports : sequence of Report
        In the order of the targets.
    errors : sequence of (str, ActcheckError)
        Targets that could not be checked, with why.
    left_out : sequence of LeftOut

    Returns
    -------
    str
        Strict JSON in ASCII, ending with a line break.
    """
    outcome = "error" if errors else worst_outcome([report.outcome for report in reports]).value
    whole = {
        "schema": SCHEMA_VERSION,
        "rule": RULE_VERSION,
        "outcome": outcome,
        "targets": [document(report) for report in reports],
        "errors": _errors(errors),
        "left_out": _left_out(left_out),
    }
    return json.dumps(whole, indent=2, allow_nan=False) + "\n"


def dump_list(found: Sequence[Listed], errors: Sequence[tuple[str, ActcheckError]], left_out: Sequence[LeftOut]) -> str:
    """Give what was found as text, without a check: target, how it is read, and its keywords, null for any.

    Of a function that is told by a word which one it is the word stands in the parameters.
    """
    whole = {
        "schema": SCHEMA_VERSION,
        "targets": [
            {
                "target": each.target,
                "read": each.protocol,
                "keywords": None if each.keywords is None else list(each.keywords),
                "parameters": {name: _value(value) for name, value in each.parameters},
            }
            for each in found
        ],
        "errors": _errors(errors),
        "left_out": _left_out(left_out),
    }
    return json.dumps(whole, indent=2, allow_nan=False) + "\n"


def _errors(errors: Sequence[tuple[str, ActcheckError]]) -> list[dict[str, str]]:
    return [{"target": target, "kind": error.kind, "message": error.what} for target, error in errors]


def _left_out(left_out: Sequence[LeftOut]) -> list[dict[str, str]]:
    return [{"target": each.target, "reason": each.reason} for each in left_out]


def _settings(spec: CheckSpec, rtol: float) -> dict[str, Any]:
    return {
        "parameters": {name: _value(value) for name, value in spec.parameters},
        "batch": spec.batch,
        "dim": spec.dim,
        "scale": _number(spec.scale),
        "seed": spec.seed,
        "dtype": spec.dtype,
        "rtol": _number(rtol),
        "atol": _number(spec.atol),
        "layout": spec.layout.value,
        "edge": spec.edge,
        "csv": bool(spec.csv),
        "columns": list(spec.columns),
        "coupled": spec.coupled,
        "full": spec.full,
        "directions": spec.directions,
        "typed": [_numbers(row) for row in spec.typed],
        "strict": spec.strict,
        "sensitivity": spec.sensitivity,
        "gradient": spec.reading.gradient,
        "value": spec.reading.value,
        "derivative": spec.reading.derivative,
        "derivative_of": spec.reading.derivative_of,
        "samples": spec.reading.samples,
        "parameter": list(spec.reading.parameters),
        "domain": None if spec.domain is None else _numbers(spec.domain),
        "oracle": spec.oracle,
    }


def _ordered(counts: Mapping[Any, int]) -> list[tuple[Any, int]]:
    return [(kind, counts.get(kind, 0)) for kind in Verdict]


def _check(check: CheckResult) -> dict[str, Any]:
    return {
        "check": check.name,
        "outcome": check.outcome.value,
        "entries": int(check.entries),
        "worst": None if check.worst is None else _number(check.worst),
        "allowed": None if check.allowed is None else _number(check.allowed),
        "where": check.where,
        "summary": check.summary,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "row": entry.row,
        "output": int(entry.output),
        "input": int(entry.input),
        "x": _number(entry.x),
        "values": _numbers(entry.values),
        "verdict": entry.verdict.value,
        "analytic": _number(entry.analytic),
        "numeric": _number(entry.numeric),
        "bound": _number(entry.bound),
        "allowed": _number(entry.allowed),
        "slopes": _numbers(entry.slopes),
        "reason": entry.reason,
        "means": entry.means,
        "name": entry.name,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "outcome": finding.outcome.value,
        "code": finding.code,
        "message": finding.message,
        "where": finding.where,
        "values": _numbers(finding.values),
    }


def _diagnosis(diagnosis: Diagnosis) -> dict[str, Any]:
    return {
        "code": diagnosis.code,
        "family": diagnosis.family,
        "sentence": diagnosis.sentence,
        "explained": int(diagnosis.explained),
        "wrong": int(diagnosis.wrong),
        "option": diagnosis.option,
    }


def _sensitivity(sensitivity: Sensitivity) -> dict[str, Any]:
    return {
        "error": None if sensitivity.error is None else _number(sensitivity.error),
        "share": _number(sensitivity.share),
        "floor_share": _number(sensitivity.floor_share),
    }


def _planted(planted: Planted) -> dict[str, Any]:
    return {
        "kind": planted.kind,
        "caught": None if planted.caught is None else _number(planted.caught),
        "missed": None if planted.missed is None else _number(planted.missed),
        "where": planted.where,
        "runs": planted.runs,
    }


def _matrices(matrices: Matrices) -> dict[str, Any]:
    turned = matrices.layout is Layout.IN_OUT
    return {
        "row": matrices.row,
        "x": _numbers(matrices.x),
        "layout": matrices.layout.value,
        "analytic": _rows(matrices.analytic, turned),
        "numeric": _rows(matrices.numeric, turned),
        "error": _rows(matrices.error, turned),
        "allowed": _rows(matrices.allowed, turned),
        "verdicts": _verdicts(matrices.verdicts, turned),
        "structure": list(matrices.structure),
    }


def _rows(matrix: FloatArray, turned: bool) -> list[list[float | str]]:
    return [_numbers(row) for row in (matrix.T if turned else matrix).tolist()]


def _verdicts(verdicts: Sequence[Sequence[Verdict]], turned: bool) -> list[list[str]]:
    lines = zip(*verdicts, strict=True) if turned else verdicts
    return [[verdict.value for verdict in line] for line in lines]


def _numbers(values: Sequence[float]) -> list[float | str]:
    return [_number(value) for value in values]


def _number(value: float) -> float | str:
    value = float(value)
    if math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else f"{value:g}"


def _value(value: Any) -> Any:
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, list | tuple):
        return [_value(item) for item in value]
    # Not its repr: that of an object holds an address, which is another one each time.
    return f"<{type(value).__name__}>"
