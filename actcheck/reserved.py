"""The names of the tool's own options, planned ones included: the one list that keywords must not clash with."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from actcheck.dataclass import dataclass

_ROOT = ("actcheck",)
_VERIFY = ("verify",)
_BOTH = ("verify", "jacobian")
_SHOW = ("show",)
_LIST = ("list",)
_RUN = ("run",)
_SUITE = ("run", "accept")
_LAYER = ("layer",)
_PROVE = ("prove",)
_ACCURACY = ("accuracy",)
_EXACT = _PROVE + _ACCURACY
_ALL = _BOTH + _LAYER
_ANY = _ALL + _EXACT
COMMANDS = _ANY + _SHOW
"""The commands whose unknown options are keywords."""


class Takes(Enum):
    """What follows an option."""

    VALUE = "value"
    TWO = "two values"
    NOTHING = "nothing"
    LATER = "later"


@dataclass(frozen=True)
class Reserved:
    """A name that no keyword can have without ``--set``.

    Parameters
    ----------
    name : str
        Without its two dashes.
    takes : Takes
        LATER for an option that is planned, and not there yet.
    commands : tuple of str
        The commands that have it.
    """

    name: str
    takes: Takes = Takes.LATER
    commands: tuple[str, ...] = ()


RESERVED = (
    Reserved("atol", Takes.VALUE, _ALL),
    Reserved("batch", Takes.VALUE, _VERIFY + _LAYER),
    Reserved("csv", Takes.VALUE, _BOTH),
    Reserved("columns", Takes.VALUE, _BOTH),
    Reserved("rows", Takes.VALUE, _VERIFY),
    Reserved("timeout", Takes.VALUE, _VERIFY + _LAYER + _EXACT + _SUITE),
    Reserved("dim", Takes.VALUE, _BOTH + _EXACT),
    Reserved("directions", Takes.VALUE, _VERIFY),
    Reserved("domain", Takes.TWO, _ALL),
    Reserved("dtype", Takes.VALUE, _ALL + _ACCURACY),
    Reserved("full", Takes.NOTHING, _VERIFY),
    Reserved("help", Takes.NOTHING, _ROOT + _ANY + _SHOW + _LIST + _SUITE),
    Reserved("inputs", Takes.VALUE, _LAYER),
    Reserved("install-completion", Takes.NOTHING, _ROOT),
    Reserved("interval", Takes.TWO, _PROVE),
    Reserved("json", Takes.NOTHING, _ANY + _LIST + _RUN),
    Reserved("layout", Takes.VALUE, _ALL + _PROVE),
    Reserved("lines", Takes.VALUE, _PROVE),
    Reserved("list-targets", Takes.NOTHING, _VERIFY),
    Reserved("no-edge", Takes.NOTHING, _VERIFY),
    Reserved("oracle", Takes.VALUE, _BOTH),
    Reserved("outputs", Takes.VALUE, _LAYER),
    Reserved("rtol", Takes.VALUE, _ALL),
    Reserved("scale", Takes.VALUE, _ALL),
    Reserved("resolution", Takes.VALUE, _PROVE),
    Reserved("seed", Takes.VALUE, _ANY),
    Reserved("set", Takes.VALUE, _ANY + _SHOW),
    Reserved("show", Takes.NOTHING, _LAYER),
    Reserved("show-completion", Takes.NOTHING, _ROOT),
    Reserved("sensitivity", Takes.NOTHING, _VERIFY),
    Reserved("strict", Takes.NOTHING, _ANY + _RUN),
    Reserved("tolerance", Takes.VALUE, _PROVE),
    Reserved("version", Takes.NOTHING, _ROOT),
    Reserved("x", Takes.VALUE, _BOTH),
    Reserved("color", Takes.VALUE, _SUITE),
    Reserved("config", Takes.VALUE, _SUITE),
    Reserved("exclude", Takes.VALUE, _SUITE),
    Reserved("jobs", Takes.VALUE, _SUITE),
    Reserved("only", Takes.VALUE, _SUITE),
    Reserved("report", Takes.VALUE, _RUN),
    Reserved("fail-fast", Takes.NOTHING, _RUN),
    Reserved("last-failed", Takes.NOTHING, _RUN),
    Reserved("quiet", Takes.NOTHING, _SUITE),
    Reserved("verbose", Takes.NOTHING, _RUN),
    Reserved("derivative", Takes.VALUE, _ANY),
    Reserved("derivative-of", Takes.VALUE, _ANY),
    Reserved("gradient", Takes.VALUE, _ANY),
    Reserved("parameter", Takes.VALUE, _VERIFY),
    Reserved("samples", Takes.VALUE, _ANY),
    Reserved("value", Takes.VALUE, _ANY),
    Reserved("baseline"),
    Reserved("plot"),
    Reserved("stop-after"),
)
"""All names of the tool's own: first those of this version, then those that a later one will have."""

_NAMES = {reserved.name for reserved in RESERVED}


def named(target: str, parameters: Iterable[tuple[str, object]]) -> str:
    """Give a target with its keywords as a command line has them."""
    # Few targets have any, and start-up is a feature.
    from shlex import quote

    return " ".join([target, *(quote(word) for keyword in parameters for word in typed(*keyword))])


def typed(keyword: str, value: object) -> tuple[str, ...]:
    """Give the words that set a keyword of a constructor on the command line."""
    name = keyword.replace("_", "-")
    return ("--set", f"{keyword}={value}") if name in _NAMES else (f"--{name}", str(value))
