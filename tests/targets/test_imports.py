"""Names that come from elsewhere."""

from __future__ import annotations

from actcheck.targets.imports import imported_names


def test_names_bound_by_imports_alone():
    source = """
import numpy as np, os.path
from acts import relu, Swish as Silu
try:
    from fast import tanh
except ImportError:
    def tanh(x): return x
relu = 3
def f():
    from late import gelu
"""
    assert imported_names([source]) == {"np", "os", "Silu", "gelu"}


def test_stars_are_those_of_the_module():
    assert "dumps" in imported_names(["from json import *"])
    assert imported_names(["from no_such_module import *"]) == set()


def test_what_is_no_python_is_passed_over():
    assert imported_names(["print 'x'", "import os"]) == {"os"}
