"""The README, followed to the letter: its files are written, its commands run, and what they print is compared.

How the README is read:

- A line that begins with ``$ `` in a ``console`` block is a command, the lines below it are what it prints, to stdout
  and stderr, at 80 columns. A command must end with exit code 0; those of a comment ``<!-- exit code: 1 -->`` before
  the block are for its last commands.
- A line ``...`` in what is printed stands for any number of lines. Otherwise it is compared word by word; floating
  point numbers may differ a little, for rounding is another on another machine; where a text counts ulps, by a half,
  for they are that rounding.
- A block below ``<!-- file: NAME -->`` is a file. Each block is run in a folder of its own with all files above it.
- Any other ``python`` block is run as a script.
- A block below ``<!-- shown: NAME -->`` is one of `SHOWN`.

`pytest -n 0 tests/test_readme.py --update-golden` writes what the commands print, and what is shown, into the README;
outputs with a ``...`` are left to their author.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from actcheck.activations.catalogue import ENTRIES
from actcheck.gate.keys import KEYS, Key
from actcheck.reports import layer, machine, suite

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
ELSEWHERE = ("make", "pip", "pipx", "git", "cd")
"""Commands that set something up: these are not run, what they need is looked at instead."""


def described(key: Key) -> list[str]:
    """Give the lines on a key of the configuration."""
    text = f"{key.meaning} {key.allowed[0].upper()}{key.allowed[1:]}."
    return textwrap.wrap(text, 80, initial_indent=f"{key.name:<13} ", subsequent_indent=14 * " ")


SHOWN = {
    "schema": machine.DOCS.splitlines(),
    "schema of a layer": layer.DOCS.splitlines(),
    "schema of a suite": suite.DOCS.splitlines(),
    "keys": [line for key in KEYS for line in described(key)],
    "names": textwrap.wrap(", ".join(entry.name for entry in ENTRIES), 80, break_on_hyphens=False),
}
_SLACK, _ROUNDING = 1e-3, 0.5
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_SMALL = 1e-6


@dataclass(frozen=True)
class Block:
    """A fenced block of the README.

    Parameters
    ----------
    start : int
        Index of its first line in the README.
    language : str
    lines : tuple of str
    notes : dict
        The comment above it.
    """

    start: int
    language: str
    lines: tuple[str, ...]
    notes: dict[str, str]

    @property
    def is_script(self) -> bool:
        return self.language == "python" and "file" not in self.notes

    def commands(self) -> list[tuple[str, list[str]]]:
        """Give each command with the lines below it."""
        found: list[tuple[str, list[str]]] = []
        for line in self.lines:
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif found:
                found[-1][1].append(line)
        return found


def blocks() -> list[Block]:
    """Read the README."""
    lines = README.read_text(encoding="utf-8").splitlines()
    found, notes, at = [], {}, 0
    while at < len(lines):
        line = lines[at]
        if comment := re.fullmatch(r"<!-- ([a-z ]+): (.+) -->", line):
            notes = {comment[1]: comment[2]}
        elif fence := re.fullmatch(r"```(\w+)", line):
            end = lines.index("```", at)
            found.append(Block(at + 1, fence[1], tuple(lines[at + 1 : end]), notes))
            notes, at = {}, end
        elif line:
            notes = {}
        at += 1
    return found


BLOCKS = blocks()
CONSOLES = [number for number, block in enumerate(BLOCKS) if block.language == "console"]
SCRIPTS = [number for number, block in enumerate(BLOCKS) if block.is_script]
TEXTS = [number for number, block in enumerate(BLOCKS) if "shown" in block.notes]


def named(number: int) -> str:
    return f"line {BLOCKS[number].start}"


def test_every_block_is_understood():
    assert CONSOLES
    assert SCRIPTS
    for block in BLOCKS:
        known = block.language in ("console", "python", "csv", "toml", "yaml", "text")
        assert known, f"line {block.start}: {block.language}"
        assert set(block.notes) <= {"file", "exit code", "shown"}, f"line {block.start}: {block.notes}"
        assert block.language != "console" or block.lines[0].startswith("$ "), f"line {block.start}"
    assert {BLOCKS[number].notes["shown"] for number in TEXTS} == set(SHOWN)


@pytest.fixture
def folder(tmp_path) -> Callable[[int], Path]:
    """Write the files above a block."""

    def fill(number: int) -> Path:
        for block in BLOCKS[:number]:
            if "file" in block.notes:
                (tmp_path / block.notes["file"]).write_text("\n".join(block.lines) + "\n", encoding="utf-8")
        return tmp_path

    return fill


@pytest.fixture
def update(request) -> Callable[[int, Sequence[str]], bool]:
    """Write a block anew if that is what was asked for."""

    def write(number: int, lines: Sequence[str]) -> bool:
        if not request.config.getoption("--update-golden"):
            return False
        assert "PYTEST_XDIST_WORKER" not in os.environ, "the README is written by one process: add -n 0"
        old = blocks()[number]
        whole = README.read_text(encoding="utf-8").splitlines()
        whole[old.start : old.start + len(old.lines)] = lines
        README.write_text("\n".join(whole) + "\n", encoding="utf-8", newline="\n")
        return True

    return write


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize("number", CONSOLES, ids=named)
def test_commands(number, folder, update):
    block, where = BLOCKS[number], folder(number)
    commands = block.commands()
    codes = [int(code) for code in block.notes.get("exit code", "0").split(",")]
    expected = [0] * (len(commands) - len(codes)) + codes
    lines, faults = [], []
    for (command, shown), code in zip(commands, expected, strict=True):
        lines += [f"$ {command}", *shown]
        if shlex.split(command)[0] in ELSEWHERE:
            continue
        ended, printed = run(["sh", "-c", command], where)
        assert ended == code, f"$ {command}\n{printed}"
        real = printed.rstrip("\n").split("\n") if printed else []
        gap = shown[len(shown) - blank_end(shown) :]
        if not agree(shown, real):
            faults.append((command, shown, real))
        if "..." not in shown:
            lines[len(lines) - len(shown) :] = [*real, *gap]
    if lines != list(block.lines) and update(number, lines):
        faults = [fault for fault in faults if "..." in fault[1]]
    for command, shown, real in faults:
        assert real == shown, f"$ {command}"


@pytest.mark.parametrize("number", SCRIPTS, ids=named)
def test_scripts(number, folder):
    (where := folder(number)).joinpath("script.py").write_text("\n".join(BLOCKS[number].lines), encoding="utf-8")
    code, printed = run([sys.executable, "script.py"], where)
    assert code == 0, printed


@pytest.mark.parametrize("number", TEXTS, ids=named)
def test_texts(number, update):
    lines = SHOWN[BLOCKS[number].notes["shown"]]
    if list(BLOCKS[number].lines) != lines and not update(number, lines):
        assert list(BLOCKS[number].lines) == lines


def test_what_is_set_up_elsewhere():
    """The commands that are not run name targets of the Makefile, and extras of the project file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = [shlex.split(command) for number in CONSOLES for command, _ in BLOCKS[number].commands()]
    seen = {words[0] for words in commands} & set(ELSEWHERE)
    assert {"make", "pip", "pipx"} <= seen
    assert project["scripts"]["actcheck"]
    for words in commands:
        if words[0] == "make":
            assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in words[1:]), words
        if words[0] in ("pip", "pipx"):
            assert words[1] == "install"
            folder, _, extras = words[-1].rstrip("]").partition("[")
            assert folder == "."
            assert {extra for extra in extras.split(",") if extra} <= set(project["optional-dependencies"])


def test_links_lead_somewhere():
    text = README.read_text(encoding="utf-8")
    anchors = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif "://" not in target:
            assert (ROOT / target).exists(), target


# ------------------------------------------------------------------------------------------ helpers


def run(command: Sequence[str], folder: Path) -> tuple[int, str]:
    """Run a command as on a terminal of 80 columns; its exit code, and what it prints to stdout and stderr."""
    dropped = ("COLUMNS", "FORCE_COLOR", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST")
    environ = {name: value for name, value in os.environ.items() if name not in dropped}
    path = os.pathsep.join([str(Path(sys.executable).parent), environ.get("PATH", "")])
    environ |= {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8", "PATH": path}
    done = subprocess.run(
        command, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False
    )
    return done.returncode, done.stdout.decode("utf-8")


def blank_end(lines: Sequence[str]) -> int:
    """Count the empty lines at the end, which part a command from the next."""
    return len(lines) - len("\n".join(lines).rstrip("\n").split("\n")) if any(lines) else len(lines)


def agree(shown: Sequence[str], real: Sequence[str]) -> bool:
    """Compare what is shown with what is printed; see above for how strictly."""
    slack = _ROUNDING if any("ulps" in line for line in shown) else _SLACK
    parts: list[list[str]] = [[]]
    for line in shown:
        if line.strip() == "...":
            parts.append([])
        else:
            parts[-1] += line.split()
    words = " ".join(real).split()
    if len(parts) == 1:
        return alike(parts[0], words, slack)
    first, *middle, last = parts
    if not alike(first, words[: len(first)], slack) or not alike(last, words[len(words) - len(last) :], slack):
        return False
    at, end = len(first), len(words) - len(last)
    for part in middle:
        while at + len(part) <= end and not alike(part, words[at : at + len(part)], slack):
            at += 1
        at += len(part)
    return at <= end


def alike(first: Sequence[str], second: Sequence[str], slack: float) -> bool:
    return len(first) == len(second) and all(same_word(a, b, slack) for a, b in zip(first, second, strict=True))


def same_word(first: str, second: str, slack: float) -> bool:
    """Compare two words: whole numbers must be the same, others nearly, and what is as small as rounding is alike."""
    if first == second:
        return True
    if _NUMBER.sub("#", first.replace("-", "")) != _NUMBER.sub("#", second.replace("-", "")):
        return False
    pairs = zip(_NUMBER.findall(first), _NUMBER.findall(second), strict=True)
    return all(same_number(a, b, slack) for a, b in pairs)


def same_number(first: str, second: str, slack: float) -> bool:
    if first == second:
        return True
    if first.isdigit() and second.isdigit():
        return False
    a, b = float(first), float(second)
    return abs(a - b) <= slack * max(a, b) or max(a, b) <= _SMALL


@pytest.mark.parametrize(
    ("shown", "real"),
    [
        ("a 1.5 b", "a 1.5001  b"),
        ("ulps 0.69 of 551", "ulps 0.71 of 551"),
        ("error 3e-16", "error 7.1e-15"),
        ("error -0.0", "error 3e-17"),
        ("a\n...\nd", "a\nb\nc\nd"),
        ("a\n...\nd", "a\nd"),
        ("...\nb\n...", "a b\nc b d"),
    ],
)
def test_agreement(shown, real):
    assert agree(shown.split("\n"), real.split("\n"))


@pytest.mark.parametrize(
    ("shown", "real"),
    [
        ("a 1.5 b", "a 1.6 b"),
        ("12 wrong", "13 wrong"),
        ("ulps 0.69", "ulps 1.6"),
        ("ulps 0.69 of 551", "ulps 0.69 of 552"),
        ("x[0]", "x[1]"),
        ("ok", "wrong"),
        ("a\n...\nd", "a\nb\nc"),
        ("a\n...\nb\n...\nc", "a\nc"),
        ("a b", "a"),
    ],
)
def test_disagreement(shown, real):
    assert not agree(shown.split("\n"), real.split("\n"))


def test_a_shell_finds_the_command():
    assert shutil.which("actcheck", path=str(Path(sys.executable).parent))
