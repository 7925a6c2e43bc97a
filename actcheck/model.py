"""The frozen values that flow from the command line to the report. Nothing here computes, loads or prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

RULE_VERSION = 1
"""Version of the verdict rule: it rises whenever the same functor on the same rows may get another verdict."""

SCHEMA_VERSION = 1
"""Version of the JSON report's layout."""


class Functor(Protocol):
    """An activation function with its gradient, batch first.

    ``__call__`` maps ``X`` of shape (batch, n) to ``A`` of shape (batch, m). ``gradient`` gives the diagonal of the
    Jacobian in the shape of ``X`` (element-wise independent), or the whole of it as (batch, m, n).
    """

    def __call__(self, X: Any, /) -> Any: ...
    def gradient(self, X: Any, /) -> Any: ...


class Claim(Enum):
    """What the shape of a gradient claims about the function."""

    DIAGONAL = "element-wise"
    JACOBIAN = "full Jacobian"


class Layout(Enum):
    """Which axis of a Jacobian is the output's: ``J[b, i, j]`` is da_i/dx_j in ``out-in``, da_j/dx_i in ``in-out``."""

    OUT_IN = "out-in"
    IN_OUT = "in-out"


class Verdict(Enum):
    """What is said of one entry of a gradient; a closed list."""

    AGREE = "agree"
    WRONG = "wrong"
    KINK_ACCEPTED = "kink accepted"
    KINK_REFUSED = "kink refused"
    JUMP = "jump"
    INFINITE_SLOPE = "infinite slope"
    OVERFLOW = "overflow"
    OUTSIDE = "outside the domain"
    UNRESOLVED = "unresolved"

    @property
    def is_fault(self) -> bool:
        """Whether the entry makes the gradient wrong."""
        return self in (Verdict.WRONG, Verdict.KINK_REFUSED)


class Outcome(Enum):
    """How a check, or a whole report, ended; from best to worst."""

    PASSED = "ok"
    NOT_RUN = "not run"
    WARNED = "warning"
    UNRESOLVED = "unresolved"
    FAILED = "wrong"

    @property
    def severity(self) -> int:
        """0 for the best outcome, rising."""
        return list(Outcome).index(self)


def worst_outcome(outcomes: list[Outcome]) -> Outcome:
    """Give the worst of several outcomes, `PASSED` of none."""
    return max(outcomes, key=lambda outcome: outcome.severity, default=Outcome.PASSED)


@dataclass(frozen=True)
class CheckSpec:
    """All that decides a check: the one value behind the command line, the API and the replay command.

    Parameters
    ----------
    target : str
        What was named: a catalogue name or an import path.
    parameters : tuple of (str, value)
        Keywords for the functor's constructor.
    command : str
        ``verify`` or ``jacobian``.
    batch : int
        Random rows at each of the scales `scale` and 3 * `scale` are half of it each, at least one.
    dim : int
        Width of a row.
    scale : float
        Standard size of the random rows.
    seed : int
        Seed of the rows and of every random direction.
    dtype : str
        Type that the gradient is computed in: float64, float32 or float16.
    rtol, atol : float or None
        Tolerance of an entry; None takes the type's default.
    layout : Layout
        Which axis of a Jacobian is the output's.
    edge : bool
        Whether edge rows and, for element-wise functors, the sweep are checked besides the random rows.
    typed : tuple of tuples of float
        Rows typed in; where there are any, only they are checked.
    strict : bool
        Whether what is unresolved or warned of fails as well.
    """

    target: str
    parameters: tuple[tuple[str, Any], ...] = ()
    command: str = "verify"
    batch: int = 8
    dim: int = 5
    scale: float = 1.0
    seed: int = 0
    dtype: str = "float64"
    rtol: float | None = None
    atol: float = 0.0
    layout: Layout = Layout.OUT_IN
    edge: bool = True
    typed: tuple[tuple[float, ...], ...] = ()
    strict: bool = False


@dataclass(frozen=True)
class Rows:
    """Rows to check, with where each comes from.

    Parameters
    ----------
    values : ndarray of shape (batch, n)
        Read-only float64; every value can be held by the type that is checked.
    kinds : tuple of str
        For each row ``random``, ``edge``, ``typed`` or ``sweep``.
    numbers : tuple of int
        For each row its number among those of its kind, from 0.
    """

    values: FloatArray
    kinds: tuple[str, ...]
    numbers: tuple[int, ...]

    def label(self, index: int) -> str:
        """Name a row as the report does, e.g. ``random 2``."""
        return f"{self.kinds[index]} {self.numbers[index]}"


@dataclass(frozen=True)
class Estimate:
    """Derivatives with error bounds.

    Parameters
    ----------
    value, bound : ndarray of one shape
        The numeric derivative; the true one lies within `bound` of it. An unknown bound is infinite.
    level : int
        0 for the one pass with the pilot's step, 1 for the ladder.
    """

    value: FloatArray
    bound: FloatArray
    level: int


@dataclass(frozen=True)
class Entry:
    """One entry of the gradient that the report shows.

    Parameters
    ----------
    row : str
        Label of the row.
    output, input : int
        Indices i and j of da_i/dx_j.
    x : float
        The input that was perturbed.
    values : tuple of float
        The whole row, for the replay.
    verdict : Verdict
    analytic, numeric, bound, allowed : float
        The functor's value, the differences' with its error bound, and the tolerance that the entry was held to.
    slopes : tuple of float
        At a kink the least and the greatest slope around, else empty.
    reason : str
        Why it is unresolved or refused, else empty.
    """

    row: str
    output: int
    input: int
    x: float
    values: tuple[float, ...]
    verdict: Verdict
    analytic: float
    numeric: float
    bound: float
    allowed: float
    slopes: tuple[float, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Finding:
    """Something that a check other than the entry-by-entry one has to say.

    Parameters
    ----------
    check : str
        The check: contract, finite, structure, gradient.
    outcome : Outcome
        FAILED for a fault, WARNED for a warning, PASSED for a remark.
    code : str
        A stable name for machines, e.g. ``input-changed``.
    message : str
        One sentence for the person at the terminal.
    where : str
        The row and entry, where there is one.
    values : tuple of float
        The whole row, for the replay, where there is one.
    """

    check: str
    outcome: Outcome
    code: str
    message: str
    where: str = ""
    values: tuple[float, ...] = ()


@dataclass(frozen=True)
class CheckResult:
    """One line of the report's table.

    Parameters
    ----------
    name : str
        contract, finite, structure, gradient, sweep or kinks.
    outcome : Outcome
    entries : int
        How many entries (for the contract: questions) were looked at.
    summary : str
        The verdict in a few words.
    worst, allowed : float or None
        The worst disagreement and what was allowed there.
    where : str
        The place of the worst.
    """

    name: str
    outcome: Outcome
    entries: int
    summary: str
    worst: float | None = None
    allowed: float | None = None
    where: str = ""


@dataclass(frozen=True)
class Sensitivity:
    """What a pass is worth.

    Parameters
    ----------
    error : float or None
        The smallest relative error that would have been seen on the entries that can be told; None if none can.
    share : float
        Share of entries, in [0, 1], on which it would have been seen.
    floor_share : float
        Share of entries whose tolerance is the rounding floor rather than rtol.
    """

    error: float | None
    share: float
    floor_share: float


@dataclass(frozen=True)
class Matrices:
    """The Jacobian of one row, as `actcheck jacobian` shows it.

    Parameters
    ----------
    row : str
        Label of the row.
    x : tuple of float
    analytic, numeric, error, allowed : ndarray of shape (m, n)
        In layout ``out-in`` whatever the functor's own is.
    structure : tuple of str
        What holds of the numeric matrix: diagonal, symmetric, rows sum to 0, ...
    layout : Layout
        The layout to show it in.
    """

    row: str
    x: tuple[float, ...]
    analytic: FloatArray
    numeric: FloatArray
    error: FloatArray
    allowed: FloatArray
    structure: tuple[str, ...]
    layout: Layout


@dataclass(frozen=True)
class Report:
    """What is known of one target.

    Parameters
    ----------
    spec : CheckSpec
    name : str
        The target's name as the report heads it.
    claim : Claim or None
        None where the contract is broken too early to tell.
    rows : Mapping of str to int
        How many rows of each kind.
    outputs : int or None
        Width m of the output.
    rtol : float
        The relative tolerance in force.
    checks : tuple of CheckResult
    findings : tuple of Finding
    counts : Mapping of Verdict to int
        Entries by verdict.
    worst : tuple of Entry
        Wrong entries, worst first, at most a few.
    unresolved : tuple of Entry
        The first few unresolved ones.
    kinks : tuple of Entry
        The first few entries at kinks and jumps.
    sensitivity : Sensitivity or None
    matrices : Matrices or None
    replay : str
        The command that shows the worst fault again; empty where there is none.
    notes : tuple of str
        Remarks on how the target was read.
    outcome : Outcome
    """

    spec: CheckSpec
    name: str
    claim: Claim | None
    rows: Mapping[str, int]
    outputs: int | None
    rtol: float
    checks: tuple[CheckResult, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[Verdict, int]
    outcome: Outcome
    worst: tuple[Entry, ...] = ()
    unresolved: tuple[Entry, ...] = ()
    kinks: tuple[Entry, ...] = ()
    sensitivity: Sensitivity | None = None
    matrices: Matrices | None = None
    replay: str = ""
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the outcome lets a CI go on, by the strictness of the specification."""
        if self.spec.strict:
            return self.outcome is Outcome.PASSED
        return self.outcome in (Outcome.PASSED, Outcome.WARNED, Outcome.UNRESOLVED)

    @property
    def wrong(self) -> int:
        """How many entries are wrong."""
        return sum(count for verdict, count in self.counts.items() if verdict.is_fault)
