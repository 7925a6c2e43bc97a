"""From what the checks give today to the next baseline: what has not changed stays as it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from actcheck.dataclass import dataclass
from actcheck.gate.baseline import Records
from actcheck.gate.record import Record
from actcheck.model import RULE_VERSION, Case, CaseResult, Status

REFUSED = (Status.FAILED, Status.UNUSABLE, Status.FAULT)
"""How a check may not have ended: what is not right is no standard."""


@dataclass(frozen=True)
class Accepted:
    """The next baseline, and what is another in it.

    Parameters
    ----------
    records : mapping of str to Record
    new, changed, gone : tuple of str
        Names of checks.
    same : int
        How many stay as they are.
    """

    records: Records
    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    same: int


def accept(
    cases: Sequence[Case],
    results: Sequence[CaseResult],
    old: Records | None,
    fresh: Mapping[str, Record],
    is_meant: Callable[[str], bool] = lambda name: True,
) -> Accepted:
    """Give the next baseline.

    Parameters
    ----------
    cases : sequence of Case
        All of the configuration.
    results : sequence of CaseResult
        Of those that were checked; none that `REFUSED` names.
    old : mapping of str to Record, or None
        The baseline of yesterday.
    fresh : mapping of str to Record
        What there is today of the checks that pass.
    is_meant : callable
        Tells of a name whether the command is about it: what stands for any other in the baseline is left.
    """
    before = old or {}
    drifted = {result.case.name for result in results if result.status is Status.DRIFTED}
    named = {case.name for case in cases if not case.xfail}
    kept = {name: record for name, record in before.items() if name in named or not is_meant(name)}
    records = dict(kept)
    for name, record in fresh.items():
        if name not in kept or name in drifted or kept[name].rule != RULE_VERSION:
            records[name] = record
    changed = sorted(name for name in kept if records[name] != before[name])
    return Accepted(
        records=records,
        new=tuple(sorted(set(records) - set(before))),
        changed=tuple(changed),
        gone=tuple(sorted(set(before) - set(records))),
        same=len(kept) - len(changed),
    )
