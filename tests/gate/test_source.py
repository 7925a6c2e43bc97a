"""Where the configuration is found."""

from __future__ import annotations

import pytest

from actcheck.errors import ConfigError
from actcheck.gate.source import find, read

OWN = '[[checks]]\ntarget = "relu"\n'
SHARED = '[tool.actcheck]\n\n[[tool.actcheck.checks]]\ntarget = "relu"\n'


@pytest.mark.parametrize(("name", "text", "lines"), [("actcheck.toml", OWN, (1,)), ("pyproject.toml", SHARED, (3,))])
def test_found_upwards(tmp_path, name, text, lines):
    (tmp_path / name).write_text(text)
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    found = find(inner)
    assert found.file == tmp_path / name
    assert found.table["checks"] == [{"target": "relu"}]
    assert found.lines == lines


def test_a_project_file_without_our_table_is_none_of_ours(tmp_path):
    (tmp_path / "actcheck.toml").write_text(OWN)
    inner = tmp_path / "a"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[tool.other]\n")
    assert find(inner).file == tmp_path / "actcheck.toml"


def test_two_are_an_error_that_names_both(tmp_path):
    (tmp_path / "actcheck.toml").write_text(OWN)
    (tmp_path / "pyproject.toml").write_text(SHARED)
    with pytest.raises(ConfigError, match=r"actcheck\.toml and \[tool\.actcheck\] in pyproject\.toml"):
        find(tmp_path)


def test_none(tmp_path):
    with pytest.raises(ConfigError, match="there is no configuration"):
        find(tmp_path)


def test_named(tmp_path):
    (tmp_path / "other.toml").write_text(OWN)
    assert read(tmp_path / "other.toml").table["checks"]
    with pytest.raises(ConfigError, match="no such file"):
        read(tmp_path / "gone.toml")
    (tmp_path / "pyproject.toml").write_text("")
    with pytest.raises(ConfigError, match=r"no table tool\.actcheck"):
        read(tmp_path / "pyproject.toml")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"[[checks]]\ntarget = relu\n", "not TOML: .*line 2"),
        (b"\xff", "not UTF-8 at byte 1"),
        (b"a = " + b"[" * 5000, "it cannot be read as TOML|not TOML"),
    ],
)
def test_what_cannot_be_read(tmp_path, content, what):
    (tmp_path / "actcheck.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=what) as caught:
        find(tmp_path)
    assert str(tmp_path / "actcheck.toml") in caught.value.where


def test_our_table_that_is_none(tmp_path):
    (tmp_path / "pyproject.toml").write_text("tool.actcheck = 3\n")
    with pytest.raises(ConfigError, match="must be a table"):
        find(tmp_path)
