"""What the mistake is: hypotheses are tested against the functor's own values, and only those that hold are told.

Here is no verdict: whether a gradient is wrong was decided before.
"""

from actcheck.diagnosis.diagnose import diagnose
from actcheck.diagnosis.evidence import Evidence
from actcheck.model import Diagnosis

__all__ = ["Diagnosis", "Evidence", "diagnose"]
