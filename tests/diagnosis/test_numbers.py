from dataclasses import replace

import numpy as np
import pytest
from functors import wrong

from actcheck.diagnosis import numbers

from .observing import evidence_of


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [(-1e-3, 2e-3, 0.0), (0.4999999, 0.5000001, 0.5), (709.782711, 709.782719, 709.782715), (-5.02, -4.99, -5.0)],
)
def test_the_shortest_number_between_two_is_told(low, high, told):
    assert numbers.short(low, high) == told
    assert numbers.short(high, low) == told


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (2.0, 1e-12, "2 = stretch"),
        (0.25, 1e-12, "0.25 = 1/stretch²"),
        (-1.0, 1e-12, "-1"),
        (5.0, 1e-12, "5 = n"),
        (np.pi, 1e-12, "3.1415927 = π"),
        (1.25, 1e-12, "1.25 = n / (n - 1)"),
        (0.7, 1e-12, "7/10"),
        (0.71234, 1e-12, "0.71234"),
        (0.71234, 1e-3, "0.71"),
    ],
)
def test_a_number_is_told_with_its_owner(value, error, text):
    evidence = evidence_of(wrong.SoftmaxWithoutStretch(2.0))
    assert numbers.recognise(evidence, value, error).text == text


@pytest.mark.parametrize("own", [1e-300, 5e-324, -1e-200, 1e200, 1e307])
def test_a_parameter_whose_square_is_no_float_is_a_parameter_all_the_same(own):
    evidence = replace(evidence_of(wrong.SoftmaxWithoutStretch(2.0)), parameters={"threshold": own})
    assert numbers.recognise(evidence, 0.7, 1e-12).text == "7/10"
    assert numbers.recognise(evidence, own, 0.0).text.endswith("= threshold")
