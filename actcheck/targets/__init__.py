"""A target's name on the command line -> a functor.

`resolve` loads and constructs it, `keywords` says which keywords it takes, `parse_value` reads their values. The user's
code runs in `on_its_own`, and `cut_traceback` tells of its exceptions. A target that cannot be loaded
is one of five kinds of `TargetError`: missing, broken, without that attribute, not a functor, or refused by its
constructor. NumPy is not imported until a target is resolved.
"""

from __future__ import annotations

from actcheck.targets.domains import as_declared, declared_domain, with_layout
from actcheck.targets.failures import (
    AttributeMissingError,
    ConstructorRefusedError,
    NotAFunctorError,
    TargetBrokenError,
    TargetMissingError,
)
from actcheck.targets.resolution import Origin, Target, adapt, keywords, resolve
from actcheck.targets.streams import on_its_own, stdout_to_stderr
from actcheck.targets.trace import cut_traceback
from actcheck.targets.values import parse_value

__all__ = [
    "AttributeMissingError",
    "ConstructorRefusedError",
    "NotAFunctorError",
    "Origin",
    "Target",
    "TargetBrokenError",
    "TargetMissingError",
    "adapt",
    "as_declared",
    "cut_traceback",
    "declared_domain",
    "keywords",
    "on_its_own",
    "parse_value",
    "resolve",
    "stdout_to_stderr",
    "with_layout",
]
