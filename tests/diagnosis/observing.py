"""Diagnoses of functors as a run would come by them: contract, calibration, gradient check, evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from actcheck.checks import contract, structure
from actcheck.checks.calibration import calibrate
from actcheck.checks.gradient import GradientCheck
from actcheck.diagnosis import Diagnosis, Evidence, diagnose
from actcheck.diagnosis.anew import varied
from actcheck.diagnosis.observe import observe
from actcheck.model import CheckSpec, Layout, Rows
from actcheck.rows import batch

RTOL = 1e-8


def evidence_of(
    functor: Any,
    dim: int = 5,
    seed: int = 0,
    layout: Layout = Layout.OUT_IN,
    parameters: Mapping[str, Any] | None = None,
    make: Callable[[Mapping[str, float]], Any] | None = None,
    name: str = "",
    vary: Callable[[str, float], Any] | None = None,
) -> Evidence | None:
    """Give the evidence on a functor; None where it has no gradient to speak of."""
    spec = CheckSpec("functor", dim=dim, seed=seed, layout=layout)
    reference = batch.reference(spec, dim)
    other = batch.reference(replace(spec, seed=seed + 1), dim).values
    examined = contract.examine(functor, reference.values, other, layout, "float64")
    subject = examined.subject
    if subject is None:
        return None
    if subject.diagonal and structure.examine(subject, [reference], other) is not None:
        subject = replace(subject, spread=True)
    groups = [reference, batch.edge(spec, dim)]
    if subject.diagonal:
        groups.append(batch.sweep(spec, dim))
    calibration = calibrate(subject, reference.values, RTOL, 0.0, seed)
    faults = []
    if examined.judgeable:
        faults = [entry for group in groups for entry in _worst(subject, calibration, group, seed)]
    vary = vary or partial(varied, functor, functor)
    return observe(subject, calibration, [group.values for group in groups], faults, parameters, make, name, vary)


def _worst(subject: Any, calibration: Any, rows: Rows, seed: int) -> list[Any]:
    return GradientCheck(subject, calibration, seed).add(rows).tally.worst


def diagnoses(functor: Any, **settings: Any) -> tuple[Diagnosis, ...]:
    """Diagnose a functor."""
    evidence = evidence_of(functor, **settings)
    return () if evidence is None else diagnose(evidence)


def of_class(kind: Callable[..., Any], **keywords: float) -> tuple[Diagnosis, ...]:
    """Diagnose what a class makes, which can be made anew with other keywords."""

    def make(values: Mapping[str, float]) -> Any:
        return kind(**(keywords | dict(values)))

    return diagnoses(
        kind(**keywords), parameters=keywords, make=partial(make), vary=lambda name, value: make({name: value})
    )
