from __future__ import annotations

from pathlib import Path

import pytest

from actcheck.targets import AttributeMissingError, TargetBrokenError, resolve

from .conftest import SWISH, Write

MANY = """
    from typing import Protocol
    from abc import ABC, abstractmethod
    import numpy as np

    class Base(ABC):
        def __call__(self, X):
            return X

        @abstractmethod
        def gradient(self, X): ...

    class Wanted(Protocol):
        def __call__(self, X): ...
        def gradient(self, X): ...

    class Unrelated:
        pass

    def sibling(x):
        return x

    class Tanh(Base):
        def gradient(self, X):
            return X

    class LeakyReLU(Tanh):
        pass

    tanh = Tanh()
    LIMIT = 3

    class names:
        class Inner(Tanh):
            pass
"""


def _missing(target: str) -> AttributeMissingError:
    with pytest.raises(AttributeMissingError) as caught:
        resolve(target)
    assert caught.value.where == target
    return caught.value


@pytest.mark.parametrize("attribute", ["Tanh", "tanh", "names.Inner"])
def test_an_attribute_may_be_dotted(write: Write, attribute: str) -> None:
    write("many.py", MANY)
    assert callable(resolve(f"many:{attribute}").functor.gradient)


@pytest.mark.parametrize(
    ("target", "what", "fix"),
    [
        (
            "many:leaky_relu",
            "`many` has no attribute `leaky_relu`",
            "It has `LeakyReLU`, `Tanh`, `tanh`, `Base`, `Unrelated`, `Wanted`, `names`, `sibling`.",
        ),
        ("many:names.inner", "`many:names` has no attribute `inner`", "It has `Inner`."),
        ("many.py:names.inner", "`many.py:names` has no attribute `inner`", "It has `Inner`."),
        ("many:Tanh.Inner", "`many:Tanh` has no attribute `Inner`", "It has `gradient`."),
        ("many:LIMIT.Inner.more", "`many:LIMIT` has no attribute `Inner`", "It has `"),
        ("many:Tanh(2)", "`many` has no attribute `Tanh(2)`", "It has `Tanh`, `tanh`, "),
        ("many:names..Inner", "`many:names` has no attribute ``", "It has `Inner`."),
        ("empty:Swish", "`empty` has no attribute `Swish`", "Nothing in it can be called."),
        ("pkg:many.Tanh", "`pkg` has no attribute `many`", "`many` is a module of its own: write pkg.many:Tanh."),
        ("pkg:many", "`pkg` has no attribute `many`", "`many` is a module of its own: write pkg.many:NAME."),
    ],
)
def test_an_attribute_that_is_not_there_is_told_with_those_that_are(
    write: Write, target: str, what: str, fix: str
) -> None:
    write("many.py", MANY)
    write("empty.py", "NUMBER = 1\n")
    write("pkg/__init__.py", "")
    write("pkg/many.py", MANY)
    error = _missing(target)
    assert error.what == what
    assert error.fix.startswith(fix)


@pytest.mark.parametrize(
    ("target", "what", "fix"),
    [
        (
            "many.py",
            "`many.py` is a file, and no functor in it is named",
            "Name one, such as many.py:LeakyReLU. It has `LeakyReLU`, `Tanh`, `tanh`.",
        ),
        (
            "many",
            "`many` is a module, and no functor in it is named",
            "Name one, such as many:LeakyReLU. It has `LeakyReLU`, `Tanh`, `tanh`.",
        ),
        ("many:", "`many` is a module, and no functor in it is named", "Name one, such as many:LeakyReLU."),
        (
            "./many.py:",
            "`./many.py` is a file, and no functor in it is named",
            "Name one, such as ./many.py:LeakyReLU.",
        ),
        ("pkg.many", "`pkg.many` is a module, and no functor in it is named", "Name one, such as pkg.many:LeakyReLU."),
        (
            "uses:many",
            "`uses:many` is a module, and no functor in it is named",
            "Name one, such as uses:many.LeakyReLU. It has `LeakyReLU`, `Tanh`, `tanh`.",
        ),
        (
            "empty",
            "`empty` is a module, and no functor in it is named",
            "Name one, such as empty:NAME. Nothing with `__call__` and `gradient` was seen in it.",
        ),
    ],
)
def test_a_module_or_file_alone_is_told_with_its_functors(write: Write, target: str, what: str, fix: str) -> None:
    write("many.py", MANY)
    write("pkg/__init__.py", "")
    write("pkg/many.py", MANY)
    write("uses.py", "import many\n")
    write("empty.py", "NUMBER = 1\n")
    error = _missing(target)
    assert error.what == what
    assert error.fix.startswith(fix)


def test_a_functor_that_is_only_imported_comes_after_those_defined_there(write: Write) -> None:
    write("acts.py", SWISH)
    write("more.py", "from acts import Swish\nclass Zwish(Swish): pass\n")
    assert "such as more:Zwish. It has `Zwish`, `Swish`." in _missing("more").fix


def test_a_long_list_is_cut(write: Write) -> None:
    write("acts.py", SWISH)
    write("lots.py", "from acts import Swish\n" + "".join(f"class A{k}(Swish): pass\n" for k in range(20)))
    assert _missing("lots").fix.endswith("`A15` and 13 more.")


def test_a_module_that_makes_its_attributes_when_asked_is_asked(write: Write) -> None:
    write("acts.py", SWISH)
    write(
        "lazy.py",
        """
        def __getattr__(name):
            if name != "Swish":
                raise AttributeError(name)
            from acts import Swish
            return Swish

        def __dir__():
            return ["Swish"]
        """,
    )
    assert type(resolve("lazy:Swish").functor).__name__ == "Swish"
    assert _missing("lazy:swish").fix == "It has `Swish`."


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("raise KeyError(name)", "reading `Swish` raised KeyError: 'Swish'"),
        ("raise SystemExit(1)", "reading `Swish` raised SystemExit: 1"),
    ],
)
def test_a_module_that_raises_when_asked_is_broken(write: Write, code: str, what: str) -> None:
    write("lazy.py", f"def __getattr__(name):\n    if name == 'Swish':\n        {code}\n    raise AttributeError\n")
    with pytest.raises(TargetBrokenError) as caught:
        resolve("lazy:Swish")
    assert caught.value.what == what
    assert 'lazy.py", line 3' in caught.value.trace


def test_a_list_of_names_that_raises_is_done_without(write: Write) -> None:
    write("mute.py", "def __dir__():\n    raise ValueError\n")
    assert _missing("mute:Swish").fix == "Nothing in it can be called."


@pytest.mark.parametrize("raised", ["ValueError('not yet')", "AttributeError('not yet')"])
def test_a_property_that_raises_is_there_and_broken(write: Write, raised: str) -> None:
    write("prop.py", f"class Space:\n    @property\n    def Swish(self):\n        raise {raised}\nspace = Space()\n")
    with pytest.raises(TargetBrokenError, match=r"reading `Swish` raised \w+Error: not yet") as caught:
        resolve("prop:space.Swish")
    assert 'prop.py", line 4' in caught.value.trace


def test_listing_what_is_there_runs_nothing(write: Write, capfd: pytest.CaptureFixture[str]) -> None:
    write("prop.py", "class Space:\n    @property\n    def other(self):\n        print('run')\nspace = Space()\n")
    _missing("prop:space.Swish")
    assert capfd.readouterr() == ("", "")


def test_a_catalogue_name_with_a_colon_is_a_module(folder: Path) -> None:
    with pytest.raises(Exception, match="there is no module `relu`"):
        resolve("relu:ReLU")
