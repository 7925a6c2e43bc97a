"""What the baseline holds of a check, and how it is measured: the functor on a few rows, and what its report says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from actcheck.dataclass import dataclass
from actcheck.model import RULE_VERSION, CheckSpec, Claim, Excess, Kink, Report, Verdict

if TYPE_CHECKING:
    from actcheck.checks.calls import Subject
    from actcheck.model import FloatArray

MOST = 400
"""So many numbers of a row's value, and of its gradient, are kept: the first ones."""

_PLACES = (0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 6.0, -6.0)
"""Where activations have their kinks, whether or not the report names them."""

MOST_KINKS = 64
"""So many kinks are kept."""

_MOST_ROWS = 8
_MOST_ENTRIES = 4_000_000

Numbers = tuple[float, ...]


@dataclass(frozen=True)
class Row:
    """The functor on one row.

    Parameters
    ----------
    x, value, gradient : tuple of float
        The gradient of a Jacobian is its first lines, one after the other, in layout ``out-in``.
    """

    x: Numbers
    value: Numbers
    gradient: Numbers


@dataclass(frozen=True)
class Record:
    """What is known of a check that passes.

    Parameters
    ----------
    rule : int
        Version of the verdict rule.
    structure : str
        ``element-wise``, ``Jacobian, dense`` or ``Jacobian, diagonal``.
    inputs, outputs : int
        Widths n and m.
    error, allowed : float
        Of the entry that takes most of its tolerance for sure, see `Excess`; 0 where none does.
    kinks : tuple of Kink
        Of an element-wise functor, by x; no more than `MOST_KINKS` of a baseline's, evenly over the line.
    kinks_found : int
        How many there were to choose from.
    rows : tuple of Row
    """

    rule: int
    structure: str
    inputs: int
    outputs: int
    error: float
    allowed: float
    kinks: tuple[Kink, ...]
    kinks_found: int
    rows: tuple[Row, ...]

    @property
    def share(self) -> float:
        """How much of the tolerance the worst error takes."""
        return self.error / self.allowed if self.allowed > 0 else 0.0


def measure(spec: CheckSpec, report: Report, functor: Any, given: Sequence[Numbers] | None) -> Record | None:
    """Look at a functor whose check has passed.

    Parameters
    ----------
    spec : CheckSpec
    report : Report
    functor : object
    given : sequence of tuples of float, or None
        The rows of the baseline; where there are none, or of another width, rows are chosen.

    Returns
    -------
    Record or None
        None where the report does not tell its width.
    """
    import numpy as np

    from actcheck.checks.coupled import Coupled

    if report.claim is None or report.inputs is None or report.outputs is None:
        return None
    if spec.coupled:
        functor = Coupled(functor, len(spec.typed) or spec.batch)
    from actcheck.checks.calls import Subject
    from actcheck.numeric.domain import Domain

    subject = Subject(functor, report.inputs, report.outputs, report.claim, report.spec.layout, spec.dtype)
    if report.spec.domain is not None:
        subject, spec = replace(subject, domain=Domain(*report.spec.domain)), report.spec
    usable = given is not None and all(len(row) == report.inputs for row in given)
    X = np.array(given, dtype=np.float64) if given and usable else _chosen(spec, report, subject)
    if not subject.diagonal:
        X = X[: max(1, _MOST_ENTRIES // (subject.inputs * subject.outputs))]
    value, gradient = subject.forward(X), subject.gradient(X)
    excess, kinks = _excess(report), _kinks(report)
    return Record(
        rule=RULE_VERSION,
        structure=_structure(subject, gradient),
        inputs=report.inputs,
        outputs=report.outputs,
        error=_rounded(excess.error),
        allowed=_rounded(excess.allowed),
        # Beside a baseline all are of use: it may have kept others.
        kinks=_thinned(kinks) if given is None else kinks,
        kinks_found=len(kinks),
        rows=tuple(Row(_numbers(x), _numbers(value[index]), _numbers(gradient[index])) for index, x in enumerate(X)),
    )


def _numbers(values: FloatArray) -> Numbers:
    # A zero's sign is no number's business.
    return tuple(float(value) + 0.0 for value in values.reshape(-1)[:MOST])


def _rounded(value: float) -> float:
    # More digits would say nothing, and differ from one machine to the next.
    return float(f"{value:.3g}")


def _structure(subject: Subject, gradient: FloatArray) -> str:
    import numpy as np

    if subject.claim is Claim.DIAGONAL:
        return "element-wise"
    if subject.inputs != subject.outputs or subject.inputs == 1:
        return "Jacobian, dense"
    off_diagonal = gradient[:, ~np.eye(subject.inputs, dtype=bool)]
    return "Jacobian, dense" if np.any(off_diagonal) else "Jacobian, diagonal"


def _excess(report: Report) -> Excess:
    """Give what the gradient's own error takes of its tolerance; a proof's error is nobody else's."""
    proofs = [check for check in report.checks if check.name == "proof"]
    return Excess(proofs[0].worst or 0.0, proofs[0].allowed or 0.0) if proofs else report.excess


def _kinks(report: Report) -> tuple[Kink, ...]:
    """Give the kinks of an element-wise functor; those of another one are rows."""
    if report.claim is not Claim.DIAGONAL or report.spec.command == "layer":
        return ()
    found: dict[float, Kink] = {}
    for bend in report.proof.bends if report.proof else ():
        if not bend.jump and bend.low == bend.high:
            slopes = tuple(float(f"{side.low:.6g}") + 0.0 for side in (bend.left, bend.right))
            found.setdefault(bend.low + 0.0, Kink(bend.low + 0.0, slopes, bend.analytic.low + 0.0))
    for kink in report.choices:
        # Estimates: their last digits depend on the machine.
        slopes = tuple(float(f"{slope:.6g}") + 0.0 for slope in kink.slopes)
        found.setdefault(kink.x, Kink(kink.x, slopes, kink.chosen + 0.0))
    return tuple(found[x] for x in sorted(found))


def _thinned(kinks: tuple[Kink, ...]) -> tuple[Kink, ...]:
    """Give the first, the last, and as many between them as are kept."""
    import numpy as np

    if len(kinks) <= MOST_KINKS:
        return kinks
    return tuple(kinks[at] for at in np.linspace(0, len(kinks) - 1, MOST_KINKS).round().astype(int))


# ------------------------------------------------------------------------------------------ rows


def _chosen(spec: CheckSpec, report: Report, subject: Subject) -> FloatArray:
    """Choose rows: of zeros, where kinks are usual, where there are some, typed in, and random ones.

    None of a CSV file: what is in there need not be meant for the repository.
    """
    import numpy as np

    from actcheck.rows import batch

    width = subject.inputs
    reference = batch.reference(spec, width).values
    rows = [np.zeros(width), *_packed(_PLACES, width), reference[0], reference[-1]]
    if report.claim is Claim.DIAGONAL:
        rows += _packed([kink.x for kink in _thinned(_kinks(report))], width)
    elif not spec.csv and spec.command != "layer":
        rows += [np.array(values) for values in _tied(report)[:_MOST_ROWS] if len(values) == width]
    if not spec.coupled:
        rows += [np.array(row) for row in spec.typed[:2]]
    if spec.interval:
        rows = [np.clip(row, spec.interval[0], spec.interval[1]) for row in rows]
    kept = _usable(np.unique(batch.held(np.array(rows), spec.dtype), axis=0), subject)
    # A functor that has values for positive numbers only.
    return kept if len(kept) else _usable(np.abs(reference[:2]) + 0.5, subject)


def _tied(report: Report) -> list[Numbers]:
    """Give the rows at kinks that the report shows, each once."""
    return list(dict.fromkeys(entry.values for entry in report.kinks if entry.verdict is Verdict.KINK_ACCEPTED))


def _packed(places: Sequence[float], width: int) -> list[FloatArray]:
    """Put places into as many rows as it takes, and no more of them than make sense of a wide one."""
    import numpy as np

    count = -(-len(places) // width)
    padded = np.resize(np.array(places, dtype=np.float64), count * width) if places else np.empty(0)
    return list(padded.reshape(count, width))


def _usable(X: FloatArray, subject: Subject) -> FloatArray:
    import numpy as np

    kept: FloatArray = X[np.isfinite(subject.forward(X)).all(axis=1)]
    return kept
