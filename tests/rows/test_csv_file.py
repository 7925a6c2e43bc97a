"""Rows of CSV files: what is taken, and the one error for what is not."""

from __future__ import annotations

import gzip
import os
import random
import re
import tracemalloc
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcheck.errors import DataError
from actcheck.rows import csv_file

ROWS = "Give one row of numbers a line."
AB = [[1.0, 2.0], [3.0, 4.0]]


@dataclass(frozen=True)
class Good:
    """A file that is taken: its rows, the lines they stand on, and what is noted of it."""

    name: str
    content: bytes | str
    values: list[list[float]]
    lines: tuple[int, ...]
    note: str
    columns: tuple[str, ...] = ()
    dtype: str = "float64"


GOOD = (
    Good("plain", "1,2\n3,4\n", AB, (1, 2), "2 columns, delimiter comma, no header"),
    Good("no line break at the end", "1,2\n3,4", AB, (1, 2), "2 columns, delimiter comma, no header"),
    Good("header", "a,b\n1,2\n3,4\n", AB, (2, 3), "2 columns, delimiter comma, a header"),
    Good("byte order mark", b"\xef\xbb\xbf1,2\n3,4\n", AB, (1, 2), "2 columns, delimiter comma, no header"),
    Good("mark and header", b"\xef\xbb\xbfa,b\n1,2\n3,4\n", AB, (2, 3), "2 columns, delimiter comma, a header"),
    Good("CRLF", b"a,b\r\n1,2\r\n\r\n3,4\r\n", AB, (2, 4), "2 columns, delimiter comma, a header"),
    Good("CR alone", b"1,2\r3,4\r", AB, (1, 2), "2 columns, delimiter comma, no header"),
    Good("all line breaks", b"1,2\n\r3,4\r\n", AB, (1, 3), "2 columns, delimiter comma, no header"),
    Good("quoted", '"1","2"\n"3",4\n', AB, (1, 2), "2 columns, delimiter comma, no header"),
    Good("quoted titles", '"a, b";"say ""x"""\n1;2\n3;4\n', AB, (2, 3), "2 columns, delimiter semicolon, a header"),
    Good("quoted, blanks before", '1, "2"\n3, "4"\n', AB, (1, 2), "2 columns, delimiter comma, no header"),
    Good("quoted, semicolon", '"1";"2"\n"3";"4"\n', AB, (1, 2), "2 columns, delimiter semicolon, no header"),
    Good("semicolon", "1;2\n3;4\n", AB, (1, 2), "2 columns, delimiter semicolon, no header"),
    Good("tab", "a\tb\n1\t2\n3\t4\n", AB, (2, 3), "2 columns, delimiter tab, a header"),
    Good("bar", "1 | 2\n3 | 4\n", AB, (1, 2), "2 columns, delimiter bar, no header"),
    Good("blanks", "  1    2\n3 4  \n", AB, (1, 2), "2 columns, delimiter blank, no header"),
    Good("comma and blank", "1, 2\n 3 , 4 \n", AB, (1, 2), "2 columns, delimiter comma, no header"),
    Good("titles of two words", "my a,my b\n1,2\n3,4\n", AB, (2, 3), "2 columns, delimiter comma, a header"),
    Good("comments", "# a table\n1,2\n  # and\n#\n3,4\n# end", AB, (2, 5), "2 columns, delimiter comma, no header"),
    Good("blank lines", "\n\n1,2\n \t \n\n3,4\n\n", AB, (3, 6), "2 columns, delimiter comma, no header"),
    Good("a header below", "\n# x\na,b\n\n# y\n1,2\n3,4", AB, (6, 7), "2 columns, delimiter comma, a header"),
    Good("one column", "1\n3\n", [[1.0], [3.0]], (1, 2), "1 column, no header"),
    Good("one title of two words", "my column\n1\n3\n", [[1.0], [3.0]], (2, 3), "1 column, a header"),
    Good("one row", "1,2\n", [[1.0, 2.0]], (1,), "2 columns, delimiter comma, no header"),
    Good("one number", "7", [[7.0]], (1,), "1 column, no header"),
    Good(
        "spellings",
        "-1.5e-3,+2\n.5,5.\n1E5,-0\n1e-320,0.1",
        [[-0.0015, 2.0], [0.5, 5.0], [1e5, -0.0], [1e-320, 0.1]],
        (1, 2, 3, 4),
        "2 columns, delimiter comma, no header",
    ),
    Good("titles in any script", "Größe,高さ\n1,2\n3,4\n", AB, (2, 3), "2 columns, delimiter comma, a header"),
    Good("an empty title", ",a\n1,2\n3,4\n", AB, (2, 3), "2 columns, delimiter comma, a header"),
    Good("gzipped", gzip.compress(b"a,b\n1,2\n3,4\n"), AB, (2, 3), "2 columns, delimiter comma, a header"),
    Good(
        "gzipped in two parts",
        gzip.compress(b"1,2\n") + gzip.compress(b"3,4\n"),
        AB,
        (1, 2),
        "2 columns, delimiter comma, no header",
    ),
    Good("a long line", ",".join(["1"] * 50_000), [[1.0] * 50_000], (1,), "50000 columns, delimiter comma, no header"),
    Good(
        "columns by name",
        "a,b,c\n1,x,2\n3,y,4\n",
        AB,
        (2, 3),
        "3 columns, delimiter comma, a header",
        columns=("a", "c"),
    ),
    Good(
        "columns in another order, by number and name",
        "a,b,c\n2,x,1\n4,y,3\n",
        AB,
        (2, 3),
        "3 columns, delimiter comma, a header",
        columns=("3", "a"),
    ),
    Good(
        "columns by number, text beside them",
        "x,1,2\ny,3,4\n",
        AB,
        (1, 2),
        "3 columns, delimiter comma, no header",
        columns=("2", "3"),
    ),
    Good(
        "rounded to the type",
        "0.1,1e-60\n",
        [[float(np.float32(0.1)), 0.0]],
        (1,),
        "2 columns, delimiter comma, no header",
        dtype="float32",
    ),
)

TWO = "Rows must hold finite numbers, 2 cells in every line"
FIRST_IS_A_ROW = f"{TWO}; no title of a header begins with a digit."
UTF8 = "Save the file as UTF-8."


@dataclass(frozen=True)
class Bad:
    """A file that is refused, and why."""

    name: str
    content: bytes | str
    what: str
    fix: str = FIRST_IS_A_ROW
    columns: tuple[str, ...] = ()
    dtype: str = "float64"

    @property
    def where(self):
        return "rows.csv, --columns" if self.columns else "rows.csv"


LATIN = "a,b\n1,2\n3,Größe\n".encode("latin-1")
LATIN_COMMENT = "1,2\n# Größe\n".encode("latin-1")
HUNDRED = ",".join(f"c{k}" for k in range(100)) + "\n" + ",".join(["1"] * 100)
CUT_OFF = "the file cannot be unzipped: Compressed file ended before the end-of-stream marker was reached"
ITS_COLUMNS = "Its columns are a, b. Numbers go from 1 to 2."
NO_COLUMNS = "It has no header. Numbers go from 1 to 2."

BAD = (
    Bad("empty", "", "the file holds no rows", ROWS),
    Bad("byte order mark only", b"\xef\xbb\xbf", "the file holds no rows", ROWS),
    Bad("blank lines and comments only", "\n# 1,2\n \n", "the file holds no rows", ROWS),
    Bad("gzipped nothing", gzip.compress(b""), "the file holds no rows", ROWS),
    Bad("header only", "a,b\n", "the file has a header, but no rows", ROWS),
    Bad("a row too short", "1,2\n3\n5,6\n", "line 2 has 1 cell, line 1 has 2"),
    Bad("a row too long", "a,b\n1,2\n\n3,4,5\n", "line 4 has 3 cells, line 1 has 2", f"{TWO}."),
    Bad("text", "a,b\n1,2\n3,four\n", "line 3, column 2 (b): 'four' is not a number", f"{TWO}."),
    Bad("text in the first row", "1,x\n3,4\n", "line 1, column 2: 'x' is not a number"),
    Bad(
        "a slip in the first row",
        "1o\n2\n",
        "line 1, column 1: '1o' is not a number",
        FIRST_IS_A_ROW.replace("2 cells", "1 cell"),
    ),
    Bad("NaN", "# x\n1,nan\n", "line 2, column 2: 'nan' is not finite"),
    Bad("infinity", "a,b\n\n1,-inf\n", "line 3, column 2 (b): '-inf' is not finite", f"{TWO}."),
    Bad("beyond the type", "1,1e400\n", "line 1, column 2: '1e400' is not finite"),
    Bad("beyond float32", "1,2\n1,-1e39\n", "line 2, column 2: '-1e39' is too large for float32", dtype="float32"),
    Bad("an empty cell", "1,2\n,4\n", "line 2, column 1: the cell is empty"),
    Bad("an empty cell behind a tab", "1\t2\n3\t\n", "line 2, column 2: the cell is empty"),
    Bad("an empty cell before a tab", "a\tb\n\t2\n", "line 2, column 1 (a): the cell is empty", f"{TWO}."),
    Bad("a quoted nothing", '1,2\n"",4\n', "line 2, column 1: the cell is empty"),
    Bad("a decimal comma", "1.5;2.5\n3,5;4\n", "line 2, column 1: '3,5' is not a number (a decimal comma?)"),
    Bad(
        "decimal commas throughout",
        "1,5;2,5\n3,5;4,5\n",
        "line 1, column 1: '1,5' is not a number (a decimal comma?); "
        "line 1, column 2: '2,5' is not a number (a decimal comma?); "
        "line 2, column 1: '3,5' is not a number (a decimal comma?); and 1 more",
    ),
    Bad("underscores", "1,2\n1_000,4\n", "line 2, column 1: '1_000' is not a number"),
    Bad("digits of another script", "1,2\n٣,4\n", "line 2, column 1: '٣' is not a number"),
    Bad(
        "missing values in the first row",
        "NA,NA\n1,2\n",
        "line 1, column 1: 'NA' is not a number; line 1, column 2: 'NA' is not a number",
    ),
    Bad("what a sheet says of a fault is no comment", "1,2\n#N/A,4\n", "line 2, column 1: '#N/A' is not a number"),
    Bad(
        "an empty row is no header",
        ",\n1,2\n",
        "line 1, column 1: the cell is empty; line 1, column 2: the cell is empty",
    ),
    Bad("a comment behind a row", "1,2 # x\n3,4\n", "line 1, column 2: '2 # x' is not a number"),
    Bad("a NUL", "1,2\n3,4\0\n", "line 2, column 2: '4\\x00' is not a number"),
    Bad("a long cell", f"1,2\n3,{'x' * 99}\n", f"line 2, column 2: '{'x' * 37}...' is not a number"),
    Bad(
        "many faults",
        "1,2\n" + "3,x\n" * 9,
        "line 2, column 2: 'x' is not a number; line 3, column 2: 'x' is not a number; "
        "line 4, column 2: 'x' is not a number; and 6 more",
    ),
    Bad("an open quote", '1,2\n"3,4\n', "line 2 cannot be parted into cells: a quote is not closed", ""),
    Bad("text behind a quote", '1,2\n"3"3,4\n', "line 2 cannot be parted into cells: ',' expected after '\"'", ""),
    Bad("Latin-1", LATIN, "line 3 is not UTF-8: byte 0xf6 in place 5", UTF8),
    Bad("Latin-1 in a comment", LATIN_COMMENT, "line 2 is not UTF-8: byte 0xf6 in place 5", UTF8),
    Bad("UTF-16", "1,2\n".encode("utf-16"), "line 1 is not UTF-8: byte 0xff in place 1", UTF8),
    Bad("gzip cut off", gzip.compress(b"1,2\n3,4\n")[:-9], CUT_OFF, ""),
    Bad("an unknown column", "a,b\n1,2\n", "there is no column 'c'", ITS_COLUMNS, ("c",)),
    Bad("column 0", "1,2\n", "there is no column '0'", NO_COLUMNS, ("0",)),
    Bad("column 3 of 2", "a,b\n1,2\n", "there is no column '3'", ITS_COLUMNS, ("3",)),
    Bad("a number of 5,000 digits", "1,2\n", f"there is no column '{'9' * 37}...'", NO_COLUMNS, ("9" * 5000,)),
    Bad("a column twice", "a,b\n1,2\n", "a column is asked for twice", ITS_COLUMNS, ("a", "1")),
    Bad(
        "a title that is there twice",
        "a,b,a\n1,2,3\n",
        "column 'a' stands in the header 2 times",
        "Its columns are a, b, a. Numbers go from 1 to 3.",
        ("a",),
    ),
    Bad(
        "many columns",
        HUNDRED,
        "there is no column 'x'; there is no column 'y'",
        "Its columns are c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 90 more. Numbers go from 1 to 100.",
        ("x", "y"),
    ),
)


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write a file into the current folder; its name."""
    monkeypatch.chdir(tmp_path)

    def written(content, name="rows.csv"):
        data = content.encode() if isinstance(content, str) else content
        (tmp_path / name).write_bytes(data)
        return name

    return written


def everything(file):
    """Give all rows of a file, and the numbers of their lines."""
    chunks = list(file.chunks())
    values = np.concatenate([chunk.values for chunk in chunks])
    return values, tuple(number for chunk in chunks for number in chunk.numbers)


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_what_is_taken(case, write):
    file = csv_file.read(write(case.content), case.columns, case.dtype)
    values, lines = everything(file)
    np.testing.assert_array_equal(values, case.values)
    assert np.signbit(values).tolist() == np.signbit(case.values).tolist()
    assert lines == case.lines
    assert (file.count, file.width) == np.shape(case.values)
    assert file.notes[0] == f"rows.csv: {case.note}"


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_what_is_refused(case, write):
    with pytest.raises(DataError) as caught:
        csv_file.read(write(case.content), case.columns, case.dtype)
    error = caught.value
    assert (error.what, error.where, error.fix) == (case.what, case.where, case.fix)


def test_gzip_damaged(write):
    """Somewhere in it: whatever the damage, it is one error, or the same rows."""
    whole = gzip.compress(b"".join(b"%d,%d\n" % (k, k * k) for k in range(200)))
    refused = 0
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        try:
            values, _ = everything(csv_file.read(write(bytes(damaged)), (), "float64"))
        except DataError:
            refused += 1
        else:
            np.testing.assert_array_equal(values[:, 1], np.arange(200.0) ** 2)
    assert refused > len(whole) / 2


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("missing.csv", "the file cannot be read: No such file or directory"),
        (".", "the file cannot be read: Is a directory"),
        ("rows.csv/x", "the file cannot be read: Not a directory"),
        ("x" * 300, "the file cannot be read: File name too long"),
    ],
)
def test_what_is_no_file(name, what, write):
    write("1,2\n")
    with pytest.raises(DataError) as caught:
        csv_file.read(name, (), "float64")
    assert (caught.value.what, caught.value.where) == (what, name)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is unreadable to this user")
def test_what_may_not_be_read(write):
    os.chmod(write("1,2\n"), 0)
    with pytest.raises(DataError, match="the file cannot be read: Permission denied"):
        csv_file.read("rows.csv", (), "float64")


def test_the_right_to_read_is_asked_for(write, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    name = write("1,2\n")
    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(DataError) as caught:
        csv_file.read(name, (), "float64")
    assert caught.value.what == "the file cannot be read: Permission denied"


def test_columns_not_used_are_noted(write):
    file = csv_file.read(write("a,b,c\n1,2,3\n"), ("b",), "float64")
    assert file.notes[1:] == ("rows.csv: columns not used: a, c",)
    file = csv_file.read(write("1,2,3\n"), ("2",), "float64")
    assert file.notes[1:] == ("rows.csv: columns not used: 1, 3",)


def test_what_is_not_asked_for_may_be_anything(write):
    """A column that is not taken may hold text, NaN or nothing; the rows must be of one width all the same."""
    file = csv_file.read(write("a,b\nx,1\n,2\nnan,3\n"), ("b",), "float64")
    assert everything(file)[0].tolist() == [[1.0], [2.0], [3.0]]
    with pytest.raises(DataError, match="line 3 has 1 cell, line 1 has 2"):
        csv_file.read(write("a,b\nx,1\n2\n"), ("b",), "float64")


def test_rows_cannot_be_written_to(write):
    (rows,) = csv_file.read(write("1,2\n"), (), "float64").chunks()
    assert rows.label(0) == "line 1"
    with pytest.raises(ValueError, match="read-only"):
        rows.values[0, 0] = 7.0


# ------------------------------------------------------------------------------------------ in chunks


@pytest.mark.parametrize(("chunk", "sizes"), [(1, [1] * 7), (4, [2, 2, 2, 1]), (14, [7]), (1000, [7])])
def test_chunks(chunk, sizes, write, monkeypatch):
    monkeypatch.setattr(csv_file, "CHUNK", chunk)
    file = csv_file.read(write("a,b\n# x\n" + "1,2\n" * 7), (), "float64")
    assert [len(rows.values) for rows in file.chunks()] == sizes
    assert everything(file)[1] == tuple(range(3, 10))
    assert everything(file)[1] == tuple(range(3, 10)), "as often as it is asked for"


@pytest.mark.parametrize(
    ("later", "how"),
    [
        ("1,2\n3,4\n5,6\n", "it had 2 rows, and has 3 now"),
        ("1,2\n", "it had 2 rows, and has 1 now"),
        ("1,2\n3\n", "line 2: list index out of range"),
        ("1,2\n3,x\n", "line 2: could not convert string to float: 'x'"),
    ],
)
def test_a_file_that_changes_meanwhile(later, how, write):
    file = csv_file.read(write("1,2\n3,4\n"), (), "float64")
    write(later)
    with pytest.raises(DataError) as caught:
        list(file.chunks())
    assert caught.value.what == f"the file has changed since it was validated: {how}"


def test_a_file_that_goes_meanwhile(write):
    file = csv_file.read(write("1,2\n"), (), "float64")
    os.remove("rows.csv")
    with pytest.raises(DataError, match="the file cannot be read: No such file"):
        list(file.chunks())


def test_memory_does_not_grow_with_the_file(write, monkeypatch):
    monkeypatch.setattr(csv_file, "CHUNK", 1 << 12)

    def peak(count):
        name = write("a,b\n" + "0.5,-1.5\n" * count)
        tracemalloc.start()
        try:
            file = csv_file.read(name, (), "float64")
            assert sum(len(rows.values) for rows in file.chunks()) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(40_000) < 1.2 * peak(4_000)


# ------------------------------------------------------------------------------------------ any file at all

numbers = st.floats(allow_nan=False, allow_infinity=False)
fillers = st.sampled_from(["", "  ", "# x", "#1,2", "\t", " # 1;2"])


@st.composite
def files(draw):
    """Give a good file in any of its forms, with its rows and their lines."""
    width = draw(st.integers(1, 4))
    values = draw(st.lists(st.lists(numbers, min_size=width, max_size=width), min_size=1, max_size=8))
    delimiter = draw(st.sampled_from([",", ";", "\t", "|", " "]))
    lines, places = [], []
    if draw(st.booleans()):
        lines.append(delimiter.join(f"t{k}" for k in range(width)))
    for row in values:
        lines += draw(st.lists(fillers, max_size=2))
        lines.append(delimiter.join(f'"{value!r}"' if draw(st.booleans()) else repr(value) for value in row))
        places.append(len(lines))
    ending = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    content = (ending.join(lines) + draw(st.sampled_from(["", ending, ending * 3]))).encode()
    content = draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + content
    return values, tuple(places), content


@given(files(), st.integers(1, 9), st.booleans())
def test_no_row_is_lost_or_doubled(tmp_path_factory, file, chunk, zipped):
    values, places, content = file
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(gzip.compress(content) if zipped else content)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(csv_file, "CHUNK", chunk)
        read, lines = everything(csv_file.read(str(path), (), "float64"))
    np.testing.assert_array_equal(read, values)
    assert lines == places


@given(files(), st.integers(0, 2**32), st.integers(1, 4))
def test_edits_of_a_good_file(tmp_path_factory, file, seed, count):
    content = bytearray(file[2])
    chance = random.Random(seed)
    for _ in range(count):
        place = chance.randrange(len(content) + 1)
        content[place : place + chance.randrange(3)] = chance.choice(
            [b"", b",", b"\n", b"x", b'"', b"\xff", b"#", b"9", b";", b"\0", b"\r", b" ", b"_", b"nan", b"\xc3\xa4"]
        )
    told_or_taken_whole(tmp_path_factory.getbasetemp() / "edited.csv", bytes(content))


@given(st.one_of(st.binary(max_size=60), st.text('0123456789.,;#"\t\n\r -ex', max_size=60).map(str.encode)))
def test_any_bytes(tmp_path_factory, content):
    told_or_taken_whole(tmp_path_factory.getbasetemp() / "bytes.csv", content)


def told_or_taken_whole(path, content):
    """It is refused with an error for people, or each line that holds anything is a row, but for one header."""
    path.write_bytes(content)
    try:
        file = csv_file.read(str(path), (), "float64")
    except DataError:
        return
    values, lines = everything(file)
    text = content.decode("utf-8-sig")
    held = [
        number
        for number, line in enumerate(re.split("\r\n|\r|\n", text), 1)
        if line.strip() and (line.strip()[0] != "#" or line.strip().startswith(csv_file._SHEET_ERRORS))
    ]
    assert tuple(held) == ((file.skipped, *lines) if file.skipped else lines)
    assert np.isfinite(values).all()
    if file.skipped:
        header = re.split("\r\n|\r|\n", text)[file.skipped - 1]
        assert not re.match(r'[\s"]*[-+]?[.,]?[0-9]', header)
