"""The frozen values of a proof over an interval. Nothing here computes, loads or prints."""

from __future__ import annotations

from actcheck.dataclass import dataclass


@dataclass(frozen=True)
class Enclosure:
    """An interval that certainly holds a number; infinite where nothing is known."""

    low: float
    high: float


@dataclass(frozen=True)
class Path:
    """What is gone along: x = base + t * direction.

    Parameters
    ----------
    name : str
        ``x`` for an element-wise functor, else ``line 3`` or ``axis 0``.
    base, direction : tuple of float
    low, high : float
        The values of t that are looked at.
    allowed : float
        The error that is allowed along it: the tolerance times `scale`.
    scale : float
        The largest size of the derivative along it, at some points.
    worst : float
        The largest bound of the error where it is proved.
    replays : int
        How many pieces and points were replayed.
    """

    name: str
    base: tuple[float, ...]
    direction: tuple[float, ...]
    low: float
    high: float
    allowed: float
    scale: float
    worst: float
    replays: int


@dataclass(frozen=True)
class Stretch:
    """A part of a path all of which is proved, wrong or left over.

    Parameters
    ----------
    path : str
    low, high : float
        Its ends, rounded to floats; equal for a point.
    verdict : str
        ``proved``, ``wrong`` or ``left over``.
    reason : str
        Why it is left over.
    """

    path: str
    low: float
    high: float
    verdict: str
    reason: str = ""


@dataclass(frozen=True)
class Refutation:
    """Where the gradient is certainly wrong.

    Parameters
    ----------
    path : str
    low, high : float
        The ends of a part of the path all of which is wrong; equal for a point.
    at : float
        A point of it.
    output : int
    analytic, derivative : Enclosure
        What the functor says of the slope there, and what it is.
    x : tuple of float
        The row there.
    """

    path: str
    low: float
    high: float
    at: float
    output: int
    analytic: Enclosure
    derivative: Enclosure
    x: tuple[float, ...]


@dataclass(frozen=True)
class Bend:
    """A kink or a jump.

    Parameters
    ----------
    path : str
    low, high : float
        Between these; equal where the point is known.
    output : int
    left, right : Enclosure
        The slopes on both sides.
    analytic : Enclosure
        What the functor says there.
    jump : bool
        Whether the function itself jumps.
    """

    path: str
    low: float
    high: float
    output: int
    left: Enclosure
    right: Enclosure
    analytic: Enclosure
    jump: bool


@dataclass(frozen=True)
class Proof:
    """What is known of a gradient over an interval, in real arithmetic.

    Parameters
    ----------
    low, high : float
        The interval of every input.
    tolerance : float
        Of the scale of the derivative along each path.
    resolution : float
        Pieces as narrow as this are not halved any more.
    paths : tuple of Path
    stretches : tuple of Stretch
    refuted : tuple of Refutation
        The widest first.
    bends : tuple of Bend
    """

    low: float
    high: float
    tolerance: float
    resolution: float
    paths: tuple[Path, ...]
    stretches: tuple[Stretch, ...]
    refuted: tuple[Refutation, ...]
    bends: tuple[Bend, ...]

    @property
    def left(self) -> tuple[Stretch, ...]:
        """The stretches that are left over."""
        return tuple(stretch for stretch in self.stretches if stretch.verdict == "left over")
