"""The command line: argv to specification, to report, to exit code. It computes nothing."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line of this process, and end it with its exit code."""
    from actcheck.cli.guard import guarded

    sys.exit(guarded(_run))


def _run() -> int:
    from actcheck.cli.app import run

    return run(sys.argv[1:])
