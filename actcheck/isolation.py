"""Work on a target in a process of its own: one that hangs, or kills its process, takes nothing else along.

The child leads a session, and with it a process group, of its own: whatever the target has started goes with it.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import selectors
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from actcheck.errors import ActcheckError, OwnFaultError, TargetError, UsageError
from actcheck.model import CheckResult, CheckSpec, Finding, Outcome, Reading, Report

Progress = Callable[[int, int], None]

Born = Callable[[int], None]
"""Is told the number of the process that works on a target: it leads a group of that number."""

AS_NAMED = Reading()

LIMIT = "--timeout"
"""What sets the time limit, where nothing else is said."""

POSSIBLE = hasattr(os, "fork")
"""Whether this system can do it."""

_READ = 1 << 16
_LOOK = 0.2
_HEAD = 8
_ENDED = "its process ended without a verdict"


def check_target(
    spec: CheckSpec,
    timeout: float | None = None,
    progress: Progress | None = None,
    born: Born | None = None,
    limited_by: str = LIMIT,
) -> Report:
    """Check a target as `actcheck.run.check_target` does, in a process of its own where the system has `fork`.

    Parameters
    ----------
    spec : CheckSpec
    timeout : float or None
        Seconds after which the target counts as hanging; None for no limit.
    progress : callable, optional
        Is told how many rows of how many are done.
    born : callable, optional
        Is told the number of the process.
    limited_by : str
        What to call the time limit.

    Returns
    -------
    Report
        Also of a target that hangs or kills its process: it has failed.

    Raises
    ------
    ActcheckError
        As `actcheck.run.check_target`; `OwnFaultError` for a fault of actcheck's own; `UsageError` for a time limit
        where the system cannot keep it.
    """
    try:
        report: Report = _apart(
            lambda tell: _check(spec, tell if progress else None), timeout, progress, born, limited_by
        )
    except TargetEndedError as ended:
        return failed(spec, ended)
    return report


def keywords(target: str, timeout: float | None = None, reading: Reading = AS_NAMED) -> tuple[str, ...] | None:
    """Say which keywords a target takes, as `actcheck.targets.keywords` does, in a process of its own.

    Raises
    ------
    TargetError
        If it cannot be loaded, hangs or kills its process.
    """
    try:
        names: tuple[str, ...] | None = _apart(lambda _: _keywords(target, reading), timeout, None)
    except TargetEndedError as ended:
        raise TargetError(ended.what, where=target) from ended
    return names


def stream(job: Job, limits: Callable[[int], float | None]) -> Iterator[tuple[Any, Any]]:
    """Give the pairs that a job tells of, one after the other as they come, from a process of its own.

    Parameters
    ----------
    job : callable
        Gets a callable to tell a pair of values with.
    limits : callable
        Gives the seconds that the next pair may take, from how many there were; None for no limit.

    Raises
    ------
    ActcheckError
        As the job does; `TargetEndedError` if it hangs, or its process ends.
    """
    if not POSSIBLE:
        told: list[tuple[Any, Any]] = []
        done(lambda: job(lambda first, second: told.append((first, second))))
        yield from told
        return
    _flush()
    with _Child(job) as child:
        yield from child.told(limits)


class TargetEndedError(Exception):
    """The target hangs, or has ended its process or tried to; `code` and `trace` are those of a `Finding`."""

    def __init__(self, code: str, what: str, trace: str = "") -> None:
        super().__init__(code, what, trace)
        self.code = code
        self.what = what
        self.trace = trace


def _check(spec: CheckSpec, progress: Progress | None) -> Report:
    if spec.command == "layer":
        from actcheck import layer_run

        return layer_run.check_layer(spec)
    if spec.command in ("prove", "accuracy"):
        from actcheck import exact_run

        return exact_run.check_proof(spec) if spec.command == "prove" else exact_run.check_accuracy(spec)
    from actcheck import run

    return run.check_target(spec, progress)


def _keywords(target: str, reading: Reading) -> tuple[str, ...] | None:
    from actcheck import targets

    return targets.keywords(target, reading)


def failed(spec: CheckSpec, ended: TargetEndedError) -> Report:
    """Give the report of a target that hangs or kills its process: it has failed."""
    finding = Finding("contract", Outcome.FAILED, ended.code, ended.what, trace=ended.trace)
    return Report(
        spec=spec,
        name=spec.target,
        claim=None,
        rows={},
        outputs=None,
        rtol=spec.rtol or 0.0,
        checks=(CheckResult("contract", Outcome.FAILED, 0, "1 broken"),),
        findings=(finding,),
        counts={},
        outcome=Outcome.FAILED,
    )


# ------------------------------------------------------------------------------------------ this process

Job = Callable[[Callable[[Any, Any], None]], Any]
"""Work to do, which tells how far it is, or what it has done so far."""


def _apart(
    job: Job, timeout: float | None, progress: Progress | None, born: Born | None = None, limited_by: str = LIMIT
) -> Any:
    """Give what a job gives, or raise what it raises."""
    if timeout is not None and not POSSIBLE:
        raise UsageError("this system cannot end a target that hangs", where=LIMIT, fix="Leave it out.")
    tell = progress or (lambda done, total: None)
    if not POSSIBLE:
        return done(lambda: job(tell))
    _flush()
    with _Child(job, limited_by) as child:
        if born is not None:
            born(child.pid)
        kind, content = child.listen(timeout, tell)
    if kind == "result":
        return content
    raise content


def _flush() -> None:
    """Write what is not written yet: else the child would have it, and perhaps write it as well."""
    for stream in (sys.stdout, sys.stderr):
        # A stream may be closed or None.
        with contextlib.suppress(AttributeError, OSError, ValueError):
            stream.flush()


def done(work: Callable[[], Any]) -> Any:
    """Do some work in this process, and sort out what it raises.

    Raises
    ------
    ActcheckError
        As the work does; `OwnFaultError` for what nobody expected.
    TargetEndedError
        If it tries to end the process.
    """
    try:
        return work()
    except (ActcheckError, KeyboardInterrupt):
        raise
    except MemoryError as error:
        # Where the functor itself raises it, the contract has caught it.
        raise ActcheckError(f"there is not enough memory: {error}", fix="Check fewer, or shorter, rows.") from error
    except Exception as error:
        raise _own_fault(error) from error
    except BaseException as error:
        raise leaving(error) from error


def _own_fault(error: BaseException) -> OwnFaultError:
    trace = "".join(traceback.format_exception(error))
    return OwnFaultError(f"{type(error).__name__}: {error}", trace)


def leaving(error: BaseException) -> TargetEndedError:
    """Give the error for an exception that ends a program, such as SystemExit; none of ours is one."""
    from actcheck.targets import cut_traceback

    return TargetEndedError("crash", f"it tried to end the process: {error!r}", cut_traceback(error))


class _Child:
    """A process that does a job and sends what comes of it; none of it is left when the context ends."""

    def __init__(self, job: Job, limited_by: str = LIMIT) -> None:
        self._job = job
        self._limited_by = limited_by
        self._status: int | None = None
        self._data = bytearray()

    def __enter__(self) -> _Child:
        try:
            self._read, write = _pipe()
        except OSError as error:
            raise _unstarted(error) from error
        # Until the context's body runs, Ctrl-C would leave the child behind: `listen` lets it through again.
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, parting())
        try:
            self._pid = _fork()
        except OSError as error:
            os.close(self._read)
            os.close(write)
            signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
            raise _unstarted(error) from error
        if self._pid == 0:
            signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
            os.close(self._read)
            _work(self._job, write)
        os.close(write)
        return self

    def __exit__(self, *exception: object) -> None:
        os.close(self._read)
        self._end(signal.SIGKILL if self._status is None else signal.SIGTERM)

    @property
    def pid(self) -> int:
        """Its number, and that of its group."""
        return self._pid

    def listen(self, timeout: float | None, tell: Progress) -> tuple[str, Any]:
        """Give the child's last message, or what became of the child if it has none."""
        until = None if timeout is None else time.monotonic() + timeout
        with parting_signals_raise():
            signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
            for kind, content in self._messages(until):
                if kind != "progress":
                    self._wait()
                    return kind, content
                tell(*content)
        return "error", self._ended_without(timeout)

    def told(self, limits: Callable[[int], float | None]) -> Iterator[tuple[Any, Any]]:
        """Give what the child tells, each within a time limit of its own."""
        count = 0
        with parting_signals_raise():
            signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
            while True:
                limit = limits(count)
                until = None if limit is None else time.monotonic() + limit
                message = next(self._messages(until), None)
                if message is None:
                    raise self._ended_without(limit)
                kind, content = message
                if kind != "progress":
                    self._wait()
                    if kind == "result":
                        return
                    raise content
                count += 1
                yield content

    def _ended_without(self, limit: float | None) -> TargetEndedError:
        if self._status is None:
            return TargetEndedError("timeout", f"it did not finish within {limit:g} s ({self._limited_by})")
        return TargetEndedError("crash", f"{_ENDED}: {_how(self._status)}")

    def _messages(self, until: float | None) -> Iterator[tuple[str, Any]]:
        """Give messages until the child has ended or the time is up."""
        data = self._data
        yield from _unpacked(data)
        # Unlike others it takes no file of its own, of which there may be none left.
        with getattr(selectors, "PollSelector", selectors.SelectSelector)() as selector:
            selector.register(self._read, selectors.EVENT_READ)
            while True:
                # The pipe stays open as long as any process has it that the target has started.
                over = self._ended()
                left = _LOOK if until is None else min(_LOOK, until - time.monotonic())
                if left <= 0 and not over:
                    return
                if selector.select(0 if over else left):
                    piece = os.read(self._read, _READ)
                    if not piece:
                        self._wait()
                        return
                    data += piece
                    yield from _unpacked(data)
                elif over:
                    return

    def _ended(self) -> bool:
        if self._status is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            self._status = status if pid else None
        return self._status is not None

    def _wait(self) -> None:
        if self._status is None:
            _, self._status = os.waitpid(self._pid, 0)

    def _end(self, number: signal.Signals) -> None:
        """Send a signal to the child's group, whose leader it becomes first of all, and to the child itself."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, number)
        if self._status is None:
            os.kill(self._pid, number)
            self._wait()


@contextmanager
def parting_signals_raise() -> Iterator[None]:
    """Leave by an exception where a signal would end this process at once, and leave the child behind."""
    ours = threading.current_thread() is threading.main_thread()
    taken = [number for number in parting() if ours and signal.getsignal(number) is signal.SIG_DFL]

    def leave(number: int, _: object) -> NoReturn:
        raise SystemExit(128 + number)

    try:
        for number in taken:
            signal.signal(number, leave)
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def parting() -> tuple[signal.Signals, ...]:
    """Name the signals that end a program and that a program may refuse; only Ctrl-C's raises already."""
    return (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


def _pipe() -> tuple[int, int]:
    """Give the ends of a pipe, not by the numbers of standard streams, which may be closed: a target writes to them."""
    import fcntl

    low, ends = os.pipe(), []
    try:
        for end in low:
            ends.append(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 3))
    except OSError:
        for end in ends:
            os.close(end)
        raise
    finally:
        for end in low:
            os.close(end)
    return ends[0], ends[1]


def _unstarted(error: OSError) -> ActcheckError:
    return ActcheckError(f"no process can be started for the target: {error.strerror}")


def _fork() -> int:
    with warnings.catch_warnings():
        # Forking beside the threads of a BLAS is warned of; the child starts none before its own work.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _unpacked(data: bytearray) -> Iterator[tuple[str, Any]]:
    """Take the messages that are complete out of what has been read."""
    while len(data) >= _HEAD and len(data) >= (end := _HEAD + int.from_bytes(data[:_HEAD], "big")):
        try:
            message: tuple[str, Any] = pickle.loads(data[_HEAD:end])
        except Exception as error:
            raise _own_fault(error) from error
        del data[:end]
        if message[0] == "fault":
            message = ("error", OwnFaultError(*message[1]))
        yield message


def _how(status: int) -> str:
    if not os.WIFSIGNALED(status):
        return f"exit code {os.WEXITSTATUS(status)}"
    number = os.WTERMSIG(status)
    names = {each.value: f" ({each.name})" for each in signal.Signals}
    return f"killed by signal {number}{names.get(number, '')}"


# ------------------------------------------------------------------------------------------ the child


def _work(job: Job, write: int) -> NoReturn:
    """Do a job and send what comes of it; never comes back into the parent's code."""
    code = 1
    try:
        os.setsid()
        _without_windows()
        own = os.getpid()

        def send(kind: str, content: Any) -> None:
            # A target that forks has another process run on into this.
            if os.getpid() == own:
                _write(write, pickle.dumps((kind, content)))

        _send_what_comes(job, send)
        code = 0
    finally:
        # Whatever is raised here has nobody to be told to.
        with contextlib.suppress(BaseException):
            sys.stderr.flush()
        os._exit(code)


def _without_windows() -> None:
    """Keep plots of the target's from opening windows, which would wait to be closed."""
    os.environ["MPLBACKEND"] = "Agg"
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        os.environ.pop(name, None)


def _send_what_comes(job: Job, send: Callable[[str, Any], None]) -> None:
    try:
        send("result", done(lambda: job(lambda first, second: send("progress", (first, second)))))
    except OwnFaultError as error:
        send("fault", (error.message, error.trace))
    except (ActcheckError, TargetEndedError) as error:
        send("error", error)
    except KeyboardInterrupt as error:
        # Ctrl-C does not reach this session: it is the target's own.
        send("error", leaving(error))
    except Exception as error:
        own = _own_fault(error)
        send("fault", (own.message, own.trace))


def _write(write: int, message: bytes) -> None:
    data = memoryview(len(message).to_bytes(_HEAD, "big") + message)
    while data:
        data = data[os.write(write, data) :]
