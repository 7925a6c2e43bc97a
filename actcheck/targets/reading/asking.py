"""What a derivative's arguments are, where their names leave it open: found by calling it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.targets.arguments import Arguments, arguments_of
from actcheck.targets.reading import rough
from actcheck.targets.reading.functors import Direct, Pulled
from actcheck.targets.reading.handing import Handing
from actcheck.targets.reading.parts import Parts, Passes
from actcheck.targets.vocabulary import CACHES, OUTPUTS, STEP_SIZES, is_backward, is_cotangent, is_rate

Roles = tuple[str, ...]

_INPUT_WORDS = frozenset(("x", "z", "inp", "input", "inputs"))
"""Names that a derivative's argument has only where it is the input, in lower case."""


@dataclass(frozen=True)
class Asked:
    """What was found.

    Parameters
    ----------
    roles : tuple of str
        See `Passes`.
    forward_first : bool
        Whether a derivative that takes no cotangent needs the value to be called before.
    fits : bool
        Whether it gave what differences give, about.
    notes : tuple of str
        What was found, in words, where the names do not say it.
    """

    roles: Roles
    forward_first: bool = False
    fits: bool = False
    notes: tuple[str, ...] = ()

    @property
    def takes_cotangent(self) -> bool:
        """Whether one of the arguments is a cotangent."""
        return "c" in self.roles


def ask(make: Callable[[], Parts], handing: Handing, X: rough.Floats) -> Asked | None:
    """Find out what the derivative's arguments are.

    Parameters
    ----------
    make : callable
        Gives the parts, on an object that nothing was asked of yet where it can be copied.
    handing : Handing
    X : ndarray of shape (batch, n)
        Rows on which the value does not raise.

    Returns
    -------
    Asked or None
        None where it raises whatever it is given.
    """
    bench = _Bench(make, handing, X)
    wanted = _wanted(bench.parts.arguments)
    rates = _rates(bench.parts.arguments)
    named = [name for name in wanted if name not in rates]
    if len(named) == 1 and named[0].lower() in CACHES and bench.keeps:
        return bench.try_roles(tuple("rate" if name in rates else "kept" for name in wanted))
    if len(named) == 1:
        return _ask_one(bench, wanted)
    tried = [found for roles in _several(bench.parts, bench.keeps) if (found := bench.try_roles(roles)) is not None]
    best = next((found for found in tried if found.fits), tried[0] if tried else None)
    return _told(best, wanted, bench.parts.names[1]) if best else None


def expected(parts: Parts, keeps: bool) -> Roles:
    """Give the likeliest roles of a derivative that raises whatever it is given, empty where its names tell none.

    Parameters
    ----------
    parts : Parts
    keeps : bool
        Whether the value returns something besides.
    """
    wanted = _wanted(parts.arguments)
    named = [name for name in wanted if not is_rate(name)]
    if keeps and len(named) == 1 and named[0].lower() in CACHES:
        return _with_rates(wanted, ("kept",))
    choices = _several(parts, keeps) if any(map(is_cotangent, named)) or is_backward(parts.names[1]) else []
    return next((roles for roles in choices if "c" in roles), ())


class _Bench:
    """Parts to be asked, and what differences of their value say along one direction."""

    def __init__(self, make: Callable[[], Parts], handing: Handing, X: rough.Floats) -> None:
        self.make, self.handing, self.X = make, handing, X
        self.parts = make()
        passes = Passes(self.parts)
        with np.errstate(all="ignore"):
            value = np.asarray(handing.value(passes.value, X.copy()))
        self.keeps = passes.kept is not None
        self.varies = not self._repeats(value)
        self.shape = value.shape
        self.C = rough.rows(value.shape[1] if value.ndim == 2 else 1, 0.27)
        self.V = rough.rows(X.shape[1], 0.41)
        self._changed: Any = None

    def _repeats(self, value: Any) -> bool:
        again = _quiet(lambda: self.handing.value(Passes(self.make()).value, self.X.copy()))
        return again is None or bool(np.array_equal(value, np.asarray(again), equal_nan=True))

    def changed(self) -> Any:
        """Give the differences of the value along V, None where there are none."""
        if self._changed is None:
            function = Direct(Passes(self.make()), self.handing)
            try:
                with np.errstate(all="ignore"):
                    self._changed = rough.change(function, self.X, self.V)
            except Exception:
                self._changed = np.full(self.shape, np.nan)
        return self._changed

    def try_roles(self, roles: Roles) -> Asked | None:
        """Give roles as an answer, with whether they fit; None where the derivative raises on them."""
        if "c" in roles:
            raw = self.pull(roles, self.C)
            return None if raw is None else Asked(roles, True, self._fits(rough.fits_pull, raw, self.C))
        needs_value = not roles or not {"a", "kept"}.isdisjoint(roles)
        for forward_first in (True,) if needs_value else (False, True):
            functor = Direct(Passes(self.make(), roles), self.handing, forward_first)
            raw = _quiet(functor.gradient, self.X.copy())
            if raw is not None:
                return Asked(roles, forward_first, self._fits(rough.fits_slopes, raw))
        return None

    def pull(self, roles: Roles, C: rough.Floats) -> Any:
        """Give products with cotangents, None where that raises."""
        return _quiet(Pulled(Passes(self.make(), roles), self.handing).pull, self.X.copy(), C.copy())

    def _fits(self, test: Callable[..., bool], raw: Any, *more: Any) -> bool:
        try:
            return test(raw, *more, self.changed(), self.V)
        except (TypeError, ValueError):
            return False


def _ask_one(bench: _Bench, wanted: tuple[str, ...]) -> Asked | None:
    rates = _rates(bench.parts.arguments)
    argument = next(name for name in wanted if name not in rates)

    def roles(role: str) -> Roles:
        return tuple("rate" if name in rates else role for name in wanted)

    method = bench.parts.names[1]
    direct, pulled = bench.try_roles(roles("x")), bench.try_roles(roles("c"))
    if direct is None and pulled is None:
        return bench.try_roles(roles("kept")) if bench.keeps else None
    if bench.varies:
        return _ask_by_name(bench, argument, direct, pulled)
    linear, ignores = _linearity(bench, roles("c"))
    is_pulled = _is_cotangent(
        direct,
        pulled,
        is_linear=bool(linear),
        ignores=ignores,
        expected=(is_backward(method), is_cotangent(argument)),
        in_output=lambda: (seen := bench.try_roles(roles("a"))) is not None and seen.fits,
    )
    found = pulled if is_pulled else direct
    assert found is not None
    if not is_pulled and not is_backward(method):
        # A derivative that is given its input must not need a forward pass: the contract tells if it does.
        found = replace(found, forward_first=False)
    is_open = is_backward(method) or is_cotangent(argument) or is_pulled
    notes = _words(method, argument, is_pulled, linear, ignores, found) if is_open else ()
    return Asked(found.roles, found.forward_first, found.fits, notes)


def _ask_by_name(bench: _Bench, argument: str, direct: Asked | None, pulled: Asked | None) -> Asked | None:
    """Go by the names where the value is another at each call: nothing can be told of products then."""
    value, method = bench.parts.names
    is_pulled = is_backward(method) or is_cotangent(argument) or direct is None
    found = pulled if is_pulled and pulled is not None else direct or pulled
    if found is None:
        return None
    role = "a cotangent" if "c" in found.roles else "the input"
    note = f"`{value}` gives another value at each call: `{method}` is taken by its names, with `{argument}` as {role}"
    return Asked(found.roles, found.forward_first, found.fits, (note,))


def _is_cotangent(
    direct: Asked | None,
    pulled: Asked | None,
    *,
    is_linear: bool,
    ignores: bool,
    expected: tuple[bool, bool],
    in_output: Callable[[], bool],
) -> bool:
    """Decide whether the only argument is a cotangent; what fits decides, then what is linear, then the names."""
    by_method, by_argument = expected
    if direct is None or pulled is None:
        return direct is None
    if ignores:
        # A derivative of the last forward pass that forgets the chain rule, if a cotangent is what it is given.
        return by_argument
    if direct.fits != pulled.fits:
        return pulled.fits
    if pulled.fits:
        return is_linear and (by_method or by_argument)
    if not (by_method or by_argument):
        return False
    return is_linear or (by_argument and not in_output())


def _words(
    method: str, argument: str, is_pulled: bool, linear: bool | None, ignores: bool, found: Asked
) -> tuple[str, ...]:
    named = f"`{method}` "
    if linear is None and is_pulled:
        return (f"{named}gives no array; its argument `{argument}` is taken for a cotangent by its name",)
    if ignores:
        role = (
            ", which is a cotangent by its name" if is_pulled else ": it is the derivative at the last forward's input"
        )
        return (f"{named}ignores its argument `{argument}`{role}",)
    if is_pulled and linear:
        return (f"{named}is linear in its argument `{argument}`: it takes a cotangent",)
    if is_pulled:
        return (f"{named}is not linear in its argument `{argument}`, which is taken for a cotangent by its name",)
    what = "the derivative itself" + (", at the last forward's input" if found.forward_first else "")
    if linear:
        return (f"{named}is {what}: it is linear in `{argument}`, but no product with a cotangent",)
    return (f"{named}is not linear in its argument `{argument}`: it is {what}",)


def _linearity(bench: _Bench, roles: Roles) -> tuple[bool | None, bool]:
    """Tell whether the derivative is linear in its only argument, and whether it ignores it.

    None in place of the first where it gives no arrays.
    """
    other = rough.rows(bench.C.shape[1], 0.63)
    one, two = bench.pull(roles, bench.C), bench.pull(roles, other)
    both, thrice = bench.pull(roles, bench.C + other), bench.pull(roles, 3 * bench.C)
    try:
        if any(each is None for each in (one, two, both, thrice)) or not np.size(one):
            return False, False
        one, two = np.asarray(one), np.asarray(two)
        return rough.same(one + two, both) and rough.same(3 * one, thrice), rough.same(one, two)
    except (TypeError, ValueError):
        return None, False


def _wanted(arguments: Arguments) -> tuple[str, ...]:
    if arguments.required:
        return arguments.required
    optional = tuple(name for name in arguments.optional if name not in STEP_SIZES)
    if arguments.is_open or optional:
        return (optional or ("x",))[:1]
    return ()


def _rates(arguments: Arguments) -> frozenset[str]:
    return frozenset(name for name in arguments.required if is_rate(name))


def _several(parts: Parts, keeps: bool) -> list[Roles]:
    """Give the roles that no or two arguments may have, the likeliest first; a step size is one by its name."""
    wanted = _wanted(parts.arguments)
    named = [name for name in wanted if not is_rate(name)]
    if not named:
        choices: list[Roles] = [()]
    elif len(named) != 2:
        return []
    else:
        choices = _pairs(named[0], named[1], _own_input(parts), keeps)
    return [_with_rates(wanted, roles) for roles in choices]


def _pairs(first: str, second: str, own: str, keeps: bool) -> list[Roles]:
    forward: list[Roles] = [("c", role) for role in _stands_for(second, own, keeps)]
    turned: list[Roles] = [(role, "c") for role in _stands_for(first, own, keeps)]
    if first.lower() in CACHES or (is_cotangent(second) and not is_cotangent(first)):
        return turned
    if second.lower() in CACHES or (is_cotangent(first) and not is_cotangent(second)):
        return forward
    if own == first:
        return [*turned, ("x", "a")]
    if own == second:
        return [*forward, ("a", "x")]
    return [*forward, *turned, ("x", "a")]


def _stands_for(name: str, own: str, keeps: bool) -> Roles:
    """Give what an argument beside a cotangent may be: never what its author would not hand over.

    What the value returns besides is there to be handed over, and so nothing else is, unless the name says so. What
    bears the name of the value's own input, or one that inputs have, is the input even if the value would be right.
    """
    if name == own or (name.lower() in _INPUT_WORDS and name.lower() not in OUTPUTS):
        told: Roles = ("x",)
    elif name.lower() in OUTPUTS:
        told = ("a",)
    else:
        return ("kept",) if keeps else ("x", "a")
    return ("kept", *told) if keeps else told


def _own_input(parts: Parts) -> str:
    """Give what the value calls its input, empty where it has no name for it."""
    arguments = arguments_of(parts.value)
    return next(iter((*arguments.required, *arguments.optional)), "")


def _with_rates(wanted: tuple[str, ...], roles: Roles) -> Roles:
    left = iter(roles)
    return tuple("rate" if is_rate(name) else next(left) for name in wanted)


_MEANING = {
    "x": "the input",
    "a": "the value",
    "c": "a cotangent",
    "kept": "what the value returns besides",
    "rate": "0",
}


def _told(found: Asked, wanted: tuple[str, ...], method: str) -> Asked:
    if not found.roles:
        return Asked(found.roles, found.forward_first, found.fits, (f"`{method}` is read after a forward pass",))
    parts = ", ".join(f"`{name}` {_MEANING[role]}" for name, role in zip(wanted, found.roles, strict=True))
    return Asked(found.roles, found.forward_first, found.fits, (f"`{method}` is given as {parts}",))


def _quiet(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call with NumPy's warnings silenced; None for whatever it raises, which the contract tells."""
    try:
        with np.errstate(all="ignore"):
            return function(*arguments)
    except (Exception, SystemExit):
        return None
