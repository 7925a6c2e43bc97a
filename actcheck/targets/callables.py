"""What counts as a function, and how the user wrote it; it is not called."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TypeGuard, cast


def is_function(thing: object) -> TypeGuard[Callable[..., object]]:
    """Tell whether something is a function, be it one that NumPy has vectorised: that is an object of a class."""
    return inspect.isroutine(thing) or written(thing) is not thing


def is_function_of_numpy(thing: object) -> bool:
    """Tell whether something is one of NumPy's element-wise functions, such as ``np.tanh``."""
    from numpy import ufunc

    return issubclass(type(thing), ufunc)


def written(thing: object) -> object:
    """Give a function as the user wrote it, without what vectorises it; anything else as it is."""
    # Loaded here: naming a target of the catalogue asks for no function, and start-up is a feature.
    from numpy import vectorize

    # By its type: what an object says of its own class may be the user's code.
    return cast(vectorize, thing).pyfunc if issubclass(type(thing), vectorize) else thing


def signature_of(function: Callable[..., object]) -> inspect.Signature:
    """Read a function's signature as the user wrote it; whatever that raises is the caller's to take."""
    return inspect.signature(cast(Callable[..., object], written(function)))
