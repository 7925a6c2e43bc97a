"""Command lines run within this process, on stand-ins for what computes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from actcheck.cli import app
from actcheck.cli.guard import guarded
from actcheck.errors import TargetError
from actcheck.model import CheckSpec, Claim, Outcome, Reading, Report, Verdict

KEYWORDS = {"relu": ("at_zero",), "softmax": ("stretch",), "tanh": (), "open": None}


@dataclass(frozen=True)
class Done:
    """What a command line came to."""

    code: int
    out: str
    err: str


def report_on(spec: CheckSpec, outcome: Outcome = Outcome.PASSED) -> Report:
    return Report(
        spec=spec,
        name=spec.target,
        claim=Claim.DIAGONAL,
        rows={"random": spec.batch},
        outputs=5,
        rtol=1e-8,
        checks=(),
        findings=(),
        counts={Verdict.AGREE: 40},
        outcome=outcome,
    )


class Checks:
    """Stands in for `actcheck.run`: keeps the specifications, and gives what a test has laid down for a target."""

    def __init__(self) -> None:
        self.specs: list[CheckSpec] = []
        self.results: dict[str, Outcome | BaseException] = {}

    @property
    def spec(self) -> CheckSpec:
        assert len(self.specs) == 1
        return self.specs[0]

    def __call__(self, spec: CheckSpec, progress: Callable[[int, int], None] | None = None) -> Report:
        self.specs.append(spec)
        result = self.results.get(spec.target, Outcome.PASSED)
        if isinstance(result, BaseException):
            raise result
        return report_on(spec, result)


@pytest.fixture
def checks(monkeypatch) -> Checks:
    stand_in = Checks()
    monkeypatch.setattr("actcheck.run.check_target", stand_in)
    monkeypatch.setattr("actcheck.targets.keywords", keywords)
    # In a process of its own, what it keeps would be lost.
    monkeypatch.setattr("actcheck.isolation.POSSIBLE", False)
    return stand_in


def keywords(target: str, reading: Reading) -> tuple[str, ...] | None:
    if target not in KEYWORDS:
        raise TargetError(f"there is no {target}")
    return KEYWORDS[target]


@pytest.fixture
def run(checks, capsys, monkeypatch) -> Callable[..., Done]:
    """Run a command line; its exit code and what it printed."""
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def command(*argv: str) -> Done:
        with pytest.raises(SystemExit) as ended:
            raise SystemExit(guarded(lambda: app.run(argv)))
        captured = capsys.readouterr()
        return Done(ended.value.code or 0, captured.out, captured.err)

    return command


@pytest.fixture
def environ() -> dict[str, str]:
    """An environment for processes, without what would change how they print."""
    return {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "FORCE_COLOR", "NO_COLOR")}
