"""What a target's name led to, and how its attributes are read."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import field

from actcheck.dataclass import dataclass
from actcheck.model import Reading
from actcheck.targets.breakage import broken_read

ABSENT = object()
"""What `read` gives for an attribute that is not there: None may be there."""


AS_NAMED = Reading()
"""Nothing but what the target's own names say."""


@dataclass(frozen=True)
class Found:
    """What a target's name led to.

    Parameters
    ----------
    thing : object
        The class, instance or function itself, or what was constructed by it.
    name : str
        The attribute's own name, without what stands before its last dot.
    owner : object
        The module or namespace that it was found in.
    label : str
        What to call it in a message, e.g. ``Swish`` or, once constructed, ``Swish(beta=2)``.
    target : str
        The whole name, as typed.
    reading : Reading
        How it is to be read.
    partner : object
        The derivative that is named apart from it, `ABSENT` without one.
    given : Mapping of str to value
        Keywords that a function's value and derivative are called with.
    """

    thing: object
    name: str
    owner: object
    label: str
    target: str
    reading: Reading = AS_NAMED
    partner: object = ABSENT
    given: Mapping[str, object] = field(default_factory=dict)


def read(owner: object, name: str, target: str) -> object:
    """Read an attribute, `ABSENT` where there is none.

    Raises
    ------
    TargetBrokenError
        If the attribute is there, but the user's code raises when it is read.
    """
    try:
        return getattr(owner, name)
    except AttributeError as error:
        # A property that fails on an attribute of its own is there, and broken.
        if peek(owner, name) is ABSENT:
            return ABSENT
        raise broken_read(error, name, target) from error
    except (Exception, SystemExit) as error:
        raise broken_read(error, name, target) from error


def stored_name(owner: object, name: str) -> str:
    """Give the name that a class stores a private method under: Python writes the class into it."""
    if not isinstance(owner, type) or not name.startswith("__") or name.endswith("__"):
        return name
    mangled = (f"_{kind.__name__.lstrip('_')}{name}" for kind in owner.__mro__)
    return next((each for each in mangled if peek(owner, each) is not ABSENT), name)


def peek(owner: object, name: str) -> object:
    """Read an attribute as it is stored, running nothing of the user's; `ABSENT` where there is none."""
    return inspect.getattr_static(owner, name, ABSENT)
