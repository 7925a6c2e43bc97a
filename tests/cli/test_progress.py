"""Progress: who sees it, and that it leaves nothing on the screen."""

from __future__ import annotations

import io

import pytest

from actcheck.cli.progress import progress_of
from actcheck.model import CheckSpec

FILE = CheckSpec("relu", csv="rows.csv")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def show(monkeypatch):
    """Show a progress on a stream; what is written to it."""

    def shown(spec, stream, *steps, error=None):
        # Not before the test: pytest sets its own.
        monkeypatch.setattr("sys.stderr", stream)
        with progress_of(spec) as progress:
            for step in steps:
                progress(*step)
            if error:
                raise error
            return progress

    return shown


def test_on_a_terminal(show):
    terminal = Terminal()
    show(FILE, terminal, (1000, 250_000), (250_000, 250_000))
    assert terminal.getvalue() == "\r1,000 of 250,000 rows\r250,000 of 250,000 rows\r\x1b[K"


def test_the_line_is_wiped_whatever_happens(show):
    """Else the error would stand behind it."""
    terminal = Terminal()
    with pytest.raises(KeyboardInterrupt):
        show(FILE, terminal, (1, 3), error=KeyboardInterrupt())
    assert terminal.getvalue() == "\r1 of 3 rows\r\x1b[K"


@pytest.mark.parametrize(("spec", "stream"), [(CheckSpec("relu"), Terminal()), (FILE, io.StringIO()), (FILE, None)])
def test_nothing_to_show_or_nobody_to_see_it(show, spec, stream):
    assert show(spec, stream) is None
    assert stream is None or stream.getvalue() == ""
