"""What numbers an object holds, how they are named, and how they are written and restored."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from actcheck.targets.reading.leaves import MOST, Slot, follow, leaves, numbers_in, numbers_of, text_of


class Slotted:
    __slots__ = ("W", "__b", "empty")

    def __init__(self) -> None:
        self.W, self.__b = np.ones(2), 2.0


class WithClassNumbers:
    scale = np.array([1.0, 2.0])
    name = "it"

    def __init__(self) -> None:
        self.__W = np.ones(2)


def _names(owner: Any) -> list[str]:
    return [text_of(owner, path) for path in numbers_of(owner)]


def test_arrays_lists_numbers_and_what_holds_them() -> None:
    inner = SimpleNamespace(W=np.ones(2), params={"b": np.zeros(2)})
    owner = SimpleNamespace(
        layers=[inner], rate=0.1, sizes=[3, 4], matrix=[[1.0, 2.0], [3.0, 4.0]], flag=True, word="x"
    )
    assert _names(owner) == ["layers[0].W", "layers[0].params['b']", "rate", "sizes", "matrix"]


def test_slots_private_names_and_numbers_of_the_class() -> None:
    assert sorted(_names(Slotted())) == ["W", "__b"]
    assert sorted(_names(WithClassNumbers())) == ["__W", "scale"]


def test_what_is_none_is_a_leaf_without_numbers() -> None:
    owner = SimpleNamespace(db=None, W=np.ones(2))
    assert [path for path, _ in leaves(owner)] == [("db",), ("W",)]
    assert list(numbers_of(owner)) == [("W",)]


def test_a_circle_ends() -> None:
    owner = SimpleNamespace(W=np.ones(2))
    owner.owner = owner
    assert _names(owner) == ["W"]


@pytest.mark.parametrize("held", [True, "1.0", None, [], [[1.0], [1.0, 2.0]], [np.ones(2)], np.ones(2) > 0, 1j, {}])
def test_what_holds_no_numbers(held: Any) -> None:
    assert numbers_in(held) is None


@pytest.mark.parametrize(
    "held", [np.ones((2, 3)), np.ones(2, np.float32), np.array([1, 2]), [[1, 2.0]], (1.0, 2.0), 2, 0.5, np.float64(0.5)]
)
def test_what_is_written_is_restored(held: Any) -> None:
    owner = SimpleNamespace(p={"W": held})
    slot = Slot(owner, ("p", "W"))
    before = np.array(held, dtype=float)
    slot.write(slot.value + 0.25)
    assert np.array_equal(np.asarray(follow(owner, ("p", "W"))), before + 0.25)
    slot.restore()
    assert np.array_equal(np.asarray(owner.p["W"]), before)
    assert type(owner.p["W"]) is type(held)


def test_an_array_under_two_names_is_one() -> None:
    for dtype in (np.float64, np.float32, np.int64):
        held = np.ones(2, dtype)
        owner = SimpleNamespace(W=held, params={"W": held})
        slot = Slot(owner, ("W",))
        slot.write(np.array([1.5, 2.5]))
        assert np.array_equal(owner.params["W"], [1.5, 2.5])
        slot.restore()
        assert np.array_equal(owner.params["W"], [1, 1])


def test_what_is_no_number_cannot_be_written() -> None:
    with pytest.raises(TypeError, match="`word` holds no numbers"):
        Slot(SimpleNamespace(word="x"), ("word",))


def test_what_raises_when_it_is_looked_into_is_one_thing() -> None:
    class Loud(dict[str, float]):
        def items(self) -> Any:
            raise RuntimeError("no")

    assert _names(SimpleNamespace(loud=Loud(a=1.0), W=np.ones(2))) == ["W"]


def test_an_object_without_end_is_looked_at_in_part() -> None:
    assert len(list(leaves(SimpleNamespace(many=[None] * 10_000)))) == MOST
