"""Workers in parallel: a process for each job, so many at a time, and all of them gone at the end."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from actcheck import isolation
from actcheck.dataclass import dataclass
from actcheck.errors import ActcheckError
from actcheck.gate.worker import Job, Made, work
from actcheck.model import Failure

_GRACE = 30.0
"""Seconds that a worker has beyond the time limit of its check, for what it does before and after."""

_LOOK = 0.5
"""Seconds to wait at a time, until it is looked whether the workers are still there."""

_LAST_STEPS = 2.0
"""Seconds that a worker has to end by itself once its result is here."""

_END = 5.0
"""Seconds that a worker has to end, and to end its own child, before it is killed."""


_GONE = Made(failure=Failure("crash", "its process ended without a verdict"))


@dataclass(eq=False)
class _Running:
    """A worker at its job."""

    index: int
    process: BaseProcess
    pipe: Connection
    until: float
    child: int = 0
    made: Made | None = None

    def hear(self) -> None:
        """Take what the worker says: the number of its own child, or what came of the job."""
        try:
            told = self.pipe.recv()
        except (EOFError, OSError):
            told = _GONE
        if isinstance(told, Made):
            self.made = told
        else:
            self.child = told

    def interrupt(self) -> None:
        """Ask the worker to end, and its own child with it."""
        if self.process.is_alive() and self.process.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGINT)


class Pool:
    """Gives the results of jobs as they come.

    Parameters
    ----------
    jobs : sequence of Job
    size : int
        So many at a time.
    """

    def __init__(self, jobs: Sequence[Job], size: int) -> None:
        self._jobs = jobs
        self._size = size
        self._running: list[_Running] = []
        self._last = len(jobs)
        self._mask: set[int] = set()

    def forget_after(self, index: int) -> None:
        """End the jobs behind this one, and begin none of them."""
        self._last = min(self._last, index + 1)
        for running in [each for each in self._running if each.index >= self._last]:
            self._stop(running)

    def run(self, started: Callable[[int], None]) -> Iterator[tuple[int, Made]]:
        """Do all jobs.

        Parameters
        ----------
        started : callable
            Is told the number of a job that begins.

        Yields
        ------
        int, Made
            The number of a job, and what came of it.
        """
        if not isolation.POSSIBLE:
            yield from self._one_by_one(started)
            return
        # Loaded once, here, rather than by every worker.
        import actcheck.run  # noqa: F401

        with isolation.parting_signals_raise():
            yield from self._side_by_side(started)

    def _side_by_side(self, started: Callable[[int], None]) -> Iterator[tuple[int, Made]]:
        following = 0
        try:
            while self._running or following < self._last:
                while following < self._last and len(self._running) < self._size and self._start(following):
                    started(following)
                    following += 1
                for running in self._ready():
                    # What came of one that was ready with it may have ended this one.
                    if running in self._running:
                        yield running.index, self._result(running)
        finally:
            # Another signal meanwhile must not leave the rest behind.
            mask = signal.pthread_sigmask(signal.SIG_BLOCK, set(isolation.parting()) - {signal.SIGINT})
            for running in self._running:
                running.interrupt()
            for running in list(self._running):
                self._stop(running)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def _one_by_one(self, started: Callable[[int], None]) -> Iterator[tuple[int, Made]]:
        for index, job in enumerate(self._jobs):
            if index >= self._last:
                return
            started(index)
            yield index, work(job)

    def _start(self, index: int) -> bool:
        """Start a worker, or tell that there is no room for so many of them."""
        # A signal between its start and its entry in the list would leave it behind; the worker takes it out again.
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, isolation.parting())
        try:
            self._running.append(self._started(index))
        except OSError as error:
            if not self._running:
                what = f"no process can be started for a check: {error.strerror}"
                raise ActcheckError(what, fix="Raise the system's limits (ulimit), or lower --jobs.") from error
            self._size = len(self._running)
            return False
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
        return True

    def _started(self, index: int) -> _Running:
        context = multiprocessing.get_context("fork")
        job = self._jobs[index]
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_serve, args=(job, there, self._mask))
        try:
            with warnings.catch_warnings():
                # Forking beside the threads of a BLAS is warned of; the worker starts none before its own work.
                warnings.simplefilter("ignore", DeprecationWarning)
                process.start()
        except OSError:
            here.close()
            raise
        finally:
            there.close()
        # Twice: what was checked is looked at once more, for the baseline.
        return _Running(index, process, here, time.monotonic() + 2 * job.case.timeout + _GRACE)

    def _ready(self) -> list[_Running]:
        """Wait until some workers have a result, have ended, or have taken too long; give those."""
        first = min(running.until for running in self._running)
        wait([running.pipe for running in self._running], min(max(0.0, first - time.monotonic()), _LOOK))
        now = time.monotonic()
        for running in self._running:
            # The pipe stays open as long as the target's process has it, be the worker gone.
            ended = not running.process.is_alive()
            while running.made is None and running.pipe.poll():
                running.hear()
            if ended and running.made is None:
                running.made = _GONE
        return [running for running in self._running if running.made is not None or running.until <= now]

    def _result(self, running: _Running) -> Made:
        limit = self._jobs[running.index].case.timeout
        late = Made(failure=Failure("timeout", f"it did not finish within {limit:g} s (timeout)"))
        self._stop(running)
        return running.made or late

    def _stop(self, running: _Running) -> None:
        """End a worker: kindly, since it must end its own child, and for sure."""
        self._running.remove(running)
        running.pipe.close()
        process = running.process
        # Having sent its result, it is about to end by itself.
        process.join(0 if running.made in (None, _GONE) else _LAST_STEPS)
        if process.is_alive():
            running.interrupt()
            process.join(_END)
        if process.is_alive():
            process.kill()
        process.join()
        if (process.exitcode or 0) < 0:
            _end_orphans(running.child)


def _end_orphans(leader: int) -> None:
    """End what a worker that was killed has left of its child: its target may have killed it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        # Of another session it would be some other process, which has the number by now.
        if leader and os.getsid(leader) == leader:
            os.killpg(leader, signal.SIGKILL)


def _leave_once(_number: int, _frame: object) -> None:
    """Leave, and let nothing disturb that: on a terminal Ctrl-C reaches a worker twice, and it must end its child."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _serve(job: Job, pipe: Connection, mask: set[int]) -> None:
    """Do a job and send what came of it; interrupted, end without a word."""
    try:
        for number in isolation.parting():
            # What the parent does about them is not the worker's business; what is ignored stays so.
            if signal.getsignal(number) not in (signal.SIG_IGN, signal.SIG_DFL):
                signal.signal(number, signal.SIG_DFL)
        # The parent may ignore it, as a shell's background jobs do; it is how the parent ends this process.
        signal.signal(signal.SIGINT, _leave_once)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        pipe.send(work(job, pipe.send))
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(130)
    except Exception as error:
        import traceback

        pipe.send(Made(failure=Failure("internal", f"{type(error).__name__}: {error}", trace=traceback.format_exc())))
