"""Makes the functor: a class or factory is called with the keywords, an instance is taken as it is."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeGuard

from actcheck.reserved import typed
from actcheck.targets.adapters import PLAIN, Adapter, adapter_for, lacks
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
    return tuple(dict.fromkeys((*_settings(found), *_if_factory(found))))


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
    is_made = bool(given) and (isinstance(found.thing, type) or _is_complete(found.thing, given))
    if not _is_maker(found.thing) or (not is_made and _is_functor(found)):
        adapter = _ask_for_functor(found)
        if is_function(found.thing):
            found = _with_settings(found, given)
        else:
            _ask_for_no_keywords(found, given)
        _ask_for_needs(found, adapter)
        return found, adapter
    keywords = keywords_of(found.thing)
    if mistakes(keywords, given):
        _ask_for_one_input(found)
    if _is_plain_function(found.thing, keywords, given):
        clause = f"it is a function without `gradient`, or a factory whose `{keywords.required[0]}` is not set"
        raise _no_functor(found, (clause,), "Name its derivative with --gradient mod:NAME. ")
    _ask_for_keywords(found, keywords, given)
    made = _call(found.thing, found, keywords, given)
    adapter = _ask_for_functor(made)
    _ask_for_needs(made, adapter)
    return made, adapter


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


def _is_complete(thing: object, given: Mapping[str, object]) -> bool:
    """Tell whether a function is given all that it needs, so that nothing is left to be its input."""
    required = keywords_of(thing).required if is_function(thing) else ()
    return bool(required) and set(required) <= set(given)


def _is_functor(found: Found) -> bool:
    return adapter_for(found) is not None


def _modes(found: Found) -> tuple[str, ...]:
    """Name what the methods of an object can be called with, and its class does not take itself.

    That is what tells training from evaluation, and what both of them take besides the input.
    """
    if not _takes_more(found.thing if isinstance(found.thing, type) else type(found.thing)):
        return ()
    from actcheck.targets.adapters.binding import first_pair
    from actcheck.targets.members import member
    from actcheck.targets.vocabulary import MODES

    pair = first_pair(found)
    methods = [member(found.thing, name) for name in (pair.value, pair.derivative)] if pair is not None else []
    arguments = [each.arguments for each in methods if each is not None]
    named = [name for each in arguments for name in (*each.modes, *each.optional)]
    modes = [name for name in named if name in MODES]
    shared = [name for name in named if len(arguments) > 1 and all(name in each.named for each in arguments)]
    own = keywords_of(found.thing).named if isinstance(found.thing, type) else ()
    needs = pair.needs if pair is not None else ()
    return tuple(name for name in dict.fromkeys((*needs, *modes, *shared)) if name not in own)


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
    from actcheck.targets.adapters.binding import first_pair, needs_of
    from actcheck.targets.arguments import arguments_of

    pair = first_pair(found)
    switch = pair.derivative if pair is not None and pair.protocol == "flag" else ""
    arguments = arguments_of(found.thing)
    names = (*needs_of(found), *arguments.optional, *arguments.modes)
    return tuple(name for name in dict.fromkeys(names) if name != switch)


def _if_factory(found: Found) -> tuple[str, ...]:
    """Name what a function needs that may be a factory as well: none of it is an input by its name."""
    from actcheck.targets.vocabulary import is_data

    required = keywords_of(found.thing).required if is_function(found.thing) else ()
    return () if any(map(is_data, required)) or len(required) < 2 else required


def _with_settings(found: Found, given: Mapping[str, object]) -> Found:
    names = _settings(found)
    unknown = [name for name in given if name not in names]
    if unknown:
        what = f"`{found.label}` takes no {quoted(tuple(unknown))}"
        takes = f"It takes {', '.join(map(option, names))}." if names else "It takes no keywords."
        raise ConstructorRefusedError(what, where=found.target, fix=takes)
    return replace(found, given=given)


def _ask_for_needs(found: Found, adapter: Adapter) -> None:
    """Refuse where a value and its derivative want more than an input that is not given."""
    if adapter is PLAIN:
        return
    from actcheck.targets.adapters.binding import needs_of

    missing = tuple(name for name in needs_of(found) if name not in found.given)
    if missing:
        options = " ".join(word for name in missing for word in typed(name, "VALUE"))
        what = f"`{found.label}` needs {quoted(missing)} besides its input: add {options}"
        raise ConstructorRefusedError(what, where=found.target, fix=_words_for(found, missing))


def _words_for(found: Found, missing: tuple[str, ...]) -> str:
    """Give the command lines that its own code tells of."""
    from actcheck.targets.dispatch import words_of

    told = {name: words_of(found, name) for name in missing}
    return " ".join(f"Its code knows {option(name)} {' | '.join(words)}." for name, words in told.items() if words)


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
        missing = tuple(name for name in keywords.required if name not in given)
        more = _words_for(found, missing) if is_class else "It has no `gradient`, and is taken for a factory."
        raise ConstructorRefusedError(what, where=found.target, fix=f"{_takes(keywords)} {more}".strip())


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
