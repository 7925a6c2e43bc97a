"""The verdict on a proof in words."""

from __future__ import annotations

from actcheck.model import Outcome, Report
from actcheck.proof_model import Proof
from actcheck.reports.words import count, exact, upper


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
    if found.left:
        widest = max(stretch.high - stretch.low for stretch in found.left)
        return f"{count(len(found.left), 'piece')} of at most {upper(widest)}{where}; the rest is proved"
    bends = len({(bend.path, bend.low) for bend in found.bends})
    but = f" but for {count(bends, 'kink or jump', 'kinks and jumps')}" if bends else ""
    return f"for real arithmetic{where}{but}; for float64 see actcheck accuracy {report.spec.target}"


def is_single(found: Proof) -> bool:
    """Tell whether there is one path, that of an element-wise functor."""
    return [path.name for path in found.paths] == ["x"]
