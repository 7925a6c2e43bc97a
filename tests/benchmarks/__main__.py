"""``python -m tests.benchmarks [startup] [jacobian] [catalogue] ...``: all groups if none is named."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence

from . import catalogue, discovery, elementwise, jacobian, others, startup, suite
from .harness import Line, table

GROUPS: Mapping[str, Callable[[], Iterable[Line]]] = {
    "startup": startup.measure,
    "jacobian": jacobian.measure,
    "elementwise": elementwise.measure,
    "catalogue": catalogue.measure,
    "suite": suite.measure,
    "discovery": discovery.measure,
    "others": others.measure,
}


def main(names: Sequence[str], groups: Mapping[str, Callable[[], Iterable[Line]]] = GROUPS) -> int:
    """Measure, print one table, and give the exit code: 1 if a limit is exceeded, 2 for a name that is none."""
    unknown = [name for name in names if name not in groups]
    if unknown:
        print(f"error: no benchmark {', '.join(unknown)}; there are {', '.join(groups)}", file=sys.stderr)
        return 2
    lines: list[Line] = []
    for name in names or groups:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        lines += groups[name]()
    print(table(lines), end="")
    over = [line for line in lines if line.is_over]
    for line in over:
        print(f"over its limit: {line.what}", file=sys.stderr)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
