"""The rooms: who may import whom, what is loaded when, and that every module says what it is for."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "actcheck"


@dataclass(frozen=True)
class Room:
    """A folder or a module of the package.

    ``level`` counts from the ground. A room imports from lower levels, and from those of its own level that
    ``neighbours`` names; ``only``, where it is given, narrows that down.
    """

    level: int
    neighbours: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None


FOUNDATION, GROUND, SOURCES, CHECKS, WHOLE, DOORS, TOP = range(7)

ROOMS = {
    "dataclass": Room(FOUNDATION),
    "splitmix": Room(FOUNDATION),
    "errors": Room(GROUND),
    "model": Room(GROUND, ("proof_model", "accuracy_model")),
    "reserved": Room(GROUND),
    "proof_model": Room(GROUND),
    "accuracy_model": Room(GROUND),
    "specification": Room(GROUND, ("model",)),
    "survey": Room(GROUND, ("model",)),
    # The two sides of the comparison share no derivative code, and neither knows where rows come from.
    "numeric": Room(SOURCES, only=("model", "errors")),
    "exact": Room(SOURCES, only=("model", "errors")),
    "activations": Room(SOURCES, only=("model", "errors")),
    "rows": Room(SOURCES, only=("model", "errors")),
    "targets": Room(SOURCES, ("activations",)),
    "checks": Room(CHECKS),
    "diagnosis": Room(CHECKS),
    "replay": Room(WHOLE, only=("model", "reserved")),
    "diagnosed": Room(WHOLE),
    "conventions": Room(WHOLE, only=("model", "errors")),
    "run": Room(WHOLE, ("replay", "diagnosed", "conventions")),
    "layer_run": Room(WHOLE, ("replay",)),
    "exact_run": Room(WHOLE, ("replay",)),
    "reports": Room(
        WHOLE, only=("model", "proof_model", "accuracy_model", "errors", "reserved", "survey", "activations")
    ),
    "gate": Room(WHOLE, ("run", "isolation", "discovery")),
    "isolation": Room(WHOLE, ("run", "layer_run", "exact_run")),
    "discovery": Room(WHOLE, ("run", "isolation")),
    "api": Room(WHOLE, ("run", "layer_run", "reports")),
    "cli": Room(DOORS),
    "pytest_plugin": Room(DOORS),
    "__main__": Room(TOP, only=("cli",)),
    "__init__": Room(TOP, only=("api", "errors", "model")),
}

TERMINAL = {"typer", "click", "rich"}
EXTRAS = {"scipy", "mpmath", "torch", "jax", "numdifftools", "flint", "hypothesis", "pytest", "junitparser"}

ON_THEIR_OWN = {
    "test_architecture": "the rooms themselves",
    "test_frameworks": "the catalogue against PyTorch and JAX",
    "test_example": "an example project, as its CI runs it",
    "test_catalogue_mistakes": "what the check says of planted mistakes in the catalogue",
    "test_catalogue_verifies": "what the check says of the catalogue",
    "checks/test_staircases": "what the check says of values that are stairs, or steep",
    "test_makefile": "the commands of the Makefile",
    "test_scale": "large functors from end to end",
    "test_readme": "every command that the README shows",
    "benchmarks/test_harness": "how the benchmarks measure",
    "test_borders": "functors defined on part of the line, up to their borders",
    "test_scales": "the whole check with rows of other scales",
    "test_worth": "what a pass is worth, by whole checks",
    "test_zoo": "the whole check on the zoo of functors",
    "activations/test_accuracy": "the catalogue against exact values",
    "activations/test_jets": "the tests' own jets",
    "activations/test_protocol": "what holds of every functor of the catalogue",
    "exact/test_enclosures": "balls and series against 60 digits of mpmath",
    "exact/test_soundness": "what readers have once got past the prover",
    "exact/test_planted": "that no planted error is ever proved",
    "exact/test_styles": "NumPy code as people write it",
    "cli/test_processes": "the command line as a process",
    "diagnosis/test_fresh_mistakes": "mistakes that a reader wrote down, and what is told of each",
    "diagnosis/test_matrix": "the mistakes that are named, kind by kind",
    "functors/test_zoo_is_what_it_says": "the zoo without the tool",
    "numeric/test_bound": "the error bounds against 50 digits",
    "reports/test_imports": "what a report loads",
    "styles/test_styles": "code as tutorials and course work write it",
}
"""Test modules that mirror no module, and what they are about."""


@dataclass(frozen=True)
class Import:
    """One import: by whom, of what, and whether it runs whenever the module is loaded."""

    module: str
    name: str
    line: int
    at_load: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.name}"


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)


def room_of(name: str) -> str | None:
    """Give the room of a dotted name, None for what is not of this package."""
    parts = name.split(".")
    if parts[0] != "actcheck":
        return None
    return parts[1] if len(parts) > 1 else "__init__"


@cache
def imports() -> tuple[Import, ...]:
    return tuple(each for path in modules() for each in imports_of(dotted(path), path.read_text("utf-8")))


def imports_of(module: str, source: str) -> Iterator[Import]:
    tree = ast.parse(source)
    later = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) or is_for_types_only(node)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        for name in names_in(node, module):
            yield Import(module, name, getattr(node, "lineno", 0), node not in later)


def names_in(node: ast.AST, module: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        home = module.split(".")[: -node.level] if node.level else []
        source = ".".join([*home, *([node.module] if node.module else [])])
        # ``from actcheck import run`` may import a module as well as a name.
        return [f"{source}.{alias.name}" for alias in node.names]
    return []


def is_for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def complaint(user: str, used: str) -> str:
    """Say why a room may not import another; empty where it may."""
    if user == used:
        return ""
    if used == "__init__":
        return "the package's own door is for users"
    room, other = ROOMS[user], ROOMS[used]
    if room.only is not None and used not in room.only and other.level > FOUNDATION:
        return f"{user} imports only {', '.join(room.only)}"
    if other.level > room.level:
        return f"{used} is above {user}"
    if other.level == room.level and used not in room.neighbours:
        return f"{used} is on the level of {user}, and no neighbour of it"
    return ""


# ------------------------------------------------------------------------------------------ directions


def test_every_room_has_its_place():
    rooms = {room_of(dotted(path)) for path in modules()}
    assert rooms <= set(ROOMS), f"say in ROOMS on which level: {sorted(rooms - set(ROOMS))}"


def test_imports_run_downward():
    wrong = []
    for each in imports():
        user, used = room_of(each.module), room_of(each.name)
        if used is not None and (why := complaint(user, used)):
            wrong.append(f"{each}: {why}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("user", "used"),
    [
        ("numeric", "targets"),
        ("numeric", "activations"),
        ("numeric", "checks"),
        ("numeric", "diagnosis"),
        ("numeric", "rows"),
        ("activations", "numeric"),
        ("rows", "numeric"),
        ("activations", "targets"),
        ("checks", "diagnosis"),
        ("checks", "run"),
        ("reports", "run"),
        ("run", "reports"),
        ("run", "cli"),
        ("model", "errors"),
        ("cli", "__init__"),
    ],
)
def test_the_table_forbids(user, used):
    assert complaint(user, used)


@pytest.mark.parametrize(
    ("user", "used"),
    [("cli", "isolation"), ("run", "checks"), ("checks", "numeric"), ("targets", "activations"), ("api", "run")],
)
def test_the_table_allows(user, used):
    assert not complaint(user, used)


def test_the_reader_of_imports():
    source = (
        "import numpy as np\nfrom actcheck import run\nif TYPE_CHECKING:\n    import rich\n"
        "def f():\n    from .reports import table\n    from . import model\n"
    )
    seen = {(each.name, each.at_load) for each in imports_of("actcheck.x", source)}
    assert seen == {
        ("numpy", True),
        ("actcheck.run", True),
        ("rich", False),
        ("actcheck.reports.table", False),
        ("actcheck.model", False),
    }
    (deep,) = imports_of("actcheck.targets.__init__", "from ..errors import TargetError")
    assert deep.name == "actcheck.errors.TargetError"


# ------------------------------------------------------------------------------------------ other packages


def test_every_dataclass_is_of_the_light_kind():
    standard = ("dataclasses", "dataclasses.dataclass")
    wrong = [str(each) for each in imports() if each.name in standard and each.module != "actcheck.dataclass"]
    assert not wrong, "\n".join(wrong)


def test_only_the_command_line_and_the_reports_know_the_terminal():
    wrong = [
        str(each)
        for each in imports()
        if each.name.split(".")[0] in TERMINAL
        if room_of(each.module) not in ("cli", "reports")
    ]
    assert not wrong, "\n".join(wrong)


def test_extras_wait_until_they_are_asked_for():
    # The plugin is loaded by pytest, and by nobody else.
    # So is the room of exact arithmetic: by those who ask for it, and never at load, as the next test sees to.
    own = ("actcheck.pytest_plugin", "actcheck.exact.")
    others = [each for each in imports() if not each.module.startswith(own)]
    wrong = [str(each) for each in others if each.at_load and each.name.split(".")[0] in EXTRAS]
    assert not wrong, "\n".join(wrong)


def test_exact_arithmetic_waits_until_it_is_asked_for():
    outside = [each for each in imports() if room_of(each.module) != "exact" and room_of(each.name) == "exact"]
    assert outside
    wrong = [str(each) for each in outside if each.at_load and not each.name.startswith("actcheck.exact.library")]
    assert not wrong, "\n".join(wrong)


def test_nothing_else_is_needed():
    """The package's dependencies are NumPy, Typer and Rich; click comes with Typer."""
    known = set(sys.stdlib_module_names) | TERMINAL | EXTRAS | {"numpy", "actcheck"}
    wrong = [str(each) for each in imports() if each.name.split(".")[0] not in known]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("module", ["actcheck", "actcheck.model", "actcheck.activations.catalogue", "actcheck.cli"])
def test_starts_without_numpy(module):
    done = subprocess.run(
        [sys.executable, "-c", f"import {module}, sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert module in loaded
    assert "numpy" not in loaded


# ------------------------------------------------------------------------------------------ words, and the tests


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_every_module_says_what_it_is_for(path):
    first = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").partition("\n")[0]
    assert first.endswith((".", "?", ":")), f"{dotted(path)} needs a first line that is a sentence"


def test_test_modules_mirror_modules():
    known = {path.relative_to(PACKAGE).with_suffix("") for path in modules()}
    known |= {path.parent.relative_to(PACKAGE) for path in modules() if path.stem == "__init__"}
    lost = []
    for path in TESTS.rglob("test_*.py"):
        place = path.relative_to(TESTS).with_suffix("")
        if place.with_name(place.name.removeprefix("test_")) not in known and place.as_posix() not in ON_THEIR_OWN:
            lost.append(place.as_posix())
    assert not lost, f"say in ON_THEIR_OWN what they are about: {sorted(lost)}"


def test_the_list_of_other_tests_is_up_to_date():
    gone = [name for name in ON_THEIR_OWN if not (TESTS / f"{name}.py").is_file()]
    assert not gone
