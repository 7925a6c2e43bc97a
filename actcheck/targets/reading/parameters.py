"""The parameters of a layer: numbers that its value depends on, and where a backward pass leaves their gradients.

What a value depends on is measured, not guessed; a parameter whose gradient is not found is named, never left out.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import field
from typing import Any

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.errors import TargetError
from actcheck.targets.reading import rough, steps
from actcheck.targets.reading.leaves import MOST, Array, Path, Slot, follow, leaves, numbers_in, numbers_of, text_of
from actcheck.targets.reading.partners import is_gradient, is_named_for, says_gradient, says_step
from actcheck.targets.spelling import alike
from actcheck.targets.vocabulary import PARAMETERS

HELD, RETURNED, STEP = "held", "returned", "step"

_MOST = 64
"""So many numbers are asked about, whether the value depends on them."""

_LEAST_CHANGE = 1e-5
"""What guards a division, such as 1e-8 below a root, changes a value by less than this share of it."""

ShapeOf = Callable[[Array], tuple[int, ...]]

Make = Callable[[], Any]
"""Gives the layer as a functor that takes cotangents, on an object that nothing was asked of yet."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a layer.

    Parameters
    ----------
    name, partner : str
        As a message has them, e.g. ``params['W']`` and ``grads['W']``; of a step, what takes it.
    path, partner_path : tuple
        Attributes and keys that lead there from the layer, or from what a backward pass returns.
    kind : str
        Where the gradient is: `HELD` by the layer, `RETURNED` by the backward pass, or the `STEP` that this takes.
    """

    name: str
    partner: str
    path: Path
    partner_path: Path = ()
    kind: str = HELD

    def slot(self, functor: Any, dtype: str) -> Slot:
        """Give the place of its numbers, to be written into."""
        return Slot(functor.passes.parts.owner, self.path, dtype)

    def gradient(self, functor: Any, X: Array, C: Array) -> Any:
        """Make a forward and a backward pass, and give what they leave."""
        if self.kind == STEP:
            return steps.step(functor, self.path, X, C, 1.0)
        functor.pull(X.copy(), C.copy())
        if self.kind == RETURNED:
            return follow(functor.passes.returned, self.partner_path)
        return follow(functor.passes.parts.owner, self.partner_path)

    @property
    def is_step(self) -> bool:
        """Whether its gradient is told by how far a backward pass moves it."""
        return self.kind == STEP

    @property
    def place(self) -> str:
        """Where the gradient is, in words."""
        return f"the step that `{self.partner}` takes" if self.is_step else f"`{self.partner}`"

    @property
    def note(self) -> str:
        """Say where the gradient is."""
        return f"parameter `{self.name}` with its gradient in {self.place}"


@dataclass(frozen=True)
class Unchecked:
    """A parameter that cannot be checked.

    Parameters
    ----------
    name : str
    reason : str
        A clause.
    """

    name: str
    reason: str


@dataclass
class Found:
    """The parameters of a layer.

    Parameters
    ----------
    parameters : list of Parameter
    unchecked : list of Unchecked
    notes : list of str
        Remarks on numbers that are none.
    """

    parameters: list[Parameter] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def parameters_of(make: Make, X: rough.Floats, named: tuple[str, ...]) -> Found:
    """Find the parameters of a layer.

    Parameters
    ----------
    make : callable
    X : ndarray of shape (batch, n)
        Rows that it takes.
    named : tuple of str
        Further parameters, as NAME, or NAME=GRADIENT; dots lead into dictionaries and objects, and a place
        or key names what the backward pass returns. NAME= is a constant.

    Raises
    ------
    TargetError
        If one of these is not there.
    """
    search = _Search.of(make, X)
    if search is None:
        # The contract tells why.
        return Found()
    for text in named:
        search.take_named(text)
    search.take_by_name()
    search.take_rest()
    search.note_others()
    return search.found


class _Search:
    """A layer after two passes on other rows with other cotangents: what has stayed the same may be a parameter."""

    def __init__(self, make: Make, X: rough.Floats, functor: Any, first: dict[Path, Array]) -> None:
        self.make, self.X, self.functor = make, X, functor
        self.owner, self.found = functor.passes.parts.owner, Found()
        self.after = numbers_of(self.owner)
        self.first = first
        self.kept = [path for path, held in self.after.items() if path in first and _is_same(first[path], held)]
        self.returned = numbers_of(functor.passes.returned)
        self._taken: list[Path] = []
        self._partners: set[tuple[str, Path]] = set()

    @classmethod
    def of(cls, make: Make, X: rough.Floats) -> _Search | None:
        Y = rough.rows(X.shape[1], 0.37)
        Y = np.abs(Y) if (X >= 0).all() else Y
        # In batches of two sizes no array of rows has the shape of a parameter; some layers take one size only.
        for other in (Y[:-2], Y):
            try:
                with np.errstate(all="ignore"):
                    functor = make()
                    _pass(functor, X, 0.27)
                    first = {path: held.copy() for path, held in numbers_of(functor.passes.parts.owner).items()}
                    _pass(functor, other, 0.63)
                return cls(make, X, functor, first)
            except (Exception, SystemExit):
                continue
        return None

    # -------------------------------------------------------------------------------------- by what the user says

    def take_named(self, text: str) -> None:
        name, equals, partner = text.partition("=")
        path = self._path(name)
        if path is None:
            raise self._no_array(name)
        if equals and not partner:
            self._taken.append(path)
            self.found.notes.append(f"`{name}` is taken for a constant (--parameter)")
            return
        key = next((key for key in self.returned if partner in (".".join(map(str, key)), self._call(key))), None)
        other = self._path(partner) if equals else self._partner_of(path, alike=True)
        if other is None and key is not None:
            self._take(path, self._call(key), key, RETURNED)
            return
        if other is None:
            what = f"no gradient of the parameter `{name}` is left by the backward pass"
            if equals:
                what = f"there is no array `{partner}` after the backward pass (--parameter)"
            there = ", ".join(self._text(each) for each in self.after)
            fix = f"Name it: --parameter {name}=GRADIENT. There is {there}."
            raise TargetError(what, where=type(self.owner).__name__, fix=fix)
        self._take(path, self._text(other), other)

    def _no_array(self, name: str) -> TargetError:
        known = [self._text(each) for each in self.after]
        near = alike(name, known)
        fix = f"Did you mean {near[0]}?" if near else f"It holds {', '.join(known) or 'no arrays'}."
        what = f"there is no array `{name}` in the layer (--parameter)"
        return TargetError(what, where=type(self.owner).__name__, fix=fix)

    def _path(self, text: str) -> Path | None:
        return next((path for path in self.after if text in (".".join(map(str, path)), self._text(path))), None)

    # -------------------------------------------------------------------------------------- by name

    def take_by_name(self) -> None:
        self.after.update(self._properties())
        for by_likeness in (False, True):
            for path in self.kept:
                if self._is_taken(path) or (HELD, path) in self._partners:
                    continue
                partner = self._partner_of(path, by_likeness)
                if partner is not None and (self.after[path].ndim or self._is_asked(path)):
                    self._take(path, self._text(partner), partner)

    def _partner_of(self, path: Path, alike: bool) -> Path | None:
        found = [other for other in self.after if self._is_free(other) and is_gradient(other, path, alike)]
        found = [other for other in found if self._can_be(other, path)]
        return min(found, key=lambda other: says_step(str(other[-1])), default=None)

    def _can_be(self, other: Path, path: Path) -> bool:
        """Tell whether numbers of the right name can be a gradient, too."""
        if self.functor.takes_step and says_step(str(other[-1])):
            # It is what the parameter is moved by, which a step size of 0 leaves at nothing.
            return False
        held = self.after[other]
        if other not in self.kept:
            return True
        # What no pass changes is a setting, such as a time step, unless it waits for a gradient that is never written.
        return held.shape == self.after[path].shape and (held.ndim > 0 or not held.any())

    def _is_free(self, path: Path) -> bool:
        return (HELD, path) not in self._partners and path not in self._taken

    def _properties(self) -> dict[Path, Array]:
        """Read the properties whose names say that they are gradients."""
        found: dict[Path, Array] = {}
        for name, _ in inspect.getmembers_static(type(self.owner), lambda held: isinstance(held, property)):
            if (name,) in self.after or not any(is_gradient((name,), path) for path in self.kept):
                continue
            try:
                numbers = numbers_in(getattr(self.owner, name))
            except Exception:
                continue
            if numbers is not None:
                found[name,] = numbers
        return found

    # -------------------------------------------------------------------------------------- by other means

    def take_rest(self) -> None:
        """Look for the gradients of what else the value depends on, and name those that are not found."""
        rest = [path for path in self.kept if self._is_left(path)]
        asked = [path for path in rest[:_MOST] if self._is_asked(path)]
        for path in asked:
            self._take_returned(path)
        # The very shape first: of one input and one output all are alike without their sides of 1.
        for shape_of in (np.shape, _bare):
            for path in [each for each in asked if not self._is_taken(each)]:
                self._take_by_shape(path, asked, shape_of)
        left = [path for path in asked if not self._is_taken(path) and not self._take_step(path)]
        constants = [path for path in left if not self._is_parameter(path)]
        self.found.unchecked += [self._unchecked(path) for path in left if path not in constants]
        self.found.notes += [_constants([self._text(path) for path in constants])] if constants else []
        if len(rest) > _MOST:
            self.found.notes.append(f"{len(rest) - _MOST} more arrays and numbers of it were not looked at")

    def note_others(self) -> None:
        """Remark on arrays that are not looked at."""
        held = dict(leaves(self.owner))
        odd = [path for path, each in held.items() if isinstance(each, np.ndarray) and each.dtype.kind in "cO"]
        if odd:
            listed = ", ".join(f"`{self._text(path)}`" for path in odd)
            self.found.notes.append(f"not looked at for a parameter: {listed}, which holds no real numbers")
        if len(held) >= MOST:
            self.found.notes.append(f"it holds so much that only {MOST:,} things were looked at for a parameter")

    def _is_left(self, path: Path) -> bool:
        return not self._is_taken(path) and (HELD, path) not in self._partners

    def _take_returned(self, path: Path) -> None:
        for key in self.returned:
            name = self._name_of(key)
            if (RETURNED, key) not in self._partners and name and is_named_for(name, path):
                self._take(path, self._call(key), key, RETURNED)
                return

    def _take_by_shape(self, path: Path, asked: Iterable[Path], shape_of: ShapeOf) -> None:
        """Take what has the parameter's shape, where nothing else has, and no other parameter."""
        shape = shape_of(self.after[path])
        if not shape and not self._is_parameter(path):
            # A single number may be a setting.
            return
        if sum(shape_of(self.after[each]) == shape for each in asked if not self._is_taken(each)) != 1:
            return
        keys = self._keys_of(shape, shape_of)
        places = [other for other, held in self.after.items() if shape_of(held) == shape and self._is_free(other)]
        places = [other for other in places if self._is_changing(other) and any(says_gradient(str(k)) for k in other)]
        if len(keys) + len(places) != 1:
            return
        if keys:
            self._take(path, self._call(keys[0]), keys[0], RETURNED)
        else:
            self._take(path, self._text(places[0]), places[0])

    def _keys_of(self, shape: tuple[int, ...], shape_of: ShapeOf) -> list[Path]:
        """Give what is returned in a shape, and is the gradient of no other parameter."""
        fits = [key for key, held in self.returned.items() if shape_of(held) == shape]
        return [key for key in fits if (RETURNED, key) not in self._partners]

    def _is_changing(self, path: Path) -> bool:
        return path in self.first and self.first[path].shape == self.after[path].shape and path not in self.kept

    def _take_step(self, path: Path) -> bool:
        try:
            is_plain = steps.is_plain(self.make, path, self.X)
        except Exception:
            return False
        if is_plain:
            self._take(path, self.functor.passes.parts.names[1], (), STEP)
        return is_plain

    def _unchecked(self, path: Path) -> Unchecked:
        name = self._text(path)
        # Brackets and quotes mean something to a shell.
        written = name if name.isidentifier() else _dotted(path)
        advice = f"name one with --parameter {written}=NAME"
        empty = next((other for other, held in leaves(self.owner) if held is None and is_gradient(other, path)), None)
        if empty is not None:
            return Unchecked(name, f"`{self._text(empty)}` is None after the backward pass; {advice}")
        fits = self._keys_of(_bare(self.after[path]), _bare) if self._is_parameter(path) else []
        if fits:
            listed = ", ".join(f"`{self._call(key)}`" for key in fits)
            return Unchecked(
                name, f"its gradient may be {listed}; say which with --parameter {written}={_dotted(fits[0])}"
            )
        moved = (
            "; the step that it is moved by is no plain gradient's" if steps.is_moved(self.make, path, self.X) else ""
        )
        return Unchecked(name, f"no gradient found{moved}; {advice}")

    def _is_parameter(self, path: Path) -> bool:
        """Tell whether something is a parameter by its shape or name, where a number may be a setting."""
        return self.after[path].ndim > 0 or str(path[-1]).lower() in PARAMETERS

    # -------------------------------------------------------------------------------------- helpers

    def _is_asked(self, path: Path) -> bool:
        """Tell whether the value depends on some numbers, by another value with others."""
        try:
            with np.errstate(all="ignore"):
                return self._changes(path)
        except (Exception, SystemExit):
            # A number that has to be an integer, such as an axis, is no parameter.
            return False

    def _changes(self, path: Path) -> bool:
        functor = self.make()
        before = np.array(functor(self.X.copy()), dtype=float)
        again = np.array(functor(self.X.copy()), dtype=float)
        slot = Slot(functor.passes.parts.owner, path)
        spread = 1.0 + (np.arange(1.0, slot.value.size + 1) * 0.6180339887498949) % 1.0
        try:
            slot.write(slot.value + 0.1 * spread.reshape(slot.value.shape) * np.where(slot.value == 0, 1.0, slot.value))
            after = np.array(functor(self.X.copy()), dtype=float)
        finally:
            slot.restore()
        size = _LEAST_CHANGE * np.max(np.abs(before), initial=0.0, where=np.isfinite(before))
        return bool(_apart(before, after) > size + 2 * _apart(before, again))

    def _is_taken(self, path: Path) -> bool:
        held = self.after[path]
        others = (self.after[each] for each in self._taken)
        return path in self._taken or any(_is_shared(held, other) for other in others)

    def _take(self, path: Path, partner: str, partner_path: Path, kind: str = HELD) -> None:
        self._taken.append(path)
        self._partners.add((kind, partner_path))
        self.found.parameters.append(Parameter(self._text(path), partner, path, partner_path, kind))

    def _name_of(self, key: Path) -> str:
        last, names = key[-1], self.functor.passes.returned_names
        return last if isinstance(last, str) else names.get(last, "") if len(key) == 1 else ""

    def _call(self, key: Path) -> str:
        return f"{self.functor.passes.parts.names[1]}(...)" + "".join(f"[{part!r}]" for part in key)

    def _text(self, path: Path) -> str:
        return text_of(self.owner, path)


def _pass(functor: Any, X: rough.Floats, shift: float) -> None:
    shape = np.shape(functor(X.copy()))
    functor.pull(X.copy(), rough.cotangent(shape, shift))


def _bare(held: Array) -> tuple[int, ...]:
    """Give a shape without sides of 1: a bias of one output is a number, or (1,), or (1, 1)."""
    return tuple(side for side in held.shape if side != 1)


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))


def _constants(names: list[str]) -> str:
    listed = ", ".join(f"`{name}`" for name in names)
    what = "a constant" if len(names) == 1 else "constants"
    return f"taken for {what}: {listed}; the gradient with respect to it is checked by --parameter {names[0]}=NAME"


def _apart(first: Array, second: Array) -> float:
    if first.shape != second.shape:
        return np.inf
    with np.errstate(invalid="ignore"):
        return float(np.nanmax(np.abs(first - second), initial=0.0))


def _is_shared(first: Array, second: Array) -> bool:
    return first is second or ((first.base is not None or second.base is not None) and np.shares_memory(first, second))


def _is_same(first: Array, second: Array) -> bool:
    return first.shape == second.shape and np.array_equal(first, second)
