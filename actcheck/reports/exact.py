"""Proofs and measurements of accuracy as JSON has them."""

from __future__ import annotations

import math
from typing import Any

from actcheck.accuracy_model import Accuracy, Error, Sample
from actcheck.proof_model import Enclosure, Path, Proof


def proof(found: Proof) -> dict[str, Any]:
    """Give the proof as JSON has it."""
    return {
        "interval": [found.low, found.high],
        "tolerance": found.tolerance,
        "resolution": found.resolution,
        "arithmetic": "real",
        "paths": [_path(path) for path in found.paths],
        "pieces": [
            {
                "path": each.path,
                "low": each.low,
                "high": each.high,
                "verdict": each.verdict,
                "reason": each.reason,
            }
            for each in found.stretches
        ],
        "refuted": [
            {
                "path": each.path,
                "low": each.low,
                "high": each.high,
                "at": each.at,
                "output": each.output,
                "analytic": _pair(each.analytic),
                "derivative": _pair(each.derivative),
                "x": list(each.x),
            }
            for each in found.refuted
        ],
        "kinks": [
            {
                "path": each.path,
                "low": each.low,
                "high": each.high,
                "output": each.output,
                "left": _pair(each.left),
                "right": _pair(each.right),
                "analytic": _pair(each.analytic),
                "jump": each.jump,
            }
            for each in found.bends
        ],
    }


def _path(path: Path) -> dict[str, Any]:
    return {
        "path": path.name,
        "base": list(path.base),
        "direction": list(path.direction),
        "low": path.low,
        "high": path.high,
        "allowed": path.allowed,
        "scale": path.scale,
        "worst": path.worst,
        "replays": path.replays,
    }


def _pair(enclosure: Enclosure) -> list[float | str]:
    ends = (enclosure.low, enclosure.high)
    return [_number(end) for end in ends]


def accuracy(found: Accuracy) -> dict[str, Any]:
    """Give the measurement as JSON has it."""
    return {
        "dtype": found.dtype,
        "points": found.points,
        "unknown": found.unknown,
        "kinks": found.kinks,
        "bands": [
            {
                "low": each.low,
                "high": each.high,
                "points": each.points,
                "value": _error(each.value),
                "gradient": _error(each.gradient),
                "kinds": list(each.kinds),
            }
            for each in found.bands
        ],
        "worst": [_sample(each) for each in found.worst],
        "losses": [
            {
                "quantity": each.quantity,
                "kind": each.kind,
                "start": each.start,
                "end": each.end,
                "total": _number(each.total),
                "zero": _number(each.zero),
                "worst": _sample(each.worst),
            }
            for each in found.losses
        ],
        "curve": [[_number(each) for each in point] for point in found.curve],
    }


def _sample(each: Sample) -> dict[str, Any]:
    return {
        "x": each.x,
        "quantity": each.quantity,
        "computed": _number(each.computed),
        "true": _number(each.true),
        **_error(each.error),
        "kind": each.kind,
    }


def _error(error: Error) -> dict[str, Any]:
    return {"ulps": _number(error.ulps), "units": _number(error.units)}


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else f"{value:g}"
