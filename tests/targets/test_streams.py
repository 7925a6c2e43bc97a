from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from textwrap import dedent

import pytest

from actcheck.targets import stdout_to_stderr

from .conftest import Write

NOISY = """
    import ctypes, os, subprocess, sys
    import numpy as np

    print("import: print")
    os.write(1, b"import: fd\\n")
    subprocess.run([sys.executable, "-c", "print('import: child')"], check=True)

    class Noisy:
        def __init__(self):
            print("construct: print")
            sys.__stdout__.write("construct: kept stream\\n")
            ctypes.CDLL(None).printf(b"construct: C code\\n")

        def __call__(self, X):
            print("call: print")
            return X

        def gradient(self, X):
            os.write(1, b"gradient: fd\\n")
            return np.ones_like(X)
"""

USE = """
    from actcheck.targets import resolve, stdout_to_stderr

    print("report: before")
    target = resolve("noisy:Noisy")
    with stdout_to_stderr():
        target.functor(1.0), target.functor.gradient(1.0)
    print("report: after")
"""


def _run(code: str, **streams: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", dedent(code)]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.run(command, text=True, check=False, timeout=60, **streams)


@pytest.mark.skipif(os.name == "nt", reason="calls the C library's printf by its POSIX name")
def test_all_that_a_target_writes_goes_to_stderr_by_whatever_way(write: Write) -> None:
    write("noisy.py", NOISY)
    done = _run(USE)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "report: before\nreport: after\n"
    assert sorted(done.stderr.splitlines()) == sorted(
        [
            "import: print",
            "import: fd",
            "import: child",
            "construct: print",
            "construct: kept stream",
            "construct: C code",
            "call: print",
            "gradient: fd",
        ]
    )


def test_it_nests_and_ends_where_an_exception_is_raised(capfd: pytest.CaptureFixture[str]) -> None:
    with contextlib.suppress(ZeroDivisionError), stdout_to_stderr():
        with stdout_to_stderr():
            print("inner")
        print("outer")
        raise ZeroDivisionError
    print("after")
    assert capfd.readouterr() == ("after\n", "inner\nouter\n")


def test_a_stand_in_without_descriptor_is_redirected_and_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    with stdout_to_stderr():
        print("said")
    assert sys.stdout is out
    assert (out.getvalue(), err.getvalue()) == ("", "said\n")


def test_a_bare_stand_in_is_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = object()
    monkeypatch.setattr(sys, "stdout", bare)
    with stdout_to_stderr():
        pass
    assert sys.stdout is bare


def test_streams_that_the_target_replaces_are_put_back() -> None:
    out, err = sys.stdout, sys.stderr
    with stdout_to_stderr():
        sys.stdout = sys.stderr = io.StringIO()
    assert (sys.stdout, sys.stderr) == (out, err)


def test_a_wrapper_around_the_stream_does_not_close_it_when_collected() -> None:
    done = _run(
        """
        import gc, io, sys
        from actcheck.targets import stdout_to_stderr

        with stdout_to_stderr():
            sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8")
            print("wrapped")
        gc.collect()
        print("told", file=sys.stderr)
        print("report")
        """
    )
    assert (done.stdout, done.stderr) == ("report\n", "wrapped\ntold\n")


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell closes the descriptor")
@pytest.mark.parametrize("closed", [1, 2])
def test_a_closed_descriptor_is_no_obstacle(closed: int) -> None:
    code = """
        import os
        from actcheck.targets import stdout_to_stderr

        with stdout_to_stderr():
            os.system("echo noise")
            print("noise")
        print("report")
    """
    shell = ["sh", "-c", f'exec "$0" -c "$1" {closed}>&-', sys.executable, dedent(code)]
    done = subprocess.run(shell, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0
    assert done.stdout == ("" if closed == 1 else "report\n")


HOSTS = """
    import os, sys
    import numpy as np

    class Right:
        def __call__(self, X):
            return np.tanh(X)

        def gradient(self, X):
            return 1 - np.tanh(X) ** 2

    class GoesAway(Right):
        def gradient(self, X):
            os.chdir(os.sep)
            return super().gradient(X)

    class ClosesStream(Right):
        def __call__(self, X):
            sys.stdout.close()
            return super().__call__(X)

    class ClosesDescriptor(Right):
        def gradient(self, X):
            os.close(1)
            return super().gradient(X)

    class Prints(Right):
        def gradient(self, X):
            print("hello")
            return super().gradient(X)
"""


def test_what_one_functor_does_to_its_surroundings_spoils_no_other(write: Write) -> None:
    """It left the folder, or closed a stream, and those after it were not found, raised, or the tool itself failed."""
    write("hosts.py", HOSTS)
    command = [sys.executable, "-m", "actcheck", "verify", "hosts.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1, done.stderr
    lines = dict(line.split()[1::-1] for line in done.stdout.splitlines() if line.startswith((" OK ", " WRONG ")))
    assert lines == {
        "hosts.py:Right": "OK",
        "hosts.py:GoesAway": "OK",
        "hosts.py:ClosesStream": "OK",
        "hosts.py:ClosesDescriptor": "WRONG",
        "hosts.py:Prints": "OK",
    }
    assert "the gradient raises on a batch of (8, 5): OSError: [Errno 9]" in done.stdout
    assert "hello" not in done.stdout
