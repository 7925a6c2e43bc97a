"""A value and a derivative that are kept together, or under one key, and not beside each other by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actcheck.dataclass import dataclass


@dataclass(frozen=True)
class Couple:
    """A value and its derivative.

    Parameters
    ----------
    value, derivative : callable
    names : (str, str)
        Where they are kept, e.g. ``TABLE['relu'][0]`` and ``TABLE['relu'][1]``.
    """

    value: Callable[..., Any]
    derivative: Callable[..., Any]
    names: tuple[str, str]
