"""What the functor's code finds under the names ``np``, ``math``, ``scipy`` and ``float`` while it is replayed.

Arrays that it makes must take jets, and `math` must take them as well; all else is the real thing.
"""

from __future__ import annotations

import builtins
import math
import sys
from collections.abc import Callable, Mapping
from functools import cache, wraps
from types import ModuleType
from typing import Any

import numpy as np

from actcheck.exact.arrays import Mask, Reals, _plain, finished, reals
from actcheck.exact.evaluation import is_strict, refuse
from actcheck.exact.jets import Jet, is_open
from actcheck.exact.scalars import SCALARS


class _IsReal(type):
    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, (builtins.float, Jet))

    def __subclasscheck__(cls, other: type) -> bool:
        return issubclass(other, (builtins.float, Jet))

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is builtins.float

    def __hash__(cls) -> int:
        return hash(builtins.float)


class RealNumber(metaclass=_IsReal):
    """Stands in for `float`: a jet stays what it is."""

    def __new__(cls, value: Any = 0.0) -> Any:
        """Give a jet itself, and what else is a number as a float."""
        if isinstance(value, Reals) and value.size == 1:
            value = value.reshape(-1)[0]
        return value if isinstance(value, Jet) else builtins.float(value)

    fromhex = staticmethod(builtins.float.fromhex)


def is_real(dtype: Any) -> bool:
    """Tell whether a type stands for real numbers: what one shorter than float64 holds is rounded."""
    return dtype is RealNumber or is_long(np.dtype(dtype))


def is_long(dtype: Any) -> bool:
    """Tell whether a type of NumPy's holds a float64 as it is, or whether that does not matter."""
    if dtype.kind == "f" and not is_strict():
        return True
    return dtype.kind == "O" or dtype in (np.dtype(np.float64), np.dtype(np.longdouble))


class StandIn(ModuleType):
    """A module some of whose names are others."""

    def __init__(self, real: ModuleType, own: Mapping[str, Any], other: Callable[[Any], Any]) -> None:
        super().__init__(real.__name__)
        self._real, self._own, self._other = real, own, other

    def __getattr__(self, name: str) -> Any:
        if name in self._own:
            return self._own[name]
        return self._other(getattr(self._real, name))


# ------------------------------------------------------------------------------------------ NumPy


def _made(dtype: Any, values: Any) -> Any:
    return reals(values) if dtype is None or is_real(dtype) else np.asarray(values).astype(_real_type(dtype))


def _real_type(dtype: Any) -> Any:
    return builtins.float if dtype is RealNumber else dtype


def _zeros(shape: Any, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
    return _made(dtype, np.zeros(shape))


def _ones(shape: Any, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
    return _made(dtype, np.ones(shape))


def _full(shape: Any, fill_value: Any, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
    if is_open(fill_value) or isinstance(fill_value, Reals):
        result = reals(np.zeros(shape))
        result[...] = fill_value
        return result
    made = np.full(shape, fill_value)
    return made if dtype is None and made.dtype.kind in "biu" else _made(dtype, made)


def _eye(N: int, M: Any = None, k: int = 0, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
    return _made(dtype, np.eye(N, M, k))


def _identity(n: int, dtype: Any = None, **kwargs: Any) -> Any:
    return _made(dtype, np.eye(n))


def _array(value: Any, dtype: Any = None, *args: Any, copy: Any = True, ndmin: int = 0, **kwargs: Any) -> Any:
    array = _as_array(value, dtype)
    array = array.copy() if array is value and copy else array
    while array.ndim < ndmin:
        array = array[None]
    return array


def _as_array(value: Any, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
    if isinstance(value, (Reals, Mask)):
        same = dtype is None or (isinstance(value, Reals) and is_real(dtype))
        return value if same else value.astype(_real_type(dtype))
    if not _holds_jets(value):
        made = np.asarray(value, dtype=_real_type(dtype))
        return reals(made) if made.dtype.kind == "f" and is_long(made.dtype) else made
    if is_open(value):
        array = np.empty((), object)
        array[()] = value
    else:
        array = np.stack([np.asarray(_plain(_as_array(each)), object) for each in value])
    made = finished(array)
    return made if dtype is None else made.astype(dtype)


def _holds_jets(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_holds_jets, value))
    return is_open(value) or isinstance(value, Reals)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, Jet) or bool(np.isscalar(value))


class _Vectorize:
    """Stands in for `numpy.vectorize`."""

    def __init__(self, pyfunc: Any = None, otypes: Any = None, *args: Any, **options: Any) -> None:
        if args or any(options.values()):
            raise refuse("it calls vectorize with excluded arguments, a cache or a signature")
        if otypes is not None and len(otypes) != 1:
            raise refuse("it calls vectorize for several results")
        self.pyfunc, self.otype = pyfunc, None if otypes is None else otypes[0]

    def __call__(self, *args: Any) -> Any:
        if self.pyfunc is None:
            return type(self)(*args, None if self.otype is None else [self.otype])
        made = _elementwise(self.pyfunc, *args)
        otype = self.otype
        if otype is None and isinstance(made, np.ndarray) and made.size and _is_whole(made.flat[0]):
            # The first result decides: a function that gives 1 here and 0.5 there gives 1 and 0.
            otype = np.int64
        return made if otype is None else made.astype(_real_type(otype))


def _is_whole(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_))


def _elementwise(function: Any, *args: Any) -> Any:
    arrays = [np.asarray(_plain(_as_array(each)), object) for each in args]
    return finished(np.asarray(np.frompyfunc(function, len(arrays), 1)(*arrays), object))


def _from_pyfunc(function: Any, nin: int, nout: int, **kwargs: Any) -> Any:
    if nout != 1:
        raise refuse("it calls frompyfunc with several results")
    return lambda *args: _elementwise(function, *args)


def _apply_along_axis(function: Any, axis: int, array: Any, *args: Any, **kwargs: Any) -> Any:
    lines = np.moveaxis(_as_array(array), axis, -1)
    results = [_as_array(function(line, *args, **kwargs)) for line in lines.reshape(-1, lines.shape[-1])]
    result = _as_array(results)
    result = result.reshape((*lines.shape[:-1], *result.shape[1:]))
    return np.moveaxis(result, -1, axis) if result.ndim == lines.ndim else result


_NUMPY = {
    "zeros": _zeros,
    "empty": _zeros,
    "ones": _ones,
    "full": _full,
    "eye": _eye,
    "identity": _identity,
    "array": _array,
    "asarray": _as_array,
    "asanyarray": _as_array,
    "ascontiguousarray": _as_array,
    "asfortranarray": _as_array,
    "isscalar": _is_scalar,
    "vectorize": _Vectorize,
    "frompyfunc": _from_pyfunc,
    "apply_along_axis": _apply_along_axis,
}


def _of_numpy(thing: Any) -> Any:
    """Make a function of NumPy's give arrays that take jets."""
    if isinstance(thing, ModuleType):
        return StandIn(thing, {}, _of_numpy) if thing.__name__ == "numpy.linalg" else thing
    if isinstance(thing, (type, np.ufunc)) or not callable(thing):
        return thing
    return _giving_reals(thing)


@cache
def _giving_reals(function: Any) -> Any:
    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if "dtype" in kwargs:
            kwargs["dtype"] = _real_type(kwargs["dtype"])
        result = function(*(_as_array(each) if _is_list_of_jets(each) else each for each in args), **kwargs)
        if isinstance(result, (tuple, list)):
            return type(result)(map(_given, result)) if type(result) in (tuple, list) else result
        return _given(result)

    return call


def _is_list_of_jets(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and _holds_jets(value) and not isinstance(value[0], np.ndarray)


def _given(result: Any) -> Any:
    is_plain = type(result) is np.ndarray and result.dtype.kind == "f" and is_long(result.dtype)
    return reals(result) if is_plain else result


NUMPY = StandIn(np, _NUMPY, _of_numpy)

# ------------------------------------------------------------------------------------------ math


def _of_math(name: str) -> Callable[..., Any]:
    real = getattr(math, name)

    @wraps(real)
    def call(*values: Any) -> Any:
        values = tuple(each.reshape(-1)[0] if isinstance(each, Reals) and each.size == 1 else each for each in values)
        if not any(is_open(each) for each in values):
            return real(*values)
        if name == "log" and len(values) == 2:
            return SCALARS["log"](values[0]) / call(values[1])
        if name == "hypot" and len(values) != 2:
            return SCALARS["sqrt"](sum(each * each for each in values))
        result = SCALARS[name](*values)
        return int(result) if name in _WHOLE and isinstance(result, builtins.float) else result

    return call


# `math.remainder` goes to the nearest multiple, which `numpy.remainder` does not.
_MATH_NAMES = [name for name in dir(math) if name in SCALARS and name != "remainder"]
_WHOLE = ("floor", "ceil", "trunc")
MATH = StandIn(math, {name: _of_math(name) for name in _MATH_NAMES}, lambda thing: thing)

# ------------------------------------------------------------------------------------------ SciPy


def _logsumexp(a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False) -> Any:
    if b is not None or return_sign:
        raise refuse("it calls logsumexp with factors or signs")
    a = _as_array(a)
    peak = np.max(a, axis=axis, keepdims=True)
    total = np.log(np.sum(np.exp(a - peak), axis=axis, keepdims=True)) + peak
    return total if keepdims else np.squeeze(total, axis=axis)[()]


def _log_softmax(x: Any, axis: Any = None) -> Any:
    x = _as_array(x)
    return x - _logsumexp(x, axis=axis, keepdims=True)


def _softmax(x: Any, axis: Any = None) -> Any:
    x = _as_array(x)
    grown = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return grown / np.sum(grown, axis=axis, keepdims=True)


class _Normal:
    """Stands in for `scipy.stats.norm`."""

    def cdf(self, x: Any, loc: Any = 0, scale: Any = 1) -> Any:
        """Give the distribution function."""
        return _elementwise(SCALARS["ndtr"], (x - loc) / scale)

    def sf(self, x: Any, loc: Any = 0, scale: Any = 1) -> Any:
        """Give 1 less the distribution function."""
        return _elementwise(SCALARS["ndtr"], (loc - x) / scale)

    def pdf(self, x: Any, loc: Any = 0, scale: Any = 1) -> Any:
        """Give the density."""
        apart = (x - loc) / scale
        return np.exp(-apart * apart / 2) / (math.sqrt(2 * math.pi) * scale)

    def logcdf(self, x: Any, loc: Any = 0, scale: Any = 1) -> Any:
        """Give the logarithm of the distribution function."""
        return np.log(self.cdf(x, loc, scale))


_SCIPY: dict[str, Mapping[str, Any]] = {
    "scipy.special": {"softmax": _softmax, "log_softmax": _log_softmax, "logsumexp": _logsumexp},
    "scipy.stats": {"norm": _Normal()},
}

# ------------------------------------------------------------------------------------------ which stands in for what


def stand_in(thing: Any) -> Any:
    """Give what stands in for something that the functor's code has by name; None where nothing does."""
    if thing is builtins.float:
        return RealNumber
    if isinstance(thing, ModuleType):
        return _module(thing)
    found = _by_identity().get(id(thing))
    if found is not None:
        return found
    is_function = callable(thing) and not isinstance(thing, (type, np.ufunc))
    home = getattr(thing, "__module__", None) or ""
    if is_function and home.partition(".")[0] == "numpy" and hasattr(thing, "__name__"):
        return _giving_reals(thing)
    return None


def _module(thing: ModuleType) -> Any:
    if thing is np:
        return NUMPY
    if thing is math:
        return MATH
    if thing.__name__ == "numpy.linalg":
        return _of_numpy(thing)
    if thing.__name__.partition(".")[0] == "scipy":
        return StandIn(thing, _SCIPY.get(thing.__name__, {}), lambda inner: stand_in(inner) or inner)
    return None


def _by_identity() -> dict[int, Any]:
    return _known(tuple(module for module in _SCIPY if module in sys.modules))


@cache
def _known(modules: tuple[str, ...]) -> dict[int, Any]:
    known: dict[int, Any] = {id(getattr(np, name)): own for name, own in _NUMPY.items()}
    known |= {id(getattr(math, name)): getattr(MATH, name) for name in _MATH_NAMES}
    for module in modules:
        known |= {id(getattr(sys.modules[module], name)): own for name, own in _SCIPY[module].items()}
    return known
