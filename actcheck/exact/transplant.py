"""Copies the functor's code over stand-ins: its functions run as they are written, and find other names.

The user's modules, classes and objects are never touched: what is reached from the functor is copied as it is needed.
"""

from __future__ import annotations

import abc
import builtins
import functools
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from actcheck.exact.arrays import Reals, reals
from actcheck.exact.standins import RealNumber, stand_in

_FOREIGN = {"numpy", "scipy", "flint", "torch", "jax", "jaxlib", "tensorflow", "pandas", "builtins", "numba", "cupy"}
_KEPT = {"__dict__", "__weakref__", "__module__", "__qualname__", "__doc__", "__classcell__", "__slots__"}


def _is_users(module: str | None) -> bool:
    top = (module or "").partition(".")[0]
    return top == "__main__" or (bool(top) and top not in sys.stdlib_module_names and top not in _FOREIGN)


class Transplant:
    """Copies of code and objects, each made once.

    Functions and classes are copied once for all; `fresh` begins anew with objects, so that none carries what an
    earlier replay has left in it.
    """

    def __init__(self) -> None:
        self._code: dict[int, Any] = {}
        self._objects: dict[int, Any] = {}
        self._globals: dict[int, dict[str, Any]] = {}
        self._alive: list[Any] = []

    def fresh(self, thing: Any) -> Any:
        """Give a new copy of an object."""
        self._objects = {}
        return self.copy(thing)

    def copy(self, thing: Any) -> Any:
        """Give the copy of anything: itself where there is nothing to replace in it."""
        if thing is None or isinstance(thing, (bool, int, float, str, bytes, np.generic, np.dtype, np.ufunc)):
            return thing
        for known in (self._code, self._objects):
            if id(thing) in known:
                return known[id(thing)]
        if type(thing) is np.vectorize:
            return self.copy(np.vectorize)(self.copy(thing.pyfunc))
        other = stand_in(thing)
        if other is not None:
            return self._keep(self._code, thing, other)
        if isinstance(thing, types.FunctionType):
            return self._function(thing)
        if isinstance(thing, type):
            return self._class(thing) if _is_users(thing.__module__) else thing
        return self._object(thing)

    def _keep(self, where: dict[int, Any], thing: Any, copied: Any) -> Any:
        where[id(thing)] = copied
        # An object that is gone could leave its id to another.
        self._alive.append(thing)
        return copied

    # -------------------------------------------------------------------------------------- code

    def _function(self, function: types.FunctionType) -> Any:
        if not _is_users(function.__globals__.get("__name__", function.__module__)):
            return function
        cells = tuple(types.CellType() for _ in function.__closure__ or ())
        copied = types.FunctionType(
            function.__code__, self._names(function), function.__name__, None, cells if cells else None
        )
        self._keep(self._code, function, copied)
        copied.__qualname__, copied.__module__ = function.__qualname__, function.__module__
        copied.__defaults__ = self.copy(function.__defaults__)
        copied.__kwdefaults__ = self.copy(function.__kwdefaults__)
        for name, value in vars(function).items():
            setattr(copied, name, self.copy(value))
        for cell, real in zip(cells, function.__closure__ or (), strict=True):
            try:
                content = real.cell_contents
            except ValueError:
                continue
            cell.cell_contents = self.copy(content)
        return copied

    def _names(self, function: types.FunctionType) -> dict[str, Any]:
        """Give the copied globals of a function: those names that its code, or code within it, may look up."""
        real = function.__globals__
        found = self._globals.get(id(real))
        if found is None:
            own = {"__builtins__": vars(builtins) | {"float": RealNumber}, "__name__": real.get("__name__")}
            found = self._globals[id(real)] = own
        for name in _looked_up(function.__code__):
            if name in real and name not in found:
                # Entered before it is copied, for names that lead back here.
                found[name] = None
                found[name] = self.copy(real[name])
        return found

    def _class(self, kind: type) -> Any:
        bases = tuple(self.copy(base) for base in kind.__bases__)
        if issubclass(kind, (BaseException, tuple)) or type(kind) not in (type, abc.ABCMeta):
            return self._keep(self._code, kind, kind)
        make: Any = type(kind)
        copied = make(kind.__name__, bases, {"__module__": kind.__module__, "__qualname__": kind.__qualname__})
        self._keep(self._code, kind, copied)
        for name, value in vars(kind).items():
            if name not in _KEPT and not isinstance(value, (types.MemberDescriptorType, types.GetSetDescriptorType)):
                setattr(copied, name, self._member(value))
        return copied

    def _member(self, value: Any) -> Any:
        if isinstance(value, (staticmethod, classmethod)):
            return type(value)(self.copy(value.__func__))
        if isinstance(value, property):
            return property(*(self.copy(each) for each in (value.fget, value.fset, value.fdel)))
        if isinstance(value, functools.cached_property):
            again = functools.cached_property(self.copy(value.func))
            again.attrname = value.attrname
            return again
        return self.copy(value)

    # -------------------------------------------------------------------------------------- objects

    def _object(self, thing: Any) -> Any:
        copier = _COPIERS.get(type(thing))
        if copier is not None:
            return copier(self, thing)
        if isinstance(thing, np.ndarray):
            return self._array(thing)
        if isinstance(thing, types.ModuleType):
            return self._module(thing)
        if hasattr(thing, "__wrapped__") and callable(thing) and not _is_users(type(thing).__module__):
            # A cache would remember jets.
            return self.copy(thing.__wrapped__)
        return self._instance(thing) if _is_users(type(thing).__module__) else thing

    def _array(self, array: Any) -> Any:
        if isinstance(array, Reals) or array.dtype.kind != "f" or type(array) is not np.ndarray:
            return array
        return self._keep(self._objects, array, reals(array))

    def _instance(self, thing: Any) -> Any:
        kind = self.copy(type(thing))
        if kind is type(thing):
            return thing
        try:
            copied = object.__new__(kind)
        except TypeError:
            return thing
        self._keep(self._objects, thing, copied)
        for name, value in _attributes(thing):
            object.__setattr__(copied, name, self.copy(value))
        return copied

    def _module(self, module: types.ModuleType) -> Any:
        return self._keep(self._code, module, _Module(module, self.copy)) if _is_users(module.__name__) else module

    def _method(self, method: types.MethodType) -> Any:
        return types.MethodType(self.copy(method.__func__), self.copy(method.__self__))

    def _partial(self, thing: Any) -> Any:
        words = {name: self.copy(value) for name, value in thing.keywords.items()}
        return functools.partial(self.copy(thing.func), *map(self.copy, thing.args), **words)

    def _list(self, thing: list[Any]) -> Any:
        copied: list[Any] = self._keep(self._objects, thing, [])
        copied += map(self.copy, thing)
        return copied

    def _tuple(self, thing: tuple[Any, ...]) -> Any:
        return tuple(map(self.copy, thing))

    def _dict(self, thing: dict[Any, Any]) -> Any:
        copied: dict[Any, Any] = self._keep(self._objects, thing, {})
        copied.update((name, self.copy(value)) for name, value in thing.items())
        return copied


_COPIERS: dict[type, Callable[[Transplant, Any], Any]] = {
    types.MethodType: Transplant._method,
    functools.partial: Transplant._partial,
    list: Transplant._list,
    tuple: Transplant._tuple,
    dict: Transplant._dict,
}


class _Module(types.ModuleType):
    """A module of the user's, with its attributes copied when they are asked for."""

    def __init__(self, real: types.ModuleType, copy: Callable[[Any], Any]) -> None:
        super().__init__(real.__name__)
        self._real, self._copy = real, copy

    def __getattr__(self, name: str) -> Any:
        return self._copy(getattr(self._real, name))


def _looked_up(code: types.CodeType) -> set[str]:
    """Name what a function's code, and the code within it, may look up as a global."""
    names = set(code.co_names)
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            names |= _looked_up(each)
    return names


def _attributes(thing: Any) -> list[tuple[str, Any]]:
    found = list(getattr(thing, "__dict__", {}).items())
    for kind in type(thing).__mro__:
        slots = vars(kind).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and hasattr(thing, name):
                found.append((name, getattr(thing, name)))
    return found
