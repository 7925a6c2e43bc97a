"""The parameters of a layer: arrays that it holds, each with a partner that its backward pass leaves a gradient in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck.dataclass import dataclass
from actcheck.errors import TargetError
from actcheck.targets.spelling import alike

Path = tuple[str | int, ...]
Array = NDArray[Any]

_VALUES = ("data", "value", "val", "w", "W")
_GRADS = ("grad", "gradient", "g", "dW", "d")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a layer.

    Parameters
    ----------
    name, partner : str
        As a message has them, e.g. ``params['W']`` and ``grads['W']``.
    path, partner_path : tuple
        Attributes and keys that lead there from the layer.
    """

    name: str
    partner: str
    path: Path
    partner_path: Path

    def array(self, owner: Any) -> Array:
        """Give the array itself, to be written into."""
        array: Array = _follow(owner, self.path)
        return array

    def gradient(self, owner: Any) -> Any:
        """Give what the last backward pass has left."""
        return _follow(owner, self.partner_path)


def parameters_of(owner: Any, run: Callable[[], None], named: tuple[str, ...]) -> tuple[Parameter, ...]:
    """Find the parameters of a layer.

    Parameters
    ----------
    owner : object
        The layer; nothing was asked of it yet.
    run : callable
        Makes one forward and one backward pass with it.
    named : tuple of str
        Further parameters, as NAME, or NAME=GRADIENT; dots lead into dictionaries and objects.

    Raises
    ------
    TargetError
        If one of these is not there.
    """
    before = {path: array.copy() for path, array in _leaves(owner)}
    try:
        with np.errstate(all="ignore"):
            run()
    except (Exception, SystemExit):
        # The contract tells why.
        return ()
    after = dict(_leaves(owner))
    kept = [path for path in before if path in after and _is_same(before[path], after[path])]
    asked = [_named(text, owner, after) for text in named]
    taken = {id(after[each.path]) for each in asked if each.path in after}
    found = list(asked)
    for path in kept:
        partner = next((other for other in after if _is_gradient(other, path)), None)
        if partner is not None and id(after[path]) not in taken:
            taken.add(id(after[path]))
            found.append(_parameter(path, partner))
    return tuple(found)


def _is_same(first: Array, second: Array) -> bool:
    return first.shape == second.shape and np.array_equal(first, second)


def _leaves(owner: Any) -> Iterator[tuple[Path, Array]]:
    for name, held in getattr(owner, "__dict__", {}).items():
        yield from _arrays((name,), held)


def _arrays(path: Path, held: Any) -> Iterator[tuple[Path, Array]]:
    if isinstance(held, np.ndarray):
        if held.dtype.kind == "f" and held.size:
            yield path, held
        return
    if len(path) > 1:
        return
    inner: Any = ()
    if isinstance(held, Mapping):
        inner = [(key, value) for key, value in held.items() if isinstance(key, (str, int))]
    elif isinstance(held, (list, tuple)):
        inner = list(enumerate(held))
    elif hasattr(held, "__dict__") and not callable(held):
        inner = vars(held).items()
    for key, value in inner:
        yield from _arrays((*path, key), value)


def _is_gradient(other: Path, path: Path) -> bool:
    """Tell whether one array's place says that it holds the gradient of another."""
    if other == path or len(other) != len(path):
        return False
    if len(path) == 1:
        return _says_gradient(str(other[0]), str(path[0]))
    if other[0] == path[0]:
        by_object = path[1] in _VALUES and other[1] in _GRADS
        return by_object or (isinstance(path[1], str) and _says_gradient(str(other[1]), path[1]))
    if "grad" not in str(other[0]).lower() or "grad" in str(path[0]).lower():
        return False
    return other[1] == path[1] or _says_gradient(str(other[1]), str(path[1]))


def _says_gradient(other: str, name: str) -> bool:
    plain, bare = other.lower().replace("_", ""), name.lower().replace("_", "")
    heads = ("d", "grad", "gradient", "dld", "dlossd", "dl", "gradof")
    tails = ("grad", "gradient", "grads", "gradients")
    told = {head + bare for head in heads} | {bare + tail for tail in tails}
    # `weights` and `grad_weight` belong together as well.
    single = bare.removesuffix("s")
    return plain in told or plain in {head + single for head in heads} | {single + tail for tail in tails}


def _named(text: str, owner: Any, arrays: Mapping[Path, Array]) -> Parameter:
    name, equals, partner = text.partition("=")
    path = _path(name, arrays)
    if path is None:
        known = [_text(each) for each in arrays]
        near = alike(name, known)
        fix = f"Did you mean {near[0]}?" if near else f"It holds {', '.join(known) or 'no arrays'}."
        raise TargetError(f"there is no array `{name}` in the layer (--parameter)", where=type(owner).__name__, fix=fix)
    other = _path(partner, arrays) if equals else next((p for p in arrays if _is_gradient(p, path)), None)
    if other is None:
        what = f"no gradient of the parameter `{name}` is left by the backward pass"
        if equals:
            what = f"there is no array `{partner}` after the backward pass (--parameter)"
        fix = f"Name it: --parameter {name}=GRADIENT. There is {', '.join(map(_text, arrays))}."
        raise TargetError(what, where=type(owner).__name__, fix=fix)
    return _parameter(path, other)


def _path(text: str, arrays: Mapping[Path, Array]) -> Path | None:
    return next((path for path in arrays if ".".join(map(str, path)) == text or _text(path) == text), None)


def _parameter(path: Path, partner: Path) -> Parameter:
    return Parameter(_text(path), _text(partner), path, partner)


def _text(path: Path) -> str:
    return str(path[0]) + "".join(f"[{key!r}]" for key in path[1:])


def _follow(owner: Any, path: Path) -> Any:
    held: Any = owner
    for key in path:
        held = held[key] if isinstance(held, (Mapping, list, tuple)) else getattr(held, str(key))  # type: ignore[index]
    return held
