"""The code of a function as it is written: read, not run."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from typing import Any


def tree_of(function: Any) -> ast.stmt | None:
    """Give the statement that defines a function; None without a source, or where it does not stand by itself."""
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except Exception:
        return None


def returns(node: ast.AST) -> Iterator[ast.Return]:
    """Give the statements by which a function returns itself, and no function inside it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Return):
            yield child
        elif not isinstance(child, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            yield from returns(child)
