"""Which name says that what it holds is the gradient of what another holds."""

from __future__ import annotations

import re

from actcheck.targets.reading.leaves import Path, plain

_VALUES = ("data", "value", "val", "w", "W")
_GRADS = ("grad", "gradient", "g", "dW", "d")

_ALIKE = (
    frozenset(("w", "weight", "weights", "kernel", "kernels", "wt", "wts")),
    frozenset(("b", "bias", "biases")),
)
"""What people call one and the same parameter."""

_HEADS = (
    *("dloss", "dcost", "dl", "dj", "d", "gradof", "gradients", "gradient", "grads", "grad", "nabla", "delta"),
    *("deltas", "derivative", "deriv", "der", "partial"),
)
_TAILS = ("gradients", "gradient", "grads", "grad", "derivatives", "derivative", "deriv", "delta", "deltas")
_CONTAINERS = re.compile(r"grad|delta|nabla|deriv|^d_?(params?|parameters|weights|theta|w)$", re.IGNORECASE)
_NUMBERED = re.compile(r"(.*?)(\d*)")


def is_gradient(other: Path, path: Path, alike: bool = True) -> bool:
    """Tell whether one place says that it holds the gradient of what is at another.

    Parameters
    ----------
    other, path : tuple
    alike : bool
        Whether `dw` is that of `weights`, too; else names must be the same but for the word for a gradient.
    """
    if other == path or not other:
        return False
    if len(other) == len(path):
        return _is_beside(other, path, alike)
    shorter, longer = sorted((other, path), key=len)
    if len(longer) != len(shorter) + 1 or longer[: len(shorter) - 1] != shorter[:-1]:
        return False
    container = str(longer[-2])
    if longer is other:
        # `gradients['W']`, or `gradients['dW']`, of `W`.
        return says_gradient(container) and _is_named_for(other[-1], path[-1], alike)
    # `dW` of `params['W']`.
    return not says_gradient(container) and _says_gradient_of(other[-1], path[-1], alike)


def says_gradient(name: str) -> bool:
    """Tell whether a name says that it holds gradients, whichever they are of."""
    return bool(_CONTAINERS.search(plain(name)))


def says_step(name: str) -> bool:
    """Tell whether a name may be one of a gradient as well as of the step that a parameter is moved by."""
    return "delta" in plain(name).lower()


def is_named_for(name: str | int, parameter: Path) -> bool:
    """Tell whether a name, of what is known to be gradients, says which parameter it is of: ``W`` and ``dW`` of `W`."""
    return _is_named_for(name, parameter[-1], alike=True)


def _is_beside(other: Path, path: Path, alike: bool) -> bool:
    apart = [at for at, pair in enumerate(zip(other, path, strict=True)) if pair[0] != pair[1]]
    last = len(path) - 1
    if apart == [last] and last and path[last] in _VALUES and other[last] in _GRADS:
        return True
    if apart[0] == last:
        return _says_gradient_of(other[last], path[last], alike)
    at = apart[0]
    is_container = says_gradient(str(other[at])) and not says_gradient(str(path[at]))
    if not (is_container or _says_gradient_of(other[at], path[at], alike)):
        return False
    return apart[1:] in ([], [last]) and _is_named_for(other[last], path[last], alike)


def _is_named_for(other: str | int, name: str | int, alike: bool) -> bool:
    if other == name or isinstance(other, int) or isinstance(name, int):
        return other == name
    return _is_same(_plain(other), _plain(name), alike) or _says_gradient_of(other, name, alike)


def _says_gradient_of(other: str | int, name: str | int, alike: bool) -> bool:
    told, bare = _plain(str(other)), _plain(str(name))
    subjects = {told.removeprefix(head) for head in _HEADS if told.startswith(head)}
    subjects |= {told.removesuffix(tail) for tail in _TAILS if told.endswith(tail)}
    # `dL_dW`: a loss and a parameter.
    subjects |= {each[1:] for each in subjects if each.startswith("d") and told.startswith(("dl", "dj", "dcost"))}
    # `dW1` and, where the number stands behind all, `W_grad1`.
    stem, number = _numbered(told)
    subjects |= {stem.removesuffix(tail) + number for tail in _TAILS if number and stem.endswith(tail)}
    return any(_is_same(subject, bare, alike) for subject in subjects if subject)


def _is_same(first: str, second: str, alike: bool) -> bool:
    if first == second or not alike:
        return first == second
    (one, number), (two, other) = _numbered(first), _numbered(second)
    if number != other:
        return False
    singles = one.removesuffix("s") == two.removesuffix("s")
    return (singles and len(one) > 1) or any({one, two} <= names for names in _ALIKE)


def _numbered(name: str) -> tuple[str, str]:
    found = _NUMBERED.fullmatch(name)
    return (found.group(1), found.group(2)) if found else (name, "")


def _plain(name: str) -> str:
    return plain(name).lower().replace("_", "")
