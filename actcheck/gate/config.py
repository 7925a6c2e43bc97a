"""The configuration -> the checks of a suite. All that is wrong with it is told at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from actcheck.dataclass import dataclass
from actcheck.errors import ConfigError
from actcheck.gate import source
from actcheck.gate.keys import Key, Place, is_number, is_scalar, keys_of
from actcheck.gate.source import Source
from actcheck.model import Case, CheckSpec, Layout, Reading
from actcheck.specification import BOTH_WAYS, mistakes
from actcheck.targets.spelling import alike

BASELINE = "actcheck-baseline.json"
"""The baseline's name, where the configuration gives no other."""

TIMEOUT = 300.0
"""Seconds that a check may take where nothing else is said: a CI must not hang."""

MOST_CHECKS = 10_000
"""More combinations than this are a slip."""

_SETTINGS = (
    *("batch", "dim", "scale", "seed", "dtype", "rtol", "atol", "edge", "coupled", "strict", "command", "csv"),
    *("full", "directions", "lines", "oracle", "sensitivity"),
)
_OF_ROWS = ("dim", "rows", "csv", "columns", "edge", "coupled", "full", "directions", "sensitivity")
_OF_LAYERS = ("inputs", "outputs")
_OF_PROOFS = ("interval", "tolerance", "resolution", "lines")
_FOREIGN = {
    "verify": (*_OF_LAYERS, *_OF_PROOFS),
    "layer": (*_OF_ROWS, *_OF_PROOFS, "oracle"),
    "prove": (*(name for name in _OF_ROWS if name != "dim"), *_OF_LAYERS, "oracle"),
}
"""Keys that a command has no use for."""

_EXCLUSIVE = (
    ("rows", "csv", "Give the rows in one way."),
    ("gradient", "derivative", "Name the derivative in one way."),
    ("xfail", "skip", "What is skipped cannot fail."),
)
_VARYING = tuple(key.name for key in keys_of(Place.CHECK).values() if key.varies)

Setting = tuple[str, Any]


class ConfigMistakesError(ConfigError):
    """All that is wrong with a configuration.

    Parameters
    ----------
    mistakes : tuple of ConfigError
        One at least.
    """

    def __init__(self, mistakes: tuple[ConfigError, ...]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Configuration:
    """What a project asks for.

    Parameters
    ----------
    file : Path
        The file that says so; paths in it start at its folder.
    cases : tuple of Case
        In its order; no two have one name.
    baseline : Path
    """

    file: Path
    cases: tuple[Case, ...]
    baseline: Path

    @property
    def folder(self) -> Path:
        """Where its paths start, and its targets are importable from."""
        return self.file.parent


def load(folder: Path, named: str = "") -> Configuration:
    """Read the configuration of a folder, or the one that is named.

    Parameters
    ----------
    folder : Path
        An absolute path.
    named : str
        A file, from that folder; empty to look for one.

    Raises
    ------
    ConfigError
        If there is none, or it cannot be read; `ConfigMistakesError` if what it says is wrong.
    """
    found = source.read(folder / named) if named else source.find(folder)
    loader = _Loader(found)
    cases = tuple(loader.cases())
    if loader.mistakes:
        raise ConfigMistakesError(tuple(loader.mistakes))
    baseline = found.table.get("baseline", BASELINE)
    return Configuration(found.file, cases, found.file.parent / baseline)


@dataclass
class _Loader:
    """Reads the tables, and keeps what is wrong with them."""

    found: Source
    mistakes: list[ConfigError] = field(default_factory=list)

    def cases(self) -> list[Case]:
        table, checks = self.found.table, self.found.table.get("checks", [])
        place = self.found.prefix.rstrip(".") or "the top"
        defaults = self._valid({key: table[key] for key in table if key != "checks"}, Place.ROOT, place)
        if not isinstance(checks, list) or not all(isinstance(check, dict) for check in checks):
            self._refuse("checks must be a list of tables", place, source.HOW)
            return []
        if not checks:
            self._refuse("it lists no checks", place, source.HOW)
        cases: list[Case] = []
        for number, check in enumerate(checks, 1):
            cases += self._cases(number, check, defaults)
            if len(cases) > MOST_CHECKS:
                self._refuse(f"there are more than {MOST_CHECKS:,} checks", place, "Shorten the lists of values.")
                return []
        self._refuse_doubles(cases)
        return cases

    def _cases(self, number: int, check: dict[str, Any], defaults: Mapping[str, Any]) -> list[Case]:
        before = len(self.mistakes)
        place = self._place(number, check)
        own = self._valid(check, Place.CHECK, place)
        if "target" not in check:
            self._refuse("it has no target", place, source.HOW)
        self._refuse_clashes(own, {**defaults, **own}, place)
        if len(self.mistakes) > before:
            return []
        lines = self.found.lines
        line = lines[number - 1] if len(lines) == len(self.found.table["checks"]) else 0
        cases = list(_combined(own, defaults, line))
        for case in cases:
            # The table knows each key alone; the specification has the last word.
            for what in mistakes(case.spec):
                self._refuse(what, place)
        return cases

    def _place(self, number: int, check: dict[str, Any]) -> str:
        called = check.get("name", check.get("target"))
        name = f" ({called})" if isinstance(called, str) else ""
        return f"{self.found.prefix}checks, number {number}{name}"

    def _valid(self, table: Mapping[str, Any], place: Place, where: str) -> dict[str, Any]:
        """Give what can be used of a table; a key that cannot be is refused."""
        keys = keys_of(place)
        valid = {}
        for name, value in table.items():
            if name not in keys:
                self._unknown(name, place, where)
            elif not keys[name].takes(value):
                self._wrong_value(keys[name], value, where)
            else:
                valid[name] = value
        for name in valid.get("parameters", {}):
            if not name.isidentifier():
                self._refuse(f"`{name}` is no name that a parameter can have", f"{where}, key parameters")
        return valid

    def _unknown(self, name: str, place: Place, where: str) -> None:
        keys = keys_of(place)
        other = Place.CHECK if place is Place.ROOT else Place.ROOT
        near = alike(name, keys)
        fix = f"Did you mean {near[0]}? " if near else ""
        if name in keys_of(other):
            fix = "It belongs in a check. " if other is Place.CHECK else "It belongs outside of the checks. "
        elif name == "tool" and not self.found.prefix:
            fix = f"In {source.OWN} the keys stand at the top, without tool.actcheck. "
        self._refuse(f"there is no key `{name}`", where, f"{fix}Allowed: {', '.join(keys)}.")

    def _wrong_value(self, key: Key, value: object, where: str) -> None:
        allowed = f"at most {key.most:,}" if key.is_too_large(value) else key.allowed
        if isinstance(value, str) and "\0" in value:
            allowed = "a text without the character NUL"
        self._refuse(f"{key.name} must be {allowed}, not {shown(value)}", f"{where}, key {key.name}")

    def _refuse_clashes(self, own: Mapping[str, Any], whole: Mapping[str, Any], where: str) -> None:
        for first, second, fix in _EXCLUSIVE:
            if first in own and second in own:
                self._refuse(f"{first} and {second} exclude each other", where, fix)
        if "columns" in own and "csv" not in own:
            self._refuse("columns are those of csv, which is not given", where)
        if own.get("csv", "").strip() == "-":
            self._refuse("csv cannot be standard input here", f"{where}, key csv", "Name a file.")
        if "csv" in own and whole.get("coupled"):
            self._refuse("rows of a file cannot be taken as one batch", where, "Leave out coupled, or use rows.")
        self._refuse_both_ways(whole, where)
        self._refuse_other_commands(own, whole, where)
        self._refuse_intervals(own, whole, where)
        widths = sorted({len(row) for row in own.get("rows", ())})
        if len(widths) > 1:
            listed = ", ".join(map(str, widths))
            self._refuse(f"the rows have different widths: {listed}", f"{where}, key rows")
        elif widths and "dim" in own and own["dim"] != widths[0]:
            self._refuse(f"dim is {own['dim']}, but the rows have width {widths[0]}", where, "Leave out dim.")

    def _refuse_both_ways(self, whole: Mapping[str, Any], where: str) -> None:
        if whole.get("full") and "directions" in whole:
            self._refuse(BOTH_WAYS, where, "Leave out one of them.")

    def _refuse_other_commands(self, own: Mapping[str, Any], whole: Mapping[str, Any], where: str) -> None:
        command = whole.get("command", "verify")
        for name in _FOREIGN[command]:
            if name in own:
                self._refuse(f"{name} is no key of the command {command}", f"{where}, key {name}")

    def _refuse_intervals(self, own: Mapping[str, Any], whole: Mapping[str, Any], where: str) -> None:
        interval = own.get("interval")
        if interval is None and whole.get("command") == "prove":
            self._refuse("a proof needs an interval", where, "For example: interval = [-10, 10]")
        elif interval is not None and not all(map(is_number, interval)):
            self._refuse("the interval of a proof must be finite", f"{where}, key interval")
        elif interval is not None and not interval[0] < interval[1]:
            self._refuse("the interval's first end must be less than the second", f"{where}, key interval")

    def _refuse_doubles(self, cases: list[Case]) -> None:
        targets: dict[str, list[str]] = {}
        for case in cases:
            targets.setdefault(case.name, []).append(case.spec.target)
        for name, of in targets.items():
            if len(of) > 1:
                place = f"{self.found.prefix}checks ({', '.join(dict.fromkeys(of))})"
                self._refuse(f"{len(of)} checks are called {name}", place, "Give each a name of its own: key name.")

    def _refuse(self, what: str, place: str, fix: str = "") -> None:
        self.mistakes.append(ConfigError(what, where=f"{self.found.file.name}: {place}", fix=fix))


# ------------------------------------------------------------------------------------------ from tables to checks


def _combined(own: Mapping[str, Any], defaults: Mapping[str, Any], line: int) -> Iterator[Case]:
    """Give a case for every combination of the values that are listed."""
    whole = {**defaults, **own}
    if "rows" in own:
        # A default width is for checks whose rows are generated.
        whole["dim"] = len(own["rows"][0])
    if whole.get("command") == "layer":
        whole = {name: value for name, value in whole.items() if name not in _FOREIGN["layer"]} | {"edge": False}
        whole |= {"dim": own["outputs"]} if "outputs" in own else {}
    elif whole.get("command") == "prove":
        whole = {name: value for name, value in whole.items() if name not in _FOREIGN["prove"]}
    axes = [[(name, value) for value in _listed(values)] for name, values in own.get("parameters", {}).items()]
    settings = [[(name, value) for value in _listed(whole[name])] for name in _VARYING if name in whole]
    for number, choice in enumerate(itertools.product(*axes, *settings)):
        if number > MOST_CHECKS:
            return
        parameters, varied = choice[: len(axes)], dict(choice[len(axes) :])
        spec = _spec({**whole, **varied}, parameters)
        yield Case(
            name=_name(own, whole, parameters, varied),
            spec=spec,
            timeout=float(whole.get("timeout", TIMEOUT)),
            xfail=own.get("xfail", ""),
            skip=own.get("skip", ""),
            line=line,
        )


def _spec(values: Mapping[str, Any], parameters: tuple[Setting, ...]) -> CheckSpec:
    floats = ("scale", "rtol", "atol", "tolerance", "resolution")
    settings = {name: values[name] for name in (*_SETTINGS, *floats) if name in values}
    settings |= {name: float(settings[name]) for name in floats if name in settings}
    settings |= {"inputs": values["inputs"]} if "inputs" in values else {}
    if "domain" in values:
        settings["domain"] = (float(values["domain"][0]), float(values["domain"][1]))
    if "layout" in values:
        settings["layout"] = Layout(values["layout"])
    return CheckSpec(
        target=values["target"].strip(),
        parameters=parameters,
        typed=tuple(tuple(map(float, row)) for row in values.get("rows", ())),
        columns=tuple(map(str, values.get("columns", ()))),
        interval=tuple(map(float, values.get("interval", ()))),
        reading=_reading(values),
        **settings,
    )


def _reading(values: Mapping[str, Any]) -> Reading:
    named = {name: values[name].strip() for name in ("gradient", "value", "derivative") if name in values}
    return Reading(
        derivative_of=values.get("derivative-of", "input"),
        samples=values.get("samples", "rows"),
        parameters=tuple(values.get("parameter", ())),
        **named,
    )


def _name(
    own: Mapping[str, Any], whole: Mapping[str, Any], parameters: tuple[Setting, ...], varied: Mapping[str, Any]
) -> str:
    """Name a check after its target and what is set for it, or as it says and what it varies.

    What stands in brackets does not depend on the other checks: a name is what the baseline knows a check by.
    """
    lists = own.get("parameters", {})
    marks = [(name, value) for name, value in parameters if "name" not in own or isinstance(lists[name], list)]
    if whole.get("command") == "layer":
        varied = {name: value for name, value in varied.items() if name != "dim"}
        marks += [(name, own[name]) for name in _OF_LAYERS if name in own and "name" not in own]
    for name, value in varied.items():
        is_said = name in own and "name" not in own
        if is_said or isinstance(whole.get(name), list):
            marks.append((name, value))
    command = whole.get("command", "verify")
    short = f"{'' if command == 'verify' else f'{command} '}{_short(own['target'])}"
    base = str(own.get("name", short)).strip()
    return base + (f"[{','.join(f'{name}={text_of(value)}' for name, value in marks)}]" if marks else "")


def _short(target: str) -> str:
    return target.strip().rpartition(":")[2] or target


def _listed(values: Any) -> list[Any]:
    return values if isinstance(values, list) else [values]


def text_of(value: object) -> str:
    """Write a value as it stands in the name of a check."""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def shown(value: object) -> str:
    """Show a value of the file in a message, cut where it is long."""
    text = repr(value) if is_scalar(value) else f"{type(value).__name__} {value}"
    text = {"True": "true", "False": "false"}.get(text, text)
    return text if len(text) <= 60 else f"{text[:57]}..."
