"""The harness: jobs alternate within one run, and what counts is the median of their ratios, round by round.

A machine that is shared slows down and speeds up within seconds; two jobs that run one after the other see nearly the
same machine, so their ratio says more than either of their times. Work within this process is measured in seconds of
processor time, which leaves out what the machine does meanwhile for others; whole processes in seconds on the clock.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Job = Callable[[], object]
Clock = Callable[[], float]


@dataclass(frozen=True)
class Line:
    """One line of the table.

    Parameters
    ----------
    what : str
        What was measured.
    ours, against : str
        What it came to, and what it is compared with, in words.
    ratio : float or None
        None where nothing could be measured; `ours` says why.
    limit : float or None
        None where there is none.
    spread : tuple of float
        The quartiles of the ratio, if it was measured several times.
    """

    what: str
    ours: str
    against: str = ""
    ratio: float | None = None
    limit: float | None = None
    spread: tuple[float, float] | None = None

    @property
    def is_over(self) -> bool:
        """Whether the limit is exceeded; a NaN exceeds any."""
        return self.limit is not None and not (self.ratio is not None and self.ratio <= self.limit)


def alternate(
    jobs: Mapping[str, Job], rounds: int, clock: Clock = time.process_time, warm_up: int = 1
) -> dict[str, list[float]]:
    """Run jobs in turn, and give each one's seconds round by round.

    Parameters
    ----------
    jobs : mapping of str to callable
    rounds : int
    clock : callable
        Processor time of this process, by default.
    warm_up : int
        Rounds before those, which do not count.
    """
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(-warm_up, rounds):
        for name, job in jobs.items():
            start = clock()
            job()
            taken = clock() - start
            if number >= 0:
                seconds[name].append(taken)
    return seconds


def compare(
    what: str, seconds: Mapping[str, Sequence[float]], ours: str, against: str, limit: float | None = None
) -> Line:
    """Give the line for two of the jobs that alternated."""
    ratios = [mine / other for mine, other in zip(seconds[ours], seconds[against], strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else 3 * ratios
    times = (duration(statistics.median(seconds[name])) for name in (ours, against))
    return Line(what, *times, middle, limit, (low, high))


def peak(job: Job) -> int:
    """Give the most bytes that a job has allocated at a time."""
    tracemalloc.start()
    try:
        job()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def duration(seconds: float) -> str:
    """Write a time with three digits."""
    return f"{seconds:.3g} s" if seconds >= 1 else f"{1e3 * seconds:.3g} ms"


def mebibytes(size: float) -> str:
    """Write a size of memory."""
    return f"{size / 2**20:.1f} MiB"


def table(lines: Sequence[Line]) -> str:
    """Write all lines as one plain table."""
    rows = [("benchmark", "ours", "against", "ratio", "(quartiles)", "limit", "")]
    rows += [_cells(line) for line in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "".join(f"{_row(row, widths)}\n" for row in rows)


def _cells(line: Line) -> tuple[str, ...]:
    ratio = "" if line.ratio is None else f"{line.ratio:.3g}"
    spread = "" if line.spread is None else f"({line.spread[0]:.3g} - {line.spread[1]:.3g})"
    limit = "" if line.limit is None else f"{line.limit:g}"
    verdict = "" if line.limit is None else "OVER" if line.is_over else "ok"
    return line.what, line.ours, line.against, ratio, spread, limit, verdict


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "  ".join([first, *others]).rstrip()
