"""Arrays of jets: NumPy arrays of objects that say they are of float64, and send every function to `scalars`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from actcheck.exact.conditions import ANSWERS, Open
from actcheck.exact.evaluation import refuse
from actcheck.exact.jets import Jet, is_open
from actcheck.exact.scalars import SCALARS

_CONDITIONS = {
    *ANSWERS,
    *("logical_and", "logical_or", "logical_not", "logical_xor", "bitwise_and", "bitwise_or", "bitwise_xor", "invert"),
    *("isnan", "isinf", "isfinite", "isposinf", "isneginf", "signbit"),
}
_STARTS: Mapping[str, Any] = {
    "add": 0.0,
    "multiply": 1.0,
    "maximum": -np.inf,
    "minimum": np.inf,
    "logical_and": True,
    "logical_or": False,
}


class Reals(np.ndarray):
    """An array of jets and plain numbers."""

    @property
    def dtype(self) -> Any:
        """What the code asks for, and would get of an array of numbers."""
        return np.dtype(np.float64)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        return apply(ufunc, method, inputs, options)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        from actcheck.exact.functions import call

        return call(func, args, kwargs)

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(_decided(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_decided(key), _plain(value) if isinstance(value, np.ndarray) else value)

    def __contains__(self, value: Any) -> bool:
        return bool((self == value).any())

    # -------------------------------------------------------------------------------------- methods

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        """Give a copy; only a type of fewer values than real numbers is refused."""
        from actcheck.exact.standins import is_real

        if is_real(dtype):
            return self.copy()
        if np.dtype(dtype).kind == "b":
            return self != 0
        if not any(is_open(each) for each in self.flat):
            return _plain(self).astype(float).astype(dtype)
        raise refuse(f"it takes values as {np.dtype(dtype)}")

    def sum(self, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False, **more: Any) -> Any:
        """Give the sum."""
        _refuse_type(dtype)
        return np.add.reduce(self, axis=axis, out=out, keepdims=keepdims, **more)

    def prod(self, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False, **more: Any) -> Any:
        """Give the product."""
        _refuse_type(dtype)
        return np.multiply.reduce(self, axis=axis, out=out, keepdims=keepdims, **more)

    def max(self, axis: Any = None, out: Any = None, keepdims: Any = False, **more: Any) -> Any:
        """Give the largest."""
        return np.maximum.reduce(self, axis=axis, out=out, keepdims=keepdims, **more)

    def min(self, axis: Any = None, out: Any = None, keepdims: Any = False, **more: Any) -> Any:
        """Give the smallest."""
        return np.minimum.reduce(self, axis=axis, out=out, keepdims=keepdims, **more)

    def any(self, axis: Any = None, out: Any = None, keepdims: Any = False, **more: Any) -> Any:
        """Give whether any is not 0."""
        return np.logical_or.reduce(self != 0, axis=axis, out=out, keepdims=keepdims, **more)

    def all(self, axis: Any = None, out: Any = None, keepdims: Any = False, **more: Any) -> Any:
        """Give whether none is 0."""
        return np.logical_and.reduce(self != 0, axis=axis, out=out, keepdims=keepdims, **more)

    def mean(self, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False, **more: Any) -> Any:
        """Give the mean."""
        _refuse_more("mean", more)
        _refuse_type(dtype)
        total = self.sum(axis=axis, keepdims=keepdims)
        return _into(out, total / (self.size / max(np.size(total), 1)))

    def var(
        self, axis: Any = None, dtype: Any = None, out: Any = None, ddof: float = 0, keepdims: Any = False, **more: Any
    ) -> Any:
        """Give the variance."""
        _refuse_more("var", more)
        _refuse_type(dtype)
        apart = self - self.mean(axis=axis, keepdims=True)
        total = (apart * apart).sum(axis=axis, keepdims=keepdims)
        return _into(out, total / (self.size / max(np.size(total), 1) - ddof))

    def std(self, *args: Any, **kwargs: Any) -> Any:
        """Give the standard deviation."""
        return np.sqrt(self.var(*args, **kwargs))

    def ptp(self, axis: Any = None, out: Any = None, keepdims: Any = False) -> Any:
        """Give the largest less the smallest."""
        return _into(out, self.max(axis=axis, keepdims=keepdims) - self.min(axis=axis, keepdims=keepdims))

    def cumsum(self, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
        """Give the sums so far."""
        _refuse_type(dtype)
        return np.add.accumulate(self.reshape(-1) if axis is None else self, axis=axis or 0, out=out)

    def cumprod(self, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
        """Give the products so far."""
        _refuse_type(dtype)
        return np.multiply.accumulate(self.reshape(-1) if axis is None else self, axis=axis or 0, out=out)

    def clip(self, min: Any = None, max: Any = None, out: Any = None, **more: Any) -> Any:
        """Give values moved into an interval."""
        _refuse_more("clip", more)
        low = -np.inf if min is None else min
        return np.clip(self, low, np.inf if max is None else max, out=out)

    def round(self, decimals: Any = 0, out: Any = None) -> Any:
        """Give the nearest whole numbers."""
        if decimals:
            raise refuse("it rounds to decimals")
        return np.rint(self, out=out)

    def dot(self, other: Any, out: Any = None) -> Any:
        """Give the product with another array."""
        return _into(out, np.dot(self, other))

    def argmax(self, axis: Any = None, out: Any = None, *, keepdims: bool = False) -> Any:
        """Give where the largest is, the first of equals."""
        from actcheck.exact.functions import first_of

        return first_of("greater", self, axis, keepdims)

    def argmin(self, axis: Any = None, out: Any = None, *, keepdims: bool = False) -> Any:
        """Give where the smallest is, the first of equals."""
        from actcheck.exact.functions import first_of

        return first_of("less", self, axis, keepdims)

    def argsort(self, axis: Any = -1, kind: Any = None, order: Any = None, **more: Any) -> Any:
        """Give where the values are in rising order."""
        from actcheck.exact.functions import order_of

        return order_of(self, axis)

    def sort(self, axis: Any = -1, kind: Any = None, order: Any = None, **more: Any) -> None:
        """Put the values into rising order."""
        self[...] = np.take_along_axis(_plain(self), self.argsort(axis), axis)

    def view(self, *args: Any, **kwargs: Any) -> Any:
        """Give another look at the same array; not at its bytes, which are no numbers here."""
        kinds = [
            each for each in (*args, *kwargs.values()) if not (isinstance(each, type) and issubclass(each, np.ndarray))
        ]
        if kinds:
            raise refuse("it looks at the bytes of values")
        return super().view(*args, **kwargs)

    def tobytes(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse."""
        raise refuse("it looks at the bytes of values")

    dumps = dump = tofile = partition = argpartition = searchsorted = byteswap = tobytes

    def nonzero(self) -> Any:
        """Give where values are not 0."""
        return np.nonzero(_decided(self != 0))


class Conditions(Reals):
    """An array of conditions, some of which are open."""

    @property
    def dtype(self) -> Any:
        """That of conditions."""
        return np.dtype(np.bool_)

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        """Give 1 and 0."""
        if np.dtype(dtype).kind == "b":
            return self.copy()
        return np.add(self, 0.0)

    def __invert__(self) -> Any:
        return np.logical_not(self)


class Mask(np.ndarray):
    """An array of conditions that are all decided; as numbers it is an array of `Reals`."""

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if any(issubclass(each, (Reals, Jet)) for each in types):
            from actcheck.exact.functions import call

            return call(func, args, kwargs)
        return super().__array_function__(func, types, args, kwargs)

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        """Give them as another type."""
        from actcheck.exact.standins import is_real

        plain = self.view(np.ndarray)
        return reals(plain.astype(float)) if is_real(dtype) else plain.astype(dtype, *args, **kwargs)


def _refuse_type(dtype: Any) -> None:
    """Refuse to compute in a type that rounds, or cuts off, what real numbers are."""
    from actcheck.exact.standins import is_real

    if dtype is not None and dtype is not np._NoValue and not is_real(dtype):
        raise refuse(f"it computes in {np.dtype(dtype)}")


def _refuse_more(name: str, more: Mapping[str, Any]) -> None:
    """Refuse arguments that would change what a method gives."""
    asked = [
        each for each, value in more.items() if value is not None and value is not True and value is not np._NoValue
    ]
    if asked:
        raise refuse(f"it calls {name} with {', '.join(asked)}")


def reals(values: Any) -> Reals:
    """Give an array of any numbers as one that takes jets."""
    array = _plain(values) if isinstance(values, Reals) else np.asarray(values)
    return array.astype(object).view(Reals)


def wrapped(value: Any) -> Reals:
    """Give a single jet as an array of no dimension."""
    array = np.empty((), dtype=object)
    array[()] = value
    return array.view(Reals)


def finished(array: Any) -> Any:
    """Give objects as the array that they are: of numbers, or of conditions, decided or not."""
    if not isinstance(array, np.ndarray):
        return array
    kinds = {type(each) for each in array.flat}
    if kinds and kinds <= {bool, np.bool_}:
        return array.astype(bool).view(Mask)
    if kinds and all(issubclass(kind, (bool, np.bool_, Open)) for kind in kinds):
        return array.view(Conditions)
    return array.view(Reals)


def apply(ufunc: Any, method: str, inputs: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """Do what a ufunc does, on jets.

    Raises
    ------
    NotReplayable
        If there is no such function of jets.
    """
    options = dict(options)
    out, mask = options.pop("out", None), options.pop("where", True)
    _refuse_type(options.pop("dtype", None))
    _refuse_type(options.pop("signature", None))
    for name in ("casting", "order", "subok"):
        options.pop(name, None)
    name = ufunc.__name__
    if ufunc.signature is not None:
        return _into(out and out[0], finished(ufunc(*map(_plain, inputs), **options)))
    if name in ("modf", "frexp", "divmod") or name not in SCALARS:
        raise refuse(f"it calls {name}, which has no replay")
    function = _on_objects(name, ufunc.nin)
    if method == "at":
        raise refuse(f"it calls {name}.at, which has no replay")
    if method == "reduce":
        result = _reduced(name, function, inputs[0], mask, **options)
    else:
        result = getattr(function, method)(*map(_plain, inputs), **options)
        if mask is not True:
            target = out[0] if out else np.zeros(np.shape(result))
            result = np.where(mask, finished(result), target)
    if isinstance(result, np.ndarray) and not (name in _CONDITIONS or _has_conditions(result)):
        result = result.view(Reals)
    elif isinstance(result, np.ndarray):
        result = finished(result)
    return _into(out and out[0], result)


def _has_conditions(array: Any) -> bool:
    return any(isinstance(each, Open) for each in array.flat)


@cache
def _on_objects(name: str, count: int) -> Any:
    return np.frompyfunc(SCALARS[name], count, 1)


def _reduced(
    name: str, function: Any, array: Any, mask: Any = True, axis: Any = 0, keepdims: Any = False, initial: Any = None
) -> Any:
    """Reduce along any axes; NumPy does several at once only for its own functions."""
    values = _plain(array)
    if mask is not True:
        values = _plain(np.where(mask, reals(values), _STARTS[name]))
    keepdims = bool(keepdims) and keepdims is not np._NoValue
    axes = tuple(range(values.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    shape = values.shape
    for each in sorted((each % max(len(shape), 1) for each in axes), reverse=True):
        if values.ndim:
            values = _along(name, function, values, each)
            values = values if isinstance(values, np.ndarray) else _plain(wrapped(values))
    if keepdims:
        kept = {each % len(shape) for each in axes} if shape else set()
        values = values.reshape([1 if each in kept else size for each, size in enumerate(shape)])
    result = values if values.ndim else values[()]
    if initial is None or initial is np._NoValue:
        return result
    return function(_plain(initial), _plain(result))


def _along(name: str, function: Any, values: Any, axis: int) -> Any:
    if values.shape[axis]:
        return function.reduce(values, axis=axis)
    if name not in _STARTS or name in ("maximum", "minimum"):
        raise ValueError(f"zero-size array to reduction operation {name} which has no identity")
    return np.full([size for each, size in enumerate(values.shape) if each != axis], _STARTS[name], object)


def _plain(value: Any) -> Any:
    """Give an array without our class, anything else as it is."""
    if isinstance(value, Reals):
        return value.view(np.ndarray)
    if isinstance(value, np.ndarray):
        value = value.view(np.ndarray)
        return value.astype(object) if value.dtype.kind in "fb" else value
    if isinstance(value, (list, tuple)):
        array = np.empty(len(value), object) if any(is_open(each) for each in value) else np.asarray(value)
        if array.dtype == object and len(array.shape) == 1 and any(is_open(each) for each in value):
            array[:] = value
        return array
    # A jet alone would send the call back to itself.
    return _plain(wrapped(value)) if is_open(value) else value


def _decided(key: Any) -> Any:
    """Give an index with its open conditions decided."""
    if isinstance(key, tuple):
        return tuple(_decided(each) for each in key)
    if isinstance(key, Conditions):
        flat = [bool(each) for each in key.flat]
        return np.array(flat, dtype=bool).reshape(key.shape)
    if isinstance(key, Open):
        return bool(key)
    return key.view(np.ndarray) if isinstance(key, Mask) else key


def _into(out: Any, result: Any) -> Any:
    if out is None:
        return result
    if isinstance(out, Reals):
        out[...] = result
        return out
    if any(isinstance(each, Jet) for each in np.ravel(_plain(np.asarray(result, object)))):
        raise refuse("it writes values into an array that was made outside of the functor's functions")
    out[...] = result
    return out
