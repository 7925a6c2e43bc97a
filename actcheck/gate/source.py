"""Finds the configuration, and reads it as TOML; what it says is none of this module's business."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from actcheck.dataclass import dataclass
from actcheck.errors import ConfigError

OWN, SHARED = "actcheck.toml", "pyproject.toml"
HOW = f"Write [[checks]] in {OWN}, or [[tool.actcheck.checks]] in {SHARED}, each with a target."


@dataclass(frozen=True)
class Source:
    """A configuration as it stands in its file.

    Parameters
    ----------
    file : Path
    table : dict
        The tool's own part of it.
    prefix : str
        What the tool's own part is called in the file, empty where the whole file is its own.
    lines : tuple of int
        The lines that checks begin in, as far as they can be seen.
    """

    file: Path
    table: dict[str, Any]
    prefix: str
    lines: tuple[int, ...]


def find(folder: Path) -> Source:
    """Find the configuration of a folder: in it, or in the nearest folder above that has one.

    Raises
    ------
    ConfigError
        If there is none, if there are two in one folder, or if it cannot be read.
    """
    for place in (folder, *folder.parents):
        own, shared = place / OWN, place / SHARED
        found = [source for source in (_read_own(own), _read_shared(shared)) if source is not None]
        if len(found) > 1:
            what = f"there are two configurations, {OWN} and [tool.actcheck] in {SHARED}"
            raise ConfigError(what, where=str(place), fix="Keep one of them.")
        if found:
            return found[0]
    raise ConfigError(f"there is no configuration: neither {OWN} nor [tool.actcheck] in {SHARED}", fix=HOW)


def read(file: Path) -> Source:
    """Read a configuration that is named.

    Raises
    ------
    ConfigError
        If there is none, or if it cannot be read.
    """
    source = _read_shared(file) if file.name == SHARED else _read_own(file)
    if source is None:
        what = "it has no table tool.actcheck" if file.is_file() else "there is no such file"
        raise ConfigError(what, where=str(file), fix=HOW)
    return source


def _read_own(file: Path) -> Source | None:
    if not file.is_file():
        return None
    text, table = _parsed(file)
    return Source(file, table, "", _lines(text, "checks"))


def _read_shared(file: Path) -> Source | None:
    if not file.is_file():
        return None
    text, whole = _parsed(file)
    tools = whole.get("tool")
    table = tools.get("actcheck") if isinstance(tools, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise ConfigError("tool.actcheck must be a table", where=str(file), fix=HOW)
    return Source(file, table, "tool.actcheck.", _lines(text, "tool.actcheck.checks"))


def _parsed(file: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = file.read_bytes().decode("utf-8")
        return text, tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"it cannot be read: {error.strerror}", where=str(file)) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"it is not UTF-8 at byte {error.start + 1}", where=str(file)) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"it is not TOML: {error}", where=str(file)) from error
    except (RecursionError, ValueError) as error:
        # Lists a thousand deep, or numbers of thousands of digits.
        raise ConfigError(f"it cannot be read as TOML: {error}", where=str(file)) from error


def _lines(text: str, name: str) -> tuple[int, ...]:
    header = re.compile(r"\s*\[\[\s*" + r"\s*\.\s*".join(map(re.escape, name.split("."))) + r"\s*\]\]")
    return tuple(number for number, line in enumerate(text.split("\n"), 1) if header.match(line))
