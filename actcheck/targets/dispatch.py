"""The words by which one function tells many, as in ``activation(x, "relu")``: its code is read for them, not run."""

from __future__ import annotations

import ast
import dis
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import FunctionType
from typing import Any

import numpy as np

from actcheck.dataclass import dataclass
from actcheck.targets.adapters.binding import pairs_of
from actcheck.targets.callables import is_function, signature_of, written
from actcheck.targets.found import ABSENT, Found
from actcheck.targets.members import member
from actcheck.targets.pairs import COUPLE, FLAG, TOGETHER, Answer, Pair, answer
from actcheck.targets.reading.source import tree_of
from actcheck.targets.trace import describe
from actcheck.targets.vocabulary import MODES, SELECTORS

_MOST = 64
_WIDTH = 5
_SAME = ("lower", "upper", "strip", "casefold", "title", "capitalize")


@dataclass(frozen=True)
class Choice:
    """An argument that tells which function is meant, and its words.

    Parameters
    ----------
    argument : str
    of_value, of_derivative : tuple of str
        The words that each of the two knows.
    default : str
        What is meant where nothing is said, empty where something has to be.
    """

    argument: str
    of_value: tuple[str, ...]
    of_derivative: tuple[str, ...]
    default: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """All of them, in the order of the code."""
        return tuple(word for word in dict.fromkeys((self.default, *self.of_value, *self.of_derivative)) if word)

    def refused(self, found: Found, word: str, given: Mapping[str, object]) -> str:
        """Say which of the two does not take a word, empty where both do.

        One that knows the word and breaks is for the check; so it refuses it by a ``raise`` of its own alone.
        """
        from actcheck.targets.construct import accepted, construct
        from actcheck.targets.reading import rough

        keywords = accepted(found)
        taken = {name: value for name, value in given.items() if keywords is None or name in keywords}
        made, adapter = construct(found, {**taken, self.argument: word})
        functor: Any = adapter.adapt(made).functor
        value, derivative = _names(made)
        X = rough.rows(next(iter(getattr(functor, "widths", ())), _WIDTH))
        calls = ((value, functor, self.of_value), (derivative, functor.gradient, self.of_derivative))
        reasons = (_refusal(name, call, X, is_known=word in words) for name, call, words in calls)
        return next(filter(None, reasons), "")


def choice_of(answer: Answer, found: Found, given: Mapping[str, object]) -> Choice | None:
    """Find the argument of a value and its derivative that tells which function is meant, None where there is none.

    Where more is missing than one, or its words cannot be read, there is none either.
    """
    pair = answer.pairs[0]
    functions = _functions(found, pair)
    needs = [name for name in (*answer.needs, *pair.needs) if name not in given]
    if not functions or len(needs) > 1:
        return None
    makers = [_constructor(found.thing)] if isinstance(found.thing, type) else []
    defaults = _texts(functions) | _texts(makers)
    for argument in needs or [name for name in defaults if name not in given]:
        first, second = (_words_seen(function, argument, makers) for function in functions)
        if first or second:
            return Choice(argument, first, second, defaults.get(argument, ""))
    return None


def _words_seen(function: Any, argument: str, makers: list[Any]) -> tuple[str, ...]:
    """Give the words that a function knows, or a method by what the constructor has kept of its argument."""
    of_maker = [_read_words(maker, argument) for maker in makers]
    kept = [name for _, names in of_maker for name in names]
    words, _ = _read_words(function, argument, kept)
    made = tuple(word for told, _ in of_maker for word in told)
    return (*words, *made) if words or argument.lower() in SELECTORS else ()


def _constructor(kind: type) -> Any:
    return kind.__init__ if isinstance(kind.__init__, FunctionType) else None  # type: ignore[misc]


def words_of(found: Found, argument: str) -> tuple[str, ...]:
    """Give the words that an argument of a value and its derivative is compared with, in the order of the code."""
    if found.partner is not ABSENT:
        functions: tuple[Any, ...] = (found.thing, found.partner)
        return tuple(dict.fromkeys(word for function in functions for word in words_in(function, argument)))
    told = answer(found.thing, found.name, found.owner)
    choice = choice_of(replace(told, pairs=pairs_of(found)), found, found.given) if told.pairs else None
    return choice.words if choice is not None and choice.argument == argument else ()


def _functions(found: Found, pair: Pair) -> list[Any]:
    """Give value and derivative as they are stored; of a switch the value twice."""
    if pair.protocol == COUPLE:
        return []
    holder = found.owner if is_function(found.thing) else found.thing
    names = (pair.value, pair.value if pair.protocol in (FLAG, TOGETHER) else pair.derivative)
    held = [member(holder, name) for name in names]
    return [each.function for each in held if each is not None] if all(held) else []


def _texts(functions: Iterable[Any]) -> dict[str, str]:
    """Give the arguments that have a word as their default in all of some functions."""
    found: list[dict[str, str]] = []
    for function in functions:
        try:
            parameters = signature_of(_plain(function)).parameters.values()
        except (TypeError, ValueError):
            return {}
        texts = {each.name: each.default for each in parameters if isinstance(each.default, str)}
        found.append({name: text for name, text in texts.items() if name not in MODES})
    return {name: text for name, text in found[0].items() if all(name in other for other in found)} if found else {}


def _names(made: Found) -> tuple[str, str]:
    pair = pairs_of(made)[0]
    return pair.value, f"{pair.value}(..., {pair.derivative}=True)" if pair.protocol == FLAG else pair.derivative


def _refusal(name: str, call: Callable[..., Any], X: Any, is_known: bool) -> str:
    try:
        with np.errstate(all="ignore"):
            raw = call(X.copy())
    except (Exception, SystemExit) as error:
        is_meant = not is_known or isinstance(error, NotImplementedError) or _is_raised(error)
        return f"`{name}` raises {describe(error)}" if is_meant else ""
    return f"`{name}` returns nothing" if all(each is None for each in np.ravel(np.asarray(raw, object))) else ""


def _is_raised(error: BaseException) -> bool:
    """Tell whether an exception comes of a ``raise`` in Python code, and not of what broke there."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return False
    at = trace.tb_lasti
    return any(
        each.offset == at and each.opname == "RAISE_VARARGS" for each in dis.get_instructions(trace.tb_frame.f_code)
    )


def words_in(function: Callable[..., Any], argument: str) -> tuple[str, ...]:
    """Give the words that an argument of a function is compared with, or looked up by."""
    return _read_words(function, argument)[0]


def _read_words(function: Any, argument: str, kept: Iterable[str] = ()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the words that an argument is compared with, and under which names of its object a function keeps it."""
    plain = _plain(function)
    tree = tree_of(plain)
    if tree is None:
        return (), ()
    reader = _Reader((argument, *kept), getattr(plain, "__globals__", {}))
    words = tuple(dict.fromkeys(reader.read(tree)))[:_MOST]
    return words, tuple(name for name in reader.names if name.startswith("self."))


def _plain(function: Any) -> Any:
    """Give a function as it is written, without what is put around it."""
    plain: Any = getattr(function, "__func__", function)
    plain = written(plain)
    return inspect.unwrap(plain) if callable(plain) else plain


class _Reader:
    """Finds what one argument is compared with.

    Parameters
    ----------
    names : iterable of str
        Its own, and others for the same: ``self.kind`` where it is kept so.
    module : mapping of str to object
        What the function sees of its module: dictionaries and tuples of words may stand there.
    """

    def __init__(self, names: Iterable[str], module: Mapping[str, object]) -> None:
        self.names = dict.fromkeys(names)
        self._tables: dict[str, tuple[str, ...]] = {}
        self._module = module

    def read(self, tree: ast.AST) -> Iterator[str]:
        """Give the words, each as often as it stands there."""
        for node in _in_order(tree):
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and (name := _name(node.targets[0])):
                self._remember(name, node.value)
            yield from self._words(node)

    def _remember(self, name: str, value: ast.expr) -> None:
        if self._is_argument(value):
            self.names.setdefault(name)
        elif words := self._listed(value):
            self._tables[name] = words

    def _words(self, node: ast.AST) -> Iterable[str]:
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            others = [side for side in sides if not self._is_argument(side)]
            return [word for side in others for word in self._listed(side)] if len(others) < len(sides) else ()
        if isinstance(node, ast.Match):
            return _of_cases(node) if self._is_argument(node.subject) else ()
        if isinstance(node, ast.Subscript):
            return self._listed(node.value) if self._is_argument(node.slice) else ()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "pop"):
            is_key = bool(node.args) and self._is_argument(node.args[0])
            return self._listed(node.func.value) if is_key else ()
        return ()

    def _is_argument(self, node: ast.AST) -> bool:
        """Tell whether an expression is the argument, be it in other letters."""
        if _name(node) in self.names:
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            return node.func.attr in _SAME and self._is_argument(node.func.value)
        return (
            isinstance(node, ast.Call)
            and bool(node.args)
            and _name(node.func) == "str"
            and self._is_argument(node.args[0])
        )

    def _listed(self, node: ast.AST) -> tuple[str, ...]:
        """Give a word, or those of a tuple, a list, a set or the keys of a dictionary, be it named."""
        if isinstance(node, ast.Constant):
            return (node.value,) if isinstance(node.value, str) else ()
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return tuple(word for each in node.elts for word in self._listed(each))
        if isinstance(node, ast.Call) and _name(node.func) == "dict":
            return tuple(each.arg for each in node.keywords if each.arg)
        if isinstance(node, ast.Dict):
            return tuple(word for each in node.keys if each is not None for word in self._listed(each))
        name = _name(node)
        return self._tables.get(name) or _strings(self._module.get(name))


def _of_cases(node: ast.Match) -> Iterator[str]:
    for case in node.cases:
        for each in ast.walk(case.pattern):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                yield each.value


def _strings(held: object) -> tuple[str, ...]:
    if not isinstance(held, (Mapping, list, tuple, set, frozenset)):
        return ()
    words = tuple(word for word in held if isinstance(word, str))
    return tuple(sorted(words)) if isinstance(held, (set, frozenset)) else words


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _in_order(child)


def _name(node: ast.AST) -> str:
    """Give a name as it is written, ``self.kind`` too; empty for anything else."""
    if isinstance(node, ast.Attribute) and _name(node.value) == "self":
        return f"self.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
