"""Makes the functor: a class or factory is called with the keywords, an instance is taken as it is."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeGuard

from actcheck.targets.adapters import Adapter, adapter_for, lacks
from actcheck.targets.callables import is_function
from actcheck.targets.couple import Couple
from actcheck.targets.failures import ConstructorRefusedError, NotAFunctorError
from actcheck.targets.found import Found
from actcheck.targets.listing import functors_in, methods_of, quoted
from actcheck.targets.signatures import Keywords, keywords_of, mistakes, option
from actcheck.targets.trace import describe, user_trace

_SELF_AND_INPUT = 2

_DATA = frozenset((*"xzyuvtsha", "arr", "array", "data", "features", "inp", "input", "inputs", "logits", "self", "xs"))
"""What the first argument of a plain function is called, or of a method without its object: no factory needs it."""


def accepted(found: Found) -> tuple[str, ...] | None:
    """Name the keywords that what was found takes, None if any goes; nothing is called.

    Raises
    ------
    NotAFunctorError
        If it neither is a functor nor can make one.
    TargetBrokenError
        If the user's code raises when its attributes are read.
    """
    if _is_maker(found.thing) and (isinstance(found.thing, type) or not _is_functor(found)):
        taken = keywords_of(found.thing).accepted
        return None if taken is None else tuple(dict.fromkeys((*taken, *_modes(found))))
    _ask_for_functor(found)
    return _settings(found)


def construct(found: Found, given: Mapping[str, object]) -> tuple[Found, Adapter]:
    """Give the functor itself, with the adapter that understands it.

    Raises
    ------
    NotAFunctorError
        If it neither is a functor nor makes one: what is missing, and what it has instead.
    ConstructorRefusedError
        If the keywords are not those of the class or factory, or it raises on them, or an instance is given any.
    TargetBrokenError
        If the user's code raises when its attributes are read.
    """
    if not is_function(found.thing):
        modes = {name: value for name, value in given.items() if name in _modes(found)}
        found, given = replace(found, given=modes), {name: given[name] for name in given if name not in modes}
    is_made = isinstance(found.thing, type) and bool(given)
    if not _is_maker(found.thing) or (not is_made and _is_functor(found)):
        adapter = _ask_for_functor(found)
        if is_function(found.thing):
            return _with_settings(found, given), adapter
        _ask_for_no_keywords(found, given)
        return found, adapter
    keywords = keywords_of(found.thing)
    if mistakes(keywords, given):
        _ask_for_one_input(found)
    if _is_plain_function(found.thing, keywords, given):
        clause = f"it is a function without `gradient`, or a factory whose `{keywords.required[0]}` is not set"
        raise _no_functor(found, (clause,), "Name its derivative with --gradient mod:NAME. ")
    _ask_for_keywords(found, keywords, given)
    made = _call(found.thing, found, keywords, given)
    return made, _ask_for_functor(made)


def how_made(found: Found) -> tuple[str, ...]:
    """Remark on how the functor is come by, where it is not by its class."""
    if isinstance(found.thing, (type, Couple)) or (is_function(found.thing) and _is_functor(found)):
        return ()
    return ("an instance, taken as it is",) if _is_functor(found) else (f"made by the factory `{found.label}`",)


def _is_maker(thing: object) -> TypeGuard[Callable[..., object]]:
    if isinstance(thing, (type, functools.partial)) or is_function(thing):
        return callable(thing)
    # A decorator may leave an object in a factory's place, as functools.cache does, and say so on the object.
    return callable(thing) and not {"__wrapped__", "__signature__"}.isdisjoint(getattr(thing, "__dict__", ()))


def _is_functor(found: Found) -> bool:
    return adapter_for(found) is not None


def _modes(found: Found) -> tuple[str, ...]:
    """Name what tells training from evaluation in the methods of an object that its class does not take itself."""
    if not _takes_more(found.thing if isinstance(found.thing, type) else type(found.thing)):
        return ()
    from actcheck.targets.adapters.binding import first_pair
    from actcheck.targets.members import member
    from actcheck.targets.vocabulary import MODES

    pair = first_pair(found)
    methods = [member(found.thing, name) for name in (pair.value, pair.derivative)] if pair is not None else []
    named = [name for each in methods if each for name in (*each.arguments.modes, *each.arguments.optional)]
    own = keywords_of(found.thing).named if isinstance(found.thing, type) else ()
    return tuple(dict.fromkeys(name for name in named if name in MODES and name not in own))


def _takes_more(kind: type) -> bool:
    """Tell whether a method takes more than an input: of most nothing further has to be loaded."""
    held = [vars(base).items() for base in kind.__mro__ if base is not object]
    methods = [value for items in held for name, value in items if name == "__call__" or not name.startswith("__")]
    codes = [getattr(getattr(each, "__func__", each), "__code__", None) for each in methods]
    return any(code.co_argcount + code.co_kwonlyargcount > _SELF_AND_INPUT for code in codes if code is not None)


def _settings(found: Found) -> tuple[str, ...]:
    """Name the keywords that a function's value and derivative can be called with, or an instance's methods."""
    if not is_function(found.thing):
        return _modes(found)
    from actcheck.targets.adapters.binding import first_pair
    from actcheck.targets.arguments import arguments_of

    pair = first_pair(found)
    switch = pair.derivative if pair is not None and pair.protocol == "flag" else ""
    arguments = arguments_of(found.thing)
    return tuple(name for name in (*arguments.optional, *arguments.modes) if name != switch)


def _with_settings(found: Found, given: Mapping[str, object]) -> Found:
    names = _settings(found)
    unknown = [name for name in given if name not in names]
    if unknown:
        what = f"`{found.label}` takes no {quoted(tuple(unknown))}"
        takes = f"It takes {', '.join(map(option, names))}." if names else "It takes no keywords."
        raise ConstructorRefusedError(what, where=found.target, fix=takes)
    return replace(found, given=given)


def _is_plain_function(maker: object, keywords: Keywords, given: Mapping[str, object]) -> bool:
    first = keywords.required[0] if keywords.required else ""
    return not isinstance(maker, type) and first.lower() in _DATA and first not in given


def _call(maker: Callable[..., object], found: Found, keywords: Keywords, given: Mapping[str, object]) -> Found:
    written = ", ".join(f"{name}={value!r}" for name, value in given.items())
    label = f"{found.label}({written})"
    try:
        return replace(found, thing=maker(**given), label=label)
    except (Exception, SystemExit) as error:
        what = f"`{label}` raised {describe(error)}"
        raise ConstructorRefusedError(
            what, where=found.target, fix=_takes(keywords), trace=user_trace(error)
        ) from error


def _ask_for_one_input(found: Found) -> None:
    """Refuse a function whose derivative stands beside it, where one of them takes too much: it is no factory."""
    if not is_function(found.thing):
        return
    from actcheck.targets.pairs import answer, derivatives_beside

    if derivatives_beside(found.name, found.owner):
        advice = "Write functions of the input alone, in which the rest is set. "
        raise _no_functor(found, (answer(found.thing, found.name, found.owner).reason,), advice)


def _ask_for_keywords(found: Found, keywords: Keywords, given: Mapping[str, object]) -> None:
    wrong = mistakes(keywords, given)
    if wrong:
        is_class = isinstance(found.thing, type)
        what = f"`{found.label}` cannot be {'constructed' if is_class else 'called'}: {'; '.join(wrong)}"
        fix = _takes(keywords) if is_class else f"{_takes(keywords)} It has no `gradient`, and is taken for a factory."
        raise ConstructorRefusedError(what, where=found.target, fix=fix.strip())


def _ask_for_no_keywords(found: Found, given: Mapping[str, object]) -> None:
    if given:
        what = f"`{found.label}` is an instance, which takes no keywords: {quoted(tuple(given))}"
        kind = type(found.thing).__name__
        fix = f"Leave {', '.join(map(option, given))} out, or name its class `{kind}` instead."
        raise ConstructorRefusedError(what, where=found.target, fix=fix)


def _ask_for_functor(found: Found) -> Adapter:
    adapter = adapter_for(found)
    if adapter is None:
        raise _no_functor(found, lacks(found))
    return adapter


def _no_functor(found: Found, clauses: tuple[str, ...], advice: str = "") -> NotAFunctorError:
    what = f"`{found.label}` is not a functor: {' and '.join(clauses)}"
    methods = methods_of(found.thing)
    others = [name for name in functors_in(found.owner) if name != found.name]
    fix = f"{advice}A functor is called with a batch X, and has `gradient(X)`."
    if methods:
        fix = f"It has {quoted(methods)}. {fix}"
    if others:
        fix = f"{fix} Beside it there is {quoted(tuple(others[:4]))}."
    return NotAFunctorError(what, where=found.target, fix=fix)


def _takes(keywords: Keywords) -> str:
    if keywords.named:
        return f"It takes {', '.join(map(option, keywords.named))}."
    return "" if keywords.is_open or keywords.positional else "It takes no keywords."
