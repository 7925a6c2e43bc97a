"""What a specification may say; the command line reads texts, everyone else hands over values and asks here."""

from __future__ import annotations

import math

from actcheck.model import CheckSpec

DTYPES = ("float64", "float32", "float16")
DERIVATIVE_OF = ("input", "output")
SAMPLES = ("rows", "columns", "single")

ORACLES = ("auto", "difference", "exact")

BOTH_WAYS = "full looks at every entry, directions at none by itself: they exclude each other"


def mistakes(spec: CheckSpec) -> list[str]:
    """Give all that is wrong with the values of a specification, one sentence each."""
    found = _numbers(spec)
    for name in ("edge", "full", "strict", "sensitivity"):
        value = getattr(spec, name)
        if not isinstance(value, bool):
            found.append(f"{name} must be True or False, not {value!r}")
    if spec.full and spec.directions is not None:
        found.append(BOTH_WAYS)
    found += domain_mistakes(spec.domain)
    words = (
        ("dtype", spec.dtype, DTYPES),
        ("derivative_of", spec.reading.derivative_of, DERIVATIVE_OF),
        ("samples", spec.reading.samples, SAMPLES),
    )
    return found + [
        f"{name} must be one of {', '.join(choices)}, not {value!r}"
        for name, value, choices in words
        if value not in choices
    ]


def _numbers(spec: CheckSpec) -> list[str]:
    found = []
    for name, least in (("batch", 1), ("seed", 0), ("dim", 1), ("directions", 1)):
        value = getattr(spec, name)
        if not (name in ("dim", "directions") and value is None) and not (_whole(value) and value >= least):
            found.append(f"{name} must be a whole number of at least {least}, not {value!r}")
    if not (_finite(spec.scale) and spec.scale > 0):
        found.append(f"scale must be a finite number above 0, not {spec.scale!r}")
    for name in ("rtol", "atol"):
        value = getattr(spec, name)
        if not (name == "rtol" and value is None) and not (_finite(value) and value >= 0):
            found.append(f"{name} must be a finite number of at least 0, not {value!r}")
    return found


def domain_mistakes(domain: object) -> list[str]:
    """Give what is wrong with a domain, None being any: at most one sentence."""
    if domain is None:
        return []
    if not isinstance(domain, (tuple, list)) or len(domain) != 2 or not all(map(_number, domain)):
        return [f"domain must be two numbers, the least and the greatest input, not {domain!r}"]
    low, high = domain
    return [] if low < high else [f"domain must begin below its end, and {low!r} is not below {high!r}"]


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and not math.isnan(value)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _finite(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
