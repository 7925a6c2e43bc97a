"""How a hypothesis is tested: a functor that makes the mistake is told it first, a near miss is not told it."""

from __future__ import annotations

from typing import Any

import pytest

from .observing import diagnoses


def told(functor: Any, code: str, sentence: str, **settings: Any) -> None:
    """The mistake comes first, is told in these words, and explains nearly all that is wrong."""
    found = diagnoses(functor, **settings)
    assert found, "nothing is wrong"
    assert (found[0].code, found[0].sentence) == (code, sentence)
    assert 0.9 * found[0].wrong <= found[0].explained <= found[0].wrong


def not_told(functor: Any, *codes: str, **settings: Any) -> None:
    """Something is wrong, but not that."""
    found = diagnoses(functor, **settings)
    assert found, "nothing is wrong"
    assert not {each.code for each in found} & set(codes), found


def cases(*rows: tuple[Any, ...]) -> Any:
    """Parametrize over rows, by the code that each begins with."""
    width = len(rows[0]) - 1
    names = ("code", "functor", "sentence")[: width + 1] if width == 2 else ("code", "functor")
    return pytest.mark.parametrize(names, rows, ids=[f"{row[0]}-{at}" for at, row in enumerate(rows)])
