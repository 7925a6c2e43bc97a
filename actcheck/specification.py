"""What a specification may say; the command line reads texts, everyone else hands over values and asks here."""

from __future__ import annotations

import math

from actcheck.model import CheckSpec

DTYPES = ("float64", "float32", "float16")

ORACLES = ("auto", "difference", "exact")

BOTH_WAYS = "full looks at every entry, directions at none by itself: they exclude each other"


def mistakes(spec: CheckSpec) -> list[str]:
    """Give all that is wrong with the values of a specification, one sentence each."""
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
    if spec.full and spec.directions is not None:
        found.append(BOTH_WAYS)
    if spec.dtype not in DTYPES:
        found.append(f"dtype must be one of {', '.join(DTYPES)}, not {spec.dtype!r}")
    return found


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _finite(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
