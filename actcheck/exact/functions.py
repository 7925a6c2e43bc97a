"""NumPy's functions of arrays, where they cannot do with arrays of jets what they do with numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cmp_to_key
from typing import Any

import numpy as np

from actcheck.exact.arrays import Conditions, Reals, _plain, _refuse_more, finished, reals
from actcheck.exact.evaluation import refuse
from actcheck.exact.jets import choose, is_open
from actcheck.exact.scalars import SCALARS

_Function = Callable[..., Any]
_OWN: dict[Any, _Function] = {}
_CHOOSE = np.frompyfunc(choose, 3, 1)

_PLAIN = {np.dot, np.inner, np.vdot, np.einsum, np.concatenate, np.outer, np.tensordot, np.kron}
_REFUSED = {
    *("partition", "argpartition", "lexsort", "searchsorted", "digitize", "unique", "median", "percentile", "quantile"),
    *("nanmedian", "nanpercentile", "nanquantile", "interp", "histogram", "bincount", "gradient", "trapezoid"),
}


def call(func: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """Do what a function of NumPy's does, on arrays of jets.

    Raises
    ------
    NotReplayable
        If it cannot be done.
    """
    own = _OWN.get(func)
    if own is not None:
        return own(*args, **kwargs)
    if func.__name__ in _REFUSED:
        raise refuse(f"it calls {func.__name__}, which has no replay")
    if func in _PLAIN:
        args = tuple(_deep(each) for each in args)
    result = func._implementation(*args, **kwargs)
    return finished(result) if isinstance(result, np.ndarray) and result.view(np.ndarray).dtype == object else result


def _deep(value: Any) -> Any:
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else _plain(value)


def _does(*functions: Any) -> Callable[[_Function], _Function]:
    def keep(function: _Function) -> _Function:
        _OWN.update(dict.fromkeys(functions, function))
        return function

    return keep


# ------------------------------------------------------------------------------------------ choices


@_does(np.where)
def _where(condition: Any, *values: Any) -> Any:
    if not values:
        return np.nonzero(condition)
    if isinstance(condition, Reals) and not isinstance(condition, Conditions):
        condition = condition != 0
    if isinstance(condition, Conditions) or is_open(condition):
        return finished(np.asarray(_CHOOSE(*map(_objects, (condition, *values))), object))
    chosen = np.where(np.asarray(condition).view(np.ndarray), *map(_objects, values))
    return finished(chosen)


def _objects(value: Any) -> Any:
    plain = _plain(value)
    if isinstance(plain, np.ndarray):
        return plain.astype(object)
    array = np.empty((), object)
    array[()] = plain
    return array


@_does(np.select)
def _select(conditions: Sequence[Any], choices: Sequence[Any], default: Any = 0) -> Any:
    result: Any = reals(np.zeros(np.broadcast_shapes(*(np.shape(each) for each in (*conditions, *choices)))) + default)
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        result = np.where(condition, choice, result) if _has_jets(condition) else _where(condition, choice, result)
    return result


def _has_jets(value: Any) -> bool:
    return isinstance(value, Reals)


@_does(np.piecewise)
def _piecewise(x: Any, conditions: Any, functions: Sequence[Any], *args: Any, **kwargs: Any) -> Any:
    x = reals(x) if not isinstance(x, Reals) else x
    given = conditions if isinstance(conditions, (list, tuple)) else [conditions]
    given = list(given)
    result = reals(np.zeros(x.shape))
    if len(functions) == len(given) + 1:
        others = np.zeros(x.shape, bool)
        for each in given:
            others = np.logical_or(others, each)
        given.append(np.logical_not(others))
    for condition, function in zip(given, functions, strict=True):
        if isinstance(condition, Conditions):
            value = function(x, *args, **kwargs) if callable(function) else function
            result = _where(condition, value, result)
            continue
        mask = np.asarray(condition, bool).view(np.ndarray)
        if mask.any():
            result[mask] = function(x[mask], *args, **kwargs) if callable(function) else function
    return result


@_does(np.clip)
def _clip(a: Any, a_min: Any = None, a_max: Any = None, out: Any = None, **more: Any) -> Any:
    low, high = more.pop("min", a_min), more.pop("max", a_max)
    _refuse_more("clip", more)
    result = np.maximum(a, -np.inf if low is None else low)
    return np.minimum(result, np.inf if high is None else high, out=out)


# ------------------------------------------------------------------------------------------ order


def _rising(first: Any, second: Any) -> int:
    if bool(SCALARS["less"](first, second)):
        return -1
    return int(bool(SCALARS["greater"](first, second)))


def order_of(array: Any, axis: Any) -> Any:
    """Give where the values are in rising order, equal ones in the order that they have."""
    values = _plain(array)
    if axis is None:
        values, axis = values.reshape(-1), -1

    def order(line: Any) -> list[int]:
        return sorted(range(len(line)), key=cmp_to_key(lambda one, other: _rising(line[one], line[other])))

    return _along(order, values, axis)


def first_of(name: str, array: Any, axis: Any, keepdims: bool) -> Any:
    """Give where the value is that is less, or greater, than all before and no others."""
    values = _plain(array)
    kept = keepdims and [1] * values.ndim
    if axis is None:
        values, axis = values.reshape(-1), -1
    elif keepdims:
        kept = [1 if each == axis % values.ndim else size for each, size in enumerate(values.shape)]

    def best(line: Any) -> list[int]:
        found = 0
        for index in range(1, len(line)):
            if bool(SCALARS[name](line[index], line[found])):
                found = index
        return [found]

    result = _along(best, values, axis)
    result = np.squeeze(result, axis)
    return result.reshape(kept) if kept else result[()]


def _along(function: Callable[[Any], list[int]], values: Any, axis: int) -> Any:
    lines = np.moveaxis(values, axis, -1)
    found = [function(line) for line in lines.reshape(-1, lines.shape[-1])]
    result = np.array(found, dtype=np.intp).reshape((*lines.shape[:-1], -1))
    return np.moveaxis(result, -1, axis)


# ------------------------------------------------------------------------------------------ new arrays


def _like(value: float) -> _Function:
    def make(a: Any, dtype: Any = None, *args: Any, shape: Any = None, **kwargs: Any) -> Any:
        from actcheck.exact.standins import is_real

        shape = np.shape(a) if shape is None else shape
        full = np.full(shape, value)
        return reals(full) if dtype is None or is_real(dtype) else full.astype(dtype)

    return make


_does(np.zeros_like, np.empty_like)(_like(0.0))
_does(np.ones_like)(_like(1.0))


@_does(np.full_like)
def _full_like(a: Any, fill_value: Any, dtype: Any = None, *args: Any, shape: Any = None, **kwargs: Any) -> Any:
    result = _like(0.0)(a, shape=shape)
    result[...] = fill_value
    return result if dtype is None else result.astype(dtype)


# ------------------------------------------------------------------------------------------ numbers


@_does(np.diag)
def _diag(v: Any, k: int = 0) -> Any:
    if np.ndim(v) != 1:
        return np.diagonal(v, k).copy()
    size = len(v) + abs(k)
    result = reals(np.zeros((size, size)))
    lines = np.arange(len(v))
    result[lines + max(-k, 0), lines + max(k, 0)] = v
    return result


@_does(np.nan_to_num)
def _nan_to_num(x: Any, *args: Any, **kwargs: Any) -> Any:
    def replace(value: Any) -> Any:
        return value if is_open(value) else float(np.nan_to_num(value, *args, **kwargs))

    return finished(np.asarray(np.frompyfunc(replace, 1, 1)(_plain(x)), object))


@_does(np.real, np.real_if_close)
def _unchanged(value: Any, *args: Any, **kwargs: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


@_does(np.imag)
def _imaginary(value: Any) -> Any:
    return np.zeros_like(value)


@_does(np.result_type)
def _result_type(*values: Any) -> Any:
    return np.result_type(*(each.dtype if isinstance(each, Reals) else each for each in values))


@_does(np.round, np.around)
def _round(a: Any, decimals: int = 0, out: Any = None) -> Any:
    return a.round(decimals, out)


@_does(np.sinc)
def _sinc(x: Any) -> Any:
    return finished(np.asarray(np.frompyfunc(SCALARS["sinc"], 1, 1)(_plain(x)), object))


@_does(np.count_nonzero)
def _count_nonzero(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    decided = np.array([bool(each) for each in a.flat]).reshape(a.shape)
    return np.count_nonzero(decided, axis=axis, keepdims=keepdims)


@_does(np.nonzero)
def _nonzero(a: Any) -> Any:
    return np.nonzero(np.array([bool(each) for each in a.flat], dtype=bool).reshape(a.shape))


@_does(np.linalg.norm)
def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    is_of_matrix = isinstance(axis, tuple) or (axis is None and np.ndim(x) > 1)
    if ord in (None, "fro") or (ord == 2 and not is_of_matrix):
        return np.sqrt(np.sum(np.square(x), axis=axis, keepdims=keepdims))
    if is_of_matrix:
        raise refuse(f"it takes the matrix norm {ord}")
    size = np.abs(x)
    if ord in (math.inf, -math.inf):
        return (np.max if ord > 0 else np.min)(size, axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(size, axis=axis, keepdims=keepdims)
    if ord == 0:
        raise refuse("it counts entries that are not 0")
    return np.sum(size**ord, axis=axis, keepdims=keepdims) ** (1 / ord)


@_does(np.allclose)
def _allclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, **kwargs: Any) -> bool:
    return bool(np.all(_isclose(a, b, rtol, atol)))


@_does(np.isclose)
def _isclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, **kwargs: Any) -> Any:
    return np.less_equal(np.abs(np.subtract(a, b)), np.add(atol, np.multiply(rtol, np.abs(b))))
