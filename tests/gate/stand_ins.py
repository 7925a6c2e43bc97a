"""Checks that compute nothing: what their target is called is what becomes of them."""

from __future__ import annotations

import os
import time

from actcheck.errors import TargetError
from actcheck.model import Case, CheckResult, CheckSpec, Claim, Finding, Outcome, Report, Verdict

BY_NAME = {each.name.lower(): each for each in Outcome}


def check_target(spec: CheckSpec, progress=None) -> Report:
    """Stand in for `actcheck.run.check_target`."""
    kind = spec.target.partition("-")[0]
    if kind == "hang":
        time.sleep(60)
    if kind == "crash":
        os._exit(3)
    if kind == "raise":
        raise RuntimeError("a fault")
    if kind == "gone":
        raise TargetError("there is no such target", where=spec.target, fix="Name another.")
    if kind == "slow":
        time.sleep(0.5)
        kind = "passed"
    return report(spec, BY_NAME[kind])


def report(spec: CheckSpec, outcome: Outcome = Outcome.PASSED) -> Report:
    findings = ()
    if outcome is Outcome.FAILED:
        findings = (Finding("contract", outcome, "input-changed", "it changes its input", "random 2"),)
    return Report(
        spec=spec,
        name=spec.target,
        claim=Claim.DIAGONAL,
        rows={"random": spec.batch},
        inputs=5,
        outputs=5,
        rtol=1e-8,
        checks=(CheckResult("contract", outcome, 9, "ok"),),
        findings=findings,
        counts={Verdict.AGREE: 40},
        outcome=outcome,
    )


def case(target: str, name: str = "", **changes) -> Case:
    spec = CheckSpec(target, strict=changes.pop("strict", False))
    return Case(name or target, spec, **({"timeout": 20.0} | changes))
