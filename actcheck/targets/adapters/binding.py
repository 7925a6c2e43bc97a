"""Takes two names of an object for its value and its derivative; what all adapters of objects share."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial, wraps
from types import FunctionType
from typing import TYPE_CHECKING, Any, cast

from actcheck.targets.adapters.adapter import Adapted
from actcheck.targets.arguments import Arguments, arguments_of
from actcheck.targets.callables import is_function, signature_of
from actcheck.targets.failures import NotAFunctorError
from actcheck.targets.found import ABSENT, Found, peek
from actcheck.targets.members import Kind, member
from actcheck.targets.pairs import FLAG, STATEFUL, Pair, answer, of_object, settings_of
from actcheck.targets.signatures import keywords_of
from actcheck.targets.vocabulary import MODES, SELECTORS, is_data

if TYPE_CHECKING:
    from actcheck.targets.reading.parts import Parts


def first_pair(found: Found) -> Pair | None:
    """Give the pair by which what was found is read, None where there is none."""
    return next(iter(pairs_of(found)), None)


def pairs_of(found: Found) -> tuple[Pair, ...]:
    """Give the pairs of what was found, the one by which it is read first."""
    if isinstance(found.owner, type) and is_function(found.thing):
        return tuple(pair for pair in of_object(found.owner) if pair.value == found.name)
    return answer(found.thing, found.name, found.owner).pairs


def others_note(found: Found) -> tuple[str, ...]:
    """Remark on further derivatives that what was found has."""
    if isinstance(found.owner, type) and is_function(found.thing):
        return ()
    pairs = answer(found.thing, found.name, found.owner).pairs
    more = [pair.derivative for pair in pairs[1:] if pair.derivative != pairs[0].derivative]
    if not more:
        return ()
    option = "--gradient" if is_function(found.thing) else "--derivative"
    listed = ", ".join(f"`{name}`" for name in dict.fromkeys(more))
    return (f"there is {listed} as well, which was not looked at; {option} {more[0]} checks it",)


def instance_of(found: Found, pair: Pair) -> tuple[Any, tuple[str, ...]]:
    """Give the object that a method named on its class is called on, and remark where it is a makeshift."""
    owner: Any = found.owner
    if pair.free:
        return owner, ()
    try:
        return owner(), ()
    except Exception as error:
        if pair.protocol == STATEFUL:
            raise _not_made(owner.__qualname__ + "." + pair.value, pair.derivative) from error
        # Functions of a class of activations seldom need what its constructor sets.
        bare = object.__new__(owner)
        _ask_bare(bare, found, pair)
        return bare, (
            f"`{owner.__name__}` cannot be made without arguments: an object that is not initialised is used",
        )


def _ask_bare(bare: Any, found: Found, pair: Pair) -> None:
    """Refuse where a method needs what the constructor would have set."""
    from actcheck.targets.reading import rough

    switch = {pair.derivative: True} if pair.protocol == FLAG else {}
    for name, given in ((pair.value, {}), (pair.value if switch else pair.derivative, switch)):
        try:
            bound(bare, name)(rough.rows(3), **given)
        except AttributeError as error:
            needs = ", ".join(f"`{each}`" for each in keywords_of(type(bare)).required)
            what = f"`{type(bare).__name__}` needs {needs} to be made, and its `{name}` needs what that sets ({error})"
            raise NotAFunctorError(what, where=found.target, fix="Name an instance of it.") from error
        except Exception:
            # The contract tells of it.
            return


def read_as(protocol: str, found: Found, owner: Any, value: str, derivative: str) -> Adapted:
    """Make a functor of two names of an object, or of a class whose functions need no instance."""
    from actcheck.targets.reading.compose import compose

    def bind(held: Any) -> Parts:
        return parts_on(held, value, derivative, found.given)

    state = None if isinstance(owner, type) or inspect.ismodule(owner) else owner
    adapted = compose(bind if state is not None else lambda _: bind(owner), state, found.reading, protocol)
    plain, (function, wanted) = bound(owner, value), _derivative(owner, derivative)
    told = modes_note(((value, plain), (derivative, function)), found.given)
    told += defaults_note((value, derivative), plain, wanted, found.given)
    return replace(adapted, notes=(*adapted.notes, *told))


def parts_on(owner: Any, value: str, derivative: str, given: Mapping[str, object]) -> Parts:
    """Bind two names of an object, with what tells training from evaluation set."""
    from actcheck.targets.reading.parts import Parts

    function, arguments = _derivative(owner, derivative)
    state = None if isinstance(owner, type) or inspect.ismodule(owner) else owner
    names = (value, derivative)
    plain = bound(owner, value)
    shared = with_defaults(given, plain, arguments)
    return Parts(with_given(plain, given), with_given(function, shared), names, arguments.without(tuple(shared)), state)


def with_defaults(given: Mapping[str, object], value: Callable[..., Any], wanted: Arguments) -> dict[str, object]:
    """Add the defaults of a value that its derivative wants to be given, and which nothing is said of."""
    names = [name for name in arguments_of(value).optional if name in wanted.missing and not is_data(name)]
    if not names:
        return dict(given)
    parameters = signature_of(value).parameters
    return {name: parameters[name].default for name in names} | dict(given)


def defaults_note(
    names: tuple[str, str], value: Callable[..., Any], wanted: Arguments, given: Mapping[str, object]
) -> tuple[str, ...]:
    """Say which defaults of the value a derivative is given."""
    taken = {name: held for name, held in with_defaults({}, value, wanted).items() if name not in given}
    return tuple(
        f"`{names[1]}` is given {name} = {held!r}, the default of `{names[0]}`" for name, held in taken.items()
    )


def with_given(function: Callable[..., Any], given: Mapping[str, object]) -> Callable[..., Any]:
    """Set what is given where a function takes it; what tells training from evaluation, where nothing does, to that."""
    arguments = arguments_of(function)
    taken = {name: given.get(name, MODES[name]) for name in arguments.modes}
    taken |= {name: value for name, value in given.items() if name in arguments.named}
    if not taken:
        return function
    is_first = bool(arguments.required) and arguments.required[0] in taken
    return _behind(function, taken) if is_first else partial(function, **taken)


def _behind(function: Callable[..., Any], taken: Mapping[str, object]) -> Callable[..., Any]:
    """Set the first argument by name: what is left has to be given by name as well."""
    signature = signature_of(function)
    free = [each for each in signature.parameters.values() if each.name not in taken]

    @wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        return function(**dict(zip((each.name for each in free), arguments, strict=False)), **taken, **named)

    vars(call)["__signature__"] = signature.replace(parameters=free)
    return call


def needs_of(found: Found) -> tuple[str, ...]:
    """Name what has to be given for value and derivative to be functions of the input."""
    if found.partner is ABSENT or not is_function(found.thing):
        pair = first_pair(found)
        return pair.needs if pair is not None else ()
    arguments = arguments_of(found.thing)
    return () if arguments.takes_one else settings_of(arguments)


def modes_note(functions: Iterable[tuple[str, Callable[..., Any]]], given: Mapping[str, object]) -> tuple[str, ...]:
    """Say what is set where nobody has asked for it, and what could be."""
    told: dict[str, str] = {}
    for name, function in functions:
        arguments = arguments_of(function)
        for mode in [each for each in (*arguments.modes, *arguments.optional) if each in MODES and each not in given]:
            option, word = f"--{mode.replace('_', '-')}", str(MODES[mode]).lower()
            if mode in arguments.modes:
                text = f"`{name}` needs `{mode}`, and is given {MODES[mode]!r}, as in evaluation"
                text = f"{text}; {option} VALUE gives another"
            else:
                text = f"`{name}` is called with its own default of `{mode}`; {option} {word} asks for evaluation"
            told.setdefault(mode, text)
        for word, default in _words(function, given):
            text = f"`{name}` is called with its own default {word} = {default!r}; --{word.replace('_', '-')} WORD"
            told.setdefault(word, f"{text} asks for another")
    return tuple(told.values())


def _words(function: Callable[..., Any], given: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Give the arguments that tell one function of many, with the word that they have by default."""
    names = [name for name in arguments_of(function).optional if name.lower() in SELECTORS and name not in given]
    parameters = signature_of(function).parameters if names else {}
    for name in names:
        if isinstance(parameters[name].default, str):
            yield name, parameters[name].default


def bound(owner: Any, name: str) -> Callable[..., Any]:
    """Give a function of an object, one written without ``self`` as it is."""
    if name == "__call__":
        return cast(Callable[..., Any], owner)
    seen = member(owner, name)
    if seen is not None and seen.kind is Kind.FREE and isinstance(seen.function, FunctionType):
        return seen.function
    if inspect.isfunction(owner) and not hasattr(owner, name):
        # A method that was found on its class, which could not be made.
        raise _not_made(owner.__qualname__, name)
    return cast(Callable[..., Any], getattr(owner, name))


def _not_made(method: str, derivative: str) -> NotAFunctorError:
    return NotAFunctorError(
        f"`{method}` is a method, and its derivative `{derivative}` stands on an object that is not made",
        fix="Name an instance, or the class with the arguments that its constructor needs.",
    )


def _derivative(owner: Any, name: str) -> tuple[Callable[..., Any], Arguments]:
    if isinstance(peek(owner, name), property):
        try:
            read = getattr(owner, name)
        except Exception:
            # It needs a forward pass before.
            read = None
        # A property may hand out a function, or what follows from the last forward pass.
        return (read, arguments_of(read)) if callable(read) else (partial(getattr, owner, name), Arguments())
    function = bound(owner, name)
    return function, arguments_of(function)
