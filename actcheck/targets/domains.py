"""What a functor itself says of how it is to be checked: its domain, and whether a layout means anything."""

from __future__ import annotations

from dataclasses import replace

from actcheck.model import CheckSpec, Layout
from actcheck.specification import domain_mistakes

Interval = tuple[float, float]


def as_declared(spec: CheckSpec, made: object, functor: object) -> tuple[CheckSpec, tuple[str, ...]]:
    """Give a specification as a functor says that it is to be checked, and remarks on it.

    Parameters
    ----------
    spec : CheckSpec
    made : object
        What the user has written, which may declare a domain.
    functor : object
        What it is read as.
    """
    spec, of_domain = with_domain(spec, made)
    spec, of_layout = with_layout(spec, functor)
    return spec, (*of_domain, *of_layout)


def with_domain(spec: CheckSpec, made: object) -> tuple[CheckSpec, tuple[str, ...]]:
    """Give a specification with the domain that a functor declares, where it has none itself, and remarks on it."""
    if spec.domain is not None:
        return replace(spec, domain=(float(spec.domain[0]), float(spec.domain[1]))), ()
    declared, remarks = declared_domain(made)
    return replace(spec, domain=declared), remarks


def with_layout(spec: CheckSpec, functor: object) -> tuple[CheckSpec, tuple[str, ...]]:
    """Give a specification without a layout that means nothing: the Jacobian of a backward pass is put together here.

    Its lines come of one cotangent each, so that a product with the transposed Jacobian is a mistake in any layout.
    """
    if spec.layout is Layout.OUT_IN:
        return spec, ()
    # Imported here, as few ask for a layout, and start-up is a feature.
    from actcheck.targets.reading.functors import Pulled

    if not isinstance(functor, Pulled):
        return spec, ()
    name = functor.passes.parts.names[1]
    note = f"--layout {spec.layout.value} is not used: `{name}` takes a cotangent, and its product has no layout"
    return replace(spec, layout=Layout.OUT_IN), (note,)


def declared_domain(functor: object) -> tuple[Interval | None, tuple[str, ...]]:
    """Give the domain that a functor declares, and remarks on it.

    Returns
    -------
    domain : (float, float) or None
        None where it declares none, or what it calls `domain` is no pair of numbers.
    remarks : tuple of str
    """
    try:
        value = getattr(functor, "domain", None)
        pair = value if value is None else tuple(map(float, value))
    except Exception:
        return None, ("its attribute `domain` is no pair of numbers (low, high), and is not used",)
    if pair is None:
        return None, ()
    mistakes = domain_mistakes(pair)
    if mistakes:
        return None, (f"its attribute `domain` is not used: {mistakes[0]}",)
    return (pair[0], pair[1]), (f"the domain {pair[0]:.6g} ... {pair[1]:.6g} is the functor's own `domain`",)
