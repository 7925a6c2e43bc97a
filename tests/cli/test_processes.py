"""Real processes: what is imported, pipes, signals, encodings, colours."""

from __future__ import annotations

import gzip
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

RELU = """
import sys
import numpy as np

class ReLU:
    def __call__(self, X):
        return np.maximum(X, 0.0)

    def gradient(self, X):
        return (X > 0) * 1.0

class Wrong(ReLU):
    def gradient(self, X):
        return np.ones_like(X)

class Listing(ReLU):
    def gradient(self, X):
        print(*sys.modules, file=sys.stderr)
        return super().gradient(X)

class Slow(ReLU):
    def __call__(self, X):
        import os, time
        print("ready", os.getpid(), file=sys.stderr, flush=True)
        time.sleep(60)

class Crash(ReLU):
    def __call__(self, X):
        import os
        os._exit(0)

class ThreeWide(ReLU):
    def __call__(self, X):
        if X.shape[1] != 3:
            raise ValueError(f"three columns are needed, not {X.shape[1]}")
        return super().__call__(X)

class Broken(ReLU):
    def __call__(self, X):
        raise ValueError("never works")

class Loud(ReLU):
    def __call__(self, X):
        print("loud")
        return super().__call__(X)

class BatchNorm:
    def __call__(self, X):
        return (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + 1e-5)

    def gradient(self, X):
        Z, J = self(X), np.zeros((*X.shape, *X.shape))
        for j, size in enumerate(np.sqrt(X.var(axis=0) + 1e-5)):
            J[:, j, :, j] = (np.eye(len(X)) - 1 / len(X) - np.outer(Z[:, j], Z[:, j]) / len(X)) / size
        return J

class WrongNorm(BatchNorm):
    def gradient(self, X):
        return np.broadcast_to(1 / np.sqrt(X.var(axis=0) + 1e-5), X.shape)
"""

LEAVES = """
import os
os._exit(0)
"""


def heed_signals():
    """Undo what `nohup` and a shell's `&` have left ignored: whoever runs the tests may be run by them."""
    for name in ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


@pytest.fixture
def start(tmp_path, environ):
    """Start actcheck in a folder with functors in it."""
    (tmp_path / "mine.py").write_text(RELU)

    def process(*argv, stdin=None, before=None if os.name == "nt" else heed_signals, **changes):
        kwargs = {"cwd": tmp_path, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environ | changes}
        if stdin is not None:
            kwargs["stdin"] = subprocess.PIPE
        running = subprocess.Popen([sys.executable, "-m", "actcheck", *argv], preexec_fn=before, **kwargs)
        if stdin is not None:
            running.stdin.write(stdin)
            running.stdin.close()
            running.stdin = None
        return running

    return process


def finish(process):
    try:
        out, err = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return process.returncode, out.decode(), err.decode()


def ready(process):
    """Wait until a slow target is called, and give its process."""
    word, pid = process.stderr.readline().split()
    assert word == b"ready"
    return int(pid)


def is_gone(pid):
    """Tell whether a process ends soon; one that has ended may wait for the system to reap it."""
    for _ in range(250):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{pid}/stat")
        if status.is_file() and status.read_text().rpartition(") ")[2][:1] == "Z":
            return True
        time.sleep(0.02)
    return False


def imported_by(argv, environ):
    """Name the modules that a command line has imported when it ends."""
    code = "import atexit, sys; from actcheck.cli import main; sys.argv = ['actcheck', *sys.argv[1:]]\n"
    code += "atexit.register(lambda: print(*sys.modules, file=sys.stderr)); main()"
    done = subprocess.run([sys.executable, "-c", code, *argv], capture_output=True, text=True, env=environ, check=False)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("argv", [["--help"], ["verify", "--help"], ["jacobian", "--help"], ["--version"], []])
def test_help_imports_neither_numpy_nor_rich(argv, environ):
    assert imported_by(argv, environ).isdisjoint({"numpy", "rich", "pydantic"})


def test_usage_errors_import_no_numpy(environ):
    assert "numpy" not in imported_by(["verify", "relu", "--batch", "0"], environ)


def test_sensitivity_of_several_targets_is_the_same_each_time(start):
    argv = ["verify", "tanh", "softmax", "--dim", "3", "--no-edge", "--sensitivity", "--json"]
    (code, out, _), again = finish(start(*argv)), finish(start(*argv))
    assert (code, out) == again[:2]
    tanh, softmax = json.loads(out)["targets"]
    sizes = {each["kind"]: each["caught"] for each in softmax["planted"]}
    assert sizes["one entry"] <= 1e-6
    assert "a sign off the diagonal" in sizes
    assert "a sign off the diagonal" not in {each["kind"] for each in tanh["planted"]}


def test_json_needs_no_rich(start, environ):
    """Neither where the target is checked, nor where the report is written."""
    _, _, err = finish(start("verify", "mine:Listing", "--json"))
    modules = set(err.split())
    assert "numpy" in modules
    assert modules.isdisjoint({"rich", "pydantic"})
    assert imported_by(["verify", "relu", "--json"], environ).isdisjoint({"rich", "pydantic"})


def test_a_run_costs_no_pydantic(environ):
    """Typer 0.29 imports it to convert options, which is more than half of the start-up."""
    assert "pydantic" not in imported_by(["verify", "relu", "--batch", "4", "--x=1", "--set", "at_zero=0"], environ)


def test_right_and_wrong(start):
    code, out, err = finish(start("verify", "mine:ReLU"))
    assert (code, err) == (0, "")
    assert out.splitlines()[-1].startswith("OK  mine:ReLU: ")
    code, out, err = finish(start("verify", "mine:Wrong"))
    assert (code, err) == (1, "")
    assert out.splitlines()[-1].startswith("WRONG  mine:Wrong: ")
    assert "\x1b" not in out


def test_several_with_one_that_is_not_there(start):
    code, out, err = finish(start("verify", "mine:ReLU", "mine:Nothing", "relu", "--json"))
    assert code == 2
    assert [target["outcome"] for target in json.loads(out)["targets"]] == ["ok", "ok"]
    assert err.startswith("error: ")


@pytest.mark.parametrize("words", ["verify mine:Wrong --seed 3", "jacobian mine:Wrong --dim 3 --scale 2 --rtol 1e-6"])
def test_the_replay_command_shows_the_fault_again(start, words):
    """It is copied from the report and typed in as it stands."""
    _, out, _ = finish(start(*words.split()))
    (line,) = [line for line in out.splitlines() if line.startswith(" replay")]
    _, program, *again = shlex.split(line)
    assert program == "actcheck"
    code, out, err = finish(start(*again))
    assert (code, err) == (1, "")
    assert "WRONG  mine:Wrong" in out


def test_jacobian(start):
    code, out, err = finish(start("jacobian", "softmax", "--stretch", "2", "--dim", "3"))
    assert (code, err) == (0, "")
    for title in ("analytic", "numeric", "error"):
        assert f"\n {title}\n" in out


def test_a_closed_pipe_ends_quietly(start):
    process = start("verify", "relu", "softmax", "tanh")
    process.stdout.close()
    assert process.wait(timeout=120) == 141
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_disk_is_no_fault_of_ours(environ):
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "actcheck", "verify", "relu"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=environ, check=False)
    assert (done.returncode, done.stderr.decode().count("\n")) == (2, 1)
    assert done.stderr.startswith(b"error: the report cannot be written: ")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_reports_are_written_though_standard_output_cannot_be(tmp_path, environ):
    (tmp_path / "actcheck.toml").write_text('[[checks]]\ntarget = "relu"\nrows = [[0, 1]]\n')
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "actcheck", "run", "--report", "r.json"]
        done = subprocess.run(command, cwd=tmp_path, env=environ, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert json.loads((tmp_path / "r.json").read_text())["exit_code"] == 0


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize(("redirection", "target", "code"), [(">&-", "mine:Wrong", 1), ("2>&-", "mine:Nothing", 2)])
def test_closed_streams_leave_the_code(tmp_path, environ, redirection, target, code):
    (tmp_path / "mine.py").write_text(RELU)
    command = f"{sys.executable} -m actcheck verify {target} {redirection}"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, env=environ, capture_output=True, check=False)
    assert done.returncode == code


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c(start):
    process = start("verify", "mine:Slow")
    child = ready(process)
    process.send_signal(signal.SIGINT)
    code, out, err = finish(process)
    assert (code, out, err) == (130, "", "")
    assert is_gone(child)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals of this kind")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_that_ends_us_ends_the_target(start, tmp_path, number):
    """And the copy of standard input goes with it."""
    (tmp_path / "spool").mkdir()
    process = start("verify", "mine:Slow", "--csv", "-", TMPDIR=str(tmp_path / "spool"), stdin=b"1,2\n")
    child = ready(process)
    assert len(list((tmp_path / "spool").iterdir())) == 1
    process.send_signal(number)
    code, out, err = finish(process)
    assert (code, out, err) == (128 + number, "", "")
    assert is_gone(child)
    assert list((tmp_path / "spool").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals of this kind")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT])
def test_a_signal_that_ends_a_suite_ends_its_workers_and_their_targets(start, tmp_path, number):
    """None of them keeps the pipes open, so that whoever reads them is not kept waiting."""
    quiet = "import os, pathlib, time, mine\n\nclass Quiet(mine.ReLU):\n    def __call__(self, X):\n"
    quiet += "        pathlib.Path(f'{os.getpid()}.pid').touch()\n        time.sleep(60)\n"
    (tmp_path / "quiet.py").write_text(quiet)
    checks = "".join(f'[[checks]]\ntarget = "quiet:Quiet"\nname = "{name}"\n' for name in "abc")
    (tmp_path / "actcheck.toml").write_text(checks)
    process = start("run", "--jobs", "2")
    while len(children := [int(path.stem) for path in tmp_path.glob("*.pid")]) < 2:
        assert process.poll() is None
        time.sleep(0.02)
    began = time.monotonic()
    process.send_signal(number)
    code, out, err = finish(process)
    assert (code, out, err) == (128 + number, "", "")
    assert all(map(is_gone, children))
    assert time.monotonic() - began < 20


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGHUP")
def test_nohup_is_obeyed(start):
    process = start(
        "verify", "mine:Slow", "--timeout", "3", before=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)
    )
    ready(process)
    process.send_signal(signal.SIGHUP)
    code, out, _ = finish(process)
    assert code == 1
    assert "WRONG  mine:Slow" in out


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_at_any_time(start):
    """Whatever it is doing, it ends with 130, or with what it had to say already, and says nothing of its own parts."""
    for delay in (0.6, 0.9, 1.2, 1.5):
        process = start("verify", "relu", "tanh", "softmax", "gelu", "mish", "silu")
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        code, _, err = finish(process)
        # On a busy machine Python itself may not be up yet, and then nothing of ours runs.
        assert code in (0, 130, -signal.SIGINT)
        assert "Traceback" not in err


def test_color_only_if_asked_for_in_a_pipe(start):
    assert "\x1b[" in finish(start("verify", "relu", FORCE_COLOR="1"))[1]
    assert "\x1b[" not in finish(start("verify", "relu", FORCE_COLOR="1", NO_COLOR="1"))[1]


def test_a_stream_that_knows_ascii_only(start):
    code, out, err = finish(start("verify", "mine:Wrong", PYTHONIOENCODING="ascii", PYTHONUTF8="0"))
    assert (code, err) == (1, "")
    assert out.isascii()
    assert "+/-" in out


def words(line):
    return {"_ACTCHECK_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("actcheck ver", ["verify"]),
        ("actcheck verify --stri", ["--strict"]),
        ("actcheck verify leak", ["leaky-relu"]),
        ("actcheck verify relu leak", ["leaky-relu"]),
        ("actcheck layer log-s", ["log-sigmoid", "log-softmax"]),
        ("actcheck show softma", ["softmax"]),
        ("actcheck verify leaky-relu --neg", ["--negative-slope"]),
        ("actcheck show hard-tanh --m", ["--min-val", "--max-val"]),
        ("actcheck verify relu --dtype float1", ["float16"]),
        ("actcheck run --color a", ["auto", "always"]),
        ("actcheck verify mine:Thing --neg", []),
    ],
)
def test_completion(start, line, expected):
    assert finish(start(**words(line)))[1].split() == expected


# ------------------------------------------------------------------------------------------ targets that crash


def test_a_crash_is_reported_and_the_others_are_checked(start):
    code, out, err = finish(start("verify", "mine:ReLU", "mine:Crash", "mine:Wrong", "relu", "--json"))
    assert (code, err) == (1, "")
    targets = json.loads(out)["targets"]
    assert [target["outcome"] for target in targets] == ["ok", "wrong", "wrong", "ok"]
    (finding,) = targets[1]["findings"]
    assert (finding["code"], finding["message"]) == ("crash", "its process ended without a verdict: exit code 0")


def test_a_crash_as_people_read_it(start):
    code, out, _ = finish(start("verify", "mine:Crash"))
    assert code == 1
    verdict = "WRONG  mine:Crash: the contract is broken: its process ended without a verdict: exit code 0"
    assert out.splitlines()[-1] == verdict
    code, out, _ = finish(start("jacobian", "mine:Crash"))
    assert (code, out.splitlines()[-1]) == (1, verdict)


def test_a_limit_for_each_target(start):
    code, out, err = finish(start("verify", "mine:Slow", "mine:ReLU", "--timeout", "4"))
    assert code == 1
    assert err.count("ready") == 1
    told = "WRONG  mine:Slow: the contract is broken: it did not finish within 4 s (--timeout)"
    assert told in out.splitlines()
    assert "OK  mine:ReLU" in out
    assert out.endswith("2 targets: 1 ok, 1 wrong\n")


def test_a_module_that_leaves_is_no_pass(start, tmp_path):
    """Not even where its keywords are asked for first, by the process that gives the exit code."""
    (tmp_path / "leaves.py").write_text(LEAVES)
    code, out, err = finish(start("verify", "leaves:Any", "--stretch", "2"))
    assert (code, err) == (1, "")
    assert "WRONG  leaves:Any: the contract is broken: its process ended without a verdict: exit code 0" in out


# ------------------------------------------------------------------------------------------ rows of a file

TABLE = "a,b\n# measured\n-1.5,2\n\n0.25,-3\n"


def test_findings_name_the_line(start, tmp_path):
    (tmp_path / "rows.csv").write_text("x,y\n" * 1 + "1,2\n" * 15 + "3,-4\n")
    code, out, err = finish(start("verify", "mine:Wrong", "--csv", "rows.csv"))
    assert (code, err) == (1, "")
    assert " line 17  x[1]" in out
    assert "note         rows.csv: 2 columns, delimiter comma, a header" in out
    code, out, _ = finish(start("verify", "mine:Wrong", "--csv", "rows.csv", "--json"))
    (target,) = json.loads(out)["targets"]
    assert [entry["row"] for entry in target["worst"]] == ["line 17"]
    assert target["rows"] == {"line": 16}
    assert target["settings"]["csv"] is True
    assert str(tmp_path) not in out


@pytest.mark.parametrize("words", ["", "--seed 3 --dtype float32 --columns b", "--rtol 1e-6 --strict --columns b,a"])
def test_a_row_of_a_file_is_replayed_as_a_row_typed_in(start, tmp_path, words):
    (tmp_path / "rows.csv").write_text(TABLE)
    _, out, _ = finish(start("verify", "mine:Wrong", "--csv", "rows.csv", *words.split()))
    (line,) = [line for line in out.splitlines() if line.startswith(" replay")]
    _, program, *again = shlex.split(line)
    assert (program, "--csv" in again, "--columns" in again, again.count("--x")) == ("actcheck", False, False, 1)
    (worst,) = [line for line in out.splitlines() if line.startswith(" line ")][:1]
    code, out, _ = finish(start(*again))
    assert code == 1
    (same,) = [line for line in out.splitlines() if line.startswith(" typed 0 ")][:1]
    assert same.split()[2:6] == worst.split()[2:6]


@pytest.mark.parametrize("zipped", [False, True])
def test_standard_input_for_every_target(start, zipped, tmp_path):
    content = gzip.compress(TABLE.encode()) if zipped else TABLE.encode()
    process = start(
        "verify", "mine:ReLU", "mine:Wrong", "tanh", "--csv", "-", "--json", stdin=content, TMPDIR=str(tmp_path)
    )
    code, out, err = finish(process)
    assert (code, err) == (1, "")
    assert [target["rows"] for target in json.loads(out)["targets"]] == [{"line": 2}] * 3
    assert json.loads(out)["targets"][1]["worst"][0]["row"] in ("line 3", "line 5")
    assert [path.name for path in tmp_path.glob("actcheck-*")] == []


def test_the_jacobian_of_standard_input(start):
    code, out, err = finish(start("jacobian", "softmax", "--csv", "-", "--columns", "b,a", stdin=TABLE.encode()))
    assert (code, err) == (0, "")
    assert "line 3" in out
    assert "note         standard input: 2 columns, delimiter comma, a header" in out


@pytest.mark.skipif(not os.path.exists("/bin/bash"), reason="needs bash")
def test_a_substituted_process(tmp_path, environ):
    """It is a pipe with a name, and can be read but once."""
    command = f"{sys.executable} -m actcheck verify relu tanh --csv <(printf '1,2\\n3,4\\n') --json"
    done = subprocess.run(["/bin/bash", "-c", command], cwd=tmp_path, env=environ, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert [target["rows"] for target in json.loads(done.stdout)["targets"]] == [{"line": 2}] * 2


@pytest.mark.parametrize("command", ["verify", "jacobian"])
def test_what_is_wrong_with_a_file(start, tmp_path, command):
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n3,x\n")
    code, out, err = finish(start(command, "relu", "--csv", "rows.csv"))
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "error: line 3, column 2 (b): 'x' is not a number",
        "  where: rows.csv",
        "  fix: Rows must hold finite numbers, 2 cells in every line.",
    ]


def test_a_width_that_the_functor_refuses(start, tmp_path):
    """The file cannot be used with it; a functor that takes no rows at all is at fault itself."""
    (tmp_path / "rows.csv").write_text("1,2\n")
    code, out, err = finish(start("verify", "mine:ThreeWide", "--csv", "rows.csv"))
    assert (code, out) == (2, "")
    reason = "the value raises on a batch of (8, 2): ValueError: three columns are needed, not 2"
    assert err.splitlines()[:3] == [
        f"error: the functor refuses rows of width 2: {reason}",
        "  where: rows.csv",
        "  fix: It takes rows of width 3, for example; --columns chooses among those of the file.",
    ]
    assert err.endswith("ValueError: three columns are needed, not 2\n")
    code, out, err = finish(start("verify", "mine:Broken", "--csv", "rows.csv"))
    assert (code, err) == (1, "")
    assert "WRONG  mine:Broken: the contract is broken" in out


def test_memory_stays_flat(tmp_path, environ):
    """Ten times as many rows; what is compared is the larger of the two processes."""

    def peak(count):
        (tmp_path / "rows.csv").write_text("a,b,c\n" + "0.5,-1.25,2\n" * count)
        command = [sys.executable, "-m", "actcheck", "verify", "relu", "--csv", "rows.csv"]
        process = subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        return usage.ru_maxrss

    assert peak(200_000) < 1.35 * peak(20_000)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize("terminal", ["stdout", "stderr"])
def test_progress_on_a_terminal_only(tmp_path, environ, terminal):
    (tmp_path / "rows.csv").write_text(("0.5," * 63 + "1\n") * 5000)
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "actcheck", "verify", "relu", "--csv", "rows.csv", "--json"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | {terminal: theirs}
    process = subprocess.Popen(command, cwd=tmp_path, env=environ, **streams)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:
        # So Linux says that the other side is closed.
        pass
    os.close(ours)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0
    if terminal == "stdout":
        assert err == b""
        assert json.loads(shown)["outcome"] == "ok"
    else:
        assert json.loads(out)["outcome"] == "ok"
        assert shown == b"\r2,048 of 5,000 rows\r4,096 of 5,000 rows\r5,000 of 5,000 rows\r\x1b[K"


# ------------------------------------------------------------------------------------------ rows that belong together


def test_batch_normalisation(start):
    code, out, err = finish(start("verify", "mine:BatchNorm", "--rows", "coupled", "--batch", "4", "--dim", "2"))
    assert (code, err) == (0, "")
    assert "OK  mine:BatchNorm" in out
    code, out, _ = finish(start("verify", "mine:WrongNorm", "--rows", "coupled", "--batch", "4", "--dim", "2"))
    assert code == 1
    (line,) = [line for line in out.splitlines() if line.startswith(" replay")]
    again = shlex.split(line)[2:]
    assert again.count("--x") == 4
    assert finish(start(*again))[0] == 1


def test_rows_that_are_coupled_suggest_it(start):
    code, out, _ = finish(start("verify", "mine:WrongNorm"))
    assert code == 1
    assert "actcheck verify --rows coupled takes them so" in " ".join(out.split())


# ------------------------------------------------------------------------------------------ odd surroundings


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    ("closed", "target", "code"),
    [
        *(
            (closed, "mine:Loud", 0)
            for closed in ("<&-", ">&-", "2>&-", "<&- >&-", ">&- 2>&-", "<&- 2>&-", "<&- >&- 2>&-")
        ),
        ("<&- >&- 2>&-", "mine:Wrong", 1),
        ("<&- >&- 2>&-", "mine:Nothing", 2),
    ],
)
def test_any_streams_closed(tmp_path, environ, closed, target, code):
    """Our own pipe must not take the number of a stream that is closed: the target would print into it."""
    (tmp_path / "mine.py").write_text(RELU)
    command = f"{sys.executable} -m actcheck verify {target} --batch 2 --dim 2 --no-edge {closed}"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, env=environ, capture_output=True, check=False)
    assert done.returncode == code, done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
@pytest.mark.parametrize(("target", "code"), [("relu", 0), ("reul", 2)])
def test_errors_that_cannot_be_written_leave_the_code(environ, target, code):
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "actcheck", "verify", target, "--batch", "2", "--no-edge"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=full, env=environ, check=False)
    assert done.returncode == code


@pytest.mark.skipif(os.name == "nt", reason="needs file names of any bytes")
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_names_that_cannot_be_written(start, tmp_path, encoding):
    name = b"l\xe9.py".decode("utf-8", "surrogateescape")
    (tmp_path / name).write_text(RELU.replace("Wrong", "Übung"))
    code, out, err = finish(start("verify", f"./{name}:Übung", "--json", PYTHONIOENCODING=f"{encoding}:strict"))
    assert (code, err) == (1, "")
    assert json.loads(out)["targets"][0]["target"] == f"./{name}:Übung"
    process = start("verify", f"./{name}:Übung", PYTHONIOENCODING=f"{encoding}:strict")
    assert process.communicate(timeout=120)[1] == b""
    assert process.returncode == 1


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")
def test_a_folder_that_cannot_be_written_to(start, tmp_path):
    process = start("verify", "mine:ReLU", "--csv", "-", stdin=b"1,2\n", before=lambda: os.chmod(".", 0o555))
    try:
        assert finish(process)[0] == 0
    finally:
        tmp_path.chmod(0o755)
