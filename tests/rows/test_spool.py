"""Input that can be read but once."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading

import pytest

from actcheck.errors import DataError
from actcheck.rows import csv_file, spool

COPY = "import sys; from actcheck.rows.spool import readable_again; print(readable_again(sys.argv[1]))"


@pytest.fixture(autouse=True)
def copies(monkeypatch):
    """No copies of other tests; those of this one are removed."""
    made = {}
    monkeypatch.setattr(spool, "_copies", made)
    yield made
    for path in made.values():
        path.unlink(missing_ok=True)


@pytest.fixture
def stdin(monkeypatch):
    """Standard input with a content."""

    def given(content):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))

    return given


def test_a_file_is_its_own(tmp_path, copies):
    path = tmp_path / "rows.csv"
    path.write_text("1,2\n")
    assert spool.readable_again(str(path)) == path
    assert copies == {}


def test_standard_input_is_read_once(stdin):
    stdin(b"1,2\n3,4\n")
    first = csv_file.read("-", (), "float64")
    again = csv_file.read("-", ("2",), "float64")
    assert [rows.values.tolist() for rows in first.chunks()] == [[[1.0, 2.0], [3.0, 4.0]]]
    assert [rows.values.tolist() for rows in again.chunks()] == [[[2.0], [4.0]]]
    assert first.notes == ("standard input: 2 columns, delimiter comma, no header",)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "the file holds no rows"),
        (b"1,x\n", "line 1, column 2: 'x' is not a number"),
        (b"\xff", "line 1 is not UTF-8: byte 0xff in place 1"),
    ],
)
def test_errors_name_standard_input(stdin, content, what):
    stdin(content)
    with pytest.raises(DataError) as caught:
        csv_file.read("-", (), "float64")
    assert (caught.value.what, caught.value.where) == (what, "standard input")


def test_standard_input_may_be_closed(monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(DataError) as caught:
        csv_file.read("-", (), "float64")
    assert (caught.value.what, caught.value.where) == ("the file cannot be read: it is closed", "standard input")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_read_once(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=("1,2\n3,4\n",))
    writer.start()
    file = csv_file.read(str(path), (), "float64")
    writer.join()
    assert [rows.values.tolist() for rows in file.chunks()] == [[[1.0, 2.0], [3.0, 4.0]]]
    assert csv_file.read(str(path), (), "float64").count == 2
    assert file.notes[0].startswith(f"{path}: 2 columns")


@pytest.mark.skipif(not os.path.exists(os.devnull), reason="needs a device")
def test_a_device_holds_no_rows():
    with pytest.raises(DataError, match="the file holds no rows"):
        csv_file.read(os.devnull, (), "float64")


@pytest.mark.parametrize("ending", ["", "; 1 / 0", "; raise SystemExit(3)"])
def test_the_copy_is_gone_when_the_process_is(ending, tmp_path):
    command = [sys.executable, "-c", COPY + ending, "-"]
    done = subprocess.run(
        command, input="1,2\n", capture_output=True, text=True, env=os.environ | {"TMPDIR": str(tmp_path)}
    )
    assert done.stdout.startswith(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_the_copy_is_not_a_childs_to_remove(copies, stdin):
    stdin(b"1,2\n")
    path = spool.readable_again("-")
    spool._remove(path, os.getpid() + 1)
    assert path.exists()
    spool._remove(path, os.getpid())
    assert not path.exists()
