from __future__ import annotations

import sys

import numpy as np
import pytest

from actcheck.targets import ConstructorRefusedError, NotAFunctorError, keywords, resolve

from .conftest import Write

MAKERS = """
    import functools
    from abc import ABC, abstractmethod

    class Swish:
        def __init__(self, beta=1.0, *, shift=0.0):
            if beta == 0:
                raise ValueError("beta must not be 0.")
            if beta < 0:
                raise SystemExit("no such beta")
            self.beta, self.shift = beta, shift

        def __call__(self, X):
            return self.beta * X

        def gradient(self, X):
            return self.beta

    class Needs(Swish):
        def __init__(self, alpha, beta, /, gamma): ...

    class Bound(Swish):
        def __init__(self, alpha, at_zero, **more):
            super().__init__()

    class Abstract(ABC, Swish):
        @abstractmethod
        def inverse(self, X): ...

    class Half:
        def __call__(self, X):
            return X

        def forward(self, X):
            return X

        @staticmethod
        def tangent(X):
            return X

    class Meta(type):
        def __call__(cls, *args, **kwargs):
            return super().__call__(*args, **kwargs)

    class WithMeta(Swish, metaclass=Meta):
        pass

    swish = Swish(2)
    half = Half()

    def make(beta=3.0):
        return Swish(beta)

    def make_from(depth):
        return Swish(depth)

    def make_half():
        return Half()

    def make_number(k=1):
        return 3.0

    def make_class():
        return Swish

    make_partial = functools.partial(Swish, shift=1.0)
    make_cached = functools.cache(make)

    def sigmoid(x):
        return x

    def softmax(X, axis=-1):
        return X

    def attached(x):
        return x

    attached.gradient = sigmoid
    relu = lambda z: z
    number = 3.0
"""


@pytest.fixture(autouse=True)
def _makers(write: Write) -> None:
    write("makers.py", MAKERS)


def _refused(attribute: str, **given: object) -> ConstructorRefusedError:
    with pytest.raises(ConstructorRefusedError) as caught:
        resolve(f"makers:{attribute}", tuple(given.items()))
    assert caught.value.where == f"makers:{attribute}"
    assert "construct.py" not in caught.value.trace
    return caught.value


def _no_functor(attribute: str, **given: object) -> NotAFunctorError:
    with pytest.raises(NotAFunctorError) as caught:
        resolve(f"makers:{attribute}", tuple(given.items()))
    assert caught.value.where == f"makers:{attribute}"
    return caught.value


@pytest.mark.parametrize(
    ("attribute", "given", "beta", "notes"),
    [
        ("Swish", {}, 1.0, ()),
        ("Swish", {"beta": 2}, 2, ()),
        ("WithMeta", {"beta": 2}, 2, ()),
        ("swish", {}, 2, ("an instance, taken as it is",)),
        ("make", {}, 3.0, ("made by the factory `make`",)),
        ("make", {"beta": 4}, 4, ("made by the factory `make`",)),
        ("make_from", {"depth": 4}, 4, ("made by the factory `make_from`",)),
        ("make_partial", {"beta": 4}, 4, ("made by the factory `make_partial`",)),
        ("make_cached", {"beta": 4}, 4, ("made by the factory `make_cached`",)),
    ],
)
def test_a_functor_comes_from_a_class_an_instance_or_a_factory(
    attribute: str, given: dict[str, object], beta: float, notes: tuple[str, ...]
) -> None:
    target = resolve(f"makers:{attribute}", tuple(given.items()))
    assert target.functor.beta == beta  # type: ignore[attr-defined]
    assert target.notes == notes


def test_a_function_with_a_gradient_attached_is_an_instance() -> None:
    assert resolve("makers:attached").functor(2.0) == 2.0
    assert resolve("makers:attached").accepted == ()


@pytest.mark.parametrize(
    ("attribute", "names"),
    [
        ("Swish", ("beta", "shift")),
        ("Needs", ("gamma",)),
        ("Bound", None),
        ("WithMeta", None),
        ("swish", ()),
        ("make", ("beta",)),
        ("make_partial", ("beta", "shift")),
        ("make_cached", ("beta",)),
        ("make_number", ("k",)),
    ],
)
def test_the_keywords_of_a_target_are_told_without_constructing_it(attribute: str, names: object) -> None:
    assert keywords(f"makers:{attribute}") == names


def test_the_constructors_own_message_is_given_with_its_traceback() -> None:
    error = _refused("Swish", beta=0)
    assert error.what == "`Swish(beta=0)` raised ValueError: beta must not be 0"
    assert error.fix == "It takes --beta, --shift."
    assert error.trace.startswith("Traceback (most recent call last):\n  File ")
    assert error.trace.endswith("ValueError: beta must not be 0.\n")
    assert isinstance(error.__cause__, ValueError)


def test_an_exit_in_a_constructor_is_a_refusal() -> None:
    assert _refused("Swish", beta=-1).what == "`Swish(beta=-1)` raised SystemExit: no such beta"


def test_a_value_of_the_wrong_type_is_refused_by_the_constructor_itself() -> None:
    assert "`Swish(beta='two')` raised TypeError: '<' not supported" in _refused("Swish", beta="two").what


def test_all_mistakes_in_keywords_are_named_at_once() -> None:
    error = _refused("Swish", btea=1, shfit=2, kkk=3)
    assert error.what == (
        "`Swish` cannot be constructed: it takes no `btea` (did you mean `beta`?); "
        "it takes no `shfit` (did you mean `shift`?); it takes no `kkk`"
    )
    assert error.fix == "It takes --beta, --shift."
    assert error.trace == ""


@pytest.mark.parametrize(
    ("attribute", "given", "clause"),
    [
        ("make_from", {}, "it needs `depth`: add --depth VALUE"),
        ("make", {"x": 1}, "it takes no `x`"),
        ("make_half", {"k": 1}, "it takes no `k`"),
        ("Bound", {"extra": 1}, "it needs `alpha`: add --alpha VALUE; it needs `at_zero`: add --at-zero VALUE"),
        (
            "Needs",
            {"gamma": 1},
            "it needs `alpha`, which is positional-only and cannot be set by name; it needs `beta`",
        ),
        ("Needs", {"gamma": 1, "beta": 1}, "its `beta` is positional-only and cannot be set by name; it needs `alpha`"),
    ],
)
def test_what_a_class_or_factory_needs_is_named(attribute: str, given: dict[str, object], clause: str) -> None:
    assert clause in _refused(attribute, **given).what


def test_a_function_that_is_taken_for_a_factory_is_told_so() -> None:
    error = _refused("make_from")
    assert error.what == "`make_from` cannot be called: it needs `depth`: add --depth VALUE"
    assert error.fix == "It takes --depth. It has no `gradient`, and is taken for a factory."
    assert _refused("make_half", k=1).fix.startswith("It takes no keywords. It has no `gradient`")


def test_a_function_of_two_inputs_whose_derivative_stands_beside_it_is_no_factory(write: Write) -> None:
    write(
        "losses.py",
        """
        def mse(y, t): return y - t
        def mse_prime(y, t): return 1
        def made(kind, beta): return Made()
        def made_prime(kind, beta): return Made()
        class Made:
            def __call__(self, X): return X
            def gradient(self, X): return 1.0
        """,
    )
    with pytest.raises(NotAFunctorError) as caught:
        resolve("losses.py:mse")
    assert caught.value.what == "`mse` is not a functor: it needs `t` besides its input"
    assert caught.value.fix.startswith("Write functions of the input alone, in which the rest is set. ")
    # One that is given all that it needs may still be a factory.
    assert resolve("losses.py:made", (("kind", 1), ("beta", 2))).functor


def test_a_function_that_numpy_vectorises_is_read_and_set_as_a_function(write: Write) -> None:
    write(
        "acts.py",
        """
        import numpy as np
        @np.vectorize
        def hs(x, slope=1.0): return slope * x
        @np.vectorize
        def hs_prime(x, slope=1.0): return slope
        @np.vectorize
        def lone(x): return x
        """,
    )
    assert keywords("acts.py:hs") == ("slope",)
    target = resolve("acts.py:hs", (("slope", 3.0),))
    assert target.functor(np.array([[1.0, 2.0]])).tolist() == [[3.0, 6.0]]
    assert target.functor.gradient(np.array([[1.0, 2.0]])).tolist() == [[3.0, 3.0]]
    assert target.origin is not None
    assert target.origin.line == 5
    with pytest.raises(NotAFunctorError, match="it is a function without `gradient`"):
        resolve("acts.py:lone")


def test_a_class_with_abstract_methods_is_refused() -> None:
    error = _refused("Abstract")
    assert error.what.startswith("`Abstract()` raised TypeError: Can't instantiate abstract class Abstract")
    assert error.trace == ""


def test_an_instance_takes_no_keywords() -> None:
    error = _refused("swish", beta=2, at_zero=1)
    assert error.what == "`swish` is an instance, which takes no keywords: `beta`, `at_zero`"
    assert error.fix == "Leave --beta, --at-zero out, or name its class `Swish` instead."


@pytest.mark.parametrize(
    ("attribute", "given", "what"),
    [
        ("half", {}, "`half` is not a functor: it has no `gradient`"),
        ("half", {"k": 1}, "`half` is not a functor: it has no `gradient`"),
        ("Half", {}, "`Half()` is not a functor: it has no `gradient`"),
        ("make_half", {}, "`make_half()` is not a functor: it has no `gradient`"),
        ("make_number", {"k": 2}, "`make_number(k=2)` is not a functor: it has no `__call__` and it has no `gradient`"),
        ("make_class", {}, "`make_class()` is not a functor: it is a class, not an instance of one"),
        ("number", {}, "`number` is not a functor: it has no `__call__` and it has no `gradient`"),
        (
            "sigmoid",
            {},
            "`sigmoid` is not a functor: it is a function without `gradient`, or a factory whose `x` is not",
        ),
        ("softmax", {"axis": 1}, "`softmax` is not a functor: it is a function without `gradient`, or a factory"),
        ("relu", {}, "`relu` is not a functor: it is a function without `gradient`, or a factory"),
        ("Swish.gradient", {}, "`gradient` is not a functor: it is a function without `gradient`, or a factory"),
    ],
)
def test_what_is_no_functor_is_told_with_what_is_missing(attribute: str, given: dict[str, object], what: str) -> None:
    assert _no_functor(attribute, **given).what.startswith(what)


def test_what_is_no_functor_is_told_with_what_it_has_and_what_is_beside_it() -> None:
    fix = _no_functor("half").fix
    assert fix.startswith("It has `forward`, `tangent`. A functor is called with a batch X, and has `gradient(X)`.")
    assert fix.endswith("Beside it there is `Bound`, `Needs`, `Swish`, `WithMeta`.")


@pytest.mark.parametrize("attribute", ["half", "number"])
def test_what_can_neither_be_nor_make_a_functor_has_no_keywords(attribute: str) -> None:
    with pytest.raises(NotAFunctorError):
        keywords(f"makers:{attribute}")


@pytest.mark.parametrize("target", ["math:sin", "numpy:tanh", "numpy:add"])
def test_functions_built_in_c_are_no_functors(target: str) -> None:
    with pytest.raises(NotAFunctorError, match="is not a functor"):
        resolve(target)


def test_a_builtin_that_cannot_be_asked_is_called_to_see() -> None:
    assert keywords("builtins:max") is None
    with pytest.raises(ConstructorRefusedError, match=r"`max\(\)` raised TypeError: max expected at least 1 argument"):
        resolve("builtins:max")


def test_an_interrupt_while_constructing_passes_through(write: Write) -> None:
    write("slow.py", "def make():\n    raise KeyboardInterrupt\n")
    out = sys.stdout
    with pytest.raises(KeyboardInterrupt):
        resolve("slow:make")
    assert sys.stdout is out
