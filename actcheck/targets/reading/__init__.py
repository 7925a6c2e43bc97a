"""From a value and a derivative that were found to a functor: how they want their samples, and what they want besides.

What names and arguments do not say is found by asking: a few calls on a copy, before anything is judged.
"""

from actcheck.targets.reading.compose import compose
from actcheck.targets.reading.parts import Parts

__all__ = ["Parts", "compose"]
