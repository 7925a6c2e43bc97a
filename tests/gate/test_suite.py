"""A suite of checks in processes: whatever becomes of one, the others go on, and the order is the configuration's."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from actcheck.gate import suite
from actcheck.gate.pool import Pool
from actcheck.model import Status

from .stand_ins import case, check_target


@pytest.fixture(autouse=True)
def stand_in(monkeypatch):
    monkeypatch.setattr("actcheck.run.check_target", check_target)


def statuses(results):
    return [(result.case.name, result.status) for result in results]


def test_each_is_what_it_is(tmp_path):
    cases = [
        case("slow"),
        case("failed"),
        case("hang", timeout=0.5),
        case("crash"),
        case("gone"),
        case("raise"),
        case("not_run"),
        case("passed", "skipped", skip="for now"),
        case("failed", "expected", xfail="known"),
        case("passed", "surprise", xfail="known"),
        case("warned"),
        case("warned", "strictly", strict=True),
    ]
    results = suite.run(cases, tmp_path, 3)
    assert statuses(results) == [
        ("slow", Status.PASSED),
        ("failed", Status.FAILED),
        ("hang", Status.FAILED),
        ("crash", Status.FAILED),
        ("gone", Status.UNUSABLE),
        ("raise", Status.FAULT),
        ("not_run", Status.UNUSABLE),
        ("skipped", Status.SKIPPED),
        ("expected", Status.EXPECTED),
        ("surprise", Status.SURPRISED),
        ("warned", Status.PASSED),
        ("strictly", Status.FAILED),
    ]
    assert [result.exit_code for result in results] == [0, 1, 1, 1, 2, 3, 2, 0, 0, 0, 0, 1]
    assert results[2].report.findings[0].code == "timeout"
    assert results[3].report.findings[0].code == "crash"
    assert results[4].failure.fix == "Name another."
    assert "RuntimeError: a fault" in results[5].failure.trace
    assert results[0].seconds > 0.4


def test_the_first_failure_ends_one_that_was_done_at_the_same_moment(tmp_path, monkeypatch):
    ready = Pool._ready

    def later(self):
        time.sleep(0.5)
        return ready(self)

    monkeypatch.setattr(Pool, "_ready", later)
    results = suite.run([case("failed"), case("failed-2")], tmp_path, 2, fail_fast=True)
    assert statuses(results) == [("failed", Status.FAILED), ("failed-2", Status.LEFT)]


@pytest.mark.parametrize("size", [1, 2, 8])
def test_fail_fast_means_the_first_in_the_configuration(tmp_path, size):
    cases = [
        case("slow"),
        case("passed"),
        case("slow-2"),
        case("failed"),
        case("failed-2"),
        case("hang"),
        case("slow-3"),
    ]
    cases.append(case("passed", "skipped", skip="x"))
    results = suite.run(cases, tmp_path, size, fail_fast=True)
    passed, left = Status.PASSED, Status.LEFT
    assert [result.status for result in results] == [passed] * 3 + [Status.FAILED] + [left] * 3 + [Status.SKIPPED]


def test_they_run_at_a_time(tmp_path):
    start = time.monotonic()
    suite.run([case(f"slow-{number}") for number in range(8)], tmp_path, 8)
    assert time.monotonic() - start < 3


def test_an_observer_hears_of_each(tmp_path):
    heard = []

    class Observer:
        def started(self, case):
            heard.append(("started", case.name))

        def finished(self, result):
            heard.append(("finished", result.case.name))

    suite.run([case("slow"), case("passed"), case("x", skip="y")], tmp_path, 2, observer=Observer())
    assert heard == [
        ("finished", "x"),
        ("started", "slow"),
        ("started", "passed"),
        ("finished", "passed"),
        ("finished", "slow"),
    ]


def test_checks_run_in_the_folder_of_the_configuration(tmp_path, monkeypatch):
    import os

    def where(spec, progress=None):
        (tmp_path / "here").write_text(os.getcwd())
        return check_target(spec)

    monkeypatch.setattr("actcheck.run.check_target", where)
    suite.run([case("passed")], tmp_path, 1)
    assert (tmp_path / "here").read_text() == str(tmp_path)


def test_an_interrupted_suite_leaves_nobody_behind(tmp_path, monkeypatch):
    import os

    def hangs(spec, progress=None):
        (tmp_path / f"{os.getpid()}").touch()
        time.sleep(60)

    monkeypatch.setattr("actcheck.run.check_target", hangs)

    class Observer:
        def started(self, case):
            if case.name == "last":
                while len(list(tmp_path.iterdir())) < 2:
                    time.sleep(0.01)
                raise KeyboardInterrupt

        def finished(self, result):
            pass

    with pytest.raises(KeyboardInterrupt):
        suite.run([case("a"), case("b"), case("last")], tmp_path, 3, observer=Observer())
    for path in tmp_path.iterdir():
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.name), 0)


def test_a_target_that_kills_its_worker_has_crashed_and_is_ended(tmp_path, monkeypatch):
    """It has the worker's pipe open, and would be taken for one that hangs."""
    import os
    import signal

    def kills(spec, progress=None):
        (tmp_path / f"{os.getpid()}").touch()
        time.sleep(0.2)
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)

    monkeypatch.setattr("actcheck.run.check_target", kills)
    start = time.monotonic()
    (result,) = suite.run([case("a", timeout=30.0)], tmp_path, 1)
    assert time.monotonic() - start < 10
    assert (result.status, result.failure.kind) == (Status.FAILED, "crash")
    (path,) = tmp_path.iterdir()
    for _ in range(250):
        try:
            os.kill(int(path.name), 0)
        except ProcessLookupError:
            return
        if Path("/proc", path.name, "stat").read_text().rpartition(") ")[2][:1] == "Z":
            return
        time.sleep(0.02)
    pytest.fail("it is still there")


def test_without_fork_one_after_the_other(tmp_path, monkeypatch):
    monkeypatch.setattr("actcheck.isolation.POSSIBLE", False)
    results = suite.run([case("passed"), case("failed"), case("passed-2")], tmp_path, 2, fail_fast=True)
    assert [result.status for result in results] == [Status.PASSED, Status.FAILED, Status.LEFT]


def test_cores():
    assert suite.cores() >= 1


def test_a_layer(tmp_path, monkeypatch):
    """The real thing: it has a baseline, too."""
    from actcheck.gate.record import Record
    from actcheck.model import Case, CheckSpec, SuiteResult
    from actcheck.reports import suite as reports

    monkeypatch.undo()
    spec = CheckSpec("relu", command="layer", inputs=3, dim=2, edge=False)
    fresh: dict[str, Record] = {}
    (result,) = suite.run([Case("layer", spec, 30.0)], tmp_path, 1, fresh=fresh)
    assert result.status is Status.PASSED
    assert fresh["layer"].share < 0.1
    assert len(fresh["layer"].rows[0].x) == 2
    (again,) = suite.run([Case("layer", spec, 30.0)], tmp_path, 1, records=fresh)
    assert again.status is Status.PASSED
    assert "dL/dW" in reports.report_text(again.report)
    assert "dL/dW" in reports.dump(SuiteResult((again,)))
