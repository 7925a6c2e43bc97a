"""What failed last."""

from __future__ import annotations

import pytest

from actcheck.gate.memory import FOLDER, recall, remember
from actcheck.model import CaseResult, Status

from .stand_ins import case


def results(**statuses):
    return [CaseResult(case(name), status) for name, status in statuses.items()]


def test_what_failed_is_known_until_it_passes(tmp_path):
    assert recall(tmp_path) == set()
    remember(tmp_path, results(a=Status.FAILED, b=Status.PASSED, c=Status.UNUSABLE, d=Status.EXPECTED))
    assert recall(tmp_path) == {"a", "c"}
    remember(tmp_path, results(a=Status.PASSED, b=Status.FAILED, c=Status.LEFT))
    assert recall(tmp_path) == {"b", "c"}


def test_git_ignores_it_by_itself(tmp_path):
    remember(tmp_path, results(a=Status.FAILED))
    assert (tmp_path / FOLDER / ".gitignore").read_text().endswith("*\n")


@pytest.mark.parametrize("text", ["", "{", "3", "[1, {}]", "\udcff", "[" * 10**5, "9" * 10**5])
def test_a_broken_memory_is_none(tmp_path, text):
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "last-failed.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    assert recall(tmp_path) == set()


def test_where_nothing_can_be_written_nothing_is_remembered(tmp_path):
    (tmp_path / FOLDER).write_text("a file in the way")
    remember(tmp_path, results(a=Status.FAILED))
    assert recall(tmp_path) == set()
