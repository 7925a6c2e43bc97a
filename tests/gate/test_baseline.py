"""The baseline's file: one text for one content, whole at any moment, and refused if anybody else has written in it."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcheck.errors import ActcheckError, ConfigError
from actcheck.gate.baseline import dump, read, write
from actcheck.gate.memory import FOLDER
from actcheck.gate.record import Record, Row
from actcheck.model import Kink

from .records import RELU, SOFTMAX

RECORDS = {"softmax": SOFTMAX, "relu[dim=3]": RELU, 'odd "name" \n é': replace(RELU, kinks=(), rows=())}

numbers = st.floats(allow_nan=False).map(lambda value: value + 0.0)
lists = st.lists(numbers, max_size=4).map(tuple)
records = st.builds(
    Record,
    rule=st.integers(0, 9),
    structure=st.text(max_size=8),
    inputs=st.integers(0, 99),
    outputs=st.integers(0, 99),
    error=numbers,
    allowed=numbers,
    kinks_found=st.integers(0, 99),
    kinks=st.lists(st.builds(Kink, numbers, lists, numbers), max_size=2).map(tuple),
    rows=st.lists(st.builds(Row, lists, lists, lists), max_size=2).map(tuple),
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "actcheck-baseline.json"


def test_text(golden):
    golden("baseline.json", dump(RECORDS))


@given(whole=st.dictionaries(st.text(max_size=6), records, max_size=3))
def test_what_is_written_is_read(tmp_path_factory, whole):
    file = tmp_path_factory.mktemp("b") / "baseline.json"
    write(file, dump(whole))
    assert read(file) == whole


def test_checks_stand_by_name_whatever_their_order():
    assert dump(RECORDS) == dump(dict(reversed(RECORDS.items())))


def test_one_change_is_few_lines():
    old, new = (dump(RECORDS | {"softmax": replace(SOFTMAX, error=error)}).split("\n") for error in (0.0, 1.0))
    assert sum(a != b for a, b in zip(old, new, strict=True)) == 2


def test_none_is_none(file):
    assert read(file) is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has links for some only")
def test_a_link_is_written_through(tmp_path):
    (tmp_path / "shared").mkdir()
    (tmp_path / "link.json").symlink_to("shared/real.json")
    write(tmp_path / "link.json", dump(RECORDS))
    assert (tmp_path / "link.json").is_symlink()
    write(tmp_path / "link.json", dump({}))
    assert (tmp_path / "link.json").is_symlink()
    assert read(tmp_path / "shared" / "real.json") == {}


def test_a_file_in_the_caches_way_is_not_in_the_baselines(file):
    (file.parent / FOLDER).write_text("a file")
    write(file, dump(RECORDS))
    assert read(file) == RECORDS
    assert sorted(path.name for path in file.parent.iterdir()) == sorted([FOLDER, file.name])


def test_line_ends_of_another_system(file):
    file.write_bytes(dump(RECORDS).replace("\n", "\r\n").encode())
    assert read(file) == RECORDS


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        (
            '"error": 3e-12',
            '"error": 3e-13',
            4,
            "its checksum is another",
        ),
        ('"chosen": 1}', '"chosen": 0}', 16, "its checksum is another"),
        ('"inputs": 2', '"inputs": "2"', 41, "the check softmax was edited by hand"),
        ('"outputs": 2,\n', "", 41, "the check softmax was edited by hand"),
        ('      "rule": 2,\n      "structure": "J', '      "structure": "J', 41, "was edited"),
        ('"baseline": 2', '"baseline": 1', 2, "it is of version 1, and this actcheck reads version 2"),
        ('  "checks": {\n', '<<<<<<< HEAD\n  "checks": {\n', 3, "torn or was edited: Expecting property name"),
        ('    "softmax"', '    "sofmax"', 41, "its checksum is another"),
        ('"value": [0, 0, 2.5]', '"value": [0, 0,  2.5]', 30, "this line is not as accept writes it"),
        ('  "checks"', '  "more": 1,\n  "checks"', 3, "this line is not as accept writes it"),
    ],
)
def test_a_hand_is_refused_with_the_line(file, old, new, line, what):
    text = dump(RECORDS)
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(ConfigError, match=what) as caught:
        read(file)
    assert caught.value.where == f"{file}, line {line}"


def test_an_older_version_says_how_to_go_on(file):
    file.write_text(dump(RECORDS).replace('"baseline": 2', '"baseline": 1'))
    with pytest.raises(ConfigError) as caught:
        read(file)
    assert caught.value.fix == "Take today's gradients anew with actcheck accept after deleting it."


def test_a_check_twice(file):
    lines = dump({"softmax": SOFTMAX}).split("\n")
    block = lines[3:-4]
    file.write_text("\n".join([*lines[:3], *block, "    },", *lines[3:]]))
    with pytest.raises(ConfigError, match="not as accept writes it"):
        read(file)


def test_torn_anywhere(file):
    text = dump(RECORDS)
    for end in range(0, len(text) - 1, 7):
        file.write_text(text[:end])
        with pytest.raises(ConfigError, match="the baseline cannot be used"):
            read(file)


@pytest.mark.parametrize("content", [b"\xff", b"[" * 10**5, b"1" * 10**5, b"[]", b'{"checks": 3}', b"{}", b"null"])
def test_no_baseline_at_all(file, content):
    file.write_bytes(content)
    with pytest.raises(ConfigError, match="the baseline cannot be used"):
        read(file)


def test_random_edits_never_end_in_a_traceback(file):
    chance = random.Random(5)
    text = dump(RECORDS)
    refused = 0
    for _ in range(1000):
        at = chance.randrange(len(text))
        cut = chance.choice([0, 1, 1, 5, 40])
        new = chance.choice(['"', "0", "-", "e9", "{", "]", ",", "", " ", "\n", "NaN", "9" * 400, "null", "\x00"])
        file.write_text(text[:at] + new + text[at + cut :])
        if new or cut:
            try:
                assert read(file) == RECORDS
            except ConfigError as error:
                refused += bool(re.search(r", line \d+", error.where))
    assert refused > 900


def test_written_whole_with_the_permissions_of_before(file):
    write(file, "a")
    file.chmod(0o640)
    write(file, "b")
    assert file.read_text() == "b"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in (file.parent / FOLDER).iterdir()] == [".gitignore"]


def test_where_it_cannot_be_written(tmp_path):
    with pytest.raises(ActcheckError, match="cannot be written"):
        write(tmp_path / "no" / "b.json", "a")
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(ActcheckError, match="cannot be written"):
        write(tmp_path / "folder.json", "a")


WRITER = """
import sys
from pathlib import Path
from actcheck.gate.baseline import write
texts = [each * 200_000 for each in "ab"]
print("ready", flush=True)
while True:
    for text in texts:
        write(Path(sys.argv[1]), text)
"""


def test_killed_at_any_moment_it_is_the_old_or_the_new(file):
    """Ten moments here; fifty were seen by hand."""
    chance = random.Random(1)
    for _ in range(10):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.05))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        if file.exists():
            assert file.read_text() in ("a" * 200_000, "b" * 200_000)
