from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

from actcheck.activations import Softmax
from actcheck.targets import cut_traceback
from actcheck.targets.trace import describe, shown_place, user_trace

from .conftest import Write


def _caught(name: str) -> BaseException:
    # Exceptions of all kinds are wanted, none in particular.
    try:
        importlib.import_module(name)
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


@pytest.fixture(autouse=True)
def _importable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(folder))


def test_only_the_users_frames_are_left(write: Write) -> None:
    write("deep.py", "def f():\n    return 1 / 0\n")
    write("top.py", "import importlib\nimportlib.import_module('deep').f()\n")
    trace = cut_traceback(_caught("top"))
    assert "importlib/__init__.py" not in trace
    assert "<frozen" not in trace
    assert [line for line in trace.splitlines() if "top.py" in line or "deep.py" in line]
    assert trace.startswith("Traceback (most recent call last):\n  File ")
    assert trace.endswith("ZeroDivisionError: division by zero\n")


def test_what_stands_behind_an_exception_is_cut_as_well(write: Write) -> None:
    write(
        "chained.py",
        """
        import importlib
        try:
            importlib.import_module("nowhere_at_all")
        except ImportError as error:
            raise ValueError("needs nowhere") from error
        """,
    )
    trace = cut_traceback(_caught("chained"))
    assert "No module named 'nowhere_at_all'" in trace
    assert "ValueError: needs nowhere" in trace
    assert "importlib/__init__.py" not in trace
    assert "<frozen" not in trace


def test_frames_of_actcheck_are_cut_and_a_header_without_frames_too() -> None:
    with pytest.raises(ValueError, match="stretch") as caught:
        Softmax(stretch=0)
    # The frame of this test is the user's.
    assert "test_trace.py" in cut_traceback(caught.value)
    assert "softmaxes.py" not in cut_traceback(caught.value)
    bare = caught.value.with_traceback(None)
    assert cut_traceback(bare) == "ValueError: stretch must be finite and not 0, got 0\n"
    assert user_trace(bare) == ""


def test_a_group_of_exceptions_is_told_whole() -> None:
    trace = cut_traceback(ExceptionGroup("two", [ValueError("one"), KeyError("other")]))
    assert "ValueError: one" in trace
    assert "KeyError: 'other'" in trace


def test_a_circle_of_causes_ends() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    assert "ValueError: first" in cut_traceback(first)


def test_numpys_frames_stay_since_the_users_call_led_there() -> None:
    with pytest.raises(np.linalg.LinAlgError) as caught:
        np.linalg.inv(np.zeros((2, 2)))
    assert "LinAlgError: Singular matrix" in cut_traceback(caught.value)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("must not be 0."), "ValueError: must not be 0"),
        (ValueError("two\n   lines"), "ValueError: two lines"),
        (ValueError(), "ValueError"),
        (KeyError("a"), "KeyError: 'a'"),
        (SystemExit(3), "SystemExit: 3"),
    ],
)
def test_an_exception_is_described_in_one_line(error: BaseException, text: str) -> None:
    assert describe(error) == text


def test_an_exception_that_cannot_tell_its_message_is_described_all_the_same() -> None:
    class MuteError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert describe(MuteError()) == "MuteError: (its message cannot be shown)"


def test_a_place_is_shown_from_the_current_folder(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = str(tmp_path_factory.mktemp("other") / "b.py")
    assert shown_place(str(folder / "a.py"), 3) == "a.py:3"
    assert shown_place(other, 3) == f"{other}:3"
    assert shown_place(other, None) == other
