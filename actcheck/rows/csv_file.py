"""Rows from a CSV file: validated in a first pass, then streamed.

The cells are parted by Python's `csv`; what is asked of them is strict: finite numbers, as many in every row.
"""

from __future__ import annotations

import csv
import gzip
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.errors import DataError
from actcheck.model import Rows
from actcheck.rows.batch import held
from actcheck.rows.spool import STDIN, readable_again

if TYPE_CHECKING:
    from actcheck.model import FloatArray

CHUNK = 1 << 17
"""Cells that are held in memory at a time."""

COMMENT = "#"

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blank"}
_SHEET_ERRORS = ("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!")
_MISSING = ("", "na", "n/a", "null", "none", "-", ".", "?", *(error.lower() for error in _SHEET_ERRORS))
_ROWS = "Give one row of numbers a line."
_SNIFFED = 50
_TOLD = 3
_NAMED = 10
_LONGEST = 40
_BEGINS_AS_NUMBER = re.compile(r"[-+]?[.,]?\d")
_GZIP = b"\x1f\x8b"


class _Line(NamedTuple):
    """A line that holds a row: its number in the file, and its cells."""

    number: int
    cells: list[str]


class _LineError(Exception):
    """A line that cannot be read."""

    def __init__(self, number: int, what: str, fix: str = "") -> None:
        super().__init__(f"line {number} {what}")
        self.fix = fix


@dataclass(frozen=True)
class CsvFile:
    """A validated file.

    Parameters
    ----------
    path : Path
        Where it can be read again.
    name : str
        What it is called in messages.
    delimiter : str
    skipped : int or None
        The number of the header's line, None where there is none.
    columns : tuple of int
        The columns to take, from 0.
    count : int
    dtype : str
        Type that has to hold the values.
    notes : tuple of str
        What was found out about the file.
    """

    path: Path
    name: str
    delimiter: str
    skipped: int | None
    columns: tuple[int, ...]
    count: int
    dtype: str
    notes: tuple[str, ...]

    kind = "line"

    @property
    def width(self) -> int:
        """How many numbers a row has."""
        return len(self.columns)

    def chunks(self) -> Iterator[Rows]:
        """Give the rows, a chunk at a time.

        Raises
        ------
        DataError
            If the file is no longer what it was when it was validated.
        """
        numbers: list[int] = []
        values: list[list[float]] = []
        most = max(1, CHUNK // self.width)
        count = 0
        with _refusing(self.name):
            for line in _lines(self.path, self.delimiter):
                if line.number == self.skipped:
                    continue
                numbers.append(line.number)
                values.append(self._values(line))
                count += 1
                if len(values) == most:
                    yield self._rows(values, numbers)
                    numbers, values = [], []
        if count != self.count:
            raise self._changed(f"it had {self.count} rows, and has {count} now")
        if values:
            yield self._rows(values, numbers)

    def close(self) -> None:
        """Leave nothing behind: there is nothing."""

    def _values(self, line: _Line) -> list[float]:
        try:
            return [float(line.cells[column]) for column in self.columns]
        except (IndexError, ValueError) as error:
            raise self._changed(f"line {line.number}: {error}") from error

    def _changed(self, how: str) -> DataError:
        return DataError(f"the file has changed since it was validated: {how}", where=self.name)

    def _rows(self, values: list[list[float]], numbers: list[int]) -> Rows:
        array: FloatArray = np.array(values, dtype=np.float64)
        return Rows(held(array, self.dtype), self.kind, tuple(numbers))


def read(name: str, columns: Sequence[str], dtype: str) -> CsvFile:
    """Validate a file.

    Parameters
    ----------
    name : str
        A path, gzipped or not, or ``-`` for standard input.
    columns : sequence of str
        Names of the header, or numbers from 1; all columns if empty.
    dtype : str

    Raises
    ------
    DataError
        If it cannot be read, is empty, a row is ragged, a cell no finite number, or a column unknown; with the line
        and the column.
    """
    shown = "standard input" if name == STDIN else name
    with _refusing(shown):
        path = readable_again(name)
        delimiter = _sniff(path)
        first = next(_lines(path, delimiter), None)
        if first is None:
            raise DataError("the file holds no rows", where=shown, fix=_ROWS)
        header = None if _is_row(first.cells) else first.cells
        taken = _columns(columns, header, len(first.cells), shown)
        count = _Validation(shown, first, header, taken, dtype).of(_lines(path, delimiter))
    notes = _notes(shown, delimiter, header, taken, len(first.cells))
    return CsvFile(path, shown, delimiter, first.number if header else None, taken, count, dtype, notes)


@contextmanager
def _refusing(shown: str) -> Iterator[None]:
    """Say of a file that cannot be read why."""
    try:
        yield
    except OSError as error:
        raise DataError(f"the file cannot be read: {error.strerror or error}", where=shown) from error
    except (EOFError, zlib.error) as error:
        raise DataError(f"the file cannot be unzipped: {error}", where=shown) from error
    except _LineError as error:
        raise DataError(str(error), where=shown, fix=error.fix) from error


# ------------------------------------------------------------------------------------------ reading


def _open(path: Path) -> IO[str]:
    with path.open("rb") as raw:
        zipped = raw.read(2) == _GZIP
    # Other encodings are refused line by line.
    if zipped:
        return gzip.open(path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline="")
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """Give the lines that hold rows, numbered from 1: no blank ones, no comments."""
    with _open(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.isascii():
                _refuse_other_encodings(number, line)
            text = line.rstrip("\r\n")
            start = text.lstrip()
            if start and (not start.startswith(COMMENT) or start.startswith(_SHEET_ERRORS)):
                yield number, text


def _refuse_other_encodings(number: int, line: str) -> None:
    try:
        line.encode()
    except UnicodeEncodeError as error:
        byte = ord(line[error.start]) - 0xDC00
        what = f"is not UTF-8: byte 0x{byte:02x} in place {error.start + 1}"
        raise _LineError(number, what, fix="Save the file as UTF-8.") from error


def _lines(path: Path, delimiter: str) -> Iterator[_Line]:
    for number, text in _texts(path):
        try:
            yield _Line(number, _cells(text, delimiter))
        except csv.Error as error:
            why = "a quote is not closed" if str(error) == "unexpected end of data" else str(error)
            raise _LineError(number, f"cannot be parted into cells: {why}") from error


def _cells(text: str, delimiter: str) -> list[str]:
    # A tab at either end is an empty cell, a blank is nothing.
    text = text.strip(" ") if delimiter == "\t" else text.strip()
    if '"' in text:
        cells = next(csv.reader([text], delimiter=delimiter, skipinitialspace=delimiter != " ", strict=True))
    else:
        cells = text.split(delimiter)
    if delimiter == " ":
        return [cell for cell in cells if cell]
    return [cell.strip() for cell in cells]


def _sniff(path: Path) -> str:
    """Give the delimiter that parts the first lines into equally many cells, two at least, most of them numbers."""
    texts = [text for _, text in islice(_texts(path), _SNIFFED)]
    best, found = 0.0, ","
    for delimiter in _DELIMITERS:
        try:
            score = _fit([_cells(text, delimiter) for text in texts])
        except csv.Error:
            # These quotes are for another one.
            continue
        if score > best:
            best, found = score, delimiter
    return found


def _fit(rows: list[list[str]]) -> float:
    body = rows[1:] or rows
    width = max(Counter(map(len, body)).items(), key=lambda item: item[1], default=(0, 0))[0]
    if width < 2:
        return 0.0
    cells = [cell for row in body for cell in row]
    return sum(len(row) == width for row in rows) / len(rows) + sum(map(_is_meant_as_number, cells)) / len(cells)


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    # Python's own spellings, 1_000 and digits of other scripts, are slips in a file.
    return value if "_" not in cell and cell.isascii() else None


def _is_meant_as_number(cell: str) -> bool:
    return _number(cell) is not None or _number(cell.replace(",", ".", 1)) is not None


def _is_row(cells: list[str]) -> bool:
    """Tell a row, right or broken, from a header: no title is or begins as a number, and not all of them are missing.

    A title that looks like a slip in a number is refused: the other way round, a row would go unnoticed.
    """
    numbers = any(_number(cell) is not None or _BEGINS_AS_NUMBER.match(cell) for cell in cells)
    return numbers or all(cell.lower() in _MISSING for cell in cells)


# ------------------------------------------------------------------------------------------ validation


def _columns(asked: Sequence[str], header: list[str] | None, width: int, shown: str) -> tuple[int, ...]:
    if not asked:
        return tuple(range(width))
    taken, faults = [], []
    for name in asked:
        places = [at for at, title in enumerate(header or ()) if title == name]
        if len(places) == 1:
            taken.append(places[0])
        elif len(places) > 1:
            faults.append(f"column {name!r} stands in the header {len(places)} times")
        elif name.isdecimal() and len(name) < _LONGEST and 1 <= int(name) <= width:
            taken.append(int(name) - 1)
        else:
            faults.append(f"there is no column {_short(name)!r}")
    if len(set(taken)) < len(taken):
        faults.append("a column is asked for twice")
    if faults:
        there = f"Its columns are {_listed(header)}." if header else "It has no header."
        raise DataError("; ".join(faults), where=f"{shown}, --columns", fix=f"{there} Numbers go from 1 to {width}.")
    return tuple(taken)


class _Validation:
    """Looks at all rows of a file, and keeps the first few faults."""

    def __init__(self, shown: str, first: _Line, header: list[str] | None, taken: tuple[int, ...], dtype: str) -> None:
        self.shown = shown
        self.first = first
        self.header = header
        self.taken = taken
        self.dtype = dtype
        self.largest = float(np.finfo(dtype).max)

    def of(self, lines: Iterator[_Line]) -> int:
        """Count the rows.

        Raises
        ------
        DataError
            If there are none, or any is at fault.
        """
        faults: list[str] = []
        count = more = 0
        for line in lines:
            if self.header and line.number == self.first.number:
                continue
            count += 1
            for fault in self.faults(line):
                if len(faults) < _TOLD:
                    faults.append(f"line {line.number}{fault}")
                else:
                    more += 1
        if more:
            faults.append(f"and {more} more")
        if faults:
            fix = f"Rows must hold finite numbers, {_count(len(self.first.cells), 'cell')} in every line"
            fix += "." if self.header else "; no title of a header begins with a digit."
            raise DataError("; ".join(faults), where=self.shown, fix=fix)
        if not count:
            raise DataError("the file has a header, but no rows", where=self.shown, fix=_ROWS)
        return count

    def faults(self, line: _Line) -> Iterator[str]:
        if len(line.cells) != len(self.first.cells):
            yield f" has {_count(len(line.cells), 'cell')}, line {self.first.number} has {len(self.first.cells)}"
            return
        for column in self.taken:
            cell = line.cells[column]
            value = _number(cell)
            if value is None or not abs(value) <= self.largest:
                title = f" ({_short(self.header[column])})" if self.header else ""
                yield f", column {column + 1}{title}: {self.fault(cell, value)}"

    def fault(self, cell: str, value: float | None) -> str:
        shown = repr(_short(cell))
        if value is not None:
            return f"{shown} is too large for {self.dtype}" if math.isfinite(value) else f"{shown} is not finite"
        if not cell:
            return "the cell is empty"
        return f"{shown} is not a number" + (" (a decimal comma?)" if _is_meant_as_number(cell) else "")


def _count(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(map(_short, names[:_NAMED])) + more


def _notes(shown: str, delimiter: str, header: list[str] | None, taken: tuple[int, ...], width: int) -> tuple[str, ...]:
    parted = f", delimiter {_DELIMITERS[delimiter]}" if width > 1 else ""
    titles = "a header" if header else "no header"
    notes = [f"{shown}: {_count(width, 'column')}{parted}, {titles}"]
    unused = [header[at] if header else str(at + 1) for at in sorted(set(range(width)) - set(taken))]
    if unused:
        notes.append(f"{shown}: columns not used: {_listed(unused)}")
    return tuple(notes)
