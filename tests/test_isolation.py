"""Targets that hang, crash or misbehave, each in a process of its own."""

from __future__ import annotations

import importlib
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from actcheck import errors, isolation, run
from actcheck.errors import ActcheckError, ConfigError, DataError, OwnFaultError, TargetError, UsageError
from actcheck.model import CheckSpec, Outcome
from actcheck.reports import machine
from actcheck.targets import failures

pytestmark = pytest.mark.skipif(not isolation.POSSIBLE, reason="this system has no fork")

RIGHT = """
import os, signal, sys, time
import numpy as np

class Right:
    def __call__(self, X):
        return np.tanh(X)

    def gradient(self, X):
        return 1 / np.cosh(X) ** 2
"""

ERRORS = (
    DataError("a row is ragged", where="rows.csv", fix="Mend it."),
    ConfigError("no table"),
    UsageError("--x is empty", fix="Fill it."),
    TargetError("there is no reul", where="reul", fix="Did you mean relu?", trace='  File "x.py", line 1\n'),
    ActcheckError("anything"),
    *(
        getattr(failures, name)("broken", where="m:R", trace="it \udcff raised")
        for name in vars(failures)
        if name[-5:] == "Error"
    ),
)


@pytest.fixture
def target(tmp_path):
    """Write a functor, right but for what its value or its module does besides; its specification."""

    def written(call="", module="", **settings):
        body = "".join(f"        {line}\n" for line in call.splitlines())
        functor = f"class Odd(Right):\n    def __call__(self, X):\n{body}        return super().__call__(X)\n"
        (tmp_path / "odd.py").write_text(f"{RIGHT}\n{module}\n\n{functor}")
        return CheckSpec(f"{tmp_path / 'odd.py'}:Odd", **({"batch": 2, "dim": 2, "edge": False} | settings))

    return written


@pytest.fixture
def stub(monkeypatch):
    """Put a function in the place of the check itself."""
    return lambda function: monkeypatch.setattr("actcheck.run.check_target", function)


@pytest.fixture(autouse=True)
def nothing_left():
    """No test leaves a process, a descriptor or a signal handler behind."""
    before = state()
    yield
    assert state() == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def state():
    descriptors = sorted(os.listdir("/dev/fd")) if os.path.exists("/dev/fd") else []
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
    return len(descriptors), [signal.getsignal(each) for each in numbers], signal.pthread_sigmask(signal.SIG_BLOCK, [])


def message_of(report):
    """Give what a report blames, and nothing else, for a failure."""
    assert report.outcome is Outcome.FAILED
    assert not report.passed
    (finding,) = report.findings
    assert (finding.check, finding.outcome) == ("contract", Outcome.FAILED)
    return finding.code, finding.message


def is_gone(pid, within=5.0):
    """Tell whether a process ends; a zombie of our own would not."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        # Left without parents, it may wait for the system to reap it.
        if Path(f"/proc/{pid}/stat").is_file() and Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] == "Z":
            return True
        time.sleep(0.02)
    return False


# ------------------------------------------------------------------------------------------ what comes through


@pytest.mark.parametrize(
    "spec",
    [
        CheckSpec("relu"),
        CheckSpec("softmax", (("stretch", 2),), command="jacobian", edge=False, dim=3),
        CheckSpec("relu", typed=((0.0, -1.0),), dim=2, strict=True),
        CheckSpec("tanh", command="layer", dim=2, inputs=2, batch=3),
    ],
    ids=lambda spec: spec.command,
)
def test_a_report_is_the_same(spec):
    from actcheck import layer_run

    here = layer_run.check_layer(spec) if spec.command == "layer" else run.check_target(spec)
    assert machine.dump([isolation.check_target(spec)]) == machine.dump([here])


def test_a_wrong_one_is_the_same(target, tmp_path):
    spec = target(module="Right.gradient = lambda self, X: np.ones_like(X)")
    report = isolation.check_target(spec)
    assert report.wrong
    assert machine.dump([report]) == machine.dump([run.check_target(spec)])


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_come_through_unchanged(error, stub):
    def refuse(spec, progress):
        raise error

    stub(refuse)
    with pytest.raises(ActcheckError) as caught:
        isolation.check_target(CheckSpec("relu"))
    told = caught.value
    assert type(told) is type(error)
    assert (told.what, told.where, told.fix, told.trace) == (error.what, error.where, error.fix, error.trace)
    assert (str(told), told.kind, told.exit_code) == (str(error), error.kind, 2)


def test_there_is_an_error_of_each_kind():
    kinds = {each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, ActcheckError)}
    assert kinds - {OwnFaultError} <= {type(error) for error in ERRORS}


def test_a_fault_of_our_own(stub):
    def fail(spec, progress):
        raise ZeroDivisionError("by nought")

    stub(fail)
    with pytest.raises(OwnFaultError) as caught:
        isolation.check_target(CheckSpec("relu"))
    assert caught.value.exit_code == 3
    assert caught.value.what == "actcheck itself has failed: ZeroDivisionError: by nought"
    assert caught.value.trace.startswith("Traceback (most recent call last):")
    assert "in fail\n" in caught.value.trace


def test_too_little_memory_is_none(stub):
    stub(lambda spec, progress: np.empty(1 << 56))
    with pytest.raises(ActcheckError) as caught:
        isolation.check_target(CheckSpec("relu"))
    assert caught.value.exit_code == 2
    assert caught.value.what.startswith("there is not enough memory: Unable to allocate")


def test_what_cannot_be_sent_is_a_fault_of_our_own(stub):
    stub(lambda spec, progress: lambda: None)
    with pytest.raises(OwnFaultError, match=r"PicklingError|AttributeError|TypeError"):
        isolation.check_target(CheckSpec("relu"))


def test_what_cannot_be_read_is_a_fault_of_our_own(stub):
    stub(lambda spec, progress: Unreadable())
    with pytest.raises(OwnFaultError, match="ImportError: not here"):
        isolation.check_target(CheckSpec("relu"))


class Unreadable:
    def __reduce__(self):
        return refuse_import, ()


def refuse_import():
    raise ImportError("not here")


def test_a_report_larger_than_the_pipe(stub):
    big = np.arange(1 << 20, dtype=np.float64)
    stub(lambda spec, progress: big)
    np.testing.assert_array_equal(isolation.check_target(CheckSpec("relu")), big)


def test_progress_comes_through_in_order(stub):
    def check(spec, progress):
        for done in range(2000):
            progress(done, 2000)
        return "done"

    stub(check)
    seen = []
    assert isolation.check_target(CheckSpec("relu"), progress=lambda *step: seen.append(step)) == "done"
    assert seen == [(done, 2000) for done in range(2000)]


def test_nobody_asks_for_progress(stub):
    stub(lambda spec, progress: progress is None)
    assert isolation.check_target(CheckSpec("relu"))


def test_keywords(target):
    spec = target(module="Right.__init__ = lambda self, stretch=1.0, *, at_zero=0: None")
    assert isolation.keywords(spec.target) == ("stretch", "at_zero")
    assert isolation.keywords("softmax") == ("stretch",)
    with pytest.raises(TargetError, match="there is no activation `reul`"):
        isolation.keywords("reul")


def test_the_parent_stays_as_it_was(target, tmp_path):
    spec = target("os.chdir('/'); os.environ['ODD'] = '1'; sys.path.clear(); np.tanh = None")
    path, folder = list(sys.path), os.getcwd()
    isolation.check_target(spec)
    assert (sys.path, os.getcwd(), os.environ.get("ODD")) == (path, folder, None)
    assert np.tanh(0.0) == 0.0


# ------------------------------------------------------------------------------------------ targets that end


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("os._exit(0)", "exit code 0"),
        ("os._exit(7)", "exit code 7"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "killed by signal 9 (SIGKILL)"),
        ("os.kill(os.getpid(), signal.SIGTERM)", "killed by signal 15 (SIGTERM)"),
        ("signal.signal(11, signal.SIG_DFL); os.kill(os.getpid(), 11)", "killed by signal 11 (SIGSEGV)"),
        pytest.param(
            "os.kill(os.getpid(), signal.SIGRTMIN + 3)",
            f"killed by signal {getattr(signal, 'SIGRTMIN', 0) + 3}",
            marks=pytest.mark.skipif(not hasattr(signal, "SIGRTMIN"), reason="needs real-time signals"),
        ),
    ],
)
@pytest.mark.parametrize("place", ["call", "module"])
def test_a_process_that_ends(call, message, place, target):
    spec = target(**{place: call})
    code, told = message_of(isolation.check_target(spec))
    assert (code, told) == ("crash", f"its process ended without a verdict: {message}")


def test_a_target_that_cuts_us_off(target):
    """As daemons do, it closes all that is open, our pipe with it."""
    told = message_of(isolation.check_target(target("os.closerange(3, 256)")))
    assert told == ("crash", "its process ended without a verdict: exit code 1")


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("raise KeyboardInterrupt", "KeyboardInterrupt()"),
        ("raise GeneratorExit('x')", "GeneratorExit('x')"),
        ("raise type('Stop', (BaseException,), {})(3)", "Stop(3)"),
    ],
)
def test_an_exception_that_ends_programs(call, told, target):
    report = isolation.check_target(target(call))
    assert message_of(report) == ("crash", f"it tried to end the process: {told}")
    assert "odd.py" in report.findings[0].trace
    assert "isolation.py" not in report.findings[0].trace


def test_sys_exit_in_a_call_is_an_exception_of_the_value(target):
    code, told = message_of(isolation.check_target(target("sys.exit(0)")))
    assert code == "raises"
    assert told.endswith("RuntimeError: it called sys.exit(0)")


def test_sys_exit_elsewhere(stub):
    def leave(spec, progress):
        sys.exit(0)

    stub(leave)
    assert message_of(isolation.check_target(CheckSpec("relu"))) == (
        "crash",
        "it tried to end the process: SystemExit(0)",
    )


def test_loading_for_keywords_may_end_it_too(target):
    with pytest.raises(TargetError) as caught:
        isolation.keywords(target(module="os._exit(0)").target)
    assert caught.value.what == "its process ended without a verdict: exit code 0"


# ------------------------------------------------------------------------------------------ targets that hang


@pytest.mark.parametrize(
    "call",
    [
        "time.sleep(600)",
        "while True: pass",
        "while True:\n    try: time.sleep(600)\n    except BaseException: pass",
        "[signal.signal(each, signal.SIG_IGN) for each in (2, 15)]; time.sleep(600)",
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32)); time.sleep(600)",
    ],
)
def test_a_target_that_hangs(call, target):
    started = time.monotonic()
    report = isolation.check_target(target(call), timeout=1.5)
    assert message_of(report) == ("timeout", "it did not finish within 1.5 s (--timeout)")
    assert 1.4 < time.monotonic() - started < 30


def test_a_module_that_hangs(target):
    spec = target(module="time.sleep(600)")
    assert message_of(isolation.check_target(spec, timeout=0.3))[0] == "timeout"
    with pytest.raises(TargetError, match=r"it did not finish within 0\.3 s"):
        isolation.keywords(spec.target, timeout=0.3)


def test_progress_is_no_excuse(stub):
    def check(spec, progress):
        while True:
            progress(1, 2)

    stub(check)
    assert message_of(isolation.check_target(CheckSpec("relu"), 0.5, lambda done, total: None))[0] == "timeout"


@pytest.mark.parametrize("timeout", [1e-9, 1e300, 600.0, None])
def test_limits_of_any_size(timeout, stub):
    stub(lambda spec, progress: time.sleep(0.2) or "done")
    result = isolation.check_target(CheckSpec("relu"), timeout)
    assert (result == "done") == (timeout != 1e-9)


# ------------------------------------------------------------------------------------------ what a target starts


def test_a_target_that_forks_and_runs_on_in_both(target, tmp_path):
    """Both go on with the check, and only one of them may answer."""
    spec = target(
        f"if not hasattr(self, 'forked'):\n    self.forked = True\n    os.fork()\n"
        f"    open({str(tmp_path / 'pids')!r}, 'a').write(f'{{os.getpid()}} ')"
    )
    report = isolation.check_target(spec)
    assert report.outcome is Outcome.PASSED
    assert machine.dump([report]) == machine.dump([isolation.check_target(target())])
    assert all(is_gone(int(pid)) for pid in (tmp_path / "pids").read_text().split())


@pytest.mark.parametrize(
    ("then", "code"),
    [("", None), ("os._exit(3)", "crash"), ("time.sleep(600)", "timeout")],
    ids=["ok", "crash", "hang"],
)
def test_what_it_has_started_ends_with_it(then, code, target, tmp_path):
    """And does not keep us waiting, though it holds all that the target had open."""
    pids = tmp_path / "pids"
    call = f"if not os.path.exists({str(pids)!r}):\n    if os.fork() == 0:\n        time.sleep(600)\n"
    call = call.replace("        time", f"        open({str(pids)!r}, 'w').write(str(os.getpid()))\n        time")
    wait = f"while not (os.path.exists({str(pids)!r}) and os.path.getsize({str(pids)!r})): time.sleep(0.01)\n"
    started = time.monotonic()
    report = isolation.check_target(target(call + wait + then), timeout=8.0 if code != "timeout" else 3.0)
    if code is None:
        assert report.outcome is Outcome.PASSED
    else:
        assert message_of(report)[0] == code
    assert time.monotonic() - started < 7
    assert is_gone(int(pids.read_text()))


def test_workers_of_a_pool_end_with_it(target, tmp_path):
    """The process ends without the farewell that multiprocessing counts on."""
    pids = str(tmp_path / "pids")
    call = (
        "if not hasattr(type(self), 'pool'):\n    import multiprocessing\n"
        "    type(self).pool = multiprocessing.get_context('fork').Pool(2)\n"
        f"    open({pids!r}, 'w').write(' '.join(str(each.pid) for each in type(self).pool._pool))"
    )
    report = isolation.check_target(target(call), timeout=60)
    assert report.outcome is Outcome.PASSED, report.findings
    assert all(is_gone(int(pid)) for pid in Path(pids).read_text().split())


def test_threads_of_the_target_do_not_hold_it_up(target):
    module = "import threading\nthreading.Thread(target=time.sleep, args=(600,)).start()"
    assert isolation.check_target(target(module=module), timeout=60).outcome is Outcome.PASSED


# ------------------------------------------------------------------------------------------ streams


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_megabytes_of_noise(stream, target, capfd):
    report = isolation.check_target(target(f"print('x' * 1_000_000, file=sys.{stream})"))
    assert report.outcome is Outcome.PASSED
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("x") >= 3_000_000


@pytest.mark.parametrize(
    "call",
    [
        "sys.stdout.close()",
        "sys.stderr.close()",
        "os.close(1); os.close(2)",
        "os.close(0); os.close(1)",
        "sys.stdout = sys.stderr = sys.stdin = None",
        "sys.stdin.close()",
    ],
)
def test_streams_that_are_closed(call, target, capfd):
    call = f"if not hasattr(type(self), 'done'):\n    type(self).done = True\n    {call}"
    assert isolation.check_target(target(call)).outcome is Outcome.PASSED
    print("still here")
    assert capfd.readouterr().out == "still here\n"


def test_what_is_not_written_yet_is_written_once(target, capfd):
    sys.stdout.write("before ")
    isolation.check_target(target("print('noise')"))
    print("after")
    assert capfd.readouterr().out == "before after\n"


# ------------------------------------------------------------------------------------------ this process


def test_threads_of_ours_lock_nothing(target):
    """Whatever lock a thread holds at the fork, the child gets by without it."""
    stop = threading.Event()

    def busy():
        while not stop.is_set():
            importlib.import_module("colorsys")
            logging.getLogger("actcheck.tests").debug("not shown")
            # Too small for threads of the BLAS, which some builds stop at a fork, in whatever they are.
            np.ones((4, 4)) @ np.ones((4, 4))

    threads = [threading.Thread(target=busy) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        spec = target()
        outcomes = {isolation.check_target(spec, timeout=60).outcome for _ in range(10)}
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert outcomes == {Outcome.PASSED}


def test_from_a_thread(target):
    """Handlers of signals are for the main thread; all else works in any."""
    results = []
    spec = target()
    thread = threading.Thread(target=lambda: results.append(isolation.check_target(spec, timeout=60)))
    thread.start()
    thread.join()
    assert results[0].outcome is Outcome.PASSED


def test_an_interrupt_ends_the_child(stub, tmp_path):
    """Ctrl-C goes to this process alone, since the child has a session of its own."""
    pid = tmp_path / "pid"

    def check(spec, progress):
        pid.write_text(str(os.getpid()))
        progress(1, 2)
        time.sleep(600)

    def interrupt(done, total):
        # What the signal's handler would do, at a known moment; real signals are sent to real processes elsewhere.
        raise KeyboardInterrupt

    stub(check)
    with pytest.raises(KeyboardInterrupt):
        isolation.check_target(CheckSpec("relu"), progress=interrupt)
    assert is_gone(int(pid.read_text()))


def test_no_process_to_be_had(monkeypatch):
    def refuse():
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("os.fork", refuse)
    with pytest.raises(ActcheckError) as caught:
        isolation.check_target(CheckSpec("relu"))
    assert caught.value.what == "no process can be started for the target: Resource temporarily unavailable"
    assert caught.value.exit_code == 2


class TestWithoutFork:
    """On a system that has none, all is done in this process."""

    @pytest.fixture(autouse=True)
    def without(self, monkeypatch):
        monkeypatch.setattr(isolation, "POSSIBLE", False)

    def test_a_check(self, target):
        assert isolation.check_target(target()).outcome is Outcome.PASSED
        assert isolation.keywords("softmax") == ("stretch",)

    def test_progress(self, stub):
        stub(lambda spec, progress: progress(1, 2))
        seen = []
        isolation.check_target(CheckSpec("relu"), progress=lambda *step: seen.append(step))
        assert seen == [(1, 2)]

    def test_a_limit_cannot_be_kept(self):
        with pytest.raises(UsageError) as caught:
            isolation.check_target(CheckSpec("relu"), timeout=1.0)
        assert caught.value.where == "--timeout"

    def test_errors(self, stub):
        def fail(spec, progress):
            raise RAISED[0]

        stub(fail)
        RAISED[:] = [DataError("ragged")]
        with pytest.raises(DataError):
            isolation.check_target(CheckSpec("relu"))
        RAISED[:] = [ZeroDivisionError()]
        with pytest.raises(OwnFaultError):
            isolation.check_target(CheckSpec("relu"))
        RAISED[:] = [SystemExit(0)]
        assert message_of(isolation.check_target(CheckSpec("relu")))[0] == "crash"
        RAISED[:] = [KeyboardInterrupt()]
        with pytest.raises(KeyboardInterrupt):
            isolation.check_target(CheckSpec("relu"))


RAISED: list[BaseException] = []
