"""Which names belong to the tool, and the splitter that parts them from keywords of a functor's constructor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from actcheck.dataclass import dataclass
from actcheck.errors import UsageError
from actcheck.reserved import COMMANDS, RESERVED, Takes

_BY_NAME = {reserved.name: reserved for reserved in RESERVED}


@dataclass(frozen=True)
class Keyword:
    """A keyword for a constructor, as it was typed.

    Parameters
    ----------
    name : str
        As the constructor has it, e.g. ``at_zero``.
    text : str
    is_explicit : bool
        Whether ``--set`` says that it is a keyword, so that it cannot be a mistyped option.
    """

    name: str
    text: str
    is_explicit: bool = False

    @property
    def option(self) -> str:
        """How it can be typed, e.g. ``--at-zero``."""
        return f"--{self.name.replace('_', '-')}"


@dataclass(frozen=True)
class Split:
    """A command line, parted.

    Parameters
    ----------
    args : tuple of str
        What Typer is to parse: options of the tool's own as ``--name=value``, then ``--``, then the arguments.
    keywords : tuple of Keyword
    mistakes : tuple of UsageError
    """

    args: tuple[str, ...]
    keywords: tuple[Keyword, ...] = ()
    mistakes: tuple[UsageError, ...] = ()


def split(argv: Sequence[str]) -> Split:
    """Part keywords of a constructor from the tool's own options and arguments.

    Parameters
    ----------
    argv : sequence of str
        Without the program's name.

    Returns
    -------
    Split
        `argv` as it is where it names no command that takes keywords.
    """
    start = next((index for index, token in enumerate(argv) if not token.startswith("-")), len(argv))
    command = argv[start] if start < len(argv) else ""
    if command not in COMMANDS:
        return Split(tuple(argv))
    splitter = _Splitter(command, list(argv[start + 1 :]))
    splitter.run()
    args = (*argv[:start], command, *splitter.options, "--", *splitter.arguments)
    return Split(args, tuple(splitter.keywords), tuple(splitter.mistakes))


def options_of(command: str) -> tuple[str, ...]:
    """Name the options that a command has, without dashes."""
    return tuple(reserved.name for reserved in RESERVED if command in reserved.commands)


def nearest(name: str, names: Iterable[str]) -> str:
    """Give the name that was probably meant, or nothing."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, names, n=1, cutoff=0.75)), "")


class _Splitter:
    """Walks over the tokens behind a command."""

    def __init__(self, command: str, tokens: list[str]) -> None:
        self.command = command
        self.tokens = tokens
        self.options: list[str] = []
        self.arguments: list[str] = []
        self.keywords: list[Keyword] = []
        self.mistakes: list[UsageError] = []

    def run(self) -> None:
        while self.tokens:
            token = self.tokens.pop(0)
            if token == "--":
                self.arguments += self.tokens
                return
            if token.startswith("--"):
                self._option(token)
            elif token == "-h":
                self.options.append("--help")
            elif token.startswith("-") and token != "-":
                self._refuse(f"{token} is no option: options begin with two dashes", "A value goes behind its option.")
            else:
                self.arguments.append(token)

    def _option(self, token: str) -> None:
        name, equals, value = token[2:].partition("=")
        reserved = _BY_NAME.get(name)
        if reserved is None:
            self._keyword(name, self._value(name) if not equals else value)
        elif reserved.takes is Takes.LATER:
            fix = f"If it is a parameter of the functor, write --set {_as_parameter(name)}=VALUE."
            self._refuse(f"--{name} is reserved for a later version", fix)
        elif self.command not in reserved.commands:
            self._refuse(f"--{name} is no option of {self.command}", f"See actcheck {self.command} --help.")
            if not equals:
                self._drop_values({Takes.VALUE: 1, Takes.TWO: 2}.get(reserved.takes, 0))
        elif reserved.takes is Takes.VALUE:
            self._own(name, self._value(name) if not equals else value)
        elif reserved.takes is Takes.TWO:
            self._own(name, self._two_values(name) if not equals else value)
        elif equals:
            self._refuse(f"--{name} takes no value", f"Write --{name} alone.")
        else:
            self.options.append(token)

    def _drop_values(self, most: int) -> None:
        """Pass over the values of an option that is refused: they are no targets."""
        while most and self.tokens and not self.tokens[0].startswith("--"):
            self.tokens.pop(0)
            most -= 1

    def _own(self, name: str, value: str | None) -> None:
        if value == "":
            # Most often a variable of the shell that is not set; it must not count as an option not given.
            self._refuse(f"--{name} needs a value, and the one given is empty")
        elif value is not None:
            self.options.append(f"--{name}={value}")

    def _keyword(self, name: str, value: str | None) -> None:
        if not _as_parameter(name).isidentifier():
            self._refuse(f"--{name} is no option, and no name that a parameter can have")
        elif value is not None:
            self.keywords.append(Keyword(_as_parameter(name), value))

    def _value(self, name: str) -> str | None:
        """Take the next token: -1, -inf and the like are values, whatever begins with two dashes is none."""
        if self.tokens and not self.tokens[0].startswith("--"):
            return self.tokens.pop(0)
        near = nearest(name, options_of(self.command)) if name not in _BY_NAME else ""
        fix = (
            f"Did you mean --{near}?" if near else f"Write --{name} VALUE; if the value begins with --, --{name}=VALUE."
        )
        self._refuse(f"--{name} needs a value", fix)
        return None

    def _two_values(self, name: str) -> str | None:
        """Take the next two tokens, as one text with a comma."""
        taken: list[str] = []
        while len(taken) < 2 and self.tokens and not self.tokens[0].startswith("--"):
            taken.append(self.tokens.pop(0))
        if len(taken) == 2:
            return ",".join(taken)
        self._refuse(f"--{name} needs two values", f"Write --{name} LOW HIGH, for example --{name} 0 10.")
        return None

    def _refuse(self, what: str, fix: str = "") -> None:
        self.mistakes.append(UsageError(what, fix=fix))


def _as_parameter(name: str) -> str:
    return name.replace("-", "_")
