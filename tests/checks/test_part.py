"""Rows as lines: the blocks that they are compared in, and the gradient along them."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.checks.part import PASS_ELEMENTS, Part

from .cases import SOFTMAX, TANH, rows, subject


def part(functor, batch, width, jacobian):
    one = subject(functor, width, jacobian=jacobian)
    group = rows(*np.random.default_rng(0).normal(size=(batch, width)))
    return Part.of(one, group, one.gradient(group.values), None)


@pytest.mark.parametrize(("batch", "width"), [(1, 3), (5, 3), (7, 100), (3, 300), (2, 700)])
def test_blocks_cover_every_line_once(batch, width):
    made = part(SOFTMAX, batch, width, True)
    covered = np.concatenate([block.index for block in made.blocks])
    np.testing.assert_array_equal(covered, np.arange(batch * width))
    assert all(block.index.size * width <= max(PASS_ELEMENTS, width) for block in made.blocks)


@pytest.mark.parametrize(("batch", "width"), [(5, 3), (3, 300)])
def test_the_gradient_of_a_block_is_that_of_its_lines(batch, width):
    made = part(SOFTMAX, batch, width, True)
    for block in made.blocks:
        along = made.analytic_in(block).reshape(-1, width)
        np.testing.assert_array_equal(along, made.analytic_of(block.index))
        row, column = divmod(int(block.index[-1]), width)
        np.testing.assert_array_equal(along[-1], made.gradient[row, :, column])
        np.testing.assert_array_equal(made.centre_in(block)[-1], made.centre_of(block.index)[-1])


def test_along_a_diagonal_a_block_is_whole_rows_with_lines_of_their_own():
    made = part(TANH, 90, 1000, False)
    assert made.shape == (90 * 1000, 1)
    assert len(made.blocks) > 1
    for block in made.blocks:
        lines, index = made.lines_in(block)
        np.testing.assert_array_equal(lines.coordinate(index), made.x[block.index, 0])
        np.testing.assert_array_equal(made.analytic_in(block), made.analytic_of(block.index))
        np.testing.assert_array_equal(made.centre_in(block), made.centre_of(block.index))
