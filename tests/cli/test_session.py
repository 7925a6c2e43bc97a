"""Exit codes, and what goes to which stream."""

from __future__ import annotations

import json

import pytest

from actcheck.errors import DataError, TargetError
from actcheck.model import Outcome


@pytest.mark.parametrize(
    ("outcome", "code", "strict_code"),
    [
        (Outcome.PASSED, 0, 0),
        (Outcome.WARNED, 0, 1),
        (Outcome.UNRESOLVED, 0, 1),
        (Outcome.FAILED, 1, 1),
        (Outcome.NOT_RUN, 2, 2),
    ],
)
def test_exit_codes_of_outcomes(run, checks, outcome, code, strict_code):
    checks.results["relu"] = outcome
    assert run("verify", "relu").code == code
    assert run("verify", "relu", "--strict").code == strict_code
    assert run("jacobian", "relu").code == code


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ({}, 0),
        ({"relu": Outcome.FAILED}, 1),
        ({"relu": TargetError("x")}, 2),
        ({"relu": DataError("x")}, 2),
        ({"relu": ZeroDivisionError()}, 3),
        ({"relu": Outcome.FAILED, "tanh": TargetError("x")}, 2),
        ({"relu": TargetError("x"), "tanh": Outcome.FAILED}, 2),
        ({"relu": ZeroDivisionError(), "tanh": TargetError("x"), "open": Outcome.FAILED}, 3),
        ({"relu": Outcome.FAILED, "tanh": TargetError("x"), "open": ZeroDivisionError()}, 3),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_the_worst_of_several_decides(run, checks, results, code, form):
    checks.results |= results
    assert run("verify", "relu", "tanh", "open", *form).code == code
    assert [spec.target for spec in checks.specs] == ["relu", "tanh", "open"]


def test_reports_in_order_with_a_summary(run, checks):
    checks.results |= {"softmax": TargetError("there is no softmax", fix="Look."), "tanh": Outcome.FAILED}
    done = run("verify", "relu", "softmax", "tanh")
    verdicts = [line for line in done.out.splitlines() if line.startswith(("OK", "WRONG"))]
    assert verdicts == ["OK  relu: all 40 entries agree", "WRONG  tanh: a check failed"]
    assert done.out.endswith("\n\n3 targets: 1 ok, 1 wrong, 1 could not be checked\n")
    assert done.err == "error: there is no softmax\n  fix: Look.\n"


def test_one_target_needs_no_summary(run):
    assert "target" not in run("verify", "relu").out


def test_json_is_one_document_and_nothing_else(run, checks):
    checks.results |= {"softmax": TargetError("there is no softmax"), "tanh": Outcome.FAILED}
    done = run("verify", "relu", "softmax", "tanh", "--json")
    whole = json.loads(done.out)
    assert [target["target"] for target in whole["targets"]] == ["relu", "tanh"]
    assert whole["errors"] == [{"target": "softmax", "kind": "target", "message": "there is no softmax"}]
    assert whole["outcome"] == "error"


def test_json_has_the_same_bytes_each_time(run):
    assert run("verify", "relu", "--json").out == run("verify", "relu", "--json").out


def test_usage_errors_leave_stdout_empty(run):
    assert run("verify", "relu", "--batch", "0", "--json").out == ""


def test_a_fault_of_our_own_says_so(run, checks):
    checks.results["relu"] = ZeroDivisionError("by nought")
    done = run("verify", "relu")
    assert done.code == 3
    assert done.out == ""
    first, second, *trace = done.err.splitlines()
    assert first == "error: actcheck itself has failed: ZeroDivisionError: by nought"
    assert "please report this" in second
    assert "Traceback (most recent call last):" in trace
    assert trace[-1] == "ZeroDivisionError: by nought"


def test_a_fault_outside_the_checks_says_so_as_well(run, monkeypatch):
    monkeypatch.setattr("actcheck.reports.table.render", lambda report, look: 1 / 0)
    done = run("verify", "relu")
    assert done.code == 3
    assert "actcheck itself has failed" in done.err


def test_a_target_cannot_end_the_process(run, checks):
    """Its sys.exit(0) would be our own exit code; it is at fault, as one that crashes."""
    checks.results["relu"] = SystemExit(0)
    done = run("verify", "relu", "tanh")
    assert (done.code, done.err) == (1, "")
    assert "WRONG  relu: the contract is broken: it tried to end the process: SystemExit(0)" in done.out
    assert "OK  tanh" in done.out


def test_ctrl_c(run, checks):
    checks.results["relu"] = KeyboardInterrupt()
    done = run("verify", "relu", "tanh")
    assert (done.code, done.out, len(checks.specs)) == (130, "", 1)


def test_a_closed_pipe_ends_quietly(run, monkeypatch, tmp_path):
    class Closed:
        encoding = "utf-8"

        def isatty(self):
            return False

        def write(self, text):
            raise BrokenPipeError

        def flush(self):
            raise BrokenPipeError

        def fileno(self):
            return descriptor.fileno()

    with open(tmp_path / "out", "w") as descriptor:
        monkeypatch.setattr("sys.stdout", Closed())
        done = run("verify", "relu", "tanh")
    assert (done.code, done.err) == (141, "")


def test_without_a_stdout_the_code_still_tells(run, checks, monkeypatch):
    checks.results["relu"] = Outcome.FAILED
    monkeypatch.setattr("sys.stdout", None)
    assert run("verify", "relu", "tanh").code == 1


@pytest.mark.parametrize("argv", [[], ["--help"], ["verify", "--help"], ["jacobian", "-h"], ["--version"]])
def test_help_and_version(run, argv):
    done = run(*argv)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(("Usage: actcheck", "actcheck "))


def test_an_unknown_command_suggests_one(run):
    done = run("verfy", "relu")
    assert (done.code, done.out) == (2, "")
    assert "Did you mean 'verify'?" in done.err
