"""Where rows come from: held in memory, or read from a file a chunk at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from actcheck.dataclass import dataclass
from actcheck.model import Rows


class Source(Protocol):
    """Rows of one kind and width."""

    @property
    def kind(self) -> str:
        """What they are called; see `Rows`."""

    @property
    def width(self) -> int:
        """How many numbers a row has."""

    @property
    def count(self) -> int:
        """How many rows there are."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found out about where they come from."""

    def chunks(self) -> Iterator[Rows]:
        """Give the rows, in order, as often as they are asked for."""

    def close(self) -> None:
        """Leave nothing behind."""


@dataclass(frozen=True)
class Held:
    """Rows in memory."""

    rows: Rows
    notes: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """What they are called."""
        return self.rows.kind

    @property
    def width(self) -> int:
        """How many numbers a row has."""
        return int(self.rows.values.shape[1])

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.rows.values)

    def chunks(self) -> Iterator[Rows]:
        """Give them all at once."""
        if self.count:
            yield self.rows

    def close(self) -> None:
        """Leave nothing behind: there is nothing."""
