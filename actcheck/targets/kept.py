"""Pairs that are kept in tuples, dictionaries and records: each is named by the way that leads there.

``TABLE.relu`` is what a dictionary has under ``'relu'``, ``PAIRS.0`` the first of a list. Nothing of the user's is run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import SimpleNamespace
from typing import Any

from actcheck.targets.arguments import arguments_of
from actcheck.targets.callables import is_function
from actcheck.targets.couple import Couple
from actcheck.targets.found import ABSENT
from actcheck.targets.members import names_of
from actcheck.targets.pairs import COUPLE, Answer, Pair, answer, of_object
from actcheck.targets.vocabulary import INPUTS, is_backward, is_derivative_of, says_derivative

_SAFE = re.compile(r"[\w+@-]+")
_MOST = 64
UNTOLD = (
    "two functions are kept there, and nothing says that one is the derivative of the other: name it to have it read"
)


def step(holder: object, name: str) -> object:
    """Give what a dictionary, a list or a tuple has under a key or at a place, `ABSENT` where there is nothing."""
    return next((thing for key, thing in _items(holder) if str(key) == name), ABSENT)


def couple_of(thing: object, label: str) -> Couple | None:
    """Read what is kept together as a value and its derivative, None where it is no two functions.

    Parameters
    ----------
    thing : object
        A tuple, a list, a dictionary or a record.
    label : str
        How to name it.
    """
    fields = _fields(thing)
    if fields is not None:
        told = _by_field(fields, thing, label)
        if told is not None or not isinstance(thing, tuple):
            return told
    if not isinstance(thing, (tuple, list)) or len(thing) != 2 or not all(map(_is_callable, thing)):
        return None
    couple = Couple(thing[0], thing[1], (f"{label}[0]", f"{label}[1]"))
    is_turned = _says_derivative(_name(thing[0]), _name(thing[1]))
    return Couple(couple.derivative, couple.value, couple.names[::-1]) if is_turned else couple


def couple_beside(module: object, attribute: str) -> Couple | None:
    """Read a function of one dictionary with what another, named as one of derivatives, has under the same key.

    Parameters
    ----------
    module : module
    attribute : str
        Leads there, such as ``TABLE.relu`` or ``Net.TABLE.relu``.
    """
    *way, table, key = attribute.split(".")
    for name in way:
        module = getattr(module, "__dict__", {}).get(name)
    return _beside(module, "".join(f"{name}." for name in way), table, key)


def _beside(holder: object, prefix: str, table: str, key: str) -> Couple | None:
    first = vars(holder).get(table) if hasattr(holder, "__dict__") else None
    other = _twin(holder, table) if first is not None else ""
    if not other:
        return None
    value, derivative = step(first, key), step(vars(holder)[other], key)
    if not (_is_callable(value) and _is_callable(derivative)):
        return None
    assert callable(value)
    assert callable(derivative)
    return Couple(value, derivative, (f"{prefix}{table}[{key!r}]", f"{prefix}{other}[{key!r}]"))


def answers(module: object) -> tuple[Answer, ...]:
    """Say it of what a module's public tuples, dictionaries, lists and records keep, and those of its own objects."""
    return tuple(told for holder, prefix in _holders(module) for told in _held_by(module, holder, prefix))


def answers_of(module: object, attribute: str) -> tuple[Answer, ...]:
    """Say it of what a single dictionary or list keeps."""
    *way, name = attribute.split(".")
    holder = module
    for each in way:
        holder = getattr(holder, "__dict__", {}).get(each)
    if name not in getattr(holder, "__dict__", {}):
        return ()
    return tuple(_of_table(module, holder, "".join(f"{each}." for each in way), name))


def _holders(module: object) -> Iterator[tuple[object, str]]:
    """Give a module, and what it defines that may hold a table: classes and their instances, each once."""
    yield module, ""
    for name in names_of(module):
        thing = vars(module)[name]
        kind = thing if isinstance(thing, type) else type(thing)
        is_own = kind.__module__ == getattr(module, "__name__", "")
        if not name.startswith("_") and is_own and hasattr(thing, "__dict__") and not is_dataclass(thing):
            yield thing, f"{name}."


def _held_by(module: object, holder: object, prefix: str) -> Iterator[Answer]:
    for name, thing in list(vars(holder).items()):
        if name.startswith("_") or isinstance(thing, type) or is_function(thing) or _is_of_derivatives(holder, name):
            continue
        attribute = f"{prefix}{name}"
        is_record = _fields(thing) is not None or isinstance(thing, tuple)
        if is_record and (couple := _couple(thing, attribute)) is not None:
            yield _told(couple, thing, attribute, is_likely=False)
        else:
            yield from _of_table(module, holder, prefix, name)


def _of_table(module: object, holder: object, prefix: str, name: str) -> Iterator[Answer]:
    items = list(_items(vars(holder)[name]))[:_MOST]
    couples = {
        key: couple for key, thing in items if (couple := _couple(thing, f"{prefix}{name}[{key!r}]")) is not None
    }
    is_likely = any(_is_told(couple) for couple in couples.values())
    twin = _twin(holder, name)
    for key, thing in items:
        attribute = f"{prefix}{name}.{key}"
        beside = _beside(holder, prefix, name, str(key)) if twin else None
        if key in couples or beside is not None:
            told = _told(beside or couples[key], thing, attribute, is_likely or beside is not None)
        elif twin and is_function(thing):
            told = Answer(attribute, (), f"`{twin}` has no derivative of it")
        elif _is_own(module, thing) and of_object(thing):
            told = answer(thing, attribute)
        else:
            continue
        is_named = _SAFE.fullmatch(str(key)) is not None
        yield told if is_named else Answer(attribute, (), f"its key {key!r} cannot be written in a target's name")


def _told(couple: Couple, thing: object, attribute: str, is_likely: bool) -> Answer:
    is_record = _fields(thing) is not None
    if is_likely or is_record or _is_told(couple):
        return Answer(attribute, (Pair(COUPLE, *couple.names),))
    return Answer(attribute, (), UNTOLD)


def _says_derivative(name: str, value: str) -> bool:
    """Tell it of two that are kept together: there ``relu_p`` is short for the prime of ``relu``, and no other."""
    return is_derivative_of(name, value) or name in (f"{value}_p", f"{value}_d")


def _couple(thing: object, label: str) -> Couple | None:
    """Give a couple of two functions of one input each: others are no value and derivative, whatever they are."""
    couple = couple_of(thing, label)
    if couple is None or not arguments_of(couple.value).takes_one:
        return None
    return couple


def _is_told(couple: Couple) -> bool:
    """Tell whether the functions themselves say that one is the derivative of the other, or what they take is data."""
    if _says_derivative(_name(couple.derivative), _name(couple.value)):
        return True
    arguments = [arguments_of(each) for each in (couple.value, couple.derivative)]
    firsts = [each.required[0].lower() if each.required else "" for each in arguments]
    return "<lambda>" in (_name(couple.value), _name(couple.derivative)) and set(firsts) <= INPUTS | {""}


# ------------------------------------------------------------------------------------------ what is kept


def _items(holder: object) -> Iterable[tuple[Any, object]]:
    if isinstance(holder, Mapping):
        return list(holder.items())
    return list(enumerate(holder)) if isinstance(holder, (list, tuple)) else ()


def _fields(thing: object) -> dict[str, object] | None:
    """Give the fields of a record, or the keys of a dictionary of strings; None of anything else."""
    if isinstance(thing, tuple) and hasattr(thing, "_fields"):
        return dict(zip(thing._fields, thing, strict=True))
    if is_dataclass(thing) and not isinstance(thing, type):
        names = [field.name for field in fields(thing)]
        return {name: getattr(thing, name) for name in names if hasattr(thing, name)}
    if isinstance(thing, Mapping) and all(isinstance(key, str) for key in thing):
        return dict(thing)
    return None


def _by_field(fields: Mapping[str, object], thing: object, label: str) -> Couple | None:
    functions = {name: held for name, held in fields.items() if _is_callable(held)}
    if len(functions) < 2 or of_object(thing):
        # Nothing is kept there, or it is a functor by itself.
        return None
    pairs = of_object(SimpleNamespace(**functions))
    if isinstance(thing, Mapping):
        # A table of many functions is no functor: `{"f": f, "df": df}` is one, `{"relu": relu, "relu_grad": ..}` many.
        pairs = pairs if len(functions) == 2 else ()
    names = (pairs[0].value, pairs[0].derivative) if pairs else _by_one_name(tuple(functions), thing)
    if not names or names[0] not in functions or names[1] not in functions:
        return None
    value, derivative = functions[names[0]], functions[names[1]]
    assert callable(value)
    assert callable(derivative)
    form = "{}[{!r}]" if isinstance(thing, Mapping) else "{}.{}"
    return Couple(value, derivative, (form.format(label, names[0]), form.format(label, names[1])))


def _by_one_name(names: tuple[str, ...], thing: object) -> tuple[str, ...]:
    """Take the only other function of a record for the value of the one whose name says derivative."""
    told = [name for name in names if says_derivative(name) or is_backward(name)]
    if len(names) != 2 or len(told) != 1 or isinstance(thing, Mapping):
        return ()
    return (next(name for name in names if name not in told), *told)


def _twin(module: object, table: str) -> str:
    """Name the dictionary beside one that holds the derivatives of what it holds, empty where there is none."""
    first = vars(module).get(table)
    if not isinstance(first, Mapping) or not any(map(_is_callable, first.values())):
        return ""
    others = [
        name
        for name, other in vars(module).items()
        if name != table
        and isinstance(other, Mapping)
        and not name.startswith("_")
        and set(map(str, first)) & set(map(str, other))
    ]
    told = [name for name in others if is_derivative_of(_singular(name), _singular(table))]
    told += [name for name in others if says_derivative(_singular(name)) and not says_derivative(_singular(table))]
    return next((name for name in told if any(map(_is_callable, vars(module)[name].values()))), "")


def _is_of_derivatives(module: object, name: str) -> bool:
    others = [other for other, thing in vars(module).items() if isinstance(thing, Mapping) and other != name]
    return isinstance(vars(module)[name], Mapping) and any(_twin(module, other) == name for other in others)


def _singular(name: str) -> str:
    return "_".join(word[:-1] if word.endswith("s") and len(word) > 2 else word for word in name.lower().split("_"))


def _is_own(module: object, thing: object) -> bool:
    return type(thing).__module__ == getattr(module, "__name__", "")


def _is_callable(thing: object) -> bool:
    return callable(thing) and not isinstance(thing, type) and thing is not ABSENT


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__name__", ""))
