"""Small plots of text: a curve with numbers at its axes, in Braille dots, or in ASCII where these cannot be shown."""

from __future__ import annotations

from collections.abc import Sequence

from actcheck.dataclass import dataclass
from actcheck.reports.canvas import PLAIN, Look
from actcheck.reports.words import number

WIDTH, HEIGHT = 29, 12
"""Characters of the plot itself. The width is odd: the vertical axis then stands in the middle."""

_LABEL = 8
_GAP = 3
_DIGITS = (3, 2, 1)
_HUGE = 1e307


@dataclass(frozen=True)
class _Pen:
    """What a plot is drawn with.

    Parameters
    ----------
    columns, rows : int
        Dots to a cell.
    weights : tuple of tuple of int
        By row and column, the power of two that each dot of a cell stands for.
    signs : str
        For each sum of such powers, its sign.
    axes : tuple of str
        The horizontal one, the vertical one, and where they cross.
    """

    columns: int
    rows: int
    weights: tuple[tuple[int, ...], ...]
    signs: str
    axes: tuple[str, str, str]


_BRAILLE = _Pen(2, 4, ((1, 8), (2, 16), (4, 32), (64, 128)), "".join(map(chr, range(0x2800, 0x2900))), ("─", "│", "┼"))
_ASCII = _Pen(1, 2, ((1,), (2,)), " '.:", ("-", "|", "+"))


@dataclass(frozen=True)
class Curve:
    """Points of a function, close enough to each other to be drawn as they are: a jump then stays a jump.

    Parameters
    ----------
    title : str
    xs, ys : sequence of float
        The ends of `xs` are those of the interval, its middle is 0. What is not finite in `ys`, or so large that a
        difference would overflow, is not drawn.
    """

    title: str
    xs: Sequence[float]
    ys: Sequence[float]


def draw(curves: Sequence[Curve], look: Look = PLAIN) -> tuple[str, ...]:
    """Draw curves side by side, each with an axis of its own.

    Side by side and not into each other: without colour they could not be told apart.

    Parameters
    ----------
    curves : sequence of Curve
    look : Look
        Whose encoding the lines must survive.

    Returns
    -------
    tuple of str
        A line of titles, `HEIGHT` lines, and one of numbers; 79 characters wide for two curves.
    """
    signs = _BRAILLE.signs + "".join(_BRAILLE.axes)
    pen = _BRAILLE if look.text(signs) == signs else _ASCII
    plots = [_plot(curve, pen) for curve in curves]
    width = _LABEL + 1 + WIDTH
    lines = [(" " * _GAP).join(f"{line:<{width}}" for line in each) for each in zip(*plots, strict=True)]
    return tuple(line.rstrip() for line in lines)


def _plot(curve: Curve, pen: _Pen) -> list[str]:
    low, high = _range(curve.ys)
    zero = _height(0, low, high, pen) // pen.rows
    # The last one stays where two fall on one row.
    labels = {0: _label(high), HEIGHT - 1: _label(low), zero: "0"}
    rows = [list(row) for row in _axes(pen, zero)]
    for (column, row), weight in _cells(curve, pen, low, high).items():
        rows[row][column] = pen.signs[weight]
    texts = [curve.title.center(WIDTH), *map("".join, rows), _feet(curve.xs)]
    return [f"{labels.get(row, ''):>{_LABEL}} {text}" for row, text in enumerate(texts, -1)]


def _range(ys: Sequence[float]) -> tuple[float, float]:
    """Give the least and the greatest value; 0 belongs to them, so that a slope of 1 looks like one."""
    drawn = [0.0, *filter(_is_drawn, ys)]
    low, high = min(drawn), max(drawn)
    return (low, high) if low < high else (0.0, 1.0)


def _is_drawn(y: float) -> bool:
    return abs(y) < _HUGE


def _height(y: float, low: float, high: float, pen: _Pen) -> int:
    """Give the row of dots that a value falls on, from the top."""
    return round((high - y) / (high - low) * (HEIGHT * pen.rows - 1))


def _axes(pen: _Pen, zero: int) -> list[str]:
    side = WIDTH // 2
    across, up, origin = pen.axes
    crossing = across * side + origin + across * side
    return [crossing if row == zero else up.center(WIDTH) for row in range(HEIGHT)]


def _cells(curve: Curve, pen: _Pen, low: float, high: float) -> dict[tuple[int, int], int]:
    """Give the sum of the weights of the dots in each cell that has any, by column and row."""
    cells: dict[tuple[int, int], int] = {}
    left, right, columns = curve.xs[0], curve.xs[-1], WIDTH * pen.columns
    for x, y in zip(curve.xs, curve.ys, strict=True):
        if _is_drawn(y):
            column, dot_x = divmod(min(int((x - left) / (right - left) * columns), columns - 1), pen.columns)
            row, dot_y = divmod(_height(y, low, high, pen), pen.rows)
            cells[column, row] = cells.get((column, row), 0) | pen.weights[dot_y][dot_x]
    return cells


def _feet(xs: Sequence[float]) -> str:
    half = WIDTH // 2
    return f"{number(xs[0]):<{half}}0{number(xs[-1]):>{half}}"


def _label(value: float) -> str:
    return next(text for digits in _DIGITS if len(text := number(value, digits)) <= _LABEL)
