"""The matrix of mistakes: kind x functor x parameter, each diagnosed as the report of a whole check has it.

Half of it and more was written from a list of mistakes alone (``matrix/listed.py``), before any hypothesis was read.
The table is ``golden/diagnosis_matrix.txt``; `pytest -n 0 --update-golden` writes it. By default every second case of a
kind is looked at, and every exception; all of them with ACTCHECK_FULL_ZOO=1.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from actcheck import diagnosed
from actcheck.activations.catalogue import ENTRIES
from actcheck.diagnosis import diagnose
from actcheck.diagnosis.meter import Meter
from actcheck.model import CheckSpec, Diagnosis, Report
from actcheck.run import check_functor

from .matrix.added import ADDED
from .matrix.expected import EXPECTED, FAILURES, NO_MISTAKE, SAME
from .matrix.kind import Base, Kind, Spoilt, of
from .matrix.listed import LISTED
from .observing import evidence_of


@dataclass(frozen=True)
class Planted:
    """One case of the matrix."""

    kind: str
    base: Base
    spoilt: Spoilt

    @property
    def key(self) -> tuple[str, str, str]:
        return self.kind, str(self.base), self.spoilt.detail

    def report(self) -> Report:
        return check_functor(CheckSpec(str(self.base), dim=self.base.dim), self.spoilt.functor, None)


@dataclass(frozen=True)
class Told:
    """What came of a case."""

    planted: Planted
    first: Diagnosis | None
    failed: bool
    calls: int

    @property
    def right(self) -> bool:
        wanted = (SAME[self.planted.key][0],) if self.planted.key in SAME else EXPECTED[self.planted.kind]
        return self.first is not None and self.first.code in wanted


FULL = os.environ.get("ACTCHECK_FULL_ZOO") == "1"
FEW = 4
"""Of a kind with no more cases than that all are looked at."""

KINDS = {kind.name: kind for kind in (*LISTED, *ADDED)}
TABLE = Path(__file__).parents[1] / "golden" / "diagnosis_matrix.txt"


def planted(kind: Kind) -> list[Planted]:
    return [Planted(kind.name, base, spoilt) for base, spoilt in kind.cases()]


def sampled(kind: Kind) -> list[Planted]:
    """Give every second case of a kind, and those that are exceptions; of the next kind they are of other functors."""
    cases = planted(kind)
    if len(cases) <= FEW:
        return cases
    first = list(KINDS).index(kind.name) % 2
    exceptions = {*SAME, *NO_MISTAKE, *FAILURES}
    return [case for at, case in enumerate(cases) if at % 2 == first or case.key in exceptions]


@contextmanager
def counted() -> Iterator[list[Meter]]:
    meters: list[Meter] = []

    class Seen(Meter):
        def __init__(self, functor: object, most: int) -> None:
            super().__init__(functor, most)
            meters.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diagnosed, "Meter", Seen)
        yield meters


def told_of(case: Planted) -> Told:
    with counted() as meters:
        report = case.report()
    first = report.diagnoses[0] if report.diagnoses else None
    return Told(case, first, not report.passed, sum(meter.calls for meter in meters[:1]))


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_diagnosis_is_right(kind, request):
    """Of every case but those that are listed as failures, where it is said that nothing fits: no guess is told."""
    update = request.config.getoption("--update-golden")
    all_of_them = [told_of(case) for case in (planted if FULL or update else sampled)(KINDS[kind])]
    told = [each for each in all_of_them if each.planted.key not in NO_MISTAKE]
    for each in all_of_them:
        if each.planted.key in NO_MISTAKE:
            assert not each.failed
            assert each.first is None
    assert [each.planted.key for each in told if not each.failed] == [], "every mistake is found"
    wrong = {each.planted.key: each.first for each in told if not each.right}
    assert set(wrong) == {key for key in FAILURES if key[0] == kind}, wrong
    assert {first.code for first in wrong.values() if first} <= {"unexplained"}
    assert max(each.calls for each in told) < diagnosed.MOST_CALLS
    if kind in COMBINED:
        assert all(each.first.explained > 0.9 * each.first.wrong for each in told)
    compare(kind, told, update)


COMBINED = ("negated and doubled", "transposed and scaled", "another's, doubled", "another's, negated")
COMBINED += ("negated off the diagonal and doubled", "negated on one side and tripled", "another parameter, negated")
COMBINED += ("divided by the batch size and negated",)
"""Kinds of two mistakes at once: the answer explains nearly all of what is wrong as well."""


def line(kind: str, told: list[Told]) -> str:
    """Give a line of the table: how many are right of all, the codes that came first, and what failed."""
    codes = Counter(each.first.code if each.first else "none" for each in told)
    counts = f"{sum(each.right for each in told)}/{len(told)}"
    failed = [f"{each.planted.base} {each.planted.spoilt.detail}".strip() for each in told if not each.right]
    failures = f"; FAILED: {', '.join(failed)}" if failed else ""
    return f"{kind:<42} {counts:>7}   {', '.join(f'{code} {n}' for code, n in sorted(codes.items()))}{failures}"


def compare(kind: str, told: list[Told], update: bool) -> None:
    lines = TABLE.read_text("utf-8").splitlines() if TABLE.exists() else []
    text = line(kind, told)
    if update:
        kept = {each[:42]: each for each in lines} | {text[:42]: text}
        order = [f"{name:<42}" for name in KINDS if f"{name:<42}" in kept]
        TABLE.write_text("".join(f"{kept[name]}\n" for name in order), encoding="utf-8")
    elif FULL or len(told) == total_of(kind):
        assert text in lines
    else:
        (golden,) = [each for each in lines if each[:42].rstrip() == kind]
        assert codes_of(text) <= codes_of(golden)


def total_of(kind: str) -> int:
    return len([case for case in planted(KINDS[kind]) if case.key not in NO_MISTAKE])


def codes_of(text: str) -> Counter[str]:
    """Read how often each code came first out of a line of the table."""
    return Counter({code: int(count) for code, count in re.findall(r"([\w-]+) (\d+)", text[51:])})


def test_the_table_is_whole():
    """At least 600 cases, of 30 kinds, on 20 functors, half of them listed beforehand; 95 % right."""
    counts = {}
    for each in TABLE.read_text("utf-8").splitlines():
        right_ones, total = each[42:51].split("/")
        counts[each[:42].rstrip()] = int(right_ones), int(total)
    assert set(counts) == set(KINDS)
    assert len(KINDS) >= 30
    total = sum(total for _, total in counts.values())
    assert total >= 600
    assert sum(total for kind, (_, total) in counts.items() if kind in {each.name for each in LISTED}) >= total / 2
    assert sum(right_ones for right_ones, _ in counts.values()) >= 0.95 * total
    assert len({case.base.name for kind in KINDS.values() for case in planted(kind)}) >= 20


def test_every_exception_is_a_case_of_the_matrix():
    keys = {case.key for kind in KINDS.values() for case in planted(kind)}
    assert {*SAME, *NO_MISTAKE, *FAILURES} <= keys
    assert set(EXPECTED) == set(KINDS)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_nothing_is_said_of_a_right_functor_of_the_catalogue(entry):
    for seed in (0, 1):
        evidence = evidence_of(of(entry.name).make(), dim=6 if not entry.elementwise else 5, seed=seed)
        assert evidence is not None
        assert diagnose(evidence) == ()
