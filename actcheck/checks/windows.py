"""The second look at entries that were called wrong or kinks, before anybody is told.

It can confirm what the ladder said or take it back; it never calls an entry wrong that was not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from actcheck.checks import judge
from actcheck.checks.judge import Seen, code
from actcheck.checks.tolerance import Tolerance
from actcheck.dataclass import dataclass
from actcheck.model import Verdict
from actcheck.numeric import windows
from actcheck.numeric.lines import FloatArray, IndexArray, Lines
from actcheck.splitmix import bits

_AT_A_TIME = 64
_TOGETHER = 8
_ENTRIES = 1 << 14
_CONFIRMED = 256

# Steps of more than this share of the function are meant; smaller ones may be those of a type.
_MEANT = 2.0**-10
_LAST_BITS = 2.0**-44
_MOSTLY = 0.5

_GLANCE = (8, 14, 34)
"""Windows far apart: two that are wide enough to exclude a slope, one in which a step is as wide as the window."""

# Kinks whose slopes differ by less than this share of the row's largest slope may be rounding.
_SLIGHT = 0.01
_NOISIER = 2.0


@dataclass(frozen=True)
class Suspects:
    """Entries that were decided on the ladder, as arrays of shape (K, width), and what was said of them.

    Parameters
    ----------
    index : ndarray of shape (K,)
        The lines.
    analytic, allowed, row_slope : ndarray
    seen : Seen
    verdicts, reasons : ndarray of int8
        See `judge.judge`; changed in place.
    """

    index: IndexArray
    analytic: FloatArray
    allowed: FloatArray
    row_slope: FloatArray
    seen: Seen
    verdicts: NDArray[np.int8]
    reasons: NDArray[np.int8]

    def doubtful(self, asked: NDArray[np.bool_]) -> IndexArray:
        """Give the entries to look at again, as pairs of line and output."""
        wrong = (self.verdicts == code(Verdict.WRONG)) | (self.verdicts == code(Verdict.KINK_REFUSED))
        slight = self.seen.high - self.seen.low <= _SLIGHT * self.row_slope
        kink = (self.verdicts == code(Verdict.KINK_ACCEPTED)) & slight & self.seen.kinky
        found: IndexArray = np.argwhere(asked & (wrong | kink) & np.isfinite(self.analytic))
        return found


def look_again(
    lines: Lines, suspects: Suspects, asked: NDArray[np.bool_], usual: float, tolerance: Tolerance
) -> NDArray[np.bool_]:
    """Look again at what is wrong or a slight kink, and take back, in place, what does not show.

    Where enough faults have been confirmed, the others are left as they are; where there are too many to look at each
    and none is confirmed, they are unresolved.

    Parameters
    ----------
    lines : Lines
    suspects : Suspects
    asked : ndarray of shape (K, width)
    usual : float
        The usual |f|.
    tolerance : Tolerance

    Returns
    -------
    ndarray of bool of shape (K, width)
        The entries whose verdict was taken back.
    """
    before = suspects.verdicts.copy()
    confirmed = looked = 0
    grain = None
    doubtful = suspects.doubtful(asked)
    line = suspects.index[doubtful[:, 0]]
    for batch in _batches(doubtful, line // lines.X.shape[1] if lines.diagonal else line):
        if confirmed >= _CONFIRMED:
            break
        if looked >= _ENTRIES and not confirmed:
            _set(suspects, batch, Verdict.UNRESOLVED, judge.COSTLY)
            continue
        plain = _plainly_wrong(lines, suspects, batch)
        confirmed += int(np.count_nonzero(plain))
        batch = batch[~plain]
        if not len(batch):
            continue
        seen = windows.look(lines, suspects.index[batch[:, 0]], batch[:, 1])
        grain = _grain(seen, usual) if grain is None else grain
        confirmed += _decide(suspects, batch, seen, usual, grain, tolerance)
        looked += len(batch)
    back: NDArray[np.bool_] = suspects.verdicts != before
    return back


def _plainly_wrong(lines: Lines, suspects: Suspects, part: IndexArray) -> NDArray[np.bool_]:
    """Tell entries that need no more than a glance: the function is smooth there, and has the ladder's slope."""
    at = (part[:, 0], part[:, 1])
    glance = windows.look(lines, suspects.index[part[:, 0]], part[:, 1], _GLANCE)
    wrong = (suspects.verdicts[at] == code(Verdict.WRONG)) & ~suspects.seen.kinky[at]
    with np.errstate(invalid="ignore"):
        same = np.abs(glance.slope - suspects.seen.value[at]) <= glance.bound + suspects.seen.bound[at]
        off = np.abs(glance.slope - suspects.analytic[at]) > glance.bound + suspects.allowed[at]
    flat = (glance.slope == 0) & (glance.residual == 0)
    # The last bits of float64 are no steps.
    stepped = glance.stepped & (glance.riser > _LAST_BITS * glance.size)
    smooth = np.all(~stepped & ~flat & same, axis=0)
    plain: NDArray[np.bool_] = wrong & smooth & np.all((glance.curved & off)[:2], axis=0)
    return plain


def _grain(seen: windows.Windows, usual: float) -> float:
    """Give the usual height of a step in proportion to the function, if most places show steps; else 0.

    Where a function with steps is flat none of them are near, but it has been rounded there as well.
    """
    stairs, riser = _stairs(seen, usual)
    if np.mean(stairs) <= _MOSTLY:
        return 0.0
    return float(np.median(riser[stairs] / _nearby(seen, usual)[stairs]))


def _stairs(seen: windows.Windows, usual: float) -> tuple[NDArray[np.bool_], FloatArray]:
    """Tell staircases that rounding makes, and give the height of steps."""
    riser = _narrowest(seen.riser, seen.stepped)
    return seen.stepped.any(axis=0) & (riser <= _MEANT * _nearby(seen, usual)), riser


def _nearby(seen: windows.Windows, usual: float) -> FloatArray:
    """Give the size of terms that what is small here may be left of."""
    size: FloatArray = np.fmax(np.fmax.reduce(seen.size, axis=0), usual)
    return size


def _batches(entries: IndexArray, strand: IndexArray) -> list[IndexArray]:
    """Split entries, in an order that mixes them, into batches.

    Up to `_TOGETHER` of a strand come together, since they are evaluated together: outputs of one line, or inputs of
    one row where all of them move at once.
    """
    mixed = np.argsort(bits(0, 0, len(entries)))
    order = mixed[np.argsort(strand[mixed], kind="stable")]
    place = np.arange(len(entries))
    begins = np.append(True, np.diff(strand[order]) != 0)[: len(entries)]
    rank = place - np.maximum.accumulate(np.where(begins, place, 0))
    group = np.cumsum(rank % _TOGETHER == 0) - 1
    turn = bits(0, 1, int(group[-1]) + 1 if group.size else 0)
    spread = order[np.argsort(turn[group], kind="stable")]
    return [entries[spread[at : at + _AT_A_TIME]] for at in range(0, len(entries), _AT_A_TIME)]


def _decide(
    suspects: Suspects, part: IndexArray, seen: windows.Windows, usual: float, grain: float, tolerance: Tolerance
) -> int:
    """Decide entries anew, and give how many of them are wrong for certain."""
    at = (part[:, 0], part[:, 1])
    analytic, allowed, ladder = suspects.analytic[at], suspects.allowed[at], suspects.seen
    value, bound = ladder.value[at], ladder.bound[at]
    stairs, riser = _stairs(seen, usual)
    stepped = seen.stepped.any(axis=0)
    if grain:
        flat = ~stepped & (seen.noise == 0)
        seen = seen.rounded(np.where(flat, grain * _nearby(seen, usual), 0.0))
        stairs, stepped = stairs | flat, stepped | flat
    with np.errstate(invalid="ignore"):
        # The last bits of float64 are no steps that anybody stands on.
        level = seen.stepped.any(axis=0) & (riser > _LAST_BITS * _nearby(seen, usual))
        level &= np.abs(analytic - _narrowest(seen.tread, seen.stepped)) <= allowed
        excluded = seen.excludes(analytic, allowed, seen.trusted(stairs))
        misled = seen.contradicts(value, bound + allowed) | (seen.noise > _NOISIER * ladder.noise[at])
        near = np.abs(analytic - value) <= bound + allowed + seen.lost
    wrong = suspects.verdicts[at] == code(Verdict.WRONG)
    accepted = suspects.verdicts[at] == code(Verdict.KINK_ACCEPTED)
    known = seen.known
    blunt = known & wrong & ~stairs & (misled & ~excluded | near)
    # A kink that shows along other directions only is none of this line's.
    smooth = known & ~wrong & ladder.kinky[at] & ~seen.creased
    hidden = known & (level | stairs & ~excluded)
    # Where no window at all shows a curve, nothing speaks for the ladder's slope either.
    lost = wrong & ~ladder.kinky[at] & ~seen.creased & ~seen.curved.any(axis=0)
    far = known & (seen.unresolved | lost)
    agrees = judge.agrees(suspects.analytic, ladder, suspects.allowed, tolerance.telling)[at]
    _set(suspects, part[blunt | smooth], Verdict.UNRESOLVED, judge.BLUNT)
    _set(suspects, part[smooth & ~accepted & excluded], Verdict.WRONG, "")
    _set(suspects, part[smooth & agrees], Verdict.AGREE, "")
    _set(suspects, part[hidden], Verdict.UNRESOLVED, judge.STAIRS)
    _set(suspects, part[far], Verdict.UNRESOLVED, judge.FAR)
    return int(np.count_nonzero(~accepted & ~blunt & ~hidden & ~far & (~smooth | excluded)))


def _set(suspects: Suspects, part: IndexArray, verdict: Verdict, reason: str) -> None:
    suspects.verdicts[part[:, 0], part[:, 1]] = code(verdict)
    suspects.reasons[part[:, 0], part[:, 1]] = judge.REASONS.index(reason)


def _narrowest(values: FloatArray, stepped: NDArray[np.bool_]) -> FloatArray:
    """Give what the narrowest staircase says."""
    last = len(stepped) - 1 - np.argmax(stepped[::-1], axis=0)
    picked: FloatArray = np.take_along_axis(values, last[None], 0)[0]
    return picked
