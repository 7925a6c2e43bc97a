"""The whole catalogue: the time of each entry's check and of the layer's check with it, beside those of the sigmoid."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from actcheck import layer_run, run
from actcheck.activations.catalogue import ENTRIES
from actcheck.model import CheckSpec, Report

from .harness import Line, alternate, compare

ROUNDS = 3
REFERENCE = "sigmoid"
CHECKS: dict[str, Callable[[CheckSpec], Report]] = {"verify": run.check_target, "layer": layer_run.check_layer}


def measure() -> Iterator[Line]:
    """Compare every entry's check, at default settings, with the sigmoid's."""
    for command, check in CHECKS.items():
        jobs = {entry.name: _job(check, CheckSpec(entry.name, command=command)) for entry in ENTRIES}
        seconds = alternate(jobs, ROUNDS)
        for name in jobs:
            yield compare(f"{command} {name} / {command} {REFERENCE}", seconds, name, REFERENCE)


def _job(check: Callable[[CheckSpec], Report], spec: CheckSpec) -> Callable[[], object]:
    return lambda: check(spec)
