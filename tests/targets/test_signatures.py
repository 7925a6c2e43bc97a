from __future__ import annotations

import functools
import inspect
from typing import Any

import pytest

from actcheck.targets.signatures import Keywords, keywords_of, mistakes


class Plain:
    def __init__(self, alpha: float, beta: float = 1.0, *, gamma: float = 0.0) -> None: ...


class Open:
    def __init__(self, alpha: float = 1.0, **more: float) -> None: ...


class Positional:
    def __init__(self, alpha: float, beta: float = 1.0, /, gamma: float = 0.0) -> None: ...


class OfItsOwn:
    __signature__ = inspect.Signature([inspect.Parameter("own", inspect.Parameter.KEYWORD_ONLY)])

    def __init__(self, **given: float) -> None: ...


class Unreadable:
    __signature__ = "nonsense"


class NoArguments:
    pass


def _variadic(*rest: float, named: float = 1.0) -> None: ...


@pytest.mark.parametrize(
    ("maker", "keywords", "accepted"),
    [
        (Plain, Keywords(("alpha", "beta", "gamma"), (), ("alpha",), False), ("alpha", "beta", "gamma")),
        (Open, Keywords(("alpha",), (), (), True), None),
        (Positional, Keywords(("gamma",), ("alpha", "beta"), ("alpha",), False), ("gamma",)),
        (OfItsOwn, Keywords(("own",), (), ("own",), False), ("own",)),
        (Unreadable, Keywords((), (), (), True), None),
        (NoArguments, Keywords((), (), (), False), ()),
        (_variadic, Keywords(("named",), (), (), False), ("named",)),
        (functools.partial(Plain, 2.0), Keywords(("beta", "gamma"), (), (), False), ("beta", "gamma")),
        (
            functools.partial(Plain, alpha=2.0),
            Keywords(("alpha", "beta", "gamma"), (), (), False),
            ("alpha", "beta", "gamma"),
        ),
        (max, Keywords((), (), (), True), None),
    ],
)
def test_the_keywords_of_a_constructor_are_read(maker: Any, keywords: Keywords, accepted: object) -> None:
    assert keywords_of(maker) == keywords
    assert keywords_of(maker).accepted == accepted


@pytest.mark.parametrize(
    ("maker", "given", "clauses"),
    [
        (Plain, ("alpha",), ()),
        (Plain, (), ("it needs `alpha`: add --alpha VALUE",)),
        (
            Plain,
            ("Alhpa", "gama", "kkk"),
            (
                "it takes no `Alhpa` (did you mean `alpha`?)",
                "it takes no `gama` (did you mean `gamma`?)",
                "it takes no `kkk`",
                "it needs `alpha`: add --alpha VALUE",
            ),
        ),
        (Open, ("anything",), ()),
        (Positional, ("gamma",), ("it needs `alpha`, which is positional-only and cannot be set by name",)),
        (Positional, ("alpha",), ("its `alpha` is positional-only and cannot be set by name",)),
        (lambda at_zero: at_zero, (), ("it needs `at_zero`: add --at-zero VALUE",)),
        (NoArguments, ("alpha",), ("it takes no `alpha`",)),
    ],
)
def test_all_mistakes_are_named_at_once(maker: Any, given: tuple[str, ...], clauses: tuple[str, ...]) -> None:
    assert mistakes(keywords_of(maker), given) == clauses
