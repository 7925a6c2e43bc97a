"""What returns two arrays is taken for a value and its derivative only where its author says so, or its numbers do."""

from __future__ import annotations

from actcheck.survey import Unit
from actcheck.targets.surveying import survey

TWO_ARRAYS = """
import numpy as np

def relu(Z):
    return np.maximum(0, Z), Z
def mean_std(x):
    return x - x.mean(0), x.std(0)
def masked(x):
    return np.where(x > 0, x, 0.1 * x), x > 0
def wrong_cubic(x):
    return x**3, 2 * x**2
def square(x):
    return x**2, 2 * x
def softplus(x):
    return np.log1p(np.exp(x)), 1 / (1 + np.exp(-x))
def total(w):
    return np.sum(w**2), 2 * w
def by_name(x):
    grad = x
    return x**2, grad
def by_expression(x):
    return x**2, by_expression_slope(x) + 1
def sinus(x):
    dsinus = x
    return np.sin(x), dsinus
def by_docstring(x):
    '''Give the value and its derivative.'''
    return x**2, x
def value_and_grad(x):
    return x**2, x
"""


def test_two_arrays_are_a_value_and_its_derivative_only_where_something_says_so(write):
    write("two.py", TWO_ARRAYS)
    found = survey(Unit("two.py"))
    names = [each.target.partition(":")[2] for each in found.found]
    said = ["by_name", "by_expression", "sinus", "by_docstring", "value_and_grad"]
    assert names == ["square", "softplus", "total", *said]
    assert [each.target.partition(":")[2] for each in found.left_out] == ["relu", "mean_std", "masked", "wrong_cubic"]
    assert {each.reason for each in found.left_out} == {
        "it returns two arrays, and nothing says that the second is the derivative; name it to check it"
    }
