"""Matrices as golden files, at 80 columns and without colour."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from actcheck.model import Layout, Outcome
from actcheck.reports import matrix
from actcheck.reports.canvas import Look

from . import samples


@pytest.mark.parametrize("name", samples.MATRICES)
def test_golden(name, golden):
    golden(f"matrix_{name}.txt", matrix.render(samples.MATRICES[name]))


def test_golden_in_ascii(golden):
    text = matrix.render(samples.MATRICES["wide"], Look(encoding="ascii"))
    assert text.isascii()
    golden("matrix_wide_ascii.txt", text)


def test_golden_in_color(golden):
    golden("matrix_rectangular_color.txt", matrix.render(samples.MATRICES["rectangular"], Look(color=True)))


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("name", samples.MATRICES)
def test_fits_80_columns(name, encoding):
    text = matrix.render(samples.MATRICES[name], Look(encoding=encoding))
    assert max(map(len, text.splitlines()[:-1])) <= 80


def test_an_ordinary_8_by_8_matrix_is_shown_whole():
    assert "…" not in matrix.render(samples.MATRICES["eight"])


@pytest.mark.parametrize("place", [(0, 0), (17, 203), (299, 150), (2, 299), (3, 3), (150, 296)])
def test_the_worst_entry_is_always_shown(place):
    matrices = samples.softmax_matrices(300)
    error = matrices.error.copy()
    error[place] = 0.625
    text = matrix.render(samples.jacobian(replace(matrices, error=error), Outcome.FAILED))
    assert re.search(rf"^ a\[{place[0]}\].* 0\.63\*", text, re.MULTILINE)
    assert f"x[{place[1]}]" in text


def test_a_nan_error_is_marked_wrong():
    matrices = samples.softmax_matrices(3)
    error = matrices.error.copy()
    error[1, 2] = samples.NAN
    assert " nan*" in matrix.render(samples.jacobian(replace(matrices, error=error)))


def test_the_other_layout_is_turned_and_named():
    matrices = replace(samples.softmax_matrices(3), analytic=np.arange(9.0).reshape(3, 3), layout=Layout.IN_OUT)
    text = matrix.render(samples.jacobian(matrices))
    assert "layout in-out: line j, column i is ∂a[i]/∂x[j]" in text
    assert re.search(r"^ x\[0\] +0 +3 +6$", text, re.MULTILINE)


@pytest.mark.parametrize("width", [80, 100, 200])
def test_numbers_of_extreme_size_cost_columns_never_digits(width):
    n = 8
    values = -1.2345e-300 * np.ones((n, n))
    matrices = replace(samples.softmax_matrices(n), analytic=values, numeric=values)
    text = matrix.render(samples.jacobian(matrices), Look(width=width))
    assert re.search(r"-1\.2\d*e-300", text)
    assert max(map(len, text.split("\n"))) <= width
