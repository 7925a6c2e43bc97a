"""Keeps standard output for the report: what a target prints goes to standard error, whoever in it prints."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_STDOUT, _STDERR = 1, 2
_kept: list[object] = []


@contextmanager
def stdout_to_stderr() -> Iterator[None]:
    """Send to standard error all that is written to standard output, by C code and by child processes as well.

    The file descriptors are swapped, so that this holds for every thread of the process. Python's two streams and the
    descriptor are put back at the end, whatever the code inside did to them.
    """
    stdout, stderr = sys.stdout, sys.stderr
    _flush(stdout)
    with _descriptor_swapped():
        sys.stdout = stderr
        try:
            yield
        finally:
            # A wrapper that the target put around our stream would close it when collected.
            _kept.extend(stream for stream in (sys.stdout, sys.stderr) if stream not in (stdout, stderr))
            for stream in (sys.stdout, sys.stderr, stdout, sys.__stdout__):
                _flush(stream)
            _flush_c()
            sys.stdout, sys.stderr = stdout, stderr


@contextmanager
def _descriptor_swapped() -> Iterator[None]:
    # Asked before anything is opened: a closed descriptor's number is the first to be given away.
    if not _is_open(_STDOUT):
        yield
        return
    # Without standard error, what the target prints may go nowhere, but never into the report.
    sink = os.dup(_STDERR) if _is_open(_STDERR) else os.open(os.devnull, os.O_WRONLY)
    saved = os.dup(_STDOUT)
    os.dup2(sink, _STDOUT)
    os.close(sink)
    try:
        yield
    finally:
        os.dup2(saved, _STDOUT)
        os.close(saved)


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _flush(stream: object) -> None:
    # A stream may be None, closed, broken, or a stand-in of a notebook's without any of this.
    with contextlib.suppress(AttributeError, OSError, ValueError):
        stream.flush()  # type: ignore[attr-defined]


def _flush_c() -> None:
    # C code buffers what it prints to a pipe: left there, it would come out at exit, in the midst of the report.
    # Whoever has loaded C code has loaded NumPy, and with it ctypes; nobody else need wait for it.
    ctypes = sys.modules.get("ctypes")
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).fflush(None)  # type: ignore[union-attr]
