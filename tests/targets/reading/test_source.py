"""The code of a function as it is written."""

from __future__ import annotations

import ast

import numpy as np

from actcheck.targets.reading.source import returns, tree_of


def nested(x):
    def inner(y):
        return y

    if x > 0:
        return inner(x), 1
    return 0


def test_what_it_returns_itself_is_told_from_what_a_function_inside_it_does():
    tree = tree_of(nested)
    assert [ast.unparse(each.value) for each in returns(tree)] == ["(inner(x), 1)", "0"]


def test_what_has_no_source_has_no_tree():
    assert tree_of(np.tanh) is None
    assert tree_of(eval("lambda x: x")) is None
