"""The frozen values that flow from the command line to the report. Nothing here computes, loads or prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from actcheck.accuracy_model import Accuracy
from actcheck.dataclass import dataclass
from actcheck.proof_model import Proof

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

UNCHECKED = "parameter-unchecked"
"""The code of the finding that names a parameter of a layer whose gradient is not checked."""

RULE_VERSION = 2
"""Version of the verdict rule: it rises whenever the same functor on the same rows may get another verdict."""

SCHEMA_VERSION = 1
"""Version of the JSON report's layout."""


class Functor(Protocol):
    """An activation function with its gradient, batch first.

    ``__call__`` maps ``X`` of shape (batch, n) to ``A`` of shape (batch, m). ``gradient`` gives the diagonal of the
    Jacobian in the shape of ``X`` (element-wise independent), or the whole of it as (batch, m, n).
    """

    def __call__(self, X: Any, /) -> Any:
        """Evaluate the function."""

    def gradient(self, X: Any, /) -> Any:
        """Evaluate its gradient."""


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


def place(output: int, input: int, claim: Claim | None, layout: Layout) -> str:
    """Name an entry as the functor's own gradient has it: ``x[3]`` of a diagonal, else ``J[0,3]``."""
    if claim is Claim.DIAGONAL and output == input:
        return f"x[{input}]"
    return f"J[{input},{output}]" if layout is Layout.IN_OUT else f"J[{output},{input}]"


def layer_place(gradient: str, line: int, column: int) -> str:
    """Name an entry of a layer's gradient as NumPy indexes it: ``dL/dW[1,2]``; b is a vector, ``dL/db[2]``."""
    return f"{gradient}[{column}]" if gradient == "dL/db" else f"{gradient}[{line},{column}]"


def worst_outcome(outcomes: list[Outcome]) -> Outcome:
    """Give the worst of several outcomes, `PASSED` of none."""
    return max(outcomes, key=lambda outcome: outcome.severity, default=Outcome.PASSED)


@dataclass(frozen=True)
class Reading:
    """How a target is to be read, where its own names do not say it, or say something else.

    Parameters
    ----------
    gradient : str
        Another target, ``mod:fn``, or a name beside the target, that is its derivative.
    value, derivative : str
        Names of the target's own that are taken for its value and its derivative.
    derivative_of : str
        ``input``, or ``output`` where the derivative is expressed in the value and given it.
    samples : str
        ``rows``, ``columns`` where a batch is (n, batch), or ``single`` where a sample is handed over alone, as (n,).
    parameters : tuple of str
        Attributes that are parameters of a layer, as NAME or as NAME=GRADIENT.
    """

    gradient: str = ""
    value: str = ""
    derivative: str = ""
    derivative_of: str = "input"
    samples: str = "rows"
    parameters: tuple[str, ...] = ()


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
        ``verify``, ``jacobian``, ``layer``, ``prove`` or ``accuracy``; ``check`` for a functor handed over from Python.
    batch : int
        Random rows at each of the scales `scale` and 3 * `scale` are half of it each, at least one.
    dim : int or None
        Width of a row; None is 5, or the nearest that the functor takes. Of a layer, the width of its pre-activations;
        None is 3, or the nearest.
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
    domain : (float, float) or None
        Where inputs may lie, from the least to the greatest; None where the functor's own `domain` counts, if any.
    edge : bool
        Whether edge rows and, for element-wise functors, the sweep are checked besides the random rows.
    typed : tuple of tuples of float
        Rows typed in; where there are any, only they are checked.
    csv : str
        A CSV file to take the rows from, ``-`` for standard input; empty for none.
    columns : tuple of str
        Its columns, by name or number from 1; empty for all.
    coupled : bool
        Whether a batch is taken as one vector, since its rows belong together.
    inputs : int
        Width of the rows that a layer gets, for the command ``layer`` only.
    full : bool
        Whether every entry of a Jacobian is looked at, however large it is.
    directions : int or None
        Number of random directions that a Jacobian is looked at along; None leaves it to its size.
    strict : bool
        Whether what is unresolved or warned of fails as well.
    oracle : str
        ``difference``; ``auto`` for the replay, where the extra is there, of what differences leave unresolved;
        ``exact`` where it must be there.
    interval : tuple of (float, float), or empty
        Of every input, for ``prove`` only.
    tolerance : float or None
        Of a proof, of the largest derivative.
    resolution : float or None
        The width at which a piece of the interval is left over.
    lines : int or None
        Random lines through the box of a function of the whole row.
    sensitivity : bool
        Whether errors are planted into the gradient, to see which are caught.
    reading : Reading
        How the target is to be read.
    """

    target: str
    parameters: tuple[tuple[str, Any], ...] = ()
    command: str = "verify"
    batch: int = 8
    dim: int | None = None
    scale: float = 1.0
    seed: int = 0
    dtype: str = "float64"
    rtol: float | None = None
    atol: float = 0.0
    layout: Layout = Layout.OUT_IN
    domain: tuple[float, float] | None = None
    edge: bool = True
    typed: tuple[tuple[float, ...], ...] = ()
    csv: str = ""
    columns: tuple[str, ...] = ()
    coupled: bool = False
    inputs: int = 4
    full: bool = False
    directions: int | None = None
    strict: bool = False
    oracle: str = "difference"
    interval: tuple[float, ...] = ()
    tolerance: float | None = None
    resolution: float | None = None
    lines: int | None = None
    sensitivity: bool = False
    reading: Reading = Reading()


@dataclass(frozen=True)
class Rows:
    """Rows of one kind to check, with where each comes from.

    Parameters
    ----------
    values : ndarray of shape (batch, n)
        Read-only float64; every value can be held by the type that is checked.
    kind : str
        ``random``, ``edge``, ``sweep``, ``typed``, ``given``, or ``line`` of a file.
    numbers : sequence of int
        For each row its number among those of its kind, from 0; the line's number for a file.
    """

    values: FloatArray
    kind: str
    numbers: Sequence[int]

    def label(self, index: int) -> str:
        """Name a row as the report does, e.g. ``random 2``."""
        return f"{self.kind} {self.numbers[index]}"

    def part(self, start: int, stop: int) -> Rows:
        """Give some of the rows."""
        return Rows(self.values[start:stop], self.kind, self.numbers[start:stop])


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
        Label of the row; of a layer, ``dL/dX``, ``dL/dW`` or ``dL/db``.
    output, input : int
        Indices i and j of da_i/dx_j; of a layer, line and column of that gradient.
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
    means : str
        What `numeric` comes from where float64 differences could not tell, else empty.
    name : str
        What to call it where it is no entry of the gradient itself, e.g. ``W[1,2]`` of a layer's parameter.
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
    means: str = ""
    name: str = ""


@dataclass(frozen=True)
class Kink:
    """A sub-gradient that an element-wise functor has chosen.

    Parameters
    ----------
    x : float
    slopes : tuple of float
        Those on either side; none where they are not known.
    chosen : float
    """

    x: float
    slopes: tuple[float, ...]
    chosen: float


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
    trace : str
        A traceback of the functor, cut to the user's frames, where it raised.
    """

    check: str
    outcome: Outcome
    code: str
    message: str
    where: str = ""
    values: tuple[float, ...] = ()
    trace: str = ""


@dataclass(frozen=True)
class CheckResult:
    """One line of the report's table.

    Parameters
    ----------
    name : str
        contract, finite, structure, gradient, sweep, kinks or tails.
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
class Excess:
    """How much of its tolerance an agreeing entry takes for sure.

    What comes nearest to its tolerance is as a rule an entry next to 0, where rounding decides; this is no rounding.

    Parameters
    ----------
    error : float
        Its disagreement, less rounding and less what it is compared with may be off by; 0 where that is all.
    allowed : float
    """

    error: float = 0.0
    allowed: float = 0.0

    @property
    def share(self) -> float:
        """The part of the tolerance, from 0 to 1."""
        return self.error / self.allowed if self.allowed > 0 else 0.0


@dataclass(frozen=True)
class Sensitivity:
    """What a pass is worth.

    Parameters
    ----------
    error : float or None
        The smallest relative error that would have been seen on the entries that can be told; None if none can. Of a
        Jacobian looked at along directions it is relative to the largest slope of the entry's output in its row.
    share : float
        Share of entries, in [0, 1], on which it would have been seen.
    floor_share : float
        Share of entries whose tolerance is the rounding floor rather than rtol.
    """

    error: float | None
    share: float
    floor_share: float


@dataclass(frozen=True)
class Diagnosis:
    """A mistake that reproduces the analytic values.

    Parameters
    ----------
    code : str
        A stable name for machines, e.g. ``sign-flipped``; ``unexplained`` where no simple mistake fits.
    family : str
        form, argument, derivative, formula, identity, rows, region, term, precision, shape, convention, or empty.
    sentence : str
        What it says to the person at the terminal, in one sentence without a full stop.
    explained, wrong : int
        How many of the wrong entries that were looked at it explains; both 0 where it is not about entries.
    option : str
        A command-line option with which the gradient would be right, or empty.
    """

    code: str
    family: str
    sentence: str
    explained: int
    wrong: int
    option: str = ""


@dataclass(frozen=True)
class Planted:
    """The smallest error of a kind that is caught when it is planted into the functor's own gradient.

    Parameters
    ----------
    kind : str
        ``one entry``, ``one column``, ``one side``, ``every entry``, ``a dropped entry`` or
        ``a sign off the diagonal``.
    caught : float or None
        The smallest that is caught: a relative error, or for the last two kinds the size of an entry as a share of the
        gradient's largest; None if not even the largest is.
    missed : float or None
        The largest that is not, of those tried; None if every one is caught.
    where : str
        Where it was planted.
    runs : int
        How many runs of the gradient part it took.
    """

    kind: str
    caught: float | None
    missed: float | None
    where: str
    runs: int


@dataclass(frozen=True)
class Means:
    """What was told by other means than float64 differences, which are too blunt for it.

    Parameters
    ----------
    name : str
        ``differences in numpy.longdouble``, or an identity such as ``f(x) + f(-x) = 1``.
    right, wrong : int
        Entries that it confirmed and refused.
    """

    name: str
    right: int
    wrong: int


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
    verdicts : tuple of tuples of Verdict
        What is said of each entry, in layout ``out-in``; empty where only an error above `allowed` tells.
    """

    row: str
    x: tuple[float, ...]
    analytic: FloatArray
    numeric: FloatArray
    error: FloatArray
    allowed: FloatArray
    structure: tuple[str, ...]
    layout: Layout
    verdicts: tuple[tuple[Verdict, ...], ...] = ()


@dataclass(frozen=True)
class LayerGradient:
    """The gradient of a layer's loss with respect to X, W or b.

    Parameters
    ----------
    name : str
        ``dL/dX``, ``dL/dW`` or ``dL/db``.
    analytic, numeric, bound, allowed : ndarray
        In the shape of X, W or b; that of b is (1, n).
    verdicts : tuple of tuples of Verdict
        What is said of each entry.
    """

    name: str
    analytic: FloatArray
    numeric: FloatArray
    bound: FloatArray
    allowed: FloatArray
    verdicts: tuple[tuple[Verdict, ...], ...]


@dataclass(frozen=True)
class Cost:
    """What it takes, for the whole batch, to get dL/dZ from dL/dA and the functor's gradient.

    Parameters
    ----------
    multiplications : int
    bytes : int
        Of the functor's gradient.
    """

    multiplications: int
    bytes: int


@dataclass(frozen=True)
class Layer:
    """A layer A = f(Z) with Z = XW + b, and the gradients of L = sum(C * A) for some cotangent C.

    Parameters
    ----------
    batch, inputs : int
        Shape of X.
    outputs : int
        Width of Z.
    width : int
        Width of A.
    elementwise : Cost or None
        Of the element-wise product with a diagonal; None where A and Z differ in width.
    contraction : Cost
        Of the contraction with the full Jacobian.
    diagonal : bool
        Whether the functor's Jacobian is a diagonal, whatever shape its gradient has.
    gradients : tuple of LayerGradient
        With respect to X, W and b.
    """

    batch: int
    inputs: int
    outputs: int
    width: int
    elementwise: Cost | None
    contraction: Cost
    diagonal: bool
    gradients: tuple[LayerGradient, ...]


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
    tails : tuple of Means
        By which other means some entries were told that differences cannot tell.
    planted : tuple of Planted
        Which planted errors are caught, where that was asked for.
    matrices : Matrices or None
    layer : Layer or None
    proof : Proof or None
    accuracy : Accuracy or None
    diagnoses : tuple of Diagnosis
        Which simple mistakes explain what is wrong, best first; none where nothing is.
    replay : str
        The command that shows the worst fault again; empty where there is none.
    notes : tuple of str
        Remarks on how the target was read.
    inputs : int or None
        Width n of the rows, where it is known.
    directions : int or None
        Along how many random directions the Jacobian was looked at; None if every entry was.
    excess : Excess
        The agreeing entry that takes most of its tolerance for sure.
    choices : tuple of Kink
        The sub-gradients of an element-wise functor, one for each x, by x; a thousand and some at most.
    origin : tuple of (str, int) or None
        Absolute path and line of the functor's gradient, where that is Python code; for a CI's annotations only.
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
    tails: tuple[Means, ...] = ()
    planted: tuple[Planted, ...] = ()
    matrices: Matrices | None = None
    layer: Layer | None = None
    proof: Proof | None = None
    accuracy: Accuracy | None = None
    diagnoses: tuple[Diagnosis, ...] = ()
    replay: str = ""
    notes: tuple[str, ...] = ()
    inputs: int | None = None
    directions: int | None = None
    excess: Excess = Excess()
    choices: tuple[Kink, ...] = ()
    origin: tuple[str, int] | None = None

    @property
    def passed(self) -> bool:
        """Whether the outcome lets a CI go on, by the strictness of the specification."""
        if self.spec.strict:
            is_open = self.counts.get(Verdict.UNRESOLVED) or self.unchecked
            return self.outcome is Outcome.PASSED and not is_open
        return self.outcome in (Outcome.PASSED, Outcome.WARNED, Outcome.UNRESOLVED)

    @property
    def unchecked(self) -> tuple[str, ...]:
        """The parameters of a layer whose gradients are not checked."""
        return tuple(finding.where for finding in self.findings if finding.code == UNCHECKED)

    @property
    def wrong(self) -> int:
        """How many entries are wrong."""
        return sum(count for verdict, count in self.counts.items() if verdict.is_fault)


class Status(Enum):
    """How a check of a suite ended, by what was expected of it; from best to worst."""

    PASSED = "ok"
    SKIPPED = "skipped"
    EXPECTED = "expected failure"
    LEFT = "not run"
    SURPRISED = "unexpected pass"
    NEW = "no baseline"
    DRIFTED = "drifted"
    FAILED = "failed"
    UNUSABLE = "could not be checked"
    FAULT = "fault of actcheck"

    @property
    def severity(self) -> int:
        """0 for the best, rising."""
        return list(Status).index(self)


@dataclass(frozen=True)
class Case:
    """One check of a suite.

    Parameters
    ----------
    name : str
        Unique in its suite.
    spec : CheckSpec
    timeout : float
        Seconds after which it has failed.
    xfail, skip : str
        Why it is expected to fail, or left out; empty where it is not.
    line : int
        The line of the configuration that it begins in, 0 where that is not known.
    """

    name: str
    spec: CheckSpec
    timeout: float
    xfail: str = ""
    skip: str = ""
    line: int = 0


@dataclass(frozen=True)
class Drift:
    """Something that is not as the baseline has it.

    Parameters
    ----------
    code : str
        A stable name for machines, e.g. ``sub-gradient``.
    message : str
        One clause for the person at the terminal.
    old, new : str
        What the baseline has, and what there is now.
    where : str
        The place: an input, an entry, a row.
    """

    code: str
    message: str
    old: str = ""
    new: str = ""
    where: str = ""


@dataclass(frozen=True)
class Failure:
    """Why a check of a suite could not be made, as a value.

    Parameters
    ----------
    kind, what, where, fix, trace : str
        As of an `ActcheckError`.
    """

    kind: str
    what: str
    where: str = ""
    fix: str = ""
    trace: str = ""


@dataclass(frozen=True)
class CaseResult:
    """What came of one check of a suite.

    Parameters
    ----------
    case : Case
    status : Status
    report : Report or None
        None where it did not run, or could not be checked.
    failure : Failure or None
        Why it could not be checked.
    drifts : tuple of Drift
    seconds : float
        How long it took; never part of what must be the same each time.
    """

    case: Case
    status: Status
    report: Report | None = None
    failure: Failure | None = None
    drifts: tuple[Drift, ...] = ()
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """What it alone would end the command with."""
        if self.status in (Status.SURPRISED, Status.NEW):
            return 1 if self.case.spec.strict else 0
        return {Status.DRIFTED: 1, Status.FAILED: 1, Status.UNUSABLE: 2, Status.FAULT: 3}.get(self.status, 0)


@dataclass(frozen=True)
class SuiteResult:
    """What came of a suite.

    Parameters
    ----------
    results : tuple of CaseResult
        In the order of the configuration.
    lost : tuple of str
        Checks that the baseline has and the configuration no more.
    baseline : bool
        Whether there is a baseline to compare with.
    """

    results: tuple[CaseResult, ...]
    lost: tuple[str, ...] = ()
    baseline: bool = False

    @property
    def exit_code(self) -> int:
        """The worst of all."""
        return max([1 if self.lost else 0, *(result.exit_code for result in self.results)])
