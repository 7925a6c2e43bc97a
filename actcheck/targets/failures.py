"""The five ways in which a target cannot be loaded. Each says what was wrong, where, and what to do."""

from __future__ import annotations

from actcheck.errors import TargetError


class TargetMissingError(TargetError):
    """There is no activation, module or file of that name."""


class TargetBrokenError(TargetError):
    """The target's own code raised while it was imported or read; `trace` shows where."""


class AttributeMissingError(TargetError):
    """The module or file is there, but what is named in it is not, or nothing is named."""


class NotAFunctorError(TargetError):
    """What is named has no function with a gradient to check."""


class ConstructorRefusedError(TargetError):
    """The class or factory does not take the keywords, or raised on them."""
