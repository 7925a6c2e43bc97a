"""Dataclasses with shared methods: what they do is what the standard library's do."""

from __future__ import annotations

import dataclasses
import pickle
from copy import deepcopy

import pytest

from actcheck.dataclass import dataclass


def point(decorator):
    @decorator(frozen=True)
    class Point:
        x: float
        y: float = 0.0
        name: str = dataclasses.field(default="p", compare=False)
        secret: list[int] = dataclasses.field(default_factory=list, repr=False, compare=False)

        def size(self):
            return abs(self.x) + abs(self.y)

    return Point


Ours, Standard = point(dataclass), point(dataclasses.dataclass)


@dataclass
class Count:
    """A value that may change."""

    total: int = 0

    def __post_init__(self):
        self.total += 1


@dataclass(frozen=True)
class Base:
    a: int


@dataclass(frozen=True)
class Derived(Base):
    b: int = 2


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [((1.0,), {}), ((1.0, 2.0), {}), ((1.0,), {"name": "q"}), ((), {"y": 3.0, "x": 1.0}), ((1, 2, "n", [3]), {})],
)
def test_values_are_made_shown_compared_and_hashed_alike(args, kwargs):
    ours, standard = Ours(*args, **kwargs), Standard(*args, **kwargs)
    assert dataclasses.asdict(ours) == dataclasses.asdict(standard)
    assert repr(ours) == repr(standard)
    assert hash(ours) == hash(standard)
    assert ours == Ours(*args, **kwargs)
    assert ours == dataclasses.replace(ours, name="another")
    assert ours != dataclasses.replace(ours, x=7.0)
    assert ours != standard
    assert ours.size() == standard.size()


@pytest.mark.parametrize(
    ("args", "kwargs", "words"),
    [
        ((), {}, "misses 'x'"),
        ((1, 2, "n", [], 5), {}, "has 4 fields, and 5 values were given"),
        ((1,), {"x": 2}, "got 'x' twice"),
        ((1,), {"z": 2}, "has no field 'z'"),
        ((1, 2, "n"), {"z": 2}, "has no field 'z'"),
        ((1, 2, "n"), {"x": 2}, "got 'x' twice"),
    ],
)
def test_what_does_not_fit_the_fields_is_refused(args, kwargs, words):
    with pytest.raises(TypeError):
        Standard(*args, **kwargs)
    with pytest.raises(TypeError, match=words):
        Ours(*args, **kwargs)


def test_a_frozen_value_cannot_be_changed():
    value = Ours(1.0)
    with pytest.raises(dataclasses.FrozenInstanceError, match="'x'"):
        value.x = 2.0
    with pytest.raises(dataclasses.FrozenInstanceError, match="'x'"):
        del value.x
    assert value.x == 1.0


def test_each_value_has_defaults_of_its_own():
    one, other = Ours(1.0), Ours(1.0)
    one.secret.append(1)
    assert other.secret == []


def test_a_value_that_may_change_has_no_hash():
    count = Count()
    count.total += 4
    assert count.total == 5
    with pytest.raises(TypeError, match="unhashable"):
        hash(count)


def test_a_class_builds_on_another():
    assert Derived(1) == Derived(1, 2) != Derived(1, 3)
    assert repr(Derived(1)) == "Derived(a=1, b=2)"
    assert Base(1) != Derived(1)


def test_values_are_copied_and_travel_between_processes():
    for value in (Derived(1, 5), Count(3)):
        assert pickle.loads(pickle.dumps(value)) == value == deepcopy(value)


def test_equality_can_be_left_out():
    @dataclass(eq=False)
    class Handle:
        at: int

    assert Handle(1) != Handle(1)
    assert len({Handle(1), Handle(1)}) == 2


def test_what_the_class_writes_itself_is_kept():
    @dataclass(frozen=True)
    class Named:
        name: str

        def __repr__(self):
            return f"<{self.name}>"

    assert repr(Named("a")) == "<a>"
    assert dataclasses.is_dataclass(Named)


def test_no_name_of_a_class_is_taken():
    @dataclass
    class Busy:
        names: int

        def _compared(self):
            return self.names

        def _init(self):
            return -self.names

    assert (Busy(3)._compared(), Busy(3)._init()) == (3, -3)
