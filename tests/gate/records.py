"""Records made by hand."""

from __future__ import annotations

from dataclasses import replace

from actcheck.gate.record import Record, Row
from actcheck.model import RULE_VERSION, Kink

RELU = Record(
    rule=RULE_VERSION,
    structure="element-wise",
    inputs=3,
    outputs=3,
    error=3e-12,
    allowed=1e-8,
    kinks=(Kink(0.0, (0.0, 1.0), 1.0),),
    kinks_found=1,
    rows=(
        Row((-1.0, 0.0, 2.5), (0.0, 0.0, 2.5), (0.0, 1.0, 1.0)),
        Row((0.1, 0.2, 0.3), (0.1, 0.2, 0.3), (1.0, 1.0, 1.0)),
    ),
)
SOFTMAX = Record(
    rule=RULE_VERSION,
    structure="Jacobian, dense",
    inputs=2,
    outputs=2,
    error=0.0,
    allowed=0.0,
    kinks=(),
    kinks_found=0,
    rows=(Row((0.0, 1e-300), (0.5, 0.5), (0.25, -0.25, -0.25, float("inf"))),),
)


def with_row(record, index=0, **changes):
    rows = list(record.rows)
    rows[index] = replace(rows[index], **changes)
    return replace(record, rows=tuple(rows))
