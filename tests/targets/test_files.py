from __future__ import annotations

import dataclasses
import os
import pickle
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from actcheck.targets import TargetBrokenError, TargetMissingError, files, resolve

from .conftest import SWISH, Write

TWICE = dedent(
    """
    from {sibling} import SCALE

    class Twice:
        def __call__(self, X):
            return SCALE * X

        def gradient(self, X):
            return SCALE
    """
)


@pytest.mark.parametrize("absolute", [False, True])
def test_a_file_is_found_by_its_path(write: Write, absolute: bool) -> None:
    path = write("some folder/my-acts.v2.py", SWISH)
    target = resolve(f"{path if absolute else os.path.join('some folder', 'my-acts.v2.py')}:Swish", (("beta", 2),))
    assert target.functor.beta == 2  # type: ignore[attr-defined]
    assert target.origin is not None
    assert (target.origin.file, target.origin.line) == (str(path), 11)


def test_a_file_finds_its_siblings_and_its_folder_is_importable_only_meanwhile(write: Write, folder: Path) -> None:
    write("here/sibling.py", "SCALE = 2\n")
    write("here/acts.py", TWICE.format(sibling="sibling"))
    assert resolve("here/acts.py:Twice").functor(3) == 6
    assert str(folder / "here") not in sys.path


def test_two_folders_with_files_of_the_same_names_are_kept_apart(write: Write) -> None:
    for number in (1, 2):
        write(f"week{number}/utils.py", f"SCALE = {number}\n")
        write(f"week{number}/acts.py", TWICE.format(sibling="utils"))
    first, second = resolve("week1/acts.py:Twice"), resolve("week2/acts.py:Twice")
    again = resolve("week1/acts.py:Twice")
    assert [target.functor(1) for target in (first, second, again)] == [1, 2, 1]


def test_a_file_beside_the_current_folders_namesake_uses_its_own(write: Write) -> None:
    write("utils.py", "SCALE = 1\n")
    write("acts.py", TWICE.format(sibling="utils"))
    write("sub/utils.py", "SCALE = 2\n")
    write("sub/other.py", TWICE.format(sibling="utils"))
    assert resolve("acts:Twice").functor(1) == 1
    assert resolve("sub/other.py:Twice").functor(1) == 2


def test_two_packages_of_the_same_name_are_kept_apart(write: Write) -> None:
    for name, scale in (("ada", 1), ("bob", 2)):
        write(f"{name}/hw/__init__.py", "")
        write(f"{name}/hw/utils.py", f"SCALE = {scale}\n")
        write(f"{name}/hw/acts.py", TWICE.format(sibling=".utils"))
    targets = [resolve(f"{name}/hw/acts.py:Twice") for name in ("ada", "bob")]
    assert [target.functor(1) for target in targets] == [1, 2]


def test_a_file_in_a_package_may_import_relatively_and_from_its_folder(write: Write) -> None:
    write("src/pkg/__init__.py", "BASE = 1\n")
    write("src/pkg/sub/__init__.py", "")
    write("src/pkg/sub/plain.py", "SCALE = 2\n")
    write(
        "src/pkg/sub/acts.py",
        f"from .. import BASE\nimport pkg.sub\n{TWICE.format(sibling='plain')}",
    )
    functor = resolve("src/pkg/sub/acts.py:Twice").functor
    assert type(functor).__module__ == "pkg.sub.acts"
    assert functor(1) == 2


def test_a_packages_own_file_may_be_named(write: Write) -> None:
    write("pkg/base.py", "SCALE = 2\n")
    write("pkg/__init__.py", TWICE.format(sibling=".base"))
    assert type(resolve("pkg/__init__.py:Twice").functor).__module__ == "pkg"


def test_a_package_hidden_by_an_installed_one_is_read_on_its_own(write: Write) -> None:
    write("numpy/__init__.py", "")
    write("numpy/acts.py", SWISH)
    assert type(resolve("numpy/acts.py:Swish").functor).__module__ == "acts"


def test_a_file_named_as_an_installed_or_standard_module_leaves_that_one_alone(write: Write) -> None:
    import json

    import numpy as np

    write("json.py", SWISH)
    write("numpy.py", SWISH.replace("import numpy as np", "from math import exp"))
    for name in ("json", "numpy"):
        module = type(resolve(f"./{name}.py:Swish").functor).__module__
        assert module.startswith(f"{name}_")
        assert module in sys.modules
    assert sys.modules["json"] is json
    assert sys.modules["numpy"] is np


def test_pickling_dataclasses_and_type_hints_work_in_a_file(write: Write) -> None:
    write(
        "data.py",
        """
        from __future__ import annotations
        import dataclasses, typing

        @dataclasses.dataclass
        class Scaled:
            scale: typing.ClassVar[int] = 2
            shift: float = 0.0

            def __call__(self, X: Scaled) -> Scaled:
                return self.scale * X + self.shift

            def gradient(self, X):
                return self.scale

        typing.get_type_hints(Scaled.__call__)
        """,
    )
    functor = resolve("./data.py:Scaled", (("shift", 1),)).functor
    assert [field.name for field in dataclasses.fields(functor)] == ["shift"]  # type: ignore[arg-type]
    assert pickle.loads(pickle.dumps(functor)) == functor


def test_a_file_is_run_once(write: Write, capfd: pytest.CaptureFixture[str]) -> None:
    write("loud.py", f"print('loaded')\n{SWISH}")
    assert type(resolve("loud.py:Swish").functor) is type(resolve("loud:Swish").functor)
    assert capfd.readouterr() == ("", "loaded\n")


def test_a_file_that_breaks_is_not_left_half_loaded(write: Write) -> None:
    write("half.py", "import absent_dependency\n")
    with pytest.raises(TargetBrokenError, match="it imports `absent_dependency`") as caught:
        resolve("half.py:Swish")
    assert caught.value.where == "half.py:1"
    assert "half" not in sys.modules


@pytest.mark.parametrize(
    ("code", "what", "fix"),
    [
        (
            b'x = "\xff"\n',
            "it is not valid Python: (unicode error) 'utf-8' codec can't decode",
            "Save the file as UTF-8",
        ),
        (b"# -*- coding: nope -*-\n", "it is not valid Python: unknown encoding: nope", "Save the file as UTF-8"),
        (b"x = 1\0\n", "it is not valid Python: source code string cannot contain null bytes", ""),
    ],
)
def test_a_file_that_is_no_text_is_broken(folder: Path, code: bytes, what: str, fix: str) -> None:
    (folder / "bytes.py").write_bytes(code)
    with pytest.raises(TargetBrokenError) as caught:
        resolve("bytes.py:Swish")
    assert caught.value.what.startswith(what)
    assert caught.value.fix.startswith(fix)


@pytest.mark.parametrize(
    ("target", "what", "fix"),
    [
        (
            "here/swihs.py:Swish",
            "there is no file `here/swihs.py`",
            f"Did you mean {os.path.join('here', 'swish.py')}?",
        ),
        ("here/swish:Swish", "there is no file `here/swish`", f"Did you mean {os.path.join('here', 'swish.py')}?"),
        ("here/qqqq.py:Swish", "there is no file `here/qqqq.py`", "Relative paths start at the current folder."),
        ("qqqq.py", "there is no file `qqqq.py`", "Relative paths start at the current folder."),
        ("there/swish.py:Swish", "there is no file `there/swish.py`", "Nor is there a folder `there`."),
        (r"C:\code\swish.py:Swish", r"there is no file `C:\code\swish.py`", ""),
        (
            "./here",
            "`./here` is a folder, not a file",
            f"Name a file in it, such as {os.path.join('./here', 'swish.py')}",
        ),
        ("folder.py:Swish", "`folder.py` is a folder, not a file", "Name an activation"),
        ("./notes.txt:Swish", "`./notes.txt` is not a .py file", "path/to/file.py:NAME"),
    ],
)
def test_a_file_that_cannot_be_one_is_named_with_what_may_be_meant(
    write: Write, target: str, what: str, fix: str
) -> None:
    write("here/swish.py", SWISH)
    write("folder.py/notes.txt", "")
    write("notes.txt", "")
    with pytest.raises(TargetMissingError) as caught:
        resolve(target)
    assert (caught.value.what, caught.value.where) == (what, target)
    assert fix in caught.value.fix


def test_a_file_that_cannot_be_read_is_refused(swish: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def _refuse(file: str, mode: str) -> None:
        raise PermissionError(13, "Permission denied", file)

    # Permissions themselves would not bind root, which tests are often run as.
    monkeypatch.setattr(files, "open", _refuse, raising=False)
    with pytest.raises(TargetMissingError, match=r"`acts\.py` cannot be read: Permission denied"):
        resolve("acts.py:Swish")
