from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from actcheck.activations.catalogue import ENTRIES
from actcheck.errors import TargetError
from actcheck.targets import (
    AttributeMissingError,
    ConstructorRefusedError,
    NotAFunctorError,
    Origin,
    TargetBrokenError,
    TargetMissingError,
    keywords,
    resolve,
)

from .conftest import SWISH, Write


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_activation_of_the_catalogue_resolves(entry: object) -> None:
    name = entry.name  # type: ignore[attr-defined]
    target = resolve(name)
    assert target.name == name
    assert callable(target.functor)
    assert target.accepted == keywords(name)
    assert target.origin is not None
    assert "activations" in target.origin.file


@pytest.mark.parametrize("name", ["softmax", "Softmax", "SOFT_MAX", " soft-max "])
def test_case_and_dashes_do_not_matter(name: str) -> None:
    target = resolve(name, (("stretch", 2),))
    assert (target.name, target.accepted, target.notes) == ("softmax", ("stretch",), ())
    assert keywords(name) == ("stretch",)


def test_an_activation_refuses_in_its_own_words() -> None:
    with pytest.raises(ConstructorRefusedError) as caught:
        resolve("softmax", (("stretch", 0),))
    assert caught.value.what == "`softmax(stretch=0)` raised ValueError: stretch must be finite and not 0, got 0"
    assert caught.value.trace == ""
    with pytest.raises(ConstructorRefusedError, match=r"it takes no `strech` \(did you mean `stretch`\?\)"):
        resolve("softmax", (("strech", 2),))


def test_an_activation_comes_before_a_module_of_its_name(write: Write) -> None:
    write("relu.py", SWISH)
    assert resolve("relu").name == "relu"
    assert resolve("relu:Swish").name == "relu:Swish"


@pytest.mark.parametrize("target", ["acts:Swish", "./acts.py:Swish", " acts.py:Swish "])
def test_a_target_is_called_as_it_was_typed(swish: Path, target: str) -> None:
    found = resolve(target)
    assert found.name == target.strip()
    assert found.accepted == ("beta", "shift")
    assert found.origin is not None
    assert (found.origin.file, found.origin.line) == (str(swish), 11)


ORIGINS = """
import functools
def sibling(X): return X
class Sibling:
    def __call__(self, X): return X
def keep(function): return functools.wraps(function)(lambda *given: function(*given))
class F:
    def __call__(self, X): return X
    {gradient}
"""


@pytest.mark.parametrize(
    ("gradient", "line"),
    [
        ("def gradient(self, X): return X", 9),
        ("@functools.cache\n    def gradient(self, X): return X", 9),
        ("@keep\n    def gradient(self, X): return X", 9),
        ("@property\n    def gradient(self): return sibling", 3),
        ("gradient = staticmethod(functools.partial(functools.partial(sibling)))", 3),
        ("gradient = lambda self, X: X", 9),
        ("gradient = Sibling()", 5),
        ("gradient = len", None),
        ("exec('def gradient(self, X): return X')", None),
    ],
)
def test_the_place_of_the_gradient_is_known_where_it_is_written_in_python(
    write: Write, gradient: str, line: int | None
) -> None:
    path = write("origins.py", ORIGINS.format(gradient=gradient))
    assert resolve("origins:F").origin == (Origin(str(path), line) if line else None)


def test_the_five_kinds_are_told_apart(write: Write) -> None:
    write("acts.py", SWISH)
    write("breaks.py", "1 / 0\n")
    kinds = {
        "nowhere:Swish": TargetMissingError,
        "breaks:Swish": TargetBrokenError,
        "acts:Wish": AttributeMissingError,
        "acts:np.pi": NotAFunctorError,
        "acts:np.linalg.norm": NotAFunctorError,
    }
    for target, kind in kinds.items():
        with pytest.raises(TargetError) as caught:
            resolve(target)
        assert type(caught.value) is kind
        assert caught.value.exit_code == 2
    with pytest.raises(ConstructorRefusedError):
        resolve("acts:Swish", (("k", 1),))


@pytest.mark.parametrize("target", ["nowhere:Swish", "breaks:Swish", "acts:Wish", "qqqq", ""])
def test_keywords_refuses_what_resolve_refuses(write: Write, target: str) -> None:
    write("acts.py", SWISH)
    write("breaks.py", "1 / 0\n")
    errors = []
    for ask in (keywords, resolve):
        with pytest.raises(TargetError) as caught:
            ask(target)
        errors.append((type(caught.value), str(caught.value)))
    assert errors[0] == errors[1]


def test_the_package_is_imported_without_numpy() -> None:
    code = "import sys, actcheck.targets as t; t.keywords('softmax'); sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
