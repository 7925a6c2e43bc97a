"""Running totals."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.checks.tally import PER_ROW, SHOWN, TELLING, Tally
from actcheck.model import Entry, Verdict

RTOL = 1e-8


def entry(verdict=Verdict.WRONG, off=1.0, allowed=1e-8, row="random 0", x=0.0):
    return Entry(row, 0, 0, x, (x,), verdict, 1.0 + off, 1.0, 1e-12, allowed)


def test_nothing_yet():
    tally = Tally()
    assert (tally.entries, tally.asked, tally.wrong, tally.sensitivity) == (0, 0, 0, None)


def test_counts():
    tally = Tally()
    for verdict in Verdict:
        tally.counts[verdict] += 2
    assert tally.entries == 2 * len(Verdict)
    assert tally.asked == tally.entries - 4
    assert tally.wrong == 4


def test_the_worst_come_first_and_few_of_each_row():
    tally = Tally()
    for off in (1e-3, 5.0, np.nan, 1e-6, 2.0):
        for row in range(4):
            tally.keep(entry(off=off, row=f"random {row}"))
    kept = [abs(each.analytic - each.numeric) for each in tally.worst]
    assert np.isnan(kept[0])
    assert sorted(kept[4:], reverse=True) == pytest.approx(kept[4:])
    for row in range(4):
        assert sum(each.row == f"random {row}" for each in tally.worst) <= PER_ROW
    assert len(tally.worst) <= SHOWN


def test_an_error_is_measured_by_what_was_allowed():
    tally = Tally()
    tally.keep(entry(off=1.0, allowed=10.0, row="random 0"))
    tally.keep(entry(off=1e-3, allowed=1e-9, row="random 1"))
    assert [each.row for each in tally.worst] == ["random 1", "random 0"]


def test_the_first_few_of_the_others_are_kept():
    tally = Tally()
    kept = (Verdict.UNRESOLVED, Verdict.KINK_ACCEPTED, Verdict.JUMP, Verdict.INFINITE_SLOPE, Verdict.AGREE)
    for verdict in kept:
        for _ in range(2 * SHOWN):
            tally.keep(entry(verdict))
    assert len(tally.unresolved) == len(tally.kinks) == SHOWN
    assert not tally.worst


def test_an_agreeing_entry_is_never_further_off_than_allowed():
    """Differences that are blunt are allowed for as well: the line that says ok has to show it."""
    tally = Tally()
    tally.nearest(2410.0, 77.5, "sweep 921, x[4]", 3000.0)
    assert (tally.error, tally.allowed) == (2410.0, 3077.5)
    tally.nearest(9.9, 10.0, "random 0, x[0]", 3000.0)
    assert (tally.error, tally.allowed, tally.where) == (9.9, 10.0, "random 0, x[0]")


def test_the_agreeing_entry_nearest_to_its_tolerance():
    tally = Tally()
    tally.nearest(1e-12, 1e-8, "random 0, x[0]")
    tally.nearest(1e-10, 1e-8, "random 3, x[1]")
    tally.nearest(1e-9, 1.0, "random 5, x[1]")
    assert (tally.error, tally.allowed, tally.where) == (1e-10, 1e-8, "random 3, x[1]")


def test_what_a_pass_is_worth():
    tally = Tally()
    tally.weigh(np.array([1e-8, 1e-7]), 0, RTOL)
    tally.weigh(np.array([2 * TELLING, 0.5]), 1, RTOL)
    assert tally.sensitivity.error == 1e-7
    assert tally.sensitivity.share == 0.5
    assert tally.sensitivity.floor_share == 0.25
    tally.weigh(np.array([np.nan, np.inf]), 0, RTOL)
    assert tally.sensitivity.share == pytest.approx(1 / 3)


def test_nothing_that_tells():
    tally = Tally()
    tally.weigh(np.array([1.0, np.inf]), 2, RTOL)
    assert tally.sensitivity.error is None
    assert tally.sensitivity.share == 0


def test_what_was_not_asked_for_is_not_too_small_to_tell():
    tally = Tally()
    tally.weigh(np.array([1e-2, 0.3]), 0, 1e-2)
    assert tally.sensitivity.error == 1e-2
    assert tally.sensitivity.share == 0.5


def filled(seed):
    tally = Tally()
    for k in range(seed, seed + 9):
        tally.counts[tuple(Verdict)[k % len(Verdict)]] += k
        tally.keep(entry(off=10.0**-k, row=f"random {k % 4}"))
        tally.keep(entry(Verdict.KINK_ACCEPTED, row=f"random {k}"))
        tally.nearest(10.0**-k, 1e-3, f"random {k}")
        tally.weigh(np.array([10.0**-k, 1.0]), 1, RTOL)
    tally.chosen.add(float(seed))
    return tally


def test_joining_is_as_if_it_had_been_one():
    one, other = filled(0), filled(3)
    joined = one.join(other)
    assert joined.counts == one.counts + other.counts
    assert joined.worst[0].analytic == max(one.worst[0].analytic, other.worst[0].analytic)
    assert len(joined.kinks) == SHOWN
    assert (joined.error, joined.where) == (one.error, one.where)
    assert joined.chosen == {0.0, 3.0}
    assert joined.sensitivity.error == max(one.sensitivity.error, other.sensitivity.error)
    assert joined.sensitivity.share == pytest.approx((one.sensitivity.share + other.sensitivity.share) / 2)
    back = other.join(one)
    assert (back.error, back.where, back.counts, back.sensitivity) == (
        joined.error, joined.where, joined.counts, joined.sensitivity
    )  # fmt: skip


def test_joining_with_nothing():
    joined = Tally().join(filled(0))
    assert joined.counts == filled(0).counts
    assert joined.sensitivity == filled(0).sensitivity


@pytest.mark.parametrize(
    ("off", "bound", "allowed", "asked", "error"),
    [
        (3e-9, 1e-9, 1e-8, 1e-8, 2e-9),
        (1e-13, 2e-13, 1e-8, 1e-8, 0.0),
        (5e-14, 0.0, 1e-13, 1e-14, 0.0),
        (9e-9, 1e-9, 1e-8, 8e-9, 6e-9),
        (1e-4, 1e-9, 1e-8, 1e-8, 0.0),
        (np.nan, 0.0, 1e-8, 1e-8, 0.0),
        (0.0, np.inf, 0.0, 0.0, 0.0),
    ],
    ids=[
        "its own",
        "of the differences",
        "rounding",
        "rounding in part",
        "agrees by another estimate",
        "nan",
        "nothing asked",
    ],
)
def test_what_an_entry_takes_of_its_tolerance_for_sure(off, bound, allowed, asked, error):
    tally = Tally()
    tally.exceed(*(np.array([each]) for each in (off, bound, allowed, asked)))
    assert tally.excess.error == pytest.approx(error)
    assert tally.excess.allowed == (allowed if error else 0.0)
    assert tally.join(Tally()).excess == Tally().join(tally).excess == tally.excess
