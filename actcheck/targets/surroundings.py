"""What surrounds the user's code while it is imported and constructed: what it changes for the process is put back."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from actcheck.targets.paths import importable
from actcheck.targets.streams import no_input, stdout_to_stderr


@contextmanager
def user_code(folders: tuple[str, ...]) -> Iterator[list[str]]:
    """Run the user's code where its folders are importable, and where it cannot spoil the report or the next verdict.

    There is nothing to read on standard input. Standard output, the current folder, the filters of warnings and NumPy's
    handling of floating-point errors are put back. Yields a list of remarks, complete after the end.
    """
    # Imported before the user's folders are, lest a random.py there become NumPy's random; and not at start-up.
    import numpy as np

    remarks: list[str] = []
    folder = os.getcwd()
    try:
        with stdout_to_stderr(), no_input(), importable((*folders, folder)), warnings.catch_warnings(), np.errstate():
            yield remarks
    finally:
        if os.getcwd() != folder:
            os.chdir(folder)
            remarks.append("its code changed the current folder; that was undone")
