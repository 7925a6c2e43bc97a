"""What the catalogue says of an activation function. Nothing here imports NumPy: start-up is a feature."""

from __future__ import annotations

from actcheck.dataclass import dataclass


@dataclass(frozen=True)
class Parameter:
    """A keyword of a functor's constructor.

    Parameters
    ----------
    name : str
    default : float
    meaning : str
        One line, without a full stop.
    bounds : str
        What the constructor allows, in words.
    low, high : float
        The least and the greatest number allowed, infinite where there is none; `bounds` says which number between is
        left out. Ends are where a right gradient can still be told in float64 and in float32.
    examples : tuple of float
        Two numbers in use, apart. Any combination of the examples of several parameters is allowed.
    """

    name: str
    default: float
    meaning: str
    bounds: str
    low: float
    high: float
    examples: tuple[float, float]


@dataclass(frozen=True)
class Entry:
    """An activation function of the catalogue.

    Parameters
    ----------
    name : str
        In kebab case, as typed on the command line.
    aliases : tuple of str
        Other names, in kebab case.
    title : str
        Its name in a sentence.
    module, attribute : str
        Where its class is.
    formula, derivative : str
        Plain text with Unicode signs, of lines that fit in 80 columns. Functions of the whole row are given entry by
        entry: a_i, and the Jacobian's J_ij = da_i/dx_j; δ_ij is 1 where i = j, else 0.
    domain, range : str
        What goes in and what comes out, by the default parameters.
    kinks : tuple of str
        Where the derivative does not exist, and what the gradient is there.
    parameters : tuple of Parameter
    source : str
        The paper or library that it is known from.
    elementwise : bool
        Whether each output depends on the one input at its place: the gradient is then the diagonal, else the Jacobian.
    widths : str
        Which widths n a row may have, and the width m of the output.
    multiple : int or str
        A row's width is a multiple of this, or of the parameter that has this name.
    """

    name: str
    aliases: tuple[str, ...]
    title: str
    module: str
    attribute: str
    formula: str
    derivative: str
    domain: str
    range: str
    kinks: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    source: str
    elementwise: bool = True
    widths: str = "any; m = n"
    multiple: int | str = 1
