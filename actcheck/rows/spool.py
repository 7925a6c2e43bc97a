"""Input that can be read but once, such as standard input, kept in a file of our own for as long as we run."""

from __future__ import annotations

import atexit
import errno
import os
import shutil
import stat
import sys
import tempfile
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

STDIN = "-"

_copies: dict[str, Path] = {}


def readable_again(name: str) -> Path:
    """Give a file with an input's content, which can be read as often as wanted.

    Parameters
    ----------
    name : str
        A path, of a pipe for example, or ``-`` for standard input.

    Returns
    -------
    Path
        That of the input itself or, where it can be read but once, of a copy. The copy is made once, serves processes
        that are forked from then on, and is removed when this process exits.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    if name != STDIN and not _flows(os.stat(name).st_mode):
        return Path(name)
    if name not in _copies:
        _copies[name] = _copy(name)
    return _copies[name]


def _flows(mode: int) -> bool:
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISSOCK(mode)


def _copy(name: str) -> Path:
    with tempfile.NamedTemporaryFile(prefix="actcheck-", suffix=".csv", delete=False) as copy:
        path = Path(copy.name)
        atexit.register(_remove, path, os.getpid())
        with _opened(name) as source:
            shutil.copyfileobj(source, copy)
    return path


def _opened(name: str) -> AbstractContextManager[IO[bytes]]:
    if name != STDIN:
        return open(name, "rb")
    if sys.stdin is None:
        raise OSError(errno.EBADF, "it is closed")
    return nullcontext(sys.stdin.buffer)


def _remove(path: Path, owner: int) -> None:
    # A target that forks, and then exits, is not the owner.
    if os.getpid() == owner:
        path.unlink(missing_ok=True)
