"""What all tests share: golden files, and checks that leave the search for the mistake out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from actcheck import diagnosed

# How long a machine takes to draw an example says nothing about the code: it may be busy.
settings.register_profile("actcheck", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("actcheck")

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew instead of comparing")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden file of that name, or write it with --update-golden."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.exists(), f"no golden file {name}: look at it, and write it with --update-golden"
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture
def undiagnosed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for verdicts alone, where a test looks at nothing else: what is told of a mistake takes as long again."""
    monkeypatch.setattr(diagnosed, "explain", lambda report, *known: report)
