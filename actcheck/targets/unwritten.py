"""Tells functions that are only announced: their body raises NotImplementedError, or is empty."""

from __future__ import annotations

import dis
import inspect
from types import CodeType, FunctionType

_NOTHING = frozenset(("RESUME", "NOP", "CACHE", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "POP_TOP"))
_RAISED = frozenset(("NotImplementedError", "NotImplemented"))


def is_unwritten(function: object) -> bool:
    """Tell whether a function, a method, or what a static or class method holds, has no body of its own."""
    held = getattr(function, "__func__", function)
    held = inspect.unwrap(held) if callable(held) else held
    return isinstance(held, FunctionType) and _is_empty(held.__code__)


def _is_empty(code: CodeType) -> bool:
    if code.co_names and set(code.co_names) <= _RAISED:
        return True
    steps = [step for step in dis.get_instructions(code) if step.opname != "CACHE"]
    returned = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return {step.opname for step in steps} <= _NOTHING and all(value in (None, ...) for value in returned)
