"""What a shell completes beyond commands and options: names of the catalogue, and their parameters as options."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def names(incomplete: str) -> list[str]:
    """Give the catalogue's names that begin so."""
    from actcheck.activations.catalogue import ENTRIES

    return _starting((entry.name for entry in ENTRIES), incomplete)


def one_of(words: Iterable[str]) -> Callable[[str], list[str]]:
    """Give what completes an option's value to one of a few words."""
    kept = tuple(words)
    return lambda incomplete: _starting(kept, incomplete)


def parameters(targets: Iterable[str], incomplete: str) -> list[str]:
    """Give the options that set parameters of targets in the catalogue, such as ``--negative-slope``."""
    from actcheck.activations.catalogue import find

    entries = [entry for target in targets if (entry := find(target)) is not None]
    options = {f"--{each.name.replace('_', '-')}": None for entry in entries for each in entry.parameters}
    return _starting(options, incomplete)


def _starting(words: Iterable[str], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]
