import pytest
from functors import right

from actcheck.diagnosis.anew import maker


class Scaled:
    def __init__(self, k=2.0, *, count=3, label="x", other=1.0):
        self.k, self.count, self.label = k, count, label
        self.extra = 7.0


def test_a_number_of_the_constructor_is_changed_and_the_rest_kept():
    numbers, make = maker(Scaled(k=5.0, label="y"), {})
    assert numbers == {"k": 5.0, "count": 3.0}
    made = make({"count": 4.0})
    assert (made.k, made.count, made.label) == (5.0, 4, "y")
    assert isinstance(made.count, int)


def test_keywords_come_before_attributes():
    numbers, make = maker(Scaled(k=5.0), {"other": 3.0})
    assert numbers["other"] == 3.0
    assert make({"k": 1.0}).k == 1.0


def test_what_is_no_keyword_is_not_made():
    _, make = maker(Scaled(), {})
    with pytest.raises(KeyError):
        make({"extra": 1.0})


def test_a_class_without_numbers_is_not_made_anew():
    assert maker(right.Tanh(), {}) == ({}, None)
