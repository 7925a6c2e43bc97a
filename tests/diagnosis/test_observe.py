import numpy as np
import pytest
from functors import right, wrong
from functors.right import RIGHT

from actcheck.diagnosis.observe import MOST_ROWS

from .observing import evidence_of


def test_at_most_so_many_rows_are_looked_at():
    assert evidence_of(wrong.TanhDoubled()).batch <= MOST_ROWS
    assert evidence_of(right.Softmax(), dim=64).batch <= 16


def test_no_row_stands_twice_and_neighbours_are_unlike():
    X = evidence_of(wrong.TanhDoubled()).X
    assert len(np.unique(X, axis=0)) == len(X)
    assert not np.array_equal(X, np.unique(X, axis=0))


@pytest.mark.parametrize("functor", [wrong.SineFlippedInNarrowBand(), wrong.MishJustBelowZero()])
def test_rows_of_the_sweep_that_show_the_fault_are_among_them(functor):
    evidence = evidence_of(functor)
    assert np.count_nonzero(evidence.to_explain) >= 4
    assert np.count_nonzero(evidence.known & ~evidence.wrong) > 50


def test_the_same_functor_gives_the_same_evidence():
    first, second = evidence_of(wrong.TanhDoubled()), evidence_of(wrong.TanhDoubled())
    assert first.X.tobytes() == second.X.tobytes()
    assert first.numeric.tobytes() == second.numeric.tobytes()


@pytest.mark.parametrize("case", RIGHT, ids=lambda case: case.name)
def test_nothing_is_to_be_explained_of_a_right_functor(case):
    width = next(width for width in (5, 6, 4, 8, 3, 2, 1) if case.widths is None or width in case.widths)
    evidence = evidence_of(case.make(), dim=width)
    assert evidence is None or not evidence.to_explain.any()
