"""A value and a derivative as they were found, and what a single call of them gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.targets.arguments import Arguments

_OF_VALUE = ("output", "outputs", "out", "a", "A", "activation", "activations", "result", "value", "y")
_OF_SLOPE = ("dinputs", "dinput", "dX", "dx", "grad_input", "dZ", "dz", "gradient", "grad", "derivative", "delta")


@dataclass(frozen=True)
class Parts:
    """A value and a derivative.

    Parameters
    ----------
    value, derivative : callable
        As the user wrote them, bound to their object.
    names : (str, str)
        Of both, as a message has them.
    arguments : Arguments
        Of the derivative.
    owner : object
        What may keep something between the two, None where nothing does.
    """

    value: Callable[[Any], Any]
    derivative: Callable[..., Any]
    names: tuple[str, str]
    arguments: Arguments
    owner: object = None


@dataclass
class Passes:
    """Forward and backward passes of some parts, one after the other.

    Parameters
    ----------
    parts : Parts
    roles : tuple of str
        What each argument of the derivative is: ``x`` the input, ``a`` the value, ``c`` a cotangent, ``kept`` what the
        value gave besides, ``rate`` a step size, which is 0.
    kept : object
        What the last value gave besides.
    remarks : dict
        What was remarkable about a call, in words, each once.
    """

    parts: Parts
    roles: tuple[str, ...] = ()
    kept: Any = None
    remarks: dict[str, None] = field(default_factory=dict)

    def value(self, x: Any) -> Any:
        """Call the value; of several things that it returns the first is the value."""
        raw = self.parts.value(x)
        if raw is None:
            raw = self._read(_OF_VALUE, self.parts.names[0], np.shape(x)[:1])
        if isinstance(raw, tuple) and len(raw) > 1:
            self.kept = raw[1] if len(raw) == 2 else raw[1:]
            raw = raw[0]
        return raw

    def slope(self, x: Any, a: Any = None, c: Any = None) -> Any:
        """Call the derivative with what it takes of an input, its value and a cotangent."""
        given = {"x": x, "a": a, "c": c, "kept": self.kept, "rate": 0.0}
        raw = self.parts.derivative(*(given[role] for role in self.roles))
        if raw is None:
            raw = self._read(_OF_SLOPE, self.parts.names[1], np.shape(x)[:1])
        if isinstance(raw, tuple) and raw and isinstance(raw[0], np.ndarray):
            self._remark(f"`{self.parts.names[1]}` returns {len(raw)} things: the first is taken")
            raw = raw[0]
        return raw

    def _read(self, names: tuple[str, ...], method: str, rows: tuple[int, ...]) -> Any:
        """Read what a method has put on its object in place of returning it."""
        for name in names:
            there = getattr(self.parts.owner, "__dict__", {}).get(name)
            if isinstance(there, np.ndarray) and there.shape[:1] == rows:
                self._remark(f"`{method}` returns nothing: what it leaves in `{name}` is taken")
                return there
        return None

    def _remark(self, text: str) -> None:
        self.remarks.setdefault(text)
