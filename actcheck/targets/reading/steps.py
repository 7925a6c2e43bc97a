"""The step by which a backward pass moves a parameter: of plain gradient descent, its size times the gradient."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from actcheck.targets.reading import rough
from actcheck.targets.reading.handing import Columns, Rows
from actcheck.targets.reading.leaves import Array, Path, Slot, follow, numbers_in, numbers_of


def step(functor: Any, path: Path, X: Array, C: Array, size: float) -> rough.Floats:
    """Give by how much a parameter is less after a forward and a backward pass than before.

    Parameters
    ----------
    functor : object
        That takes cotangents and a step size, on an object of its own.
    path : tuple
        Leads from the object to the parameter.
    X, C : ndarray
        Rows and cotangents.
    size : float
        The step size.
    """
    functor.move(size)
    # It may be made by the first forward pass.
    functor(X.copy())
    if isinstance(functor.handing, (Rows, Columns)):
        return _moved(functor, path, X, C)
    # The step of one sample is no part of the function that the next is given to.
    owner, total = functor.passes.parts.owner, np.zeros(np.shape(_held(functor, path)))
    for at in range(len(X)):
        before = {each: np.array(held) for each, held in numbers_of(owner).items()}
        total += _moved(functor, path, X[at : at + 1], C[at : at + 1])
        _put_back(owner, before)
    return total


def _moved(functor: Any, path: Path, X: Array, C: Array) -> rough.Floats:
    before = _held(functor, path)
    functor.pull(X.copy(), C.copy())
    return before - _held(functor, path)


def _put_back(owner: Any, before: Mapping[Path, Array]) -> None:
    """Put back the numbers that have moved."""
    after = numbers_of(owner)
    for path, held in before.items():
        now = after.get(path)
        if now is not None and now.shape == held.shape and not np.array_equal(now, held):
            Slot(owner, path).write(held)


def is_plain(make: Callable[[], Any], path: Path, X: rough.Floats) -> bool:
    """Tell whether a parameter is moved by something that can be a gradient: linear in the step size and the cotangent.

    Momentum, a decay of weights and a clipped step are not, and nothing can be told of the gradient behind them.
    """
    if not make().takes_step:
        return False
    shape = np.shape(make()(X.copy()))
    C, D = rough.cotangent(shape, 0.27), rough.cotangent(shape, 0.63)

    def seen(cotangent: rough.Floats, size: float) -> rough.Floats:
        return step(make(), path, X, cotangent, size)

    with np.errstate(all="ignore"):
        one, other = seen(C, 1.0), seen(D, 1.0)
        scale = np.max(np.abs(one)) + np.max(np.abs(other)) + np.max(np.abs(_held(make(), path)))
        half, both = seen(C, 0.5), seen(C + D, 1.0)
    is_linear = _same(2 * half, one, scale) and _same(both, one + other, scale)
    return bool(is_linear and not _same(one, np.zeros_like(one), scale))


def is_moved(make: Callable[[], Any], path: Path, X: rough.Floats) -> bool:
    """Tell whether a backward pass with a step size moves a parameter at all."""
    try:
        if not make().takes_step:
            return False
        with np.errstate(all="ignore"):
            return bool(step(make(), path, X, rough.cotangent(np.shape(make()(X.copy())), 0.27), 1.0).any())
    except Exception:
        return False


def _held(functor: Any, path: Path) -> rough.Floats:
    return np.array(numbers_in(follow(functor.passes.parts.owner, path)), dtype=float)


def _same(first: rough.Floats, second: rough.Floats, scale: float) -> bool:
    return bool(np.max(np.abs(first - second)) <= 1e-9 * scale)
