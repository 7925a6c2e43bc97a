"""One functor of the zoo: what it is called, how to make a fresh one, and what is wrong with it, if anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]

EVEN = tuple(range(2, 33, 2))
ODD = tuple(range(3, 33, 2))
FROM_TWO = tuple(range(2, 33))
FROM_THREE = tuple(range(3, 33))
FROM_FOUR = tuple(range(4, 33))


@dataclass(frozen=True)
class Case:
    """A functor with its name in kebab case and its kind.

    ``fault`` names the check that should catch a wrong one ("contract", "finite", "structure" or "gradient",
    the first of them that can), and is empty for a right one. ``widths`` are the widths it can take, and, for
    a wrong one, at which it is wrong; None stands for any from 1 to 32.
    """

    name: str
    make: Callable[[], object]
    family: str
    fault: str = ""
    widths: tuple[int, ...] | None = None
    note: str = ""
