"""Keeps standard output for the report: what a target prints goes to standard error, whoever in it prints."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_STDIN, _STDOUT, _STDERR = 0, 1, 2
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
        shared: Any = None if stderr is None else _Shared(stderr)
        sys.stdout = sys.stderr = shared
        try:
            yield
        finally:
            # A wrapper that the target put around our stream would close it when collected.
            _kept.extend(stream for stream in (sys.stdout, sys.stderr) if stream is not shared)
            for stream in (sys.stdout, sys.stderr, stdout, sys.__stdout__):
                _flush(stream)
            _flush_c()
            sys.stdout, sys.stderr = stdout, stderr


class _Shared:
    """Standard error as targets get it: one that closes it takes it from nobody else."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def close(self) -> None:
        _flush(self._stream)


@contextmanager
def _folder_kept() -> Iterator[None]:
    """Come back to the current folder, whatever folder the target goes to: the next one is looked for here."""
    folder = os.getcwd()
    try:
        yield
    finally:
        os.chdir(folder)


@contextmanager
def no_input() -> Iterator[None]:
    """Leave nothing to read on standard input: code that asks for something must neither wait nor take what is ours."""
    stdin = sys.stdin
    if stdin is None or not _is_open(_STDIN):
        yield
        return
    saved = _copy(_STDIN)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, _STDIN)
    try:
        with os.fdopen(_copy(empty), encoding="utf-8") as nothing:
            os.close(empty)
            sys.stdin = nothing
            yield
    finally:
        sys.stdin = stdin
        os.dup2(saved, _STDIN)
        os.close(saved)


@contextmanager
def _descriptor_swapped() -> Iterator[None]:
    # Asked before anything is opened: a closed descriptor's number is the first to be given away.
    if not _is_open(_STDOUT):
        yield
        return
    # Without standard error, what the target prints may go nowhere, but never into the report.
    sink = _copy(_STDERR) if _is_open(_STDERR) else os.open(os.devnull, os.O_WRONLY)
    saved = _copy(_STDOUT)
    os.dup2(sink, _STDOUT)
    os.close(sink)
    try:
        yield
    finally:
        os.dup2(saved, _STDOUT)
        os.close(saved)


def _copy(descriptor: int) -> int:
    """Copy a descriptor to a number above the standard ones: code that closes one of those must not close ours."""
    low = []
    while (copy := os.dup(descriptor)) <= _STDERR:
        low.append(copy)
    for each in low:
        os.close(each)
    return copy


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


@contextmanager
def on_its_own() -> Iterator[None]:
    """Keep what the target prints, and NumPy's and the target's warnings, out of the report."""
    with stdout_to_stderr(), _folder_kept(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
