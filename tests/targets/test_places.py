"""Which targets name a place, and what files and modules they stand for."""

from __future__ import annotations

import pytest

from actcheck.survey import Unit
from actcheck.targets.places import is_open, units


@pytest.fixture
def project(write):
    for name in ("pkg/__init__.py", "pkg/acts.py", "pkg/sub/__init__.py", "pkg/sub/more.py", "pkg/__main__.py"):
        write(name, "")
    for name in ("hw/a.py", "hw/b.ipynb", "hw/test_a.py", "hw/setup.py", "hw/deep/c.py", "hw/notes.txt"):
        write(name, "")
    for name in ("hw/.hidden/x.py", "hw/venv/y.py", "hw/__pycache__/z.py", "hw/env2/lib/w.py", "hw/env2/pyvenv.cfg"):
        write(name, "")
    write("alone.py", "")
    write("random.py", "")


OF_FILES = ("alone.py", "./alone.py", "alone.py:", "gone.py", "hw", "hw/", "hw/b.ipynb", "alone.py:Leaky*", "random")
OF_MODULES = ("alone", "pkg", "pkg.acts", "pkg.acts:*")


@pytest.mark.parametrize("target", OF_FILES + OF_MODULES)
def test_places(project, target):
    assert is_open(target)


@pytest.mark.parametrize(
    "target", ["relu", "tanh", "rellu", "alone.py:F", "pkg.acts:F.g", "gone.mod", "", " ", ":", "a:b:c"]
)
def test_functors_and_what_has_a_message_of_its_own(project, target):
    assert not is_open(target)


def test_a_name_of_the_catalogue_stays_one(write):
    write("relu.py", "")
    assert not is_open("relu")
    assert is_open("relu.py")


@pytest.mark.parametrize(
    ("target", "places"),
    [
        ("alone.py", ["alone.py"]),
        ("alone", ["alone"]),
        ("pkg.acts", ["pkg.acts"]),
        ("pkg", ["pkg", "pkg.acts", "pkg.sub", "pkg.sub.more"]),
        ("pkg/", ["pkg/__init__.py", "pkg/acts.py", "pkg/sub/__init__.py", "pkg/sub/more.py"]),
        ("hw", ["hw/a.py", "hw/b.ipynb", "hw/deep/c.py"]),
        ("gone.mod", ["gone.mod"]),
    ],
)
def test_what_they_stand_for(project, target, places):
    assert [unit.place for unit in units(target) if not unit.skipped] == places


def test_what_is_not_read_has_a_reason(project):
    skipped = {unit.place: unit.skipped for unit in (*units("hw"), *units("pkg")) if unit.skipped}
    assert list(skipped) == ["hw/setup.py", "hw/test_a.py", "pkg.__main__"]
    assert skipped["hw/test_a.py"] == "a test file: name it to have it read"
    assert [unit.skipped for unit in units("hw/test_a.py")] == [""]


def test_a_pattern_comes_along(project):
    assert units("pkg.acts:Leaky*") == (Unit("pkg.acts", "Leaky*"),)
