"""What a file, a module or a notebook was found to hold: frozen values, from the finding to the reports."""

from __future__ import annotations

from actcheck.dataclass import dataclass
from actcheck.model import Failure

NO_FUNCTOR = "nothing in it has a value and a derivative"
"""Why a file is left out that holds functions or classes, none of which could be a functor."""


@dataclass(frozen=True)
class Unit:
    """A file or module to look into: what is read, and fails, as one.

    Parameters
    ----------
    place : str
        A path or a module's dotted name, as it is named before a target's colon.
    pattern : str
        A glob that the names in it have to match.
    skipped : str
        Why it is not read, empty where it is.
    """

    place: str
    pattern: str = "*"
    skipped: str = ""


@dataclass(frozen=True)
class Listed:
    """A functor that was found.

    Parameters
    ----------
    target : str
        What names it on the command line.
    protocol : str
        How it is read, in words.
    keywords : tuple of str or None
        Those of its constructor, None if any goes.
    parameters : tuple of (str, value)
        Keywords that it was found by: the word that tells one function of many.
    """

    target: str
    protocol: str
    keywords: tuple[str, ...] | None = ()
    parameters: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """Something that looks like a functor, or a file, that is not checked.

    Parameters
    ----------
    target : str
    reason : str
    """

    target: str
    reason: str


@dataclass(frozen=True)
class Survey:
    """What was found in one place.

    Parameters
    ----------
    place : str
    found : tuple of Listed
        In the order of the place.
    left_out : tuple of LeftOut
    problems : tuple of Failure
        Parts of it that could not be read: cells of a notebook.
    notes : tuple of str
    """

    place: str
    found: tuple[Listed, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is told of it at all: it holds neither a function nor a class of its own."""
        return not (self.found or self.left_out or self.problems)
