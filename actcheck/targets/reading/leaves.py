"""The numbers that an object holds, wherever it holds them: arrays, nested lists, single numbers; read and written."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Path = tuple[str | int, ...]
Array = NDArray[Any]

DEEPEST = 5
"""So many attributes and keys lead to a number, at most: `layers[0].params['W']` takes four."""

MOST = 2000
"""So many things of an object are looked at, at most."""

_MANGLED = re.compile(r"_[A-Za-z]\w*?(__\w+)")
_CODE = (type, ModuleType, FunctionType, MethodType, BuiltinFunctionType)


def leaves(owner: Any) -> Iterator[tuple[Path, Any]]:
    """Give what an object holds that is no container, with the attributes and keys that lead there.

    Nested lists of numbers are one thing; so is what is None.
    """
    return itertools.islice(_walk((), owner, ()), MOST)


def numbers_in(held: Any) -> Array | None:
    """Give the numbers that something is, an array itself; None where it is no array, list or single number of them."""
    if isinstance(held, np.ndarray):
        return held if held.dtype.kind in "fiu" and held.size else None
    if _is_number(held) or (isinstance(held, (list, tuple)) and _is_nested(held)):
        try:
            return np.asarray(held, dtype=None if _is_number(held) else float)
        except (ValueError, OverflowError):
            # Rows of several lengths, or an integer beyond all floats.
            return None
    return None


def numbers_of(owner: Any) -> dict[Path, Array]:
    """Give all numbers that an object holds, arrays themselves."""
    told = ((path, numbers_in(held)) for path, held in leaves(owner))
    return {path: numbers for path, numbers in told if numbers is not None}


def follow(owner: Any, path: Path) -> Any:
    """Give what a path leads to.

    Raises
    ------
    LookupError, AttributeError
        If it leads nowhere.
    """
    held: Any = owner
    for key in path:
        held = held[key] if _is_keyed(held) else getattr(held, str(key))
    return held


def text_of(owner: Any, path: Path) -> str:
    """Write a path as Python code, from the object on: ``layers[0].params['W']``."""
    text, held = "", owner
    for key in path:
        is_keyed = _is_keyed(held)
        text += f"[{key!r}]" if is_keyed else f".{plain(str(key))}"
        held = held[key] if is_keyed else getattr(held, str(key))
    return text.removeprefix(".")


def plain(name: str) -> str:
    """Give a private attribute's name as it is written in its class: ``__W`` of ``_Dense__W``."""
    mangled = _MANGLED.fullmatch(name)
    return mangled.group(1) if mangled else name


class Slot:
    """The place of some numbers in an object, to be written into and restored.

    A float array is written in place, since views and other names may lead to it; where that would round, or cannot be
    done, another array stands in wherever it is held.

    Parameters
    ----------
    owner : object
    path : tuple
    dtype : str
        The type that must not be rounded.
    """

    def __init__(self, owner: Any, path: Path, dtype: str = "float64") -> None:
        self._owner, self._held = owner, follow(owner, path)
        numbers = numbers_in(self._held)
        if numbers is None:
            raise TypeError(f"`{text_of(owner, path)}` holds no numbers")
        self.value: NDArray[np.float64] = np.array(numbers, dtype=np.float64)
        self._in_place = self._takes(dtype)
        is_shared = isinstance(self._held, np.ndarray) and not self._in_place
        others = (other for other, held in leaves(owner) if held is self._held and other != path)
        self._paths = (path, *(others if is_shared else ()))

    @property
    def dtype(self) -> np.dtype[Any] | None:
        """The type of an array, None of what is none."""
        return self._held.dtype if isinstance(self._held, np.ndarray) else None

    def write(self, values: NDArray[np.float64]) -> None:
        """Put numbers there, in the shape of `value`."""
        if self._in_place:
            self._held[...] = values
        else:
            self._put(self._like(values))

    def restore(self) -> None:
        """Put there what was there."""
        if self._in_place:
            self._held[...] = self.value
        else:
            self._put(self._held)

    def _takes(self, dtype: str) -> bool:
        held = self._held
        return isinstance(held, np.ndarray) and held.flags.writeable and _is_as_long(held.dtype, np.dtype(dtype))

    def _like(self, values: NDArray[np.float64]) -> Any:
        if isinstance(self._held, (list, tuple)):
            return type(self._held)(values.tolist())
        return values.copy() if isinstance(self._held, np.ndarray) else self._single(float(values))

    def _single(self, value: float) -> Any:
        return np.float64(value) if isinstance(self._held, np.generic) else value

    def _put(self, thing: Any) -> None:
        for path in self._paths:
            holder, key = follow(self._owner, path[:-1]), path[-1]
            if _is_keyed(holder):
                holder[key] = thing
            else:
                setattr(holder, str(key), thing)


def _is_as_long(held: np.dtype[Any], wanted: np.dtype[Any]) -> bool:
    return bool(held.kind == "f" and np.finfo(held).eps <= np.finfo(wanted).eps)


def _is_keyed(held: Any) -> bool:
    return isinstance(held, (Mapping, list, tuple))


def _is_number(held: Any) -> bool:
    return isinstance(held, (int, float, np.integer, np.floating)) and not isinstance(held, bool)


def _is_nested(held: Any) -> bool:
    return bool(held) and all(
        _is_number(each) or (isinstance(each, (list, tuple)) and _is_nested(each)) for each in held
    )


def _walk(path: Path, held: Any, above: tuple[int, ...]) -> Iterator[tuple[Path, Any]]:
    try:
        items = _items(held)
    except Exception:
        # Containers and attributes of the user's own may raise when they are looked into.
        items = None
    if items is None:
        yield path, held
        return
    if len(path) >= DEEPEST or id(held) in above:
        return
    for key, inner in items:
        yield from _walk((*path, key), inner, (*above, id(held)))


def _items(held: Any) -> list[tuple[str | int, Any]] | None:
    """Give what a container holds, None of what is none."""
    if held is None or isinstance(held, (str, bytes, complex, *_CODE)) or numbers_in(held) is not None:
        return None
    if isinstance(held, Mapping):
        return [(key, value) for key, value in held.items() if isinstance(key, (str, int))]
    if isinstance(held, (list, tuple)):
        return list(enumerate(held))
    if isinstance(held, np.ndarray) or type(held).__module__.partition(".")[0] in ("numpy", "builtins"):
        return None
    return list(_attributes(held).items())


def _attributes(held: Any) -> dict[str | int, Any]:
    """Give the attributes of an object, and the numbers and arrays of its class, which are its own as well."""
    found: dict[str | int, Any] = dict(getattr(held, "__dict__", {}))
    for kind in type(held).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            name = f"_{kind.__name__.lstrip('_')}{name}" if name.startswith("__") else name
            if hasattr(held, name):
                found.setdefault(name, getattr(held, name))
        for name, value in kind.__dict__.items():
            if not name.startswith("__") and numbers_in(value) is not None:
                found.setdefault(name, value)
    return found
