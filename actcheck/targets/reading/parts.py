"""A value and a derivative as they were found, and what a single call of them gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.targets.arguments import Arguments
from actcheck.targets.vocabulary import STEP_SIZES, is_rate

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
        value gave besides, ``rate`` a step size.
    kept : object
        What the last value gave besides.
    remarks : dict
        What was remarkable about a call, in words, each once.
    returned : dict
        What the last derivative gave besides, by its key or place.
    returned_names : dict
        What its author calls some of these, by place.
    rate : float
        The step size that a derivative is given which takes one.
    """

    parts: Parts
    roles: tuple[str, ...] = ()
    kept: Any = None
    remarks: dict[str, None] = field(default_factory=dict)
    returned: dict[Any, Any] = field(default_factory=dict)
    returned_names: dict[int, str] = field(default_factory=dict)
    rate: float = 0.0

    @property
    def rates(self) -> tuple[str, ...]:
        """The derivative's arguments that are step sizes, by name."""
        wanted = self.parts.arguments
        given = zip(wanted.required, self.roles, strict=False)
        optional = (name for name in wanted.optional if name in STEP_SIZES)
        return (*(name for name, role in given if role == "rate"), *optional, *filter(is_rate, wanted.keyword_only))

    @property
    def takes_rate(self) -> bool:
        """Whether the derivative takes a step size."""
        return bool(self.rates)

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
        given = {"x": x, "a": a, "c": c, "kept": self.kept, "rate": self.rate}
        named = dict.fromkeys(self.rates[self.roles.count("rate") :], self.rate)
        raw = self.parts.derivative(*(given[role] for role in self.roles), **named)
        if raw is None:
            raw = self._read(_OF_SLOPE, self.parts.names[1], np.shape(x)[:1])
        if isinstance(raw, (tuple, list, Mapping)):
            return self._one_of(raw, np.shape(x))
        return raw

    def _one_of(self, raw: Any, shape: tuple[int, ...]) -> Any:
        """Take what has the input's shape, and keep the rest: a layer may return its parameters' gradients as well."""
        from actcheck.targets.reading.several import chosen, names_returned

        key = chosen(raw, shape, names_returned(self.parts.derivative))
        if key is None:
            return raw
        items = raw.items() if isinstance(raw, Mapping) else enumerate(raw)
        self.returned = {other: held for other, held in items if other != key}
        self.returned_names = dict(enumerate(names_returned(self.parts.derivative)))
        method = self.parts.names[1]
        if isinstance(raw, Mapping):
            self._remark(f"`{method}` returns a dictionary: its `{key}` is taken")
        elif len(raw) > 1:
            place = "the first" if key == 0 else f"number {key + 1}, in the shape of the input,"
            self._remark(f"`{method}` returns {len(raw)} things: {place} is taken")
        return raw[key]

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
