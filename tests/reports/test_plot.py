"""Small plots: dots where the values are, numbers where they belong, in whatever the encoding has."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcheck.reports.canvas import Look
from actcheck.reports.plot import HEIGHT, WIDTH, Curve, draw

STEPS = 500
ASCII = Look(encoding="ascii")
MARGIN = 9


def curve(function, reach=5.0, title="f(x)"):
    xs = [reach * step / STEPS for step in range(-STEPS, STEPS + 1)]
    return Curve(title, xs, [function(x) for x in xs])


def cells(lines):
    """Give the plot itself, without titles, numbers and the right margin."""
    return [f"{line:{MARGIN + WIDTH}}"[MARGIN:] for line in lines[1:-1]]


def relu(x):
    return max(x, 0.0)


def test_a_straight_line():
    assert draw([curve(lambda x: x)], ASCII) == (
        "                      f(x)",
        "       5               |            .:",
        "                       |         .:''",
        "                       |       .:'",
        "                       |    .:''",
        "                       |  .:'",
        "                       .:'",
        "       0 ------------.:'--------------",
        "                  .:'  |",
        "               ..:'    |",
        "             .:'       |",
        "          ..:'         |",
        "      -5 :'            |",
        "         -5            0             5",
    )


def test_two_curves_side_by_side():
    """They fit in 80 columns, and each has an axis of its own."""
    lines = draw([curve(relu), curve(lambda x: 0.25 * (x > 0), title="f'(x)")])
    assert max(map(len, lines)) <= 80
    assert lines[0].split() == ["f(x)", "f'(x)"]
    assert [lines[1].split()[0], lines[1].split()[-2]] == ["5", "0.25"]
    assert lines[-1].split() == ["-5", "0", "5"] * 2
    alone = draw([curve(relu)])
    assert [line[: MARGIN + WIDTH].rstrip() for line in lines] == list(alone)


def test_braille_where_it_can_be_shown():
    assert "⣀" in draw([curve(relu)])[HEIGHT]
    for encoding in ("ascii", "latin-1", "cp1252", "cp437"):
        assert all(line.isascii() for line in draw([curve(relu)], Look(encoding=encoding)))


def test_a_jump_stays_a_jump():
    """A vertical line would tell of values that are not taken."""
    for look, at in ((Look(), " ⠁│"), (ASCII, " '|")):
        rows = cells(draw([curve(lambda x: 1.0 if abs(x) > 1 else 0.0)], look))
        assert set("".join(rows[1 : HEIGHT - 1])) <= set(at)


def test_a_single_point_is_a_dot():
    """The gradient that is chosen at a kink is one."""
    rows = cells(draw([curve(lambda x: 0.5 if x == 0 else float(x > 0))], ASCII))
    middle = [row[WIDTH // 2] for row in rows[1:-1]]
    assert middle.count("|") == len(middle) - 1


def test_zero_is_always_on_the_axis():
    """A slope between 0.9 and 1 must not look like one between 0 and 1."""
    lines = draw([curve(lambda x: 1 - 0.01 * abs(x))], ASCII)
    assert lines[1].split()[0] == "1"
    assert lines[HEIGHT].split()[0] == "0"
    lines = draw([curve(lambda x: -3.0)], ASCII)
    assert lines[1].split()[0] == "0"
    assert lines[HEIGHT].split()[0] == "-3"


def test_the_number_0_wins_where_two_fall_on_one_row():
    lines = draw([curve(lambda x: x if x > 0 else 0.01 * x)], ASCII)
    assert lines[HEIGHT].split()[0] == "0"


def test_nothing_but_zero():
    lines = draw([curve(lambda x: 0.0)], ASCII)
    assert cells(lines)[-1] == "." * WIDTH
    assert lines[1].split()[0] == "1"


@pytest.mark.parametrize("hole", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_left_out(hole):
    rows = cells(draw([curve(lambda x: hole if x > 0 else -x)], ASCII))
    assert set("".join(row[WIDTH // 2 + 1 :] for row in rows)) <= {" ", "-"}
    everywhere = cells(draw([curve(lambda x: hole)], ASCII))
    assert set("".join(everywhere)) <= set(" -|+")


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@settings(max_examples=150, deadline=None)
@given(st.lists(st.floats(), min_size=3, max_size=40), st.floats(1e-3, 1e6))
def test_any_numbers_make_a_plot(encoding, ys, reach):
    """Huge and tiny, next to each other: always the same size, and a dot for each that can be drawn."""
    xs = [-reach + 2 * reach * index / (len(ys) - 1) for index in range(len(ys))]
    lines = draw([Curve("f(x)", xs, ys)], Look(encoding=encoding))
    assert len(lines) == HEIGHT + 2
    assert max(map(len, lines)) <= MARGIN + WIDTH
    columns = ["".join(column) for column in zip(*cells(lines), strict=True)]
    for x, y in zip(xs, ys, strict=True):
        column = min(int((x - xs[0]) / (xs[-1] - xs[0]) * WIDTH), WIDTH - 1)
        if abs(y) < 1e307:
            assert set(columns[column]) - set(" -|+─│┼")
