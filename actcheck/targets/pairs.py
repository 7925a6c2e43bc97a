"""Which values and derivatives an object, a class, a function or a namespace has, by name and by arguments.

Nothing of the user's is run. `answer` is for one object, `answers` for all that a module holds.
"""

from __future__ import annotations

import dis
import inspect
import itertools
from collections.abc import Iterable, Iterator
from types import CodeType, ModuleType

from actcheck.dataclass import dataclass
from actcheck.targets.arguments import Arguments, arguments_of
from actcheck.targets.callables import is_function, is_function_of_numpy, written
from actcheck.targets.couple import Couple
from actcheck.targets.found import peek
from actcheck.targets.members import Kind, Member, member, names_of
from actcheck.targets.signatures import keywords_of
from actcheck.targets.vocabulary import (
    DERIVATIVES,
    FLAGS,
    INPUTS,
    VALUES,
    derivatives_of,
    is_backward,
    is_cotangent,
    is_data,
    is_derivative_of,
    is_forward,
    is_named_after,
    is_rate,
    says_both,
    says_derivative,
)

PLAIN = "plain"
METHODS = "methods"
STATEFUL = "stateful"
FUNCTIONS = "functions"
FLAG = "flag"
TOGETHER = "together"
COUPLE = "pair"

NOTHING = "it has neither a value nor a derivative"
"""What is said of an object that is no functor of any kind."""

_PRIVATE = "its name is private: name it to have it read"

_MOST_ARGUMENTS = 2


@dataclass(frozen=True)
class Pair:
    """A value and its derivative.

    Parameters
    ----------
    protocol : str
        The adapter that reads them: plain, methods, stateful, functions, flag or together.
    value, derivative : str
        Their names; of a flag the switch, of both together the value's name again.
    free : bool
        Whether neither needs an instance of the class that they stand in.
    needs : tuple of str
        What both take besides the input, such as the word that tells one function of many, and has no default.
    """

    protocol: str
    value: str
    derivative: str
    free: bool = True
    needs: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Both in words, e.g. ``sigmoid and sigmoid_prime``."""
        if self.protocol == FLAG:
            return f"{self.value} and {self.value}({self.derivative}=True)"
        if self.protocol == TOGETHER:
            return f"{self.value}, which returns both"
        return f"{self.value} and {self.derivative}"


@dataclass(frozen=True)
class Answer:
    """What an object has to be checked.

    Parameters
    ----------
    attribute : str
        What names it behind a target's colon, e.g. ``Sigmoid`` or ``Activations.sigmoid``.
    pairs : tuple of Pair
        The one that is read by default comes first.
    reason : str
        Why there is none, e.g. "it has no derivative"; empty where there is one.
    needs : tuple of str
        Arguments of its constructor that have no default.
    """

    attribute: str
    pairs: tuple[Pair, ...] = ()
    reason: str = ""
    needs: tuple[str, ...] = ()


def answer(thing: object, name: str = "", owner: object = None) -> Answer:
    """Say which values and derivatives an object has, or why it has none.

    Parameters
    ----------
    thing : object
        A class, an instance or a function; of a module `answers` tells.
    name : str
        What it is called where it was found.
    owner : object
        Where it was found: a function's derivative may stand beside it.
    """
    if isinstance(thing, Couple):
        return Answer(name, (Pair(COUPLE, *thing.names),))
    if isinstance(thing, type):
        return _of_class(thing, name)
    if is_function(thing) or is_function_of_numpy(thing):
        pairs = of_function(thing, name or getattr(thing, "__name__", ""), owner)
        return Answer(name, pairs, "" if pairs else _why_no_pair(thing, name, owner))
    pairs = of_object(thing)
    return Answer(name, pairs, "" if pairs else _why_nothing(thing))


def answers(namespace: object) -> tuple[Answer, ...]:
    """Say it of everything public that a module, or a class used as one, defines itself, in its order.

    A function that is the derivative of another is not told of by itself, nor are a module's imports and constants.
    """
    found: list[Answer] = []
    names = [name for name in names_of(namespace) if not name.startswith("_")]
    for name in names:
        thing = _stored(namespace, name)
        if not (_is_defined_in(namespace, thing) or _is_of_numpy(namespace, name)):
            continue
        if _is_derivative(name, names, namespace):
            continue
        told = answer(thing, name, namespace)
        found += _one_by_one(told, thing) if isinstance(thing, type) else [told]
        found += _hidden(told, thing) if isinstance(thing, type) else []
    private = [name for name in names_of(namespace) if name.startswith("_") and is_function(_stored(namespace, name))]
    return (*found, *_private_functions(namespace, private))


def _private_functions(namespace: object, names: list[str]) -> list[Answer]:
    own = [name for name in names if _is_defined_in(namespace, _stored(namespace, name))]
    values = [name for name in own if not _is_derivative(name, own, namespace) and derivatives_beside(name, namespace)]
    return [Answer(name, (), _PRIVATE) for name in values]


def _hidden(told: Answer, thing: type) -> list[Answer]:
    """Tell of the private pairs of a class that has others to show."""
    shown = told.pairs[0].value if told.pairs else "_"
    private = () if shown.startswith("_") and shown != "__call__" else _private(thing)
    values = dict.fromkeys(pair.value for pair in private)
    return [Answer(f"{told.attribute}.{_unmangled(value, thing)}", (), _PRIVATE) for value in values]


def _unmangled(name: str, kind: type) -> str:
    """Give a private method's name as its class is written: Python writes the class into it."""
    mangled = next((each for each in kind.__mro__ if name.startswith(f"_{each.__name__.lstrip('_')}__")), None)
    return name[len(mangled.__name__.lstrip("_")) + 1 :] if mangled is not None else name


def _one_by_one(told: Answer, kind: type) -> list[Answer]:
    """Part a class that holds several functions with a derivative each; several derivatives of one belong together."""
    values = list(dict.fromkeys(pair.value for pair in told.pairs))
    is_layer = len(values) == 1 and told.pairs[0].protocol == STATEFUL
    if is_layer or set(values) <= set(VALUES):
        return [told]
    parts = [(value, tuple(pair for pair in told.pairs if pair.value == value)) for value in values]
    return [_part(f"{told.attribute}.{_unmangled(value, kind)}", pairs, kind) for value, pairs in parts]


def _part(attribute: str, pairs: tuple[Pair, ...], kind: type) -> Answer:
    """Tell of one function of a class; two passes stand on an object that is made."""
    missing = keywords_of(kind).required if pairs[0].protocol == STATEFUL else ()
    if not missing:
        return Answer(attribute, pairs)
    needs = ", ".join(f"`{each}`" for each in missing)
    return Answer(attribute, (), f"`{kind.__name__}` needs {needs} to be made: name an instance of it")


def of_object(thing: object) -> tuple[Pair, ...]:
    """Give the pairs of an instance, or of what a class makes; first those by their usual names, then by habit."""
    usual = [pair for derivative in DERIVATIVES for pair in _with_value(thing, derivative)]
    if usual:
        return tuple(sorted(usual, key=lambda pair: pair.protocol != PLAIN))
    names = [name for name in names_of(thing) if not name.startswith("_")]
    by_habit = _by_habit(thing, names)
    if by_habit:
        return by_habit
    return _flagged(thing, VALUES) or _private(thing)


def _by_habit(thing: object, names: list[str]) -> tuple[Pair, ...]:
    return tuple(
        pair for value in names for other in _derivatives(thing, value, names) for pair in _pair(thing, value, other)
    )


def _private(thing: object) -> tuple[Pair, ...]:
    """Give the pairs of private methods: those of a class that shows no other are what there is to check."""
    return _by_habit(thing, [name for name in names_of(thing) if name.startswith("_")])


def of_function(thing: object, name: str, owner: object) -> tuple[Pair, ...]:
    """Give the pairs that a function is the value of."""
    if not callable(thing):
        return ()
    arguments = arguments_of(thing)
    if not arguments.takes_one:
        return _of_many(arguments, name, owner)
    if callable(peek(thing, "gradient")):
        return (Pair(PLAIN, name, "gradient"),)
    beside = [each for each in derivatives_beside(name, owner) if _is_derivative_function(owner, each, arguments)]
    if beside:
        return tuple(Pair(FUNCTIONS, name, each) for each in beside)
    flag = flag_of(arguments)
    if flag:
        return (Pair(FLAG, name, flag),)
    is_half = (says_derivative(name) or is_forward(name)) and not says_both(name)
    return (Pair(TOGETHER, name, name),) if _returns_two(thing) and not is_half else ()


def _of_many(value: Arguments, name: str, owner: object) -> tuple[Pair, ...]:
    """Give the pairs of a function that wants settings besides its input, all of which its derivative takes as well."""
    found = [(each, member(owner, each)) for each in derivatives_beside(name, owner)]
    told = [(each, shared_settings(value, held.arguments)) for each, held in found if held is not None]
    pairs = tuple(Pair(FUNCTIONS, name, each, needs=needs) for each, needs in told if needs)
    flag = flag_of(value)
    if pairs or not flag:
        return pairs
    needs = settings_of(value)
    return (Pair(FLAG, name, flag, needs=needs),) if needs else ()


def settings_of(value: Arguments) -> tuple[str, ...]:
    """Name what a value needs besides its input, nothing where that is data too."""
    data = [name for name in value.required if is_data(name)]
    needs = value.without((data or list(value.required))[:1])
    settings = (*needs.required, *needs.keyword_only)
    return () if len(data) > 1 or any(map(is_data, settings)) else settings


def shared_settings(value: Arguments, derivative: Arguments) -> tuple[str, ...]:
    """Name what a value needs besides its input where its derivative takes all of it as well."""
    settings = settings_of(value)
    is_shared = set(settings) <= set(derivative.named)
    wanted = without_settings(derivative, value).without(settings)
    return settings if is_shared and takes_derivative_arguments(wanted) else ()


def without_settings(derivative: Arguments, value: Arguments) -> Arguments:
    """Give what a derivative wants besides what its value has a default for: ``alpha`` of ``elu(x, alpha=1.0)``."""
    return derivative.without([name for name in derivative.missing if name in value.optional and not is_data(name)])


def derivatives_beside(name: str, owner: object) -> tuple[str, ...]:
    """Name the functions that stand beside one and are its derivative by name, whatever they take."""
    names = names_of(owner) if owner is not None else ()
    return tuple(each for each in _derivatives(owner, name, names) if _is_plain(owner, each))


def flag_of(arguments: Arguments) -> str:
    """Give the switch among a function's arguments, empty where there is none."""
    return next((name for name in FLAGS if name in arguments.optional), "")


def takes_derivative_arguments(arguments: Arguments) -> bool:
    """Tell whether a derivative wants no more than can be given: an input, a cotangent, what was kept, a step size."""
    wanted = [name for name in arguments.required if not is_rate(name)]
    return len(wanted) <= _MOST_ARGUMENTS and all(map(is_rate, arguments.keyword_only))


def _of_class(thing: type, name: str) -> Answer:
    pairs = of_object(thing)
    if not pairs:
        return Answer(name, (), _why_nothing(thing))
    if inspect.isabstract(thing) or peek(thing, "_is_protocol") is True:
        return Answer(name, (), "it is abstract")
    for each in (pairs[0].value, pairs[0].derivative):
        if _is_empty(member(thing, each)):
            return Answer(name, (), f"it is abstract: its `{each}` is not written")
    needs = () if pairs[0].free else keywords_of(thing).required
    return Answer(name, pairs, "", needs)


def _is_empty(found: Member | None) -> bool:
    """Tell whether a method has nothing to it but a ``pass``, or that it is to be written."""
    stored = getattr(found.function, "__func__", found.function) if found else None
    code = getattr(stored, "__code__", None)
    if code is None:
        return False
    if code.co_names == ("NotImplementedError",):
        return True
    return not code.co_names and set(code.co_consts) <= {None, code.co_consts[0]} and not _does_something(code)


def _does_something(code: CodeType) -> bool:
    """Tell whether code returns an argument, or goes round in a loop."""
    doing = ("LOAD_FAST", "LOAD_DEREF", "JUMP_BACKWARD", "JUMP_ABSOLUTE")
    return any(each.opname.startswith(doing) for each in dis.get_instructions(code))


def _with_value(thing: object, derivative: str) -> list[Pair]:
    found = member(thing, derivative)
    if found is None:
        return []
    usual = ("forward", *VALUES) if is_backward(derivative) or _uses_state(found) else VALUES
    values = sorted(usual, key=lambda value: not is_named_after(derivative, value))
    return next((pairs for value in values if (pairs := _pair(thing, value, derivative))), [])


def _pair(thing: object, value: str, derivative: str) -> list[Pair]:
    first, second = member(thing, value), member(thing, derivative)
    if first is None or second is None:
        return []
    # A property may hand out a function, but seldom does so for the value alone.
    both = first.kind is Kind.PROPERTY and second.kind is Kind.PROPERTY
    if both:
        return [Pair(METHODS, value, derivative, free=False)]
    if first.kind is Kind.PROPERTY:
        return []
    needs = () if first.arguments.takes_one else shared_settings(first.arguments, second.arguments)
    if not first.arguments.without(needs).takes_one:
        return []
    wanted = without_settings(second.arguments, first.arguments).without(needs)
    if not takes_derivative_arguments(wanted):
        return []
    free = first.kind is Kind.FREE and second.kind is Kind.FREE
    is_set = bool(needs or first.arguments.modes or second.arguments.modes)
    if (value, derivative) == ("__call__", "gradient") and wanted.takes_one and not is_set:
        return [Pair(PLAIN, value, derivative, free=False)]
    is_stateful = not free and (is_backward(derivative) or _uses_state(second, wanted))
    return [Pair(STATEFUL if is_stateful else METHODS, value, derivative, free, needs)]


def _uses_state(found: Member, arguments: Arguments | None = None) -> bool:
    if found.kind is Kind.PROPERTY:
        return True
    wanted = (arguments or found.arguments).required
    return found.kind is Kind.METHOD and (len(wanted) != 1 or is_cotangent(wanted[0])) and not found.arguments.is_open


def _flagged(thing: object, values: tuple[str, ...]) -> tuple[Pair, ...]:
    names = dict.fromkeys((*values, *(name for name in names_of(thing) if not name.startswith("_"))))
    found = [each for name in names if (each := member(thing, name)) is not None]
    return tuple(pair for each in found for pair in _with_flag(each))


def _with_flag(found: Member) -> Iterator[Pair]:
    flag = flag_of(found.arguments)
    needs = () if found.arguments.takes_one else settings_of(found.arguments)
    if flag and found.arguments.without(needs).takes_one:
        yield Pair(FLAG, found.name, flag, found.kind is Kind.FREE, needs)


def _derivatives(owner: object, value: str, names: Iterable[str]) -> tuple[str, ...]:
    """Give the names of a value's derivatives, without those that are named after another function."""
    others = [name for name in names if name != value]
    return tuple(name for name in derivatives_of(value, others) if not _is_anothers(owner, name, value, others))


def _is_anothers(owner: object, name: str, value: str, others: Iterable[str]) -> bool:
    if is_named_after(name, value):
        return False
    return any(is_named_after(name, other) and member(owner, other) is not None for other in others)


def _is_derivative_function(owner: object, name: str, value: Arguments) -> bool:
    found = member(owner, name)
    return found is not None and takes_derivative_arguments(without_settings(found.arguments, value))


def _is_plain(owner: object, name: str) -> bool:
    found = member(owner, name)
    return found is not None and found.kind is not Kind.PROPERTY


def _is_derivative(name: str, names: list[str], owner: object) -> bool:
    others = [other for other in names if is_derivative_of(name, other)]
    stored = [_stored(owner, other) for other in others]
    return any(is_function(each) or is_function_of_numpy(each) for each in stored)


def _stored(owner: object, name: str) -> object:
    stored = peek(owner, name)
    return stored.__func__ if isinstance(stored, (staticmethod, classmethod)) else stored


def _is_of_numpy(owner: object, name: str) -> bool:
    """Tell whether a function of NumPy's has got a derivative: ``tanh = np.tanh`` beside ``tanh_prime``."""
    if not is_function_of_numpy(_stored(owner, name)):
        return False
    return any(_is_defined_in(owner, _stored(owner, other)) for other in derivatives_beside(name, owner))


def _is_defined_in(owner: object, thing: object) -> bool:
    if isinstance(thing, ModuleType) or thing is None:
        return False
    if isinstance(owner, type):
        return is_function(thing)
    is_named = is_function(thing) or isinstance(thing, type)
    home = getattr(written(thing) if is_named else type(thing), "__module__", None)
    return home == getattr(owner, "__name__", "") or (not is_named and bool(of_object(thing)))


def _returns_two(function: object) -> bool:
    """Tell whether a function of one input seems to return two things: its compiled code says so."""
    plain = written(function)
    code = getattr(inspect.unwrap(plain), "__code__", None) if callable(plain) else None
    required = arguments_of(function).required if callable(function) else ()
    if code is None or not required or required[0].lower() not in INPUTS | {"w", "p", "theta", "params", "point"}:
        return False
    steps = [each for each in dis.get_instructions(code) if each.opname not in ("CACHE", "NOP")]
    return any(
        first.opname == "BUILD_TUPLE" and first.arg == 2 and second.opname == "RETURN_VALUE"
        for first, second in itertools.pairwise(steps)
    )


def _why_no_pair(thing: object, name: str, owner: object) -> str:
    arguments = arguments_of(thing) if callable(thing) else Arguments()
    if not arguments.takes_one:
        needs = ", ".join(f"`{each}`" for each in arguments.missing)
        return f"it needs {needs} besides its input" if needs else "it takes no input"
    beside = derivatives_beside(name, owner)
    if beside:
        wanted = ", ".join(f"`{each}`" for each in _arguments_beside(owner, beside[0]))
        return f"its derivative `{beside[0]}` needs {wanted}: more than an input and a cotangent"
    return f"no derivative of `{name}` stands beside it"


def _arguments_beside(owner: object, name: str) -> tuple[str, ...]:
    found = member(owner, name)
    return (*found.arguments.required, *found.arguments.keyword_only) if found else ()


def _why_nothing(thing: object) -> str:
    values = [name for name in VALUES if member(thing, name)]
    derivatives = [name for name in DERIVATIVES if member(thing, name)]
    if not values and not derivatives:
        return NOTHING
    if not derivatives:
        return f"it has `{values[0]}`, but no derivative"
    if not values:
        return f"it has `{derivatives[0]}`, but no value"
    return _why_unfit(thing, values, derivatives)


def _why_unfit(thing: object, values: list[str], derivatives: list[str]) -> str:
    for name in (*values, *derivatives):
        found = member(thing, name)
        arguments = found.arguments if found else Arguments()
        fits = arguments.takes_one if name in values else takes_derivative_arguments(arguments)
        if not fits and arguments.missing:
            needs = ", ".join(f"`{each}`" for each in arguments.missing)
            return f"its `{name}` needs {needs} besides its input"
    return f"its `{values[0]}` and `{derivatives[0]}` cannot be called with an input"
