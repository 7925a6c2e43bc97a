"""The page that reports are written on: widths, colours, encodings. It alone knows Rich, and imports it when needed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Literal, TextIO

from actcheck.dataclass import dataclass
from actcheck.reports.words import visible

if TYPE_CHECKING:
    from rich.text import Text

WIDTH = 80
"""Width of a report in a pipe, and the least on a terminal: narrower, numbers would have to be cut."""

LABEL = 11
"""Width of the labels that remarks begin with: the longest is `unresolved`."""

_LEAST = 10
_FALLBACKS = {"±": "+/-", "·": "|", "…": "...", "×": "x", "∂": "d"}

Cell = str | tuple[str, str]
"""A text, or a text and its style. Never markup: names and messages come from users."""


@dataclass(frozen=True)
class Look:
    """What the reader's terminal, pipe or file can show.

    Parameters
    ----------
    width : int
        Columns to a line.
    color : bool
        Whether styles are written.
    encoding : str
        The encoding that the text must survive.
    """

    width: int = WIDTH
    color: bool = False
    encoding: str = "utf-8"

    def text(self, string: str) -> str:
        """Give a text as it can be shown: control characters made visible, what cannot be encoded replaced."""
        text = visible(string.replace("\n", " "))
        for symbol, fallback in _FALLBACKS.items():
            if symbol in text and not _can_encode(symbol, self.encoding):
                text = text.replace(symbol, fallback)
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)


PLAIN = Look()
"""80 columns, no colour."""


def look_of(stream: TextIO, environ: Mapping[str, str] | None = None) -> Look:
    """Tell how to write for a stream: colour on a terminal only, or as NO_COLOR and FORCE_COLOR say."""
    environ = os.environ if environ is None else environ
    width = max(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
    return Look(width, _wants_color(stream, environ), _known_encoding(stream))


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    title : str
    justify : ``left`` or ``right``
    wraps : bool
        Whether its cells may be broken into lines; those of numbers never are.
    """

    title: str
    justify: Literal["left", "right"] = "left"
    wraps: bool = True


def numbers(title: str) -> Column:
    """Give a column of numbers: aligned to the right, never broken."""
    return Column(title, "right", wraps=False)


class Page:
    """A report being written, line by line.

    Parameters
    ----------
    look : Look
    record : bool
        Whether the page can be exported as HTML afterwards.
    """

    def __init__(self, look: Look, record: bool = False) -> None:
        from rich.console import Console

        self._look = look
        self._sink = StringIO()
        # The height only keeps Rich from asking the terminal, and from believing that a dumb one has 80 columns.
        self._console = Console(
            file=self._sink,
            width=look.width,
            height=25,
            force_terminal=look.color,
            color_system="standard" if look.color else None,
            no_color=not look.color,
            force_jupyter=False,
            legacy_windows=False,
            markup=False,
            highlight=False,
            emoji=False,
            record=record,
        )

    @property
    def width(self) -> int:
        """Columns to a line."""
        return self._look.width

    def line(self, *cells: Cell, indent: int = 0) -> None:
        """Write cells one after the other, broken at blanks where the line is full."""
        from rich.padding import Padding

        self._console.print(Padding(self._join(cells), (0, 0, 0, indent)))

    def unbroken(self, *cells: Cell) -> None:
        """Write a line that is to be copied or searched for: one line however long."""
        self._console.print(self._join(cells), soft_wrap=True)

    def gap(self) -> None:
        """Write an empty line."""
        self._console.print()

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], tight: bool = False) -> None:
        """Write a table without rules: they are what a pipe, a log and a screen reader trip over.

        Parameters
        ----------
        columns : sequence of Column
        rows : sequence of sequences of Cell
        tight : bool
            One blank between columns instead of two.
        """
        from rich.table import Table

        left, right = (1, 0) if tight else (1, 1)
        table = Table(box=None, padding=(0, right, 0, left), header_style="bold")
        table.show_header = any(column.title for column in columns)
        cells = [[self._join((cell,)) for cell in row] for row in rows]
        widths = [
            _least(column, [self._join((column.title,)), *(row[index] for row in cells)])
            for index, column in enumerate(columns)
        ]
        for column, width in zip(columns, widths, strict=True):
            title = self._join((column.title,))
            no_wrap = not column.wraps
            table.add_column(title, justify=column.justify, no_wrap=no_wrap, overflow="fold", min_width=width)
        for row in cells:
            table.add_row(*row)
        needed = sum(widths) + len(columns) * (left + right)
        if needed > self.width:
            # Rich would cut the numbers: better a line that runs over the edge.
            table.width = needed
        self._console.print(table, crop=False)

    def finish(self) -> str:
        """Give the page as text, without blanks at the ends of lines."""
        return "".join(f"{line.rstrip()}\n" for line in self._sink.getvalue().split("\n")[:-1])

    def html(self) -> str:
        """Give a recorded page as HTML with inline styles, escaped."""
        body = self._console.export_html(inline_styles=True, code_format="{code}")
        return "\n".join(line.rstrip() for line in body.split("\n"))

    def _join(self, cells: Sequence[Cell]) -> Text:
        from rich.text import Text

        text = Text(overflow="fold")
        for cell in cells:
            string, style = (cell, "") if isinstance(cell, str) else cell
            text.append(self._look.text(string), style or None)
        return text


def _least(column: Column, cells: Sequence[Text]) -> int:
    widest = max(cell.cell_len for cell in cells)
    return min(widest, _LEAST) if column.wraps else widest


def _can_encode(symbol: str, encoding: str) -> bool:
    try:
        symbol.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _wants_color(stream: TextIO, environ: Mapping[str, str]) -> bool:
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environ.get("TERM") not in ("dumb", "unknown")


def _known_encoding(stream: TextIO) -> str:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        "".encode(encoding)
    except LookupError:
        return "ascii"
    return str(encoding)
