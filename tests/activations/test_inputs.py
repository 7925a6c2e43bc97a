"""Arrays are read into floating point, arguments into checked numbers."""

from __future__ import annotations

import numpy as np
import pytest

from actcheck.activations.inputs import count, floats, nonzero, rows, scaled, within, zero_or_within


def test_floating_arrays_are_passed_on_as_they_are() -> None:
    X = np.ones(3, np.float32)
    assert floats(X) is X


@pytest.mark.parametrize("values", [[1, 2], [True, False], np.ones(2, np.uint8)])
def test_whole_numbers_become_float64(values) -> None:
    assert floats(values).dtype == np.float64


def test_arrays_of_objects_are_left_to_their_own_arithmetic() -> None:
    """The exact replay of a functor puts numbers of another kind into arrays."""
    X = np.array([1, 2], dtype=object)
    assert floats(X) is X


def test_a_row_may_be_of_any_width_but_must_be_one() -> None:
    assert rows([1.0]).shape == (1,)
    with pytest.raises(ValueError, match="not a scalar"):
        rows(3.0)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_a_product_that_overflows_is_the_largest_number(dtype) -> None:
    largest = np.finfo(dtype).max
    with np.errstate(all="raise"):
        product = scaled(-3.0, np.array([1, largest, -largest], dtype))
    np.testing.assert_array_equal(product, np.array([-3, -largest, largest], dtype))
    assert product.dtype == dtype


def test_numbers_of_any_kind_are_read() -> None:
    for value in (2, 2.0, np.float32(2), np.int8(2), True + 1):
        for number in (nonzero("a", value), within("a", value, 0, 3), zero_or_within("a", value, 1, 3)):
            assert number == 2.0
            assert type(number) is float
    assert zero_or_within("a", 0, 1, 3) == 0.0


@pytest.mark.parametrize(
    ("read", "value", "message"),
    [
        (lambda v: within("at_zero", v, 0, 1), 1.5, r"at_zero must be in \[0, 1\], got 1.5"),
        (lambda v: within("slope", v, -1, 1), np.inf, r"slope must be in \[-1, 1\], got inf"),
        (lambda v: within("eps", v, 1e-12, 1), np.nan, r"eps must be in \[1e-12, 1\], got nan"),
        (lambda v: zero_or_within("t", v, 0.5, 9), 0.25, r"t must be 0 or in \[0.5, 9\], got 0.25"),
        (lambda v: count("pieces", v, 64), 65, "pieces must be a whole number from 1 to 64, got 65"),
        (lambda v: nonzero("stretch", v), 0.0, "stretch must be finite and not 0, got 0.0"),
    ],
)
def test_what_is_not_allowed_is_said(read, value, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        read(value)
