"""``actcheck run``: from the configuration to the exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest
from benchmarks import suite
from gate.stand_ins import check_target

CONFIG = """\
timeout = 20
[[checks]]
target = "passed"
dim = [1, 5]
[[checks]]
target = "failed"
[[checks]]
target = "slow"
[[checks]]
target = "failed-known"
name = "known"
xfail = "the factor 2 is missing"
"""


@pytest.fixture
def project(tmp_path, monkeypatch, run):
    """Give a command line in a folder with a configuration, on checks that compute nothing."""
    monkeypatch.setattr("actcheck.run.check_target", check_target)
    monkeypatch.setattr("actcheck.isolation.POSSIBLE", hasattr(os, "fork"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "actcheck.toml").write_text(CONFIG)
    return lambda *argv: run("run", *argv)


def names(done):
    return [check["name"] for check in json.loads(done.out)["checks"]]


def test_a_line_for_each_on_stderr_and_the_report_on_stdout(project):
    done = project("--jobs", "4")
    assert done.code == 1
    assert [line.split(":")[0].split(" (")[0] for line in done.err.splitlines()] == [
        "ok  passed[dim=1]",
        "ok  passed[dim=5]",
        "failed  failed",
        "ok  slow",
        "expected failure  known",
    ]
    assert done.out.splitlines()[-1] == "FAILED  5 checks: 1 failed, 1 expected failure, 3 ok"


def test_quiet_and_verbose(project):
    quiet = project("--quiet")
    assert (quiet.err, quiet.out) == ("", "FAILED  5 checks: 1 failed, 1 expected failure, 3 ok\n")
    assert project("--verbose").out.count("WRONG  ") + project("--verbose").out.count("OK  passed: ") == 4


def test_the_same_bytes_however_many_run_at_a_time(project):
    texts = {project("--json", "--jobs", str(jobs)).out for jobs in (1, 2, 5)}
    assert len(texts) == 1
    assert json.loads(texts.pop())["exit_code"] == 1


def test_a_hundred_real_checks_give_the_same_bytes_twice_and_however_many_run_at_a_time(tmp_path):
    suite.write(tmp_path)
    first, second = suite.run(tmp_path, 1), suite.run(tmp_path, 2)
    assert first == second
    assert [check["status"] for check in json.loads(first)["checks"]] == ["ok"] * suite.CHECKS


def test_selection(project):
    assert names(project("--json", "--only", "passed", "--only", "slow", "--exclude", "*=5]")) == [
        "passed[dim=1]",
        "slow",
    ]
    assert project("--only", "passed").code == 0


def test_last_failed(project):
    assert "all are run" in project("--last-failed", "--only", "slow").err
    project()
    assert names(project("--last-failed", "--json")) == ["failed"]


def test_fail_fast(project):
    statuses = [check["status"] for check in json.loads(project("--fail-fast", "--json").out)["checks"]]
    assert statuses == ["ok", "ok", "failed", "not run", "not run"]


def test_strict_and_timeout(project, tmp_path):
    (tmp_path / "actcheck.toml").write_text('[[checks]]\ntarget = "warned"\n[[checks]]\ntarget = "hang"\nskip = "x"\n')
    assert project().code == 0
    assert project("--strict").code == 1
    (tmp_path / "actcheck.toml").write_text('[[checks]]\ntarget = "hang"\n')
    start = time.monotonic()
    assert project("--timeout", "0.5").code == 1
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("limit", ["1e10", "1e308"])
def test_a_limit_longer_than_any_system_waits(project, tmp_path, limit):
    assert project("--only", "passed", "--timeout", limit).code == 0
    (tmp_path / "actcheck.toml").write_text(f'timeout = {limit}\n[[checks]]\ntarget = "passed"\n')
    assert project().code == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder that is in use")
def test_a_folder_that_is_gone(project, tmp_path, monkeypatch):
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    (tmp_path / "inner").rmdir()
    done = project()
    assert (done.code, done.out) == (2, "")
    assert "the current folder cannot be told: No such file or directory" in done.err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits")
@pytest.mark.parametrize(("files", "said"), [(8, "no process can be started for a check: Too many open"), (14, "")])
def test_no_more_files(tmp_path, environ, files, said):
    checks = "".join(f'[[checks]]\ntarget = "relu"\nname = "{number}"\n' for number in range(6))
    (tmp_path / "actcheck.toml").write_text(f"edge = false\n{checks}")
    done = subprocess.run(
        ["sh", "-c", f'ulimit -n {files}; exec "$0" -m actcheck run --jobs 6', sys.executable],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 2)
    assert said in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_another_configuration_and_another_folder(project, tmp_path, monkeypatch):
    (tmp_path / "inner").mkdir()
    (tmp_path / "other.toml").write_text('[[checks]]\ntarget = "passed"\nname = "other"\n')
    monkeypatch.chdir(tmp_path / "inner")
    assert len(names(project("--json"))) == 5
    assert names(project("--json", "--config", "../other.toml")) == ["other"]


@pytest.mark.parametrize(
    ("argv", "what"),
    [
        (["--jobs", "0"], "--jobs must be a whole number"),
        (["--timeout", "-1"], "--timeout must be a finite number above 0"),
        (["--color", "red"], "--color must be auto, always or never"),
        (["--only", "pased"], "--only pased matches no check"),
        (["--exclude", "*"], "no check is left"),
        (["--config", "gone.toml"], "there is no such file"),
        (["--nothing"], "No such option"),
    ],
)
def test_what_cannot_be_used(project, argv, what):
    done = project(*argv)
    assert (done.code, done.out) == (2, "")
    assert what in done.err


def test_all_mistakes_at_once(project, tmp_path):
    (tmp_path / "actcheck.toml").write_text('bach = 1\n[[checks]]\nname = "x"\n')
    done = project("--jobs", "x")
    assert done.code == 2
    assert done.err.count("error: ") == 3


def test_no_configuration(project, tmp_path):
    (tmp_path / "actcheck.toml").unlink()
    done = project()
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: there is no configuration")


def test_color(project):
    assert "\x1b[" in project("--color", "always", "--quiet").out
    assert "\x1b[" not in project("--quiet").out


def test_a_bar_on_a_terminal(tmp_path, environ):
    """Under a pseudo-terminal, with colours, times, and no line per check."""
    import pty

    (tmp_path / "actcheck.toml").write_text('[[checks]]\ntarget = "relu"\nrows = [[0, 1]]\n')
    main, side = pty.openpty()
    command = [sys.executable, "-m", "actcheck", "run"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environ | {"TERM": "xterm"}, stdout=side, stderr=side)
    os.close(side)
    text = b""
    while True:
        try:
            piece = os.read(main, 4096)
        except OSError:
            break
        if not piece:
            break
        text += piece
    os.close(main)
    assert process.wait(timeout=60) == 0
    assert b"0/1" in text
    assert b"seconds" in text
    assert b"\x1b[1;32mOK" in text


def test_help_needs_no_numpy_and_json_no_rich(tmp_path, environ):
    (tmp_path / "actcheck.toml").write_text('[[checks]]\ntarget = "relu"\nrows = [[0, 1]]\n')
    code = "import atexit, sys; from actcheck.cli import main; sys.argv = ['actcheck', *sys.argv[1:]]\n"
    code += "atexit.register(lambda: print(*sys.modules, file=sys.stderr)); main()"
    for argv, absent in ((["run", "--help"], "numpy"), (["run", "--jobs=0"], "numpy"), (["run", "--json"], "rich")):
        command = [sys.executable, "-c", code, *argv]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environ, check=False)
        assert absent not in done.stderr.splitlines()[-1].split()


def test_reports(project, tmp_path):
    done = project("--report", "a.json", "--report", "b.xml", "--report", "c.md", "--json")
    assert done.code == 1
    assert (tmp_path / "a.json").read_text() == done.out
    assert (tmp_path / "b.xml").read_text().count("<failure") == 1
    assert (tmp_path / "c.md").read_text().startswith("## actcheck: FAILED\n")


@pytest.mark.parametrize(
    ("path", "what"),
    [("a.txt", "is of no known kind"), ("no/a.md", "there is no folder no"), (".json", "no known kind")],
)
def test_reports_that_cannot_be_written_are_told_before_anything_is_checked(project, path, what):
    done = project("--report", path)
    assert (done.code, done.out) == (2, "")
    assert what in done.err


def test_a_report_that_cannot_be_written_after_all(project, tmp_path):
    (tmp_path / "a.md").mkdir()
    done = project("--report", "a.md", "--report", "b.md", "--only", "passed")
    assert done.code == 2
    assert "a report cannot be written: a.md" in done.err
    assert (tmp_path / "b.md").exists()


def test_without_junitparser(project, monkeypatch):
    monkeypatch.setattr("actcheck.reports.junit.find_spec", lambda name: None)
    done = project("--report", "a.xml")
    assert (done.code, done.out) == (2, "")
    assert "pip install 'actcheck[junit]'" in done.err


def test_github(project, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    done = project()
    assert "::error file=actcheck.toml,line=5,title=actcheck failed%3A failed::" in done.err
    assert (tmp_path / "summary.md").read_text().startswith("## actcheck: FAILED\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    assert project("--only", "passed").code == 2
    (tmp_path / "a.md").mkdir()
    done = project("--report", "a.md")
    assert done.code == 2
    assert "::error file=actcheck.toml,line=5,title=actcheck failed%3A failed::" in done.err
    told = "a report cannot be written: a.md: Is a directory; the job's summary cannot be written: Is a directory"
    assert told in " ".join(done.err.split())
