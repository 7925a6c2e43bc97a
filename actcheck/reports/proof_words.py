"""The verdict on a proof in words."""

from __future__ import annotations

from actcheck.model import Outcome, Report
from actcheck.proof_model import Proof
from actcheck.reports.words import count, exact, upper

_DIGITS = 3


def word(report: Report) -> str:
    """Give the verdict in a word."""
    words = {Outcome.PASSED: "PROVED", Outcome.WARNED: "PROVED", Outcome.UNRESOLVED: "LEFT OVER"}
    return words.get(report.outcome, "REFUTED")


def reason(report: Report) -> str:
    """Give what the verdict means; empty where something else is at fault."""
    found = report.proof
    if found is None:
        return ""
    box = f"[{exact(found.low)}, {exact(found.high)}]"
    lines = f" along {count(len(found.paths), 'line')} through {box}^{report.inputs}"
    where = f" on {box}" if is_single(found) else lines
    if report.outcome is Outcome.FAILED and found.refuted:
        first = found.refuted[0]
        place = f"x = {exact(first.at)}" if is_single(found) else f"t = {exact(first.at)} of {first.path},"
        return f"wrong at {place}{where}"
    if report.outcome is Outcome.FAILED:
        return ""
    # Of the largest derivative seen: where that is huge, so is what a proof lets pass elsewhere.
    within = bound(max((path.allowed for path in found.paths), default=0.0))
    if found.left:
        widest = max(stretch.high - stretch.low for stretch in found.left)
        pieces = f"{count(len(found.left), 'piece')} of at most {upper(widest)}"
        return f"{pieces}{where}; the rest is proved to within {within}"
    bends = len({(bend.path, bend.low) for bend in found.bends})
    but = f" but for {count(bends, 'kink or jump', 'kinks and jumps')}" if bends else ""
    return (
        f"to within {within}, for real arithmetic{where}{but}; for float64 see actcheck accuracy {report.spec.target}"
    )


def bound(value: float) -> str:
    """Write an error bound or its allowance: both are rounded up alike, so that one that is met is seen to be."""
    return upper(value, _DIGITS)


def is_single(found: Proof) -> bool:
    """Tell whether there is one path, that of an element-wise functor."""
    return [path.name for path in found.paths] == ["x"]
