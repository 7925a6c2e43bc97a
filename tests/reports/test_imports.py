"""What is loaded when: a report that is not printed costs nothing."""

from __future__ import annotations

import subprocess
import sys


def loaded_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_no_report_needs_numpy():
    """They are text; arrays bring their own methods."""
    rooms = "table, matrix, machine, notebook, failure, verdict"
    assert "numpy" not in loaded_after(f"from actcheck.reports import {rooms}")


def test_rich_waits_for_the_first_page():
    assert "rich" not in loaded_after("from actcheck.reports import table, matrix, notebook")
    assert "rich" in loaded_after("from actcheck.reports.canvas import *; Page(PLAIN)")
