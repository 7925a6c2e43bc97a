"""Which names of a module come from elsewhere, as its text says: of an instance nothing else tells."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable


def imported_names(sources: Iterable[str], package: str = "") -> frozenset[str]:
    """Give the names that a module binds by importing them, and in no other way.

    Parameters
    ----------
    sources : iterable of str
        The module's text, or its parts; what is no Python is passed over.
    package : str
        The package that it lies in, which its relative imports start at.
    """
    imported: set[str] = set()
    made: set[str] = set()
    for source in sources:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported |= _from(node, package)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                made.add(node.id)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                made.add(node.name)
    return frozenset(imported - made)


def _from(node: ast.ImportFrom, package: str) -> set[str]:
    names = {alias.asname or alias.name for alias in node.names}
    if "*" not in names:
        return names
    parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    module = sys.modules.get(".".join([*parents, *([node.module] if node.module else [])]))
    return {name for name in vars(module) if not name.startswith("_")} if module else set()
