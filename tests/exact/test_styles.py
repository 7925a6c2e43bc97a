from __future__ import annotations

import numpy as np
import pytest
from functors.seed import SEED_RIGHT, SEED_WRONG

from actcheck.activations import LayerNorm, LogSoftmax, Softmax, SwiGLU
from actcheck.exact.replay import ReplayError
from actcheck.targets.trace import user_frames

from . import styles
from .proving import along, elementwise, is_proved

BASE = [0.5, -1.25, 2.0, 0.125]
TURN = [1.0, -0.75, 0.5, 0.25]


def test_there_are_at_least_twelve():
    assert len(styles.PROVED) >= 12


@pytest.mark.parametrize("style", styles.PROVED)
def test_right_ones_are_proved(style):
    result = elementwise(style(), -5, 5, inputs=2)
    assert is_proved(result), (result.wrong[:1], result.left[:1])


@pytest.mark.parametrize("style", styles.REFUTED)
def test_wrong_ones_are_refuted(style):
    assert elementwise(style(), -5, 5).wrong


@pytest.mark.parametrize("style", styles.ROWS)
def test_functions_of_the_row(style):
    result = along(style(), BASE, TURN, -2, 2)
    assert is_proved(result) is styles.ROWS[style]
    assert bool(result.wrong) is not styles.ROWS[style]


@pytest.mark.parametrize("style", styles.EXPLAINED)
def test_others_are_explained_with_the_line(style):
    line, why = styles.EXPLAINED[style]
    with pytest.raises(ReplayError) as caught:
        elementwise(style(), -5, 5)
    assert why in caught.value.why
    frames = user_frames(caught.value.cause)
    assert line in frames[-1].line
    assert frames[-1].filename.endswith("styles.py")


@pytest.mark.parametrize("case", [*SEED_RIGHT, *SEED_WRONG], ids=lambda case: case.name)
def test_the_seed_as_printed(case):
    functor = case.make()
    X = np.array([BASE])
    is_full = np.asarray(functor.gradient(X)).ndim == 3
    result = along(functor, BASE, TURN, -2, 2) if is_full else elementwise(functor, -5, 5)
    assert bool(result.wrong) is bool(case.fault), (result.wrong, result.left)
    assert case.fault or is_proved(result)


@pytest.mark.parametrize("kind", [Softmax, LogSoftmax, SwiGLU, LayerNorm])
def test_nothing_of_the_users_is_touched(kind):
    functor = kind()
    before = dict(vars(functor)), dict(vars(kind)), np.zeros is np.zeros
    along(functor, BASE, TURN, -0.25, 0.25)
    assert (dict(vars(functor)), dict(vars(kind)), True) == before
    assert isinstance(functor(np.array([BASE])).flat[0], np.float64)
    assert styles.np is np
    assert type(np.zeros(1)) is np.ndarray
