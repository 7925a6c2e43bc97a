"""A kind of mistake that people make in a gradient, and the cases that it gives: a functor, and the spoilt gradient."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcheck.activations.catalogue import find, load

Array = NDArray[Any]
Gradient = Callable[[Array], Array]
Plant = Callable[["Base"], Iterator["Spoilt"]]


@dataclass(frozen=True)
class Base:
    """A functor of the catalogue, or one of the tests', with values for its parameters."""

    name: str
    cls: type
    parameters: tuple[tuple[str, float], ...] = ()
    dim: int | None = None

    def __str__(self) -> str:
        return ",".join([self.name, *(f"{name}={value:g}" for name, value in self.parameters)])

    def make(self, **changed: float) -> Any:
        return self.cls(**(dict(self.parameters) | changed))

    def value(self, name: str) -> float:
        """Give the value of a parameter."""
        return dict(self.parameters)[name]

    def spoilt(self, gradient: Gradient) -> Any:
        """Give the functor with another gradient, as its author would have written it: a method of the class."""
        cls = type(self.cls.__name__, (self.cls,), {"gradient": lambda self, X: gradient(X)})
        return cls(**dict(self.parameters))


def of(name: str, **parameters: float) -> Base:
    """Give a functor of the catalogue."""
    entry = find(name)
    assert entry is not None, name
    return Base(entry.name, load(entry), tuple(parameters.items()), 6 if not entry.elementwise else None)


def several(*names: str) -> tuple[Base, ...]:
    return tuple(of(name) for name in names)


@dataclass(frozen=True)
class Spoilt:
    """A wrong functor: what its author called the detail (a factor, a threshold), and what it is."""

    detail: str
    functor: Any


@dataclass(frozen=True)
class Kind:
    """One kind of mistake.

    Parameters
    ----------
    name : str
    mistake : str
        What the author did, in a sentence.
    bases : tuple of Base
        On which functors it is planted.
    plant : callable
        Gives the spoilt functors of one base.
    """

    name: str
    mistake: str
    bases: tuple[Base, ...]
    plant: Plant = field(repr=False)

    def cases(self) -> Iterator[tuple[Base, Spoilt]]:
        for base in self.bases:
            for spoilt in self.plant(base):
                yield base, spoilt


class Kinds(list[Kind]):
    """A list of kinds that grows by decoration."""

    def add(self, name: str, mistake: str, bases: tuple[Base, ...]) -> Callable[[Plant], Plant]:
        def listed(plant: Plant) -> Plant:
            self.append(Kind(name, mistake, bases, plant))
            return plant

        return listed

    def of_gradient(
        self, name: str, mistake: str, bases: tuple[Base, ...], spoil: Callable[..., Array], details: Any = (None,)
    ) -> None:
        """List a kind that spoils the right gradient.

        ``spoil`` is given, by the names of its arguments: ``J`` the right gradient, ``X``, ``A`` the value, ``f`` the
        right functor, ``base``, and ``detail``.
        """

        def plant(base: Base) -> Iterator[Spoilt]:
            for detail in details:
                yield Spoilt("" if detail is None else f"{detail}", base.spoilt(_spoiler(base, spoil, detail)))

        self.append(Kind(name, mistake, bases, plant))


def _spoiler(base: Base, spoil: Callable[..., Array], detail: Any) -> Gradient:
    wanted = tuple(inspect.signature(spoil).parameters)
    f = base.make()

    def gradient(X: Array) -> Array:
        known = {"X": X, "f": f, "base": base, "detail": detail}
        if "J" in wanted:
            known["J"] = f.gradient(X)
        if "A" in wanted:
            known["A"] = f(X)
        with np.errstate(all="ignore"):
            return np.asarray(spoil(**{name: known[name] for name in wanted}))

    return gradient
