"""Lines that went up the ladder, with the verdict on each of their entries."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from actcheck.checks import judge
from actcheck.checks.judge import Seen, code
from actcheck.checks.oracle import Answer
from actcheck.checks.part import Part
from actcheck.checks.tally import PER_ROW, SHOWN
from actcheck.checks.told import Picked
from actcheck.dataclass import dataclass
from actcheck.model import Entry, Verdict
from actcheck.numeric.lines import FloatArray, IndexArray


@dataclass(frozen=True)
class Decided:
    """Lines that went up the ladder, with the verdict on each of their entries; arrays of shape (K, width).

    Parameters
    ----------
    index : ndarray of shape (K,)
        The lines.
    asked : ndarray of bool
        The entries that the cheap pass left open.
    analytic, allowed : ndarray
    seen : Seen
    verdicts, reasons : ndarray of int8
        See `judge.judge`.
    texts : dict of (int, int) to str
        Reasons of single entries in words, which come before `reasons`.
    """

    index: IndexArray
    asked: NDArray[np.bool_]
    analytic: FloatArray
    seen: Seen
    allowed: FloatArray
    verdicts: NDArray[np.int8]
    reasons: NDArray[np.int8]
    texts: dict[tuple[int, int], str]

    def settle(self, line: int, output: int, answer: Answer, allowed: float) -> None:
        """Put what an oracle says of an entry in the place of what differences say."""
        self.verdicts[line, output] = code(answer.verdict)
        self.seen.value[line, output], self.seen.bound[line, output] = answer.value, answer.bound
        self.allowed[line, output] = allowed
        if answer.reason:
            self.texts[line, output] = answer.reason

    @property
    def faults(self) -> set[tuple[int, int]]:
        """The wrong entries, as pairs of line and output."""
        codes = [code(verdict) for verdict in Verdict if verdict.is_fault]
        found = np.argwhere(self.asked & np.isin(self.verdicts, codes))
        return {(int(self.index[line]), int(output)) for line, output in found}

    def pick(self, flat: IndexArray) -> Picked:
        """Pick entries by their places in row-major order."""
        line, output = np.divmod(flat, self.analytic.shape[1])
        seen, analytic = self.seen, self.analytic[line, output]
        value, bound = seen.value[line, output], seen.bound[line, output]
        still = (value == 0) & (analytic == 0) & (seen.low[line, output] == 0) & (seen.high[line, output] == 0)
        return Picked(self.index[line], output, analytic, value, self.allowed[line, output], bound, still)

    def entry(self, part: Part, line: int, output: int, verdict: Verdict) -> Entry:
        """Describe one of the entries."""
        seen = self.seen
        kinky = bool(seen.kinky[line, output])
        reason = judge.REASONS[self.reasons[line, output]] if verdict is Verdict.UNRESOLVED else ""
        return replace(
            part.entry(int(self.index[line]), output, verdict),
            reason=self.texts.get((line, output), reason),
            numeric=float(seen.value[line, output]),
            bound=float(seen.bound[line, output]),
            allowed=float(self.allowed[line, output]),
            slopes=(float(seen.low[line, output]), float(seen.high[line, output])) if kinky else (),
        )


def worth_showing(found: NDArray[np.intp], part: Part, decided: Decided, verdict: Verdict) -> list[tuple[int, int]]:
    """Give those of some entries that a report shows: faults worst first, a few of each row."""
    if not verdict.is_fault or len(found) <= SHOWN:
        return [(int(line), int(output)) for line, output in found[:SHOWN]]
    at = (found[:, 0], found[:, 1])
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        excess = np.abs(decided.analytic[at] - decided.seen.value[at]) / decided.allowed[at]
    found = found[np.argsort(-np.nan_to_num(excess, nan=np.inf, posinf=np.inf), kind="stable")]
    rows = decided.index[found[:, 0]] // part.lines.X.shape[1]
    picked: list[tuple[int, int]] = []
    seen: Counter[int] = Counter()
    for row, (line, output) in zip(rows.tolist(), found.tolist(), strict=True):
        seen[row] += 1
        if seen[row] <= PER_ROW:
            picked.append((line, output))
        if len(picked) == SHOWN:
            break
    return picked
